//! What a single call can be given: a time limit, cancellation, progress; and the hooks that a client reports to.

use std::fmt;
use std::sync::Arc;

use crate::config::Timeout;
use crate::model::Status;
use serde::{Deserialize, Serialize};

/// Options of one call.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct RequestOptions {
    /// Time limit of the whole call with its repetitions. Unset: the client's `timeouts.total`.
    pub timeout: Timeout,
    /// Ends the call from elsewhere. Dropping the future does the same.
    #[cfg(feature = "client")]
    pub cancel: Option<crate::transport::CancelToken>,
    /// Called as bytes of the body move.
    pub progress: Option<ProgressFn>,
}

/// A function that is told of progress. It is called from a worker thread, at most some twenty times a second, and should return
/// soon.
pub type ProgressFn = Arc<dyn Fn(Progress) + Send + Sync>;

/// How far an upload or download has come. Counts bytes of the HTTP body, never goes back within a call, and ends with
/// `sent == total`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes so far.
    pub sent: i64,
    /// Bytes in all; 0 where a download does not say.
    pub total: i64,
}

impl RequestOptions {
    /// Options that are all at their default.
    pub fn new() -> Self {
        Self::default()
    }

    /// With a time limit for the whole call.
    pub fn timeout(mut self, timeout: Timeout) -> Self {
        self.timeout = timeout;
        self
    }

    /// With a token that cancels.
    #[cfg(feature = "client")]
    pub fn cancel(mut self, token: crate::transport::CancelToken) -> Self {
        self.cancel = Some(token);
        self
    }

    /// With a function that is told of progress.
    pub fn progress(mut self, progress: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestOptions").field("timeout", &self.timeout).field("progress", &self.progress.is_some()).finish_non_exhaustive()
    }
}

/// What a wait waits for, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WaitFor {
    /// The statuses that end the wait; one of them is enough. Needed.
    pub statuses: Vec<Status>,
    /// How long to wait at most, in milliseconds from the call on. Needed: no wait is without an end.
    pub deadline_ms: i64,
    /// The pause after the first look, in milliseconds. Each further one is half as long again, up to `max_poll_ms`; each is varied by
    /// a quarter, so that many waits do not come at once. Default: 2000.
    pub poll_ms: i64,
    /// The longest pause, in milliseconds; where it is below `poll_ms` that counts. Default: 60000.
    pub max_poll_ms: i64,
}

impl Default for WaitFor {
    fn default() -> Self {
        Self { statuses: Vec::new(), deadline_ms: 0, poll_ms: 2000, max_poll_ms: 60_000 }
    }
}

impl WaitFor {
    /// A wait for one of these statuses, with the default pauses.
    pub fn new(statuses: impl IntoIterator<Item = Status>, deadline_ms: i64) -> Self {
        Self { statuses: statuses.into_iter().collect(), deadline_ms, ..Self::default() }
    }
}

/// What a hook is told: one event for each attempt, repetition and outcome. Nothing personal is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HookEvent {
    /// `attempt` (one HTTP exchange ended), `retry` (another follows after `delay_ms`), `outcome` (the call ended) or `warning`.
    pub kind: String,
    /// Name of the operation.
    pub operation: String,
    /// Id of the call, the same in all its events and in its error.
    pub correlation_id: String,
    /// Number of the attempt, from 1.
    pub attempt: i64,
    /// How long the attempt, or for `outcome` the call, took in milliseconds.
    pub duration_ms: i64,
    /// Bytes of the body that were handed to the connection.
    pub bytes_sent: i64,
    /// Bytes of the answer that were read.
    pub bytes_received: i64,
    /// HTTP status, where there was an answer.
    pub http_status: Option<i64>,
    /// Code of the error, where it failed.
    pub code: Option<String>,
    /// The service's reference of the error.
    pub server_id: Option<String>,
    /// The pause before the next attempt in milliseconds, for `retry`.
    pub delay_ms: Option<i64>,
    /// For `warning`: what is to be noticed, without personal data.
    pub text: Option<String>,
}

/// A function that is told of attempts, repetitions and outcomes. It is called on a worker thread and should return soon.
pub type HookFn = Arc<dyn Fn(&HookEvent) + Send + Sync>;
