//! The Python code that a workflow calls: its store and its listener.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use tokio::sync::oneshot;
use videoid::workflow::{EventFn, StoreFn};
use videoid::{Error, ErrorCode};

use crate::call::Context;
use crate::convert::ToPy as _;
use crate::runtime;

/// A store that calls Python where the caller is and waits for its outcome.
pub(crate) fn keep(store: Arc<Py<PyAny>>) -> StoreFn {
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
pub(crate) fn tell(events: Arc<Py<PyAny>>) -> EventFn {
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

pub(crate) fn callable(value: Option<Bound<'_, PyAny>>, what: &str) -> PyResult<Option<Arc<Py<PyAny>>>> {
    match value {
        Some(value) if !value.is_callable() => Err(PyTypeError::new_err(format!("{what}: expected a callable"))),
        value => Ok(value.map(|value| Arc::new(value.unbind()))),
    }
}
