//! The data evidence: read with its images going to files, and checked.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::{Value, json};

use crate::files::{Blob, Files, Writer};
use crate::json::{self, JsonError, Sink};
use crate::media::image;
use crate::settings::{AcceptanceDate, Settings, SimilarityLevel};

/// What was read.
#[derive(Debug)]
pub(crate) struct Evidence {
    /// The document; each image stands as its size and SHA-256.
    pub(crate) body: Value,
    pub(crate) images: BTreeMap<String, Blob>,
    /// The first image that is wrong, and why.
    pub(crate) error: Option<String>,
}

impl Evidence {
    /// Removes the files of evidence that is not taken.
    pub(crate) fn discard(&self, files: &Files) {
        for blob in self.images.values() {
            files.remove(blob);
        }
    }
}

/// Reads the document.
pub(crate) fn read(files: &Files, input: impl BufRead) -> Result<Evidence, JsonError> {
    let mut sink = Collector { files, current: None, images: BTreeMap::new(), error: None };
    let result = json::read(input, &mut sink);
    let evidence = Evidence { body: Value::Null, images: std::mem::take(&mut sink.images), error: sink.error.take() };
    match result {
        Ok(body) => Ok(Evidence { body, ..evidence }),
        Err(error) => {
            evidence.discard(files);
            Err(error)
        }
    }
}

/// Decodes the strings under `videoid_data.images` into files.
struct Collector<'a> {
    files: &'a Files,
    current: Option<Current>,
    images: BTreeMap<String, Blob>,
    error: Option<String>,
}

struct Current {
    name: String,
    writer: Writer,
    /// Characters that are not yet a group; the last group waits here too, since only it may be padded.
    waiting: Vec<u8>,
    sound: bool,
}

impl Collector<'_> {
    fn wrong(&mut self, name: &str, what: &str) {
        self.error.get_or_insert_with(|| format!("{what} ({name})"));
    }
}

impl Sink for Collector<'_> {
    fn takes(&self, path: &[String]) -> bool {
        matches!(path, [data, images, _] if data == "videoid_data" && images == "images")
    }

    fn start(&mut self, path: &[String]) -> Result<(), String> {
        let writer = self.files.writer(true).map_err(|_| "The evidence cannot be stored")?;
        let name = path.last().cloned().unwrap_or_default();
        self.current = Some(Current { name, writer, waiting: Vec::new(), sound: true });
        Ok(())
    }

    fn chunk(&mut self, raw: &[u8]) -> Result<(), String> {
        let Some(current) = &mut self.current else { return Ok(()) };
        if !current.sound {
            return Ok(());
        }
        current.waiting.extend_from_slice(raw);
        let whole = current.waiting.len().saturating_sub(1) / 4 * 4;
        if whole == 0 {
            return Ok(());
        }
        let decoded = base64_simd::STANDARD.decode_to_vec(&current.waiting[..whole]);
        current.waiting.drain(..whole);
        match decoded {
            Ok(bytes) => current.writer.write(&bytes).map_err(|_| "The evidence cannot be stored".to_owned()),
            Err(_) => {
                current.sound = false;
                Ok(())
            }
        }
    }

    fn finish(&mut self) -> Result<Value, String> {
        let Some(mut current) = self.current.take() else { return Ok(Value::Null) };
        let last = base64_simd::STANDARD.decode_to_vec(&current.waiting);
        match last {
            Ok(bytes) if current.sound => {
                current.writer.write(&bytes).map_err(|_| "The evidence cannot be stored")?;
            }
            _ => current.sound = false,
        }
        let mut blob = current.writer.finish("unknown").map_err(|_| "The evidence cannot be stored")?;
        let summary = json!({"bytes": blob.bytes, "sha256": blob.sha256});
        let kind = if current.sound {
            self.files.reader(&blob).map_or(Err("Image cannot be read"), image::check)
        } else {
            Err("Incorrect padding")
        };
        match kind {
            Ok(kind) => {
                kind.clone_into(&mut blob.kind);
                if let Some(former) = self.images.insert(current.name, blob) {
                    self.files.remove(&former);
                }
            }
            Err(error) => {
                self.files.remove(&blob);
                let what = if current.sound { format!("Invalid content_type: {error}") } else { error.to_owned() };
                self.wrong(&current.name, &what);
            }
        }
        Ok(summary)
    }
}

/// The seven documented checks: booleans when they are there.
const CHECKS: [&str; 7] = [
    "otp_validation",
    "documents_match",
    "data_integrity",
    "document_notcopy",
    "document_notexpired",
    "document_notunderage",
    "liveliness",
];

/// What is wrong with the document beside its images.
pub(crate) fn check(body: &Value) -> Result<(), String> {
    let object = |value: Option<&Value>, name: &str| match value {
        Some(Value::Object(_)) => Ok(()),
        Some(_) => Err(format!("Invalid {name}")),
        None => Err(format!("Missing required fields: {name}")),
    };
    object(body.get("acceptance"), "acceptance")?;
    object(body.get("videoid_data"), "videoid_data")?;
    let data = &body["videoid_data"];
    for name in ["images", "ocr_data", "security_checks"] {
        object(data.get(name), name)?;
    }
    for (name, image) in data["images"].as_object().into_iter().flatten() {
        if !image.is_object() {
            return Err(format!("Invalid image {name}"));
        }
    }
    for name in CHECKS {
        if data["security_checks"].get(name).is_some_and(|value| !value.is_boolean()) {
            return Err(format!("Invalid security check {name}"));
        }
    }
    match data.get("similarity_level") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::String(word)) if !word.is_empty() => Ok(()),
        Some(Value::Number(level)) if level.as_f64().is_some_and(|level| (0.0..=100.0).contains(&level)) => Ok(()),
        Some(_) => Err("Invalid similarity_level".to_owned()),
    }
}

/// The type of the acceptance's date.
pub(crate) fn check_date(body: &Value, wanted: AcceptanceDate) -> Result<(), String> {
    let date = &body["acceptance"]["date"];
    let taken = date.is_null()
        || match wanted {
            AcceptanceDate::Any => date.is_number() || date.is_string(),
            AcceptanceDate::Number => date.is_number(),
            AcceptanceDate::String => date.is_string(),
        };
    if taken { Ok(()) } else { Err("Invalid acceptance date".to_owned()) }
}

/// The types of which the documents and the samples say different things.
pub(crate) fn check_types(body: &Value, settings: &Settings) -> Result<(), String> {
    check_date(body, settings.acceptance_date)?;
    let level = &body["videoid_data"]["similarity_level"];
    let taken = level.is_null()
        || match settings.similarity_level {
            SimilarityLevel::Any => true,
            SimilarityLevel::Number => level.is_number(),
            SimilarityLevel::Word => level.is_string(),
        };
    if taken { Ok(()) } else { Err("Invalid similarity_level".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::synthetic;

    fn read_with(front: &str) -> Evidence {
        let folder = tempfile::tempdir().expect("temp folder");
        let files = Files::open(folder.path()).expect("open");
        let text = format!(
            "{{\"acceptance\":{{}},\"videoid_data\":{{\"images\":{{\"document_front\":\"{front}\"}},\"ocr_data\":{{}},\"security_checks\":{{}}}}}}"
        );
        let input = std::io::BufReader::with_capacity(7, text.as_bytes());
        let evidence = read(&files, input).expect("valid JSON");
        let left = std::fs::read_dir(folder.path()).expect("list").count();
        assert_eq!(left, evidence.images.len(), "only sound images stay");
        evidence
    }

    #[test]
    fn images_go_to_files() {
        let jpeg = synthetic::jpeg(1000);
        let evidence = read_with(&base64_simd::STANDARD.encode_to_string(&jpeg));
        assert_eq!(evidence.error, None);
        assert_eq!(evidence.images["document_front"].bytes, jpeg.len() as u64);
        assert_eq!(evidence.images["document_front"].kind, "jpeg");
        assert_eq!(check(&evidence.body), Ok(()));
    }

    #[test]
    fn bad_base64_and_bad_images_are_told_apart() {
        let jpeg = base64_simd::STANDARD.encode_to_string(synthetic::jpeg(1000));
        for wrong in [&jpeg[..jpeg.len() - 1], "/9j/4AA", "====", "/9j=/9j/", "data:image/jpeg;base64,/9j/", " /9j/"] {
            assert_eq!(read_with(wrong).error.as_deref(), Some("Incorrect padding (document_front)"), "{wrong:.20}");
        }
        let error = read_with(&jpeg[..jpeg.len() - 8]).error.expect("cut short");
        assert_eq!(error, "Invalid content_type: JPEG image is cut short (document_front)");
        assert!(read_with("").error.is_some());
    }

    #[test]
    fn documented_types_are_checked() {
        let sound = json!({"acceptance": {}, "videoid_data": {"images": {}, "ocr_data": {}, "security_checks": {"liveliness": true, "own": "x"}, "similarity_level": "high"}});
        assert_eq!(check(&sound), Ok(()));
        let with = |path: &str, value: Value| {
            let mut body = sound.clone();
            *body.pointer_mut(path).expect("path") = value;
            check(&body)
        };
        assert!(with("/videoid_data/similarity_level", json!(101)).is_err());
        assert!(with("/videoid_data/similarity_level", json!(100)).is_ok());
        assert!(with("/videoid_data/security_checks/liveliness", json!("true")).is_err());
        assert!(with("/videoid_data/images", json!([])).is_err());
        assert!(check(&json!({"videoid_data": {}})).is_err());
    }
}
