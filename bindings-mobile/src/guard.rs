//! Runs the core's work on threads of the library's own, ends it when the caller goes away, and turns panics into errors.

use std::future::Future;
use std::io;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinHandle};
use videoid::{Error, ErrorCode, Result};

use crate::error::VideoIdError;

/// Two threads: the core moves bytes and waits; files are read on threads for blocking work.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(2).thread_name("videoid").on_thread_start(spare_the_program).enable_all().build()
});

/// Keeps SIGPIPE away from a thread of the library's own, and with that from the program.
///
/// A write to a connection that the service has closed raises it, and it ends a program that does not ignore it: Rust's own programs,
/// the JVM, Python and Node do, one in Swift does not. What it means for the whole program is not this library's to change, so
/// that it is held back on these threads alone; the write fails with an error then, as it should.
fn spare_the_program() {
    #[cfg(unix)]
    // SAFETY: the set is made by `sigemptyset` before it is read, and the mask is that of this thread alone.
    unsafe {
        let mut signals = std::mem::MaybeUninit::uninit();
        libc::sigemptyset(signals.as_mut_ptr());
        libc::sigaddset(signals.as_mut_ptr(), libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, signals.as_ptr(), std::ptr::null_mut());
    }
}

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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_broken_connection_cannot_end_the_program() {
        fn held_back() -> bool {
            // SAFETY: the mask is written before it is read.
            unsafe {
                let mut mask = std::mem::MaybeUninit::uninit();
                libc::pthread_sigmask(libc::SIG_BLOCK, std::ptr::null(), mask.as_mut_ptr());
                libc::sigismember(mask.as_ptr(), libc::SIGPIPE) == 1
            }
        }
        assert!(!held_back(), "the caller's threads are left alone");
        let runtime = runtime().expect("threads");
        assert!(runtime.block_on(runtime.spawn(async { held_back() })).expect("the task ends"));
        assert!(runtime.block_on(runtime.spawn_blocking(held_back)).expect("the task ends"));
    }
}
