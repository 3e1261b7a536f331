//! From the body of a webhook to what it claims.

use serde_json::{Map, Value};

use super::{LocalTime, Webhook, WebhookCertificate};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Extra, RequestPk, Status};

/// The longest body that is read: the documented ones have some hundred bytes.
pub const MAX_WEBHOOK_BYTES: usize = 64 * 1024;

/// Where values stand that have a known name and a shape that no document shows.
const UNREAD: &str = "unread";

/// Reads the body of a webhook: the flat one (`status`, `date`, `previous_status`, `request` as a number), the event
/// (`event_type`, `sent_at`, `request` as an object, `certificates`) and mixtures of both.
///
/// Nothing is invented: a status comes only from a field of that name (REQUEST_CANCELED is an event, CANCELLED a status), a time
/// gets no zone, unknown events and fields are kept. Where both bodies say something in one, the outer field counts and the inner
/// one is kept in `extra`. A webhook is not signed: what it claims counts once a GET of the request shows it.
///
/// Pure: safe to repeat, and on any bytes.
///
/// # Errors
/// `webhook_invalid` for more than 64 KiB, for what is not JSON in UTF-8, for JSON of more than some hundred levels, and for
/// what is no object.
pub fn parse_webhook(body: &[u8]) -> Result<Webhook> {
    if body.len() > MAX_WEBHOOK_BYTES {
        return Err(invalid("at most 64 KiB"));
    }
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    // serde_json ends at 128 levels. Its own text is left out: it may quote the value.
    let value: Value = serde_json::from_slice(body).map_err(|_| invalid("JSON in UTF-8, whole, and not nested without end"))?;
    let Value::Object(map) = value else { return Err(invalid("a JSON object")) };
    let mut outer = Fields::new(map);

    let (mut inner, mut request_pk) = (Fields::default(), None);
    match outer.map.remove("request") {
        None | Some(Value::Null) => {}
        Some(Value::Object(map)) => {
            inner = Fields::new(map);
            request_pk = inner.take("pk", pk);
        }
        Some(value) => match pk(&value) {
            Some(found) => request_pk = Some(found),
            None => outer.leave("request", value),
        },
    }
    if request_pk.is_none() {
        request_pk = outer.take("request_pk", pk);
    }
    let mut webhook = Webhook {
        event_type: outer.take("event_type", text),
        status: outer.or_inner(&mut inner, "status").map(|word| Status::from(word.as_str())),
        previous_status: outer.or_inner(&mut inner, "previous_status").map(|word| Status::from(word.as_str())),
        request_pk: request_pk.map(RequestPk),
        registration_authority: outer.or_inner(&mut inner, "registration_authority").map(Into::into),
        scratchcard: outer.or_inner(&mut inner, "scratchcard").map(Into::into),
        profile: outer.or_inner(&mut inner, "profile"),
        date: outer.take("date", text).or_else(|| outer.take("sent_at", text)).map(|text| LocalTime::parse(&text)),
        certificates: certificates(&mut outer),
        extra: Extra::default(),
    };
    let inner = inner.rest();
    if !inner.is_empty() {
        outer.map.insert("request".to_owned(), Value::Object(inner));
    }
    // A field of the body that has the name of a field of the result, and is not its source.
    if let Some(value) = outer.map.remove("request_pk") {
        outer.leave("request_pk", value);
    }
    webhook.extra = Extra(outer.rest());
    Ok(webhook)
}

fn certificates(outer: &mut Fields) -> Vec<WebhookCertificate> {
    let items = match outer.map.remove("certificates") {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(one) => vec![one],
    };
    let (mut out, mut unread) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Value::Object(map) => out.push(certificate(Fields::new(map))),
            other => unread.push(other),
        }
    }
    if !unread.is_empty() {
        outer.leave("certificates", Value::Array(unread));
    }
    out
}

fn certificate(mut fields: Fields) -> WebhookCertificate {
    WebhookCertificate {
        status: fields.take("status", text),
        serial_number: fields.take("serial_number", text),
        valid_from: fields.take("valid_from", text).map(|text| LocalTime::parse(&text)),
        valid_to: fields.take("valid_to", text).map(|text| LocalTime::parse(&text)),
        extra: Extra(fields.rest()),
    }
}

/// The fields of an object that were not read yet.
#[derive(Default)]
struct Fields {
    map: Map<String, Value>,
    unread: Map<String, Value>,
}

impl Fields {
    fn new(map: Map<String, Value>) -> Self {
        Self { map, unread: Map::new() }
    }

    /// The value of a field, where it can be read; null counts as missing.
    fn take<T>(&mut self, name: &str, read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let value = self.map.remove(name)?;
        let found = read(&value);
        if found.is_none() {
            self.leave(name, value);
        }
        found
    }

    /// A text of the outer object, or where it has none of the inner one.
    fn or_inner(&mut self, inner: &mut Self, name: &str) -> Option<String> {
        self.take(name, text).or_else(|| inner.take(name, text))
    }

    /// Keeps a value that could not be read.
    fn leave(&mut self, name: &str, value: Value) {
        if !value.is_null() {
            self.unread.insert(name.to_owned(), value);
        }
    }

    /// What was not read, with what could not be read in an object of its own: a field of the result must not appear twice.
    fn rest(mut self) -> Map<String, Value> {
        if !self.unread.is_empty() {
            if let Some(Value::Object(own)) = self.map.remove(UNREAD) {
                self.unread.extend(own);
            }
            self.map.insert(UNREAD.to_owned(), Value::Object(self.unread));
        }
        self.map
    }
}

/// Text, or a whole number as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A key: a positive whole number, also as text.
fn pk(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => Some(text.trim()).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?,
        _ => return None,
    };
    (number > 0).then_some(number)
}

fn invalid(rule: &str) -> Error {
    Error::field(ErrorCode::WebhookInvalid, "body", rule)
}
