//! The body of the evidence upload as a plan: literal pieces of JSON, and images to be encoded to Base64 between them.

use std::io::{self, Write};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::built::Part;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acceptance, Extra, OcrData, SecurityChecks, SimilarityLevel};
use crate::source::Source;

/// What goes into the body, in the order of the documents.
pub(super) struct Body<'a> {
    pub(super) acceptance: &'a Acceptance,
    /// Name, source and length of each image that is there.
    pub(super) images: Vec<(&'static str, Source, u64)>,
    pub(super) ocr_data: &'a OcrData,
    pub(super) security_checks: &'a SecurityChecks,
    pub(super) similarity_level: Option<&'a SimilarityLevel>,
    pub(super) extra: &'a Extra,
}

/// The data as written between the images.
#[derive(Serialize)]
struct Tail<'a> {
    ocr_data: &'a OcrData,
    security_checks: Passed<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity_level: Option<&'a SimilarityLevel>,
    #[serde(flatten)]
    extra: &'a Extra,
}

/// The checks as the service wants them: booleans, without where they come from.
struct Passed<'a>(&'a SecurityChecks);

impl Serialize for Passed<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        for (name, check) in self.0.named() {
            map.serialize_entry(name, &check.passed)?;
        }
        for (name, value) in self.0.extra.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Body<'_> {
    /// The pieces in the order in which they are sent. The text holds personal data: it is overwritten when it is dropped.
    pub(super) fn parts(self) -> Result<Vec<Part>> {
        let mut parts = Vec::with_capacity(2 * self.images.len() + 1);
        let mut lead = text(self.acceptance, b"{\"acceptance\":", b",\"videoid_data\":{\"images\":{")?;
        for (index, (name, source, len)) in self.images.into_iter().enumerate() {
            // The names are plain ASCII and need no escapes.
            let key = format!("{}\"{name}\":\"", if index == 0 { "" } else { "\"," });
            lead = joined(lead, key.as_bytes());
            parts.push(Part::Literal(Bytes::from_owner(lead)));
            parts.push(Part::Image { name, source, len });
            lead = Wiped(Vec::new());
        }
        let tail = Tail {
            ocr_data: self.ocr_data,
            security_checks: Passed(self.security_checks),
            similarity_level: self.similarity_level,
            extra: self.extra,
        };
        let tail = text(&tail, b"", b"}")?;
        // The tail is an object of its own: its opening brace gives way to the comma after the images.
        let close: &[u8] = if parts.is_empty() { b"}," } else { b"\"}," };
        lead = joined(lead, close);
        lead = joined(lead, tail.0.get(1..).unwrap_or_default());
        parts.push(Part::Literal(Bytes::from_owner(lead)));
        Ok(parts)
    }
}

/// Text that is overwritten when it is dropped.
struct Wiped(Vec<u8>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

fn joined(first: Wiped, second: &[u8]) -> Wiped {
    let mut out = Vec::with_capacity(first.0.len() + second.len());
    out.extend_from_slice(&first.0);
    out.extend_from_slice(second);
    Wiped(out)
}

/// Compact JSON between two pieces of text. Measured first: a buffer that grows would leave copies behind.
fn text(value: &impl Serialize, before: &[u8], after: &[u8]) -> Result<Wiped> {
    let defect = |_| Error::new(ErrorCode::Internal, "the evidence could not be written as JSON");
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).map_err(defect)?;
    let mut out = Wiped(Vec::with_capacity(before.len() + count.0 + after.len()));
    out.0.extend_from_slice(before);
    serde_json::to_writer(&mut out.0, value).map_err(defect)?;
    out.0.extend_from_slice(after);
    Ok(out)
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0 += buffer.len();
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Further keys in the order of their names, at every level, whatever order the caller's language keeps.
pub(super) fn sorted(extra: &Extra) -> Extra {
    Extra(sorted_map(&extra.0))
}

fn sorted_map(map: &Map<String, Value>) -> Map<String, Value> {
    let mut keys: Vec<_> = map.iter().collect();
    keys.sort_unstable_by_key(|(key, _)| *key);
    keys.into_iter().map(|(key, value)| (key.clone(), sorted_value(value))).collect()
}

fn sorted_value(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(sorted_map(map)),
        Value::Array(items) => Value::Array(items.iter().map(sorted_value).collect()),
        other => other.clone(),
    }
}
