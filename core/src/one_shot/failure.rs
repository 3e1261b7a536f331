//! What an answer of an Optimizer means that is an error. Legacy writes the status into the body, and often another one than HTTP's;
//! `details` is a text, an object by field or by document, or holds an error of the RA API as JSON. Of Current no document shows
//! an error: what its framework writes is known, and the rest is read like Legacy's.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::{Error, ErrorCode, FieldIssue, Wire};
use crate::operations::{Class, Operation};

/// Marks the answers of a server that does not know the address at all: then the dialect may be the wrong one.
pub(crate) const UNKNOWN_ADDRESS: &str = "the server does not know the address of this call";

/// How long the service sends no other one-time password.
pub(super) const OTP_PAUSE: Duration = Duration::from_mins(1);

/// Whether the framework answered that it has no such address, and not the API that it has no such object.
pub(crate) fn is_unknown_address(status: u16, body: &[u8]) -> bool {
    if !matches!(status, 404 | 405) {
        return false;
    }
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(map)) => {
            let framework = matches!(map.get("detail"), Some(Value::String(text)) if text == "Not Found" || text == "Method Not Allowed");
            map.len() == 1 && framework
        }
        _ => true,
    }
}

/// What the body of an error says, whatever its form.
#[derive(Default)]
struct Said {
    /// The status that the body names.
    status: Option<u16>,
    text: String,
    /// Field or document, and what is wrong with it in a word that holds no value.
    fields: Vec<FieldIssue>,
    /// Each field comes from the schema of the framework.
    schema: bool,
    /// An error of the RA API inside the text: its code and id.
    inner: Option<(Option<String>, Option<String>)>,
    own_form: bool,
}

/// The number that a status such as `404 Not Found` begins with.
pub(super) fn status_number(status: &str) -> Option<u16> {
    status.trim().get(..3)?.parse().ok().filter(|number| (100..600).contains(number))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// A name that may stand in an error: what a server writes may be anything.
fn plain(name: &str) -> String {
    let clean: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']')).take(64).collect();
    if clean.is_empty() { "body".to_owned() } else { clean }
}

fn issue(field: String, rule: impl Into<String>) -> FieldIssue {
    FieldIssue { field, rule: rule.into() }
}

/// Whether an object tells an error itself, and does not name fields or documents: those have lists or other words as their keys.
fn tells(map: &Map<String, Value>) -> bool {
    let scalar = |key: &str| matches!(map.get(key), Some(Value::String(_) | Value::Number(_)));
    ["code", "error", "detail", "title", "description", "message"].iter().any(|key| scalar(key))
}

fn read(value: Option<&Value>) -> Said {
    let Some(Value::Object(map)) = value else { return Said::default() };
    let mut said = Said { status: map.get("status").and_then(Value::as_str).and_then(status_number), ..Said::default() };
    let mut texts = Vec::new();
    for key in ["message", "messsage", "error", "details", "detail", "description", "title"] {
        let Some(value) = map.get(key) else { continue };
        match value {
            Value::Array(items) if key == "detail" => {
                said.fields.extend(items.iter().filter_map(schema_issue));
                said.schema = !said.fields.is_empty();
            }
            Value::Object(object) if key != "error" => said.fields.extend(named_in(object)),
            // JSON in a string.
            Value::String(text) if text.trim_start().starts_with('{') => {
                if let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text) {
                    said.fields.extend(named_in(&object));
                }
            }
            _ => {}
        }
        let Some(text) = text_of(value) else { continue };
        said.inner = said.inner.or_else(|| inner(&text));
        texts.push(text);
    }
    said.own_form = !texts.is_empty() || map.contains_key("status");
    said.text = texts.join("; ");
    if said.text.is_empty()
        && let Some(Value::String(status)) = map.get("status")
    {
        said.text.clone_from(status);
    }
    said
}

/// The fields or documents that an object has by their names.
fn named_in(object: &Map<String, Value>) -> Vec<FieldIssue> {
    if tells(object) {
        return Vec::new();
    }
    object.keys().map(|name| issue(plain(name), "not accepted: see server_text")).collect()
}

/// A finding of the framework's schema: `{"loc":["body","email"],"msg":…,"type":"missing"}`. The message may quote the value.
fn schema_issue(item: &Value) -> Option<FieldIssue> {
    let place: Vec<String> = item.get("loc")?.as_array()?.iter().filter_map(text_of).collect();
    let place = if place.len() > 1 && matches!(place[0].as_str(), "body" | "path" | "query") { &place[1..] } else { &place[..] };
    let rule = item.get("type").and_then(Value::as_str).map_or_else(|| "not accepted".to_owned(), plain);
    Some(issue(plain(&place.join(".")), rule))
}

/// An error of the RA API inside a text: `Error during …: {"code": "500", "id": …, "error": …}`.
fn inner(text: &str) -> Option<(Option<String>, Option<String>)> {
    let (from, to) = (text.find('{')?, text.rfind('}')?);
    let Ok(Value::Object(map)) = serde_json::from_str::<Value>(text.get(from..=to)?) else { return None };
    let known = |map: &Map<String, Value>| ["code", "error", "detail"].iter().any(|key| map.contains_key(*key));
    known(&map).then(|| (map.get("code").and_then(text_of), map.get("id").and_then(text_of)))
}

/// The error of an answer that is not a success.
pub(crate) fn from_answer(operation: &Operation, status: u16, body: &[u8], retry_after: Option<Duration>) -> Error {
    let value = serde_json::from_slice::<Value>(body).ok();
    if is_unknown_address(status, body) {
        return Error::new(ErrorCode::NotFound, UNKNOWN_ADDRESS).with_http_status(status).with_wire(Wire::Answered);
    }
    from_value(operation, Some(status), value.as_ref(), retry_after)
}

/// Why an answer that HTTP calls a success is not the file that was asked for, where it is not. `head` is how it begins, and all of it
/// where it is short; `json` says that it declares to be JSON: Legacy declares text for a contract, and for what is said in its place.
pub(crate) fn in_place_of_a_file(operation: &Operation, status: u16, json: bool, head: &[u8]) -> Option<Error> {
    // A digest that was uploaded in place of a document is JSON itself.
    if operation.name == "get_document" && crate::model::is_digest(head) {
        return None;
    }
    let is_pdf = memchr::memmem::find(&head[..head.len().min(1024)], b"%PDF-").is_some();
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') || json && !is_pdf {
        return Some(from_answer(operation, status, head, None));
    }
    let text = "the answer is no contract: it is no PDF";
    (operation.name == "get_contract" && !is_pdf)
        .then(|| Error::new(ErrorCode::UnexpectedAnswer, text).with_wire(Wire::Answered).with_http_status(status))
}

/// The error of a body. `http` is its HTTP status, where it is known to be one of an error.
pub(super) fn from_value(operation: &Operation, http: Option<u16>, value: Option<&Value>, retry_after: Option<Duration>) -> Error {
    let said = read(value);
    // The body's own status counts where it names an error: HTTP's is another one in documented answers.
    let status = said.status.filter(|own| *own >= 400).or(http).unwrap_or(200);
    let (code, detail) = meaning(operation, status, &said);
    let fields: Vec<_> = said.fields.iter().map(|issue| (code, issue.clone())).collect();
    let error = match (code, Error::all_fields(fields)) {
        (ErrorCode::Ambiguous, _) => {
            let text = format!("the Optimizer failed and may have done it; {}", operation.when_lost);
            Error::new(code, text).with_wire(Wire::MayBeProcessed)
        }
        (_, Some(error)) => error.with_wire(Wire::Answered),
        (_, None) => Error::new(code, detail).with_wire(Wire::Answered),
    };
    let retryable = match code {
        ErrorCode::RateLimited | ErrorCode::OtpTooSoon => true,
        ErrorCode::ServerError => operation.class == Class::Safe,
        _ => false,
    };
    let retry_after = retry_after.or((code == ErrorCode::OtpTooSoon).then_some(OTP_PAUSE));
    let (inner_code, inner_id) = said.inner.unwrap_or_default();
    let server_code = inner_code.or_else(|| said.status.map(|own| own.to_string()));
    let error = error
        .with_server(server_code.as_deref(), inner_id.as_deref(), Some(said.text).filter(|text| !text.is_empty()))
        .with_retry_after(retry_after)
        .with_retryable(retryable);
    match http {
        Some(http) => error.with_http_status(http),
        None => error,
    }
}

/// Code and sentence. Words are looked at only where the status does not tell: the documents give no other way.
fn meaning(operation: &Operation, status: u16, said: &Said) -> (ErrorCode, &'static str) {
    use ErrorCode as Code;
    let text = said.text.to_ascii_lowercase();
    let has = |needle: &str| text.contains(needle);
    let is = |names: &[&str]| names.contains(&operation.name);
    let token_call = is(&["get_token", "delete_token"]);
    match status {
        300..=399 => return (Code::RedirectRefused, "the server sent the call elsewhere; redirects are not followed with a body"),
        429 => return (Code::RateLimited, "the service takes no more calls now"),
        422 => return (Code::FieldsRejected, "the service names fields of the call that it does not accept"),
        _ => {}
    }
    // What one sentence says wherever it stands.
    if has("less than a minute") {
        return (Code::OtpTooSoon, "a one-time password was sent less than a minute ago");
    }
    if has("videoid not enabled") {
        return (Code::VideoIdNotEnabled, "video identification is not enabled for the registration authority");
    }
    if has("maximum number of document") {
        return (Code::DocumentLimit, "the request has as many documents as it can have");
    }
    if has("missing required docs") {
        return (Code::MissingDocuments, "documents that the approval needs are missing");
    }
    if has("remaining credit") || has("billing credentials") {
        return (Code::BillingRejected, "the billing credentials are wrong, or the credit could not be checked");
    }
    if has("invalid request fields") {
        return (Code::FieldsRejected, "the service names fields of the request that are not valid");
    }
    if has("already in issued") || has("invalid request status") {
        return (Code::InvalidStatus, "the request is not in a status that allows this");
    }
    if has("scratchcard") && (has("no unused") || has("no available") || has("no scratchcard")) {
        return (Code::NoScratchcard, "there is no unused scratchcard left");
    }
    // What fails inside the Optimizer may have signed, whatever word it writes.
    if operation.name == "sign" && (has("confirmation code") || has("otp")) && status < 500 && status != 404 {
        return (Code::OtpInvalid, "the one-time password is wrong or expired");
    }
    let no_such_token =
        operation.name != "list_tokens" && has("token") && (has("not found") || has("not exist") || has("unknown") || has("invalid token"));
    if operation.name == "delete_token" && status == 400 && has("cannot be deleted") {
        return (Code::Rejected, "the Optimizer does not delete this token");
    }
    if (token_call && matches!(status, 400 | 404)) || (no_such_token && matches!(status, 400 | 401 | 403 | 404)) {
        return (Code::TokenUnknown, "the Optimizer has no such token");
    }
    match status {
        400 | 404 if !said.fields.is_empty() => (Code::BadRequest, "the service names what it does not accept"),
        400 => (Code::BadRequest, "the service could not read or accept the call"),
        404 => (Code::NotFound, "the service has no such object"),
        401 | 403 if takes_rao(operation) => (Code::RaoRejected, "the RAO credentials are wrong, or this officer may not do this"),
        401 | 403 => (Code::Forbidden, "the service does not allow this"),
        409 | 412 => (Code::InvalidStatus, "the request is not in a status that allows this"),
        415 => (Code::UnsupportedType, "the service does not take files of this type"),
        status if (402..500).contains(&status) => (Code::Rejected, "the service refused the call"),
        // An object by field, or an error of the RA API: the call came through to who refused it.
        500 if !said.fields.is_empty() => (Code::FieldsRejected, "the service names fields of the call that are not valid"),
        500 if said.inner.is_some() => (Code::Rejected, "the registration authority understood and refused the call"),
        500..=599 if operation.class == Class::Safe => (Code::ServerError, "the Optimizer failed"),
        500..=599 => (Code::Ambiguous, ""),
        200..=299 if said.own_form => (Code::Rejected, "the service refused the call"),
        _ => (Code::UnexpectedAnswer, "the answer has not the form that the operation documents"),
    }
}

/// Whether the operation carries an officer's credentials.
fn takes_rao(operation: &Operation) -> bool {
    matches!(
        operation.name,
        "create_token" | "create_oneshot_request" | "approve_oneshot_videoid" | "refuse_oneshot_videoid" | "validate_oneshot_videoid"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::operation;

    fn error(name: &str, status: u16, body: &str) -> Error {
        from_answer(operation(name).unwrap(), status, body.as_bytes(), None)
    }

    #[test]
    fn the_framework_does_not_know_an_address() {
        for (status, body) in [(404, r#"{"detail":"Not Found"}"#), (405, r#"{"detail":"Method Not Allowed"}"#), (404, "<html>")] {
            assert!(is_unknown_address(status, body.as_bytes()));
            assert_eq!(error("create_videoid", status, body).detail(), UNKNOWN_ADDRESS);
        }
        for body in [r#"{"status":"error","message":"Request not found"}"#, r#"{"status":"404 Not Found","details":"x"}"#] {
            assert!(!is_unknown_address(404, body.as_bytes()));
        }
    }

    #[test]
    fn a_schema_names_its_fields_and_no_value() {
        let body = r#"{"detail":[{"loc":["body","email"],"msg":"anna@example is no address","type":"value_error"},
            {"loc":["body","images",0],"msg":"Field required","type":"missing"}]}"#;
        let error = error("create_videoid", 422, body);
        let fields: Vec<_> = error.fields().iter().map(|f| (f.field.as_str(), f.rule.as_str())).collect();
        assert_eq!((error.code(), fields), (ErrorCode::FieldsRejected, vec![("email", "value_error"), ("images.0", "missing")]));
        assert!(!format!("{error:?}").contains("anna"));
    }

    #[test]
    fn an_object_that_tells_an_error_names_no_fields() {
        let told =
            error("validate_oneshot_videoid", 400, r#"{"status":"400 Bad Request","details":{"title":"Missing","description":"pin"}}"#);
        assert_eq!((told.code(), told.fields().len()), (ErrorCode::BadRequest, 0));
        for details in [r#"{"code":"500","id":"8e78","error":"Rao matching query does not exist."}"#, r#"{"code":500,"id":"8e78"}"#] {
            let body = |details: &Value| serde_json::json!({"status": "500 Internal Server Error", "details": details}).to_string();
            let object = serde_json::from_str(details).unwrap();
            for body in [body(&object), body(&Value::String(details.to_owned()))] {
                let refused = error("approve_oneshot_videoid", 500, &body);
                let said = (refused.code(), refused.server_code(), refused.server_id(), refused.fields().len());
                assert_eq!(said, (ErrorCode::Rejected, Some("500"), Some("8e78"), 0), "{body}");
            }
        }
        for details in [r#"{"email":["Enter a valid address."]}"#, r#""{\"email\":[\"Enter a valid address.\"]}""#] {
            let refused = error("create_oneshot_request", 500, &format!(r#"{{"status":"500 x","details":{details}}}"#));
            let fields: Vec<_> = refused.fields().iter().map(|issue| issue.field.as_str()).collect();
            assert_eq!((refused.code(), fields), (ErrorCode::FieldsRejected, vec!["email"]), "{details}");
        }
        // A field may have one of these names; what is wrong with it is a list.
        let refused = error("create_oneshot_request", 500, r#"{"status":"500 x","details":{"title":["Unknown"]}}"#);
        assert_eq!((refused.code(), refused.fields()[0].field.as_str()), (ErrorCode::FieldsRejected, "title"));
    }

    #[test]
    fn a_failure_inside_the_optimizer_is_no_wrong_password() {
        let failed = |status: u16| error("sign", status, r#"{"status":"x","details":"OTP service failed: Confirmation Code invalid"}"#);
        assert_eq!(failed(403).code(), ErrorCode::OtpInvalid);
        assert_eq!(failed(404).code(), ErrorCode::NotFound);
        for status in [500, 502, 503] {
            assert_eq!((failed(status).code(), failed(status).wire()), (ErrorCode::Ambiguous, Wire::MayBeProcessed));
        }
    }

    #[test]
    fn what_stands_in_place_of_a_file_is_seen_by_its_bytes() {
        let code = |name: &str, json: bool, head: &[u8]| in_place_of_a_file(operation(name).unwrap(), 200, json, head).map(|e| e.code());
        let gone = br#" {"status":"404 Not Found","details":"Request not found"}"#;
        for name in ["get_contract", "get_document", "get_image", "download_videoid_video"] {
            assert_eq!(code(name, false, gone), Some(ErrorCode::NotFound), "{name}");
            assert_eq!(code(name, true, br#""gone""#), Some(ErrorCode::UnexpectedAnswer), "{name}");
            assert_eq!(code(name, false, b"%PDF-1.7\n"), None, "{name}");
        }
        assert_eq!(code("get_contract", true, b"%PDF-1.7\n"), None);
        assert_eq!(code("get_contract", false, b"<html>"), Some(ErrorCode::UnexpectedAnswer));
        assert_eq!(code("get_contract", false, b""), Some(ErrorCode::UnexpectedAnswer));
        let digest = br#"{"messageDigest":"47DE","digestAlgorithm":"sha256WithRSAEncryption"}"#;
        assert_eq!((code("get_document", true, digest), code("get_image", true, digest)), (None, Some(ErrorCode::UnexpectedAnswer)));
        // A P7M begins as DER does.
        assert_eq!(code("get_document", false, &[0x30, 0x82, 1, 0]), None);
    }

    #[test]
    fn a_500_that_says_nothing_may_have_been_done() {
        let lost = error("create_videoid", 500, "Internal Server Error");
        assert_eq!((lost.code(), lost.wire()), (ErrorCode::Ambiguous, Wire::MayBeProcessed));
        assert_eq!(error("get_oneshot_request", 502, "<html>").code(), ErrorCode::ServerError);
    }
}
