//! The workflow against a service that answers late, not at all, or shows what it did later.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use videoid::model::{NewRequest, RaoCredentials, Status};
use videoid::workflow::{ExternalVideoId, Machine};
use videoid::{CancelToken, ErrorCode, RegistrationAuthority, RequestOptions, Source};

use super::server::{Server, serve};

/// A workflow that was kept with these fields of its state.
fn resumed(server: &Server, fields: Value) -> ExternalVideoId {
    let mut state: Value = serde_json::from_str(&Machine::new().to_json()).unwrap();
    for (name, value) in fields.as_object().unwrap() {
        state[name] = value.clone();
    }
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    ExternalVideoId::resume(ra, &state.to_string()).unwrap()
}

fn rao() -> RaoCredentials {
    RaoCredentials::new("officer", "password", "1234", "1400")
}

fn request(status: &str) -> (u16, String) {
    (200, json!({"pk": 1, "status": status}).to_string())
}

/// What takes longer would go on for ever.
fn soon<T>(call: impl Future<Output = T>) -> impl Future<Output = T> {
    let call = Box::pin(call);
    async move { tokio::time::timeout(Duration::from_secs(20), call).await.expect("it goes on for ever") }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_outlive_an_error_after_them() {
    let server = serve(|asked, before| match (asked, before) {
        ("GET /api/v1/requests/1/", 0) => request("VIDEOREVIEW"),
        ("GET /api/v1/requests/1/", 1) => (403, r#"{"detail":"not now"}"#.into()),
        ("GET /api/v1/requests/1/", _) => request("ENROLLREADY"),
        _ => (200, r#"{"secrets":{"pin":"4711","puk":"0815","erc":"e","enrollment_code":"c"}}"#.into()),
    })
    .await;
    let flow = resumed(&server, json!({"request_pk": 1}));
    let options = RequestOptions::new();
    assert_eq!(flow.validate(&rao(), &options).await.unwrap_err().code(), ErrorCode::Forbidden);
    assert!(!flow.state().contains("4711"));
    let outcome = flow.clone().approve(&rao(), &options).await.unwrap();
    assert_eq!(outcome.status, Status::EnrollReady);
    assert_eq!(outcome.secrets.unwrap().pin.unwrap().expose(), "4711");
    assert_eq!(server.count("POST"), 1);
    // They are given once.
    assert!(flow.approve(&rao(), &options).await.unwrap().secrets.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_was_taken_is_not_sent_again() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/1/" => request("VIDEOREVIEW"),
        _ => (200, r#"{"videoid_status":"REFUSED","reason":"blurred"}"#.into()),
    })
    .await;
    let flow = resumed(&server, json!({"request_pk": 1}));
    let outcome = soon(flow.refuse(&rao(), "blurred", &RequestOptions::new())).await.unwrap();
    assert_eq!(outcome.videoid_status.as_deref(), Some("REFUSED"));
    assert_eq!(server.count("POST"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_the_service_does_not_show_ends() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/1/" => (200, json!({"pk": 1, "status": "VIDEOREVIEW", "videoid_data": {"status": "PENDING"}}).to_string()),
        _ => (200, r#"{"videoid_status":"REFUSED"}"#.into()),
    })
    .await;
    let flow = resumed(&server, json!({"request_pk": 1}));
    let error = soon(flow.refuse(&rao(), "blurred", &RequestOptions::new())).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::UnexpectedStatus);
    assert_eq!(server.count("POST"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_was_taken_is_not_sent_again() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/1/" => request("CREATED"),
        "POST /api/v1/requests/1/generates_tbs_receipt/" => (200, r#"{"receipt":"I declare"}"#.into()),
        "POST /api/v1/requests/1/pl_get_document/" => (200, r#"{"document":"JVBERi0=","type":"contract"}"#.into()),
        _ => (200, r#"{"secrets":{"pin":"4711"}}"#.into()),
    })
    .await;
    let flow = resumed(&server, json!({"request_pk": 1, "validated": true}));
    for _ in 0..2 {
        let error = flow.approve(&rao(), &RequestOptions::new()).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::UnexpectedStatus);
    }
    let state = flow.state();
    let again = ExternalVideoId::resume(RegistrationAuthority::new(server.config()).unwrap(), &state).unwrap();
    again.approve(&rao(), &RequestOptions::new()).await.unwrap_err();
    assert_eq!(server.count("POST /api/v1/requests/1/pl_approve/"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_validation_shows_the_papers() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/1/" => request("CREATED"),
        "POST /api/v1/requests/1/generates_tbs_receipt/" => (200, r#"{"receipt":"I declare"}"#.into()),
        _ => (200, r#"[{"document":"JVBERi0=","type":"contract"}]"#.into()),
    })
    .await;
    let flow = resumed(&server, json!({"request_pk": 1, "validated": true}));
    for _ in 0..2 {
        let outcome = flow.validate(&rao(), &RequestOptions::new()).await.unwrap();
        assert!(outcome.declaration.is_some() && outcome.contract.is_some());
    }
}

fn evidence() -> videoid::evidence::Evidence {
    let fixture = |name: &str| format!("{}/../tests/fixtures/specimen/{name}.jpg", env!("CARGO_MANIFEST_DIR"));
    let acceptance = serde_json::from_value(json!({"description": "I accept"})).unwrap();
    let ocr = serde_json::from_value(json!({"given_name": "ANNA MARIA", "surname_1": "ERIKSSON", "serial_number": "X1"})).unwrap();
    videoid::evidence::EvidenceBuilder::new()
        .document_front(fixture("document_front").as_str())
        .document_rear(fixture("document_rear").as_str())
        .document_owner(fixture("document_owner").as_str())
        .acceptance(acceptance)
        .ocr_data(ocr)
        .similarity_level(87)
        .build()
        .unwrap()
}

fn video() -> Source {
    Source::path(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/specimen.mp4"))
}

fn anna() -> NewRequest {
    let mut request = NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
    request.surname_1 = Some("ERIKSSON".into());
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_the_service_misses_is_sent_when_asked_again() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/1/" => {
            let data = json!({"pk": 7, "requests": [1], "video_identifier": "v-1"});
            (200, json!({"pk": 1, "status": "VIDEOERROR", "videoid_data": data}).to_string())
        }
        _ => (200, r#"{"status":"200 OK"}"#.into()),
    })
    .await;
    let options = RequestOptions::new();
    // Another process took the state after both uploads; what the service came to was seen by none.
    let state =
        json!({"request_pk": 1, "status": "VIDEOPENDING", "evidence_uploaded": true, "video_uploaded": true, "video_identifier": "v-1"});
    let kept: Arc<Mutex<String>> = Arc::default();
    let store = kept.clone();
    let flow = resumed(&server, state).with_store(Arc::new(move |state| {
        *store.lock().unwrap() = state;
        Box::pin(async { Ok(()) })
    }));
    let error = soon(flow.submit(&anna(), &evidence(), &video(), &options)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::UnexpectedStatus);
    assert_eq!((server.count("PUT"), server.count("POST")), (0, 0));
    // It was said, and the state tells so: called again, in yet another process, both are sent anew.
    let kept = kept.lock().unwrap().clone();
    for state in [flow.state(), kept] {
        let before = server.count("PUT");
        let flow = ExternalVideoId::resume(RegistrationAuthority::new(server.config()).unwrap(), &state).unwrap();
        let error = soon(flow.submit(&anna(), &evidence(), &video(), &options)).await.unwrap_err();
        assert_eq!(error.code(), ErrorCode::UnexpectedStatus);
        assert_eq!(server.count("PUT /api/v1/videoid/1"), before + 1);
        assert_eq!(server.count("POST /v1/upload/video/v-1/"), before + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_call_that_comes_late_is_found_and_not_repeated() {
    // The first create call is under way when the second one is refused: the list shows it only then.
    let server = serve(|asked, before| {
        if asked.starts_with("GET /api/v1/requests/?") {
            let own = json!({"pk": 1, "status": "VIDEOREVIEW", "scratchcard": "12", "email": "anna@example.com", "profile": "PFnubeQAFCiudadano"});
            return (200, json!({"results": if before == 0 { json!([]) } else { json!([own]) }}).to_string());
        }
        match asked {
            "POST /api/v1/requests/" => (500, r#"{"code":"500","id":"8e782cdcdb600a90","error":"Invalid ScratchCard"}"#.into()),
            "GET /api/v1/requests/1/" => request("VIDEOREVIEW"),
            _ => (404, r#"{"error":"no scratchcard"}"#.into()),
        }
    })
    .await;
    let flow = resumed(&server, json!({"scratchcard": "12", "intent": "create"}));
    let done = soon(flow.submit(&anna(), &evidence(), &video(), &RequestOptions::new())).await.unwrap();
    assert_eq!((done.request_pk.0, done.scratchcard.as_str()), (1, "12"));
    assert_eq!(server.count("POST /api/v1/requests/"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_request_is_looked_for_on_every_page() {
    let server = serve(|asked, _| {
        let page = |pk: i64, card: &str| {
            json!({"pk": pk, "status": "VIDEOREVIEW", "scratchcard": card, "email": "anna@example.com", "profile": "PFnubeQAFCiudadano"})
        };
        // The filter is not looked at, as some services do with what they do not know.
        match asked {
            asked if asked.contains("page=2") => (200, json!({"next": null, "results": [page(1, "12")]}).to_string()),
            asked if asked.contains("scratchcard=12") => (200, json!({"next": "x", "results": [page(9, "99")]}).to_string()),
            "GET /api/v1/requests/1/" => request("VIDEOREVIEW"),
            _ => (404, r#"{"error":"no scratchcard"}"#.into()),
        }
    })
    .await;
    let flow = resumed(&server, json!({"scratchcard": "12", "intent": "create"}));
    let done = soon(flow.submit(&anna(), &evidence(), &video(), &RequestOptions::new())).await.unwrap();
    assert_eq!(done.request_pk.0, 1);
    assert_eq!(server.count("POST"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_another_surname_is_anothers() {
    let server = serve(|asked, _| {
        let other = json!({"pk": 1, "status": "VIDEOPENDING", "scratchcard": "12", "email": "anna@example.com",
            "profile": "PFnubeQAFCiudadano", "surname_1": "LINDGREN"});
        match asked {
            asked if asked.contains("scratchcard=12") => (200, json!({"results": [other]}).to_string()),
            _ => (404, r#"{"error":"no scratchcard left"}"#.into()),
        }
    })
    .await;
    let flow = resumed(&server, json!({"scratchcard": "12", "intent": "create"}));
    let error = soon(flow.submit(&anna(), &evidence(), &video(), &RequestOptions::new())).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NoScratchcard);
    assert_eq!(server.count("PUT") + server.count("POST"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_ends_when_the_caller_cancels() {
    let server = Arc::new(serve(|_, _| request("VIDEOPENDING")).await);
    let state = json!({"request_pk": 1, "evidence_uploaded": true, "video_uploaded": true});
    let looks = Arc::new(AtomicUsize::new(0));
    let (counted, token) = (looks.clone(), CancelToken::new());
    let flow = resumed(&server, state).with_events(Arc::new(move |event| {
        if event.step.as_deref() == Some("get_request") {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    }));
    let (seen, cancel) = (server.clone(), token.clone());
    tokio::spawn(async move {
        // After the fourth look comes a pause of 0.8 s.
        while seen.count("GET") < 4 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
    });
    let options = RequestOptions::new().cancel(token);
    let error = soon(flow.submit(&anna(), &evidence(), &video(), &options)).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Cancelled);
    assert_eq!(looks.load(Ordering::SeqCst), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_the_service_never_sees_is_sent_again_by_the_next_call() {
    let server = serve(|asked, before| match asked {
        "GET /api/v1/requests/1/" => {
            let data = json!({"pk": 7, "requests": [1], "video_identifier": "v-1"});
            let status = if before < 12 { "VIDEOINCOMPLETE" } else { "VIDEOREVIEW" };
            (200, json!({"pk": 1, "status": status, "videoid_data": data}).to_string())
        }
        _ => (200, r#"{"status":"200 OK"}"#.into()),
    })
    .await;
    let options = RequestOptions::new();
    let state = json!({"request_pk": 1, "evidence_uploaded": true, "video_uploaded": true, "video_identifier": "v-1"});
    let flow = resumed(&server, state);
    let first = flow.submit(&anna(), &evidence(), &video(), &options).await.unwrap();
    assert_eq!((first.status, server.count("PUT"), server.count("POST")), (Status::VideoIncomplete, 0, 0));
    let flow = ExternalVideoId::resume(RegistrationAuthority::new(server.config()).unwrap(), &flow.state()).unwrap();
    let second = soon(flow.submit(&anna(), &evidence(), &video(), &options)).await.unwrap();
    assert_eq!((second.status, server.count("PUT"), server.count("POST")), (Status::VideoReview, 1, 1));
}
