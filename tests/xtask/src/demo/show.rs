//! What the demo shows: each status as it comes, and a bar for each upload; or the events as they are.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use super::Wish;
use super::sandbox::Sandbox;

const BAR: usize = 32;

/// The uploads of one operation, one after the other.
#[derive(Debug)]
struct Transfer {
    operation: String,
    /// Bytes of those that are over.
    before: u64,
    /// Bytes of the one that runs.
    sent: u64,
}

/// Keeps what was shown, for the summary.
#[derive(Debug)]
pub(crate) struct Show {
    json: bool,
    terminal: bool,
    begun: Instant,
    statuses: Vec<(String, f64)>,
    transfers: Vec<Transfer>,
    files: Vec<(String, String)>,
    /// What an independent program says of the signed document.
    signature: Vec<String>,
    /// How far each bar was when it was last drawn, in steps of its width.
    drawn: HashMap<String, u64>,
    /// The operation whose bar is on the last line of the terminal.
    open: Option<String>,
    /// The operation that was begun last.
    step: Value,
    error: Option<String>,
    videoid_status: Option<String>,
    request: Option<i64>,
}

impl Show {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json,
            terminal: std::io::stdout().is_terminal(),
            begun: Instant::now(),
            statuses: Vec::new(),
            transfers: Vec::new(),
            files: Vec::new(),
            signature: Vec::new(),
            drawn: HashMap::new(),
            open: None,
            step: Value::Null,
            error: None,
            videoid_status: None,
            request: None,
        }
    }

    /// The last status seen.
    pub(crate) fn status(&self) -> Option<&str> {
        self.statuses.last().map(|(status, _)| status.as_str())
    }

    pub(crate) fn videoid_status(&self) -> Option<&str> {
        self.videoid_status.as_deref()
    }

    /// The error that the example told, in one line.
    pub(crate) fn error(&self) -> Option<String> {
        self.error.clone()
    }

    pub(crate) fn statuses(&self) -> &[(String, f64)] {
        &self.statuses
    }

    /// Bytes sent by each operation that uploads.
    pub(crate) fn transfers(&self) -> Vec<(&str, u64)> {
        self.transfers.iter().map(|transfer| (transfer.operation.as_str(), transfer.before + transfer.sent)).collect()
    }

    pub(crate) fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// The file of that kind that was left last.
    pub(crate) fn file(&self, kind: &str) -> Option<&Path> {
        self.files.iter().rev().find(|(known, _)| known == kind).map(|(_, path)| Path::new(path))
    }

    pub(crate) fn signature(&self) -> &[String] {
        &self.signature
    }

    pub(crate) fn request(&self) -> Option<i64> {
        self.request
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    fn line(&mut self, text: &str) {
        self.close_bar();
        println!("{text}");
    }

    fn close_bar(&mut self) {
        if self.open.take().is_some() && self.terminal {
            println!();
        }
    }

    pub(crate) fn begin(&mut self, wish: &Wish, sandbox: &Sandbox) {
        if self.json {
            println!(
                "{}",
                json!({
                    "event": "start", "flow": wish.flow.name(), "dialect": wish.dialect, "language": wish.language,
                    "ra_url": sandbox.ra_url(), "one_shot_url": sandbox.one_shot_url(), "out": wish.out,
                })
            );
            return;
        }
        self.line("");
        self.line(&format!("sandbox   {}", if wish.flow.is_one_shot() { sandbox.one_shot_url() } else { sandbox.ra_url() }));
        self.line(&format!("flow      {}", wish.flow.name()));
        if let Some(dialect) = wish.dialect {
            self.line(&format!("dialect   {dialect}"));
        }
        self.line(&format!("language  {}", wish.language));
        for (name, path) in &wish.evidence {
            self.line(&format!("{:<9} {}", name.trim_start_matches('-'), path.display()));
        }
        self.line("");
    }

    /// One line of the example.
    pub(crate) fn event(&mut self, event: &Value) {
        let word = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        if self.json {
            println!("{event}");
        }
        if let Some(pk) = event["request_pk"].as_i64() {
            self.request = Some(pk);
        }
        match event["event"].as_str() {
            Some("status") => self.reach(&word("status")),
            Some("progress") => {
                let (sent, total) = (event["sent"].as_u64().unwrap_or(0), event["total"].as_u64().unwrap_or(0));
                self.progress(&word("operation"), sent, total);
            }
            Some("file") => {
                if !self.json {
                    self.line(&format!("          {:<12} {}", word("kind"), word("path")));
                }
                self.files.push((word("kind"), word("path")));
            }
            Some("done") => {
                if let Some(status) = event["videoid_status"].as_str().filter(|word| !word.is_empty()) {
                    self.videoid_status = Some(status.to_owned());
                    if !self.json {
                        let line = format!("{:>7.2} s  videoid_status {status}", self.seconds());
                        self.line(&line);
                    }
                }
                self.reach(&word("status"));
            }
            Some("error") => {
                // The error's own line begins with its code in most languages.
                let (code, text) = (word("code"), word("text"));
                self.error = Some(if text.starts_with(&code) { text } else { format!("{code}: {text}") });
            }
            Some("step") if !self.json && self.step != event["operation"] => {
                self.step = event["operation"].clone();
                self.line(&format!("          {}", word("operation")));
            }
            Some("waiting") if !self.json => self.line(&format!("          waiting for the {}", word("for"))),
            Some("signature") => {
                let text = word("text");
                if !self.json {
                    self.line(&format!("          pdfsig       {text}"));
                }
                self.signature.push(text);
            }
            Some("person") if !self.json => self.line(&format!("          the {} {}", word("who"), word("text"))),
            Some("warning") if !self.json => self.line(&format!("          note: {}", word("text"))),
            _ => {}
        }
    }

    fn reach(&mut self, status: &str) {
        if status.is_empty() || self.status() == Some(status) {
            return;
        }
        let seconds = self.seconds();
        self.statuses.push((status.to_owned(), seconds));
        if !self.json {
            self.line(&format!("{seconds:>7.2} s  {status}"));
        }
    }

    fn progress(&mut self, operation: &str, sent: u64, total: u64) {
        match self.transfers.iter_mut().find(|transfer| transfer.operation == operation) {
            Some(transfer) => {
                // Progress never goes back within an upload: this is the next one.
                if sent < transfer.sent {
                    transfer.before += transfer.sent;
                    self.drawn.remove(operation);
                }
                transfer.sent = sent;
            }
            None => self.transfers.push(Transfer { operation: operation.to_owned(), before: 0, sent }),
        }
        if self.json {
            return;
        }
        // On a terminal every step of the bar; in a log a quarter at a time is enough.
        let steps: u64 = if self.terminal { BAR as u64 } else { 4 };
        let share = if total == 0 { 1.0 } else { (sent as f64 / total as f64).min(1.0) };
        let step = (0..=steps).rev().find(|step| share >= *step as f64 / steps as f64).unwrap_or(0);
        let is_new = self.drawn.get(operation).is_none_or(|last| step > *last);
        if !is_new {
            return;
        }
        self.drawn.insert(operation.to_owned(), step);
        if self.open.as_deref().is_some_and(|open| open != operation) {
            self.close_bar();
        }
        let full = (0..=BAR).rev().find(|full| share * BAR as f64 >= *full as f64).unwrap_or(0);
        let text = format!(
            "          {operation:<16} [{}{}] {:>3.0} %  {} of {}",
            "#".repeat(full),
            ".".repeat(BAR - full),
            share * 100.0,
            size(sent),
            size(total),
        );
        if self.terminal {
            print!("\r{text}  ");
            // A bar that shows late is no failure.
            let _ = std::io::stdout().flush();
            self.open = Some(operation.to_owned());
        } else {
            println!("{text}");
        }
    }

    /// Nothing more comes from the example.
    pub(crate) fn finish(&mut self) {
        if !self.json {
            self.close_bar();
        }
    }

    pub(crate) fn end(&mut self, out: &Path, summary: &Path) {
        if self.json {
            println!(
                "{}",
                json!({ "event": "end", "status": self.status(), "videoid_status": self.videoid_status, "out": out, "summary": summary })
            );
        } else {
            self.line("");
            self.line(&format!("Results in {}", out.display()));
        }
    }
}

/// Bytes as people read them.
pub(crate) fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes >= 1e6 {
        format!("{:.1} MB", bytes / 1e6)
    } else if bytes >= 1e3 {
        format!("{:.1} kB", bytes / 1e3)
    } else {
        format!("{bytes:.0} B")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_status_counts_and_is_kept_once() {
        let mut show = Show::new(true);
        for status in ["VIDEOPENDING", "VIDEOREVIEW", "VIDEOREVIEW"] {
            show.event(&json!({ "event": "status", "status": status, "request_pk": 7 }));
        }
        show.event(&json!({ "event": "done", "status": "VIDEOREVIEW", "videoid_status": "REFUSED" }));
        assert_eq!(show.statuses().len(), 2);
        assert_eq!((show.status(), show.videoid_status(), show.request()), (Some("VIDEOREVIEW"), Some("REFUSED"), Some(7)));
    }

    #[test]
    fn an_error_is_told_with_its_code_and_transfers_are_added_up() {
        let mut show = Show::new(true);
        show.event(&json!({ "event": "progress", "operation": "upload_video", "sent": 5, "total": 10 }));
        show.event(&json!({ "event": "progress", "operation": "upload_video", "sent": 10, "total": 10 }));
        show.event(&json!({ "event": "error", "code": "host_unreachable", "text": "refused" }));
        assert_eq!(show.transfers(), [("upload_video", 10)]);
        show.event(&json!({ "event": "progress", "operation": "upload_video", "sent": 3, "total": 3 }));
        assert_eq!(show.transfers(), [("upload_video", 13)]);
        assert_eq!(show.error().as_deref(), Some("host_unreachable: refused"));
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!([size(12), size(1_500), size(2_340_000)], ["12 B", "1.5 kB", "2.3 MB"]);
    }
}
