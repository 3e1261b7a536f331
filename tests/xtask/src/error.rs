//! What can go wrong in a command of the project, in words that say what to do.

use std::fmt;
use std::path::Path;

/// The result of every command.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// One line, or several, for whoever ran the command.
#[derive(Debug)]
pub(crate) struct Error {
    text: String,
    usage: bool,
}

impl Error {
    /// Something did not work.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), usage: false }
    }

    /// The command line was wrong: the exit code is 2.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { text: text.into(), usage: true }
    }

    /// Everything was said already; only the exit code is left to set.
    pub(crate) fn silent() -> Self {
        Self::new("")
    }

    /// A file or folder could not be read or written.
    pub(crate) fn io(what: &str, path: &Path, cause: &std::io::Error) -> Self {
        Self::new(format!("{what} {}: {cause}", path.display()))
    }

    /// Whether the command line itself was wrong.
    pub(crate) fn is_usage(&self) -> bool {
        self.usage
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
