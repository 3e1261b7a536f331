//! Waiting for a status: polls with back-off, brought forward by webhooks, confirmed by a GET.

use std::time::Duration;

use tokio::time::Instant;

use super::RegistrationAuthority;
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{Request, RequestPk, Status};
use crate::options::{RequestOptions, WaitFor};
use crate::webhook::{Watch, WebhookInbox};

/// The least time between two looks at a request, however many webhooks come.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// The longest wait: longer ones are taken as this one, which no program lives to see.
const LONGEST: Duration = Duration::from_hours(100 * 366 * 24);

impl RegistrationAuthority {
    /// Waits until a GET shows the request in one of the wanted statuses, and gives the request as that GET showed it.
    ///
    /// It looks at once, then with longer and longer pauses. With an inbox a webhook for the request brings the next look forward:
    /// at most one in 200 ms, however many come. Nothing that a webhook says is believed, so forged, doubled, late or broken ones
    /// do no harm, and without any the polls find out. A look that fails in a retryable way does not end the wait.
    ///
    /// Safe to repeat: it only reads. It may be dropped, and ends with `cancelled` where the token of `options` does so; the time
    /// limit of `options` counts for each look, not for the wait.
    ///
    /// # Errors
    /// `wait_deadline` (retryable) where the status did not come in time; `unexpected_status` where the request shows a status
    /// after which none of the wanted ones comes, CANCELLED for example; `field_missing` and `field_invalid` for `wait`; those of
    /// `get_request` that are not retryable, `not_found` for example.
    pub async fn wait_for(
        &self,
        request_pk: RequestPk,
        wait: &WaitFor,
        inbox: Option<&WebhookInbox>,
        options: &RequestOptions,
    ) -> Result<Request> {
        let named = |e: Error| e.with_operation("get_request");
        if wait.statuses.is_empty() {
            return Err(named(Error::field(ErrorCode::FieldMissing, "statuses", "one status or more")));
        }
        let mut pace = Pace::new(wait.deadline_ms, wait.poll_ms, wait.max_poll_ms).map_err(named)?;
        pace.watch(request_pk, inbox);
        let mut quiet = options.clone();
        quiet.progress = None;
        loop {
            // On the heap, so that a thousand waits take little room between two looks.
            let look = Box::pin(self.get_request(request_pk, None, &quiet));
            if let Some(request) = pace.attempt(look).await.map_err(named)? {
                pace.saw(&request.status);
                if wait.statuses.contains(&request.status) {
                    return Ok(request);
                }
                if !wait.statuses.iter().any(|wanted| request.status.may_become(wanted)) {
                    let word = known_word(&request.status);
                    let text = format!("the request is in {word}, after which none of the statuses that were waited for comes");
                    return Err(named(Error::new(ErrorCode::UnexpectedStatus, text).with_wire(Wire::Answered)));
                }
            }
            pace.pause(options).await.map_err(named)?;
        }
    }
}

/// A status in a text that may be logged: a word from the network may be anything, so only known ones are quoted.
fn known_word(status: &Status) -> &str {
    match status {
        Status::Other(_) => "a status that is not documented",
        known => known.as_str(),
    }
}

/// When the next look at a request is due.
pub(crate) struct Pace {
    deadline: Instant,
    first: Duration,
    longest: Duration,
    next: Duration,
    last_look: Instant,
    /// What the service asked for with `Retry-After`.
    not_before: Option<Duration>,
    seen: Option<Status>,
    failed: Option<Error>,
    watch: Option<Watch>,
}

impl Pace {
    /// The deadline counts from here.
    pub(crate) fn new(deadline_ms: i64, poll_ms: i64, max_poll_ms: i64) -> Result<Self> {
        let millis = |field: &'static str, ms: i64| match u64::try_from(ms) {
            Ok(ms) if ms > 0 => Ok(Duration::from_millis(ms).min(LONGEST)),
            _ if field == "deadline_ms" && ms == 0 => Err(Error::field(ErrorCode::FieldMissing, field, "needed, in milliseconds")),
            _ => Err(Error::field(ErrorCode::FieldInvalid, field, "more than 0, in milliseconds")),
        };
        let (deadline, first) = (millis("deadline_ms", deadline_ms)?, millis("poll_ms", poll_ms)?);
        let longest = millis("max_poll_ms", max_poll_ms)?.max(first);
        let now = Instant::now();
        Ok(Self {
            deadline: now + deadline,
            first,
            longest,
            next: first,
            last_look: now,
            not_before: None,
            seen: None,
            failed: None,
            watch: None,
        })
    }

    /// Lets webhooks for the request bring looks forward. To be said before the first look: what comes while it is under way is not
    /// missed then.
    pub(crate) fn watch(&mut self, pk: RequestPk, inbox: Option<&WebhookInbox>) {
        self.watch = inbox.map(|inbox| inbox.watch(pk));
    }

    /// Takes one look; `None` where it failed in a way that another try may mend. It does not outlast the deadline.
    pub(crate) async fn attempt<T>(&mut self, look: impl Future<Output = Result<T>>) -> Result<Option<T>> {
        self.last_look = Instant::now();
        match tokio::time::timeout_at(self.deadline, look).await {
            Ok(Ok(found)) => {
                self.failed = None;
                Ok(Some(found))
            }
            Ok(Err(error)) if error.retryable() => {
                self.not_before = error.retry_after();
                self.failed = Some(error);
                Ok(None)
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(self.over()),
        }
    }

    /// Remembers what a look showed, for the error at the deadline.
    pub(crate) fn saw(&mut self, status: &Status) {
        if self.seen.as_ref() != Some(status) {
            self.seen = Some(status.clone());
        }
    }

    /// Returns when the next look is due: after the pause, or sooner for a webhook.
    ///
    /// # Errors
    /// `wait_deadline`; `cancelled`.
    pub(crate) async fn pause(&mut self, options: &RequestOptions) -> Result<()> {
        let varied = self.next.mul_f64(0.75 + fastrand::f64() / 2.0);
        let wish = self.not_before.take();
        let mut due = self.last_look + varied.max(wish.unwrap_or_default());
        // One look shortly before the end, rather than none.
        let last = self.deadline.checked_sub(DEBOUNCE).unwrap_or(self.deadline);
        if due >= self.deadline && last >= self.last_look + DEBOUNCE && wish.is_none() {
            due = last;
        }
        let soonest = self.last_look + wish.unwrap_or_default().max(DEBOUNCE);
        let woken = async {
            match &self.watch {
                Some(watch) => {
                    watch.woken().await;
                    tokio::time::sleep_until(soonest).await;
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
            () = tokio::time::sleep_until(self.deadline) => return Err(self.over()),
            () = woken => true,
            () = tokio::time::sleep_until(due) => false,
        };
        // Something happened, as it seems: the service may need a moment to show it.
        self.next = if hinted { self.first } else { self.next.mul_f64(1.5).min(self.longest) };
        Ok(())
    }

    fn over(&mut self) -> Error {
        let shown = match &self.seen {
            Some(status) => format!("the deadline passed; the request was in {} when it was read last", known_word(status)),
            None => "the deadline passed before the request could be read".to_owned(),
        };
        let wire = if self.seen.is_some() { Wire::Answered } else { Wire::NotSent };
        let error = Error::new(ErrorCode::WaitDeadline, shown).with_retryable(true).with_wire(wire);
        match self.failed.take() {
            Some(failed) => error.with_source(failed),
            None => error,
        }
    }
}
