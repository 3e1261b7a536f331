//! Evidence that was checked and is ready to be sent.

use std::fmt;
use std::io::{self, Read as _, Write};
use std::sync::Arc;

use base64_simd::{AsOut as _, STANDARD};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::report::EvidenceReport;
#[cfg(feature = "client")]
use super::wire::Body;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acceptance, Extra, OcrData, SecurityChecks, SimilarityLevel};
use crate::source::{Source, changed, unreadable};

/// Bytes of an image that are encoded at once; a multiple of three, so that padding stands only at the end.
const PIECE: usize = 48 * 1024;

/// Evidence that was checked: made by [`EvidenceBuilder::build`](super::EvidenceBuilder::build) or loaded from a
/// [`Bundle`](super::Bundle).
///
/// It holds the data and where the images are, not the images: those are read again each time it is sent. Cloning is cheap.
/// `Debug` shows no personal data.
#[derive(Clone)]
pub struct Evidence(Arc<Inner>);

pub(super) struct Inner {
    pub(super) acceptance: Acceptance,
    pub(super) ocr_data: OcrData,
    pub(super) security_checks: SecurityChecks,
    pub(super) similarity_level: Option<SimilarityLevel>,
    pub(super) extra: Extra,
    pub(super) report: EvidenceReport,
    pub(super) parts: Vec<Part>,
}

/// A piece of the body.
#[derive(Clone)]
#[non_exhaustive]
pub enum Part {
    /// Bytes that go over the wire as they are.
    Literal(Bytes),
    /// An image that goes over the wire as Base64 (standard alphabet, with padding, without line ends).
    Image {
        /// Its name, for example `document_front`.
        name: &'static str,
        /// Where its bytes are.
        source: Source,
        /// How many there were when the evidence was built. Another length means `source_changed`.
        len: u64,
    },
}

impl Part {
    /// How many bytes it has in the body.
    pub fn content_length(&self) -> u64 {
        match self {
            Self::Literal(bytes) => bytes.len() as u64,
            Self::Image { len, .. } => len.div_ceil(3).saturating_mul(4),
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(bytes) => write!(f, "Literal({} bytes)", bytes.len()),
            Self::Image { name, len, .. } => write!(f, "Image({name}, {len} bytes)"),
        }
    }
}

impl Evidence {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// What the person accepted.
    pub fn acceptance(&self) -> &Acceptance {
        &self.0.acceptance
    }

    /// What was read from the document.
    pub fn ocr_data(&self) -> &OcrData {
        &self.0.ocr_data
    }

    /// The security checks with where they come from. Only their booleans are sent.
    pub fn security_checks(&self) -> &SecurityChecks {
        &self.0.security_checks
    }

    /// How alike document photo and selfie are.
    pub fn similarity_level(&self) -> Option<&SimilarityLevel> {
        self.0.similarity_level.as_ref()
    }

    /// The caller's own keys of `videoid_data`.
    pub fn extra(&self) -> &Extra {
        &self.0.extra
    }

    /// The image of that name: `document_front`, `document_rear`, `document_photo` or `document_owner`.
    pub fn image(&self, name: &str) -> Option<&Source> {
        self.0.parts.iter().find_map(|part| match part {
            Part::Image { name: own, source, .. } if *own == name => Some(source),
            _ => None,
        })
    }

    /// What was found when it was built: advice, and what is known of the images.
    pub fn report(&self) -> &EvidenceReport {
        &self.0.report
    }

    /// The exact length of the body in bytes.
    pub fn content_length(&self) -> u64 {
        self.0.parts.iter().map(Part::content_length).sum()
    }

    /// The body in pieces, in the order in which they are sent. Cloned cheaply: bytes and sources are shared.
    pub fn parts(&self) -> Vec<Part> {
        self.0.parts.clone()
    }

    /// As [`parts`](Self::parts), with `acceptance.date` as text, as the service's schema has it and none of its samples.
    #[cfg(feature = "client")]
    pub(crate) fn parts_with_date_as_text(&self) -> Result<Vec<Part>> {
        let mut acceptance = self.0.acceptance.clone();
        let Some(date) = acceptance.date.take() else { return Ok(self.parts()) };
        acceptance.extra.insert("date".into(), date.to_string().into());
        let image = |part: &Part| match part {
            Part::Image { name, source, len } => Some((*name, source.clone(), *len)),
            Part::Literal(_) => None,
        };
        let body = Body {
            acceptance: &acceptance,
            images: self.0.parts.iter().filter_map(image).collect(),
            ocr_data: &self.0.ocr_data,
            security_checks: &self.0.security_checks,
            similarity_level: self.0.similarity_level.as_ref(),
            extra: &self.0.extra,
        };
        body.parts()
    }

    /// Writes the body: the JSON of the upload, images in Base64. Blocking; memory does not grow with the images. May be
    /// repeated.
    ///
    /// # Errors
    /// `source_unreadable`, or `source_changed` where an image is not what it was when the evidence was built; then the body is
    /// not complete. `file_not_written` where `out` fails.
    pub fn write_json(&self, mut out: impl Write) -> Result<()> {
        let mut buffers = None;
        for part in &self.0.parts {
            match part {
                Part::Literal(bytes) => out.write_all(bytes).map_err(|e| unwritten(&e))?,
                Part::Image { source, len, .. } => {
                    let (plain, text) = buffers.get_or_insert_with(|| (vec![0; PIECE], vec![0; PIECE / 3 * 4]));
                    write_image(source, *len, plain, text, &mut out)?;
                }
            }
        }
        out.flush().map_err(|e| unwritten(&e))
    }

    /// The SHA-256 of the body in lower-case hex. Blocking: reads the images.
    ///
    /// # Errors
    /// As [`write_json`](Self::write_json).
    pub fn sha256(&self) -> Result<String> {
        let mut hasher = Hasher(Sha256::new());
        self.write_json(&mut hasher)?;
        Ok(hex(&hasher.0.finalize()))
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let images: Vec<_> = self.0.report.images.iter().map(|i| i.name.as_str()).collect();
        f.debug_struct("Evidence").field("images", &images).field("bytes", &self.content_length()).finish_non_exhaustive()
    }
}

fn write_image(source: &Source, len: u64, plain: &mut [u8], text: &mut [u8], out: &mut impl Write) -> Result<()> {
    let mut reader = source.open()?;
    if reader.len() != len {
        return Err(changed());
    }
    let mut left = len;
    while left > 0 {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(plain.len());
        reader.read_exact(&mut plain[..n]).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => changed(),
            _ => unreadable(&e),
        })?;
        let encoded = STANDARD.encode(&plain[..n], text.as_out());
        out.write_all(encoded).map_err(|e| unwritten(&e))?;
        left -= n as u64;
    }
    // One byte more than announced is a change too.
    if reader.read(&mut plain[..1]).map_err(|e| unreadable(&e))? != 0 {
        return Err(changed());
    }
    reader.verify_unchanged()
}

pub(super) fn unwritten(error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "the folder to write to does not exist",
        io::ErrorKind::PermissionDenied => "writing there is not allowed",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "there is no room left to write to",
        _ => "the bytes could not be written",
    };
    Error::new(ErrorCode::FileNotWritten, why).with_source(io::Error::from(error.kind()))
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.update(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
