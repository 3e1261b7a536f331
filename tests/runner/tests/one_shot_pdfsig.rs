//! What the client downloaded is signed: another program, `pdfsig`, says so on a database that trusts the sandbox's authority.
//! Needs poppler-utils and libnss3-tools.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;
use videoid::config::Dialect;
use videoid::model::{SignaturePlacement, Signing};
use videoid::workflow::WaitLimits;
use videoid::workflow::one_shot::{OneShotEidas, OneShotExternal};
use videoid::{RequestOptions, Source};
use videoid_runner::one_shot::{dialects, pdf, videoid};
use videoid_runner::story::{self, Stage};

const VALID: &str = "Signature is Valid";
const TRUSTED: &str = "Certificate is Trusted";
const WHOLE: &str = "Total document signed";

fn options() -> RequestOptions {
    RequestOptions::new()
}

fn said_by(command: &mut Command) -> String {
    let what = format!("{command:?}");
    let output = command.output().unwrap_or_else(|e| panic!("{what}: {e} (packages poppler-utils and libnss3-tools are needed)"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {text}");
    text
}

/// A database of certificates that trusts the sandbox's authority, or nobody.
struct Trust(TempDir);

impl Trust {
    fn new(authority: Option<&str>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let trust = Self(folder);
        said_by(Command::new("certutil").args(["-N", "--empty-password", "-d", &trust.database()]));
        if let Some(pem) = authority {
            let file = trust.0.path().join("ca.pem");
            std::fs::write(&file, pem).expect("it is written");
            said_by(Command::new("certutil").args(["-A", "-n", "sandbox", "-t", "CT,C,C", "-d", &trust.database(), "-i"]).arg(file));
        }
        trust
    }

    fn database(&self) -> String {
        format!("sql:{}", self.0.path().display())
    }

    fn says(&self, pdf: &Path) -> String {
        said_by(Command::new("pdfsig").arg("-nssdir").arg(self.database()).arg(pdf))
    }
}

/// Approval, documents, contract, password, signature and the saved files.
macro_rules! saved {
    ($stage:expr, $flow:expr, $folder:expr, $count:expr) => {{
        let (stage, flow, folder): (&Stage, _, &Path) = ($stage, $flow, $folder);
        flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved");
        let documents: Vec<Source> = (0..$count).map(|number| pdf(&number.to_string())).collect();
        let outcome = flow.documents(documents, &options()).await.expect("uploaded");
        flow.contract(&folder.join("contract.pdf"), &options()).await.expect("the contract");
        flow.contract_shown().await.expect("shown");
        flow.otp(None, &options()).await.expect("a message");
        let signing = Signing::with_otp(stage.one_shot_otp(outcome.handle.request_pk));
        flow.sign(&signing, &options()).await.expect("signed");
        let saved = flow.save(folder, &options()).await.expect("saved");
        saved.documents.into_iter().map(|document| PathBuf::from(document.file.path)).collect::<Vec<_>>()
    }};
}

fn assert_signed(trust: &Trust, file: &Path) {
    let said = trust.says(file);
    for wanted in [VALID, TRUSTED, WHOLE] {
        assert!(said.contains(wanted), "{}: {wanted}: {said}", file.display());
    }
    assert_eq!(said.matches("Signature #").count(), 1, "{said}");
}

/// Every byte that is tried makes a document that is not what was signed.
fn assert_flips_are_noticed(trust: &Trust, file: &Path) {
    let whole = std::fs::read(file).expect("the file");
    let copy = file.with_file_name("changed.pdf");
    for needle in [&b"MediaBox"[..], b"/Pages"] {
        let at = whole.windows(needle.len()).position(|window| window == needle).expect("it is in every document");
        let mut changed = whole.clone();
        changed[at + needle.len() + 1] ^= 1;
        std::fs::write(&copy, &changed).expect("it is written");
        let said = trust.says(&copy);
        assert!(!said.contains(VALID), "{said}");
        let error = videoid::one_shot::signed_pdf::check_signed_pdf(&copy).expect_err("the client sees it too");
        assert_eq!(error.code(), videoid::ErrorCode::SignedDocumentInvalid);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_external_workflow_saves_is_valid_trusted_and_whole() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        stage.settings(&json!({"one_shot": {"external": true}}));
        let (trust, nobody) = (Trust::new(Some(&stage.sandbox.signing_ca())), Trust::new(None));
        let folder = TempDir::new().expect("a folder");
        let flow = OneShotExternal::new(stage.one_shot(&dialect));
        let video = Source::path(videoid_runner::fixture("specimen.mp4"));
        flow.submit(&videoid(), &story::evidence(), &video, &options()).await.expect("all is uploaded");
        let files = saved!(&stage, &flow, folder.path(), 2);
        assert_eq!(files.len(), 2);
        for file in &files {
            assert_signed(&trust, file);
            assert!(!nobody.says(file).contains(TRUSTED), "only because the authority is trusted");
        }
        assert_flips_are_noticed(&trust, &files[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_eidas_workflow_saves_is_valid_trusted_and_whole() {
    for dialect in dialects() {
        let stage = Stage::start(&[]).await;
        let trust = Trust::new(Some(&stage.sandbox.signing_ca()));
        let folder = TempDir::new().expect("a folder");
        let flow = OneShotEidas::new(stage.one_shot(&dialect));
        let pk = flow.start(&videoid(), &options()).await.expect("created").handle.request_pk;
        stage.one_shot_user(pk, "finish");
        flow.wait_for_user(&WaitLimits::new(10_000), None, &options()).await.expect("the user is done");
        let files = saved!(&stage, &flow, folder.path(), 1);
        assert_signed(&trust, &files[0]);
        assert_flips_are_noticed(&trust, &files[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_is_seen_and_a_countersignature_are_valid_too() {
    let stage = Stage::start(&[]).await;
    stage.settings(&json!({"one_shot": {"external": true}}));
    let trust = Trust::new(Some(&stage.sandbox.signing_ca()));
    let folder = TempDir::new().expect("a folder");
    let client = stage.one_shot(&Dialect::Current);
    let flow = OneShotExternal::new(client.clone());
    let video = Source::path(videoid_runner::fixture("specimen.mp4"));
    flow.submit(&videoid(), &story::evidence(), &video, &options()).await.expect("all is uploaded");
    flow.approve(&stage.one_shot_rao(), &options()).await.expect("approved");
    let pk = flow.look(&options()).await.expect("a look").handle.request_pk;
    let uid = client.upload_documents(pk, vec![pdf("seen")], &options()).await.expect("uploaded").documents[0].uid.clone();
    client.generate_otp(pk, None, &options()).await.expect("a message");
    let mut signing = Signing::with_otp(stage.one_shot_otp(pk));
    let mut place = SignaturePlacement::new(uid.clone(), 0, 50, 50, 250, 120);
    place.use_countersignature = Some(true);
    signing.placements.push(place);
    signing.use_signature_text = Some(true);
    client.sign(pk, &signing, &options()).await.expect("signed");
    let path = folder.path().join("signed.pdf");
    client.get_document(pk, &uid, &"signed".into(), &path, &options()).await.expect("the signed one");
    let said = trust.says(&path);
    assert_eq!((said.matches("Signature #").count(), said.matches(VALID).count(), said.matches(TRUSTED).count()), (2, 2, 2), "{said}");
    assert_eq!(said.matches(WHOLE).count(), 1, "the last one covers all: {said}");
}
