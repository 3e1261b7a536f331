//! Request bodies: counted as they come, read to the end, and taken apart.

use std::convert::Infallible;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;

use crate::app::App;
use crate::evidence::{self, Evidence};
use crate::files::Blob;
use crate::json::{self, JsonError};
use crate::media::mp4;
use crate::received::Progress;
use crate::reply::Reply;

/// More than any documented JSON body without images needs.
const MAX_JSON: usize = 8 * 1024 * 1024;
const MIB: f64 = 1024.0 * 1024.0;

/// A body that counts what is read of it.
pub(crate) struct Counted {
    body: Incoming,
    progress: Arc<Progress>,
    failed: bool,
    /// How long to wait for each MiB that was read.
    pause: Duration,
}

/// Why there is no body to work on.
pub(crate) enum Unread {
    /// The caller went away.
    Aborted,
    /// The body arrived and is wrong; this is the answer.
    Wrong(Box<Reply>),
}

impl From<Reply> for Unread {
    fn from(reply: Reply) -> Self {
        Self::Wrong(Box::new(reply))
    }
}

impl Counted {
    pub(crate) fn new(body: Incoming, progress: Arc<Progress>) -> Self {
        Self { body, progress, failed: false, pause: Duration::ZERO }
    }

    /// From now on, waits this long for each MiB that is read.
    pub(crate) fn slow_down(&mut self, pause: Duration) {
        self.pause = pause;
    }

    /// The next piece; none at the end or after a failure.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.progress.bytes.fetch_add(data.len() as u64, Ordering::SeqCst);
                        if !self.pause.is_zero() {
                            tokio::time::sleep(self.pause.mul_f64(data.len() as f64 / MIB)).await;
                        }
                        return Some(data);
                    }
                }
                Some(Err(_)) => {
                    self.failed = true;
                    return None;
                }
                None => {
                    if !self.failed {
                        self.progress.complete.store(true, Ordering::SeqCst);
                    }
                    return None;
                }
            }
        }
    }

    /// Reads and forgets the rest.
    pub(crate) async fn drain(&mut self) -> Result<(), Unread> {
        while self.next().await.is_some() {}
        if self.failed { Err(Unread::Aborted) } else { Ok(()) }
    }

    /// Reads at least `bytes`, then no more.
    pub(crate) async fn read_some(&mut self, bytes: u64) {
        let mut read = 0;
        while read < bytes {
            let Some(piece) = self.next().await else { return };
            read += piece.len() as u64;
        }
    }

    /// Whether the caller went away.
    pub(crate) fn failed(&self) -> bool {
        self.failed
    }

    pub(crate) async fn collect(&mut self) -> Result<Vec<u8>, Unread> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await {
            if all.len() + piece.len() > MAX_JSON {
                self.drain().await?;
                return Err(Reply::page(413, "Request Entity Too Large", "The body is too large.").into());
            }
            all.extend_from_slice(&piece);
        }
        if self.failed { Err(Unread::Aborted) } else { Ok(all) }
    }
}

/// A body without files: JSON, or the form encodings that the framework takes too.
pub(crate) async fn document(body: &mut Counted, content_type: &str) -> Result<Value, Unread> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind == "multipart/form-data" {
        return form(body, content_type).await;
    }
    let bytes = body.collect().await?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    match kind.as_str() {
        "" | "application/json" => json::read_slice(&bytes).map_err(|error| json_error(error).into()),
        "application/x-www-form-urlencoded" => {
            let text = String::from_utf8_lossy(&bytes);
            Ok(Value::Object(pairs(&text).into_iter().map(|(name, value)| (name, json!(value))).collect()))
        }
        _ => Err(Reply::detail(415, &format!("Unsupported media type \"{kind}\" in request.")).into()),
    }
}

async fn form(body: &mut Counted, content_type: &str) -> Result<Value, Unread> {
    let wrong = || Unread::from(Reply::detail(400, "Multipart form parse error - Invalid boundary in multipart"));
    let bytes = body.collect().await?;
    let Ok(boundary) = multer::parse_boundary(content_type) else { return Err(wrong()) };
    let once = stream::iter([Ok::<_, Infallible>(Bytes::from(bytes))]);
    let mut parts = multer::Multipart::new(once, boundary);
    let mut map = Map::new();
    loop {
        match parts.next_field().await {
            Ok(Some(field)) => {
                let name = field.name().unwrap_or_default().to_owned();
                let text = field.text().await.map_err(|_| wrong())?;
                map.insert(name, json!(text));
            }
            Ok(None) => return Ok(Value::Object(map)),
            Err(_) => return Err(wrong()),
        }
    }
}

pub(crate) fn json_error(error: JsonError) -> Reply {
    let text = match error {
        JsonError::Syntax(text) | JsonError::Sink(text) => text,
        JsonError::Body => "unreadable".to_owned(),
    };
    Reply::detail(400, &format!("JSON parse error - {text}"))
}

/// The evidence: images go to files while the document is read.
pub(crate) async fn evidence(app: &Arc<App>, body: &mut Counted) -> Result<Evidence, Unread> {
    let (sender, receiver) = mpsc::channel(4);
    let files = Arc::clone(app);
    let reading = tokio::task::spawn_blocking(move || evidence::read(&files.files, Pieces { receiver, piece: Bytes::new() }));
    let mut open = true;
    while let Some(piece) = body.next().await {
        // After a syntax error nobody listens; the rest is read all the same, or the caller could not hear the answer.
        open = open && sender.send(Ok(piece)).await.is_ok();
    }
    if body.failed {
        let _ = sender.send(Err(())).await;
    }
    drop(sender);
    let result = reading.await;
    if body.failed {
        if let Ok(Ok(evidence)) = result {
            evidence.discard(&app.files);
        }
        return Err(Unread::Aborted);
    }
    match result {
        Ok(Ok(evidence)) => Ok(evidence),
        Ok(Err(error)) => Err(json_error(error).into()),
        Err(_) => Err(Reply::error(500, "500", "The evidence could not be read").into()),
    }
}

/// Pieces from a channel as a blocking reader.
struct Pieces {
    receiver: mpsc::Receiver<Result<Bytes, ()>>,
    piece: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.piece.is_empty() {
            match self.receiver.blocking_recv() {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(())) => return Err(io::ErrorKind::ConnectionAborted.into()),
                None => break,
            }
        }
        Ok(&self.piece)
    }

    fn consume(&mut self, count: usize) {
        let _ = self.piece.split_to(count.min(self.piece.len()));
    }
}

/// What came with a video upload.
#[derive(Debug)]
pub(crate) struct Video {
    /// The file of the field `video`, or what is wrong with it.
    pub(crate) file: Result<Blob, &'static str>,
    /// Why it is no sound MP4.
    pub(crate) defect: Option<&'static str>,
    /// Each part, for the list of received requests.
    pub(crate) summary: Value,
}

/// The multipart body of a video upload; the video goes to a file (or is only measured) while it is checked.
pub(crate) async fn video(app: &App, body: &mut Counted, content_type: &str) -> Result<Video, Unread> {
    const NONE: &str = "No video file provided";
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        body.drain().await?;
        return Ok(Video { file: Err(NONE), defect: None, summary: json!([]) });
    };
    let mut defect = None;
    let (video, summary) = {
        let pieces = stream::unfold(&mut *body, |body| async move {
            let piece = body.next().await?;
            Some((Ok::<_, Infallible>(piece), body))
        });
        video_parts(app, multer::Multipart::new(pieces, boundary), &mut defect).await
    };
    if body.failed {
        if let Ok(blob) = &video {
            app.files.remove(blob);
        }
        return Err(Unread::Aborted);
    }
    body.drain().await?;
    Ok(Video { file: video, defect, summary: Value::Array(summary) })
}

async fn video_parts(
    app: &App,
    mut parts: multer::Multipart<'_>,
    defect: &mut Option<&'static str>,
) -> (Result<Blob, &'static str>, Vec<Value>) {
    const BROKEN: &str = "The upload is not valid multipart data";
    let mut video = Err("No video file provided");
    let mut summary = Vec::new();
    loop {
        let mut field = match parts.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return (video, summary),
            Err(_) => return (Err(BROKEN), summary),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let filename = field.file_name().map(str::to_owned);
        let kind = field.content_type().map(ToString::to_string);
        let wanted = name == "video" && filename.is_some();
        let Ok(mut writer) = app.files.writer(wanted && !app.discard_uploads) else {
            return (Err("The video cannot be stored"), summary);
        };
        let mut walker = mp4::Walker::default();
        loop {
            match field.chunk().await {
                Ok(Some(piece)) => {
                    walker.take(&piece);
                    if writer.write(&piece).is_err() {
                        return (Err("The video cannot be stored"), summary);
                    }
                }
                Ok(None) => break,
                Err(_) => return (Err(BROKEN), summary),
            }
        }
        let Ok(blob) = writer.finish("mp4") else { return (Err("The video cannot be stored"), summary) };
        summary.push(json!({"name": name, "filename": filename, "content_type": kind, "bytes": blob.bytes, "sha256": blob.sha256}));
        if wanted {
            if let Ok(former) = &video {
                app.files.remove(former);
            }
            *defect = walker.finish().err();
            video = Ok(blob.clone());
            if blob.bytes == 0 {
                video = Err("The submitted file is empty");
                app.files.remove(&blob);
            }
        }
    }
}

/// The pairs of a query or a form body, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent(name), percent(value))
        })
        .collect()
}

fn percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let digits = match (first, tail) {
            (b'%', [high, low, ..]) => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        match (digits, first) {
            (Some((high, low)), _) => {
                bytes.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            (None, b'+') => bytes.push(b' '),
            (None, other) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_decoded() {
        let expected = [("given_name", "ANNA MARIA"), ("mobile_phone_number", "+34600000000"), ("x", "%zz%4"), ("y", "")];
        let expected: Vec<_> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(pairs("given_name=ANNA+MARIA&mobile_phone_number=%2B34600000000&&x=%zz%4&y"), expected);
    }
}
