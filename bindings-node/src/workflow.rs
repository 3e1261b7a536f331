//! The three workflows: one class of the addon for all of them. Their steps are in `flows.rs`.

use std::sync::Arc;

use napi::bindgen_prelude::{Function, Promise, PromiseRaw};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;
use videoid::workflow::{ClassicRequest, EidasVideoId, EventFn, ExternalVideoId, StoreFn};
use videoid::{Error, ErrorCode, RegistrationAuthority, Result};

use crate::call::{Flush, NativeCall};
use crate::client::NativeClient;
use crate::error::guarded_sync;
use crate::generated::{Progressed, WorkflowEvent};

/// Weak: the promise of the running step keeps the process alive while the store works.
type StoreFunction = ThreadsafeFunction<String, Promise<()>, String, Status, false, true>;

/// A workflow has some twenty events; none may be lost, so there is no bound.
/// Without an event it only marks how far the queue was worked off.
type EventFunction = ThreadsafeFunction<Option<WorkflowEvent>, (), Option<WorkflowEvent>, Status, false, true>;

/// A workflow of whichever flow. Clones share it.
#[derive(Clone)]
pub(crate) enum AnyFlow {
    External(ExternalVideoId),
    Eidas(EidasVideoId),
    Classic(ClassicRequest),
}

/// Does the same with each of the three types.
macro_rules! each {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            AnyFlow::External($it) => $what,
            AnyFlow::Eidas($it) => $what,
            AnyFlow::Classic($it) => $what,
        }
    };
}

/// Does the same with each of the three types, and makes what comes of it the same flow again.
macro_rules! map_each {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            AnyFlow::External($it) => AnyFlow::External($what),
            AnyFlow::Eidas($it) => AnyFlow::Eidas($what),
            AnyFlow::Classic($it) => AnyFlow::Classic($what),
        }
    };
}

impl AnyFlow {
    /// The flow of that word: a new one, or the one of `state`.
    fn of(word: &str, ra: RegistrationAuthority, state: Option<&str>) -> Result<Self> {
        match (word, state) {
            ("external_videoid", None) => Ok(Self::External(ExternalVideoId::new(ra))),
            ("external_videoid", Some(state)) => ExternalVideoId::resume(ra, state).map(Self::External),
            ("eidas_videoid", None) => Ok(Self::Eidas(EidasVideoId::new(ra))),
            ("eidas_videoid", Some(state)) => EidasVideoId::resume(ra, state).map(Self::Eidas),
            ("classic", None) => Ok(Self::Classic(ClassicRequest::new(ra))),
            ("classic", Some(state)) => ClassicRequest::resume(ra, state).map(Self::Classic),
            _ => Err(Error::new(ErrorCode::Internal, "the package named a workflow that its addon does not have")),
        }
    }

    fn with_store(self, store: StoreFn) -> Self {
        map_each!(self, flow => flow.with_store(store))
    }

    fn with_events(self, events: EventFn) -> Self {
        map_each!(self, flow => flow.with_events(events))
    }
}

/// One identification.
#[napi]
pub struct NativeWorkflow {
    pub(crate) flow: AnyFlow,
    pub(crate) flushes: Vec<Flush>,
}

#[napi]
impl NativeWorkflow {
    /// A new one of the flow of that word, or the one of `state`.
    #[napi(constructor)]
    pub fn new(
        word: String,
        client: &NativeClient,
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
        each!(&self.flow, flow => flow.state())
    }

    /// What can be done where the request does not go ahead.
    #[napi]
    pub fn ways_on(&self) -> Vec<String> {
        let ways = each!(&self.flow, flow => flow.ways_on());
        ways.iter().map(|way| way.as_str().to_owned()).collect()
    }

    /// Cancels the request and forgets it.
    #[napi]
    pub fn cancel<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, Progressed>> {
        let (flow, options) = (self.flow.clone(), call.options());
        call.spawn_telling(env, self.flushes.clone(), async move { each!(&flow, flow => flow.cancel(&options).await).map(Into::into) })
    }
}

pub(crate) fn store_function(store: Function<'_, String, Promise<()>>) -> napi::Result<StoreFn> {
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

pub(crate) fn event_function(on_event: Function<'_, Option<WorkflowEvent>, ()>) -> napi::Result<(EventFn, Flush)> {
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
