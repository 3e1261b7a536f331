//! eIDAS VideoID: what the user does on the vendor's page, and what the vendor's operator does after.

use serde_json::{Map, Value, json};

use super::officer::{REFUSED, refused};
use super::{profiles, requests, update};
use crate::app::App;
use crate::files::Blob;
use crate::media::synthetic;
use crate::reply::Reply;
use crate::settings::OperatorResult;
use crate::state::{CREATED, ENROLLREADY, INCOMPLETE, ISSUED, PENDING, REVIEW, Request, State, VIDEO_ERROR};

/// Why the user or the operator cannot do that.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    NoRequest,
    /// An action that does not exist.
    Action,
    /// Not in this status, or not in this flow.
    Status,
}

/// The address of the user's page; empty where the caller brings the evidence.
pub(crate) fn link(app: &App, token: Option<&String>) -> String {
    let origin = app.origin.get().map_or("", String::as_str);
    token.map(|token| format!("{origin}/lcmpl/videoid/{token}")).unwrap_or_default()
}

fn may_identify(request: &Request) -> bool {
    request.is_eidas() && matches!(request.status.as_str(), PENDING | INCOMPLETE | VIDEO_ERROR)
}

/// The user finishes, leaves or fails; or enrols at the end.
pub(crate) fn act(app: &App, pk: u64, action: &str) -> Result<(), Refused> {
    let images = if action == "finish" { Some(pictures(app)) } else { None };
    let mut world = app.world();
    let result = apply(app, &mut world.state, pk, action, images.as_deref().unwrap_or_default());
    if result.is_err() {
        for (_, blob) in images.into_iter().flatten() {
            app.files.remove(&blob);
        }
    }
    app.save(&world);
    result
}

fn apply(app: &App, state: &mut State, pk: u64, action: &str, images: &[(String, Blob)]) -> Result<(), Refused> {
    let now = state.now();
    let request = state.requests.get_mut(&pk).ok_or(Refused::NoRequest)?;
    let status = match action {
        "enrol" if request.status == ENROLLREADY => ISSUED,
        "enrol" => return Err(Refused::Status),
        "finish" | "leave" | "fail" if !may_identify(request) => return Err(Refused::Status),
        "finish" => {
            identify(app, request, images, now);
            REVIEW
        }
        "leave" => INCOMPLETE,
        "fail" => VIDEO_ERROR,
        _ => return Err(Refused::Action),
    };
    state.set_status(pk, status, "user");
    Ok(())
}

/// Four small pictures and a video, as the page would have taken them.
fn pictures(app: &App) -> Vec<(String, Blob)> {
    let files = [
        ("document_front", synthetic::jpeg(2000), "jpeg"),
        ("document_owner", synthetic::jpeg(2000), "jpeg"),
        ("document_photo", synthetic::jpeg(1000), "jpeg"),
        ("document_rear", synthetic::jpeg(2000), "jpeg"),
        ("video", synthetic::mp4(4000), "mp4"),
    ];
    let store = |(name, content, kind): (&str, Vec<u8>, &str)| {
        let mut writer = app.files.writer(name != "video" || !app.discard_uploads).ok()?;
        writer.write(&content).ok()?;
        Some((name.to_owned(), writer.finish(kind).ok()?))
    };
    files.into_iter().filter_map(store).collect()
}

/// The evidence of the page: the identity that create named, completed by that of the fictitious holder.
fn identify(app: &App, request: &mut Request, files: &[(String, Blob)], now: i64) {
    const HOLDER: [(&str, &str); 6] = [
        ("given_name", "ANNA MARIA"),
        ("surname_1", "ERIKSSON"),
        ("serial_number", "L898902C3"),
        ("birth_date", "12/08/1974"),
        ("id_document_type", "IDC"),
        ("id_document_country", "UT"),
    ];
    let mut ocr = Map::new();
    for name in update::FROM_VIDEO {
        let known = HOLDER.into_iter().find(|(holder, _)| *holder == name).map(|(_, value)| value.to_owned());
        let value = Some(request.field(name)).filter(|value| !value.is_empty()).or(known);
        if let Some(value) = value {
            ocr.insert(name.to_owned(), json!(value));
        }
    }
    ocr.insert("id_document_validity".into(), json!("15/04/2032"));
    let Some(videoid) = &mut request.videoid else { return };
    videoid.acceptance = json!({"description": "User accepts", "ip": "127.0.0.1", "date": now * 1000});
    videoid.data = Some(json!({
        "ocr_data": ocr,
        "security_checks": {
            "otp_validation": true, "documents_match": true, "data_integrity": true, "document_notcopy": true,
            "document_notexpired": true, "document_notunderage": true, "liveliness": true,
        },
        "similarity_level": "high",
    }));
    for (name, blob) in files {
        let former = if name == "video" { videoid.video.replace(blob.clone()) } else { videoid.images.insert(name.clone(), blob.clone()) };
        if let Some(former) = former {
            app.files.remove(&former);
        }
    }
    adopt(request);
}

/// A VideoID request gets from the video what create left out.
pub(super) fn adopt(request: &mut Request) {
    let data = request.videoid.as_ref().and_then(|videoid| videoid.data.as_ref());
    let Some(ocr) = data.and_then(|data| data.get("ocr_data")).cloned() else { return };
    for name in update::FROM_VIDEO {
        if let (true, Some(Value::String(value))) = (request.field(name).is_empty(), ocr.get(name)) {
            request.fields.insert(name.to_owned(), json!(value));
        }
    }
}

/// The vendor's operator validates or refuses.
pub(crate) fn operate(app: &App, pk: u64, action: &str, reason: &str) -> Result<(), Refused> {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let request = world.state.requests.get_mut(&pk).ok_or(Refused::NoRequest)?;
    if !matches!(action, "validate" | "refuse") {
        return Err(Refused::Action);
    }
    if !request.is_eidas() || request.status != REVIEW || refused(request) {
        return Err(Refused::Status);
    }
    let natural = profiles::natural_person(request);
    let videoid = request.videoid.as_mut().ok_or(Refused::Status)?;
    videoid.operator = requests::operator();
    if action == "refuse" {
        REFUSED.clone_into(&mut videoid.status);
        reason.clone_into(&mut videoid.refusal_reason);
        world.state.set_status(pk, &settings.status_after_refusal, "operator");
    } else {
        "VALIDATED".clone_into(&mut videoid.status);
        let ready = match settings.operator_result {
            OperatorResult::ByProfile => natural,
            OperatorResult::Enrollready => true,
            OperatorResult::Created => false,
        };
        if ready {
            request.approved_by = Some("operator".to_owned());
        }
        world.state.set_status(pk, if ready { ENROLLREADY } else { CREATED }, "operator");
    }
    app.save(&world);
    Ok(())
}

/// The page behind the link: a form, and what came of it.
pub(crate) fn page(app: &App, token: &str, post: bool, action: &str) -> Reply {
    let Some(pk) = app.world().state.by_link(token) else { return Reply::not_found_page() };
    let result = if post { act(app, pk, action) } else { Ok(()) };
    let world = app.world();
    let Some(request) = world.state.requests.get(&pk) else { return Reply::not_found_page() };
    let (status, told) = match (post, result) {
        (false, _) => (200, ""),
        (true, Ok(())) => (200, "<p>Thank you.</p>"),
        (true, Err(Refused::Action)) => (400, "<p>There is no such answer.</p>"),
        (true, Err(_)) => (409, "<p>This is not possible any more.</p>"),
    };
    let buttons = if may_identify(request) {
        "<form method=\"post\">\n<button name=\"action\" value=\"finish\">Finish</button>\n<button name=\"action\" value=\"leave\">Leave</button>\n<button name=\"action\" value=\"fail\">Fail</button>\n</form>"
    } else {
        "<p>There is nothing to do here.</p>"
    };
    // The status may be any word that a test forced.
    let shown: String = request.status.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
    Reply::page(
        status,
        "Video identification (sandbox)",
        &format!("Request {pk}: <strong id=\"status\">{shown}</strong></p>\n{told}\n{buttons}\n<p>Nobody is filmed here."),
    )
}
