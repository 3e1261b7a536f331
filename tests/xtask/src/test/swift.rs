//! Swift: the package, compiled and tested against the library that cargo built.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Result;
use crate::repo;
use crate::steps::Step;
use crate::tally;
use crate::toolchain::swift;

use super::{Plan, demos};

fn package() -> PathBuf {
    repo::root().join("bindings-mobile/swift")
}

/// `swift SUBCOMMAND` on the package, with the library found by linker and loader.
pub(crate) fn swift(subcommand: &str, package: &Path, seen: &[PathBuf]) -> Result<Command> {
    swift_with(&repo::built(), subcommand, package, seen)
}

/// The same with a library in another folder.
pub(crate) fn swift_with(library: &Path, subcommand: &str, package: &Path, seen: &[PathBuf]) -> Result<Command> {
    let mut command = swift::inside(Path::new("swift"), package, seen)?;
    command.arg(subcommand).arg("--package-path").arg(package);
    let folder = library.to_string_lossy();
    for arg in [format!("-L{folder}"), "-rpath".to_owned(), folder.to_string()] {
        command.args(["-Xlinker", &arg]);
    }
    command.env("LD_LIBRARY_PATH", library);
    Ok(command)
}

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::needed("swift build", |log| {
            let mut build = swift("build", &package(), &[])?;
            log.run(build.arg("--build-tests")).map(drop)
        }),
        Step::tests("swift tests", |log| {
            let mut test = swift("test", &package(), &[])?;
            log.run_tests(test.args(["--skip-build", "--skip", "Alone"]), tally::swift)
        }),
        demos::step("swift"),
    ];
    let alone = vec![Step::tests("swift alone", |log| {
        let mut test = swift("test", &package(), &[])?;
        log.run_tests(test.args(["--skip-build", "--filter", "Alone"]), tally::swift)
    })];
    Plan { together, alone }
}
