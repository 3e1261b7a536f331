//! Renewal of certificates and unlocking of their PIN.

use serde::Serialize;

use super::{RegistrationAuthority, needed, parse};
use crate::error::{Error, Result};
use crate::model::{Acknowledgement, PinUnlock, Renewability, RenewalStatus, RequestPk, ScratchcardSn};
use crate::options::RequestOptions;
use crate::secret::SensitiveString;
use crate::transport::Call;

/// The question whether a card can be renewed. It borrows the code: the only copy is the body itself, which is overwritten.
#[derive(Serialize)]
struct RenewableBody<'a> {
    scratchcard: &'a ScratchcardSn,
    erc: &'a SensitiveString,
}

impl RegistrationAuthority {
    /// Whether the certificate of a request can be renewed, and whether renewal is switched on for it.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_renewal_status(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<RenewalStatus> {
        self.typed(Call::new("get_renewal_status").path(request_pk), options).await
    }

    /// Switches renewal on for a request.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the renewal status. A second call changes nothing more.
    ///
    /// # Errors
    /// `not_found`; `not_renewable`; `ambiguous`.
    pub async fn enable_renewal(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Acknowledgement> {
        let call = Call::new("enable_renewal").path(request_pk);
        parse::acknowledgement(self.json(call, options).await?).map_err(|e| e.with_operation("enable_renewal"))
    }

    /// Switches renewal off for a request.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the renewal status. A second call changes nothing more.
    ///
    /// # Errors
    /// `not_found`; `ambiguous`.
    pub async fn disable_renewal(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Acknowledgement> {
        let call = Call::new("disable_renewal").path(request_pk);
        parse::acknowledgement(self.json(call, options).await?).map_err(|e| e.with_operation("disable_renewal"))
    }

    /// Whether the certificate of a scratchcard can be renewed. `erc` is the code of the card that the service asks for here: its
    /// documents call the field ERC and describe it as the enrollment code.
    ///
    /// Safe to repeat. That it cannot be renewed is the error `not_renewable`, whose service code says why: 419 revoked, 420
    /// expired, 421 disabled by the officer, 422 disabled by the registration authority, 423 not available, 424 renewed as often as
    /// is allowed, 425 too old, 426 not enabled by the officer, 427 suspended.
    ///
    /// # Errors
    /// `not_renewable`; `field_missing`; `bad_request` for parameters that the service does not accept (its code 418).
    pub async fn is_renewable(&self, sn: &ScratchcardSn, erc: &SensitiveString, options: &RequestOptions) -> Result<Renewability> {
        let named = |e: Error| e.with_operation("is_renewable");
        needed("scratchcard", sn.as_str()).map_err(named)?;
        needed("erc", erc.expose()).map_err(named)?;
        let call = Call::new("is_renewable").json(&RenewableBody { scratchcard: sn, erc })?;
        parse::renewability(self.json(call, options).await?).map_err(named)
    }

    /// Sends the holder a one-time password by SMS that [`unlock_pin`](Self::unlock_pin) takes.
    ///
    /// Never repeated by itself: each call sends a message. Where the answer is lost it fails with `ambiguous`.
    ///
    /// # Errors
    /// `not_found`; `invalid_status`; `rejected`; `ambiguous`.
    pub async fn generate_otp_for_unlock(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Acknowledgement> {
        let call = Call::new("generate_otp_for_unlock").path(request_pk);
        parse::acknowledgement(self.json(call, options).await?).map_err(|e| e.with_operation("generate_otp_for_unlock"))
    }

    /// Unlocks the PIN of a certificate and sets a new one.
    ///
    /// Never repeated: the one-time password is used up. Where the answer is lost it fails with `ambiguous`.
    ///
    /// # Errors
    /// `field_missing`; `rejected` where the service does not accept the codes; `invalid_status`; `ambiguous`.
    pub async fn unlock_pin(&self, request_pk: RequestPk, unlock: &PinUnlock, options: &RequestOptions) -> Result<Acknowledgement> {
        let named = |e: Error| e.with_operation("unlock_pin");
        needed("scratchcard", unlock.scratchcard.as_str()).map_err(named)?;
        needed("enrollment_code", unlock.enrollment_code.expose()).map_err(named)?;
        needed("newpin", unlock.newpin.expose()).map_err(named)?;
        needed("otp", unlock.otp.expose()).map_err(named)?;
        let call = Call::new("unlock_pin").path(request_pk).json(unlock)?;
        parse::acknowledgement(self.json(call, options).await?).map_err(named)
    }
}
