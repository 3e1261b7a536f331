//! The card and the create call, the same in each flow: cards are not reserved, and nothing is idempotent.

use super::Machine;
use super::state::Intent;
use super::types::{Action, CallKind};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::ScratchcardSn;

/// How often a card that somebody else took is replaced by the next one. Of fifty callers that are given the same card one after
/// the other, the last loses forty-nine.
const MAX_CARDS: u32 = 200;

impl Machine {
    pub(super) fn card(&mut self, sn: ScratchcardSn) -> Action {
        self.scratchcard = Some(sn.clone());
        self.intend(Intent::Create, CallKind::Create(sn))
    }

    pub(super) fn card_refused(&mut self) -> Result<Action> {
        // The create call whose answer was lost may have come late, after the look and before the repeated call: it was refused
        // because the card is ours already.
        if self.create_again
            && !self.second_search
            && let Some(sn) = self.scratchcard.clone()
        {
            self.second_search = true;
            return Ok(Action::Call(CallKind::FindByCard(sn)));
        }
        self.intent = None;
        self.scratchcard = None;
        self.create_again = false;
        self.second_search = false;
        self.cards_lost = self.cards_lost.saturating_add(1);
        if self.cards_lost > MAX_CARDS {
            return Err(Error::new(ErrorCode::ScratchcardInvalid, "every card that was named was refused when it was used"));
        }
        Ok(Action::Call(CallKind::TakeCard))
    }

    pub(super) fn no_request(&mut self) -> Result<Action> {
        // The card is used and no request shows it: a list may lag behind the create call whose answer was lost. Another card
        // would be a second request, and a second bill, so the caller decides; the state still knows the card.
        if self.second_search {
            let detail = "the card is used and no request of it is listed yet: submit again later, which looks for the request first";
            return Err(Error::new(ErrorCode::Ambiguous, detail).with_operation("create_request").with_wire(Wire::MayBeProcessed));
        }
        match self.scratchcard.clone() {
            // Nothing was created with the card, so it may be tried again: it works only once.
            Some(sn) => {
                self.create_again = true;
                Ok(self.intend(Intent::Create, CallKind::Create(sn)))
            }
            None => Ok(Action::Call(CallKind::TakeCard)),
        }
    }
}
