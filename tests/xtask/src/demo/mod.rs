//! `cargo xtask demo`: the whole story, from drawn evidence to ENROLLREADY, a signed document or a refusal, against a sandbox of its own.

mod http;
mod people;
mod program;
mod sandbox;
mod show;
mod signature;
mod summary;
mod wish;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::{self, Sender};
use std::thread;

use serde_json::{Value, json};

use crate::args::Args;
use crate::error::{Error, Result};
use crate::steps;
use crate::toolchain;

use sandbox::Sandbox;
use show::Show;
use wish::{Flow, Wish};

pub(crate) const HELP: &str = "\
cargo xtask demo [OPTIONS]

Starts a local sandbox, draws specimen evidence, and brings a fictitious person to ENROLLREADY, or to a signed document.
Leaves contract.pdf, declaration.txt or signed.pdf, and summary.md in a folder that it names.

  --flow NAME       external (default): evidence and video uploaded, validated by an officer, declaration and
                    contract fetched, approved;
                    ra-eidas: the user identifies on the vendor's page and the vendor's operator validates, both
                    played by the demo; for a person of a company, so that the request is updated and completed
                    with a document before it is approved;
                    classic: the documents uploaded, approved;
                    oneshot-external, oneshot-eidas: on the One-Shot API with the customer's evidence, or with the user on the
                    vendor's page; approved, the contract shown, a document signed with a one-time password that the demo
                    reads from the sandbox and types
  --dialect NAME    current (default) or legacy: the form of the One-Shot API, in its flows
  --language NAME   rust (default), python, node, kotlin or swift: through that package
  --refuse REASON   the officer, or in ra-eidas the operator, refuses instead; classic has no refusal
  --front FILE      your own front of a document (JPEG or PNG) instead of the specimen; likewise
  --rear FILE, --photo FILE, --owner FILE, --video FILE (MP4), --document FILE (PDF), where the flow has them
  --bundle DIR      instead of those files what an app has collected: a bundle that the capture package of Kotlin or Swift has
                    saved (external in rust, python and node)
  --out DIR         where the results go (default: a new folder under target/demo)
  --json            one JSON object a line instead of text
  --built           with what `cargo xtask test` has built
";

/// The languages whose example knows the One-Shot API.
const WITH_ONE_SHOT: &[&str] = &["rust", "node", "python", "kotlin", "swift"];

/// `cargo xtask demo`.
pub(crate) fn run(args: Args) -> Result<()> {
    let wish = wish::read(args)?;
    if wish.json {
        crate::say_on_stderr();
    }
    let result = story(&wish);
    if let (true, Err(error)) = (wish.json, &result) {
        println!("{}", json!({ "event": "failed", "text": error.to_string() }));
    }
    result
}

fn story(wish: &Wish) -> Result<()> {
    if let Some(text) = toolchain::missing(&wish.language) {
        return Err(Error::new(text));
    }
    build(&wish.language, wish.built)?;
    let sandbox = Sandbox::start()?;
    match wish.flow {
        Flow::RaEidas => http::control(sandbox.control_url(), "PUT", "/settings", &json!({ "external_auth": false })).map(drop)?,
        Flow::OneShotExternal => {
            http::control(sandbox.control_url(), "PUT", "/settings", &json!({ "one_shot": { "external": true } })).map(drop)?;
        }
        _ => {}
    }
    let mut show = Show::new(wish.json);
    show.begin(wish, &sandbox);

    let mut child = command(wish, &sandbox)?.spawn().map_err(|e| Error::new(format!("cannot start the example: {e}")))?;
    let (events, heard) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        let events = events.clone();
        thread::spawn(move || listen(BufReader::new(stdout), &events));
    }
    match wish.flow {
        Flow::RaEidas => people::play(sandbox.control_url().to_owned(), wish.refuse.clone(), events.clone()),
        Flow::OneShotEidas => people::identify(sandbox.control_url().to_owned(), events.clone()),
        _ => {}
    }
    drop(events);
    let mut keys = child.stdin.take();
    for heard in heard {
        let failed = match heard {
            Heard::Event(event) => {
                show.event(&event);
                if event["event"] == "waiting" && event["for"] == "otp" {
                    let typed = people::type_otp(sandbox.control_url(), &event["request_pk"], keys.as_mut());
                    if typed.is_ok() {
                        show.event(&json!({ "event": "person", "who": "signer", "text": "types the one-time password" }));
                    }
                    typed.err().map(|error| error.to_string())
                } else {
                    None
                }
            }
            Heard::Line(line) => {
                crate::say(&line);
                None
            }
            Heard::Nothing => None,
            Heard::Failed(text) => Some(text),
            Heard::End => break,
        };
        if let Some(text) = failed {
            // Without the person it would wait until its deadline.
            let _ = child.kill();
            let _ = child.wait();
            show.finish();
            return Err(Error::new(text));
        }
    }
    let status = child.wait().map_err(|e| Error::new(format!("cannot wait for the example: {e}")))?;
    show.finish();
    if let Some(text) = show.error() {
        return Err(Error::new(text));
    }
    if !status.success() {
        return Err(Error::new(format!("the example ended with {status}")));
    }
    let (word, wanted) = if wish.refuse.is_some() { (show.videoid_status(), "REFUSED") } else { (show.status(), wish.flow.goal()) };
    if word != Some(wanted) {
        return Err(Error::new(format!("the story ended at {}, not at {wanted}", word.unwrap_or("nothing"))));
    }
    if wish.flow.is_one_shot() && wish.refuse.is_none() {
        for text in signature::checked(&show, &sandbox.pki().join("signing-ca.pem"))? {
            show.event(&json!({ "event": "signature", "text": text }));
        }
    }
    let path = summary::write(wish, &show)?;
    show.end(&wish.out, &path);
    Ok(())
}

/// The stories that a language's example tells: each flow, and each dialect where it has two.
pub(crate) fn stories(language: &str) -> Vec<Vec<&'static str>> {
    let mut stories = Vec::new();
    for flow in Flow::ALL.into_iter().filter(|flow| !flow.is_one_shot() || WITH_ONE_SHOT.contains(&language)) {
        stories.push(vec!["--flow", flow.name()]);
        if flow.is_one_shot() {
            stories.push(vec!["--flow", flow.name(), "--dialect", "legacy"]);
        }
    }
    stories
}

/// What comes while the story is told.
#[derive(Debug)]
enum Heard {
    /// From the example, or of what the user and the operator do.
    Event(Value),
    /// A line of the example that is none.
    Line(String),
    /// What the user or the operator wanted to do did not work.
    Failed(String),
    /// Asks whether the story goes on: sending it fails where nobody listens any more.
    Nothing,
    /// The example says nothing more.
    End,
}

fn listen(lines: impl BufRead, events: &Sender<Heard>) {
    for line in lines.lines() {
        let heard = match line {
            Ok(line) => serde_json::from_str::<Value>(&line).map_or(Heard::Line(line), Heard::Event),
            Err(e) => Heard::Failed(format!("cannot read what the example says: {e}")),
        };
        if events.send(heard).is_err() {
            return;
        }
    }
    // Nobody listens any more where it was told to stop.
    let _ = events.send(Heard::End);
}

/// The example of the language with all that it is told.
fn command(wish: &Wish, sandbox: &Sandbox) -> Result<std::process::Command> {
    let mut command = program::command(&wish.language, &shared_folders(wish))?;
    if let Some(dialect) = wish.dialect {
        command.args(["--one-shot-url", sandbox.one_shot_url(), "--dialect", dialect, "--env", sandbox.one_shot("env")]);
        command.args(["--ra", sandbox.one_shot("ra/id")]);
    } else {
        command.args(["--ra-url", sandbox.ra_url(), "--upload-url", sandbox.upload_url(), "--ra", sandbox.ra()]);
    }
    command.args(["--rao-id", sandbox.rao("rao_id")]);
    if wish.flow != Flow::External {
        command.args(["--flow", wish.flow.name()]);
    }
    for (name, path) in &wish.evidence {
        command.arg(name).arg(path);
    }
    command.arg("--out").arg(&wish.out);
    // In the RA's eIDAS flow the vendor's operator refuses, who is not the example.
    if let (true, Some(reason)) = (wish.flow != Flow::RaEidas, &wish.refuse) {
        command.args(["--refuse", reason]);
    }
    // In the environment, not among the arguments: those can be read by everyone on the machine.
    command
        .env("VIDEOID_RAO_USERNAME", sandbox.rao("username"))
        .env("VIDEOID_RAO_PASSWORD", sandbox.rao("password"))
        .env("VIDEOID_RAO_PIN", sandbox.rao("pin"))
        .stdout(Stdio::piped());
    if wish.flow.is_one_shot() {
        command
            .env("VIDEOID_BILLING_USERNAME", sandbox.one_shot("billing/username"))
            .env("VIDEOID_BILLING_PASSWORD", sandbox.one_shot("billing/password"))
            // The signer types there.
            .stdin(Stdio::piped());
    } else {
        command.stdin(Stdio::null());
    }
    Ok(command)
}

/// Folders that a program in another root has to see.
fn shared_folders(wish: &Wish) -> Vec<PathBuf> {
    let mut folders = vec![wish.out.clone()];
    folders.extend(wish.evidence.iter().filter_map(|(_, path)| path.parent().map(Path::to_path_buf)));
    folders
}

fn build(language: &str, built: bool) -> Result<()> {
    let outcomes = steps::run(vec![program::steps(language, built)]);
    match outcomes.iter().find_map(|outcome| outcome.problem.as_ref()) {
        Some(_) => Err(Error::new("the demo could not be built")),
        None => Ok(()),
    }
}
