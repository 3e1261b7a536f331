//! The three workflows with a store and a listener in Python: one native half for all of them.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use videoid::RegistrationAuthority;
use videoid::evidence::Evidence;
use videoid::model::{DocumentType, NewRequest, RaoCredentials, RequestUpdate};
use videoid::workflow::{ClassicDocument, ClassicRequest, EidasVideoId, EvidenceDocument, ExternalVideoId, WaitLimits};

use crate::call::{Call, Options};
use crate::client::Client;
use crate::convert::{FromPy, ToPy};
use crate::running::{Flows as _, Running, asyncio, flows, sync};
use crate::webhook::WebhookInbox;

/// One of the three workflows of the core.
#[derive(Clone)]
enum Flow {
    External(ExternalVideoId),
    Eidas(EidasVideoId),
    Classic(ClassicRequest),
}

flows!(Flow, RegistrationAuthority, {
    "external_videoid" => External(ExternalVideoId),
    "eidas_videoid" => Eidas(EidasVideoId),
    "classic" => Classic(ClassicRequest),
});

/// Does the same with each of them.
macro_rules! each {
    ($flow:expr, $it:ident => $what:expr) => {
        match $flow {
            Flow::External($it) => $what,
            Flow::Eidas($it) => $what,
            Flow::Classic($it) => $what,
        }
    };
}

/// Takes the workflow that has the step; the classes of the package see to it that it is the right one.
macro_rules! only {
    ($flow:expr, $kind:path) => {
        match $flow {
            $kind(flow) => flow,
            _ => return Err(PyTypeError::new_err("this workflow has no such step")),
        }
    };
}

/// The native half of a workflow.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Workflow {
    client: Py<Client>,
    running: Running<Flow>,
}

impl Workflow {
    fn flow(&self, py: Python<'_>) -> PyResult<Flow> {
        self.running.flow(py, || self.client.get().ra(py))
    }
}

/// A document as Python gives it: its label or type, and where its bytes come from.
type Documents<'py> = Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

// Each step once, for both kinds of call.
impl Workflow {
    fn submitted<'py>(
        &self,
        py: Python<'py>,
        mut call: Call,
        (request, evidence, video): (&Bound<'py, PyAny>, &Bound<'py, PyAny>, &Bound<'py, PyAny>),
    ) -> PyResult<Bound<'py, PyAny>> {
        let flow = only!(self.flow(py)?, Flow::External);
        let (request, evidence) = (NewRequest::from_py(request, "request")?, Evidence::from_py(evidence, "evidence")?);
        let video = call.source(video, "video")?;
        call.run(py, move |options| async move { Ok(flow.submit(&request, &evidence, &video, &options).await?) })
    }

    fn submitted_classic<'py>(
        &self,
        py: Python<'py>,
        mut call: Call,
        request: &Bound<'py, PyAny>,
        documents: Documents<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let flow = only!(self.flow(py)?, Flow::Classic);
        let request = NewRequest::from_py(request, "request")?;
        let documents = documents
            .iter()
            .map(|(kind, source)| Ok(ClassicDocument::new(DocumentType::from_py(kind, "document_type")?, call.source(source, "document")?)))
            .collect::<PyResult<Vec<_>>>()?;
        call.run(py, move |options| async move { Ok(flow.submit(&request, &documents, &options).await?) })
    }

    fn started<'py>(&self, py: Python<'py>, call: Call, request: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (flow, request) = (only!(self.flow(py)?, Flow::Eidas), NewRequest::from_py(request, "request")?);
        call.run(py, move |options| async move { Ok(flow.start(&request, &options).await?) })
    }

    fn waited<'py>(
        &self,
        py: Python<'py>,
        call: Call,
        whom: &str,
        limits: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (flow, limits) = (only!(self.flow(py)?, Flow::Eidas), WaitLimits::from_py(limits, "limits")?);
        let (inbox, user) = (inbox.map(|inbox| inbox.get().inbox()), whom == "user");
        call.run(py, move |options| async move {
            Ok(if user {
                flow.wait_for_user(&limits, inbox.as_ref(), &options).await?
            } else {
                flow.wait_for_operator(&limits, inbox.as_ref(), &options).await?
            })
        })
    }

    fn completed<'py>(
        &self,
        py: Python<'py>,
        mut call: Call,
        update: Option<&Bound<'py, PyAny>>,
        documents: Documents<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let flow = only!(self.flow(py)?, Flow::Eidas);
        let update = update.map(|update| RequestUpdate::from_py(update, "update")).transpose()?;
        let documents = documents
            .iter()
            .map(|(label, source)| Ok(EvidenceDocument::new(String::from_py(label, "label")?, call.source(source, "document")?)))
            .collect::<PyResult<Vec<_>>>()?;
        call.run(py, move |options| async move { Ok(flow.complete(update.as_ref(), &documents, &options).await?) })
    }

    fn papers_fetched<'py>(&self, py: Python<'py>, call: Call, rao_id: String) -> PyResult<Bound<'py, PyAny>> {
        match self.flow(py)? {
            Flow::Eidas(flow) => call.run(py, move |options| async move { Ok(flow.papers(&rao_id, &options).await?) }),
            other => {
                let flow = only!(other, Flow::Classic);
                call.run(py, move |options| async move { Ok(flow.papers(&rao_id, &options).await?) })
            }
        }
    }

    fn validated<'py>(&self, py: Python<'py>, call: Call, rao: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let (flow, rao) = (only!(self.flow(py)?, Flow::External), RaoCredentials::from_py(rao, "rao")?);
        call.run(py, move |options| async move { Ok(flow.validate(&rao, &options).await?) })
    }

    fn approved<'py>(&self, py: Python<'py>, call: Call, rao: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let rao = RaoCredentials::from_py(rao, "rao")?;
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.approve(&rao, &options).await?) }))
    }

    fn refused<'py>(&self, py: Python<'py>, call: Call, rao: &Bound<'py, PyAny>, reason: String) -> PyResult<Bound<'py, PyAny>> {
        let (flow, rao) = (only!(self.flow(py)?, Flow::External), RaoCredentials::from_py(rao, "rao")?);
        call.run(py, move |options| async move { Ok(flow.refuse(&rao, &reason, &options).await?) })
    }

    fn cancelled<'py>(&self, py: Python<'py>, call: Call) -> PyResult<Bound<'py, PyAny>> {
        each!(self.flow(py)?, flow => call.run(py, move |options| async move { Ok(flow.cancel(&options).await?) }))
    }
}

#[pymethods]
impl Workflow {
    /// `flow` is a word of `Flow`.
    #[new]
    #[pyo3(signature = (client, flow, state = None, store = None, on_event = None))]
    fn new(
        py: Python<'_>,
        client: Py<Client>,
        flow: &str,
        state: Option<&str>,
        store: Option<Bound<'_, PyAny>>,
        on_event: Option<Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let running = Running::new(py, client.get().ra(py)?, flow, state, (store, on_event))?;
        Ok(Self { client, running })
    }

    /// The state as JSON.
    fn state(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.flow(py)?.state())
    }

    /// What can be done where the request does not go ahead.
    fn ways_on<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        each!(self.flow(py)?, flow => flow.ways_on()).to_py(py)
    }

    fn submit<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        evidence: &Bound<'py, PyAny>,
        video: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.submitted(py, sync(&options)?, (request, evidence, video))
    }

    fn submit_async<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        evidence: &Bound<'py, PyAny>,
        video: &Bound<'py, PyAny>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.submitted(py, asyncio(py, &options)?, (request, evidence, video))
    }

    fn submit_classic<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        documents: Documents<'py>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.submitted_classic(py, sync(&options)?, request, documents)
    }

    fn submit_classic_async<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        documents: Documents<'py>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.submitted_classic(py, asyncio(py, &options)?, request, documents)
    }

    fn start<'py>(&self, py: Python<'py>, request: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.started(py, sync(&options)?, request)
    }

    fn start_async<'py>(&self, py: Python<'py>, request: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.started(py, asyncio(py, &options)?, request)
    }

    /// `whom`: `user` or `operator`.
    #[pyo3(signature = (whom, limits, inbox, options))]
    fn wait<'py>(
        &self,
        py: Python<'py>,
        whom: &str,
        limits: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.waited(py, sync(&options)?, whom, limits, inbox)
    }

    /// `whom`: `user` or `operator`.
    #[pyo3(signature = (whom, limits, inbox, options))]
    fn wait_async<'py>(
        &self,
        py: Python<'py>,
        whom: &str,
        limits: &Bound<'py, PyAny>,
        inbox: Option<&Bound<'py, WebhookInbox>>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.waited(py, asyncio(py, &options)?, whom, limits, inbox)
    }

    #[pyo3(signature = (update, documents, options))]
    fn complete<'py>(
        &self,
        py: Python<'py>,
        update: Option<&Bound<'py, PyAny>>,
        documents: Documents<'py>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.completed(py, sync(&options)?, update, documents)
    }

    #[pyo3(signature = (update, documents, options))]
    fn complete_async<'py>(
        &self,
        py: Python<'py>,
        update: Option<&Bound<'py, PyAny>>,
        documents: Documents<'py>,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.completed(py, asyncio(py, &options)?, update, documents)
    }

    fn papers<'py>(&self, py: Python<'py>, rao_id: String, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.papers_fetched(py, sync(&options)?, rao_id)
    }

    fn papers_async<'py>(&self, py: Python<'py>, rao_id: String, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.papers_fetched(py, asyncio(py, &options)?, rao_id)
    }

    fn validate<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.validated(py, sync(&options)?, rao)
    }

    fn validate_async<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.validated(py, asyncio(py, &options)?, rao)
    }

    fn approve<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.approved(py, sync(&options)?, rao)
    }

    fn approve_async<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.approved(py, asyncio(py, &options)?, rao)
    }

    fn refuse<'py>(&self, py: Python<'py>, rao: &Bound<'py, PyAny>, reason: String, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.refused(py, sync(&options)?, rao, reason)
    }

    fn refuse_async<'py>(
        &self,
        py: Python<'py>,
        rao: &Bound<'py, PyAny>,
        reason: String,
        options: Options<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.refused(py, asyncio(py, &options)?, rao, reason)
    }

    fn cancel<'py>(&self, py: Python<'py>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.cancelled(py, sync(&options)?)
    }

    fn cancel_async<'py>(&self, py: Python<'py>, options: Options<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.cancelled(py, asyncio(py, &options)?)
    }
}
