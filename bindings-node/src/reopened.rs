//! A source that JavaScript opens anew for each reading, a `Blob` for example. The core reads it on a thread of its own; a few
//! chunks are between the two, so that memory does not grow with the source.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use napi::bindgen_prelude::{Function, PromiseRaw, Uint8Array};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;
use tokio::sync::Semaphore;
use videoid::Source;

/// How many chunks wait at most.
const CHUNKS: usize = 4;
/// How often a reader that waits looks whether there still is somebody to feed it: a worker thread may be ended meanwhile.
const LOOK: Duration = Duration::from_millis(250);

/// Weak: the promise of the call that reads keeps the process alive.
type OpenFunction = ThreadsafeFunction<NativeFeed, (), NativeFeed, Status, false, true>;

/// One reading, as JavaScript sees it: where it pushes what it reads.
#[napi]
pub struct NativeFeed {
    chunks: Option<Sender<Option<Bytes>>>,
    room: Arc<Semaphore>,
}

#[napi]
impl NativeFeed {
    /// Hands over a chunk; the promise is settled once there is room for the next. `false`: nobody reads any more.
    #[napi]
    pub fn push<'env>(&self, env: &'env Env, chunk: Uint8Array) -> napi::Result<PromiseRaw<'env, bool>> {
        let chunk = Bytes::copy_from_slice(&chunk);
        let (chunks, room) = (self.chunks.clone(), Arc::clone(&self.room));
        env.spawn_future(async move {
            let (Some(chunks), Ok(permit)) = (chunks, room.acquire().await) else { return Ok(false) };
            // The reader gives it back.
            permit.forget();
            Ok(chunks.send(Some(chunk)).is_ok())
        })
    }

    /// Says that no more comes. With `failed` the reading fails, wherever it is.
    #[napi]
    pub fn finish(&mut self, failed: bool) {
        if let Some(chunks) = self.chunks.take()
            && !failed
        {
            // Nobody may read any more.
            let _ = chunks.send(None);
        }
    }
}

/// A source of that many bytes which `open` is called for each time it is read.
pub(crate) fn source(length: u64, open: &Function<'_, NativeFeed, ()>) -> napi::Result<Source> {
    let open: OpenFunction = open.build_threadsafe_function::<NativeFeed>().callee_handled::<false>().weak::<true>().build()?;
    let open = Arc::new(open);
    Ok(Source::opener(length, move || {
        let (sender, chunks) = channel();
        let room = Arc::new(Semaphore::new(CHUNKS));
        let feed = NativeFeed { chunks: Some(sender), room: Arc::clone(&room) };
        if open.call(feed, ThreadsafeFunctionCallMode::NonBlocking) != Status::Ok {
            return Err(gone());
        }
        Ok(Box::new(Reading { open: Arc::clone(&open), chunks, room, current: Bytes::new(), ended: false }))
    }))
}

/// One reading, as the core sees it.
struct Reading {
    open: Arc<OpenFunction>,
    chunks: Receiver<Option<Bytes>>,
    room: Arc<Semaphore>,
    current: Bytes,
    ended: bool,
}

impl Reading {
    fn next(&self) -> io::Result<Option<Bytes>> {
        loop {
            match self.chunks.recv_timeout(LOOK) {
                Ok(chunk) => {
                    self.room.add_permits(1);
                    return Ok(chunk);
                }
                Err(RecvTimeoutError::Timeout) if !self.open.aborted() => {}
                Err(_) => return Err(gone()),
            }
        }
    }
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() && !self.ended {
            match self.next()? {
                Some(chunk) => self.current = chunk,
                None => self.ended = true,
            }
        }
        let count = self.current.len().min(buffer.len());
        self.current.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}

impl Drop for Reading {
    /// Tells whoever pushes.
    fn drop(&mut self) {
        self.room.close();
    }
}

fn gone() -> io::Error {
    io::Error::other("the reading of the source failed")
}
