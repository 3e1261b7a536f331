//! External VideoID: both pieces up to VIDEOREVIEW, then the customer's own officer.

use super::Machine;
use super::state::Intent;
use super::types::{Action, CallKind, Goal};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{RequestPk, Status};

impl Machine {
    /// Binds the workflow to evidence and video by their digests; on later runs they must be the same. After VIDEOERROR, and where
    /// both were uploaded and the service stays in VIDEOINCOMPLETE, others may be brought: both are uploaded anew then.
    ///
    /// # Errors
    /// `field_invalid` where the workflow began with others.
    pub fn bind(&mut self, evidence_sha256: String, video_sha256: Option<String>) -> Result<()> {
        let differs = |known: &Option<String>, new: &Option<String>| matches!((known, new), (Some(known), Some(new)) if known != new);
        let evidence_sha256 = Some(evidence_sha256);
        let other_evidence = differs(&self.evidence_sha256, &evidence_sha256);
        // A video that can be read only once cannot be compared: after a failure it may be another one.
        let unknown_video = self.takes_others() && (video_sha256.is_none() || self.video_sha256.is_none());
        let other_video = differs(&self.video_sha256, &video_sha256) || unknown_video;
        if other_evidence || other_video {
            if !self.takes_others() {
                let field = if other_evidence { "evidence" } else { "video" };
                return Err(Error::field(ErrorCode::FieldInvalid, field, "the same as when the workflow began"));
            }
            self.evidence_outdated |= other_evidence;
            self.video_outdated |= other_video;
            self.upload_again();
        }
        self.evidence_sha256 = evidence_sha256;
        self.video_sha256 = if unknown_video { video_sha256 } else { video_sha256.or(self.video_sha256.take()) };
        Ok(())
    }

    /// Whether the request went wrong in a way after which other evidence and video may be brought.
    fn takes_others(&self) -> bool {
        match &self.status {
            Some(Status::VideoError) => true,
            Some(Status::VideoIncomplete) => self.stuck || self.rules.incomplete_is_failure,
            _ => false,
        }
    }

    /// Whether the request went wrong, so that the next run has to know it, also in another process.
    #[cfg(feature = "client")]
    pub(crate) fn went_wrong(&self) -> bool {
        matches!(self.status, Some(Status::VideoError | Status::VideoIncomplete))
    }

    /// Takes back that the pieces were uploaded, so that both are sent again.
    pub fn upload_again(&mut self) {
        self.evidence_uploaded = false;
        self.video_uploaded = false;
    }

    /// Says that both pieces were uploaded and the service stays in VIDEOINCOMPLETE: it misses a piece that it took before.
    pub fn is_stuck(&mut self) {
        self.stuck = true;
        self.upload_again();
    }

    /// The first look of a run: whoever was told that it went wrong and comes back wants to try again.
    pub(super) fn come_back(&mut self, before: Option<&Status>) {
        let told = before == self.status.as_ref() && self.failed();
        if told && self.goal == Some(Goal::Review) {
            self.upload_again();
        }
    }

    /// Whether the service says that it went wrong with what was uploaded since the last failure.
    fn failed(&self) -> bool {
        match &self.status {
            Some(Status::VideoError) => self.evidence_uploaded && self.video_uploaded,
            Some(Status::VideoIncomplete) if self.rules.incomplete_is_failure => self.evidence_uploaded || self.video_uploaded,
            _ => false,
        }
    }

    pub(super) fn decide_external(&mut self, pk: RequestPk, status: &Status, goal: Goal) -> Result<Action> {
        match (goal, status) {
            (Goal::Review, Status::VideoPending | Status::VideoIncomplete | Status::VideoError) => self.upload(pk, status),
            // The service goes to review with one new piece and one of an earlier submission: whether it still takes the other one
            // is its to say.
            (Goal::Review, Status::VideoReview) if self.evidence_outdated || self.video_outdated => {
                (self.evidence_uploaded, self.video_uploaded) = (!self.evidence_outdated, !self.video_outdated);
                self.upload(pk, status)
            }
            (Goal::Review, Status::VideoReview | Status::Created | Status::EnrollReady | Status::Issued) => Ok(Action::Done),
            (Goal::Validated | Goal::Approved, Status::EnrollReady | Status::Issued) => Ok(Action::Done),
            // The service might take it all the same; an officer who changes their mind calls the operation.
            (Goal::Validated | Goal::Approved, Status::VideoReview | Status::Created) if self.is_refused() => {
                Err(Error::new(ErrorCode::UnexpectedStatus, "the identification was refused: it cannot be approved"))
            }
            (Goal::Validated | Goal::Approved, Status::VideoReview) if self.evidence_outdated || self.video_outdated => Err(Error::new(
                ErrorCode::UnexpectedStatus,
                "the service may hold a piece of an earlier submission: it cannot be validated; submit again, or cancel and take a new card",
            )),
            (Goal::Validated | Goal::Approved, Status::VideoReview) if !self.validated => {
                Ok(self.intend(Intent::Validate, CallKind::Validate(pk)))
            }
            (Goal::Validated | Goal::Approved, Status::Created) => self.decide_officer(pk, goal),
            (Goal::Refused, _) if self.is_refused() => Ok(Action::Done),
            (Goal::Refused, Status::VideoReview) => Ok(self.intend(Intent::Refuse, CallKind::Refuse(pk))),
            (_, status) => Err(self.unexpected(status, goal)),
        }
    }

    fn upload(&mut self, pk: RequestPk, status: &Status) -> Result<Action> {
        // After a failure both pieces are offered again: the documents do not say which one the service lost.
        if self.failed() {
            return Err(self.unexpected(status, Goal::Review));
        }
        let evidence = !self.evidence_uploaded;
        let video = !self.video_uploaded;
        if video && (self.rules.video_first || !evidence) {
            let identifier = self.video_identifier.clone().ok_or_else(|| {
                Error::new(
                    ErrorCode::UnexpectedAnswer,
                    "the service does not show videoid_data.video_identifier, which the video upload needs",
                )
            })?;
            return Ok(self.intend(Intent::UploadVideo, CallKind::UploadVideo(identifier)));
        }
        if evidence {
            return Ok(self.intend(Intent::UploadEvidence, CallKind::UploadEvidence(pk)));
        }
        Ok(Action::Wait)
    }
}
