//! Runs the machine against a client.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use tokio::sync::{Mutex, MutexGuard};

use super::calls::{Given, Got, described};
use super::machine::{OneShotAction, OneShotEvent, OneShotGoal};
use super::outcome::{OneShotOutcome, OneShotStarted, SavedDocuments};
use super::state::OneShotMachine;
use crate::config::{IncompleteIs, UploadOrder};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::evidence::Evidence;
use crate::model::{DownloadedFile, Flow, NewVideoId, OneShotRao, Otp, OtpDelivery, Signing, Status, VideoIdHandle};
use crate::one_shot::OneShot;
use crate::options::RequestOptions;
use crate::ra::Pace;
use crate::secret::SensitiveString;
use crate::source::Source;
use crate::webhook::WebhookInbox;
use crate::workflow::digest::digests;
use crate::workflow::external::{FIRST_PAUSE, LOOKS, pause};
use crate::workflow::{EventFn, StoreFn, WaitLimits, WorkflowEvent};

pub(super) struct Shared {
    pub(super) client: OneShot,
    machine: Mutex<OneShotMachine>,
    /// The state after the last event, readable while a step runs.
    latest: std::sync::Mutex<String>,
    /// The user's link, which the service may show only once. Not part of the state.
    link: std::sync::Mutex<Option<SensitiveString>>,
    store: Option<StoreFn>,
    events: Option<EventFn>,
}

impl Shared {
    fn note(&self, machine: &OneShotMachine) {
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = machine.to_json();
    }

    /// The machine for one step, once the step that has it is done, unless the caller cancels meanwhile.
    async fn machine(&self, options: &RequestOptions) -> Result<MutexGuard<'_, OneShotMachine>> {
        let Some(cancel) = &options.cancel else { return Ok(self.machine.lock().await) };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
            machine = self.machine.lock() => Ok(machine),
        }
    }

    /// Keeps the first link that the service shows.
    pub(super) fn keep_link(&self, link: Option<SensitiveString>) {
        let mut kept = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = kept.take().or(link);
    }

    async fn persist(&self, machine: &OneShotMachine) -> Result<()> {
        match &self.store {
            Some(store) => store(machine.to_json()).await,
            None => Ok(()),
        }
    }

    pub(super) fn emit(&self, event: WorkflowEvent) {
        if let Some(events) = &self.events {
            events(&event);
        }
    }

    pub(super) fn step(&self, name: &str, machine: &OneShotMachine) {
        let request_pk = machine.handle().map(|handle| handle.request_pk);
        self.emit(WorkflowEvent { kind: "step".into(), step: Some(name.into()), request_pk, ..WorkflowEvent::default() });
    }

    /// Runs to a goal. Says whether it ended because the service has not moved on yet.
    async fn run(
        &self,
        machine: &mut OneShotMachine,
        goal: OneShotGoal,
        given: &Given<'_>,
        got: &mut Got,
        options: &RequestOptions,
    ) -> Result<bool> {
        let mut action = machine.advance(OneShotEvent::Begin(goal))?;
        let mut looks = 0;
        loop {
            self.note(machine);
            let event = match action {
                OneShotAction::Done => return Ok(false),
                OneShotAction::Persist => {
                    self.persist(machine).await?;
                    OneShotEvent::Persisted
                }
                OneShotAction::Wait if looks == LOOKS => return Ok(true),
                OneShotAction::Wait => {
                    pause(FIRST_PAUSE * (1 << looks.min(5)), options).await?;
                    looks += 1;
                    OneShotEvent::Waited
                }
                OneShotAction::Call(call) => {
                    let mutation = call.is_mutation();
                    match self.make(call, machine, given, got, options).await {
                        Ok(event) => event,
                        Err(error) => {
                            // What surely was not carried out is not looked up later. A success whose answer cannot be read was.
                            let success = error.http_status().is_some_and(|status| (200..300).contains(&status));
                            let refused = error.wire() != Wire::MayBeProcessed && error.code() != ErrorCode::UnexpectedAnswer && !success;
                            if mutation && refused {
                                machine.advance(OneShotEvent::NotDone)?;
                                self.note(machine);
                                self.persist(machine).await?;
                            }
                            return Err(error);
                        }
                    }
                }
            };
            let next = machine.advance(event);
            self.note(machine);
            if next.is_err() {
                self.persist(machine).await?;
            }
            action = next?;
        }
    }

    fn outcome(&self, machine: &OneShotMachine, warnings: Vec<String>) -> Result<OneShotOutcome> {
        for text in &warnings {
            self.emit(WorkflowEvent { kind: "warning".into(), text: Some(text.clone()), ..WorkflowEvent::default() });
        }
        let status = machine.status().cloned().ok_or_else(lost)?;
        Ok(OneShotOutcome {
            handle: machine.handle().ok_or_else(lost)?,
            ways_on: status.ways_on(&machine.one_shot_flow),
            status,
            videoid_status: machine.videoid_status().map(str::to_owned),
            approved: machine.is_approved(),
            waits_for: machine.waits_for(),
            warnings,
        })
    }
}

fn lost() -> Error {
    Error::new(ErrorCode::Internal, "the workflow ended without a request")
}

/// What both workflows share.
macro_rules! one_shot_workflow {
    ($name:ident, $flow:expr) => {
        impl $name {
            /// A new workflow.
            pub fn new(client: OneShot) -> Self {
                let video_first = client.config().assumptions.upload_order == UploadOrder::VideoFirst;
                Self::with(client, OneShotMachine::new($flow, video_first), None, None)
            }

            /// A workflow from the state that was kept.
            ///
            /// # Errors
            /// `format_unsupported`; `field_invalid` for what is no state of this workflow.
            pub fn resume(client: OneShot, state: &str) -> Result<Self> {
                Ok(Self::with(client, OneShotMachine::from_json(state, &$flow)?, None, None))
            }

            fn with(client: OneShot, machine: OneShotMachine, store: Option<StoreFn>, events: Option<EventFn>) -> Self {
                let latest = std::sync::Mutex::new(machine.to_json());
                let link = std::sync::Mutex::default();
                Self { shared: Arc::new(Shared { client, machine: Mutex::new(machine), latest, link, store, events }) }
            }

            fn again(&self, store: Option<StoreFn>, events: Option<EventFn>) -> Self {
                let fresh = || OneShotMachine::new($flow, false);
                let machine = OneShotMachine::from_json(&self.state(), &$flow).unwrap_or_else(|_| fresh());
                Self::with(self.shared.client.clone(), machine, store, events)
            }

            /// The same workflow with a place to keep its state. To be set before the first step.
            pub fn with_store(self, store: StoreFn) -> Self {
                self.again(Some(store), self.shared.events.clone())
            }

            /// The same workflow with a listener. To be set before the first step.
            pub fn with_events(self, events: EventFn) -> Self {
                self.again(self.shared.store.clone(), Some(events))
            }

            /// The state as JSON: ids, step and digests; no evidence, no credentials, no link.
            pub fn state(&self) -> String {
                self.shared.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }

            /// Reads the request and says where it stands. Safe to repeat.
            ///
            /// # Errors
            /// Those of `get_oneshot_request`; `workflow_step` before the request exists.
            pub async fn look(&self, options: &RequestOptions) -> Result<OneShotOutcome> {
                self.goal(OneShotGoal::Looked, Given::default(), options).await.map(|(outcome, _)| outcome)
            }

            /// Goes on with a request that was found after the answer of the create call was lost.
            ///
            /// # Errors
            /// `workflow_step` where the workflow has a request already.
            pub async fn adopt(&self, handle: &VideoIdHandle) -> Result<()> {
                let mut machine = self.shared.machine.lock().await;
                machine.adopt(*handle)?;
                self.shared.note(&machine);
                self.shared.persist(&machine).await
            }

            /// Says that the create call whose answer was lost was not carried out, as the registration authority knows: the next step
            /// creates the request.
            ///
            /// # Errors
            /// `workflow_step` where no such call is open.
            pub async fn create_anew(&self) -> Result<()> {
                let mut machine = self.shared.machine.lock().await;
                machine.create_anew()?;
                self.shared.note(&machine);
                self.shared.persist(&machine).await
            }

            /// Validates as an officer: the first step of the 2-step mode, in the dialect Legacy.
            ///
            /// May be called again after an error: it looks at the request first.
            ///
            /// # Errors
            /// `unsupported` in Current; those of the calls; `unexpected_status`.
            pub async fn validate(&self, rao: &OneShotRao, options: &RequestOptions) -> Result<OneShotOutcome> {
                self.goal(OneShotGoal::Validated, Given { rao: Some(rao), ..Given::default() }, options).await.map(|(outcome, _)| outcome)
            }

            /// Approves as an officer and reads the status back. Nothing is sent where the request is ENROLLREADY already. An approval
            /// that leaves it short of that is an outcome with `approved` false.
            ///
            /// May be called again after an error: it looks at the request first.
            ///
            /// # Errors
            /// Those of the calls; `unexpected_status` where an officer cannot decide yet or it was refused.
            pub async fn approve(&self, rao: &OneShotRao, options: &RequestOptions) -> Result<OneShotOutcome> {
                self.goal(OneShotGoal::Approved, Given { rao: Some(rao), ..Given::default() }, options).await.map(|(outcome, _)| outcome)
            }

            /// Refuses as an officer, with a reason, and reads the status back.
            ///
            /// May be called again after an error: it looks at the request first.
            ///
            /// # Errors
            /// `field_missing` without a reason; those of the calls; `unexpected_status`.
            pub async fn refuse(&self, rao: &OneShotRao, reason: &str, options: &RequestOptions) -> Result<OneShotOutcome> {
                let given = Given { rao: Some(rao), reason: Some(reason), ..Given::default() };
                self.goal(OneShotGoal::Refused, given, options).await.map(|(outcome, _)| outcome)
            }

            /// Uploads the documents to be signed, once. Called again with the same ones it looks what has arrived.
            ///
            /// # Errors
            /// Those of `upload_documents`; `field_invalid` for others than those of the state; `unexpected_status` before the approval.
            pub async fn documents(&self, documents: Vec<Source>, options: &RequestOptions) -> Result<OneShotOutcome> {
                let states = described(documents.clone()).await?;
                {
                    let mut machine = self.shared.machine(options).await?;
                    if machine.is_approved() {
                        machine.bind_documents(states)?;
                    } else {
                        let outcome =
                            self.shared.run(&mut machine, OneShotGoal::Looked, &Given::default(), &mut Got::default(), options).await;
                        outcome?;
                        if !machine.is_approved() {
                            return Err(Error::new(ErrorCode::UnexpectedStatus, "the request is not approved yet: no documents are taken"));
                        }
                        machine.bind_documents(states)?;
                    }
                }
                self.goal(OneShotGoal::Documents, Given { documents, ..Given::default() }, options).await.map(|(outcome, _)| outcome)
            }

            /// Downloads the service contract into a file, to be shown to the signer. Safe to repeat.
            ///
            /// # Errors
            /// Those of `get_contract`; `unexpected_status` before the approval.
            pub async fn contract(&self, path: &Path, options: &RequestOptions) -> Result<DownloadedFile> {
                let given = Given { path: Some(path), ..Given::default() };
                let (_, got) = self.goal(OneShotGoal::Contract, given, options).await?;
                got.file.ok_or_else(lost)
            }

            /// Keeps that the signer has seen the contract. Nothing is signed before.
            ///
            /// # Errors
            /// `workflow_step` before [`contract`](Self::contract).
            pub async fn contract_shown(&self) -> Result<()> {
                let mut machine = self.shared.machine.lock().await;
                machine.contract_was_shown()?;
                self.shared.note(&machine);
                self.shared.persist(&machine).await
            }

            /// Sends the signer a one-time password. Not needed with an external unlock.
            ///
            /// # Errors
            /// `otp_too_soon`; those of `generate_otp`; `unexpected_status` before the approval and after the signature.
            pub async fn otp(&self, delivery_method: Option<&OtpDelivery>, options: &RequestOptions) -> Result<Otp> {
                let given = Given { delivery: delivery_method, ..Given::default() };
                let (_, got) = self.goal(OneShotGoal::Otp, given, options).await?;
                got.otp.ok_or_else(lost)
            }

            /// Signs all documents and reads the status back. Where the answer of an earlier call was lost and the request is ISSUED,
            /// nothing is sent. After a signature that was taken and did not come, the next call waits for it; the one after that, and
            /// one after a new one-time password, signs again.
            ///
            /// # Errors
            /// `workflow_step` before documents are uploaded and the contract was shown; `otp_invalid`; those of `sign`.
            pub async fn sign(&self, signing: &Signing, options: &RequestOptions) -> Result<OneShotOutcome> {
                self.goal(OneShotGoal::Signed, Given { signing: Some(signing), ..Given::default() }, options)
                    .await
                    .map(|(outcome, _)| outcome)
            }

            /// Saves each signed document into the folder, which must exist: `signed.pdf`, or `signed-1.pdf` and so on in the order of
            /// the upload. Each is synced to disk and looked at: it parses, its signature covers it, the digest matches. What an
            /// earlier call left there is not downloaded again where it is still the same, and what is there under that name and is another
            /// file is never replaced. Safe to repeat.
            ///
            /// # Errors
            /// `signed_document_invalid`; `file_not_written`, also where another file has the name; those of `get_document`; `unexpected_status` before the signature.
            pub async fn save(&self, folder: &Path, options: &RequestOptions) -> Result<SavedDocuments> {
                {
                    let mut machine = self.shared.machine(options).await?;
                    for uid in self.shared.gone_from(&machine, folder).await? {
                        machine.save_again(&uid);
                    }
                }
                self.goal(OneShotGoal::Saved, Given { path: Some(folder), ..Given::default() }, options).await?;
                let machine = self.shared.machine(options).await?;
                Ok(SavedDocuments { documents: self.shared.still_there(&machine, folder).await? })
            }

            /// Deletes all documents of the request from the Optimizer, which never does so by itself: only when this is called, and
            /// only where each signed document is in the folder as [`save`](Self::save) left it, and the request lists no other ones.
            ///
            /// # Errors
            /// `workflow_step` before they are saved, and where there are others; `signed_document_invalid`, `source_unreadable` where one is not there any more;
            /// those of `delete_documents`.
            pub async fn delete(&self, folder: &Path, options: &RequestOptions) -> Result<OneShotOutcome> {
                {
                    let machine = self.shared.machine(options).await?;
                    self.shared.still_there(&machine, folder).await?;
                }
                self.goal(OneShotGoal::Deleted, Given::default(), options).await.map(|(outcome, _)| outcome)
            }

            /// Cancels the request. Its scratchcard stays consumed, and this workflow is at its end. What is issued is not cancelled: its
            /// documents would go with it.
            ///
            /// # Errors
            /// Those of `cancel_oneshot_request`; `workflow_step` before there is a request; `unexpected_status` once it is issued, and
            /// where the service took the cancellation and does not show it.
            pub async fn cancel(&self, options: &RequestOptions) -> Result<()> {
                let mut machine = self.shared.machine(options).await?;
                let (given, mut got) = (Given::default(), Got::default());
                self.shared.run(&mut machine, OneShotGoal::Cancelled, &given, &mut got, options).await.map(|_| ())
            }

            async fn goal(&self, goal: OneShotGoal, given: Given<'_>, options: &RequestOptions) -> Result<(OneShotOutcome, Got)> {
                let mut machine = self.shared.machine(options).await?;
                let mut got = Got::default();
                let waits = self.shared.run(&mut machine, goal, &given, &mut got, options).await?;
                let mut warnings = Vec::new();
                if waits {
                    warnings.push("the service has taken all and has not moved on yet: look at the request later".to_owned());
                    if goal == OneShotGoal::Signed && !machine.made {
                        machine.sign_again();
                        self.shared.note(&machine);
                        self.shared.persist(&machine).await?;
                    }
                }
                if goal == OneShotGoal::Documents && machine.foreign_documents() > 0 {
                    let count = machine.foreign_documents();
                    warnings.push(format!("the request had {count} documents before these: a signature signs them too"));
                }
                if goal == OneShotGoal::Approved && !machine.is_approved() {
                    warnings.push("the approval was taken and the request is not ENROLLREADY".to_owned());
                }
                Ok((self.shared.outcome(&machine, warnings)?, got))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("client", &self.shared.client).finish_non_exhaustive()
            }
        }
    };
}

/// One External VideoID on the One-Shot API, from the create call to the signed documents: the evidence comes from the customer.
///
/// Clones share one workflow; its steps run one after the other. After an error the same step may be called again: it looks at the
/// service first and goes on from there. To go on in another process keep the state and give it to `resume`.
#[derive(Clone)]
pub struct OneShotExternal {
    shared: Arc<Shared>,
}

one_shot_workflow!(OneShotExternal, Flow::ExternalVideoId);

impl OneShotExternal {
    /// Creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. Progress counts each upload from
    /// zero. Which piece goes first, and whether VIDEOINCOMPLETE is a failure, is in the settings (`assumptions`).
    ///
    /// May be called again after an error: what was done is not done twice. After VIDEOERROR, and where the service stays in
    /// VIDEOINCOMPLETE though both were uploaded, other evidence and video may be brought; both are uploaded anew then.
    ///
    /// # Errors
    /// Those of the calls; `unexpected_status`; `field_invalid` where evidence or video are not those of the state; `ambiguous` where
    /// the answer of the create call is lost: then `adopt` or `create_anew`.
    pub async fn submit(
        &self,
        videoid: &NewVideoId,
        evidence: &Evidence,
        video: &Source,
        options: &RequestOptions,
    ) -> Result<OneShotOutcome> {
        let shared = &self.shared;
        shared.client.check_videoid(videoid)?;
        crate::ra::checked_video(video.clone(), shared.client.transport.config()).await?;
        // Before the request is created and paid for.
        shared.client.check_evidence(evidence)?;
        let (evidence_sha256, video_sha256) = digests(evidence, video).await?;
        let mut machine = shared.machine(options).await?;
        if let Err(error) = machine.bind(evidence_sha256.clone(), video_sha256.clone()) {
            if machine.handle().is_none() {
                return Err(error);
            }
            // The service may have come to a status meanwhile in which others are taken.
            shared.run(&mut machine, OneShotGoal::Looked, &Given::default(), &mut Got::default(), options).await?;
            machine.bind(evidence_sha256, video_sha256)?;
        }
        let mut warnings: Vec<String> = evidence.report().findings.iter().map(|f| format!("{}: {}", f.field, f.rule)).collect();
        let given = Given { videoid: Some(videoid), evidence: Some(evidence), video: Some(video), ..Given::default() };
        let mut got = Got::default();
        if shared.run(&mut machine, OneShotGoal::Review, &given, &mut got, options).await? {
            if machine.status() == Some(&Status::VideoIncomplete) {
                // It misses a piece that it took before; called again, the flow sends both anew.
                machine.is_stuck();
                shared.note(&machine);
                shared.persist(&machine).await?;
                if shared.client.config().assumptions.incomplete_is == IncompleteIs::Failure {
                    return Err(Error::new(ErrorCode::UnexpectedStatus, "the request stays in VIDEOINCOMPLETE after both uploads"));
                }
            }
            warnings.push("all pieces are uploaded and the service has not moved on to VIDEOREVIEW yet: look at the request later".into());
        }
        shared.outcome(&machine, warnings)
    }
}

/// One eIDAS VideoID on the One-Shot API, from the create call to the signed documents: the user identifies at a link.
///
/// Clones share one workflow; its steps run one after the other. After an error the same step may be called again: it looks at the
/// service first and goes on from there. To go on in another process keep the state and give it to `resume`.
#[derive(Clone)]
pub struct OneShotEidas {
    shared: Arc<Shared>,
}

one_shot_workflow!(OneShotEidas, Flow::EidasVideoId);

impl OneShotEidas {
    /// Creates the request and gives the link for the signer. Called again it gives the same request, with the link where the service
    /// shows it.
    ///
    /// # Errors
    /// Those of `create_videoid`; `ambiguous` where its answer is lost: then `adopt` or `create_anew`.
    pub async fn start(&self, videoid: &NewVideoId, options: &RequestOptions) -> Result<OneShotStarted> {
        let shared = &self.shared;
        shared.client.check_videoid(videoid)?;
        let mut machine = shared.machine(options).await?;
        let given = Given { videoid: Some(videoid), ..Given::default() };
        shared.run(&mut machine, OneShotGoal::Created, &given, &mut Got::default(), options).await?;
        Ok(OneShotStarted {
            handle: machine.handle().ok_or_else(lost)?,
            videoid_link: shared.link.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            status: machine.status().cloned().ok_or_else(lost)?,
        })
    }

    /// Waits until the user has finished, left or failed: VIDEOREVIEW and beyond, VIDEOINCOMPLETE, VIDEOERROR. The last two are
    /// outcomes with their ways on. With an inbox a webhook brings the next look forward; only what a look shows counts. Other steps,
    /// [`cancel`](Self::cancel) for example, may run between two looks.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `wait_deadline` (retryable); `cancelled`; `field_missing` and `field_invalid` for the limits; those of `get_oneshot_request` that are not
    /// retryable.
    pub async fn wait_for_user(
        &self,
        limits: &WaitLimits,
        inbox: Option<&WebhookInbox>,
        options: &RequestOptions,
    ) -> Result<OneShotOutcome> {
        let shared = &self.shared;
        let named = |e: Error| e.with_operation("get_oneshot_request");
        let mut pace = Pace::new(limits.deadline_ms, limits.poll_ms, limits.max_poll_ms).map_err(named)?;
        let none = || Error::new(ErrorCode::WorkflowStep, "there is no request yet");
        let begin = async { shared.machine(options).await?.handle().ok_or_else(none) };
        let pk = pace.attempt(begin).await?.ok_or_else(none)?.request_pk;
        pace.watch(pk, inbox);
        loop {
            let look = async {
                let mut machine = shared.machine(options).await?;
                shared.run(&mut machine, OneShotGoal::Looked, &Given::default(), &mut Got::default(), options).await?;
                Ok(machine)
            };
            // The machine is let go before the pause, so that the request can be cancelled meanwhile.
            if let Some(machine) = pace.attempt(Box::pin(look)).await.map_err(named)? {
                if let Some(status) = machine.status() {
                    pace.saw(status);
                }
                if machine.status() != Some(&Status::VideoPending) {
                    return shared.outcome(&machine, Vec::new());
                }
            }
            pace.pause(options).await.map_err(named)?;
        }
    }
}
