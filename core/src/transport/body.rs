//! Request bodies that are written while they are sent: literal pieces and sources, encoded to Base64 on the way where the
//! wire wants it. Memory does not grow with the sources.

use std::io::Read as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use base64_simd::AsOut as _;
use bytes::Bytes;
use futures_core::Stream as _;
use http_body::{Frame, SizeHint};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::progress::{Meter, Reporter};
use crate::error::{Error, ErrorCode, Result};
use crate::source::{Source, SourceReader, changed, unreadable};

/// How much of a source is read at once; divisible by three, so that Base64 of a chunk has no padding inside.
const CHUNK: usize = 192 * 1024;

/// More than any body of credentials has.
const SMALL_BODY: usize = 8 * 1024;

/// One piece of a body.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// Bytes as they are.
    Literal(Bytes),
    /// A source of `len` bytes as it is.
    Raw {
        /// Where the bytes come from.
        source: Source,
        /// Its length, found when the body was planned.
        len: u64,
    },
    /// A source of `len` bytes in Base64.
    Base64 {
        /// Where the bytes come from.
        source: Source,
        /// Its length before encoding.
        len: u64,
    },
}

impl Piece {
    fn wire_len(&self) -> u64 {
        match self {
            Self::Literal(bytes) => bytes.len() as u64,
            Self::Raw { len, .. } => *len,
            Self::Base64 { len, .. } => len.div_ceil(3) * 4,
        }
    }

    fn is_replayable(&self) -> bool {
        match self {
            Self::Literal(_) => true,
            Self::Raw { source, .. } | Self::Base64 { source, .. } => source.is_replayable(),
        }
    }
}

/// A whole body: its pieces, its exact length and its type.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pieces: Arc<[Piece]>,
    len: u64,
    pub(crate) content_type: String,
}

impl Plan {
    pub(crate) fn new(content_type: impl Into<String>, pieces: Vec<Piece>) -> Self {
        let len = pieces.iter().map(Piece::wire_len).sum();
        Self { pieces: pieces.into(), len, content_type: content_type.into() }
    }

    /// A small JSON body. It may hold credentials: its buffer is overwritten when it is dropped, and made large enough at the start
    /// that growing leaves no copies behind.
    pub(crate) fn json(value: &impl serde::Serialize) -> Result<Self> {
        let mut text = Zeroizing::new(Vec::with_capacity(SMALL_BODY));
        serde_json::to_writer(&mut *text, value).map_err(|_| Error::new(ErrorCode::Internal, "the body cannot be written as JSON"))?;
        Ok(Self::new("application/json", vec![Piece::Literal(Bytes::from_owner(text))]))
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn is_replayable(&self) -> bool {
        self.pieces.iter().all(Piece::is_replayable)
    }

    /// Whether it reads sources: such a body has the stall guard in place of a time limit.
    pub(crate) fn is_upload(&self) -> bool {
        self.pieces.iter().any(|piece| !matches!(piece, Piece::Literal(_)))
    }

    /// The body of one attempt.
    pub(crate) fn open(&self, meter: Arc<Meter>, reporter: Arc<Reporter>) -> UploadBody {
        UploadBody { plan: self.clone(), next: 0, current: None, meter, reporter }
    }
}

/// The body of one attempt. A failure of a source breaks the connection off before the announced end, so that the service
/// cannot take the body for whole; the reason is left in the meter.
pub(crate) struct UploadBody {
    plan: Plan,
    next: usize,
    current: Option<Current>,
    meter: Arc<Meter>,
    reporter: Arc<Reporter>,
}

/// The body of a call without one. Says when the request leaves: until then nothing can have happened.
pub(crate) struct NoBody(pub(crate) Arc<Meter>);

impl http_body::Body for NoBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        self.0.finish();
        Poll::Ready(None)
    }

    /// The connection asks this when it writes the head, and then never polls: the tests hold it to that.
    fn is_end_stream(&self) -> bool {
        self.0.finish();
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}

enum Current {
    Memory { bytes: Bytes, base64: bool },
    Reading(JoinHandle<Result<(Box<Reading>, Bytes)>>),
    Idle(Box<Reading>),
    Channel(Box<FromChannel>),
}

/// A source that is read on blocking threads, a chunk at a time.
struct Reading {
    reader: SourceReader,
    left: u64,
    base64: bool,
    buffers: Buffers,
}

/// Buffers that come back once the connection has written them. A new one for each chunk would be asked for, cleared and given
/// back a thousand times in a video. They are overwritten when they are dropped.
#[derive(Clone, Default)]
struct Buffers(Arc<Mutex<Vec<Zeroizing<Vec<u8>>>>>);

impl Buffers {
    fn take(&self) -> Buffer {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Buffer { bytes: free.unwrap_or_else(|| Zeroizing::new(vec![0; CHUNK / 3 * 4])), home: self.clone() }
    }
}

/// A buffer with the place that it goes back to.
struct Buffer {
    bytes: Zeroizing<Vec<u8>>,
    home: Buffers,
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut free = self.home.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.push(std::mem::take(&mut self.bytes));
    }
}

struct FromChannel {
    receiver: Pin<Box<async_channel::Receiver<Bytes>>>,
    /// Tells whoever pushes when nobody reads any more.
    _reading: Closing,
    left: u64,
    last: Option<Bytes>,
}

/// Closes a channel when it is dropped. The source keeps a receiver of its own, so that the channel would stay open with it.
struct Closing(async_channel::Receiver<Bytes>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Reading {
    fn open(source: &Source, len: u64, base64: bool) -> Result<Self> {
        let reader = source.open()?;
        if reader.len() != len {
            return Err(changed());
        }
        Ok(Self { reader, left: len, base64, buffers: Buffers::default() })
    }

    /// The next chunk. The last one is handed out only after the source was found unchanged and at its end.
    fn read(mut self: Box<Self>) -> Result<(Box<Self>, Bytes)> {
        let want = usize::try_from(self.left).map_or(CHUNK, |left| left.min(CHUNK));
        let mut chunk = self.buffers.take();
        let mut filled = 0;
        while filled < want {
            match self.reader.read(&mut chunk.bytes[filled..want]) {
                Ok(0) => return Err(changed()),
                Ok(n) => filled += n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => return Err(unreadable(&e)),
            }
        }
        self.left -= want as u64;
        if self.left == 0 {
            if self.reader.read(&mut [0]).map_err(|e| unreadable(&e))? != 0 {
                return Err(changed());
            }
            self.reader.verify_unchanged()?;
        }
        if !self.base64 {
            return Ok((self, Bytes::from_owner(chunk).slice(..want)));
        }
        let mut text = self.buffers.take();
        let len = base64_simd::STANDARD.encode(&chunk.bytes[..want], text.bytes.as_out()).len();
        Ok((self, Bytes::from_owner(text).slice(..len)))
    }
}

impl UploadBody {
    fn start(piece: &Piece) -> Result<Current> {
        let (source, len, base64) = match piece {
            Piece::Literal(bytes) => return Ok(Current::Memory { bytes: bytes.clone(), base64: false }),
            Piece::Raw { source, len } => (source, *len, false),
            Piece::Base64 { source, len } => (source, *len, true),
        };
        if let Some(bytes) = source.in_memory() {
            return Ok(Current::Memory { bytes: bytes.clone(), base64 });
        }
        if let Some(receiver) = source.receiver() {
            if base64 {
                return Err(Error::new(ErrorCode::BodyNotRepeatable, "an image cannot come from a stream; give a path or bytes"));
            }
            let chunks = receiver.take()?;
            let reading = Closing(chunks.clone());
            return Ok(Current::Channel(Box::new(FromChannel { receiver: Box::pin(chunks), _reading: reading, left: len, last: None })));
        }
        let source = source.clone();
        Ok(Current::Reading(tokio::task::spawn_blocking(move || Box::new(Reading::open(&source, len, base64)?).read())))
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            match self.current.take() {
                None => {
                    let Some(piece) = self.plan.pieces.get(self.next) else { return Poll::Ready(None) };
                    self.next += 1;
                    if piece.wire_len() == 0 {
                        continue;
                    }
                    match Self::start(piece) {
                        Ok(current) => self.current = Some(current),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
                Some(Current::Memory { mut bytes, base64 }) => {
                    let chunk = bytes.split_to(bytes.len().min(CHUNK));
                    if !bytes.is_empty() {
                        self.current = Some(Current::Memory { bytes, base64 });
                    }
                    let chunk = if base64 { base64_simd::STANDARD.encode_type::<Vec<u8>>(&chunk).into() } else { chunk };
                    return Poll::Ready(Some(Ok(chunk)));
                }
                Some(Current::Idle(reading)) => {
                    if reading.left > 0 {
                        self.current = Some(Current::Reading(tokio::task::spawn_blocking(move || reading.read())));
                    }
                }
                Some(Current::Reading(mut task)) => match Pin::new(&mut task).poll(cx) {
                    Poll::Pending => {
                        self.current = Some(Current::Reading(task));
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(Ok((reading, chunk)))) => {
                        self.current = Some(Current::Idle(reading));
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                    Poll::Ready(Ok(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Err(_)) => {
                        let error = Error::new(ErrorCode::SourceUnreadable, "the reader of the source panicked or was stopped");
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Some(Current::Channel(mut channel)) => {
                    let polled = channel.receiver.as_mut().poll_next(cx);
                    if polled.is_pending() {
                        self.current = Some(Current::Channel(channel));
                        return Poll::Pending;
                    }
                    match ready!(polled) {
                        Some(chunk) if chunk.len() as u64 > channel.left => return Poll::Ready(Some(Err(changed()))),
                        Some(chunk) if chunk.is_empty() => self.current = Some(Current::Channel(channel)),
                        Some(chunk) => {
                            channel.left -= chunk.len() as u64;
                            if channel.left == 0 {
                                // Held back until the stream has ended, as a file's last chunk is until it was checked.
                                channel.last = Some(chunk);
                                self.current = Some(Current::Channel(channel));
                                continue;
                            }
                            self.current = Some(Current::Channel(channel));
                            return Poll::Ready(Some(Ok(chunk)));
                        }
                        None if channel.last.is_some() => return Poll::Ready(channel.last.take().map(Ok)),
                        None => return Poll::Ready(Some(Err(changed()))),
                    }
                }
            }
        }
    }
}

impl http_body::Body for UploadBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>>>> {
        match ready!(self.poll_chunk(cx)) {
            Some(Ok(chunk)) => {
                let sent = self.meter.add_sent(chunk.len() as u64);
                let done = sent >= self.plan.len;
                if done {
                    self.meter.finish();
                }
                self.reporter.moved(sent, self.plan.len, done);
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            Some(Err(error)) => {
                self.meter.fail(error.clone());
                Poll::Ready(Some(Err(error)))
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.meter.is_finished()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.plan.len - self.meter.sent().min(self.plan.len))
    }
}
