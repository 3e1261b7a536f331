//! Records from and to JSON, by the core's own reading and writing.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use videoid::{Error, ErrorCode};

use crate::error::VideoIdError;

/// A value as JSON text.
pub(crate) fn write<T: Serialize>(value: &T) -> Result<String, VideoIdError> {
    serde_json::to_string(value).map_err(|_| Error::new(ErrorCode::Internal, "a record could not be written as JSON").into())
}

/// A value from JSON text. The error names the place and never the text, which may be personal.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, VideoIdError> {
    serde_json::from_str(text).map_err(|e| {
        let what = if e.is_data() { "the JSON does not have the expected form" } else { "the text is not JSON" };
        Error::new(ErrorCode::FieldInvalid, format!("{what} (line {}, column {})", e.line(), e.column())).into()
    })
}

/// A field on its way into [`seed`].
pub(crate) fn part<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// A struct of the core that has no `Default`, from the fields that it needs.
pub(crate) fn seed<T: DeserializeOwned>(needed: &[(&str, Value)]) -> T {
    let object: Map<String, Value> = needed.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    serde_json::from_value(Value::Object(object)).expect("a struct is readable from the fields that it needs, each in its own type")
}
