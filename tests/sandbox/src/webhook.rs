//! Webhooks: made at each change of status, and delivered in order, to loopback only.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request as HttpRequest, Uri};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::app::App;
use crate::clock;
use crate::settings::{Settings, WebhookBody, WebhookFault};
use crate::state::{CANCELLED, ENROLLREADY, ISSUED, RA_ID, Request};

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long a webhook to be reordered waits for the next one.
const HELD: Duration = Duration::from_millis(800);
/// Deliveries under way; what comes beyond them is dropped.
const MAX_TASKS: usize = 2000;
/// Deliveries that are remembered.
const MAX_DELIVERIES: usize = 1000;
/// The longest body that a forged webhook may have.
pub(crate) const MAX_BODY: usize = 128 * 1024;

/// Where a webhook goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    address: SocketAddr,
    authority: String,
    path: String,
}

impl Target {
    /// Takes `http://` URLs of this machine only.
    pub(crate) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "not a URL")?;
        if uri.scheme_str() != Some("http") {
            return Err("only http:// is called");
        }
        let authority = uri.authority().ok_or("not a URL")?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let ip = if host.eq_ignore_ascii_case("localhost") { Some(Ipv4Addr::LOCALHOST.into()) } else { host.parse::<IpAddr>().ok() };
        let ip = ip.filter(IpAddr::is_loopback).ok_or("only loopback is called")?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { address: SocketAddr::new(ip, authority.port_u16().unwrap_or(80)), authority: authority.to_string(), path })
    }
}

/// A webhook to send.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    pub(crate) url: String,
    pub(crate) body: Bytes,
    /// The request and its new status; none: forged.
    pub(crate) request: Option<(u64, String)>,
    pub(crate) fault: WebhookFault,
}

/// A webhook that was sent.
#[derive(Debug)]
pub(crate) struct Delivery {
    seq: u64,
    at: String,
    notice: Notice,
    /// What the receiver answered.
    status: Option<u16>,
    error: Option<&'static str>,
}

impl Delivery {
    pub(crate) fn show(&self, personal: bool) -> Value {
        let text = String::from_utf8_lossy(&self.notice.body);
        let body = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        let forged = self.notice.request.is_none();
        json!({
            "seq": self.seq,
            "at": self.at,
            "url": self.notice.url,
            "request": self.notice.request.as_ref().map(|(pk, _)| pk),
            "request_status": self.notice.request.as_ref().map(|(_, status)| status),
            "forged": forged,
            "fault": self.notice.fault,
            "bytes": self.notice.body.len(),
            // A forged one holds whatever a test put into it.
            "body": if forged && !personal { json!("***") } else { body },
            "status": self.status,
            "error": self.error,
        })
    }
}

/// The event's name. The documents show those of creation, cancellation, approval and enrolment; the others follow their pattern.
fn event(status: &str, previous: &str) -> String {
    match status {
        _ if previous.is_empty() => "REQUEST_CREATED".to_owned(),
        // With one L, unlike the status.
        CANCELLED => "REQUEST_CANCELED".to_owned(),
        ENROLLREADY => "REQUEST_APPROVED".to_owned(),
        ISSUED => "REQUEST_ENROLLED".to_owned(),
        other => format!("REQUEST_{other}"),
    }
}

/// What a change of status sends, where there is an address to send it to.
pub(crate) fn notice(settings: &Settings, request: &Request, previous: &str, now: i64) -> Option<Notice> {
    let own = Some(request.field("webhook_url")).filter(|url| !url.is_empty());
    let url = own.or_else(|| settings.webhook_url.clone())?;
    let ra: u64 = RA_ID.parse().unwrap_or_default();
    let mut body = json!({});
    if settings.webhook_body != WebhookBody::Flat {
        let certificates: Vec<Value> = request
            .certificate
            .iter()
            .map(|certificate| {
                json!({
                    "status": "VALID",
                    "serial_number": certificate.serial_number,
                    "valid_from": clock::spaced(certificate.from),
                    "valid_to": clock::spaced(certificate.to),
                })
            })
            .collect();
        body = json!({
            "event_type": event(&request.status, previous),
            "sent_at": clock::digits(now),
            "request": {
                "status": request.status,
                "profile": request.field("profile"),
                "registration_authority": ra,
                "scratchcard": request.field("scratchcard"),
                "pk": request.pk,
            },
            "certificates": certificates,
        });
    }
    if settings.webhook_body != WebhookBody::Event {
        body["status"] = json!(request.status);
        body["date"] = json!(clock::zoneless(now));
        if !previous.is_empty() {
            body["previous_status"] = json!(previous);
        }
    }
    if settings.webhook_body == WebhookBody::Flat {
        body["request"] = json!(request.pk);
        body["registration_authority"] = json!(ra);
    }
    let mut body = body.to_string().into_bytes();
    if settings.webhook_fault == WebhookFault::Truncate {
        body.truncate(body.len() / 2);
    }
    Some(Notice { url, body: body.into(), request: Some((request.pk, request.status.clone())), fault: settings.webhook_fault })
}

/// Takes out what is to be sent and sends it, for as long as the sandbox runs.
pub(crate) async fn run(app: Arc<App>) {
    let mut sender = Sender { app: Arc::clone(&app), tails: HashMap::new(), tasks: JoinSet::new() };
    let mut held: HashMap<String, (Notice, Instant)> = HashMap::new();
    loop {
        let due = held.values().map(|(_, due)| *due).min();
        tokio::select! {
            () = app.changed.notified() => {}
            () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
            Some(_) = sender.tasks.join_next() => continue,
        }
        let notices = std::mem::take(&mut app.world().state.outgoing);
        for notice in notices {
            match held.remove(&notice.url) {
                Some((former, _)) if former.fault == WebhookFault::Reorder => {
                    sender.start(notice);
                    sender.start(former);
                }
                _ if notice.fault == WebhookFault::Reorder => {
                    held.insert(notice.url.clone(), (notice, Instant::now() + HELD));
                }
                _ => sender.start(notice),
            }
        }
        let now = Instant::now();
        let overdue: Vec<String> = held.iter().filter(|(_, (_, due))| *due <= now).map(|(url, _)| url.clone()).collect();
        for url in overdue {
            if let Some((notice, _)) = held.remove(&url) {
                sender.start(notice);
            }
        }
    }
}

/// Deliveries under way: one after the other for each address, so that a slow receiver holds up only itself.
struct Sender {
    app: Arc<App>,
    tails: HashMap<String, oneshot::Receiver<()>>,
    tasks: JoinSet<()>,
}

impl Sender {
    fn start(&mut self, notice: Notice) {
        if self.tasks.len() >= MAX_TASKS {
            return;
        }
        self.tails.retain(|_, tail| matches!(tail.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        let (done, tail) = oneshot::channel::<()>();
        let former = self.tails.insert(notice.url.clone(), tail);
        let app = Arc::clone(&self.app);
        self.tasks.spawn(async move {
            if let Some(former) = former {
                // Its sender is dropped when it is done: the error is the signal.
                let _ = former.await;
            }
            let times = if notice.fault == WebhookFault::Duplicate { 2 } else { 1 };
            for _ in 0..times {
                deliver(&app, &notice).await;
            }
            drop(done);
        });
    }
}

/// Sends one and remembers what came of it. It is never sent again: no document speaks of a second try.
async fn deliver(app: &App, notice: &Notice) {
    let seq = {
        let mut world = app.world();
        let seq = world.next_delivery;
        world.next_delivery += 1;
        let at = clock::iso(world.state.now());
        if world.deliveries.len() >= MAX_DELIVERIES {
            world.deliveries.pop_front();
        }
        world.deliveries.push_back(Delivery { seq, at, notice: notice.clone(), status: None, error: None });
        seq
    };
    let result = match Target::parse(&notice.url) {
        Ok(target) => tokio::time::timeout(TIMEOUT, send(&target, notice.body.clone())).await.unwrap_or(Err("no answer in time")),
        Err(error) => Err(error),
    };
    let mut world = app.world();
    if let Some(delivery) = world.deliveries.iter_mut().rev().find(|delivery| delivery.seq == seq) {
        match result {
            Ok(status) => delivery.status = Some(status),
            Err(error) => delivery.error = Some(error),
        }
    }
}

async fn send(target: &Target, body: Bytes) -> Result<u16, &'static str> {
    const FAILED: &str = "the connection failed";
    let stream = TcpStream::connect(target.address).await.map_err(|_| "nobody listens")?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| FAILED)?;
    let exchange = async {
        let request = HttpRequest::post(&target.path)
            .header("host", &target.authority)
            .header("content-type", "application/json")
            .header("connection", "close")
            .body(Full::new(body))
            .map_err(|_| "not a URL")?;
        let mut response = sender.send_request(request).await.map_err(|_| FAILED)?;
        // The answer's body means nothing; a little of it is read, so that a small one does not end in a reset.
        let _ = response.body_mut().frame().await;
        Ok(response.status().as_u16())
    };
    tokio::select! {
        result = exchange => result,
        // The connection ends first only where it fails: its exchange then does, too.
        () = async { let _ = connection.await; std::future::pending().await } => Err(FAILED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_called() {
        for good in ["http://127.0.0.1:8080/hook?x=1", "http://localhost:9", "http://[::1]:80/", "http://127.0.0.2/"] {
            assert!(Target::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["http://example.com/", "https://127.0.0.1/", "http://10.0.0.1/", "127.0.0.1:80", "", "/x", "http://localhost.example.com/"]
        {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Target::parse("http://127.0.0.1:8080/hook?x=1").map(|target| target.path), Ok("/hook?x=1".to_owned()));
    }

    #[test]
    fn both_bodies_and_their_mixture() {
        let mut settings = Settings::default();
        let mut request = Request { pk: 7, status: "VIDEOREVIEW".to_owned(), ..Request::default() };
        assert!(notice(&settings, &request, "VIDEOPENDING", 0).is_none(), "no address, no webhook");
        request.fields.insert("webhook_url".into(), json!("http://127.0.0.1:9/"));
        let body = |settings: &Settings, request: &Request, previous: &str| -> Value {
            let notice = notice(settings, request, previous, 1_626_768_501).expect("an address");
            serde_json::from_slice(&notice.body).expect("JSON")
        };
        let flat = body(&settings, &request, "VIDEOPENDING");
        assert_eq!((&flat["request"], &flat["previous_status"]), (&json!(7), &json!("VIDEOPENDING")));
        assert!(flat["date"].as_str().is_some_and(|date| date.starts_with("2021-07-20T08:08:21.") && date.len() == 26), "{flat}");
        assert!(flat.get("event_type").is_none());
        settings.webhook_body = WebhookBody::Event;
        let event = body(&settings, &request, "");
        assert_eq!((&event["event_type"], &event["sent_at"]), (&json!("REQUEST_CREATED"), &json!("20210720080821")));
        assert!(event.get("date").is_none());
        settings.webhook_body = WebhookBody::Mixed;
        CANCELLED.clone_into(&mut request.status);
        let mixed = body(&settings, &request, "CREATED");
        assert_eq!(
            (&mixed["event_type"], &mixed["status"], &mixed["request"]["pk"]),
            (&json!("REQUEST_CANCELED"), &json!("CANCELLED"), &json!(7))
        );
        settings.webhook_fault = WebhookFault::Truncate;
        let cut = notice(&settings, &request, "CREATED", 0).expect("an address");
        assert!(serde_json::from_slice::<Value>(&cut.body).is_err());
    }
}
