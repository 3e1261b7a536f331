//! eIDAS VideoID: the user's page, the vendor's operator, and what is open after.

mod support;

use hyper::Method;
use serde_json::{Value, json};
use support::{
    PDF, call, card, credentials, form1, get, post, post_video, put_evidence, request_body, send, send_form, start, status, video,
};
use videoid_sandbox::Sandbox;

/// A request whose user is to identify: its pk, and the link.
async fn begun(sandbox: &Sandbox, profile: &str) -> (u64, String) {
    sandbox.patch_settings(&json!({"external_auth": false})).expect("settings");
    let mut body = request_body(&card(sandbox).await);
    body["profile"] = json!(profile);
    for name in ["given_name", "surname_1", "serial_number"] {
        body[name] = Value::Null;
    }
    let answer = post(sandbox, "/requests/", &body).await.expect(201);
    assert_eq!(answer["status"], "VIDEOPENDING");
    let link = answer["videoid_data"]["videoid_link"].as_str().expect("link").to_owned();
    (answer["pk"].as_u64().expect("pk"), link)
}

async fn press(link: &str, action: &str) -> support::Answer {
    let body = format!("action={action}").into_bytes();
    send(Method::POST, link, "application/x-www-form-urlencoded", body).await.expect("answer")
}

#[tokio::test]
async fn the_user_finishes_on_the_page() {
    let sandbox = start().await;
    let (pk, link) = begun(&sandbox, "PFnubeQAFCiudadano").await;
    assert!(link.starts_with(&sandbox.ra_url().replace("/api/v1", "/lcmpl/videoid/")), "{link}");
    let page = send(Method::GET, &link, "", vec![]).await.expect("answer");
    let text = String::from_utf8(page.bytes).expect("text");
    assert!(page.status == 200 && text.contains("VIDEOPENDING") && text.contains("value=\"finish\""), "{text}");
    assert_eq!(press(&link, "leave").await.status, 200);
    assert_eq!(status(&sandbox, pk).await, "VIDEOINCOMPLETE");
    assert_eq!(press(&link, "fail").await.status, 200);
    assert_eq!(status(&sandbox, pk).await, "VIDEOERROR");
    assert_eq!(press(&link, "dance").await.status, 400);
    assert_eq!(press(&link, "finish").await.status, 200);
    let request = get(&sandbox, &format!("/requests/{pk}/")).await.expect(200);
    assert_eq!((&request["status"], &request["given_name"]), (&json!("VIDEOREVIEW"), &json!("ANNA MARIA")));
    assert!(request["videoid_data"]["data"]["images"]["document_front"].is_string());
    assert_eq!(request["videoid_data"]["data"]["security_checks"][0], json!(["OTP validation", true]));
    assert_eq!(press(&link, "leave").await.status, 409);
    assert_eq!(send(Method::GET, &format!("{link}0"), "", vec![]).await.expect("answer").status, 404);
    assert_eq!(send(Method::PUT, &link, "", vec![]).await.expect("answer").status, 405);
    let shown = sandbox.request(pk, false).expect("request");
    assert_eq!((&shown["flow"], &shown["videoid_link"]), (&json!("eidas_videoid"), &json!(link)));
    // For browsers without a client certificate, the control host shows the same page.
    let token = link.rsplit('/').next().expect("token");
    let other = sandbox.control_url().replace("/control/v1", &format!("/lcmpl/videoid/{token}"));
    assert_eq!(send(Method::GET, &other, "", vec![]).await.expect("answer").status, 200);
}

#[tokio::test]
async fn natural_persons_are_ready_at_once() {
    let sandbox = start().await;
    let (pk, _) = begun(&sandbox, "PFnubeQAFCiudadano").await;
    assert_eq!(sandbox.operator(pk, "validate", "").expect_err("too early").status, 409);
    sandbox.user(pk, "finish").expect("finished");
    assert_eq!(post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await.status, 412);
    sandbox.operator(pk, "validate", "").expect("validated");
    let request = get(&sandbox, &format!("/requests/{pk}/")).await.expect(200);
    assert_eq!((&request["status"], &request["videoid_data"]["status"]), (&json!("ENROLLREADY"), &json!("VALIDATED")));
    let shown = sandbox.user(pk, "enrol").expect("enrolled");
    assert_eq!(shown["status"], "ISSUED");
    assert!(shown["certificate"]["serial_number"].is_string());
    assert_eq!(get(&sandbox, &format!("/requests/{pk}/")).await.expect(200)["certificate_set"][0]["valid"], "VALID");
    assert_eq!(sandbox.user(pk, "enrol").expect_err("once").status, 409);
}

#[tokio::test]
async fn organisations_bring_more_papers() {
    let sandbox = start().await;
    let (pk, _) = begun(&sandbox, "PFnubeQAFEmpresa").await;
    sandbox.user(pk, "finish").expect("finished");
    sandbox.operator(pk, "validate", "").expect("validated");
    assert_eq!(status(&sandbox, pk).await, "CREATED");
    let approve = async || post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await;
    assert_eq!(approve().await.expect(400), json!({"error": "Missing required docs"}));
    let path = format!("/requests/{pk}/upload_videoid_evidence/");
    let paper = send_form(&sandbox, Method::POST, &path, &[("label", "Deed of ANNA")], Some(("application/pdf", PDF))).await.expect(201);
    assert_eq!(paper["type"], "videoid_evidence");
    let listed = get(&sandbox, &format!("/requests/{pk}/pl_get_documents/")).await.expect(200);
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]["type"]), (Some(1), &json!("videoid_evidence")));
    assert!(!sandbox.request(pk, false).expect("request").to_string().contains("ANNA"));
    assert_eq!(approve().await.expect(200)["request"]["status"], "ENROLLREADY");
    // The two other sides.
    sandbox.patch_settings(&json!({"approve_needs_evidence": false})).expect("settings");
    for (result, profile) in [("CREATED", "PFnubeQAFCiudadano"), ("ENROLLREADY", "PFnubeQAFEmpresa")] {
        sandbox.patch_settings(&json!({"operator_result": result})).expect("settings");
        let (pk, _) = begun(&sandbox, profile).await;
        sandbox.user(pk, "finish").expect("finished");
        sandbox.operator(pk, "validate", "").expect("validated");
        assert_eq!(status(&sandbox, pk).await, result);
        if result == "CREATED" {
            post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await.expect(200);
        }
    }
}

#[tokio::test]
async fn the_operator_refuses() {
    let sandbox = start().await;
    let (pk, _) = begun(&sandbox, "PFnubeQAFCiudadano").await;
    sandbox.user(pk, "finish").expect("finished");
    sandbox.operator(pk, "refuse", "blurred").expect("refused");
    let data = get(&sandbox, &format!("/requests/{pk}/")).await.expect(200)["videoid_data"].clone();
    assert_eq!((&data["status"], &data["refusal_reason"]), (&json!("REFUSED"), &json!("blurred")));
    assert_eq!(sandbox.operator(pk, "validate", "").expect_err("refused").status, 409);
    call(&sandbox, Method::DELETE, &format!("/requests/{pk}/cancel/"), &Value::Null).await.expect(200);
}

#[tokio::test]
async fn the_caller_brings_no_evidence() {
    let sandbox = start().await;
    let (pk, _) = begun(&sandbox, "PFnubeQAFCiudadano").await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    assert_eq!(put_evidence(&sandbox, pk, &support::all_images()).await.expect(403), denied);
    let identifier = sandbox.request(pk, false).expect("request")["video_identifier"].as_str().expect("identifier").to_owned();
    assert_eq!(post_video(&sandbox, &identifier, &video()).await.expect(403)["title"], "Upload Video Error");
    sandbox.user(pk, "finish").expect("finished");
    let mut body = credentials(&sandbox);
    body["reason"] = json!("blurred");
    for action in ["validate_videoid", "refuse_videoid"] {
        assert_eq!(post(&sandbox, &format!("/requests/{pk}/{action}/"), &body).await.expect(403), denied);
    }
}

#[tokio::test]
async fn each_flow_keeps_to_its_own_calls() {
    let sandbox = start().await;
    let (external, _) = support::in_review(&sandbox).await;
    let classic = support::classic(&sandbox).await;
    assert_eq!(get(&sandbox, &format!("/requests/{external}/")).await.expect(200)["videoid_data"]["videoid_link"], "");
    for pk in [external, classic] {
        assert_eq!(sandbox.user(pk, "finish").expect_err("not eIDAS").status, 409);
        assert_eq!(sandbox.operator(pk, "validate", "").expect_err("not eIDAS").status, 409);
    }
    assert_eq!(sandbox.request(external, false).expect("request")["flow"], "external_videoid");
    assert_eq!(sandbox.request(classic, false).expect("request")["flow"], "classic");
    for (pk, action, expected) in [(1, "finish", 404), (external, "dance", 400)] {
        assert_eq!(sandbox.user(pk, action).expect_err("refused").status, expected);
        assert_eq!(sandbox.operator(pk, if pk == 1 { "validate" } else { action }, "").expect_err("refused").status, expected);
    }
    form1(&post(&sandbox, "/requests/1/pl_approve/", &credentials(&sandbox)).await.expect(404), "400", "");
}

#[tokio::test]
async fn an_eidas_request_survives_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let options = || {
        let mut options = videoid_sandbox::SandboxOptions::default();
        options.state_dir = Some(folder.path().to_owned());
        options
    };
    let sandbox = Sandbox::start(options()).await.expect("start");
    let (pk, link) = begun(&sandbox, "PFnubeQAFEmpresa").await;
    let path = format!("/requests/{pk}/upload_videoid_evidence/");
    send_form(&sandbox, Method::POST, &path, &[("label", "Deed")], Some(("application/pdf", PDF))).await.expect(201);
    drop(sandbox);
    let sandbox = Sandbox::start(options()).await.expect("start again");
    let token = link.rsplit('/').next().expect("token");
    let link = sandbox.ra_url().replace("/api/v1", &format!("/lcmpl/videoid/{token}"));
    assert_eq!(press(&link, "finish").await.status, 200);
    assert_eq!(sandbox.request(pk, false).expect("request")["documents"][0]["type"], "videoid_evidence");
}
