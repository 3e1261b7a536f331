//! Files of a wanted size that pass the checks: for read-back tests and for the crate's own tests.

/// A JPEG with one grey pixel block, up to where filler segments may stand.
const JPEG_HEAD: [u8; 20] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];

/// Quantisation table (all ones), frame header 8 x 8, Huffman tables with one code each, one scan, end.
fn jpeg_tail() -> Vec<u8> {
    let mut tail = vec![0xFF, 0xDB, 0, 67, 0];
    tail.extend([1; 64]);
    tail.extend([0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    for class in [0x00, 0x10] {
        tail.extend([0xFF, 0xC4, 0, 20, class, 1]);
        tail.extend([0; 15]);
        tail.push(0); // the one code: no difference, or end of block
    }
    tail.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]);
    tail.push(0x3F); // two zero bits (DC, EOB), padded with ones
    tail.extend([0xFF, 0xD9]);
    tail
}

/// A JPEG of about `bytes` bytes (never less than its skeleton), filled up with comment segments.
pub(crate) fn jpeg(bytes: usize) -> Vec<u8> {
    let tail = jpeg_tail();
    let mut file = Vec::with_capacity(bytes + 256);
    file.extend(JPEG_HEAD);
    let mut seed = 0x2545_F491_u32;
    while file.len() + tail.len() + 4 < bytes {
        let payload = (bytes - file.len() - tail.len() - 4).min(65_533);
        file.extend([0xFF, 0xFE]);
        file.extend((payload as u16 + 2).to_be_bytes());
        for _ in 0..payload {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            file.push((seed >> 24) as u8);
        }
    }
    file.extend(tail);
    file
}

/// The outermost boxes of an MP4 with `bytes` bytes of media data.
pub(crate) fn mp4(bytes: usize) -> Vec<u8> {
    let mut file = b"\0\0\0\x14ftypisom\0\0\x02\0mp41".to_vec();
    file.extend(b"\0\0\0\x10moov\0\0\0\x08free");
    file.extend((bytes as u32 + 8).to_be_bytes());
    file.extend(b"mdat");
    file.resize(file.len() + bytes, 0xA5);
    file
}
