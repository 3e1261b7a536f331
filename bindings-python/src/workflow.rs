//! The three workflows with a store and a listener in Python: one native half for all of them.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use videoid::evidence::Evidence;
use videoid::model::{DocumentType, NewRequest, RaoCredentials, RequestUpdate};
use videoid::workflow::{ClassicDocument, ClassicRequest, EidasVideoId, EvidenceDocument, ExternalVideoId, WaitLimits};

use crate::call::{Arguments, Call, Options};
use crate::callbacks::{callable, keep, tell};
use crate::client::Client;
use crate::convert::{FromPy, ToPy, wrong_type};
use crate::errors;
use crate::runtime;
use crate::webhook::WebhookInbox;

/// One of the three workflows of the core.
#[derive(Clone)]
enum Flow {
    External(ExternalVideoId),
    Eidas(EidasVideoId),
    Classic(ClassicRequest),
}

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
    /// The workflow and the generation of the process that made it, as in [`Client`].
    current: Mutex<(u32, Flow)>,
    store: Option<Arc<Py<PyAny>>>,
    events: Option<Arc<Py<PyAny>>>,
}

impl Flow {
    fn with_callbacks(self, store: Option<&Arc<Py<PyAny>>>, events: Option<&Arc<Py<PyAny>>>) -> Self {
        fn put<T>(flow: T, callback: Option<&Arc<Py<PyAny>>>, with: impl FnOnce(T, Arc<Py<PyAny>>) -> T) -> T {
            match callback {
                Some(callback) => with(flow, Arc::clone(callback)),
                None => flow,
            }
        }
        macro_rules! both {
            ($kind:path, $flow:expr) => {
                $kind(put(put($flow, store, |f, store| f.with_store(keep(store))), events, |f, events| f.with_events(tell(events))))
            };
        }
        match self {
            Self::External(flow) => both!(Self::External, flow),
            Self::Eidas(flow) => both!(Self::Eidas, flow),
            Self::Classic(flow) => both!(Self::Classic, flow),
        }
    }
}

impl Workflow {
    fn flow(&self, py: Python<'_>) -> PyResult<Flow> {
        let (generation, flow) = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = runtime::generation();
        if generation == now {
            return Ok(flow);
        }
        let ra = self.client.get().ra(py)?;
        let fresh = match &flow {
            Flow::External(old) => ExternalVideoId::resume(ra, &old.state()).map(Flow::External),
            Flow::Eidas(old) => EidasVideoId::resume(ra, &old.state()).map(Flow::Eidas),
            Flow::Classic(old) => ClassicRequest::resume(ra, &old.state()).map(Flow::Classic),
        };
        let fresh = fresh.map_err(|e| errors::to_py(py, &e))?.with_callbacks(self.store.as_ref(), self.events.as_ref());
        let old = mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), (now, fresh.clone()));
        // They hold connections of the parent: see `client`.
        mem::forget((flow, old));
        Ok(fresh)
    }
}

/// A call in the calling thread.
fn sync(options: &Options<'_>) -> PyResult<Call> {
    Ok(Call::sync(Arguments::new(options)?))
}

/// A call that the running loop awaits.
fn asyncio(py: Python<'_>, options: &Options<'_>) -> PyResult<Call> {
    Call::asyncio(py, Arguments::new(options)?)
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
            Ok(match user {
                true => flow.wait_for_user(&limits, inbox.as_ref(), &options).await?,
                false => flow.wait_for_operator(&limits, inbox.as_ref(), &options).await?,
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
        let (store, events) = (callable(store, "store")?, callable(on_event, "on_event")?);
        let ra = client.get().ra(py)?;
        let made = match (flow, state) {
            ("external_videoid", None) => Ok(Flow::External(ExternalVideoId::new(ra))),
            ("external_videoid", Some(state)) => ExternalVideoId::resume(ra, state).map(Flow::External),
            ("eidas_videoid", None) => Ok(Flow::Eidas(EidasVideoId::new(ra))),
            ("eidas_videoid", Some(state)) => EidasVideoId::resume(ra, state).map(Flow::Eidas),
            ("classic", None) => Ok(Flow::Classic(ClassicRequest::new(ra))),
            ("classic", Some(state)) => ClassicRequest::resume(ra, state).map(Flow::Classic),
            _ => return Err(wrong_type("flow", "external_videoid, eidas_videoid or classic")),
        };
        let made = made.map_err(|e| errors::to_py(py, &e))?.with_callbacks(store.as_ref(), events.as_ref());
        Ok(Self { client, current: Mutex::new((runtime::generation(), made)), store, events })
    }

    /// The state as JSON.
    fn state(&self, py: Python<'_>) -> PyResult<String> {
        Ok(each!(self.flow(py)?, flow => flow.state()))
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
