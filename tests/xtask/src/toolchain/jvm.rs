//! Kotlin on the JVM: Maven and what it fetches into its own repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Result;
use crate::repo;
use crate::steps::{Log, command};

/// The Maven project of the Kotlin package.
pub(crate) fn pom() -> PathBuf {
    repo::root().join("bindings-mobile/android/pom.xml")
}

/// Maven on the package, without questions and progress bars.
pub(crate) fn maven() -> Command {
    maven_on(&pom())
}

/// The same on another project.
pub(crate) fn maven_on(pom: &Path) -> Command {
    let mut maven = command("mvn");
    maven.args(["-B", "-ntp", "-f"]).arg(pom);
    maven
}

/// Fetches the compiler, the plugins and the libraries.
///
/// Compiling the tests is what fetches them all, but it needs the native library; so the plugins are resolved here
/// and the rest comes with the build, which is tried again when the network fails.
pub(crate) fn prepare(log: &Log) -> Result<()> {
    let offline = log.run(maven().args(["-o", "-q", "dependency:resolve"]));
    if offline.is_ok() {
        return Ok(());
    }
    log.run_with_retries(|| {
        let mut maven = maven();
        maven.args(["-q", "dependency:resolve"]);
        maven
    })
    .map(drop)
}
