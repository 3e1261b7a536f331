//! Pyright, as `tests/xtask/pyright/package-lock.json` names it, kept in the cache. It runs on Node.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};

use super::node;

/// Where its lock is, and what it is told to check.
pub(crate) fn folder() -> PathBuf {
    repo::root().join("tests/xtask/pyright")
}

/// The program, installed when it is missing.
pub(crate) fn prepare(log: &Log) -> Result<Command> {
    let lock = folder().join("package-lock.json");
    let content = fs::read(&lock).map_err(|e| Error::io("cannot read", &lock, &e))?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let place = repo::cache()?.join(format!("pyright-{:016x}", hasher.finish()));
    let program = place.join("node_modules/pyright/index.js");
    // Written last: a folder without it was not finished.
    let mark = place.join("videoid-complete");
    if !mark.is_file() {
        fs::create_dir_all(&place).map_err(|e| Error::io("cannot make", &place, &e))?;
        for name in ["package.json", "package-lock.json"] {
            fs::copy(folder().join(name), place.join(name)).map_err(|e| Error::io("cannot write", &place.join(name), &e))?;
        }
        log.run_with_retries(|| {
            let mut npm = node::npm();
            npm.current_dir(&place).args(["ci", "--omit-lockfile-registry-resolved"]);
            npm
        })?;
        fs::write(&mark, "").map_err(|e| Error::io("cannot write", &mark, &e))?;
    }
    let mut pyright = command("node");
    pyright.arg(program);
    Ok(pyright)
}
