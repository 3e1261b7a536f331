//! The bodies that the service's documents show, and what becomes of them.

#![cfg(feature = "client")]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::PathBuf;

use serde_json::Value;
use videoid::ra::parse_answer;
use videoid::{Error, OPERATIONS};

fn vectors() -> Vec<Value> {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "vectors", "vendor"].iter().collect();
    let mut out: Vec<Value> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect();
    out.sort_by_key(|v| v["name"].as_str().map(str::to_owned));
    out
}

fn parsed(vector: &Value) -> Result<Value, Error> {
    let status = u16::try_from(vector["http_status"].as_u64().unwrap()).unwrap();
    parse_answer(vector["operation"].as_str().unwrap(), status, vector["body"].as_str().unwrap().as_bytes())
}

/// What of `wanted` is not in `got`.
fn missing(wanted: &Value, got: &Value, at: &str, out: &mut Vec<String>) {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => {
            for (key, value) in wanted {
                missing(value, got.get(key).unwrap_or(&Value::Null), &format!("{at}/{key}"), out);
            }
        }
        (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
            for (index, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                missing(wanted, got, &format!("{at}/{index}"), out);
            }
        }
        _ if wanted == got => {}
        _ => out.push(format!("{at}: wanted {wanted}, got {got}")),
    }
}

fn error_json(error: &Error) -> Value {
    serde_json::json!({
        "code": error.code().as_str(),
        "http_status": error.http_status(),
        "server_code": error.server_code(),
        "server_id": error.server_id(),
        "server_text": error.server_text().map(|text| text.expose().clone()),
        "wire": error.wire().as_str(),
        "retryable": error.retryable(),
    })
}

#[test]
fn each_documented_body_becomes_what_it_means() {
    let mut faults = Vec::new();
    for vector in vectors() {
        let name = vector["name"].as_str().unwrap();
        let (wanted, got) = match (vector["kind"].as_str().unwrap(), parsed(&vector)) {
            ("answer", Ok(json)) => (&vector["expect"]["json"], json),
            ("error", Err(error)) => {
                assert_eq!(error.operation(), vector["operation"].as_str(), "{name}");
                (&vector["expect"]["error"], error_json(&error))
            }
            (kind, got) => {
                faults.push(format!("{name}: {kind} wanted, got {:?}", got.map(|_| "an answer")));
                continue;
            }
        };
        missing(wanted, &got, name, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_the_service_wrote_is_in_no_text_of_an_error() {
    for vector in vectors().iter().filter(|v| v["kind"] == "error") {
        let error = parsed(vector).unwrap_err();
        let text = format!("{error} {error:?}");
        if let Some(said) = error.server_text().filter(|said| said.expose().len() > 5) {
            assert!(!text.contains(said.expose().as_str()), "{}: {text}", vector["name"]);
        }
    }
}

#[test]
fn answers_written_again_stay_the_same() {
    use videoid::model::{
        Acknowledgement, Approval, ContactDataCheck, Declaration, Document, PreauthLink, Refusal, Renewability, RenewalStatus, Request,
        RequestDocuments, RequestFieldCheck, RequestPage, Scratchcard, ScratchcardPage, ScratchcardUse, UploadedDocument,
    };
    use videoid::model::{
        AsyncStatus, CreatedRequest, CreatedToken, CreatedVideoId, ImageList, OneShotDocuments, OneShotSettings, Otp, ServerVersion, Token,
        TokenList, UploadedDocuments, UploadedImage,
    };
    fn again<T: serde::Serialize + serde::de::DeserializeOwned>(json: &Value) -> Value {
        serde_json::to_value(serde_json::from_value::<T>(json.clone()).unwrap()).unwrap()
    }
    for vector in vectors().iter().filter(|v| v["kind"] == "answer") {
        let json = parsed(vector).unwrap();
        let written = match vector["expect"]["model"].as_str().unwrap() {
            "Acknowledgement" => again::<Acknowledgement>(&json),
            "Approval" => again::<Approval>(&json),
            "ContactDataCheck" => again::<ContactDataCheck>(&json),
            "Declaration" => again::<Declaration>(&json),
            "Document" => again::<Document>(&json),
            "PreauthLink" => again::<PreauthLink>(&json),
            "Refusal" => again::<Refusal>(&json),
            "Renewability" => again::<Renewability>(&json),
            "RenewalStatus" => again::<RenewalStatus>(&json),
            "Request" => again::<Request>(&json),
            "RequestDocuments" => again::<RequestDocuments>(&json),
            "RequestFieldCheck" => again::<RequestFieldCheck>(&json),
            "RequestPage" => again::<RequestPage>(&json),
            "Scratchcard" => again::<Scratchcard>(&json),
            "ScratchcardPage" => again::<ScratchcardPage>(&json),
            "ScratchcardUse" => again::<ScratchcardUse>(&json),
            "UploadedDocument" => again::<UploadedDocument>(&json),
            "AsyncStatus" => again::<AsyncStatus>(&json),
            "CreatedRequest" => again::<CreatedRequest>(&json),
            "CreatedToken" => again::<CreatedToken>(&json),
            "CreatedVideoId" => again::<CreatedVideoId>(&json),
            "ImageList" => again::<ImageList>(&json),
            "OneShotDocuments" => again::<OneShotDocuments>(&json),
            "OneShotSettings" => again::<OneShotSettings>(&json),
            "Otp" => again::<Otp>(&json),
            "ServerVersion" => again::<ServerVersion>(&json),
            "Token" => again::<Token>(&json),
            "TokenList" => again::<TokenList>(&json),
            "UploadedDocuments" => again::<UploadedDocuments>(&json),
            "UploadedImage" => again::<UploadedImage>(&json),
            other => panic!("unknown model {other}"),
        };
        assert_eq!(written, json, "{}", vector["name"]);
    }
}

#[test]
fn every_operation_with_documented_errors_has_a_vector_of_each_status() {
    let vectors = vectors();
    for operation in OPERATIONS {
        for status in operation.errors {
            let there = vectors.iter().any(|v| v["operation"] == operation.name && v["http_status"] == *status && v["kind"] == "error");
            assert!(there, "{} {status}", operation.name);
        }
    }
}

#[test]
fn every_operation_that_answers_with_json_has_a_vector() {
    let vectors = vectors();
    let files = ["download_video", "download_videoid_video", "get_document", "get_contract", "get_image"];
    for operation in OPERATIONS.iter().filter(|o| !files.contains(&o.name)) {
        assert!(vectors.iter().any(|v| v["operation"] == operation.name && v["kind"] == "answer"), "{}", operation.name);
    }
}
