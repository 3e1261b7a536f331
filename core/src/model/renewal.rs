//! Renewal of a certificate, and the PIN of one that is in use.

use serde::{Deserialize, Serialize};

use super::ids::ScratchcardSn;
use super::json::Extra;
use super::lenient;
use crate::secret::SensitiveString;

/// Whether the certificate of a request can be renewed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RenewalStatus {
    /// Whether it can be renewed now.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub request_is_renewable: Option<bool>,
    /// Whether renewal is switched on for the request.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub renewal_enabled: Option<bool>,
    /// Why it cannot be renewed, in the service's words.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text_any")]
    pub reason: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The answer to whether a certificate can be renewed. That it cannot comes as the error `not_renewable`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Renewability {
    /// True unless the answer itself says otherwise: what it looks like is not documented.
    pub renewable: bool,
    /// What the service wrote, where it did.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub status: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What unlocks the PIN of a certificate and sets a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PinUnlock {
    /// The card that the request consumed.
    pub scratchcard: ScratchcardSn,
    /// The enrollment code of the card.
    pub enrollment_code: SensitiveString,
    /// The new PIN.
    pub newpin: SensitiveString,
    /// The one-time password that the holder was sent.
    pub otp: SensitiveString,
}

impl PinUnlock {
    /// From its four parts.
    pub fn new(
        scratchcard: impl Into<ScratchcardSn>,
        enrollment_code: impl Into<String>,
        newpin: impl Into<String>,
        otp: impl Into<String>,
    ) -> Self {
        Self {
            scratchcard: scratchcard.into(),
            enrollment_code: enrollment_code.into().into(),
            newpin: newpin.into().into(),
            otp: otp.into().into(),
        }
    }
}
