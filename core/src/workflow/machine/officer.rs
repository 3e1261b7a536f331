//! Declaration, contract and approval of a request in CREATED, the same in each flow.

use super::Machine;
use super::state::Intent;
use super::types::{Action, CallKind, Goal};
use crate::error::{Error, ErrorCode, Result};
use crate::model::RequestPk;

impl Machine {
    /// What follows in CREATED for a goal of the officer.
    pub(super) fn decide_officer(&mut self, pk: RequestPk, goal: Goal) -> Result<Action> {
        let papers_wanted = goal != Goal::Approved || self.rules.papers_again || !self.papers_read;
        if papers_wanted && !self.papers_at_hand && !self.approved {
            return Ok(Action::Call(CallKind::ReadPapers(pk)));
        }
        match goal {
            Goal::Approved if self.approved => {
                Err(Error::new(ErrorCode::UnexpectedStatus, "the approval was accepted and the request is not ENROLLREADY: read it later"))
            }
            Goal::Approved => Ok(self.intend(Intent::Approve, CallKind::Approve(pk))),
            _ => Ok(Action::Done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Seen};
    use super::*;
    use crate::model::Status;

    #[test]
    fn what_was_refused_is_not_approved() {
        let seen = Seen {
            pk: RequestPk(1),
            status: Status::VideoReview,
            videoid_pk: None,
            video_identifier: None,
            shows_evidence: true,
            videoid_status: Some("REFUSED".into()),
            shows_update: false,
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
