//! Classic requests of the One-Shot API: created and approved in one call, with images of the identity document.

use serde::{Deserialize, Serialize};

use super::ids::TokenUid;
use super::words::BillingEnv;
use crate::model::ids::{RaId, RequestPk};
use crate::model::json::Extra;
use crate::model::lenient;
use crate::secret::SensitiveString;

/// The data of a classic request. The images of the identity document are given beside it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NewOneShotRequest {
    /// Certificate profile, for example `PFnubeQAFCiudadano`. Needed.
    pub profile: String,
    /// The registration authority. Left out, the client's own setting is sent.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// Given names. Needed.
    pub given_name: SensitiveString,
    /// First surname. Needed.
    pub surname_1: SensitiveString,
    /// Second surname.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_2: Option<SensitiveString>,
    /// National identification number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// Type of the identity document: `IDC` (the service's default), `PAS`, `PNO`, `TIN`, `CI`, `CE`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_type: Option<String>,
    /// Country that issued the identity document, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_country: Option<String>,
    /// E-mail address of the signer. Needed.
    pub email: SensitiveString,
    /// Mobile phone of the signer with the international prefix. Needed.
    pub mobile_phone_number: SensitiveString,
    /// Language of what the service sends: `ES`, `PL`, `EN`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub communication_language: Option<String>,
    /// Conditions of the certificate, where the profile wants them.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub special_conditions: Option<String>,
    /// The officer's token; otherwise user name, password and PIN.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub token: Option<TokenUid>,
    /// User name of the officer.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub username: Option<SensitiveString>,
    /// Password of the officer, in clear.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub password: Option<SensitiveString>,
    /// PIN of the officer's cloud certificate.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub pin: Option<SensitiveString>,
    /// The billing user. Left out, the client's own setting is sent; without one the Optimizer's counts.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub billing_username: Option<SensitiveString>,
    /// Password of the billing user, in clear: the client encodes it to Base64. Left out, as `billing_username`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub billing_password: Option<SensitiveString>,
    /// What is billed: `sandbox` or `prod`. Left out, the client's own setting is sent; without one the Optimizer's counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<BillingEnv>,
    /// Whether the service answers at once and approves later: `get_async_status` and `callback` say when.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub useasync: Option<bool>,
    /// Address that is told of each step, with `useasync`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub callback: Option<String>,
    /// Further fields (`residence_city` and others), sent as they are; text, numbers and booleans.
    #[serde(flatten)]
    pub extra: Extra,
}

impl NewOneShotRequest {
    /// A request with what always has to be there.
    pub fn new(
        profile: impl Into<String>,
        given_name: impl Into<String>,
        surname_1: impl Into<String>,
        email: impl Into<String>,
        mobile_phone_number: impl Into<String>,
    ) -> Self {
        Self {
            profile: profile.into(),
            given_name: given_name.into().into(),
            surname_1: surname_1.into().into(),
            email: email.into().into(),
            mobile_phone_number: mobile_phone_number.into().into(),
            ..Self::default()
        }
    }
}

/// A classic request that was created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedRequest {
    /// The request.
    #[serde(rename = "pk", alias = "request_pk")]
    pub request_pk: RequestPk,
    /// Whether the service approves later.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub asyncmode: Option<bool>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How far a request has come that was created with `useasync`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AsyncStatus {
    /// The service's word, for example `approved`.
    #[serde(deserialize_with = "lenient::text")]
    pub status: String,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}
