//! Requests begin: VideoID, and the classic create that approves at once.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Dialect, Failure, Success};
use super::forms::Form;
use super::state::{Asynchronous, EXTERNAL_RA, PLAIN_RA, Request, State};
use super::{Call, change, credentials, text, truth};
use crate::app::App;
use crate::files::Blob;
use crate::media::image;
use crate::state::{CREATED, ENROLLREADY, PENDING, RA_ID, World};
use crate::webhook::Target;

const MISSING: &str = "Missing required parameters";

/// What every create needs, from the call or from the Optimizer's settings.
struct Common {
    ra: String,
    profile: String,
}

/// A field of the call, or what the settings file has for it.
fn given(state: &State, body: &Value, name: &str) -> Option<String> {
    text(body, name).or_else(|| text(&json!({ name: state.fallback(name)? }), name))
}

/// A phone number with international prefix.
fn has_prefix(phone: &str) -> bool {
    let digits = phone.strip_prefix('+').or_else(|| phone.strip_prefix("00")).unwrap_or_default();
    digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
}

fn common(world: &World, body: &Value) -> Result<Common, Failure> {
    let (state, settings) = (&world.state.one_shot, &world.state.settings.one_shot);
    for name in ["mobile_phone_number", "email", "registration_authority", "profile", "billing_username", "billing_password", "env"] {
        let number = name == "registration_authority";
        match body.get(name) {
            None | Some(Value::Null | Value::String(_)) => {}
            Some(Value::Number(_)) if number => {}
            Some(_) => return Err(Failure::wrong(name, "Input should be a valid string", "string_type", MISSING)),
        }
        if given(state, body, name).is_none() {
            let legacy = match name {
                "mobile_phone_number" => "Missing mobile phone number",
                _ => MISSING,
            };
            return Err(Failure::missing(name, legacy));
        }
    }
    let value = |name: &str| given(state, body, name).unwrap_or_default();
    if !matches!(value("env").as_str(), "sandbox" | "prod") {
        return Err(Failure::wrong("env", "Input should be 'sandbox' or 'prod'", "enum", "Invalid environment"));
    }
    if !has_prefix(&value("mobile_phone_number")) {
        return Err(Failure::new(400, "Mobile phone number without international prefix"));
    }
    let email = value("email");
    if !email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')) {
        return Err(Failure::new(400, "Invalid e-mail address"));
    }
    let ra = value("registration_authority");
    if !matches!(ra.as_str(), RA_ID | EXTERNAL_RA | PLAIN_RA) {
        return Err(Failure::new(404, format!("Registration Authority {} not found", ra.escape_default())));
    }
    credentials::billing(settings, &value("billing_username"), &value("billing_password"))?;
    Ok(Common { ra, profile: value("profile") })
}

/// What is never kept: it opens doors.
const SECRET: [&str; 6] = ["billing_username", "billing_password", "username", "password", "pin", "token"];

fn fields(body: &Value, common: &Common, card: &str, videoid: bool) -> Map<String, Value> {
    let mut fields: Map<String, Value> = body
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| !SECRET.contains(&name.as_str()) && !value.is_null())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for name in ["env", "useasync", "callback", "videoid_mode", "webhook_url"] {
        fields.remove(name);
    }
    fields.insert("registration_authority".into(), json!(common.ra.parse::<u64>().unwrap_or_default()));
    fields.insert("profile".into(), json!(common.profile));
    fields.insert("scratchcard".into(), json!(card));
    fields.insert("videoid_mode".into(), json!(videoid));
    fields.insert("paperless_mode".into(), json!(!videoid));
    fields
}

/// The next unused card, used up.
fn take_card(world: &mut World) -> Option<(u64, String)> {
    let card = world.state.cards.iter_mut().find(|card| !card.used)?;
    card.used = true;
    Some((card.pk, card.sn.clone()))
}

fn request(world: &mut World, dialect: Dialect, fields: Map<String, Value>) -> Request {
    Request {
        pk: world.state.one_shot.take_request_pk(),
        status: String::new(),
        dialect,
        fields,
        external: false,
        link: None,
        videoid_link: String::new(),
        videoid: None,
        images: BTreeMap::new(),
        documents: BTreeMap::new(),
        otp: None,
        webhook: None,
        asynchronous: None,
        approved_by: None,
        certificate: None,
        gone: false,
        history: Vec::new(),
    }
}

fn object(body: &Value) -> Result<(), Failure> {
    if body.is_object() {
        return Ok(());
    }
    Err(Failure::Schema {
        place: vec!["body".into()],
        message: "Input should be a valid dictionary or object to extract fields from".into(),
        kind: "model_attributes_type".into(),
        legacy: MISSING.into(),
    })
}

/// `POST /videoid`.
pub(super) fn videoid(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    object(body)?;
    let mut world = app.world();
    let settings = world.state.settings.one_shot.clone();
    let common = common(&world, body)?;
    if common.ra == PLAIN_RA || !settings.videoid_enabled {
        return Err(Failure::new(400, format!("Videoid not enabled for Registration Authority {}", common.ra)));
    }
    let Some((_, card)) = take_card(&mut world) else {
        return Err(Failure::new(403, "Error creating new videoid request: {\"detail\": \"No unused scratchcard\"}"));
    };
    let now = world.state.now();
    let mut request = request(&mut world, call.dialect, fields(body, &common, &card, true));
    let videoid = world.state.one_shot.new_videoid();
    let videoid_pk = videoid.pk;
    request.videoid = Some(videoid);
    request.external = common.ra == EXTERNAL_RA || settings.external;
    // Only the older API takes the address with the call.
    if call.dialect == Dialect::Legacy {
        request.webhook = text(body, "webhook_url");
    }
    if !request.external {
        let link = crate::state::uuid();
        request.videoid_link = format!("{}/lcmpl/videoid/{link}", call.base);
        request.link = Some(link);
    }
    change(app, &mut request, &settings, PENDING, "create_videoid", now);
    let mut data = json!({"request_pk": request.pk, "videoid_link": request.videoid_link});
    if settings.videoid_pk_in_answer {
        data["videoid_pk"] = json!(videoid_pk);
    }
    world.state.one_shot.requests.insert(request.pk, request);
    app.save(&world);
    Ok(Success::Own {
        legacy: (200, data.clone()),
        // Three times s, as the service writes it.
        current: json!({"status": "success", "messsage": format!("VideoID created with pk {videoid_pk}"), "detail": data}),
    })
}

/// The documented kinds of identity document.
const KINDS: [&str; 6] = ["IDC", "PAS", "PNO", "TIN", "CI", "CE"];

/// `POST /create` (Current), `POST /request` (Legacy): creates and approves in one.
pub(super) fn classic(app: &App, call: &Call<'_>, form: Form) -> Answer {
    let result = take(app, call, &form);
    if result.is_err() {
        form.discard(app);
    }
    result
}

fn pictures(app: &App, form: &Form, kind: &str) -> Result<BTreeMap<String, Blob>, Failure> {
    let mut images = BTreeMap::new();
    let mut wrong = Map::new();
    for file in &form.files {
        if !matches!(file.name.as_str(), "document_front" | "document_rear" | "document_owner" | "extra_document") {
            continue;
        }
        let check = app.files.reader(&file.blob).map_or(Err("Image cannot be read"), image::check);
        match check {
            Ok(_) => {
                images.insert(file.name.clone(), file.blob.clone());
            }
            Err(error) => {
                wrong.insert(file.name.clone(), json!([format!("Invalid content_type: {error}")]));
            }
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Object(500, Value::Object(wrong)));
    }
    let needed: &[&str] =
        if kind == "PAS" { &["document_front", "document_owner"] } else { &["document_front", "document_rear", "document_owner"] };
    if needed.iter().any(|name| !images.contains_key(*name)) {
        return Err(Failure::new(400, "Missing required docs"));
    }
    Ok(images)
}

fn take(app: &App, call: &Call<'_>, form: &Form) -> Answer {
    let body = Value::Object(form.fields.clone());
    if form.too_large {
        return Err(Failure::new(413, "The upload is too large"));
    }
    let mut world = app.world();
    let settings = world.state.settings.one_shot.clone();
    let common = common(&world, &body)?;
    let officer = credentials::officer(&world.state.one_shot, &body, false)?;
    let missing: Vec<&str> = ["given_name", "surname_1", "serial_number"].into_iter().filter(|name| text(&body, name).is_none()).collect();
    if !missing.is_empty() {
        return Err(Failure::new(412, format!("Invalid request fields: {}", missing.join(", "))));
    }
    let kind = text(&body, "id_document_type").unwrap_or_else(|| "IDC".to_owned());
    if !KINDS.contains(&kind.as_str()) {
        return Err(Failure::new(400, "Invalid id_document_type"));
    }
    let asynchronous = truth(body.get("useasync"));
    let callback = text(&body, "callback");
    if let Some(url) = callback.as_ref().filter(|_| asynchronous) {
        Target::parse(url).map_err(|_| Failure::new(400, "Invalid callback"))?;
    }
    let images = pictures(app, form, &kind)?;
    let Some((_, card)) = take_card(&mut world) else {
        return Err(Failure::new(403, "Error creating new request: {\"detail\": \"No unused scratchcard\"}"));
    };
    let now = world.state.now();
    let mut request = request(&mut world, call.dialect, fields(&body, &common, &card, false));
    for file in &form.files {
        // A second file under the same name, or one that nobody asked for.
        if images.get(&file.name) != Some(&file.blob) {
            app.files.remove(&file.blob);
        }
    }
    request.images = images;
    request.approved_by = Some(officer);
    change(app, &mut request, &settings, CREATED, "create_request", now);
    let pk = request.pk;
    let mut detail = json!({"pk": pk});
    if asynchronous {
        let key = fastrand::u64(..);
        request.asynchronous = Some(Asynchronous { callback, status: "pending".to_owned(), key });
        detail["asyncmode"] = json!(true);
        app.one_shot.finish_later(pk, key, settings.async_delay_ms);
    } else {
        change(app, &mut request, &settings, ENROLLREADY, "create_request", now);
    }
    world.state.one_shot.requests.insert(pk, request);
    app.save(&world);
    Ok(Success::Own {
        legacy: (201, json!(pk)),
        current: json!({"status": "success", "message": format!("Request created with pk {pk}"), "detail": detail}),
    })
}
