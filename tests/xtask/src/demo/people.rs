//! The user on the vendor's page, the vendor's operator, and the signer with a phone: the parts that no program of ours does.

use std::io::Write;
use std::process::ChildStdin;
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

/// Plays the user of the One-Shot API's eIDAS flow beside the example, until the user is done or nobody listens any more.
pub(super) fn identify(control_url: String, events: Sender<Heard>) {
    thread::spawn(move || {
        let done = wait_for(&control_url, "/one-shot/requests", "VIDEOPENDING", &events)
            .and_then(|found| found.map_or(Ok(true), |request| visit(&request, "outcome=finish", &events)));
        if let Err(error) = done {
            // Where the story is over already it does not matter.
            let _ = events.send(Heard::Failed(error.to_string()));
        }
    });
}

/// The signer types the one-time password that the phone shows: here it is read from the sandbox.
pub(super) fn type_otp(control_url: &str, request_pk: &Value, keys: Option<&mut ChildStdin>) -> Result<()> {
    let pk =
        request_pk.as_u64().ok_or_else(|| Error::new("the example waits for a one-time password and does not say of which request"))?;
    let keys = keys.ok_or_else(|| Error::new("the example takes no input"))?;
    let seen = control(control_url, "GET", &format!("/one-shot/requests/{pk}/otp"), &Value::Null)?;
    let otp = seen["otp"].as_str().ok_or_else(|| Error::new("the sandbox shows no one-time password"))?;
    thread::sleep(MOMENT);
    writeln!(keys, "{otp}").and_then(|()| keys.flush()).map_err(|e| Error::new(format!("cannot type the one-time password: {e}")))
}

fn act(control_url: &str, refuse: Option<&str>, events: &Sender<Heard>) -> Result<()> {
    let Some(request) = wait_for(control_url, "/requests", "VIDEOPENDING", events)? else { return Ok(()) };
    if !visit(&request, "action=finish", events)? {
        return Ok(());
    }
    let Some(request) = wait_for(control_url, "/requests", "VIDEOREVIEW", events)? else { return Ok(()) };
    let pk = request["pk"].as_u64().ok_or_else(|| Error::new("the sandbox shows a request without a key"))?;
    let (body, text) = match refuse {
        Some(reason) => (json!({ "action": "refuse", "reason": reason }), "refuses"),
        None => (json!({ "action": "validate" }), "validates"),
    };
    thread::sleep(MOMENT);
    says("operator", text, events);
    control(control_url, "POST", &format!("/requests/{pk}/operator"), &body).map(drop)
}

/// Whether somebody still listened.
fn says(who: &str, text: &str, events: &Sender<Heard>) -> bool {
    events.send(Heard::Event(json!({ "event": "person", "who": who, "text": text }))).is_ok()
}

/// The user opens the page of the link and finishes there. Says whether the story goes on.
fn visit(request: &Value, form: &str, events: &Sender<Heard>) -> Result<bool> {
    let link = request["videoid_link"].as_str().ok_or_else(|| Error::new("the sandbox shows no link for the user"))?;
    if !says("user", "opens the page of the link", events) {
        return Ok(false);
    }
    let page = exchange("GET", link, "text/html", "")?;
    if !(page.contains("<form") && page.contains("value=\"finish\"")) {
        return Err(Error::new("the user's page has no form to finish with"));
    }
    thread::sleep(MOMENT);
    exchange("POST", link, "application/x-www-form-urlencoded", form)?;
    Ok(says("user", "has identified", events))
}

/// The request once it has that status; nothing when nobody listens any more.
fn wait_for(control_url: &str, list: &str, status: &str, events: &Sender<Heard>) -> Result<Option<Value>> {
    loop {
        let seen = control(control_url, "GET", list, &Value::Null)?;
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
