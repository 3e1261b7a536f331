//! One request to the Optimizer from its first byte to its answer: recorded, harmed by a fault, processed, answered.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, Response, Version};
use serde_json::{Value, json};

use super::answer::{Dialect, Success, render};
use super::forms::{self, Form};
use super::routes::{self, Found, Operation};
use super::{Call, page, process};
use crate::app::App;
use crate::clock;
use crate::evidence::Evidence;
use crate::faults::{self, Kind, When};
use crate::incoming::{self, Counted, Unread, Video};
use crate::received::{Entry, Progress};
use crate::reply::{Body, Manner, Reply};
use crate::service::{Dropped, KEPT, Link, answer, harm_before_reading, harmed, pause};

/// What came with a call.
#[derive(Debug)]
pub(crate) enum Input {
    Document(Value),
    Form(Form),
    Evidence(Evidence),
    Video(Video),
}

impl Input {
    /// Files of a call that is not processed are not kept.
    fn discard(&self, app: &App) {
        match self {
            Self::Document(_) => {}
            Self::Form(form) => form.discard(app),
            Self::Evidence(evidence) => evidence.discard(&app.files),
            Self::Video(video) => {
                if let Ok(blob) = &video.file {
                    app.files.remove(blob);
                }
            }
        }
    }
}

/// Answers one request.
pub(crate) async fn serve(app: Arc<App>, link: Link, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let (parts, body) = request.into_parts();
    let progress = Arc::new(Progress::default());
    let mut body = Counted::new(body, Arc::clone(&progress));
    let path = parts.uri.path().to_owned();
    let query = incoming::pairs(parts.uri.query().unwrap_or_default());
    let (found, fault, seq, settings) = {
        let mut world = app.world();
        let settings = world.state.settings.one_shot.clone();
        let found = routes::find(&parts.method, &path, &settings);
        let operation = if let Found::Call { operation, .. } = &found { Some(*operation) } else { None };
        let fault = operation.and_then(|operation| faults::next_named(&mut world, operation.name()));
        let seq = world.received.next();
        let entry = Entry {
            seq,
            at: clock::iso(world.state.now()),
            host: "one_shot",
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
        (found, fault, seq, settings)
    };
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let authority = host.or_else(|| parts.uri.authority().map(ToString::to_string)).unwrap_or_default();
    let base = format!("{}://{authority}", if link.tls { "https" } else { "http" });
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (operation, dialect, ids) = match found {
        Found::Call { operation, dialect, ids } => (operation, dialect, ids),
        Found::Page(token) => {
            let form = match forms::form(&app, &mut body, content_type, 0).await {
                Ok(form) => form,
                Err(Unread::Aborted) => return Err(Dropped),
                Err(Unread::Wrong(reply)) => return Ok(answer(&app, seq, *reply, Manner::Plain)),
            };
            form.discard(&app);
            return Ok(answer(&app, seq, page::serve(&app, &parts.method, &token, &form), Manner::Plain));
        }
        other => {
            body.drain().await.map_err(|_| Dropped)?;
            let reply = misrouted(&other, &format!("{base}{path}"), parts.uri.query());
            return Ok(answer(&app, seq, reply, Manner::Plain));
        }
    };
    if let Some(fault) = &fault {
        harm_before_reading(fault, &mut body).await?;
    }
    let read = match operation {
        Operation::UploadEvidences => incoming::evidence(&app, &mut body).await.map(Input::Evidence),
        Operation::UploadVideo => incoming::video(&app, &mut body, content_type).await.map(Input::Video),
        Operation::UploadDocuments | Operation::UploadImage | Operation::CreateRequest => {
            forms::form(&app, &mut body, content_type, settings.max_document_bytes).await.map(Input::Form)
        }
        _ => forms::document(&mut body, content_type, dialect).await.map(Input::Document),
    };
    let input = match read {
        Ok(input) => input,
        Err(Unread::Aborted) => return Err(Dropped),
        Err(Unread::Wrong(reply)) => {
            let reply = if operation == Operation::UploadEvidences { reword(dialect, *reply) } else { *reply };
            return Ok(answer(&app, seq, reply, Manner::Plain));
        }
    };
    record(&app, seq, &input);
    if let Some(fault) = fault.as_ref().filter(|fault| fault.moment() == When::Before && fault.kind != Kind::SlowReading) {
        if fault.kind == Kind::Delay {
            pause(fault, 1000).await;
        } else {
            input.discard(&app);
            return harmed(&app, seq, fault, None).await;
        }
    }
    let reply = {
        let app = Arc::clone(&app);
        // Signing takes its time, and reading files blocks.
        let processed = tokio::task::spawn_blocking(move || {
            let call = Call { operation, dialect, ids: &ids, query: &query, base: &base };
            let settings = app.world().state.settings.one_shot.clone();
            let result = process(&app, &call, input);
            render(dialect, &settings, result)
        });
        processed.await.unwrap_or_else(|_| render(dialect, &settings, Ok(Success::Raw(Reply::page(500, "Internal Server Error", "")))))
    };
    match fault.as_ref().filter(|fault| fault.moment() == When::After) {
        Some(fault) => harmed(&app, seq, fault, Some(reply)).await,
        None => Ok(answer(&app, seq, reply, Manner::Plain)),
    }
}

/// The RA part's words for a body that is no JSON, in the Optimizer's.
fn reword(dialect: Dialect, reply: Reply) -> Reply {
    let Some(crate::reply::Part::Bytes(bytes)) = reply.parts.first() else { return reply };
    let body: Value = serde_json::from_slice(bytes).unwrap_or(Value::Null);
    match body["detail"].as_str().and_then(|text| text.strip_prefix("JSON parse error - ")) {
        Some(text) => forms::invalid(dialect, text),
        None => reply,
    }
}

fn record(app: &App, seq: u64, input: &Input) {
    let (body, multipart) = match input {
        Input::Document(body) => (body.clone(), false),
        Input::Form(form) => (Value::Array(form.summary.clone()), true),
        Input::Evidence(evidence) => (evidence.body.clone(), false),
        Input::Video(video) => (video.summary.clone(), true),
    };
    app.world().received.set_body(seq, body, multipart);
}

fn misrouted(found: &Found, url: &str, query: Option<&str>) -> Reply {
    match found {
        Found::WrongMethod(Dialect::Current) => Reply::json(405, &json!({"detail": "Method Not Allowed"})),
        Found::WrongMethod(Dialect::Legacy) => Reply::page(405, "Method Not Allowed", "The method is not allowed for the requested URL."),
        Found::Redirect => {
            let other = url.strip_suffix('/').map_or_else(|| format!("{url}/"), str::to_owned);
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            Reply::text(307, "text/plain; charset=utf-8", "").header("location", format!("{other}{query}"))
        }
        Found::Nothing(Dialect::Legacy) => Reply::not_found_page(),
        Found::Nothing(Dialect::Current) | Found::Page(_) | Found::Call { .. } => Reply::json(404, &json!({"detail": "Not Found"})),
    }
}
