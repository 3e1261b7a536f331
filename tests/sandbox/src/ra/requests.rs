//! Requests as they are read: one, a page of them, cancelled.

use serde_json::{Map, Value, json};

use super::paging::Page;
use super::{Answer, Call, find, user, wrong_status};
use crate::app::App;
use crate::clock;
use crate::files::Blob;
use crate::reply::{Part, Reply};
use crate::settings::{ReadBack, Settings, Similarity};
use crate::state::{CANCELLED, RAO_ID, Request, VideoId, dashed};

/// The flat fields that a request can carry: those of the documented certificate profiles, and of create.
pub(crate) const FIELDS: [&str; 80] = [
    "birth_canton",
    "birth_city",
    "birth_date",
    "birth_district",
    "birth_province",
    "birth_state",
    "circumstances",
    "citizen_tax_number",
    "communication_language",
    "country_name",
    "description",
    "email",
    "empowerment",
    "fix_phone_number",
    "given_name",
    "id_document_country",
    "id_document_description",
    "id_document_issuer",
    "id_document_number",
    "id_document_type",
    "id_responsible_document_country",
    "id_responsible_document_number",
    "id_responsible_document_type",
    "identification_rao",
    "language",
    "limit",
    "mobile_phone_number",
    "nationality",
    "organization_address",
    "organization_city",
    "organization_country",
    "organization_email",
    "organization_identifier",
    "organization_name",
    "organization_postal_code",
    "organization_province",
    "organization_rol",
    "organization_state",
    "organization_tax_number",
    "organization_url",
    "organizational_unit",
    "organizational_unit_1",
    "organizational_unit_2",
    "organizational_unit_3",
    "organizational_unit_4",
    "paperless_mode",
    "process_application",
    "professional_id_number",
    "profile",
    "registration",
    "registration_authority",
    "representation",
    "residence",
    "residence_address",
    "residence_canton",
    "residence_city",
    "residence_district",
    "residence_postal_code",
    "residence_province",
    "residence_state",
    "responsible_email",
    "responsible_first_surname",
    "responsible_name",
    "responsible_position",
    "responsible_second_surname",
    "responsible_serial",
    "scratchcard",
    "second_name",
    "secure_element",
    "serial_number",
    "sex",
    "smartcard_sn",
    "special_conditions",
    "subscriber_responsible_serial",
    "surname_1",
    "surname_2",
    "title",
    "validity_time",
    "videoid_mode",
    "webhook_url",
];

/// What of a request an answer holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Show {
    pub(super) images: bool,
}

impl Show {
    pub(super) const ALL: Self = Self { images: true };
}

/// A document in which files stand as marks, so that it never holds what they hold.
pub(crate) struct Document {
    pub(crate) value: Value,
    mark: String,
    files: Vec<Part>,
}

impl Document {
    pub(crate) fn new() -> Self {
        Self { value: Value::Null, mark: format!("@{:032x}@", fastrand::u128(..)), files: Vec::new() }
    }

    /// The text that stands for `part` until the answer is sent.
    pub(crate) fn put(&mut self, part: Part) -> Value {
        self.files.push(part);
        json!(self.mark)
    }

    pub(crate) fn image(&mut self, app: &App, blob: &Blob) -> Value {
        match app.files.read(blob) {
            Some(file) => self.put(Part::Base64(file, blob.bytes)),
            None => Value::Null,
        }
    }

    pub(crate) fn reply(self, status: u16) -> Reply {
        let text = self.value.to_string();
        let mut files = self.files.into_iter();
        let mut parts = Vec::new();
        // Marks appear in the order of the text, files in the order of putting: keys of a map are sorted, so put them sorted.
        for piece in text.split(self.mark.as_str()) {
            if !parts.is_empty() {
                parts.extend(files.next());
            }
            parts.push(Part::Bytes(piece.to_owned().into()));
        }
        Reply::parts(status, "application/json", parts)
    }
}

/// The flat request object.
pub(super) fn render(app: &App, settings: &Settings, request: &Request, show: &Show) -> Document {
    let mut document = Document::new();
    document.value = object(app, settings, request, show, &mut document);
    document
}

pub(super) fn object(app: &App, settings: &Settings, request: &Request, show: &Show, document: &mut Document) -> Value {
    let mut map: Map<String, Value> = FIELDS.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    map.extend(request.fields.clone());
    if settings.fields_readback == ReadBack::Normalised {
        normalise(&mut map);
    }
    map.insert("pk".into(), json!(request.pk));
    map.insert("status".into(), json!(request.status));
    let certificates: Vec<Value> = request
        .certificate
        .iter()
        .map(|certificate| {
            json!({
                "profile": request.field("profile"),
                "status": 1,
                "valid": "VALID",
                "valid_from": clock::iso(certificate.from),
                "valid_to": clock::iso(certificate.to),
                "revokation_reason": null,
                "serial_number": certificate.serial_number,
            })
        })
        .collect();
    map.insert("certificate_set".into(), json!(certificates));
    map.insert("configuration_data".into(), json!({}));
    let approved = request.approved_by.as_ref().map(|_| operator());
    map.insert("approving_rao".into(), approved.unwrap_or(Value::Null));
    let videoid = request.videoid.as_ref().map(|videoid| read_back(app, settings, request.pk, videoid, show, document));
    map.insert("videoid_data".into(), videoid.unwrap_or(Value::Null));
    Value::Object(map)
}

/// Names in capitals, e-mail in small letters, the phone number with 00: the same values in another spelling.
fn normalise(map: &mut Map<String, Value>) {
    for (name, value) in map.iter_mut() {
        let Value::String(text) = value else { continue };
        *text = match name.as_str() {
            "given_name" | "surname_1" | "surname_2" | "serial_number" => text.trim().to_uppercase(),
            "email" => text.trim().to_lowercase(),
            "mobile_phone_number" => match text.strip_prefix('+') {
                Some(digits) => format!("00{}", digits.replace(' ', "")),
                None => continue,
            },
            _ => continue,
        };
    }
}

/// The officer as the service shows one.
pub(super) fn operator() -> Value {
    json!({
        "pk": RAO_ID.parse::<u64>().unwrap_or_default(),
        "given_name": "SANDBOX",
        "surname_1": "OFFICER",
        "surname_2": null,
        "is_identificator": true,
        "registration_authority": crate::state::RA_ID.parse::<u64>().unwrap_or_default(),
    })
}

/// The labels under which checks are read back, in the order of the read-back.
const LABELS: [(&str, &str); 7] = [
    ("otp_validation", "OTP validation"),
    ("data_integrity", "Data integrity"),
    ("documents_match", "Documents match"),
    ("document_notcopy", "Document not copy"),
    ("document_notexpired", "Document not expired"),
    ("document_notunderage", "Document not underage"),
    ("liveliness", "Liveliness"),
];

fn read_back(app: &App, settings: &Settings, pk: u64, videoid: &VideoId, show: &Show, document: &mut Document) -> Value {
    let mut images = Map::new();
    if show.images {
        for (name, blob) in &videoid.images {
            images.insert(name.clone(), document.image(app, blob));
        }
    }
    let sent = videoid.data.clone().unwrap_or_else(|| json!({}));
    let checks: Vec<Value> = LABELS.iter().filter_map(|(name, label)| Some(json!([label, sent["security_checks"].get(*name)?]))).collect();
    let mut data = Map::new();
    // Other keys of the customizable object come back as they were.
    for (name, value) in sent.as_object().into_iter().flatten() {
        data.insert(name.clone(), value.clone());
    }
    data.insert("images".into(), Value::Object(images));
    data.insert("security_checks".into(), json!(checks));
    data.insert("ocr_data".into(), sent.get("ocr_data").cloned().unwrap_or_else(|| json!({})));
    data.insert("similarity_level".into(), similarity(settings, sent.get("similarity_level")));
    let identifier = if settings.video_identifier_dashes { dashed(&videoid.identifier) } else { videoid.identifier.clone() };
    let mut map = Map::new();
    map.insert("pk".into(), json!(videoid.pk));
    map.insert("status".into(), json!(videoid.status));
    map.insert("provider".into(), json!(2));
    map.insert("videoid_link".into(), json!(user::link(app, videoid.link.as_ref())));
    if settings.videoid_requests {
        map.insert("requests".into(), json!([pk]));
    }
    map.insert("refusal_reason".into(), json!(videoid.refusal_reason));
    map.insert("data".into(), Value::Object(data));
    map.insert("video_identifier".into(), json!(identifier));
    map.insert("validation_services".into(), json!({}));
    map.insert("acceptance".into(), if videoid.acceptance.is_null() { json!({}) } else { videoid.acceptance.clone() });
    map.insert("validation_operator".into(), videoid.operator.clone());
    Value::Object(map)
}

/// As a word (`Medium`) or as it was sent.
fn similarity(settings: &Settings, sent: Option<&Value>) -> Value {
    let Some(sent) = sent else { return Value::Null };
    if settings.similarity_readback == Similarity::AsSent {
        return sent.clone();
    }
    match sent {
        Value::Number(level) => json!(match level.as_f64().unwrap_or_default() {
            level if level < 34.0 => "Low",
            level if level < 67.0 => "Medium",
            _ => "High",
        }),
        Value::String(word) => {
            let mut letters = word.chars();
            let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
            json!(first + &letters.as_str().to_lowercase())
        }
        other => other.clone(),
    }
}

pub(super) fn get(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let request = find(&mut world, id)?;
    Ok(render(app, &settings, request, &Show::ALL).reply(200))
}

/// The documented filters.
const FILTERS: [&str; 8] =
    ["scratchcard", "given_name", "surname_1", "surname_2", "serial_number", "email", "mobile_phone_number", "registration_authority"];

pub(super) fn list(app: &App, call: &Call<'_>) -> Answer {
    let world = app.world();
    let settings = &world.state.settings;
    let wanted: Vec<&(String, String)> = call.query.iter().filter(|(name, _)| FILTERS.contains(&name.as_str())).collect();
    let matches = |request: &&Request| {
        wanted.iter().all(|(name, value)| {
            request.fields.get(name).is_some_and(|field| match field {
                Value::String(text) => text == value,
                other => value.as_str() == other.to_string().as_str(),
            })
        })
    };
    let now = world.state.now();
    let delay = i64::try_from(settings.list_delay_seconds).unwrap_or(i64::MAX);
    // The newest first.
    let found: Vec<&Request> =
        world.state.requests.values().rev().filter(|request| now - request.created >= delay).filter(matches).collect();
    let page = Page::of(call, found.len())?;
    let show = Show { images: settings.list_images };
    let mut document = Document::new();
    let results = page.cut(found.into_iter()).map(|request| object(app, settings, request, &show, &mut document)).collect();
    document.value = page.frame(settings, call, "requests", &FILTERS, results);
    Ok(document.reply(200))
}

pub(super) fn cancel(app: &App, id: &str) -> Answer {
    let mut world = app.world();
    let request = find(&mut world, id)?;
    if request.is_settled() {
        return Err(wrong_status());
    }
    let pk = request.pk;
    world.state.set_status(pk, CANCELLED, "cancel_request");
    app.save(&world);
    Ok(Reply::json(200, &json!({"status": "Request cancelled"})))
}
