//! Runs the core's work on threads of the library's own, ends it when the caller goes away, and turns panics into errors.

use std::future::Future;
use std::io;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinHandle};
use videoid::{Error, ErrorCode, Result};

use crate::error::VideoIdError;

/// Two threads: the core moves bytes and waits; files are read on threads for blocking work.
static RUNTIME: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).thread_name("videoid").enable_all().build());

/// Where the core's work runs.
pub(crate) fn runtime() -> Result<&'static Runtime> {
    RUNTIME.as_ref().map_err(|_| Error::new(ErrorCode::Internal, "no thread could be started"))
}

/// Ends the task when the caller's future is dropped, as a cancelled coroutine does.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs a call. Safe to drop at any await.
pub(crate) async fn run<T: Send + 'static>(call: impl Future<Output = Result<T>> + Send + 'static) -> Result<T, VideoIdError> {
    let mut task = AbortOnDrop(runtime()?.spawn(call));
    flatten((&mut task.0).await)
}

/// Runs work that blocks. It goes on to its end even where the caller's future is dropped.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T, VideoIdError> {
    flatten(runtime()?.spawn_blocking(work).await)
}

fn flatten<T>(outcome: Result<Result<T>, JoinError>) -> Result<T, VideoIdError> {
    match outcome {
        Ok(result) => result.map_err(Into::into),
        Err(ended) => Err(Error::new(
            ErrorCode::Internal,
            if ended.is_panic() { "a defect of the library: it panicked" } else { "the library's threads are ending" },
        )
        .into()),
    }
}
