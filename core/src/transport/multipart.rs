//! A `multipart/form-data` body: texts, and files that are streamed.

use std::fmt::Write as _;

use bytes::Bytes;
use zeroize::Zeroizing;

use super::body::{Piece, Plan};
use crate::source::Source;

/// A file of a form. Its name is made up: the real one may hold a person's name.
pub(crate) struct FilePart<'a> {
    pub(crate) field: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) source: &'a Source,
    pub(crate) len: u64,
}

/// A body with texts and perhaps a file. The names of fields are this crate's own; the texts may be anything.
pub(crate) fn form(texts: &[(&str, &str)], file: Option<FilePart<'_>>) -> Plan {
    parts(texts, &file.into_iter().collect::<Vec<_>>())
}

/// A body with texts and files. The texts may hold credentials: they are overwritten when the body is dropped.
pub(crate) fn parts(texts: &[(&str, &str)], files: &[FilePart<'_>]) -> Plan {
    let boundary = boundary();
    // Large enough at the start, so that growing leaves no copies behind.
    let room = texts.iter().map(|(field, text)| field.len() + text.len() + boundary.len() + 64).sum::<usize>();
    let mut head = Zeroizing::new(Vec::with_capacity(room + 512));
    for (field, text) in texts {
        head.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n").as_bytes());
        head.extend_from_slice(text.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    let mut pieces = Vec::with_capacity(2 * files.len() + 2);
    for FilePart { field, file_name, content_type, source, len } in files {
        let lead = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n"
        );
        head.extend_from_slice(lead.as_bytes());
        pieces.push(Piece::Literal(Bytes::from_owner(std::mem::take(&mut head))));
        pieces.push(Piece::Raw { source: (*source).clone(), len: *len });
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    pieces.push(Piece::Literal(Bytes::from_owner(head)));
    Plan::new(format!("multipart/form-data; boundary={boundary}"), pieces)
}

/// A body with one file.
pub(crate) fn file(field: &str, file_name: &str, content_type: &str, source: &Source, len: u64) -> Plan {
    form(&[], Some(FilePart { field, file_name, content_type, source, len }))
}

/// Random, because a fixed boundary could stand in the file. Nothing secret depends on it.
fn boundary() -> String {
    let mut boundary = String::from("videoid-");
    for _ in 0..2 {
        let _ = write!(boundary, "{:016x}", fastrand::u64(..));
    }
    boundary
}
