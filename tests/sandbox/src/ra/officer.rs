//! What the officer does: validate, refuse, approve; and the link that follows.

use serde_json::{Value, json};

use super::requests::{self, Document, Show};
use super::{Answer, create, find, officer, required, videoid, wrong_status};
use crate::app::App;
use crate::reply::Reply;
use crate::settings::{PhoneCheck, SecondLink, Settings};
use crate::state::{CREATED, Card, ENROLLREADY, REVIEW, Request, World, uuid};

const REFUSED: &str = "REFUSED";

fn refused(request: &Request) -> bool {
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
    let now = world.state.now();
    let rao = officer(body, &settings)?;
    let request = find(&mut world, id)?;
    if request.status != REVIEW || refused(request) {
        return Err(wrong_status());
    }
    let Some(videoid) = &mut request.videoid else { return Err(wrong_status()) };
    "VALIDATED".clone_into(&mut videoid.status);
    videoid.operator = requests::operator();
    if settings.validation_steps == 1 {
        request.approved_by = Some(rao);
        request.set_status(ENROLLREADY, "validate_videoid", now);
    } else {
        request.set_status(CREATED, "validate_videoid", now);
    }
    let request = request.clone();
    app.save(&world);
    Ok(secrets_and_request(app, &settings, card(&world, request.card_pk).as_ref(), &request))
}

/// `POST …/refuse_videoid/`.
pub(super) fn refuse(app: &App, id: &str, body: &Value) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let now = world.state.now();
    officer(body, &settings)?;
    let [reason] = required(body, ["reason"]).map_err(|_| Reply::detail(400, "No reason specified"))?;
    let request = find(&mut world, id)?;
    if request.status != REVIEW || refused(request) {
        return Err(wrong_status());
    }
    let Some(videoid) = &mut request.videoid else { return Err(wrong_status()) };
    REFUSED.clone_into(&mut videoid.status);
    videoid.refusal_reason.clone_from(&reason);
    videoid.operator = requests::operator();
    request.set_status(&settings.status_after_refusal, "refuse_videoid", now);
    app.save(&world);
    Ok(Reply::json(200, &json!({"videoid_status": REFUSED, "reason": reason})))
}

/// `POST …/pl_approve/`.
pub(super) fn approve(app: &App, id: &str, body: &Value) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let now = world.state.now();
    let rao = officer(body, &settings)?;
    let request = find(&mut world, id)?;
    let in_time = request.status == CREATED || (request.status == REVIEW && settings.approve_in_review);
    if !in_time || refused(request) {
        return Err(wrong_status());
    }
    let phone = request.fields.get("mobile_phone_number").and_then(Value::as_str);
    if settings.phone_check == PhoneCheck::Approve && !phone.is_some_and(create::has_prefix) {
        return Err(create::bad_phone());
    }
    let has = |name: &str| request.videoid.as_ref().is_some_and(|videoid| videoid.images.contains_key(name));
    let rear = has("document_rear") || videoid::document_type(request) == "PAS";
    if !(has("document_front") && has("document_owner") && rear) {
        return Err(Reply::json(400, &json!({"error": "Missing required docs"})));
    }
    request.approved_by = Some(rao);
    request.set_status(ENROLLREADY, "approve_request", now);
    let request = request.clone();
    app.save(&world);
    Ok(secrets_and_request(app, &settings, card(&world, request.card_pk).as_ref(), &request))
}

/// `POST …/preauthlink/`.
pub(super) fn preauth_link(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let rule = world.state.settings.preauth_second_call;
    let request = find(&mut world, id)?;
    let denied = || Reply::detail(403, "You do not have permission to perform this action.");
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
