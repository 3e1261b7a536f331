//! Runs cases side by side and prints what cargo's own harness prints, for tests whose number is known only at run time.

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::Outcome;

/// A case: its name and what it does.
pub struct Case {
    name: String,
    body: Box<dyn Fn() -> Outcome + Send + Sync>,
}

impl Case {
    /// A case.
    pub fn new(name: impl Into<String>, body: impl Fn() -> Outcome + Send + Sync + 'static) -> Self {
        Self { name: name.into(), body: Box::new(body) }
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Case").field(&self.name).finish()
    }
}

/// What the command line asks for.
#[derive(Debug, Default)]
struct Wanted {
    filters: Vec<String>,
    exact: bool,
    list: bool,
    threads: usize,
}

fn wanted(args: impl Iterator<Item = String>) -> Wanted {
    let mut wanted = Wanted { threads: 4, ..Wanted::default() };
    let mut args = args;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--exact" => wanted.exact = true,
            "--list" => wanted.list = true,
            "--test-threads" => wanted.threads = args.next().and_then(|n| n.parse().ok()).unwrap_or(1),
            other => match other.strip_prefix("--test-threads=") {
                Some(n) => wanted.threads = n.parse().unwrap_or(1),
                None if other.starts_with('-') => {}
                None => wanted.filters.push(arg),
            },
        }
    }
    wanted.threads = wanted.threads.max(1);
    wanted
}

/// Runs the cases that the command line asks for.
#[allow(clippy::print_stdout, reason = "a test harness prints its results")]
pub fn main(cases: Vec<Case>) -> ExitCode {
    let wanted = wanted(std::env::args().skip(1));
    let all = cases.len();
    let fits = |name: &str| {
        wanted.filters.is_empty() || wanted.filters.iter().any(|f| if wanted.exact { name == f } else { name.contains(f.as_str()) })
    };
    let cases: Vec<Case> = cases.into_iter().filter(|case| fits(&case.name)).collect();
    if wanted.list {
        for case in &cases {
            println!("{}: test", case.name);
        }
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", cases.len());
    let begun = Instant::now();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::<String>::new()));
    std::thread::scope(|scope| {
        for _ in 0..wanted.threads.min(cases.len()) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome =
                        std::panic::catch_unwind(AssertUnwindSafe(|| (case.body)())).unwrap_or_else(|_| Err("panicked".to_owned()));
                    match outcome {
                        Ok(()) => println!("test {} ... ok", case.name),
                        Err(why) => {
                            println!("test {} ... FAILED\n    {}", case.name, why.replace('\n', "\n    "));
                            failures.lock().unwrap_or_else(PoisonError::into_inner).push(case.name.clone());
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    let word = if failures.is_empty() { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {word}. {} passed; {} failed; 0 ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
        cases.len() - failures.len(),
        failures.len(),
        all - cases.len(),
        begun.elapsed().as_secs_f64()
    );
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
