//! Runs the machine against a client. One driver for the three flows, whose public types are thin.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};

use tokio::sync::Mutex;

use super::machine::{Action, Event, Goal, Machine, Rules, Seen};
use super::outcome::{EvidenceDocument, OfficerOutcome, Progressed, WaitLimits, WorkflowEvent};
use crate::config::{IncompleteIs, UploadOrder};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Evidence;
use crate::model::{
    CardSecrets, Declaration, Document, Flow, NewRequest, RaoCredentials, Request, RequestPk, RequestUpdate, Status, WayOn,
};
use crate::options::RequestOptions;
use crate::ra::{Pace, RegistrationAuthority};
use crate::secret::SensitiveString;
use crate::source::Source;
use crate::webhook::WebhookInbox;

/// Keeps the workflow's state. It is called with the state's JSON before and after each call that changes something, and awaited;
/// an error stops the workflow before the call.
pub type StoreFn = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// A function that is told what the workflow does. It is called on a worker thread and should return soon.
pub type EventFn = Arc<dyn Fn(&WorkflowEvent) + Send + Sync>;

/// One workflow of whichever flow. Clones share it; its steps run one after the other.
#[derive(Clone)]
pub(super) struct Workflow {
    shared: Arc<Shared>,
}

struct Shared {
    ra: RegistrationAuthority,
    machine: Mutex<Machine>,
    /// The state after the last event, readable while a step runs.
    latest: std::sync::Mutex<String>,
    /// The secrets that a step was given and has not handed out: they cannot be had again, so an error or a dropped call after
    /// them must not lose them. Not part of the state.
    secrets: std::sync::Mutex<Option<CardSecrets>>,
    store: Option<StoreFn>,
    events: Option<EventFn>,
}

/// What the caller gives for one run: whatever its calls may need.
#[derive(Default, Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) request: Option<&'a NewRequest>,
    pub(super) evidence: Option<&'a Evidence>,
    pub(super) video: Option<&'a Source>,
    pub(super) rao: Option<&'a RaoCredentials>,
    pub(super) rao_id: Option<&'a str>,
    pub(super) reason: Option<&'a str>,
    pub(super) update: Option<&'a RequestUpdate>,
    pub(super) documents: Documents<'a>,
}

/// The documents of one run.
#[derive(Default, Clone, Copy)]
pub(super) enum Documents<'a> {
    #[default]
    None,
    Evidence(&'a [EvidenceDocument]),
    Classic(&'a [super::ClassicDocument]),
}

/// What one run gave. Not part of the state.
#[derive(Default)]
pub(super) struct Run {
    pub(super) declaration: Option<Declaration>,
    pub(super) contract: Option<Document>,
    /// The request as it was read last.
    pub(super) request: Option<Request>,
    /// Whether an approval or a refusal was sent.
    pub(super) approved: bool,
    pub(super) refused: bool,
    /// Whether the machine waits for the service, the user or the operator.
    pub(super) waits: bool,
}

impl Workflow {
    pub(super) fn new(ra: RegistrationAuthority, flow: Flow) -> Self {
        Self::with(ra, Machine::of(flow), None, None)
    }

    pub(super) fn resume(ra: RegistrationAuthority, flow: &Flow, state: &str) -> Result<Self> {
        let machine = Machine::from_json(state)?;
        if machine.flow() != flow {
            return Err(Error::field(ErrorCode::FieldInvalid, "state", format!("of a workflow {}", flow.as_str())));
        }
        Ok(Self::with(ra, machine, None, None))
    }

    fn with(ra: RegistrationAuthority, mut machine: Machine, store: Option<StoreFn>, events: Option<EventFn>) -> Self {
        let assumed = &ra.config().assumptions;
        let rules = Rules::default()
            .incomplete_is_failure(assumed.incomplete_is == IncompleteIs::Failure)
            .video_first(assumed.upload_order == UploadOrder::VideoFirst)
            .papers_again(assumed.repeat_reading_posts);
        machine.assume(rules);
        let latest = std::sync::Mutex::new(machine.to_json());
        Self { shared: Arc::new(Shared { ra, machine: Mutex::new(machine), latest, secrets: std::sync::Mutex::default(), store, events }) }
    }

    pub(super) fn with_store(self, store: StoreFn) -> Self {
        let (machine, shared) = (self.snapshot(), &self.shared);
        Self::with(shared.ra.clone(), machine, Some(store), shared.events.clone())
    }

    pub(super) fn with_events(self, events: EventFn) -> Self {
        let (machine, shared) = (self.snapshot(), &self.shared);
        Self::with(shared.ra.clone(), machine, shared.store.clone(), Some(events))
    }

    /// The machine as the state has it.
    fn snapshot(&self) -> Machine {
        Machine::from_json(&self.state()).unwrap_or_default()
    }

    pub(super) fn state(&self) -> String {
        self.shared.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn ways_on(&self) -> Vec<WayOn> {
        self.snapshot().ways_on()
    }

    pub(super) fn ra(&self) -> &RegistrationAuthority {
        &self.shared.ra
    }

    /// The machine for one step, once the step that has it is done, unless the caller cancels meanwhile.
    pub(super) async fn machine(&self, options: &RequestOptions) -> Result<tokio::sync::MutexGuard<'_, Machine>> {
        let Some(cancel) = &options.cancel else { return Ok(self.shared.machine.lock().await) };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
            machine = self.shared.machine.lock() => Ok(machine),
        }
    }

    /// Runs the machine from an event until the goal is reached or it waits.
    pub(super) async fn run(&self, machine: &mut Machine, first: Event, given: &Given<'_>, options: &RequestOptions) -> Result<Run> {
        let mut run = Run::default();
        let mut action = self.advance(machine, first).await?;
        loop {
            let event = match action {
                Action::Done => return Ok(run),
                Action::Wait => {
                    run.waits = true;
                    return Ok(run);
                }
                Action::Persist => self.persist(machine).await?,
                // On the heap: a call that streams a body takes room, and a workflow that waits has none.
                Action::Call(call) => Box::pin(self.call(call, given, options, machine, &mut run)).await?,
            };
            action = self.advance(machine, event).await?;
        }
    }

    async fn advance(&self, machine: &mut Machine, event: Event) -> Result<Action> {
        let next = machine.advance(event);
        self.note(machine);
        if next.is_err() && machine.went_wrong() {
            // The next run has to know that this one said so, also in another process.
            self.persist(machine).await?;
        }
        next
    }

    /// Looks again and again until the goal is reached or the time is over. The workflow is free between two looks.
    pub(super) async fn wait(
        &self,
        goal: Goal,
        limits: &WaitLimits,
        inbox: Option<&WebhookInbox>,
        options: &RequestOptions,
    ) -> Result<Progressed> {
        let named = |e: Error| e.with_operation("get_request");
        let mut pace = Pace::new(limits.deadline_ms, limits.poll_ms, limits.max_poll_ms).map_err(named)?;
        let begin = async {
            let mut machine = self.machine(options).await?;
            // Says whether there is a request at all.
            machine.advance(Event::Begin(goal))?;
            machine.request_pk().ok_or_else(lost_request)
        };
        let pk = pace.attempt(begin).await?.ok_or_else(lost_request)?;
        pace.watch(pk, inbox);
        loop {
            let look = async {
                let mut machine = self.machine(options).await?;
                if machine.request_pk() != Some(pk) {
                    return Err(Error::new(ErrorCode::WorkflowStep, "the request was cancelled and forgotten meanwhile"));
                }
                let run = self.run(&mut machine, Event::Begin(goal), &Given::default(), options).await?;
                Ok((machine, run))
            };
            if let Some((machine, run)) = pace.attempt(Box::pin(look)).await? {
                if let Some(status) = machine.status() {
                    pace.saw(status);
                }
                if !run.waits {
                    self.persist(&machine).await?;
                    return progressed(&machine, run, Vec::new());
                }
            }
            pace.pause(options).await.map_err(named)?;
        }
    }

    /// Cancels the request and forgets it.
    pub(super) async fn cancel(&self, options: &RequestOptions) -> Result<Progressed> {
        let mut machine = self.machine(options).await?;
        self.run(&mut machine, Event::Begin(Goal::Cancelled), &Given::default(), options).await?;
        let (request_pk, status) = machine.left().map(|(pk, status)| (pk, status.clone())).ok_or_else(lost_request)?;
        // Those of the request that is no more.
        drop(self.take_secrets());
        Ok(Progressed { request_pk, status, videoid_status: None, videoid_link: None, ways_on: Vec::new(), warnings: Vec::new() })
    }

    /// Runs a step of the officer.
    pub(super) async fn officer(&self, goal: Goal, given: &Given<'_>, options: &RequestOptions) -> Result<OfficerOutcome> {
        let mut machine = self.machine(options).await?;
        let run = self.run(&mut machine, Event::Begin(goal), given, options).await?;
        if run.waits {
            return Err(Error::new(ErrorCode::Internal, "the workflow waits in an officer's step"));
        }
        // Papers that are read on the way to an approval are handed out with it; of a request that is past them they say nothing.
        let papers = run.approved || matches!(goal, Goal::Validated | Goal::Papers);
        Ok(OfficerOutcome {
            request_pk: machine.request_pk().ok_or_else(lost_request)?,
            status: machine.status().cloned().ok_or_else(lost_request)?,
            videoid_status: machine.videoid_status().map(str::to_owned),
            secrets: self.take_secrets(),
            declaration: run.declaration.filter(|_| papers),
            contract: run.contract.filter(|_| papers),
            warnings: Vec::new(),
        })
    }

    /// Keeps the state for [`state`](Self::state).
    pub(super) fn note(&self, machine: &Machine) {
        *self.shared.latest.lock().unwrap_or_else(PoisonError::into_inner) = machine.to_json();
    }

    /// Keeps secrets until a step hands them out. Later ones replace earlier ones; no answer without any does.
    pub(super) fn keep_secrets(&self, secrets: Option<CardSecrets>) {
        if secrets.is_some() {
            *self.shared.secrets.lock().unwrap_or_else(PoisonError::into_inner) = secrets;
        }
    }

    pub(super) fn take_secrets(&self) -> Option<CardSecrets> {
        self.shared.secrets.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) async fn persist(&self, machine: &Machine) -> Result<Event> {
        if let Some(store) = &self.shared.store {
            store(machine.to_json()).await?;
        }
        Ok(Event::Persisted)
    }

    fn emit(&self, event: WorkflowEvent) {
        if let Some(events) = &self.shared.events {
            events(&event);
        }
    }

    /// Tells of remarks, and gives them back for the outcome.
    pub(super) fn warn(&self, warnings: Vec<String>) -> Vec<String> {
        for text in &warnings {
            self.emit(WorkflowEvent { kind: "warning".into(), text: Some(text.clone()), ..WorkflowEvent::default() });
        }
        warnings
    }

    pub(super) fn step(&self, name: &str, machine: &Machine) {
        self.emit(WorkflowEvent {
            kind: "step".into(),
            step: Some(name.into()),
            request_pk: machine.request_pk(),
            ..WorkflowEvent::default()
        });
    }

    /// What the service shows, told on where the status is another one.
    pub(super) fn saw(&self, machine: &Machine, request: &Request) -> Seen {
        if machine.status() != Some(&request.status) || machine.request_pk() != Some(request.pk) {
            self.emit(WorkflowEvent {
                kind: "status".into(),
                status: Some(request.status.clone()),
                request_pk: Some(request.pk),
                ..WorkflowEvent::default()
            });
        }
        let mut seen = Seen::from(request);
        seen.video_identifier = self.ra().video_identifier(request);
        seen
    }

    pub(super) async fn read(&self, machine: &Machine, pk: RequestPk, options: &RequestOptions) -> Result<Request> {
        self.step("get_request", machine);
        self.ra().get_request(pk, None, options).await
    }
}

/// How far the request of a run has come.
pub(super) fn progressed(machine: &Machine, run: Run, warnings: Vec<String>) -> Result<Progressed> {
    Ok(Progressed {
        request_pk: machine.request_pk().ok_or_else(lost_request)?,
        status: machine.status().cloned().ok_or_else(lost_request)?,
        videoid_status: machine.videoid_status().map(str::to_owned),
        videoid_link: link(run.request),
        ways_on: machine.ways_on(),
        warnings,
    })
}

/// The link for the user, where the service shows one.
pub(super) fn link(request: Option<Request>) -> Option<SensitiveString> {
    request?.videoid_data?.videoid_link.filter(|link| !link.expose().trim().is_empty())
}

/// Whether nothing is left to be done before the certificate is issued.
pub(super) fn is_through(status: Option<&Status>) -> bool {
    matches!(status, Some(Status::EnrollReady | Status::Issued | Status::Renewed))
}

pub(super) fn lost_request() -> Error {
    Error::new(ErrorCode::Internal, "the workflow ended without a request")
}

impl fmt::Debug for Workflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workflow").field("ra", &self.shared.ra).finish_non_exhaustive()
    }
}

/// What the three public types have in common.
macro_rules! workflow_type {
    ($name:ident, $flow:expr) => {
        impl $name {
            /// A new workflow.
            pub fn new(ra: crate::ra::RegistrationAuthority) -> Self {
                Self { flow: super::driver::Workflow::new(ra, $flow) }
            }

            /// A workflow from the state that was kept.
            ///
            /// # Errors
            /// `format_unsupported`; `field_invalid` for what is no state, or is one of another flow.
            pub fn resume(ra: crate::ra::RegistrationAuthority, state: &str) -> crate::error::Result<Self> {
                super::driver::Workflow::resume(ra, &$flow, state).map(|flow| Self { flow })
            }

            /// The same workflow with a place to keep its state. To be set before the first step.
            pub fn with_store(self, store: super::driver::StoreFn) -> Self {
                Self { flow: self.flow.with_store(store) }
            }

            /// The same workflow with a listener. To be set before the first step.
            pub fn with_events(self, events: super::driver::EventFn) -> Self {
                Self { flow: self.flow.with_events(events) }
            }

            /// The state as JSON: ids, step and digests; no evidence, no documents, no credentials.
            pub fn state(&self) -> String {
                self.flow.state()
            }

            /// What can be done where the request does not go ahead, by the status that the service showed last: after
            /// VIDEOINCOMPLETE and VIDEOERROR for example. Sends nothing. Empty before there is a request. Advice, not a rule.
            pub fn ways_on(&self) -> Vec<crate::model::WayOn> {
                self.flow.ways_on()
            }

            /// Cancels the request and forgets it: the next first step takes another card and creates another request. The card of the
            /// cancelled one stays consumed.
            ///
            /// May be called again after an error: it looks at the request first. A request that is CANCELLED already is only forgotten.
            ///
            /// # Errors
            /// `workflow_step` before there is a request, or where it is not known whether one was created; `unexpected_status`
            /// for one that is issued; `invalid_status` where the service does not cancel it; `ambiguous`.
            pub async fn cancel(&self, options: &crate::options::RequestOptions) -> crate::error::Result<super::outcome::Progressed> {
                self.flow.cancel(options).await
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("ra", self.flow.ra()).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use workflow_type;
