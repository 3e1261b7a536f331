//! The control API's part under `/control/v1/one-shot`.

use hyper::Method;
use serde_json::{Value, json};

use super::change;
use super::page::{self, Outcome};
use super::state::Request;
use crate::app::App;
use crate::control::ControlError;
use crate::files::Blob;
use crate::received::redact;
use crate::state::dashed;

type Answer = Result<Value, ControlError>;

fn not_found(what: &str) -> ControlError {
    ControlError { status: 404, message: format!("no such {what}") }
}

/// Answers a control call; `path` is what follows `one-shot`.
pub(crate) fn route(app: &App, method: &Method, path: &[&str], personal: bool, body: &Value) -> Answer {
    let pk = |text: &str| text.parse::<u64>().map_err(|_| not_found("request"));
    match (method, path) {
        (&Method::GET, ["requests"]) => Ok(requests(app, personal)),
        (&Method::GET, ["requests", id]) => request(app, pk(id)?, personal),
        (&Method::PUT, ["requests", id, "status"]) => set_status(app, pk(id)?, body),
        (&Method::POST, ["requests", id, "identification" | "user"]) => identification(app, pk(id)?, body),
        (&Method::GET, ["requests", id, "otp"]) => otp(app, pk(id)?),
        (&Method::GET, ["signing-ca"]) => Ok(json!({"pem": app.one_shot.signing_ca()})),
        _ => Err(not_found("path or method")),
    }
}

fn blob(blob: &Blob) -> Value {
    json!({"bytes": blob.bytes, "sha256": blob.sha256})
}

fn show(request: &Request, personal: bool) -> Value {
    let hide = |value: Value| if personal { value } else { redact(&value) };
    let videoid = request.videoid.as_ref();
    let images = videoid.map_or(&request.images, |videoid| &videoid.images);
    let documents: Vec<Value> = request
        .documents
        .values()
        .map(|document| {
            json!({
                "uid": document.uid,
                "key": document.key,
                "kind": document.kind,
                "filename": if personal { json!(document.filename) } else { json!("***") },
                "original": document.original.as_ref().map(blob),
                "signed": document.signed.as_ref().map(blob),
            })
        })
        .collect();
    json!({
        "pk": request.pk,
        "status": request.status,
        "dialect": request.dialect,
        "history": request.history,
        "external": request.external,
        "fields": hide(Value::Object(request.fields.clone())),
        "videoid_pk": videoid.map(|videoid| videoid.pk),
        "videoid_link": request.videoid_link,
        "video_identifier": videoid.map(|videoid| dashed(&videoid.identifier)),
        "videoid_status": videoid.map(|videoid| &videoid.status),
        "refusal_reason": hide(json!(videoid.map(|videoid| &videoid.refusal_reason))),
        "acceptance": hide(json!(videoid.map(|videoid| &videoid.acceptance))),
        "evidence": hide(json!(videoid.and_then(|videoid| videoid.data.as_ref()))),
        "images": images.iter().map(|(name, image)| (name.clone(), blob(image))).collect::<serde_json::Map<_, _>>(),
        "video": videoid.and_then(|videoid| videoid.video.as_ref()).map(blob),
        "documents": documents,
        "otp_sent": request.otp.is_some(),
        "asynchronous": request.asynchronous.as_ref().map(|asynchronous| &asynchronous.status),
        "approved_by": request.approved_by,
        "certificate": request.certificate,
        "gone": request.gone,
    })
}

pub(crate) fn requests(app: &App, personal: bool) -> Value {
    let world = app.world();
    json!({"requests": world.state.one_shot.requests.values().map(|request| show(request, personal)).collect::<Vec<_>>()})
}

pub(crate) fn request(app: &App, pk: u64, personal: bool) -> Answer {
    let world = app.world();
    world.state.one_shot.requests.get(&pk).map(|request| show(request, personal)).ok_or_else(|| not_found("request"))
}

pub(crate) fn set_status(app: &App, pk: u64, body: &Value) -> Answer {
    let status = body.get("status").and_then(Value::as_str).ok_or_else(|| "status is a text".to_owned())?;
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    let request = world.state.one_shot.requests.get_mut(&pk).ok_or_else(|| not_found("request"))?;
    change(app, request, &settings, status, "control", now);
    let shown = show(request, false);
    app.save(&world);
    Ok(shown)
}

pub(crate) fn identification(app: &App, pk: u64, body: &Value) -> Answer {
    let outcome = body.get("outcome").or_else(|| body.get("action")).and_then(Value::as_str).and_then(Outcome::by_name);
    let outcome = outcome.ok_or_else(|| "outcome is finish, fail or leave".to_owned())?;
    page::play(app, pk, outcome, body).map(|status| json!({"status": status}))
}

pub(crate) fn otp(app: &App, pk: u64) -> Answer {
    let world = app.world();
    let seconds = world.state.settings.one_shot.otp_seconds;
    let now = world.state.now();
    let request = world.state.one_shot.requests.get(&pk).ok_or_else(|| not_found("request"))?;
    let otp = request.otp.as_ref().ok_or_else(|| not_found("OTP"))?;
    Ok(json!({
        "otp": otp.code,
        "delivery_method": otp.method,
        "sent_at": crate::clock::iso(otp.sent),
        "expired": now - otp.sent > seconds,
    }))
}
