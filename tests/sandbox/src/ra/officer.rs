//! What the officer does: validate, refuse, approve; and the link that follows.

use serde_json::{Value, json};

use super::requests::{self, Document, Show};
use super::{Answer, bad_fields, create, denied, find, no_request_and_no_text, officer, profiles, required, update, videoid, wrong_status};
use crate::app::App;
use crate::reply::Reply;
use crate::settings::{PhoneCheck, SecondLink, Settings};
use crate::state::{CREATED, Card, ENROLLREADY, REVIEW, Request, World, uuid};

pub(super) const REFUSED: &str = "REFUSED";

pub(super) fn refused(request: &Request) -> bool {
    request.videoid.as_ref().is_some_and(|videoid| videoid.status == REFUSED)
}

/// The secrets of the card with the request, as validate and approve answer.
fn secrets_and_request(app: &App, settings: &Settings, card: Option<&Card>, request: &Request) -> Reply {
    let secrets = card.map(|card| json!({"puk": card.puk, "enrollment_code": card.enrollment_code, "pin": card.pin, "erc": card.erc}));
    let mut document = Document::new();
    let request = requests::object(app, settings, request, &Show::ALL, &mut document);
    document.value = json!({"secrets": secrets, "request": request});
    document.reply(200)
}

fn card(world: &World, pk: u64) -> Option<Card> {
    world.state.cards.iter().find(|card| card.pk == pk).cloned()
}

/// `POST …/validate_videoid/`.
pub(super) fn validate(app: &App, id: &str, body: &Value) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let rao = officer(body, &settings)?;
    let request = find(&mut world, id)?;
    if request.is_eidas() {
        // The vendor's operator does it.
        return Err(denied());
    }
    if request.status != REVIEW || refused(request) {
        return Err(wrong_status());
    }
    let Some(videoid) = &mut request.videoid else { return Err(wrong_status()) };
    "VALIDATED".clone_into(&mut videoid.status);
    videoid.operator = requests::operator();
    let ready = settings.validation_steps == 1;
    if ready {
        request.approved_by = Some(rao);
    }
    let pk = request.pk;
    world.state.set_status(pk, if ready { ENROLLREADY } else { CREATED }, "validate_videoid");
    let request = find(&mut world, id)?.clone();
    app.save(&world);
    Ok(secrets_and_request(app, &settings, card(&world, request.card_pk).as_ref(), &request))
}

/// `POST …/refuse_videoid/`.
pub(super) fn refuse(app: &App, id: &str, body: &Value) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    officer(body, &settings)?;
    let [reason] = required(body, ["reason"]).map_err(|_| Reply::detail(400, "No reason specified"))?;
    let request = find(&mut world, id)?;
    if request.is_eidas() {
        return Err(denied());
    }
    if request.status != REVIEW || refused(request) {
        return Err(wrong_status());
    }
    let Some(videoid) = &mut request.videoid else { return Err(wrong_status()) };
    REFUSED.clone_into(&mut videoid.status);
    videoid.refusal_reason.clone_from(&reason);
    videoid.operator = requests::operator();
    let pk = request.pk;
    world.state.set_status(pk, &settings.status_after_refusal, "refuse_videoid");
    app.save(&world);
    Ok(Reply::json(200, &json!({"videoid_status": REFUSED, "reason": reason})))
}

/// `POST …/pl_approve/`.
pub(super) fn approve(app: &App, id: &str, body: &Value) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let rao = officer(body, &settings)?;
    let request = find(&mut world, id).map_err(|_| no_request_and_no_text())?;
    let in_time = request.status == CREATED || (request.status == REVIEW && settings.approve_in_review && !request.is_eidas());
    if !in_time || refused(request) {
        return Err(wrong_status());
    }
    let phone = request.fields.get("mobile_phone_number").and_then(Value::as_str);
    if settings.phone_check == PhoneCheck::Approve && !phone.is_some_and(create::has_prefix) {
        return Err(create::bad_phone());
    }
    let missing = if settings.approve_checks_fields { update::missing(request) } else { Vec::new() };
    if !missing.is_empty() {
        return Err(bad_fields(&missing));
    }
    let uploaded = |name: &str| request.documents.iter().any(|document| document.kind == name);
    let has = |name: &str| uploaded(name) || request.videoid.as_ref().is_some_and(|videoid| videoid.images.contains_key(name));
    // What the operator handed back: papers that show the organisation.
    let papers = settings.approve_needs_evidence && request.is_eidas() && !profiles::natural_person(request);
    let rear = has("document_rear") || videoid::document_type(request) == "PAS";
    if !(has("document_front") && has("document_owner") && rear) || (papers && !uploaded("videoid_evidence")) {
        return Err(Reply::json(400, &json!({"error": "Missing required docs"})));
    }
    request.approved_by = Some(rao);
    let pk = request.pk;
    world.state.set_status(pk, ENROLLREADY, "approve_request");
    let request = find(&mut world, id)?.clone();
    app.save(&world);
    Ok(secrets_and_request(app, &settings, card(&world, request.card_pk).as_ref(), &request))
}

/// `POST …/preauthlink/`.
pub(super) fn preauth_link(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let rule = world.state.settings.preauth_second_call;
    let request = find(&mut world, id)?;
    if request.status != ENROLLREADY {
        return Err(denied());
    }
    let token = match (&request.preauth, rule) {
        (Some(token), SecondLink::Same) => token.clone(),
        (Some(_), SecondLink::Refused) => return Err(denied()),
        _ => uuid(),
    };
    request.preauth = Some(token.clone());
    app.save(&world);
    let link = format!("https://cms.sandbox.example.invalid/lcmpl/enrollment/auth/{token}");
    Ok(Reply::json(200, &json!({"preauthenticatedlink": link})))
}
