//! From the core's error to an exception of the Python package.

use std::any::Any;
use std::error::Error as _;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;
use videoid::{Error, ErrorCode, Wire};

/// Where the library panicked last.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Has a panic leave its place and nothing else: its text, which Rust would print, may hold a value.
pub(crate) fn hush_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |at| {
                // Where the library was built is nobody's business.
                let parts: Vec<_> = at.file().split(['/', '\\']).collect();
                format!("{}:{}", parts[parts.len().saturating_sub(4)..].join("/"), at.line())
            },
        );
        tracing::error!(target: "videoid", place, "videoid panicked");
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
}

/// Why a call failed: the core says so, or Python code that was called on the way.
pub(crate) enum Failure {
    /// An error of the core.
    Core(Error),
    /// An exception of a callback, a source or a store.
    Python(PyErr),
    /// A panic. Its text is not shown: it may hold a value.
    Panic,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Box<dyn Any + Send>> for Failure {
    fn from(_: Box<dyn Any + Send>) -> Self {
        Self::Panic
    }
}

impl Failure {
    /// The exception to raise.
    pub(crate) fn into_py(self, py: Python<'_>) -> PyErr {
        match self {
            Self::Core(error) => to_py(py, &error),
            Self::Python(error) => error,
            Self::Panic => {
                let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).clone();
                to_py(py, &Error::new(ErrorCode::Internal, format!("the library panicked at {place}; please report it")))
            }
        }
    }
}

fn build(py: Python<'_>, facts: &Bound<'_, PyDict>) -> PyErr {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || -> PyResult<PyErr> {
        let exception = MAKE.import(py, "videoid.errors", "_from_native")?.call((), Some(facts))?;
        Ok(PyErr::from_value(exception))
    };
    make().unwrap_or_else(|error| error)
}

/// The exception for an error of the core.
pub(crate) fn to_py(py: Python<'_>, error: &Error) -> PyErr {
    let facts = PyDict::new(py);
    let fill = || -> PyResult<()> {
        facts.set_item("text", error.to_string())?;
        facts.set_item("code", error.code().as_str())?;
        facts.set_item("category", error.category().as_str())?;
        facts.set_item("detail", error.detail())?;
        facts.set_item("operation", error.operation())?;
        facts.set_item("wire", error.wire().as_str())?;
        facts.set_item("retryable", error.retryable())?;
        facts.set_item("http_status", error.http_status())?;
        facts.set_item("server_code", error.server_code())?;
        facts.set_item("server_id", error.server_id())?;
        facts.set_item("server_text", error.server_text().map(|text| text.expose().as_str()))?;
        facts.set_item("retry_after", error.retry_after().map(|after| after.as_secs_f64()))?;
        facts.set_item("correlation_id", error.correlation_id())?;
        let fields: Vec<_> = error.fields().iter().map(|issue| (issue.field.as_str(), issue.rule.as_str())).collect();
        facts.set_item("fields", fields)?;
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(inner) = cause {
            causes.push(inner.to_string());
            cause = inner.source();
        }
        facts.set_item("causes", causes)
    };
    match fill() {
        Ok(()) => build(py, &facts),
        Err(failed) => failed,
    }
}

/// An error that the binding itself finds, about one field.
pub(crate) fn own(py: Python<'_>, code: ErrorCode, field: &str, rule: &str) -> PyErr {
    let facts = PyDict::new(py);
    let fill = || -> PyResult<()> {
        let detail = format!("{field}: {rule}");
        facts.set_item("text", format!("{}: {detail}", code.as_str()))?;
        facts.set_item("code", code.as_str())?;
        facts.set_item("category", code.category().as_str())?;
        facts.set_item("detail", detail)?;
        facts.set_item("wire", Wire::NotSent.as_str())?;
        facts.set_item("fields", vec![(field, rule)])
    };
    match fill() {
        Ok(()) => build(py, &facts),
        Err(failed) => failed,
    }
}
