//! Scratchcards.

use serde_json::json;

use super::RegistrationAuthority;
use crate::error::Result;
use crate::model::{RaId, Scratchcard};
use crate::options::RequestOptions;
use crate::transport::Call;

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
}
