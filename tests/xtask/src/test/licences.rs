//! Holds the locked dependencies to `deny.toml`: licences, banned crates, sources. It reads the same file as cargo-deny
//! and checks the part of it that needs no further program.

use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::repo;
use crate::steps::{Log, cargo};

#[derive(Deserialize)]
struct Rules {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    allow: Vec<String>,
    #[serde(rename = "crate")]
    name: String,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
}

/// The one registry that deny.toml allows by naming no other: cargo's own, by its index.
const REGISTRY: &str = "rust-lang/crates.io-index";

/// The check.
pub(super) fn check(log: &Log) -> Result<()> {
    let path = repo::root().join("deny.toml");
    let text = fs::read_to_string(&path).map_err(|e| Error::io("cannot read", &path, &e))?;
    let rules: Rules = toml::from_str(&text).map_err(|e| Error::new(format!("{}: {e}", path.display())))?;
    let output = cargo()
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()
        .map_err(|e| Error::new(format!("cannot start cargo: {e}")))?;
    let all: Value = serde_json::from_slice(&output.stdout).map_err(|e| Error::new(format!("cargo metadata: {e}")))?;
    let packages = all["packages"].as_array().cloned().unwrap_or_default();
    let mut problems = Vec::new();
    let mut seen = 0;
    for package in packages.iter().filter(|package| package["source"].is_string()) {
        seen += 1;
        problems.extend(problem(&rules, package));
    }
    log.note(&format!("{seen} crates looked at"));
    if seen == 0 {
        return Err(Error::new("cargo metadata named no crate"));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::new(problems.join("\n"))) }
}

fn problem(rules: &Rules, package: &Value) -> Option<String> {
    let word = |field: &str| package[field].as_str().unwrap_or_default();
    let (name, source, licence) = (word("name"), word("source"), word("license"));
    if rules.bans.deny.iter().any(|ban| ban.name == name) {
        return Some(format!("{name} is banned"));
    }
    if !source.strip_prefix("registry+").is_some_and(|index| index.ends_with(REGISTRY)) {
        return Some(format!("{name} comes from {source}"));
    }
    let allowed = |id: &str| {
        rules.licenses.allow.iter().any(|a| a == id)
            || rules.licenses.exceptions.iter().any(|e| e.name == name && e.allow.iter().any(|a| a == id))
    };
    if satisfied(licence, &allowed) { None } else { Some(format!("{name}: licence {licence:?} is not allowed")) }
}

/// Whether an expression of SPDX, or of the older form with slashes, can be met with what is allowed.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let value = either(&words, &mut at, allowed);
    value && at == words.len() && !words.is_empty()
}

fn either(words: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut value = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        value |= both(words, at, allowed);
    }
    value
}

fn both(words: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut value = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        value &= one(words, at, allowed);
    }
    value
}

fn one(words: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    match words.get(*at) {
        Some(&"(") => {
            *at += 1;
            let value = either(words, at, allowed);
            let closed = words.get(*at) == Some(&")");
            *at += 1;
            value && closed
        }
        Some(id) => {
            *at += 1;
            if words.get(*at) == Some(&"WITH") {
                let whole = format!("{id} WITH {}", words.get(*at + 1).unwrap_or(&""));
                *at += 2;
                return allowed(&whole);
            }
            allowed(id)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_as_spdx_wants() {
        let allowed = |id: &str| ["MIT", "BSD-3-Clause", "Apache-2.0 WITH LLVM-exception"].contains(&id);
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "GPL-3.0/MIT",
            "MIT AND BSD-3-Clause",
            "(MIT OR X) AND BSD-3-Clause",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(satisfied(good, &allowed), "{good}");
        }
        for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT", "MIT MIT", "Apache-2.0"] {
            assert!(!satisfied(bad, &allowed), "{bad}");
        }
    }
}
