//! The check of a document that is uploaded by itself: an image, or a PDF where one makes sense.

use super::images;
use super::report::ImageFormat;
use crate::config::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::source::Source;

/// What a document was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DocumentKind {
    pub(crate) content_type: &'static str,
    /// A made-up name: the real one may hold a person's name.
    pub(crate) file_name: &'static str,
    pub(crate) len: u64,
}

/// Looks at a document before it is sent: a JPEG or PNG that is whole, or with `pdf` a PDF by its first bytes. Blocking; may be
/// repeated.
///
/// # Errors
/// `source_unreadable`, `source_empty`, `source_changed`, `image_unrecognised`, `image_heic`, `image_damaged`, `field_invalid` above
/// `limits.image_bytes`, `body_not_repeatable` for a stream that can be read only once. The field is `document`.
pub(crate) fn check_document(source: &Source, pdf: bool, limits: &Limits) -> Result<DocumentKind> {
    const FIELD: &str = "document";
    let named = |error: Error| Error::field(error.code(), FIELD, error.detail()).with_retryable(error.retryable());
    if let Some(len) = pdf_len(source).map_err(named)? {
        if !pdf {
            return Err(Error::field(ErrorCode::ImageUnrecognised, FIELD, "a JPEG or PNG image; a PDF is for other documents"));
        }
        if len > u64::try_from(limits.image_bytes).unwrap_or(0) {
            return Err(Error::field(ErrorCode::FieldInvalid, FIELD, format!("at most {} bytes", limits.image_bytes)));
        }
        return Ok(DocumentKind { content_type: "application/pdf", file_name: "document.pdf", len });
    }
    let found = images::inspect(FIELD, source, limits).map_err(|refused| match refused.code {
        ErrorCode::ImageUnrecognised if pdf => Error::field(refused.code, FIELD, "a JPEG or PNG image, or a PDF"),
        code => Error::field(code, FIELD, refused.rule).with_retryable(code == ErrorCode::SourceChanged),
    })?;
    let (content_type, file_name) = match found.info.format {
        ImageFormat::Png => ("image/png", "document.png"),
        _ => ("image/jpeg", "document.jpg"),
    };
    Ok(DocumentKind { content_type, file_name, len: u64::try_from(found.info.bytes).unwrap_or(0) })
}

/// The length, where the first bytes are those of a PDF.
fn pdf_len(source: &Source) -> Result<Option<u64>> {
    use std::io::Read as _;
    let mut reader = source.open()?;
    let mut head = Vec::with_capacity(5);
    (&mut reader).take(5).read_to_end(&mut head).map_err(|e| crate::source::unreadable(&e))?;
    Ok((head == b"%PDF-").then(|| reader.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_say_what_a_document_is() {
        let limits = Limits::default();
        let pdf = Source::bytes(&b"%PDF-1.4\n%%EOF\n"[..]);
        let found = check_document(&pdf, true, &limits).unwrap();
        assert_eq!((found.content_type, found.len), ("application/pdf", 15));
        let code = |source: &Source, pdf: bool| check_document(source, pdf, &limits).unwrap_err().code();
        assert_eq!(code(&pdf, false), ErrorCode::ImageUnrecognised);
        assert_eq!(code(&Source::bytes(&b"PK\x03\x04 a letter"[..]), true), ErrorCode::ImageUnrecognised);
        assert_eq!(code(&Source::bytes(&b"\xff\xd8\xff\xe0"[..]), true), ErrorCode::ImageDamaged);
        assert_eq!(code(&Source::bytes(&b""[..]), true), ErrorCode::SourceEmpty);
        let small = Limits { image_bytes: 10, ..Limits::default() };
        let error = check_document(&pdf, true, &small).unwrap_err();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldInvalid, "document"));
    }
}
