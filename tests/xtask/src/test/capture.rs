//! The packages for capture apps: the library as it ships, the Maven module and the Swift package over it, and what they hand to a backend.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::capture;
use crate::error::{Error, Result};
use crate::repo;
use crate::specimen;
use crate::steps::{Log, Step, cargo, command};
use crate::tally::{self, Tally};
use crate::toolchain::jvm::maven_on;
use crate::toolchain::swift;

use super::swift::swift_with;

/// What a library that makes no calls has no use for.
const NEVER: [&str; 9] = ["tokio", "reqwest", "hyper", "rustls", "ring", "tokio-rustls", "http-body", "x509-parser", "p12-keystore"];

/// The library, while the toolchains are fetched: it waits for no other build.
pub(super) fn library() -> Vec<Step> {
    vec![Step::needed("capture library", |log| {
        nothing_of_a_client(log)?;
        log.run(&mut capture::build())?;
        log.run(&mut capture::strip()?)?;
        let library = capture::folder().join(capture::FILE);
        let length = fs::metadata(&library).map_err(|e| Error::io("cannot find", &library, &e))?.len();
        log.note(&format!("{length} bytes, stripped"));
        if length > capture::LARGEST {
            return Err(Error::new(format!("the library has {length} bytes, at most {} are allowed", capture::LARGEST)));
        }
        Ok(())
    })]
}

/// What cargo builds it of.
fn nothing_of_a_client(log: &Log) -> Result<()> {
    let tree =
        log.run(cargo().args(["tree", "--locked", "--package", "videoid-capture", "--edges", "normal,build", "--prefix", "none"]))?;
    let crates: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    // A tree without the core would be no tree.
    if !crates.contains(&"videoid") {
        return Err(Error::new("cargo tree does not name the core"));
    }
    let wrong: Vec<&str> = NEVER.into_iter().filter(|name| crates.contains(name)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(Error::new(format!("the library for capture apps holds {}", wrong.join(", ")))) }
}

/// The steps of one language's package.
pub(super) fn together(language: &str) -> Vec<Step> {
    match language {
        "kotlin" => vec![
            Step::check("capture 16 KB check", pages),
            // Into the local repository too, where the example looks for it.
            Step::needed("capture kotlin package", |log| {
                log.run_with_retries(|| {
                    let mut maven = maven();
                    maven.args(["-q", "-DskipTests", "install"]);
                    maven
                })
                .map(drop)
            }),
            Step::tests("capture kotlin tests", |log| {
                log.run_tests(maven().args(["-DexcludedGroups=alone", "surefire:test"]), tally::surefire)
            }),
        ],
        "swift" => vec![
            Step::needed("capture swift build", |log| log.run(on_swift("build")?.arg("--build-tests")).map(drop)),
            Step::tests("capture swift tests", |log| {
                log.run_tests(on_swift("test")?.args(["--skip-build", "--skip", "alone"]), tally::swift)
            }),
        ],
        _ => Vec::new(),
    }
}

/// The script that looks at libraries for Android takes those for pages of 16 KB, and no others.
fn pages(log: &Log) -> Result<()> {
    let script = repo::root().join("bindings-mobile/android/capture/check-16kb.sh");
    let folder = repo::target().join("capture-pages");
    for (size, wanted) in [("4096", false), ("16384", true)] {
        let folder = folder.join(size);
        fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make", &folder, &e))?;
        let mut link = command("cc");
        link.args(["-shared", "-nostdlib", "-x", "c", "/dev/null"]).arg(format!("-Wl,-z,max-page-size={size},-z,common-page-size=4096"));
        log.run(link.arg("-o").arg(folder.join("libempty.so")))?;
        if log.run(command("sh").arg(&script).arg(&folder)).is_ok() != wanted {
            return Err(Error::new(format!("the check takes pages of {size} bytes for what they are not")));
        }
    }
    Ok(())
}

/// The steps that measure.
pub(super) fn alone(language: &str) -> Vec<Step> {
    match language {
        "kotlin" => vec![Step::tests("capture kotlin alone", |log| {
            log.run_tests(maven().args(["-Dgroups=alone", "surefire:test"]), tally::surefire)
        })],
        "swift" => vec![Step::tests("capture swift alone", |log| {
            log.run_tests(on_swift("test")?.args(["--skip-build", "--filter", "alone"]), tally::swift)
        })],
        _ => Vec::new(),
    }
}

/// What each app saves, each backend takes to ENROLLREADY. `apps` and `backends` are languages whose packages are built.
pub(super) fn bundles(apps: Vec<&'static str>, backends: Vec<&'static str>) -> Vec<Step> {
    if apps.is_empty() || backends.is_empty() {
        return Vec::new();
    }
    vec![Step::tests("capture bundles", move |log| {
        let this = std::env::current_exe().map_err(|e| Error::new(format!("cannot find this program: {e}")))?;
        let folder = repo::target().join("demo/capture");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|e| Error::io("cannot empty", &folder, &e))?;
        }
        let drawn = specimen::draw(&folder.join("drawn"))?;
        for app in &apps {
            let bundle = folder.join(format!("bundle-{app}"));
            let mut capturing = app_program(app, log)?;
            capturing.arg("--front").arg(&drawn.front).arg("--rear").arg(&drawn.rear).arg("--owner").arg(&drawn.owner);
            capturing.arg("--video").arg(repo::root().join("tests/fixtures/specimen.mp4")).arg("--out").arg(&bundle);
            let told = log.run(&mut capturing)?;
            // Manifest, evidence, three pictures and a video; the manifest does not name itself.
            if !told.contains(r#"{"event":"done","files":5}"#) {
                return Err(Error::new(format!("the example of {app} did not save a whole bundle")));
            }
            for backend in &backends {
                let mut demo = command(&this);
                demo.args(["demo", "--built", "--language", backend, "--bundle"]).arg(&bundle);
                demo.arg("--out").arg(folder.join(format!("{app}-{backend}")));
                log.run(&mut demo)?;
                log.count(Tally { passed: 1, ..Tally::default() });
            }
        }
        Ok(())
    })]
}

/// The capture story of a language, built; without arguments.
fn app_program(language: &str, log: &Log) -> Result<Command> {
    if language == "kotlin" {
        let project = repo::root().join("examples/android/capture-story");
        log.run_with_retries(|| {
            let mut maven = maven_on(&project.join("pom.xml"));
            maven.args(["-q", "package"]);
            maven
        })?;
        let mut java = command("java");
        java.arg("-jar").arg(project.join("target/videoid-capture-example.jar"));
        return Ok(java);
    }
    let package = repo::root().join("examples/ios/capture-story");
    log.run(&mut swift_with(&capture::folder(), "build", &package, &[])?)?;
    let mut program = swift::inside(&package.join(".build/debug/videoid-capture-example"), &package, &[repo::target()])?;
    program.env("LD_LIBRARY_PATH", capture::folder());
    Ok(program)
}

/// Maven on the module, with the library that ships.
fn maven() -> Command {
    let mut maven = maven_on(&repo::root().join("bindings-mobile/android/capture/pom.xml"));
    maven.env("VIDEOID_NATIVE_DIR", capture::folder());
    maven
}

fn swift_package() -> PathBuf {
    repo::root().join("bindings-mobile/swift/Capture")
}

/// `swift SUBCOMMAND` on the package, with the library that ships.
fn on_swift(subcommand: &str) -> Result<Command> {
    swift_with(&capture::folder(), subcommand, &swift_package(), &[])
}
