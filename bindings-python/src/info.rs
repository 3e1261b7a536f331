//! What needs neither a client nor a file: statuses, certificate profiles, answers that were recorded.

use pyo3::prelude::*;
use videoid::model::{Flow, NewRequest, Status};
use videoid::profiles;

use crate::convert::{FromPy, ToPy};
use crate::{errors, json};

/// The operations that the documents allow in a status.
#[pyfunction]
fn status_next_steps(status: &str) -> Vec<String> {
    Status::from(status).next_steps()
}

/// Whether nothing more is to be done in a status.
#[pyfunction]
fn status_is_final(status: &str) -> bool {
    Status::from(status).is_final()
}

/// What can be done in a status for a request that does not go ahead.
#[pyfunction]
fn status_ways_on<'py>(py: Python<'py>, status: &str, flow: &str) -> PyResult<Bound<'py, PyAny>> {
    Status::from(status).ways_on(&Flow::from(flow)).to_py(py)
}

/// The certificate profiles of the documents.
#[pyfunction(name = "profiles")]
fn all_profiles(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    profiles::profiles().to_py(py)
}

/// One of them.
#[pyfunction]
fn profile<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    profiles::profile(name).to_py(py)
}

/// Compares a request with the table of its profile.
#[pyfunction]
fn check_request<'py>(py: Python<'py>, request: &Bound<'py, PyAny>, flow: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    profiles::check_request(&NewRequest::from_py(request, "request")?, &Flow::from_py(flow, "flow")?).to_py(py)
}

/// Reads a recorded answer as a call would: for the vectors of the service's documents.
#[pyfunction]
fn parse_answer<'py>(py: Python<'py>, operation: &str, http_status: u16, body: &str) -> PyResult<Bound<'py, PyAny>> {
    let answer = videoid::ra::parse_answer(operation, http_status, body.as_bytes()).map_err(|error| errors::to_py(py, &error))?;
    json::to_py(py, &answer)
}

/// Registers what is in this file.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(status_next_steps, module)?)?;
    module.add_function(wrap_pyfunction!(status_is_final, module)?)?;
    module.add_function(wrap_pyfunction!(status_ways_on, module)?)?;
    module.add_function(wrap_pyfunction!(all_profiles, module)?)?;
    module.add_function(wrap_pyfunction!(profile, module)?)?;
    module.add_function(wrap_pyfunction!(check_request, module)?)?;
    module.add_function(wrap_pyfunction!(parse_answer, module)?)
}
