//! The workflow without I/O: events in, actions out.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::model::{Request, RequestPk, ScratchcardSn, Status, VideoIdPk, VideoIdentifier};

/// The version of the state's format.
const FORMAT: u32 = 1;

/// How often a card that somebody else took is replaced by the next one. Of fifty callers that are given the same card one after
/// the other, the last loses forty-nine.
const MAX_CARDS: u32 = 200;

/// What the caller wants to have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Goal {
    /// Evidence and video are there; an officer can validate.
    Review,
    /// The officer has validated; declaration and contract are at hand where an approval follows.
    Validated,
    /// The request is ENROLLREADY.
    Approved,
    /// The identification is refused.
    Refused,
}

/// What the machine is told.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The caller wants to reach a goal; also after an interruption.
    Begin(Goal),
    /// The state was kept, as [`Action::Persist`] asked.
    Persisted,
    /// An unused card was named.
    Card(ScratchcardSn),
    /// The card of the create call is used or unknown: somebody else was faster.
    CardRefused,
    /// The request as the service shows it.
    Request(Seen),
    /// No request of ours has the card.
    NoRequest,
    /// The evidence was taken.
    EvidenceUploaded,
    /// The video was taken.
    VideoUploaded,
    /// The officer's validation was taken.
    Validated,
    /// Declaration and contract were read.
    PapersRead,
    /// The officer's approval was taken.
    Approved,
    /// The officer's refusal was taken.
    Refused,
    /// A wait is over: look again.
    Waited,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Keep [`Machine::to_json`] before anything else, then say [`Event::Persisted`].
    Persist,
    /// Make this call.
    Call(CallKind),
    /// The service has all and has not moved on yet: wait a little, then say [`Event::Waited`].
    Wait,
    /// The goal is reached.
    Done,
}

/// The calls that the machine asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallKind {
    /// Ask for an unused card.
    TakeCard,
    /// Look whether the create call whose answer was lost was carried out: list the requests of the card.
    FindByCard(ScratchcardSn),
    /// Create the request with this card.
    Create(ScratchcardSn),
    /// Read the request.
    Read(RequestPk),
    /// Upload the evidence.
    UploadEvidence(RequestPk),
    /// Upload the video.
    UploadVideo(VideoIdentifier),
    /// Validate with the officer's credentials.
    Validate(RequestPk),
    /// Read declaration and contract.
    ReadPapers(RequestPk),
    /// Approve with the officer's credentials.
    Approve(RequestPk),
    /// Refuse with the officer's credentials and a reason.
    Refuse(RequestPk),
}

/// What the machine needs of a request as the service shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Seen {
    /// The request.
    pub pk: RequestPk,
    /// Its status.
    pub status: Status,
    /// The key of its VideoID.
    pub videoid_pk: Option<VideoIdPk>,
    /// The identifier of its video.
    pub video_identifier: Option<VideoIdentifier>,
    /// Whether the service shows evidence.
    pub shows_evidence: bool,
    /// The status of its VideoID.
    pub videoid_status: Option<String>,
}

impl From<&Request> for Seen {
    fn from(request: &Request) -> Self {
        let data = request.videoid_data.as_ref();
        let contents = data.and_then(|d| d.data.as_ref());
        Self {
            pk: request.pk,
            status: request.status.clone(),
            videoid_pk: data.and_then(|d| d.pk),
            video_identifier: data.and_then(|d| d.video_identifier.clone()),
            shows_evidence: contents.is_some_and(|c| !c.images.is_empty()),
            videoid_status: data.and_then(|d| d.status.clone()),
        }
    }
}

/// A call that changes something and whose outcome is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Intent {
    Create,
    UploadEvidence,
    UploadVideo,
    Validate,
    Approve,
    Refuse,
}

/// The workflow of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    format: u32,
    goal: Option<Goal>,
    scratchcard: Option<ScratchcardSn>,
    cards_lost: u32,
    request_pk: Option<RequestPk>,
    videoid_pk: Option<VideoIdPk>,
    video_identifier: Option<VideoIdentifier>,
    status: Option<Status>,
    videoid_status: Option<String>,
    evidence_uploaded: bool,
    video_uploaded: bool,
    validated: bool,
    papers_read: bool,
    /// An approval was taken; a second one is not sent because the status is slow to follow.
    #[serde(default, skip_serializing_if = "is_false")]
    approved: bool,
    /// The create call that is under way follows another one with the same card whose answer was lost.
    #[serde(default, skip_serializing_if = "is_false")]
    create_again: bool,
    intent: Option<Intent>,
    evidence_sha256: Option<String>,
    video_sha256: Option<String>,
    /// The call that follows once the state is kept. Not part of the state: after an interruption the intent says to look first.
    #[serde(skip)]
    after_persist: Option<CallKind>,
    /// Whether papers were read in this run: they are not kept, so another run reads them again.
    #[serde(skip)]
    papers_at_hand: bool,
    /// Whether the next look at the request is the first one of this run.
    #[serde(skip)]
    first_look: bool,
    /// Whether the card is looked up a second time, because the repeated create call was refused.
    #[serde(skip)]
    second_search: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Machine {
    /// A workflow that has not begun.
    pub fn new() -> Self {
        Self {
            format: FORMAT,
            goal: None,
            scratchcard: None,
            cards_lost: 0,
            request_pk: None,
            videoid_pk: None,
            video_identifier: None,
            status: None,
            videoid_status: None,
            evidence_uploaded: false,
            video_uploaded: false,
            validated: false,
            papers_read: false,
            approved: false,
            create_again: false,
            intent: None,
            evidence_sha256: None,
            video_sha256: None,
            after_persist: None,
            papers_at_hand: false,
            first_look: false,
            second_search: false,
        }
    }

    /// A workflow from the state that was kept.
    ///
    /// # Errors
    /// `format_unsupported` for a newer format; `field_invalid` for what is no state.
    pub fn from_json(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let invalid = || Error::field(ErrorCode::FieldInvalid, "state", "the JSON that state() gave");
        let Format { format } = serde_json::from_str(text).map_err(|_| invalid())?;
        if format > FORMAT {
            return Err(Error::new(ErrorCode::FormatUnsupported, "the workflow's state is of a newer format than this version reads"));
        }
        serde_json::from_str(text).map_err(|_| invalid())
    }

    /// The state as JSON.
    ///
    /// # Panics
    /// Never: the state holds nothing that JSON cannot.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("ids, words and digests are JSON")
    }

    /// The request, once it is created.
    pub fn request_pk(&self) -> Option<RequestPk> {
        self.request_pk
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

    /// Binds the workflow to evidence and video by their digests; on later runs they must be the same.
    ///
    /// # Errors
    /// `field_invalid` where the workflow began with others.
    pub fn bind(&mut self, evidence_sha256: String, video_sha256: Option<String>) -> Result<()> {
        let differs = |field: &str| Err(Error::field(ErrorCode::FieldInvalid, field, "the same as when the workflow began"));
        match &self.evidence_sha256 {
            Some(known) if *known != evidence_sha256 => return differs("evidence"),
            _ => self.evidence_sha256 = Some(evidence_sha256),
        }
        match (&self.video_sha256, video_sha256) {
            (Some(known), Some(new)) if *known != new => return differs("video"),
            (None, Some(new)) => self.video_sha256 = Some(new),
            _ => {}
        }
        Ok(())
    }

    /// Takes an event and says what is to be done next.
    ///
    /// # Errors
    /// `workflow_step` where the goal does not fit the step; `unexpected_status` where the service shows a status from which the
    /// goal cannot be reached; `scratchcard_invalid` where every card was taken by somebody else.
    pub fn advance(&mut self, event: Event) -> Result<Action> {
        match event {
            Event::Begin(goal) => self.begin(goal),
            Event::Persisted => match self.after_persist.take() {
                Some(call) => Ok(Action::Call(call)),
                None => self.read(),
            },
            Event::Card(sn) => {
                self.scratchcard = Some(sn.clone());
                Ok(self.intend(Intent::Create, CallKind::Create(sn)))
            }
            // The create call whose answer was lost may have come late, after the look and before the repeated call: it was
            // refused because the card is ours already.
            Event::CardRefused if self.create_again && !self.second_search && self.scratchcard.is_some() => {
                self.second_search = true;
                match self.scratchcard.clone() {
                    Some(sn) => Ok(Action::Call(CallKind::FindByCard(sn))),
                    None => Ok(Action::Call(CallKind::TakeCard)),
                }
            }
            Event::CardRefused => {
                self.give_card_up();
                if self.cards_lost > MAX_CARDS {
                    return Err(Error::new(ErrorCode::ScratchcardInvalid, "every card that was named was refused when it was used"));
                }
                Ok(Action::Call(CallKind::TakeCard))
            }
            // It was refused, and there is no request of ours: somebody else has it.
            Event::NoRequest if self.second_search => self.advance(Event::CardRefused),
            // Nothing was created with the card, so it may be tried again: it works only once.
            Event::NoRequest => match self.scratchcard.clone() {
                Some(sn) => {
                    self.create_again = true;
                    Ok(self.intend(Intent::Create, CallKind::Create(sn)))
                }
                None => Ok(Action::Call(CallKind::TakeCard)),
            },
            Event::Request(seen) => self.seen(seen),
            Event::EvidenceUploaded => {
                self.evidence_uploaded = true;
                Ok(self.settle())
            }
            Event::VideoUploaded => {
                self.video_uploaded = true;
                Ok(self.settle())
            }
            Event::Validated => {
                self.validated = true;
                Ok(self.settle())
            }
            Event::PapersRead => {
                self.papers_read = true;
                self.papers_at_hand = true;
                self.decide()
            }
            Event::Approved => {
                self.approved = true;
                Ok(self.settle())
            }
            Event::Refused => {
                // The answer of the call says so; what is read next wins where it says something else.
                self.videoid_status = Some("REFUSED".into());
                Ok(self.settle())
            }
            Event::Waited => self.read(),
        }
    }

    fn begin(&mut self, goal: Goal) -> Result<Action> {
        self.goal = Some(goal);
        self.after_persist = None;
        self.first_look = true;
        self.second_search = false;
        // Who asks for the validation again wants to see the papers again.
        self.papers_at_hand &= goal != Goal::Validated;
        match (self.request_pk, self.intent, self.scratchcard.clone()) {
            (Some(pk), _, _) => Ok(Action::Call(CallKind::Read(pk))),
            (None, _, _) if goal != Goal::Review => {
                Err(Error::new(ErrorCode::WorkflowStep, "there is no request yet: submit the evidence first"))
            }
            (None, Some(Intent::Create), Some(sn)) => Ok(Action::Call(CallKind::FindByCard(sn))),
            (None, _, _) => Ok(Action::Call(CallKind::TakeCard)),
        }
    }

    fn give_card_up(&mut self) {
        self.intent = None;
        self.scratchcard = None;
        self.create_again = false;
        self.second_search = false;
        self.cards_lost = self.cards_lost.saturating_add(1);
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
        self.after_persist = Some(call);
        Action::Persist
    }

    /// Records that it was done, to be kept; the request is read next.
    fn settle(&mut self) -> Action {
        self.intent = None;
        self.after_persist = None;
        Action::Persist
    }

    fn seen(&mut self, seen: Seen) -> Result<Action> {
        let new = self.request_pk.is_none();
        self.request_pk = Some(seen.pk);
        let before = self.status.replace(seen.status);
        self.videoid_status = seen.videoid_status.or(self.videoid_status.take());
        self.videoid_pk = seen.videoid_pk.or(self.videoid_pk);
        self.video_identifier = seen.video_identifier.or(self.video_identifier.take());
        let first = std::mem::take(&mut self.first_look);
        if new {
            self.create_again = false;
            return Ok(self.settle());
        }
        if matches!(self.status, Some(Status::VideoPending | Status::VideoIncomplete | Status::VideoError)) {
            // Before review again: what an officer did before does not count any more.
            (self.validated, self.approved) = (false, false);
        }
        // What was under way when the last run ended: the service shows whether it was done.
        if self.intent.take() == Some(Intent::UploadEvidence) && seen.shows_evidence {
            self.evidence_uploaded = true;
        }
        // Whoever was told of VIDEOERROR and comes back wants to try again.
        let told = before == Some(Status::VideoError) && self.status == before;
        if first && told && self.goal == Some(Goal::Review) && self.evidence_uploaded && self.video_uploaded {
            self.upload_again();
        }
        self.decide()
    }

    fn decide(&mut self) -> Result<Action> {
        let (Some(pk), Some(status), Some(goal)) = (self.request_pk, self.status.clone(), self.goal) else {
            return Err(Error::new(ErrorCode::Internal, "the workflow was not begun"));
        };
        #[allow(clippy::match_same_arms, reason = "one arm for each goal reads as the table that it is")]
        match (goal, status) {
            (Goal::Review, Status::VideoPending | Status::VideoIncomplete | Status::VideoError) => self.upload(pk),
            (Goal::Review, Status::VideoReview | Status::Created | Status::EnrollReady | Status::Issued) => Ok(Action::Done),
            (Goal::Validated | Goal::Approved, Status::EnrollReady | Status::Issued) => Ok(Action::Done),
            // The service might take it all the same; an officer who changes their mind calls the operation.
            (Goal::Validated | Goal::Approved, Status::VideoReview) if self.videoid_status.as_deref() == Some("REFUSED") => {
                Err(Error::new(ErrorCode::UnexpectedStatus, "the identification was refused: it cannot be approved"))
            }
            (Goal::Validated | Goal::Approved, Status::VideoReview) if !self.validated => {
                Ok(self.intend(Intent::Validate, CallKind::Validate(pk)))
            }
            (Goal::Validated | Goal::Approved, Status::Created) if !self.papers_at_hand && !self.approved => {
                Ok(Action::Call(CallKind::ReadPapers(pk)))
            }
            (Goal::Validated, Status::Created) => Ok(Action::Done),
            (Goal::Approved, Status::Created) if self.approved => {
                Err(not_yet("the approval was accepted and the request is not ENROLLREADY: read it later"))
            }
            (Goal::Approved, Status::Created) => Ok(self.intend(Intent::Approve, CallKind::Approve(pk))),
            (Goal::Refused, _) if self.videoid_status.as_deref() == Some("REFUSED") => Ok(Action::Done),
            (Goal::Refused, Status::VideoReview) => Ok(self.intend(Intent::Refuse, CallKind::Refuse(pk))),
            (_, status) => Err(unexpected(&status, goal)),
        }
    }

    fn upload(&mut self, pk: RequestPk) -> Result<Action> {
        // After a failure both pieces are offered again: the documents do not say which one the service lost.
        if self.status == Some(Status::VideoError) && self.evidence_uploaded && self.video_uploaded {
            return Err(unexpected(&Status::VideoError, Goal::Review));
        }
        if !self.evidence_uploaded {
            return Ok(self.intend(Intent::UploadEvidence, CallKind::UploadEvidence(pk)));
        }
        if !self.video_uploaded {
            let identifier = self.video_identifier.clone().ok_or_else(|| {
                Error::new(
                    ErrorCode::UnexpectedAnswer,
                    "the service does not show videoid_data.video_identifier, which the video upload needs",
                )
            })?;
            return Ok(self.intend(Intent::UploadVideo, CallKind::UploadVideo(identifier)));
        }
        Ok(Action::Wait)
    }

    /// Takes back that the pieces were uploaded, so that they are sent again after VIDEOERROR.
    pub fn upload_again(&mut self) {
        self.evidence_uploaded = false;
        self.video_uploaded = false;
    }
}

fn not_yet(detail: &'static str) -> Error {
    Error::new(ErrorCode::UnexpectedStatus, detail)
}

fn unexpected(status: &Status, goal: Goal) -> Error {
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
    };
    Error::new(ErrorCode::UnexpectedStatus, format!("the request is in {word}: {aim}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_is_not_approved() {
        let seen = Seen {
            pk: RequestPk(1),
            status: Status::VideoReview,
            videoid_pk: None,
            video_identifier: None,
            shows_evidence: true,
            videoid_status: Some("REFUSED".into()),
        };
        let mut machine = Machine::new();
        machine.request_pk = Some(seen.pk);
        for goal in [Goal::Validated, Goal::Approved] {
            machine.advance(Event::Begin(goal)).unwrap();
            assert_eq!(machine.advance(Event::Request(seen.clone())).unwrap_err().code(), ErrorCode::UnexpectedStatus);
        }
        machine.advance(Event::Begin(Goal::Refused)).unwrap();
        assert_eq!(machine.advance(Event::Request(seen)).unwrap(), Action::Done);
    }
}
