//! Lists that the service gives in pages of ten.

use serde::{Deserialize, Serialize};

use super::ids::{RaId, ScratchcardSn};
use super::json::Extra;
use super::lenient;
use super::request::Request;
use super::scratchcard::Scratchcard;
use crate::secret::SensitiveString;

/// One page of a list of requests.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestPage {
    /// How many there are on all pages.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub count: Option<i64>,
    /// Number of the next page; `None` on the last one. The address that the service gives for it is not used: it may point
    /// at a host that the client certificate must not be shown to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<i64>,
    /// The requests of this page.
    #[serde(alias = "result", deserialize_with = "lenient::one_or_many")]
    pub results: Vec<Request>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which requests are listed; all fields that are set must match.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestFilter {
    /// The card that the request consumed.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub scratchcard: Option<ScratchcardSn>,
    /// The registration authority.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// E-mail address of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub email: Option<SensitiveString>,
    /// Mobile phone of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub mobile_phone_number: Option<SensitiveString>,
    /// Identification number of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// Given names of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub given_name: Option<SensitiveString>,
    /// First surname of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_1: Option<SensitiveString>,
    /// Second surname of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_2: Option<SensitiveString>,
    /// Which page, from 1; the service gives ten requests a page.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub page: Option<i64>,
}

/// One page of a list of scratchcards.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ScratchcardPage {
    /// How many there are on all pages.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub count: Option<i64>,
    /// Number of the next page; `None` on the last one. As with requests, the address that the service gives for it is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<i64>,
    /// The cards of this page, with their secrets where the service shows them.
    #[serde(alias = "result", deserialize_with = "lenient::one_or_many")]
    pub results: Vec<Scratchcard>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which scratchcards are listed; all fields that are set must match.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ScratchcardFilter {
    /// The registration authority that the cards belong to.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// The serial number of a card.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub sn: Option<ScratchcardSn>,
    /// Which page, from 1; the service gives ten cards a page.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub page: Option<i64>,
}
