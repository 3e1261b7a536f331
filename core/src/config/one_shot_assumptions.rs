//! What no document says of the One-Shot API, as settings. Each field is one entry of ASSUMPTIONS.md.

use serde::{Deserialize, Serialize};

use super::assumptions::{AcceptanceDate, IncompleteIs, UploadOrder, VideoFormat};
use crate::error::{Error, ErrorCode, Result};

/// Which address of a signed document is asked for first in the dialect Current. The documents show both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SignedDocumentForm {
    /// `/document/{request_pk}/{uid}?document_type=signed`, as the OpenAPI description and three guides have it.
    #[default]
    Query,
    /// `/document/{request_pk}/signed/{uid}`, as the VideoID guide has it.
    Path,
    /// A word that this version does not know.
    Other(String),
}

impl SignedDocumentForm {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Query => "query",
            Self::Path => "path",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for SignedDocumentForm {
    fn from(word: &str) -> Self {
        match word {
            "query" => Self::Query,
            "path" => Self::Path,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Which address approves first in the dialect Legacy. The documents show both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ApproveForm {
    /// `/request/{request_pk}/approve`, as the guide and working code have it.
    #[default]
    Singular,
    /// `/requests/{request_pk}/approve`, as the OpenAPI description has it.
    Plural,
    /// A word that this version does not know.
    Other(String),
}

impl ApproveForm {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Singular => "singular",
            Self::Plural => "plural",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for ApproveForm {
    fn from(word: &str) -> Self {
        match word {
            "singular" => Self::Singular,
            "plural" => Self::Plural,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Which address gives a video back first in the dialect Current. The documents name the call and show no address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum VideoDownloadForm {
    /// `/videoid/{videoid_pk}/video`, as the upload has it.
    #[default]
    Video,
    /// `/videoid/{videoid_pk}/download/video`, as the dialect Legacy has it.
    DownloadVideo,
    /// A word that this version does not know.
    Other(String),
}

impl VideoDownloadForm {
    /// The word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Video => "video",
            Self::DownloadVideo => "download_video",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for VideoDownloadForm {
    fn from(word: &str) -> Self {
        match word {
            "video" => Self::Video,
            "download_video" => Self::DownloadVideo,
            other => Self::Other(other.to_owned()),
        }
    }
}

crate::model::text_enum_serde!(SignedDocumentForm, ApproveForm, VideoDownloadForm);

/// What no document of the vendor says of the One-Shot API and a call has to decide. A vendor's answer, or a try on the test
/// installation, settles each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OneShotAssumptions {
    /// Which address of a signed document is asked for first in Current: `query` or `path`. The other one is asked once where the
    /// first is not known. Default: `query`.
    pub signed_document_form: SignedDocumentForm,
    /// Which address approves first in Legacy: `singular` or `plural`. The other one is taken once where the first is not known.
    /// Default: `singular`.
    pub approve_form: ApproveForm,
    /// Which address gives a video back first in Current: `video` or `download_video`. The other one is asked once where the first
    /// is not known. Default: `video`.
    pub video_download_form: VideoDownloadForm,
    /// What VIDEOINCOMPLETE means in the External flow: `on_the_way` or `failure`. Default: `on_the_way`.
    pub incomplete_is: IncompleteIs,
    /// Which upload the External workflow makes first: `evidence_first` or `video_first`. Default: `evidence_first`.
    pub upload_order: UploadOrder,
    /// How `acceptance.date` is written: `number` or `string`. Default: `number`.
    pub acceptance_date: AcceptanceDate,
    /// Which videos are uploaded: `mp4` or `any`. Default: `mp4`.
    pub video_format: VideoFormat,
}

impl OneShotAssumptions {
    pub(super) fn validate(&self) -> Result<()> {
        let known = [
            ("signed_document_form", self.signed_document_form.as_str(), ["query", "path"]),
            ("approve_form", self.approve_form.as_str(), ["singular", "plural"]),
            ("video_download_form", self.video_download_form.as_str(), ["video", "download_video"]),
            ("incomplete_is", self.incomplete_is.as_str(), ["on_the_way", "failure"]),
            ("upload_order", self.upload_order.as_str(), ["evidence_first", "video_first"]),
            ("acceptance_date", self.acceptance_date.as_str(), ["number", "string"]),
            ("video_format", self.video_format.as_str(), ["mp4", "any"]),
        ];
        match known.iter().find(|(_, word, words)| !words.contains(word)) {
            None => Ok(()),
            Some((field, _, words)) => {
                let rule = format!("one of {}", words.join(", "));
                Err(Error::field(ErrorCode::ConfigInvalid, format!("assumptions.{field}"), rule))
            }
        }
    }
}
