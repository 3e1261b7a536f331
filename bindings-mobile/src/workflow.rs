//! The three workflows over one native half.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use videoid::workflow::{self, ClassicRequest, EidasVideoId, EventFn, ExternalVideoId, StoreFn};
use videoid::{Error, ErrorCode};

use crate::client::RegistrationAuthority;
use crate::error::VideoIdError;
use crate::evidence::Evidence;
use crate::generated::{
    DocumentType, Flow, NewRequest, OfficerOutcome, Progressed, RaoCredentials, RequestUpdate, Started, Submission, WaitLimits, WayOn,
    WorkflowEvent,
};
use crate::guard;
use crate::options::CallOptions;
use crate::show::Show;
use crate::source::Source;
use crate::webhook::WebhookInbox;

/// One workflow of whichever flow, from the scratchcard to ENROLLREADY. The façades give each flow a class of its own over this,
/// with the steps that it has; a step of another flow fails with `workflow_step`.
///
/// After an error the same step may be called again: it looks at the service first and goes on from there. To go on in another
/// process keep `state()` and give it to `resume`, with the same inputs.
#[derive(uniffi::Object)]
pub struct Workflow {
    core: Core,
}

/// The core's three types. Clones share the workflow.
#[derive(Clone)]
enum Core {
    External(ExternalVideoId),
    Eidas(EidasVideoId),
    Classic(ClassicRequest),
}

/// The same expression for whichever flow.
macro_rules! each {
    ($core:expr, $flow:ident => $call:expr) => {
        match $core {
            Core::External($flow) => $call,
            Core::Eidas($flow) => $call,
            Core::Classic($flow) => $call,
        }
    };
}

#[uniffi::export]
impl Workflow {
    /// A new workflow. `store` keeps its state, `events` is told what it does.
    ///
    /// Fails with `field_invalid` for a flow that this version does not know.
    #[uniffi::constructor(default(store = None, events = None))]
    pub fn new(
        ra: Arc<RegistrationAuthority>,
        flow: Flow,
        store: Option<Arc<dyn StateStore>>,
        events: Option<Arc<dyn EventListener>>,
    ) -> Result<Arc<Self>, VideoIdError> {
        let ra = ra.core().clone();
        let core = match flow {
            Flow::ExternalVideoId => Core::External(ExternalVideoId::new(ra)),
            Flow::EidasVideoId => Core::Eidas(EidasVideoId::new(ra)),
            Flow::Classic => Core::Classic(ClassicRequest::new(ra)),
            Flow::Other { .. } => return Err(unknown_flow()),
        };
        Ok(Self::with(core, store, events))
    }

    /// A workflow from the state that was kept.
    ///
    /// Fails with `format_unsupported`, or `field_invalid` for what is no state, or one of another flow.
    #[uniffi::constructor(default(store = None, events = None))]
    pub fn resume(
        ra: Arc<RegistrationAuthority>,
        flow: Flow,
        state: String,
        store: Option<Arc<dyn StateStore>>,
        events: Option<Arc<dyn EventListener>>,
    ) -> Result<Arc<Self>, VideoIdError> {
        let ra = ra.core().clone();
        let core = match flow {
            Flow::ExternalVideoId => Core::External(ExternalVideoId::resume(ra, &state)?),
            Flow::EidasVideoId => Core::Eidas(EidasVideoId::resume(ra, &state)?),
            Flow::Classic => Core::Classic(ClassicRequest::resume(ra, &state)?),
            Flow::Other { .. } => return Err(unknown_flow()),
        };
        Ok(Self::with(core, store, events))
    }

    /// The state as JSON: ids, step and digests; no evidence, no documents, no credentials.
    pub fn state(&self) -> String {
        each!(&self.core, flow => flow.state())
    }

    /// What can be done where the request does not go ahead, by the status that the service showed last. Sends nothing. Advice,
    /// not a rule.
    pub fn ways_on(&self) -> Vec<WayOn> {
        each!(&self.core, flow => flow.ways_on()).into_iter().map(Into::into).collect()
    }

    /// Cancels the request and forgets it: the next first step takes another card. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn cancel(&self, options: Option<CallOptions>) -> Result<Progressed, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        guard::run(async move { each!(&core, flow => flow.cancel(&options).await).map(Into::into) }).await
    }

    /// External VideoID: takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. May
    /// be called again after an error: what was done is not done twice.
    #[uniffi::method(default(options = None))]
    pub async fn submit(
        &self,
        request: NewRequest,
        evidence: Arc<Evidence>,
        video: Arc<Source>,
        options: Option<CallOptions>,
    ) -> Result<Submission, VideoIdError> {
        let (core, options) = (self.external()?, CallOptions::for_core(options));
        let request = request.try_into()?;
        guard::run(async move { core.submit(&request, evidence.core(), video.core(), &options).await.map(Into::into) }).await
    }

    /// External VideoID: validates the identification and reads the status back. Where it is CREATED then (2-step mode), declaration
    /// and contract are fetched; where it is ENROLLREADY nothing is left to do. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn validate(&self, rao: RaoCredentials, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.external()?, CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { core.validate(&rao, &options).await.map(Into::into) }).await
    }

    /// External VideoID: refuses the identification with a reason and reads the status back. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn refuse(&self, rao: RaoCredentials, reason: String, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.external()?, CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { core.refuse(&rao, &reason, &options).await.map(Into::into) }).await
    }

    /// eIDAS VideoID: takes a card, creates the request and reads it back, for the user's link. May be called again.
    #[uniffi::method(default(options = None))]
    pub async fn start(&self, request: NewRequest, options: Option<CallOptions>) -> Result<Started, VideoIdError> {
        let (core, options) = (self.eidas()?, CallOptions::for_core(options));
        let request = request.try_into()?;
        guard::run(async move { core.start(&request, &options).await.map(Into::into) }).await
    }

    /// eIDAS VideoID: waits until the user is done, or has stopped. Only reads; safe to repeat.
    #[uniffi::method(default(inbox = None, options = None))]
    pub async fn wait_for_user(
        &self,
        limits: WaitLimits,
        inbox: Option<Arc<WebhookInbox>>,
        options: Option<CallOptions>,
    ) -> Result<Progressed, VideoIdError> {
        let (core, options) = (self.eidas()?, CallOptions::for_core(options));
        let limits = limits.try_into()?;
        guard::run(async move { core.wait_for_user(&limits, inbox.as_ref().map(|inbox| inbox.core()), &options).await.map(Into::into) })
            .await
    }

    /// eIDAS VideoID: waits until the vendor's operator is done. Only reads; safe to repeat.
    #[uniffi::method(default(inbox = None, options = None))]
    pub async fn wait_for_operator(
        &self,
        limits: WaitLimits,
        inbox: Option<Arc<WebhookInbox>>,
        options: Option<CallOptions>,
    ) -> Result<Progressed, VideoIdError> {
        let (core, options) = (self.eidas()?, CallOptions::for_core(options));
        let limits = limits.try_into()?;
        guard::run(async move { core.wait_for_operator(&limits, inbox.as_ref().map(|inbox| inbox.core()), &options).await.map(Into::into) })
            .await
    }

    /// eIDAS VideoID: gives a request in CREATED what its profile needs beside the video. May be called again after an error.
    #[uniffi::method(default(update = None, options = None))]
    pub async fn complete(
        &self,
        update: Option<RequestUpdate>,
        documents: Vec<EvidenceDocument>,
        options: Option<CallOptions>,
    ) -> Result<Progressed, VideoIdError> {
        let (core, options) = (self.eidas()?, CallOptions::for_core(options));
        let update = update.map(TryInto::try_into).transpose()?;
        let documents: Vec<_> =
            documents.into_iter().map(|item| workflow::EvidenceDocument::new(item.label, item.document.core().clone())).collect();
        guard::run(async move { core.complete(update.as_ref(), &documents, &options).await.map(Into::into) }).await
    }

    /// Classic: takes a card, creates the request with `paperless_mode` 1 and uploads the documents. May be called again after an
    /// error: what was done is not done twice.
    #[uniffi::method(default(options = None))]
    pub async fn submit_documents(
        &self,
        request: NewRequest,
        documents: Vec<ClassicDocument>,
        options: Option<CallOptions>,
    ) -> Result<Submission, VideoIdError> {
        let Core::Classic(core) = self.core.clone() else { return Err(other_flow()) };
        let options = CallOptions::for_core(options);
        let request = request.try_into()?;
        let documents: Vec<_> = documents
            .into_iter()
            .map(|item| workflow::ClassicDocument::new(item.document_type.into(), item.document.core().clone()))
            .collect();
        guard::run(async move { core.submit(&request, &documents, &options).await.map(Into::into) }).await
    }

    /// eIDAS VideoID and classic: fetches declaration and contract, to be shown to the officer before `approve`. Taken as safe to
    /// repeat.
    #[uniffi::method(default(options = None))]
    pub async fn papers(&self, rao_id: String, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        match core {
            Core::External(_) => Err(other_flow()),
            Core::Eidas(flow) => guard::run(async move { flow.papers(&rao_id, &options).await.map(Into::into) }).await,
            Core::Classic(flow) => guard::run(async move { flow.papers(&rao_id, &options).await.map(Into::into) }).await,
        }
    }

    /// Approves the request, in External VideoID after validating it where that is still to do, and reads the status back. May be
    /// called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn approve(&self, rao: RaoCredentials, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { each!(&core, flow => flow.approve(&rao, &options).await).map(Into::into) }).await
    }
}

impl Workflow {
    fn with(core: Core, store: Option<Arc<dyn StateStore>>, events: Option<Arc<dyn EventListener>>) -> Arc<Self> {
        let core = match store.map(store_fn) {
            None => core,
            Some(store) => match core {
                Core::External(flow) => Core::External(flow.with_store(store)),
                Core::Eidas(flow) => Core::Eidas(flow.with_store(store)),
                Core::Classic(flow) => Core::Classic(flow.with_store(store)),
            },
        };
        let core = match events.map(event_fn) {
            None => core,
            Some(events) => match core {
                Core::External(flow) => Core::External(flow.with_events(events)),
                Core::Eidas(flow) => Core::Eidas(flow.with_events(events)),
                Core::Classic(flow) => Core::Classic(flow.with_events(events)),
            },
        };
        Arc::new(Self { core })
    }

    fn external(&self) -> Result<ExternalVideoId, VideoIdError> {
        if let Core::External(flow) = &self.core { Ok(flow.clone()) } else { Err(other_flow()) }
    }

    fn eidas(&self) -> Result<EidasVideoId, VideoIdError> {
        if let Core::Eidas(flow) = &self.core { Ok(flow.clone()) } else { Err(other_flow()) }
    }
}

pub(crate) fn other_flow() -> VideoIdError {
    Error::new(ErrorCode::WorkflowStep, "the step is one of another flow").into()
}

pub(crate) fn unknown_flow() -> VideoIdError {
    Error::new(ErrorCode::FieldInvalid, "flow: not one that this version knows").into()
}

impl fmt::Debug for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workflow").finish_non_exhaustive()
    }
}

/// A document that proves what the video of an eIDAS request does not.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EvidenceDocument {
    /// What it is, in the customer's words: the service shows it to who approves.
    pub label: String,
    /// The file.
    pub document: Arc<Source>,
}

/// A document of a classic request.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClassicDocument {
    /// Which document it is.
    pub document_type: DocumentType,
    /// The file.
    pub document: Arc<Source>,
}

impl fmt::Display for EvidenceDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = Show::new(f, "EvidenceDocument");
        // It may say whose the document is.
        show.hidden("label", !self.label.is_empty());
        show.hidden("document", true);
        show.finish()
    }
}

impl fmt::Debug for EvidenceDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ClassicDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = Show::new(f, "ClassicDocument");
        show.field("documentType", &self.document_type);
        show.hidden("document", true);
        show.finish()
    }
}

impl fmt::Debug for ClassicDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Tells the listener; one that throws must not end the workflow.
pub(crate) fn event_fn(listener: Arc<dyn EventListener>) -> EventFn {
    Arc::new(move |event| {
        let _ = catch_unwind(AssertUnwindSafe(|| listener.on_event(event.clone().into())));
    })
}

/// Calls the store on a thread for blocking work: it may write to a disk or a database.
pub(crate) fn store_fn(store: Arc<dyn StateStore>) -> StoreFn {
    Arc::new(move |state| {
        let store = Arc::clone(&store);
        Box::pin(async move {
            let failed =
                || Error::new(ErrorCode::FileNotWritten, "the store did not keep the workflow's state; the next call was not made");
            let kept = tokio::task::spawn_blocking(move || store.save(state)).await;
            kept.map_err(|_| failed())?.map_err(|_| failed())
        })
    })
}

/// Keeps a workflow's state. Called on a thread of the library's before and after each call that changes something; the workflow
/// waits for it, and stops where it fails.
#[uniffi::export(with_foreign)]
pub trait StateStore: Send + Sync {
    /// Keeps the state, in place of what was kept before.
    fn save(&self, state: String) -> Result<(), StoreError>;
}

/// A store could not keep the state.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
#[uniffi::export(Display)]
pub enum StoreError {
    /// It could not.
    NotKept,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the state could not be kept")
    }
}

impl std::error::Error for StoreError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::NotKept
    }
}

/// Is told what a workflow does, on a thread of the library's. It should return soon.
#[uniffi::export(with_foreign)]
pub trait EventListener: Send + Sync {
    /// One event. Nothing personal is in it.
    fn on_event(&self, event: WorkflowEvent);
}
