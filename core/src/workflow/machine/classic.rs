//! The classic flow: the documents are uploaded to a request that is CREATED from the start, then the officer approves.

use super::Machine;
use super::types::{Action, Goal};
use crate::error::Result;
use crate::model::{RequestPk, Status};

impl Machine {
    pub(super) fn decide_classic(&mut self, pk: RequestPk, status: &Status, goal: Goal) -> Result<Action> {
        match (goal, status) {
            (Goal::Submitted, Status::Created) => Ok(self.decide_documents(pk)),
            (Goal::Papers | Goal::Approved, Status::Created) => self.decide_officer(pk, goal),
            (Goal::Submitted | Goal::Papers | Goal::Approved, Status::EnrollReady | Status::Issued | Status::Renewed) => Ok(Action::Done),
            (_, status) => Err(self.unexpected(status, goal)),
        }
    }
}
