//! The two workflows of the One-Shot API: one class of the addon for both. A step is called only on a workflow that has it: the public
//! package has a class for each.

use std::future::Future;
use std::path::Path;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Function, Promise, PromiseRaw, ToNapiValue};
use napi_derive::napi;
use videoid::model::{NewVideoId as CoreVideoId, OneShotRao as CoreRao, OtpDelivery, Signing as CoreSigning, VideoIdHandle as CoreHandle};
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};
use videoid::workflow::{EventFn, StoreFn, WaitLimits as CoreLimits};
use videoid::{Error, ErrorCode, OneShot, RequestOptions, Result};

use crate::call::{Flush, NativeCall};
use crate::error::{guarded_sync, to_napi};
use crate::evidence::NativeEvidence;
use crate::generated::{
    DownloadedFile, NewVideoId, OneShotOutcome, OneShotRao, OneShotStarted, Otp, SavedDocuments, Signing, VideoIdHandle, WaitLimits,
    WorkflowEvent,
};
use crate::one_shot::NativeOneShot;
use crate::source::NativeSource;
use crate::webhook::NativeInbox;
use crate::workflow::{event_function, store_function};

/// A workflow of either flow. Clones share it.
#[derive(Clone)]
enum AnyFlow {
    External(OneShotExternal),
    Eidas(OneShotEidas),
}

/// Does the same with either type.
macro_rules! either {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            AnyFlow::External($it) => $what,
            AnyFlow::Eidas($it) => $what,
        }
    };
}

impl AnyFlow {
    /// The flow of that word: a new one, or the one of `state`.
    fn of(word: &str, client: OneShot, state: Option<&str>) -> Result<Self> {
        match (word, state) {
            ("external_videoid", None) => Ok(Self::External(OneShotExternal::new(client))),
            ("external_videoid", Some(state)) => OneShotExternal::resume(client, state).map(Self::External),
            ("eidas_videoid", None) => Ok(Self::Eidas(OneShotEidas::new(client))),
            ("eidas_videoid", Some(state)) => OneShotEidas::resume(client, state).map(Self::Eidas),
            _ => Err(Error::new(ErrorCode::Internal, "the package named a workflow that its addon does not have")),
        }
    }

    fn with_store(self, store: StoreFn) -> Self {
        match self {
            Self::External(flow) => Self::External(flow.with_store(store)),
            Self::Eidas(flow) => Self::Eidas(flow.with_store(store)),
        }
    }

    fn with_events(self, events: EventFn) -> Self {
        match self {
            Self::External(flow) => Self::External(flow.with_events(events)),
            Self::Eidas(flow) => Self::Eidas(flow.with_events(events)),
        }
    }
}

/// One identification and signature.
#[napi]
pub struct NativeOneShotWorkflow {
    flow: AnyFlow,
    flushes: Vec<Flush>,
}

#[napi]
impl NativeOneShotWorkflow {
    /// A new one of the flow of that word, or the one of `state`.
    #[napi(constructor)]
    pub fn new(
        word: String,
        client: &NativeOneShot,
        state: Option<String>,
        store: Option<Function<'_, String, Promise<()>>>,
        on_event: Option<Function<'_, Option<WorkflowEvent>, ()>>,
    ) -> napi::Result<Self> {
        let mut flushes = client.flushes();
        let client = client.client();
        let mut flow = guarded_sync(|| AnyFlow::of(&word, client, state.as_deref()))?;
        if let Some(store) = store {
            flow = flow.with_store(store_function(store)?);
        }
        if let Some(on_event) = on_event {
            let (tell, flush) = event_function(on_event)?;
            flow = flow.with_events(tell);
            flushes.push(flush);
        }
        Ok(Self { flow, flushes })
    }

    /// What is to be stored to go on elsewhere: JSON without secrets and without evidence.
    #[napi]
    pub fn state(&self) -> String {
        either!(&self.flow, flow => flow.state())
    }

    /// External: request, evidence and video.
    #[napi]
    pub fn submit<'env>(
        &self,
        env: &'env Env,
        videoid: NewVideoId,
        evidence: &NativeEvidence,
        video: &NativeSource,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let AnyFlow::External(flow) = self.flow.clone() else { return Err(no_such_step()) };
        let (videoid, evidence, video) = (CoreVideoId::try_from(videoid)?, evidence.inner(), video.inner());
        self.step(env, call, |options| async move { flow.submit(&videoid, &evidence, &video, &options).await.map(Into::into) })
    }

    /// eIDAS: the request and the user's link.
    #[napi]
    pub fn start<'env>(&self, env: &'env Env, videoid: NewVideoId, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OneShotStarted>> {
        let AnyFlow::Eidas(flow) = self.flow.clone() else { return Err(no_such_step()) };
        let videoid = CoreVideoId::try_from(videoid)?;
        self.step(env, call, |options| async move { flow.start(&videoid, &options).await.map(Into::into) })
    }

    /// eIDAS: until the user is done.
    #[napi]
    pub fn wait_for_user<'env>(
        &self,
        env: &'env Env,
        limits: WaitLimits,
        inbox: Option<&NativeInbox>,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let AnyFlow::Eidas(flow) = self.flow.clone() else { return Err(no_such_step()) };
        let (limits, inbox) = (CoreLimits::try_from(limits)?, inbox.map(NativeInbox::inner));
        self.step(env, call, |options| async move { flow.wait_for_user(&limits, inbox.as_ref(), &options).await.map(Into::into) })
    }

    /// Where the request stands.
    #[napi]
    pub fn look<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let flow = self.flow.clone();
        self.step(env, call, |options| async move { either!(&flow, flow => flow.look(&options).await).map(Into::into) })
    }

    /// Takes a request that was found after its answer was lost.
    #[napi]
    pub fn adopt<'env>(&self, env: &'env Env, handle: VideoIdHandle, call: &NativeCall) -> napi::Result<PromiseRaw<'env, ()>> {
        let (flow, handle) = (self.flow.clone(), CoreHandle::try_from(handle)?);
        self.step(env, call, |_| async move { either!(&flow, flow => flow.adopt(&handle).await) })
    }

    /// The request whose answer was lost does not exist.
    #[napi]
    pub fn create_anew<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, ()>> {
        let flow = self.flow.clone();
        self.step(env, call, |_| async move { either!(&flow, flow => flow.create_anew().await) })
    }

    /// The officer validates.
    #[napi]
    pub fn validate<'env>(&self, env: &'env Env, rao: OneShotRao, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let (flow, rao) = (self.flow.clone(), CoreRao::try_from(rao)?);
        self.step(env, call, |options| async move { either!(&flow, flow => flow.validate(&rao, &options).await).map(Into::into) })
    }

    /// The officer approves.
    #[napi]
    pub fn approve<'env>(&self, env: &'env Env, rao: OneShotRao, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let (flow, rao) = (self.flow.clone(), CoreRao::try_from(rao)?);
        self.step(env, call, |options| async move { either!(&flow, flow => flow.approve(&rao, &options).await).map(Into::into) })
    }

    /// The officer refuses.
    #[napi]
    pub fn refuse<'env>(
        &self,
        env: &'env Env,
        rao: OneShotRao,
        reason: String,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let (flow, rao) = (self.flow.clone(), CoreRao::try_from(rao)?);
        self.step(env, call, |options| async move { either!(&flow, flow => flow.refuse(&rao, &reason, &options).await).map(Into::into) })
    }

    /// The documents to be signed.
    #[napi]
    pub fn documents<'env>(
        &self,
        env: &'env Env,
        documents: Vec<ClassInstance<'env, NativeSource>>,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let (flow, documents) = (self.flow.clone(), documents.iter().map(|source| source.inner()).collect());
        self.step(env, call, |options| async move { either!(&flow, flow => flow.documents(documents, &options).await).map(Into::into) })
    }

    /// The contract, into a file.
    #[napi]
    pub fn contract<'env>(&self, env: &'env Env, path: String, call: &NativeCall) -> napi::Result<PromiseRaw<'env, DownloadedFile>> {
        let flow = self.flow.clone();
        self.step(
            env,
            call,
            |options| async move { either!(&flow, flow => flow.contract(Path::new(&path), &options).await).map(Into::into) },
        )
    }

    /// The signer has seen the contract.
    #[napi]
    pub fn contract_shown<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, ()>> {
        let flow = self.flow.clone();
        self.step(env, call, |_| async move { either!(&flow, flow => flow.contract_shown().await) })
    }

    /// Sends the signer a one-time password.
    #[napi]
    pub fn otp<'env>(&self, env: &'env Env, delivery_method: Option<String>, call: &NativeCall) -> napi::Result<PromiseRaw<'env, Otp>> {
        let (flow, delivery) = (self.flow.clone(), delivery_method.map(|word| OtpDelivery::from(word.as_str())));
        self.step(env, call, |options| async move { either!(&flow, flow => flow.otp(delivery.as_ref(), &options).await).map(Into::into) })
    }

    /// Signs the documents.
    #[napi]
    pub fn sign<'env>(&self, env: &'env Env, signing: Signing, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let (flow, signing) = (self.flow.clone(), CoreSigning::try_from(signing)?);
        self.step(env, call, |options| async move { either!(&flow, flow => flow.sign(&signing, &options).await).map(Into::into) })
    }

    /// The signed documents, into a folder.
    #[napi]
    pub fn save<'env>(&self, env: &'env Env, folder: String, call: &NativeCall) -> napi::Result<PromiseRaw<'env, SavedDocuments>> {
        let flow = self.flow.clone();
        self.step(env, call, |options| async move { either!(&flow, flow => flow.save(Path::new(&folder), &options).await).map(Into::into) })
    }

    /// Deletes the documents from the service.
    #[napi]
    pub fn delete<'env>(&self, env: &'env Env, folder: String, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OneShotOutcome>> {
        let flow = self.flow.clone();
        self.step(
            env,
            call,
            |options| async move { either!(&flow, flow => flow.delete(Path::new(&folder), &options).await).map(Into::into) },
        )
    }

    /// Cancels the request.
    #[napi]
    pub fn cancel<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, ()>> {
        let flow = self.flow.clone();
        self.step(env, call, |options| async move { either!(&flow, flow => flow.cancel(&options).await) })
    }
}

impl NativeOneShotWorkflow {
    /// Runs a step; what the workflow and its client told meanwhile is heard before the promise is settled.
    fn step<'env, T, F>(
        &self,
        env: &'env Env,
        call: &NativeCall,
        step: impl FnOnce(RequestOptions) -> F,
    ) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: ToNapiValue + Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        call.spawn_telling(env, self.flushes.clone(), step(call.options()))
    }
}

fn no_such_step() -> napi::Error {
    to_napi(&Error::new(ErrorCode::Internal, "the package called a step that its workflow does not have"))
}
