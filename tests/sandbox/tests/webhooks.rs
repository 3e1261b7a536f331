//! Webhooks, delivered to a receiver over real HTTP.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hyper::Method;
use serde_json::{Value, json};
use support::{call, card, classic, credentials, in_review, jpeg, post, request_body, start, upload};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use videoid_sandbox::Sandbox;

/// A receiver: its address, and the bodies that came.
struct Receiver {
    url: String,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Receiver {
    /// Answers each with `status` after `pause`.
    async fn start(status: u16, pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook?x=1", listener.local_addr().expect("address"));
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bodies);
        tokio::spawn(async move {
            loop {
                let Ok((mut stream, _)) = listener.accept().await else { return };
                let mut bytes = Vec::new();
                let mut buffer = [0; 4096];
                let body = loop {
                    let read = stream.read(&mut buffer).await.expect("read");
                    bytes.extend_from_slice(&buffer[..read]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let Some((head, _)) = text.split_once("\r\n\r\n") else { continue };
                    assert!(head.starts_with("POST /hook?x=1 HTTP/1.1") && head.contains("content-type: application/json"), "{head}");
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).and_then(|length| length.parse().ok());
                    let body = bytes[head.len() + 4..].to_vec();
                    if Some(body.len()) == length {
                        break body;
                    }
                };
                kept.lock().expect("lock").push(body);
                tokio::time::sleep(pause).await;
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                // The sandbox may be gone.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, bodies }
    }

    /// The bodies, once there are `count`.
    async fn wait(&self, count: usize) -> Vec<Vec<u8>> {
        for _ in 0..300 {
            let bodies = self.bodies.lock().expect("lock").clone();
            if bodies.len() >= count {
                return bodies;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} of {count} webhooks came", self.bodies.lock().expect("lock").len());
    }

    async fn json(&self, count: usize) -> Vec<Value> {
        self.wait(count).await.iter().map(|body| serde_json::from_slice(body).expect("JSON")).collect()
    }
}

async fn done(sandbox: &Sandbox, count: usize) -> Vec<Value> {
    for _ in 0..700 {
        let list = sandbox.webhooks(false)["deliveries"].as_array().cloned().expect("list");
        if list.len() >= count && list.iter().all(|item| !item["status"].is_null() || !item["error"].is_null()) {
            return list;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not delivered: {}", sandbox.webhooks(false));
}

#[tokio::test]
async fn each_change_of_status_is_told_in_order() {
    let sandbox = start().await;
    let receiver = Receiver::start(200, Duration::ZERO).await;
    sandbox.patch_settings(&json!({"webhook_url": receiver.url})).expect("settings");
    let (pk, _) = in_review(&sandbox).await;
    post(&sandbox, &format!("/requests/{pk}/validate_videoid/"), &credentials(&sandbox)).await.expect(200);
    post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await.expect(200);
    let bodies = receiver.json(5).await;
    let statuses: Vec<&Value> = bodies.iter().map(|body| &body["status"]).collect();
    assert_eq!(statuses, ["VIDEOPENDING", "VIDEOINCOMPLETE", "VIDEOREVIEW", "CREATED", "ENROLLREADY"]);
    assert!(bodies.iter().all(|body| body["request"] == pk && body["registration_authority"] == 121 && body.get("event_type").is_none()));
    assert_eq!((bodies[0].get("previous_status"), &bodies[1]["previous_status"]), (None, &json!("VIDEOPENDING")));
    let list = done(&sandbox, 5).await;
    assert!(list.iter().all(|item| item["status"] == 200 && item["forged"] == false && item["request"] == pk), "{list:?}");
    assert_eq!(list[4]["request_status"], "ENROLLREADY");
    sandbox.clear_webhooks();
    assert_eq!(sandbox.webhooks(false), json!({"deliveries": [], "waiting": 0}));
}

#[tokio::test]
async fn events_and_mixtures() {
    let sandbox = start().await;
    let receiver = Receiver::start(204, Duration::ZERO).await;
    sandbox.patch_settings(&json!({"webhook_url": receiver.url, "webhook_body": "event"})).expect("settings");
    let pk = classic(&sandbox).await;
    for name in ["document_front", "document_rear", "document_owner"] {
        upload(&sandbox, pk, name, &jpeg(0)).await.expect(201);
    }
    post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await.expect(200);
    sandbox.user(pk, "enrol").expect("enrolled");
    let bodies = receiver.json(3).await;
    let events: Vec<&Value> = bodies.iter().map(|body| &body["event_type"]).collect();
    assert_eq!(events, ["REQUEST_CREATED", "REQUEST_APPROVED", "REQUEST_ENROLLED"]);
    let last = &bodies[2];
    assert_eq!((&last["request"]["pk"], &last["request"]["status"], last.get("status")), (&json!(pk), &json!("ISSUED"), None));
    assert_eq!(last["sent_at"].as_str().map(str::len), Some(14));
    assert_eq!(
        (&last["certificates"][0]["status"], last["certificates"][0]["valid_to"].as_str().map(str::len)),
        (&json!("VALID"), Some(17))
    );
    assert_eq!(bodies[0]["certificates"], json!([]));
    sandbox.patch_settings(&json!({"webhook_body": "mixed"})).expect("settings");
    let pk = classic(&sandbox).await;
    call(&sandbox, Method::DELETE, &format!("/requests/{pk}/cancel/"), &Value::Null).await.expect(200);
    let mixed = &receiver.json(5).await[4];
    assert_eq!((&mixed["event_type"], &mixed["status"]), (&json!("REQUEST_CANCELED"), &json!("CANCELLED")));
    assert_eq!((&mixed["previous_status"], &mixed["request"]["pk"]), (&json!("CREATED"), &json!(pk)));
}

#[tokio::test]
async fn webhooks_are_harmed_as_ordered() {
    let sandbox = start().await;
    let receiver = Receiver::start(200, Duration::ZERO).await;
    sandbox.patch_settings(&json!({"webhook_url": receiver.url, "webhook_fault": "duplicate"})).expect("settings");
    let pk = classic(&sandbox).await;
    let bodies = receiver.wait(2).await;
    assert_eq!(bodies[0], bodies[1]);
    sandbox.patch_settings(&json!({"webhook_fault": "reorder"})).expect("settings");
    for status in ["ONE", "TWO", "THREE"] {
        sandbox.set_status(pk, status).expect("status");
    }
    let statuses: Vec<Value> = receiver.json(5).await[2..].iter().map(|body| body["status"].clone()).collect();
    assert_eq!(statuses, ["TWO", "ONE", "THREE"]);
    sandbox.patch_settings(&json!({"webhook_fault": "truncate"})).expect("settings");
    sandbox.set_status(pk, "FOUR").expect("status");
    let cut = receiver.wait(6).await.pop().expect("body");
    assert!(serde_json::from_slice::<Value>(&cut).is_err() && cut.starts_with(b"{"));
    assert_eq!(done(&sandbox, 6).await[5]["fault"], "truncate");
}

#[tokio::test]
async fn forged_ones_are_sent_as_they_are() {
    let sandbox = start().await;
    let receiver = Receiver::start(500, Duration::ZERO).await;
    assert!(sandbox.send_webhook(&json!({"body": "x"})).is_err(), "no address");
    sandbox.send_webhook(&json!({"url": receiver.url, "body": "{\"status\":"})).expect("sent");
    sandbox.patch_settings(&json!({"webhook_url": receiver.url})).expect("settings");
    sandbox.send_webhook(&json!({"body": {"status": "ISSUED", "request": 45013}})).expect("sent");
    assert_eq!(
        receiver.wait(2).await,
        [b"{\"status\":".to_vec(), br#"{"status":"ISSUED","request":45013}"#.to_vec()].map(|mut body| {
            // Keys may come in another order.
            if body.len() > 12 {
                body = serde_json::from_slice::<Value>(&body).expect("JSON").to_string().into_bytes();
            }
            body
        })
    );
    let list = done(&sandbox, 2).await;
    assert_eq!((&list[1]["status"], &list[1]["forged"], &list[1]["body"]), (&json!(500), &json!(true), &json!("***")));
    assert_eq!(sandbox.webhooks(true)["deliveries"][1]["body"]["request"], 45013);
    for wrong in [json!({}), json!({"url": "http://example.com/", "body": ""}), json!({"body": "x".repeat(2_000_000)})] {
        assert_eq!(sandbox.send_webhook(&wrong).expect_err("refused").status, 400);
    }
}

#[tokio::test]
async fn no_answer_waits_and_only_this_machine_is_called() {
    let sandbox = start().await;
    let slow = Receiver::start(200, Duration::from_secs(30)).await;
    sandbox.patch_settings(&json!({"webhook_url": slow.url})).expect("settings");
    let begin = Instant::now();
    let mut body = request_body(&card(&sandbox).await);
    post(&sandbox, "/requests/", &body).await.expect(201);
    assert!(begin.elapsed() < Duration::from_secs(2));
    // Its own address goes before that of the settings; one of another machine is never called.
    for (url, error) in [("http://192.0.2.1/hook", "only loopback is called"), ("http://127.0.0.1:9/", "nobody listens")] {
        body["scratchcard"] = json!(card(&sandbox).await);
        body["webhook_url"] = json!(url);
        let pk = post(&sandbox, "/requests/", &body).await.expect(201)["pk"].clone();
        let failed = async || {
            let list = sandbox.webhooks(false)["deliveries"].as_array().cloned().expect("list");
            list.into_iter().find(|item| item["request"] == pk && !item["error"].is_null())
        };
        let mut found = None;
        for _ in 0..200 {
            found = failed().await;
            if found.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(found.expect("a failed delivery")["error"], error);
    }
    assert_eq!(done(&sandbox, 3).await[0]["error"], "no answer in time");
}
