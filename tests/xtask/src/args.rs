//! The arguments of one command, taken out one by one; what is left at the end is an error.

use std::path::PathBuf;

use crate::error::{Error, Result};

/// Arguments after the command's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Args {
    rest: Vec<String>,
}

impl Args {
    pub(crate) fn new(rest: Vec<String>) -> Self {
        Self { rest }
    }

    /// Whether help was asked for, before a `--` if there is one.
    pub(crate) fn wants_help(&self) -> bool {
        self.rest.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--help" || arg == "-h")
    }

    /// Takes a flag without a value.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|arg| arg != name);
        self.rest.len() != before
    }

    /// Takes `name VALUE` or `name=VALUE`; the last one wins.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let mut found = None;
        let mut kept = Vec::with_capacity(self.rest.len());
        let mut left = std::mem::take(&mut self.rest).into_iter();
        while let Some(arg) = left.next() {
            if arg == name {
                match left.next() {
                    Some(value) if !value.starts_with("--") => found = Some(value),
                    _ => return Err(Error::usage(format!("{name} needs a value"))),
                }
            } else if let Some(value) = arg.strip_prefix(name).and_then(|tail| tail.strip_prefix('=')) {
                found = Some(value.to_owned());
            } else {
                kept.push(arg);
            }
        }
        self.rest = kept;
        Ok(found)
    }

    /// Takes a value that is a path, made absolute, so that it means the same in every child process.
    pub(crate) fn path(&mut self, name: &str) -> Result<Option<PathBuf>> {
        self.value(name)?
            .map(|text| std::path::absolute(&text).map_err(|e| Error::usage(format!("{name} {text:?} is no path: {e}"))))
            .transpose()
    }

    /// Takes a value that is a list of words between commas, each of which must be among `known`.
    pub(crate) fn words(&mut self, name: &str, known: &[&str]) -> Result<Option<Vec<String>>> {
        let Some(text) = self.value(name)? else {
            return Ok(None);
        };
        let mut words = Vec::new();
        for word in text.split(',').map(str::trim).filter(|w| !w.is_empty()) {
            if !known.contains(&word) {
                return Err(Error::usage(format!("{name} does not know {word:?}; it knows {}", known.join(", "))));
            }
            if !words.iter().any(|seen| seen == word) {
                words.push(word.to_owned());
            }
        }
        if words.is_empty() {
            return Err(Error::usage(format!("{name} needs one of {}", known.join(", "))));
        }
        Ok(Some(words))
    }

    /// Everything as it stands, for a command that hands its arguments on; a leading `--` is dropped.
    pub(crate) fn everything(self) -> Vec<String> {
        let mut rest = self.rest;
        if rest.first().is_some_and(|first| first == "--") {
            rest.remove(0);
        }
        rest
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(first) => Err(Error::usage(format!("unknown argument {first:?}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(list: &[&str]) -> Args {
        Args::new(list.iter().map(|s| (*s).to_owned()).collect())
    }

    #[test]
    fn values_come_in_both_spellings_and_the_last_wins() {
        let mut given = args(&["--out", "a", "--json", "--out=b"]);
        assert_eq!(given.value("--out").unwrap().as_deref(), Some("b"));
        assert!(given.flag("--json"));
        given.finish().unwrap();
    }

    #[test]
    fn a_missing_value_and_a_leftover_are_errors_of_usage() {
        assert!(args(&["--out", "--json"]).value("--out").unwrap_err().is_usage());
        assert!(args(&["--out"]).value("--out").unwrap_err().is_usage());
        assert!(args(&["stray"]).finish().unwrap_err().is_usage());
    }

    #[test]
    fn words_are_checked_and_named_once() {
        let known = ["rust", "node"];
        let words = args(&["--only=node,rust,node"]).words("--only", &known).unwrap();
        assert_eq!(words.unwrap(), ["node", "rust"]);
        let wrong = args(&["--only=cobol"]).words("--only", &known).unwrap_err();
        assert!(wrong.to_string().contains("rust, node"));
    }
}
