//! Bodies of the One-Shot API: forms whose files go to disk, and JSON of any content type.

use std::convert::Infallible;

use futures_util::stream;
use serde_json::{Map, Value, json};

use super::answer::{Dialect, unprocessable};
use crate::app::App;
use crate::files::Blob;
use crate::incoming::{Counted, Unread, pairs};
use crate::json::{self, JsonError};
use crate::reply::Reply;

/// A text field is short: longer ones are cut off here.
const MAX_TEXT: usize = 64 * 1024;

/// A file of a form.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) filename: String,
    pub(crate) blob: Blob,
}

/// A form that was read.
#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) fields: Map<String, Value>,
    pub(crate) files: Vec<Upload>,
    /// Each part, for the list of received requests.
    pub(crate) summary: Vec<Value>,
    /// Whether a file was larger than the settings allow.
    pub(crate) too_large: bool,
}

impl Form {
    pub(crate) fn discard(&self, app: &App) {
        for file in &self.files {
            app.files.remove(&file.blob);
        }
    }
}

/// Reads a form: multipart, or URL-encoded.
pub(crate) async fn form(app: &App, body: &mut Counted, content_type: &str, most: u64) -> Result<Form, Unread> {
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        let bytes = body.collect().await?;
        let mut form = Form::default();
        for (name, value) in pairs(&String::from_utf8_lossy(&bytes)) {
            form.summary.push(json!({"name": name, "value": value}));
            form.fields.insert(name, json!(value));
        }
        return Ok(form);
    };
    let mut form = Form::default();
    let read = {
        let pieces = stream::unfold(&mut *body, |body| async move {
            let piece = body.next().await?;
            Some((Ok::<_, Infallible>(piece), body))
        });
        parts(app, multer::Multipart::new(pieces, boundary), most, &mut form).await
    };
    let drained = body.drain().await;
    if drained.is_err() || read.is_err() {
        form.discard(app);
    }
    drained?;
    read?;
    Ok(form)
}

async fn parts(app: &App, mut parts: multer::Multipart<'_>, most: u64, form: &mut Form) -> Result<(), Unread> {
    let wrong = || Unread::from(Reply::json(400, &json!({"detail": "There was an error parsing the body"})));
    let stored = || Unread::from(Reply::page(500, "Internal Server Error", "The upload cannot be stored."));
    loop {
        let Some(mut field) = parts.next_field().await.map_err(|_| wrong())? else { return Ok(()) };
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let kind = field.content_type().map(ToString::to_string);
        if filename.is_none() && name != "hashfile" {
            let mut text = Vec::new();
            while let Some(piece) = field.chunk().await.map_err(|_| wrong())? {
                let room = MAX_TEXT.saturating_sub(text.len());
                text.extend_from_slice(&piece[..piece.len().min(room)]);
            }
            let text = String::from_utf8_lossy(&text).into_owned();
            form.summary.push(json!({"name": name, "value": text}));
            form.fields.insert(name, json!(text));
            continue;
        }
        let mut writer = app.files.writer(true).map_err(|_| stored())?;
        let mut bytes = 0;
        while let Some(piece) = field.chunk().await.map_err(|_| wrong())? {
            bytes += piece.len() as u64;
            if bytes > most {
                form.too_large = true;
            } else {
                writer.write(&piece).map_err(|_| stored())?;
            }
        }
        let blob = writer.finish("upload").map_err(|_| stored())?;
        form.summary.push(json!({
            "name": name, "filename": filename, "content_type": kind, "bytes": blob.bytes, "sha256": blob.sha256,
        }));
        form.files.push(Upload { filename: filename.unwrap_or_else(|| name.clone()), name, blob });
    }
}

/// A body of JSON. Legacy takes it under any content type, as working code sends it.
pub(crate) async fn document(body: &mut Counted, content_type: &str, dialect: Dialect) -> Result<Value, Unread> {
    let bytes = body.collect().await?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if dialect == Dialect::Current && !kind.is_empty() && kind != "application/json" && !kind.ends_with("+json") {
        let message = "Input should be a valid dictionary or object to extract fields from";
        return Err(unprocessable(&["body".to_owned()], message, "model_attributes_type").into());
    }
    json::read_slice(&bytes).map_err(|error| bad_json(dialect, &error).into())
}

/// The answer to a body that is no JSON.
pub(crate) fn bad_json(dialect: Dialect, error: &JsonError) -> Reply {
    let text = match error {
        JsonError::Syntax(text) | JsonError::Sink(text) => text.as_str(),
        JsonError::Body => "unreadable",
    };
    invalid(dialect, text)
}

/// The answer to a body that is no JSON, in the words of the reader.
pub(crate) fn invalid(dialect: Dialect, text: &str) -> Reply {
    match dialect {
        Dialect::Legacy => Reply::json(400, &json!({"status": "Invalid JSON", "details": text})),
        Dialect::Current => {
            // The place is the count of characters, which the reader's words end with.
            let place = text.rsplit_once("(char ").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or("0");
            unprocessable(&["body".to_owned(), place.to_owned()], "JSON decode error", "json_invalid")
        }
    }
}
