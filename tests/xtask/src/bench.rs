//! `cargo xtask bench`: what an upload costs the program that makes it, beside what one would write otherwise. Figures for a
//! report, never pass or fail. `tests/bench/README.md` says how it is measured.

mod measure;
mod report;

use std::path::{Path, PathBuf};

use crate::args::Args;
use crate::error::{Error, Result};
use crate::repo;
use crate::say;
use crate::steps::{cargo, command};

use measure::{Figures, Sink};

pub(crate) const HELP: &str = "\
cargo xtask bench [--runs N] [--profile PROFILE]

Measures processor time and memory of the uploads, beside curl, requests, httpx, fetch. Python and Node take the packages that
the last `cargo xtask test` installed. Results: target/bench.md, target/bench.json.

  --runs N            runs of each, of which the median is taken  (default: 5)
  --profile PROFILE   cargo's profile of the Rust program         (default: ci; `release` is what is shipped)
";

/// What is measured of each contender.
pub(super) const WORKS: [&str; 3] = ["evidence", "build", "video"];

/// Somebody who uploads.
pub(super) struct Contender {
    pub(super) name: &'static str,
    /// The program with its first arguments; none: curl, which is driven differently.
    program: Option<Vec<PathBuf>>,
    works: &'static [&'static str],
}

/// `cargo xtask bench`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let rounds = args.value("--runs")?.map_or(Ok(5), |n| n.parse::<usize>().map_err(|_| Error::usage("--runs wants a number")))?.max(1);
    let profile = args.value("--profile")?.unwrap_or_else(|| repo::PROFILE.to_owned());
    args.finish()?;
    let mut compile = cargo();
    compile.args(["build", "--locked", "--profile", &profile, "-p", "videoid-runner", "--bins"]);
    succeed(compile)?;
    let built = repo::target().join(&profile);
    let folder = repo::target().join("bench-files");
    let mut files = command(built.join("videoid-bench"));
    files.arg("files").arg(&folder);
    succeed(files)?;
    let contenders = contenders(&built);
    let sink = Sink::start(&built.join("videoid-sink"))?;
    let mut table: Vec<(&'static str, &'static str, Vec<Figures>)> =
        contenders.iter().flat_map(|c| c.works.iter().map(|work| (c.name, *work, Vec::new()))).collect();
    for round in 1..=rounds {
        say(&format!("run {round} of {rounds}"));
        for (name, work, figures) in &mut table {
            let Some(contender) = contenders.iter().find(|c| c.name == *name) else { continue };
            figures.push(once(contender, work, &sink, &folder)?);
        }
    }
    report::write(&table, &profile, rounds)
}

/// One run of a contender: what it cost above a run that did everything but the work.
fn once(contender: &Contender, work: &str, sink: &Sink, folder: &Path) -> Result<Figures> {
    let Some(program) = &contender.program else { return measure::curl(work, sink, folder) };
    let with = measure::child(program, work, sink, folder)?;
    let without = measure::child(program, &format!("control-{work}"), sink, folder)?;
    Ok(with.above(&without))
}

/// Everybody who is at hand on this machine.
fn contenders(built: &Path) -> Vec<Contender> {
    let all: &[&str] = &WORKS;
    let plain: &[&str] = &["evidence", "video"];
    let bench = repo::root().join("tests/bench");
    let python = repo::target().join("xtask/python/bin/python");
    let by_python = |name: &str| vec![python.clone(), bench.join("bench.py"), name.into()];
    // Node looks for packages from where the program is.
    let node_place = repo::target().join("xtask/node");
    let program = node_place.join("bench.mjs");
    let copied = node_place.is_dir() && std::fs::copy(bench.join("bench.mjs"), &program).is_ok();
    let node_program = if copied { program } else { bench.join("bench.mjs") };
    let by_node = |name: &str| vec!["node".into(), node_program.clone(), name.into()];
    let here = |module: &str| command(&python).args(["-c", &format!("import {module}")]).output().is_ok_and(|o| o.status.success());
    let installed = |package: &str| node_place.join("node_modules").join(package).is_dir();
    let candidates = [
        (true, Contender { name: "curl", program: None, works: plain }),
        (true, Contender { name: "videoid (Rust)", program: Some(vec![built.join("videoid-bench")]), works: all }),
        (here("videoid"), Contender { name: "videoid (Python)", program: Some(by_python("videoid")), works: all }),
        (installed("videoid"), Contender { name: "videoid (Node)", program: Some(by_node("videoid")), works: all }),
        (here("requests"), Contender { name: "requests", program: Some(by_python("requests")), works: plain }),
        (here("httpx"), Contender { name: "httpx", program: Some(by_python("httpx")), works: plain }),
        (true, Contender { name: "fetch", program: Some(by_node("fetch")), works: plain }),
        (installed("axios"), Contender { name: "axios", program: Some(by_node("axios")), works: plain }),
    ];
    let mut out = Vec::new();
    for (at_hand, contender) in candidates {
        if at_hand {
            out.push(contender);
        } else {
            say(&format!("left out: {} is not installed", contender.name));
        }
    }
    out
}

fn succeed(mut command: std::process::Command) -> Result<()> {
    let shown = crate::steps::shown(&command);
    let status = command.status().map_err(|e| Error::new(format!("cannot start {shown}: {e}")))?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("failed: {shown}"))) }
}
