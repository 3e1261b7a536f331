//! The two envelopes, and errors in both.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::settings::{DataKey, LegacyNotFound, MissingField, Settings};
use crate::reply::Reply;

/// The API's two ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Dialect {
    Current,
    Legacy,
}

/// A call's result before it is put into words.
pub(crate) type Answer = Result<Success, Failure>;

/// What a call that worked says.
#[derive(Debug)]
pub(crate) enum Success {
    /// A sentence.
    Text(String),
    /// Data.
    Data(Value),
    /// Each dialect says it in its own way: Legacy's HTTP status and details, Current's whole body.
    Own { legacy: (u16, Value), current: Value },
    /// Bytes, a page: sent as they are.
    Raw(Reply),
}

/// Why a call did not work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// HTTP status and text: Legacy's texts, which Current bears under `status: "error"` (assumed).
    Text(u16, String),
    /// HTTP status and an object keyed by field or document.
    Object(u16, Value),
    /// Legacy declares 400 and writes "404 Not Found".
    NotFound(String),
    /// The body's `status` is this sentence.
    Status(u16, String, String),
    /// The body does not fit the schema: place, message, kind; and what Legacy says.
    Schema { place: Vec<String>, message: String, kind: String, legacy: String },
}

impl Failure {
    pub(crate) fn new(status: u16, text: impl Into<String>) -> Self {
        Self::Text(status, text.into())
    }

    /// A field that is not there.
    pub(crate) fn missing(field: &str, legacy: &str) -> Self {
        Self::Schema {
            place: vec!["body".into(), field.into()],
            message: "Field required".into(),
            kind: "missing".into(),
            legacy: legacy.into(),
        }
    }

    /// A field that is not known.
    pub(crate) fn extra(field: &str) -> Self {
        Self::wrong(field, "Extra inputs are not permitted", "extra_forbidden", &format!("Unknown parameter {field}"))
    }

    /// A field of the wrong type or value.
    pub(crate) fn wrong(field: &str, message: &str, kind: &str, legacy: &str) -> Self {
        Self::Schema { place: vec!["body".into(), field.into()], message: message.into(), kind: kind.into(), legacy: legacy.into() }
    }
}

/// The words of an HTTP status.
fn reason(status: u16) -> &'static str {
    hyper::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Unknown")
}

fn legacy(status: u16, details: &Value) -> Reply {
    Reply::json(status, &json!({"status": format!("{status} {}", reason(status)), "details": details}))
}

/// The framework's refusal of a body.
pub(crate) fn unprocessable(place: &[String], message: &str, kind: &str) -> Reply {
    Reply::json(422, &json!({"detail": [{"type": kind, "loc": place, "msg": message}]}))
}

fn current_error(status: u16, text: &str) -> Reply {
    Reply::json(status, &json!({"status": "error", "message": text}))
}

/// The answer in the dialect's words.
pub(crate) fn render(dialect: Dialect, settings: &Settings, answer: Answer) -> Reply {
    match (answer, dialect) {
        (Ok(Success::Raw(reply)), _) => reply,
        (Ok(Success::Text(text)), Dialect::Legacy) => legacy(200, &json!(text)),
        (Ok(Success::Text(text)), Dialect::Current) => Reply::json(200, &json!({"status": "success", "message": text})),
        (Ok(Success::Data(data)), Dialect::Legacy) => legacy(200, &data),
        (Ok(Success::Data(data)), Dialect::Current) => {
            let key = match settings.data_key {
                DataKey::Detail => "detail",
                DataKey::Details => "details",
            };
            let mut body = Map::new();
            body.insert("status".into(), json!("success"));
            body.insert(key.into(), data);
            Reply::json(200, &Value::Object(body))
        }
        (Ok(Success::Own { legacy: (status, details), .. }), Dialect::Legacy) => legacy(status, &details),
        (Ok(Success::Own { current, .. }), Dialect::Current) => Reply::json(200, &current),
        (Err(Failure::Text(status, text)), Dialect::Legacy) => legacy(status, &json!(text)),
        (Err(Failure::Text(status, text)), Dialect::Current) => current_error(status, &text),
        (Err(Failure::Object(status, details)), Dialect::Legacy) => legacy(status, &details),
        (Err(Failure::Object(status, detail)), Dialect::Current) => {
            Reply::json(status, &json!({"status": "error", "message": reason(status), "detail": detail}))
        }
        (Err(Failure::NotFound(text)), Dialect::Legacy) => {
            let status = if settings.legacy_not_found == LegacyNotFound::Declared { 400 } else { 404 };
            Reply::json(status, &json!({"status": "404 Not Found", "details": text}))
        }
        (Err(Failure::NotFound(text)), Dialect::Current) => current_error(404, &text),
        (Err(Failure::Status(status, words, details)), Dialect::Legacy) => {
            Reply::json(status, &json!({"status": words, "details": details}))
        }
        (Err(Failure::Status(status, _, details)), Dialect::Current) => current_error(status, &details),
        (Err(Failure::Schema { legacy: text, .. }), Dialect::Legacy) => legacy(400, &json!(text)),
        (Err(Failure::Schema { place, message, kind, legacy }), Dialect::Current) => match settings.missing_field {
            MissingField::Unprocessable => unprocessable(&place, &message, &kind),
            MissingField::BadRequest => current_error(400, &legacy),
        },
    }
}
