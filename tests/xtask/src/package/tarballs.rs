//! The Node packages as they are published: for every Linux with an old enough C library, and tried where nothing else is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};
use crate::test::node::tarballs;
use crate::toolchain::node;

use super::wheels::newest_glibc;

/// The oldest C library that the packages run on.
const OLDEST: (u32, u32) = (2, 17);

pub(super) fn make(log: &Log, out: &Path) -> Result<()> {
    node::prepare(log)?;
    let work = repo::target().join("xtask/package-node");
    if work.exists() {
        fs::remove_dir_all(&work).map_err(|e| Error::io("cannot remove", &work, &e))?;
    }
    fs::create_dir_all(&work).map_err(|e| Error::io("cannot make", &work, &e))?;
    let mut build = node::npm();
    build.args(["run", "--silent", "build"]);
    let on_glibc = cfg!(all(target_os = "linux", target_env = "gnu"));
    if on_glibc {
        with_old_libraries(log, &mut build)?;
    }
    log.run(&mut build)?;
    if on_glibc {
        built_files()?.iter().try_for_each(|file| check_glibc(log, file))?;
    }
    log.run(node::npm().args(["run", "--silent", "pack:all", "--"]).arg(&work))?;
    let packed = tarballs(&work)?;
    // The README's ten lines, where the tarballs are all there is.
    log.run(command("node").arg(node::package().join("scripts/try.mjs")).arg(&work))?;
    packed.iter().try_for_each(|tarball| super::keep(tarball, out))
}

/// The addon and the sandbox, where they are packed from.
fn built_files() -> Result<[PathBuf; 2]> {
    let package = node::package();
    let addon = fs::read_dir(&package)
        .map_err(|e| Error::io("cannot read", &package, &e))?
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|e| e == "node"))
        .ok_or_else(|| Error::new("no addon was built"))?;
    Ok([addon, package.join("sandbox/dist/videoid-sandbox")])
}

/// Looks for versions of the C library in what was linked.
fn check_glibc(log: &Log, file: &Path) -> Result<()> {
    let newest = newest_glibc(&fs::read(file).map_err(|e| Error::io("cannot read", file, &e))?);
    let found = format!("{}: glibc {}.{}", file.display(), newest.0, newest.1);
    log.note(&found);
    if newest == (0, 0) || newest > OLDEST { Err(Error::new(found)) } else { Ok(()) }
}

/// Lets zig link what is built.
fn with_old_libraries(log: &Log, build: &mut Command) -> Result<()> {
    let tools = zigbuild(log)?;
    let mut path = tools.join("bin").into_os_string();
    if let Some(rest) = std::env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    build
        .env("PATH", path)
        .env("VIDEOID_TARGET", target)
        .env("VIDEOID_ZIG", "1")
        .env("VIDEOID_GLIBC", format!("{}.{}", OLDEST.0, OLDEST.1));
    Ok(())
}

/// An environment with cargo-zigbuild and zig.
fn zigbuild(log: &Log) -> Result<PathBuf> {
    let list = repo::root().join("tests/xtask/requirements-node.txt");
    let folder = repo::target().join("xtask/zigbuild");
    let complete = folder.join("requirements.txt");
    let wanted = fs::read(&list).map_err(|e| Error::io("cannot read", &list, &e))?;
    if fs::read(&complete).is_ok_and(|found| found == wanted) {
        return Ok(folder);
    }
    log.run(command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    log.run_with_retries(|| {
        let mut pip = command(folder.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "-r"]).arg(&list);
        pip
    })?;
    fs::copy(&list, &complete).map_err(|e| Error::io("cannot write", &complete, &e))?;
    Ok(folder)
}
