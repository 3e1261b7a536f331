//! Requests as they are read, changed and cancelled.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Dialect, Failure, Success};
use super::settings::AfterCancel;
use super::state::Request;
use super::{Call, change, find, no_request, pk, text, wrong_status};
use crate::app::App;
use crate::ra::{Document, FIELDS};
use crate::state::{CANCELLED, ENROLLREADY, INCOMPLETE, ISSUED, PENDING, RAO_ID, VIDEO_ERROR, dashed};

fn officer() -> Value {
    json!({"pk": RAO_ID.parse::<u64>().unwrap_or_default(), "given_name": "SANDBOX", "surname_1": "OFFICER", "is_identificator": true})
}

fn videoid(app: &App, request: &Request, document: &mut Document) -> Value {
    let Some(videoid) = &request.videoid else { return Value::Null };
    let mut images = Map::new();
    for (name, blob) in &videoid.images {
        images.insert(name.clone(), document.image(app, blob));
    }
    let sent = videoid.data.clone().unwrap_or_else(|| json!({}));
    let mut data = sent.as_object().cloned().unwrap_or_default();
    // Read back, the checks are pairs of a label and a value.
    let checks = sent["security_checks"].as_object().into_iter().flatten();
    let checks: Vec<Value> = checks.map(|(name, value)| json!([name.replace('_', " "), value])).collect();
    data.insert("security_checks".into(), json!(checks));
    data.insert("images".into(), Value::Object(images));
    json!({
        "pk": videoid.pk,
        "status": videoid.status,
        "provider": 2,
        "videoid_link": request.videoid_link,
        "requests": [request.pk],
        "refusal_reason": videoid.refusal_reason,
        "data": data,
        "video_identifier": dashed(&videoid.identifier),
        "validation_services": {},
        "acceptance": if videoid.acceptance.is_null() { json!({}) } else { videoid.acceptance.clone() },
        "validation_operator": videoid.operator,
    })
}

/// The flat request object.
fn object(app: &App, request: &Request, document: &mut Document) -> Value {
    let mut map: Map<String, Value> = FIELDS.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    map.extend(request.fields.clone());
    map.insert("pk".into(), json!(request.pk));
    map.insert("status".into(), json!(request.status));
    map.insert("certificate_set".into(), json!(request.certificate.iter().collect::<Vec<_>>()));
    map.insert("configuration_data".into(), json!({}));
    map.insert("approving_rao".into(), request.approved_by.as_ref().map_or(Value::Null, |_| officer()));
    map.insert("videoid_data".into(), videoid(app, request, document));
    Value::Object(map)
}

pub(super) fn get(app: &App, call: &Call<'_>) -> Answer {
    let mut world = app.world();
    let key = world.state.settings.one_shot.data_key;
    let request = find(&mut world, call).map_err(|_| Failure::NotFound("Request not found".to_owned()))?;
    let mut document = Document::new();
    let object = object(app, request, &mut document);
    document.value = match call.dialect {
        Dialect::Legacy => json!({"status": "200 OK", "details": object}),
        Dialect::Current => {
            json!({"status": "success", serde_json::to_value(key).ok().as_ref().and_then(Value::as_str).unwrap_or("detail"): object})
        }
    };
    Ok(Success::Raw(document.reply(200)))
}

/// What identification found out is not changed by hand afterwards.
const IDENTIFIED: [&str; 6] = ["given_name", "surname_1", "surname_2", "serial_number", "id_document_type", "id_document_country"];

pub(super) fn update(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    const MISSING: &str = "Missing required parameters";
    let mut world = app.world();
    let now = world.state.now();
    let settings = world.state.settings.one_shot.clone();
    let request = find(&mut world, call)?;
    for name in ["scratchcard", "email", "registration_authority", "profile", "country_name"] {
        if text(body, name).is_none() {
            return Err(Failure::missing(name, MISSING));
        }
    }
    if matches!(request.status.as_str(), ENROLLREADY | ISSUED | CANCELLED | "RENEWED") {
        return Err(wrong_status());
    }
    let same = |name: &str| text(body, name) == text(&Value::Object(request.fields.clone()), name);
    if !same("scratchcard") || !same("registration_authority") {
        let what = if same("scratchcard") { "RegistrationAuthority matching query does not exist." } else { "Invalid ScratchCard" };
        let inner = json!({"code": "500", "id": format!("{:016x}", fastrand::u64(..)), "error": what});
        return Err(Failure::new(500, format!("Error updating request: {inner}")));
    }
    let identified = request.videoid.as_ref().is_some_and(|videoid| videoid.data.is_some());
    let fixed: Vec<&str> = IDENTIFIED.into_iter().filter(|name| identified && text(body, name).is_some() && !same(name)).collect();
    if !fixed.is_empty() {
        return Err(Failure::new(412, format!("Invalid request fields: {}", fixed.join(", "))));
    }
    for (name, value) in body.as_object().into_iter().flatten() {
        if FIELDS.contains(&name.as_str())
            && !matches!(name.as_str(), "scratchcard" | "registration_authority" | "videoid_mode" | "paperless_mode")
        {
            request.fields.insert(name.clone(), value.clone());
        }
    }
    if settings.update_reopens && matches!(request.status.as_str(), INCOMPLETE | VIDEO_ERROR) {
        change(app, request, &settings, PENDING, "update_request", now);
    }
    app.save(&world);
    Ok(Success::Text("Request updated".to_owned()))
}

/// Removes the Optimizer's folder of the request; what is not issued yet is cancelled.
pub(super) fn cancel(app: &App, call: &Call<'_>) -> Answer {
    let mut world = app.world();
    let now = world.state.now();
    let settings = world.state.settings.one_shot.clone();
    let request = find(&mut world, call)?;
    if request.status == CANCELLED {
        return Err(no_request());
    }
    for document in std::mem::take(&mut request.documents).values() {
        for blob in document.original.iter().chain(&document.signed) {
            app.files.remove(blob);
        }
    }
    if !matches!(request.status.as_str(), ISSUED | "RENEWED") {
        change(app, request, &settings, CANCELLED, "cancel_request", now);
    }
    request.gone = settings.after_cancel == AfterCancel::Gone;
    app.save(&world);
    Ok(Success::Text("Request directory removed successfully".to_owned()))
}

pub(super) fn async_status(app: &App, call: &Call<'_>) -> Answer {
    let world = app.world();
    let request = pk(&world, call).and_then(|pk| world.state.one_shot.requests.get(&pk));
    let asynchronous = request.and_then(|request| request.asynchronous.as_ref());
    asynchronous
        .map(|asynchronous| Success::Data(json!(asynchronous.status)))
        .ok_or_else(|| Failure::NotFound("Request not found".to_owned()))
}
