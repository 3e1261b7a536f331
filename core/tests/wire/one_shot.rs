//! The One-Shot client: which address is tried, and what a success is that is none.

use videoid::config::{Dialect, OneShotConfig};
use videoid::model::{DocumentVersion, NewVideoId, OneShotRao, VideoIdHandle};
use videoid::{ErrorCode, OneShot, RequestOptions, Wire};

use super::server::{Server, serve};

fn client(server: &Server, dialect: Dialect) -> OneShot {
    let mut config = OneShotConfig::custom(format!("http://{}", server.address), dialect);
    config.retry.base_delay_ms = 1;
    OneShot::new(config).unwrap()
}

fn rao() -> OneShotRao {
    OneShotRao::with_token("5a4d3c2b1f0e4d9c8b7a665544332211", "1400")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_address_is_for_a_server_that_does_not_know_the_first() {
    // The API's own 404 is an answer: the officer's credentials are not sent a second time.
    let own = serve(|_, _| (404, r#"{"status":"404 Not Found","details":"Request not found"}"#.into())).await;
    let error =
        client(&own, Dialect::Legacy).approve_oneshot_videoid(&VideoIdHandle::new(1, 2), &rao(), &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), own.count("POST")), (ErrorCode::NotFound, 1));
    let framework = serve(|asked, _| match asked {
        "POST /api/v1/requests/1/approve" => (200, r#"{"status":"200 OK","details":"Request approved successfully"}"#.into()),
        _ => (404, "<html>Not Found</html>".into()),
    })
    .await;
    let one_shot = client(&framework, Dialect::Legacy);
    for _ in 0..2 {
        one_shot.approve_oneshot_videoid(&VideoIdHandle::new(1, 2), &rao(), &RequestOptions::new()).await.unwrap();
    }
    // The form that works is remembered.
    assert_eq!((framework.count("POST /api/v1/request/1/"), framework.count("POST /api/v1/requests/1/")), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_whose_body_is_an_error_is_none() {
    let server = serve(|asked, _| match asked {
        "POST /oneshot/api/v1/videoid" => {
            (200, r#"{"status":"error","message":"Videoid not enabled for Registration Authority 9"}"#.into())
        }
        "POST /oneshot/api/v1/otp/1" => {
            (200, r#"{"status":"412 Precondition Failed","details":"Otp generated less than a minute ago"}"#.into())
        }
        _ => (200, "{}".into()),
    })
    .await;
    let one_shot = client(&server, Dialect::Current);
    let videoid = NewVideoId::new("PFnubeQAFCiudadano", "anna@example.com", "+34600000000");
    let error = one_shot.create_videoid(&videoid, &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), error.wire(), error.operation()), (ErrorCode::VideoIdNotEnabled, Wire::Answered, Some("create_videoid")));
    let error = one_shot.generate_otp(1.into(), None, &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), error.retryable(), server.count("POST /oneshot/api/v1/otp/1")), (ErrorCode::OtpTooSoon, true, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_document_leaves_no_file_and_an_id_cannot_change_the_route() {
    let server = serve(|_, _| (404, r#"{"status":"error","message":"Document not found"}"#.into())).await;
    let one_shot = client(&server, Dialect::Current);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.pdf");
    let error =
        one_shot.get_document(1.into(), &"../2?x".into(), &DocumentVersion::Signed, &path, &RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotFound);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(server.count("GET /oneshot/api/v1/document/1/..%2F2%3Fx?document_type=signed"), 1);
    assert_eq!(server.count("GET /oneshot/api/v1/document/1/signed/..%2F2%3Fx"), 1);
    let before = server.count("");
    let error = one_shot.get_document(1.into(), &"..".into(), &DocumentVersion::Signed, &path, &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), server.count("")), (ErrorCode::FieldInvalid, before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_call_that_a_gateway_answers_may_have_been_done() {
    let server = serve(|_, _| (502, "<html>Bad Gateway</html>".into())).await;
    let one_shot = client(&server, Dialect::Current);
    let videoid = NewVideoId::new("PFnubeQAFCiudadano", "anna@example.com", "+34600000000");
    let error = one_shot.create_videoid(&videoid, &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), error.wire(), server.count("POST")), (ErrorCode::Ambiguous, Wire::MayBeProcessed, 1));
}
