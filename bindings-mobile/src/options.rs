//! What a single call can be given.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use videoid::RequestOptions;
use videoid::config::Timeout;

/// Options of one call.
#[derive(Clone, Default, uniffi::Record)]
pub struct CallOptions {
    /// Time limit of the whole call in milliseconds; 0 is no limit, absent is the client's own setting.
    #[uniffi(default = None)]
    pub timeout_ms: Option<u64>,
    /// Ends the call from elsewhere.
    #[uniffi(default = None)]
    pub cancel: Option<Arc<CancelToken>>,
    /// Is told as bytes of the body move.
    #[uniffi(default = None)]
    pub progress: Option<Arc<dyn ProgressListener>>,
}

impl CallOptions {
    /// The core's options.
    pub(crate) fn for_core(options: Option<Self>) -> RequestOptions {
        let mut out = RequestOptions::new();
        let Some(options) = options else { return out };
        out.timeout = Timeout::from_millis(options.timeout_ms);
        out.cancel = options.cancel.map(|token| token.0.clone());
        if let Some(listener) = options.progress {
            out = out.progress(move |progress| {
                // A listener that throws must not end the upload.
                let _ = catch_unwind(AssertUnwindSafe(|| listener.on_progress(progress.sent, progress.total)));
            });
        }
        out
    }
}

impl std::fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CallOptions").field("timeout_ms", &self.timeout_ms).finish_non_exhaustive()
    }
}

/// Is told of progress, on a thread of the library's, at most some twenty times a second. It should return soon.
#[uniffi::export(with_foreign)]
pub trait ProgressListener: Send + Sync {
    /// So many bytes of the body of so many; `total` is 0 where a download does not say.
    fn on_progress(&self, sent: i64, total: i64);
}

/// Ends the calls that it was given to; once cancelled it stays so.
#[derive(Debug, Default, uniffi::Object)]
pub struct CancelToken(videoid::CancelToken);

#[uniffi::export]
impl CancelToken {
    /// A token that is not cancelled.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Ends every call that has this token, now and later. Safe to repeat.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}
