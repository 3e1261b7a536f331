//! `cargo xtask demo`: the whole story, from drawn evidence to ENROLLREADY or a refusal, against a sandbox of its own.

mod program;
mod sandbox;
mod show;
mod summary;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::args::Args;
use crate::error::{Error, Result};
use crate::steps;
use crate::toolchain::{self, LANGUAGES};
use crate::{repo, specimen};

use sandbox::Sandbox;
use show::Show;

pub(crate) const HELP: &str = "\
cargo xtask demo [OPTIONS]

Starts a local sandbox, draws specimen evidence, and identifies a fictitious person: request, evidence
and video uploaded, validated by an officer, declaration and contract fetched, approved.
Leaves contract.pdf, declaration.txt and summary.md in a folder that it names.

  --language NAME   rust (default), python, node, kotlin or swift: through that package
  --refuse REASON   the officer refuses instead
  --front FILE      your own front of a document (JPEG or PNG) instead of the specimen; likewise
  --rear FILE, --photo FILE, --owner FILE, --video FILE (MP4)
  --out DIR         where the results go (default: a new folder under target/demo)
  --json            one JSON object a line instead of text
";

/// What was asked for.
#[derive(Debug)]
struct Wish {
    language: String,
    refuse: Option<String>,
    out: PathBuf,
    /// Option name and file, in the order of the uploads.
    evidence: Vec<(&'static str, PathBuf)>,
    json: bool,
}

/// `cargo xtask demo`.
pub(crate) fn run(args: Args) -> Result<()> {
    let wish = wish(args)?;
    if wish.json {
        crate::say_on_stderr();
    }
    let result = story(&wish);
    if let (true, Err(error)) = (wish.json, &result) {
        println!("{}", json!({ "event": "failed", "text": error.to_string() }));
    }
    result
}

fn wish(mut args: Args) -> Result<Wish> {
    let language = args.value("--language")?.unwrap_or_else(|| "rust".to_owned());
    if !LANGUAGES.contains(&language.as_str()) {
        return Err(Error::usage(format!("--language does not know {language:?}; it knows {}", LANGUAGES.join(", "))));
    }
    let refuse = args.value("--refuse")?;
    if refuse.as_ref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(Error::usage("--refuse needs a reason: the person is told it"));
    }
    let json = args.flag("--json");
    let out = args.path("--out")?;
    let names = ["--front", "--rear", "--photo", "--owner", "--video"];
    let mut own = Vec::new();
    for name in names {
        own.push((name, args.path(name)?));
    }
    args.finish()?;
    for (name, path) in &own {
        if let Some(path) = path.as_ref().filter(|path| !path.is_file()) {
            return Err(Error::usage(format!("{name}: there is no file {}", path.display())));
        }
    }

    let out = match out {
        Some(out) => out,
        None => fresh_folder(&language)?,
    };
    fs::create_dir_all(&out).map_err(|e| Error::io("cannot make", &out, &e))?;
    let drawn = specimen::draw(&out.join("evidence"))?;
    let film = repo::root().join("tests/fixtures/specimen.mp4");
    let specimens = [drawn.front, drawn.rear, drawn.photo, drawn.owner, film];
    let evidence = own.into_iter().zip(specimens).map(|((name, own), specimen)| (name, own.unwrap_or(specimen))).collect();
    Ok(Wish { language, refuse, out, evidence, json })
}

fn fresh_folder(language: &str) -> Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let base = repo::target().join("demo");
    (0..1000)
        .map(|number| if number == 0 { base.join(format!("{now}-{language}")) } else { base.join(format!("{now}-{language}-{number}")) })
        .find(|path| !path.exists())
        .ok_or_else(|| Error::new(format!("{} is full", base.display())))
}

fn story(wish: &Wish) -> Result<()> {
    if let Some(text) = toolchain::missing(&wish.language) {
        return Err(Error::new(text));
    }
    build(&wish.language)?;
    let sandbox = Sandbox::start()?;
    let mut show = Show::new(wish.json);
    show.begin(wish, &sandbox);

    let mut command = program::command(&wish.language, &shared_folders(wish))?;
    command.args(["--ra-url", sandbox.ra_url(), "--upload-url", sandbox.upload_url(), "--ra", sandbox.ra()]);
    command.args(["--rao-id", sandbox.rao("rao_id")]);
    for (name, path) in &wish.evidence {
        command.arg(name).arg(path);
    }
    command.arg("--out").arg(&wish.out);
    if let Some(reason) = &wish.refuse {
        command.args(["--refuse", reason]);
    }
    // In the environment, not among the arguments: those can be read by everyone on the machine.
    command
        .env("VIDEOID_RAO_USERNAME", sandbox.rao("username"))
        .env("VIDEOID_RAO_PASSWORD", sandbox.rao("password"))
        .env("VIDEOID_RAO_PIN", sandbox.rao("pin"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|e| Error::new(format!("cannot start {}: {e}", steps::shown(&command))))?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(|e| Error::new(format!("cannot read what the example says: {e}")))?;
            match serde_json::from_str::<Value>(&line) {
                Ok(event) => show.event(&event),
                Err(_) => crate::say(&line),
            }
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
    let (word, wanted) = if wish.refuse.is_some() { (show.videoid_status(), "REFUSED") } else { (show.status(), "ENROLLREADY") };
    if word != Some(wanted) {
        return Err(Error::new(format!("the story ended at {}, not at {wanted}", word.unwrap_or("nothing"))));
    }
    let path = summary::write(wish, &show)?;
    show.end(&wish.out, &path);
    Ok(())
}

/// Folders that a program in another root has to see.
fn shared_folders(wish: &Wish) -> Vec<PathBuf> {
    let mut folders = vec![wish.out.clone()];
    folders.extend(wish.evidence.iter().filter_map(|(_, path)| path.parent().map(Path::to_path_buf)));
    folders
}

fn build(language: &str) -> Result<()> {
    let outcomes = steps::run(vec![program::steps(language)]);
    match outcomes.iter().find_map(|outcome| outcome.problem.as_ref()) {
        Some(_) => Err(Error::new("the demo could not be built")),
        None => Ok(()),
    }
}
