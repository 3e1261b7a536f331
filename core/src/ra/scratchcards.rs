//! Scratchcards.

use serde_json::json;

use super::{RegistrationAuthority, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{RaId, Scratchcard, ScratchcardFilter, ScratchcardPage, ScratchcardPk, ScratchcardSn, ScratchcardUse};
use crate::options::RequestOptions;
use crate::transport::{Call, skim::Form};

impl RegistrationAuthority {
    /// The first unused scratchcard of a registration authority, by default of the one in the settings.
    ///
    /// Safe to repeat. The card is not reserved: two callers can be given the same one. Creating the request decides, and the loser
    /// gets `scratchcard_invalid` and takes the next card.
    ///
    /// # Errors
    /// `no_scratchcard` where none is left; `field_missing` without a registration authority.
    pub async fn get_first_unused_scratchcard(
        &self,
        registration_authority: Option<&RaId>,
        options: &RequestOptions,
    ) -> Result<Scratchcard> {
        let ra = self.registration_authority(registration_authority).map_err(|e| e.with_operation("get_first_unused_scratchcard"))?;
        // The documents want a JSON body on this GET.
        let call = Call::new("get_first_unused_scratchcard").json(&json!({ "ra": ra }))?;
        self.typed(call, options).await
    }

    /// Lists scratchcards, ten a page, with their secrets where the service shows them.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `field_invalid` for a page below 1.
    pub async fn list_scratchcards(&self, filter: &ScratchcardFilter, options: &RequestOptions) -> Result<ScratchcardPage> {
        if filter.page.is_some_and(|page| page < 1) {
            return Err(Error::field(ErrorCode::FieldInvalid, "page", "1 or more").with_operation("list_scratchcards"));
        }
        let mut call = Call::new("list_scratchcards");
        call.query = [
            filter.registration_authority.as_ref().map(|ra| ("registration_authority", ra.to_string())),
            filter.sn.as_ref().map(|sn| ("sn", sn.to_string())),
            filter.page.map(|page| ("page", page.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect();
        parse::page(self.json(call, options).await?, filter.page).map_err(|e| e.with_operation("list_scratchcards"))
    }

    /// A scratchcard by its primary key, with its secrets where the service shows them.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_scratchcard(&self, scratchcard_pk: ScratchcardPk, options: &RequestOptions) -> Result<Scratchcard> {
        self.typed(Call::new("get_scratchcard").path(scratchcard_pk), options).await
    }

    /// Whether a request has consumed a scratchcard, by its serial number.
    ///
    /// Safe to repeat. That a card is free says nothing of the next moment: creating the request decides.
    ///
    /// # Errors
    /// `field_missing`; `not_found` or `rejected` for a card that the service does not know.
    pub async fn is_scratchcard_used(&self, sn: &ScratchcardSn, options: &RequestOptions) -> Result<ScratchcardUse> {
        let named = |e: Error| e.with_operation("is_scratchcard_used");
        needed("sn", sn.as_str()).map_err(named)?;
        let mut call = Call::new("is_scratchcard_used").json(&json!({ "sn": sn }))?;
        call.form = Form::Word;
        parse::scratchcard_use(self.json(call, options).await?).map_err(named)
    }
}
