//! Tokens: stored sets of officer credentials.

use serde_json::{Value, json};

use super::answer::{Answer, Dialect, Failure, Success};
use super::settings::TokenFlags;
use super::state::{DEMO_TOKEN, Token, plain, uid};
use super::{Call, credentials, text};
use crate::app::App;
use crate::state::RAO_ID;

fn show(token: &Token, dialect: Dialect, flags: TokenFlags) -> Value {
    let flag = |on: bool| if dialect == Dialect::Current && flags == TokenFlags::String { json!(on.to_string()) } else { json!(on) };
    let mut shown = json!({
        "username": token.username,
        "password": flag(token.password.is_some()),
        "pin": flag(token.pin.is_some()),
    });
    if dialect == Dialect::Current {
        shown["rao_id"] = json!(RAO_ID);
        shown["env"] = json!(token.env);
    }
    shown
}

pub(super) fn create(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    const MISSING: &str = "Missing required parameters";
    let username = text(body, "username").ok_or_else(|| Failure::missing("username", MISSING))?;
    let mut world = app.world();
    let state = &mut world.state.one_shot;
    let fallback = state.fallback("env").and_then(Value::as_str).map(str::to_owned);
    let env = match (text(body, "env").or(fallback), call.dialect) {
        (Some(env), _) => env,
        // Only Legacy marks it as required.
        (None, Dialect::Current) => "sandbox".to_owned(),
        (None, Dialect::Legacy) => return Err(Failure::missing("env", MISSING)),
    };
    if !matches!(env.as_str(), "sandbox" | "prod") {
        return Err(Failure::wrong("env", "Input should be 'sandbox' or 'prod'", "enum", "Invalid environment"));
    }
    if !credentials::known(&username) {
        return Err(Failure::new(404, "RAO ID not found"));
    }
    let token = Token { username, password: text(body, "password"), pin: text(body, "pin"), env, note: String::new() };
    let same = |other: &Token| {
        (&other.username, &other.password, &other.pin, &other.env) == (&token.username, &token.password, &token.pin, &token.env)
    };
    if state.tokens.values().any(same) {
        return Err(Failure::new(400, "A token with these credentials already exist!"));
    }
    let id = crate::state::uuid();
    state.tokens.insert(id.clone(), token);
    app.save(&world);
    Ok(Success::Own {
        legacy: (200, json!(id)),
        current: json!({"status": "success", "message": "Token created", "details": {"token_uid": uid(Dialect::Current, &id)}}),
    })
}

fn none() -> Failure {
    Failure::Status(404, "404 Not found".to_owned(), "Token not found".to_owned())
}

pub(super) fn get(app: &App, call: &Call<'_>, id: &str) -> Answer {
    let world = app.world();
    let token = world.state.one_shot.tokens.get(&plain(id)).ok_or_else(none)?;
    let shown = show(token, call.dialect, world.state.settings.one_shot.token_flags);
    Ok(Success::Own { legacy: (200, shown.clone()), current: json!({"status": "success", "details": shown}) })
}

pub(super) fn delete(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let id = plain(id);
    if id == DEMO_TOKEN {
        return Err(Failure::new(400, "The demo token cannot be deleted"));
    }
    world.state.one_shot.tokens.remove(&id).ok_or_else(none)?;
    app.save(&world);
    Ok(Success::Text("Token deleted".to_owned()))
}

pub(super) fn list(app: &App, call: &Call<'_>) -> Success {
    let world = app.world();
    let flags = world.state.settings.one_shot.token_flags;
    let map: serde_json::Map<String, Value> = world
        .state
        .one_shot
        .tokens
        .iter()
        .map(|(id, token)| {
            let mut shown = show(token, call.dialect, flags);
            shown["NOTE"] = json!(token.note);
            (uid(call.dialect, id), shown)
        })
        .collect();
    let map = Value::Object(map);
    Success::Own { legacy: (200, map.clone()), current: json!({"status": "success", "details": map}) }
}
