//! Scratchcards and the secrets that travel with them and with an approval.

use serde::{Deserialize, Serialize};

use super::ids::{RaId, ScratchcardPk, ScratchcardSn};
use super::json::Extra;
use super::lenient;
use crate::secret::SensitiveString;

/// A single-use card that a request consumes. Naming it does not reserve it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Scratchcard {
    /// Its serial number: what the create call takes.
    pub sn: ScratchcardSn,
    /// Its primary key.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_pk")]
    pub pk: Option<ScratchcardPk>,
    /// Its secrets, given as an object or as JSON in a string.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_object")]
    pub secrets: Option<CardSecrets>,
    /// The registration authority that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The secrets of a card or of an approved request. They are shown once: hand them to the holder, do not store or log them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CardSecrets {
    /// PIN of the certificate.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub pin: Option<SensitiveString>,
    /// PUK of the certificate.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub puk: Option<SensitiveString>,
    /// Enrollment code.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub enrollment_code: Option<SensitiveString>,
    /// ERC: the code that revokes.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub erc: Option<SensitiveString>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Whether a scratchcard is used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ScratchcardUse {
    /// Whether a request has consumed the card.
    pub used: bool,
}
