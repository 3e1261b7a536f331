//! What is left of a One-Shot story, looked at with a program that shares no code with this project.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::show::Show;
use crate::error::{Error, Result};
use crate::steps::command;

/// What `pdfsig` says of a signed document that nothing was done to, in these words.
const SOUND: [&str; 3] = ["Signature is Valid", "Certificate is Trusted", "Total document signed"];

/// Looks whether the contract and the signed document are there, and what `pdfsig` says of the latter when it trusts the sandbox's
/// authority. Says nothing of the signature where `pdfsig` or `certutil` is not installed.
pub(super) fn checked(show: &Show, authority: &Path) -> Result<Vec<String>> {
    for kind in ["contract", "signed"] {
        let path = show.file(kind).ok_or_else(|| Error::new(format!("the example left no file of kind {kind}")))?;
        let bytes = fs::read(path).map_err(|e| Error::io("cannot read", path, &e))?;
        if !bytes.starts_with(b"%PDF-") {
            return Err(Error::new(format!("{} is no PDF", path.display())));
        }
    }
    let Some(signed) = show.file("signed") else { return Ok(Vec::new()) };
    let Some(said) = asked(signed, authority)? else { return Ok(Vec::new()) };
    found(&said)
}

/// The three words, or the failure that one of them is not among what was said.
fn found(said: &str) -> Result<Vec<String>> {
    match SOUND.iter().find(|text| !said.contains(**text)) {
        None => Ok(SOUND.map(str::to_owned).to_vec()),
        Some(text) => Err(Error::new(format!("pdfsig does not say \"{text}\" of the signed document:\n{said}"))),
    }
}

/// What `pdfsig` says; nothing where a program is missing.
fn asked(signed: &Path, authority: &Path) -> Result<Option<String>> {
    let trust = Trust::new()?;
    let database = format!("sql:{}", trust.0.display());
    let mut make = command("certutil");
    make.args(["-N", "--empty-password", "-d", &database]);
    let mut add = command("certutil");
    add.args(["-A", "-n", "sandbox", "-t", "CT,C,C", "-d", &database, "-i"]).arg(authority);
    let mut ask = command("pdfsig");
    ask.args(["-nssdir", &database]).arg(signed);
    let mut said = None;
    for step in [&mut make, &mut add, &mut ask] {
        said = run(step)?;
        if said.is_none() {
            break;
        }
    }
    Ok(said)
}

fn run(command: &mut Command) -> Result<Option<String>> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned())),
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Err(Error::new(format!("{program} ended with {}:\n{}", output.status, String::from_utf8_lossy(&text))))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::new(format!("cannot start {program}: {error}"))),
    }
}

/// A database of trusted certificates, removed at the end.
struct Trust(PathBuf);

impl Trust {
    fn new() -> Result<Self> {
        let path = std::env::temp_dir().join(format!("videoid-demo-trust-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|e| Error::io("cannot make", &path, &e))?;
        Ok(Self(path))
    }
}

impl Drop for Trust {
    fn drop(&mut self) {
        // What stays is a folder for temporary files with one certificate in it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_of_the_three_words_is_needed() {
        let said = "  - Signature Validation: Signature is Valid.\n  - Certificate Validation: Certificate is Trusted.\n  - Total document signed\n";
        assert_eq!(found(said).expect("it is sound").len(), 3);
        for text in SOUND {
            let error = found(&said.replace(text, "something else")).expect_err("a word is missing");
            assert!(error.to_string().contains(text));
        }
    }
}
