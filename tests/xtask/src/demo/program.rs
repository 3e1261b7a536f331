//! How each language's example is built and started. Steps that find their result newer than its sources do nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{self, Log, Step, cargo};
use crate::test;
use crate::toolchain::{self, jvm, python, swift};

fn example(name: &str) -> PathBuf {
    repo::root().join("examples").join(name)
}

fn swift_program() -> PathBuf {
    example("ios").join(".build/debug/videoid-example")
}

/// What has to be built before the story of a language can be told. `built`: the tests have built and installed the language's
/// package already, and only its example may be missing.
pub(crate) fn steps(language: &str, built: bool) -> Vec<Step> {
    let mut steps = if built { Vec::new() } else { foundations(language) };
    match language {
        "python" if !built => steps.push(Step::needed("demo python package", |log| {
            unless_fresh("python", &["bindings-python", "core/src", "Cargo.lock"], || test::python::install(log).map(drop))
        })),
        "node" => steps.push(Step::needed("demo node package", |log| {
            unless_fresh("node", &["bindings-node", "core/src", "Cargo.lock"], || test::node::install(log))
        })),
        "kotlin" => steps.push(Step::needed("demo kotlin package", |log| {
            unless_fresh(
                "kotlin",
                &["bindings-mobile/android", "bindings-mobile/src", "core/src", "examples/android", "Cargo.lock"],
                || {
                    log.run(jvm::maven().args(["-Dmaven.test.skip=true", "install"]))?;
                    log.run(steps::command("mvn").args(["-B", "-ntp", "-f"]).arg(example("android").join("pom.xml")).arg("package"))
                        .map(drop)
                },
            )
        })),
        "swift" => steps.push(Step::needed("demo swift package", |log: &Log| {
            log.run(&mut test::swift::swift("build", &example("ios"), &[])?).map(drop)
        })),
        _ => {}
    }
    steps
}

/// The sandbox, the libraries and the toolchain.
fn foundations(language: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let crates: &'static [&'static str] = match language {
        "rust" => &["videoid-sandbox", "videoid-example"],
        "node" => &["videoid-sandbox", "videoid-node"],
        "kotlin" | "swift" => &["videoid-sandbox", "videoid-mobile"],
        _ => &["videoid-sandbox"],
    };
    steps.push(Step::needed("demo build", move |log| {
        let mut build = cargo();
        build.args(["build", "--locked", "--profile", repo::PROFILE]);
        for name in crates {
            build.args(["--package", name]);
        }
        log.run(&mut build).map(drop)
    }));
    if language != "rust" {
        let name = language.to_owned();
        steps.push(Step::needed(format!("demo {language} toolchain"), move |log| toolchain::prepare(&name, log)));
    }
    steps
}

/// The example of a language, without arguments. `seen`: folders that it needs besides the repository.
pub(crate) fn command(language: &str, seen: &[PathBuf]) -> Result<Command> {
    Ok(match language {
        "python" => {
            let mut python = python::inside(&test::python::environment(), "python");
            python.arg(example("python").join("external_videoid.py"));
            python
        }
        "node" => {
            let mut node = steps::command("node");
            node.arg(test::node::with_example(&example("node").join("external-videoid.mjs"))?);
            node
        }
        "kotlin" => {
            let mut java = steps::command("java");
            java.arg("-jar").arg(example("android").join("target/videoid-example.jar"));
            java
        }
        "swift" => {
            let mut program = swift::inside(&swift_program(), &example("ios"), seen)?;
            program.env("LD_LIBRARY_PATH", repo::built());
            program
        }
        _ => steps::command(repo::built().join("videoid-example")),
    })
}

/// Does `build` unless it went well before and nothing under `sources` has changed since.
fn unless_fresh(name: &str, sources: &[&str], build: impl FnOnce() -> Result<()>) -> Result<()> {
    let folder = repo::target().join("xtask");
    let stamp = folder.join(format!("{name}.stamp"));
    let last = fs::metadata(&stamp).and_then(|data| data.modified()).ok();
    let newest = sources.iter().filter_map(|source| newest(&repo::root().join(source))).max();
    if let (Some(last), Some(newest)) = (last, newest)
        && last > newest
    {
        return Ok(());
    }
    // Taken before the build: what changes meanwhile is seen the next time.
    fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make", &folder, &e))?;
    let fresh = folder.join(format!("{name}.stamp.new"));
    fs::write(&fresh, "").map_err(|e| Error::io("cannot write", &fresh, &e))?;
    build()?;
    fs::rename(&fresh, &stamp).map_err(|e| Error::io("cannot write", &stamp, &e))
}

/// The latest change of any source file in a folder; what builds leave there does not count.
fn newest(path: &Path) -> Option<SystemTime> {
    const LEFT_BY_BUILDS: [&str; 7] = ["target", "node_modules", "dist", ".build", "__pycache__", ".mypy_cache", ".pytest_cache"];
    let data = fs::symlink_metadata(path).ok()?;
    if !data.is_dir() {
        let built = path.extension().is_some_and(|e| e == "node" || e == "so" || e == "pyc");
        return if built { None } else { data.modified().ok() };
    }
    let name = path.file_name()?.to_string_lossy().into_owned();
    if LEFT_BY_BUILDS.contains(&name.as_str()) {
        return None;
    }
    fs::read_dir(path).ok()?.filter_map(std::result::Result::ok).filter_map(|entry| newest(&entry.path())).max()
}
