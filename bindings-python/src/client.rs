//! The client behind `RegistrationAuthority` and `AsyncRegistrationAuthority`.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use videoid::config::{CertificateInfo, ClientIdentity, RaConfig};
use videoid::model::RequestPk;
use videoid::{HookFn, RegistrationAuthority, WaitFor};

use crate::call::{Arguments, Call, Options, blocking, blocking_async};
use crate::convert::{FromPy, ToPy, wrong_type};
use crate::runtime;
use crate::webhook::WebhookInbox;

/// The native half of a client. It works in a forked child too: there it opens connections of its own.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Client {
    /// The client and the generation of the process that made it. Locked only while the interpreter's lock is held and
    /// without waiting inside, so that no fork finds it locked.
    current: Mutex<(u32, RegistrationAuthority)>,
    hooks: Option<Arc<Py<PyAny>>>,
    /// The identity that was put in place of that of the settings, for a client in a forked child. Locked as `current`.
    identity: Mutex<Option<ClientIdentity>>,
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
        Ok(Self { current: Mutex::new((runtime::generation(), client)), hooks, identity: Mutex::default(), closed: AtomicBool::new(false) })
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

    /// What is known of the client certificate.
    fn client_certificate<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.ra(py)?.client_certificate().to_py(py)
    }

    /// Shows another client certificate from now on.
    fn replace_identity<'py>(&self, py: Python<'py>, identity: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (ra, identity) = (self.ra(py)?, ClientIdentity::from_py(identity, "identity")?);
        let info = blocking(py, || Ok(ra.replace_identity(&identity)?))?;
        self.keep_identity(identity);
        info.to_py(py)
    }

    /// As `replace_identity`, for an event loop.
    fn replace_identity_async<'py>(slf: &Bound<'py, Self>, identity: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (ra, identity) = (slf.get().ra(slf.py())?, ClientIdentity::from_py(identity, "identity")?);
        let own = slf.clone().unbind();
        blocking_async(slf.py(), move || Ok(Replaced { info: ra.replace_identity(&identity)?, identity, client: own }))
    }

    #[pyo3(signature = (request_pk, wait, inbox, options))]
    fn wait_for<'py>(
        &self,
        py: Python<'py>,
        request_pk: &Bound<'py, PyAny>,
        wait: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.waited(py, Call::sync(Arguments::new(&options)?), request_pk, wait, inbox)
    }

    #[pyo3(signature = (request_pk, wait, inbox, options))]
    fn wait_for_async<'py>(
        &self,
        py: Python<'py>,
        request_pk: &Bound<'py, PyAny>,
        wait: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.waited(py, Call::asyncio(py, Arguments::new(&options)?)?, request_pk, wait, inbox)
    }
}

impl Client {
    fn waited<'py>(
        &self,
        py: Python<'py>,
        call: Call,
        request_pk: &Bound<'py, PyAny>,
        wait: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (ra, request_pk) = (self.ra(py)?, RequestPk::from_py(request_pk, "request_pk")?);
        let (wait, inbox) = (WaitFor::from_py(wait, "wait")?, inbox.map(|inbox| inbox.get().inbox()));
        call.run(py, move |options| async move { Ok(ra.wait_for(request_pk, &wait, inbox.as_ref(), &options).await?) })
    }

    fn keep_identity(&self, identity: ClientIdentity) {
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
    }

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
        let identity = self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(identity) = identity {
            blocking(py, || Ok(fresh.replace_identity(&identity)?))?;
        }
        if self.closed() {
            fresh.close();
        }
        let old = mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), (now, fresh.clone()));
        keep_away(generation, client);
        keep_away(old.0, old.1);
        Ok(fresh)
    }
}

/// What the replacement of an identity gives; the client remembers it once Python gets the answer.
struct Replaced {
    info: CertificateInfo,
    identity: ClientIdentity,
    client: Py<Client>,
}

impl ToPy for Replaced {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.client.get().keep_identity(self.identity.clone());
        self.info.to_py(py)
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
