//! External VideoID from evidence on disk to ENROLLREADY or a refusal: the whole story of the library in one program.
//!
//! It prints one JSON object a line: `status`, `progress`, `file`, `done` or `error`.

mod args;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use videoid::config::VideoPkKind;
use videoid::evidence::{Evidence, EvidenceBuilder};
use videoid::model::{Acceptance, NewRequest, OcrData, SecurityCheck, SecurityChecks};
use videoid::workflow::{ExternalVideoId, WorkflowEvent};
use videoid::{Error, RaConfig, RegistrationAuthority, RequestOptions, Source};

use args::Args;

/// One line of output. Flushed, since a program reads it as it comes.
fn say(line: &Value) {
    let mut out = std::io::stdout().lock();
    // A reader that is gone is no reason to stop half way.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

enum Failure {
    Usage(String),
    Call(Box<Error>),
    File(std::io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(Box::new(error))
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Usage(text)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let (code, text) = match run().await {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Usage(text)) => ("usage", text),
        Err(Failure::Call(error)) => (error.code().as_str(), error.to_string()),
        Err(Failure::File(error)) => ("file", error.to_string()),
    };
    say(&json!({ "event": "error", "code": code, "text": text }));
    ExitCode::FAILURE
}

async fn run() -> Result<(), Failure> {
    let args = Args::read()?;
    let out = args.path("out")?;
    std::fs::create_dir_all(&out)?;

    let mut config = RaConfig::custom(args.needed("ra-url")?, args.needed("upload-url")?);
    config.registration_authority = Some(args.needed("ra")?.into());
    // The local sandbox takes the request's key here. For the real service ask the vendor.
    config.video_pk = Some(VideoPkKind::RequestPk);
    let ra = RegistrationAuthority::new(config)?;
    let flow = ExternalVideoId::new(ra.clone()).with_events(Arc::new(tell));

    let mut request = NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
    request.mobile_phone_number = Some("+34600000000".into());
    let evidence = evidence(&args)?;
    let video = Source::path(args.path("video")?);
    let options =
        RequestOptions::new().progress(|p| say(&json!({ "event": "progress", "operation": "upload", "sent": p.sent, "total": p.total })));
    flow.submit(&request, &evidence, &video, &options).await?;

    let rao = args.rao()?;
    let options = RequestOptions::new();
    if let Some(reason) = args.optional("refuse") {
        let outcome = flow.refuse(&rao, reason, &options).await?;
        say(
            &json!({ "event": "done", "status": outcome.status, "videoid_status": outcome.videoid_status, "request_pk": outcome.request_pk }),
        );
        return Ok(());
    }
    // In 2-step mode the officer reads declaration and contract before approving.
    let validated = flow.validate(&rao, &options).await?;
    if let Some(declaration) = &validated.declaration {
        save(&out, "declaration", "declaration.txt", declaration.receipt.expose().as_bytes())?;
    }
    if let Some(contract) = &validated.contract {
        save(&out, "contract", "contract.pdf", contract.content.as_ref())?;
    }
    let outcome = flow.approve(&rao, &options).await?;
    say(&json!({ "event": "done", "status": outcome.status, "request_pk": outcome.request_pk }));
    ra.close();
    Ok(())
}

/// The workflow's events as lines. They hold nothing personal.
fn tell(event: &WorkflowEvent) {
    match (&event.status, &event.text) {
        (Some(status), _) => say(&json!({ "event": "status", "status": status, "request_pk": event.request_pk })),
        (None, Some(text)) => say(&json!({ "event": "warning", "text": text })),
        (None, None) => say(&json!({ "event": "step", "operation": event.step })),
    }
}

fn evidence(args: &Args) -> Result<Evidence, Failure> {
    let mut acceptance = Acceptance::default();
    acceptance.description = Some("I accept the terms and the privacy policy".into());
    acceptance.url_doc_privacypolicy = Some("https://example.com/privacy".into());
    acceptance.url_doc_termsconditions = Some("https://example.com/terms".into());
    acceptance.url_web_videoid = Some("https://example.com/identify".into());
    acceptance.ip = Some("203.0.113.7".into());
    acceptance.user_agent = Some("videoid-example".into());
    acceptance.date = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|t| i64::try_from(t.as_millis()).ok());
    let mut ocr = OcrData::default();
    ocr.given_name = Some("ANNA MARIA".into());
    ocr.surname_1 = Some("ERIKSSON".into());
    ocr.serial_number = Some("D23145890".into());
    ocr.mobile_phone_number = Some("+34600000000".into());
    ocr.email = Some("anna@example.com".into());
    ocr.id_document_type = Some("IDC".into());
    ocr.id_document_country = Some("ES".into());
    let mut checks = SecurityChecks::default();
    checks.otp_validation = Some(SecurityCheck::asserted(true));
    checks.documents_match = Some(SecurityCheck::asserted(true));
    checks.data_integrity = Some(SecurityCheck::asserted(true));
    checks.document_notcopy = Some(SecurityCheck::attested(true, "example document product"));
    checks.document_notexpired = Some(SecurityCheck::asserted(true));
    checks.document_notunderage = Some(SecurityCheck::asserted(true));
    checks.liveliness = Some(SecurityCheck::attested(true, "example liveness product"));
    let built = EvidenceBuilder::new()
        .acceptance(acceptance)
        .document_front(args.path("front")?)
        .document_rear(args.path("rear")?)
        .document_photo(args.path("photo")?)
        .document_owner(args.path("owner")?)
        .ocr_data(ocr)
        .security_checks(checks)
        .similarity_level(87)
        .build()?;
    Ok(built)
}

fn save(out: &Path, kind: &str, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let path = out.join(name);
    std::fs::write(&path, bytes)?;
    say(&json!({ "event": "file", "kind": kind, "path": path.to_string_lossy() }));
    Ok(())
}
