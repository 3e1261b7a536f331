//! Files of a given size that pass for a JPEG and an MP4.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::fixture;

/// The specimen's front, filled up with comment segments to exactly `bytes` bytes.
///
/// # Errors
/// What writing gives; a size that cannot be had.
pub fn write_jpeg(path: &Path, bytes: u64) -> io::Result<()> {
    let image = std::fs::read(fixture("specimen/document_front.jpg"))?;
    let mut left = bytes.checked_sub(image.len() as u64).filter(|left| *left == 0 || *left >= 4).ok_or(io::ErrorKind::InvalidInput)?;
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(&image[..2])?;
    let filling = vec![b'x'; 65_533];
    while left > 0 {
        let mut segment = left.min(65_537);
        // What stays must be nothing, or enough for a segment.
        if left > segment && left - segment < 4 {
            segment -= 4;
        }
        let payload = usize::try_from(segment - 4).map_err(io::Error::other)?;
        out.write_all(&[0xFF, 0xFE])?;
        out.write_all(&u16::try_from(payload + 2).map_err(io::Error::other)?.to_be_bytes())?;
        out.write_all(&filling[..payload])?;
        left -= segment;
    }
    out.write_all(&image[2..])?;
    out.flush()
}

/// `ftyp`, `mdat`, `moov` of exactly `bytes` bytes.
///
/// # Errors
/// What writing gives; a size that cannot be had.
pub fn write_mp4(path: &Path, bytes: u64) -> io::Result<()> {
    let ftyp = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42";
    let mut moov = Vec::from(*b"\0\0\0\x74moov\0\0\0\x6cmvhd");
    moov.resize(0x74, 0);
    // Time scale and duration.
    moov[0x1C..0x20].copy_from_slice(&1000_u32.to_be_bytes());
    moov[0x20..0x24].copy_from_slice(&1000_u32.to_be_bytes());
    let data = bytes.checked_sub((ftyp.len() + moov.len()) as u64).filter(|data| *data > 16).ok_or(io::ErrorKind::InvalidInput)?;
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(ftyp)?;
    out.write_all(b"\0\0\0\x01mdat")?;
    out.write_all(&data.to_be_bytes())?;
    io::copy(&mut io::Read::take(io::repeat(b'v'), data - 16), &mut out)?;
    out.write_all(&moov)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use videoid::Source;
    use videoid::evidence::{EvidenceBuilder, check_video};

    #[test]
    fn sizes_are_exact_and_the_files_pass_the_checks() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x");
        for bytes in [1_000_000, 131_157, 131_161, 131_157 + 65_537 + 2] {
            write_jpeg(&path, bytes).expect("written");
            let report = EvidenceBuilder::new().document_front(path.as_path()).check().expect("a report");
            assert_eq!(report.images.first().map(|i| i.bytes), i64::try_from(bytes).ok());
        }
        assert!(write_jpeg(&path, 131_158).is_err());
        write_mp4(&path, 3_000_000).expect("written");
        let info = check_video(&Source::path(&path), &videoid::config::Limits::default()).expect("a video");
        assert_eq!((info.bytes, info.checked), (3_000_000, true));
    }
}
