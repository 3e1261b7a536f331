//! Tokens: RAO credentials that the Optimizer keeps, so that calls need not carry them.

use serde::{Deserialize, Serialize};

use super::ids::TokenUid;
use super::words::BillingEnv;
use crate::model::json::Extra;
use crate::model::lenient;
use crate::secret::SensitiveString;

/// The credentials that a token is made of. What it does not hold has to come with each call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NewToken {
    /// User name of the officer. Needed.
    pub username: SensitiveString,
    /// Password, in clear: only the billing password goes as Base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<SensitiveString>,
    /// PIN of the officer's cloud certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<SensitiveString>,
    /// Which installation the officer belongs to: `sandbox` or `prod`. Legacy needs it; left out, the client's own setting is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<BillingEnv>,
    /// Further keys, sent as they are.
    #[serde(flatten)]
    pub extra: Extra,
}

impl NewToken {
    /// A token that holds all three.
    pub fn new(username: impl Into<String>, password: impl Into<String>, pin: impl Into<String>) -> Self {
        Self { username: username.into().into(), password: Some(password.into().into()), pin: Some(pin.into().into()), ..Self::default() }
    }
}

/// A token that was stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CreatedToken {
    /// What calls take in place of the credentials.
    pub token_uid: TokenUid,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A token as the Optimizer shows it: what it holds, not its secrets.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Token {
    /// The token.
    pub token_uid: TokenUid,
    /// User name of the officer.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub username: Option<SensitiveString>,
    /// Whether the password is stored; it comes as a boolean or as text.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub password: Option<bool>,
    /// Whether the PIN is stored; it comes as a boolean or as text.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub pin: Option<bool>,
    /// Id of the officer, where the service shows it.
    #[serde(alias = "rao", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub rao_id: Option<String>,
    /// The installation that the officer belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<BillingEnv>,
    /// A remark of the service, for example that the token cannot be deleted.
    #[serde(rename = "NOTE", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub note: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The tokens of an Optimizer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TokenList {
    /// Each token, in the order of their uids.
    pub tokens: Vec<Token>,
}
