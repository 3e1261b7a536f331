//! What both clients share: they work in a forked child too, where they open connections of their own.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use videoid::HookFn;
use videoid::config::{OneShotConfig, RaConfig};

use crate::call::blocking;
use crate::convert::{ToPy, wrong_type};
use crate::runtime;

/// A client of the core.
pub(crate) trait Core: Clone + Send {
    /// Its settings.
    type Config: Clone + Send + Sync;

    /// Makes one.
    fn made(config: Self::Config, hooks: Option<HookFn>) -> videoid::Result<Self>;

    /// The settings that it was made with.
    fn settings(&self) -> &Self::Config;

    /// Ends it.
    fn end(&self);
}

macro_rules! core {
    ($client:ty, $config:ty) => {
        impl Core for $client {
            type Config = $config;

            fn made(config: $config, hooks: Option<HookFn>) -> videoid::Result<Self> {
                match hooks {
                    Some(hooks) => Self::with_hooks(config, hooks),
                    None => Self::new(config),
                }
            }

            fn settings(&self) -> &$config {
                self.config()
            }

            fn end(&self) {
                self.close();
            }
        }
    };
}

core!(videoid::RegistrationAuthority, RaConfig);
core!(videoid::OneShot, OneShotConfig);

/// A client and the process that it belongs to.
pub(crate) struct Held<C: Core> {
    /// The client and the generation of the process that made it. Locked only while the interpreter's lock is held and
    /// without waiting inside, so that no fork finds it locked.
    current: Mutex<(u32, C)>,
    hooks: Option<Arc<Py<PyAny>>>,
    closed: AtomicBool,
}

impl<C: Core> Held<C> {
    /// Reads the TLS files that the settings name; opens no connection.
    pub(crate) fn new(py: Python<'_>, config: C::Config, hooks: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        if hooks.as_ref().is_some_and(|hooks| !hooks.is_callable()) {
            return Err(wrong_type("hooks", "a callable"));
        }
        let hooks = hooks.map(|hooks| Arc::new(hooks.unbind()));
        let client = make(py, config, hooks.as_ref())?;
        Ok(Self { current: Mutex::new((runtime::generation(), client)), hooks, closed: AtomicBool::new(false) })
    }

    /// The settings.
    pub(crate) fn config(&self) -> C::Config {
        let (generation, client) = self.get();
        let config = client.settings().clone();
        keep_away(generation, client);
        config
    }

    /// Later calls fail with `client_closed`, running ones go on.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let (generation, client) = self.get();
        client.end();
        keep_away(generation, client);
    }

    /// Whether it was closed.
    pub(crate) fn closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    fn get(&self) -> (u32, C) {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The client of this process; a new one is made ready by `renew`.
    pub(crate) fn core(&self, py: Python<'_>, renew: impl FnOnce(&C) -> PyResult<()>) -> PyResult<C> {
        let (generation, client) = self.get();
        let now = runtime::generation();
        if generation == now {
            return Ok(client);
        }
        let fresh: C = make(py, client.settings().clone(), self.hooks.as_ref())?;
        renew(&fresh)?;
        if self.closed() {
            fresh.end();
        }
        let old = mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), (now, fresh.clone()));
        keep_away(generation, client);
        keep_away(old.0, old.1);
        Ok(fresh)
    }
}

/// Drops a client, unless it is of a process before a fork: its connections are the parent's, and the threads that its
/// drop would talk to are not here.
fn keep_away<C>(generation: u32, client: C) {
    if generation != runtime::generation() {
        mem::forget(client);
    }
}

fn make<C: Core>(py: Python<'_>, config: C::Config, hooks: Option<&Arc<Py<PyAny>>>) -> PyResult<C> {
    let hooks = hooks.map(report);
    blocking(py, move || Ok(C::made(config, hooks)?))
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
