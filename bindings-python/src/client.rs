//! The client behind `RegistrationAuthority` and `AsyncRegistrationAuthority`.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use videoid::config::{CertificateInfo, ClientIdentity, RaConfig};
use videoid::model::RequestPk;
use videoid::{RegistrationAuthority, WaitFor};

use crate::call::{Arguments, Call, Options, blocking, blocking_async};
use crate::convert::{FromPy, ToPy};
use crate::held::Held;
use crate::webhook::WebhookInbox;

/// The native half of a client. It works in a forked child too: there it opens connections of its own.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Client {
    held: Held<RegistrationAuthority>,
    /// The identity that was put in place of that of the settings, for a client in a forked child. Locked only while the
    /// interpreter's lock is held and without waiting inside, so that no fork finds it locked.
    identity: Mutex<Option<ClientIdentity>>,
}

#[pymethods]
impl Client {
    /// Reads the TLS files that the settings name; opens no connection.
    #[new]
    #[pyo3(signature = (config, hooks = None))]
    fn new(py: Python<'_>, config: &Bound<'_, PyAny>, hooks: Option<Bound<'_, PyAny>>) -> PyResult<Self> {
        Ok(Self { held: Held::new(py, RaConfig::from_py(config, "config")?, hooks)?, identity: Mutex::default() })
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

    /// The client of this process.
    pub(crate) fn core(&self, py: Python<'_>) -> PyResult<RegistrationAuthority> {
        self.held.core(py, |fresh| {
            let identity = self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone();
            match identity {
                Some(identity) => blocking(py, || Ok(fresh.replace_identity(&identity)?)).map(drop),
                None => Ok(()),
            }
        })
    }

    /// The same, by the name of its API.
    pub(crate) fn ra(&self, py: Python<'_>) -> PyResult<RegistrationAuthority> {
        self.core(py)
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

/// The settings that the environment variables hold.
#[pyfunction]
pub(crate) fn config_from_env(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    blocking(py, || Ok(RaConfig::from_env()?))?.to_py(py)
}
