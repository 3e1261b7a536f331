//! The one error that every call gives.

use std::fmt;

use videoid::Error;

use crate::values::SensitiveString;

/// A failed call. The façades turn it into an exception of their own.
///
/// There is no field named `message`: Kotlin's exceptions have one already.
#[derive(Debug, Clone, uniffi::Error)]
#[uniffi::export(Display)]
pub enum VideoIdError {
    /// A call failed.
    Failed {
        /// The stable code, for example `rejected`. The list is open.
        code: String,
        /// `config`, `validation`, `transport`, `api`, `ambiguous`, `cancelled` or `internal`.
        category: String,
        /// One line for a person, without personal data.
        text: String,
        /// The operation that failed, where one was called.
        operation: Option<String>,
        /// What may have happened: `not_sent`, `may_be_processed` or `answered`.
        wire: String,
        /// Whether the same call may be repeated as it is.
        retryable: bool,
        /// The HTTP status, where there was an answer.
        http_status: Option<i32>,
        /// The service's own code.
        server_code: Option<String>,
        /// The service's reference, to be quoted to its support.
        server_id: Option<String>,
        /// What the service wrote. It may repeat what was sent.
        server_text: Option<ServerText>,
        /// How long the service asks to wait, in milliseconds.
        retry_after_ms: Option<i64>,
        /// The id that the hooks gave for the same call.
        correlation_id: Option<String>,
        /// The fields that break a rule, and which rule.
        fields: Vec<FieldIssue>,
    },
}

/// A field and the rule that it breaks. Never the value.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FieldIssue {
    /// The field in dotted wire names.
    pub field: String,
    /// The rule.
    pub rule: String,
}

/// What the service wrote: shown as `***`, because UniFFI's exceptions print all their fields.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ServerText {
    /// The text. Show it to a person, do not log it.
    pub value: SensitiveString,
}

impl fmt::Display for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for VideoIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Failed { text, .. } = self;
        f.write_str(text)
    }
}

impl std::error::Error for VideoIdError {}

impl From<Error> for VideoIdError {
    fn from(error: Error) -> Self {
        let text = |value: &str| value.to_owned();
        Self::Failed {
            code: text(error.code().as_str()),
            category: text(error.category().as_str()),
            text: error.to_string(),
            operation: error.operation().map(text),
            wire: text(error.wire().as_str()),
            retryable: error.retryable(),
            http_status: error.http_status().map(i32::from),
            server_code: error.server_code().map(text),
            server_id: error.server_id().map(text),
            server_text: error.server_text().map(|value| ServerText { value: value.clone() }),
            retry_after_ms: error.retry_after().map(|after| i64::try_from(after.as_millis()).unwrap_or(i64::MAX)),
            correlation_id: error.correlation_id().map(text),
            fields: error.fields().iter().map(|issue| FieldIssue { field: issue.field.clone(), rule: issue.rule.clone() }).collect(),
        }
    }
}
