//! One-time passwords and signatures.

use serde::{Deserialize, Serialize};

use super::ids::{DocumentUid, ImageUid};
use super::words::OtpDelivery;
use crate::model::json::Extra;
use crate::model::lenient;
use crate::secret::SensitiveString;

/// A one-time password that was sent to the signer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Otp {
    /// What the service wrote: it may name where the password went.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub status: Option<SensitiveString>,
    /// How it was sent, where the call said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_method: Option<OtpDelivery>,
    /// From when on another one can be asked for, in milliseconds since 1970-01-01 UTC by this machine's clock: a minute after the
    /// answer, as the older documents say.
    pub next_allowed_at: i64,
}

/// How the documents of a request are signed: with the one-time password, or by an external unlock.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Signing {
    /// The one-time password of the signer.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub secret: Option<SensitiveString>,
    /// The kind of an unlock that is not the vendor's one-time password.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub ext_unlock_type: Option<String>,
    /// The value of that unlock.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub ext_unlock_value: Option<SensitiveString>,
    /// Whether a visible signature shows the service's text.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub use_signature_text: Option<bool>,
    /// The format of the signature, for example `pades`. Which words there are is not documented.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub signature_format: Option<String>,
    /// Whether the service signs too.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub countersignature: Option<bool>,
    /// Where the signature stands in each document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub placements: Vec<SignaturePlacement>,
    /// How the signature looks in every document. Current only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appearance: Option<SignatureAppearance>,
    /// Further keys, sent as they are.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Signing {
    /// With the one-time password.
    pub fn with_otp(secret: impl Into<String>) -> Self {
        Self { secret: Some(secret.into().into()), ..Self::default() }
    }

    /// With an unlock that is not the vendor's.
    pub fn external(ext_unlock_type: impl Into<String>, ext_unlock_value: impl Into<String>) -> Self {
        Self { ext_unlock_type: Some(ext_unlock_type.into()), ext_unlock_value: Some(ext_unlock_value.into().into()), ..Self::default() }
    }
}

/// Where the signature stands in one document.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SignaturePlacement {
    /// The document.
    pub document_uid: DocumentUid,
    /// Its rectangle as `x1,y1,x2,y2` in points from the bottom left of the page.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub position: Option<String>,
    /// The page, from 0.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub page: Option<i64>,
    /// The image that it shows.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub image: Option<ImageUid>,
    /// Whether the service signs this document too.
    #[serde(rename = "usecountersignature", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub use_countersignature: Option<bool>,
}

impl SignaturePlacement {
    /// A place in a document: page from 0, rectangle in points from the bottom left.
    pub fn new(document_uid: impl Into<DocumentUid>, page: i64, x1: i64, y1: i64, x2: i64, y2: i64) -> Self {
        Self { document_uid: document_uid.into(), page: Some(page), position: Some(format!("{x1},{y1},{x2},{y2}")), ..Self::default() }
    }
}

/// How the signature looks. The documents of Current name the object and do not show what is in it: what is set here is sent under
/// the names that the older API uses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SignatureAppearance {
    /// Its rectangle as `x1,y1,x2,y2` in points from the bottom left of the page.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub position: Option<String>,
    /// The page, from 0.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub page: Option<i64>,
    /// The image that it shows.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub image: Option<ImageUid>,
    /// The text that it shows.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub text: Option<SensitiveString>,
    /// Further keys, sent as they are.
    #[serde(flatten)]
    pub extra: Extra,
}
