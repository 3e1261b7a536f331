//! Arguments of scenarios as values of the product.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use videoid::evidence::EvidenceBuilder;
use videoid::{Error, Source};

use crate::{Outcome, files, fixture};

/// Arguments of a call, taken one by one; what is left at the end is unknown.
pub(crate) struct Args(Map<String, Value>);

impl Args {
    pub(crate) fn new(map: Map<String, Value>) -> Self {
        Self(map)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Whether it is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A value that must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Outcome<T> {
        self.opt(name)?.ok_or_else(|| format!("the argument {name} is needed"))
    }

    /// A value that may be there.
    pub(crate) fn opt<T: DeserializeOwned>(&mut self, name: &str) -> Outcome<Option<T>> {
        self.take(name).map(|value| serde_json::from_value(value).map_err(|e| format!("{name}: {e}"))).transpose()
    }

    pub(crate) fn finish(self) -> Outcome {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!("an argument that the runner does not know: {name}")),
        }
    }
}

/// A path: `tmp:x` is in the scenario's own folder.
pub(crate) fn path(text: &str, temp: &Path) -> PathBuf {
    match text.strip_prefix("tmp:") {
        Some("") => temp.to_owned(),
        Some(name) => temp.join(name),
        None => PathBuf::from(text),
    }
}

/// Writes a generated file.
pub(crate) fn generate(kind: &str, bytes: u64, path: &Path) -> Outcome {
    match kind {
        "mp4" => files::write_mp4(path, bytes),
        "jpeg" => files::write_jpeg(path, bytes),
        other => return Err(format!("nothing of the kind {other} can be generated")),
    }
    .map_err(|e| format!("generated file: {e}"))
}

/// A source as a scenario writes it.
pub(crate) fn source(spec: &Value, temp: &Path) -> Outcome<Source> {
    let mut args = Args::new(spec.as_object().cloned().ok_or_else(|| format!("a source that the runner does not know: {spec}"))?);
    let kind: String = args.opt("as")?.unwrap_or_else(|| "path".into());
    let file = if let Some(name) = args.opt::<String>("fixture")? {
        fixture(&name)
    } else if let Some(name) = args.opt::<String>("file")? {
        path(&name, temp)
    } else {
        let (what, bytes): (String, u64) = (args.need("generate")?, args.need("bytes")?);
        let file = temp.join(format!("generated-{bytes}.{what}"));
        if !file.exists() {
            generate(&what, bytes, &file)?;
        }
        file
    };
    args.finish()?;
    match kind.as_str() {
        "path" => Ok(Source::path(file)),
        "bytes" => std::fs::read(&file).map(Source::bytes).map_err(|e| format!("{}: {e}", file.display())),
        "stream" => stream(&file),
        other => Err(format!("a source that the runner does not know: as {other}")),
    }
}

/// A source that is filled from another thread while it is sent.
fn stream(file: &Path) -> Outcome<Source> {
    use std::io::Read as _;
    let mut reader = std::fs::File::open(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let len = reader.metadata().map_err(|e| e.to_string())?.len();
    let (sender, source) = Source::channel(len);
    std::thread::spawn(move || {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(n @ 1..) = reader.read(&mut piece) {
            // Nobody reads any more once the call has ended.
            if sender.push_blocking(piece[..n].to_vec()).is_err() {
                return;
            }
        }
        sender.finish();
    });
    Ok(source)
}

/// A method of the builder that takes an image.
type Setter = fn(EvidenceBuilder, Source) -> EvidenceBuilder;

/// The builder that `build_evidence` and the like describe.
pub(crate) fn builder(mut args: Args, temp: &Path) -> Outcome<EvidenceBuilder> {
    let mut builder = EvidenceBuilder::new();
    let set: [(&str, Setter); 4] = [
        ("document_front", EvidenceBuilder::document_front),
        ("document_rear", EvidenceBuilder::document_rear),
        ("document_photo", EvidenceBuilder::document_photo),
        ("document_owner", EvidenceBuilder::document_owner),
    ];
    for (name, set) in set {
        if let Some(spec) = args.take(name) {
            builder = set(builder, source(&spec, temp)?);
        }
    }
    if let Some(acceptance) = args.opt("acceptance")? {
        builder = builder.acceptance(acceptance);
    }
    if let Some(data) = args.opt("ocr_data")? {
        builder = builder.ocr_data(data);
    }
    if let Some(checks) = args.opt("security_checks")? {
        builder = builder.security_checks(checks);
    }
    if let Some(level) = args.opt::<videoid::model::SimilarityLevel>("similarity_level")? {
        builder = builder.similarity_level(level);
    }
    if let Some(extra) = args.opt("extra")? {
        builder = builder.extra(extra);
    }
    builder = builder.strict(args.opt("strict")?.unwrap_or(false));
    args.finish()?;
    Ok(builder)
}

/// An error in the words of the scenarios.
pub(crate) fn error_json(error: &Error) -> Value {
    json!({
        "code": error.code().as_str(),
        "category": error.category().as_str(),
        "operation": error.operation(),
        "wire": error.wire().as_str(),
        "retryable": error.retryable(),
        "http_status": error.http_status(),
        "server_code": error.server_code(),
        "server_id": error.server_id(),
        "fields": error.fields().iter().map(|issue| issue.field.as_str()).collect::<Vec<_>>(),
    })
}
