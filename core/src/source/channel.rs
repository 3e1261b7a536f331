//! A stream that the caller fills while it is being sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use crate::error::{Error, ErrorCode, Result};

/// How many chunks wait at most; with it, memory does not grow when the network is slower than the caller.
const CHUNKS: usize = 4;

/// The end of a channel that the caller pushes into. Dropping it before all announced bytes were pushed breaks the upload off.
#[derive(Debug, Clone)]
pub struct SourceSender {
    sender: async_channel::Sender<Bytes>,
}

#[derive(Clone)]
pub(crate) struct Receiver {
    chunks: async_channel::Receiver<Bytes>,
    len: u64,
    taken: Arc<AtomicBool>,
}

pub(super) fn channel(len: u64) -> (SourceSender, Receiver) {
    let (sender, receiver) = async_channel::bounded(CHUNKS);
    (SourceSender { sender }, Receiver { chunks: receiver, len, taken: Arc::default() })
}

impl SourceSender {
    /// Hands over a chunk, waiting while the channel is full.
    ///
    /// # Errors
    /// `cancelled` where nobody reads any more: the upload ended or was cancelled.
    pub async fn push(&self, chunk: impl Into<Bytes>) -> Result<()> {
        self.sender.send(chunk.into()).await.map_err(|_| closed())
    }

    /// As [`push`](Self::push), blocking the thread while the channel is full.
    ///
    /// # Errors
    /// As `push`.
    pub fn push_blocking(&self, chunk: impl Into<Bytes>) -> Result<()> {
        self.sender.send_blocking(chunk.into()).map_err(|_| closed())
    }

    /// Says that no more comes. Bytes missing to the announced length are found by the upload.
    pub fn finish(&self) {
        self.sender.close();
    }
}

impl Receiver {
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The stream, the first time; the second time it is gone.
    pub(crate) fn take(&self) -> Result<async_channel::Receiver<Bytes>> {
        if self.taken.swap(true, Ordering::AcqRel) {
            return Err(Error::new(ErrorCode::BodyNotRepeatable, "the stream was read already; give a path or bytes"));
        }
        Ok(self.chunks.clone())
    }
}

fn closed() -> Error {
    Error::new(ErrorCode::Cancelled, "nobody reads the stream any more: the upload ended or was cancelled")
}
