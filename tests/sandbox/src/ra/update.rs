//! A request's fields: changed, checked against its profile; and the check of contact data.

use serde_json::{Value, json};

use super::requests::{self, FIELDS, Show};
use super::{Answer, bad_card, bad_fields, bad_ra, create, find, no_ra, profiles, required, text, wrong_status};
use crate::app::App;
use crate::reply::Reply;
use crate::settings::{ContactData, PhoneCheck, UpdateRequires, VideoFields};
use crate::state::{RA_ID, REVIEW, Request};

/// What the video shows of its holder: once it is there, these fields stay.
pub(super) const FROM_VIDEO: [&str; 7] =
    ["given_name", "surname_1", "surname_2", "serial_number", "birth_date", "id_document_type", "id_document_country"];

/// Fields of create that an update leaves alone.
const FIXED: [&str; 4] = ["scratchcard", "registration_authority", "videoid_mode", "paperless_mode"];

/// `PUT /requests/{id}/`: changes what the body names and leaves the rest.
pub(super) fn update(app: &App, id: &str, body: &Value) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let request = find(&mut world, id)?;
    let sent = body.as_object().ok_or_else(|| Reply::detail(400, "Invalid data. Expected a dictionary."))?;
    if settings.update_requires == UpdateRequires::All {
        required(body, ["profile", "scratchcard", "registration_authority", "email", "country_name"])?;
    }
    if let Some(ra) = text(body, "registration_authority") {
        if ra.parse::<u64>().is_err() {
            return Err(bad_ra(&ra));
        }
        if ra != RA_ID {
            return Err(no_ra());
        }
    }
    if text(body, "scratchcard").is_some_and(|card| card != request.field("scratchcard")) {
        return Err(bad_card());
    }
    if request.is_settled() || (request.status == REVIEW && !settings.update_in_review) {
        return Err(wrong_status());
    }
    let mut wrong = Vec::new();
    if text(body, "email").is_some_and(|email| !email.contains('@')) {
        wrong.push("email");
    }
    if settings.phone_check == PhoneCheck::Create && text(body, "mobile_phone_number").is_some_and(|phone| !create::has_prefix(&phone)) {
        wrong.push("mobile_phone_number");
    }
    let seen = request.videoid.as_ref().is_some_and(|videoid| videoid.data.is_some());
    let kept = |name: &str| seen && FROM_VIDEO.contains(&name);
    if settings.update_video_fields == VideoFields::Refused {
        let changed = |name: &&str| text(body, name).is_some_and(|value| kept(name) && value != request.field(name));
        wrong.extend(FROM_VIDEO.into_iter().filter(changed));
    }
    if !wrong.is_empty() {
        return Err(bad_fields(&wrong));
    }
    for (name, value) in sent {
        let name = name.as_str();
        if FIELDS.contains(&name) && !FIXED.contains(&name) && !value.is_null() && !kept(name) {
            request.fields.insert(name.to_owned(), if name == "validity_time" { json!(text(body, name)) } else { value.clone() });
        }
    }
    let answer = requests::render(app, &settings, request, &Show::ALL).reply(200);
    app.save(&world);
    Ok(answer)
}

/// The fields that the profile requires and the request lacks.
pub(super) fn missing(request: &Request) -> Vec<&'static str> {
    profiles::required(&request.field("profile")).into_iter().filter(|name| request.field(name).is_empty()).collect()
}

/// `GET …/validate/`: an array of pairs, empty where all is well.
pub(super) fn check(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let request = find(&mut world, id)?;
    let mut pairs: Vec<Value> = missing(request).into_iter().map(|name| json!([name, "missing"])).collect();
    let phone = request.field("mobile_phone_number");
    if !phone.is_empty() && !create::has_prefix(&phone) {
        pairs.push(json!(["mobile_phone_number", "invalid"]));
    }
    Ok(Reply::json(200, &Value::Array(pairs)))
}

/// `POST /requests/check_contact_data_limits/`: "ko" is an answer with 200.
pub(super) fn contact_data(app: &App, body: &Value) -> Answer {
    let [ra] = required(body, ["registration_authority"])?;
    if ra.parse::<u64>().is_err() {
        return Err(bad_ra(&ra));
    }
    if ra != RA_ID {
        return Err(no_ra());
    }
    let world = app.world();
    let taken = match world.state.settings.contact_data {
        ContactData::Ok => false,
        ContactData::Ko => true,
        ContactData::ByState => {
            let holder = text(body, "serial_number").unwrap_or_default();
            world.state.requests.values().any(|request| {
                let same = |name: &str| text(body, name).is_some_and(|value| value == request.field(name));
                request.status != crate::state::CANCELLED
                    && request.field("serial_number") != holder
                    && (same("email") || same("mobile_phone_number"))
            })
        }
    };
    let (result, reason) = if taken { ("ko", "Contact data used by another holder") } else { ("ok", "") };
    let ra: u64 = RA_ID.parse().unwrap_or_default();
    Ok(Reply::json(200, &json!({"result": result, "reason": reason, "registration_authority": ra})))
}
