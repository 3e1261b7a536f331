//! The one-time password and the signature that it unlocks.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Dialect, Failure, Success};
use super::authority::{Attributes, Signer};
use super::documents::{content, digest};
use super::pdf;
use super::pdf::sign::Facts;
use super::pdf::stamp::Stamp;
use super::placement::{self, Placement};
use super::settings::{Settings, Unnamed};
use super::state::{Document, Kind, Otp, Request, uid};
use super::{Call, change, find, no_request, text, unprocessed, wrong_status};
use crate::app::App;
use crate::clock;
use crate::files::Blob;
use crate::state::{ENROLLREADY, ISSUED};

pub(super) fn otp(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    const METHOD: &str = "delivery_method";
    let told = text(body, METHOD);
    let method = match (app.world().state.settings.one_shot.otp_delivery_method, call.dialect) {
        (Unnamed::Refused, Dialect::Current) if told.is_some() => return Err(Failure::extra(METHOD)),
        (Unnamed::Ignored, Dialect::Current) => None,
        _ => told,
    };
    let method = method.unwrap_or_else(|| "sms".to_owned());
    if !matches!(method.as_str(), "sms" | "whatsapp") {
        return Err(Failure::wrong("delivery_method", "Input should be 'sms' or 'whatsapp'", "enum", "Invalid delivery method"));
    }
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    let request = find(&mut world, call)?;
    if request.status != ENROLLREADY {
        return Err(Failure::new(412, "Error generating OTP: Invalid request status"));
    }
    if request.otp.as_ref().is_some_and(|otp| now - otp.sent < settings.otp_interval_seconds) {
        return Err(Failure::new(412, "Error generating OTP: Otp generated less than a minute ago"));
    }
    request.otp = Some(Otp { code: crate::state::digits(6), sent: now, method });
    app.save(&world);
    Ok(Success::Text("OTP generated".to_owned()))
}

/// Whether the code is the last one sent, and not too old.
fn unlocks(request: &Request, settings: &Settings, body: &Value, now: i64) -> Result<(), Failure> {
    let wrong = || Failure::new(403, "Confirmation Code invalid");
    match (text(body, "ext_unlock_type"), text(body, "ext_unlock_value"), text(body, "secret")) {
        (Some(_), Some(value), None) => {
            if settings.ext_unlock_value.as_ref().is_none_or(|right| *right == value) {
                Ok(())
            } else {
                Err(wrong())
            }
        }
        (None, None, Some(secret)) => {
            let otp = request.otp.as_ref().ok_or_else(wrong)?;
            if otp.code == secret && now - otp.sent <= settings.otp_seconds { Ok(()) } else { Err(wrong()) }
        }
        // Both at once is one too many.
        (_, _, Some(_)) => Err(Failure::new(400, "Invalid parameters: the secret or an external unlock")),
        _ => Err(Failure::new(400, "Missing required parameters")),
    }
}

/// `D:20261121083000+00'00'` and `261121083000Z` of `2026-11-21T08:30:00Z`.
fn times(now: i64) -> (String, String) {
    let digits = clock::digits(now);
    (format!("D:{digits}+00'00'"), format!("{}Z", &digits[2..]))
}

fn sign_pdf(bytes: &[u8], placement: &Placement, signer: &Signer, counter: Option<&Signer>, now: i64) -> Result<Vec<u8>, String> {
    let facts = |name: &str, field: &str, reason: &str| Facts {
        time: times(now).0,
        name: name.to_owned(),
        reason: reason.to_owned(),
        field: field.to_owned(),
    };
    let own = facts(&signer.name, "Signature", "One-Shot signature (sandbox)");
    let once = pdf::sign::sign(bytes, &placement.stamp, &own, |pieces| signer.sign(pieces))?;
    match counter {
        Some(counter) => {
            let facts = facts(&counter.name, "Countersignature", "Countersignature (sandbox)");
            pdf::sign::sign(&once, &Stamp::default(), &facts, |pieces| counter.sign(pieces))
        }
        None => Ok(once),
    }
}

fn sign_digest(bytes: &[u8], signer: &Signer, now: i64) -> Result<Vec<u8>, String> {
    let digest = digest(bytes).ok_or("Invalid hashfile")?;
    let time = times(now).1;
    signer.cms(&digest.bytes, Attributes { signing_time: digest.signing_time.then_some(time.as_str()) })
}

fn store(app: &App, bytes: &[u8], kind: &str) -> Option<Blob> {
    let mut writer = app.files.writer(true).ok()?;
    writer.write(bytes).ok()?;
    writer.finish(kind).ok()
}

/// The certificate as a webhook and a read-back show it.
fn certificate(signer: &Signer) -> Value {
    json!({"status": "VALID", "serial_number": signer.serial, "valid_from": clock::spaced(signer.valid.0), "valid_to": clock::spaced(signer.valid.1)})
}

pub(super) fn sign(app: &App, call: &Call<'_>, body: &Value) -> Answer {
    let mut world = app.world();
    let (now, settings) = (world.state.now(), world.state.settings.one_shot.clone());
    let request = find(&mut world, call)?.clone();
    if request.status == ISSUED {
        return Err(Failure::new(412, "Request already in ISSUED status"));
    }
    let signing = request.asynchronous.as_ref().is_some_and(|asynchronous| asynchronous.status == "signing");
    if request.status != ENROLLREADY || signing {
        return Err(wrong_status());
    }
    unlocks(&request, &settings, body, now)?;
    let documents: Vec<(&String, &Document, Vec<u8>)> =
        request.documents.iter().filter_map(|(id, document)| Some((id, document, content(app, document.original.as_ref()?)?))).collect();
    if documents.is_empty() {
        return Err(Failure::new(404, format!("No documents found for Request {}", request.pk)));
    }
    let pages: BTreeMap<String, usize> = documents
        .iter()
        .filter(|(_, document, _)| document.kind == Kind::Pdf)
        .filter_map(|(id, _, bytes)| Some(((*id).clone(), pdf::sign::pages(bytes).ok()?)))
        .collect();
    let iso = clock::iso(now);
    let placements = placement::all(app, (&world.state.one_shot, &settings), &request, call, body, &pages, &iso)?;
    let holder = request.holder();
    let signer = app.one_shot.authority.issue(&holder, request.field("serial_number")).map_err(|_| unprocessed())?;
    let counter = if placements.values().any(|placement| placement.countersigned) {
        Some(app.one_shot.authority.issue("videoid sandbox countersigner", "").map_err(|_| unprocessed())?)
    } else {
        None
    };
    let mut results: BTreeMap<String, Blob> = BTreeMap::new();
    let mut errors = Map::new();
    for (id, document, bytes) in &documents {
        let placement = placements.get(*id).cloned().unwrap_or_default();
        let result = match document.kind {
            Kind::Pdf => sign_pdf(bytes, &placement, &signer, counter.as_ref().filter(|_| placement.countersigned), now),
            Kind::Hash => sign_digest(bytes, &signer, now),
        };
        match result.and_then(|bytes| store(app, &bytes, "signed").ok_or_else(|| "The document cannot be stored".to_owned())) {
            Ok(blob) => {
                results.insert((*id).clone(), blob);
            }
            Err(error) => {
                errors.insert(uid(call.dialect, id), json!(error));
            }
        }
    }
    if !errors.is_empty() {
        for blob in results.values() {
            app.files.remove(blob);
        }
        return Err(Failure::Object(400, Value::Object(errors)));
    }
    let request = world.state.one_shot.requests.get_mut(&request.pk).ok_or_else(no_request)?;
    for (id, blob) in results {
        if let Some(former) = request.documents.get_mut(&id).and_then(|document| document.signed.replace(blob)) {
            app.files.remove(&former);
        }
    }
    // A code opens once.
    request.otp = None;
    request.certificate = Some(certificate(&signer));
    let text = if let Some(asynchronous) = &mut request.asynchronous {
        "signing".clone_into(&mut asynchronous.status);
        app.one_shot.finish_later(request.pk, asynchronous.key, settings.async_delay_ms);
        "Your documents are going to be signed"
    } else {
        change(app, request, &settings, ISSUED, "sign", now);
        "Documents correctly signed"
    };
    app.save(&world);
    Ok(Success::Text(text.to_owned()))
}
