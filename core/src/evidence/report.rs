//! What a check of evidence or of a video found.

use serde::{Deserialize, Serialize};

/// Whether a finding stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Severity {
    /// Evidence with it is not built.
    Error,
    /// Advice: the service may refuse it, or an officer may have to ask.
    #[default]
    Warning,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl Severity {
    /// The word in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Severity {
    fn from(word: &str) -> Self {
        match word {
            "error" => Self::Error,
            "warning" => Self::Warning,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The format of an image, found from its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ImageFormat {
    /// JPEG.
    #[default]
    Jpeg,
    /// PNG.
    Png,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl ImageFormat {
    /// The word in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ImageFormat {
    fn from(word: &str) -> Self {
        match word {
            "jpeg" => Self::Jpeg,
            "png" => Self::Png,
            other => Self::Other(other.to_owned()),
        }
    }
}

crate::model::text_enum_serde!(Severity, ImageFormat);

/// What was found in evidence: all findings, in the order of the body, and what is known of the images that can be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EvidenceReport {
    /// What breaks a rule or is advised against.
    pub findings: Vec<Finding>,
    /// The images that are whole.
    pub images: Vec<ImageInfo>,
}

impl EvidenceReport {
    /// Whether nothing stands in the way of building the evidence.
    pub fn is_acceptable(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

/// A field and the rule that it breaks. Never a value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Finding {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// The name of an [`ErrorCode`](crate::ErrorCode), for example `image_damaged`.
    pub code: String,
    /// The field in dotted wire names, for example `videoid_data.images.document_front`.
    pub field: String,
    /// The rule, in words.
    pub rule: String,
}

/// What is known of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ImageInfo {
    /// Its name: `document_front`, `document_rear`, `document_photo` or `document_owner`.
    pub name: String,
    /// Its format, found from its bytes.
    pub format: ImageFormat,
    /// Width in pixels, as stored: a rotation in the metadata is not applied.
    pub width: i64,
    /// Height in pixels, as stored.
    pub height: i64,
    /// Length in bytes.
    pub bytes: i64,
}

/// What is known of a video.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct VideoInfo {
    /// Length in bytes.
    pub bytes: i64,
    /// Whether its bytes were looked at: a stream that can be read only while it is sent cannot be checked before.
    pub checked: bool,
    /// The major brand of the container, for example `isom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// Whether the movie header is there.
    pub has_moov: bool,
    /// Whether it is in fragments, as recorders write that may be interrupted.
    pub fragmented: bool,
}
