//! One request from its first byte to its answer: recorded, harmed by a fault, processed, answered.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, Response, Version};
use serde_json::{Value, json};

use crate::app::App;
use crate::evidence::Evidence;
use crate::faults::{self, Fault, Kind, When};
use crate::incoming::{self, Counted, Unread, Video};
use crate::received::{Entry, Progress};
use crate::reply::{Body, Manner, Reply};
use crate::routes::{self, Found, Host, Operation};
use crate::settings::Slash;
use crate::upload::{self, Upload};
use crate::{clock, ra};

/// The connection ends without an answer.
#[derive(Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is dropped")
    }
}

impl std::error::Error for Dropped {}

/// What came with a call.
#[derive(Debug)]
pub(crate) enum Input {
    Document(Value),
    Evidence(Evidence),
    Video(Video),
    Upload(Upload),
}

/// The connection that a request came by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) host: Host,
    pub(crate) tls: bool,
    pub(crate) client_certificate: bool,
}

/// Headers worth keeping: those that say how the body was sent and by what.
pub(crate) const KEPT: [&str; 9] =
    ["accept", "accept-encoding", "connection", "content-length", "content-type", "expect", "host", "transfer-encoding", "user-agent"];

/// Answers one request.
pub(crate) async fn serve(app: Arc<App>, link: Link, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let (parts, body) = request.into_parts();
    let progress = Arc::new(Progress::default());
    let mut body = Counted::new(body, Arc::clone(&progress));
    let path = parts.uri.path().to_owned();
    let query = incoming::pairs(parts.uri.query().unwrap_or_default());
    let (found, fault, seq) = {
        let mut world = app.world();
        let found = routes::find(link.host, &parts.method, &path, &world.state.settings);
        let operation = if let Found::Call(operation, _) = &found { Some(*operation) } else { None };
        let fault = operation.and_then(|operation| faults::next(&mut world, operation));
        let seq = world.received.next();
        let entry = Entry {
            seq,
            at: clock::iso(world.state.now()),
            host: if link.host == Host::Ra { "ra" } else { "upload" },
            operation: operation.map(Operation::name),
            method: parts.method.to_string(),
            path: path.clone(),
            query: query.clone(),
            headers: KEPT
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), parts.headers.get(*name)?.to_str().ok()?.to_owned())))
                .collect(),
            client_certificate: link.client_certificate,
            http: if parts.version == Version::HTTP_2 { "2" } else { "1.1" },
            body: Value::Null,
            multipart: false,
            status: None,
            fault: fault.as_ref().and_then(|fault| serde_json::to_value(fault.kind).ok()),
            progress,
        };
        world.received.push(entry);
        (found, fault, seq)
    };
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let authority = host.or_else(|| parts.uri.authority().map(ToString::to_string)).unwrap_or_default();
    let base = format!("{}://{authority}", if link.tls { "https" } else { "http" });
    let (operation, id) = match found {
        Found::Call(operation, id) => (operation, id),
        Found::UserPage(token) => {
            return user_page(&app, seq, &mut body, &parts.method, &parts.headers, &token).await;
        }
        other => {
            body.drain().await.map_err(|_| Dropped)?;
            let reply = misrouted(other, &parts.method, &format!("{base}{path}"), parts.uri.query());
            return Ok(answer(&app, seq, reply, Manner::Plain));
        }
    };
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Some(fault) = &fault {
        harm_before_reading(fault, &mut body).await?;
    }
    let read = match operation {
        Operation::UploadEvidence => incoming::evidence(&app, &mut body).await.map(Input::Evidence),
        Operation::UploadRequestDocument | Operation::UploadVideoidEvidenceDocument => {
            upload::read(&app, &mut body, content_type).await.map(Input::Upload)
        }
        Operation::UploadVideo => incoming::video(&app, &mut body, content_type).await.map(Input::Video),
        _ => incoming::document(&mut body, content_type).await.map(Input::Document),
    };
    let input = match read {
        Ok(input) => input,
        Err(Unread::Aborted) => return Err(Dropped),
        Err(Unread::Wrong(reply)) => return Ok(answer(&app, seq, *reply, Manner::Plain)),
    };
    record_body(&app, seq, &input);
    if let Some(fault) = fault.as_ref().filter(|fault| fault.moment() == When::Before && fault.kind != Kind::SlowReading) {
        match fault.kind {
            Kind::Delay => pause(fault, 1000).await,
            _ => {
                discard(&app, &input);
                return harmed(&app, seq, fault, None).await;
            }
        }
    }
    let call = ra::Call { operation, id: &id, query: &query, base: &base };
    let reply = ra::process(&app, &call, input);
    match fault.as_ref().filter(|fault| fault.moment() == When::After) {
        Some(fault) => harmed(&app, seq, fault, Some(reply)).await,
        None => Ok(answer(&app, seq, reply, Manner::Plain)),
    }
}

/// The page where a user identifies: the form comes back to where it is shown.
async fn user_page(
    app: &App,
    seq: u64,
    body: &mut Counted,
    method: &hyper::Method,
    headers: &hyper::HeaderMap,
    token: &str,
) -> Result<Response<Body>, Dropped> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form = match incoming::document(body, content_type).await {
        Ok(form) => form,
        Err(Unread::Aborted) => return Err(Dropped),
        Err(Unread::Wrong(reply)) => return Ok(answer(app, seq, *reply, Manner::Plain)),
    };
    let action = form.get("action").and_then(Value::as_str).unwrap_or_default();
    let reply = ra::user::page(app, token, method == hyper::Method::POST, action);
    Ok(answer(app, seq, reply, Manner::Plain))
}

/// The faults that strike while the request is still on its way.
pub(crate) async fn harm_before_reading(fault: &Fault, body: &mut Counted) -> Result<(), Dropped> {
    match fault.kind {
        Kind::Drop if fault.moment() == When::Before => body.read_some(fault.bytes.unwrap_or(0)).await,
        Kind::StallReading => {
            body.read_some(fault.bytes.unwrap_or(0)).await;
            pause(fault, 60_000).await;
        }
        Kind::SlowReading => {
            body.slow_down(Duration::from_millis(fault.ms.unwrap_or(100)));
            return Ok(());
        }
        _ => return Ok(()),
    }
    Err(Dropped)
}

pub(crate) async fn pause(fault: &Fault, default_ms: u64) {
    tokio::time::sleep(Duration::from_millis(fault.ms.unwrap_or(default_ms))).await;
}

/// The answer that a fault gives; `reply` is the true one, where the call was processed.
pub(crate) async fn harmed(app: &App, seq: u64, fault: &Fault, reply: Option<Reply>) -> Result<Response<Body>, Dropped> {
    const BIG: u64 = 10 * 1024 * 1024;
    let mut manner = Manner::Plain;
    let own = reply.unwrap_or_else(|| Reply::json(200, &json!({})));
    let mut reply = match fault.kind {
        Kind::Drop | Kind::StallReading => return Err(Dropped),
        Kind::Delay => {
            pause(fault, 1000).await;
            own
        }
        Kind::Status => Reply::page(503, "Service Unavailable", "The server is temporarily unable to service your request."),
        Kind::NotJson => Reply::page(own.status, "It works", "This page is not the answer that you wait for."),
        Kind::BigError => {
            let size = usize::try_from(fault.bytes.unwrap_or(BIG)).unwrap_or(usize::MAX);
            Reply::text(500, "text/html; charset=utf-8", "<p>Internal Server Error</p>\n".repeat(size / 29 + 1))
        }
        Kind::Truncate => {
            manner = Manner::Cut;
            own
        }
        Kind::StallAnswer => {
            manner = Manner::Stall(Duration::from_millis(fault.ms.unwrap_or(60_000)));
            own
        }
        Kind::Slow => {
            manner = Manner::Slow(Duration::from_millis(fault.ms.unwrap_or(2000)));
            own
        }
        Kind::Body | Kind::SlowReading => own,
    };
    if let Some(body) = &fault.body {
        let (kind, text) = match body {
            Value::String(text) => ("text/plain; charset=utf-8", text.clone()),
            other => ("application/json", other.to_string()),
        };
        reply = Reply { headers: reply.headers, ..Reply::text(reply.status, kind, text) };
    }
    if let Some(kind) = &fault.content_type {
        reply.content_type.clone_from(kind);
    }
    if let Some(status) = fault.status {
        reply.status = status;
    }
    reply.headers.extend(fault.headers.clone());
    if let Some(seconds) = fault.retry_after {
        reply = reply.header("retry-after", seconds.to_string());
    }
    Ok(answer(app, seq, reply, manner))
}

pub(crate) fn answer(app: &App, seq: u64, reply: Reply, manner: Manner) -> Response<Body> {
    with_entry(app, seq, |entry| entry.status = Some(reply.status));
    reply.into_response(manner)
}

fn with_entry(app: &App, seq: u64, change: impl FnOnce(&mut Entry)) {
    app.world().received.change(seq, change);
}

fn record_body(app: &App, seq: u64, input: &Input) {
    let (body, multipart) = match input {
        Input::Document(body) => (body.clone(), false),
        Input::Evidence(evidence) => (evidence.body.clone(), false),
        Input::Video(video) => (video.summary.clone(), true),
        Input::Upload(upload) => (upload.summary.clone(), true),
    };
    app.world().received.set_body(seq, body, multipart);
}

/// Files of a call that is not processed are not kept.
fn discard(app: &App, input: &Input) {
    match input {
        Input::Document(_) => {}
        Input::Evidence(evidence) => evidence.discard(&app.files),
        Input::Upload(upload) => upload.discard(&app.files),
        Input::Video(video) => {
            if let Ok(blob) = &video.file {
                app.files.remove(blob);
            }
        }
    }
}

fn misrouted(found: Found, method: &hyper::Method, url: &str, query: Option<&str>) -> Reply {
    match found {
        Found::WrongMethod => Reply::detail(405, &format!("Method \"{method}\" not allowed.")),
        Found::Slash(Slash::Redirect) => {
            let other = url.strip_suffix('/').map_or_else(|| format!("{url}/"), str::to_owned);
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            Reply::text(301, "text/html; charset=utf-8", "").header("location", format!("{other}{query}"))
        }
        Found::Slash(Slash::ServerError) => Reply::page(500, "Server Error (500)", "The URL does not end in a slash."),
        Found::Slash(Slash::NotFound | Slash::Accept) | Found::Nothing | Found::Call(..) | Found::UserPage(_) => Reply::not_found_page(),
    }
}
