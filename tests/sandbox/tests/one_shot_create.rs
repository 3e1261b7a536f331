//! The classic create, what happens later, and what the sandbox notes of it.

mod one_shot_support;

use std::time::Duration;

use hyper::Method;
use one_shot_support::base::jpeg;
use one_shot_support::{Api, BOTH, Dialect, Part, base, pdf, start};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use videoid_sandbox::{Sandbox, SandboxOptions};

fn set(sandbox: &Sandbox, settings: Value) {
    sandbox.patch_settings(&json!({"one_shot": settings})).expect("settings");
}

/// The fields of a classic create, and its images.
fn classic(api: Api<'_>, changes: &[(&str, Option<&str>)]) -> (String, Vec<u8>) {
    let mut fields = api.videoid_body();
    for (name, value) in api.rao().as_object().expect("object") {
        if name != "rao" {
            fields[name] = value.clone();
        }
    }
    for (name, value) in
        [("given_name", "ANNA MARIA"), ("surname_1", "ERIKSSON"), ("serial_number", "L898902C3"), ("id_document_type", "IDC")]
    {
        fields[name] = json!(value);
    }
    for (name, value) in changes {
        fields[*name] = json!(value);
    }
    let texts: Vec<(String, String)> =
        fields.as_object().expect("object").iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect();
    let picture = jpeg(0);
    let mut parts: Vec<Part<'_>> = texts.iter().map(|(name, value)| (name.as_str(), None, value.as_bytes())).collect();
    for name in ["document_front", "document_rear", "document_owner"] {
        if !changes.iter().any(|(changed, _)| *changed == name) {
            parts.push((name, Some("card.jpg"), &picture));
        }
    }
    one_shot_support::form(&parts)
}

async fn create(api: Api<'_>, changes: &[(&str, Option<&str>)]) -> base::Answer {
    let path = if api.current() { "/create" } else { "/request" };
    let (kind, body) = classic(api, changes);
    base::send(Method::POST, &api.url(path), &kind, body).await.expect("an answer")
}

async fn created(api: Api<'_>, changes: &[(&str, Option<&str>)]) -> (u64, Value) {
    let answer = create(api, changes).await;
    let body = answer.expect(if api.current() { 200 } else { 201 });
    let pk = if api.current() { body["detail"]["pk"].as_u64() } else { body["details"].as_u64() };
    (pk.expect("pk"), body)
}

#[tokio::test]
async fn classic_create_creates_and_approves() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let (pk, body) = created(api, &[]).await;
        assert_eq!(body["status"], if api.current() { "success" } else { "201 Created" });
        assert!(body["detail"].get("asyncmode").is_none());
        let read = api.good(api.get(&format!("/request/{pk}")).await);
        assert_eq!((&read["status"], &read["videoid_data"]), (&json!("ENROLLREADY"), &Value::Null));
        assert!(!read.to_string().contains("3DPTm"), "the officer's password is not kept");
        assert_eq!(sandbox.one_shot_request(pk, false).expect("request")["images"].as_object().map(serde_json::Map::len), Some(3));
        let (pk, _) = created(
            api,
            &[
                ("token", sandbox.ready()["one_shot"]["token"].as_str()),
                ("username", None),
                ("password", None),
                ("pin", None),
                ("document_rear", None),
                ("id_document_type", Some("PAS")),
            ],
        )
        .await;
        // It has no VideoID to approve or to load with evidence.
        let by_request = format!("/videoid/{pk}/evidences");
        assert_eq!(api.bad(api.post(&by_request, &one_shot_support::all_images()).await, 404), "Request not found");
    }
}

#[tokio::test]
async fn classic_create_refuses_what_is_wrong() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        for (name, value, status) in [
            ("mobile_phone_number", Some("600000000"), 400),
            ("email", Some("anna"), 400),
            ("id_document_type", Some("XXX"), 400),
            ("document_owner", None, 400),
            ("pin", None, 400),
            ("pin", Some("wrong"), 403),
            ("token", Some("unknown"), 404),
            ("registration_authority", Some("9"), 404),
            ("surname_1", None, 412),
            ("billing_password", Some("clear"), 500),
        ] {
            api.bad(create(api, &[(name, value)]).await, status);
        }
        assert_eq!(api.bad(create(api, &[("document_rear", None)]).await, 400), "Missing required docs");
        api.refused(create(api, &[("mobile_phone_number", None)]).await, "mobile_phone_number");
        api.refused(create(api, &[("env", Some("moon"))]).await, "env");
        // An image of a wrong type: an object keyed by field.
        let (kind, mut body) = classic(api, &[("document_front", None)]);
        let at = body.len() - b"--edge--\r\n".len();
        body.truncate(at);
        body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"document_front\"; filename=\"a.txt\"\r\n\r\ntext\r\n--edge--\r\n");
        let path = if api.current() { "/create" } else { "/request" };
        let answer = api.bad(base::send(Method::POST, &api.url(path), &kind, body).await.expect("answer"), 500);
        assert!(answer["document_front"][0].is_string(), "{answer}");
    }
    assert_eq!(sandbox.one_shot_requests(false)["requests"], json!([]));
}

/// A receiver of webhooks: the bodies that came.
async fn receiver() -> (String, tokio::sync::mpsc::UnboundedReceiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("address"));
    let (sender, bodies) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let body = loop {
                let mut buffer = [0; 4096];
                let count = stream.read(&mut buffer).await.unwrap_or(0);
                bytes.extend(&buffer[..count]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let body = text.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str::<Value>(body).ok());
                if count == 0 || body.is_some() {
                    break body;
                }
            };
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            if let Some(body) = body {
                let _ = sender.send(body);
            }
        }
    });
    (url, bodies)
}

async fn next(bodies: &mut tokio::sync::mpsc::UnboundedReceiver<Value>) -> Value {
    tokio::time::timeout(Duration::from_secs(10), bodies.recv()).await.expect("a webhook in time").expect("a webhook")
}

#[tokio::test]
async fn an_asynchronous_create_goes_on_by_itself_and_calls_back() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let (url, mut bodies) = receiver().await;
        let asynchronous = [("useasync", Some("true")), ("callback", Some(url.as_str()))];
        // Long enough to be seen on the way.
        set(&sandbox, json!({"async_delay_ms": 400}));
        let (pk, body) = created(api, &asynchronous).await;
        if api.current() {
            assert_eq!(body["detail"]["asyncmode"], json!(true));
        }
        let status = format!("/async/status/{pk}");
        assert_eq!(api.good(api.get(&status).await), "pending");
        assert_eq!(api.status(pk).await, "CREATED");
        let told = next(&mut bodies).await;
        if api.current() {
            assert_eq!((&told["event_type"], &told["request"]["pk"]), (&json!("REQUEST_APPROVED"), &json!(pk)));
            assert_eq!(told["request"]["status"], "ENROLLREADY");
            assert_eq!(told["sent_at"].as_str().map(str::len), Some(14));
        } else {
            assert_eq!(
                (&told["status"], &told["previous_status"], &told["request"]),
                (&json!("ENROLLREADY"), &json!("CREATED"), &json!(pk))
            );
        }
        assert_eq!(api.good(api.get(&status).await), "approved");
        let uid = api.upload_one(pk, "file", &pdf()).await;
        let secret = api.otp(pk).await;
        let sign = format!("/sign/{pk}");
        assert_eq!(api.good(api.post(&sign, &json!({"secret": secret})).await), "Your documents are going to be signed");
        assert_eq!(api.document(pk, &uid, "signed").await.status, 404);
        assert_eq!(api.bad(api.post(&sign, &json!({"secret": secret})).await, 412), "Invalid request status");
        let told = next(&mut bodies).await;
        assert_eq!(told.get("certificates").map(|list| list[0]["status"].clone()), api.current().then(|| json!("VALID")));
        assert_eq!(api.good(api.get(&status).await), "signed");
        assert_eq!(api.document(pk, &uid, "signed").await.status, 200);
        let missing = api.get("/async/status/7").await;
        assert_eq!(missing.status, if api.current() { 404 } else { 400 });
        api.bad(create(api, &[("useasync", Some("1")), ("callback", Some("http://example.com/"))]).await, 400);
    }
}

#[tokio::test]
async fn webhooks_tell_each_change() {
    let sandbox = start().await;
    let (url, mut bodies) = receiver().await;
    let legacy = Api::new(&sandbox, Dialect::Legacy);
    let mut body = legacy.videoid_body();
    body["webhook_url"] = json!(url);
    let pk = legacy.post("/videoid", &body).await.expect(200)["details"]["request_pk"].as_u64().expect("pk");
    let first = next(&mut bodies).await;
    assert_eq!((&first["status"], &first["request"], &first["registration_authority"]), (&json!("VIDEOPENDING"), &json!(pk), &json!(121)));
    sandbox.one_shot_user(pk, &json!({"outcome": "finish"})).expect("identified");
    let second = next(&mut bodies).await;
    assert_eq!((&second["status"], &second["previous_status"]), (&json!("VIDEOREVIEW"), &json!("VIDEOPENDING")));
    // Current takes the address from the RA's configuration alone.
    let current = Api::new(&sandbox, Dialect::Current);
    set(&sandbox, json!({"webhook_url": url, "webhook_body": "mixed"}));
    let handle = current.create("121").await;
    let mixed = next(&mut bodies).await;
    assert_eq!((&mixed["status"], &mixed["request"]["pk"]), (&json!("VIDEOPENDING"), &json!(handle.request)));
    set(&sandbox, json!({"webhook_body": "event"}));
    sandbox.set_one_shot_status(handle.request, "CANCELLED").expect("forced");
    assert_eq!(next(&mut bodies).await["event_type"], "REQUEST_CANCELED");
    assert!(sandbox.patch_settings(&json!({"one_shot": {"webhook_url": "http://example.com/"}})).is_err());
    assert!(sandbox.patch_settings(&json!({"one_shot": {"nope": 1}})).is_err());
    assert!(sandbox.patch_settings(&json!({"one_shot": {"approval_steps": 3}})).is_err());
}

#[tokio::test]
async fn calls_are_noted_and_harmed() {
    let sandbox = start().await;
    let api = Api::new(&sandbox, Dialect::Current);
    sandbox
        .add_faults(&json!([{"operation": "hello", "kind": "drop"}, {"operation": "one_shot.version", "kind": "status", "status": 502}]))
        .expect("faults");
    assert!(base::send(Method::GET, &api.url("/hello"), "", vec![]).await.is_err());
    assert_eq!(api.get("/version").await.status, 502);
    assert_eq!(api.get("/version").await.status, 200);
    // The name of an RA operation means the RA API.
    sandbox.add_faults(&json!({"operation": "create_request", "kind": "drop"})).expect("fault");
    let (pk, _) = created(api, &[]).await;
    sandbox.clear_faults();
    sandbox.add_faults(&json!({"operation": "upload_documents", "kind": "truncate"})).expect("fault");
    let (kind, body) = one_shot_support::form(&[("file", Some("anna.pdf"), &pdf())]);
    assert!(base::send(Method::POST, &api.url(&format!("/document/{pk}")), &kind, body).await.is_err());
    assert_eq!(api.good(api.get(&format!("/documents/{pk}")).await).as_object().map(serde_json::Map::len), Some(1), "it was processed");
    let shown = sandbox.received(false);
    let names: Vec<&str> = shown.as_array().expect("list").iter().filter_map(|entry| entry["operation"].as_str()).collect();
    assert_eq!(names, ["hello", "version", "version", "create_oneshot_request", "upload_documents", "list_documents"]);
    assert!(shown.as_array().is_some_and(|list| list.iter().all(|entry| entry["host"] == "one_shot")));
    let text = shown.to_string();
    for personal in ["ERIKSSON", "anna", "3DPTm", "+346"] {
        assert!(!text.contains(personal), "{personal}");
    }
    let create = &shown[3]["body"];
    let part = |name: &str| create.as_array().and_then(|parts| parts.iter().find(|part| part["name"] == name)).cloned().expect("part");
    assert_eq!((&part("profile")["value"], &part("email")["value"]), (&json!("PFnubeQAFCiudadano"), &json!("***")));
    assert_eq!(part("document_front")["bytes"], json!(jpeg(0).len()));
    assert!(sandbox.received(true).to_string().contains("ERIKSSON"));
    assert!(!sandbox.one_shot_request(pk, false).expect("request").to_string().contains("ERIKSSON"));
    assert!(sandbox.one_shot_request(pk, true).expect("request").to_string().contains("ERIKSSON"));
    assert!(sandbox.one_shot_request(7, true).is_err());
    sandbox.reset(&Value::Null).expect("reset");
    assert_eq!(sandbox.one_shot_requests(true)["requests"], json!([]));
}

#[tokio::test]
async fn control_calls_over_http() {
    let sandbox = start().await;
    let api = Api::new(&sandbox, Dialect::Legacy);
    let handle = api.create("121").await;
    let url = |path: &str| format!("{}/one-shot/requests/{}{path}", sandbox.control_url(), handle.request);
    let send = |method: Method, url: String, body: Value| async move {
        let bytes = if body.is_null() { vec![] } else { body.to_string().into_bytes() };
        base::send(method, &url, "application/json", bytes).await.expect("an answer")
    };
    let played = send(Method::POST, url("/identification"), json!({"outcome": "leave"})).await.expect(200);
    assert_eq!(played, json!({"status": "VIDEOINCOMPLETE"}));
    send(Method::POST, url("/identification"), json!({})).await.expect(400);
    send(Method::GET, url("/otp"), Value::Null).await.expect(404);
    let forced = send(Method::PUT, url("/status"), json!({"status": "ENROLLREADY"})).await.expect(200);
    assert_eq!(forced["status"], "ENROLLREADY");
    api.otp(handle.request).await;
    assert!(send(Method::GET, url("/otp"), Value::Null).await.expect(200)["otp"].is_string());
    assert_eq!(send(Method::GET, url(""), Value::Null).await.expect(200)["videoid_pk"], json!(handle.videoid));
    let all = send(Method::GET, format!("{}/one-shot/requests", sandbox.control_url()), Value::Null).await.expect(200);
    assert_eq!(all["requests"].as_array().map(Vec::len), Some(1));
    send(Method::GET, format!("{}/one-shot/nope", sandbox.control_url()), Value::Null).await.expect(404);
}

#[tokio::test]
async fn a_restart_goes_on() {
    let folder = tempfile::tempdir().expect("temp folder");
    let mut options = SandboxOptions::default();
    options.state_dir = Some(folder.path().to_owned());
    let (request, uid, waiting) = {
        let sandbox = Sandbox::start(options.clone()).await.expect("start");
        let api = Api::new(&sandbox, Dialect::Current);
        set(&sandbox, json!({"async_delay_ms": 1500}));
        let (waiting, _) = created(api, &[("useasync", Some("true"))]).await;
        let handle = api.approved().await;
        assert_eq!(api.good(api.get(&format!("/async/status/{waiting}")).await), "pending");
        (handle.request, api.upload_one(handle.request, "file", &pdf()).await, waiting)
    };
    let sandbox = Sandbox::start(options).await.expect("start again");
    let api = Api::new(&sandbox, Dialect::Current);
    assert_eq!(api.status(request).await, "ENROLLREADY");
    let secret = api.otp(request).await;
    api.good(api.post(&format!("/sign/{request}"), &json!({"secret": secret})).await);
    assert_eq!(api.document(request, &uid, "signed").await.status, 200);
    assert!(api.create("122").await.request > request);
    // What was under way goes on, too.
    for _ in 0..200 {
        if api.status(waiting).await == "ENROLLREADY" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(api.good(api.get(&format!("/async/status/{waiting}")).await), "approved");
}

#[tokio::test]
async fn fifty_callers_get_fifty_requests() {
    let sandbox = start().await;
    let api = Api::new(&sandbox, Dialect::Current);
    let body = api.videoid_body().to_string().into_bytes();
    let url = api.url("/videoid");
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (url, body) = (url.clone(), body.clone());
            tokio::spawn(async move {
                base::send(Method::POST, &url, "application/json", body).await.expect("answer").expect(200)["detail"]["request_pk"].as_u64()
            })
        })
        .collect();
    let mut pks = Vec::new();
    for call in calls {
        pks.push(call.await.expect("joined").expect("pk"));
    }
    pks.sort_unstable();
    pks.dedup();
    assert_eq!(pks.len(), 50);
}
