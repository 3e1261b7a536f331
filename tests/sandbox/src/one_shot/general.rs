//! Hello, version, and the Optimizer's settings file.

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Success};
use super::settings::Unnamed;
use crate::app::App;

pub(super) fn hello() -> Success {
    Success::Text("Hello".to_owned())
}

pub(super) fn version() -> Success {
    Success::Data(json!({"info": "One-Shot Optimizer (sandbox)", "version": env!("CARGO_PKG_VERSION"), "name": "oneshot"}))
}

/// The whole file, billing password and all, as the service shows it.
pub(super) fn settings(app: &App) -> Success {
    Success::Data(app.world().state.one_shot.optimizer.clone())
}

/// The documents name four sections, and a fifth where the settings are read; each is changed key by key.
pub(super) fn update(app: &App, body: &Value) -> Answer {
    const SECTIONS: [&str; 5] = ["tsa", "request", "billing", "proxy", "general"];
    const INVALID: &str = "Invalid JSON";
    let wrong = |place: &str, message: &str, kind: &str| Failure::wrong(place, message, kind, INVALID);
    let sections = body.as_object().ok_or_else(|| wrong("", "Input should be a valid dictionary", "dict_type"))?;
    for (name, section) in sections {
        if !SECTIONS.contains(&name.as_str()) || !section.is_object() {
            return Err(wrong(name, "Input should be a valid dictionary", "dict_type"));
        }
    }
    let mut world = app.world();
    let proxy = world.state.settings.one_shot.proxy_section;
    if proxy == Unnamed::Refused && sections.contains_key("proxy") {
        return Err(wrong("proxy", "Extra inputs are not permitted", "extra_forbidden"));
    }
    for (name, section) in sections.iter().filter(|(name, _)| proxy == Unnamed::Taken || *name != "proxy") {
        for (key, value) in section.as_object().into_iter().flatten() {
            world.state.one_shot.optimizer[name][key] = value.clone();
        }
    }
    app.save(&world);
    Ok(Success::Text("Settings saved successfully".to_owned()))
}
