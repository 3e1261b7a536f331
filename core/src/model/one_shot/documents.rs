//! Documents that a request signs.

use serde::{Deserialize, Serialize};

use super::ids::DocumentUid;
use crate::error::{Error, ErrorCode, Result};
use crate::model::json::Extra;
use crate::model::lenient;
use crate::secret::SensitiveString;
use crate::source::Source;

/// The digest of a document that stays with the caller. It is uploaded in place of the document; what comes back is a P7M.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DocumentHash {
    /// The digest of the document, in Base64.
    #[serde(rename = "messageDigest")]
    pub message_digest: String,
    /// How it is signed, for example `sha256WithRSAEncryption`.
    #[serde(rename = "digestAlgorithm")]
    pub digest_algorithm: String,
    /// Whether signed attributes are added: 1 or 0.
    #[serde(rename = "addAuthAttribute")]
    pub add_auth_attribute: i64,
    /// Whether the time of signing is one of them: 1 or 0.
    #[serde(rename = "addSigningTime")]
    pub add_signing_time: i64,
}

impl DocumentHash {
    /// A SHA-256 digest in Base64, with signed attributes and the time of signing, as in the vendor's sample.
    pub fn sha256(message_digest: impl Into<String>) -> Self {
        Self {
            message_digest: message_digest.into(),
            digest_algorithm: "sha256WithRSAEncryption".to_owned(),
            add_auth_attribute: 1,
            add_signing_time: 1,
        }
    }

    /// What `upload_documents` takes.
    ///
    /// # Errors
    /// `field_missing` without a digest.
    pub fn source(&self) -> Result<Source> {
        if self.message_digest.is_empty() || self.digest_algorithm.is_empty() {
            return Err(Error::field(ErrorCode::FieldMissing, "messageDigest", "digest and algorithm are needed"));
        }
        let json = serde_json::json!({
            "messageDigest": self.message_digest,
            "digestAlgorithm": self.digest_algorithm,
            "addAuthAttribute": self.add_auth_attribute,
            "addSigningTime": self.add_signing_time,
            "otherAuthAttributes": [],
        });
        Ok(Source::bytes(json.to_string().into_bytes()))
    }
}

/// A document that was taken. Its order in the answer need not be that of the upload: `name` says which part it was, where the
/// service shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UploadedForSigning {
    /// The document.
    pub uid: DocumentUid,
    /// Name of the part of the upload: `file`, `file2`…
    #[serde(alias = "key", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub name: Option<String>,
    /// Its digest, where the service shows it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub digest: Option<String>,
    /// The file's name, where the service shows it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub filename: Option<SensitiveString>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The documents of one upload.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UploadedDocuments {
    /// Each document, in the order of the upload where the service shows which is which, else in its own.
    pub documents: Vec<UploadedForSigning>,
}

/// A document of a request as the service lists it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OneShotDocument {
    /// The document.
    pub uid: DocumentUid,
    /// When it was uploaded, as it came: `11/11/2019 18:03:07`, without a zone.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub upload_date: Option<String>,
    /// Ending of its name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub ext: Option<String>,
    /// Its size in bytes.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub size: Option<i64>,
    /// Its type.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub mime: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub filename: Option<SensitiveString>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The documents of a request.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OneShotDocuments {
    /// Each document, in the order of their uids.
    pub documents: Vec<OneShotDocument>,
}

/// Whether bytes are the JSON of a digest.
#[cfg(feature = "client")]
pub(crate) fn is_digest(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(bytes)
        .is_ok_and(|json| ["messageDigest", "digestAlgorithm"].iter().all(|key| json.get(key).is_some_and(serde_json::Value::is_string)))
}

/// The parts of an upload, field and name of the file: `file`, `file2` and so on, and `hashfile` for a digest. The list of documents
/// shows the names of the files again.
pub(crate) fn part_names(hashes: &[bool]) -> Vec<(String, String)> {
    let mut files = 0;
    let names = |is_hash: &bool| {
        if *is_hash {
            return ("hashfile".to_owned(), "hashfile.json".to_owned());
        }
        files += 1;
        let field = if files == 1 { "file".to_owned() } else { format!("file{files}") };
        let file_name = format!("{field}.pdf");
        (field, file_name)
    };
    hashes.iter().map(names).collect()
}
