//! Identification from the first call to ENROLLREADY: the whole story of the library in one program, by each workflow of the RA API,
//! and from the first call to the signed document on the One-Shot API.
//!
//! It prints one JSON object a line: `status`, `step`, `waiting`, `progress`, `file`, `warning`, `done` or `error`.

mod args;
mod classic;
mod eidas;
mod external;
mod one_shot;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use videoid::config::VideoPkKind;
use videoid::workflow::{OfficerOutcome, WorkflowEvent};
use videoid::{Error, RaConfig, RegistrationAuthority, RequestOptions};

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

    let outcome = match args.optional("flow").unwrap_or("external") {
        "external" => external::story(&registration_authority(&args)?, &args, &out).await?,
        "ra-eidas" => eidas::story(&registration_authority(&args)?, &args, &out).await?,
        "classic" => classic::story(&registration_authority(&args)?, &args, &out).await?,
        "oneshot-external" => one_shot::external(&args, &out).await?,
        "oneshot-eidas" => one_shot::eidas(&args, &out).await?,
        other => {
            let known = "external, ra-eidas, classic, oneshot-external and oneshot-eidas";
            return Err(format!("--flow does not know {other}; it knows {known}").into());
        }
    };
    say(&outcome);
    Ok(())
}

fn registration_authority(args: &Args) -> Result<RegistrationAuthority, Failure> {
    let mut config = RaConfig::custom(args.needed("ra-url")?, args.needed("upload-url")?);
    config.registration_authority = Some(args.needed("ra")?.into());
    // The local sandbox takes the request's key here. For the real service ask the vendor.
    config.video_pk = Some(VideoPkKind::RequestPk);
    Ok(RegistrationAuthority::new(config)?)
}

/// The operation that the workflow began last, for the lines of progress.
static STEP: Mutex<String> = Mutex::new(String::new());

fn step() -> MutexGuard<'static, String> {
    STEP.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The workflow's events as lines. They hold nothing personal.
fn tell(event: &WorkflowEvent) {
    if let Some(operation) = &event.step {
        step().clone_from(operation);
    }
    match (&event.status, &event.text) {
        (Some(status), _) => say(&json!({ "event": "status", "status": status, "request_pk": event.request_pk })),
        (None, Some(text)) => say(&json!({ "event": "warning", "text": text })),
        (None, None) => say(&json!({ "event": "step", "operation": event.step })),
    }
}

/// Options that tell how far the uploads have come.
fn telling() -> RequestOptions {
    RequestOptions::new().progress(|p| say(&json!({ "event": "progress", "operation": *step(), "sent": p.sent, "total": p.total })))
}

/// The last line of a story that ended well.
fn done(outcome: &OfficerOutcome) -> Value {
    json!({ "event": "done", "status": outcome.status, "videoid_status": outcome.videoid_status, "request_pk": outcome.request_pk })
}

/// Leaves what the officer reads before approving.
fn keep_papers(out: &Path, outcome: &OfficerOutcome) -> Result<(), Failure> {
    if let Some(declaration) = &outcome.declaration {
        save("declaration", out.join("declaration.txt"), declaration.receipt.expose().as_bytes())?;
    }
    if let Some(contract) = &outcome.contract {
        save("contract", out.join("contract.pdf"), contract.content.as_ref())?;
    }
    Ok(())
}

fn save(kind: &str, path: PathBuf, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(&path, bytes)?;
    told(kind, &path.to_string_lossy());
    Ok(())
}

/// The line of a file that was left.
fn told(kind: &str, path: &str) {
    say(&json!({ "event": "file", "kind": kind, "path": path }));
}
