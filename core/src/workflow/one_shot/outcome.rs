//! What the steps of the One-Shot workflows give.

use serde::{Deserialize, Serialize};

use crate::model::{DocumentUid, DownloadedFile, Status, VideoIdHandle, WayOn};
use crate::secret::SensitiveString;

/// For whom or what the workflow waits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OneShotWait {
    /// The user identifies at the link, or evidence and video are still to be uploaded.
    User,
    /// An officer decides; also where an approval left the request short of ENROLLREADY.
    Review,
    /// The documents to be signed are to be uploaded.
    Documents,
    /// The signer is to see the contract.
    ContractShown,
    /// The signer has the one-time password, or it is to be sent.
    Otp,
    /// The signed documents are to be saved.
    Saving,
    /// Nothing: it is done, or it ended (refused, cancelled).
    Nothing,
    /// A word that this version does not know.
    Other(String),
}

impl OneShotWait {
    /// The word in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::User => "user",
            Self::Review => "review",
            Self::Documents => "documents",
            Self::ContractShown => "contract_shown",
            Self::Otp => "otp",
            Self::Saving => "saving",
            Self::Nothing => "nothing",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for OneShotWait {
    fn from(word: &str) -> Self {
        match word {
            "user" => Self::User,
            "review" => Self::Review,
            "documents" => Self::Documents,
            "contract_shown" => Self::ContractShown,
            "otp" => Self::Otp,
            "saving" => Self::Saving,
            "nothing" => Self::Nothing,
            other => Self::Other(other.to_owned()),
        }
    }
}

crate::model::text_enum_serde!(OneShotWait);

/// A request that was created.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OneShotStarted {
    /// What calls of the client take.
    pub handle: VideoIdHandle,
    /// Where the signer identifies in the eIDAS flow. It is shown once and not part of the state: whoever has it can use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_link: Option<SensitiveString>,
    /// Its status as the service showed it last.
    pub status: Status,
}

/// Where the request stands after a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OneShotOutcome {
    /// What calls of the client take.
    pub handle: VideoIdHandle,
    /// Its status as the service showed it last.
    pub status: Status,
    /// The status of its VideoID: `REFUSED` after a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_status: Option<String>,
    /// Whether the request is ENROLLREADY or further. An approval may be taken and leave it short of that: then it is false, and
    /// `waits_for` is `review`.
    pub approved: bool,
    /// For whom or what the workflow waits.
    pub waits_for: OneShotWait,
    /// What can be done where the request does not go ahead.
    #[serde(default)]
    pub ways_on: Vec<WayOn>,
    /// What is to be noticed, without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// A signed document that is on disk and looks whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SavedDocument {
    /// The document.
    pub uid: DocumentUid,
    /// The file: synced, named once it was whole.
    pub file: DownloadedFile,
    /// How many signatures the PDF has; 1 for the P7M of a digest.
    pub signatures: i64,
}

/// The signed documents of a request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SavedDocuments {
    /// Each document, in the order of the upload.
    pub documents: Vec<SavedDocument>,
}
