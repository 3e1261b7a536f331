//! The security checks of the evidence, each with where its value comes from.

use serde::{Deserialize, Serialize};

use super::json::Extra;

/// Where the value of a security check comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Provenance {
    /// A rule of this library computed it; `by` names the rule.
    Computed,
    /// A party attested it, for example the vendor of a liveness product; `by` names the party.
    Attested,
    /// The caller says so.
    Asserted,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl Provenance {
    /// The word in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Computed => "computed",
            Self::Attested => "attested",
            Self::Asserted => "asserted",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Provenance {
    fn from(word: &str) -> Self {
        match word {
            "computed" => Self::Computed,
            "attested" => Self::Attested,
            "asserted" => Self::Asserted,
            other => Self::Other(other.to_owned()),
        }
    }
}

super::text_enum_serde!(Provenance);

/// One security check: passed or not, and who says so. Only `passed` goes over the wire; the provenance stays in the bundle.
///
/// Read from JSON, a bare boolean counts as asserted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
#[non_exhaustive]
pub struct SecurityCheck {
    /// Whether the check was passed.
    pub passed: bool,
    /// Where the value comes from.
    pub provenance: Provenance,
    /// The rule or party behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The forms in which a check is read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Bare(bool),
    Full {
        passed: bool,
        #[serde(default)]
        provenance: Option<Provenance>,
        #[serde(default)]
        by: Option<String>,
    },
}

impl From<Written> for SecurityCheck {
    fn from(written: Written) -> Self {
        match written {
            Written::Bare(passed) => Self::asserted(passed),
            Written::Full { passed, provenance, by } => Self { passed, provenance: provenance.unwrap_or(Provenance::Asserted), by },
        }
    }
}

impl SecurityCheck {
    /// The caller says so.
    pub fn asserted(passed: bool) -> Self {
        Self { passed, provenance: Provenance::Asserted, by: None }
    }

    /// A party attests it.
    pub fn attested(passed: bool, by: impl Into<String>) -> Self {
        Self { passed, provenance: Provenance::Attested, by: Some(by.into()) }
    }

    /// A rule computed it.
    pub fn computed(passed: bool, by: impl Into<String>) -> Self {
        Self { passed, provenance: Provenance::Computed, by: Some(by.into()) }
    }
}

/// The seven security checks of the service, and the caller's own.
///
/// The library claims none of them: liveness, genuineness and face match need products and laboratories of their own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SecurityChecks {
    /// The one-time password that confirms the phone was right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otp_validation: Option<SecurityCheck>,
    /// Front and rear belong to the same document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents_match: Option<SecurityCheck>,
    /// The data of the document is consistent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_integrity: Option<SecurityCheck>,
    /// The document is no copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_notcopy: Option<SecurityCheck>,
    /// The document is not expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_notexpired: Option<SecurityCheck>,
    /// The holder is of age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_notunderage: Option<SecurityCheck>,
    /// The person was alive in front of the camera (the service's spelling).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub liveliness: Option<SecurityCheck>,
    /// Further checks, sent as they are: the service calls this object customizable.
    #[serde(flatten)]
    pub extra: Extra,
}

impl SecurityChecks {
    /// The named checks that are set, in the service's order.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &SecurityCheck)> {
        [
            ("otp_validation", &self.otp_validation),
            ("documents_match", &self.documents_match),
            ("data_integrity", &self.data_integrity),
            ("document_notcopy", &self.document_notcopy),
            ("document_notexpired", &self.document_notexpired),
            ("document_notunderage", &self.document_notunderage),
            ("liveliness", &self.liveliness),
        ]
        .into_iter()
        .filter_map(|(name, check)| Some((name, check.as_ref()?)))
    }
}
