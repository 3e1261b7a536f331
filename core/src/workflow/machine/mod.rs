//! The workflows without I/O: events in, actions out. One machine for the three flows; what differs is a file of its own.

mod cards;
mod classic;
mod documents;
mod eidas;
mod external;
mod officer;
mod state;
mod types;

use crate::error::{Error, ErrorCode, Result};
use crate::model::{Flow, RequestPk, ScratchcardSn, Status, VideoIdPk, VideoIdentifier, WayOn};

pub use state::Machine;
use state::{Intent, Next};
pub use types::{Action, CallKind, Event, Goal, Inputs, Rules, Seen, SeenDocument, WantedDocument};

impl Machine {
    /// The request, once it is created.
    pub fn request_pk(&self) -> Option<RequestPk> {
        self.request_pk
    }

    /// The flow.
    pub fn flow(&self) -> &Flow {
        &self.flow
    }

    /// The card of the request.
    pub fn scratchcard(&self) -> Option<&ScratchcardSn> {
        self.scratchcard.as_ref()
    }

    /// The key of the VideoID, where the service showed it.
    pub fn videoid_pk(&self) -> Option<VideoIdPk> {
        self.videoid_pk
    }

    /// The identifier of the video, where the service showed it.
    pub fn video_identifier(&self) -> Option<&VideoIdentifier> {
        self.video_identifier.as_ref()
    }

    /// The status that the service showed last.
    pub fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    /// The status of the VideoID that the service showed last.
    pub fn videoid_status(&self) -> Option<&str> {
        self.videoid_status.as_deref()
    }

    /// The request that was cancelled in this run, with the status that it came to: it is not part of the state any more.
    pub fn left(&self) -> Option<(RequestPk, &Status)> {
        self.left.as_ref().map(|(pk, status)| (*pk, status))
    }

    /// Whether the identification was refused.
    pub fn is_refused(&self) -> bool {
        self.videoid_status.as_deref() == Some("REFUSED")
    }

    /// What can be done where the request does not go ahead, by the status that the service showed last; nothing before there is a
    /// request.
    pub fn ways_on(&self) -> Vec<WayOn> {
        let Some(status) = &self.status else { return Vec::new() };
        if self.is_refused() && matches!(status, Status::VideoReview | Status::Created) {
            return vec![WayOn::CancelAndNewCard];
        }
        status.ways_on(&self.flow)
    }

    /// Gives what the settings say.
    pub fn assume(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Gives what the next run brings along. To be said before [`Event::Begin`].
    pub fn bring(&mut self, inputs: Inputs) {
        self.inputs = inputs;
    }

    /// Takes an event and says what is to be done next.
    ///
    /// # Errors
    /// `workflow_step` where the goal does not fit the step; `unexpected_status` where the service shows a status from which the
    /// goal cannot be reached; `scratchcard_invalid` where every card was taken by somebody else.
    pub fn advance(&mut self, event: Event) -> Result<Action> {
        match event {
            Event::Begin(goal) => self.begin(goal),
            Event::Persisted => match self.next.take() {
                Some(Next::Call(call)) => Ok(Action::Call(call)),
                Some(Next::Decide) => self.decide(),
                Some(Next::Done) => Ok(Action::Done),
                Some(Next::Read) | None => self.read(),
            },
            Event::Card(sn) => Ok(self.card(sn)),
            Event::CardRefused => self.card_refused(),
            Event::NoRequest => self.no_request(),
            Event::Request(seen) => self.seen(seen),
            Event::EvidenceUploaded => {
                (self.evidence_uploaded, self.evidence_outdated) = (true, false);
                Ok(self.settle(Next::Read))
            }
            Event::VideoUploaded => {
                (self.video_uploaded, self.video_outdated) = (true, false);
                Ok(self.settle(Next::Read))
            }
            Event::Validated => {
                self.validated = true;
                Ok(self.settle(Next::Read))
            }
            Event::PapersRead => {
                self.papers_read = true;
                self.papers_at_hand = true;
                // Another run has to know it only where it may not read them again.
                if self.goal == Some(Goal::Papers) || !self.rules.papers_again { Ok(self.settle(Next::Decide)) } else { self.decide() }
            }
            Event::Approved => {
                self.approved = true;
                Ok(self.settle(Next::Read))
            }
            Event::Refused => {
                // The answer of the call says so; what is read next wins where it says something else.
                self.videoid_status = Some("REFUSED".into());
                Ok(self.settle(Next::Read))
            }
            Event::Updated => {
                self.update_sha256.clone_from(&self.inputs.update_sha256);
                Ok(self.settle(Next::Read))
            }
            Event::Documents(listed) => self.listed(&listed),
            Event::DocumentUploaded(pk) => Ok(self.document_uploaded(pk)),
            Event::Cancelled => {
                self.cancel_accepted = true;
                Ok(self.settle(Next::Read))
            }
            Event::Waited => self.read(),
        }
    }

    /// The goal with which the flow begins: it takes the card and creates the request.
    fn first_goal(&self) -> Goal {
        match self.flow {
            Flow::EidasVideoId => Goal::Started,
            Flow::Classic => Goal::Submitted,
            _ => Goal::Review,
        }
    }

    fn begin(&mut self, goal: Goal) -> Result<Action> {
        let fits = match self.flow {
            Flow::ExternalVideoId => {
                matches!(goal, Goal::Review | Goal::Validated | Goal::Approved | Goal::Refused | Goal::Cancelled)
            }
            Flow::EidasVideoId => matches!(
                goal,
                Goal::Started | Goal::UserDone | Goal::OperatorDone | Goal::Completed | Goal::Papers | Goal::Approved | Goal::Cancelled
            ),
            Flow::Classic => matches!(goal, Goal::Submitted | Goal::Papers | Goal::Approved | Goal::Cancelled),
            Flow::Other(_) => false,
        };
        if !fits {
            return Err(Error::new(ErrorCode::WorkflowStep, "this flow has no such step"));
        }
        self.goal = Some(goal);
        self.next = None;
        self.left = None;
        self.first_look = true;
        self.second_search = false;
        self.documents_listed = false;
        self.cancel_accepted = false;
        // Who asks for the papers again wants to see them again.
        self.papers_at_hand &= !matches!(goal, Goal::Validated | Goal::Papers);
        match (self.request_pk, self.intent, self.scratchcard.clone()) {
            (Some(pk), _, _) => Ok(Action::Call(CallKind::Read(pk))),
            (None, Some(Intent::Create), _) if goal == Goal::Cancelled => Err(Error::new(
                ErrorCode::WorkflowStep,
                "whether the request was created is not known: make the first step again, which finds out, then cancel",
            )),
            (None, _, _) if goal != self.first_goal() => Err(Error::new(
                ErrorCode::WorkflowStep,
                match self.flow {
                    Flow::ExternalVideoId => "there is no request yet: submit the evidence first",
                    Flow::EidasVideoId => "there is no request yet: start first",
                    _ => "there is no request yet: submit the documents first",
                },
            )),
            (None, Some(Intent::Create), Some(sn)) => Ok(Action::Call(CallKind::FindByCard(sn))),
            (None, _, _) => Ok(Action::Call(CallKind::TakeCard)),
        }
    }

    fn read(&self) -> Result<Action> {
        match self.request_pk {
            Some(pk) => Ok(Action::Call(CallKind::Read(pk))),
            None => Err(Error::new(ErrorCode::Internal, "the workflow has no request to read")),
        }
    }

    /// Records what is going to be done, to be kept before it is done.
    fn intend(&mut self, intent: Intent, call: CallKind) -> Action {
        self.intent = Some(intent);
        self.next = Some(Next::Call(call));
        Action::Persist
    }

    /// Records that it was done, to be kept, and what follows.
    fn settle(&mut self, next: Next) -> Action {
        self.intent = None;
        self.next = Some(next);
        Action::Persist
    }

    /// Takes what the service shows without going on: for a look between two runs.
    pub fn observe(&mut self, seen: Seen) {
        self.request_pk = Some(seen.pk);
        self.status = Some(seen.status);
        self.videoid_status = seen.videoid_status.or(self.videoid_status.take());
        self.videoid_pk = seen.videoid_pk.or(self.videoid_pk);
        self.video_identifier = seen.video_identifier.or(self.video_identifier.take());
        self.shows_update = seen.shows_update;
        self.stuck &= self.status == Some(Status::VideoIncomplete);
    }

    fn seen(&mut self, seen: Seen) -> Result<Action> {
        let new = self.request_pk.is_none();
        let before = self.status.clone();
        let shows_evidence = seen.shows_evidence;
        self.observe(seen);
        let first = std::mem::take(&mut self.first_look);
        if new {
            self.create_again = false;
            return Ok(self.settle(Next::Read));
        }
        if matches!(self.status, Some(Status::VideoPending | Status::VideoIncomplete | Status::VideoError)) {
            // Before review again: what an officer did before does not count any more.
            (self.validated, self.approved) = (false, false);
        }
        // What was under way when the last run ended: the service shows whether it was done.
        if self.intent.take() == Some(Intent::UploadEvidence) && shows_evidence {
            self.evidence_uploaded = true;
        }
        if first {
            self.come_back(before.as_ref());
        }
        self.decide()
    }

    fn decide(&mut self) -> Result<Action> {
        let (Some(pk), Some(status), Some(goal)) = (self.request_pk, self.status.clone(), self.goal) else {
            return Err(Error::new(ErrorCode::Internal, "the workflow was not begun"));
        };
        match (goal, &self.flow) {
            (Goal::Cancelled, _) => self.decide_cancel(pk, &status),
            (_, Flow::ExternalVideoId) => self.decide_external(pk, &status, goal),
            (_, Flow::EidasVideoId) => self.decide_eidas(pk, &status, goal),
            (_, Flow::Classic) => self.decide_classic(pk, &status, goal),
            (_, Flow::Other(_)) => Err(Error::new(ErrorCode::Internal, "the workflow has no flow")),
        }
    }

    fn decide_cancel(&mut self, pk: RequestPk, status: &Status) -> Result<Action> {
        match status {
            Status::Cancelled => {
                self.forget();
                self.left = Some((pk, Status::Cancelled));
                Ok(self.settle(Next::Done))
            }
            // Whether an approved request can be cancelled is the service's to say; an issued one is documented not to be.
            Status::Issued | Status::Renewed => Err(self.unexpected(status, Goal::Cancelled)),
            _ if self.cancel_accepted => Err(Error::new(
                ErrorCode::UnexpectedStatus,
                "the cancellation was accepted and the service does not show it: read it later",
            )),
            _ => Ok(self.intend(Intent::Cancel, CallKind::Cancel(pk))),
        }
    }

    /// An error for a status from which the goal cannot be reached. It names the ways that are open.
    fn unexpected(&self, status: &Status, goal: Goal) -> Error {
        let word = match status {
            // A word from the network may be anything; only known ones are quoted.
            Status::Other(_) => "a status that is not documented",
            known => known.as_str(),
        };
        let aim = match goal {
            Goal::Review => "the evidence cannot be brought to review",
            Goal::Validated => "it cannot be validated",
            Goal::Approved => "it cannot be approved",
            Goal::Refused => "it cannot be refused",
            Goal::Started => "the user cannot begin",
            Goal::UserDone | Goal::OperatorDone => "there is nothing to wait for",
            Goal::Completed => "it takes no update and no documents",
            Goal::Submitted => "it takes no documents",
            Goal::Papers => "it has no declaration and no contract",
            Goal::Cancelled => "it cannot be cancelled",
        };
        let ways = self.ways_on();
        let ways = if ways.is_empty() || goal == Goal::Cancelled {
            String::new()
        } else {
            format!("; ways on: {}", ways.iter().map(WayOn::as_str).collect::<Vec<_>>().join(", "))
        };
        Error::new(ErrorCode::UnexpectedStatus, format!("the request is in {word}: {aim}{ways}"))
    }
}
