//! Officers, tokens and billing.

use serde_json::Value;

use super::answer::Failure;
use super::settings::Settings;
use super::state::{BILLING_PASSWORD, BILLING_USERNAME, DEMO_USERNAME, State, plain};
use super::text;
use crate::state::{RAO_ID, RAO_PASSWORD, RAO_PIN, RAO_USERNAME};

/// Whether there is an officer of this user name.
pub(super) fn known(username: &str) -> bool {
    matches!(username, RAO_USERNAME | DEMO_USERNAME)
}

/// Checks the officer's credentials: a token, or user name, password and PIN. `rao`: the officer's id is needed too.
pub(super) fn officer(state: &State, body: &Value, rao: bool) -> Result<String, Failure> {
    let incomplete = || Failure::new(400, "Incomplete credentials: token, or username, password and pin, and the RAO id are needed");
    let token = match text(body, "token") {
        Some(uid) => Some(state.tokens.get(&plain(&uid)).ok_or_else(|| Failure::new(404, "Token not found"))?),
        None => None,
    };
    let username = token.map(|token| token.username.clone()).or_else(|| text(body, "username"));
    // What the token does not hold comes with the call.
    let password = token.and_then(|token| token.password.clone()).or_else(|| text(body, "password"));
    let pin = token.and_then(|token| token.pin.clone()).or_else(|| text(body, "pin"));
    let (Some(username), Some(password), Some(pin)) = (username, password, pin) else { return Err(incomplete()) };
    // The guide's earlier samples write `rao_id`.
    let id = text(body, "rao").or_else(|| text(body, "rao_id"));
    if rao && id.is_none() {
        return Err(incomplete());
    }
    let right = known(&username) && password == RAO_PASSWORD && pin == RAO_PIN && id.is_none_or(|id| id == RAO_ID);
    if right { Ok(RAO_ID.to_owned()) } else { Err(Failure::new(403, "Invalid RAO credentials")) }
}

/// Checks the billing credentials: the password travels in Base64.
pub(super) fn billing(settings: &Settings, username: &str, password: &str) -> Result<(), Failure> {
    if settings.credit_check_fails {
        return Err(Failure::new(500, "Cannot check the remaining credit for the billing user"));
    }
    if username == BILLING_USERNAME && password == base64_simd::STANDARD.encode_to_string(BILLING_PASSWORD) {
        Ok(())
    } else {
        Err(Failure::new(500, "Billing credentials not valid. Please check if they are base64 encoded"))
    }
}
