//! Documents to be signed, and the contract.

use std::io::Read;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Dialect, Failure, Success};
use super::forms::{Form, Upload};
use super::pdf;
use super::settings::{DocumentsAnswer, WithoutType};
use super::state::{Document, Kind, MAX_DOCUMENTS, Request, plain, uid};
use super::{Call, find, no_request, pk, wrong_status};
use crate::app::App;
use crate::clock;
use crate::files::Blob;
use crate::ra;
use crate::reply::{Part, Reply};
use crate::state::{CANCELLED, CREATED, ENROLLREADY, ISSUED};

/// The whole of a stored file.
pub(super) fn content(app: &App, blob: &Blob) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(blob.bytes).unwrap_or(0));
    app.files.read(blob)?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// What `hashfile` holds.
pub(super) struct Digest {
    pub(super) bytes: Vec<u8>,
    pub(super) signing_time: bool,
}

/// Reads a digest: `messageDigest` in Base64, of SHA-256.
pub(super) fn digest(bytes: &[u8]) -> Option<Digest> {
    let body: Value = serde_json::from_slice(bytes).ok()?;
    let digest = base64_simd::STANDARD.decode_to_vec(body["messageDigest"].as_str()?).ok()?;
    let algorithm = body["digestAlgorithm"].as_str()?.to_ascii_lowercase();
    let right = digest.len() == 32 && (algorithm.starts_with("sha256") || algorithm == "sha-256");
    right.then(|| Digest { bytes: digest, signing_time: super::truth(body.get("addSigningTime")) })
}

fn kind(app: &App, file: &Upload) -> Result<Kind, Failure> {
    let unsupported = |why: &str| Failure::new(415, format!("Unsupported file type: {why}"));
    let bytes = content(app, &file.blob).ok_or_else(super::unprocessed)?;
    if file.name == "hashfile" {
        digest(&bytes).map(|_| Kind::Hash).ok_or_else(|| unsupported("hashfile is a JSON document with messageDigest and digestAlgorithm"))
    } else {
        pdf::file::File::read(&bytes).map(|_| Kind::Pdf).map_err(unsupported)
    }
}

pub(super) fn upload(app: &App, call: &Call<'_>, form: Form) -> Answer {
    let result = take(app, call, &form);
    if result.is_err() {
        form.discard(app);
    }
    result
}

/// The place of a document's part: `file`, `file2` and so on.
fn number(name: &str) -> Option<usize> {
    match name.strip_prefix("file")? {
        "" => Some(1),
        rest => rest.parse::<usize>().ok().filter(|number| rest == number.to_string() && *number > 1),
    }
}

fn take(app: &App, call: &Call<'_>, form: &Form) -> Answer {
    let pk = {
        let mut world = app.world();
        let request = find(&mut world, call)?;
        if matches!(request.status.as_str(), ISSUED | CANCELLED | "RENEWED") {
            return Err(wrong_status());
        }
        request.pk
    };
    let wanted = |file: &&Upload| number(&file.name).is_some() || file.name == "hashfile";
    let files: Vec<&Upload> = form.files.iter().filter(wanted).collect();
    if files.is_empty() {
        return Err(Failure::new(400, "No file provided"));
    }
    let mut numbers: Vec<usize> = files.iter().filter_map(|file| number(&file.name)).collect();
    numbers.sort_unstable();
    if !numbers.iter().copied().eq(1..=numbers.len()) || files.len() - numbers.len() > 1 {
        return Err(Failure::new(400, "Invalid files: file, file2, … without gaps, and one hashfile are expected"));
    }
    if form.too_large {
        return Err(Failure::new(413, "The document is too large"));
    }
    let kinds = files.iter().map(|file| kind(app, file)).collect::<Result<Vec<_>, _>>()?;
    let mut world = app.world();
    let now = world.state.now();
    let held = world.state.one_shot.requests.get(&pk).ok_or_else(no_request)?.documents.len();
    if held + files.len() > MAX_DOCUMENTS {
        return Err(Failure::new(400, format!("Maximum number of document reached for Request {pk}")));
    }
    let mut made = Vec::new();
    for (file, kind) in files.iter().zip(kinds) {
        let number = world.state.one_shot.take_document_number();
        made.push(Document {
            uid: crate::state::uuid(),
            key: file.name.clone(),
            filename: file.filename.clone(),
            kind,
            uploaded: now,
            number,
            original: Some(file.blob.clone()),
            signed: None,
        });
    }
    for file in form.files.iter().filter(|file| !wanted(file)) {
        app.files.remove(&file.blob);
    }
    let name_and_uid = |document: &Document| json!({"name": document.key, "uid": uid(Dialect::Current, &document.uid)});
    let current: Value = match &made[..] {
        [one] => name_and_uid(one),
        several if world.state.settings.one_shot.documents_answer == DocumentsAnswer::ByName => {
            several.iter().map(|document| (document.key.clone(), json!(uid(Dialect::Current, &document.uid)))).collect::<Map<_, _>>().into()
        }
        several => several.iter().map(name_and_uid).collect(),
    };
    let legacy: Value = match &made[..] {
        [one] => json!(one.uid),
        // Not in the order of the upload, as the sample shows it.
        several => several
            .iter()
            .rev()
            .map(|document| {
                let digest = document.original.as_ref().map(|blob| &blob.sha256);
                json!({"digest": digest, "uid": document.uid, "key": document.key, "filename": document.filename})
            })
            .collect(),
    };
    let request = world.state.one_shot.requests.get_mut(&pk).ok_or_else(no_request)?;
    request.documents.extend(made.into_iter().map(|document| (document.uid.clone(), document)));
    app.save(&world);
    Ok(Success::Own { legacy: (200, legacy), current: json!({"status": "success", "detail": current}) })
}

/// Extension and media type.
fn form(kind: Kind, signed: bool) -> (&'static str, &'static str) {
    match (kind, signed) {
        (Kind::Pdf, _) => ("pdf", "application/pdf"),
        (Kind::Hash, false) => ("json", "application/json"),
        (Kind::Hash, true) => ("p7m", "application/pkcs7-mime"),
    }
}

/// `11/11/2019 18:03:07`.
fn stamp(seconds: i64) -> String {
    let iso = clock::iso(seconds);
    format!("{} {}", clock::day(seconds), &iso[11..19])
}

pub(super) fn list(app: &App, call: &Call<'_>) -> Answer {
    let mut world = app.world();
    let request = find(&mut world, call)?;
    let map: Map<String, Value> = request
        .documents
        .values()
        .map(|document| {
            let (ext, mime) = form(document.kind, false);
            let size = document.original.as_ref().or(document.signed.as_ref()).map(|blob| blob.bytes);
            let shown =
                json!({"upload_date": stamp(document.uploaded), "ext": ext, "size": size, "mime": mime, "filename": document.filename});
            (uid(call.dialect, &document.uid), shown)
        })
        .collect();
    Ok(Success::Data(Value::Object(map)))
}

fn none() -> Failure {
    Failure::Status(404, "404 Not found".to_owned(), "Document not found".to_owned())
}

/// `original` or `signed`: from the path, else from the query.
fn wanted<'a>(call: &Call<'a>) -> Option<&'a str> {
    let query = || call.query.iter().find(|(name, _)| name == "document_type").map(|(_, kind)| kind.as_str());
    call.ids.get(2).map(String::as_str).or_else(query).filter(|kind| !matches!(*kind, "" | "null"))
}

/// A wrong word for the kind of document.
fn known(kind: Option<&str>) -> Result<(), Failure> {
    if matches!(kind, None | Some("original" | "signed")) {
        return Ok(());
    }
    Err(Failure::Schema {
        place: vec!["query".into(), "document_type".into()],
        message: "Input should be 'original' or 'signed'".into(),
        kind: "enum".into(),
        legacy: "Invalid document type".into(),
    })
}

pub(super) fn get(app: &App, call: &Call<'_>) -> Answer {
    let mut world = app.world();
    let kind = wanted(call);
    known(kind)?;
    let kind = match world.state.settings.one_shot.document_without_type {
        WithoutType::Signed => kind.or(Some("signed")),
        WithoutType::Original => kind,
    };
    let request = find(&mut world, call)?;
    let issued = request.status == ISSUED;
    let document = request.documents.get(&plain(call.ids.get(1).map_or("", String::as_str))).ok_or_else(none)?;
    // An asynchronous signature is there when it is announced, not before.
    let signed = document.signed.as_ref().filter(|_| issued);
    let (blob, is_signed) = match kind {
        Some("signed") => (signed, true),
        _ => (document.original.as_ref(), false),
    };
    let blob = blob.ok_or_else(none)?;
    let file = app.files.read(blob).ok_or_else(none)?;
    Ok(Success::Raw(Reply::parts(200, form(document.kind, is_signed).1, vec![Part::File(file, blob.bytes)])))
}

pub(super) fn delete(app: &App, call: &Call<'_>) -> Answer {
    let kind = wanted(call);
    known(kind)?;
    let mut world = app.world();
    let request = find(&mut world, call)?;
    let id = plain(call.ids.get(1).map_or("", String::as_str));
    let document = request.documents.get_mut(&id).ok_or_else(none)?;
    let mut removed = Vec::new();
    if kind != Some("signed") {
        removed.extend(document.original.take());
    }
    if kind != Some("original") {
        removed.extend(document.signed.take());
    }
    if removed.is_empty() {
        return Err(none());
    }
    if document.original.is_none() && document.signed.is_none() {
        request.documents.remove(&id);
    }
    for blob in &removed {
        app.files.remove(blob);
    }
    app.save(&world);
    Ok(Success::Text("Document removed successfully".to_owned()))
}

pub(super) fn delete_all(app: &App, call: &Call<'_>) -> Answer {
    let mut world = app.world();
    let request = find(&mut world, call)?;
    for document in std::mem::take(&mut request.documents).values() {
        for blob in document.original.iter().chain(&document.signed) {
            app.files.remove(blob);
        }
    }
    app.save(&world);
    Ok(Success::Text("Documents removed successfully".to_owned()))
}

fn contract_of(request: &Request, now: i64) -> Vec<u8> {
    ra::pdf::document(
        "One-Shot service contract (sandbox)",
        &[
            format!("Request: {}", request.pk),
            format!("Holder: {}", request.holder()),
            format!("Document: {}", request.field("serial_number")),
            format!("E-mail: {}", request.field("email")),
            format!("Phone: {}", request.field("mobile_phone_number")),
            format!("Profile: {}", request.field("profile")),
            format!("Scratchcard: {}", request.field("scratchcard")),
            format!("Date: {}", clock::day(now)),
            String::new(),
            "This document was made by a sandbox. It binds nobody.".to_owned(),
        ],
    )
}

pub(super) fn contract(app: &App, call: &Call<'_>) -> Answer {
    let world = app.world();
    let none = || Failure::NotFound("Contract not found".to_owned());
    let request = pk(&world, call).and_then(|pk| world.state.one_shot.requests.get(&pk)).ok_or_else(none)?;
    let in_time = matches!(request.status.as_str(), CREATED | ENROLLREADY | ISSUED | "RENEWED");
    if !in_time && !world.state.settings.one_shot.contract_early {
        return Err(wrong_status());
    }
    let bytes = contract_of(request, world.state.now());
    // Legacy declares text, and sends a PDF.
    let media = if call.dialect == Dialect::Legacy { "text/plain" } else { "application/pdf" };
    Ok(Success::Raw(Reply::text(200, media, bytes)))
}
