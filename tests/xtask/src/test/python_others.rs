//! Python: the wheels on other versions of Python than the one that they were built with.
//!
//! A bare machine has one Python. What else can be had without fetching more: those that pyenv has installed, those on the
//! PATH, and the one whose library is in the root of Debian trixie that the Swift tests use, which lacks only its program.
//! The oldest and the newest of them run the tests; where there is none, the log says so.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};
use crate::tally;
use crate::toolchain::{self, python, swift};

use super::python as package;

/// What the wheels promise.
const OLDEST: (u32, u32) = (3, 10);
/// The tests of what may differ between versions: loops, threads, forks, signals, pickles, exceptions.
const TESTS: [&str; 7] = ["asyncio", "client", "errors", "inputs", "logging", "models", "process"];
/// The program that the root's library lacks. It is the same that Debian compiles.
const PROGRAM: &str = "int Py_BytesMain(int, char **);\nint main(int count, char **words) { return Py_BytesMain(count, words); }\n";

/// A version of Python, and how one of its programs is started.
type Found = BTreeMap<(u32, u32), Box<dyn Fn() -> Option<Command>>>;

pub(super) fn run(log: &Log) -> Result<()> {
    let tools = python::prepare(log)?;
    let site = unpacked(log, &tools)?;
    let own = version(&mut python::inside(&tools, "python"));
    let mut found = found(log, &tools);
    found.retain(|version, _| *version >= OLDEST && Some(*version) != own);
    let mut chosen: Vec<_> = [found.pop_first(), found.pop_last()].into_iter().flatten().collect();
    if chosen.is_empty() {
        log.note("no other Python is here");
    }
    for ((major, minor), start) in chosen.drain(..) {
        let Some(mut pytest) = start() else { continue };
        log.note(&format!("Python {major}.{minor}"));
        let path = env::join_paths([&site, &python::site_packages(&tools)?]).map_err(|e| Error::new(format!("no path: {e}")))?;
        pytest
            .current_dir(repo::root().join("bindings-python"))
            .env("PYTHONPATH", path)
            .env_remove("PYTHONHOME")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not alone and not examples"])
            .args(TESTS.map(|name| format!("tests/test_{name}.py")));
        log.run_tests(&mut pytest, tally::pytest)?;
    }
    Ok(())
}

/// Both wheels as a folder that any version can read.
fn unpacked(log: &Log, tools: &Path) -> Result<PathBuf> {
    let site = repo::target().join("xtask/python-others/site");
    if site.exists() {
        fs::remove_dir_all(&site).map_err(|e| Error::io("cannot remove", &site, &e))?;
    }
    let mut pip = python::inside(tools, "python");
    pip.args(["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check", "--target"])
        .arg(&site)
        .arg(package::only_file(&package::wheels("bindings-python"), "whl")?)
        .arg(package::only_file(&package::wheels("bindings-python/sandbox"), "whl")?);
    log.run(&mut pip)?;
    Ok(site)
}

/// Which version that interpreter is, where it runs at all.
fn version(interpreter: &mut Command) -> Option<(u32, u32)> {
    let output = interpreter.args(["-c", "import sys; print(*sys.version_info[:2])"]).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    let mut numbers = text.split_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn found(log: &Log, tools: &Path) -> Found {
    let mut found = Found::new();
    if let Some(program) = of_newer_debian(log) {
        let seen = [tools.to_path_buf()];
        let start = move || swift::newer_debian(&program, &repo::root().join("bindings-python"), &seen).map(|(_, command)| command);
        if let Some(version) = start().and_then(|mut command| version(&mut command)) {
            found.insert(version, Box::new(start));
        }
    }
    let mut programs: Vec<PathBuf> = (OLDEST.1..OLDEST.1 + 10).filter_map(|minor| toolchain::find(&format!("python3.{minor}"))).collect();
    let named = |name: &str| env::var_os(name).map(PathBuf::from);
    let pyenv = named("PYENV_ROOT").or_else(|| named("HOME").map(|home| home.join(".pyenv")));
    if let Some(versions) = pyenv.and_then(|root| fs::read_dir(root.join("versions")).ok()) {
        programs.extend(versions.filter_map(std::result::Result::ok).map(|entry| entry.path().join("bin/python3")));
    }
    for program in programs {
        if let Some(version) = version(&mut command(&program)) {
            found.insert(version, Box::new(move || Some(command(&program))));
        }
    }
    found
}

/// The interpreter of the root's Python, compiled in the root.
fn of_newer_debian(log: &Log) -> Option<PathBuf> {
    let folder = repo::target().join("xtask/python-others");
    let (root, mut gcc) = swift::newer_debian(Path::new("gcc"), &folder, &[])?;
    let library = fs::read_dir(root.join("usr/lib"))
        .ok()?
        .filter_map(std::result::Result::ok)
        .filter_map(|entry| fs::read_dir(entry.path()).ok())
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.starts_with("libpython3.") && name.ends_with(".so.1.0"))?;
    let (source, program) = (folder.join("main.c"), folder.join("python3"));
    fs::write(&source, PROGRAM).ok()?;
    log.run(gcc.arg(&source).arg("-o").arg(&program).arg(format!("-l:{library}"))).ok()?;
    Some(program)
}
