//! The evidence and the video of External VideoID.

use serde_json::{Value, json};

use super::{Answer, denied, no_request, too_large, user, wrong_status};
use crate::app::App;
use crate::evidence::{self, Evidence};
use crate::incoming::Video;
use crate::reply::{Part, Reply};
use crate::settings::{AcceptedVideo, AfterError, UploadOrder, VideoPk};
use crate::state::{INCOMPLETE, PENDING, REVIEW, Request, State, VIDEO_ERROR};

/// Whether evidence is taken in this status.
fn open(state: &State, status: &str) -> bool {
    match status {
        PENDING | INCOMPLETE => true,
        VIDEO_ERROR => state.settings.upload_after_error == AfterError::Accept,
        REVIEW => state.settings.upload_in_review,
        _ => false,
    }
}

/// Where the request stands now that a piece came.
fn advance(state: &mut State, pk: u64, by: &str) {
    let Some(request) = state.requests.get_mut(&pk) else { return };
    let Some(videoid) = &request.videoid else { return };
    let complete = videoid.data.is_some() && videoid.video.is_some();
    if complete {
        user::adopt(request);
    }
    let status = if complete { REVIEW.to_owned() } else { state.settings.partial_status.clone() };
    state.set_status(pk, &status, by);
}

/// A failed upload may leave its mark, if the settings say so.
fn failed(app: &App, pk: u64, by: &str) {
    let mut world = app.world();
    if let Some(status) = world.state.settings.bad_upload_status.clone() {
        world.state.set_status(pk, &status, by);
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
        let videoid = request.videoid.as_ref().ok_or_else(no_request)?;
        if request.is_eidas() {
            return Err(denied());
        }
        if world.state.settings.upload_order == UploadOrder::VideoFirst && videoid.video.is_none() {
            return Err(wrong_status());
        }
        if !open(&world.state, &request.status) {
            return Err(wrong_status());
        }
        request.pk
    };
    let settings = app.world().state.settings.clone();
    let checked = evidence::check(&evidence.body).and_then(|()| evidence::check_types(&evidence.body, &settings));
    if let Err(error) = checked {
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
    if evidence.images.values().any(|image| settings.image_limit_bytes.is_some_and(|limit| image.bytes > limit)) {
        failed(app, pk, BY);
        return Err(too_large());
    }
    let mut world = app.world();
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
    advance(&mut world.state, pk, BY);
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "200 OK"})))
}

const UPLOAD_VIDEO: &str = "upload_video";

/// Error form 4.
fn upload_error(description: &str) -> Reply {
    Reply::json(400, &json!({"title": "Upload Video Error", "description": description}))
}

/// `POST {upload host}/v1/upload/video/{video_identifier}/`.
pub(super) fn upload_video(app: &App, id: &str, video: &Video) -> Reply {
    match take_video(app, id, video) {
        Ok(reply) => reply,
        Err((pk, reply)) => {
            if let Ok(blob) = &video.file {
                app.files.remove(blob);
            }
            if let Some(pk) = pk {
                failed(app, pk, UPLOAD_VIDEO);
            }
            reply
        }
    }
}

/// A refusal comes with the request that it marks, where it marks one.
fn take_video(app: &App, id: &str, video: &Video) -> Result<Reply, (Option<u64>, Reply)> {
    let mut world = app.world();
    let unknown = || (None, Reply::json(404, &json!({"title": "Upload Video Error", "description": "Video identifier not found"})));
    let pk = world.state.by_identifier(id).ok_or_else(unknown)?;
    let settings = world.state.settings.clone();
    let request = world.state.requests.get(&pk).ok_or_else(unknown)?;
    if request.is_eidas() {
        return Err((
            None,
            Reply::json(403, &json!({"title": "Upload Video Error", "description": "External authentication is not enabled"})),
        ));
    }
    let blob = match &video.file {
        Ok(blob) => blob.clone(),
        Err(error) => return Err((Some(pk), upload_error(error))),
    };
    if let (Some(defect), AcceptedVideo::Mp4) = (video.defect, settings.accepted_video) {
        return Err((Some(pk), upload_error(defect)));
    }
    if settings.video_limit_bytes.is_some_and(|limit| blob.bytes > limit) {
        return Err((Some(pk), too_large()));
    }
    let in_order =
        settings.upload_order != UploadOrder::EvidenceFirst || request.videoid.as_ref().is_some_and(|videoid| videoid.data.is_some());
    if !in_order || !open(&world.state, &request.status) {
        return Err((None, upload_error("Invalid request status")));
    }
    let videoid = world.state.requests.get_mut(&pk).and_then(|request| request.videoid.as_mut()).ok_or_else(unknown)?;
    if let Some(former) = videoid.video.replace(blob) {
        app.files.remove(&former);
    }
    advance(&mut world.state, pk, UPLOAD_VIDEO);
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "200 OK"})))
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
