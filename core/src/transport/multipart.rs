//! A `multipart/form-data` body: texts and at most one file, which is streamed.

use std::fmt::Write as _;

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
    let boundary = boundary();
    let mut head = String::new();
    for (field, text) in texts {
        let _ = write!(head, "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
    }
    let mut pieces = Vec::with_capacity(3);
    match file {
        None => pieces.push(Piece::Literal(format!("{head}--{boundary}--\r\n").into())),
        Some(FilePart { field, file_name, content_type, source, len }) => {
            let _ = write!(
                head,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n"
            );
            pieces.push(Piece::Literal(head.into()));
            pieces.push(Piece::Raw { source: source.clone(), len });
            pieces.push(Piece::Literal(format!("\r\n--{boundary}--\r\n").into()));
        }
    }
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
