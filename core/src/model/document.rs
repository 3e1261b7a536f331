//! Documents of a request.

use serde::{Deserialize, Serialize};

use super::json::Extra;
use super::lenient;

/// Which document of a request is meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentType {
    /// Front of the identity document.
    DocumentFront,
    /// Rear of the identity document.
    DocumentRear,
    /// The holder with the document.
    DocumentOwner,
    /// A further document.
    ExtraDocument,
    /// The contract before it is signed.
    Contract,
    /// The contract after it is signed.
    SignedContract,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl DocumentType {
    /// The service's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::DocumentFront => "document_front",
            Self::DocumentRear => "document_rear",
            Self::DocumentOwner => "document_owner",
            Self::ExtraDocument => "extra_document",
            Self::Contract => "contract",
            Self::SignedContract => "signed_contract",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for DocumentType {
    fn from(word: &str) -> Self {
        match word {
            "document_front" => Self::DocumentFront,
            "document_rear" => Self::DocumentRear,
            "document_owner" => Self::DocumentOwner,
            "extra_document" => Self::ExtraDocument,
            "contract" => Self::Contract,
            "signed_contract" => Self::SignedContract,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Which document the service is to generate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GeneratedDocument {
    /// The contract of an issuance.
    Contract,
    /// The contract of a renewal.
    ContractRenew,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl GeneratedDocument {
    /// The service's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Contract => "contract",
            Self::ContractRenew => "contract_renew",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for GeneratedDocument {
    fn from(word: &str) -> Self {
        match word {
            "contract" => Self::Contract,
            "contract_renew" => Self::ContractRenew,
            other => Self::Other(other.to_owned()),
        }
    }
}

super::text_enum_serde!(DocumentType, GeneratedDocument);

/// A document that the service gave, whole in memory: a contract has some hundred kilobytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Document {
    /// The service's word for what it is, for example `contract`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub document_type: Option<String>,
    /// The bytes, decoded: a PDF for a contract, an image for a side of the identity document.
    pub content: DocumentBytes,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The bytes of a document. `Debug` shows only the length.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentBytes(pub Vec<u8>);

impl std::fmt::Debug for DocumentBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}

impl AsRef<[u8]> for DocumentBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for DocumentBytes {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

/// A file that was downloaded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DownloadedFile {
    /// Where it is. Only its owner can read it (mode 0600).
    pub path: String,
    /// Its length in bytes.
    pub bytes: i64,
    /// Its SHA-256 in lower-case hex.
    pub sha256: String,
}
