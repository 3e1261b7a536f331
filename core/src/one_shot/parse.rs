//! From the envelopes of both dialects to the types of the model.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::failure;
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{
    Acknowledgement, AsyncStatus, CreatedRequest, CreatedToken, CreatedVideoId, ImageList, OneShotDocuments, OneShotSettings, Otp, Request,
    ServerVersion, Token, TokenList, UploadedDocuments, UploadedForSigning, UploadedImage, lenient,
};
use crate::operations::Operation;
use crate::secret::SensitiveString;
use crate::transport::skim::{self, Skim};

/// What stands inside an envelope.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// `detail` or `details`; the whole answer where it has no envelope.
    pub(super) data: Value,
    /// The service's sentence.
    pub(super) message: Option<String>,
}

/// Opens the envelope of an answer that HTTP calls a success.
///
/// # Errors
/// What its body says, where that is another thing.
pub(super) fn open(operation: &Operation, value: Value) -> Result<Opened> {
    let Value::Object(mut map) = value else { return Ok(Opened { data: value, message: None }) };
    if map.get("status").and_then(Value::as_str).is_some_and(|status| !is_success(status)) {
        return Err(failure::from_value(operation, None, Some(&Value::Object(map)), None));
    }
    let message = ["message", "messsage"].iter().find_map(|key| map.get(*key)?.as_str().map(str::to_owned));
    let data = match ["details", "detail"].iter().find_map(|key| map.remove(*key)) {
        Some(data) => data,
        // An envelope without data, or no envelope at all.
        None if message.is_some() && map.len() <= 2 => Value::Null,
        None if map.len() == 1 && map.contains_key("status") && operation.name != "get_async_status" => {
            return Ok(Opened { data: Value::Null, message: map.remove("status").and_then(lenient::value_to_text) });
        }
        None => Value::Object(map),
    };
    Ok(Opened { data, message })
}

/// Whether the status of an envelope is one of a success: `success`, `200 OK`, `ok`; also a word that only names where a request
/// stands.
fn is_success(status: &str) -> bool {
    match failure::status_number(status) {
        Some(number) => (200..300).contains(&number),
        None => !matches!(status.trim().to_ascii_lowercase().as_str(), "error" | "failed" | "failure" | "ko" | "invalid json"),
    }
}

fn unexpected(detail: &'static str) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, detail).with_wire(Wire::Answered)
}

/// The data as a type of the model.
pub(super) fn typed<T: DeserializeOwned>(data: Value) -> Result<T> {
    let data = match data {
        Value::Array(mut items) if items.len() == 1 => items.pop().unwrap_or(Value::Null),
        // JSON in a string.
        Value::String(text) if text.starts_with('{') => serde_json::from_str(&text).unwrap_or(Value::Null),
        other => other,
    };
    // serde's own text is left out: it may quote the value.
    serde_json::from_value(data).map_err(|_| unexpected("the answer has not the form that the operation documents"))
}

/// An answer that only acknowledges.
pub(super) fn acknowledgement(opened: Opened) -> Result<Acknowledgement> {
    match opened.data {
        Value::Object(map) => {
            let mut out: Acknowledgement = typed(Value::Object(map))?;
            out.status = out.status.or(opened.message);
            Ok(out)
        }
        Value::Array(items) => {
            let mut out = Acknowledgement { status: opened.message, ..Acknowledgement::default() };
            out.extra.insert("details".into(), Value::Array(items));
            Ok(out)
        }
        other => Ok(Acknowledgement { status: lenient::value_to_text(other).or(opened.message), ..Acknowledgement::default() }),
    }
}

/// The uid of something, under one of its names or alone.
fn with_uid(data: Value, name: &str, others: &[&str]) -> Result<Value> {
    let mut map = match data {
        Value::Object(map) => map,
        other => {
            let uid = lenient::value_to_text(other).filter(|uid| !uid.is_empty());
            Map::from_iter([(name.to_owned(), uid.ok_or_else(|| unexpected("the answer names no uid"))?.into())])
        }
    };
    if !map.contains_key(name) {
        let found = others.iter().find_map(|other| map.remove(*other)).ok_or_else(|| unexpected("the answer names no uid"))?;
        map.insert(name.to_owned(), found);
    }
    Ok(Value::Object(map))
}

/// An object, or the version alone.
pub(super) fn version(data: Value) -> Result<ServerVersion> {
    match data {
        Value::String(version) if !version.starts_with('{') => Ok(ServerVersion { version: Some(version), ..ServerVersion::default() }),
        data => typed(data),
    }
}

pub(super) fn created_token(data: Value) -> Result<CreatedToken> {
    typed(with_uid(data, "token_uid", &["uid", "token"])?)
}

pub(super) fn uploaded_image(data: Value) -> Result<UploadedImage> {
    typed(with_uid(data, "image_uid", &["uid", "image"])?)
}

/// One token; its uid is not in the answer.
pub(super) fn token(data: Value, uid: &str) -> Result<Token> {
    let Value::Object(mut map) = data else { return Err(unexpected("the answer shows no token")) };
    map.entry("token_uid").or_insert_with(|| uid.into());
    typed(Value::Object(map))
}

/// Things by their uid: an object with a member for each, or a list.
fn by_uid(data: Value, name: &str, others: &[&str]) -> Result<Vec<Value>> {
    match data {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.into_iter().map(|item| with_uid(item, name, others)).collect(),
        Value::Object(map) => map
            .into_iter()
            .map(|(uid, item)| {
                let mut item = match item {
                    Value::Object(item) => item,
                    Value::Null | Value::String(_) => Map::new(),
                    _ => return Err(unexpected("the list of the answer holds something else than objects")),
                };
                item.entry(name).or_insert_with(|| uid.into());
                Ok(Value::Object(item))
            })
            .collect(),
        // Some list calls say in a sentence that there is nothing.
        Value::String(_) => Ok(Vec::new()),
        _ => Err(unexpected("the answer holds no list")),
    }
}

pub(super) fn tokens(data: Value) -> Result<TokenList> {
    let mut tokens: Vec<Token> = by_uid(data, "token_uid", &["uid", "token"])?.into_iter().map(typed).collect::<Result<_>>()?;
    tokens.sort_by(|a, b| a.token_uid.expose().cmp(b.token_uid.expose()));
    Ok(TokenList { tokens })
}

pub(super) fn images(data: Value) -> Result<ImageList> {
    let images: Vec<UploadedImage> = by_uid(data, "image_uid", &["uid", "image"])?.into_iter().map(typed).collect::<Result<_>>()?;
    Ok(ImageList { images: images.into_iter().map(|image| image.image_uid).collect(), ..ImageList::default() })
}

pub(super) fn documents(data: Value) -> Result<OneShotDocuments> {
    let mut out = OneShotDocuments { documents: by_uid(data, "uid", &["document_uid"])?.into_iter().map(typed).collect::<Result<_>>()? };
    out.documents.sort_by(|a, b| a.uid.cmp(&b.uid));
    Ok(out)
}

/// One uid as text, one object, or a list of either, in the order of the upload where the parts are named; also an object with a
/// member for each part. Of several documents in Current no answer is shown.
pub(super) fn uploaded(data: Value) -> Result<UploadedDocuments> {
    let is_part = |name: &str| name == "hashfile" || name.strip_prefix("file").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    let items = match data {
        Value::Array(items) => items,
        Value::Null => return Err(unexpected("the answer names no document")),
        Value::Object(map) if !map.is_empty() && map.keys().all(|name| is_part(name)) => map
            .into_iter()
            .map(|(name, item)| {
                let mut item = with_uid(item, "uid", &["document_uid"])?;
                if let Some(item) = item.as_object_mut() {
                    item.entry("name").or_insert(name.into());
                }
                Ok(item)
            })
            .collect::<Result<_>>()?,
        one => vec![one],
    };
    let read = |item| typed::<UploadedForSigning>(with_uid(item, "uid", &["document_uid"])?);
    let mut documents: Vec<_> = items.into_iter().map(read).collect::<Result<_>>()?;
    let place = |document: &UploadedForSigning| match document.name.as_deref()? {
        "file" => Some(1),
        name => name.strip_prefix("file")?.parse::<u32>().ok(),
    };
    if documents.iter().all(|document| place(document).is_some()) {
        documents.sort_by_key(place);
    }
    Ok(UploadedDocuments { documents })
}

pub(super) fn created_videoid(data: Value) -> Result<CreatedVideoId> {
    let Value::Object(mut map) = data else { return Err(unexpected("the answer names no request")) };
    let request_pk = map.remove("request_pk").ok_or_else(|| unexpected("the answer names no request_pk"))?;
    let mut handle = Map::from_iter([("request_pk".to_owned(), request_pk)]);
    if let Some(videoid_pk) = map.remove("videoid_pk") {
        handle.insert("videoid_pk".into(), videoid_pk);
    }
    map.insert("handle".into(), Value::Object(handle));
    // In the External flow it is there and empty.
    if map.get("videoid_link").and_then(Value::as_str).is_some_and(str::is_empty) {
        map.remove("videoid_link");
    }
    typed(Value::Object(map))
}

/// The request's key as a number, as text, or in an object.
pub(super) fn created_request(data: Value) -> Result<CreatedRequest> {
    match data {
        Value::Object(_) => typed(data),
        other => typed(json!({ "pk": other })),
    }
}

pub(super) fn async_status(opened: Opened) -> Result<AsyncStatus> {
    match opened.data {
        Value::Object(_) => typed(opened.data),
        other => {
            let status = lenient::value_to_text(other).or(opened.message).ok_or_else(|| unexpected("the answer names no status"))?;
            Ok(AsyncStatus { status, ..AsyncStatus::default() })
        }
    }
}

/// Reads an answer that the caller has at hand, as a call of that operation would.
pub(crate) fn parse_answer(operation: &'static Operation, http_status: u16, body: &[u8]) -> Result<Value> {
    if !(200..300).contains(&http_status) {
        return Err(failure::from_answer(operation, http_status, body, None));
    }
    let skim = Skim { max_bytes: 4 << 20, ..Skim::default() };
    // A download that is answered with JSON is an error, whatever HTTP says.
    if matches!(operation.name, "get_document" | "get_contract" | "get_image" | "download_videoid_video") {
        let no_json = || Error::field(ErrorCode::ConfigInvalid, "operation", "one that answers with JSON");
        return Err(failure::in_place_of_a_file(operation, http_status, false, body).unwrap_or_else(no_json));
    }
    let value = if body.is_empty() { Value::Null } else { skim::read(body, &skim).map_err(|e| e.with_wire(Wire::Answered))? };
    let opened = open(operation, value)?;
    match operation.name {
        "create_token" => model(created_token(opened.data)?),
        "get_token" => model(token(opened.data, "")?),
        "list_tokens" => model(tokens(opened.data)?),
        "version" => model(version(opened.data)?),
        "get_settings" => model::<OneShotSettings>(typed(opened.data)?),
        "create_oneshot_request" => model(created_request(opened.data)?),
        "get_oneshot_request" => model::<Request>(typed(opened.data)?),
        "get_async_status" => model(async_status(opened)?),
        "create_videoid" => model(created_videoid(opened.data)?),
        "upload_documents" => model(uploaded(opened.data)?),
        "list_documents" => model(documents(opened.data)?),
        "generate_otp" => model(Otp { status: acknowledgement(opened)?.status.map(SensitiveString::new), ..Otp::default() }),
        "upload_image" => model(uploaded_image(opened.data)?),
        "list_images" => model(images(opened.data)?),
        _ => model(acknowledgement(opened)?),
    }
}

fn model<T: Serialize>(value: T) -> Result<Value> {
    serde_json::to_value(value).map_err(|_| Error::new(ErrorCode::Internal, "the model cannot be written as JSON"))
}
