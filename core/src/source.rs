//! Where the bytes of an image or video come from, without holding them in memory.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use bytes::{Buf as _, Bytes};

use crate::error::{Error, ErrorCode, Result};

#[cfg(feature = "client")]
mod channel;
#[cfg(feature = "client")]
pub use channel::SourceSender;

type Opener = Arc<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// The bytes of an image or a video: a path, bytes in memory, something that can be opened, or a channel that is filled while
/// it is sent.
///
/// The length is known before the first byte: the service wants a `Content-Length`. A path, bytes and an opener can be sent
/// again; a channel cannot. `Debug` never shows a path, which may hold a name.
#[derive(Clone)]
pub struct Source {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Path(PathBuf),
    Bytes(Bytes),
    Opener {
        open: Opener,
        len: u64,
    },
    #[cfg(feature = "client")]
    Channel(channel::Receiver),
}

impl Source {
    /// A file. It is read in pieces when it is needed; it must not change meanwhile, which is checked.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self { kind: Kind::Path(path.into()) }
    }

    /// Bytes that are in memory already. Cloning the source does not copy them.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self { kind: Kind::Bytes(bytes.into()) }
    }

    /// Something that can be opened any number of times and gives `len` bytes each time. It is read on a blocking thread.
    pub fn opener<F>(len: u64, open: F) -> Self
    where
        F: Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync + 'static,
    {
        Self { kind: Kind::Opener { open: Arc::new(open), len } }
    }

    /// A stream of exactly `len` bytes that the caller pushes while it is sent. It holds at most a few chunks and can be sent
    /// only once: where it would have to be sent again the call fails with `body_not_repeatable`.
    #[cfg(feature = "client")]
    pub fn channel(len: u64) -> (SourceSender, Self) {
        let (sender, receiver) = channel::channel(len);
        (sender, Self { kind: Kind::Channel(receiver) })
    }

    /// Whether it can be sent more than once.
    pub fn is_replayable(&self) -> bool {
        match self.kind {
            #[cfg(feature = "client")]
            Kind::Channel(_) => false,
            _ => true,
        }
    }

    /// The path, where it is a file.
    pub fn as_path(&self) -> Option<&Path> {
        match &self.kind {
            Kind::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The length in bytes. Reads the metadata of a file, nothing else.
    ///
    /// # Errors
    /// `source_unreadable` where the file does not exist or is not a file.
    pub fn len(&self) -> Result<u64> {
        match &self.kind {
            Kind::Path(path) => Ok(Stamp::of(&std::fs::metadata(path).map_err(|e| unreadable(&e))?)?.len),
            Kind::Bytes(bytes) => Ok(bytes.len() as u64),
            Kind::Opener { len, .. } => Ok(*len),
            #[cfg(feature = "client")]
            Kind::Channel(receiver) => Ok(receiver.len()),
        }
    }

    /// Whether there is no byte in it.
    ///
    /// # Errors
    /// As [`len`](Self::len).
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Opens it for blocking reading from the start. A channel cannot be opened this way.
    ///
    /// # Errors
    /// `source_unreadable`, or `body_not_repeatable` for a channel.
    pub fn open(&self) -> Result<SourceReader> {
        match &self.kind {
            Kind::Path(path) => {
                let file = File::open(path).map_err(|e| unreadable(&e))?;
                let stamp = Stamp::of(&file.metadata().map_err(|e| unreadable(&e))?)?;
                Ok(SourceReader { len: stamp.len, inner: Inner::File { file, stamp, path: path.clone() } })
            }
            Kind::Bytes(bytes) => Ok(SourceReader { len: bytes.len() as u64, inner: Inner::Bytes(bytes.clone()) }),
            Kind::Opener { open, len } => {
                Ok(SourceReader { len: *len, inner: Inner::Reader(Mutex::new(open().map_err(|e| unreadable(&e))?)) })
            }
            #[cfg(feature = "client")]
            Kind::Channel(_) => Err(Error::new(
                ErrorCode::BodyNotRepeatable,
                "the source is a stream that can be read only while it is sent; give a path or bytes",
            )),
        }
    }

    /// The bytes, where they are in memory already.
    #[cfg(feature = "client")]
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        match &self.kind {
            Kind::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The receiving end, where it is a channel.
    #[cfg(feature = "client")]
    pub(crate) fn receiver(&self) -> Option<&channel::Receiver> {
        match &self.kind {
            Kind::Channel(receiver) => Some(receiver),
            _ => None,
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.kind {
            Kind::Path(_) => "Source(path)",
            Kind::Bytes(_) => "Source(bytes)",
            Kind::Opener { .. } => "Source(opener)",
            #[cfg(feature = "client")]
            Kind::Channel(_) => "Source(channel)",
        })
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Self::path(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Self::path(path)
    }
}

impl From<&str> for Source {
    fn from(path: &str) -> Self {
        Self::path(path)
    }
}

impl From<Vec<u8>> for Source {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

/// A source that is open. [`Read`] gives its bytes.
pub struct SourceReader {
    len: u64,
    inner: Inner,
}

enum Inner {
    File {
        file: File,
        stamp: Stamp,
        path: PathBuf,
    },
    Bytes(Bytes),
    /// The lock makes the reader `Sync`, as a request body has to be; it is never contended.
    Reader(Mutex<Box<dyn Read + Send>>),
}

impl SourceReader {
    /// The length that was found when it was opened.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the file is still the one that was opened: same size, modification time and inode, both of the open file and of
    /// what its path names now.
    ///
    /// # Errors
    /// `source_changed` where it is not.
    pub fn verify_unchanged(&self) -> Result<()> {
        let Inner::File { file, stamp, path } = &self.inner else { return Ok(()) };
        let same = |meta: io::Result<std::fs::Metadata>| meta.ok().and_then(|m| Stamp::of(&m).ok()).as_ref() == Some(stamp);
        if same(file.metadata()) && same(std::fs::metadata(path)) { Ok(()) } else { Err(changed()) }
    }
}

impl SourceReader {
    /// Passes over `n` bytes; a file is not read for it. The caller knows that there are as many.
    pub(crate) fn skip(&mut self, n: u64) -> io::Result<()> {
        let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
        match &mut self.inner {
            Inner::File { file, .. } => {
                file.seek_relative(i64::try_from(n).map_err(|_| short())?)?;
            }
            Inner::Bytes(bytes) => {
                let n = usize::try_from(n).ok().filter(|n| *n <= bytes.len()).ok_or_else(short)?;
                bytes.advance(n);
            }
            Inner::Reader(reader) => {
                if io::copy(&mut reader.get_mut().unwrap_or_else(PoisonError::into_inner).take(n), &mut io::sink())? != n {
                    return Err(short());
                }
            }
        }
        Ok(())
    }
}

impl Read for SourceReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match &mut self.inner {
            Inner::File { file, .. } => file.read(buf),
            Inner::Bytes(bytes) => {
                let n = bytes.len().min(buf.len());
                buf[..n].copy_from_slice(&bytes.split_to(n));
                Ok(n)
            }
            Inner::Reader(reader) => reader.get_mut().unwrap_or_else(PoisonError::into_inner).read(buf),
        }
    }
}

impl fmt::Debug for SourceReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceReader({} bytes)", self.len)
    }
}

/// What identifies one state of a file.
#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    inode: Option<(u64, u64)>,
}

impl Stamp {
    fn of(meta: &std::fs::Metadata) -> Result<Self> {
        if !meta.is_file() {
            return Err(Error::new(ErrorCode::SourceUnreadable, "the path does not name a regular file"));
        }
        #[cfg(unix)]
        let inode = {
            use std::os::unix::fs::MetadataExt as _;
            Some((meta.dev(), meta.ino()))
        };
        #[cfg(not(unix))]
        let inode = None;
        Ok(Self { len: meta.len(), modified: meta.modified().ok(), inode })
    }
}

pub(crate) fn changed() -> Error {
    Error::new(ErrorCode::SourceChanged, "the file or stream changed while it was being read; nothing was completed").with_retryable(true)
}

pub(crate) fn unreadable(error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "the file does not exist",
        io::ErrorKind::PermissionDenied => "the file may not be read",
        _ => "the file cannot be read",
    };
    Error::new(ErrorCode::SourceUnreadable, why).with_source(io::Error::from(error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named_by_rule_and_not_by_path() {
        let source = Source::path("/nowhere/anna-eriksson.jpg");
        let error = source.len().unwrap_err();
        assert_eq!(error.code(), ErrorCode::SourceUnreadable);
        assert!(!format!("{error:?}{source:?}").contains("anna"));
    }

    #[test]
    fn a_file_that_grows_after_it_was_opened_is_noticed() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"before").unwrap();
        let reader = Source::path(file.path()).open().unwrap();
        reader.verify_unchanged().unwrap();
        std::fs::write(file.path(), b"before and after").unwrap();
        assert_eq!(reader.verify_unchanged().unwrap_err().code(), ErrorCode::SourceChanged);
    }

    #[test]
    fn an_opener_gives_the_same_bytes_twice() {
        let source = Source::opener(3, || Ok(Box::new(&b"abc"[..])));
        for _ in 0..2 {
            let mut out = Vec::new();
            source.open().unwrap().read_to_end(&mut out).unwrap();
            assert_eq!(out, b"abc");
        }
    }
}
