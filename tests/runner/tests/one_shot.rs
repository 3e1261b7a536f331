//! Every operation of the One-Shot API in each dialect that has it, and what bad input becomes, against the sandbox.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::TempDir;
use videoid::config::Dialect;
use videoid::model::{
    DocumentVersion, NewOneShotRequest, NewToken, OneShotRao, OneShotSettings, OtpDelivery, RequestPk, RequestUpdate, SignatureAppearance,
    SignaturePlacement, Signing, Status, VideoIdHandle,
};
use videoid::{Api, Error, ErrorCode, OPERATIONS, OneShot, RequestOptions, Source, Wire};
use videoid_runner::one_shot::{dialects, pdf, videoid};
use videoid_runner::story::{self, Stage};

fn options() -> RequestOptions {
    RequestOptions::new()
}

fn specimen(name: &str) -> Source {
    Source::path(videoid_runner::fixture(name))
}

/// The operations that were received, each once, without what the client asks by itself.
fn seen(stage: &Stage) -> Vec<String> {
    let all = stage.sandbox.received(false);
    let mut names: Vec<String> =
        all.as_array().into_iter().flatten().filter_map(|row| row["operation"].as_str().map(str::to_owned)).collect();
    names.sort();
    names.dedup();
    names
}

/// A request in the External flow that an officer can decide on.
async fn in_review(stage: &Stage, client: &OneShot) -> VideoIdHandle {
    stage.settings(&json!({"one_shot": {"external": true}}));
    let handle = client.create_videoid(&videoid(), &options()).await.expect("a request").handle;
    client.upload_videoid_evidences(&handle, &story::evidence(), &options()).await.expect("evidence");
    client.upload_videoid_video(&handle, &specimen("specimen.mp4"), &options()).await.expect("video");
    handle
}

async fn approved(stage: &Stage, client: &OneShot) -> RequestPk {
    let handle = in_review(stage, client).await;
    client.approve_oneshot_videoid(&handle, &stage.one_shot_rao(), &options()).await.expect("approved");
    handle.request_pk
}

fn classic(stage: &Stage) -> NewOneShotRequest {
    let rao = stage.rao();
    let mut request = NewOneShotRequest::new("PFnubeQAFCiudadano", "ANNA MARIA", "ERIKSSON", "anna@example.com", "+34600000000");
    request.serial_number = Some("X123456781234".into());
    (request.username, request.password, request.pin) = (Some(rao.username), Some(rao.password), Some(rao.pin));
    request
}

async fn create_classic(stage: &Stage, client: &OneShot, request: &NewOneShotRequest) -> Result<RequestPk, Error> {
    let _ = stage;
    let image = |name: &str| specimen(&format!("specimen/{name}.jpg"));
    let (front, rear, owner) = (image("document_front"), image("document_rear"), image("document_owner"));
    client.create_oneshot_request(request, &front, Some(&rear), &owner, None, &options()).await.map(|created| created.request_pk)
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> ErrorCode {
    outcome.expect_err("it is refused").code()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_in_both_dialects() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let client = stage.one_shot(&dialect);
        let legacy = dialect == Dialect::Legacy;
        let folder = TempDir::new().expect("a folder");
        let file = |name: &str| folder.path().join(name);

        assert!(client.hello(&options()).await.expect("hello").status.is_some());
        assert!(client.version(&options()).await.expect("version").version.is_some());
        let settings = client.get_settings(&options()).await.expect("settings");
        assert!(!format!("{settings:?}").contains("B1ll"));
        let mut update = OneShotSettings::default();
        update.request.insert("profile".into(), "PFnubeNC".into());
        client.update_settings(&update, &options()).await.expect("saved");
        assert_eq!(client.get_settings(&options()).await.expect("settings").request["profile"], "PFnubeNC");

        let rao = stage.rao();
        let new = NewToken::new(rao.username.expose().as_str(), rao.password.expose().as_str(), rao.pin.expose().as_str());
        let token = client.create_token(&new, &options()).await.expect("a token").token_uid;
        let shown = client.get_token(&token, &options()).await.expect("the token");
        assert_eq!((shown.password, shown.pin), (Some(true), Some(true)));
        assert!(client.list_tokens(&options()).await.expect("tokens").tokens.len() >= 2);

        let handle = in_review(&stage, &client).await;
        let video = client.download_videoid_video(&handle, &file("back.mp4"), &options()).await.expect("the video");
        assert_eq!(std::fs::read(video.path).expect("a file"), std::fs::read(videoid_runner::fixture("specimen.mp4")).expect("a file"));
        assert_eq!(client.get_oneshot_request(handle.request_pk, &options()).await.expect("it").status, Status::VideoReview);
        client.refuse_oneshot_videoid(&handle, &stage.one_shot_rao(), "blurred", &options()).await.expect("refused");
        let refused = client.get_oneshot_request(handle.request_pk, &options()).await.expect("it");
        assert_eq!(refused.videoid_data.and_then(|data| data.status).as_deref(), Some("REFUSED"));
        client.cancel_oneshot_request(handle.request_pk, &options()).await.expect("cancelled");

        let handle = in_review(&stage, &client).await;
        let validated = client.validate_oneshot_videoid(&handle, &stage.one_shot_rao(), &options()).await;
        if legacy {
            validated.expect("validated");
        } else {
            assert_eq!(code(validated), ErrorCode::Unsupported);
        }
        let by_token = OneShotRao::with_token(token.clone(), rao.rao_id.clone());
        client.approve_oneshot_videoid(&handle, &by_token, &options()).await.expect("approved by token");
        let pk = handle.request_pk;
        assert_eq!(client.get_oneshot_request(pk, &options()).await.expect("it").status, Status::EnrollReady);

        let image = client.upload_image(&png(), &options()).await.expect("an image").image_uid;
        let back = client.get_image(&image, &file("image.png"), &options()).await.expect("the image");
        assert!(std::fs::read(back.path).expect("a file").starts_with(b"\x89PNG"));
        assert!(client.list_images(&options()).await.expect("images").images.contains(&image));

        let uploaded = client.upload_documents(pk, vec![pdf("one"), pdf("two"), pdf("three")], &options()).await.expect("documents");
        let names: Vec<_> = uploaded.documents.iter().filter_map(|d| d.name.as_deref()).collect();
        assert_eq!(names, ["file", "file2", "file3"]);
        let [first, second, third] = [0, 1, 2].map(|at: usize| uploaded.documents[at].uid.clone());
        let single = client.upload_documents(pk, vec![pdf("four")], &options()).await.expect("one document");
        assert_eq!(single.documents.len(), 1);
        assert_eq!(client.list_documents(pk, &options()).await.expect("a list").documents.len(), 4);
        let original =
            client.get_document(pk, &second, &DocumentVersion::Original, &file("two.pdf"), &options()).await.expect("the original");
        assert!(String::from_utf8_lossy(&std::fs::read(original.path).expect("a file")).contains("(two)"));
        client.delete_document(pk, &third, &DocumentVersion::Original, &options()).await.expect("deleted");
        assert_eq!(client.list_documents(pk, &options()).await.expect("a list").documents.len(), 3);

        let contract = client.get_contract(pk, &file("contract.pdf"), &options()).await.expect("the contract");
        assert!(std::fs::read(contract.path).expect("a file").starts_with(b"%PDF-"));
        let otp = client.generate_otp(pk, Some(&OtpDelivery::Whatsapp), &options()).await.expect("a message");
        assert_eq!(otp.delivery_method, Some(OtpDelivery::Whatsapp));
        let soon = client.generate_otp(pk, None, &options()).await.expect_err("too soon");
        assert_eq!((soon.code(), soon.retryable()), (ErrorCode::OtpTooSoon, true));
        assert!(soon.retry_after().is_some_and(|after| after.as_secs() <= 60));
        assert_eq!(code(client.sign(pk, &Signing::with_otp("wrong"), &options()).await), ErrorCode::OtpInvalid);
        let mut signing = Signing::with_otp(stage.one_shot_otp(pk));
        let mut place = SignaturePlacement::new(first.clone(), 0, 50, 50, 250, 120);
        place.image = Some(image.clone());
        signing.placements.push(place);
        signing.use_signature_text = Some(true);
        client.sign(pk, &signing, &options()).await.expect("signed");
        let signed =
            client.get_document(pk, &first, &DocumentVersion::Signed, &file("signed.pdf"), &options()).await.expect("the signed one");
        videoid::one_shot::signed_pdf::check_signed_pdf(signed.path.as_ref()).expect("it is whole");
        assert_eq!(code(client.sign(pk, &Signing::with_otp("000000"), &options()).await), ErrorCode::InvalidStatus);
        client.delete_documents(pk, &options()).await.expect("all are deleted");

        let mut request = classic(&stage);
        let pk = create_classic(&stage, &client, &request).await.expect("a classic request");
        assert_eq!(client.get_oneshot_request(pk, &options()).await.expect("it").status, Status::EnrollReady);
        request.useasync = Some(true);
        let pk = create_classic(&stage, &client, &request).await.expect("an asynchronous request");
        assert!(!client.get_async_status(pk, &options()).await.expect("its status").status.is_empty());

        let handle = client.create_videoid(&videoid(), &options()).await.expect("a request").handle;
        let mut update = RequestUpdate::default();
        (update.email, update.country_name) = ("anna@example.com".into(), Some("ES".into()));
        client.update_oneshot_request(handle.request_pk, &update, &options()).await.expect("updated");

        client.delete_image(&image, &options()).await.expect("deleted");
        client.upload_image(&png(), &options()).await.expect("an image");
        client.delete_images(&options()).await.expect("all are deleted");
        assert!(client.list_images(&options()).await.expect("images").images.is_empty());
        client.delete_token(&token, &options()).await.expect("deleted");
        assert_eq!(code(client.get_token(&token, &options()).await), ErrorCode::TokenUnknown);
        assert_eq!(code(client.delete_token(&token, &options()).await), ErrorCode::TokenUnknown);

        let seen = seen(&stage);
        let missing: Vec<_> = OPERATIONS
            .iter()
            .filter(|row| row.api == Api::OneShot && (legacy || !row.route.is_empty()))
            .filter(|row| !seen.iter().any(|name| name.trim_start_matches("one_shot.") == row.name))
            .map(|row| row.name)
            .collect();
        assert!(missing.is_empty(), "{dialect:?}: {missing:?}");
    }
}

/// A PNG of one grey pixel, byte by byte.
fn png() -> Source {
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 })
        })
    }
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let pixel: &[u8] = &[0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, 0x80, 0, 0x82, 0, 0x81];
    for (kind, body) in [(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0][..]), (b"IDAT", pixel), (b"IEND", &[][..])] {
        out.extend(u32::try_from(body.len()).expect("it is short").to_be_bytes());
        let chunk = [&kind[..], body].concat();
        out.extend(&chunk);
        out.extend(crc(&chunk).to_be_bytes());
    }
    Source::bytes(out)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_forms_of_an_address_are_tried_once() {
    for (dialect, setting, operation) in [
        (Dialect::Current, json!({"document_paths": "path"}), "get_document"),
        (Dialect::Current, json!({"document_paths": "query"}), "get_document"),
        (Dialect::Current, json!({"video_paths": "download_video"}), "download_videoid_video"),
        (Dialect::Current, json!({"contract_slash": "with"}), "get_contract"),
        (Dialect::Legacy, json!({"approve_paths": "plural"}), "approve_oneshot_videoid"),
        (Dialect::Legacy, json!({"approve_paths": "singular"}), "approve_oneshot_videoid"),
    ] {
        let stage = Stage::start(&[]).await;
        let client = stage.one_shot(&dialect);
        stage.settings(&json!({ "one_shot": setting }));
        let folder = TempDir::new().expect("a folder");
        let handle = in_review(&stage, &client).await;
        client.download_videoid_video(&handle, &folder.path().join("v.mp4"), &options()).await.expect("the video");
        client.approve_oneshot_videoid(&handle, &stage.one_shot_rao(), &options()).await.expect("approved");
        let pk = handle.request_pk;
        client.get_contract(pk, &folder.path().join("c.pdf"), &options()).await.expect("the contract");
        let uid = client.upload_documents(pk, vec![pdf("x")], &options()).await.expect("uploaded").documents[0].uid.clone();
        client.generate_otp(pk, None, &options()).await.expect("a message");
        client.sign(pk, &Signing::with_otp(stage.one_shot_otp(pk)), &options()).await.expect("signed");
        for _ in 0..2 {
            client
                .get_document(pk, &uid, &DocumentVersion::Signed, &folder.path().join("s.pdf"), &options())
                .await
                .expect("the signed one");
        }
        assert!(!stage.received(operation).is_empty() || !stage.received(&format!("one_shot.{operation}")).is_empty(), "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialect_that_is_set_wrong_is_named() {
    for (set, spoken) in [("current", "legacy"), ("legacy", "current")] {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"dialect": spoken}}));
        let client = stage.one_shot(&Dialect::from(set));
        let error = client.create_videoid(&videoid(), &options()).await.expect_err("another dialect");
        assert_eq!(error.code(), ErrorCode::WrongDialect, "{error:?}");
        assert!(error.detail().contains(&format!("seems to speak {spoken}")), "{error}");
        assert_eq!(error.operation(), Some("create_videoid"));
        let nowhere = OneShot::new(stage.one_shot_config(set, json!({"prefix": "/elsewhere"}))).expect("sound");
        let outcome = nowhere.hello(&options()).await.expect_err("no such prefix");
        assert_eq!(outcome.code(), ErrorCode::WrongDialect, "{outcome:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_videoid_pk_is_read_and_never_guessed() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"external": true, "videoid_pk_in_answer": false}}));
        let client = stage.one_shot(&dialect);
        let handle = client.create_videoid(&videoid(), &options()).await.expect("a request").handle;
        assert_eq!(handle.videoid_pk, None);
        client.upload_videoid_evidences(&handle, &story::evidence(), &options()).await.expect("evidence");
        let whole = client.complete_handle(&handle, &options()).await.expect("both keys");
        assert!(whole.videoid_pk.is_some());
        let nobody = VideoIdHandle::of_request(4_711);
        let error = client.approve_oneshot_videoid(&nobody, &stage.one_shot_rao(), &options()).await.expect_err("no such request");
        assert_eq!(error.code(), ErrorCode::NotFound, "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_gets_its_code() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let warnings: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = warnings.clone();
        let client = OneShot::with_hooks(
            stage.one_shot_config(dialect.as_str(), json!({})),
            Arc::new(move |event| {
                if event.kind == "warning" {
                    told.lock().expect("no panic").push(event.text.clone().unwrap_or_default());
                }
            }),
        )
        .expect("sound");
        let pk = approved(&stage, &client).await;
        let rao = stage.one_shot_rao();
        // Documents.
        let many = |n: usize| (0..n).map(|at| pdf(&at.to_string())).collect::<Vec<_>>();
        let error = client.upload_documents(pk, many(11), &options()).await.expect_err("eleven");
        assert_eq!((error.code(), error.wire()), (ErrorCode::FieldInvalid, Wire::NotSent));
        client.upload_documents(pk, many(10), &options()).await.expect("ten");
        assert_eq!(code(client.upload_documents(pk, many(1), &options()).await), ErrorCode::DocumentLimit);
        let text = Source::bytes(&b"Dear Anna"[..]);
        assert_eq!(code(client.upload_documents(pk, vec![text], &options()).await), ErrorCode::DocumentUnrecognised);
        // A body that only begins like a PDF is for the service to refuse.
        client.delete_documents(pk, &options()).await.expect("deleted");
        let broken = Source::bytes(&b"%PDF-1.7 and nothing else"[..]);
        assert_eq!(code(client.upload_documents(pk, vec![broken], &options()).await), ErrorCode::UnsupportedType);
        // Officers and tokens.
        let handle = in_review(&stage, &client).await;
        let unknown = OneShotRao::with_token("00000000000000000000000000000000", "1400");
        assert_eq!(code(client.approve_oneshot_videoid(&handle, &unknown, &options()).await), ErrorCode::TokenUnknown);
        let wrong = OneShotRao::new("anna", "wrong", "0000", rao.rao.clone());
        assert_eq!(code(client.approve_oneshot_videoid(&handle, &wrong, &options()).await), ErrorCode::RaoRejected);
        assert_eq!(code(client.refuse_oneshot_videoid(&handle, &rao, " ", &options()).await), ErrorCode::FieldMissing);
        assert_eq!(code(client.generate_otp(handle.request_pk, None, &options()).await), ErrorCode::InvalidStatus);
        assert_eq!(code(client.sign(handle.request_pk, &Signing::with_otp("1"), &options()).await), ErrorCode::InvalidStatus);
        assert_eq!(code(client.sign(pk, &Signing::default(), &options()).await), ErrorCode::FieldMissing);
        // Create.
        let mut nobody = videoid();
        nobody.registration_authority = Some("123".into());
        assert_eq!(code(client.create_videoid(&nobody, &options()).await), ErrorCode::VideoIdNotEnabled);
        let mut encoded = videoid();
        (encoded.billing_username, encoded.billing_password) = (Some("billing@example.com".into()), Some("QjFsbC1pbmc=".into()));
        assert_eq!(code(client.create_videoid(&encoded, &options()).await), ErrorCode::BillingRejected);
        assert!(warnings.lock().expect("no panic").iter().any(|text| text.contains("Base64")));
        let mut local = videoid();
        local.mobile_phone_number = "600000000".into();
        assert_eq!(code(client.create_videoid(&local, &options()).await), ErrorCode::FieldInvalid);
        let mut foreign = videoid();
        foreign.email = "nobody".into();
        assert_eq!(code(client.create_videoid(&foreign, &options()).await), ErrorCode::BadRequest);
        // A request that exists under neither id.
        assert_eq!(code(client.get_oneshot_request(99.into(), &options()).await), ErrorCode::NotFound);
        assert_eq!(code(client.get_async_status(99.into(), &options()).await), ErrorCode::NotFound);
        let folder = TempDir::new().expect("a folder");
        assert_eq!(code(client.get_contract(99.into(), &folder.path().join("x"), &options()).await), ErrorCode::NotFound);
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
        // The credit.
        stage.settings(&json!({"one_shot": {"credit_check_fails": true}}));
        assert_eq!(code(client.create_videoid(&videoid(), &options()).await), ErrorCode::BillingRejected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_optimizer_has_is_left_out() {
    let stage = Stage::start(&[]).await;
    let client = OneShot::new(stage.one_shot_config(
        "current",
        json!({"registration_authority": null, "env": null, "billing_username": null, "billing_password": null}),
    ))
    .expect("sound");
    let error = client.create_videoid(&videoid(), &options()).await.expect_err("nobody has it");
    assert_eq!(error.code(), ErrorCode::FieldsRejected);
    assert!(error.fields().iter().any(|issue| issue.rule == "missing"), "{error}");
    let mut settings = OneShotSettings::default();
    settings.request.insert("registration_authority".into(), 121.into());
    settings.request.insert("env".into(), "sandbox".into());
    settings.billing.insert("billing_username".into(), "billing@example.com".into());
    settings.billing.insert("billing_password".into(), "QjFsbC1pbmc=".into());
    client.update_settings(&settings, &options()).await.expect("saved");
    client.create_videoid(&videoid(), &options()).await.expect("the four fields are enough");
    let sent: Value = stage.received("create_videoid").pop().expect("it was sent");
    let keys: Vec<_> = sent["body"].as_object().map(|body| body.keys().cloned().collect()).unwrap_or_default();
    assert_eq!(keys, ["email", "mobile_phone_number", "profile"].map(str::to_owned), "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appearance_is_for_current() {
    let stage = Stage::start(&[]).await;
    let mut signing = Signing::with_otp("1");
    let mut appearance = SignatureAppearance::default();
    appearance.position = Some("1,2,3,4".into());
    signing.appearance = Some(appearance);
    let legacy = stage.one_shot(&Dialect::Legacy);
    assert_eq!(code(legacy.sign(1.into(), &signing, &options()).await), ErrorCode::Unsupported);
    let client = stage.one_shot(&Dialect::Current);
    let pk = approved(&stage, &client).await;
    client.upload_documents(pk, vec![pdf("x")], &options()).await.expect("uploaded");
    client.generate_otp(pk, None, &options()).await.expect("a message");
    signing.secret = Some(stage.one_shot_otp(pk).into());
    client.sign(pk, &signing, &options()).await.expect("signed");
    let sent = stage.received("sign").pop().expect("it was sent");
    assert_eq!(sent["body"]["signature"]["appearance"]["position"], "1,2,3,4", "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_legacy_are_sent_and_in_current_warned_of() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let warnings: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = warnings.clone();
        let hooks = move |event: &videoid::HookEvent| {
            if event.kind == "warning" {
                told.lock().expect("no panic").push(event.text.clone().unwrap_or_default());
            }
        };
        let client = OneShot::with_hooks(stage.one_shot_config(dialect.as_str(), json!({})), Arc::new(hooks)).expect("sound");
        let pk = approved(&stage, &client).await;
        let uid = client.upload_documents(pk, vec![pdf("x")], &options()).await.expect("uploaded").documents.remove(0).uid;
        let otp = client.generate_otp(pk, None, &options()).await.expect("a message");
        assert!(!format!("{otp:?}").contains("OTP generated"), "{otp:?}");
        let mut signing = Signing::with_otp(stage.one_shot_otp(pk));
        signing.placements = vec![SignaturePlacement::new(uid.as_str(), 0, 10, 10, 200, 60)];
        signing.extra.insert("disable_ltv".into(), true.into());
        let mut twice = signing.clone();
        twice.extra.insert("options".into(), json!({}));
        let error = client.sign(pk, &twice, &options()).await.expect_err("one of them");
        assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldInvalid, "options"));
        client.sign(pk, &signing, &options()).await.expect("signed");
        let sent = stage.received("sign").pop().expect("it was sent");
        assert_eq!(sent["body"]["options"][uid.as_str()]["position"], "10,10,200,60", "{sent}");
        assert_eq!(sent["body"]["disable_ltv"], true, "{sent}");
        let warned = warnings.lock().expect("no panic").iter().any(|text| text.starts_with("placements: "));
        assert_eq!(warned, dialect == Dialect::Current);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_place_of_a_file_replaces_none() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let client = stage.one_shot(&dialect);
        let pk = approved(&stage, &client).await;
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("contract.pdf");
        std::fs::write(&path, "the one before").expect("written");
        let gone = json!({"status": "404 Not Found", "details": "Request not found"});
        for (kind, body, wanted) in [
            ("text/plain", gone.clone(), ErrorCode::NotFound),
            ("Application/JSON; charset=utf-8", gone, ErrorCode::NotFound),
            ("text/html", json!("<html>"), ErrorCode::UnexpectedAnswer),
        ] {
            stage.faults(&json!([{"operation": "get_contract", "kind": "body", "body": body, "content_type": kind}]));
            let error = client.get_contract(pk, &path, &options()).await.expect_err("it is no contract");
            assert_eq!((error.code(), error.http_status(), error.wire()), (wanted, Some(200), Wire::Answered), "{kind}");
        }
        assert_eq!(std::fs::read(&path).expect("it is there"), b"the one before");
        client.get_contract(pk, &path, &options()).await.expect("a contract");
        assert!(std::fs::read(&path).expect("it is there").starts_with(b"%PDF-"));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");

        let error = client.upload_image(&specimen("specimen/document_front.jpg"), &options()).await.expect_err("a JPEG");
        let said = (error.code(), error.fields()[0].field.as_str(), error.fields()[0].rule.as_str());
        assert_eq!(said, (ErrorCode::ImageUnrecognised, "image", "a PNG image"));
        let error = client.upload_image(&pdf("x"), &options()).await.expect_err("a PDF");
        assert_eq!((error.fields()[0].field.as_str(), error.fields()[0].rule.as_str()), ("image", "a PNG image"));
    }
}
