//! What happens later: webhooks and callbacks are handed over for delivery, asynchronous requests go on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::answer::Dialect;
use super::authority::Authority;
use super::settings::{Settings, WebhookBody};
use super::state::Request;
use crate::app::App;
use crate::clock;
use crate::settings::WebhookFault;
use crate::state::{CANCELLED, ENROLLREADY, ISSUED, State as Whole};
use crate::webhook::Notice;

/// What a task of its own does.
#[derive(Debug)]
enum Job {
    Announce(Notice),
    Finish { pk: u64, key: u64, delay: Duration },
}

/// What only a running sandbox has: the signing authority, and what is still to be done.
#[derive(Debug)]
pub(crate) struct Runtime {
    pub(super) authority: Authority,
    sender: UnboundedSender<Job>,
    receiver: Mutex<Option<UnboundedReceiver<Job>>>,
}

impl Runtime {
    pub(crate) fn new() -> std::io::Result<Self> {
        let (sender, receiver) = unbounded_channel();
        Ok(Self { authority: Authority::make()?, sender, receiver: Mutex::new(Some(receiver)) })
    }

    /// The authority's certificate, for those who check signatures.
    pub(crate) fn signing_ca(&self) -> String {
        self.authority.pem()
    }

    fn later(&self, job: Job) {
        // It fails only when the sandbox ends.
        let _ = self.sender.send(job);
    }

    /// An asynchronous request takes its next step after a while.
    pub(super) fn finish_later(&self, pk: u64, key: u64, milliseconds: u64) {
        self.later(Job::Finish { pk, key, delay: Duration::from_millis(milliseconds) });
    }

    /// Sends the change of status to those who asked for it.
    pub(super) fn tell(&self, request: &Request, settings: &Settings, previous: &str, now: i64) {
        let fault = WebhookFault::None;
        let webhook = request.webhook.as_ref().or(settings.webhook_url.as_ref());
        // The callback hears of what was waited for, not of the creation.
        let waited = matches!(request.status.as_str(), ENROLLREADY | ISSUED);
        let callback = request.asynchronous.as_ref().filter(|_| waited).and_then(|asynchronous| asynchronous.callback.as_ref());
        for url in webhook.into_iter().chain(callback) {
            let body = message(request, settings, previous, now).to_string().into();
            self.later(Job::Announce(Notice { url: url.clone(), body, request: Some((request.pk, request.status.clone())), fault }));
        }
    }
}

/// Name of the event that goes with a status. Only the first four are documented.
fn event(status: &str, previous: &str) -> &'static str {
    match status {
        CANCELLED => "REQUEST_CANCELED",
        ENROLLREADY => "REQUEST_APPROVED",
        ISSUED => "REQUEST_ENROLLED",
        _ if previous.is_empty() => "REQUEST_CREATED",
        _ => "REQUEST_UPDATED",
    }
}

fn message(request: &Request, settings: &Settings, previous: &str, now: i64) -> Value {
    let kind = match (settings.webhook_body, request.dialect) {
        (WebhookBody::Dialect, Dialect::Legacy) => WebhookBody::Flat,
        (WebhookBody::Dialect, Dialect::Current) => WebhookBody::Event,
        (kind, _) => kind,
    };
    let ra = request.fields.get("registration_authority");
    // No zone, and microseconds.
    let date = clock::zoneless(now);
    let whole = json!({
        "status": request.status, "profile": request.fields.get("profile"), "registration_authority": ra,
        "scratchcard": request.fields.get("scratchcard"), "pk": request.pk,
    });
    match kind {
        WebhookBody::Flat => {
            json!({"status": request.status, "date": date, "previous_status": previous, "request": request.pk, "registration_authority": ra})
        }
        WebhookBody::Mixed => json!({"status": request.status, "date": date, "previous_status": previous, "request": whole}),
        WebhookBody::Event | WebhookBody::Dialect => json!({
            "event_type": event(&request.status, previous),
            "sent_at": clock::digits(now),
            "request": whole,
            "certificates": request.certificate.iter().collect::<Vec<_>>(),
        }),
    }
}

/// Does what is to be done until it is aborted.
pub(crate) async fn run(app: Arc<App>) {
    let receiver = app.one_shot.receiver.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut receiver) = receiver else { return };
    resume(&app);
    let mut waiting = JoinSet::new();
    loop {
        tokio::select! {
            job = receiver.recv() => match job {
                // Handed over at once, so that the order stays; the RA part's webhooks go the same way.
                Some(Job::Announce(mut notice)) => {
                    let mut world = app.world();
                    notice.fault = world.state.settings.webhook_fault;
                    if notice.fault == WebhookFault::Truncate {
                        notice.body.truncate(notice.body.len() / 2);
                    }
                    world.state.announce(notice);
                    app.save(&world);
                }
                Some(Job::Finish { pk, key, delay }) => {
                    let app = Arc::clone(&app);
                    waiting.spawn(async move {
                        tokio::time::sleep(delay).await;
                        let mut world = app.world();
                        finish(&app, &mut world.state, pk, key);
                        app.save(&world);
                    });
                }
                None => return,
            },
            Some(_) = waiting.join_next() => {}
        }
    }
}

/// What an earlier run left under way goes on.
fn resume(app: &App) {
    let world = app.world();
    let delay = world.state.settings.one_shot.async_delay_ms;
    for request in world.state.one_shot.requests.values() {
        if let Some(asynchronous) = request.asynchronous.as_ref().filter(|waiting| matches!(waiting.status.as_str(), "pending" | "signing"))
        {
            app.one_shot.finish_later(request.pk, asynchronous.key, delay);
        }
    }
}

/// The next step of an asynchronous request.
fn finish(app: &App, state: &mut Whole, pk: u64, key: u64) {
    let (now, settings) = (state.now(), state.settings.one_shot.clone());
    let Some(request) = state.one_shot.requests.get_mut(&pk) else { return };
    let Some(asynchronous) = request.asynchronous.as_mut().filter(|asynchronous| asynchronous.key == key) else { return };
    let (status, next) = match asynchronous.status.as_str() {
        "pending" => ("approved", ENROLLREADY),
        "signing" => ("signed", ISSUED),
        _ => return,
    };
    if request.status == CANCELLED {
        return;
    }
    status.clone_into(&mut asynchronous.status);
    super::change(app, request, &settings, next, "asynchronous", now);
}
