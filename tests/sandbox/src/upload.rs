//! A multipart body with a document: the document goes to a file and is checked there.

use std::convert::Infallible;
use std::io::{Read, Seek, SeekFrom};

use futures_util::stream;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::files::{Blob, Files};
use crate::incoming::{Counted, Unread};
use crate::media::image;
use crate::reply::Reply;

/// The longest value of a field without a file.
const MAX_FIELD: u64 = 64 * 1024;
/// Nobody uploads a larger document; it bounds the folder.
const MAX_DOCUMENT: u64 = 256 * 1024 * 1024;

/// What came.
#[derive(Debug)]
pub(crate) struct Upload {
    /// The fields without a file.
    pub(crate) fields: Value,
    /// The file of the field `document`: none where it is missing, an error where it is of a wrong type.
    pub(crate) document: Option<Result<Blob, ()>>,
    /// Each part, for the list of received requests.
    pub(crate) summary: Value,
}

impl Upload {
    /// Removes the file of an upload that is not taken.
    pub(crate) fn discard(&self, files: &Files) {
        if let Some(Ok(blob)) = &self.document {
            files.remove(blob);
        }
    }
}

/// Reads the body.
pub(crate) async fn read(app: &App, body: &mut Counted, content_type: &str) -> Result<Upload, Unread> {
    let wrong = |text: &str| Unread::from(Reply::detail(400, &format!("Multipart form parse error - {text}")));
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        body.drain().await?;
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        return Err(match kind.as_str() {
            "multipart/form-data" => wrong("Invalid boundary in multipart: None"),
            _ => Reply::detail(415, &format!("Unsupported media type \"{kind}\" in request.")).into(),
        });
    };
    let mut upload = Upload { fields: json!({}), document: None, summary: json!([]) };
    let sound = {
        let pieces = stream::unfold(&mut *body, |body| async move {
            let piece = body.next().await?;
            Some((Ok::<_, Infallible>(piece), body))
        });
        parts(app, multer::Multipart::new(pieces, boundary), &mut upload).await
    };
    if body.failed() {
        upload.discard(&app.files);
        return Err(Unread::Aborted);
    }
    body.drain().await?;
    if sound.is_none() {
        upload.discard(&app.files);
        return Err(wrong("Invalid boundary in multipart"));
    }
    Ok(upload)
}

/// Reads the parts; none: the body is broken, or the document cannot be stored.
async fn parts(app: &App, mut parts: multer::Multipart<'_>, upload: &mut Upload) -> Option<()> {
    let mut fields = Map::new();
    let mut summary = Vec::new();
    while let Some(mut field) = parts.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let kind = field.content_type().map(|kind| kind.essence_str().to_ascii_lowercase());
        let mut writer = app.files.writer(name == "document" && filename.is_some()).ok()?;
        let mut text = Vec::new();
        let mut bytes = 0;
        while let Some(piece) = field.chunk().await.ok()? {
            bytes += piece.len() as u64;
            if bytes > MAX_DOCUMENT || (filename.is_none() && bytes > MAX_FIELD) {
                return None;
            }
            writer.write(&piece).ok()?;
            if filename.is_none() {
                text.extend_from_slice(&piece);
            }
        }
        let mut blob = writer.finish("unknown").ok()?;
        let mut part = json!({"name": name, "filename": filename, "content_type": kind, "bytes": blob.bytes, "sha256": blob.sha256});
        if name == "type" && filename.is_none() {
            part["value"] = json!(String::from_utf8_lossy(&text));
        }
        summary.push(part);
        if filename.is_none() {
            fields.insert(name, json!(String::from_utf8_lossy(&text)));
        } else if name == "document" {
            upload.discard(&app.files);
            let document = check(&app.files, &blob, kind.as_deref()).map(|kind| {
                kind.clone_into(&mut blob.kind);
                blob.clone()
            });
            if document.is_err() {
                app.files.remove(&blob);
            }
            upload.document = Some(document);
        }
    }
    upload.fields = Value::Object(fields);
    upload.summary = Value::Array(summary);
    Some(())
}

/// The kind of a sound document, where its content type says the same.
fn check(files: &Files, blob: &Blob, content_type: Option<&str>) -> Result<&'static str, ()> {
    let found = if is_pdf(files, blob) { "pdf" } else { image::check(files.reader(blob).ok_or(())?).map_err(|_| ())? };
    let declared = match content_type {
        Some("application/pdf") => "pdf",
        Some("image/jpeg" | "image/jpg") => "jpeg",
        Some("image/png") => "png",
        _ => return Err(()),
    };
    if found == declared { Ok(found) } else { Err(()) }
}

/// A PDF's first bytes, and its end mark among the last 1024.
fn is_pdf(files: &Files, blob: &Blob) -> bool {
    const TAIL: u64 = 1024;
    let Some(mut file) = files.read(blob) else { return false };
    let mut head = [0; 5];
    let mut tail = Vec::new();
    let read = file
        .read_exact(&mut head)
        .and_then(|()| file.seek(SeekFrom::Start(blob.bytes.saturating_sub(TAIL))))
        .and_then(|_| file.take(TAIL).read_to_end(&mut tail));
    read.is_ok() && &head == b"%PDF-" && tail.windows(5).any(|window| window == b"%%EOF")
}
