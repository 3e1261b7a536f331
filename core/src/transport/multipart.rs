//! A `multipart/form-data` body with one file, streamed.

use std::fmt::Write as _;

use super::body::{Piece, Plan};
use crate::source::Source;

/// A body with one file. The file name is made up: the real one may hold a person's name.
pub(crate) fn file(field: &str, file_name: &str, content_type: &str, source: &Source, len: u64) -> Plan {
    let mut boundary = String::from("videoid-");
    for _ in 0..2 {
        // Random, because a fixed boundary could stand in the file. Nothing secret depends on it.
        let _ = write!(boundary, "{:016x}", fastrand::u64(..));
    }
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\nContent-Type: {content_type}\r\n\r\n"
    );
    let tail = format!("\r\n--{boundary}--\r\n");
    Plan::new(
        format!("multipart/form-data; boundary={boundary}"),
        vec![Piece::Literal(head.into()), Piece::Raw { source: source.clone(), len }, Piece::Literal(tail.into())],
    )
}
