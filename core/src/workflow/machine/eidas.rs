//! eIDAS VideoID: the user on the vendor's page, the vendor's operator, then the customer's officer for other profiles than those of
//! a natural person. `validate_videoid` is the operator's and is never sent.

use super::Machine;
use super::state::Intent;
use super::types::{Action, CallKind, Goal};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{RequestPk, Status};

impl Machine {
    pub(super) fn decide_eidas(&mut self, pk: RequestPk, status: &Status, goal: Goal) -> Result<Action> {
        use Status::{Created, EnrollReady, Issued, Other, Renewed, VideoError, VideoIncomplete, VideoPending, VideoReview};
        match (goal, status) {
            (_, Status::Cancelled) => Err(self.unexpected(status, goal)),
            // Wherever it stands: who starts again wants to know where, and has the link again.
            (Goal::Started, _) => Ok(Action::Done),
            (Goal::UserDone, VideoPending | Other(_)) => Ok(Action::Wait),
            (Goal::UserDone, _) => Ok(Action::Done),
            (Goal::OperatorDone, _) if self.is_refused() => Ok(Action::Done),
            (Goal::OperatorDone, VideoPending | VideoReview | Other(_)) => Ok(Action::Wait),
            // From VIDEOINCOMPLETE and VIDEOERROR no operator leads on: the user has to.
            (Goal::OperatorDone, _) => Ok(Action::Done),
            (Goal::Completed | Goal::Papers | Goal::Approved, EnrollReady | Issued | Renewed) => Ok(Action::Done),
            (Goal::Completed | Goal::Papers | Goal::Approved, VideoReview | Created) if self.is_refused() => Err(Error::new(
                ErrorCode::UnexpectedStatus,
                "the identification was refused: it cannot be approved; ways on: cancel_and_new_card",
            )),
            // Too early: the one who acts next is the user or the vendor's operator.
            (Goal::Completed | Goal::Papers | Goal::Approved, VideoPending | VideoReview) => Err(Error::new(
                ErrorCode::UnexpectedStatus,
                format!("the request is in {status}: the vendor's operator has not validated it yet, wait for the operator first"),
            )),
            (Goal::Completed, Created) => Ok(self.decide_completed(pk)),
            (Goal::Papers | Goal::Approved, Created) => self.decide_officer(pk, goal),
            (_, VideoError | VideoIncomplete | VideoPending | Created | EnrollReady | Issued | Renewed | VideoReview | Other(_)) => {
                Err(self.unexpected(status, goal))
            }
        }
    }

    fn decide_completed(&mut self, pk: RequestPk) -> Action {
        if self.inputs.update_sha256.is_some() && self.inputs.update_sha256 != self.update_sha256 {
            if !self.shows_update {
                return self.intend(Intent::Update, CallKind::Update(pk));
            }
            self.update_sha256.clone_from(&self.inputs.update_sha256);
        }
        self.decide_documents(pk)
    }
}
