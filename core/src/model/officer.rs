//! What an officer gives and gets: credentials, approval, refusal, declaration, pre-authenticated link.

use serde::{Deserialize, Serialize};

use super::json::Extra;
use super::lenient;
use super::request::Request;
use super::scratchcard::CardSecrets;
use crate::secret::SensitiveString;

/// The credentials of a registration authority officer. They belong on a backend. They are sent with the one call that they
/// are given to; the client does not keep them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RaoCredentials {
    /// User name.
    pub username: SensitiveString,
    /// Password, in clear: the RA API does not want it in Base64.
    pub password: SensitiveString,
    /// PIN of the officer's cloud certificate.
    pub pin: SensitiveString,
    /// Id of the officer (`rao_id`, in some calls `rao`).
    #[serde(deserialize_with = "lenient::text")]
    pub rao_id: String,
}

impl RaoCredentials {
    /// Credentials from their four parts.
    pub fn new(username: impl Into<String>, password: impl Into<String>, pin: impl Into<String>, rao_id: impl Into<String>) -> Self {
        Self { username: username.into().into(), password: password.into().into(), pin: pin.into().into(), rao_id: rao_id.into() }
    }
}

/// The answer of validation and approval. The secrets cannot be had again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Approval {
    /// The secrets of the certificate to be, where the service gave them.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_object")]
    pub secrets: Option<CardSecrets>,
    /// The request after the step.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_object")]
    pub request: Option<Request>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The answer of a refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Refusal {
    /// Status of the VideoID, `REFUSED`. Which status the request has afterwards is not documented: read it.
    pub videoid_status: String,
    /// The reason that was given.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub reason: Option<SensitiveString>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The text that an officer declares when approving.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Declaration {
    /// Serial number of the receipt, where the service gave one.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// The text, with the service's line ends.
    pub receipt: SensitiveString,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The pre-authenticated link by which the holder finishes the issuance. Whoever has it can use it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PreauthLink {
    /// The address.
    #[serde(alias = "preauth_link")]
    pub preauthenticatedlink: SensitiveString,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The answer of a call that only acknowledges, for example `{"status":"200 OK"}`, `{"status":"Request cancelled"}` or
/// `{"status":"success","message":"OTP sent via SMS"}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Acknowledgement {
    /// What the service wrote; `None` where the body was empty.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub status: Option<String>,
    /// What it wrote besides, for example `OTP sent via SMS`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub message: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}
