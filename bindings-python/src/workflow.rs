//! The External VideoID workflow with a store and a listener in Python.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use tokio::sync::oneshot;
use videoid::evidence::Evidence;
use videoid::model::{NewRequest, RaoCredentials};
use videoid::workflow::{EventFn, ExternalVideoId, StoreFn};
use videoid::{Error, ErrorCode};

use crate::call::{Arguments, Call, Context, Options};
use crate::client::Client;
use crate::convert::{FromPy, ToPy, wrong_type};
use crate::runtime;

/// The native half of a workflow.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Workflow {
    client: Py<Client>,
    /// The workflow and the generation of the process that made it, as in [`Client`].
    current: Mutex<(u32, ExternalVideoId)>,
    store: Option<Arc<Py<PyAny>>>,
    events: Option<Arc<Py<PyAny>>>,
}

impl Workflow {
    fn make(&self, py: Python<'_>, state: &str) -> PyResult<ExternalVideoId> {
        let flow = ExternalVideoId::resume(self.client.get().ra(py)?, state).map_err(|e| crate::errors::to_py(py, &e))?;
        Ok(with_callbacks(flow, self.store.as_ref(), self.events.as_ref()))
    }

    fn flow(&self, py: Python<'_>) -> PyResult<ExternalVideoId> {
        let (generation, flow) = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = runtime::generation();
        if generation == now {
            return Ok(flow);
        }
        let fresh = self.make(py, &flow.state())?;
        let old = mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), (now, fresh.clone()));
        // They hold connections of the parent: see `client`.
        mem::forget((flow, old));
        Ok(fresh)
    }
}

fn with_callbacks(flow: ExternalVideoId, store: Option<&Arc<Py<PyAny>>>, events: Option<&Arc<Py<PyAny>>>) -> ExternalVideoId {
    let flow = match store {
        Some(store) => flow.with_store(keep(Arc::clone(store))),
        None => flow,
    };
    match events {
        Some(events) => flow.with_events(tell(Arc::clone(events))),
        None => flow,
    }
}

/// A store that calls Python where the caller is and waits for its outcome.
fn keep(store: Arc<Py<PyAny>>) -> StoreFn {
    Arc::new(move |state| {
        let (context, store) = (Context::current(), Arc::clone(&store));
        Box::pin(async move {
            let (done, kept) = oneshot::channel();
            let reply = Reply(Mutex::new(Some(done)));
            let allow_async = context.as_ref().is_some_and(|context| context.is_async());
            let job: runtime::Job = Box::new(move |py| {
                let called = Bound::new(py, reply).and_then(|reply| {
                    let run = py.import("videoid._callbacks")?.getattr("run_store")?;
                    run.call1((&*store, state, &reply, allow_async)).map(drop)
                });
                if let Err(error) = called {
                    error.write_unraisable(py, None);
                }
            });
            match &context {
                Some(context) => context.post(job),
                None => runtime::dispatch(job),
            }
            let failed = match kept.await {
                Ok(None) => return Ok(()),
                Ok(Some(error)) => Some(error),
                Err(_) => None,
            };
            if let (Some(context), Some(error)) = (context, failed) {
                context.fail(error);
            }
            Err(Error::new(ErrorCode::Internal, "the store did not keep the state"))
        })
    })
}

/// A listener that is called where the caller is.
fn tell(events: Arc<Py<PyAny>>) -> EventFn {
    Arc::new(move |event| {
        let (context, events, event) = (Context::current(), Arc::clone(&events), event.clone());
        let failures = context.clone();
        let job: runtime::Job = Box::new(move |py| {
            if let Err(error) = event.to_py(py).and_then(|event| events.call1(py, (event,))) {
                match &failures {
                    Some(context) => context.fail(error),
                    None => error.write_unraisable(py, Some(events.bind(py))),
                }
            }
        });
        match &context {
            Some(context) => context.post(job),
            None => runtime::dispatch(job),
        }
    })
}

/// What the store's caller in Python answers with.
#[pyclass(frozen, module = "videoid._native")]
struct Reply(Mutex<Option<oneshot::Sender<Option<PyErr>>>>);

impl Reply {
    fn send(&self, answer: Option<PyErr>) {
        if let Some(done) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = done.send(answer);
        }
    }
}

#[pymethods]
impl Reply {
    /// The state is kept.
    fn kept(&self) {
        self.send(None);
    }

    /// It is not.
    fn failed(&self, error: &Bound<'_, PyAny>) {
        self.send(Some(PyErr::from_value(error.clone())));
    }
}

fn callable(value: Option<Bound<'_, PyAny>>, what: &str) -> PyResult<Option<Arc<Py<PyAny>>>> {
    match value {
        Some(value) if !value.is_callable() => Err(PyTypeError::new_err(format!("{what}: expected a callable"))),
        value => Ok(value.map(|value| Arc::new(value.unbind()))),
    }
}

/// The arguments of `submit` in the core's types.
type Inputs = (NewRequest, Evidence);

fn inputs(request: &Bound<'_, PyAny>, evidence: &Bound<'_, PyAny>) -> PyResult<Inputs> {
    Ok((NewRequest::from_py(request, "request")?, Evidence::from_py(evidence, "evidence")?))
}

#[derive(Clone, Copy)]
enum Step {
    Validate,
    Approve,
}

impl Step {
    fn named(step: &str) -> PyResult<Self> {
        match step {
            "validate" => Ok(Self::Validate),
            "approve" => Ok(Self::Approve),
            _ => Err(wrong_type("step", "validate or approve")),
        }
    }
}

#[pymethods]
impl Workflow {
    #[new]
    #[pyo3(signature = (client, state = None, store = None, on_event = None))]
    fn new(
        py: Python<'_>,
        client: Py<Client>,
        state: Option<&str>,
        store: Option<Bound<'_, PyAny>>,
        on_event: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (store, events) = (callable(store, "store")?, callable(on_event, "on_event")?);
        let ra = client.get().ra(py)?;
        let flow = match state {
            Some(state) => ExternalVideoId::resume(ra, state).map_err(|e| crate::errors::to_py(py, &e))?,
            None => ExternalVideoId::new(ra),
        };
        let flow = with_callbacks(flow, store.as_ref(), events.as_ref());
        Ok(Self { client, current: Mutex::new((runtime::generation(), flow)), store, events })
    }

    /// The state as JSON.
    fn state(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.flow(py)?.state())
    }

    fn submit<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        evidence: &Bound<'py, PyAny>,
        video: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut call = Call::sync(Arguments::new(&options)?);
        let ((request, evidence), video, flow) = (inputs(request, evidence)?, call.source(video, "video")?, self.flow(py)?);
        call.wait(py, |options| async move { Ok(flow.submit(&request, &evidence, &video, &options).await?) })?.to_py(py)
    }

    fn submit_async<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        evidence: &Bound<'py, PyAny>,
        video: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut call = Call::asyncio(py, Arguments::new(&options)?)?;
        let ((request, evidence), video, flow) = (inputs(request, evidence)?, call.source(video, "video")?, self.flow(py)?);
        call.start(py, |options| async move { Ok(flow.submit(&request, &evidence, &video, &options).await?) })
    }

    /// `validate` or `approve`.
    fn officer<'py>(&self, py: Python<'py>, step: &str, rao: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        let call = Call::sync(Arguments::new(&options)?);
        let (step, rao, flow) = (Step::named(step)?, RaoCredentials::from_py(rao, "rao")?, self.flow(py)?);
        let outcome = call.wait(py, |options| async move {
            Ok(match step {
                Step::Validate => flow.validate(&rao, &options).await?,
                Step::Approve => flow.approve(&rao, &options).await?,
            })
        })?;
        outcome.to_py(py)
    }

    /// `validate` or `approve`.
    fn officer_async<'py>(
        &self,
        py: Python<'py>,
        step: &str,
        rao: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let call = Call::asyncio(py, Arguments::new(&options)?)?;
        let (step, rao, flow) = (Step::named(step)?, RaoCredentials::from_py(rao, "rao")?, self.flow(py)?);
        call.start(py, move |options| async move {
            Ok(match step {
                Step::Validate => flow.validate(&rao, &options).await?,
                Step::Approve => flow.approve(&rao, &options).await?,
            })
        })
    }

    fn refuse<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, reason: String, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        let call = Call::sync(Arguments::new(&options)?);
        let (rao, flow) = (RaoCredentials::from_py(rao, "rao")?, self.flow(py)?);
        call.wait(py, |options| async move { Ok(flow.refuse(&rao, &reason, &options).await?) })?.to_py(py)
    }

    fn refuse_async<'py>(
        &self,
        py: Python<'py>,
        rao: &Bound<'py, PyAny>,
        reason: String,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let call = Call::asyncio(py, Arguments::new(&options)?)?;
        let (rao, flow) = (RaoCredentials::from_py(rao, "rao")?, self.flow(py)?);
        call.start(py, |options| async move { Ok(flow.refuse(&rao, &reason, &options).await?) })
    }
}
