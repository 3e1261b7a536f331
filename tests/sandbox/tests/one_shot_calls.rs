//! Each call of the One-Shot API with its answers and its errors, in both dialects.

mod one_shot_support;

use hyper::Method;
use one_shot_support::base::jpeg;
use one_shot_support::{Api, BOTH, Dialect, Part, all_images, packed_pdf, pdf, png, send, start, video};
use serde_json::{Value, json};
use videoid_sandbox::Sandbox;

fn set(sandbox: &Sandbox, settings: Value) {
    sandbox.patch_settings(&json!({"one_shot": settings})).expect("settings");
}

#[tokio::test]
async fn hello_and_version() {
    let sandbox = start().await;
    let (current, legacy) = (Api::new(&sandbox, Dialect::Current), Api::new(&sandbox, Dialect::Legacy));
    assert_eq!(legacy.get("/hello").await.expect(200), json!({"status": "200 OK", "details": "Hello"}));
    assert_eq!(current.get("/hello").await.expect(200), json!({"status": "success", "message": "Hello"}));
    for api in [current, legacy] {
        let version = api.good(api.get("/version").await);
        assert!(version["info"].is_string() && version["version"].is_string() && version["name"].is_string());
    }
    set(&sandbox, json!({"data_key": "details"}));
    assert!(current.get("/version").await.expect(200)["details"]["name"].is_string());
}

#[tokio::test]
async fn a_wrong_dialect_is_answered_by_the_other_framework() {
    let sandbox = start().await;
    let (current, legacy) = (Api::new(&sandbox, Dialect::Current), Api::new(&sandbox, Dialect::Legacy));
    set(&sandbox, json!({"dialect": "legacy"}));
    let page = current.get("/hello").await;
    assert!(page.status == 404 && page.bytes.starts_with(b"<!doctype html>"));
    assert_eq!(legacy.get("/hello").await.status, 200);
    set(&sandbox, json!({"dialect": "current"}));
    assert_eq!(legacy.get("/hello").await.expect(404), json!({"detail": "Not Found"}));
    assert_eq!(current.get("/hello").await.status, 200);
    set(&sandbox, json!({"dialect": "both"}));
    // The prefix doubled, as the vendor's own generated samples have it.
    assert_eq!(current.post("/api/v1/videoid", &json!({})).await.expect(404), json!({"detail": "Not Found"}));
    assert_eq!(current.call(Method::PATCH, "/hello", &Value::Null).await.expect(405), json!({"detail": "Method Not Allowed"}));
    assert_eq!(legacy.call(Method::PATCH, "/hello", &Value::Null).await.status, 405);
    let moved = current.get("/hello/?a=b").await;
    assert_eq!((moved.status, &moved.headers["location"]), (307, &format!("{}?a=b", current.url("/hello")).parse().expect("header")));
    assert_eq!(legacy.get("/hello/").await.status, 404);
    set(&sandbox, json!({"extra_slash": "accept"}));
    assert_eq!(legacy.get("/hello/").await.status, 200);
    set(&sandbox, json!({"extra_slash": "not_found"}));
    assert_eq!(current.get("/hello/").await.status, 404);
}

#[tokio::test]
async fn tokens_are_made_shown_listed_and_deleted() {
    let sandbox = start().await;
    let rao = sandbox.ready()["rao"].clone();
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let body = json!({"username": rao["username"], "password": rao["password"], "pin": rao["pin"], "env": "sandbox"});
        let made = api.good(api.post("/token", &body).await);
        let uid = if api.current() { made["token_uid"].as_str().expect("uid").to_owned() } else { made.as_str().expect("uid").to_owned() };
        assert_eq!(uid.len(), if api.current() { 36 } else { 32 });
        assert_eq!(api.bad(api.post("/token", &body).await, 400), "A token with these credentials already exist!");
        let shown = api.good(api.get(&format!("/token/{uid}")).await);
        let yes = if api.current() { json!("true") } else { json!(true) };
        assert_eq!((&shown["username"], &shown["password"], &shown["pin"]), (&rao["username"], &yes, &yes));
        assert_eq!(shown.get("rao_id").is_some(), api.current());
        let list = api.good(api.get("/tokens").await);
        assert_eq!(list.as_object().map(serde_json::Map::len), Some(2));
        assert_eq!(list[&uid]["username"], rao["username"]);
        let handle = api.in_review().await;
        api.good(api.approve(&handle, &json!({"token": uid, "rao": "1400"})).await);
        api.good(api.delete(&format!("/token/{uid}")).await);
        for answer in [api.get(&format!("/token/{uid}")).await, api.delete(&format!("/token/{uid}")).await] {
            let answer = answer.expect(404);
            assert!(answer["status"] == "404 Not found" || answer["status"] == "error", "{answer}");
        }
        let handle = api.in_review().await;
        assert_eq!(api.bad(api.approve(&handle, &json!({"token": uid, "rao": "1400"})).await, 404), "Token not found");
        // A token without password and PIN: the call brings them.
        let made = api.good(api.post("/token", &json!({"username": rao["username"], "env": "sandbox"})).await);
        let uid = if api.current() { made["token_uid"].clone() } else { made };
        api.bad(api.approve(&handle, &json!({"token": uid, "rao": "1400"})).await, 400);
        api.good(api.approve(&handle, &json!({"token": uid, "rao": "1400", "password": rao["password"], "pin": rao["pin"]})).await);
        api.good(api.delete(&format!("/token/{}", uid.as_str().expect("uid"))).await);
        api.bad(api.delete(&format!("/token/{}", sandbox.ready()["one_shot"]["token"].as_str().expect("token"))).await, 400);
        api.refused(api.post("/token", &json!({"env": "sandbox"})).await, "username");
        api.refused(api.post("/token", &json!({"username": rao["username"], "env": "moon"})).await, "env");
        assert_eq!(api.bad(api.post("/token", &json!({"username": "7", "env": "sandbox"})).await, 404), "RAO ID not found");
    }
    set(&sandbox, json!({"token_flags": "bool"}));
    let api = Api::new(&sandbox, Dialect::Current);
    let token = sandbox.ready()["one_shot"]["token"].as_str().expect("token").to_owned();
    assert_eq!(api.good(api.get(&format!("/token/{token}")).await)["pin"], json!(true));
    assert_eq!(Api::new(&sandbox, Dialect::Legacy).post("/token", &json!({"username": "1"})).await.status, 400);
}

#[tokio::test]
async fn the_settings_file_stands_in_for_missing_fields() {
    let sandbox = start().await;
    for dialect in BOTH {
        sandbox.reset(&Value::Null).expect("reset");
        let api = Api::new(&sandbox, dialect);
        let full = api.videoid_body();
        let short = json!({"mobile_phone_number": full["mobile_phone_number"], "email": full["email"]});
        for name in ["registration_authority", "profile", "billing_username", "billing_password", "env", "email", "mobile_phone_number"] {
            let mut body = full.clone();
            body.as_object_mut().expect("object").remove(name);
            api.refused(api.post("/videoid", &body).await, name);
        }
        let settings = json!({
            "request": {"registration_authority": "121", "profile": "PFnubeNC", "env": "sandbox"},
            "billing": {"billing_username": full["billing_username"], "billing_password": full["billing_password"]},
        });
        assert_eq!(api.good(api.post("/settings", &settings).await), "Settings saved successfully");
        let read = api.good(api.get("/settings").await);
        assert_eq!(read["billing"]["billing_password"], full["billing_password"]);
        assert!(read["tsa"].is_object() && read["proxy"].is_object() && read["general"].is_object());
        let created = api.post("/videoid", &short).await.expect(200);
        let data = if api.current() { &created["detail"] } else { &created["details"] };
        let request = api.good(api.get(&format!("/request/{}", data["request_pk"])).await);
        assert_eq!((&request["profile"], &request["status"]), (&json!("PFnubeNC"), &json!("VIDEOPENDING")));
        let broken = send(Method::POST, &api.url("/settings"), "application/json", b"{\"a\"".to_vec()).await.expect("answer");
        if api.current() {
            assert_eq!(broken.expect(422)["detail"][0]["type"], "json_invalid");
        } else {
            assert_eq!(broken.expect(400)["status"], "Invalid JSON");
        }
        api.refused(api.post("/settings", &json!({"tsa": 7})).await, "tsa");
    }
}

#[tokio::test]
async fn create_videoid_answers_and_refuses() {
    let sandbox = start().await;
    let (current, legacy) = (Api::new(&sandbox, Dialect::Current), Api::new(&sandbox, Dialect::Legacy));
    let answer = current.post("/videoid", &current.videoid_body()).await.expect(200);
    assert_eq!((&answer["status"], &answer["detail"]["videoid_pk"]), (&json!("success"), &json!(16_673)));
    assert_eq!(answer["messsage"], "VideoID created with pk 16673");
    let mut body = legacy.videoid_body();
    body["videoid_mode"] = json!("1");
    body["registration_authority"] = json!(121);
    let answer = legacy.post("/videoid", &body).await.expect(200);
    assert_eq!((&answer["status"], &answer["details"]["videoid_pk"]), (&json!("200 OK"), &json!(16_674)));
    assert!(answer["details"]["videoid_link"].as_str().is_some_and(|link| link.starts_with(&sandbox.one_shot_url())));
    for api in [current, legacy] {
        let with = |name: &str, value: Value| {
            let mut body = api.videoid_body();
            body[name] = value;
            body
        };
        let post = |body: Value| async move { api.post("/videoid", &body).await };
        assert_eq!(
            api.bad(post(with("registration_authority", json!("123"))).await, 400),
            "Videoid not enabled for Registration Authority 123"
        );
        api.bad(post(with("registration_authority", json!("9"))).await, 404);
        assert_eq!(
            api.bad(post(with("mobile_phone_number", json!("600000000"))).await, 400),
            "Mobile phone number without international prefix"
        );
        assert_eq!(api.bad(post(with("email", json!("anna"))).await, 400), "Invalid e-mail address");
        api.refused(post(with("env", json!("moon"))).await, "env");
        api.refused(post(with("email", json!(["anna@example.com"]))).await, "email");
        // In clear, or of a wrong password: the documented 500.
        let clear = sandbox.ready()["one_shot"]["billing"]["password"].clone();
        for wrong in [clear, json!("d3Jvbmc=")] {
            let answer = api.bad(post(with("billing_password", wrong)).await, 500);
            assert_eq!(answer, "Billing credentials not valid. Please check if they are base64 encoded");
        }
        api.bad(post(with("billing_username", json!("other"))).await, 500);
        let list = api.post("/videoid", &json!([])).await;
        assert_eq!(list.status, if api.current() { 422 } else { 400 });
    }
    set(&sandbox, json!({"credit_check_fails": true}));
    assert!(
        current
            .bad(current.post("/videoid", &current.videoid_body()).await, 500)
            .as_str()
            .is_some_and(|text| text.starts_with("Cannot check the remaining credit"))
    );
    set(&sandbox, json!({"credit_check_fails": false, "videoid_enabled": false}));
    assert_eq!(
        legacy.bad(legacy.post("/videoid", &legacy.videoid_body()).await, 400),
        "Videoid not enabled for Registration Authority 121"
    );
    set(&sandbox, json!({"videoid_enabled": true, "videoid_pk_in_answer": false}));
    let answer = current.post("/videoid", &current.videoid_body()).await.expect(200);
    assert!(answer["detail"].get("videoid_pk").is_none() && answer["detail"]["request_pk"].is_u64());
    let read = current.good(current.get(&format!("/request/{}", answer["detail"]["request_pk"])).await);
    assert!(read["videoid_data"]["pk"].is_u64(), "it can be read from the request");
    sandbox.scratchcards(&json!({"exhaust": true})).expect("cards");
    let answer = legacy.bad(legacy.post("/videoid", &legacy.videoid_body()).await, 403);
    assert!(answer.as_str().is_some_and(|text| text.starts_with("Error creating new videoid request: {\"detail\":")), "{answer}");
}

#[tokio::test]
async fn legacy_takes_json_without_its_content_type() {
    let sandbox = start().await;
    let (current, legacy) = (Api::new(&sandbox, Dialect::Current), Api::new(&sandbox, Dialect::Legacy));
    let body = legacy.videoid_body().to_string().into_bytes();
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(send(Method::POST, &legacy.url("/videoid"), kind, body.clone()).await.expect("answer").status, 200);
    let answer = send(Method::POST, &current.url("/videoid"), kind, body).await.expect("answer").expect(422);
    assert_eq!(answer["detail"][0]["loc"], json!(["body"]));
}

#[tokio::test]
async fn evidence_is_decoded_and_checked() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        set(&sandbox, json!({"bad_upload_status": null}));
        let handle = api.create("122").await;
        let path = api.videoid(&handle, "evidences");
        let broken = send(Method::POST, &api.url(&path), "application/json", b"{\"acceptance\": ES}".to_vec()).await.expect("answer");
        if api.current() {
            let broken = broken.expect(422);
            assert_eq!((&broken["detail"][0]["type"], &broken["detail"][0]["loc"][0]), (&json!("json_invalid"), &json!("body")));
        } else {
            assert_eq!(broken.expect(400)["status"], "Invalid JSON");
        }
        api.refused(api.post(&path, &json!({"acceptance": {}})).await, "videoid_data");
        let with = |pointer: &str, value: Value| {
            let mut body = all_images();
            *body.pointer_mut(pointer).expect("field") = value;
            body
        };
        for name in ["given_name", "surname_1", "serial_number"] {
            api.refused(api.post(&path, &with(&format!("/videoid_data/ocr_data/{name}"), json!(""))).await, name);
        }
        for (pointer, value) in [
            ("/videoid_data/images/document_front", json!("%%%")),
            ("/videoid_data/images/document_front", json!("aGVsbG8=")),
            ("/videoid_data/similarity_level", json!(101)),
            ("/videoid_data/security_checks/liveliness", json!("yes")),
        ] {
            api.bad(api.post(&path, &with(pointer, value)).await, 400);
        }
        let unknown = if api.current() { "/videoid/1/evidences" } else { "/videoid/2/evidences" };
        assert_eq!(api.bad(api.post(unknown, &all_images()).await, 404), "Request not found");
        api.good(api.post(&path, &all_images()).await);
        let read = api.good(api.get(&format!("/request/{}", handle.request)).await);
        let front = read["videoid_data"]["data"]["images"]["document_front"].as_str().expect("an image");
        assert_eq!(base64_simd::STANDARD.decode_to_vec(front).expect("Base64"), jpeg(0));
        assert_eq!(read["given_name"], "ANNA MARIA");
        assert!(read["videoid_data"]["data"]["security_checks"][0].is_array(), "pairs");
        assert_eq!(read["videoid_data"]["requests"], json!([handle.request]));
        assert!(read.as_object().is_some_and(|read| read.len() >= 80));
    }
}

#[tokio::test]
async fn the_video_comes_back_as_it_was() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("122").await;
        let path = if api.current() { api.videoid(&handle, "video") } else { api.videoid(&handle, "download/video") };
        let missing = api.get(&path).await;
        if api.current() {
            assert_eq!(api.bad(missing, 404), "Video not found");
        } else {
            // HTTP says 400, the body 404, as the older description declares it.
            assert_eq!(missing.expect(400), json!({"status": "404 Not Found", "details": "Video not found"}));
        }
        let upload = if api.current() { api.videoid(&handle, "video") } else { api.videoid(&handle, "evidences/video") };
        api.refused(api.post_form(&upload, &[("film", Some("a.mp4"), &video())]).await, "video");
        api.good(api.video(&handle, &video()).await);
        let answer = api.get(&path).await;
        assert_eq!((answer.status, answer.bytes), (200, video()));
        assert_eq!(answer.headers["content-type"], "video/mp4");
    }
    let api = Api::new(&sandbox, Dialect::Current);
    let handle = api.create("122").await;
    api.good(api.video(&handle, &video()).await);
    assert_eq!(api.get(&api.videoid(&handle, "download/video")).await.status, 200);
    set(&sandbox, json!({"video_paths": "download_video"}));
    assert_eq!(api.get(&api.videoid(&handle, "video")).await.expect(405), json!({"detail": "Method Not Allowed"}));
    set(&sandbox, json!({"video_paths": "video"}));
    assert_eq!(api.get(&api.videoid(&handle, "download/video")).await.status, 404);
    set(&sandbox, json!({"legacy_not_found": "same"}));
    let legacy = Api::new(&sandbox, Dialect::Legacy);
    assert_eq!(legacy.bad(legacy.get("/videoid/7/download/video").await, 404), "Video not found");
}

#[tokio::test]
async fn requests_are_read_updated_and_looked_for() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let missing = api.get("/request/7").await;
        if api.current() {
            assert_eq!(api.bad(missing, 404), "Request not found");
        } else {
            assert_eq!(missing.expect(400), json!({"status": "404 Not Found", "details": "Request not found"}));
        }
        let handle = api.create("121").await;
        let path = format!("/request/{}", handle.request);
        let read = api.good(api.get(&path).await);
        assert_eq!((&read["videoid_mode"], &read["paperless_mode"]), (&json!(true), &json!(false)));
        assert!(read["scratchcard"].is_string() && read["registration_authority"].is_u64());
        assert!(!read.to_string().contains("QjFsb"), "billing is not kept");
        let update = json!({"scratchcard": read["scratchcard"], "email": "anna@example.org", "registration_authority": 121,
            "profile": "PFnubeNC", "country_name": "ES", "residence_city": "Utopia"});
        for name in ["scratchcard", "email", "registration_authority", "profile", "country_name"] {
            let mut body = update.clone();
            body.as_object_mut().expect("object").remove(name);
            api.refused(api.call(Method::PUT, &path, &body).await, name);
        }
        let mut wrong = update.clone();
        wrong["scratchcard"] = json!("1");
        assert!(api.bad(api.call(Method::PUT, &path, &wrong).await, 500).as_str().is_some_and(|text| text.contains("Invalid ScratchCard")));
        assert_eq!(api.good(api.call(Method::PUT, &path, &update).await), "Request updated");
        let read = api.good(api.get(&path).await);
        assert_eq!((&read["email"], &read["residence_city"]), (&json!("anna@example.org"), &json!("Utopia")));
        sandbox.one_shot_user(handle.request, &json!({"outcome": "finish"})).expect("identified");
        let mut fixed = update.clone();
        fixed["given_name"] = json!("OTHER");
        assert_eq!(api.bad(api.call(Method::PUT, &path, &fixed).await, 412), "Invalid request fields: given_name");
        api.good(api.approve(&handle, &api.rao()).await);
        assert_eq!(api.bad(api.call(Method::PUT, &path, &update).await, 412), "Invalid request status");
        assert_eq!(api.bad(api.call(Method::PUT, "/request/7", &update).await, 404), "Request not found");
    }
}

#[tokio::test]
async fn documents_are_uploaded_in_both_answer_forms() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.approved().await;
        let one = api.good(api.upload(handle.request, &[("file", Some("a.pdf"), &pdf())]).await);
        let first = if api.current() {
            assert_eq!(one["name"], "file");
            one["uid"].as_str().expect("uid").to_owned()
        } else {
            one.as_str().expect("uid").to_owned()
        };
        assert_eq!(first.len(), if api.current() { 36 } else { 32 });
        let several =
            api.good(api.upload(handle.request, &[("file", Some("b.pdf"), &pdf()), ("file2", Some("c.pdf"), &packed_pdf())]).await);
        let several = several.as_array().expect("a list").clone();
        assert_eq!(several.len(), 2);
        if api.current() {
            assert_eq!((&several[0]["name"], &several[1]["name"]), (&json!("file"), &json!("file2")));
        } else {
            // Not in the order of the upload.
            assert_eq!((&several[0]["key"], &several[0]["filename"]), (&json!("file2"), &json!("c.pdf")));
            assert!(several[0]["digest"].as_str().is_some_and(|digest| digest.len() == 64));
        }
        let list = api.good(api.get(&format!("/documents/{}", handle.request)).await);
        assert_eq!(list.as_object().map(serde_json::Map::len), Some(3));
        let shown = &list[&first];
        assert_eq!((&shown["ext"], &shown["mime"], &shown["filename"]), (&json!("pdf"), &json!("application/pdf"), &json!("a.pdf")));
        assert_eq!(shown["size"], json!(pdf().len()));
        assert!(shown["upload_date"].as_str().is_some_and(|date| date.len() == 19 && date.as_bytes()[2] == b'/'));
        assert_eq!(api.document(handle.request, &first, "original").await.bytes, pdf());
        assert_eq!(api.document(handle.request, &first, "signed").await.status, 404);
        let uid = several[0]["uid"].as_str().expect("uid");
        let path = if api.current() {
            format!("/document/{}/{uid}", handle.request)
        } else {
            format!("/document/{}/original/{uid}", handle.request)
        };
        api.good(api.delete(&path).await);
        assert_eq!(api.delete(&path).await.status, 404);
        assert_eq!(api.document(handle.request, uid, "original").await.status, 404);
        let all = if api.current() { format!("/document/{}", handle.request) } else { format!("/documents/{}", handle.request) };
        api.good(api.delete(&all).await);
        assert_eq!(api.good(api.get(&format!("/documents/{}", handle.request)).await), json!({}));
        assert_eq!(api.bad(api.get("/documents/7").await, 404), "Request not found");
        assert_eq!(api.bad(api.upload(7, &[("file", Some("a.pdf"), &pdf())]).await, 404), "Request not found");
    }
}

#[tokio::test]
async fn documents_have_limits_and_types() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("122").await;
        let document = pdf();
        let names: Vec<String> = std::iter::once("file".to_owned()).chain((2..=11).map(|number| format!("file{number}"))).collect();
        let parts: Vec<Part<'_>> = names.iter().map(|name| (name.as_str(), Some("a.pdf"), &document[..])).collect();
        let full = format!("Maximum number of document reached for Request {}", handle.request);
        assert_eq!(api.bad(api.upload(handle.request, &parts).await, 400), full.as_str());
        assert_eq!(api.good(api.get(&format!("/documents/{}", handle.request)).await), json!({}), "none of them is kept");
        api.good(api.upload(handle.request, &parts[..10]).await);
        assert_eq!(api.bad(api.upload(handle.request, &parts[..1]).await, 400), full.as_str());
        let handle = api.create("122").await;
        let digest = json!({"messageDigest": "AAAA", "digestAlgorithm": "sha256"}).to_string();
        for (name, content) in [
            ("file", &b"plain text"[..]),
            ("file", b""),
            ("file", b"%PDF-1.7 cut"),
            ("file", &document[..document.len() - 20]),
            ("file", digest.as_bytes()),
            ("hashfile", digest.as_bytes()),
            ("hashfile", b"no JSON"),
        ] {
            api.bad(api.upload(handle.request, &[(name, Some("a.pdf"), content)]).await, 415);
        }
        assert_eq!(api.bad(api.upload(handle.request, &[("picture", Some("a.pdf"), &document)]).await, 400), "No file provided");
        set(&sandbox, json!({"max_document_bytes": 100}));
        api.bad(api.upload(handle.request, &[("file", Some("a.pdf"), &document)]).await, 413);
        set(&sandbox, json!({"max_document_bytes": 1_000_000}));
        assert!(api.good(api.get(&format!("/documents/{}", handle.request)).await).as_object().is_some_and(serde_json::Map::is_empty));
    }
}

#[tokio::test]
async fn current_has_two_ways_to_a_document() {
    let sandbox = start().await;
    let api = Api::new(&sandbox, Dialect::Current);
    let handle = api.approved().await;
    let uid = api.upload_one(handle.request, "file", &pdf()).await;
    let (query, path) =
        (format!("/document/{}/{uid}?document_type=original", handle.request), format!("/document/{}/original/{uid}", handle.request));
    let status = |path: String| async move { api.get(&path).await.status };
    assert_eq!((status(query.clone()).await, status(path.clone()).await), (200, 200));
    set(&sandbox, json!({"document_paths": "query"}));
    assert_eq!((status(query.clone()).await, status(path.clone()).await), (200, 404));
    set(&sandbox, json!({"document_paths": "path"}));
    assert_eq!((status(query.clone()).await, status(path.clone()).await), (405, 200));
    set(&sandbox, json!({"document_paths": "both"}));
    assert_eq!(status(format!("/document/{}/{uid}?document_type=null", handle.request)).await, 200);
    let wrong = api.get(&format!("/document/{}/{uid}?document_type=copy", handle.request)).await.expect(422);
    assert_eq!(wrong["detail"][0]["loc"], json!(["query", "document_type"]));
    for (rule, bare, slash) in [("both", 200, 200), ("without", 200, 307), ("with", 307, 200)] {
        set(&sandbox, json!({"contract_slash": rule}));
        assert_eq!(
            (status(format!("/contract/{}", handle.request)).await, status(format!("/contract/{}/", handle.request)).await),
            (bare, slash)
        );
    }
}

#[tokio::test]
async fn the_contract_comes_after_validation() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("122").await;
        let path = |pk: u64| if api.current() { format!("/contract/{pk}") } else { format!("/document/{pk}/contract") };
        assert_eq!(api.bad(api.get(&path(handle.request)).await, 412), "Invalid request status");
        set(&sandbox, json!({"contract_early": true}));
        assert_eq!(api.get(&path(handle.request)).await.status, 200);
        set(&sandbox, json!({"contract_early": false}));
        let missing = api.get(&path(7)).await;
        assert_eq!(missing.status, if api.current() { 404 } else { 400 });
    }
}

#[tokio::test]
async fn signature_images_are_png() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let picture = png(3, 2);
        let upload = |content: Vec<u8>| async move { api.post_form("/image", &[("image", Some("seal.png"), &content)]).await };
        let made = api.good(upload(picture.clone()).await);
        let uid = if api.current() { made["image_uid"].clone() } else { made }.as_str().expect("uid").to_owned();
        let read = api.get(&format!("/image/{uid}")).await;
        assert_eq!((read.status, &read.bytes, &read.headers["content-type"]), (200, &picture, &"image/png".parse().expect("header")));
        assert_eq!(api.good(api.get("/images").await), json!([uid]));
        for wrong in [jpeg(0), b"text".to_vec(), picture[..picture.len() / 2].to_vec()] {
            api.bad(upload(wrong).await, 415);
        }
        api.refused(api.post_form("/image", &[("note", None, b"x")]).await, "image");
        api.good(api.delete(&format!("/image/{uid}")).await);
        assert_eq!(api.bad(api.get(&format!("/image/{uid}")).await, 404), "Image not found");
        assert_eq!(api.bad(api.delete(&format!("/image/{uid}")).await, 404), "Image not found");
        api.good(upload(picture.clone()).await);
        api.good(upload(picture).await);
        api.good(api.delete("/images").await);
        assert_eq!(api.good(api.get("/images").await), json!([]));
    }
}
