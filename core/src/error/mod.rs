//! The one error type of the crate.

mod codes;
mod glossary;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use codes::{ErrorCategory, ErrorCode};

use crate::secret::SensitiveString;

/// The result of every fallible function of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What may have happened on the wire when a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Wire {
    /// Nothing that the service could act on was sent.
    #[default]
    NotSent,
    /// The request may have been processed; no answer says so.
    MayBeProcessed,
    /// The service answered.
    Answered,
}

impl Wire {
    /// The name in snake_case, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::MayBeProcessed => "may_be_processed",
            Self::Answered => "answered",
        }
    }
}

/// A field and the rule that it breaks. Never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldIssue {
    /// The field in dotted wire names, for example `videoid_data.images.document_front`.
    pub field: String,
    /// The rule, for example `international prefix`.
    pub rule: String,
}

/// A failed call: what went wrong, where, and what may have happened.
///
/// `Display` is one line without personal data; `Debug` is a report of several lines, without personal data either. What
/// the service wrote is only in [`server_text`](Error::server_text), because it may repeat what was sent.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: ErrorCode,
    detail: Cow<'static, str>,
    operation: Option<&'static str>,
    wire: Wire,
    retryable: bool,
    http_status: Option<u16>,
    server_code: Option<String>,
    server_id: Option<String>,
    server_text: Option<SensitiveString>,
    retry_after: Option<Duration>,
    correlation_id: Option<String>,
    fields: Vec<FieldIssue>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A new error. `detail` is one sentence without personal data.
    pub fn new(code: ErrorCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            operation: None,
            wire: Wire::NotSent,
            retryable: false,
            http_status: None,
            server_code: None,
            server_id: None,
            server_text: None,
            retry_after: None,
            correlation_id: None,
            fields: Vec::new(),
            source: None,
        }))
    }

    /// A validation or configuration error about one field.
    pub(crate) fn field(code: ErrorCode, field: impl Into<String>, rule: impl Into<String>) -> Self {
        let (field, rule) = (field.into(), rule.into());
        let mut error = Self::new(code, format!("{field}: {rule}"));
        error.0.fields.push(FieldIssue { field, rule });
        error
    }

    /// One error about several fields; `None` where there are none.
    pub(crate) fn all_fields(issues: Vec<(ErrorCode, FieldIssue)>) -> Option<Self> {
        let code = issues.first()?.0;
        let fields: Vec<FieldIssue> = issues.into_iter().map(|(_, issue)| issue).collect();
        let text = fields.iter().map(|i| format!("{}: {}", i.field, i.rule)).collect::<Vec<_>>().join("; ");
        let mut error = Self::new(code, text);
        error.0.fields = fields;
        Some(error)
    }

    /// The stable code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The category of the code.
    pub fn category(&self) -> ErrorCategory {
        self.0.code.category()
    }

    /// One sentence that says what went wrong, without personal data.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The operation of [`OPERATIONS`](crate::OPERATIONS) that failed, where one was called.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// What may have happened on the wire.
    pub fn wire(&self) -> Wire {
        self.0.wire
    }

    /// Whether the same call may be repeated as it is, without looking first and without doing anything twice.
    pub fn retryable(&self) -> bool {
        self.0.retryable
    }

    /// The HTTP status of the answer, where there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// The vendor's own code, which often differs from the HTTP status.
    pub fn server_code(&self) -> Option<&str> {
        self.0.server_code.as_deref()
    }

    /// The vendor's reference of the error, to be quoted to its support.
    pub fn server_id(&self) -> Option<&str> {
        self.0.server_id.as_deref()
    }

    /// What the service wrote. It may repeat what was sent: show it to a person, do not log it.
    pub fn server_text(&self) -> Option<&SensitiveString> {
        self.0.server_text.as_ref()
    }

    /// How long the service asks to wait before the next call.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The id that the hooks gave for the same call.
    pub fn correlation_id(&self) -> Option<&str> {
        self.0.correlation_id.as_deref()
    }

    /// The fields that break a rule, and which rule.
    pub fn fields(&self) -> &[FieldIssue] {
        &self.0.fields
    }
}

/// How the parts of the crate complete an error on its way out.
#[allow(dead_code, reason = "the transport uses them all; a build without it uses some")]
impl Error {
    pub(crate) fn with_detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    pub(crate) fn with_code(mut self, code: ErrorCode) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    pub(crate) fn with_wire(mut self, wire: Wire) -> Self {
        self.0.wire = wire;
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn with_http_status(mut self, status: u16) -> Self {
        self.0.http_status = Some(status);
        self
    }

    /// Keeps the vendor's code and id only where they look like one: an echo of what was sent must not pass for an id.
    pub(crate) fn with_server(mut self, code: Option<&str>, id: Option<&str>, text: Option<String>) -> Self {
        let plain = |s: &&str| !s.is_empty() && s.len() <= 40 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        self.0.server_code = code.map(|c| c.trim_end_matches(',')).filter(|c| plain(c) && c.len() <= 8).map(str::to_owned);
        self.0.server_id = id.filter(|i| plain(i) && i.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')).map(str::to_owned);
        self.0.server_text = text.map(SensitiveString::new);
        self
    }

    pub(crate) fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    pub(crate) fn with_correlation_id(mut self, id: &str) -> Self {
        self.0.correlation_id.get_or_insert_with(|| id.to_owned());
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &self.0;
        write!(f, "{}", e.code.as_str())?;
        if let Some(operation) = e.operation {
            write!(f, " in {operation}")?;
        }
        if let Some(status) = e.http_status {
            write!(f, " (HTTP {status})")?;
        }
        if let Some(code) = &e.server_code {
            write!(f, " (service code {code})")?;
        }
        if let Some(id) = &e.server_id {
            write!(f, " (service id {id})")?;
        }
        write!(f, ": {}", e.detail)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let e = &self.0;
        writeln!(f, "{self}")?;
        writeln!(f, "  category: {}", e.code.category().as_str())?;
        writeln!(f, "  wire: {}", e.wire.as_str())?;
        write!(f, "  retryable: {}", e.retryable)?;
        if let Some(after) = e.retry_after {
            write!(f, "\n  retry after: {} s", after.as_secs())?;
        }
        if let Some(id) = &e.correlation_id {
            write!(f, "\n  correlation id: {id}")?;
        }
        let mut source = e.source.as_ref().map(|s| s.as_ref() as &dyn StdError);
        while let Some(cause) = source {
            write!(f, "\n  caused by: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|s| s.as_ref() as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_snake_case_unique_and_explained() {
        let mut names: Vec<_> = ErrorCode::ALL.iter().map(|c| c.as_str()).collect();
        for name in &names {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        assert!(ErrorCode::ALL.iter().all(|c| c.meaning().len() > 30));
    }

    #[test]
    fn display_is_one_line_without_what_the_service_wrote() {
        let error = Error::new(ErrorCode::Rejected, "the service refused the call")
            .with_operation("create_request")
            .with_http_status(500)
            .with_server(Some("500"), Some("8e782cdcdb600a90"), Some("Invalid value anna@example.com".into()));
        assert_eq!(
            error.to_string(),
            "rejected in create_request (HTTP 500) (service code 500) (service id 8e782cdcdb600a90): the service refused the call"
        );
        assert!(!format!("{error:?}").contains("anna"));
        assert_eq!(error.server_text().unwrap().expose(), "Invalid value anna@example.com");
    }

    #[test]
    fn an_id_that_is_no_id_is_dropped() {
        let error = Error::new(ErrorCode::Rejected, "x").with_server(Some("anna@example.com"), Some("Anna Eriksson"), None);
        assert_eq!((error.server_code(), error.server_id()), (None, None));
    }
}
