//! VideoID requests of the One-Shot API, and who approves them.

use serde::{Deserialize, Serialize};

use super::ids::TokenUid;
use super::words::BillingEnv;
use crate::model::ids::{RaId, RequestPk, VideoIdPk};
use crate::model::json::Extra;
use crate::model::lenient;
use crate::model::officer::RaoCredentials;
use crate::secret::SensitiveString;

/// What every VideoID call takes: both keys of one VideoID request. They look alike, and the two dialects put different ones in the
/// path, so they travel together. Where `videoid_pk` is not there and a call needs it, the request is read; it is never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VideoIdHandle {
    /// The request.
    pub request_pk: RequestPk,
    /// Its VideoID object, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_pk")]
    pub videoid_pk: Option<VideoIdPk>,
}

impl VideoIdHandle {
    /// Both keys.
    pub fn new(request_pk: impl Into<RequestPk>, videoid_pk: impl Into<VideoIdPk>) -> Self {
        Self { request_pk: request_pk.into(), videoid_pk: Some(videoid_pk.into()) }
    }

    /// A request whose VideoID is not known: it is read where it is needed.
    pub fn of_request(request_pk: impl Into<RequestPk>) -> Self {
        Self { request_pk: request_pk.into(), videoid_pk: None }
    }
}

/// What a VideoID request is created with. Four fields are enough where the Optimizer's settings hold the billing account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NewVideoId {
    /// Mobile phone of the signer with the international prefix, for example `+34600000000`. Needed.
    pub mobile_phone_number: SensitiveString,
    /// E-mail address of the signer. Needed.
    pub email: SensitiveString,
    /// The registration authority. Left out, the client's own setting is sent.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub registration_authority: Option<RaId>,
    /// Certificate profile, for example `PFnubeQAFCiudadano`. Needed.
    pub profile: String,
    /// The billing user. Left out, the client's own setting is sent; without one the Optimizer's counts.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub billing_username: Option<SensitiveString>,
    /// Password of the billing user, in clear: the client encodes it to Base64. Left out, as `billing_username`.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub billing_password: Option<SensitiveString>,
    /// What is billed: `sandbox` or `prod`. Left out, the client's own setting is sent; without one the Optimizer's counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<BillingEnv>,
    /// Address that is told of status changes. Legacy only, and there for tests; in Current the registration authority holds it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub webhook_url: Option<String>,
    /// Further keys, sent as they are.
    #[serde(flatten)]
    pub extra: Extra,
}

impl NewVideoId {
    /// A request with what always has to be there.
    pub fn new(profile: impl Into<String>, email: impl Into<String>, mobile_phone_number: impl Into<String>) -> Self {
        Self {
            profile: profile.into(),
            email: email.into().into(),
            mobile_phone_number: mobile_phone_number.into().into(),
            ..Self::default()
        }
    }
}

/// A VideoID request that was created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreatedVideoId {
    /// What later calls take.
    pub handle: VideoIdHandle,
    /// Where the signer identifies in the eIDAS flow; `None` in the External flow. Whoever has it can use it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub videoid_link: Option<SensitiveString>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Who approves, refuses or validates: an officer's credentials, or a token that holds them. What the token does not hold is given
/// beside it. They belong on a backend, are sent with the one call that they are given to, and are not kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OneShotRao {
    /// The token, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub token: Option<TokenUid>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub username: Option<SensitiveString>,
    /// Password, in clear: only the billing password goes as Base64.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub password: Option<SensitiveString>,
    /// PIN of the officer's cloud certificate.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub pin: Option<SensitiveString>,
    /// Id of the officer. Needed.
    #[serde(deserialize_with = "lenient::text")]
    pub rao: String,
}

impl OneShotRao {
    /// An officer by their credentials.
    pub fn new(username: impl Into<String>, password: impl Into<String>, pin: impl Into<String>, rao: impl Into<String>) -> Self {
        Self {
            token: None,
            username: Some(username.into().into()),
            password: Some(password.into().into()),
            pin: Some(pin.into().into()),
            rao: rao.into(),
        }
    }

    /// An officer by a token.
    pub fn with_token(token: impl Into<TokenUid>, rao: impl Into<String>) -> Self {
        Self { token: Some(token.into()), rao: rao.into(), ..Self::default() }
    }
}

impl From<&RaoCredentials> for OneShotRao {
    fn from(rao: &RaoCredentials) -> Self {
        Self {
            token: None,
            username: Some(rao.username.clone()),
            password: Some(rao.password.clone()),
            pin: Some(rao.pin.clone()),
            rao: rao.rao_id.clone(),
        }
    }
}
