//! Python: the stubs say what the module has, and two type checkers agree with the package and its examples.

use std::path::Path;

use crate::error::Result;
use crate::repo;
use crate::steps::Log;
use crate::toolchain::{self, pyright, python};

use super::python::environment;
use super::python_examples;

pub(super) fn check(log: &Log) -> Result<()> {
    let package = repo::root().join("bindings-python");
    let mut mypy = python::inside(&environment(), "python");
    mypy.current_dir(&package).args(["-m", "mypy", "--strict", "--cache-dir"]).arg(repo::target().join("xtask/mypy")).args([
        "-p",
        "videoid",
        "-p",
        "videoid_sandbox",
    ]);
    log.run(&mut mypy)?;
    let mut stubs = python::inside(&environment(), "python");
    stubs.current_dir(std::env::temp_dir()).args(["-m", "mypy.stubtest", "videoid", "videoid_sandbox", "--allowlist"]);
    stubs.arg(package.join("tests/stubtest_allowlist.txt"));
    log.run(&mut stubs)?;
    pyright_check(log, "plain.json", &environment())
}

/// The examples that need more than the package, where that is installed.
pub(super) fn check_service(log: &Log) -> Result<()> {
    let service = python_examples::folder().join("service");
    let mut mypy = python::inside(&environment(), "python");
    mypy.args(["-m", "mypy", "--strict", "--cache-dir"])
        .arg(repo::target().join("xtask/mypy-service"))
        .arg("--python-executable")
        .arg(service.join("bin/python"))
        .arg(repo::root().join("examples/python/service/service.py"));
    log.run(&mut mypy)?;
    pyright_check(log, "service.json", &service)
}

/// Runs on Node: where there is none, the run of all languages says so.
fn pyright_check(log: &Log, project: &str, environment: &Path) -> Result<()> {
    if let Some(text) = toolchain::missing("node") {
        log.note(&format!("no pyright: {text}"));
        return Ok(());
    }
    let mut check = pyright::prepare(log)?;
    check.arg("--project").arg(pyright::folder().join(project)).arg("--pythonpath").arg(environment.join("bin/python"));
    log.run(&mut check).map(drop)
}
