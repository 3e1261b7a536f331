//! The project's own commands, run as `cargo xtask COMMAND`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal prints")]

mod args;
mod bench;
mod capture;
mod demo;
mod error;
mod failures;
mod generate;
mod package;
mod parity;
mod repo;
mod specimen;
mod steps;
mod tally;
mod test;
mod toolchain;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use args::Args;
use error::{Error, Result};

const HELP: &str = "\
cargo xtask COMMAND [ARGUMENTS]

  generate   writes what is derived from the core's sources, or checks it
  demo       tells the whole story on a local sandbox
  specimen   draws the specimen evidence
  doctor     lists the toolchains, and what is missing
  swift      runs the Swift toolchain
  package    builds what is published
  bench      measures what an upload costs, beside what one would write otherwise
  parity     compares what each built package exposes with the core
  test       runs every check and test

Each command explains itself with --help.
";

/// Whether standard output is kept for what a program reads.
static ON_STDERR: AtomicBool = AtomicBool::new(false);

/// From here on, lines for people go to standard error.
pub(crate) fn say_on_stderr() {
    ON_STDERR.store(true, Ordering::Relaxed);
}

/// One line for whoever ran the command.
pub(crate) fn say(line: &str) {
    if ON_STDERR.load(Ordering::Relaxed) {
        eprintln!("{line}");
    } else {
        println!("{line}");
    }
}

fn dispatch(command: &str, args: Args) -> Result<()> {
    let (help, run): (&str, fn(Args) -> Result<()>) = match command {
        "generate" => (generate::HELP, generate::run),
        "demo" => (demo::HELP, demo::run),
        "specimen" => (specimen::HELP, specimen::run),
        "doctor" => (toolchain::DOCTOR_HELP, toolchain::doctor),
        "swift" => (toolchain::swift::HELP, toolchain::swift::run),
        "package" => (package::HELP, package::run),
        "bench" => (bench::HELP, bench::run),
        "parity" => (parity::HELP, parity::run),
        "test" => (test::HELP, test::run),
        other => {
            return Err(Error::usage(format!("no command {other:?}; `cargo xtask --help` lists them")));
        }
    };
    if args.wants_help() {
        print!("{help}");
        return Ok(());
    }
    run(args)
}

fn main() -> ExitCode {
    let mut given = std::env::args().skip(1);
    let command = given.next().unwrap_or_else(|| "--help".to_owned());
    if ["--help", "-h", "help"].contains(&command.as_str()) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match dispatch(&command, Args::new(given.collect())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error.to_string();
            if !text.is_empty() {
                eprintln!("error: {text}");
            }
            ExitCode::from(if error.is_usage() { 2 } else { 1 })
        }
    }
}
