//! What the settings for open questions change on the wire.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use videoid::config::{AcceptanceDate, VideoFormat};
use videoid::evidence::EvidenceBuilder;
use videoid::model::{Acceptance, DocumentType};
use videoid::{ErrorCode, HookEvent, RegistrationAuthority, RequestOptions, Source, Wire};

use super::server::{capture, config, serve};

const REQUEST: &str = concat!(
    "HTTP/1.1 200 OK\r\ncontent-length: 71\r\nconnection: close\r\n\r\n",
    r#"{"pk":5,"status":"VIDEOPENDING","videoid_data":{"pk":7,"requests":[5]}}"#
);

#[tokio::test(flavor = "multi_thread")]
async fn the_date_of_acceptance_goes_as_a_number_or_as_text() {
    let mut acceptance = Acceptance::default();
    acceptance.description = Some("terms".into());
    acceptance.date = Some(1_622_823_879_708);
    acceptance.extra.insert("z-own".into(), "kept".into());
    let image = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/specimen/document_front.jpg");
    let evidence = EvidenceBuilder::new().acceptance(acceptance).document_front(image).similarity_level(87).build().unwrap();
    let mut bodies = Vec::new();
    for form in [AcceptanceDate::Number, AcceptanceDate::Text] {
        let (address, seen) = capture(Some(REQUEST)).await;
        let mut config = config(address);
        config.assumptions.acceptance_date = form;
        RegistrationAuthority::new(config).unwrap().upload_evidence(5.into(), &evidence, &RequestOptions::new()).await.unwrap();
        let seen = seen.lock().unwrap();
        let (_, body) = seen.iter().find(|(head, _)| head.starts_with("PUT ")).unwrap();
        bodies.push(serde_json::from_slice::<Value>(body).unwrap());
    }
    let dates: Vec<Value> = bodies.iter_mut().map(|body| body["acceptance"]["date"].take()).collect();
    assert_eq!(dates, [Value::from(1_622_823_879_708_i64), Value::from("1622823879708")]);
    // Nothing else differs.
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[1]["acceptance"]["z-own"], "kept");
    assert!(bodies[1]["videoid_data"]["images"]["document_front"].as_str().unwrap().starts_with("/9j/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn other_videos_than_mp4_go_where_the_setting_says_so() {
    let webm = Source::bytes(b"\x1a\x45\xdf\xa3 and what follows in a WebM file".to_vec());
    let options = RequestOptions::new();
    let (address, seen) = capture(Some(REQUEST)).await;
    let mut config = config(address);
    let ra = RegistrationAuthority::new(config.clone()).unwrap();
    let error = ra.upload_video(&"one".into(), &webm, &options).await.unwrap_err();
    assert_eq!((error.code(), seen.lock().unwrap().len()), (ErrorCode::VideoUnrecognised, 0));

    config.assumptions.video_format = VideoFormat::Any;
    config.limits.video_bytes = 1 << 20;
    let ra = RegistrationAuthority::new(config).unwrap();
    ra.upload_video(&"one".into(), &webm, &options).await.unwrap();
    let mp4 = Source::path(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/specimen.mp4"));
    ra.upload_video(&"one".into(), &mp4, &options).await.unwrap();
    let sent: Vec<String> = seen.lock().unwrap().iter().map(|(_, body)| String::from_utf8_lossy(body).into_owned()).collect();
    assert!(sent[0].contains("Content-Type: application/octet-stream") && sent[0].contains("what follows in a WebM file"));
    assert!(sent[1].contains("Content-Type: video/mp4") && sent[1].contains("filename=\"video.mp4\""));
    for (bytes, code) in [(Vec::new(), ErrorCode::SourceEmpty), (vec![1; (1 << 20) + 1], ErrorCode::FieldInvalid)] {
        assert_eq!(ra.upload_video(&"one".into(), &Source::bytes(bytes), &options).await.unwrap_err().code(), code);
    }
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_by_post_is_repeated_or_not() {
    for (repeat, tries) in [(true, 3), (false, 1)] {
        let server = serve(|_, _| (503, "<html>busy</html>".into())).await;
        let mut config = server.config();
        config.assumptions.repeat_reading_posts = repeat;
        let ra = RegistrationAuthority::new(config).unwrap();
        let options = RequestOptions::new();
        let errors = [
            ra.generate_declaration(5.into(), "1400", &options).await.unwrap_err(),
            ra.get_request_document(5.into(), &DocumentType::Contract, None, &options).await.unwrap_err(),
            ra.generate_document(5.into(), &"contract".into(), &options).await.unwrap_err(),
        ];
        for error in errors {
            let path = match error.operation().unwrap() {
                "generate_declaration" => "POST /api/v1/requests/5/generates_tbs_receipt",
                "get_request_document" => "POST /api/v1/requests/5/pl_get_document",
                _ => "POST /api/v1/requests/5/generate_document",
            };
            assert_eq!(server.count(path), tries, "{path}");
            if !repeat {
                assert_eq!((error.code(), error.wire(), error.retryable()), (ErrorCode::Ambiguous, Wire::MayBeProcessed, false));
            }
        }
        // What only reads is repeated all the same.
        assert!(ra.get_request(5.into(), None, &options).await.is_err());
        assert_eq!(server.count("GET /api/v1/requests/5"), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_profile_lacks_is_told_once_and_sent_all_the_same() {
    let server = serve(|_, _| (201, r#"{"pk":5,"status":"VIDEOPENDING"}"#.into())).await;
    let told: Arc<Mutex<Vec<HookEvent>>> = Arc::default();
    let kept = told.clone();
    let hook = move |event: &HookEvent| {
        if event.kind == "warning" {
            kept.lock().unwrap().push(event.clone());
        }
    };
    let ra = RegistrationAuthority::with_hooks(server.config(), Arc::new(hook)).unwrap();
    let mut request = videoid::model::NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
    request.videoid_mode = Some(1);
    request.scratchcard = Some("1256948".into());
    request.mobile_phone_number = Some("+34600000000".into());
    request.validity_time = Some(366);
    ra.create_request(&request, &RequestOptions::new()).await.unwrap();
    let told = std::mem::take(&mut *told.lock().unwrap());
    assert_eq!((told.len(), told[0].operation.as_str()), (1, "create_request"));
    let text = told[0].text.as_deref().unwrap();
    assert!(text.contains("secure_element: needed by the profile PFnubeQAFCiudadano") && text.contains("validity_time: one of"), "{text}");
    assert!(!text.contains("given_name") && !text.contains("366") && !text.contains("anna"), "{text}");
    assert_eq!(server.count("POST /api/v1/requests/"), 1);

    let mut config = server.config();
    config.strict = true;
    let error = RegistrationAuthority::new(config).unwrap().create_request(&request, &RequestOptions::new()).await.unwrap_err();
    let fields: Vec<_> = error.fields().iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!((error.code(), fields), (ErrorCode::FieldMissing, vec!["secure_element", "validity_time"]));
    assert_eq!((error.operation(), error.wire(), server.count("POST /api/v1/requests/")), (Some("create_request"), Wire::NotSent, 1));
}
