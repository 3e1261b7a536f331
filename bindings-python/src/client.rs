//! The client behind `RegistrationAuthority` and `AsyncRegistrationAuthority`.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use videoid::config::RaConfig;
use videoid::{HookFn, RegistrationAuthority};

use crate::call::blocking;
use crate::convert::{FromPy, ToPy, wrong_type};
use crate::runtime;

/// The native half of a client. It works in a forked child too: there it opens connections of its own.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Client {
    /// The client and the generation of the process that made it. Locked only while the interpreter's lock is held and
    /// without waiting inside, so that no fork finds it locked.
    current: Mutex<(u32, RegistrationAuthority)>,
    hooks: Option<Arc<Py<PyAny>>>,
    closed: AtomicBool,
}

#[pymethods]
impl Client {
    /// Reads the TLS files that the settings name; opens no connection.
    #[new]
    #[pyo3(signature = (config, hooks = None))]
    fn new(py: Python<'_>, config: &Bound<'_, PyAny>, hooks: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        let config = RaConfig::from_py(config, "config")?;
        if hooks.as_ref().is_some_and(|hooks| !hooks.is_callable()) {
            return Err(wrong_type("hooks", "a callable"));
        }
        let hooks = hooks.map(|hooks| Arc::new(hooks.unbind()));
        let client = make(py, config, hooks.as_ref())?;
        Ok(Self { current: Mutex::new((runtime::generation(), client)), hooks, closed: AtomicBool::new(false) })
    }

    /// The settings.
    #[getter]
    fn config(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(self.get().1.config().to_py(py)?.unbind())
    }

    /// Ends the client: later calls fail with `client_closed`, running ones go on. Safe to repeat.
    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let (generation, client) = self.get();
        client.close();
        keep_away(generation, client);
    }

    /// Whether it was closed.
    #[getter]
    fn closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }
}

impl Client {
    fn get(&self) -> (u32, RegistrationAuthority) {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client of this process.
    pub(crate) fn ra(&self, py: Python<'_>) -> PyResult<RegistrationAuthority> {
        let (generation, client) = self.get();
        let now = runtime::generation();
        if generation == now {
            return Ok(client);
        }
        let fresh = make(py, client.config().clone(), self.hooks.as_ref())?;
        if self.closed() {
            fresh.close();
        }
        let old = mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), (now, fresh.clone()));
        keep_away(generation, client);
        keep_away(old.0, old.1);
        Ok(fresh)
    }
}

/// Drops a client, unless it is of a process before a fork: its connections are the parent's, and the threads that its
/// drop would talk to are not here.
fn keep_away(generation: u32, client: RegistrationAuthority) {
    if generation != runtime::generation() {
        mem::forget(client);
    }
}

fn make(py: Python<'_>, config: RaConfig, hooks: Option<&Arc<Py<PyAny>>>) -> PyResult<RegistrationAuthority> {
    let hooks = hooks.map(report);
    blocking(py, move || {
        Ok(match hooks {
            Some(hooks) => RegistrationAuthority::with_hooks(config, hooks)?,
            None => RegistrationAuthority::new(config)?,
        })
    })
}

/// A hook that calls Python on the callback thread, so that neither a worker nor the event loop waits for it.
fn report(callback: &Arc<Py<PyAny>>) -> HookFn {
    let callback = Arc::clone(callback);
    Arc::new(move |event| {
        let (callback, event) = (Arc::clone(&callback), event.clone());
        runtime::dispatch_bounded(move |py| {
            let called = event.to_py(py).and_then(|event| callback.call1(py, (event,)));
            if let Err(error) = called {
                // A hook that fails is the program's own trouble; the call goes on.
                error.write_unraisable(py, Some(callback.bind(py)));
            }
        });
    })
}

/// The settings that the environment variables hold.
#[pyfunction]
pub(crate) fn config_from_env(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    blocking(py, || Ok(RaConfig::from_env()?))?.to_py(py)
}
