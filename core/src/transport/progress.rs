//! What moves: counts bytes for progress, the stall guard and the question whether a request was sent whole.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::options::{Progress, ProgressFn};

/// At most one report in this time, so that a fast upload does not drown the caller.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// Reports progress of one call; never goes back, even when an attempt starts anew.
pub(crate) struct Reporter {
    report: Option<ProgressFn>,
    last: Mutex<(Option<Instant>, u64)>,
}

impl Reporter {
    pub(crate) fn new(report: Option<ProgressFn>) -> Self {
        Self { report, last: Mutex::new((None, 0)) }
    }

    pub(crate) fn moved(&self, sent: u64, total: u64, done: bool) {
        let Some(report) = &self.report else { return };
        {
            let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let due = last.0.is_none_or(|at| at.elapsed() >= REPORT_EVERY);
            if sent <= last.1 || !(due || done) {
                return;
            }
            *last = (Some(Instant::now()), sent);
        }
        let clamp = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        report(Progress { sent: clamp(sent), total: clamp(total) });
    }
}

/// The state of one attempt's body.
pub(crate) struct Meter {
    sent: AtomicU64,
    received: AtomicU64,
    /// The whole body was handed to the connection.
    finished: AtomicBool,
    moved_at: Mutex<Instant>,
    failure: Mutex<Option<Error>>,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self {
            sent: AtomicU64::new(0),
            received: AtomicU64::new(0),
            finished: AtomicBool::new(false),
            moved_at: Mutex::new(Instant::now()),
            failure: Mutex::new(None),
        }
    }

    pub(crate) fn add_sent(&self, bytes: u64) -> u64 {
        *self.moved_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Instant::now();
        self.sent.fetch_add(bytes, Ordering::Relaxed) + bytes
    }

    pub(crate) fn add_received(&self, bytes: u64) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    pub(crate) fn finish(&self) {
        *self.moved_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Instant::now();
        self.finished.store(true, Ordering::Release);
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.finished.load(Ordering::Acquire)
    }

    pub(crate) fn idle_for(&self) -> Duration {
        self.moved_at.lock().unwrap_or_else(std::sync::PoisonError::into_inner).elapsed()
    }

    /// Keeps why the body could not be read: the connection reports only that it was broken off.
    pub(crate) fn fail(&self, error: Error) {
        *self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error);
    }

    pub(crate) fn failure(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}
