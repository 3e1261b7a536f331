//! Thirty One-Shot workflows at once, in both flows and both dialects, each to its own signed document.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;
use videoid::config::Dialect;
use videoid::model::{RequestPk, Signing, Status};
use videoid::workflow::WaitLimits;
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};
use videoid::{OneShot, RequestOptions, Source};
use videoid_runner::one_shot::{dialects, pdf, videoid};
use videoid_runner::story::{self, Stage};

const WORKFLOWS: usize = 30;

/// From the officer's decision on.
macro_rules! signed {
    ($flow:expr, $stage:expr, $mark:expr, $folder:expr, $options:expr) => {{
        let (flow, stage, folder): (_, &Stage, &Path) = ($flow, $stage, $folder);
        let approved = flow.approve(&stage.one_shot_rao(), $options).await.expect("approved");
        assert!(approved.approved);
        flow.documents(vec![pdf(&$mark)], $options).await.expect("uploaded");
        flow.contract(&folder.join("contract.pdf"), $options).await.expect("the contract");
        flow.contract_shown().await.expect("shown");
        flow.otp(None, $options).await.expect("a message");
        let pk = approved.handle.request_pk;
        let outcome = flow.sign(&Signing::with_otp(stage.one_shot_otp(pk)), $options).await.expect("signed");
        assert_eq!(outcome.status, Status::Issued);
        let saved = flow.save(folder, $options).await.expect("saved");
        (pk, saved.documents[0].file.path.clone())
    }};
}

async fn one(stage: &Stage, n: usize, dialect: &Dialect, folder: &Path) -> (RequestPk, String) {
    let options = RequestOptions::new();
    let mut new = videoid();
    new.email = format!("anna{n}@example.com").as_str().into();
    let mark = format!("document of {n}.");
    let external = n.is_multiple_of(2);
    let authority = if external { "external_id" } else { "id" };
    let ready = stage.sandbox.ready();
    let config = stage.one_shot_config(dialect.as_str(), json!({"registration_authority": ready["one_shot"]["ra"][authority]}));
    let client = OneShot::new(config).expect("sound");
    if external {
        let flow = OneShotExternal::new(client);
        let video = Source::path(videoid_runner::fixture("specimen.mp4"));
        flow.submit(&new, &story::evidence(), &video, &options).await.expect("submitted");
        return signed!(&flow, stage, mark, folder, &options);
    }
    let flow = OneShotEidas::new(client);
    let started = flow.start(&new, &options).await.expect("started");
    let mut limits = WaitLimits::new(60_000);
    (limits.poll_ms, limits.max_poll_ms) = (50, 500);
    let (seen, ()) = tokio::join!(flow.wait_for_user(&limits, None, &options), async {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        stage.one_shot_user(started.handle.request_pk, "finish");
    });
    assert_eq!(seen.expect("the user is done").status, Status::VideoReview);
    signed!(&flow, stage, mark, folder, &options)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_workflows_get_each_its_own_signed_document() {
    let stage = std::sync::Arc::new(Stage::start(&["--cards", "40"]).await);
    let mut running = JoinSet::new();
    for n in 0..WORKFLOWS {
        let stage = std::sync::Arc::clone(&stage);
        running.spawn(async move {
            let folder = TempDir::new().expect("a folder");
            let dialect = &dialects()[n / 2 % 2];
            let (pk, path) = one(&stage, n, dialect, folder.path()).await;
            let bytes = std::fs::read(path).expect("a file");
            assert!(String::from_utf8_lossy(&bytes).contains(&format!("(document of {n}.)")), "another workflow's document");
            (n, pk)
        });
    }
    let mut keys = BTreeSet::new();
    while let Some(ended) = running.join_next().await {
        let (n, pk) = ended.expect("a workflow ends");
        assert!(keys.insert(pk.0), "two workflows took the same request for theirs");
        let stored = stage.sandbox.one_shot_request(pk.0.unsigned_abs(), true).expect("it is there");
        assert_eq!(stored["fields"]["email"], format!("anna{n}@example.com"));
        assert_eq!((&stored["status"], &stored["external"]), (&json!("ISSUED"), &json!(n % 2 == 0)));
        assert_eq!(stored["documents"].as_array().map(Vec::len), Some(1));
    }
    assert_eq!(keys.len(), WORKFLOWS);
    let all = stage.sandbox.one_shot_requests(false);
    assert_eq!(all["requests"].as_array().map(Vec::len), Some(WORKFLOWS), "an orphan or a duplicate");
    for operation in ["create_videoid", "approve_oneshot_videoid", "upload_documents", "generate_otp", "sign"] {
        assert_eq!(stage.received(operation).len(), WORKFLOWS, "{operation}");
    }
}
