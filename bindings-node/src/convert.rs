//! Values whose form in JavaScript is another one than in the core.

use napi::Either;
use napi::bindgen_prelude::Buffer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use videoid::config::Timeout;
use videoid::model::{DocumentBytes, Extra, SimilarityLevel};
use videoid::{Error, ErrorCode, Sensitive, SensitiveString};

use crate::error::to_napi;

/// From here on the value belongs to the caller, whose memory it is in.
pub(crate) fn secret(value: &SensitiveString) -> String {
    value.expose().clone()
}

pub(crate) fn secret_bytes(value: &Sensitive<Vec<u8>>) -> Buffer {
    value.expose().clone().into()
}

pub(crate) fn document(mut value: DocumentBytes) -> Buffer {
    std::mem::take(&mut value.0).into()
}

pub(crate) fn similarity(value: SimilarityLevel) -> Either<i64, String> {
    match value {
        SimilarityLevel::Score(score) => Either::A(score),
        SimilarityLevel::Word(word) => Either::B(word),
        // The type is open for additions; what is added will have a text.
        other => Either::B(serde_json::to_value(other).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()),
    }
}

pub(crate) fn similarity_level(value: Either<i64, String>) -> SimilarityLevel {
    match value {
        Either::A(score) => SimilarityLevel::Score(score),
        Either::B(word) => SimilarityLevel::Word(word),
    }
}

pub(crate) fn millis(value: Timeout) -> Option<i64> {
    value.to_millis().map(|ms| i64::try_from(ms).unwrap_or(i64::MAX))
}

/// Milliseconds: absent is unset, 0 is off. The TypeScript side refuses negative ones.
pub(crate) fn timeout(value: Option<i64>) -> Timeout {
    Timeout::from_millis(value.map(|ms| u64::try_from(ms).unwrap_or(0)))
}

/// A core type from the fields that it cannot be without.
pub(crate) fn required<T: DeserializeOwned>(fields: serde_json::Value) -> napi::Result<T> {
    serde_json::from_value(fields).map_err(|_| to_napi(&Error::new(ErrorCode::FieldInvalid, "a field that is needed has another type")))
}

/// The text of a JSON object.
pub(crate) fn json_text(value: &Extra) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

/// A JSON object from its text.
pub(crate) fn json_object(text: &str) -> napi::Result<Extra> {
    serde_json::from_str(text).map_err(|_| to_napi(&Error::new(ErrorCode::FieldInvalid, "further fields are not a JSON object")))
}

/// The JSON of the wire.
pub(crate) fn write<T: Serialize>(value: &T) -> napi::Result<String> {
    serde_json::to_string(value).map_err(|_| to_napi(&Error::new(ErrorCode::FieldInvalid, "the value cannot be written as JSON")))
}

/// From JSON of the wire. The reader's own text is not passed on: it may quote what it read.
pub(crate) fn read<T: DeserializeOwned>(json: &str, model: &str) -> napi::Result<T> {
    serde_json::from_str(json).map_err(|_| {
        to_napi(&Error::new(ErrorCode::UnexpectedAnswer, format!("the JSON is no {model}: a field is missing or has another type")))
    })
}
