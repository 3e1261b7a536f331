//! Steps with a name, a log and a time: one after the other in a lane, several lanes side by side.
//!
//! Nothing a step prints reaches the terminal unless it fails: the log of each is a file under `target/xtask-logs`.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::failures;
use crate::repo;
use crate::tally::Tally;

/// A command that has not ended by then hangs. The slowest, a cold build, needs a fraction of it.
const LONGEST: Duration = Duration::from_mins(45);
/// How many lines of a log's end are shown when its step fails.
const TAIL: usize = 40;

type Body = Box<dyn FnOnce(&Log) -> Result<()> + Send>;

/// One step.
pub(crate) struct Step {
    name: String,
    tests: bool,
    needed: bool,
    body: Body,
}

impl Step {
    /// A step that checks something: it counts only when it fails.
    pub(crate) fn check(name: impl Into<String>, body: impl FnOnce(&Log) -> Result<()> + Send + 'static) -> Self {
        Self { name: name.into(), tests: false, needed: false, body: Box::new(body) }
    }

    /// A step without which those after it in its lane have no sense: when it fails they are not run.
    pub(crate) fn needed(name: impl Into<String>, body: impl FnOnce(&Log) -> Result<()> + Send + 'static) -> Self {
        Self { needed: true, ..Self::check(name, body) }
    }

    /// A step that runs tests: to have run none is a failure.
    pub(crate) fn tests(name: impl Into<String>, body: impl FnOnce(&Log) -> Result<()> + Send + 'static) -> Self {
        Self { tests: true, ..Self::check(name, body) }
    }
}

/// Where the output of a step goes, and what it counted.
#[derive(Debug)]
pub(crate) struct Log {
    name: String,
    file: File,
    path: PathBuf,
    tally: Mutex<Tally>,
}

impl Log {
    fn open(name: &str) -> Result<Self> {
        let folder = repo::target().join("xtask-logs");
        fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make", &folder, &e))?;
        let path = folder.join(format!("{}.log", name.replace([' ', '/', ':'], "-")));
        // Anything still in the file is of an earlier run.
        fs::write(&path, "").map_err(|e| Error::io("cannot write", &path, &e))?;
        let file = File::options().append(true).read(true).open(&path).map_err(|e| Error::io("cannot open", &path, &e))?;
        Ok(Self { name: name.to_owned(), file, path, tally: Mutex::new(Tally::default()) })
    }

    /// A line of the step's own.
    pub(crate) fn note(&self, line: &str) {
        // A log that cannot be written does not change what the step does.
        let _ = writeln!(&self.file, "{line}");
    }

    /// Adds to what the step counted.
    pub(crate) fn count(&self, tally: Tally) {
        if let Ok(mut sum) = self.tally.lock() {
            *sum += tally;
        }
    }

    /// Runs a command with its output in the log, and gives that output back.
    pub(crate) fn run(&self, command: &mut Command) -> Result<String> {
        let (output, ended_well) = self.try_run(command)?;
        if ended_well { Ok(output) } else { Err(Error::new(format!("failed: {}", shown(command)))) }
    }

    /// Runs a command and counts the tests in its output, also when it fails.
    pub(crate) fn run_tests(&self, command: &mut Command, read: impl Fn(&str) -> Tally) -> Result<()> {
        let (output, ended_well) = self.try_run(command)?;
        let tally = read(&output);
        self.count(tally);
        if ended_well && tally.failed == 0 { Ok(()) } else { Err(Error::new(format!("failed: {}", shown(command)))) }
    }

    /// Runs a command that reaches the network, and again after a pause when it fails.
    pub(crate) fn run_with_retries(&self, make: impl Fn() -> Command) -> Result<String> {
        let mut pause = Duration::from_secs(3);
        for attempt in 1..4 {
            match self.run(&mut make()) {
                Ok(output) => return Ok(output),
                Err(error) => {
                    self.note(&format!("attempt {attempt}: {error}; again in {pause:?}"));
                    std::thread::sleep(pause);
                    pause *= 4;
                }
            }
        }
        self.run(&mut make())
    }

    fn try_run(&self, command: &mut Command) -> Result<(String, bool)> {
        let line = shown(command);
        self.note(&format!("$ {line}"));
        let lost = |e: &std::io::Error| Error::io("cannot use the log", &self.path, e);
        let start = (&self.file).seek(SeekFrom::End(0)).map_err(|e| lost(&e))?;
        let out = self.file.try_clone().map_err(|e| lost(&e))?;
        let err = self.file.try_clone().map_err(|e| lost(&e))?;
        let mut child =
            command.stdin(Stdio::null()).stdout(out).stderr(err).spawn().map_err(|e| Error::new(format!("cannot start {line}: {e}")))?;
        let begun = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if begun.elapsed() > LONGEST => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(Error::new(format!("still running after {LONGEST:?}: {line}")));
                }
                Ok(None) => std::thread::sleep(Duration::from_millis(20)),
                Err(e) => return Err(Error::new(format!("cannot wait for {line}: {e}"))),
            }
        };
        let mut reader = File::open(&self.path).map_err(|e| lost(&e))?;
        reader.seek(SeekFrom::Start(start)).map_err(|e| lost(&e))?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|e| lost(&e))?;
        Ok((String::from_utf8_lossy(&bytes).into_owned(), status.success()))
    }

    /// What a step that failed is judged by: what its tests say of themselves, and the last lines.
    fn tail(&self) -> String {
        let text = fs::read(&self.path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let end = lines[lines.len().saturating_sub(TAIL)..].join("\n");
        let quoted = failures::quoted(&text);
        if quoted.is_empty() {
            return format!("--- the end of {}\n{end}", self.path.display());
        }
        format!("--- what failed\n{}\n--- the end of {}\n{end}", quoted.join("\n"), self.path.display())
    }
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        let arg = arg.to_string_lossy();
        let cut: String = arg.chars().take(160).collect();
        let _ = if arg.is_empty() || arg.contains([' ', '\n', '"', '$', ';']) { write!(line, " {cut:?}") } else { write!(line, " {cut}") };
    }
    line
}

/// What became of one step.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    pub(crate) seconds: f64,
    pub(crate) tally: Tally,
    pub(crate) is_test: bool,
    /// Whether what comes after it depends on it.
    pub(crate) is_needed: bool,
    /// `None` when it went well.
    pub(crate) problem: Option<String>,
}

/// Runs the lanes side by side, as many at once as there are cores; in a lane, nothing runs after
/// a step that was needed and failed.
pub(crate) fn run(lanes: Vec<Vec<Step>>) -> Vec<Outcome> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let waiting: Mutex<VecDeque<Vec<Step>>> = Mutex::new(lanes.into());
    let done: Mutex<Vec<Outcome>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let lane = waiting.lock().ok().and_then(|mut lanes| lanes.pop_front());
                    let Some(lane) = lane else { break };
                    for outcome in run_lane(lane) {
                        if let Ok(mut done) = done.lock() {
                            done.push(outcome);
                        }
                    }
                }
            });
        }
    });
    done.into_inner().unwrap_or_default()
}

fn run_lane(lane: Vec<Step>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut broken: Option<String> = None;
    for step in lane {
        let needed = step.needed;
        let outcome = match &broken {
            Some(cause) => Outcome {
                name: step.name,
                seconds: 0.0,
                tally: Tally::failure(),
                is_test: step.tests,
                is_needed: step.needed,
                problem: Some(format!("not run, because {cause} failed")),
            },
            None => run_step(step),
        };
        if needed && outcome.problem.is_some() && broken.is_none() {
            broken = Some(outcome.name.clone());
        }
        outcomes.push(outcome);
    }
    outcomes
}

fn run_step(step: Step) -> Outcome {
    let begun = Instant::now();
    let log = match Log::open(&step.name) {
        Ok(log) => log,
        Err(error) => {
            return Outcome {
                name: step.name,
                seconds: 0.0,
                tally: Tally::failure(),
                is_test: step.tests,
                is_needed: step.needed,
                problem: Some(error.to_string()),
            };
        }
    };
    let Step { name, tests, needed, body } = step;
    let result = body(&log);
    let seconds = begun.elapsed().as_secs_f64();
    let mut tally = log.tally.lock().map_or_else(|_| Tally::failure(), |sum| *sum);
    let mut problem = result.err().map(|e| e.to_string());
    if problem.is_none() && tally.failed > 0 {
        problem = Some(format!("{} failed", tally.failed));
    }
    if problem.is_none() && tests && tally.passed == 0 {
        problem = Some("no test ran".to_owned());
    }
    if problem.is_some() && tally.failed == 0 {
        tally.failed = 1;
    }
    report(&log, tests, seconds, tally, problem.as_deref());
    Outcome { name, seconds, tally, is_test: tests, is_needed: needed, problem }
}

/// One line when a step ends; after a failure also the end of its log. Printed in one piece, since lanes share the terminal.
fn report(log: &Log, tests: bool, seconds: f64, tally: Tally, problem: Option<&str>) {
    let mut text = format!("{:<6} {:<28} {seconds:>7.1} s", if problem.is_some() { "FAILED" } else { "ok" }, log.name);
    if tests {
        let _ = write!(text, "  {tally}");
    }
    if let Some(problem) = problem {
        let _ = write!(text, "\n--- {problem}\n{}\n---", log.tail());
    }
    crate::say(&text);
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A command whose folder is the repository's root and whose environment holds what all tests are told.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(repo::root());
    for (name, value) in repo::environment() {
        command.env(name, value);
    }
    // Set by the cargo that runs this program, for this program: another cargo below must not take them for its own.
    // Build scripts watch these (ring's, for example), so a leftover would compile all that depends on them again.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|n| n.starts_with("CARGO_MANIFEST_") || n.starts_with("CARGO_PKG_")) {
            command.env_remove(name);
        }
    }
    command
}

/// `cargo`, the one that runs this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
