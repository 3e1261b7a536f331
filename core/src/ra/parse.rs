//! From the JSON of an answer to the types of the model.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{
    Acknowledgement, Approval, Declaration, Document, DocumentBytes, PreauthLink, Refusal, Request, RequestPage, Scratchcard,
};
use crate::operations::operation;
use crate::transport::failure;
use crate::transport::skim::{self, Skim};

/// What the service answered, as a type of the model.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    // serde's own text is left out: it may quote the value.
    serde_json::from_value(one(value)).map_err(|_| unexpected("the answer has not the form that the operation documents"))
}

/// An answer that only acknowledges: JSON, an empty body, or a plain text in JSON.
pub(super) fn acknowledgement(value: Value) -> Result<Acknowledgement> {
    match value {
        Value::Null => Ok(Acknowledgement::default()),
        Value::String(text) => Ok(Acknowledgement { status: Some(text), ..Acknowledgement::default() }),
        other => typed(other),
    }
}

/// A page; the number of the next one comes from the page that was asked for, never from the address that the service gives.
pub(super) fn page(value: Value, asked: Option<i64>) -> Result<RequestPage> {
    let value = if value.is_array() { json!({ "results": value }) } else { value };
    let more = match value.get("next") {
        Some(Value::String(next)) => !next.is_empty() && next != "null",
        _ => false,
    };
    let mut page: RequestPage = typed(value)?;
    page.next_page = asked.unwrap_or(1).checked_add(1).filter(|_| more);
    Ok(page)
}

/// A document in Base64, alone or in a list of one, with line breaks inside.
pub(super) fn base64_document(value: Value) -> Result<Document> {
    document(value, |text| {
        let plain: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        // One sample has the two characters `\n` in place of a line break.
        let plain = String::from_utf8_lossy(&plain).replace("\\n", "");
        base64_simd::STANDARD.decode_to_vec(plain.as_bytes()).map_err(|_| unexpected("the document of the answer is not Base64"))
    })
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
    if !(200..300).contains(&http_status) {
        return Err(failure::from_answer(operation, http_status, body, None).with_operation(operation.name));
    }
    let parse = || -> Result<Value> {
        let skim = Skim { images_dir: None, max_bytes: 4 << 20 };
        let value = if body.is_empty() { Value::Null } else { skim::read(body, &skim).map_err(|e| e.with_wire(Wire::Answered))? };
        match operation.name {
            "get_first_unused_scratchcard" => model::<Scratchcard>(typed(value)?),
            "create_request" | "get_request" => model::<Request>(typed(value)?),
            "list_requests" => model::<RequestPage>(page(value, None)?),
            "cancel_request" | "upload_evidence" | "upload_video" => model(acknowledgement(value)?),
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
