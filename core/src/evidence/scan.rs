//! Reading of a source from its start to its end in small pieces, with the position known.

use std::io::Read as _;

use crate::error::{Error, Result};
use crate::source::{Source, SourceReader, changed, unreadable};

/// Bytes that are read at once where they are looked at one by one.
const PIECE: usize = 32 * 1024;
/// Bytes that are read at once where most are passed over.
const SMALL: usize = 512;

/// Why a scan stopped.
pub(super) enum Stop {
    /// The source ended, at the length that it announced.
    End,
    /// The format's own rules are broken; the text says which.
    Broken(&'static str),
    /// The source could not be read, or is not what it was.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

pub(super) type Scanned<T> = Result<T, Stop>;

/// A source that is being read.
pub(super) struct Scan {
    reader: SourceReader,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    taken: u64,
}

impl Scan {
    /// For looking at every byte.
    pub(super) fn whole(source: &Source) -> Result<Self> {
        Self::with_buffer(source, PIECE)
    }

    /// For looking at headers only.
    pub(super) fn headers(source: &Source) -> Result<Self> {
        Self::with_buffer(source, SMALL)
    }

    fn with_buffer(source: &Source, size: usize) -> Result<Self> {
        let reader = source.open()?;
        Ok(Self { reader, buffer: vec![0; size].into(), start: 0, end: 0, taken: 0 })
    }

    /// The length that the source announced.
    pub(super) fn len(&self) -> u64 {
        self.reader.len()
    }

    /// How many bytes were taken so far.
    pub(super) fn position(&self) -> u64 {
        self.taken
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> u64 {
        self.len() - self.taken
    }

    /// At least one byte that was not taken yet; more where they are at hand.
    pub(super) fn peek(&mut self) -> Scanned<&[u8]> {
        if self.start == self.end {
            if self.left() == 0 {
                return Err(Stop::End);
            }
            let most = usize::try_from(self.left()).unwrap_or(usize::MAX).min(self.buffer.len());
            (self.start, self.end) = (0, read(&mut self.reader, &mut self.buffer[..most])?);
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// The first bytes of a source of which none was taken yet: `n` of them, or as many as there are.
    pub(super) fn head(&mut self, n: usize) -> Scanned<&[u8]> {
        let n = n.min(usize::try_from(self.left()).unwrap_or(n));
        // A reader may give its bytes one at a time.
        while self.end < n {
            self.end += read(&mut self.reader, &mut self.buffer[self.end..n])?;
        }
        Ok(&self.buffer[..n])
    }

    /// Takes `n` of the bytes that `peek` showed.
    pub(super) fn take(&mut self, n: usize) {
        let n = n.min(self.end - self.start);
        self.start += n;
        self.taken += n as u64;
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Scanned<u8> {
        let [byte] = self.bytes()?;
        Ok(byte)
    }

    /// The next bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> Scanned<[u8; N]> {
        let mut out = [0; N];
        let mut filled = 0;
        while filled < N {
            let there = self.peek()?;
            let n = there.len().min(N - filled);
            out[filled..filled + n].copy_from_slice(&there[..n]);
            self.take(n);
            filled += n;
        }
        Ok(out)
    }

    /// The next two bytes as a number.
    pub(super) fn u16(&mut self) -> Scanned<u16> {
        Ok(u16::from_be_bytes(self.bytes()?))
    }

    /// The next four bytes as a number.
    pub(super) fn u32(&mut self) -> Scanned<u32> {
        Ok(u32::from_be_bytes(self.bytes()?))
    }

    /// The next eight bytes as a number.
    pub(super) fn u64(&mut self) -> Scanned<u64> {
        Ok(u64::from_be_bytes(self.bytes()?))
    }

    /// Passes over bytes; those of a file are not read.
    pub(super) fn skip(&mut self, n: u64) -> Scanned<()> {
        if n > self.left() {
            return Err(Stop::End);
        }
        let at_hand = (self.end - self.start) as u64;
        self.taken += n;
        if n <= at_hand {
            self.start += n as usize;
        } else {
            (self.start, self.end) = (0, 0);
            // A file can be moved past its end without an error; its length is verified by `finish`.
            self.reader.skip(n - at_hand).map_err(|e| match e.kind() {
                std::io::ErrorKind::UnexpectedEof => changed(),
                _ => unreadable(&e),
            })?;
        }
        Ok(())
    }

    /// Whether the source is still what it was when it was opened.
    pub(super) fn finish(self) -> Result<()> {
        self.reader.verify_unchanged()
    }
}

/// At least one byte: the source announced that there are more.
fn read(reader: &mut SourceReader, buffer: &mut [u8]) -> Result<usize> {
    loop {
        match reader.read(buffer) {
            Ok(0) => return Err(changed()),
            Ok(n) => return Ok(n),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(&e)),
        }
    }
}
