//! The user's part of eIDAS VideoID: a page at `videoid_link`, and the same by a control call.

use std::collections::BTreeMap;

use hyper::Method;
use serde_json::{Value, json};

use super::change;
use super::forms::Form;
use super::state::Request;
use crate::app::App;
use crate::control::ControlError;
use crate::files::Blob;
use crate::media::synthetic;
use crate::reply::Reply;
use crate::state::{INCOMPLETE, PENDING, REVIEW, VIDEO_ERROR};

/// What the user does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Finish,
    Fail,
    Leave,
}

impl Outcome {
    pub(super) fn by_name(name: &str) -> Option<Self> {
        match name {
            "finish" => Some(Self::Finish),
            "fail" => Some(Self::Fail),
            "leave" => Some(Self::Leave),
            _ => None,
        }
    }
}

/// Who is identified unless a test says otherwise: fictitious, from the specimen passport.
const HOLDER: [(&str, &str); 5] = [
    ("given_name", "ANNA MARIA"),
    ("surname_1", "ERIKSSON"),
    ("serial_number", "L898902C3"),
    ("id_document_type", "PAS"),
    ("id_document_country", "UTO"),
];

/// The pictures that the vendor's page would have taken.
fn pictures(app: &App) -> std::io::Result<BTreeMap<String, Blob>> {
    let file = synthetic::jpeg(2000);
    let mut images = BTreeMap::new();
    for name in ["document_front", "document_owner", "document_photo"] {
        let mut writer = app.files.writer(true)?;
        writer.write(&file)?;
        images.insert(name.to_owned(), writer.finish("jpeg")?);
    }
    Ok(images)
}

fn identify(app: &App, request: &mut Request, who: &Value) -> std::io::Result<()> {
    let pictures = pictures(app)?;
    let mut ocr = serde_json::Map::new();
    for (name, value) in HOLDER {
        let known = who.get(name).or_else(|| request.fields.get(name)).filter(|value| value.is_string());
        ocr.insert(name.to_owned(), known.cloned().unwrap_or_else(|| json!(value)));
    }
    request.fields.extend(ocr.clone());
    if let Some(videoid) = &mut request.videoid {
        for former in std::mem::replace(&mut videoid.images, pictures).values() {
            app.files.remove(former);
        }
        videoid.acceptance = json!({"description": "The user accepted on the page"});
        videoid.data = Some(json!({
            "ocr_data": ocr,
            "security_checks": {"otp_validation": true, "documents_match": true, "data_integrity": true, "document_notcopy": true,
                "document_notexpired": true, "document_notunderage": true, "liveliness": true},
            "similarity_level": "High",
        }));
    }
    Ok(())
}

/// The user's part is played; the request goes on. `who` may name other data than the specimen's.
pub(super) fn play(app: &App, pk: u64, outcome: Outcome, who: &Value) -> Result<String, ControlError> {
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    let error = |status: u16, message: &str| ControlError { status, message: message.to_owned() };
    let request =
        world.state.one_shot.requests.get_mut(&pk).filter(|request| !request.gone).ok_or_else(|| error(404, "no such request"))?;
    if request.videoid.is_none() || request.external {
        return Err(error(409, "the user of this request does not identify on the page"));
    }
    let open = match request.status.as_str() {
        PENDING => true,
        INCOMPLETE | VIDEO_ERROR => settings.link_reusable,
        _ => false,
    };
    if !open {
        return Err(error(409, "the identification is not open"));
    }
    let status = match outcome {
        Outcome::Finish => {
            identify(app, request, who).map_err(|_| error(500, "the pictures cannot be stored"))?;
            REVIEW
        }
        Outcome::Fail => VIDEO_ERROR,
        Outcome::Leave => INCOMPLETE,
    };
    change(app, request, &settings, status, "user", now);
    app.save(&world);
    Ok(status.to_owned())
}

/// A status can be any word, once a test forced one.
fn word(status: &str) -> String {
    status.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect()
}

fn html(status: u16, body: &str) -> Reply {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>VideoID (sandbox)</title>\n<style>body{{font:1.1em sans-serif;max-width:34em;margin:3em auto;padding:0 1em}}\
         button{{font:inherit;padding:.5em 1em;margin:.3em 0}}</style>\n</head>\n<body>\n<h1>VideoID (sandbox)</h1>\n{body}</body>\n</html>\n"
    );
    Reply::text(status, "text/html; charset=utf-8", page)
}

/// The page at `videoid_link`: GET shows three buttons, POST plays one (form field `outcome`).
pub(super) fn serve(app: &App, method: &Method, token: &str, form: &Form) -> Reply {
    let pk = app.world().state.one_shot.by_link(token);
    let Some(pk) = pk else { return html(404, "<p>This link is unknown.</p>\n") };
    match *method {
        Method::GET | Method::HEAD => {
            let buttons: String = [("finish", "Finish the identification"), ("fail", "Fail it"), ("leave", "Leave before the end")]
                .map(|(name, label)| format!("<p><button name=\"outcome\" value=\"{name}\">{label}</button></p>\n"))
                .concat();
            let status = app.world().state.one_shot.requests.get(&pk).map(|request| word(&request.status)).unwrap_or_default();
            html(200, &format!("<p>Request {pk}: {status}</p>\n<form method=\"post\">\n{buttons}</form>\n"))
        }
        Method::POST => {
            let outcome =
                form.fields.get("outcome").or_else(|| form.fields.get("action")).and_then(Value::as_str).and_then(Outcome::by_name);
            let Some(outcome) = outcome else { return html(400, "<p>outcome is finish, fail or leave.</p>\n") };
            match play(app, pk, outcome, &Value::Null) {
                Ok(status) => html(200, &format!("<p>Request {pk}: {status}. You can close this page.</p>\n")),
                Err(error) => html(error.status, &format!("<p>{}.</p>\n", error.message)),
            }
        }
        _ => html(405, "<p>GET or POST.</p>\n"),
    }
}
