//! The One-Shot workflows, and what stands in their way, in both dialects.

mod one_shot_support;

use hyper::Method;
use one_shot_support::{Api, BOTH, Dialect, Handle, all_images, pdf, send, start, video};
use serde_json::{Value, json};
use videoid_sandbox::Sandbox;

fn set(sandbox: &Sandbox, settings: Value) {
    sandbox.patch_settings(&json!({"one_shot": settings})).expect("settings");
}

fn history(sandbox: &Sandbox, request: u64) -> Vec<String> {
    let state = sandbox.one_shot_request(request, false).expect("the request");
    let changes = state["history"].as_array().expect("history").clone();
    changes.iter().map(|change| change["status"].as_str().expect("status").to_owned()).collect()
}

async fn to_signed(api: Api<'_>, handle: &Handle) {
    api.good(api.approve(handle, &api.rao()).await);
    let uid = api.upload_one(handle.request, "file", &pdf()).await;
    let contract = if api.current() { format!("/contract/{}", handle.request) } else { format!("/document/{}/contract", handle.request) };
    let contract = api.get(&contract).await;
    assert_eq!(contract.status, 200);
    assert!(contract.bytes.starts_with(b"%PDF-"));
    let media = if api.current() { "application/pdf" } else { "text/plain" };
    assert_eq!(contract.headers["content-type"], media);
    let secret = api.otp(handle.request).await;
    assert_eq!(api.good(api.post(&format!("/sign/{}", handle.request), &json!({"secret": secret})).await), "Documents correctly signed");
    assert_eq!(api.status(handle.request).await, "ISSUED");
    let signed = api.document(handle.request, &uid, "signed").await;
    assert_eq!((signed.status, &signed.headers["content-type"]), (200, &"application/pdf".parse().expect("header")));
    assert_eq!(api.document(handle.request, &uid, "original").await.bytes, pdf());
    let all = if api.current() { format!("/document/{}", handle.request) } else { format!("/documents/{}", handle.request) };
    api.good(api.delete(&all).await);
    assert_eq!(api.document(handle.request, &uid, "signed").await.status, 404);
}

#[tokio::test]
async fn external_runs_to_the_signed_document_in_either_order() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        for video_first in [false, true] {
            let handle = api.create("122").await;
            assert_eq!(handle.link, "");
            assert_ne!(handle.request, handle.videoid);
            if video_first {
                assert_eq!(api.good(api.video(&handle, &video()).await), "Videoid video upload completed");
            } else {
                assert_eq!(api.good(api.evidence(&handle).await), "Videoid evidences uploaded");
            }
            assert_eq!(api.status(handle.request).await, "VIDEOINCOMPLETE");
            if video_first {
                api.good(api.evidence(&handle).await);
            } else {
                api.good(api.video(&handle, &video()).await);
            }
            to_signed(api, &handle).await;
            assert_eq!(history(&sandbox, handle.request), ["VIDEOPENDING", "VIDEOINCOMPLETE", "VIDEOREVIEW", "ENROLLREADY", "ISSUED"]);
        }
    }
}

#[tokio::test]
async fn eidas_runs_to_the_signed_document_by_the_page_and_by_control() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("121").await;
        let page = send(Method::GET, &handle.link, "", vec![]).await.expect("the page");
        let text = String::from_utf8(page.bytes).expect("text");
        assert!(page.status == 200 && text.contains("<form method=\"post\">") && text.contains("value=\"finish\""), "{text}");
        let form = "application/x-www-form-urlencoded";
        let wrong = send(Method::POST, &handle.link, form, b"outcome=dance".to_vec()).await.expect("the page");
        assert_eq!(wrong.status, 400);
        // Left, then failed, then finished: the link stays open until it is finished.
        for (outcome, status) in [("leave", "VIDEOINCOMPLETE"), ("fail", "VIDEOERROR"), ("finish", "VIDEOREVIEW")] {
            send(Method::POST, &handle.link, form, format!("outcome={outcome}").into_bytes()).await.expect("the page");
            assert_eq!(api.status(handle.request).await, status);
        }
        assert_eq!(send(Method::POST, &handle.link, form, b"outcome=finish".to_vec()).await.expect("the page").status, 409);
        to_signed(api, &handle).await;
        let handle = api.create("121").await;
        assert_eq!(sandbox.one_shot_user(handle.request, &json!({"outcome": "nope"})).expect_err("unknown").status, 400);
        let who = json!({"outcome": "finish", "given_name": "BERTA", "surname_1": "SPECIMEN"});
        assert_eq!(sandbox.one_shot_user(handle.request, &who).expect("played"), json!({"status": "VIDEOREVIEW"}));
        let read = api.good(api.get(&format!("/request/{}", handle.request)).await);
        assert_eq!((&read["given_name"], &read["videoid_data"]["pk"]), (&json!("BERTA"), &json!(handle.videoid)));
        to_signed(api, &handle).await;
    }
    assert_eq!(send(Method::GET, &format!("{}/lcmpl/videoid/nope", sandbox.one_shot_url()), "", vec![]).await.expect("page").status, 404);
    // External has no page, and a link may be for one use.
    let api = Api::new(&sandbox, Dialect::Current);
    let handle = api.create("122").await;
    assert_eq!(sandbox.one_shot_user(handle.request, &json!({"outcome": "finish"})).expect_err("external").status, 409);
    set(&sandbox, json!({"link_reusable": false, "external": false}));
    let handle = api.create("121").await;
    sandbox.one_shot_user(handle.request, &json!({"action": "fail"})).expect("played");
    assert_eq!(sandbox.one_shot_user(handle.request, &json!({"outcome": "finish"})).expect_err("used").status, 409);
    set(&sandbox, json!({"external": true}));
    assert_eq!(api.create("121").await.link, "");
}

#[tokio::test]
async fn a_failed_upload_leaves_ways_out() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.create("122").await;
        assert_eq!(api.bad(api.video(&handle, b"no video").await, 400), "The file is not an MP4 video");
        assert_eq!(api.status(handle.request).await, "VIDEOERROR");
        // The missing piece again.
        api.good(api.video(&handle, &video()).await);
        assert_eq!(api.status(handle.request).await, "VIDEOINCOMPLETE");
        let mut evidence = all_images();
        evidence["videoid_data"]["images"]["document_front"] = json!("/9j/nonsense");
        assert!(api.bad(api.post(&api.videoid(&handle, "evidences"), &evidence).await, 400).as_str().is_some());
        assert_eq!(api.status(handle.request).await, "VIDEOERROR");
        // An update opens it again.
        let read = api.good(api.get(&format!("/request/{}", handle.request)).await);
        let update = json!({"scratchcard": read["scratchcard"], "email": "anna@example.com", "registration_authority": "122",
            "profile": "PFnubeNC", "country_name": "ES"});
        assert_eq!(api.good(api.call(Method::PUT, &format!("/request/{}", handle.request), &update).await), "Request updated");
        assert_eq!(api.status(handle.request).await, "VIDEOPENDING");
        api.good(api.evidence(&handle).await);
        assert_eq!(api.status(handle.request).await, "VIDEOREVIEW");
        assert_eq!(api.bad(api.evidence(&handle).await, 412), "Invalid request status");
        // Or it is given up.
        assert_eq!(api.good(api.delete(&format!("/request/{}", handle.request)).await), "Request directory removed successfully");
        assert_eq!(api.status(handle.request).await, "CANCELLED");
        assert_eq!(api.bad(api.delete(&format!("/request/{}", handle.request)).await, 404), "Request not found");
    }
    set(&sandbox, json!({"reupload": false, "bad_upload_status": null, "after_cancel": "gone", "partial_status": "VIDEOPENDING"}));
    let api = Api::new(&sandbox, Dialect::Current);
    let handle = api.create("122").await;
    api.bad(api.video(&handle, b"no video").await, 400);
    api.good(api.evidence(&handle).await);
    assert_eq!(history(&sandbox, handle.request), ["VIDEOPENDING"]);
    sandbox.set_one_shot_status(handle.request, "VIDEOERROR").expect("forced");
    assert_eq!(api.bad(api.evidence(&handle).await, 412), "Invalid request status");
    api.good(api.delete(&format!("/request/{}", handle.request)).await);
    api.bad(api.get(&format!("/request/{}", handle.request)).await, 404);
}

#[tokio::test]
async fn approval_takes_credentials_or_a_token() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.in_review().await;
        let rao = api.rao();
        for missing in ["username", "password", "pin", "rao"] {
            let mut body = rao.clone();
            body[missing] = Value::Null;
            assert!(
                api.bad(api.approve(&handle, &body).await, 400).as_str().is_some_and(|text| text.starts_with("Incomplete")),
                "{missing}"
            );
        }
        for wrong in ["username", "password", "pin", "rao"] {
            let mut body = rao.clone();
            body[wrong] = json!("1");
            assert_eq!(api.bad(api.approve(&handle, &body).await, 403), "Invalid RAO credentials", "{wrong}");
        }
        let token = sandbox.ready()["one_shot"]["token"].clone();
        assert_eq!(api.bad(api.approve(&handle, &json!({"token": "abc", "rao": 1400})).await, 404), "Token not found");
        assert_eq!(api.good(api.approve(&handle, &json!({"token": token, "rao": 1400})).await), "Request approved successfully");
        assert_eq!(api.status(handle.request).await, "ENROLLREADY");
        assert_eq!(api.bad(api.approve(&handle, &rao).await, 412), "Invalid request status");
        let unknown = Handle { request: 7, videoid: 7, link: String::new() };
        assert_eq!(api.bad(api.approve(&unknown, &rao).await, 404), "Request not found");
        // The two ids are told apart.
        let handle = api.in_review().await;
        let mixed = Handle { request: handle.videoid, videoid: handle.request, link: String::new() };
        assert_eq!(api.bad(api.approve(&mixed, &rao).await, 404), "Request not found");
    }
    // A wrong card is told before the officer, a missing status after.
    let api = Api::new(&sandbox, Dialect::Legacy);
    let handle = api.create("122").await;
    assert_eq!(api.bad(api.approve(&handle, &api.rao()).await, 412), "Invalid request status");
    set(&sandbox, json!({"approve_paths": "plural"}));
    let handle = api.in_review().await;
    assert_eq!(api.approve(&handle, &api.rao()).await.status, 404);
    api.good(api.post(&format!("/requests/{}/approve", handle.request), &api.rao()).await);
}

#[tokio::test]
async fn two_steps_leave_an_approval_short_of_its_end() {
    let sandbox = start().await;
    set(&sandbox, json!({"approval_steps": 2}));
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.in_review().await;
        api.good(api.approve(&handle, &api.rao()).await);
        assert_eq!(api.status(handle.request).await, "CREATED");
        api.good(api.approve(&handle, &api.rao()).await);
        assert_eq!(api.status(handle.request).await, "ENROLLREADY");
    }
    let api = Api::new(&sandbox, Dialect::Legacy);
    let handle = api.create("122").await;
    let validate = format!("/videoid/{}/validate", handle.request);
    let early = api.bad(api.post(&validate, &api.rao()).await, 500);
    assert!(early.as_str().is_some_and(|text| text.starts_with("Error during Videoid validation: {\"code\":\"500\"")), "{early}");
    let handle = api.in_review().await;
    let validate = format!("/videoid/{}/validate", handle.request);
    api.bad(api.post(&validate, &json!({"username": "x", "password": "x", "pin": "x", "rao": "1400"})).await, 403);
    assert_eq!(api.good(api.post(&validate, &api.rao()).await), "Videoid validated");
    assert_eq!(api.status(handle.request).await, "CREATED");
    set(&sandbox, json!({"two_step_approve": "refused"}));
    let handle = api.in_review().await;
    assert_eq!(api.bad(api.approve(&handle, &api.rao()).await, 412), "Invalid request status");
    api.good(api.post(&format!("/request/{}/validate", handle.request), &api.rao()).await);
    api.good(api.approve(&handle, &api.rao()).await);
    set(&sandbox, json!({"approval_steps": 1, "status_after_approve": "SOMETHING"}));
    let handle = api.in_review().await;
    api.good(api.approve(&handle, &api.rao()).await);
    assert_eq!(api.status(handle.request).await, "SOMETHING");
    // Current has no validate.
    let current = Api::new(&sandbox, Dialect::Current);
    assert_eq!(
        current.post(&format!("/videoid/{}/validate", handle.videoid), &api.rao()).await.expect(404),
        json!({"detail": "Not Found"})
    );
}

#[tokio::test]
async fn refusal_needs_a_reason() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.in_review().await;
        let refuse = api.videoid(&handle, "refuse");
        let answer = api.post(&refuse, &api.rao()).await;
        if api.current() {
            api.refused(answer, "reason");
            set(&sandbox, json!({"missing_field": "bad_request"}));
            assert_eq!(api.bad(api.post(&refuse, &api.rao()).await, 400), "No reason specified");
        } else {
            assert_eq!(api.bad(answer, 400), "No reason specified");
        }
        let mut body = api.rao();
        body["reason"] = json!("The photograph is blurred");
        assert_eq!(api.good(api.post(&refuse, &body).await), "Videoid refuse completed");
        let read = api.good(api.get(&format!("/request/{}", handle.request)).await);
        assert_eq!((&read["videoid_data"]["status"], &read["videoid_data"]["refusal_reason"]), (&json!("REFUSED"), &body["reason"]));
        assert_eq!(api.bad(api.approve(&handle, &api.rao()).await, 412), "Invalid request status");
        assert_eq!(api.bad(api.post(&refuse, &body).await, 412), "Invalid request status");
    }
    set(&sandbox, json!({"status_after_refusal": "CANCELLED"}));
    let api = Api::new(&sandbox, Dialect::Legacy);
    let handle = api.in_review().await;
    let mut body = api.rao();
    body["reason"] = json!("No");
    api.good(api.post(&api.videoid(&handle, "refuse"), &body).await);
    assert_eq!(api.status(handle.request).await, "CANCELLED");
}

#[tokio::test]
async fn a_password_comes_once_a_minute_and_goes_stale() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.in_review().await;
        let (otp, sign) = (format!("/otp/{}", handle.request), format!("/sign/{}", handle.request));
        assert!(api.bad(api.post(&otp, &Value::Null).await, 412).as_str().is_some_and(|text| text.ends_with("Invalid request status")));
        assert_eq!(api.bad(api.post(&sign, &json!({"secret": "1"})).await, 412), "Invalid request status");
        api.good(api.approve(&handle, &api.rao()).await);
        assert_eq!(api.bad(api.post(&sign, &json!({"secret": "000000"})).await, 403), "Confirmation Code invalid");
        api.good(api.post(&otp, &json!({"delivery_method": "whatsapp"})).await);
        let sent = sandbox.one_shot_otp(handle.request).expect("sent");
        assert_eq!((&sent["delivery_method"], &sent["expired"]), (&json!("whatsapp"), &json!(false)));
        assert!(
            api.bad(api.post(&otp, &Value::Null).await, 412)
                .as_str()
                .is_some_and(|text| text.ends_with("Otp generated less than a minute ago"))
        );
        api.refused(api.post(&otp, &json!({"delivery_method": "pigeon"})).await, "delivery_method");
        // No document, no signature; and the password stays good.
        let secret = sent["otp"].clone();
        api.bad(api.post(&sign, &json!({"secret": secret})).await, 404);
        api.upload_one(handle.request, "file", &pdf()).await;
        assert_eq!(api.bad(api.post(&sign, &json!({"secret": "000000"})).await, 403), "Confirmation Code invalid");
        sandbox.advance_clock(601).expect("clock");
        assert_eq!(sandbox.one_shot_otp(handle.request).expect("sent")["expired"], json!(true));
        assert_eq!(api.bad(api.post(&sign, &json!({"secret": secret})).await, 403), "Confirmation Code invalid");
        let fresh = api.otp(handle.request).await;
        assert_eq!(api.bad(api.post(&sign, &json!({})).await, 400), "Missing required parameters");
        api.good(api.post(&sign, &json!({"secret": fresh})).await);
        assert_eq!(api.bad(api.post(&sign, &json!({"secret": fresh})).await, 412), "Request already in ISSUED status");
        assert!(api.bad(api.post(&otp, &Value::Null).await, 412).as_str().is_some_and(|text| text.ends_with("Invalid request status")));
        assert!(sandbox.one_shot_otp(handle.request).is_err(), "a password opens once");
        assert_eq!(api.bad(api.upload(handle.request, &[("file", Some("a.pdf"), &pdf())]).await, 412), "Invalid request status");
    }
}

#[tokio::test]
async fn another_system_may_unlock() {
    let sandbox = start().await;
    set(&sandbox, json!({"ext_unlock_value": "opened"}));
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.approved().await;
        api.upload_one(handle.request, "file", &pdf()).await;
        let sign = format!("/sign/{}", handle.request);
        assert_eq!(api.bad(api.post(&sign, &json!({"ext_unlock_type": "own"})).await, 400), "Missing required parameters");
        let wrong = json!({"ext_unlock_type": "own", "ext_unlock_value": "closed"});
        assert_eq!(api.bad(api.post(&sign, &wrong).await, 403), "Confirmation Code invalid");
        api.good(api.post(&sign, &json!({"ext_unlock_type": "own", "ext_unlock_value": "opened"})).await);
        assert_eq!(api.status(handle.request).await, "ISSUED");
    }
}

#[tokio::test]
async fn wishes_for_the_signature_are_checked_by_document() {
    let sandbox = start().await;
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.approved().await;
        let uid = api.upload_one(handle.request, "file", &pdf()).await;
        let secret = api.otp(handle.request).await;
        let sign = format!("/sign/{}", handle.request);
        for (wish, status, error) in [
            (json!({"page": 2}), 400, "Invalid page"),
            (json!({"page": -1}), 400, "Invalid page"),
            (json!({"position": "1,2,3"}), 400, "Invalid position"),
            (json!({"image": "5a4d3c2b1f0e4d9c8b7a665544332211"}), 404, "Image not found"),
            (json!("top"), 400, "Invalid options"),
        ] {
            let answer = api.bad(api.post(&sign, &json!({"secret": secret, "options": {uid.clone(): wish}})).await, status);
            assert_eq!(answer[&uid], error, "{answer}");
        }
        let answer = api.bad(api.post(&sign, &json!({"secret": secret, "options": {"nope": {}}})).await, 404);
        assert_eq!(answer["nope"], "Document not found");
        api.refused(api.post(&sign, &json!({"secret": secret, "options": [1]})).await, "options");
        assert_eq!(api.status(handle.request).await, "ENROLLREADY");
        api.good(api.post(&sign, &json!({"secret": secret, "options": {uid: {"position": "10,10,200,60", "page": 1}}})).await);
    }
}
