//! MP4, walked box by box while it arrives, so that a video need not be kept to be checked.

/// The walk over the outermost boxes.
#[derive(Debug, Default)]
pub(crate) struct Walker {
    head: Vec<u8>,
    /// Bytes of the current box still to come; none: a header is being read.
    left: Option<u64>,
    /// The current box runs to the end of the file.
    to_end: bool,
    boxes: u64,
    ftyp: bool,
    moov: bool,
    mdat: bool,
    error: Option<&'static str>,
}

impl Walker {
    /// Takes the next bytes of the file.
    pub(crate) fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && self.error.is_none() && !self.to_end {
            if let Some(left) = self.left {
                let step = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                bytes = &bytes[step..];
                let left = left - step as u64;
                self.left = (left > 0).then_some(left);
            } else {
                self.head.push(bytes[0]);
                bytes = &bytes[1..];
                self.header();
            }
        }
    }

    fn header(&mut self) {
        let head = &self.head;
        if head.len() < 8 {
            return;
        }
        let short = u32::from_be_bytes([head[0], head[1], head[2], head[3]]);
        let size = match short {
            1 if head.len() < 16 => return,
            1 => {
                let mut large = [0; 8];
                large.copy_from_slice(&head[8..16]);
                u64::from_be_bytes(large)
            }
            _ => u64::from(short),
        };
        let used = head.len() as u64;
        let kind = [head[4], head[5], head[6], head[7]];
        self.head.clear();
        let first = self.boxes == 0;
        self.boxes += 1;
        if first && &kind != b"ftyp" {
            self.error = Some("The file is not an MP4 video");
            return;
        }
        if size != 0 && size < used {
            self.error = Some("The video is damaged");
            return;
        }
        match &kind {
            b"ftyp" => self.ftyp = true,
            b"moov" => self.moov = true,
            b"mdat" => self.mdat = size == 0 || size > used || self.mdat,
            _ => {}
        }
        if size == 0 {
            self.to_end = true;
        } else {
            let left = size - used;
            self.left = (left > 0).then_some(left);
        }
    }

    /// What the whole file turned out to be.
    pub(crate) fn finish(&self) -> Result<(), &'static str> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if !self.ftyp {
            return Err("The file is not an MP4 video");
        }
        if self.left.is_some() || !self.head.is_empty() {
            return Err("The video is cut short");
        }
        if !self.moov || !self.mdat {
            return Err("The video is incomplete");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::synthetic;

    fn check(file: &[u8], step: usize) -> Result<(), &'static str> {
        let mut walker = Walker::default();
        for piece in file.chunks(step) {
            walker.take(piece);
        }
        walker.finish()
    }

    #[test]
    fn a_sound_video_passes_in_any_pieces() {
        let file = synthetic::mp4(1000);
        for step in [1, 3, 8, 999, 4096] {
            assert_eq!(check(&file, step), Ok(()));
        }
    }

    #[test]
    fn a_cut_video_is_refused() {
        let file = synthetic::mp4(300);
        for length in 0..file.len() {
            assert!(check(&file[..length], 64).is_err(), "{length}");
        }
    }

    #[test]
    fn large_and_open_sizes_are_read() {
        let mut file = b"\0\0\0\x10ftypisom\0\0\0\0".to_vec();
        file.extend(b"\0\0\0\x01moov\0\0\0\0\0\0\0\x14abcd");
        let cut = file.clone();
        file.extend(b"\0\0\0\0mdatxyz");
        assert_eq!(check(&file, 5), Ok(()));
        assert_eq!(check(&cut, 5), Err("The video is incomplete"));
    }

    #[test]
    fn other_files_are_refused() {
        assert!(check(b"", 1).is_err());
        assert_eq!(check(b"RIFF\0\0\0\0AVI LIST", 4), Err("The file is not an MP4 video"));
        assert_eq!(check(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x03moov", 4), Err("The video is damaged"));
    }
}
