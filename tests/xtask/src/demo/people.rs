//! The user on the vendor's page, and the vendor's operator: the part of an eIDAS VideoID that no program of ours does.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::Heard;
use super::http::{control, exchange};
use crate::error::{Error, Result};

/// How often they look whether there is something for them.
const GLANCE: Duration = Duration::from_millis(100);

/// How long each takes, so that the example sees every status between.
const MOMENT: Duration = Duration::from_millis(600);

/// Plays both beside the example, until the operator is done or nobody listens any more.
pub(super) fn play(control_url: String, refuse: Option<String>, events: Sender<Heard>) {
    thread::spawn(move || {
        if let Err(error) = act(&control_url, refuse.as_deref(), &events) {
            // Where the story is over already it does not matter.
            let _ = events.send(Heard::Failed(error.to_string()));
        }
    });
}

fn act(control_url: &str, refuse: Option<&str>, events: &Sender<Heard>) -> Result<()> {
    let says = |who: &str, text: &str| events.send(Heard::Event(json!({ "event": "person", "who": who, "text": text }))).is_ok();
    let Some(request) = wait_for(control_url, "VIDEOPENDING", events)? else { return Ok(()) };
    let link = request["videoid_link"].as_str().ok_or_else(|| Error::new("the sandbox shows no link for the user"))?;
    if !says("user", "opens the page of the link") {
        return Ok(());
    }
    let page = exchange("GET", link, "text/html", "")?;
    if !(page.contains("<form") && page.contains("value=\"finish\"")) {
        return Err(Error::new("the user's page has no form to finish with"));
    }
    thread::sleep(MOMENT);
    exchange("POST", link, "application/x-www-form-urlencoded", "action=finish")?;
    says("user", "has identified");

    let Some(request) = wait_for(control_url, "VIDEOREVIEW", events)? else { return Ok(()) };
    let pk = request["pk"].as_u64().ok_or_else(|| Error::new("the sandbox shows a request without a key"))?;
    let (body, text) = match refuse {
        Some(reason) => (json!({ "action": "refuse", "reason": reason }), "refuses"),
        None => (json!({ "action": "validate" }), "validates"),
    };
    thread::sleep(MOMENT);
    says("operator", text);
    control(control_url, "POST", &format!("/requests/{pk}/operator"), &body).map(drop)
}

/// The request once it has that status; nothing when nobody listens any more.
fn wait_for(control_url: &str, status: &str, events: &Sender<Heard>) -> Result<Option<Value>> {
    loop {
        let seen = control(control_url, "GET", "/requests", &Value::Null)?;
        let found = seen["requests"].as_array().into_iter().flatten().find(|request| request["status"] == status);
        if let Some(request) = found {
            return Ok(Some(request.clone()));
        }
        if events.send(Heard::Nothing).is_err() {
            return Ok(None);
        }
        thread::sleep(GLANCE);
    }
}
