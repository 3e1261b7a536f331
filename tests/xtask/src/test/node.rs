//! Node: the addon and its package; the package's own script packs it, installs it elsewhere and runs the tests.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, Step, command};
use crate::tally;
use crate::toolchain::node::{self, npm};

use super::{Plan, demos};

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::needed("node package", |log| log.run(npm().args(["run", "--silent", "build:ci"])).map(drop)),
        Step::check("node types", |log| log.run(npm().args(["run", "--silent", "typecheck"])).map(drop)),
        Step::tests("node tests", |log| log.run_tests(npm().args(["run", "--silent", "test:ci"]), tally::node)),
        demos::step("node"),
    ];
    let alone = vec![Step::tests("node alone", |log| log.run_tests(npm().args(["run", "--silent", "test:alone"]), tally::node))];
    Plan { together, alone }
}

/// A folder of its own with nothing but the packed package installed.
fn place() -> PathBuf {
    repo::target().join("xtask/node")
}

/// Builds the package, packs it and its platform's part, and installs both where nothing else is.
pub(crate) fn install(log: &Log) -> Result<()> {
    node::prepare(log)?;
    log.run(npm().args(["run", "--silent", "build:ci"]))?;
    let packs = repo::target().join("xtask/npm");
    for folder in [&packs, &place()] {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(|e| Error::io("cannot remove", folder, &e))?;
        }
        fs::create_dir_all(folder).map_err(|e| Error::io("cannot make", folder, &e))?;
    }
    log.run(npm().args(["run", "--silent", "pack:all", "--"]).arg(&packs))?;
    let manifest = place().join("package.json");
    fs::write(&manifest, "{ \"private\": true }\n").map_err(|e| Error::io("cannot write", &manifest, &e))?;
    let mut install = command("npm");
    install.current_dir(place()).args(["install", "--offline", "--no-audit", "--no-fund", "--silent"]);
    let tarballs = tarballs(&packs)?;
    if tarballs.len() < 2 {
        return Err(Error::new(format!("the package and its platform's part should be in {}", packs.display())));
    }
    log.run(install.args(tarballs)).map(drop)
}

/// The tarballs in a folder.
pub(crate) fn tarballs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|e| Error::io("cannot read", folder, &e))?
        .filter_map(std::result::Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "tgz"))
        .collect();
    found.sort();
    Ok(found)
}

/// Puts a program beside the installed package, since Node looks for packages from where the program is.
pub(crate) fn with_example(program: &Path) -> Result<PathBuf> {
    let name = program.file_name().ok_or_else(|| Error::new("a program has a name"))?;
    let copy = place().join(name);
    fs::copy(program, &copy).map_err(|e| Error::io("cannot copy", program, &e))?;
    Ok(copy)
}
