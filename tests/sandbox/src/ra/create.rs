//! `POST /requests/`: a scratchcard becomes a request.

use serde_json::{Map, Value, json};

use super::requests::FIELDS;
use super::{Answer, bad_card, bad_fields, bad_ra, no_ra, no_request, requests, required, text};
use crate::app::App;
use crate::reply::Reply;
use crate::settings::{PhoneCheck, UsedCard};
use crate::state::{CREATED, PENDING, RA_ID, Request, uuid};

/// `1`, `"1"` and `true` all switch a mode on.
fn switched_on(body: &Value, name: &str) -> bool {
    match body.get(name) {
        Some(Value::Bool(on)) => *on,
        Some(Value::Number(number)) => number.as_i64() == Some(1),
        Some(Value::String(text)) => matches!(text.as_str(), "1" | "true"),
        _ => false,
    }
}

/// A phone number with international prefix: `+` or `00`, then digits.
pub(super) fn has_prefix(phone: &str) -> bool {
    let digits = phone.strip_prefix('+').or_else(|| phone.strip_prefix("00")).unwrap_or_default();
    digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
}

pub(super) fn bad_phone() -> Reply {
    bad_fields(&["mobile_phone_number"])
}

pub(super) fn create(app: &App, body: &Value) -> Answer {
    let sent = body.as_object().ok_or_else(|| Reply::detail(400, "Invalid data. Expected a dictionary."))?;
    let [_, scratchcard, ra, email] = required(body, ["profile", "scratchcard", "registration_authority", "email"])?;
    if !email.contains('@') {
        return Err(bad_fields(&["email"]));
    }
    if ra.parse::<u64>().is_err() {
        return Err(bad_ra(&ra));
    }
    if ra != RA_ID {
        return Err(no_ra());
    }
    let videoid = switched_on(body, "videoid_mode");
    let mut fields: Map<String, Value> = Map::new();
    for (name, value) in sent {
        if FIELDS.contains(&name.as_str()) && !value.is_null() {
            fields.insert(name.clone(), value.clone());
        }
    }
    fields.insert("videoid_mode".into(), json!(videoid));
    fields.insert("paperless_mode".into(), json!(switched_on(body, "paperless_mode")));
    fields.insert("scratchcard".into(), json!(scratchcard));
    fields.insert("registration_authority".into(), json!(ra.parse::<u64>().unwrap_or_default()));
    if let Some(days) = text(body, "validity_time") {
        fields.insert("validity_time".into(), json!(days));
    }
    let mut world = app.world();
    if world.state.settings.phone_check == PhoneCheck::Create && text(body, "mobile_phone_number").is_some_and(|phone| !has_prefix(&phone))
    {
        return Err(bad_phone());
    }
    let now = world.state.now();
    let rule = world.state.settings.used_card_answer;
    let Some(card) = world.state.cards.iter_mut().find(|card| card.sn == scratchcard) else { return Err(bad_card()) };
    if card.used {
        match rule {
            UsedCard::InvalidScratchcard => return Err(bad_card()),
            UsedCard::BadRequest => return Err(Reply::detail(400, "Scratchcard already used")),
            UsedCard::Accepted => {}
        }
    }
    card.used = true;
    let card_pk = card.pk;
    let pk = world.state.take_request_pk();
    let mut videoid = videoid.then(|| world.state.new_videoid());
    let eidas = !world.state.settings.external_auth;
    if let Some(videoid) = videoid.as_mut().filter(|_| eidas) {
        videoid.link = Some(uuid());
    }
    let status = if videoid.is_some() { PENDING } else { CREATED };
    world.state.requests.insert(pk, Request { pk, fields, card_pk, videoid, created: now, ..Request::default() });
    world.state.set_status(pk, status, "create_request");
    app.save(&world);
    let request = world.state.requests.get(&pk).ok_or_else(no_request)?;
    Ok(requests::render(app, &world.state.settings, request, &requests::Show::ALL).reply(201))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_told_from_local_numbers() {
        for good in ["+34600000000", "0034600000000", "+34 600 000 000"] {
            assert!(has_prefix(good), "{good}");
        }
        for bad in ["600000000", "+", "+34", "+34-600", "abc", ""] {
            assert!(!has_prefix(bad), "{bad}");
        }
    }
}
