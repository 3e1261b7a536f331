//! Python: a virtual environment with maturin, pytest, mypy and the rest of `requirements.txt`, kept in the cache.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};

fn requirements() -> PathBuf {
    repo::root().join("tests/xtask/requirements.txt")
}

/// One environment for each state of the list and each interpreter: an old branch does not disturb a new one.
fn folder() -> Result<PathBuf> {
    let path = requirements();
    let list = fs::read(&path).map_err(|e| Error::io("cannot read", &path, &e))?;
    let mut hasher = DefaultHasher::new();
    list.hash(&mut hasher);
    if let Ok(output) = Command::new("python3").arg("--version").output() {
        output.stdout.hash(&mut hasher);
    }
    Ok(repo::cache()?.join(format!("python-{:016x}", hasher.finish())))
}

/// Written last: an environment without it was not finished.
fn complete(folder: &Path) -> PathBuf {
    folder.join("videoid-complete")
}

/// The tools' environment, made when it is missing.
pub(crate) fn prepare(log: &Log) -> Result<PathBuf> {
    let folder = folder()?;
    if complete(&folder).is_file() {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| Error::io("cannot remove", &folder, &e))?;
    }
    log.run(command("python3").args(["-m", "venv"]).arg(&folder))
        .map_err(|e| Error::new(format!("{e}; on Debian `apt-get install python3-venv` has what venv needs")))?;
    log.run_with_retries(|| {
        let mut pip = command(folder.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(requirements());
        pip
    })?;
    let mark = complete(&folder);
    fs::write(&mark, "").map_err(|e| Error::io("cannot write", &mark, &e))?;
    Ok(folder)
}

/// For the list of toolchains.
pub(crate) fn state() -> String {
    match folder() {
        Ok(folder) if complete(&folder).is_file() => folder.display().to_string(),
        Ok(_) => "not installed yet (comes with the first run)".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// A command in an environment: its programs come first, as after `activate`.
pub(crate) fn inside(environment: &Path, program: &str) -> Command {
    let bin = environment.join("bin");
    let mut command = command(bin.join(program));
    let mut path = bin.into_os_string();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    command.env("PATH", path).env("VIRTUAL_ENV", environment).env_remove("PYTHONHOME").env_remove("PYTHONPATH");
    command
}

/// A new, empty environment: what is installed into it is all it has.
pub(crate) fn clean(log: &Log, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| Error::io("cannot remove", folder, &e))?;
    }
    log.run(command("python3").args(["-m", "venv", "--without-pip"]).arg(folder)).map(drop)
}

/// Installs a wheel into an environment, with nothing that it may name beside it.
pub(crate) fn install(log: &Log, tools: &Path, environment: &Path, wheel: &Path) -> Result<()> {
    let mut pip = inside(tools, "python");
    pip.args(["-m", "pip", "--python"])
        .arg(environment.join("bin/python"))
        .args(["install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", "--disable-pip-version-check"])
        .arg(wheel);
    log.run(&mut pip).map(drop)
}

/// Installs a list of pinned packages into an environment, with nothing but what the list names.
pub(crate) fn install_list(log: &Log, tools: &Path, environment: &Path, list: &Path) -> Result<()> {
    log.run_with_retries(|| {
        let mut pip = inside(tools, "python");
        pip.args(["-m", "pip", "--python"])
            .arg(environment.join("bin/python"))
            .args(["install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"])
            .arg(list);
        pip
    })
    .map(drop)
}

/// Lets an environment see the tools' packages too (pytest, mypy, the clients that are measured beside ours).
pub(crate) fn add_tools(environment: &Path, tools: &Path) -> Result<()> {
    let packages = site_packages(environment)?;
    let path = packages.join("videoid-tools.pth");
    let line = format!("{}\n", site_packages(tools)?.display());
    fs::write(&path, line).map_err(|e| Error::io("cannot write", &path, &e))
}

pub(crate) fn site_packages(environment: &Path) -> Result<PathBuf> {
    let lib = environment.join("lib");
    fs::read_dir(&lib)
        .map_err(|e| Error::io("cannot read", &lib, &e))?
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.path().join("site-packages"))
        .find(|path| path.is_dir())
        .ok_or_else(|| Error::new(format!("no site-packages in {}", lib.display())))
}
