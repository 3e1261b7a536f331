//! The native module `videoid._native`. Users see the package `videoid` in `python/videoid`, never this.

mod call;
mod callbacks;
mod client;
mod convert;
mod errors;
mod event_loop;
mod evidence;
mod generated;
mod held;
mod info;
mod json;
mod listing;
mod logging;
mod one_shot;
mod one_shot_workflow;
mod running;
mod runtime;
mod source;
mod webhook;
mod workflow;

use pyo3::prelude::*;

use crate::call::{Arguments, Call};

/// Panics inside a call: for the test that a panic is an exception that can be caught.
#[pyfunction]
fn provoke_panic(py: Python<'_>) -> PyResult<()> {
    Call::sync(Arguments::default()).wait(py, |_| async { panic!("provoked by a test") })
}

/// As [`provoke_panic`], in an event loop.
#[pyfunction]
fn provoke_panic_async(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    Call::asyncio(py, Arguments::default())?
        .start(py, |_| futures_util::future::lazy(|_| -> Result<bool, errors::Failure> { panic!("provoked by a test") }))
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    runtime::watch_forks();
    errors::hush_panics();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<client::Client>()?;
    module.add_class::<one_shot::OneShotClient>()?;
    module.add_class::<workflow::Workflow>()?;
    module.add_class::<one_shot_workflow::OneShotWorkflow>()?;
    source::register(module)?;
    evidence::register(module)?;
    info::register(module)?;
    listing::register(module)?;
    webhook::register(module)?;
    generated::register(module)?;
    module.add_function(wrap_pyfunction!(client::config_from_env, module)?)?;
    module.add_function(wrap_pyfunction!(one_shot::one_shot_config_from_env, module)?)?;
    module.add_function(wrap_pyfunction!(logging::log_to, module)?)?;
    module.add_function(wrap_pyfunction!(runtime::flush_callbacks, module)?)?;
    module.add_function(wrap_pyfunction!(runtime::shut_down, module)?)?;
    module.add_function(wrap_pyfunction!(provoke_panic, module)?)?;
    module.add_function(wrap_pyfunction!(provoke_panic_async, module)?)?;
    // The package says what is public, not this module; the stubs have no such list.
    module.delattr("__all__")
}
