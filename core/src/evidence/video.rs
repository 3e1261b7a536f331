//! The check of a video: an MP4 that is whole, by the headers of its boxes (ISO/IEC 14496-12).

use super::report::VideoInfo;
use super::scan::{Scan, Scanned, Stop};
use crate::config::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::source::Source;

const FIELD: &str = "video";

/// More boxes than any recorder writes: each second of a fragmented video needs a few.
const MAX_BOXES: u32 = 1_000_000;
/// More compatible brands than any file names.
const MAX_BRANDS: u64 = 64;

/// Brands of containers that hold a video as MP4 does.
const BRANDS: [&[u8; 4]; 17] = [
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"mp71", b"avc1", b"M4V ", b"M4VH",
    b"MSNV", b"qt  ",
];

/// Looks at a video before it is sent: an MP4 with its movie header and its data, all of it inside the file. Only headers are
/// read, so that a file of any size takes a few reads. Blocking; may be repeated.
///
/// A stream that can be read only while it is sent is not read: the answer has `checked: false`, and only its length counts.
///
/// # Errors
/// `source_unreadable`, `source_empty`, `source_changed`, `video_unrecognised` for what is no MP4, `video_damaged` for one that
/// is cut short or damaged, `field_invalid` for one above `limits.video_bytes`. The field is `video`.
pub fn check_video(source: &Source, limits: &Limits) -> Result<VideoInfo> {
    let named = |error: Error| Error::field(error.code(), FIELD, error.detail()).with_retryable(error.retryable());
    let bytes = check_length(source, limits)?;
    let mut info = VideoInfo { bytes: i64::try_from(bytes).unwrap_or(i64::MAX), ..VideoInfo::default() };
    if !source.is_replayable() {
        return Ok(info);
    }
    let mut scan = Scan::headers(source).map_err(named)?;
    let fault = |stop| match stop {
        Stop::Failed(error) => named(error),
        Stop::End => Error::field(ErrorCode::VideoDamaged, FIELD, "cut short"),
        Stop::Broken(rule) => Error::field(ErrorCode::VideoDamaged, FIELD, format!("damaged: {rule}")),
    };
    let Some(brand) = file_type(&mut scan).map_err(fault)? else {
        return Err(Error::field(ErrorCode::VideoUnrecognised, FIELD, "an MP4 video"));
    };
    info.brand = Some(brand);
    let found = walk(&mut scan).map_err(fault)?;
    info.has_moov = true;
    info.fragmented = found.fragments;
    scan.finish().map_err(named)?;
    info.checked = true;
    Ok(info)
}

/// The length of a video, whatever it is, where it is not empty and within the limit.
///
/// # Errors
/// `source_unreadable`, `source_empty`, `field_invalid`. The field is `video`.
pub(crate) fn check_length(source: &Source, limits: &Limits) -> Result<u64> {
    let bytes = source.len().map_err(|error| Error::field(error.code(), FIELD, error.detail()).with_retryable(error.retryable()))?;
    if bytes == 0 {
        return Err(Error::field(ErrorCode::SourceEmpty, FIELD, "no bytes"));
    }
    if bytes > u64::try_from(limits.video_bytes).unwrap_or(0) {
        return Err(Error::field(ErrorCode::FieldInvalid, FIELD, format!("at most {} bytes", limits.video_bytes)));
    }
    Ok(bytes)
}

/// The major brand, where the first box says that this is a video as MP4 holds it.
fn file_type(scan: &mut Scan) -> Scanned<Option<String>> {
    if scan.head(8)?.get(4..) != Some(b"ftyp".as_slice()) {
        return Ok(None);
    }
    let size = u64::from(scan.u32()?);
    scan.skip(4)?;
    let body = size.checked_sub(8).filter(|body| *body >= 8).ok_or(Stop::Broken("a first box that is too short"))?;
    if body > scan.left() {
        return Err(Stop::End);
    }
    let major: [u8; 4] = scan.bytes()?;
    scan.skip(4)?;
    let mut known = BRANDS.contains(&&major);
    let compatible = ((body - 8) / 4).min(MAX_BRANDS);
    for _ in 0..compatible {
        known |= BRANDS.contains(&&scan.bytes()?);
    }
    scan.skip(body - 8 - 4 * compatible)?;
    let word = major.iter().filter(|b| b.is_ascii_graphic()).map(|b| char::from(*b)).collect();
    Ok(known.then_some(word))
}

#[derive(Default)]
struct Found {
    header: bool,
    fragments: bool,
    /// Bytes of media data in the file.
    data: u64,
    /// Bytes that the tables of samples speak of.
    samples: u64,
    /// The highest place in the file where a table says that samples begin.
    last_chunk: u64,
}

/// Walks over the boxes; those of the movie header are entered down to the tables of samples.
fn walk(scan: &mut Scan) -> Scanned<Found> {
    let mut found = Found::default();
    // Where the boxes end that the walk is inside of; none at the top.
    let mut ends: Vec<u64> = Vec::with_capacity(8);
    let mut boxes = 0;
    loop {
        while ends.last() == Some(&scan.position()) {
            ends.pop();
        }
        let end = ends.last().copied().unwrap_or(scan.len());
        if scan.position() == end {
            break;
        }
        boxes += 1;
        if boxes > MAX_BOXES {
            return Err(Stop::Broken("too many boxes"));
        }
        let room = end - scan.position();
        let outside = || if ends.is_empty() { Stop::End } else { Stop::Broken("a box that does not fit into the one around it") };
        if room < 8 {
            // A container may end with four zero bytes.
            if !ends.is_empty() {
                scan.skip(room)?;
                continue;
            }
            return Err(outside());
        }
        let (size, kind) = (scan.u32()?, scan.bytes::<4>()?);
        let (size, header) = match size {
            // To the end of what is around it: the last box, or zeros that fill up.
            0 => (room, 8),
            1 if room < 16 => return Err(outside()),
            1 => (scan.u64()?, 16),
            size => (size.into(), 8),
        };
        if size > room {
            return Err(outside());
        }
        let body = size.checked_sub(header).ok_or(Stop::Broken("a box that is smaller than its header"))?;
        match (&kind, ends.len()) {
            (b"moov", 0) => {
                found.header = true;
                ends.push(scan.position() + body);
                continue;
            }
            (b"trak", 1) | (b"mdia", 2) | (b"minf", 3) | (b"stbl", 4) => {
                ends.push(scan.position() + body);
                continue;
            }
            (b"moof", 0) => found.fragments = true,
            (b"mdat", 0) => found.data += body,
            _ => {}
        }
        let after = scan.position() + body;
        if ends.len() == 5 {
            table(scan, kind, body, &mut found)?;
        }
        scan.skip(after.saturating_sub(scan.position()))?;
    }
    if !found.header {
        return Err(Stop::Broken("no movie header: the recording was not finished, or its end is missing"));
    }
    if found.data == 0 {
        return Err(Stop::Broken("no media data"));
    }
    if found.samples > found.data || found.last_chunk >= scan.len() {
        return Err(Stop::Broken("samples that are not in the file"));
    }
    Ok(found)
}

/// The tables that say how long the samples are and where their chunks begin.
fn table(scan: &mut Scan, kind: [u8; 4], body: u64, found: &mut Found) -> Scanned<()> {
    let too_short = Stop::Broken("a table of samples that is too short");
    let entry = match &kind {
        b"stsz" | b"stco" => 4,
        b"co64" => 8,
        _ => return Ok(()),
    };
    let head = if &kind == b"stsz" { 12 } else { 8 };
    if body < head {
        return Err(too_short);
    }
    scan.skip(4)?;
    let same = if &kind == b"stsz" { scan.u32()? } else { 0 };
    let count = u64::from(scan.u32()?);
    if same > 0 {
        found.samples = found.samples.saturating_add(u64::from(same).saturating_mul(count));
        return Ok(());
    }
    if count > (body - head) / entry {
        return Err(too_short);
    }
    for _ in 0..count {
        match &kind {
            b"stsz" => found.samples = found.samples.saturating_add(scan.u32()?.into()),
            b"stco" => found.last_chunk = found.last_chunk.max(scan.u32()?.into()),
            _ => found.last_chunk = found.last_chunk.max(scan.u64()?),
        }
    }
    Ok(())
}
