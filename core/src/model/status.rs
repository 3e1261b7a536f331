//! The status of a request and what the documents say may come next.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::lenient;

/// Where a request stands. Words that the documents do not name are kept in `Other`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Created, or validated in 2-step mode: declaration, contract and approval come next.
    Created,
    /// Waits for the evidence or for the user's video.
    VideoPending,
    /// Part of the evidence is there. In the External flow a step on the way, not a failure.
    VideoIncomplete,
    /// All is there; an officer validates or refuses.
    VideoReview,
    /// The upload or the identification failed.
    VideoError,
    /// Approved; the certificate can be issued.
    EnrollReady,
    /// The certificate is issued.
    Issued,
    /// Renewed.
    Renewed,
    /// Cancelled.
    Cancelled,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl Status {
    /// The service's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Created => "CREATED",
            Self::VideoPending => "VIDEOPENDING",
            Self::VideoIncomplete => "VIDEOINCOMPLETE",
            Self::VideoReview => "VIDEOREVIEW",
            Self::VideoError => "VIDEOERROR",
            Self::EnrollReady => "ENROLLREADY",
            Self::Issued => "ISSUED",
            Self::Renewed => "RENEWED",
            Self::Cancelled => "CANCELLED",
            Self::Other(word) => word,
        }
    }

    /// Whether nothing more is to be done by the RA for this request.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Issued | Self::Renewed | Self::Cancelled)
    }

    /// The operations that the documents allow next, by their name in [`OPERATIONS`](crate::OPERATIONS). Advice, not a
    /// rule: the server decides. Empty for an unknown status.
    pub fn next_steps(&self) -> Vec<String> {
        let steps: &[&str] = match self {
            Self::Created => &["generate_declaration", "get_request_document", "approve_request", "cancel_request"],
            Self::VideoPending | Self::VideoIncomplete | Self::VideoError => &["upload_evidence", "upload_video", "cancel_request"],
            Self::VideoReview => &["validate_videoid", "refuse_videoid", "cancel_request"],
            Self::EnrollReady => &["get_preauth_link"],
            Self::Issued | Self::Renewed | Self::Cancelled | Self::Other(_) => &[],
        };
        steps.iter().map(|s| (*s).to_owned()).collect()
    }
}

impl From<&str> for Status {
    fn from(word: &str) -> Self {
        match word {
            "CREATED" => Self::Created,
            "VIDEOPENDING" => Self::VideoPending,
            "VIDEOINCOMPLETE" => Self::VideoIncomplete,
            "VIDEOREVIEW" => Self::VideoReview,
            "VIDEOERROR" => Self::VideoError,
            "ENROLLREADY" => Self::EnrollReady,
            "ISSUED" => Self::Issued,
            // The vendor's wiki spells these two in its own way.
            "RENEWED" | "RENOVATED" => Self::Renewed,
            "CANCELLED" | "CANCELED" => Self::Cancelled,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient::text(deserializer).map(|word| Self::from(word.as_str()))
    }
}
