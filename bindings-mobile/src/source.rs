//! Where the bytes of an image or video come from.

use std::sync::Arc;

#[cfg(feature = "full")]
use videoid::SourceSender;
use videoid::{Error, ErrorCode};

use crate::error::VideoIdError;

/// The bytes of an image or a video. Large files go by path or file descriptor: bytes are copied when they cross the border.
#[derive(Debug, uniffi::Object)]
pub struct Source {
    core: videoid::Source,
    #[cfg(feature = "full")]
    sender: Option<SourceSender>,
}

impl Source {
    pub(crate) fn wrap(core: videoid::Source) -> Arc<Self> {
        Arc::new(Self {
            core,
            #[cfg(feature = "full")]
            sender: None,
        })
    }

    pub(crate) fn core(&self) -> &videoid::Source {
        &self.core
    }
}

#[uniffi::export]
impl Source {
    /// A file. It is read in pieces when it is needed and must not change meanwhile, which is checked.
    #[uniffi::constructor]
    pub fn from_path(path: String) -> Arc<Self> {
        Self::wrap(videoid::Source::path(path))
    }

    /// Bytes in memory.
    #[uniffi::constructor]
    pub fn from_bytes(bytes: Vec<u8>) -> Arc<Self> {
        Self::wrap(videoid::Source::bytes(bytes))
    }

    /// A regular file that is open already, as Android's content resolver gives it. It is opened anew here: the caller may
    /// close its own descriptor afterwards.
    ///
    /// Fails with `source_unreadable` where the descriptor is not one of a regular file.
    #[cfg(unix)]
    #[uniffi::constructor]
    pub fn from_file_descriptor(descriptor: i32) -> Result<Arc<Self>, VideoIdError> {
        descriptor::source(descriptor).map(Self::wrap).map_err(Into::into)
    }

    /// The length in bytes. Fails with `source_unreadable` where a file does not exist.
    pub fn byte_count(&self) -> Result<i64, VideoIdError> {
        let len = self.core.len()?;
        i64::try_from(len).map_err(|_| Error::new(ErrorCode::SourceUnreadable, "the source is too long").into())
    }

    /// Whether it can be sent more than once.
    pub fn is_replayable(&self) -> bool {
        self.core.is_replayable()
    }
}

#[cfg(feature = "full")]
#[uniffi::export]
impl Source {
    /// A stream of exactly `length` bytes that is pushed while it is sent, and can be sent once.
    ///
    /// Fails with `field_invalid` where `length` is negative.
    #[uniffi::constructor]
    pub fn from_channel(length: i64) -> Result<Arc<Self>, VideoIdError> {
        let len = u64::try_from(length).map_err(|_| Error::new(ErrorCode::FieldInvalid, "length: at least 0"))?;
        let (sender, core) = videoid::Source::channel(len);
        Ok(Arc::new(Self { core, sender: Some(sender) }))
    }

    /// Hands a chunk to a channel, waiting while it is full. Fails with `cancelled` where nobody reads any more.
    pub async fn push(&self, chunk: Vec<u8>) -> Result<(), VideoIdError> {
        Ok(self.channel()?.push(chunk).await?)
    }

    /// As `push`, blocking the thread.
    pub fn push_blocking(&self, chunk: Vec<u8>) -> Result<(), VideoIdError> {
        Ok(self.channel()?.push_blocking(chunk)?)
    }

    /// Says that no more comes. Bytes missing to the announced length are found by the upload. Safe to repeat.
    pub fn finish(&self) {
        if let Some(sender) = &self.sender {
            sender.finish();
        }
    }
}

#[cfg(feature = "full")]
impl Source {
    fn channel(&self) -> Result<&SourceSender, VideoIdError> {
        self.sender.as_ref().ok_or_else(|| Error::new(ErrorCode::FieldInvalid, "the source is not a channel").into())
    }
}

#[cfg(unix)]
mod descriptor {
    use std::fs::File;
    use std::io::{self, Read};
    use std::os::unix::fs::FileExt as _;
    use std::sync::Arc;

    use videoid::{Error, ErrorCode, Result, Source};

    #[cfg(any(target_os = "linux", target_os = "android"))]
    const FOLDER: &str = "/proc/self/fd";
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const FOLDER: &str = "/dev/fd";

    pub(super) fn source(descriptor: i32) -> Result<Source> {
        let unreadable = || Error::new(ErrorCode::SourceUnreadable, "the descriptor is not one of a regular file that can be read");
        let file = File::open(format!("{FOLDER}/{descriptor}")).map_err(|_| unreadable())?;
        let meta = file.metadata().ok().filter(std::fs::Metadata::is_file).ok_or_else(unreadable)?;
        let file = Arc::new(file);
        Ok(Source::opener(meta.len(), move || Ok(Box::new(At { file: Arc::clone(&file), offset: 0 }))))
    }

    /// Reads from an offset of its own: on some systems the descriptor's is shared with the caller.
    struct At {
        file: Arc<File>,
        offset: u64,
    }

    impl Read for At {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            let n = self.file.read_at(buf, self.offset)?;
            self.offset += n as u64;
            Ok(n)
        }
    }
}
