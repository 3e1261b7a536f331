//! The VideoID part of a request as the service shows it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::{RequestPk, VideoIdPk, VideoIdentifier};
use super::json::Extra;
use super::lenient;
use super::similarity::SimilarityLevel;
use crate::secret::SensitiveString;

/// The VideoID part of a request as the service shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct VideoIdData {
    /// Its own primary key, which is not the request's.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_pk")]
    pub pk: Option<VideoIdPk>,
    /// Its status: `VALIDATED` and `REFUSED` were seen; other words are kept.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub status: Option<String>,
    /// The provider's number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub provider: Option<i64>,
    /// The link for the user in the eIDAS flow; empty in the External flow.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub videoid_link: Option<SensitiveString>,
    /// The requests that this VideoID belongs to.
    #[serde(deserialize_with = "lenient::ids")]
    pub requests: Vec<RequestPk>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub refusal_reason: Option<SensitiveString>,
    /// What goes in the path of the video upload and download.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_id")]
    pub video_identifier: Option<VideoIdentifier>,
    /// The evidence, where the service shows it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_object")]
    pub data: Option<VideoIdContents>,
    /// The acceptance as the service shows it, keys with hyphens.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub acceptance: Extra,
    /// The officer or operator who validated.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub validation_operator: Extra,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The evidence inside [`VideoIdData`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct VideoIdContents {
    /// The images that the answer carried. They are skipped, or written to files when asked; never held in memory.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "read_images")]
    pub images: Vec<ReadBackImage>,
    /// The checks as the service shows them: its own labels, not the names of the upload.
    #[serde(skip_serializing_if = "Vec::is_empty", deserialize_with = "read_checks")]
    pub security_checks: Vec<ReadBackCheck>,
    /// The similarity of document photo and selfie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity_level: Option<SimilarityLevel>,
    /// The data of the document.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub ocr_data: Extra,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An image that an answer carried.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ReadBackImage {
    /// Its name: `document_front`, `document_rear`, `document_photo`, `document_owner` or another one.
    pub name: String,
    /// Length of its Base64 text in bytes.
    pub base64_length: i64,
    /// Where it was written, decoded; `None` where it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A check as the service shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ReadBackCheck {
    /// The service's label, for example `OTP validation`.
    pub label: String,
    /// Its result; `None` where it is not a boolean.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_bool")]
    pub value: Option<bool>,
}

/// Pairs of label and boolean, as read back; the object of the upload is taken too.
fn read_checks<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<ReadBackCheck>, D::Error> {
    let check = |label: &str, value: &Value| ReadBackCheck { label: label.to_owned(), value: value.as_bool() };
    Ok(match Value::deserialize(d)? {
        Value::Array(pairs) => pairs
            .iter()
            .filter_map(|pair| match pair {
                Value::Array(pair) => Some(check(pair.first()?.as_str()?, pair.get(1)?)),
                Value::Object(_) => serde_json::from_value(pair.clone()).ok(),
                _ => None,
            })
            .collect(),
        Value::Object(map) => map.iter().map(|(label, value)| check(label, value)).collect(),
        _ => Vec::new(),
    })
}

/// The answer's reader replaces each image by an object `{name, base64_length, path}`; a short plain text (the service masks
/// images in some answers) counts as an image of its length.
fn read_images<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<ReadBackImage>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::Object(map) => map
            .into_iter()
            .filter_map(|(name, value)| match value {
                Value::String(text) => Some(ReadBackImage { name, base64_length: i64::try_from(text.len()).ok()?, path: None }),
                Value::Object(_) => {
                    let image: ReadBackImage = serde_json::from_value(value).ok()?;
                    Some(ReadBackImage { name, ..image })
                }
                _ => None,
            })
            .collect(),
        Value::Array(items) => items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect(),
        _ => Vec::new(),
    })
}
