//! The canary's part of the One-Shot API.

use std::sync::Arc;

use serde_json::{Value, json};
use videoid::model::{NewOneShotRequest, NewToken, OneShotRao, SignatureAppearance, Signing};
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};
use videoid::{OneShot, RequestOptions, Source};
use videoid_runner::fixture;
use videoid_runner::one_shot::{pdf, videoid};
use videoid_runner::story::{self, Stage};

use super::Seen;

/// The One-Shot API: what its answers, its errors and its workflow could show.
pub(super) async fn marked(stage: &Stage, dialect: &str, seen: &Seen, folder: &std::path::Path) {
    let witness = seen.clone();
    let config = stage.one_shot_config(dialect, json!({}));
    seen.add(&format!("{config:?} {config:#?}"));
    let client = OneShot::with_hooks(config, Arc::new(move |event| witness.add(&format!("{event:?}")))).expect("a client");
    let options = RequestOptions::new();
    let data = if dialect == "legacy" { "details" } else { "detail" };
    let status = if dialect == "legacy" { "200 OK" } else { "success" };
    let body = |operation: &str, body: Value| json!({"operation": operation, "kind": "status", "status": 200, "body": {"status": status, data: body}});
    let token = "0fca9a7e-0d29-4f4e-8c17-ba9d6e1c7a29";
    let shown = json!({"username": "bob@example.com", "password": "true", "pin": "true", "NOTE": "a note", "own": "CANARYFIELD11"});
    stage.settings(&json!({"one_shot": {"external": true}}));
    stage.faults(&json!([
        body("create_token", json!({"token_uid": token, "own": "CANARYFIELD11"})),
        body("get_token", shown.clone()),
        body("list_tokens", json!({ token: shown })),
        body("get_settings", json!({"billing": {"billing_username": "billing@example.com", "billing_password": "B1ll-ing"}, "proxy": {"url": "http://canary:canaryproxy14@x"}})),
        body("list_documents", json!({"ab12": {"filename": "CANARYFILENAME28.pdf", "own": "CANARYFIELD11"}})),
    ]));
    let rao = stage.rao();
    let new = NewToken::new(rao.username.expose().as_str(), rao.password.expose().as_str(), rao.pin.expose().as_str());
    let created = client.create_token(&new, &options).await.expect("a token");
    assert_eq!(created.token_uid.expose(), token);
    seen.add(&format!("{new:?} {created:#?} {:?}", OneShotRao::with_token(created.token_uid.clone(), "1400")));
    seen.add(&format!("{:#?}", client.get_token(&created.token_uid, &options).await.expect("the token")));
    seen.add(&format!("{:#?}", client.list_tokens(&options).await.expect("tokens")));
    seen.add(&format!("{:#?}", client.get_settings(&options).await.expect("settings")));
    seen.add(&format!("{:#?}", client.list_documents(1.into(), &options).await.expect("documents")));

    let flow = {
        let witness = seen.clone();
        OneShotExternal::new(client.clone()).with_events(Arc::new(move |event| witness.add(&format!("{event:?}"))))
    };
    let mut classic = NewOneShotRequest::new("PFnubeQAFCiudadano", "ANNA MARIA", "ERIKSSON", "anna@example.com", "+34600000000");
    classic.serial_number = Some("X123456781234".into());
    let image = |name: &str| Source::path(fixture(&format!("specimen/{name}.jpg")));
    let (front, owner) = (image("document_front"), image("document_owner"));
    let outcome = client.create_oneshot_request(&classic, &front, None, &owner, None, &options).await;
    seen.add(&format!("{classic:?} {outcome:?}"));

    let outcome = flow.submit(&videoid(), &story::evidence(), &Source::path(fixture("specimen.mp4")), &options).await.expect("submitted");
    let pk = outcome.handle.request_pk;
    seen.add(&format!("{:?} {outcome:#?} {flow:?} {}", videoid(), flow.state()));
    seen.add(&format!("{:#?}", client.get_oneshot_request(pk, &options).await.expect("the request")));
    seen.add(&format!("{:#?}", flow.approve(&stage.one_shot_rao(), &options).await.expect("approved")));
    let paper = folder.join("canary-path-25.pdf");
    std::fs::write(&paper, "CANARYDOCUMENT19 is no PDF").expect("a paper");
    let error = flow.documents(vec![Source::path(&paper)], &options).await.expect_err("no PDF");
    seen.add(&format!("{error} {error:?} {}", flow.state()));
    let flow = OneShotExternal::resume(client.clone(), &flow.state()).expect("a state");
    flow.documents(vec![pdf("CANARYDOCUMENT19")], &options)
        .await
        .map_or_else(|e| seen.add(&format!("{e:?}")), |o| seen.add(&format!("{o:?}")));

    let mut signing = Signing::with_otp("CANARYOTP21");
    let mut appearance = SignatureAppearance::default();
    appearance.text = Some("CANARYSIGNATURE27".into());
    signing.appearance = (dialect != "legacy").then_some(appearance);
    seen.add(&format!("{signing:?} {:?}", Signing::external("pin", "CANARYUNLOCK26")));
    let error = client.sign(pk, &signing, &options).await.expect_err("no such password");
    seen.add(&format!("{error} {error:?} {:?}", error.server_text()));
    let error = client.sign(pk, &Signing::external("pin", "CANARYUNLOCK26"), &options).await;
    seen.add(&format!("{error:?}"));
    for (status, said) in [
        (500, json!({"status": "500 Internal Server Error", "details": {"email": ["CANARYERROR12 anna@example.com"]}})),
        (
            403,
            json!({"status": "403 Forbidden", "details": "Error creating new videoid request: {\"detail\": \"CANARYERROR12 ERIKSSON\"}"}),
        ),
        (
            422,
            json!({"detail": [{"loc": ["body", "email"], "msg": "CANARYERROR12 anna@example.com", "type": "value_error", "input": "+34600000000"}]}),
        ),
        (412, json!({"status": "error", "message": "CANARYERROR12 ANNA MARIA", "detail": {"ab12": "CANARYERROR12"}})),
        (400, json!("<html>CANARYERROR12 ANNA MARIA</html>")),
        (302, json!("")),
        (200, json!({"status": "success", "detail": "CANARYERROR12"})),
        (200, json!("CANARYERROR12 is no JSON")),
    ] {
        let headers = json!({"location": "https://canaryredirect16.example/?email=anna@example.com"});
        for operation in ["create_videoid", "refuse_oneshot_videoid"] {
            stage.faults(&json!([{"operation": operation, "kind": "status", "status": status, "body": said, "headers": headers}]));
        }
        let handle = outcome.handle;
        let errors = [
            client.create_videoid(&videoid(), &options).await.map(drop).err(),
            client.refuse_oneshot_videoid(&handle, &stage.one_shot_rao(), "canary reason 22", &options).await.map(drop).err(),
        ];
        for error in errors.into_iter().flatten() {
            seen.add(&format!("{error} {error:?} {error:#?} {:?}", error.server_text()));
            let mut cause = std::error::Error::source(&error);
            while let Some(next) = cause {
                seen.add(&format!("{next} {next:?}"));
                cause = next.source();
            }
        }
    }

    // The signer's link is in the answer to the create call.
    let link = "https://x.example/canaryuserlink18";
    stage.faults(&json!([body(
        "create_videoid",
        json!({"request_pk": pk, "videoid_pk": 16673, "videoid_link": link, "own": "CANARYFIELD11"})
    )]));
    let flow = OneShotEidas::new(client);
    let started = flow.start(&videoid(), &options).await.expect("a start");
    assert!(started.videoid_link.as_ref().is_some_and(|shown| shown.expose() == link));
    seen.add(&format!("{started:#?} {flow:?} {}", flow.state()));
}
