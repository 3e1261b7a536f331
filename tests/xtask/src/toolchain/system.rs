//! Small programs that the checks use beside the languages' own: Debian's packages, installed when they are missing.

use std::process::Command;

use crate::error::{Error, Result};
use crate::steps::Log;

use super::find;

/// Program and package: `curl` and `jq` type and read the workflow by hand, `pdftotext` opens the contract.
const PROGRAMS: [(&str, &str); 3] = [("curl", "curl"), ("jq", "jq"), ("pdftotext", "poppler-utils")];

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
