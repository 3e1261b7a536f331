//! The External VideoID workflow.

use std::sync::Arc;

use napi::bindgen_prelude::{Function, Promise, PromiseRaw};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;
use videoid::workflow::{EventFn, ExternalVideoId, StoreFn};
use videoid::{Error, ErrorCode};

use crate::call::{Flush, NativeCall};
use crate::client::NativeClient;
use crate::error::guarded_sync;
use crate::evidence::NativeEvidence;
use crate::generated::{NewRequest, OfficerOutcome, RaoCredentials, Submission, WorkflowEvent};
use crate::source::NativeSource;

/// Weak: the promise of the running step keeps the process alive while the store works.
type StoreFunction = ThreadsafeFunction<String, Promise<()>, String, Status, false, true>;

/// A workflow has some twenty events; none may be lost, so there is no bound.
/// Without an event it only marks how far the queue was worked off.
type EventFunction = ThreadsafeFunction<Option<WorkflowEvent>, (), Option<WorkflowEvent>, Status, false, true>;

/// One identification.
#[napi]
pub struct NativeWorkflow {
    workflow: ExternalVideoId,
    flushes: Vec<Flush>,
}

#[napi]
impl NativeWorkflow {
    /// A new one, or the one of `state`.
    #[napi(constructor)]
    pub fn new(
        client: &NativeClient,
        state: Option<String>,
        store: Option<Function<'_, String, Promise<()>>>,
        on_event: Option<Function<'_, Option<WorkflowEvent>, ()>>,
    ) -> napi::Result<Self> {
        let mut flushes = client.flushes();
        let client = client.client();
        let mut workflow = guarded_sync(|| match state {
            Some(state) => ExternalVideoId::resume(client, &state),
            None => Ok(ExternalVideoId::new(client)),
        })?;
        if let Some(store) = store {
            workflow = workflow.with_store(store_function(store)?);
        }
        if let Some(on_event) = on_event {
            let (tell, flush) = event_function(on_event)?;
            workflow = workflow.with_events(tell);
            flushes.push(flush);
        }
        Ok(Self { workflow, flushes })
    }

    /// What is to be stored to go on elsewhere: JSON without secrets and without evidence.
    #[napi]
    pub fn state(&self) -> String {
        self.workflow.state()
    }

    #[napi]
    pub fn submit<'env>(
        &self,
        env: &'env Env,
        request: NewRequest,
        evidence: &NativeEvidence,
        video: &NativeSource,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Submission>> {
        let request: videoid::model::NewRequest = request.try_into()?;
        let (workflow, evidence, video, options) = (self.workflow.clone(), evidence.inner(), video.inner(), call.options());
        call.spawn_telling(env, self.flushes.clone(), async move {
            workflow.submit(&request, &evidence, &video, &options).await.map(Into::into)
        })
    }

    #[napi]
    pub fn validate<'env>(&self, env: &'env Env, rao: RaoCredentials, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let rao: videoid::model::RaoCredentials = rao.try_into()?;
        let (workflow, options) = (self.workflow.clone(), call.options());
        call.spawn_telling(env, self.flushes.clone(), async move { workflow.validate(&rao, &options).await.map(Into::into) })
    }

    #[napi]
    pub fn approve<'env>(&self, env: &'env Env, rao: RaoCredentials, call: &NativeCall) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let rao: videoid::model::RaoCredentials = rao.try_into()?;
        let (workflow, options) = (self.workflow.clone(), call.options());
        call.spawn_telling(env, self.flushes.clone(), async move { workflow.approve(&rao, &options).await.map(Into::into) })
    }

    #[napi]
    pub fn refuse<'env>(
        &self,
        env: &'env Env,
        rao: RaoCredentials,
        reason: String,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, OfficerOutcome>> {
        let rao: videoid::model::RaoCredentials = rao.try_into()?;
        let (workflow, options) = (self.workflow.clone(), call.options());
        call.spawn_telling(env, self.flushes.clone(), async move { workflow.refuse(&rao, &reason, &options).await.map(Into::into) })
    }
}

fn store_function(store: Function<'_, String, Promise<()>>) -> napi::Result<StoreFn> {
    let function: StoreFunction = store.build_threadsafe_function::<String>().callee_handled::<false>().weak::<true>().build()?;
    let function = Arc::new(function);
    Ok(Arc::new(move |state| {
        let function = Arc::clone(&function);
        Box::pin(async move {
            // What the caller's store said is kept on the other side, as the cause of the error.
            let failed = |_| Error::new(ErrorCode::FileNotWritten, "the store did not take the state of the workflow");
            function.call_async(state).await.map_err(failed)?.await.map_err(failed)
        })
    }))
}

fn event_function(on_event: Function<'_, Option<WorkflowEvent>, ()>) -> napi::Result<(EventFn, Flush)> {
    let function: EventFunction =
        on_event.build_threadsafe_function::<Option<WorkflowEvent>>().callee_handled::<false>().weak::<true>().build()?;
    let function = Arc::new(function);
    let tell = Arc::clone(&function);
    let tell: EventFn = Arc::new(move |event| {
        tell.call(Some(event.clone().into()), ThreadsafeFunctionCallMode::NonBlocking);
    });
    let flush: Flush = Arc::new(move || {
        let function = Arc::clone(&function);
        Box::pin(async move {
            let _ = function.call_async(None).await;
        })
    });
    Ok((tell, flush))
}
