//! From the JSON of an answer to the types of the model.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{
    Acknowledgement, Approval, ContactDataCheck, Declaration, Document, DocumentBytes, PreauthLink, Refusal, Renewability, RenewalStatus,
    Request, RequestDocument, RequestDocuments, RequestFieldCheck, RequestFieldIssue, RequestPage, Scratchcard, ScratchcardPage,
    ScratchcardUse, UploadedDocument, lenient,
};
use crate::operations::{Api, operation};
use crate::transport::failure;
use crate::transport::skim::{self, Form, Skim};

/// What the service answered, as a type of the model.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    // serde's own text is left out: it may quote the value.
    serde_json::from_value(one(value)).map_err(|_| unexpected("the answer has not the form that the operation documents"))
}

/// An answer that only acknowledges: JSON, an empty body, or a plain text in JSON.
pub(super) fn acknowledgement(value: Value) -> Result<Acknowledgement> {
    match value {
        Value::Null => Ok(Acknowledgement::default()),
        Value::String(_) | Value::Bool(_) => Ok(Acknowledgement { status: lenient::value_to_text(value), ..Acknowledgement::default() }),
        other => typed(other),
    }
}

/// What the two lists share.
pub(super) trait Paged: DeserializeOwned {
    fn set_next(&mut self, page: Option<i64>);
}

impl Paged for RequestPage {
    fn set_next(&mut self, page: Option<i64>) {
        self.next_page = page;
    }
}

impl Paged for ScratchcardPage {
    fn set_next(&mut self, page: Option<i64>) {
        self.next_page = page;
    }
}

/// A page; the number of the next one comes from the page that was asked for, never from the address that the service gives.
pub(super) fn page<P: Paged>(value: Value, asked: Option<i64>) -> Result<P> {
    let value = if value.is_array() { json!({ "results": value }) } else { value };
    let more = match value.get("next") {
        Some(Value::String(next)) => !next.is_empty() && next != "null",
        _ => false,
    };
    let mut page: P = typed(value)?;
    page.set_next(asked.unwrap_or(1).checked_add(1).filter(|_| more));
    Ok(page)
}

/// `true` as text or JSON; an object that says so is taken too.
pub(super) fn scratchcard_use(value: Value) -> Result<ScratchcardUse> {
    let value = match one(value) {
        Value::Object(mut map) => {
            ["used", "isused", "is_used", "result"].into_iter().find_map(|key| map.remove(key)).unwrap_or(Value::Null)
        }
        other => other,
    };
    lenient::value_to_bool(&value)
        .map(|used| ScratchcardUse { used })
        .ok_or_else(|| unexpected("the answer does not say whether the card is used"))
}

/// Pairs of field and problem; objects and one object with the fields as its members are taken too. Nothing: all is well.
pub(super) fn field_check(value: Value) -> Result<RequestFieldCheck> {
    let issue = |field: Value, problem: Value| {
        let (Some(field), Some(problem)) = (lenient::value_to_text(field), lenient::value_to_text(problem)) else {
            return Err(unexpected("a finding of the answer is no pair of field and problem"));
        };
        Ok(RequestFieldIssue { field, problem })
    };
    let issues = match value {
        Value::Null => Vec::new(),
        // One pair that is not inside a list.
        Value::Array(pair) if pair.len() == 2 && pair.iter().all(Value::is_string) => {
            let [field, problem]: [Value; 2] = pair.try_into().map_err(|_| unexpected("a finding of the answer is no pair"))?;
            vec![issue(field, problem)?]
        }
        Value::Array(pairs) => pairs
            .into_iter()
            .map(|pair| match pair {
                Value::Array(pair) => {
                    let pair: [Value; 2] = pair.try_into().map_err(|_| unexpected("a finding of the answer is no pair"))?;
                    let [field, problem] = pair;
                    issue(field, problem)
                }
                Value::Object(mut map) => {
                    let mut take = |keys: &[&str]| keys.iter().find_map(|key| map.remove(*key)).unwrap_or(Value::Null);
                    issue(take(&["field", "name"]), take(&["problem", "error", "message"]))
                }
                _ => Err(unexpected("a finding of the answer is no pair of field and problem")),
            })
            .collect::<Result<_>>()?,
        Value::Object(map) => map.into_iter().map(|(field, problem)| issue(field.into(), problem)).collect::<Result<_>>()?,
        _ => return Err(unexpected("the answer holds no findings")),
    };
    Ok(RequestFieldCheck { issues })
}

/// Whether a certificate can be renewed: a success says so, unless its body says otherwise.
pub(super) fn renewability(value: Value) -> Result<Renewability> {
    match one(value) {
        Value::Null => Ok(Renewability { renewable: true, ..Renewability::default() }),
        Value::Object(mut map) => {
            let said = ["renewable", "is_renewable", "request_is_renewable"].iter().find_map(|key| lenient::value_to_bool(map.get(*key)?));
            map.insert("renewable".into(), said.unwrap_or(true).into());
            typed(Value::Object(map))
        }
        other => {
            let renewable = lenient::value_to_bool(&other).unwrap_or(true);
            Ok(Renewability { renewable, status: lenient::value_to_text(other), ..Renewability::default() })
        }
    }
}

/// The documents of a request: a list, one object, or a page of them. What is not Base64 stays in `extra` as it came.
pub(super) fn request_documents(value: Value) -> Result<RequestDocuments> {
    let items = match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items,
        Value::Object(mut map) => match ["results", "result", "documents"].iter().find_map(|key| map.remove(*key)) {
            Some(Value::Array(items)) => items,
            Some(one @ Value::Object(_)) => vec![one],
            Some(_) => return Err(unexpected("the answer holds no documents")),
            None => vec![Value::Object(map)],
        },
        _ => return Err(unexpected("the answer holds no documents")),
    };
    let documents = items.into_iter().map(request_document).collect::<Result<_>>()?;
    Ok(RequestDocuments { documents })
}

fn request_document(value: Value) -> Result<RequestDocument> {
    let Value::Object(mut map) = value else { return Err(unexpected("a document of the answer is no object")) };
    let content = match map.get("document") {
        Some(Value::String(text)) if !text.is_empty() => decoded(text),
        _ => None,
    };
    match map.get("document") {
        // Left out while the answer was read: only its length is there.
        Some(Value::Object(left_out)) if left_out.contains_key("base64_length") => {
            let length = left_out["base64_length"].clone();
            map.remove("document");
            map.insert("base64_length".into(), length);
        }
        Some(Value::Null) => drop(map.remove("document")),
        Some(Value::String(text)) if text.is_empty() || content.is_some() => drop(map.remove("document")),
        _ => {}
    }
    let mut document: RequestDocument = typed(Value::Object(map))?;
    document.content = content.map(DocumentBytes);
    Ok(document)
}

/// Base64 with line breaks inside.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let plain: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    // One sample has the two characters `\n` in place of a line break.
    let plain = String::from_utf8_lossy(&plain).replace("\\n", "");
    base64_simd::STANDARD.decode_to_vec(plain.as_bytes()).ok()
}

/// A document in Base64, alone or in a list of one, with line breaks inside.
pub(super) fn base64_document(value: Value) -> Result<Document> {
    document(value, |text| decoded(text).ok_or_else(|| unexpected("the document of the answer is not Base64")))
}

/// A document whose bytes stand in the JSON text, one character a byte.
pub(super) fn raw_document(value: Value) -> Result<Document> {
    document(value, |text| {
        // A PDF is bytes; in JSON each came as a character. Where all fit into a byte they are taken as such, else as UTF-8.
        Ok(text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>().unwrap_or_else(|| text.as_bytes().to_vec()))
    })
}

fn document(value: Value, decode: impl FnOnce(&str) -> Result<Vec<u8>>) -> Result<Document> {
    let Value::Object(mut map) = one(value) else { return Err(unexpected("the answer holds no document")) };
    let Some(Value::String(text)) = map.remove("document") else { return Err(unexpected("the answer holds no document")) };
    let content = DocumentBytes(decode(&text)?);
    let mut document: Document = typed(Value::Object(map))?;
    document.content = content;
    Ok(document)
}

/// The single item of a list of one: the service wraps some objects so.
fn one(value: Value) -> Value {
    match value {
        Value::Array(mut items) if items.len() == 1 => items.pop().unwrap_or(Value::Null),
        other => other,
    }
}

fn unexpected(detail: &'static str) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, detail).with_wire(Wire::Answered)
}

/// Reads an answer of the service that the caller has at hand, as a call of that operation would: for tests and for tools that
/// look at recorded answers. The result is the JSON of the model's type.
///
/// # Errors
/// What the call would fail with; `config_invalid` for an operation that does not exist or answers with a file.
pub fn parse_answer(name: &str, http_status: u16, body: &[u8]) -> Result<Value> {
    let operation = operation(name).ok_or_else(|| Error::field(ErrorCode::ConfigInvalid, "operation", "a name of OPERATIONS"))?;
    if operation.api == Api::OneShot {
        return crate::one_shot::parse::parse_answer(operation, http_status, body)
            .map_err(|e| e.with_operation(operation.name).with_http_status(http_status));
    }
    if !(200..300).contains(&http_status) {
        return Err(failure::from_answer(operation, http_status, body, None).with_operation(operation.name));
    }
    let parse = || -> Result<Value> {
        let form = match operation.name {
            "list_request_documents" => Form::Documents,
            "is_scratchcard_used" => Form::Word,
            _ => Form::Json,
        };
        let skim = Skim { images_dir: None, form, max_bytes: 4 << 20 };
        let value = if body.is_empty() { Value::Null } else { skim::read(body, &skim).map_err(|e| e.with_wire(Wire::Answered))? };
        match operation.name {
            "get_first_unused_scratchcard" | "get_scratchcard" => model::<Scratchcard>(typed(value)?),
            "list_scratchcards" => model::<ScratchcardPage>(page(value, None)?),
            "is_scratchcard_used" => model(scratchcard_use(value)?),
            "create_request" | "get_request" | "update_request" => model::<Request>(typed(value)?),
            "list_requests" => model::<RequestPage>(page(value, None)?),
            "validate_request" => model(field_check(value)?),
            "cancel_request"
            | "upload_evidence"
            | "upload_video"
            | "delete_request_document"
            | "enable_renewal"
            | "disable_renewal"
            | "generate_otp_for_unlock"
            | "unlock_pin" => model(acknowledgement(value)?),
            "upload_request_document" | "upload_videoid_evidence_document" => model::<UploadedDocument>(typed(value)?),
            "list_request_documents" => model(request_documents(value)?),
            "check_contact_data" => model::<ContactDataCheck>(typed(value)?),
            "get_renewal_status" => model::<RenewalStatus>(typed(value)?),
            "is_renewable" => model(renewability(value)?),
            "validate_videoid" | "approve_request" => model::<Approval>(typed(value)?),
            "refuse_videoid" => model::<Refusal>(typed(value)?),
            "generate_declaration" => model::<Declaration>(typed(value)?),
            "get_request_document" => model(base64_document(value)?),
            "generate_document" => model(raw_document(value)?),
            "get_preauth_link" => model::<PreauthLink>(typed(value)?),
            _ => Err(Error::field(ErrorCode::ConfigInvalid, "operation", "one that answers with JSON")),
        }
    };
    parse().map_err(|e| e.with_operation(operation.name).with_http_status(http_status))
}

fn model<T: Serialize>(value: T) -> Result<Value> {
    serde_json::to_value(value).map_err(|_| Error::new(ErrorCode::Internal, "the model cannot be written as JSON"))
}
