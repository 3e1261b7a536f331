//! What comes after issuance: renewal, and unlocking the PIN.

use serde_json::{Value, json};

use super::{Answer, bad_parameters, find, text, wrong_status};
use crate::app::App;
use crate::reply::Reply;
use crate::settings::{RenewableAnswer, Settings};
use crate::state::{ENROLLREADY, ISSUED, Request, digits};

/// The documented reasons against a renewal: their codes, the words that the control API takes, and their texts.
pub(crate) const REFUSALS: [(u16, &str, &str); 10] = [
    (418, "invalid_parameters", "Invalid paramiters"),
    (419, "revoked", "Certificate revoked"),
    (420, "expired", "Certificate expired"),
    (421, "disabled_by_rao", "Renewal disabled by rao"),
    (422, "disabled_by_ra", "Renewal disabled by ra"),
    (423, "not_available", "Renewal not available"),
    (424, "maximum_renewals", "Maximum number of renewals reached"),
    (425, "maximum_age", "Maximum age reached"),
    (426, "not_enabled_by_rao", "Renewal not enabled by rao"),
    (427, "suspended", "Certificate suspended"),
];

/// Why a request cannot be renewed: what was ordered, else what its state says.
fn refusal(settings: &Settings, request: &Request, now: i64) -> Option<u16> {
    if let Some(code) = settings.renewal_refusal.or(request.renewal_refusal) {
        return Some(code);
    }
    match &request.certificate {
        _ if request.renewal_enabled == Some(false) => Some(421),
        None => Some(423),
        Some(_) if request.status != ISSUED => Some(423),
        Some(certificate) if certificate.to <= now => Some(420),
        Some(_) => None,
    }
}

fn words(code: u16) -> &'static str {
    REFUSALS.iter().find(|(known, ..)| *known == code).map_or("", |(_, _, text)| text)
}

/// `GET …/renewal_status/`.
pub(super) fn status(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let (settings, now) = (world.state.settings.clone(), world.state.now());
    let request = find(&mut world, id)?;
    let refusal = refusal(&settings, request, now);
    Ok(Reply::json(
        200,
        &json!({
            "request_is_renewable": refusal.is_none(),
            "renewal_enabled": request.renewal_enabled.unwrap_or(true),
            "reason": refusal.map_or("", words),
        }),
    ))
}

/// `POST …/enable_renewal/` and `…/disable_renewal/`. An id that is not there gets an empty text.
pub(super) fn switch(app: &App, id: &str, on: bool) -> Answer {
    let mut world = app.world();
    let request = find(&mut world, id).map_err(|_| super::no_request_and_no_text())?;
    if request.status == crate::state::CANCELLED {
        return Err(wrong_status());
    }
    request.renewal_enabled = Some(on);
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": if on { "Renewal enabled for request" } else { "Renewal disabled for request" }})))
}

/// `POST /requests/is_renewable/`. The field `erc` is taken as the card's `erc` or its enrollment code: the documents call it both.
pub(super) fn is_renewable(app: &App, body: &Value) -> Answer {
    let (Some(sn), Some(erc)) = (text(body, "scratchcard"), text(body, "erc")) else { return Err(bad_parameters()) };
    let world = app.world();
    let card = world.state.cards.iter().find(|card| card.sn == sn && (card.erc == erc || card.enrollment_code == erc));
    let card = card.ok_or_else(bad_parameters)?;
    let request = world.state.requests.values().find(|request| request.card_pk == card.pk).ok_or_else(bad_parameters)?;
    match refusal(&world.state.settings, request, world.state.now()) {
        None => Ok(match world.state.settings.is_renewable_answer {
            RenewableAnswer::Status => Reply::json(200, &json!({"status": "Certificate is renewable"})),
            RenewableAnswer::Empty => Reply::text(200, "application/json", ""),
        }),
        Some(code) => {
            // The only code that is shown as a number.
            let shown = if code == 422 { json!(code) } else { json!(code.to_string()) };
            Err(Reply::coded(412, &shown, words(code)))
        }
    }
}

/// `POST …/generate_otp_for_unlock/`.
pub(super) fn otp(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let request = find(&mut world, id)?;
    if !matches!(request.status.as_str(), ENROLLREADY | ISSUED) {
        return Err(wrong_status());
    }
    request.otp = Some(digits(6));
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "success", "message": "OTP sent via SMS"})))
}

/// `POST …/unlock_pin/`: the password works once.
pub(super) fn unlock(app: &App, id: &str, body: &Value) -> Answer {
    let invalid = || Reply::error(412, "412", "Invalid Request");
    let field = |name: &str| text(body, name).ok_or_else(invalid);
    let mut world = app.world();
    let request = find(&mut world, id)?.clone();
    let (sn, code, pin, otp) = (field("scratchcard")?, field("enrollment_code")?, field("newpin")?, field("otp")?);
    let Some(card) = world.state.cards.iter_mut().find(|card| card.sn == sn) else { return Err(super::bad_card()) };
    let right = card.pk == request.card_pk && card.enrollment_code == code && request.otp.as_deref() == Some(otp.as_str());
    if !right {
        return Err(invalid());
    }
    card.pin = pin;
    if let Some(request) = world.state.requests.get_mut(&request.pk) {
        request.otp = None;
    }
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "success", "message": "Pin unlocked successfully"})))
}
