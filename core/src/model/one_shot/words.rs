//! Words of the One-Shot API.

/// What is billed: the test installation or production.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BillingEnv {
    /// The vendor's test installation.
    Sandbox,
    /// Production. What is created there costs money.
    Prod,
    /// A word that this version does not know.
    Other(String),
}

impl BillingEnv {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Prod => "prod",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for BillingEnv {
    fn from(word: &str) -> Self {
        match word {
            "sandbox" => Self::Sandbox,
            "prod" => Self::Prod,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// How a one-time password reaches the signer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OtpDelivery {
    /// A text message, as the service does without this word.
    #[default]
    Sms,
    /// A WhatsApp message.
    Whatsapp,
    /// A word that this version does not know.
    Other(String),
}

impl OtpDelivery {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for OtpDelivery {
    fn from(word: &str) -> Self {
        match word {
            "sms" => Self::Sms,
            "whatsapp" => Self::Whatsapp,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Which version of a document is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentVersion {
    /// As it was uploaded.
    Original,
    /// With the signature.
    Signed,
    /// A word that this version does not know.
    Other(String),
}

impl DocumentVersion {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Original => "original",
            Self::Signed => "signed",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for DocumentVersion {
    fn from(word: &str) -> Self {
        match word {
            "original" => Self::Original,
            "signed" => Self::Signed,
            other => Self::Other(other.to_owned()),
        }
    }
}

super::super::text_enum_serde!(BillingEnv, OtpDelivery, DocumentVersion);
