//! The control API, faults, and what is recorded.

mod support;

use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};
use support::{
    Answer, HOLDER, all_images, call, card, credentials, get, in_review, pending, post, post_video, put_evidence, request_body, send,
    split, start, try_call, video,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use videoid_sandbox::{Sandbox, SandboxOptions};

async fn control(sandbox: &Sandbox, method: Method, path: &str, body: &Value) -> Answer {
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    send(method, &format!("{}{path}", sandbox.control_url()), "application/json", bytes).await.expect("an answer")
}

#[tokio::test]
async fn the_control_api_over_http() {
    let sandbox = start().await;
    assert_eq!(control(&sandbox, Method::GET, "/health", &Value::Null).await.expect(200)["version"], 1);
    let settings = control(&sandbox, Method::PUT, "/settings", &json!({"share_card": true})).await.expect(200);
    assert_eq!((&settings["share_card"], &settings["validation_steps"]), (&json!(true), &json!(2)));
    assert_eq!(control(&sandbox, Method::GET, "/settings", &Value::Null).await.expect(200), settings);
    control(&sandbox, Method::PUT, "/settings", &json!({"share_cards": true})).await.expect(400);
    control(&sandbox, Method::POST, "/faults", &json!([{"operation": "*", "kind": "drop"}])).await.expect(200);
    assert_eq!(control(&sandbox, Method::GET, "/faults", &Value::Null).await.expect(200)["faults"][0]["operation"], "*");
    control(&sandbox, Method::POST, "/faults", &json!({"operation": "nope", "kind": "drop"})).await.expect(400);
    control(&sandbox, Method::POST, "/reset", &json!({"cards": 1})).await.expect(200);
    assert_eq!(control(&sandbox, Method::GET, "/faults", &Value::Null).await.expect(200)["faults"], json!([]));
    assert_eq!(control(&sandbox, Method::GET, "/scratchcards", &Value::Null).await.expect(200)["unused"], 1);
    let (pk, _) = in_review(&sandbox).await;
    assert_eq!(control(&sandbox, Method::POST, "/scratchcards", &json!({"count": 4})).await.expect(200)["unused"], 4);
    assert_eq!(control(&sandbox, Method::POST, "/scratchcards", &json!({"exhaust": true})).await.expect(200)["unused"], 0);
    let request = control(&sandbox, Method::GET, &format!("/requests/{pk}"), &Value::Null).await.expect(200);
    let statuses: Vec<&Value> = request["history"].as_array().expect("history").iter().map(|change| &change["status"]).collect();
    assert_eq!(statuses, ["VIDEOPENDING", "VIDEOINCOMPLETE", "VIDEOREVIEW"]);
    assert_eq!((&request["fields"]["given_name"], &request["fields"]["profile"]), (&json!("***"), &json!("PFnubeQAFCiudadano")));
    assert_eq!(request["images"]["document_front"]["sha256"].as_str().map(str::len), Some(64));
    let personal = control(&sandbox, Method::GET, &format!("/requests/{pk}?personal=true"), &Value::Null).await.expect(200);
    assert_eq!(personal["fields"]["given_name"], HOLDER);
    assert!(control(&sandbox, Method::GET, &format!("/requests/{pk}/video"), &Value::Null).await.bytes == video());
    control(&sandbox, Method::PUT, &format!("/requests/{pk}/status"), &json!({"status": "NEVER_HEARD_OF"})).await.expect(200);
    assert_eq!(support::status(&sandbox, pk).await, "NEVER_HEARD_OF");
    let before = control(&sandbox, Method::POST, "/clock", &json!({"advance_seconds": 0})).await.expect(200)["now"].to_string();
    let after = control(&sandbox, Method::POST, "/clock", &json!({"advance_seconds": 400 * 86_400})).await.expect(200)["now"].to_string();
    assert!(after[..5] > before[..5], "{before} {after}");
    for (method, path) in [(Method::GET, "/nope"), (Method::GET, "/requests/1"), (Method::DELETE, "/health")] {
        control(&sandbox, method, path, &Value::Null).await.expect(404);
    }
    assert_eq!(control(&sandbox, Method::GET, "/requests", &Value::Null).await.expect(200)["requests"].as_array().map(Vec::len), Some(1));
    control(&sandbox, Method::DELETE, "/received", &Value::Null).await.expect(200);
    assert_eq!(control(&sandbox, Method::GET, "/received", &Value::Null).await.expect(200), json!([]));
}

#[tokio::test]
async fn what_is_received_is_recorded_without_personal_data() {
    let sandbox = start().await;
    let (pk, identifier) = in_review(&sandbox).await;
    post(&sandbox, &format!("/requests/{pk}/validate_videoid/"), &credentials(&sandbox)).await.expect(200);
    get(&sandbox, "/requests/?email=anna%40example.com&page=1").await.expect(200);
    let shown = sandbox.received(false);
    let text = shown.to_string();
    for needle in [HOLDER, "ERIKSSON", "L898902C3", "anna", "34600000000", "3DPTm:N4", "23bYQq9a", "1000279"] {
        assert!(!text.contains(needle), "{needle} is shown");
    }
    let list = shown.as_array().expect("array");
    let operations: Vec<&str> = list.iter().filter_map(|entry| entry["operation"].as_str()).collect();
    let expected = [
        "get_first_unused_scratchcard",
        "create_request",
        "upload_evidence",
        "upload_video",
        "get_request",
        "validate_videoid",
        "list_requests",
    ];
    assert_eq!(operations, expected);
    assert!(list.iter().all(|entry| entry["complete"] == true && entry["status"].as_u64().is_some_and(|status| status < 300)));
    let evidence = &list[2];
    assert_eq!(evidence["body"]["videoid_data"]["images"]["document_front"]["bytes"], support::jpeg(0).len());
    assert_eq!(evidence["bytes_read"], all_images().to_string().len());
    let part = &list[3]["body"][0];
    assert_eq!((&part["name"], &part["filename"], &part["bytes"]), (&json!("video"), &json!("***"), &json!(video().len())));
    assert_eq!(list[3]["path"], format!("/v1/upload/video/{identifier}/"));
    assert_eq!((&list[6]["query"]["email"], &list[6]["query"]["page"]), (&json!("***"), &json!("1")));
    assert_eq!(list[1]["headers"]["content-type"], "application/json");
    let all = sandbox.received(true);
    assert_eq!((&all[1]["body"]["given_name"], &all[3]["body"][0]["filename"]), (&json!(HOLDER), &json!("anna.mp4")));
}

#[tokio::test]
async fn dropped_before_and_after_processing() {
    let sandbox = start().await;
    let sn = card(&sandbox).await;
    sandbox.add_faults(&json!([{"operation": "create_request", "kind": "drop", "when": "before"}, {"operation": "create_request", "kind": "drop", "when": "after"}])).expect("faults");
    assert!(try_call(&sandbox, Method::POST, "/requests/", &request_body(&sn)).await.is_err());
    assert_eq!(sandbox.requests(false)["requests"], json!([]));
    assert!(try_call(&sandbox, Method::POST, "/requests/", &request_body(&sn)).await.is_err());
    assert_eq!(sandbox.requests(false)["requests"].as_array().map(Vec::len), Some(1));
    post(&sandbox, "/requests/", &request_body(&sn)).await.expect(500);
    let received = sandbox.received(false);
    assert_eq!((&received[1]["status"], &received[2]["status"], &received[2]["fault"]), (&Value::Null, &Value::Null, &json!("drop")));
    assert_eq!(received[2]["complete"], true);
}

#[tokio::test]
async fn answers_are_harmed_as_ordered() {
    let sandbox = start().await;
    let (pk, _) = pending(&sandbox).await;
    let path = format!("/requests/{pk}/");
    let with = async |fault: Value| {
        let mut fault = fault;
        fault["operation"] = json!("get_request");
        sandbox.add_faults(&fault).expect("fault");
        try_call(&sandbox, Method::GET, &path, &Value::Null).await
    };
    let busy = with(json!({"kind": "status", "retry_after": 7})).await.expect("answer");
    assert_eq!((busy.status, &busy.headers["retry-after"]), (503, &"7".parse().expect("header")));
    let moved =
        with(json!({"kind": "status", "status": 302, "headers": {"Location": "https://elsewhere.invalid/"}})).await.expect("answer");
    assert_eq!((moved.status, &moved.headers["location"]), (302, &"https://elsewhere.invalid/".parse().expect("header")));
    assert!(with(json!({"kind": "truncate"})).await.is_err());
    let page = with(json!({"kind": "not_json"})).await.expect("answer");
    assert!(page.status == 200 && page.bytes.starts_with(b"<!doctype html>"));
    let big = with(json!({"kind": "big_error"})).await.expect("answer");
    assert!(big.status == 500 && big.bytes.len() >= 10 * 1024 * 1024);
    assert_eq!(with(json!({"kind": "body", "body": {"pk": "x"}})).await.expect("answer").expect(200), json!({"pk": "x"}));
    assert_eq!(with(json!({"kind": "body", "body": "oops", "status": 418})).await.expect("answer").bytes, b"oops");
    for kind in ["delay", "slow"] {
        let start = Instant::now();
        let whole = with(json!({"kind": kind, "ms": 300})).await.expect("answer").expect(200);
        assert_eq!(whole["pk"], pk);
        assert!(start.elapsed() >= Duration::from_millis(250), "{kind}");
    }
    let stalled = tokio::time::timeout(Duration::from_millis(300), with(json!({"kind": "stall_answer"}))).await;
    assert!(stalled.is_err(), "half an answer, then nothing");
    assert_eq!(sandbox.faults()["faults"], json!([]));
    get(&sandbox, &path).await.expect(200);
}

/// Sends the head of a large upload and so much of its body as is taken within half a second.
async fn half_an_upload(sandbox: &Sandbox, identifier: &str, limit: usize) -> (TcpStream, usize) {
    let (host, _) = split(&sandbox.upload_url());
    let mut stream = TcpStream::connect(&host).await.expect("connect");
    let head = format!(
        "POST /v1/upload/video/{identifier}/ HTTP/1.1\r\nhost: {host}\r\ncontent-type: multipart/form-data; boundary=edge\r\ncontent-length: 200000000\r\n\r\n--edge\r\nContent-Disposition: form-data; name=\"video\"; filename=\"a.mp4\"\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("head");
    let piece = vec![0; 64 * 1024];
    let mut sent = 0;
    while sent < limit {
        match tokio::time::timeout(Duration::from_millis(500), stream.write(&piece)).await {
            Ok(Ok(count)) => sent += count,
            _ => break,
        }
    }
    (stream, sent)
}

async fn last_entry(sandbox: &Sandbox, done: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..100 {
        let list = sandbox.received(false);
        if let Some(entry) = list.as_array().and_then(|list| list.last()).filter(|entry| done(entry)) {
            return entry.clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not seen: {}", sandbox.received(false));
}

#[tokio::test]
async fn an_aborted_upload_shows_and_leaves_nothing() {
    let sandbox = start().await;
    let (pk, identifier) = pending(&sandbox).await;
    let (stream, sent) = half_an_upload(&sandbox, &identifier, 5_000_000).await;
    drop(stream);
    let entry = last_entry(&sandbox, |entry| entry["bytes_read"].as_u64().is_some_and(|read| read >= sent as u64)).await;
    assert_eq!((&entry["operation"], &entry["complete"], &entry["status"]), (&json!("upload_video"), &json!(false), &Value::Null));
    assert!(entry["bytes_read"].as_u64().is_some_and(|read| read < 100_000_000));
    assert_eq!(sandbox.request(pk, false).expect("request")["video"], Value::Null);
    post_video(&sandbox, &identifier, &video()).await.expect(200);
}

#[tokio::test]
async fn an_aborted_evidence_shows_too() {
    let sandbox = start().await;
    let (pk, _) = pending(&sandbox).await;
    let (host, path) = split(&format!("{}/videoid/{pk}", sandbox.ra_url()));
    let body = all_images().to_string();
    let mut stream = TcpStream::connect(&host).await.expect("connect");
    let head = format!("PUT {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await.expect("head");
    stream.write_all(&body.as_bytes()[..body.len() / 3]).await.expect("a third");
    drop(stream);
    let entry = last_entry(&sandbox, |entry| entry["bytes_read"].as_u64() == Some(body.len() as u64 / 3)).await;
    assert_eq!((&entry["operation"], &entry["complete"]), (&json!("upload_evidence"), &json!(false)));
    put_evidence(&sandbox, pk, &all_images()).await.expect(200);
}

#[tokio::test]
async fn reading_stalls_and_stops_as_ordered() {
    let sandbox = start().await;
    let (_, identifier) = pending(&sandbox).await;
    sandbox.add_faults(&json!({"operation": "upload_video", "kind": "stall_reading", "bytes": 100_000, "ms": 3000})).expect("fault");
    let (mut stream, sent) = half_an_upload(&sandbox, &identifier, 100_000_000).await;
    assert!(sent < 100_000_000, "the sandbox went on reading");
    let entry = last_entry(&sandbox, |_| true).await;
    assert!(entry["bytes_read"].as_u64().is_some_and(|read| (100_000..2_000_000).contains(&read)), "{entry}");
    let mut rest = Vec::new();
    // Closed after three seconds, without an answer (a reset is a close, too).
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await.expect("closed");
    assert!(rest.is_empty());
    sandbox.add_faults(&json!({"operation": "upload_video", "kind": "drop", "bytes": 1_000_000})).expect("fault");
    let (_, sent) = half_an_upload(&sandbox, &identifier, 150_000_000).await;
    assert!((1_000_000..150_000_000).contains(&sent), "{sent}");
}

#[tokio::test]
async fn large_answers_are_read_back() {
    let sandbox = start().await;
    let (pk, _) = pending(&sandbox).await;
    assert!(sandbox.add_images(pk, 40).expect("images")["bytes"].as_u64().is_some_and(|bytes| (39_000_000..=41_000_000).contains(&bytes)));
    let answer = get(&sandbox, &format!("/requests/{pk}/")).await;
    assert_eq!(answer.headers["content-length"], answer.bytes.len().to_string());
    let image = answer.json()["videoid_data"]["data"]["images"]["document_photo"]
        .as_str()
        .map(|text| base64_simd::STANDARD.decode_to_vec(text).expect("Base64"));
    let image = image.expect("image");
    assert!(image.starts_with(&[0xFF, 0xD8]) && image.ends_with(&[0xFF, 0xD9]));
    assert!(sandbox.add_images(1, 1).is_err() && sandbox.add_images(pk, 1_000_000).is_err());
}

#[tokio::test]
async fn each_card_for_two_callers() {
    let sandbox = start().await;
    sandbox.patch_settings(&json!({"share_card": true})).expect("settings");
    let (one, two, three) = (card(&sandbox).await, card(&sandbox).await, card(&sandbox).await);
    assert_eq!(one, two);
    assert_ne!(two, three);
    let bodies = [request_body(&one), request_body(&two)];
    let (first, second) = tokio::join!(post(&sandbox, "/requests/", &bodies[0]), post(&sandbox, "/requests/", &bodies[1]));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 500]);
}

#[tokio::test]
async fn the_state_survives_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let options = || {
        let mut options = SandboxOptions::default();
        options.state_dir = Some(folder.path().join("state"));
        options
    };
    let sandbox = Sandbox::start(options()).await.expect("start");
    let (pk, identifier) = in_review(&sandbox).await;
    sandbox.patch_settings(&json!({"validation_steps": 1})).expect("settings");
    let used = card(&sandbox).await;
    drop(sandbox);
    let sandbox = Sandbox::start(options()).await.expect("start again");
    assert_eq!(card(&sandbox).await, used);
    assert!(get(&sandbox, &format!("/download/video/{identifier}/")).await.bytes == video());
    let answer = post(&sandbox, &format!("/requests/{pk}/validate_videoid/"), &credentials(&sandbox)).await.expect(200);
    assert_eq!(answer["request"]["status"], "ENROLLREADY");
    assert!(answer["request"]["videoid_data"]["data"]["images"]["document_front"].is_string());
    let (next, _) = pending(&sandbox).await;
    assert_eq!(next, pk + 1);
}

#[tokio::test]
async fn discarded_videos_are_still_checked() {
    let mut options = SandboxOptions::default();
    options.discard_uploads = true;
    let sandbox = Sandbox::start(options).await.expect("start");
    let (pk, identifier) = pending(&sandbox).await;
    post_video(&sandbox, &identifier, &video()[..1000]).await.expect(400);
    post_video(&sandbox, &identifier, &video()).await.expect(200);
    let kept = &sandbox.request(pk, false).expect("request")["video"];
    assert_eq!((&kept["bytes"], &kept["kept"]), (&json!(video().len()), &json!(false)));
    assert_eq!(get(&sandbox, &format!("/download/video/{identifier}/")).await.status, 404);
    call(&sandbox, Method::DELETE, &format!("/requests/{pk}/cancel/"), &Value::Null).await.expect(200);
}
