//! The project's own commands, run as `cargo xtask COMMAND`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal prints"
)]

mod args;
mod error;
mod generate;
mod repo;
mod specimen;
mod steps;
mod tally;
mod test;
mod toolchain;

use std::process::ExitCode;

use args::Args;
use error::{Error, Result};

const HELP: &str = "\
cargo xtask COMMAND [ARGUMENTS]

  generate   writes what is derived from the core's sources, or checks it
  specimen   draws the specimen evidence
  doctor     lists the toolchains, and what is missing
  swift      runs the Swift toolchain
  test       runs every check and test

Each command explains itself with --help.
";

/// One line for whoever ran the command.
pub(crate) fn say(line: &str) {
    println!("{line}");
}

fn dispatch(command: &str, args: Args) -> Result<()> {
    let (help, run): (&str, fn(Args) -> Result<()>) = match command {
        "generate" => (generate::HELP, generate::run),
        "specimen" => (specimen::HELP, specimen::run),
        "doctor" => (toolchain::DOCTOR_HELP, toolchain::doctor),
        "swift" => (toolchain::swift::HELP, toolchain::swift::run),
        "test" => (test::HELP, test::run),
        other => {
            return Err(Error::usage(format!(
                "no command {other:?}; `cargo xtask --help` lists them"
            )));
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
