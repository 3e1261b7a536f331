//! Waiting for the user: polls with back-off, brought forward by webhooks, confirmed by a look at the request.

use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, ErrorCode, Result};
use crate::model::RequestPk;
use crate::options::RequestOptions;
use crate::webhook::WebhookInbox;
use crate::workflow::WaitLimits;

/// The least time between two looks, however many webhooks come.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// When the next look is due, and when it is too late for one.
pub(super) struct Rhythm {
    deadline: Instant,
    first: Duration,
    next: Duration,
    longest: Duration,
    watch: Option<crate::webhook::Watch>,
}

impl Rhythm {
    pub(super) fn new(pk: RequestPk, limits: &WaitLimits, inbox: Option<&WebhookInbox>) -> Result<Self> {
        let millis = |field: &str, ms: i64| match u64::try_from(ms) {
            Ok(ms) if ms > 0 => Ok(Duration::from_millis(ms.min(100 * 366 * 24 * 3_600_000))),
            _ => Err(Error::field(ErrorCode::FieldInvalid, field, "more than 0, in milliseconds")),
        };
        let first = millis("poll_ms", limits.poll_ms)?;
        let longest = millis("max_poll_ms", limits.max_poll_ms)?.max(first);
        let deadline = Instant::now() + millis("deadline_ms", limits.deadline_ms)?;
        // From before the first look on: what comes while it is under way is not missed.
        Ok(Self { deadline, first, next: first, longest, watch: inbox.map(|inbox| inbox.watch(pk)) })
    }

    /// Returns when the next look is due.
    ///
    /// # Errors
    /// `wait_deadline`; `cancelled`.
    pub(super) async fn pause(&mut self, options: &RequestOptions) -> Result<()> {
        let now = Instant::now();
        let due = now + self.next.mul_f64(0.75 + fastrand::f64() / 2.0);
        let woken = async {
            match &self.watch {
                Some(watch) => {
                    watch.woken().await;
                    tokio::time::sleep_until(now + DEBOUNCE).await;
                }
                None => std::future::pending().await,
            }
        };
        let cancelled = async {
            match &options.cancel {
                Some(cancel) => cancel.cancelled().await,
                None => std::future::pending().await,
            }
        };
        let hinted = tokio::select! {
            biased;
            () = cancelled => return Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
            () = tokio::time::sleep_until(self.deadline) => {
                return Err(Error::new(ErrorCode::WaitDeadline, "the deadline passed before the user had finished").with_retryable(true));
            }
            () = woken => true,
            () = tokio::time::sleep_until(due) => false,
        };
        self.next = if hinted { self.first } else { self.next.mul_f64(1.5).min(self.longest) };
        Ok(())
    }
}

/// Waits, unless the caller cancels meanwhile.
pub(super) async fn pause(duration: Duration, options: &RequestOptions) -> Result<()> {
    let Some(cancel) = &options.cancel else {
        tokio::time::sleep(duration).await;
        return Ok(());
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
        () = tokio::time::sleep(duration) => Ok(()),
    }
}
