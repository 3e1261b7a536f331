//! What a request lacks for its profile.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroize as _;

use super::countries::is_country;
use super::table;
use crate::error::{Error, ErrorCode, FieldIssue};
use crate::evidence::{Finding, Severity};
use crate::model::{Flow, NewRequest};

/// What the client fills in from the workflow and its settings.
const FILLED_IN: [&str; 3] = ["profile", "scratchcard", "registration_authority"];

/// What a VideoID shows of the holder, so that the request need not have it.
const FROM_THE_VIDEO: [&str; 9] = [
    "given_name",
    "surname_1",
    "surname_2",
    "serial_number",
    "birth_date",
    "id_document_type",
    "id_document_country",
    "id_document_number",
    "id_document_issuer",
];

const COUNTRY: &str = "a country as ISO 3166-1 alpha-2, two capital letters";

/// What a check of a request found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestReport {
    /// Fields that the profile needs and the request lacks, and values that the profile does not take, in the order of the
    /// profile's table. All are advice: the service decides.
    pub findings: Vec<Finding>,
}

/// Compares a request with the table of its profile. Reads no file and sends nothing; may be repeated.
///
/// By flow: in a VideoID request the holder's names, document, number and birth date come from the video and are not asked for.
/// The card and the registration authority are never asked for: workflow and settings fill them in. A field counts wherever it
/// stands, by name or among the further ones. Numbers and their text are the same.
///
/// A profile that is not in the table gives no finding. Every finding is a `warning` with the code `field_missing` or
/// `field_invalid`; with the setting `strict`, `create_request` refuses what is found.
pub fn check_request(request: &NewRequest, flow: &Flow) -> RequestReport {
    let Some(profile) = table::find(request.profile.trim()) else { return RequestReport::default() };
    let fields = Fields::of(request);
    let mut report = RequestReport::default();
    let mut find = |code: ErrorCode, field: &str, rule: String| {
        report.findings.push(Finding { severity: Severity::Warning, code: code.as_str().into(), field: field.into(), rule });
    };
    let by_video = matches!(flow.as_str(), "external_videoid" | "eidas_videoid");
    for field in &profile.required {
        let field = field.as_str();
        let given = FILLED_IN.contains(&field) || (by_video && FROM_THE_VIDEO.contains(&field));
        if !given && fields.text(field).is_none() {
            let rule = if flow.as_str() == "eidas_videoid" && !profile.natural_person && !CONTACT.contains(&field) {
                format!("needed by the profile {}, now or with the update after the operator's validation", profile.name)
            } else {
                format!("needed by the profile {}", profile.name)
            };
            find(ErrorCode::FieldMissing, field, rule);
        }
    }
    for allowed in &profile.allowed {
        if let Some(text) = fields.text(&allowed.field)
            && !allowed.values.iter().any(|value| *value == *text)
        {
            find(ErrorCode::FieldInvalid, &allowed.field, format!("one of {}", allowed.values.join(", ")));
        }
    }
    // The create call documents its own country alike, whatever the profile.
    for field in profile.iso_3166_1_alpha_2.iter().map(String::as_str).chain(["country_name"]) {
        if let Some(text) = fields.text(field)
            && !is_country(&text)
        {
            find(ErrorCode::FieldInvalid, field, COUNTRY.to_owned());
        }
    }
    report
}

/// What an eIDAS request needs from the start: the user is written to.
const CONTACT: [&str; 2] = ["email", "mobile_phone_number"];

impl RequestReport {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// One error that names every field, as the setting `strict` wants it.
    #[cfg(feature = "client")]
    pub(crate) fn into_error(self) -> Option<Error> {
        let code = |word: &str| if word == ErrorCode::FieldMissing.as_str() { ErrorCode::FieldMissing } else { ErrorCode::FieldInvalid };
        Error::all_fields(self.findings.into_iter().map(|f| (code(&f.code), FieldIssue { field: f.field, rule: f.rule })).collect())
    }
}

/// The fields of a request under their wire names. Most are personal: overwritten when dropped.
struct Fields(Value);

impl Fields {
    fn of(request: &NewRequest) -> Self {
        Self(serde_json::to_value(request).unwrap_or_default())
    }

    /// The text of a field that is not blank; a number as its text.
    fn text(&self, field: &str) -> Option<std::borrow::Cow<'_, str>> {
        match self.0.get(field)? {
            Value::String(text) => Some(text.trim().into()).filter(|text: &std::borrow::Cow<'_, str>| !text.is_empty()),
            Value::Null => None,
            // A list or an object is there, whatever it means to a private field.
            other => Some(other.to_string().into()),
        }
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(map) => map.values_mut().for_each(wipe),
        _ => {}
    }
}
