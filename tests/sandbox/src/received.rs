//! The list of requests that arrived, and what of it is shown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Map, Value, json};

/// Older entries make room: a long-lived sandbox must not grow for ever.
pub(crate) const MAX_ENTRIES: usize = 50_000;

/// How far a request body came. Shared with the connection, so that an aborted upload shows.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) bytes: AtomicU64,
    pub(crate) complete: AtomicBool,
}

/// One request.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) at: String,
    pub(crate) host: &'static str,
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) client_certificate: bool,
    pub(crate) http: &'static str,
    pub(crate) body: Value,
    pub(crate) multipart: bool,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<Value>,
    pub(crate) progress: Arc<Progress>,
}

/// Fields that say nothing about a person; all others are hidden unless asked for.
const OPEN: [&str; 22] = [
    "profile",
    "scratchcard",
    "registration_authority",
    "ra",
    "rao",
    "rao_id",
    "type",
    "doctype",
    "lang",
    "validity_time",
    "secure_element",
    "videoid_mode",
    "paperless_mode",
    "identification_rao",
    "bytes",
    "sha256",
    "kind",
    "page",
    "env",
    "delivery_method",
    "document_type",
    "useasync",
];

/// The same document with each value hidden that is not of an open field.
pub(crate) fn redact(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), redact_field(key, value))).collect()),
        Value::Array(list) => Value::Array(list.iter().map(redact).collect()),
        Value::Null => Value::Null,
        _ => json!("***"),
    }
}

fn redact_field(key: &str, value: &Value) -> Value {
    if OPEN.contains(&key) && !value.is_object() && !value.is_array() { value.clone() } else { redact(value) }
}

impl Entry {
    pub(crate) fn show(&self, personal: bool) -> Value {
        let mut query = Map::new();
        for (name, value) in &self.query {
            let value = json!(value);
            query.insert(name.clone(), if personal { value } else { redact_field(name, &value) });
        }
        let mut body = self.body.clone();
        if !personal && self.multipart {
            for part in body.as_array_mut().into_iter().flatten() {
                let open = part.get("name").and_then(Value::as_str).is_some_and(|name| OPEN.contains(&name));
                if let Some(value) = part.get_mut("value").filter(|_| !open) {
                    *value = json!("***");
                }
                if let Some(name) = part.get_mut("filename").filter(|name| !name.is_null()) {
                    *name = json!("***");
                }
            }
        } else if !personal {
            body = redact(&body);
        }
        json!({
            "seq": self.seq,
            "at": self.at,
            "host": self.host,
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "query": query,
            "headers": self.headers,
            "http": self.http,
            "client_certificate": self.client_certificate,
            "body": body,
            "status": self.status,
            "fault": self.fault,
            "complete": self.progress.complete.load(Ordering::SeqCst),
            "bytes_read": self.progress.bytes.load(Ordering::SeqCst),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_fields_are_shown() {
        let body = json!({
            "given_name": "ANNA MARIA", "profile": "PFnubeNC", "password": "x", "empty": null, "type": {"email": "anna@example.com"},
            "videoid_data": {"images": {"document_front": {"bytes": 7, "sha256": "ab"}}, "security_checks": {"liveliness": true}},
        });
        assert_eq!(
            redact(&body),
            json!({
                "given_name": "***", "profile": "PFnubeNC", "password": "***", "empty": null, "type": {"email": "***"},
                "videoid_data": {"images": {"document_front": {"bytes": 7, "sha256": "ab"}}, "security_checks": {"liveliness": "***"}},
            })
        );
    }
}
