//! Both One-Shot workflows to the signed PDF, in both dialects, against the sandbox.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use videoid::config::Dialect;
use videoid::model::{DocumentHash, DocumentVersion, RequestPk, Signing, Status};
use videoid::workflow::WaitLimits;
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal, OneShotWait};
use videoid::{ErrorCode, OneShot, RequestOptions, Source};
use videoid_runner::one_shot::{dialects, pdf, videoid};
use videoid_runner::story::{self, Stage};

fn video() -> Source {
    Source::path(videoid_runner::fixture("specimen.mp4"))
}

fn options() -> RequestOptions {
    RequestOptions::new()
}

/// What both flows have in common after the approval.
macro_rules! to_the_end {
    ($stage:expr, $flow:expr, $folder:expr) => {{
        let (stage, flow, folder): (&Stage, _, &Path) = ($stage, $flow, $folder);
        let approved = flow.approve(&stage.one_shot_rao(), &options()).await.expect("it is approved");
        assert!(approved.approved);
        assert_eq!((approved.status, approved.waits_for), (Status::EnrollReady, OneShotWait::Documents));
        let outcome = flow.documents(vec![pdf("one"), pdf("two")], &options()).await.expect("both are uploaded");
        assert_eq!(outcome.waits_for, OneShotWait::ContractShown);
        // Nothing is signed that the signer has not been shown the contract of.
        let early = flow.sign(&Signing::with_otp("000000"), &options()).await.expect_err("too early");
        assert_eq!(early.code(), ErrorCode::WorkflowStep);
        let contract = flow.contract(&folder.join("contract.pdf"), &options()).await.expect("the contract");
        assert!(std::fs::read(&contract.path).expect("a file").starts_with(b"%PDF-"));
        flow.contract_shown().await.expect("it was downloaded");
        assert_eq!(flow.look(&options()).await.expect("a look").waits_for, OneShotWait::Otp);
        let otp = flow.otp(None, &options()).await.expect("a message");
        assert!(otp.next_allowed_at > 0);
        let pk: RequestPk = outcome.handle.request_pk;
        let wrong = flow.sign(&Signing::with_otp("wrong"), &options()).await.expect_err("a wrong one");
        assert_eq!(wrong.code(), ErrorCode::OtpInvalid, "{wrong:?}");
        let signed = flow.sign(&Signing::with_otp(stage.one_shot_otp(pk)), &options()).await.expect("it is signed");
        assert_eq!((signed.status, signed.waits_for), (Status::Issued, OneShotWait::Saving));
        // Deleted only after saving.
        assert_eq!(flow.delete(folder, &options()).await.expect_err("too early").code(), ErrorCode::WorkflowStep);
        let saved = flow.save(folder, &options()).await.expect("both are whole");
        let names: Vec<_> =
            saved.documents.iter().map(|d| (Path::new(&d.file.path).file_name().expect("a name").to_owned(), d.signatures)).collect();
        assert_eq!(names, [("signed-1.pdf".into(), 1), ("signed-2.pdf".into(), 1)]);
        for (file, mark) in saved.documents.iter().zip(["(one)", "(two)"]) {
            let bytes = std::fs::read(&file.file.path).expect("a file");
            assert!(String::from_utf8_lossy(&bytes).contains(mark), "the order is that of the upload");
        }
        pk
    }};
}

#[tokio::test(flavor = "multi_thread")]
async fn external_to_the_signed_document() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"external": true}}));
        let client = stage.one_shot(&dialect);
        let folder = TempDir::new().expect("a folder");
        let flow = OneShotExternal::new(client.clone());
        let outcome = flow.submit(&videoid(), &story::evidence(), &video(), &options()).await.expect("all is uploaded");
        assert_eq!((outcome.status, outcome.waits_for), (Status::VideoReview, OneShotWait::Review));
        // Another process goes on from the state.
        let kept = flow.state();
        for secret in ["anna", "B1ll", "lcmpl", "+34"] {
            assert!(!kept.contains(secret), "{kept}");
        }
        let flow = OneShotExternal::resume(client.clone(), &kept).expect("a state");
        let pk = to_the_end!(&stage, &flow, folder.path());
        let flow = OneShotExternal::resume(client.clone(), &flow.state()).expect("a state");
        // One flipped byte on disk, and nothing is deleted.
        let path = folder.path().join("signed-2.pdf");
        let whole = std::fs::read(&path).expect("a file");
        let mut changed = whole.clone();
        changed[40] ^= 1;
        std::fs::write(&path, changed).expect("it is written");
        assert_eq!(flow.delete(folder.path(), &options()).await.expect_err("changed").code(), ErrorCode::SignedDocumentInvalid);
        assert_eq!(client.list_documents(pk, &options()).await.expect("a list").documents.len(), 2);
        // What is gone is fetched again; what is whole stays, and what is another file is not replaced.
        std::fs::remove_file(folder.path().join("signed-1.pdf")).expect("it was there");
        assert_eq!(flow.delete(folder.path(), &options()).await.expect_err("one is gone").code(), ErrorCode::SourceUnreadable);
        assert_eq!(flow.save(folder.path(), &options()).await.expect_err("one is changed").code(), ErrorCode::FileNotWritten);
        assert_ne!(std::fs::read(&path).expect("a file"), whole);
        std::fs::remove_file(&path).expect("it was there");
        let fetched = stage.received("get_document").len();
        assert_eq!(flow.save(folder.path(), &options()).await.expect("again").documents.len(), 2);
        assert_eq!(stage.received("get_document").len(), fetched + 1);
        assert_eq!(std::fs::read(&path).expect("a file"), whole);
        flow.save(folder.path(), &options()).await.expect("all is there");
        assert_eq!(stage.received("get_document").len(), fetched + 1);
        let names: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        assert_eq!(names.len(), 3, "nothing is left beside contract and documents: {names:?}");
        // The documents of what is issued would go with it.
        assert_eq!(flow.cancel(&options()).await.expect_err("it is issued").code(), ErrorCode::UnexpectedStatus);
        assert_eq!(client.list_documents(pk, &options()).await.expect("a list").documents.len(), 2);
        let outcome = flow.delete(folder.path(), &options()).await.expect("it is deleted");
        assert_eq!(outcome.waits_for, OneShotWait::Nothing);
        let left = client.list_documents(pk, &options()).await;
        assert!(left.is_err() || left.is_ok_and(|list| list.documents.is_empty()));
        assert_eq!(stage.received("create_videoid").len(), 1);
        assert_eq!(stage.received("approve_oneshot_videoid").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_others_are_told_of_and_not_deleted() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"external": true}}));
        let (client, folder) = (stage.one_shot(&dialect), TempDir::new().expect("a folder"));
        let flow = OneShotExternal::new(client.clone());
        let outcome = flow.submit(&videoid(), &story::evidence(), &video(), &options()).await.expect("all is uploaded");
        let pk = outcome.handle.request_pk;
        flow.approve(&stage.one_shot_rao(), &options()).await.expect("it is approved");
        client.upload_documents(pk, vec![pdf("theirs")], &options()).await.expect("it is uploaded");
        let outcome = flow.documents(vec![pdf("ours")], &options()).await.expect("it is uploaded");
        assert!(outcome.warnings.iter().any(|text| text.contains("had 1 documents before")), "{:?}", outcome.warnings);
        flow.contract(&folder.path().join("contract.pdf"), &options()).await.expect("the contract");
        flow.contract_shown().await.expect("it was downloaded");
        flow.otp(None, &options()).await.expect("a message");
        flow.sign(&Signing::with_otp(stage.one_shot_otp(pk)), &options()).await.expect("it is signed");
        flow.save(folder.path(), &options()).await.expect("it is whole");
        let error = flow.delete(folder.path(), &options()).await.expect_err("another one would go with it");
        assert_eq!(error.code(), ErrorCode::WorkflowStep);
        assert!(stage.received("delete_documents").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn evidence_that_lacks_something_costs_nothing_where_the_settings_are_strict() {
    let stage = Stage::start(&[]).await;
    stage.settings(&json!({"one_shot": {"external": true}}));
    let mut config = stage.one_shot(&Dialect::Current).config().clone();
    config.strict = true;
    let flow = OneShotExternal::new(OneShot::new(config).expect("settings"));
    let bare = videoid::evidence::EvidenceBuilder::new()
        .document_front(videoid_runner::fixture("specimen/document_front.jpg"))
        .build()
        .expect("one image");
    let error = flow.submit(&videoid(), &bare, &video(), &options()).await.expect_err("it lacks the owner");
    assert_eq!(error.code(), ErrorCode::FieldMissing);
    assert!(stage.received("create_videoid").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_does_not_keep_others_from_cancelling() {
    let stage = Stage::start(&[]).await;
    let flow = OneShotEidas::new(stage.one_shot(&Dialect::Current));
    flow.start(&videoid(), &options()).await.expect("it is created");
    let waiting = {
        let (flow, mut limits) = (flow.clone(), WaitLimits::new(120_000));
        limits.poll_ms = 100;
        tokio::spawn(async move { flow.wait_for_user(&limits, None, &options()).await })
    };
    while stage.received("get_oneshot_request").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    flow.cancel(&options()).await.expect("it is cancelled");
    let outcome = waiting.await.expect("no panic");
    assert!(outcome.is_err() || outcome.is_ok_and(|outcome| outcome.status == Status::Cancelled));
}

#[tokio::test(flavor = "multi_thread")]
async fn eidas_to_the_signed_document() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let flow = OneShotEidas::new(stage.one_shot(&dialect));
        let folder = TempDir::new().expect("a folder");
        let started = flow.start(&videoid(), &options()).await.expect("it is created");
        assert!(started.videoid_link.expect("a link").expose().contains("/lcmpl/videoid/"));
        let pk = started.handle.request_pk;
        let mut limits = WaitLimits::new(300);
        limits.poll_ms = 50;
        let error = flow.wait_for_user(&limits, None, &options()).await.expect_err("the user has not begun");
        assert_eq!((error.code(), error.retryable()), (ErrorCode::WaitDeadline, true));
        assert_eq!(error.operation(), Some("get_oneshot_request"));
        stage.one_shot_user(pk, "leave");
        limits.deadline_ms = 10_000;
        let outcome = flow.wait_for_user(&limits, None, &options()).await.expect("the user left");
        assert_eq!((outcome.status, outcome.waits_for), (Status::VideoIncomplete, OneShotWait::User));
        assert!(!outcome.ways_on.is_empty());
        stage.one_shot_user(pk, "finish");
        let outcome = flow.wait_for_user(&limits, None, &options()).await.expect("the user is done");
        assert_eq!(outcome.status, Status::VideoReview);
        to_the_end!(&stage, &flow, folder.path());
    }
}

async fn reviewed(stage: &Stage, client: &OneShot) -> OneShotExternal {
    let flow = OneShotExternal::new(client.clone());
    stage.settings(&json!({"one_shot": {"external": true}}));
    flow.submit(&videoid(), &story::evidence(), &video(), &options()).await.expect("all is uploaded");
    flow
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_short_of_enrollready_is_an_outcome_of_its_own() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"approval_steps": 2}}));
        let flow = reviewed(&stage, &stage.one_shot(&dialect)).await;
        let first = flow.approve(&stage.one_shot_rao(), &options()).await.expect("an outcome");
        assert_eq!((first.approved, &first.status, &first.waits_for), (false, &Status::Created, &OneShotWait::Review));
        assert_eq!(first.warnings.len(), 1);
        let error = flow.documents(vec![pdf("x")], &options()).await.expect_err("not approved");
        assert_eq!(error.code(), ErrorCode::UnexpectedStatus);
        let second = flow.approve(&stage.one_shot_rao(), &options()).await.expect("an outcome");
        assert!(second.approved);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_steps_begin_with_legacys_validation() {
    let stage = Stage::start(&[]).await;
    stage.settings(&json!({"one_shot": {"approval_steps": 2, "two_step_approve": "refused"}}));
    let flow = reviewed(&stage, &stage.one_shot(&Dialect::Legacy)).await;
    let error = flow.approve(&stage.one_shot_rao(), &options()).await.expect_err("not validated");
    assert_eq!(error.code(), ErrorCode::InvalidStatus);
    assert_eq!(flow.validate(&stage.one_shot_rao(), &options()).await.expect("validated").status, Status::Created);
    assert!(flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved").approved);
    let current = reviewed(&stage, &stage.one_shot(&Dialect::Current)).await;
    let error = current.validate(&stage.one_shot_rao(), &options()).await.expect_err("only Legacy has it");
    assert_eq!(error.code(), ErrorCode::Unsupported);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_not_approved() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let flow = reviewed(&stage, &stage.one_shot(&dialect)).await;
        let refused = flow.refuse(&stage.one_shot_rao(), "blurred", &options()).await.expect("refused");
        assert_eq!((refused.videoid_status.as_deref(), refused.waits_for), (Some("REFUSED"), OneShotWait::Nothing));
        assert_eq!(flow.approve(&stage.one_shot_rao(), &options()).await.expect_err("refused").code(), ErrorCode::UnexpectedStatus);
        flow.cancel(&options()).await.expect("cancelled");
        assert_eq!(flow.look(&options()).await.expect_err("it is over").code(), ErrorCode::WorkflowStep);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_unlock_needs_no_message_and_a_digest_becomes_a_p7m() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"ext_unlock_value": "open"}}));
        let flow = reviewed(&stage, &stage.one_shot(&dialect)).await;
        flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved");
        let hash = DocumentHash::sha256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").source().expect("a digest");
        let sent = {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut hash.open().expect("it opens"), &mut text).expect("text");
            text
        };
        let pk = flow.documents(vec![hash], &options()).await.expect("uploaded").handle.request_pk;
        let folder = TempDir::new().expect("a folder");
        // What was uploaded is JSON and comes back as a file, not as an answer.
        let client = stage.one_shot(&dialect);
        let uid = client.list_documents(pk, &options()).await.expect("a list").documents[0].uid.clone();
        let back = folder.path().join("digest.json");
        client.get_document(pk, &uid, &DocumentVersion::Original, &back, &options()).await.expect("the digest");
        assert_eq!(std::fs::read_to_string(&back).expect("a file"), sent);
        flow.contract(&folder.path().join("contract.pdf"), &options()).await.expect("the contract");
        flow.contract_shown().await.expect("shown");
        let signed = flow.sign(&Signing::external("pin", "open"), &options()).await.expect("signed");
        assert_eq!(signed.status, Status::Issued);
        let saved = flow.save(folder.path(), &options()).await.expect("saved");
        assert!(saved.documents[0].file.path.ends_with("signed.p7m"));
        assert!(stage.received("generate_otp").is_empty());
    }
}

fn fault(stage: &Stage, operation: &str, when: &str) {
    stage.faults(&json!([{"operation": operation, "kind": "drop", "when": when}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_looked_up_and_never_done_twice() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"external": true}}));
        let client = stage.one_shot(&dialect);
        // The answer of the create call: only the registration authority knows what became of it.
        fault(&stage, "create_videoid", "after");
        let flow = OneShotExternal::new(client.clone());
        for _ in 0..2 {
            let error = flow.submit(&videoid(), &story::evidence(), &video(), &options()).await.expect_err("lost");
            assert_eq!(error.code(), ErrorCode::Ambiguous);
        }
        assert_eq!(stage.received("create_videoid").len(), 1);
        let made: Value = stage.sandbox.one_shot_requests(false);
        let pk = made["requests"][0]["pk"].as_i64().expect("a key");
        flow.adopt(&videoid::model::VideoIdHandle::of_request(pk)).await.expect("adopted");
        flow.submit(&videoid(), &story::evidence(), &video(), &options()).await.expect("all is uploaded");
        for (operation, sent) in [("approve_oneshot_videoid", 1), ("upload_documents", 1), ("sign", 1)] {
            fault(&stage, operation, "after");
            let folder = TempDir::new().expect("a folder");
            let step = || async {
                match operation {
                    "approve_oneshot_videoid" => flow.approve(&stage.one_shot_rao(), &options()).await,
                    "upload_documents" => flow.documents(vec![pdf("one")], &options()).await,
                    _ => {
                        flow.contract(&folder.path().join("c.pdf"), &options()).await?;
                        flow.contract_shown().await?;
                        if stage.received("generate_otp").is_empty() {
                            flow.otp(None, &options()).await?;
                        }
                        let otp = stage
                            .sandbox
                            .one_shot_otp(pk.unsigned_abs())
                            .map_or_else(|_| "used".to_owned(), |otp| otp["otp"].as_str().expect("text").to_owned());
                        flow.sign(&Signing::with_otp(otp), &options()).await
                    }
                }
            };
            let error = step().await.expect_err("lost");
            assert_eq!(error.code(), ErrorCode::Ambiguous, "{operation} {error:?}");
            step().await.unwrap_or_else(|e| panic!("{operation}: {e:?}"));
            assert_eq!(stage.received(operation).len(), sent, "{operation}");
        }
        let folder = TempDir::new().expect("a folder");
        assert_eq!(flow.save(folder.path(), &options()).await.expect("saved").documents.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_upload_has_ways_on() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"external": true}}));
        let config = stage.one_shot_config(dialect.as_str(), json!({"assumptions": {"video_format": "any"}}));
        let flow = OneShotExternal::new(OneShot::new(config).expect("sound"));
        let noise = Source::bytes(&b"this is no video"[..]);
        let error = flow.submit(&videoid(), &story::evidence(), &noise, &options()).await.expect_err("no video");
        assert_eq!(error.code(), ErrorCode::BadRequest, "{error:?}");
        let outcome = flow.look(&options()).await.expect("a look");
        assert_eq!((&outcome.status, &outcome.waits_for), (&Status::VideoError, &OneShotWait::User));
        assert!(outcome.ways_on.iter().any(|way| way.as_str() == "upload_video"));
        // Another one may be brought.
        let again = flow.submit(&videoid(), &story::evidence(), &video(), &options()).await.expect("all is uploaded");
        assert_eq!(again.status, Status::VideoReview);
        assert!(flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved").approved);
        assert_eq!(stage.received("create_videoid").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mixture_of_two_submissions_is_not_approved() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let flow = reviewed(&stage, &stage.one_shot(&dialect)).await;
        let pk = flow.look(&options()).await.expect("a look").handle.request_pk;
        stage.sandbox.set_one_shot_status(pk.0.unsigned_abs(), "VIDEOERROR").expect("a status");
        flow.look(&options()).await.expect("a look");
        // This service goes to review with the video that it has, and takes no other one then.
        let other = story::builder().similarity_level(90).build().expect("sound");
        let error = flow.submit(&videoid(), &other, &video(), &options()).await.expect_err("it is in review");
        assert_eq!(error.code(), ErrorCode::InvalidStatus, "{error:?}");
        let error = flow.approve(&stage.one_shot_rao(), &options()).await.expect_err("two submissions");
        assert_eq!(error.code(), ErrorCode::WorkflowStep);
        assert!(stage.received("approve_oneshot_videoid").is_empty());
        flow.cancel(&options()).await.expect("cancelled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_were_not_taken_can_be_replaced() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let flow = reviewed(&stage, &stage.one_shot(&dialect)).await;
        flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved");
        let text = flow.documents(vec![Source::bytes(&b"Dear Anna"[..])], &options()).await.expect_err("no PDF");
        assert_eq!(text.code(), ErrorCode::DocumentUnrecognised);
        let many = (0..11).map(|n| pdf(&n.to_string())).collect();
        assert_eq!(flow.documents(many, &options()).await.expect_err("eleven").code(), ErrorCode::FieldInvalid);
        assert!(stage.received("upload_documents").is_empty());
        stage.faults(
            &json!([{"operation": "upload_documents", "kind": "status", "status": 415, "body": {"status": "error", "message": "x"}}]),
        );
        assert_eq!(flow.documents(vec![pdf("odd")], &options()).await.expect_err("not taken").code(), ErrorCode::UnsupportedType);
        let outcome = flow.documents(vec![pdf("one")], &options()).await.expect("uploaded");
        assert_eq!(outcome.waits_for, OneShotWait::ContractShown);
        // Once they are there, and while it is unknown whether they are, others are another workflow's.
        assert_eq!(flow.documents(vec![pdf("two")], &options()).await.expect_err("others").code(), ErrorCode::FieldInvalid);
        let flow = reviewed(&stage, &stage.one_shot(&dialect)).await;
        flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved");
        fault(&stage, "upload_documents", "after");
        assert_eq!(flow.documents(vec![pdf("one"), pdf("two")], &options()).await.expect_err("lost").code(), ErrorCode::Ambiguous);
        assert_eq!(flow.documents(vec![pdf("three")], &options()).await.expect_err("others").code(), ErrorCode::FieldInvalid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_of_documents_is_found_again_whatever_comes_between() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let client = stage.one_shot(&dialect);
        let flow = reviewed(&stage, &client).await;
        flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved");
        let folder = TempDir::new().expect("a folder");
        let marks = ["one", "two", "three", "four", "five"];
        let documents = || marks.iter().map(|mark| pdf(mark)).collect();
        fault(&stage, "upload_documents", "after");
        assert_eq!(flow.documents(documents(), &options()).await.expect_err("lost").code(), ErrorCode::Ambiguous);
        flow.contract(&folder.path().join("contract.pdf"), &options()).await.expect("the contract");
        flow.contract_shown().await.expect("shown");
        flow.otp(None, &options()).await.expect("a message");
        let outcome = flow.documents(documents(), &options()).await.expect("they are there");
        assert_eq!(stage.received("upload_documents").len(), 1);
        let pk = outcome.handle.request_pk;
        flow.sign(&Signing::with_otp(stage.one_shot_otp(pk)), &options()).await.expect("signed");
        let saved = flow.save(folder.path(), &options()).await.expect("saved");
        for (file, mark) in saved.documents.iter().zip(marks) {
            let bytes = std::fs::read(&file.file.path).expect("a file");
            assert!(String::from_utf8_lossy(&bytes).contains(&format!("({mark})")), "the order is that of the upload");
        }
        fault(&stage, "delete_documents", "after");
        assert_eq!(flow.delete(folder.path(), &options()).await.expect_err("lost").code(), ErrorCode::Ambiguous);
        assert_eq!(flow.delete(folder.path(), &options()).await.expect("it was done").waits_for, OneShotWait::Nothing);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_not_approved_whatever_its_status() {
    for status in ["CREATED", "VIDEOINCOMPLETE"] {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"status_after_refusal": status}}));
        let flow = reviewed(&stage, &stage.one_shot(&Dialect::Legacy)).await;
        flow.refuse(&stage.one_shot_rao(), "blurred", &options()).await.expect("refused");
        let error = flow.approve(&stage.one_shot_rao(), &options()).await.expect_err("refused");
        assert_eq!(error.code(), ErrorCode::UnexpectedStatus, "{status}");
        assert!(error.detail().contains("refused") || status == "VIDEOINCOMPLETE", "{error}");
        assert!(stage.received("approve_oneshot_videoid").is_empty(), "{status}");
    }
}
