//! `cargo xtask test`: every check and every test of the project, in five languages.
//!
//! First what all need is built in one call of cargo, while the toolchains are fetched; then the languages run side by
//! side; then, one at a time, the tests that measure memory or the course of a cancellation.

mod capture;
mod demos;
mod kotlin;
mod licences;
pub(crate) mod node;
pub(crate) mod python;
mod python_examples;
mod python_others;
mod python_types;
mod rust;
pub(crate) mod swift;

use std::fs;
use std::time::Instant;

use crate::args::Args;
use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{self, Outcome, Step};
use crate::tally::Tally;
use crate::toolchain::{self, LANGUAGES};

pub(crate) const HELP: &str = "\
cargo xtask test [--only LANGUAGES] [--all]

Runs the checks and tests. The last line says how many passed and failed.

  --only LANGUAGES   some of rust,python,node,kotlin,swift
  --all              a language whose toolchain is missing is a failure; else it is left out and named

Logs are in target/xtask-logs.
";

/// The steps of one language.
struct Plan {
    /// After the build, beside the other languages.
    together: Vec<Step>,
    /// At the end, with nothing else running.
    alone: Vec<Step>,
}

fn plan(language: &str) -> Plan {
    match language {
        "python" => python::plan(),
        "node" => node::plan(),
        "kotlin" => kotlin::plan(),
        "swift" => swift::plan(),
        _ => rust::plan(),
    }
}

/// `cargo xtask test`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let only = args.words("--only", &LANGUAGES)?;
    let all = args.flag("--all");
    args.finish()?;
    let begun = Instant::now();
    let wanted: Vec<&str> =
        LANGUAGES.into_iter().filter(|language| only.as_ref().is_none_or(|only| only.iter().any(|o| o == language))).collect();
    let (able, lacking): (Vec<&str>, Vec<&str>) = wanted.into_iter().partition(|language| toolchain::missing(language).is_none());
    let lacking: Vec<String> = lacking.into_iter().filter_map(toolchain::missing).collect();
    for text in &lacking {
        crate::say(&format!("left out: {text}"));
    }

    forget_surfaces(&able)?;
    let mut outcomes = prepare(&able);
    // A language whose toolchain could not be fetched is out; without the build nothing can run.
    let ready = |name: &str, outcomes: &[Outcome]| {
        !outcomes.iter().any(|o| o.problem.is_some() && (o.name == "build" || o.name == format!("{name} toolchain")))
    };
    let (mut together, mut alone) = (Vec::new(), Vec::new());
    for &language in &able {
        if ready(language, &outcomes) {
            let mut plan = plan(language);
            if captures(&outcomes) {
                plan.together.extend(capture::together(language));
                plan.alone.extend(capture::alone(language));
            }
            together.push(plan.together);
            alone.push((language, plan.alone));
        }
    }
    outcomes.extend(steps::run(together));
    // What an app has saved goes to the backends' languages, so that it comes after them.
    let (mut apps, mut backends) = (Vec::new(), Vec::new());
    for &language in able.iter().filter(|language| captures(&outcomes) && ready(language, &outcomes) && built(language, &outcomes)) {
        if ["kotlin", "swift"].contains(&language) { apps.push(language) } else { backends.push(language) }
    }
    outcomes.extend(steps::run(vec![capture::bundles(apps, backends)]));
    for (language, lane) in alone {
        // What a language could not build cannot be measured.
        if built(language, &outcomes) {
            outcomes.extend(steps::run(vec![lane]));
        }
    }
    outcomes.extend(steps::run(vec![parity(&able)]));
    conclude(&outcomes, if all { &lacking } else { &[] }, begun)
}

/// Whether all that a language's steps build was built.
fn built(language: &str, outcomes: &[Outcome]) -> bool {
    let (own, capture) = (format!("{language} "), format!("capture {language} "));
    !outcomes.iter().any(|o| o.problem.is_some() && o.is_needed && (o.name.starts_with(&own) || o.name.starts_with(&capture)))
}

/// Whether there is a library for capture apps.
fn captures(outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|o| o.name == "capture library" && o.problem.is_none())
}

/// What the packages exposed in an earlier run says nothing of this one.
fn forget_surfaces(languages: &[&str]) -> Result<()> {
    for language in languages {
        let path = repo::target().join("surface").join(format!("{language}.json"));
        if path.exists() {
            fs::remove_file(&path).map_err(|e| Error::io("cannot remove", &path, &e))?;
        }
    }
    Ok(())
}

/// Compares what the packages expose, after their tests have written it down.
fn parity(languages: &[&str]) -> Vec<Step> {
    let packaged: Vec<&str> = languages.iter().copied().filter(|language| *language != "rust").collect();
    if packaged.is_empty() {
        return Vec::new();
    }
    let packaged = packaged.join(",");
    vec![Step::check("parity", move |log| {
        let this = std::env::current_exe().map_err(|e| Error::new(format!("cannot find this program: {e}")))?;
        log.run(steps::command(this).args(["parity", "--all", "--only", &packaged])).map(drop)
    })]
}

/// Toolchains and the one build that everything else uses.
fn prepare(languages: &[&'static str]) -> Vec<Outcome> {
    // The longest first: the build takes one lane, the downloads share the other.
    let mut lanes = vec![rust::build(languages)];
    for language in ["rust", "swift", "kotlin", "node", "python"] {
        if languages.contains(&language) {
            lanes.push(vec![Step::needed(format!("{language} toolchain"), move |log| toolchain::prepare(language, log))]);
        }
    }
    if languages.iter().any(|language| ["kotlin", "swift"].contains(language)) {
        lanes.push(capture::library());
    }
    steps::run(lanes)
}

/// The table and the last line.
fn conclude(outcomes: &[Outcome], lacking: &[String], begun: Instant) -> Result<()> {
    let mut sum = Tally::default();
    crate::say("");
    crate::say(&format!("{:<34} {:>9}  {:>7} {:>7} {:>7}", "step", "seconds", "passed", "failed", "skipped"));
    for outcome in outcomes {
        sum += outcome.tally;
        let counts = if outcome.is_test {
            format!("{:>7} {:>7} {:>7}", outcome.tally.passed, outcome.tally.failed, outcome.tally.skipped)
        } else {
            format!("{:>7} {:>7} {:>7}", "", if outcome.problem.is_some() { "1" } else { "" }, "")
        };
        let line = format!("{:<34} {:>9.1}  {counts}", outcome.name, outcome.seconds);
        crate::say(line.trim_end());
    }
    crate::say(&format!("{:<34} {:>9.1}", "all", begun.elapsed().as_secs_f64()));
    for outcome in outcomes {
        if let Some(problem) = &outcome.problem {
            crate::say(&format!("{}: {problem}", outcome.name));
        }
    }
    for text in lacking {
        sum += Tally::failure();
        crate::say(&format!("missing: {text}"));
    }
    let log = repo::target().join("xtask-logs");
    let verdict = if sum.failed == 0 { Ok(()) } else { Err(Error::new(format!("see {}", log.display()))) };
    if let Err(error) = &verdict {
        crate::say(&error.to_string());
    }
    crate::say(&format!("{} passed, {} failed", sum.passed, sum.failed));
    // Everything is said: the error only sets the exit code, so that the count stays the last line.
    verdict.map_err(|_| Error::silent())
}
