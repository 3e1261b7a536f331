//! Rust: formatting, lints, generated code, and the tests of the core, the sandbox, the runner and these commands.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, Step, cargo, command};
use crate::tally::{self, Tally};

use super::{Plan, demos, licences};

/// The crates whose tests are Rust tests; the bindings are tested through their packages.
const TESTED: [&str; 3] = ["videoid", "videoid-sandbox", "videoid-runner"];

/// What one call of cargo builds and another tests. Always the same crates, whatever was asked for: cargo gives shared
/// dependencies the features that the chosen crates want together, and another choice would compile them again.
/// Not among them: this program; the Python module, which maturin builds with settings of its own; the generator of
/// Kotlin and Swift, which wants more of `uniffi` than the library; and the library for capture apps, which wants less of the core.
const TOGETHER: [&str; 9] =
    ["--workspace", "--exclude", "xtask", "--exclude", "videoid-python", "--exclude", "videoid-bindgen", "--exclude", "videoid-capture"];

/// The one build: libraries and programs for every language, and the test programs when Rust is among them.
pub(super) fn build(languages: &[&'static str]) -> Vec<Step> {
    let rust = languages.contains(&"rust");
    vec![Step::check("build", move |log| {
        let mut build = cargo();
        build.args(["build", "--locked", "--profile", repo::PROFILE]).args(TOGETHER);
        log.run(&mut build)?;
        if rust {
            let names = integration_tests(log)?;
            log.run(test(names.iter()).arg("--no-run"))?;
        }
        Ok(())
    })]
}

/// `cargo test` on those programs, and on the unit tests of the crates.
fn test<'a>(programs: impl Iterator<Item = &'a String>) -> std::process::Command {
    let mut test = cargo();
    test.args(["test", "--locked", "--no-fail-fast", "--profile", repo::PROFILE]).args(TOGETHER).args(["--lib", "--bins"]);
    for name in programs {
        test.args(["--test", name]);
    }
    test
}

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::check("rust format", |log| log.run(cargo().args(["fmt", "--all", "--check"])).map(drop)),
        Step::check("rust generate", |log| {
            let this = std::env::current_exe().map_err(|e| Error::new(format!("cannot find this program: {e}")))?;
            log.run(command(this).args(["generate", "--check"])).map(drop)
        }),
        Step::check("rust licences", licences::check),
        Step::tests("rust tests", |log| {
            let names = integration_tests(log)?;
            log.run_tests(&mut test(names.iter().filter(|name| !is_alone(name))), tally::cargo)
        }),
        Step::tests("rust doc tests", |log| {
            let mut test = cargo();
            test.args(["test", "--locked", "--profile", repo::PROFILE, "--package", "videoid", "--doc"]);
            log.run_tests(&mut test, tally::cargo)
        }),
        Step::tests("rust xtask tests", |log| {
            let mut test = cargo();
            test.args(["test", "--locked", "--profile", repo::PROFILE, "--package", "xtask"]);
            log.run_tests(&mut test, tally::cargo)
        }),
        Step::tests("rust curl workflow", |log| {
            // A script fails when an answer is not what the vendor's guide shows; each counts as one test.
            let sandbox = repo::target().join(repo::PROFILE).join("videoid-sandbox");
            for script in workflow_scripts()? {
                log.run(command("bash").arg(script).arg(&sandbox))?;
                log.count(Tally { passed: 1, ..Tally::default() });
            }
            Ok(())
        }),
        demos::step("rust"),
        Step::check("rust lints", |log| {
            log.run(cargo().args([
                "clippy",
                "--locked",
                "--profile",
                repo::PROFILE,
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]))
            .map(drop)
        }),
    ];
    let alone = vec![Step::tests("rust alone", |log| {
        let mut test = cargo();
        test.args(["test", "--locked", "--no-fail-fast", "--profile", repo::PROFILE]).args(TOGETHER);
        let names = integration_tests(log)?;
        for name in names.iter().filter(|name| is_alone(name)) {
            test.args(["--test", name]);
        }
        if !names.iter().any(|name| is_alone(name)) {
            return Err(Error::new("there is no test program whose name begins with alone_"));
        }
        log.run_tests(test.args(["--", "--test-threads=1"]), tally::cargo)
    })];
    Plan { together, alone }
}

/// The flows as one types them with curl.
fn workflow_scripts() -> Result<BTreeSet<PathBuf>> {
    let folder = repo::root().join("tests/sandbox/tests");
    let entries = std::fs::read_dir(&folder).map_err(|e| Error::io("cannot read", &folder, &e))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.extension().is_some_and(|e| e == "sh")).collect())
}

/// Tests that measure memory or the course of a cancellation carry it in their name.
fn is_alone(name: &str) -> bool {
    name.starts_with("alone_")
}

/// The names of the test programs, as cargo knows them.
fn integration_tests(log: &Log) -> Result<BTreeSet<String>> {
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .output()
        .map_err(|e| Error::new(format!("cannot start cargo: {e}")))?;
    if !output.status.success() {
        log.note(&String::from_utf8_lossy(&output.stderr));
        return Err(Error::new("cargo metadata failed"));
    }
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|e| Error::new(format!("cargo metadata: {e}")))?;
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    Ok(list(&all["packages"])
        .iter()
        .filter(|package| TESTED.iter().any(|name| package["name"] == **name))
        .flat_map(|package| list(&package["targets"]))
        .filter(|target| list(&target["kind"]).iter().any(|kind| kind == "test"))
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect())
}
