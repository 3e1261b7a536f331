//! Documents that were uploaded to a request.

use serde::{Deserialize, Serialize};

use super::document::DocumentBytes;
use super::ids::DocumentPk;
use super::json::Extra;
use super::lenient;

/// A document that the service has taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UploadedDocument {
    /// Its primary key: what deletes it.
    pub pk: DocumentPk,
    /// The service's word for what it is, for example `document_front` or `videoid_evidence`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub document_type: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The documents of a request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestDocuments {
    /// The documents in the service's order.
    pub documents: Vec<RequestDocument>,
}

/// One of the documents of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RequestDocument {
    /// Its primary key: what deletes it.
    pub pk: DocumentPk,
    /// The service's word for what it is, for example `document_front`.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub document_type: Option<String>,
    /// The bytes, decoded. `None` where the service gave none, or where they do not fit into `limits.answer_bytes` any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<DocumentBytes>,
    /// Length of the Base64 text that was left out because it does not fit into `limits.answer_bytes`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub base64_length: Option<i64>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}
