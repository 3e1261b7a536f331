//! The control API: what tests say to the sandbox. Version 1; see README.md.

use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request as HttpRequest, Response};
use serde_json::{Value, json};

use crate::app::App;
use crate::faults;
use crate::files::Blob;
use crate::incoming;
use crate::media::synthetic;
use crate::ra::stored_video;
use crate::received::redact;
use crate::reply::{Body, Manner, Reply};
use crate::service::Dropped;
use crate::state::{Request, State, dashed};

const MAX_BODY: usize = 16 * 1024 * 1024;
/// A read-back of more would only fill the disk.
const MAX_MEGABYTES: u64 = 1024;

/// Why a control call failed: HTTP status and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlError {
    /// The HTTP status that the control API answers with.
    pub status: u16,
    /// What is wrong, for a person.
    pub message: String,
}

impl std::fmt::Display for ControlError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} ({})", self.message, self.status)
    }
}

impl std::error::Error for ControlError {}

impl From<String> for ControlError {
    fn from(message: String) -> Self {
        Self { status: 400, message }
    }
}

fn not_found() -> ControlError {
    ControlError { status: 404, message: "no such request".to_owned() }
}

type Answer = Result<Value, ControlError>;

/// Serves one control call over HTTP.
pub(crate) async fn serve(app: Arc<App>, request: HttpRequest<Incoming>) -> Result<Response<Body>, Dropped> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else { return Err(Dropped) };
    let bytes = body.to_bytes();
    let body = if bytes.is_empty() { Ok(Value::Null) } else { crate::json::read_slice(&bytes) };
    let Ok(body) = body else {
        return Ok(Reply::json(400, &json!({"error": "the body is not JSON"})).into_response(Manner::Plain));
    };
    let path = parts.uri.path().trim_end_matches('/').to_owned();
    let query = incoming::pairs(parts.uri.query().unwrap_or_default());
    let personal = query.iter().any(|(name, value)| name == "personal" && value == "true");
    // Writing a large synthetic image blocks: it must not hold up the other listeners.
    let answered = tokio::task::spawn_blocking(move || route(&app, &parts.method, &path, personal, &body)).await;
    let reply = answered.unwrap_or_else(|_| Reply::json(500, &json!({"error": "internal error"})));
    Ok(reply.into_response(Manner::Plain))
}

fn route(app: &App, method: &Method, path: &str, personal: bool, body: &Value) -> Reply {
    let Some(path) = path.strip_prefix("/control/v1/") else { return Reply::json(404, &json!({"error": "no such path"})) };
    let parts: Vec<&str> = path.split('/').collect();
    let pk = |text: &str| text.parse::<u64>().map_err(|_| not_found());
    let answer = match (method, parts.as_slice()) {
        (&Method::GET, ["health"]) => Ok(health()),
        (&Method::POST, ["reset"]) => reset(app, body),
        (&Method::GET, ["settings"]) => Ok(settings(app)),
        (&Method::PUT | &Method::PATCH | &Method::POST, ["settings"]) => patch_settings(app, body),
        (&Method::POST, ["scratchcards"]) => scratchcards(app, body),
        (&Method::GET, ["scratchcards"]) => Ok(list_scratchcards(app)),
        (&Method::POST, ["faults"]) => add_faults(app, body),
        (&Method::GET, ["faults"]) => Ok(list_faults(app)),
        (&Method::DELETE, ["faults"]) => Ok(clear_faults(app)),
        (&Method::GET, ["received"]) => Ok(received(app, personal)),
        (&Method::DELETE, ["received"]) => Ok(clear_received(app)),
        (&Method::GET, ["requests"]) => Ok(requests(app, personal)),
        (&Method::GET, ["requests", id]) => pk(id).and_then(|pk| request(app, pk, personal)),
        (&Method::PUT, ["requests", id, "status"]) => pk(id).and_then(|pk| set_status(app, pk, body)),
        (&Method::POST, ["requests", id, "images"]) => pk(id).and_then(|pk| add_images(app, pk, body)),
        (&Method::GET, ["requests", id, "video"]) => {
            let world = app.world();
            match pk(id).ok().and_then(|pk| stored_video(app, &world.state, pk)) {
                Some(reply) => return reply,
                None => Err(ControlError { status: 404, message: "no video is kept".to_owned() }),
            }
        }
        (&Method::POST, ["clock"]) => advance_clock(app, body),
        _ => Err(ControlError { status: 404, message: "no such path or method".to_owned() }),
    };
    match answer {
        Ok(value) => Reply::json(200, &value),
        Err(error) => Reply::json(error.status, &json!({"error": error.message})),
    }
}

pub(crate) fn health() -> Value {
    json!({"status": "ok", "version": 1, "sandbox": env!("CARGO_PKG_VERSION")})
}

fn number(body: &Value, name: &str) -> Result<Option<u64>, ControlError> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or_else(|| format!("{name} is a number").into()),
    }
}

fn blobs(state: &State) -> Vec<Blob> {
    let videoids = state.requests.values().filter_map(|request| request.videoid.as_ref());
    videoids.flat_map(|videoid| videoid.images.values().chain(&videoid.video).cloned()).collect()
}

pub(crate) fn reset(app: &App, body: &Value) -> Answer {
    let cards = number(body, "cards")?.map_or(app.cards, |cards| usize::try_from(cards).unwrap_or(usize::MAX).min(1_000_000));
    let mut world = app.world();
    for blob in blobs(&world.state) {
        app.files.remove(&blob);
    }
    world.state = State::new(cards);
    world.faults.clear();
    world.received.clear();
    app.save(&world);
    Ok(json!({"status": "ok", "cards": cards}))
}

pub(crate) fn settings(app: &App) -> Value {
    app.world().state.settings.to_value()
}

pub(crate) fn patch_settings(app: &App, body: &Value) -> Answer {
    let mut world = app.world();
    world.state.settings.patch(body)?;
    app.save(&world);
    Ok(world.state.settings.to_value())
}

pub(crate) fn scratchcards(app: &App, body: &Value) -> Answer {
    let mut world = app.world();
    if body.get("exhaust").and_then(Value::as_bool) == Some(true) {
        for card in &mut world.state.cards {
            card.used = true;
        }
    }
    if let Some(count) = number(body, "count")? {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(1_000_000);
        world.state.add_cards(count);
    }
    app.save(&world);
    let unused = world.state.cards.iter().filter(|card| !card.used).count();
    Ok(json!({"unused": unused}))
}

fn list_scratchcards(app: &App) -> Value {
    let world = app.world();
    let cards: Vec<Value> =
        world.state.cards.iter().map(|card| json!({"pk": card.pk, "sn": card.sn, "used": card.used, "named": card.named})).collect();
    json!({"unused": world.state.cards.iter().filter(|card| !card.used).count(), "cards": cards})
}

pub(crate) fn add_faults(app: &App, body: &Value) -> Answer {
    let faults = faults::parse(body)?;
    let mut world = app.world();
    world.faults.extend(faults);
    Ok(json!({"faults": world.faults.len()}))
}

pub(crate) fn list_faults(app: &App) -> Value {
    json!({"faults": app.world().faults})
}

pub(crate) fn clear_faults(app: &App) -> Value {
    app.world().faults.clear();
    json!({"faults": 0})
}

pub(crate) fn received(app: &App, personal: bool) -> Value {
    let world = app.world();
    world.received.iter().map(|entry| entry.show(personal)).collect()
}

pub(crate) fn clear_received(app: &App) -> Value {
    app.world().received.clear();
    json!([])
}

fn blob(blob: &Blob) -> Value {
    json!({"bytes": blob.bytes, "sha256": blob.sha256, "kind": blob.kind, "kept": blob.file.is_some()})
}

fn show(request: &Request, personal: bool) -> Value {
    let hide = |value: Value| if personal { value } else { redact(&value) };
    let videoid = request.videoid.as_ref();
    json!({
        "pk": request.pk,
        "status": request.status,
        "history": request.history,
        "fields": hide(Value::Object(request.fields.clone())),
        "videoid_pk": videoid.map(|videoid| videoid.pk),
        "video_identifier": videoid.map(|videoid| dashed(&videoid.identifier)),
        "videoid_status": videoid.map(|videoid| &videoid.status),
        "refusal_reason": hide(json!(videoid.map(|videoid| &videoid.refusal_reason))),
        "acceptance": hide(json!(videoid.map(|videoid| &videoid.acceptance))),
        "evidence": hide(json!(videoid.and_then(|videoid| videoid.data.as_ref()))),
        "images": videoid.map(|videoid| videoid.images.iter().map(|(name, image)| (name.clone(), blob(image))).collect::<serde_json::Map<_, _>>()),
        "video": videoid.and_then(|videoid| videoid.video.as_ref()).map(blob),
        "approved_by": request.approved_by,
    })
}

pub(crate) fn requests(app: &App, personal: bool) -> Value {
    json!({"requests": app.world().state.requests.values().map(|request| show(request, personal)).collect::<Vec<_>>()})
}

pub(crate) fn request(app: &App, pk: u64, personal: bool) -> Answer {
    let world = app.world();
    world.state.requests.get(&pk).map(|request| show(request, personal)).ok_or_else(not_found)
}

pub(crate) fn set_status(app: &App, pk: u64, body: &Value) -> Answer {
    let status = body.get("status").and_then(Value::as_str).ok_or_else(|| "status is a text".to_owned())?;
    let mut world = app.world();
    let now = world.state.now();
    let request = world.state.requests.get_mut(&pk).ok_or_else(not_found)?;
    request.set_status(status, "control", now);
    let shown = show(request, false);
    app.save(&world);
    Ok(shown)
}

/// Fills the images of a request, all four together `megabytes` MB (of 1,000,000 bytes) before Base64.
pub(crate) fn add_images(app: &App, pk: u64, body: &Value) -> Answer {
    const NAMES: [&str; 4] = ["document_front", "document_owner", "document_photo", "document_rear"];
    let megabytes = number(body, "megabytes")?.ok_or_else(|| "megabytes is a number".to_owned())?;
    if megabytes > MAX_MEGABYTES {
        return Err(format!("at most {MAX_MEGABYTES} megabytes").into());
    }
    let size = usize::try_from(megabytes * 1_000_000 / NAMES.len() as u64).unwrap_or(usize::MAX);
    let file = synthetic::jpeg(size);
    let mut images = Vec::new();
    for name in NAMES {
        let stored = app.files.writer(true).and_then(|mut writer| {
            writer.write(&file)?;
            writer.finish("jpeg")
        });
        images.push((name.to_owned(), stored.map_err(|_| "the images cannot be stored".to_owned())?));
    }
    let mut world = app.world();
    let videoid = world.state.requests.get_mut(&pk).and_then(|request| request.videoid.as_mut());
    let Some(videoid) = videoid else {
        for (_, blob) in &images {
            app.files.remove(blob);
        }
        return Err(not_found());
    };
    for former in std::mem::replace(&mut videoid.images, images.into_iter().collect()).values() {
        app.files.remove(former);
    }
    let bytes: u64 = videoid.images.values().map(|blob| blob.bytes).sum();
    app.save(&world);
    Ok(json!({"bytes": bytes}))
}

pub(crate) fn advance_clock(app: &App, body: &Value) -> Answer {
    let seconds = number(body, "advance_seconds")?.ok_or_else(|| "advance_seconds is a number".to_owned())?;
    let mut world = app.world();
    // A hundred years at once is more than any test means.
    world.state.clock_offset += i64::try_from(seconds.min(3_155_760_000)).unwrap_or_default();
    app.save(&world);
    Ok(json!({"now": crate::clock::iso(world.state.now())}))
}
