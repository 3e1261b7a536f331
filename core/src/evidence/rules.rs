//! The rules for the data of the evidence: what is refused, and what is only advised against.

use serde_json::Value;

use super::contact::{check_phone, looks_like_email};
use super::report::{Finding, Severity};
use crate::error::{ErrorCode, FieldIssue};
use crate::model::{Acceptance, Extra, OcrData, Provenance, SecurityChecks, SimilarityLevel};

/// 2001-01-01 in milliseconds: a number below it is in seconds.
const MILLISECONDS_FROM: i64 = 978_307_200_000;
/// 2200-01-01 in milliseconds: a number from it on is in microseconds or finer.
const MILLISECONDS_BEFORE: i64 = 7_258_118_400_000;
/// How deep further keys may be nested. Deeper ones would need a stack that a caller's thread may not have.
const MAX_DEPTH: usize = 32;

const ACCEPTANCE_KEYS: [&str; 7] =
    ["description", "url-doc-privacypolicy", "url-doc-termsconditions", "url-web-videoid", "ip", "user-agent", "date"];
const OCR_KEYS: [&str; 8] =
    ["given_name", "surname_1", "surname_2", "serial_number", "mobile_phone_number", "email", "id_document_type", "id_document_country"];
const CHECK_KEYS: [&str; 7] = [
    "otp_validation",
    "documents_match",
    "data_integrity",
    "document_notcopy",
    "document_notexpired",
    "document_notunderage",
    "liveliness",
];
const VIDEOID_KEYS: [&str; 4] = ["images", "ocr_data", "security_checks", "similarity_level"];

/// What was found so far.
#[derive(Default)]
pub(super) struct Findings {
    strict: bool,
    list: Vec<(ErrorCode, Finding)>,
}

impl Findings {
    /// `strict` turns every advice into a refusal.
    pub(super) fn new(strict: bool) -> Self {
        Self { strict, list: Vec::new() }
    }

    fn push(&mut self, severity: Severity, code: ErrorCode, field: impl Into<String>, rule: impl Into<String>) {
        let finding = Finding { severity, code: code.as_str().to_owned(), field: field.into(), rule: rule.into() };
        self.list.push((code, finding));
    }

    pub(super) fn refuse(&mut self, code: ErrorCode, field: impl Into<String>, rule: impl Into<String>) {
        self.push(Severity::Error, code, field, rule);
    }

    pub(super) fn advise(&mut self, code: ErrorCode, field: impl Into<String>, rule: impl Into<String>) {
        let severity = if self.strict { Severity::Error } else { Severity::Warning };
        self.push(severity, code, field, rule);
    }

    /// The findings that stand in the way.
    pub(super) fn errors(&self) -> Vec<(ErrorCode, FieldIssue)> {
        let issue = |f: &Finding| FieldIssue { field: f.field.clone(), rule: f.rule.clone() };
        self.list.iter().filter(|(_, f)| f.severity == Severity::Error).map(|(code, f)| (*code, issue(f))).collect()
    }

    pub(super) fn into_list(self) -> Vec<Finding> {
        self.list.into_iter().map(|(_, finding)| finding).collect()
    }
}

pub(super) fn acceptance(acceptance: &Acceptance, found: &mut Findings) {
    const FIELD: &str = "acceptance";
    if *acceptance == Acceptance::default() {
        found.advise(ErrorCode::FieldMissing, FIELD, "what the person accepted, where and when");
    }
    match acceptance.date {
        None => found.advise(ErrorCode::FieldMissing, "acceptance.date", "when the person accepted, in milliseconds since 1970"),
        Some(MILLISECONDS_FROM..MILLISECONDS_BEFORE) => {}
        Some(_) => found.advise(ErrorCode::FieldInvalid, "acceptance.date", "milliseconds since 1970, not seconds or another unit"),
    }
    extra(FIELD, &acceptance.extra, &ACCEPTANCE_KEYS, found);
}

pub(super) fn ocr_data(data: &OcrData, found: &mut Findings) {
    const FIELD: &str = "videoid_data.ocr_data";
    if *data == OcrData::default() {
        found.advise(ErrorCode::FieldMissing, FIELD, "what was read from the document");
    }
    let at = |key: &str| format!("{FIELD}.{key}");
    let texts = [&data.given_name, &data.surname_1, &data.surname_2, &data.serial_number];
    for (key, text) in OCR_KEYS.iter().zip(texts) {
        if text.as_ref().is_some_and(|text| text.expose().chars().any(char::is_control)) {
            found.advise(ErrorCode::FieldInvalid, at(key), "no control characters");
        }
    }
    if let Some(phone) = &data.mobile_phone_number
        && let Err(error) = check_phone(&at("mobile_phone_number"), phone.expose())
    {
        for issue in error.fields() {
            found.refuse(error.code(), &issue.field, &issue.rule);
        }
    }
    if data.email.as_ref().is_some_and(|email| !looks_like_email(email.expose())) {
        found.advise(ErrorCode::FieldInvalid, at("email"), "an e-mail address");
    }
    if data.id_document_type.as_deref().is_some_and(|kind| !["IDC", "PAS", "PNO", "TIN"].contains(&kind)) {
        found.advise(ErrorCode::FieldInvalid, at("id_document_type"), "one of IDC, PAS, PNO, TIN");
    }
    if data.id_document_country.as_deref().is_some_and(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_alphabetic())) {
        found.advise(ErrorCode::FieldInvalid, at("id_document_country"), "two letters, ISO 3166-1 alpha-2");
    }
    extra(FIELD, &data.extra, &OCR_KEYS, found);
}

pub(super) fn security_checks(checks: &SecurityChecks, found: &mut Findings) {
    const FIELD: &str = "videoid_data.security_checks";
    if *checks == SecurityChecks::default() {
        found.advise(ErrorCode::FieldMissing, FIELD, "the results of the security checks");
    }
    for (name, check) in checks.named() {
        let who = match check.provenance {
            Provenance::Computed => "by which rule it was computed",
            Provenance::Attested => "by whom it is attested",
            Provenance::Asserted | Provenance::Other(_) => continue,
        };
        if check.by.as_deref().is_none_or(str::is_empty) {
            found.advise(ErrorCode::FieldMissing, format!("{FIELD}.{name}"), who);
        }
    }
    extra(FIELD, &checks.extra, &CHECK_KEYS, found);
}

/// 0 to 100 in the service's schemas, a word in its samples.
pub(super) fn similarity_level(level: Option<&SimilarityLevel>, found: &mut Findings) {
    const FIELD: &str = "videoid_data.similarity_level";
    const RULE: &str = "a whole number from 0 to 100, or a word";
    match level {
        None => found.advise(ErrorCode::FieldMissing, FIELD, RULE),
        Some(SimilarityLevel::Score(0..=100)) => {}
        Some(SimilarityLevel::Score(_)) => found.refuse(ErrorCode::FieldInvalid, FIELD, RULE),
        Some(SimilarityLevel::Word(word)) => {
            let whole = word.parse::<u8>().is_ok_and(|n| n <= 100);
            let no_word = word.parse::<f64>().is_ok() || !word.contains(char::is_alphabetic);
            if no_word && !whole {
                found.refuse(ErrorCode::FieldInvalid, FIELD, RULE);
            }
        }
    }
}

/// The caller's own keys of `videoid_data`.
pub(super) fn videoid_extra(own: &Extra, found: &mut Findings) {
    extra("videoid_data", own, &VIDEOID_KEYS, found);
}

fn extra(field: &str, own: &Extra, known: &[&str], found: &mut Findings) {
    // The name of an own key may itself be personal: only names of the service are shown.
    for key in known.iter().filter(|key| own.contains_key(**key)) {
        found.refuse(ErrorCode::FieldInvalid, format!("{field}.{key}"), "given twice: as a field and as a further key");
    }
    if own.values().any(|value| !is_shallow(value, MAX_DEPTH)) {
        found.refuse(ErrorCode::FieldInvalid, field, format!("further keys nested at most {MAX_DEPTH} deep"));
    }
}

fn is_shallow(value: &Value, left: usize) -> bool {
    match value {
        Value::Array(items) => left > 0 && items.iter().all(|item| is_shallow(item, left - 1)),
        Value::Object(map) => left > 0 && map.values().all(|item| is_shallow(item, left - 1)),
        _ => true,
    }
}
