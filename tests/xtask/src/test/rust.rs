//! Rust: formatting, lints, generated code, and the tests of the core, the sandbox, the runner and these commands.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, Step, cargo, command};
use crate::tally::{self, Tally};

use super::Plan;

/// The crates whose tests are Rust tests; the bindings are tested through their packages.
const TESTED: [&str; 3] = ["videoid", "videoid-sandbox", "videoid-runner"];

/// The one build: every crate that a language needs, in one call, so that each dependency is compiled once.
pub(super) fn build(languages: &[&'static str]) -> Vec<Step> {
    let languages = languages.to_vec();
    vec![Step::check("build", move |log| {
        let mut build = cargo();
        build.args(["build", "--locked", "--profile", repo::PROFILE]);
        // Always the same set, whatever is asked for: another set would be another compilation of what they share.
        build.args(["--workspace", "--exclude", "xtask"]);
        if languages.contains(&"rust") {
            // The test programs too: the lanes that follow then find everything compiled.
            build.args(["--lib", "--bins", "--examples"]);
        }
        log.run(&mut build).map(drop)
    })]
}

pub(super) fn plan() -> Plan {
    let together = vec![
        Step::check("rust format", |log| log.run(cargo().args(["fmt", "--all", "--check"])).map(drop)),
        Step::check("rust generate", |log| {
            let this = std::env::current_exe().map_err(|e| Error::new(format!("cannot find this program: {e}")))?;
            log.run(command(this).args(["generate", "--check"])).map(drop)
        }),
        Step::tests("rust tests", |log| {
            let mut test = cargo();
            test.args(["test", "--locked", "--no-fail-fast", "--profile", repo::PROFILE]);
            select(&mut test);
            test.args(["--lib", "--bins"]);
            for name in integration_tests(log)?.iter().filter(|name| !is_alone(name)) {
                test.args(["--test", name]);
            }
            log.run_tests(&mut test, tally::cargo)
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
            // The script fails when an answer is not what the vendor's guide shows; it counts as one test.
            let script = repo::root().join("tests/sandbox/tests/workflow_a.sh");
            log.run(command("bash").arg(script))?;
            log.count(Tally { passed: 1, ..Tally::default() });
            Ok(())
        }),
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
        test.args(["test", "--locked", "--no-fail-fast", "--profile", repo::PROFILE]);
        select(&mut test);
        let names = integration_tests(log)?;
        for name in names.iter().filter(|name| is_alone(name)) {
            test.args(["--test", name]);
        }
        test.args(["--", "--test-threads=1"]);
        log.run_tests(&mut test, tally::cargo)
    })];
    Plan { together, alone }
}

fn select(cargo: &mut std::process::Command) {
    for name in TESTED {
        cargo.args(["--package", name]);
    }
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
