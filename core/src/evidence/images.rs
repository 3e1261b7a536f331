//! The checks of an image by its bytes: format, dimensions, whether it is whole, size.

use super::report::{ImageFormat, ImageInfo};
use super::scan::{Scan, Stop};
use super::{jpeg, png};
use crate::config::Limits;
use crate::error::{Error, ErrorCode};
use crate::source::Source;

/// The most pixels: what a camera of 200 megapixels makes passes, a decompression bomb does not.
const MAX_PIXELS: u64 = 1 << 28;

/// Major brands of ISO base media files that hold an HEIC or HEIF image.
const HEIF_BRANDS: [&[u8; 4]; 10] = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"];

/// What an image was found to be.
pub(super) struct Inspected {
    pub(super) info: ImageInfo,
    /// Bytes follow the end of the image.
    pub(super) trailing: bool,
}

/// A rule that an image breaks.
pub(super) struct Refused {
    pub(super) code: ErrorCode,
    pub(super) rule: String,
}

impl Refused {
    fn new(code: ErrorCode, rule: impl Into<String>) -> Self {
        Self { code, rule: rule.into() }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.detail())
    }
}

/// Reads an image from its start to its end, in pieces.
pub(super) fn inspect(name: &str, source: &Source, limits: &Limits) -> Result<Inspected, Refused> {
    let mut scan = Scan::whole(source)?;
    let bytes = scan.len();
    if bytes == 0 {
        return Err(Refused::new(ErrorCode::SourceEmpty, "no bytes"));
    }
    if bytes > u64::try_from(limits.image_bytes).unwrap_or(0) {
        return Err(Refused::new(ErrorCode::FieldInvalid, format!("at most {} bytes", limits.image_bytes)));
    }
    let format = format(&mut scan)?;
    let walked = match format {
        ImageFormat::Png => png::walk(&mut scan).map(|w| (w.width, w.height, w.trailing)),
        _ => jpeg::walk(&mut scan).map(|w| (w.width, w.height, w.trailing)),
    };
    let (width, height, trailing) = walked.map_err(|stop| match stop {
        Stop::End => Refused::new(ErrorCode::ImageDamaged, "cut short"),
        Stop::Broken(rule) => Refused::new(ErrorCode::ImageDamaged, format!("damaged: {rule}")),
        Stop::Failed(error) => error.into(),
    })?;
    scan.finish()?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Refused::new(ErrorCode::FieldInvalid, format!("at most {MAX_PIXELS} pixels")));
    }
    let info = ImageInfo {
        name: name.to_owned(),
        format,
        width: width.into(),
        height: height.into(),
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
    };
    Ok(Inspected { info, trailing })
}

/// The format by the first bytes, which are not taken.
fn format(scan: &mut Scan) -> Result<ImageFormat, Refused> {
    let unrecognised = || Refused::new(ErrorCode::ImageUnrecognised, "a JPEG or PNG image");
    let head = match scan.head(12) {
        Ok(head) => head,
        Err(Stop::Failed(error)) => return Err(error.into()),
        Err(_) => return Err(unrecognised()),
    };
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Ok(ImageFormat::Jpeg),
        _ if head.starts_with(&png::SIGNATURE) => Ok(ImageFormat::Png),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if HEIF_BRANDS.iter().any(|heif| heif.as_slice() == brand) => {
            Err(Refused::new(ErrorCode::ImageHeic, "a JPEG or PNG image; this is HEIC or HEIF, convert it to JPEG"))
        }
        _ => Err(unrecognised()),
    }
}
