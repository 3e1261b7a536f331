//! Webhooks: reading them, and the inbox that wakes those who wait.

use std::mem;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyString;
use videoid::webhook;

use crate::convert::{ToPy, wrong_type};
use crate::errors;
use crate::runtime;
use crate::source::buffer;

/// Does something with the bytes of a body.
fn with_body<T>(body: &Bound<'_, PyAny>, take: impl FnOnce(&[u8]) -> videoid::Result<T>) -> PyResult<T> {
    let expected = || wrong_type("body", "bytes, bytearray, memoryview or str");
    let taken = if body.is_instance_of::<PyString>() {
        take(body.extract::<String>().map_err(|_| expected())?.as_bytes())
    } else {
        take(&buffer(body)?.ok_or_else(expected)?)
    };
    taken.map_err(|error| errors::to_py(body.py(), &error))
}

/// Reads the body of a webhook.
#[pyfunction]
fn parse_webhook<'py>(py: Python<'py>, body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    with_body(body, webhook::parse_webhook)?.to_py(py)
}

/// Where a web server puts the webhooks that it receives, and where `wait_for` and the workflows look for them.
///
/// One is enough for a program, and may be used from any thread and event loop. It keeps no webhook and no personal data: it only
/// wakes those who wait at that moment, and who read the request then. In a forked child it is an empty one.
#[pyclass(frozen, module = "videoid")]
pub(crate) struct WebhookInbox(Mutex<(u32, webhook::WebhookInbox)>);

impl WebhookInbox {
    /// The inbox of this process.
    pub(crate) fn inbox(&self) -> webhook::WebhookInbox {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = runtime::generation();
        if current.0 != now {
            // The lock inside may be held by a thread of the parent, which is not here.
            mem::forget(mem::replace(&mut *current, (now, webhook::WebhookInbox::new())));
        }
        current.1.clone()
    }
}

#[pymethods]
impl WebhookInbox {
    /// An inbox that nobody waits at.
    #[new]
    fn new() -> Self {
        Self(Mutex::new((runtime::generation(), webhook::WebhookInbox::new())))
    }

    /// Takes the body of a webhook as it came, reads it and wakes those who wait for its request. What it claims is believed by
    /// nobody: they read the request.
    ///
    /// Does not block, so it may be called in an event loop. Safe to repeat, to forge and to mix up: the worst that comes of it is a
    /// GET more, at most one in 200 ms for each wait. Answer the service with HTTP 200 in any case.
    ///
    /// Errors: `webhook_invalid`; nobody is woken then.
    fn receive<'py>(&self, py: Python<'py>, body: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let inbox = self.inbox();
        with_body(body, |body| inbox.receive(body))?.to_py(py)
    }

    fn __repr__(&self) -> &'static str {
        "WebhookInbox()"
    }
}

/// Registers what is in this file.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<WebhookInbox>()?;
    module.add_function(wrap_pyfunction!(parse_webhook, module)?)
}
