//! Processes: sink and sandbox as children, and how much private memory this process has.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::Outcome;

/// A running `videoid-sink`; it ends when this is dropped.
#[derive(Debug)]
pub struct Sink {
    child: Child,
    stdin: Option<ChildStdin>,
    /// Its address, without a slash at the end.
    pub url: String,
}

impl Sink {
    /// Starts the program.
    ///
    /// # Errors
    /// A program that cannot be started, or does not say its address.
    pub fn start(program: &str) -> Outcome<Self> {
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|e| format!("{program}: {e}"))?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no output of the sink")?;
        BufReader::new(stdout).read_line(&mut line).map_err(|e| e.to_string())?;
        let ready: Value = serde_json::from_str(&line).map_err(|e| format!("the sink said {line:?}: {e}"))?;
        let stdin = child.stdin.take();
        Ok(Self { child, stdin, url: ready["url"].as_str().ok_or("the sink said no address")?.to_owned() })
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It ends by itself; this only takes its exit code, so that no dead process stays.
        let _ = self.child.wait();
    }
}

/// A running `videoid-served`, a sandbox in a process of its own; it ends when this is dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    stdin: Option<ChildStdin>,
    /// What it says when it is ready.
    pub ready: Value,
}

impl Service {
    /// Starts the program.
    ///
    /// # Errors
    /// A program that cannot be started, or does not say that it is ready.
    pub fn start(program: &str) -> Outcome<Self> {
        let mut child =
            Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(|e| format!("{program}: {e}"))?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no output of the sandbox")?;
        BufReader::new(stdout).read_line(&mut line).map_err(|e| e.to_string())?;
        let ready: Value = serde_json::from_str(&line).map_err(|e| format!("the sandbox said {line:?}: {e}"))?;
        let stdin = child.stdin.take();
        Ok(Self { child, stdin, ready })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // It ends by itself; this only takes its exit code, so that no dead process stays.
        let _ = self.child.wait();
    }
}

/// Private memory of this process in bytes: what is resident and backed by no file.
///
/// # Panics
/// On a system without `/proc`.
pub fn private_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux shows each process its status");
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("the status has RssAnon");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().expect("a number of kB") * 1024
}

/// Watches private memory from another thread.
#[derive(Debug)]
pub struct Watch {
    before: u64,
    peak: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Watch {
    /// Begins.
    pub fn start() -> Self {
        let before = private_memory();
        let (peak, stop) = (Arc::new(AtomicU64::new(before)), Arc::new(AtomicBool::new(false)));
        let thread = std::thread::spawn({
            let (peak, stop) = (Arc::clone(&peak), Arc::clone(&stop));
            move || {
                while !stop.load(Ordering::SeqCst) {
                    peak.fetch_max(private_memory(), Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(2));
                }
            }
        });
        Self { before, peak, stop, thread }
    }

    /// Ends, and gives how far it grew above what it was at the start.
    pub fn growth(self) -> u64 {
        self.stop.store(true, Ordering::SeqCst);
        // A watcher that panicked leaves the peak that it saw.
        let _ = self.thread.join();
        self.peak.load(Ordering::SeqCst).max(private_memory()).saturating_sub(self.before)
    }
}
