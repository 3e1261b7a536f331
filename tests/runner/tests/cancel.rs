//! A cancelled upload: the service sees the connection close, with under half of the bytes.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use videoid::{CancelToken, ErrorCategory, ErrorCode, RequestOptions, Source, Wire};
use videoid_runner::story::{self, Stage, generated};

const BYTES: u64 = 60_000_000;

/// The entry of an upload once its connection was seen to close.
async fn closed(stage: &Stage, operation: &str) -> Value {
    for _ in 0..200 {
        let all = stage.received(operation);
        let read = all.first().and_then(|entry| entry["bytes_read"].as_u64());
        tokio::time::sleep(Duration::from_millis(50)).await;
        // Nothing more comes, and the answer never did.
        let later = stage.received(operation);
        if read.is_some() && read == later.first().and_then(|entry| entry["bytes_read"].as_u64()) {
            return later[0].clone();
        }
    }
    panic!("the upload never came to an end");
}

fn assert_broken_off(entry: &Value, whole: u64) {
    assert_eq!((&entry["complete"], &entry["status"]), (&json!(false), &Value::Null));
    let read = entry["bytes_read"].as_u64().expect("a number");
    assert!(read < whole / 2, "{read} of {whole} bytes arrived");
}

async fn stage() -> Stage {
    let stage = Stage::start(&[]).await;
    // Some 6 s for the whole upload: there is time to cancel.
    stage.faults(&json!([{"operation": "upload_video", "kind": "slow_reading", "ms": 100}, {"operation": "upload_evidence", "kind": "slow_reading", "ms": 100}]));
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_a_video_upload() {
    let stage = stage().await;
    let ra = stage.client();
    let request = stage.pending(&ra).await;
    let identifier = request.videoid_data.and_then(|d| d.video_identifier).expect("an identifier");
    let folder = TempDir::new().expect("a folder");
    let video = Source::path(generated(folder.path(), "film.mp4", BYTES).expect("a film"));
    let token = CancelToken::new();
    let cancel = token.clone();
    let options = RequestOptions::new().cancel(token.clone()).progress(move |p| {
        if p.sent > 2_000_000 {
            cancel.cancel();
        }
    });
    let error = ra.upload_video(&identifier, &video, &options).await.expect_err("it was cancelled");
    assert_eq!((error.code(), error.category(), error.wire()), (ErrorCode::Cancelled, ErrorCategory::Cancelled, Wire::NotSent));
    assert!(token.is_cancelled());
    assert_broken_off(&closed(&stage, "upload_video").await, BYTES);
    // A token that was used up ends the next call before it begins.
    let again = ra.upload_video(&identifier, &video, &RequestOptions::new().cancel(token)).await.expect_err("the token is used up");
    assert_eq!(again.code(), ErrorCode::Cancelled);
    assert_eq!(stage.received("upload_video").len(), 1);
    // The request is as it was, and the video can be sent.
    ra.upload_video(&identifier, &video, &RequestOptions::new()).await.expect("the upload works");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_future_ends_an_evidence_upload() {
    let stage = stage().await;
    let ra = stage.client();
    let pk = stage.pending(&ra).await.pk;
    let folder = TempDir::new().expect("a folder");
    let front = generated(folder.path(), "front.jpg", 20_000_000).expect("a picture");
    let evidence = story::builder().document_front(front).build().expect("sound evidence");
    let (begun, mut wait) = tokio::sync::mpsc::unbounded_channel();
    let options = RequestOptions::new().progress(move |p| {
        let _ = begun.send(p.sent);
    });
    tokio::select! {
        done = ra.upload_evidence(pk, &evidence, &options) => panic!("it ended: {done:?}"),
        sent = wait.recv() => assert!(sent.is_some()),
    }
    assert_broken_off(&closed(&stage, "upload_evidence").await, evidence.content_length());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_limit_ends_an_upload() {
    let stage = stage().await;
    let ra = stage.client();
    let request = stage.pending(&ra).await;
    let identifier = request.videoid_data.and_then(|d| d.video_identifier).expect("an identifier");
    let folder = TempDir::new().expect("a folder");
    let video = Source::path(generated(folder.path(), "film.mp4", BYTES).expect("a film"));
    let options = RequestOptions::new().timeout(videoid::config::Timeout::After(Duration::from_millis(400)));
    let error = ra.upload_video(&identifier, &video, &options).await.expect_err("there was too little time");
    assert_eq!((error.code(), error.wire()), (ErrorCode::Timeout, Wire::NotSent));
    assert_broken_off(&closed(&stage, "upload_video").await, BYTES);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_client_takes_no_more_calls_and_ends_none() {
    let stage = Stage::start(&[]).await;
    stage.faults(&json!([{"operation": "get_request", "kind": "delay", "ms": 300}]));
    let ra = stage.client();
    let pk = stage.pending(&ra).await.pk;
    let options = RequestOptions::new();
    let running = tokio::spawn({
        let ra = ra.clone();
        async move { ra.get_request(pk, None, &RequestOptions::new()).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    ra.close();
    ra.close();
    let error = ra.clone().get_request(pk, None, &options).await.expect_err("the client is closed");
    assert_eq!((error.code(), error.wire()), (ErrorCode::ClientClosed, Wire::NotSent));
    running.await.expect("it ends").expect("a running call goes on");
}
