//! Wakes those who wait for a request when a webhook for it comes.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use super::{Webhook, parse_webhook};
use crate::error::Result;
use crate::model::RequestPk;

/// Where a web server puts the webhooks that it receives, and where `wait_for` looks for them.
///
/// Clones share one inbox; one is enough for a program. It keeps no webhook and no personal data: it only wakes those who wait at
/// that moment, and who look at the request then. It holds one entry for each wait that is under way, and so does not grow with
/// what is received.
#[derive(Clone, Default)]
pub struct WebhookInbox {
    waiting: Arc<Mutex<HashMap<RequestPk, Vec<Arc<Notify>>>>>,
}

impl WebhookInbox {
    /// An inbox that nobody waits at.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the body of a webhook: reads it and wakes those who wait for its request. What it claims is believed by nobody.
    ///
    /// Safe to repeat, to forge and to mix up: the worst that comes of it is a GET more, at most one in 200 ms for each wait.
    /// Answer the service with HTTP 200 in any case: how it takes another answer is not documented.
    ///
    /// # Errors
    /// `webhook_invalid`; nobody is woken then.
    pub fn receive(&self, body: &[u8]) -> Result<Webhook> {
        let webhook = parse_webhook(body)?;
        if let Some(pk) = webhook.request_pk {
            // Woken with nothing locked: who is woken may run at once, and end its wait.
            let waiting = self.lock().get(&pk).cloned().unwrap_or_default();
            for waiting in &waiting {
                waiting.notify_one();
            }
        }
        Ok(webhook)
    }

    /// Begins to wait for webhooks of a request, until the result is dropped.
    pub(crate) fn watch(&self, pk: RequestPk) -> Watch {
        let notify = Arc::new(Notify::new());
        self.lock().entry(pk).or_default().push(Arc::clone(&notify));
        Watch { inbox: self.clone(), pk, notify }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RequestPk, Vec<Arc<Notify>>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for WebhookInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookInbox").field("waiting", &self.lock().values().map(Vec::len).sum::<usize>()).finish()
    }
}

/// One wait for webhooks of a request. A webhook that came since the last look is not missed.
pub(crate) struct Watch {
    inbox: WebhookInbox,
    pk: RequestPk,
    notify: Arc<Notify>,
}

impl Watch {
    /// Returns once a webhook came since the last call; several count as one.
    pub(crate) async fn woken(&self) {
        self.notify.notified().await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut waiting = self.inbox.lock();
        if let Some(list) = waiting.get_mut(&self.pk) {
            list.retain(|notify| !Arc::ptr_eq(notify, &self.notify));
            if list.is_empty() {
                waiting.remove(&self.pk);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_only_those_who_wait() {
        let inbox = WebhookInbox::new();
        for pk in 0..1000 {
            inbox.receive(format!("{{\"request\":{pk}}}").as_bytes()).unwrap();
        }
        assert!(inbox.lock().is_empty());
        let (first, second) = (inbox.watch(RequestPk(1)), inbox.clone().watch(RequestPk(1)));
        assert_eq!(format!("{inbox:?}"), "WebhookInbox { waiting: 2 }");
        drop(first);
        drop(second);
        assert!(inbox.lock().is_empty());
    }

    #[test]
    fn who_is_woken_may_end_its_wait_at_once() {
        struct Ends(Mutex<Option<Watch>>);
        impl std::task::Wake for Ends {
            fn wake(self: Arc<Self>) {
                drop(self.0.lock().unwrap().take());
            }
        }
        let inbox = WebhookInbox::new();
        let (watch, waker) = (inbox.watch(RequestPk(1)), Arc::new(Ends(Mutex::new(Some(inbox.watch(RequestPk(1)))))));
        let mut woken = std::pin::pin!(watch.woken());
        let waker = std::task::Waker::from(waker);
        assert!(woken.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_pending());
        inbox.receive(br#"{"request":1}"#).unwrap();
        assert_eq!(format!("{inbox:?}"), "WebhookInbox { waiting: 1 }");
    }
}
