//! Processor time and private memory of another process, from `/proc`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::steps::command;

const SAMPLE: Duration = Duration::from_millis(2);
const IDENTIFIER: &str = "b3b4a2a2-8d6e-4a8e-9d4c-0a2f6f1f9c11";

/// What something cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Figures {
    /// Processor time in seconds, of all threads.
    pub(crate) cpu: f64,
    /// Peak of private memory above the start, in bytes.
    pub(crate) memory: f64,
    /// Time on the wall, in seconds.
    pub(crate) wall: f64,
}

impl Figures {
    pub(crate) fn above(&self, control: &Self) -> Self {
        Self {
            cpu: (self.cpu - control.cpu).max(0.0),
            memory: (self.memory - control.memory).max(0.0),
            wall: (self.wall - control.wall).max(0.0),
        }
    }
}

/// The service that reads and discards.
pub(crate) struct Sink {
    child: Child,
    url: String,
}

impl Sink {
    pub(crate) fn start(program: &Path) -> Result<Self> {
        let mut child =
            command(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|e| Error::io("cannot start", program, &e))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|e| Error::io("cannot read from", program, &e))?;
        }
        let ready: Value = serde_json::from_str(&line).map_err(|e| Error::new(format!("the sink said {line:?}: {e}")))?;
        let url = ready["url"].as_str().ok_or_else(|| Error::new("the sink said no address"))?.to_owned();
        Ok(Self { child, url })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Processor time of all threads of a process, in seconds; the kernel counts nanoseconds here.
fn cpu(pid: u32) -> f64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanos: u64 = tasks
        .filter_map(|task| fs::read_to_string(task.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .sum();
    nanos as f64 / 1e9
}

/// Private memory of a process in bytes.
fn memory(pid: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) * 1024
}

/// Does something while another thread samples a process's memory; gives the peak.
fn watched<T>(pid: u32, work: impl FnOnce() -> T) -> (T, u64) {
    let (peak, stop) = (AtomicU64::new(memory(pid)), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                peak.fetch_max(memory(pid), Ordering::SeqCst);
                std::thread::sleep(SAMPLE);
            }
        });
        let done = work();
        stop.store(true, Ordering::SeqCst);
        (done, peak.load(Ordering::SeqCst).max(memory(pid)))
    })
}

/// One run of a contender that says `ready` and `done` and waits for a line after each.
pub(crate) fn child(program: &[PathBuf], work: &str, sink: &Sink, folder: &Path) -> Result<Figures> {
    let (first, rest) = program.split_first().ok_or_else(|| Error::new("a contender has a program"))?;
    let mut child = command(first)
        .args(rest)
        .args([work, &format!("{}/api/v1", sink.url), &sink.url])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| Error::io("cannot start", first, &e))?;
    let outcome = measured(&mut child, first);
    if outcome.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|e| Error::io("cannot wait for", first, &e))?;
    let figures = outcome?;
    if status.success() { Ok(figures) } else { Err(Error::new(format!("{} {work} failed", first.display()))) }
}

fn measured(child: &mut Child, program: &Path) -> Result<Figures> {
    let lost = || Error::new(format!("{} said nothing", program.display()));
    let (mut stdin, stdout) = (child.stdin.take().ok_or_else(lost)?, child.stdout.take().ok_or_else(lost)?);
    let mut stdout = BufReader::new(stdout);
    let pid = child.id();
    wait_for(&mut stdout, "ready", program)?;
    let (cpu_before, memory_before, begun) = (cpu(pid), memory(pid), Instant::now());
    let (done, peak) = watched(pid, || -> Result<()> {
        go_on(&mut stdin, program)?;
        wait_for(&mut stdout, "done", program)
    });
    done?;
    let wall = begun.elapsed().as_secs_f64();
    let figures = Figures { cpu: cpu(pid) - cpu_before, memory: peak.saturating_sub(memory_before) as f64, wall };
    go_on(&mut stdin, program)?;
    Ok(figures)
}

fn wait_for(stdout: &mut BufReader<ChildStdout>, word: &str, program: &Path) -> Result<()> {
    let mut line = String::new();
    stdout.read_line(&mut line).map_err(|e| Error::io("cannot read from", program, &e))?;
    if line.trim() == word { Ok(()) } else { Err(Error::new(format!("{} said {line:?} and not {word}", program.display()))) }
}

fn go_on(stdin: &mut ChildStdin, program: &Path) -> Result<()> {
    stdin.write_all(b"\n").and_then(|()| stdin.flush()).map_err(|e| Error::io("cannot write to", program, &e))
}

/// curl, above a curl that sends nothing.
pub(crate) fn curl(work: &str, sink: &Sink, folder: &Path) -> Result<Figures> {
    let (with, without) = (curl_once(work, sink, folder)?, curl_once("nothing", sink, folder)?);
    Ok(with.above(&without))
}

fn curl_once(work: &str, sink: &Sink, folder: &Path) -> Result<Figures> {
    let mut curl = command("curl");
    curl.args(["--silent", "--fail", "--noproxy", "*", "--output", "/dev/null"]);
    match work {
        "evidence" => curl
            .args(["-X", "PUT", "-H", "Content-Type: application/json", "-H", "Expect:", "-T"])
            .arg(folder.join("evidence.json"))
            .arg(format!("{}/api/v1/videoid/1", sink.url)),
        "video" => curl
            .args(["-H", "Expect:", "-F"])
            .arg(format!("video=@{}", folder.join("video.mp4").display()))
            .arg(format!("{}/v1/upload/video/{IDENTIFIER}/", sink.url)),
        _ => curl.args(["-X", "POST", "--data", ""]).arg(format!("{}/v1/upload/video/{IDENTIFIER}/", sink.url)),
    };
    let begun = Instant::now();
    let mut child = curl.stdin(Stdio::null()).spawn().map_err(|e| Error::new(format!("cannot start curl: {e}")))?;
    let pid = child.id();
    // A process that has ended keeps its figures until it is waited for.
    let mut peak = 0;
    while !has_ended(pid) {
        peak = peak.max(memory(pid));
        std::thread::sleep(Duration::from_millis(1));
    }
    let figures = Figures { cpu: cpu(pid), memory: peak as f64, wall: begun.elapsed().as_secs_f64() };
    let status = child.wait().map_err(|e| Error::new(format!("cannot wait for curl: {e}")))?;
    if status.success() { Ok(figures) } else { Err(Error::new("curl failed")) }
}

fn has_ended(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_none_or(|(_, rest)| rest.trim_start().starts_with('Z'))
}
