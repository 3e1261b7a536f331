//! `cargo xtask package`: what is published, built as it is published, into `dist/`.

mod size;
mod swift_zip;
mod tarballs;
mod wheels;

use std::fs;
use std::path::{Path, PathBuf};

use crate::args::Args;
use crate::capture;
use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{self, Log, Step, cargo};
use crate::toolchain::{self, jvm};

pub(crate) const HELP: &str = "\
cargo xtask package [--only PARTS] [--out DIR]

Builds what is published, with full optimisation, and prints the sizes.

  --only PARTS   some of sandbox,python,node,kotlin,swift
  --out DIR      where it goes (default: dist in the repository)

python: two wheels, the package's and the sandbox's, for every Linux with glibc 2.17 (linked by zig), and their source
        distributions; each is installed where nothing else is, those from source too, and the README's ten lines are run
node:   the tarballs of the package, of the sandbox and of this platform's part of each, for glibc 2.17 too; they are installed
        where nothing else is, and the README's ten lines are run
kotlin: the jar with this platform's library, and its sources; the same of the package for capture apps
swift:  the package's folder and this platform's library, zipped; the same of the package for capture apps
";

const PARTS: [&str; 5] = ["sandbox", "python", "node", "kotlin", "swift"];

/// `cargo xtask package`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let only = args.words("--only", &PARTS)?;
    let out = args.path("--out")?.unwrap_or_else(|| repo::root().join("dist"));
    args.finish()?;
    fs::create_dir_all(&out).map_err(|e| Error::io("cannot make", &out, &e))?;
    let mut lane = Vec::new();
    for part in PARTS.into_iter().filter(|part| only.as_ref().is_none_or(|only| only.iter().any(|o| o == part))) {
        let out = out.clone();
        lane.push(vec![Step::check(format!("package {part}"), move |log| one(part, log, &out))]);
    }
    // One after the other: each is a build that uses every core. One that fails does not keep the others back.
    let outcomes: Vec<_> = lane.into_iter().flat_map(|steps| steps::run(vec![steps])).collect();
    size::print(&out)?;
    match outcomes.iter().filter(|outcome| outcome.problem.is_some()).count() {
        0 => Ok(()),
        count => Err(Error::new(format!("{count} of {} packages could not be made", outcomes.len()))),
    }
}

fn one(part: &str, log: &Log, out: &Path) -> Result<()> {
    match part {
        "python" => wheels::make(log, out),
        "node" => tarballs::make(log, out),
        "kotlin" => jar(log, out),
        "swift" => swift_zip::make(log, out),
        _ => sandbox(log, out),
    }
}

/// Where cargo leaves what is built with a profile.
fn built(profile: &str) -> PathBuf {
    repo::target().join(profile)
}

fn keep(file: &Path, out: &Path) -> Result<()> {
    let name = file.file_name().ok_or_else(|| Error::new(format!("{} is no file", file.display())))?;
    fs::copy(file, out.join(name)).map(drop).map_err(|e| Error::io("cannot copy", file, &e))
}

fn sandbox(log: &Log, out: &Path) -> Result<()> {
    log.run(cargo().args(["build", "--locked", "--release", "--package", "videoid-sandbox"]))?;
    keep(&built("release").join("videoid-sandbox"), out)
}

/// The library of the mobile packages as it ships: small, and stripped of everything but what the loader needs.
fn mobile_library(log: &Log) -> Result<PathBuf> {
    const PROFILE: &str = "release-mobile";
    log.run(cargo().args(["build", "--locked", "--profile", PROFILE, "--package", "videoid-mobile"]))?;
    Ok(built(PROFILE))
}

/// The library for capture apps: the folder that it is in.
fn capture_library(log: &Log) -> Result<PathBuf> {
    log.run(&mut capture::build())?;
    log.run(&mut capture::strip()?)?;
    Ok(capture::folder())
}

fn jar(log: &Log, out: &Path) -> Result<()> {
    if let Some(text) = toolchain::missing("kotlin") {
        return Err(Error::new(text));
    }
    let library = mobile_library(log)?;
    let android = repo::root().join("bindings-mobile/android");
    // The package for backends, and the one for apps with its own library.
    for (project, library) in [(android.clone(), library), (android.join("capture"), capture_library(log)?)] {
        let mut maven = jvm::maven_on(&project.join("pom.xml"));
        log.run(maven.args(["-Dmaven.test.skip=true", "clean", "package"]).env("VIDEOID_NATIVE_DIR", &library))?;
        let target = project.join("target");
        for entry in fs::read_dir(&target).map_err(|e| Error::io("cannot read", &target, &e))?.filter_map(std::result::Result::ok) {
            if entry.path().extension().is_some_and(|e| e == "jar") {
                keep(&entry.path(), out)?;
            }
        }
    }
    // The next demo has to put the tests' library into its jar again.
    let stamp = repo::target().join("xtask/kotlin.stamp");
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(|e| Error::io("cannot remove", &stamp, &e))?;
    }
    Ok(())
}
