//! Small programs that the checks use beside the languages' own: Debian's packages, installed when they are missing.

use std::process::Command;

use crate::error::{Error, Result};
use crate::steps::Log;

use super::find;

/// Program and package: `curl` and `jq` type and read the workflow by hand, `pdftotext` opens the contract; `pdfsig` checks
/// signed documents against a database that `certutil` makes, and `openssl` the signatures of digests.
const PROGRAMS: [(&str, &str); 6] = [
    ("curl", "curl"),
    ("jq", "jq"),
    ("pdftotext", "poppler-utils"),
    ("pdfsig", "poppler-utils"),
    ("certutil", "libnss3-tools"),
    ("openssl", "openssl"),
];

/// Installs what is missing. Without apt it says what is to be installed.
pub(super) fn prepare(log: &Log) -> Result<()> {
    let packages: Vec<&str> = PROGRAMS.iter().filter(|(program, _)| find(program).is_none()).map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    if find("apt-get").is_none() {
        return Err(Error::new(format!("the checks need the packages {}", packages.join(", "))));
    }
    let install = |log: &Log| {
        log.run(Command::new("apt-get").args(["-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends"]).args(&packages))
            .map(drop)
    };
    // The list of packages of a fresh machine may be old or empty.
    install(log).or_else(|_| log.run(Command::new("apt-get").arg("update")).and_then(|_| install(log)))
}
