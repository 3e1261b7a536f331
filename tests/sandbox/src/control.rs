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
use crate::one_shot;
use crate::ra::renewal::REFUSALS;
use crate::ra::stored_video;
use crate::ra::user::{self, Refused};
use crate::received::redact;
use crate::reply::{Body, Manner, Reply};
use crate::service::Dropped;
use crate::settings::WebhookFault;
use crate::state::{Request, State, dashed};
use crate::webhook::{self, Notice, Target};

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
    if let Some(token) = parts.uri.path().strip_prefix("/lcmpl/videoid/") {
        // For browsers, which have no client certificate.
        let form = incoming::pairs(&String::from_utf8_lossy(&bytes));
        let action = form.iter().find(|(name, _)| name == "action").map_or("", |(_, value)| value.as_str());
        let post = parts.method == Method::POST;
        return Ok(user::page(&app, token.trim_end_matches('/'), post, action).into_response(Manner::Plain));
    }
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
        (&Method::POST, ["requests", id, "user"]) => pk(id).and_then(|pk| user(app, pk, body)),
        (&Method::POST, ["requests", id, "operator"]) => pk(id).and_then(|pk| operator(app, pk, body)),
        (&Method::PUT, ["requests", id, "renewal"]) => pk(id).and_then(|pk| renewal(app, pk, body)),
        (&Method::GET, ["requests", id, "otp"]) => pk(id).and_then(|pk| otp(app, pk)),
        (&Method::POST, ["webhooks", "send"]) => send_webhook(app, body),
        (&Method::GET, ["webhooks"]) => Ok(webhooks(app, personal)),
        (&Method::DELETE, ["webhooks"]) => Ok(clear_webhooks(app)),
        (_, ["one-shot", rest @ ..]) => one_shot::control::route(app, method, rest, personal, body),
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
    state.requests.values().flat_map(Request::blobs).cloned().chain(state.one_shot.blobs()).collect()
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
    world.deliveries.clear();
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

fn show(app: &App, request: &Request, personal: bool) -> Value {
    let hide = |value: Value| if personal { value } else { redact(&value) };
    let videoid = request.videoid.as_ref();
    json!({
        "pk": request.pk,
        "status": request.status,
        "history": request.history,
        "fields": hide(Value::Object(request.fields.clone())),
        "flow": match videoid {
            Some(_) if request.is_eidas() => "eidas_videoid",
            Some(_) => "external_videoid",
            None => "classic",
        },
        "videoid_link": videoid.and_then(|videoid| videoid.link.as_ref()).map(|token| user::link(app, Some(token))),
        "documents": request.documents.iter().map(|document| {
            let mut shown = blob(&document.blob);
            shown["pk"] = json!(document.pk);
            shown["type"] = json!(document.kind);
            shown["label"] = if personal { json!(document.label) } else { json!(document.label.as_ref().map(|_| "***")) };
            shown
        }).collect::<Vec<_>>(),
        "certificate": request.certificate,
        "renewal_enabled": request.renewal_enabled.unwrap_or(true),
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
    json!({"requests": app.world().state.requests.values().map(|request| show(app, request, personal)).collect::<Vec<_>>()})
}

pub(crate) fn request(app: &App, pk: u64, personal: bool) -> Answer {
    let world = app.world();
    world.state.requests.get(&pk).map(|request| show(app, request, personal)).ok_or_else(not_found)
}

pub(crate) fn set_status(app: &App, pk: u64, body: &Value) -> Answer {
    let status = body.get("status").and_then(Value::as_str).ok_or_else(|| "status is a text".to_owned())?;
    let mut world = app.world();
    world.state.set_status(pk, status, "control");
    let shown = world.state.requests.get(&pk).map(|request| show(app, request, false)).ok_or_else(not_found)?;
    app.save(&world);
    Ok(shown)
}

fn word<'a>(body: &'a Value, name: &str) -> Result<&'a str, ControlError> {
    body.get(name).and_then(Value::as_str).ok_or_else(|| format!("{name} is a text").into())
}

fn refused(refused: Refused) -> ControlError {
    match refused {
        Refused::NoRequest => not_found(),
        Refused::Action => "there is no such action".to_owned().into(),
        Refused::Status => ControlError { status: 409, message: "not in this status, or not in this flow".to_owned() },
    }
}

/// The user's part: `finish`, `leave`, `fail` on the page, `enrol` at the end.
pub(crate) fn user(app: &App, pk: u64, body: &Value) -> Answer {
    user::act(app, pk, word(body, "action")?).map_err(refused)?;
    request(app, pk, false)
}

/// The part of the vendor's operator: `validate`, `refuse` with a `reason`.
pub(crate) fn operator(app: &App, pk: u64, body: &Value) -> Answer {
    let reason = body.get("reason").and_then(Value::as_str).unwrap_or("Not readable");
    user::operate(app, pk, word(body, "action")?, reason).map_err(refused)?;
    request(app, pk, false)
}

/// Why the request cannot be renewed: a documented code or its word; null takes the order back.
pub(crate) fn renewal(app: &App, pk: u64, body: &Value) -> Answer {
    let wanted = body.get("refusal").unwrap_or(&Value::Null);
    let known = |code: u16, word: &str| wanted.as_u64() == Some(u64::from(code)) || wanted.as_str() == Some(word);
    let code = REFUSALS.iter().find(|(code, word, _)| known(*code, word)).map(|(code, ..)| *code);
    if code.is_none() && !wanted.is_null() {
        return Err("refusal is null, 418 to 427, or one of their words".to_owned().into());
    }
    let mut world = app.world();
    world.state.requests.get_mut(&pk).ok_or_else(not_found)?.renewal_refusal = code;
    app.save(&world);
    Ok(json!({"refusal": code}))
}

/// The password that was sent for unlocking the PIN; null where none waits.
pub(crate) fn otp(app: &App, pk: u64) -> Answer {
    let world = app.world();
    let request = world.state.requests.get(&pk).ok_or_else(not_found)?;
    Ok(json!({"otp": request.otp}))
}

/// Sends a webhook that nobody can tell from a true one: `body` is sent as it is, where it is no text as JSON.
pub(crate) fn send_webhook(app: &App, body: &Value) -> Answer {
    let mut world = app.world();
    let url = match body.get("url").and_then(Value::as_str) {
        Some(url) => url.to_owned(),
        None => world.state.settings.webhook_url.clone().ok_or_else(|| "there is neither a url nor the setting webhook_url".to_owned())?,
    };
    Target::parse(&url).map_err(|error| format!("url: {error}"))?;
    let content = match body.get("body") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => return Err("body is missing".to_owned().into()),
    };
    if content.len() > webhook::MAX_BODY {
        return Err(format!("at most {} bytes", webhook::MAX_BODY).into());
    }
    world.state.announce(Notice { url, body: content.into(), request: None, fault: WebhookFault::None });
    app.save(&world);
    Ok(json!({"status": "ok"}))
}

/// The webhooks that were sent, in the order of sending.
pub(crate) fn webhooks(app: &App, personal: bool) -> Value {
    let world = app.world();
    let deliveries: Vec<Value> = world.deliveries.iter().map(|delivery| delivery.show(personal)).collect();
    json!({"deliveries": deliveries, "waiting": world.state.outgoing.len()})
}

pub(crate) fn clear_webhooks(app: &App) -> Value {
    app.world().deliveries.clear();
    json!({"deliveries": [], "waiting": 0})
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
