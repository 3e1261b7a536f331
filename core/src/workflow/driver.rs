//! Runs the machine against a client: the part of the customer's backend, up to VIDEOREVIEW.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;

use super::digest::digests;
use super::machine::{Action, CallKind, Event, Goal, Machine, Seen};
use super::outcome::{Submission, WorkflowEvent};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Evidence;
use crate::model::{CardSecrets, NewRequest, Request, RequestFilter, ScratchcardSn, Status};
use crate::options::RequestOptions;
use crate::ra::RegistrationAuthority;
use crate::secret::SensitiveString;
use crate::source::Source;

/// Keeps the workflow's state. It is called with the state's JSON before and after each call that changes something, and awaited;
/// an error stops the workflow before the call.
pub type StoreFn = Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// A function that is told what the workflow does. It is called on a worker thread and should return soon.
pub type EventFn = Arc<dyn Fn(&WorkflowEvent) + Send + Sync>;

/// How often the status is read while the service has all pieces and has not moved on yet; each pause is longer.
const LOOKS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// How many pages are looked at for the request of a card: with the filter there is one.
const MAX_PAGES: u32 = 50;

/// One External VideoID on the RA API, from the scratchcard to ENROLLREADY.
///
/// Clones share one workflow; its steps run one after the other. After an error the same step may be called again: it looks at the
/// service first and goes on from there. To go on in another process keep [`state`](Self::state) and give it to
/// [`resume`](Self::resume), with the same request, evidence and video.
#[derive(Clone)]
pub struct ExternalVideoId {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) ra: RegistrationAuthority,
    pub(super) machine: Mutex<Machine>,
    /// The state after the last event, readable while a step runs.
    latest: std::sync::Mutex<String>,
    /// The secrets that a step was given and has not handed out: they cannot be had again, so an error or a dropped call after
    /// them must not lose them. Not part of the state.
    secrets: std::sync::Mutex<Option<CardSecrets>>,
    store: Option<StoreFn>,
    events: Option<EventFn>,
}

impl ExternalVideoId {
    /// A new workflow.
    pub fn new(ra: RegistrationAuthority) -> Self {
        Self::with(ra, Machine::new(), None, None)
    }

    /// A workflow from the state that was kept.
    ///
    /// # Errors
    /// `format_unsupported`; `field_invalid` for what is no state.
    pub fn resume(ra: RegistrationAuthority, state: &str) -> Result<Self> {
        Ok(Self::with(ra, Machine::from_json(state)?, None, None))
    }

    fn with(ra: RegistrationAuthority, machine: Machine, store: Option<StoreFn>, events: Option<EventFn>) -> Self {
        let latest = std::sync::Mutex::new(machine.to_json());
        Self { shared: Arc::new(Shared { ra, machine: Mutex::new(machine), latest, secrets: std::sync::Mutex::default(), store, events }) }
    }

    /// The same workflow with a place to keep its state. To be set before the first step.
    pub fn with_store(self, store: StoreFn) -> Self {
        let (ra, machine, events) = self.parts();
        Self::with(ra, machine, Some(store), events)
    }

    /// The same workflow with a listener. To be set before the first step.
    pub fn with_events(self, events: EventFn) -> Self {
        let store = self.shared.store.clone();
        let (ra, machine, _) = self.parts();
        Self::with(ra, machine, store, Some(events))
    }

    fn parts(self) -> (RegistrationAuthority, Machine, Option<EventFn>) {
        let machine = Machine::from_json(&self.state()).unwrap_or_default();
        (self.shared.ra.clone(), machine, self.shared.events.clone())
    }

    /// The state as JSON: ids, step and digests; no evidence, no credentials.
    pub fn state(&self) -> String {
        self.shared.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW.
    ///
    /// `request` needs neither card nor `videoid_mode`; both are filled in. Progress counts each upload from zero. May be called
    /// again after an error: what was done is not done twice.
    ///
    /// # Errors
    /// Those of the calls; `no_scratchcard`; `unexpected_status`; `field_invalid` where evidence or video are not those of
    /// the state.
    pub async fn submit(&self, request: &NewRequest, evidence: &Evidence, video: &Source, options: &RequestOptions) -> Result<Submission> {
        crate::ra::checked_inputs(&self.shared.ra, request)?;
        crate::ra::checked_video(video.clone(), self.shared.ra.config().limits.clone()).await?;
        let (evidence_sha256, video_sha256) = digests(evidence, video).await?;
        let mut machine = self.shared.machine.lock().await;
        machine.bind(evidence_sha256, video_sha256)?;
        let mut warnings: Vec<String> = evidence.report().findings.iter().map(|f| format!("{}: {}", f.field, f.rule)).collect();
        for text in &warnings {
            self.shared.emit(WorkflowEvent { kind: "warning".into(), text: Some(text.clone()), ..WorkflowEvent::default() });
        }
        let mut looks = 0;
        let mut action = machine.advance(Event::Begin(Goal::Review))?;
        loop {
            self.shared.note(&machine);
            let event = match action {
                Action::Done => break,
                Action::Wait if looks == LOOKS => {
                    if machine.status() == Some(&Status::VideoIncomplete) {
                        // It misses a piece that it took before; called again, the flow sends both anew.
                        machine.upload_again();
                        self.shared.persist(&machine).await?;
                    }
                    warnings
                        .push("all pieces are uploaded and the service has not moved on to VIDEOREVIEW yet: read the request later".into());
                    break;
                }
                Action::Wait => {
                    pause(FIRST_PAUSE * (1 << looks.min(5)), options).await?;
                    looks += 1;
                    Event::Waited
                }
                Action::Persist => self.shared.persist(&machine).await?,
                Action::Call(call) => self.customer_call(call, request, evidence, video, options, &machine).await?,
            };
            let next = machine.advance(event);
            self.shared.note(&machine);
            if next.is_err() && machine.status() == Some(&Status::VideoError) {
                // The next run has to know that this one said so, also in another process.
                self.shared.persist(&machine).await?;
            }
            action = next?;
        }
        self.shared.note(&machine);
        Ok(Submission {
            request_pk: machine.request_pk().ok_or_else(lost_request)?,
            scratchcard: machine.scratchcard().cloned().unwrap_or_else(|| ScratchcardSn(String::new())),
            videoid_pk: machine.videoid_pk(),
            video_identifier: machine.video_identifier().cloned(),
            status: machine.status().cloned().ok_or_else(lost_request)?,
            warnings,
        })
    }

    async fn customer_call(
        &self,
        call: CallKind,
        request: &NewRequest,
        evidence: &Evidence,
        video: &Source,
        options: &RequestOptions,
        machine: &Machine,
    ) -> Result<Event> {
        let shared = &self.shared;
        // Only uploads report progress.
        let mut quiet = options.clone();
        quiet.progress = None;
        match call {
            CallKind::TakeCard => {
                shared.step("get_first_unused_scratchcard", machine);
                let card = shared.ra.get_first_unused_scratchcard(request.registration_authority.as_ref(), &quiet).await?;
                Ok(Event::Card(card.sn))
            }
            CallKind::Create(sn) => {
                shared.step("create_request", machine);
                let mut request = request.clone();
                request.scratchcard = Some(sn);
                request.videoid_mode = Some(1);
                match shared.ra.create_request(&request, &quiet).await {
                    Ok(created) => Ok(shared.saw(machine, &created)),
                    Err(e) if e.code() == ErrorCode::ScratchcardInvalid => Ok(Event::CardRefused),
                    Err(e) => Err(e),
                }
            }
            CallKind::FindByCard(sn) => {
                shared.step("list_requests", machine);
                match self.find_by_card(&sn, &quiet).await? {
                    None => Ok(Event::NoRequest),
                    // A card is not reserved: a request of it may be another person's.
                    Some(found) if !is_ours(&found, request) => Ok(Event::CardRefused),
                    Some(found) => Ok(shared.saw(machine, &found)),
                }
            }
            CallKind::UploadEvidence(pk) => {
                shared.step("upload_evidence", machine);
                shared.ra.upload_evidence(pk, evidence, options).await.map(|_| Event::EvidenceUploaded)
            }
            CallKind::UploadVideo(identifier) => {
                shared.step("upload_video", machine);
                shared.ra.upload_video(&identifier, video, options).await.map(|_| Event::VideoUploaded)
            }
            CallKind::Read(pk) => shared.read(machine, pk, &quiet).await,
            _ => Err(Error::new(ErrorCode::Internal, "an officer's call came up before review")),
        }
    }

    /// The request that consumed a card. Each page is looked at: should the service not know the filter, a request that is not on
    /// the first page must not be taken for one that does not exist.
    async fn find_by_card(&self, sn: &ScratchcardSn, options: &RequestOptions) -> Result<Option<Request>> {
        let mut filter = RequestFilter { scratchcard: Some(sn.clone()), ..RequestFilter::default() };
        for _ in 0..MAX_PAGES {
            let mut page = self.shared.ra.list_requests(&filter, options).await?;
            if let Some(at) = page.results.iter().position(|found| found.scratchcard.as_ref() == Some(sn)) {
                return Ok(Some(page.results.swap_remove(at)));
            }
            if page.next_page.is_none() || page.results.is_empty() {
                return Ok(None);
            }
            filter.page = page.next_page;
        }
        Err(Error::new(
            ErrorCode::UnexpectedAnswer,
            "the service lists too many requests to say whether one has the card: look for the card by hand",
        ))
    }
}

/// Whether a request that was found by its card is the one that was sent.
fn is_ours(found: &Request, sent: &NewRequest) -> bool {
    let same = |a: Option<&str>, b: Option<&str>| match (a, b) {
        (Some(a), Some(b)) => a.trim().eq_ignore_ascii_case(b.trim()),
        (None, Some(_)) => false,
        (_, None) => true,
    };
    // What the service does not show of these says nothing; what it shows must be the same.
    let not_other = |a: Option<&SensitiveString>, b: Option<&SensitiveString>| {
        let (a, b) = (a.map_or("", |s| s.expose().trim()), b.map_or("", |s| s.expose().trim()));
        a.is_empty() || b.is_empty() || a.to_lowercase() == b.to_lowercase()
    };
    same(found.email.as_ref().map(|s| s.expose().as_str()), Some(sent.email.expose()))
        && same(found.profile.as_deref(), Some(&sent.profile))
        && same(found.serial_number.as_ref().map(|s| s.expose().as_str()), sent.serial_number.as_ref().map(|s| s.expose().as_str()))
        && same(found.given_name.as_ref().map(|s| s.expose().as_str()), sent.given_name.as_ref().map(|s| s.expose().as_str()))
        && same(
            found.mobile_phone_number.as_ref().map(|s| s.expose().as_str()),
            sent.mobile_phone_number.as_ref().map(|s| s.expose().as_str()),
        )
        && not_other(found.surname_1.as_ref(), sent.surname_1.as_ref())
        && not_other(found.surname_2.as_ref(), sent.surname_2.as_ref())
        && not_other(found.birth_date.as_ref(), sent.birth_date.as_ref())
        && not_other(found.id_document_number.as_ref(), sent.id_document_number.as_ref())
}

/// Waits, unless the caller cancels meanwhile.
async fn pause(duration: Duration, options: &RequestOptions) -> Result<()> {
    let pause = tokio::time::sleep(duration);
    let Some(cancel) = &options.cancel else {
        pause.await;
        return Ok(());
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
        () = pause => Ok(()),
    }
}

pub(super) fn lost_request() -> Error {
    Error::new(ErrorCode::Internal, "the workflow ended without a request")
}

impl Shared {
    /// Keeps the state for [`ExternalVideoId::state`].
    pub(super) fn note(&self, machine: &Machine) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = machine.to_json();
    }

    /// Keeps secrets until a step hands them out. Later ones replace earlier ones; no answer without any does.
    pub(super) fn keep_secrets(&self, secrets: Option<CardSecrets>) {
        if secrets.is_some() {
            *self.secrets.lock().unwrap_or_else(PoisonError::into_inner) = secrets;
        }
    }

    pub(super) fn take_secrets(&self) -> Option<CardSecrets> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) async fn persist(&self, machine: &Machine) -> Result<Event> {
        if let Some(store) = &self.store {
            store(machine.to_json()).await?;
        }
        Ok(Event::Persisted)
    }

    pub(super) fn emit(&self, event: WorkflowEvent) {
        if let Some(events) = &self.events {
            events(&event);
        }
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
    pub(super) fn saw(&self, machine: &Machine, request: &Request) -> Event {
        if machine.status() != Some(&request.status) || machine.request_pk() != Some(request.pk) {
            self.emit(WorkflowEvent {
                kind: "status".into(),
                status: Some(request.status.clone()),
                request_pk: Some(request.pk),
                ..WorkflowEvent::default()
            });
        }
        Event::Request(Seen::from(request))
    }

    pub(super) async fn read(&self, machine: &Machine, pk: crate::model::RequestPk, options: &RequestOptions) -> Result<Event> {
        self.step("get_request", machine);
        let request = self.ra.get_request(pk, None, options).await?;
        Ok(self.saw(machine, &request))
    }
}

impl fmt::Debug for ExternalVideoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalVideoId").field("ra", &self.shared.ra).finish_non_exhaustive()
    }
}
