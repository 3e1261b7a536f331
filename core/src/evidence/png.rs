//! The walk through a PNG: chunks, dimensions, CRC-32 of each chunk, end (ISO/IEC 15948).

use super::scan::{Scan, Scanned, Stop};

/// The first eight bytes of every PNG.
pub(super) const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// What the walk found.
pub(super) struct Walk {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes follow the end of the image.
    pub(super) trailing: bool,
}

/// Walks from the signature, which was seen but not taken, to the end.
pub(super) fn walk(scan: &mut Scan) -> Scanned<Walk> {
    scan.skip(SIGNATURE.len() as u64)?;
    let mut size = None;
    let mut data = false;
    loop {
        let length = scan.u32()?;
        let kind: [u8; 4] = scan.bytes()?;
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(Stop::Broken("a chunk without a name"));
        }
        // The chunk's own checksum follows it.
        if u64::from(length) + 4 > scan.left() {
            return Err(Stop::End);
        }
        let mut crc = crc32fast::Hasher::new();
        crc.update(&kind);
        match &kind {
            b"IHDR" => {
                if size.is_some() || length != 13 {
                    return Err(Stop::Broken("a header that is not the first chunk or of the wrong length"));
                }
                let header: [u8; 13] = scan.bytes()?;
                crc.update(&header);
                size = Some(dimensions(header)?);
            }
            _ if size.is_none() => return Err(Stop::Broken("no header in the first chunk")),
            _ => {
                data |= &kind == b"IDAT" && length > 0;
                let mut left = length as usize;
                while left > 0 {
                    let there = scan.peek()?;
                    let n = there.len().min(left);
                    crc.update(&there[..n]);
                    scan.take(n);
                    left -= n;
                }
            }
        }
        if scan.u32()? != crc.finalize() {
            return Err(Stop::Broken("a chunk whose checksum does not match"));
        }
        if &kind == b"IEND" {
            break;
        }
    }
    let (width, height) = size.filter(|_| data).ok_or(Stop::Broken("no image inside"))?;
    Ok(Walk { width, height, trailing: scan.left() > 0 })
}

fn dimensions(header: [u8; 13]) -> Scanned<(u32, u32)> {
    let [w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, ..] = header;
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    if width == 0 || height == 0 || width > i32::MAX as u32 || height > i32::MAX as u32 {
        return Err(Stop::Broken("dimensions that are not possible"));
    }
    if !matches!(depth, 1 | 2 | 4 | 8 | 16) || !matches!(colour, 0 | 2 | 3 | 4 | 6) {
        return Err(Stop::Broken("a kind of colour that does not exist"));
    }
    Ok((width, height))
}
