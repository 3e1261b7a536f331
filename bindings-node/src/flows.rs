//! The steps of the three workflows. A step is called only on a workflow that has it: the public package has a class for each.

use std::future::Future;

use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use napi_derive::napi;
use videoid::model::{DocumentType, NewRequest as CoreRequest, RaoCredentials as CoreRao, RequestUpdate as CoreUpdate};
use videoid::workflow::{ClassicDocument, ClassicRequest, EidasVideoId, EvidenceDocument, ExternalVideoId, WaitLimits as CoreLimits};
use videoid::{Error, ErrorCode, RequestOptions, Result, Source};

use crate::call::NativeCall;
use crate::error::to_napi;
use crate::evidence::NativeEvidence;
use crate::generated::{NewRequest, OfficerOutcome, Progressed, RaoCredentials, RequestUpdate, Started, Submission, WaitLimits};
use crate::source::NativeSource;
use crate::webhook::NativeInbox;
use crate::workflow::{AnyFlow, NativeWorkflow};

/// The documents of one step, each with its label or type.
#[napi]
#[derive(Default)]
pub struct NativeDocuments {
    documents: Vec<(String, Source)>,
}

#[napi]
impl NativeDocuments {
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    #[napi]
    pub fn add(&mut self, word: String, document: &NativeSource) {
        self.documents.push((word, document.inner()));
    }
}

impl NativeDocuments {
    fn each<T>(&self, make: impl Fn(&str, Source) -> T) -> Vec<T> {
        self.documents.iter().map(|(word, source)| make(word, source.clone())).collect()
    }
}

#[napi]
impl NativeWorkflow {
    /// External: card, request, evidence and video.
    #[napi]
    pub fn submit<'env>(
        &self,
        env: &'env Env,
        request: NewRequest,
        evidence: &NativeEvidence,
        video: &NativeSource,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Submission>> {
        let (flow, request) = (self.external()?, CoreRequest::try_from(request)?);
        let (evidence, video) = (evidence.inner(), video.inner());
        self.step(env, call, |options| async move { flow.submit(&request, &evidence, &video, &options).await.map(Into::into) })
    }

    /// External: the officer validates.
    #[napi]
    pub fn validate<'env>(&self, env: &'env Env, rao: RaoCredentials, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let (flow, rao) = (self.external()?, CoreRao::try_from(rao)?);
        self.step(env, call, |options| async move { flow.validate(&rao, &options).await.map(Into::into) })
    }

    /// External: the officer refuses.
    #[napi]
    pub fn refuse<'env>(
        &self,
        env: &'env Env,
        rao: RaoCredentials,
        reason: String,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let (flow, rao) = (self.external()?, CoreRao::try_from(rao)?);
        self.step(env, call, |options| async move { flow.refuse(&rao, &reason, &options).await.map(Into::into) })
    }

    /// eIDAS: card and request, and the user's link.
    #[napi]
    pub fn start<'env>(&self, env: &'env Env, request: NewRequest, call: &NativeCall) -> napi::Result<PromiseRaw<'env, Started>> {
        let (flow, request) = (self.eidas()?, CoreRequest::try_from(request)?);
        self.step(env, call, |options| async move { flow.start(&request, &options).await.map(Into::into) })
    }

    /// eIDAS: until the user is done.
    #[napi]
    pub fn wait_for_user<'env>(
        &self,
        env: &'env Env,
        limits: WaitLimits,
        inbox: Option<&NativeInbox>,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Progressed>> {
        let (flow, limits, inbox) = (self.eidas()?, CoreLimits::try_from(limits)?, inbox.map(NativeInbox::inner));
        self.step(env, call, |options| async move { flow.wait_for_user(&limits, inbox.as_ref(), &options).await.map(Into::into) })
    }

    /// eIDAS: until the operator is done.
    #[napi]
    pub fn wait_for_operator<'env>(
        &self,
        env: &'env Env,
        limits: WaitLimits,
        inbox: Option<&NativeInbox>,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Progressed>> {
        let (flow, limits, inbox) = (self.eidas()?, CoreLimits::try_from(limits)?, inbox.map(NativeInbox::inner));
        self.step(env, call, |options| async move { flow.wait_for_operator(&limits, inbox.as_ref(), &options).await.map(Into::into) })
    }

    /// eIDAS: the update, then the documents with their labels.
    #[napi]
    pub fn complete<'env>(
        &self,
        env: &'env Env,
        update: Option<RequestUpdate>,
        documents: &NativeDocuments,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Progressed>> {
        let (flow, update) = (self.eidas()?, update.map(CoreUpdate::try_from).transpose()?);
        let documents = documents.each(|label, source| EvidenceDocument::new(label, source));
        self.step(env, call, |options| async move { flow.complete(update.as_ref(), &documents, &options).await.map(Into::into) })
    }

    /// Classic: card, request and the documents with their types.
    #[napi]
    pub fn submit_documents<'env>(
        &self,
        env: &'env Env,
        request: NewRequest,
        documents: &NativeDocuments,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Submission>> {
        let (flow, request) = (self.classic()?, CoreRequest::try_from(request)?);
        let documents = documents.each(|word, source| ClassicDocument::new(DocumentType::from(word), source));
        self.step(env, call, |options| async move { flow.submit(&request, &documents, &options).await.map(Into::into) })
    }

    /// eIDAS and classic: declaration and contract.
    #[napi]
    pub fn papers<'env>(&self, env: &'env Env, rao_id: String, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let flow = self.flow.clone();
        self.step(env, call, |options| async move {
            match &flow {
                AnyFlow::Eidas(flow) => flow.papers(&rao_id, &options).await.map(Into::into),
                AnyFlow::Classic(flow) => flow.papers(&rao_id, &options).await.map(Into::into),
                AnyFlow::External(_) => Err(no_such_step()),
            }
        })
    }

    /// All three: the officer approves.
    #[napi]
    pub fn approve<'env>(&self, env: &'env Env, rao: RaoCredentials, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let (flow, rao) = (self.flow.clone(), CoreRao::try_from(rao)?);
        self.step(env, call, |options| async move {
            match &flow {
                AnyFlow::External(flow) => flow.approve(&rao, &options).await,
                AnyFlow::Eidas(flow) => flow.approve(&rao, &options).await,
                AnyFlow::Classic(flow) => flow.approve(&rao, &options).await,
            }
            .map(Into::into)
        })
    }
}

impl NativeWorkflow {
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

    fn external(&self) -> napi::Result<ExternalVideoId> {
        match &self.flow {
            AnyFlow::External(flow) => Ok(flow.clone()),
            _ => Err(to_napi(&no_such_step())),
        }
    }

    fn eidas(&self) -> napi::Result<EidasVideoId> {
        match &self.flow {
            AnyFlow::Eidas(flow) => Ok(flow.clone()),
            _ => Err(to_napi(&no_such_step())),
        }
    }

    fn classic(&self) -> napi::Result<ClassicRequest> {
        match &self.flow {
            AnyFlow::Classic(flow) => Ok(flow.clone()),
            _ => Err(to_napi(&no_such_step())),
        }
    }
}

fn no_such_step() -> Error {
    Error::new(ErrorCode::Internal, "the package called a step that its workflow does not have")
}
