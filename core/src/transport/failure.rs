//! What an answer that is an error means. The service has at least six forms of errors, and body codes that differ from
//! HTTP's; 500 often means that a field is wrong.

use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, ErrorCode, Wire};
use crate::operations::{Api, Class, Operation};

/// How much of an error's body is looked at; error pages can be large.
pub(crate) const MAX_BODY: usize = 64 * 1024;

/// What the body of an error says, whatever its form.
#[derive(Default)]
struct Said {
    code: Option<String>,
    id: Option<String>,
    text: Option<String>,
    /// The body has one of the API's own forms: the service itself answered, not something in front of it.
    own_form: bool,
    /// The body has the form of a 500 that is an answer, `{code, id, error}`. Others have a text of their own too: frameworks
    /// and gateways say `error`, `message` or `status` where they failed.
    refusal: bool,
}

fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

fn read(body: &[u8]) -> Said {
    let Ok(Value::Object(map)) = serde_json::from_slice::<Value>(body) else { return Said::default() };
    let text = ["error", "detail", "details", "description", "message", "messsage"].iter().find_map(|key| scalar(map.get(*key)));
    let title = scalar(map.get("title"));
    Said {
        code: scalar(map.get("code")),
        id: scalar(map.get("id")),
        refusal: text.is_some() && map.contains_key("error") && (map.contains_key("code") || map.contains_key("id")),
        own_form: text.is_some() || title.is_some() || map.contains_key("status"),
        text: text.or(title),
    }
}

/// Whether a 404 came from the framework and not from the API: then the slash may be the matter.
fn is_framework_404(status: u16, body: &[u8]) -> bool {
    status == 404 && !read(body).own_form
}

/// Whether the server says that it does not know the address.
pub(crate) fn is_unknown_address(operation: &Operation, status: u16, body: &[u8]) -> bool {
    match operation.api {
        Api::OneShot => crate::one_shot::failure::is_unknown_address(status, body),
        Api::RegistrationAuthority => is_framework_404(status, body),
    }
}

/// The error of an answer that is not a success.
pub(crate) fn from_answer(operation: &Operation, status: u16, body: &[u8], retry_after: Option<Duration>) -> Error {
    if operation.api == Api::OneShot {
        return crate::one_shot::failure::from_answer(operation, status, body, retry_after);
    }
    let said = read(body);
    let text = said.text.clone().unwrap_or_default();
    let text = text.to_ascii_lowercase();
    let has = |needle: &str| text.contains(needle);
    // The service's code without what does not belong to it: some come with a comma, some as a number.
    let own_code: Option<u16> = said.code.as_deref().and_then(|c| c.trim().trim_end_matches(',').parse().ok());
    let has_word = |word: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|own| own == word);
    // Words are looked at only where status and code do not tell: the documents give no other way.
    let (code, detail) = match status {
        300..=399 => {
            (ErrorCode::RedirectRefused, "the service sent the call elsewhere; redirects are not followed with a certificate or a body")
        }
        400 if body.windows(15).any(|w| w == b"SSL certificate") => {
            (ErrorCode::ClientCertificateRejected, "the server says that it got no client certificate or a wrong one")
        }
        400 if has("missing required docs") => (ErrorCode::MissingDocuments, "documents that the approval needs are missing"),
        400 => (ErrorCode::BadRequest, "the service could not read or accept the request"),
        401 | 403 if takes_rao(operation) => (ErrorCode::RaoRejected, "the RAO credentials are wrong, or this officer may not do this"),
        401 | 403 => (ErrorCode::Forbidden, "the service does not allow this"),
        404 if has("scratchcard") && operation.name == "get_first_unused_scratchcard" => {
            (ErrorCode::NoScratchcard, "there is no unused scratchcard left")
        }
        404 => (ErrorCode::NotFound, "the service has no such object or address"),
        409 | 412 if own_code == Some(415) => (ErrorCode::FieldsRejected, "the service names fields of the request that are not valid"),
        409 | 412 if own_code == Some(418) => (ErrorCode::BadRequest, "the service does not accept one of the parameters"),
        409 | 412 if own_code.is_some_and(|code| (419..=427).contains(&code)) => (ErrorCode::NotRenewable, not_renewable(own_code)),
        // The codes that were given are wrong; the status of the request is not the matter.
        409 | 412 if operation.name == "unlock_pin" && !has("status") => (ErrorCode::Rejected, "the service refused to unlock the PIN"),
        409 | 412 => (ErrorCode::InvalidStatus, "the request is not in a status that allows this"),
        429 => (ErrorCode::RateLimited, "the service takes no more calls now"),
        500 if said.refusal || has("invalid content_type") => {
            if operation.name == "create_request" && has("scratchcard") {
                (ErrorCode::ScratchcardInvalid, "the scratchcard is unknown or already used")
            } else if operation.name == "get_first_unused_scratchcard" && has("scratchcard") {
                (ErrorCode::NoScratchcard, "there is no unused scratchcard left")
            } else if takes_rao(operation) && (has_word("rao") || has("credential") || has("permission")) {
                (ErrorCode::RaoRejected, "the RAO credentials are wrong, or this officer may not do this")
            } else {
                (ErrorCode::Rejected, "the service understood and refused the call")
            }
        }
        500..=599 if operation.class == Class::Safe => (ErrorCode::ServerError, "the service failed"),
        500..=599 => {
            let error = Error::new(ErrorCode::Ambiguous, format!("the service failed and may have done it; {}", operation.when_lost));
            return finish(error, status, &said, retry_after).with_wire(Wire::MayBeProcessed);
        }
        s if (400..500).contains(&s) => (ErrorCode::Rejected, "the service refused the call"),
        _ => (ErrorCode::UnexpectedAnswer, "the service answered with an undocumented status"),
    };
    let retryable = match code {
        ErrorCode::RateLimited => true,
        ErrorCode::ServerError => operation.class == Class::Safe,
        _ => false,
    };
    finish(Error::new(code, detail), status, &said, retry_after).with_wire(Wire::Answered).with_retryable(retryable)
}

fn finish(error: Error, status: u16, said: &Said, retry_after: Option<Duration>) -> Error {
    error.with_http_status(status).with_server(said.code.as_deref(), said.id.as_deref(), said.text.clone()).with_retry_after(retry_after)
}

/// What the service's codes of a refused renewal mean.
const fn not_renewable(code: Option<u16>) -> &'static str {
    match code {
        Some(419) => "the certificate is revoked and cannot be renewed",
        Some(420) => "the certificate has expired and cannot be renewed",
        Some(421) => "an officer has switched renewal off for this request",
        Some(422) => "the registration authority has switched renewal off",
        Some(423) => "renewal is not available for this certificate",
        Some(424) => "the certificate was renewed as often as is allowed",
        Some(425) => "the certificate is older than renewal allows",
        Some(426) => "no officer has switched renewal on for this request",
        Some(427) => "the certificate is suspended and cannot be renewed",
        _ => "the certificate cannot be renewed",
    }
}

/// Whether the operation carries an officer's credentials.
fn takes_rao(operation: &Operation) -> bool {
    matches!(operation.name, "validate_videoid" | "refuse_videoid" | "approve_request" | "generate_declaration" | "get_request_document")
}

/// The longest pause that a service can ask for: a wait of more than a year is none, and a clock cannot add what any number says.
const LONGEST_PAUSE: Duration = Duration::from_hours(366 * 24);

/// `Retry-After` in seconds. The other form, a date, needs a clock that agrees with the server's; it is not taken.
pub(crate) fn retry_after(value: Option<&str>) -> Option<Duration> {
    value?.trim().parse().ok().map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::operation;

    fn error(name: &str, status: u16, body: &str) -> Error {
        from_answer(operation(name).unwrap(), status, body.as_bytes(), None)
    }

    #[test]
    fn a_500_of_the_api_is_an_answer_and_another_is_not() {
        let refused = error("create_request", 500, r#"{"code":"500","id":"8e782cdcdb600a90","error":"Invalid ScratchCard"}"#);
        assert_eq!((refused.code(), refused.wire()), (ErrorCode::ScratchcardInvalid, Wire::Answered));
        assert_eq!(refused.server_id(), Some("8e782cdcdb600a90"));
        let lost = error("create_request", 502, "<html>Bad Gateway</html>");
        assert_eq!((lost.code(), lost.wire(), lost.retryable()), (ErrorCode::Ambiguous, Wire::MayBeProcessed, false));
        let read = error("get_request", 502, "<html>Bad Gateway</html>");
        assert_eq!((read.code(), read.retryable()), (ErrorCode::ServerError, true));
    }

    #[test]
    fn a_500_of_a_framework_or_gateway_is_no_refusal() {
        for body in [
            r#"{"error":"Server Error (500)"}"#,
            r#"{"message":"An unexpected error occurred"}"#,
            r#"{"timestamp":"2026-11-21","status":500,"error":"Internal Server Error","path":"/api/v1/requests/"}"#,
            r#"{"detail":"Internal Server Error"}"#,
        ] {
            let lost = error("create_request", 500, body);
            assert_eq!((lost.code(), lost.wire(), lost.retryable()), (ErrorCode::Ambiguous, Wire::MayBeProcessed, false), "{body}");
            assert_eq!(error("get_request", 500, body).code(), ErrorCode::ServerError);
        }
    }

    #[test]
    fn the_bodys_code_decides_within_412() {
        let fields = error("approve_request", 412, r#"{"code":"415","id":"ab","error":"Invalid request fields: mobile_phone_number"}"#);
        assert_eq!((fields.code(), fields.server_code()), (ErrorCode::FieldsRejected, Some("415")));
        assert_eq!(error("approve_request", 412, r#"{"code":"412","error":"Invalid request status"}"#).code(), ErrorCode::InvalidStatus);
    }

    #[test]
    fn a_renewal_is_refused_by_the_bodys_code() {
        for (code, expected) in [
            ("\"418\"", ErrorCode::BadRequest),
            ("\"419,\"", ErrorCode::NotRenewable),
            ("422", ErrorCode::NotRenewable),
            ("\"427\"", ErrorCode::NotRenewable),
            ("\"428\"", ErrorCode::InvalidStatus),
        ] {
            let body = format!(r#"{{"code":{code},"id":"ab","error":"Renewal disabled by ra"}}"#);
            let refused = error("is_renewable", 412, &body);
            assert_eq!((refused.code(), refused.wire(), refused.retryable()), (expected, Wire::Answered, false), "{code}");
            assert_eq!(refused.server_code(), Some(&code.trim_matches('"')[..3]));
        }
    }

    #[test]
    fn a_wrong_type_of_document_is_a_refusal_in_every_form() {
        for body in [r#"{"code":"500","id":"ab","error":"Invalid content_type"}"#, r#"{"error":"Invalid content_type"}"#] {
            let refused = error("upload_request_document", 500, body);
            assert_eq!((refused.code(), refused.wire()), (ErrorCode::Rejected, Wire::Answered));
        }
        let missing = error("delete_request_document", 404, r#"{"error":"No documents found with id 616026"}"#);
        assert_eq!(missing.code(), ErrorCode::NotFound);
        assert!(!is_framework_404(404, br#"{"error":"No documents found with id 616026"}"#));
    }

    #[test]
    fn a_pause_is_one_that_a_clock_can_add() {
        assert_eq!(retry_after(Some(" 60 ")), Some(Duration::from_mins(1)));
        for text in [u64::MAX.to_string(), i64::MAX.to_string(), "99999999999".into()] {
            let pause = retry_after(Some(&text)).unwrap();
            assert!(std::time::Instant::now().checked_add(pause).is_some() && pause <= LONGEST_PAUSE, "{text}");
        }
        for text in ["", "-1", "1.5", "Fri, 20 Nov 2026 08:00:00 GMT", "99999999999999999999999"] {
            assert_eq!(retry_after(Some(text)), None, "{text}");
        }
    }

    #[test]
    fn officers_are_refused_in_several_ways() {
        for (status, body) in [
            (500, r#"{"code":"500","id":"ab","error":"Rao matching query does not exist."}"#),
            (403, r#"{"detail":"You do not have permission to perform this action."}"#),
        ] {
            assert_eq!(error("approve_request", status, body).code(), ErrorCode::RaoRejected);
        }
        assert_eq!(error("approve_request", 400, r#"{"error":"Missing required docs"}"#).code(), ErrorCode::MissingDocuments);
    }
}
