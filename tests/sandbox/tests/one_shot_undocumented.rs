//! What no document says of the One-Shot API, turned to its other side; and what the Optimizer does not take.

#[path = "one_shot_support/mod.rs"]
mod one_shot_support;

use hyper::Method;
use one_shot_support::{Api, BOTH, Dialect, pdf, png, start, video};
use serde_json::{Value, json};
use videoid_sandbox::Sandbox;

fn set(sandbox: &Sandbox, settings: Value) {
    sandbox.patch_settings(&json!({"one_shot": settings})).expect("settings");
}

#[tokio::test]
async fn evidence_and_video_have_an_order_where_the_settings_say_so() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("122").await;
        set(&sandbox, json!({"upload_order": "video_first"}));
        assert_eq!(api.bad(api.evidence(&handle).await, 412), "Invalid request status");
        set(&sandbox, json!({"upload_order": "evidence_first"}));
        assert_eq!(api.bad(api.video(&handle, &video()).await, 412), "Invalid request status");
        assert_eq!(api.status(handle.request).await, "VIDEOPENDING");
        set(&sandbox, json!({"upload_order": "any", "acceptance_date": "string"}));
        let mut evidence = one_shot_support::all_images();
        evidence["acceptance"]["date"] = json!(1_780_000_000_000_u64);
        let path = api.videoid(&handle, "evidences");
        assert_eq!(api.bad(api.post(&path, &evidence).await, 400), "Invalid acceptance date");
        set(&sandbox, json!({"acceptance_date": "any"}));
        api.good(api.post(&path, &evidence).await);
    }
}

#[tokio::test]
async fn words_of_legacy_are_taken_left_aside_or_refused_in_current() {
    let sandbox = start().await;
    let api = Api::new(&sandbox, Dialect::Current);
    let wish = json!({"position": "10,10,200,60"});
    let by_document = |uid: &str| json!({"options": {uid: wish}});
    let for_all = |_: &str| json!({"signature": {"appearance": wish}});
    let seen = |signed: &[u8]| signed.windows(12).any(|bytes| bytes == b"/Rect [10.00");
    assert!(seen(&api.sign_one("file", &pdf(), by_document).await));
    assert!(seen(&api.sign_one("file", &pdf(), for_all).await));
    set(&sandbox, json!({"legacy_sign_words": "ignored", "appearance_keys": "ignored"}));
    assert!(!seen(&api.sign_one("file", &pdf(), by_document).await));
    assert!(!seen(&api.sign_one("file", &pdf(), for_all).await));
    set(&sandbox, json!({"legacy_sign_words": "refused", "appearance_keys": "refused", "otp_delivery_method": "refused"}));
    let handle = api.approved().await;
    api.upload_one(handle.request, "file", &pdf()).await;
    let (sign, otp) = (format!("/sign/{}", handle.request), format!("/otp/{}", handle.request));
    api.refused(api.post(&otp, &json!({"delivery_method": "sms"})).await, "delivery_method");
    let secret = api.otp(handle.request).await;
    for (name, value) in [("options", json!({})), ("use_signature_text", json!(true)), ("countersignature", json!(true))] {
        api.refused(api.post(&sign, &json!({"secret": secret, name: value})).await, name);
    }
    api.refused(api.post(&sign, &json!({"secret": secret, "signature": {"appearance": wish}})).await, "position");
    // Legacy names them.
    let legacy = Api::new(&sandbox, Dialect::Legacy);
    assert!(seen(&legacy.sign_one("file", &pdf(), by_document).await));
}

#[tokio::test]
async fn one_time_password_and_external_unlock_are_not_given_together() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.approved().await;
        api.upload_one(handle.request, "file", &pdf()).await;
        let secret = api.otp(handle.request).await;
        let both = json!({"secret": secret, "ext_unlock_type": "own", "ext_unlock_value": "x"});
        api.bad(api.post(&format!("/sign/{}", handle.request), &both).await, 400);
        api.good(api.post(&format!("/sign/{}", handle.request), &json!({"secret": secret})).await);
    }
}

#[tokio::test]
async fn parts_have_the_names_of_the_documents() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("122").await;
        let document = pdf();
        let part = |name| (name, Some("a.pdf"), &document[..]);
        for names in [&["file2"][..], &["file", "file3"], &["file", "file"], &["hashfile", "hashfile"]] {
            let parts: Vec<_> = names.iter().map(|name| part(*name)).collect();
            api.bad(api.upload(handle.request, &parts).await, 400);
        }
        for name in ["files", "file1", "file02", "filename"] {
            assert_eq!(api.bad(api.upload(handle.request, &[part(name)]).await, 400), "No file provided", "{name}");
        }
        let picture = png(4, 4);
        api.refused(api.post_form("/image", &[("file", Some("seal.png"), &picture)]).await, "image");
        set(&sandbox, json!({"image_part": "file"}));
        api.good(api.post_form("/image", &[("file", Some("seal.png"), &picture)]).await);
        set(&sandbox, json!({"image_part": "image"}));
    }
}

#[tokio::test]
async fn what_current_answers_and_wants_can_be_turned() {
    let sandbox = start().await;
    let api = Api::new(&sandbox, Dialect::Current);
    let handle = api.approved().await;
    let document = pdf();
    set(&sandbox, json!({"documents_answer": "by_name"}));
    let parts = [("file", Some("a.pdf"), &document[..]), ("file2", Some("b.pdf"), &document[..])];
    let made = api.good(api.upload(handle.request, &parts).await);
    let uid = made["file"].as_str().expect("a uid").to_owned();
    assert!(made["file2"].is_string(), "{made}");
    let secret = api.otp(handle.request).await;
    api.good(api.post(&format!("/sign/{}", handle.request), &json!({"secret": secret})).await);
    let path = format!("/document/{}/{uid}", handle.request);
    assert_eq!(api.get(&path).await.bytes, document);
    set(&sandbox, json!({"document_without_type": "signed"}));
    assert!(api.get(&path).await.bytes.len() > document.len());

    set(&sandbox, json!({"refuse_reason": "description", "proxy_section": "refused", "token_delete": "unknown"}));
    let handle = api.in_review().await;
    let mut body = api.rao();
    body["reason"] = json!("not the same person");
    api.refused(api.post(&api.videoid(&handle, "refuse"), &body).await, "description");
    body["description"] = json!("not the same person");
    api.good(api.post(&api.videoid(&handle, "refuse"), &body).await);
    api.refused(api.post("/settings", &json!({"proxy": {"host": "proxy.example.com"}})).await, "proxy");
    api.call(Method::DELETE, "/token/5a4d3c2b1f0e4d9c8b7a665544332211", &Value::Null).await.expect(405);
}
