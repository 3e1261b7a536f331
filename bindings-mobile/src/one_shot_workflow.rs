//! The two workflows of the One-Shot API over one native half.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};

use crate::error::VideoIdError;
use crate::evidence::Evidence;
use crate::generated::{
    DownloadedFile, Flow, NewVideoId, OneShotOutcome, OneShotRao, OneShotStarted, Otp, OtpDelivery, SavedDocuments, Signing, VideoIdHandle,
    WaitLimits,
};
use crate::guard;
use crate::one_shot::OneShot;
use crate::options::CallOptions;
use crate::source::Source;
use crate::webhook::WebhookInbox;
use crate::workflow::{EventListener, StateStore, event_fn, other_flow, store_fn, unknown_flow};

/// One workflow of the One-Shot API of either flow, from the create call to the signed documents. The façades give each flow a class
/// of its own over this, with the steps that it has; a step of the other flow fails with `workflow_step`.
///
/// After an error the same step may be called again: it looks at the service first and goes on from there. To go on in another
/// process keep `state()` and give it to `resume`, with the same inputs.
#[derive(uniffi::Object)]
pub struct OneShotFlow {
    core: Core,
}

/// The core's two types. Clones share the workflow.
#[derive(Clone)]
enum Core {
    External(OneShotExternal),
    Eidas(OneShotEidas),
}

/// The same expression for whichever flow.
macro_rules! each {
    ($core:expr, $flow:ident => $call:expr) => {
        match $core {
            Core::External($flow) => $call,
            Core::Eidas($flow) => $call,
        }
    };
}

#[uniffi::export]
impl OneShotFlow {
    /// A new workflow. `store` keeps its state, `events` is told what it does.
    ///
    /// Fails with `field_invalid` for a flow that the One-Shot API does not have.
    #[uniffi::constructor(default(store = None, events = None))]
    pub fn new(
        client: Arc<OneShot>,
        flow: Flow,
        store: Option<Arc<dyn StateStore>>,
        events: Option<Arc<dyn EventListener>>,
    ) -> Result<Arc<Self>, VideoIdError> {
        let client = client.core().clone();
        let core = match flow {
            Flow::ExternalVideoId => Core::External(OneShotExternal::new(client)),
            Flow::EidasVideoId => Core::Eidas(OneShotEidas::new(client)),
            Flow::Classic | Flow::Other { .. } => return Err(unknown_flow()),
        };
        Ok(Self::with(core, store, events))
    }

    /// A workflow from the state that was kept.
    ///
    /// Fails with `format_unsupported`, or `field_invalid` for what is no state, or one of another flow.
    #[uniffi::constructor(default(store = None, events = None))]
    pub fn resume(
        client: Arc<OneShot>,
        flow: Flow,
        state: String,
        store: Option<Arc<dyn StateStore>>,
        events: Option<Arc<dyn EventListener>>,
    ) -> Result<Arc<Self>, VideoIdError> {
        let client = client.core().clone();
        let core = match flow {
            Flow::ExternalVideoId => Core::External(OneShotExternal::resume(client, &state)?),
            Flow::EidasVideoId => Core::Eidas(OneShotEidas::resume(client, &state)?),
            Flow::Classic | Flow::Other { .. } => return Err(unknown_flow()),
        };
        Ok(Self::with(core, store, events))
    }

    /// The state as JSON: ids, step and digests; no evidence, no credentials, no link.
    pub fn state(&self) -> String {
        each!(&self.core, flow => flow.state())
    }

    /// Reads the request and says where it stands. Safe to repeat.
    #[uniffi::method(default(options = None))]
    pub async fn look(&self, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        guard::run(async move { each!(&core, flow => flow.look(&options).await).map(Into::into) }).await
    }

    /// Goes on with a request that was found after the answer of the create call was lost.
    pub async fn adopt(&self, handle: VideoIdHandle) -> Result<(), VideoIdError> {
        let core = self.core.clone();
        let handle = handle.try_into()?;
        guard::run(async move { each!(&core, flow => flow.adopt(&handle).await) }).await
    }

    /// Says that the create call whose answer was lost was not carried out: the next step creates the request.
    pub async fn create_anew(&self) -> Result<(), VideoIdError> {
        let core = self.core.clone();
        guard::run(async move { each!(&core, flow => flow.create_anew().await) }).await
    }

    /// External: creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. May be called again after
    /// an error: what was done is not done twice.
    #[uniffi::method(default(options = None))]
    pub async fn submit(
        &self,
        videoid: NewVideoId,
        evidence: Arc<Evidence>,
        video: Arc<Source>,
        options: Option<CallOptions>,
    ) -> Result<OneShotOutcome, VideoIdError> {
        let Core::External(core) = self.core.clone() else { return Err(other_flow()) };
        let options = CallOptions::for_core(options);
        let videoid = videoid.try_into()?;
        guard::run(async move { core.submit(&videoid, evidence.core(), video.core(), &options).await.map(Into::into) }).await
    }

    /// eIDAS: creates the request and gives the link for the signer. May be called again.
    #[uniffi::method(default(options = None))]
    pub async fn start(&self, videoid: NewVideoId, options: Option<CallOptions>) -> Result<OneShotStarted, VideoIdError> {
        let (core, options) = (self.eidas()?, CallOptions::for_core(options));
        let videoid = videoid.try_into()?;
        guard::run(async move { core.start(&videoid, &options).await.map(Into::into) }).await
    }

    /// eIDAS: waits until the user is done, or has stopped. Only reads; safe to repeat.
    #[uniffi::method(default(inbox = None, options = None))]
    pub async fn wait_for_user(
        &self,
        limits: WaitLimits,
        inbox: Option<Arc<WebhookInbox>>,
        options: Option<CallOptions>,
    ) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.eidas()?, CallOptions::for_core(options));
        let limits = limits.try_into()?;
        guard::run(async move { core.wait_for_user(&limits, inbox.as_ref().map(|inbox| inbox.core()), &options).await.map(Into::into) })
            .await
    }

    /// Validates as an officer: the first step of the 2-step mode, in the dialect Legacy. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn validate(&self, rao: OneShotRao, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { each!(&core, flow => flow.validate(&rao, &options).await).map(Into::into) }).await
    }

    /// Approves as an officer and reads the status back. An approval that leaves the request short of ENROLLREADY is an outcome with
    /// `approved` false. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn approve(&self, rao: OneShotRao, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { each!(&core, flow => flow.approve(&rao, &options).await).map(Into::into) }).await
    }

    /// Refuses as an officer, with a reason, and reads the status back. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn refuse(&self, rao: OneShotRao, reason: String, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { each!(&core, flow => flow.refuse(&rao, &reason, &options).await).map(Into::into) }).await
    }

    /// Uploads the documents to be signed, once. Called again with the same ones it looks what has arrived.
    #[uniffi::method(default(options = None))]
    pub async fn documents(&self, documents: Vec<Arc<Source>>, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let documents: Vec<_> = documents.iter().map(|source| source.core().clone()).collect();
        guard::run(async move { each!(&core, flow => flow.documents(documents, &options).await).map(Into::into) }).await
    }

    /// Downloads the service contract into a file, to be shown to the signer. Safe to repeat.
    #[uniffi::method(default(options = None))]
    pub async fn contract(&self, path: String, options: Option<CallOptions>) -> Result<DownloadedFile, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        guard::run(async move { each!(&core, flow => flow.contract(Path::new(&path), &options).await).map(Into::into) }).await
    }

    /// Keeps that the signer has seen the contract. Nothing is signed before.
    pub async fn contract_shown(&self) -> Result<(), VideoIdError> {
        let core = self.core.clone();
        guard::run(async move { each!(&core, flow => flow.contract_shown().await) }).await
    }

    /// Sends the signer a one-time password. Not needed with an external unlock.
    #[uniffi::method(default(delivery_method = None, options = None))]
    pub async fn otp(&self, delivery_method: Option<OtpDelivery>, options: Option<CallOptions>) -> Result<Otp, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let method = delivery_method.map(Into::into);
        guard::run(async move { each!(&core, flow => flow.otp(method.as_ref(), &options).await).map(Into::into) }).await
    }

    /// Signs all documents and reads the status back. Where an earlier call's answer was lost and the request is ISSUED, nothing is
    /// sent.
    #[uniffi::method(default(options = None))]
    pub async fn sign(&self, signing: Signing, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let signing = signing.try_into()?;
        guard::run(async move { each!(&core, flow => flow.sign(&signing, &options).await).map(Into::into) }).await
    }

    /// Saves each signed document into the folder, which must exist, and looks at it: it parses, its signature covers it, the digest
    /// matches. What is whole already there is not downloaded again.
    #[uniffi::method(default(options = None))]
    pub async fn save(&self, folder: String, options: Option<CallOptions>) -> Result<SavedDocuments, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        guard::run(async move { each!(&core, flow => flow.save(Path::new(&folder), &options).await).map(Into::into) }).await
    }

    /// Deletes all documents of the request from the Optimizer, where each signed document is in the folder as `save` left it.
    #[uniffi::method(default(options = None))]
    pub async fn delete(&self, folder: String, options: Option<CallOptions>) -> Result<OneShotOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        guard::run(async move { each!(&core, flow => flow.delete(Path::new(&folder), &options).await).map(Into::into) }).await
    }

    /// Cancels the request. Its scratchcard stays consumed. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn cancel(&self, options: Option<CallOptions>) -> Result<(), VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        guard::run(async move { each!(&core, flow => flow.cancel(&options).await) }).await
    }
}

impl OneShotFlow {
    fn with(core: Core, store: Option<Arc<dyn StateStore>>, events: Option<Arc<dyn EventListener>>) -> Arc<Self> {
        let core = match (store.map(store_fn), core) {
            (None, core) => core,
            (Some(store), Core::External(flow)) => Core::External(flow.with_store(store)),
            (Some(store), Core::Eidas(flow)) => Core::Eidas(flow.with_store(store)),
        };
        let core = match (events.map(event_fn), core) {
            (None, core) => core,
            (Some(events), Core::External(flow)) => Core::External(flow.with_events(events)),
            (Some(events), Core::Eidas(flow)) => Core::Eidas(flow.with_events(events)),
        };
        Arc::new(Self { core })
    }

    fn eidas(&self) -> Result<OneShotEidas, VideoIdError> {
        if let Core::Eidas(flow) = &self.core { Ok(flow.clone()) } else { Err(other_flow()) }
    }
}

impl fmt::Debug for OneShotFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneShotFlow").finish_non_exhaustive()
    }
}
