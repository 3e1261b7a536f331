//! JPEG and PNG, walked from the first byte to the end marker.

use std::io::{BufRead, Read};

const PNG_SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A];
/// No real picture has more; a length beyond it is damage.
const MAX_CHUNK: u32 = 0x7FFF_FFFF;

/// The kind of a sound picture (`jpeg` or `png`), or why it is none.
pub(crate) fn check(mut input: impl BufRead) -> Result<&'static str, &'static str> {
    let mut head = [0; 2];
    exact(&mut input, &mut head, "Empty image")?;
    match head {
        [0xFF, 0xD8] => jpeg(&mut input).map(|()| "jpeg"),
        [0x89, b'P'] => png(&mut input).map(|()| "png"),
        _ => Err("Not a JPEG or PNG image"),
    }
}

fn exact(input: &mut impl Read, buffer: &mut [u8], error: &'static str) -> Result<(), &'static str> {
    input.read_exact(buffer).map_err(|_| error)
}

/// Segments up to the scan, a frame header with a size before it, and an end-of-image marker after it.
fn jpeg(input: &mut impl BufRead) -> Result<(), &'static str> {
    const CUT: &str = "JPEG image is cut short";
    let mut frame = false;
    let mut scan = false;
    let mut marker = next_marker(input, true)?;
    loop {
        match marker {
            0xD9 if scan => return Ok(()),
            0xD9 => return Err("JPEG image has no picture data"),
            0x01 | 0xD0..=0xD7 => {
                marker = next_marker(input, true)?;
                continue;
            }
            0x00 | 0xD8 | 0xFF => return Err("JPEG image is damaged"),
            _ => {}
        }
        let mut length = [0; 2];
        exact(input, &mut length, CUT)?;
        let length = u64::from(u16::from_be_bytes(length));
        if length < 2 {
            return Err("JPEG image is damaged");
        }
        let mut rest = length - 2;
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let mut header = [0; 6];
            if rest < 6 {
                return Err("JPEG image is damaged");
            }
            exact(input, &mut header, CUT)?;
            rest -= 6;
            // The height may be zero (set later by a DNL segment), the width may not.
            if u16::from_be_bytes([header[3], header[4]]) == 0 || header[5] == 0 {
                return Err("JPEG image has no size");
            }
            frame = true;
        }
        skip(input, rest, CUT)?;
        if marker == 0xDA {
            if !frame {
                return Err("JPEG image is damaged");
            }
            scan = true;
        }
        marker = next_marker(input, marker != 0xDA)?;
    }
}

/// The next marker: at once where segments follow each other (`strict`), after coded data otherwise.
fn next_marker(input: &mut impl BufRead, strict: bool) -> Result<u8, &'static str> {
    let mut after_ff = false;
    loop {
        let buffer = input.fill_buf().map_err(|_| "Image cannot be read")?;
        if buffer.is_empty() {
            return Err("JPEG image is cut short");
        }
        if !strict && !after_ff {
            // Coded data: run to the next 0xFF.
            match buffer.iter().position(|byte| *byte == 0xFF) {
                None => {
                    let all = buffer.len();
                    input.consume(all);
                    continue;
                }
                Some(at) => {
                    input.consume(at + 1);
                    after_ff = true;
                    continue;
                }
            }
        }
        let byte = buffer[0];
        input.consume(1);
        match (after_ff, byte) {
            (_, 0xFF) => after_ff = true,
            (false, _) => return Err("JPEG image is damaged"),
            // Inside coded data a stuffed zero and restart markers are data.
            (true, 0x00 | 0xD0..=0xD7) if !strict => after_ff = false,
            (true, marker) => return Ok(marker),
        }
    }
}

/// Chunks with their CRC: IHDR first, IDAT, IEND.
fn png(input: &mut impl BufRead) -> Result<(), &'static str> {
    const CUT: &str = "PNG image is cut short";
    let mut rest = [0; 6];
    exact(input, &mut rest, CUT)?;
    if rest != PNG_SIGNATURE[2..] {
        return Err("Not a JPEG or PNG image");
    }
    let mut first = true;
    let mut data = false;
    loop {
        let mut head = [0; 8];
        exact(input, &mut head, CUT)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let kind = [head[4], head[5], head[6], head[7]];
        if length > MAX_CHUNK || !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err("PNG image is damaged");
        }
        if first != (&kind == b"IHDR") {
            return Err("PNG image is damaged");
        }
        let mut crc = Crc::new();
        crc.add(&kind);
        let mut left = u64::from(length);
        if first {
            let mut header = [0; 13];
            if length != 13 {
                return Err("PNG image is damaged");
            }
            exact(input, &mut header, CUT)?;
            crc.add(&header);
            left = 0;
            if header[..4] == [0; 4] || header[4..8] == [0; 4] {
                return Err("PNG image has no size");
            }
        }
        while left > 0 {
            let buffer = input.fill_buf().map_err(|_| "Image cannot be read")?;
            if buffer.is_empty() {
                return Err(CUT);
            }
            let take = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            crc.add(&buffer[..take]);
            input.consume(take);
            left -= take as u64;
        }
        let mut sum = [0; 4];
        exact(input, &mut sum, CUT)?;
        if u32::from_be_bytes(sum) != crc.value() {
            return Err("PNG image is damaged");
        }
        first = false;
        data |= &kind == b"IDAT";
        if &kind == b"IEND" {
            return if data { Ok(()) } else { Err("PNG image has no picture data") };
        }
    }
}

fn skip(input: &mut impl BufRead, mut count: u64, error: &'static str) -> Result<(), &'static str> {
    while count > 0 {
        let buffer = input.fill_buf().map_err(|_| "Image cannot be read")?;
        if buffer.is_empty() {
            return Err(error);
        }
        let take = buffer.len().min(usize::try_from(count).unwrap_or(usize::MAX));
        input.consume(take);
        count -= take as u64;
    }
    Ok(())
}

/// CRC-32 as PNG uses it.
pub(crate) struct Crc(u32);

const CRC_TABLE: [u32; 256] = {
    let mut table = [0_u32; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = index as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};

impl Crc {
    pub(crate) fn new() -> Self {
        Self(u32::MAX)
    }
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = CRC_TABLE[((self.0 ^ u32::from(*byte)) & 0xFF) as usize] ^ (self.0 >> 8);
        }
    }
    pub(crate) fn value(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::synthetic;

    fn small_png() -> Vec<u8> {
        let mut file = PNG_SIGNATURE.to_vec();
        // One black pixel: zlib header, one stored block with filter byte and pixel, Adler-32.
        let idat = [0x78, 0x01, 0x01, 0x02, 0x00, 0xFD, 0xFF, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01];
        for (kind, data) in [(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]), (b"IDAT", &idat[..]), (b"IEND", &[][..])] {
            let mut crc = Crc::new();
            crc.add(kind);
            crc.add(data);
            file.extend((data.len() as u32).to_be_bytes());
            file.extend(kind);
            file.extend(data);
            file.extend(crc.value().to_be_bytes());
        }
        file
    }

    #[test]
    fn sound_pictures_pass() {
        assert_eq!(check(&synthetic::jpeg(4096)[..]), Ok("jpeg"));
        assert_eq!(check(&small_png()[..]), Ok("png"));
    }

    #[test]
    fn each_cut_is_noticed() {
        for file in [synthetic::jpeg(700), small_png()] {
            for length in 0..file.len() {
                assert!(check(&file[..length]).is_err(), "{length} of {} bytes passed", file.len());
            }
        }
    }

    #[test]
    fn a_changed_byte_in_a_png_is_noticed() {
        let file = small_png();
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x20;
            assert!(check(&damaged[..]).is_err(), "byte {at}");
        }
    }

    #[test]
    fn other_files_are_refused() {
        for file in [&b""[..], b"%PDF-1.4", b"\x00\x00\x00\x18ftypheic", b"GIF89a", &[0xFF, 0xD8, 0xFF, 0xD9]] {
            assert!(check(file).is_err());
        }
    }
}
