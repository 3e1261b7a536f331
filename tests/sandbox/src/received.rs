//! The list of requests that arrived, and what of it is shown.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Map, Value, json};

/// Older entries make room: a long-lived sandbox must not grow for ever.
const MAX_ENTRIES: usize = 50_000;
/// And their bodies together take no more than about this.
const MAX_BYTES: usize = 64 * 1024 * 1024;

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

/// About how many bytes a document takes in memory.
fn weight(value: &Value) -> usize {
    const EACH: usize = 64;
    match value {
        Value::Object(map) => EACH + map.iter().map(|(key, value)| key.len() + weight(value)).sum::<usize>(),
        Value::Array(list) => EACH + list.iter().map(weight).sum::<usize>(),
        Value::String(text) => EACH + text.len(),
        _ => EACH,
    }
}

/// The entries, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Received {
    entries: VecDeque<Entry>,
    next: u64,
    bytes: usize,
}

impl Received {
    /// The number of the entry to come.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.next = entry.seq + 1;
        self.entries.push_back(entry);
        self.shrink();
    }

    /// Changes an entry, where it is still there: a reset may have emptied the list, and old entries make room.
    pub(crate) fn change(&mut self, seq: u64, change: impl FnOnce(&mut Entry)) {
        let first = self.entries.front().map_or(0, |entry| entry.seq);
        let index = seq.checked_sub(first).and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| self.entries.get_mut(index)).filter(|entry| entry.seq == seq) {
            change(entry);
        }
    }

    pub(crate) fn set_body(&mut self, seq: u64, body: Value, multipart: bool) {
        let bytes = weight(&body);
        let mut set = false;
        self.change(seq, |entry| {
            entry.body = body;
            entry.multipart = multipart;
            set = true;
        });
        if set {
            self.bytes += bytes;
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        while self.entries.len() > MAX_ENTRIES || (self.bytes > MAX_BYTES && self.entries.len() > 1) {
            if let Some(entry) = self.entries.pop_front() {
                self.bytes = self.bytes.saturating_sub(weight(&entry.body));
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }
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

    fn entry(seq: u64) -> Entry {
        Entry {
            seq,
            at: String::new(),
            host: "ra",
            operation: None,
            method: String::new(),
            path: String::new(),
            query: vec![],
            headers: BTreeMap::new(),
            client_certificate: false,
            http: "1.1",
            body: Value::Null,
            multipart: false,
            status: None,
            fault: None,
            progress: Arc::default(),
        }
    }

    #[test]
    fn old_entries_make_room() {
        let mut received = Received::default();
        for seq in 0..60 {
            assert_eq!(received.next(), seq);
            received.push(entry(seq));
            received.set_body(seq, json!({"text": "x".repeat(4 * 1024 * 1024)}), false);
        }
        let kept: Vec<u64> = received.iter().map(|entry| entry.seq).collect();
        assert_eq!((kept.len(), kept.last()), (15, Some(&59)));
        received.clear();
        // What was emptied meanwhile is left alone.
        received.set_body(59, json!("x"), false);
        received.push(entry(60));
        received.change(60, |entry| entry.status = Some(200));
        assert_eq!(received.iter().map(|entry| (entry.seq, entry.status)).collect::<Vec<_>>(), [(60, Some(200))]);
    }

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
