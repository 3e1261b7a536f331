//! The languages' toolchains: found where the machine has them, installed into the cache where it does not.
//!
//! A fresh machine needs Rust, Python, Node, a JDK, Maven, a C compiler and git; what is missing of these is said, with
//! the Debian packages that have it. The rest (a virtual environment, npm packages, a Swift) is fetched here.

pub(crate) mod jvm;
pub(crate) mod node;
pub(crate) mod pyright;
pub(crate) mod python;
pub(crate) mod swift;
mod system;

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::args::Args;
use crate::error::{Error, Result};
use crate::steps::Log;

/// The languages of the product.
pub(crate) const LANGUAGES: [&str; 5] = ["rust", "python", "node", "kotlin", "swift"];

/// A program that must be there, how it tells its version, and what Debian calls its package.
struct Program {
    name: &'static str,
    version: &'static [&'static str],
    package: &'static str,
}

const fn program(name: &'static str, version: &'static [&'static str], package: &'static str) -> Program {
    Program { name, version, package }
}

/// What a language needs on the PATH.
fn programs(language: &str) -> Vec<Program> {
    match language {
        "rust" => vec![
            program("cargo", &["--version"], "rustup (https://rustup.rs)"),
            program("rustc", &["--version"], "rustup (https://rustup.rs)"),
            program("cargo-fmt", &["--version"], "`rustup component add rustfmt`"),
            program("cargo-clippy", &["--version"], "`rustup component add clippy`"),
            program("gcc", &["--version"], "gcc"),
            program("git", &["--version"], "git"),
        ],
        "python" => vec![program("python3", &["--version"], "python3 python3-venv")],
        "node" => vec![program("node", &["--version"], "nodejs"), program("npm", &["--version"], "npm")],
        "kotlin" => vec![program("java", &["-version"], "openjdk-17-jdk-headless"), program("mvn", &["--version"], "maven")],
        _ => Vec::new(),
    }
}

/// Where a program is on the PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The first line with a word in it that a program prints about its version.
fn version(program: &Program) -> Option<String> {
    let output = Command::new(program.name).args(program.version).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    text.lines().find(|l| !l.trim().is_empty()).map(|l| l.trim().to_owned())
}

/// What a language misses that only the user can install; `None` when it can be used.
pub(crate) fn missing(language: &str) -> Option<String> {
    let lacking: Vec<String> = programs(language)
        .iter()
        .filter(|program| find(program.name).is_none())
        .map(|program| format!("{} (install {})", program.name, program.package))
        .collect();
    if !lacking.is_empty() {
        return Some(format!("{language} needs {}", lacking.join(", ")));
    }
    if language == "swift" {
        return swift::missing();
    }
    None
}

/// Fetches what a language needs beyond the PATH. Does nothing when it is there already.
pub(crate) fn prepare(language: &str, log: &Log) -> Result<()> {
    if let Some(text) = missing(language) {
        return Err(Error::new(text));
    }
    match language {
        "python" => python::prepare(log).map(drop),
        "node" => node::prepare(log),
        "kotlin" => jvm::prepare(log),
        "swift" => swift::prepare(log),
        _ => system::prepare(log),
    }
}

pub(crate) const DOCTOR_HELP: &str = "\
cargo xtask doctor [--install]

Lists the toolchains of the five languages with their versions, and what is missing.

  --install   also fetches what this program can fetch by itself, into the cache
";

/// `cargo xtask doctor`.
pub(crate) fn doctor(mut args: Args) -> Result<()> {
    let install = args.flag("--install");
    args.finish()?;
    if install {
        let lanes = LANGUAGES
            .iter()
            .filter(|language| missing(language).is_none())
            .map(|language| {
                let language = *language;
                vec![crate::steps::Step::check(format!("{language} toolchain"), move |log| prepare(language, log))]
            })
            .collect();
        crate::steps::run(lanes);
    }
    let mut lacking = Vec::new();
    for language in LANGUAGES {
        for program in programs(language) {
            let found = version(&program);
            crate::say(&format!("{language:<8} {:<14} {}", program.name, found.as_deref().unwrap_or("missing")));
        }
        for (name, state) in extras(language) {
            crate::say(&format!("{language:<8} {name:<14} {state}"));
        }
        lacking.extend(missing(language));
    }
    if lacking.is_empty() { Ok(()) } else { Err(Error::new(lacking.join("\n       "))) }
}

/// What stands in the cache, for the list.
fn extras(language: &str) -> Vec<(&'static str, String)> {
    match language {
        "python" => vec![("tools", python::state())],
        "node" => vec![("node_modules", node::state())],
        "swift" => vec![("swift", swift::state())],
        _ => Vec::new(),
    }
}
