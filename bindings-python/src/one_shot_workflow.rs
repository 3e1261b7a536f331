//! The two workflows of the One-Shot API with a store and a listener in Python: one native half for both.

use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use videoid::OneShot;
use videoid::evidence::Evidence;
use videoid::model::{NewVideoId, OneShotRao, OtpDelivery, Signing, VideoIdHandle};
use videoid::workflow::WaitLimits;
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};

use crate::call::{Call, Options};
use crate::convert::{self, FromPy};
use crate::one_shot::OneShotClient;
use crate::running::{Flows as _, Running, asyncio, flows, sync};
use crate::webhook::WebhookInbox;

/// One of the two workflows of the core.
#[derive(Clone)]
enum Flow {
    Eidas(OneShotEidas),
    External(OneShotExternal),
}

flows!(Flow, OneShot, { "eidas_videoid" => Eidas(OneShotEidas), "external_videoid" => External(OneShotExternal) });

/// Does the same with both of them.
macro_rules! each {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            Flow::Eidas($it) => $what,
            Flow::External($it) => $what,
        }
    };
}

/// The native half of a workflow of the One-Shot API.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct OneShotWorkflow {
    client: Py<OneShotClient>,
    running: Running<Flow>,
}

/// What a step gives: the value, or in an event loop its future.
type Given<'py> = PyResult<Bound<'py, PyAny>>;

fn no_such_step() -> PyErr {
    PyTypeError::new_err("this workflow has no such step")
}

// Each step once, for both kinds of call.
impl OneShotWorkflow {
    fn flow(&self, py: Python<'_>) -> PyResult<Flow> {
        self.running.flow(py, || self.client.get().core(py))
    }

    fn submitted<'py>(
        &self,
        py: Python<'py>,
        mut call: Call,
        (videoid, evidence, video): (&Bound<'py, PyAny>, &Bound<'py, PyAny>, &Bound<'py, PyAny>),
    ) -> Given<'py> {
        let Flow::External(flow) = self.flow(py)? else { return Err(no_such_step()) };
        let (videoid, evidence) = (NewVideoId::from_py(videoid, "videoid")?, Evidence::from_py(evidence, "evidence")?);
        let video = call.source(video, "video")?;
        call.run(py, move |options| async move { Ok(flow.submit(&videoid, &evidence, &video, &options).await?) })
    }

    fn started<'py>(&self, py: Python<'py>, call: Call, videoid: &Bound<'py, PyAny>) -> Given<'py> {
        let Flow::Eidas(flow) = self.flow(py)? else { return Err(no_such_step()) };
        let videoid = NewVideoId::from_py(videoid, "videoid")?;
        call.run(py, move |options| async move { Ok(flow.start(&videoid, &options).await?) })
    }

    fn waited<'py>(&self, py: Python<'py>, call: Call, limits: &Bound<'py, PyAny>, inbox: Option<&Bound<'py, WebhookInbox>>) -> Given<'py> {
        let Flow::Eidas(flow) = self.flow(py)? else { return Err(no_such_step()) };
        let (limits, inbox) = (WaitLimits::from_py(limits, "limits")?, inbox.map(|inbox| inbox.get().inbox()));
        call.run(py, move |options| async move { Ok(flow.wait_for_user(&limits, inbox.as_ref(), &options).await?) })
    }

    fn looked<'py>(&self, py: Python<'py>, call: Call) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.look(&options).await?) }))
    }

    fn validated<'py>(&self, py: Python<'py>, call: Call, rao: &Bound<'py, PyAny>) -> Given<'py> {
        let rao = OneShotRao::from_py(rao, "rao")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.validate(&rao, &options).await?) }))
    }

    fn approved<'py>(&self, py: Python<'py>, call: Call, rao: &Bound<'py, PyAny>) -> Given<'py> {
        let rao = OneShotRao::from_py(rao, "rao")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.approve(&rao, &options).await?) }))
    }

    fn refused<'py>(&self, py: Python<'py>, call: Call, rao: &Bound<'py, PyAny>, reason: String) -> Given<'py> {
        let rao = OneShotRao::from_py(rao, "rao")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.refuse(&rao, &reason, &options).await?) }))
    }

    fn documents_uploaded<'py>(&self, py: Python<'py>, mut call: Call, documents: &Bound<'py, PyAny>) -> Given<'py> {
        let documents = call.sources(documents, "documents")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.documents(documents, &options).await?) }))
    }

    fn contract_fetched<'py>(&self, py: Python<'py>, call: Call, path: PathBuf) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.contract(&path, &options).await?) }))
    }

    fn contract_seen<'py>(&self, py: Python<'py>, call: Call) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |_| async move { Ok(flow.contract_shown().await?) }))
    }

    fn otp_sent<'py>(&self, py: Python<'py>, call: Call, delivery_method: Option<&Bound<'py, PyAny>>) -> Given<'py> {
        let method: Option<OtpDelivery> = convert::optional(delivery_method, "delivery_method")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.otp(method.as_ref(), &options).await?) }))
    }

    fn signed<'py>(&self, py: Python<'py>, call: Call, signing: &Bound<'py, PyAny>) -> Given<'py> {
        let signing = Signing::from_py(signing, "signing")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.sign(&signing, &options).await?) }))
    }

    fn saved<'py>(&self, py: Python<'py>, call: Call, folder: PathBuf) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.save(&folder, &options).await?) }))
    }

    fn deleted<'py>(&self, py: Python<'py>, call: Call, folder: PathBuf) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.delete(&folder, &options).await?) }))
    }

    fn adopted<'py>(&self, py: Python<'py>, call: Call, handle: &Bound<'py, PyAny>) -> Given<'py> {
        let handle = VideoIdHandle::from_py(handle, "handle")?;
        each!(self.flow(py)?, flow => call.run(py, move |_| async move { Ok(flow.adopt(&handle).await?) }))
    }

    fn to_be_created_anew<'py>(&self, py: Python<'py>, call: Call) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |_| async move { Ok(flow.create_anew().await?) }))
    }

    fn cancelled<'py>(&self, py: Python<'py>, call: Call) -> Given<'py> {
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.cancel(&options).await?) }))
    }
}

#[pymethods]
impl OneShotWorkflow {
    /// `flow` is a word of `Flow`.
    #[new]
    #[pyo3(signature = (client, flow, state = None, store = None, on_event = None))]
    fn new(
        py: Python<'_>,
        client: Py<OneShotClient>,
        flow: &str,
        state: Option<&str>,
        store: Option<Bound<'_, PyAny>>,
        on_event: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let running = Running::new(py, client.get().core(py)?, flow, state, (store, on_event))?;
        Ok(Self { client, running })
    }

    /// The state as JSON.
    fn state(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.flow(py)?.state())
    }

    fn submit<'py>(
        &self,
        py: Python<'py>,
        videoid: &Bound<'py, PyAny>,
        evidence: &Bound<'py, PyAny>,
        video: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> Given<'py> {
        self.submitted(py, sync(&options)?, (videoid, evidence, video))
    }

    fn submit_async<'py>(
        &self,
        py: Python<'py>,
        videoid: &Bound<'py, PyAny>,
        evidence: &Bound<'py, PyAny>,
        video: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> Given<'py> {
        self.submitted(py, asyncio(py, &options)?, (videoid, evidence, video))
    }

    fn start<'py>(&self, py: Python<'py>, videoid: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.started(py, sync(&options)?, videoid)
    }

    fn start_async<'py>(&self, py: Python<'py>, videoid: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.started(py, asyncio(py, &options)?, videoid)
    }

    #[pyo3(signature = (limits, inbox, options))]
    fn wait_for_user<'py>(
        &self,
        py: Python<'py>,
        limits: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
        options: Options<'py>,
    ) -> Given<'py> {
        self.waited(py, sync(&options)?, limits, inbox)
    }

    #[pyo3(signature = (limits, inbox, options))]
    fn wait_for_user_async<'py>(
        &self,
        py: Python<'py>,
        limits: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
        options: Options<'py>,
    ) -> Given<'py> {
        self.waited(py, asyncio(py, &options)?, limits, inbox)
    }

    fn look<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.looked(py, sync(&options)?)
    }

    fn look_async<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.looked(py, asyncio(py, &options)?)
    }

    fn validate<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.validated(py, sync(&options)?, rao)
    }

    fn validate_async<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.validated(py, asyncio(py, &options)?, rao)
    }

    fn approve<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.approved(py, sync(&options)?, rao)
    }

    fn approve_async<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.approved(py, asyncio(py, &options)?, rao)
    }

    fn refuse<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, reason: String, options: Options<'py>) -> Given<'py> {
        self.refused(py, sync(&options)?, rao, reason)
    }

    fn refuse_async<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, reason: String, options: Options<'py>) -> Given<'py> {
        self.refused(py, asyncio(py, &options)?, rao, reason)
    }

    fn documents<'py>(&self, py: Python<'py>, documents: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.documents_uploaded(py, sync(&options)?, documents)
    }

    fn documents_async<'py>(&self, py: Python<'py>, documents: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.documents_uploaded(py, asyncio(py, &options)?, documents)
    }

    fn contract<'py>(&self, py: Python<'py>, path: PathBuf, options: Options<'py>) -> Given<'py> {
        self.contract_fetched(py, sync(&options)?, path)
    }

    fn contract_async<'py>(&self, py: Python<'py>, path: PathBuf, options: Options<'py>) -> Given<'py> {
        self.contract_fetched(py, asyncio(py, &options)?, path)
    }

    fn contract_shown<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.contract_seen(py, sync(&options)?)
    }

    fn contract_shown_async<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.contract_seen(py, asyncio(py, &options)?)
    }

    #[pyo3(signature = (delivery_method, options))]
    fn otp<'py>(&self, py: Python<'py>, delivery_method: Option<&Bound<'py, PyAny>>, options: Options<'py>) -> Given<'py> {
        self.otp_sent(py, sync(&options)?, delivery_method)
    }

    #[pyo3(signature = (delivery_method, options))]
    fn otp_async<'py>(&self, py: Python<'py>, delivery_method: Option<&Bound<'py, PyAny>>, options: Options<'py>) -> Given<'py> {
        self.otp_sent(py, asyncio(py, &options)?, delivery_method)
    }

    fn sign<'py>(&self, py: Python<'py>, signing: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.signed(py, sync(&options)?, signing)
    }

    fn sign_async<'py>(&self, py: Python<'py>, signing: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.signed(py, asyncio(py, &options)?, signing)
    }

    fn save<'py>(&self, py: Python<'py>, folder: PathBuf, options: Options<'py>) -> Given<'py> {
        self.saved(py, sync(&options)?, folder)
    }

    fn save_async<'py>(&self, py: Python<'py>, folder: PathBuf, options: Options<'py>) -> Given<'py> {
        self.saved(py, asyncio(py, &options)?, folder)
    }

    fn delete<'py>(&self, py: Python<'py>, folder: PathBuf, options: Options<'py>) -> Given<'py> {
        self.deleted(py, sync(&options)?, folder)
    }

    fn delete_async<'py>(&self, py: Python<'py>, folder: PathBuf, options: Options<'py>) -> Given<'py> {
        self.deleted(py, asyncio(py, &options)?, folder)
    }

    fn adopt<'py>(&self, py: Python<'py>, handle: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.adopted(py, sync(&options)?, handle)
    }

    fn adopt_async<'py>(&self, py: Python<'py>, handle: &Bound<'py, PyAny>, options: Options<'py>) -> Given<'py> {
        self.adopted(py, asyncio(py, &options)?, handle)
    }

    fn create_anew<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.to_be_created_anew(py, sync(&options)?)
    }

    fn create_anew_async<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.to_be_created_anew(py, asyncio(py, &options)?)
    }

    fn cancel<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.cancelled(py, sync(&options)?)
    }

    fn cancel_async<'py>(&self, py: Python<'py>, options: Options<'py>) -> Given<'py> {
        self.cancelled(py, asyncio(py, &options)?)
    }
}
