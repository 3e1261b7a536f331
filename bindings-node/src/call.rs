//! One call: its time limit, its cancellation and its progress.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use napi::bindgen_prelude::{FnArgs, Function, PromiseRaw, ToNapiValue};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;
use videoid::{CancelToken, Progress, RequestOptions};

use crate::convert::timeout;
use crate::error::{guarded, to_napi};

/// Weak, so that it does not keep the process alive; bounded, so that progress cannot fill the memory.
type ProgressFunction = ThreadsafeFunction<(), (), FnArgs<(i64, i64)>, Status, false, true, 4>;

/// Waits until JavaScript has been told all that was to be told until now. What is told by weak functions would be lost where
/// the process ends with the promise, and would come after it otherwise.
pub(crate) type Flush = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// The options of one call, and the handle that cancels it.
#[napi]
pub struct NativeCall {
    cancel: CancelToken,
    timeout_ms: Option<i64>,
    progress: Option<Arc<ProgressPort>>,
}

/// Where progress goes to. Only the newest figures are kept: at most one notification waits in the event loop's queue, and it
/// reads them when its turn comes.
struct ProgressPort {
    function: ProgressFunction,
    latest: Arc<Latest>,
}

#[derive(Default)]
struct Latest {
    sent: AtomicI64,
    total: AtomicI64,
    waiting: AtomicBool,
}

#[napi]
impl NativeCall {
    /// A call that has not begun. `timeout_ms`: absent is unset, 0 is off.
    #[napi(constructor)]
    pub fn new(timeout_ms: Option<i64>, progress: Option<Function<'_, FnArgs<(i64, i64)>, ()>>) -> napi::Result<Self> {
        let progress = progress.map(ProgressPort::new).transpose()?.map(Arc::new);
        Ok(Self { cancel: CancelToken::new(), timeout_ms, progress })
    }

    /// Ends the call. Safe to repeat, and after its end.
    #[napi]
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

impl NativeCall {
    pub(crate) fn options(&self) -> RequestOptions {
        let options = RequestOptions::new().timeout(timeout(self.timeout_ms)).cancel(self.cancel.clone());
        match &self.progress {
            Some(port) => {
                let port = Arc::clone(port);
                options.progress(move |progress| port.report(progress))
            }
            None => options,
        }
    }

    /// Runs the future on napi's runtime. The last progress is delivered before the promise is settled.
    pub(crate) fn spawn<'env, T, F>(&self, env: &'env Env, future: F) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: ToNapiValue + Send + 'static,
        F: Future<Output = videoid::Result<T>> + Send + 'static,
    {
        self.spawn_telling(env, Vec::new(), future)
    }

    /// As [`spawn`](Self::spawn), and what `flushes` wait for is delivered too.
    pub(crate) fn spawn_telling<'env, T, F>(&self, env: &'env Env, flushes: Vec<Flush>, future: F) -> napi::Result<PromiseRaw<'env, T>>
    where
        T: ToNapiValue + Send + 'static,
        F: Future<Output = videoid::Result<T>> + Send + 'static,
    {
        let progress = self.progress.clone();
        env.spawn_future(async move {
            let result = guarded(future).await;
            for flush in flushes {
                flush().await;
            }
            if let Some(port) = progress {
                port.flush().await;
            }
            result.map_err(|error| to_napi(&error))
        })
    }
}

impl ProgressPort {
    fn new(function: Function<'_, FnArgs<(i64, i64)>, ()>) -> napi::Result<Self> {
        let latest = Arc::new(Latest::default());
        let read = Arc::clone(&latest);
        let function =
            function.build_threadsafe_function::<()>().callee_handled::<false>().weak::<true>().max_queue_size::<4>().build_callback(
                move |_| {
                    read.waiting.store(false, Ordering::SeqCst);
                    Ok(FnArgs::from((read.sent.load(Ordering::SeqCst), read.total.load(Ordering::SeqCst))))
                },
            )?;
        Ok(Self { function, latest })
    }

    fn report(&self, progress: Progress) {
        self.latest.total.store(progress.total, Ordering::SeqCst);
        self.latest.sent.store(progress.sent, Ordering::SeqCst);
        if !self.latest.waiting.swap(true, Ordering::SeqCst) {
            self.function.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    /// Waits until the newest figures were handed over; returns at once where none are waiting or the environment is going down.
    async fn flush(&self) {
        if self.latest.waiting.load(Ordering::SeqCst) {
            let _ = self.function.call_async(()).await;
        }
    }
}
