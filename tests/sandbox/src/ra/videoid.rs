//! The evidence and the video of External VideoID.

use serde_json::{Value, json};

use super::{Answer, no_request, wrong_status};
use crate::app::App;
use crate::evidence::{self, Evidence};
use crate::incoming::Video;
use crate::reply::{Part, Reply};
use crate::settings::VideoPk;
use crate::state::{INCOMPLETE, PENDING, REVIEW, Request, State, VIDEO_ERROR};

/// Whether evidence is taken in this status.
fn open(state: &State, status: &str) -> bool {
    matches!(status, PENDING | INCOMPLETE | VIDEO_ERROR) || (status == REVIEW && state.settings.upload_in_review)
}

/// Where the request stands now that a piece came.
fn advance(request: &mut Request, partial: &str, by: &str, now: i64) {
    let Some(videoid) = &request.videoid else { return };
    let complete = videoid.data.is_some() && videoid.video.is_some();
    request.set_status(if complete { REVIEW } else { partial }, by, now);
}

/// A failed upload may leave its mark, if the settings say so.
fn failed(app: &App, pk: u64, by: &str) {
    let mut world = app.world();
    let now = world.state.now();
    if let Some(status) = world.state.settings.bad_upload_status.clone() {
        if let Some(request) = world.state.requests.get_mut(&pk) {
            request.set_status(&status, by, now);
        }
        app.save(&world);
    }
}

/// `PUT /videoid/{video_pk}`.
pub(super) fn upload_evidence(app: &App, id: &str, evidence: Evidence) -> Reply {
    match take_evidence(app, id, &evidence) {
        Ok(reply) => reply,
        Err(reply) => {
            evidence.discard(&app.files);
            reply
        }
    }
}

fn take_evidence(app: &App, id: &str, evidence: &Evidence) -> Answer {
    const BY: &str = "upload_evidence";
    let pk = {
        let world = app.world();
        let number: u64 = id.parse().map_err(|_| no_request())?;
        let pk = match world.state.settings.video_pk_is {
            VideoPk::RequestPk => Some(number),
            VideoPk::VideoidPk => world.state.by_videoid(number),
        };
        let request = pk.and_then(|pk| world.state.requests.get(&pk)).ok_or_else(no_request)?;
        if request.videoid.is_none() {
            return Err(no_request());
        }
        if !open(&world.state, &request.status) {
            return Err(wrong_status());
        }
        request.pk
    };
    if let Err(error) = evidence::check(&evidence.body) {
        failed(app, pk, BY);
        return Err(match error.strip_prefix("Missing") {
            Some(_) => Reply::detail(400, &error),
            None => Reply::error(500, "500", &error),
        });
    }
    if let Some(error) = &evidence.error {
        failed(app, pk, BY);
        return Err(Reply::error(500, "500", error));
    }
    let mut world = app.world();
    let now = world.state.now();
    let partial = world.state.settings.partial_status.clone();
    let request = world.state.requests.get_mut(&pk).ok_or_else(no_request)?;
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
    advance(request, &partial, BY, now);
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "200 OK"})))
}

/// Error form 4.
fn upload_error(description: &str) -> Reply {
    Reply::json(400, &json!({"title": "Upload Video Error", "description": description}))
}

/// `POST {upload host}/v1/upload/video/{video_identifier}/`.
pub(super) fn upload_video(app: &App, id: &str, video: Video) -> Reply {
    const BY: &str = "upload_video";
    let mut world = app.world();
    let pk = world.state.by_identifier(id);
    let blob = match (pk, video.video) {
        (Some(_), Ok(blob)) => blob,
        (None, video) => {
            if let Ok(blob) = &video {
                app.files.remove(blob);
            }
            return Reply::json(404, &json!({"title": "Upload Video Error", "description": "Video identifier not found"}));
        }
        (Some(pk), Err(error)) => {
            drop(world);
            failed(app, pk, BY);
            return upload_error(error);
        }
    };
    let now = world.state.now();
    let partial = world.state.settings.partial_status.clone();
    let allowed = pk.and_then(|pk| world.state.requests.get(&pk)).is_some_and(|request| open(&world.state, &request.status));
    let request = pk.and_then(|pk| world.state.requests.get_mut(&pk));
    let Some(request) = request.filter(|_| allowed) else {
        app.files.remove(&blob);
        return upload_error("Invalid request status");
    };
    if let Some(former) = request.videoid.as_mut().and_then(|videoid| videoid.video.replace(blob)) {
        app.files.remove(&former);
    }
    advance(request, &partial, BY, now);
    app.save(&world);
    Reply::json(200, &json!({"status": "200 OK"}))
}

/// `GET /download/video/{video_identifier}/`.
pub(super) fn download(app: &App, id: &str) -> Answer {
    let world = app.world();
    let pk = world.state.by_identifier(id).ok_or_else(|| Reply::error(404, "400", "Video not found"))?;
    stored_video(app, &world.state, pk).ok_or_else(|| Reply::error(404, "400", "Video not found"))
}

/// The video of a request, where one is kept.
pub(crate) fn stored_video(app: &App, state: &State, pk: u64) -> Option<Reply> {
    let blob = state.requests.get(&pk)?.videoid.as_ref()?.video.as_ref()?;
    let file = app.files.read(blob)?;
    Some(Reply::parts(200, "video/mp4", vec![Part::File(file, blob.bytes)]))
}

/// The kind of identity document: what the evidence says, else what create said.
pub(super) fn document_type(request: &Request) -> String {
    let from_evidence = request.videoid.as_ref().and_then(|videoid| videoid.data.as_ref());
    let from_evidence = from_evidence.and_then(|data| data.pointer("/ocr_data/id_document_type")).and_then(Value::as_str);
    let from_create = request.fields.get("id_document_type").and_then(Value::as_str);
    from_evidence.or(from_create).unwrap_or("IDC").to_owned()
}
