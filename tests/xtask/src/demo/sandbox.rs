//! The sandbox as a child process that ends with this one.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::command;

/// A running sandbox; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Sandbox {
    child: Child,
    ready: Value,
}

impl Sandbox {
    /// Starts it on free ports and waits for its line.
    pub(crate) fn start() -> Result<Self> {
        let program = repo::sandbox();
        let mut child = command(&program)
            .arg("--exit-with-parent")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| Error::io("cannot start", &program, &e))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            // One line, then nothing: the pipe can be closed after it.
            BufReader::new(stdout).read_line(&mut line).map_err(|e| Error::new(format!("cannot read what the sandbox says: {e}")))?;
        }
        if let Ok(ready) = serde_json::from_str(&line) {
            return Ok(Self { child, ready });
        }
        let _ = child.kill();
        let _ = child.wait();
        Err(Error::new("the sandbox did not say that it is ready"))
    }

    fn word(&self, pointer: &str) -> &str {
        self.ready.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn ra_url(&self) -> &str {
        self.word("/ra_url")
    }

    pub(crate) fn upload_url(&self) -> &str {
        self.word("/upload_url")
    }

    pub(crate) fn control_url(&self) -> &str {
        self.word("/control_url")
    }

    pub(crate) fn ra(&self) -> &str {
        self.word("/ra/id")
    }

    /// Where the One-Shot API is, without the prefix of a dialect.
    pub(crate) fn one_shot_url(&self) -> &str {
        self.word("/one_shot_url")
    }

    /// What the ready line says of the One-Shot API: `ra/id`, `ra/external_id`, `billing/username`, `billing/password`, `env`.
    pub(crate) fn one_shot(&self, name: &str) -> &str {
        self.word(&format!("/one_shot/{name}"))
    }

    /// The certificates of this sandbox.
    pub(crate) fn pki(&self) -> &Path {
        Path::new(self.word("/pki_dir"))
    }

    /// The officer's credentials: `username`, `password`, `pin`, `rao_id`.
    pub(crate) fn rao(&self, name: &str) -> &str {
        self.word(&format!("/rao/{name}"))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It has nothing to save; closing its input would do the same a moment later.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
