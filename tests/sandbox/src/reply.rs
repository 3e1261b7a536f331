//! Answers: pieces of memory and of files, sent as they are needed.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A whole number of Base64 groups and of 76-character lines.
const FILE_STEP: usize = 57 * 1024;
const MEMORY_STEP: usize = 64 * 1024;
/// One line of Base64 with its line break as JSON writes it (`\n`: two characters).
const LINE: u64 = 57;

/// A piece of an answer.
#[derive(Debug)]
pub(crate) enum Part {
    Bytes(Bytes),
    /// The file as it is.
    File(File, u64),
    /// The file as Base64.
    Base64(File, u64),
    /// The file as Base64 in lines of 76 characters, each closed by `\n` in JSON.
    Lines(File, u64),
}

impl Part {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, length) => *length,
            Self::Base64(_, length) => length.div_ceil(3) * 4,
            Self::Lines(_, length) => length.div_ceil(3) * 4 + length.div_ceil(LINE) * 2,
        }
    }
}

/// Base64 in lines of 76 characters, each closed by the two characters `\n`.
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 7 / 5 + 8);
    for line in bytes.chunks(LINE as usize) {
        text.push_str(&base64_simd::STANDARD.encode_to_string(line));
        text.push_str("\\n");
    }
    text
}

/// An answer before it is sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) parts: Vec<Part>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    pub(crate) fn text(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, content_type: content_type.to_owned(), headers: Vec::new(), parts: vec![Part::Bytes(body.into())] }
    }

    pub(crate) fn parts(status: u16, content_type: &str, parts: Vec<Part>) -> Self {
        Self { status, content_type: content_type.to_owned(), headers: Vec::new(), parts }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Error form 1: code as text, a reference of 16 hexadecimal digits, the message.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        Self::coded(status, &json!(code), message)
    }

    /// Error form 1 with a code of any type: one is documented as a number.
    pub(crate) fn coded(status: u16, code: &Value, message: &str) -> Self {
        let id = format!("{:016x}", fastrand::u64(..));
        Self::json(status, &json!({"code": code, "id": id, "error": message}))
    }

    /// Error form 2: the framework's.
    pub(crate) fn detail(status: u16, detail: &str) -> Self {
        Self::json(status, &json!({"detail": detail}))
    }

    /// The framework's page for a path that it does not know.
    pub(crate) fn not_found_page() -> Self {
        Self::page(404, "Not Found", "The requested resource was not found on this server.")
    }

    pub(crate) fn page(status: u16, title: &str, text: &str) -> Self {
        let body = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n  <title>{title}</title>\n</head>\n<body>\n  <h1>{title}</h1><p>{text}</p>\n</body>\n</html>\n"
        );
        Self::text(status, "text/html; charset=utf-8", body)
    }

    pub(crate) fn length(&self) -> u64 {
        self.parts.iter().map(Part::length).sum()
    }

    /// The answer as it goes out, played as `how` says.
    pub(crate) fn into_response(self, how: Manner) -> Response<Body> {
        let length = self.length();
        let player = Player { parts: self.parts.into(), sent: 0, length, how };
        let body = StreamBody::new(stream::try_unfold(player, |mut player| async move {
            Ok(player.next().await?.map(|bytes| (Frame::data(bytes), player)))
        }));
        let mut response = Response::new(BodyExt::boxed_unsync(body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Ok(value) = HeaderValue::from_str(&self.content_type) {
            headers.insert(CONTENT_TYPE, value);
        }
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    Plain,
    /// In small pieces over this time.
    Slow(Duration),
    /// Half of it, then the connection closes.
    Cut,
    /// Half of it, then nothing for this time, then the connection closes.
    Stall(Duration),
}

struct Player {
    parts: VecDeque<Part>,
    sent: u64,
    length: u64,
    how: Manner,
}

impl Player {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        const PIECES: u64 = 20;
        let mut most = u64::MAX;
        match self.how {
            Manner::Plain => {}
            Manner::Slow(time) => {
                most = self.length.div_ceil(PIECES).max(1);
                tokio::time::sleep(time.mul_f64(most as f64 / self.length.max(1) as f64)).await;
            }
            Manner::Cut | Manner::Stall(_) => {
                most = (self.length / 2).saturating_sub(self.sent);
                if most == 0 {
                    // The first half has to leave before the connection does.
                    let pause = if let Manner::Stall(time) = self.how { time } else { Duration::from_millis(50) };
                    tokio::time::sleep(pause).await;
                    return Err(io::ErrorKind::ConnectionAborted.into());
                }
            }
        }
        loop {
            let Some(part) = self.parts.front_mut() else { return Ok(None) };
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let (mut piece, ended) = step(part, most)?;
            if ended {
                self.parts.pop_front();
            }
            if piece.len() > most {
                // Text beyond what may leave now waits in front of the rest of its file.
                let rest = piece.split_off(most);
                self.parts.push_front(Part::Bytes(rest));
            }
            if !piece.is_empty() {
                self.sent += piece.len() as u64;
                return Ok(Some(piece));
            }
        }
    }
}

/// The next piece of a part, and whether that was the last.
fn step(part: &mut Part, most: usize) -> io::Result<(Bytes, bool)> {
    let (file, lines) = match part {
        Part::Bytes(bytes) => {
            let piece = bytes.split_to(bytes.len().min(most).min(MEMORY_STEP));
            return Ok((piece, bytes.is_empty()));
        }
        Part::File(file, _) => {
            let mut piece = vec![0; FILE_STEP.min(most)];
            let read = fill(file, &mut piece)?;
            piece.truncate(read);
            return Ok((piece.into(), read == 0));
        }
        Part::Base64(file, _) => (file, false),
        Part::Lines(file, _) => (file, true),
    };
    let mut piece = vec![0; FILE_STEP];
    let read = fill(file, &mut piece)?;
    piece.truncate(read);
    let text = if lines { base64_lines(&piece) } else { base64_simd::STANDARD.encode_to_string(&piece) };
    Ok((text.into(), read < FILE_STEP))
}

fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn base64_of_files_has_the_declared_length() {
        for length in [0, 1, 57, 58, 200, FILE_STEP, FILE_STEP + 1, 3 * FILE_STEP - 1] {
            let content: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            let path = tempfile::NamedTempFile::new().expect("temp file");
            std::fs::write(path.path(), &content).expect("write");
            let open = || File::open(path.path()).expect("open");
            let whole = Part::Base64(open(), length as u64);
            let lines = Part::Lines(open(), length as u64);
            let reply = Reply::parts(200, "x", vec![Part::Bytes("a".into()), whole, lines]);
            let declared = reply.length();
            let body = reply.into_response(Manner::Plain).into_body().collect().await.expect("body").to_bytes();
            assert_eq!(body.len() as u64, declared, "{length}");
            let expected = format!("a{}{}", base64_simd::STANDARD.encode_to_string(&content), base64_lines(&content));
            assert_eq!(body, expected.as_bytes(), "{length}");
        }
    }

    #[tokio::test]
    async fn a_cut_answer_ends_in_an_error() {
        let reply = Reply::text(200, "x", vec![7; 1000]);
        let mut body = reply.into_response(Manner::Cut).into_body();
        let mut got = 0;
        let failed = loop {
            match body.frame().await {
                Some(Ok(frame)) => got += frame.data_ref().map_or(0, Bytes::len),
                Some(Err(_)) => break true,
                None => break false,
            }
        };
        assert!(failed);
        assert_eq!(got, 500);
    }
}
