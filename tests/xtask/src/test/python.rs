//! Python: the wheels, installed where nothing else is, and their tests and types.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, Step};
use crate::tally::{self, Tally};
use crate::toolchain::python;

use super::{Plan, demos, python_examples, python_others, python_types};

/// The environment that holds the wheel.
pub(crate) fn environment() -> PathBuf {
    repo::target().join("xtask/python")
}

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::needed("python wheel", |log| install(log).map(drop)),
        Step::tests("python tests", |log| log.run_tests(&mut pytest("not alone and not examples"), tally::pytest)),
        Step::check("python types", python_types::check),
        Step::tests("python examples", python_examples::run),
        Step::check("python others", python_others::run),
        demos::step("python"),
    ];
    let alone = vec![Step::tests("python alone", |log| log.run_tests(&mut pytest("alone"), tally::pytest))];
    Plan { together, alone }
}

pub(super) fn pytest(which: &str) -> Command {
    let mut pytest = python::inside(&environment(), "python");
    pytest.current_dir(repo::root().join("bindings-python")).args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", which, "tests"]);
    pytest
}

/// Builds both wheels and installs them into an empty environment, where the README's ten lines must run with nothing else
/// beside them. Gives the environment back, with the tools of the tests in it.
pub(crate) fn install(log: &Log) -> Result<PathBuf> {
    let tools = python::prepare(log)?;
    let package = wheel(log, &tools, "bindings-python")?;
    let sandbox = wheel(log, &tools, "bindings-python/sandbox")?;
    let environment = environment();
    python::clean(log, &environment)?;
    python::install(log, &tools, &environment, &package)?;
    try_lines(log, &environment, &["without-sandbox"])?;
    python::install(log, &tools, &environment, &sandbox)?;
    try_lines(log, &environment, &[])?;
    python::add_tools(&environment, &tools)?;
    Ok(environment)
}

/// The ten lines of the README as they stand, where the wheels are all there is. Counts as a test.
fn try_lines(log: &Log, environment: &Path, more: &[&str]) -> Result<()> {
    let mut lines = python::inside(environment, "python");
    lines.current_dir(std::env::temp_dir()).args(["-I", "-W", "error"]);
    lines.arg(repo::root().join("bindings-python/tests/clean_install.py")).arg(repo::root()).args(more);
    // The sandbox has to come from its own wheel.
    lines.env_remove("VIDEOID_SANDBOX").env("PATH", environment.join("bin"));
    log.run(&mut lines)?;
    log.count(Tally { passed: 1, ..Tally::default() });
    Ok(())
}

/// Where the wheel of the package in that folder of the repository is put.
pub(super) fn wheels(package: &str) -> PathBuf {
    repo::target().join("xtask/wheels").join(package.replace('/', "-"))
}

/// Builds the wheel of the package in that folder of the repository.
fn wheel(log: &Log, tools: &Path, package: &str) -> Result<PathBuf> {
    let wheels = wheels(package);
    if wheels.exists() {
        fs::remove_dir_all(&wheels).map_err(|e| Error::io("cannot remove", &wheels, &e))?;
    }
    let mut maturin = python::inside(tools, "maturin");
    maturin
        .current_dir(repo::root().join(package))
        .args(["build", "--locked", "--profile", repo::PROFILE, "--compatibility", "linux", "--out"])
        .arg(&wheels);
    log.run(&mut maturin)?;
    only_file(&wheels, "whl")
}

/// The one file of that kind in a folder.
pub(crate) fn only_file(folder: &Path, kind: &str) -> Result<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|e| Error::io("cannot read", folder, &e))?
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == kind))
        .collect();
    match (found.pop(), found.len()) {
        (Some(path), 0) => Ok(path),
        (_, more) => Err(Error::new(format!("{} files .{kind} in {}, wanted one", more, folder.display()))),
    }
}
