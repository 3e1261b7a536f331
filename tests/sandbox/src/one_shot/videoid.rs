//! The evidence of External VideoID, and what the officer does with an identification.

use serde_json::{Value, json};

use super::answer::{Answer, Dialect, Failure, Success};
use super::credentials::officer;
use super::settings::{Settings, TwoStep};
use super::state::Request;
use super::{Call, change, find, no_request, pk, text, wrong_status};
use crate::app::App;
use crate::evidence::{self, Evidence};
use crate::incoming::Video;
use crate::reply::{Part, Reply};
use crate::settings::{AcceptedVideo, UploadOrder};
use crate::state::{CREATED, ENROLLREADY, INCOMPLETE, PENDING, RAO_ID, REVIEW, VIDEO_ERROR};

const REFUSED: &str = "REFUSED";

/// Whether evidence is taken now.
fn open(request: &Request, settings: &Settings) -> bool {
    match request.status.as_str() {
        PENDING => true,
        INCOMPLETE => {
            settings.reupload || request.videoid.as_ref().is_some_and(|videoid| videoid.data.is_none() || videoid.video.is_none())
        }
        VIDEO_ERROR => settings.reupload,
        _ => false,
    }
}

/// A failed upload leaves its mark, if the settings say so.
fn failed(app: &App, pk: u64, by: &str) {
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    if let Some(status) = &settings.bad_upload_status {
        if let Some(request) = world.state.one_shot.requests.get_mut(&pk) {
            change(app, request, &settings, status, by, now);
        }
        app.save(&world);
    }
}

/// The pk of a request that has a VideoID and takes evidence.
fn receiver(app: &App, call: &Call<'_>) -> Result<u64, Failure> {
    let mut world = app.world();
    let settings = world.state.settings.one_shot.clone();
    let request = find(&mut world, call)?;
    if request.videoid.is_none() {
        return Err(no_request());
    }
    if open(request, &settings) { Ok(request.pk) } else { Err(wrong_status()) }
}

/// Where the request stands now that a piece came.
fn advance(app: &App, request: &mut Request, settings: &Settings, by: &str, now: i64) {
    let complete = request.videoid.as_ref().is_some_and(|videoid| videoid.data.is_some() && videoid.video.is_some());
    change(app, request, settings, if complete { REVIEW } else { &settings.partial_status }, by, now);
}

pub(super) fn upload_evidence(app: &App, call: &Call<'_>, evidence: Evidence) -> Answer {
    let result = take_evidence(app, call, &evidence);
    if result.is_err() {
        evidence.discard(&app.files);
    }
    result
}

fn take_evidence(app: &App, call: &Call<'_>, evidence: &Evidence) -> Answer {
    const BY: &str = "upload_videoid_evidences";
    const MISSING: &str = "Missing required parameters";
    let pk = receiver(app, call)?;
    let wrong = |failure: Failure| {
        failed(app, pk, BY);
        Err(failure)
    };
    if let Err(error) = evidence::check(&evidence.body) {
        return match error.strip_prefix("Missing required fields: ") {
            Some(field) => wrong(Failure::missing(field, MISSING)),
            None => wrong(Failure::new(400, error)),
        };
    }
    {
        let world = app.world();
        let settings = &world.state.settings.one_shot;
        let has_video =
            world.state.one_shot.requests.get(&pk).and_then(|request| request.videoid.as_ref()).is_some_and(|v| v.video.is_some());
        if settings.upload_order == UploadOrder::VideoFirst && !has_video {
            return Err(wrong_status());
        }
        let date = evidence::check_date(&evidence.body, settings.acceptance_date);
        drop(world);
        if let Err(error) = date {
            return wrong(Failure::new(400, error));
        }
    }
    let ocr = &evidence.body["videoid_data"]["ocr_data"];
    for name in ["given_name", "surname_1", "serial_number"] {
        if text(ocr, name).is_none() {
            return wrong(Failure::missing(name, MISSING));
        }
    }
    if let Some(error) = &evidence.error {
        return wrong(Failure::new(400, error.clone()));
    }
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    let request = world.state.one_shot.requests.get_mut(&pk).ok_or_else(no_request)?;
    let videoid = request.videoid.as_mut().ok_or_else(no_request)?;
    let mut data = evidence.body["videoid_data"].clone();
    if let Some(map) = data.as_object_mut() {
        map.remove("images");
    }
    videoid.acceptance = evidence.body["acceptance"].clone();
    videoid.data = Some(data);
    // Sent again, it replaces what was there.
    for former in std::mem::replace(&mut videoid.images, evidence.images.clone()).values() {
        app.files.remove(former);
    }
    for (name, value) in ocr.as_object().into_iter().flatten() {
        if crate::ra::FIELDS.contains(&name.as_str()) {
            request.fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    advance(app, request, &settings, BY, now);
    app.save(&world);
    Ok(Success::Text("Videoid evidences uploaded".to_owned()))
}

pub(super) fn upload_video(app: &App, call: &Call<'_>, video: Video) -> Answer {
    const BY: &str = "upload_videoid_video";
    let receiver = receiver(app, call);
    let strict = app.world().state.settings.accepted_video == AcceptedVideo::Mp4;
    let sound = match (video.file, video.defect.filter(|_| strict)) {
        (Ok(blob), Some(defect)) => {
            app.files.remove(&blob);
            Err(defect)
        }
        (other, _) => other,
    };
    let (pk, blob) = match (receiver, sound) {
        (Ok(pk), Ok(blob)) => (pk, blob),
        (Ok(pk), Err(error)) => {
            failed(app, pk, BY);
            return Err(if error == "No video file provided" { Failure::missing("video", error) } else { Failure::new(400, error) });
        }
        (Err(failure), video) => {
            if let Ok(blob) = &video {
                app.files.remove(blob);
            }
            return Err(failure);
        }
    };
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    let request = world.state.one_shot.requests.get_mut(&pk).ok_or_else(no_request)?;
    if settings.upload_order == UploadOrder::EvidenceFirst && request.videoid.as_ref().is_none_or(|videoid| videoid.data.is_none()) {
        app.files.remove(&blob);
        return Err(wrong_status());
    }
    if let Some(former) = request.videoid.as_mut().and_then(|videoid| videoid.video.replace(blob)) {
        app.files.remove(&former);
    }
    advance(app, request, &settings, BY, now);
    app.save(&world);
    Ok(Success::Text("Videoid video upload completed".to_owned()))
}

pub(super) fn download(app: &App, call: &Call<'_>) -> Answer {
    let world = app.world();
    let none = || Failure::NotFound("Video not found".to_owned());
    let request = pk(&world, call).and_then(|pk| world.state.one_shot.requests.get(&pk)).ok_or_else(none)?;
    let blob = request.videoid.as_ref().and_then(|videoid| videoid.video.as_ref()).ok_or_else(none)?;
    let file = app.files.read(blob).ok_or_else(none)?;
    Ok(Success::Raw(Reply::parts(200, "video/mp4", vec![Part::File(file, blob.bytes)])))
}

fn refused(request: &Request) -> bool {
    request.videoid.as_ref().is_some_and(|videoid| videoid.status == REFUSED)
}

fn judged(request: &mut Request, status: &str) {
    if let Some(videoid) = &mut request.videoid {
        status.clone_into(&mut videoid.status);
        videoid.operator = json!({"pk": RAO_ID.parse::<u64>().unwrap_or_default(), "given_name": "SANDBOX", "surname_1": "OFFICER"});
    }
}

pub(super) fn approve(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    const BY: &str = "approve_videoid";
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    find(&mut world, call)?;
    let rao = officer(&world.state.one_shot, body, true)?;
    let request = find(&mut world, call)?;
    if refused(request) {
        return Err(wrong_status());
    }
    let next = match (request.status.as_str(), settings.approval_steps, settings.two_step_approve) {
        (REVIEW, 1, _) | (CREATED, ..) => ENROLLREADY,
        (REVIEW, _, TwoStep::Validates) => CREATED,
        _ => return Err(wrong_status()),
    };
    let next = settings.status_after_approve.as_deref().unwrap_or(next).to_owned();
    judged(request, "VALIDATED");
    if next == ENROLLREADY {
        request.approved_by = Some(rao);
    }
    change(app, request, &settings, &next, BY, now);
    app.save(&world);
    Ok(Success::Text("Request approved successfully".to_owned()))
}

pub(super) fn refuse(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    let mut world = app.world();
    let name = match call.dialect {
        Dialect::Legacy => "reason".to_owned(),
        Dialect::Current => world.state.settings.one_shot.refuse_reason.clone(),
    };
    let reason = text(body, &name).ok_or_else(|| Failure::missing(&name, "No reason specified"))?;
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    find(&mut world, call)?;
    officer(&world.state.one_shot, body, true)?;
    let request = find(&mut world, call)?;
    if request.status != REVIEW || refused(request) {
        return Err(wrong_status());
    }
    judged(request, REFUSED);
    if let Some(videoid) = &mut request.videoid {
        videoid.refusal_reason = reason;
    }
    change(app, request, &settings, &settings.status_after_refusal.clone(), "refuse_videoid", now);
    app.save(&world);
    Ok(Success::Text("Videoid refuse completed".to_owned()))
}

/// Legacy alone has it.
pub(super) fn validate(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    find(&mut world, call)?;
    officer(&world.state.one_shot, body, true)?;
    let request = find(&mut world, call)?;
    if request.videoid.is_none() {
        return Err(Failure::Object(400, json!({"title": "Validation Error", "description": "The request has no videoid"})));
    }
    if request.status != REVIEW || refused(request) {
        let inner = json!({"code": "500", "id": format!("{:016x}", fastrand::u64(..)), "error": "Invalid request status"});
        return Err(Failure::new(500, format!("Error during Videoid validation: {inner}")));
    }
    judged(request, "VALIDATED");
    change(app, request, &settings, CREATED, "validate_videoid", now);
    app.save(&world);
    Ok(Success::Text("Videoid validated".to_owned()))
}
