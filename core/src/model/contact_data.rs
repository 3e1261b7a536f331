//! The check whether contact data may be used for one more certificate.

use serde::{Deserialize, Serialize, Serializer};

use super::ids::RaId;
use super::json::Extra;
use super::lenient;
use crate::secret::SensitiveString;

/// The contact data that is to be checked. Only what is set is sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ContactData {
    /// The registration authority. Left out, the client's own setting is sent.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id", serialize_with = "as_number")]
    pub registration_authority: Option<RaId>,
    /// The holder's national identification number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// E-mail address of the holder.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub email: Option<SensitiveString>,
    /// Mobile phone of the holder with the international prefix.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub mobile_phone_number: Option<SensitiveString>,
}

impl ContactData {
    /// The three things that the service looks at; the registration authority comes from the settings where it is not set.
    pub fn new(serial_number: impl Into<String>, email: impl Into<String>, mobile_phone_number: impl Into<String>) -> Self {
        Self {
            registration_authority: None,
            serial_number: Some(serial_number.into().into()),
            email: Some(email.into().into()),
            mobile_phone_number: Some(mobile_phone_number.into().into()),
        }
    }
}

/// This one call documents a number where the others take text.
#[allow(clippy::ref_option, reason = "serde gives a reference to the field")]
fn as_number<S: Serializer>(ra: &Option<RaId>, s: S) -> Result<S::Ok, S::Error> {
    match ra.as_ref().map(|ra| (ra, ra.0.parse::<i64>())) {
        Some((_, Ok(number))) => s.serialize_i64(number),
        Some((ra, Err(_))) => s.serialize_str(&ra.0),
        None => s.serialize_none(),
    }
}

/// What the service says of contact data. `ko` is an answer, not an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactDataCheck {
    /// `ok`, or `ko` where the data is used too often already.
    #[serde(deserialize_with = "lenient::text")]
    pub result: String,
    /// Why, where the service says so. It may name what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret_any")]
    pub reason: Option<SensitiveString>,
    /// The registration authority that it was checked for.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ContactDataCheck {
    /// Whether the service says `ok`.
    pub fn is_ok(&self) -> bool {
        self.result.eq_ignore_ascii_case("ok")
    }
}
