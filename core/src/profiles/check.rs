//! What a request lacks for its profile.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroize as _;

use super::countries::is_country;
use super::table;
use crate::error::ErrorCode;
#[cfg(feature = "client")]
use crate::error::{Error, FieldIssue};
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

/// What an eIDAS request of an organization needs from the start: the user is written to. The rest comes with the update after the
/// operator's validation.
const CONTACT: [&str; 2] = ["email", "mobile_phone_number"];

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
/// By flow: in a VideoID request the holder's names, document, number and birth date come from the video and are not asked for; an
/// eIDAS request of an organization gets the rest with the update after the operator's validation, so only the contact is asked for.
/// The card and the registration authority are never asked for: workflow and settings fill them in. A field counts wherever it
/// stands, by name or among the further ones. Numbers and their text are the same.
///
/// A profile that is not in the table gives no finding. Every finding is a `warning` with the code `field_missing` or
/// `field_invalid`; with the setting `strict`, `create_request` refuses what is found.
pub fn check_request(request: &NewRequest, flow: &Flow) -> RequestReport {
    let Some(profile) = table::find(&request.profile) else { return RequestReport::default() };
    let fields = Fields::of(request);
    let mut report = RequestReport::default();
    let mut find = |code: ErrorCode, field: &str, rule: String| {
        report.findings.push(Finding { severity: Severity::Warning, code: code.as_str().into(), field: field.into(), rule });
    };
    let eidas = *flow == Flow::EidasVideoId;
    let by_video = eidas || *flow == Flow::ExternalVideoId;
    for field in profile.required.iter().chain(&profile.optional).map(String::as_str) {
        let Some(text) = fields.text(field) else {
            let known = FILLED_IN.contains(&field) || (by_video && FROM_THE_VIDEO.contains(&field));
            let later = eidas && !profile.natural_person && !CONTACT.contains(&field);
            if !known && !later && profile.required.iter().any(|needed| needed == field) {
                find(ErrorCode::FieldMissing, field, format!("needed by the profile {}", profile.name));
            }
            continue;
        };
        if let Some(allowed) = profile.allowed.iter().find(|allowed| allowed.field == field)
            && !allowed.values.iter().any(|value| *value == *text)
        {
            find(ErrorCode::FieldInvalid, field, format!("one of {}", allowed.values.join(", ")));
        }
        if profile.iso_3166_1_alpha_2.iter().any(|country| country == field) && !is_country(&text) {
            find(ErrorCode::FieldInvalid, field, COUNTRY.to_owned());
        }
    }
    // The create call documents the holder's country alike, whatever the profile.
    if fields.text("country_name").is_some_and(|text| !is_country(&text)) {
        find(ErrorCode::FieldInvalid, "country_name", COUNTRY.to_owned());
    }
    report
}

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
    fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        match self.0.get(field)? {
            Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::from),
            Value::Null => None,
            // A list or an object is there, whatever it means to the service.
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
