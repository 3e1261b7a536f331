//! The walk through a JPEG: segments, dimensions, scans, end (ITU-T T.81, annex B).

use super::scan::{Scan, Scanned, Stop};

const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// What the walk found.
pub(super) struct Walk {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes other than zero follow the end of the image.
    pub(super) trailing: bool,
}

/// Walks from the start of image, which was seen but not taken, to its end.
pub(super) fn walk(scan: &mut Scan) -> Scanned<Walk> {
    scan.skip(2)?;
    let mut size = None;
    let mut scans = 0_u32;
    let mut marker = next_marker(scan)?;
    loop {
        match marker {
            EOI => break,
            // Without parameters: TEM and restart markers that stand outside a scan.
            0x01 | 0xD0..=0xD7 => {}
            0x00 | 0xD8 => return Err(Stop::Broken("a marker that cannot stand here")),
            _ => {
                let length = scan.u16()?;
                if length < 2 {
                    return Err(Stop::Broken("a segment without a length"));
                }
                let body = u64::from(length) - 2;
                if is_frame(marker) {
                    size = Some(frame(scan, body)?);
                } else {
                    scan.skip(body)?;
                }
                if marker == SOS {
                    if size.is_none() {
                        return Err(Stop::Broken("a scan before the dimensions"));
                    }
                    scans += 1;
                    marker = entropy_coded(scan)?;
                    continue;
                }
            }
        }
        marker = next_marker(scan)?;
    }
    let (width, height) = size.filter(|_| scans > 0).ok_or(Stop::Broken("no image inside"))?;
    Ok(Walk { width, height, trailing: rest_is_not_zero(scan)? })
}

/// SOF0 to SOF15, without DHT, JPG and DAC, which share the range.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn frame(scan: &mut Scan, body: u64) -> Scanned<(u32, u32)> {
    if body < 6 {
        return Err(Stop::Broken("a frame header that is too short"));
    }
    let [_, h1, h0, w1, w0, components] = scan.bytes()?;
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 || height == 0 || components == 0 {
        return Err(Stop::Broken("dimensions of zero"));
    }
    if body != 6 + 3 * u64::from(components) {
        return Err(Stop::Broken("a frame header of the wrong length"));
    }
    scan.skip(body - 6)?;
    Ok((width.into(), height.into()))
}

fn next_marker(scan: &mut Scan) -> Scanned<u8> {
    if scan.byte()? != 0xFF {
        return Err(Stop::Broken("no marker where a segment must begin"));
    }
    loop {
        // Any number of fill bytes may stand before a marker.
        match scan.byte()? {
            0xFF => {}
            marker => return Ok(marker),
        }
    }
}

/// Passes over the data of a scan to the marker after it: a 0xFF that neither a zero nor a restart marker follows.
fn entropy_coded(scan: &mut Scan) -> Scanned<u8> {
    loop {
        let there = scan.peek()?;
        match memchr::memchr(0xFF, there) {
            None => {
                let n = there.len();
                scan.take(n);
            }
            Some(at) => {
                // Most escapes lie inside the piece: look at the byte after without another call.
                if let Some(0x00 | 0xD0..=0xD7) = there.get(at + 1) {
                    scan.take(at + 2);
                    continue;
                }
                scan.take(at);
                match next_marker(scan)? {
                    0x00 | 0xD0..=0xD7 => {}
                    marker => return Ok(marker),
                }
            }
        }
    }
}

/// Cameras pad with zeros, and append data of their own.
fn rest_is_not_zero(scan: &mut Scan) -> Scanned<bool> {
    while scan.left() > 0 {
        let there = scan.peek()?;
        if there.iter().any(|b| *b != 0) {
            return Ok(true);
        }
        let n = there.len();
        scan.take(n);
    }
    Ok(false)
}
