//! Reading answers: bounded, as a stream, with the idle limit between two pieces.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryFutureExt as _;
use reqwest::Response;
use reqwest::header::CONTENT_LENGTH;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

use super::progress::{Meter, Reporter};
use super::skim::{self, CUT_SHORT, Skim};
use crate::config::RaConfig;
use crate::error::{Error, ErrorCode, Result};
use crate::model::DownloadedFile;

/// An answer of at most this size is read before it is parsed; a larger one is parsed on a blocking thread while it arrives.
const SMALL: usize = 128 * 1024;

/// Chunks that wait for the parser at most.
const WAITING: usize = 2;

async fn chunk(response: &mut Response, meter: &Meter, idle: Option<Duration>) -> Result<Option<Bytes>> {
    let next = response.chunk().map_err(|error| {
        let error = error.without_url();
        Error::new(ErrorCode::AnswerTruncated, "the answer ended before its end").with_retryable(true).with_source(error)
    });
    let chunk = match idle {
        None => next.await?,
        Some(limit) => tokio::time::timeout(limit, next)
            .await
            .map_err(|_| Error::new(ErrorCode::Timeout, "no byte of the answer within the idle timeout").with_retryable(true))??,
    };
    if let Some(chunk) = &chunk {
        meter.add_received(chunk.len() as u64);
    }
    Ok(chunk)
}

/// The first bytes of an answer; what does not come, or not within `time`, is left out.
pub(crate) async fn head(response: &mut Response, meter: &Meter, idle: Option<Duration>, time: Option<Duration>, limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let reading = async {
        while out.len() < limit {
            match chunk(response, meter, idle).await {
                Ok(Some(bytes)) => out.extend_from_slice(&bytes[..bytes.len().min(limit - out.len())]),
                Ok(None) | Err(_) => break,
            }
        }
    };
    match time {
        None => reading.await,
        Some(time) => tokio::time::timeout(time, reading).await.unwrap_or(()),
    }
    out
}

/// A JSON answer. `Null` where the body is empty: some calls document no body.
pub(crate) async fn json(
    mut response: Response,
    images_dir: Option<PathBuf>,
    form: skim::Form,
    meter: &Meter,
    idle: Option<Duration>,
    config: &RaConfig,
) -> Result<Value> {
    let skim = Skim { images_dir, form, max_bytes: usize::try_from(config.limits.answer_bytes).unwrap_or(usize::MAX) };
    let mut first = Vec::new();
    loop {
        match chunk(&mut response, meter, idle).await? {
            None if first.is_empty() => return Ok(Value::Null),
            // Files are written on a blocking thread, however small the answer.
            None if skim.images_dir.is_none() => return skim::read(first.as_slice(), &skim),
            None => return parse_on_thread(first, None, skim, meter, idle).await,
            Some(bytes) => first.extend_from_slice(&bytes),
        }
        if first.len() > SMALL {
            return parse_on_thread(first, Some(response), skim, meter, idle).await;
        }
    }
}

async fn parse_on_thread(first: Vec<u8>, rest: Option<Response>, skim: Skim, meter: &Meter, idle: Option<Duration>) -> Result<Value> {
    let (sender, receiver) = async_channel::bounded::<Result<Bytes, ()>>(WAITING);
    let parser = tokio::task::spawn_blocking(move || skim::read(FromChannel { current: first.into(), receiver }, &skim));
    let mut failure = None;
    if let Some(mut response) = rest {
        loop {
            match chunk(&mut response, meter, idle).await {
                // A parser that has ended has said why.
                Ok(Some(bytes)) => {
                    if sender.send(Ok(bytes)).await.is_err() {
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    let _ = sender.send(Err(())).await;
                    failure = Some(error);
                    break;
                }
            }
        }
    }
    drop(sender);
    let parsed = parser.await.map_err(|_| Error::new(ErrorCode::Internal, "the reader of the answer panicked or was stopped"))?;
    match failure {
        Some(error) => Err(error),
        None => parsed,
    }
}

/// The blocking side of the channel that the answer comes through.
struct FromChannel {
    current: Bytes,
    receiver: async_channel::Receiver<Result<Bytes, ()>>,
}

impl Read for FromChannel {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.receiver.recv_blocking() {
                Ok(Ok(bytes)) => self.current = bytes,
                Ok(Err(())) => return Err(io::Error::other(CUT_SHORT)),
                Err(_) => return Ok(0),
            }
        }
        let n = self.current.len().min(buf.len());
        buf[..n].copy_from_slice(&self.current.split_to(n));
        Ok(n)
    }
}

/// Writes the answer to `path`: first under another name beside it, so that a half file never has the name. An existing file is
/// replaced.
pub(crate) async fn download(
    mut response: Response,
    path: &Path,
    meter: &Meter,
    reporter: &Arc<Reporter>,
    idle: Option<Duration>,
    config: &RaConfig,
) -> Result<DownloadedFile> {
    let most = u64::try_from(config.limits.video_bytes).unwrap_or(u64::MAX);
    let too_large = || Error::new(ErrorCode::AnswerTooLarge, "the file is larger than limits.video_bytes");
    let total = response.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok()).unwrap_or(0);
    if total > most {
        return Err(too_large());
    }
    let path = path.to_owned();
    let target = path.clone();
    let mut writer = on_thread(move || Writer::beside(&target)).await?;
    while let Some(bytes) = chunk(&mut response, meter, idle).await? {
        if writer.bytes + bytes.len() as u64 > most {
            return Err(too_large());
        }
        writer = on_thread(move || writer.write(&bytes)).await?;
        reporter.moved(writer.bytes, total, writer.bytes == total);
    }
    reporter.moved(writer.bytes, writer.bytes, true);
    on_thread(move || writer.finish(&path)).await
}

pub(super) async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::new(ErrorCode::Internal, "the writer of the answer panicked or was stopped"))?
}

/// Makes sure that a name which a file got outlasts a power cut. Elsewhere than on Unix the system does so by itself.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

struct Writer {
    file: tempfile::NamedTempFile,
    hash: Sha256,
    bytes: u64,
}

impl Writer {
    /// One whose file has another name until it is whole.
    fn beside(path: &Path) -> Result<Self> {
        let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = tempfile::Builder::new().prefix(".videoid-").tempfile_in(dir).map_err(|e| skim::not_written(&e))?;
        Ok(Self { file, hash: Sha256::new(), bytes: 0 })
    }

    fn write(mut self, bytes: &[u8]) -> Result<Self> {
        self.file.write_all(bytes).map_err(|e| skim::not_written(&e))?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(self)
    }

    fn finish(self, path: &Path) -> Result<DownloadedFile> {
        self.file.as_file().sync_all().map_err(|e| skim::not_written(&e))?;
        self.file.persist(path).map_err(|e| skim::not_written(&e.error))?;
        sync_folder(path).map_err(|e| skim::not_written(&e))?;
        let mut sha256 = String::with_capacity(64);
        for byte in self.hash.finalize() {
            let _ = write!(sha256, "{byte:02x}");
        }
        Ok(DownloadedFile { path: path.to_string_lossy().into_owned(), bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX), sha256 })
    }
}
