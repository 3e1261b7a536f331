//! Python: the wheels, installed where nothing else is, and their tests and types.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, Step};
use crate::tally;
use crate::toolchain::python;

use super::{Plan, demos};

/// The environment that holds the wheel.
pub(crate) fn environment() -> PathBuf {
    repo::target().join("xtask/python")
}

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::needed("python wheel", |log| install(log).map(drop)),
        Step::tests("python tests", |log| log.run_tests(&mut pytest("not alone"), tally::pytest)),
        Step::check("python types", types),
        demos::step("python"),
    ];
    let alone = vec![Step::tests("python alone", |log| log.run_tests(&mut pytest("alone"), tally::pytest))];
    Plan { together, alone }
}

fn pytest(which: &str) -> Command {
    let mut pytest = python::inside(&environment(), "python");
    pytest.current_dir(repo::root().join("bindings-python")).args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", which, "tests"]);
    pytest
}

/// Builds both wheels and installs them into an empty environment, where the package must load with nothing else beside it.
/// Gives the environment back.
pub(crate) fn install(log: &Log) -> Result<PathBuf> {
    let tools = python::prepare(log)?;
    let wheels = [wheel(log, &tools, "bindings-python")?, wheel(log, &tools, "bindings-python/sandbox")?];
    let environment = environment();
    python::clean(log, &environment)?;
    let mut pip = python::inside(&tools, "python");
    pip.args(["-m", "pip", "--python"])
        .arg(environment.join("bin/python"))
        .args(["install", "--quiet", "--no-index", "--disable-pip-version-check"])
        .args(wheels);
    log.run(&mut pip)?;
    let mut probe = python::inside(&environment, "python");
    probe.current_dir(std::env::temp_dir()).args(["-I", "-c", "import videoid; print(videoid.__file__)"]);
    log.run(&mut probe)?;
    python::add_tools(&environment, &tools)?;
    Ok(environment)
}

/// The wheel of the package in that folder of the repository.
fn wheel(log: &Log, tools: &Path, package: &str) -> Result<PathBuf> {
    let wheels = repo::target().join("xtask/wheels").join(package.replace('/', "-"));
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

/// The stubs say what the module has, and the package and its tests agree with them.
fn types(log: &Log) -> Result<()> {
    let mut mypy = python::inside(&environment(), "python");
    mypy.current_dir(repo::root().join("bindings-python"))
        .args(["-m", "mypy", "--strict", "--cache-dir"])
        .arg(repo::target().join("xtask/mypy"))
        .args(["-p", "videoid", "-p", "videoid_sandbox"]);
    log.run(&mut mypy)?;
    let mut stubs = python::inside(&environment(), "python");
    stubs.current_dir(std::env::temp_dir()).args(["-m", "mypy.stubtest", "videoid._native"]);
    log.run(&mut stubs).map(drop)
}
