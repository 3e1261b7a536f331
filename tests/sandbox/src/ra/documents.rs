//! The declaration, the contract, and the documents of a request.

use serde_json::{Value, json};

use super::requests::Document;
use super::{Answer, bad_parameters, find, no_officer, pdf, required, text, uploads, wrong_status};
use crate::app::App;
use crate::clock;
use crate::reply::{Part, Reply, base64_lines};
use crate::settings::{SecondDeclaration, Shape};
use crate::state::{CANCELLED, ISSUED, RAO_ID, Request};

fn field<'a>(request: &'a Request, name: &str) -> &'a str {
    request.fields.get(name).and_then(Value::as_str).unwrap_or("-")
}

fn holder(request: &Request) -> String {
    let names = ["given_name", "surname_1", "surname_2"].map(|name| field(request, name));
    names.into_iter().filter(|name| *name != "-").collect::<Vec<_>>().join(" ")
}

/// `POST …/generates_tbs_receipt/`: the text that the officer signs. The field is `rao` here, not `rao_id`.
pub(super) fn declaration(app: &App, id: &str, body: &Value) -> Answer {
    let [rao, kind] = required(body, ["rao", "type"])?;
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let now = world.state.now();
    if rao != RAO_ID {
        return Err(no_officer(&settings));
    }
    if kind != "APPROVE" {
        return Err(bad_parameters());
    }
    let fresh = world.state.take_receipt();
    let request = find(&mut world, id)?;
    if request.status == CANCELLED {
        return Err(wrong_status());
    }
    let number = match (request.receipt, settings.declaration_repeat) {
        (Some(_), SecondDeclaration::Refused) => return Err(wrong_status()),
        (Some(number), SecondDeclaration::Same) => number,
        _ => fresh,
    };
    request.receipt = Some(number);
    let receipt = format!(
        "DECLARACIÓN DEL OPERADOR DE REGISTRO (entorno de pruebas)\r\n\r\nRecibo: {number}\r\nSolicitud: {}\r\nTitular: {}\r\nDocumento: {}\r\nPerfil: {}\r\nTarjeta: {}\r\nFecha: {}\r\n\r\nEl operador {} declara haber comprobado la identidad del titular y la documentación aportada.\r\n",
        request.pk,
        holder(request),
        field(request, "serial_number"),
        field(request, "profile"),
        field(request, "scratchcard"),
        clock::day(now),
        rao,
    );
    let answer = json!({"serial_number": field(request, "serial_number"), "receipt": receipt});
    app.save(&world);
    Ok(Reply::json(200, &answer))
}

fn contract(request: &Request, now: i64) -> Vec<u8> {
    pdf::document(
        "Service contract (sandbox)",
        &[
            format!("Request: {}", request.pk),
            format!("Holder: {}", holder(request)),
            format!("Document: {}", field(request, "serial_number")),
            format!("E-mail: {}", field(request, "email")),
            format!("Profile: {}", field(request, "profile")),
            format!("Scratchcard: {}", field(request, "scratchcard")),
            format!("Date: {}", clock::day(now)),
            String::new(),
            "This document was made by a sandbox. It binds nobody.".to_owned(),
        ],
    )
}

/// `POST …/generate_document/`: the PDF as text in JSON, which is why the sandbox writes PDFs in ASCII.
pub(super) fn generate(app: &App, id: &str, body: &Value) -> Answer {
    let [kind] = required(body, ["doctype"])?;
    if kind != "contract" && kind != "contract_renew" {
        return Err(bad_parameters());
    }
    let mut world = app.world();
    let now = world.state.now();
    let request = find(&mut world, id)?;
    let pdf = String::from_utf8_lossy(&contract(request, now)).into_owned();
    Ok(Reply::json(200, &json!({"document": pdf})))
}

/// `POST …/pl_get_document/`: Base64 with line breaks, in an array of one or bare.
pub(super) fn get(app: &App, id: &str, body: &Value) -> Answer {
    let [kind] = required(body, ["type"])?;
    let mut world = app.world();
    let settings = world.state.settings.clone();
    let now = world.state.now();
    if text(body, "rao_id").is_some_and(|rao| rao != RAO_ID) {
        return Err(no_officer(&settings));
    }
    let request = find(&mut world, id)?;
    let mut document = Document::new();
    let none = || Reply::error(404, "400", "Document not found");
    let content = match kind.as_str() {
        "contract" => {
            let text = base64_lines(&contract(request, now));
            document.put(Part::Bytes(text.into()))
        }
        kind if uploads::TYPES.contains(&kind) => {
            // What was uploaded last, else what the video gave.
            let uploaded = request.documents.iter().rev().find(|document| document.kind == kind).map(|document| &document.blob);
            let from_video = || request.videoid.as_ref().and_then(|videoid| videoid.images.get(kind));
            let blob = uploaded.or_else(from_video).ok_or_else(none)?;
            let file = app.files.read(blob).ok_or_else(none)?;
            document.put(Part::Lines(file, blob.bytes))
        }
        "signed_contract" if request.status == ISSUED => {
            let text = base64_lines(&contract(request, now));
            document.put(Part::Bytes(text.into()))
        }
        // Nobody signed one before issuance.
        "signed_contract" => return Err(none()),
        _ => return Err(bad_parameters()),
    };
    let item = json!({"document": content, "type": kind});
    document.value = match settings.document_shape {
        Shape::Array => json!([item]),
        Shape::Object => item,
    };
    Ok(document.reply(200))
}
