//! The client behind `OneShot` and `AsyncOneShot`. Its operations are generated.

use pyo3::prelude::*;
use videoid::OneShot;
use videoid::config::OneShotConfig;

use crate::call::{Call, blocking};
use crate::convert::{FromPy, ToPy, wrong_type};
use crate::held::Held;

/// The native half of a client of the One-Shot API. It works in a forked child too: there it opens connections of its own.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct OneShotClient {
    held: Held<OneShot>,
}

#[pymethods]
impl OneShotClient {
    /// Reads the TLS files that the settings name; opens no connection.
    #[new]
    #[pyo3(signature = (config, hooks = None))]
    fn new(py: Python<'_>, config: &Bound<'_, PyAny>, hooks: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        Ok(Self { held: Held::new(py, OneShotConfig::from_py(config, "config")?, hooks)? })
    }

    /// The settings.
    #[getter]
    fn config(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.held.config().to_py(py)?.unbind())
    }

    /// Ends the client: later calls fail with `client_closed`, running ones go on. Safe to repeat.
    fn close(&self) {
        self.held.close();
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.held.closed()
    }
}

impl OneShotClient {
    /// The client of this process.
    pub(crate) fn core(&self, py: Python<'_>) -> PyResult<OneShot> {
        self.held.core(py, |_| Ok(()))
    }
}

impl Call {
    /// The source that an argument names, where it is given.
    pub(crate) fn optional_source(&mut self, value: Option<&Bound<'_, PyAny>>, what: &str) -> PyResult<Option<videoid::Source>> {
        value.filter(|value| !value.is_none()).map(|value| self.source(value, what)).transpose()
    }

    /// The sources of a list.
    pub(crate) fn sources(&mut self, values: &Bound<'_, PyAny>, what: &str) -> PyResult<Vec<videoid::Source>> {
        // A path or bytes could be walked through too, letter by letter.
        let list = values.is_instance_of::<pyo3::types::PyList>() || values.is_instance_of::<pyo3::types::PyTuple>();
        if !list {
            return Err(wrong_type(what, "a list or tuple of sources"));
        }
        values.try_iter()?.enumerate().map(|(index, value)| self.source(&value?, &format!("{what}[{index}]"))).collect()
    }
}

/// The settings that the environment variables hold.
#[pyfunction]
pub(crate) fn one_shot_config_from_env(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    blocking(py, || Ok(OneShotConfig::from_env()?))?.to_py(py)
}
