//! Node: the packages that `bindings-node/package-lock.json` names.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, command};

/// The folder of the Node package.
pub(crate) fn package() -> PathBuf {
    repo::root().join("bindings-node")
}

/// `npm` in the package's folder, without the talk about funding and new versions.
pub(crate) fn npm() -> Command {
    let mut command = command("npm");
    command
        .current_dir(package())
        .env("npm_config_fund", "false")
        .env("npm_config_audit", "false")
        .env("npm_config_update_notifier", "false");
    command
}

/// A copy of the lock that was installed last: npm's own note of it leaves out what does not fit the platform.
fn installed() -> PathBuf {
    package().join("node_modules/.videoid-lock.json")
}

fn up_to_date() -> bool {
    let lock = fs::read(package().join("package-lock.json"));
    let kept = fs::read(installed());
    matches!((lock, kept), (Ok(lock), Ok(kept)) if lock == kept)
}

/// Installs the packages when the lock has changed since they were.
pub(crate) fn prepare(log: &Log) -> Result<()> {
    if up_to_date() {
        return Ok(());
    }
    log.run_with_retries(|| {
        let mut npm = npm();
        npm.args(["ci", "--omit-lockfile-registry-resolved"]);
        npm
    })?;
    let path = installed();
    fs::copy(package().join("package-lock.json"), &path).map(drop).map_err(|e| Error::io("cannot write", &path, &e))
}

/// For the list of toolchains.
pub(crate) fn state() -> String {
    if up_to_date() { "up to date".to_owned() } else { "not installed yet (comes with the first run)".to_owned() }
}
