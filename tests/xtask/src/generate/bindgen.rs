//! What UniFFI writes for Kotlin and Swift from the built library, put where the packages have it.

use std::collections::BTreeMap;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::HEADER;
use super::ir::{Default, Ir, Type};
use super::mobile::first_small;
use crate::error::{Error, Result};
use crate::{repo, steps};

const KOTLIN: &str = "bindings-mobile/android/src/main/kotlin/dev/videoid/Native.kt";
const SWIFT: &str = "bindings-mobile/swift/Sources/VideoIDNative/VideoIDNative.swift";
const C_MODULE: &str = "bindings-mobile/swift/Sources/VideoIDFFI";

/// Builds the library, unless that was done, and UniFFI's generator; gives the files with their paths from the repository's root.
pub(super) fn outputs(ir: &Ir, library_is_built: bool) -> Result<Vec<(PathBuf, String)>> {
    // Two runs: in one, cargo would build `uniffi` with the features of both.
    if !library_is_built {
        cargo(&["build", "--profile", repo::PROFILE, "-p", "videoid-mobile"])?;
    }
    cargo(&["build", "--profile", repo::PROFILE, "-p", "videoid-bindgen"])?;
    let library = repo::built().join(format!("{DLL_PREFIX}videoid_mobile{DLL_SUFFIX}"));
    let out = repo::target().join("uniffi");
    if out.exists() {
        fs::remove_dir_all(&out).map_err(|e| Error::io("cannot empty", &out, &e))?;
    }
    let mut bindgen = steps::command(repo::built().join("uniffi-bindgen"));
    bindgen.arg("generate").arg(&library).args(["-l", "kotlin", "-l", "swift", "-n", "-o"]).arg(&out);
    run(&mut bindgen)?;
    let words = default_words(ir)?;
    let module_map = "module VideoIDFFI {\n    header \"VideoIDFFI.h\"\n    link \"videoid_mobile\"\n    export *\n}\n".to_owned();
    Ok(vec![
        (
            PathBuf::from(KOTLIN),
            commented(&with_words(&facade(&read(&out.join("dev/videoid/videoid.kt"))?), &words, |name| name.to_owned())),
        ),
        (PathBuf::from(SWIFT), commented(&with_words(&read(&out.join("VideoIDNative.swift"))?, &words, first_small))),
        (Path::new(C_MODULE).join("VideoIDFFI.h"), commented(&read(&out.join("VideoIDFFI.h"))?)),
        (Path::new(C_MODULE).join("module.modulemap"), format!("// {HEADER}\n{module_map}")),
    ])
}

/// Each enum of words that a field has as its default, with the variant.
fn default_words(ir: &Ir) -> Result<BTreeMap<&str, &str>> {
    let mut out = BTreeMap::new();
    for field in ir.structs.iter().flat_map(|item| &item.fields) {
        let (Type::Enum(name), Some(Default::Word(word))) = (&field.ty, &field.default) else { continue };
        let words = ir.enums.iter().find(|words| words.name == *name);
        let variant = words.and_then(|words| words.variants.iter().find(|variant| variant.word == *word));
        let variant = variant.ok_or_else(|| Error::new(format!("{name} has no word {word}")))?;
        // UniFFI's output does not say of which field a default is.
        if out.insert(name.as_str(), variant.name.as_str()).is_some_and(|other| other != variant.name) {
            return Err(Error::new(format!("two fields have different defaults of {name}")));
        }
    }
    Ok(out)
}

/// UniFFI writes the default of a named type as a call without arguments; here it is the word.
fn with_words(text: &str, words: &BTreeMap<&str, &str>, shape: fn(&str) -> String) -> String {
    let mut out = text.to_owned();
    for (name, variant) in words {
        out = out.replace(&format!(": {name} = {name}()"), &format!(": {name} = {name}.{}", shape(variant)));
    }
    out
}

/// What in Kotlin has the façade's names: it is called `Native…` instead. (The façade re-exporting the rest from another package by
/// typealias would not do: nested classes, `Status.Created` for example, cannot be reached through one. UniFFI's own renaming
/// misses secondary constructors and `toString`.)
const NATIVE: &[&str] = &[
    "Bundle",
    "CallOptions",
    "CancelToken",
    "ClassicDocument",
    "EventListener",
    "Evidence",
    "EvidenceDocument",
    "EvidenceInput",
    "HookListener",
    "OneShot",
    "OneShotFlow",
    "ProgressListener",
    "RegistrationAuthority",
    "ServerText",
    "Source",
    "StateStore",
    "StoreException",
    "VideoIdException",
    "WebhookInbox",
    "Workflow",
    "buildEvidence",
    "checkEvidence",
    "checkRequest",
    "checkVideo",
    "loadBundle",
    "parseWebhook",
    "saveBundle",
];

/// Kotlin for a façade in the same package: only the data is public, that is data classes, words and the names for simple values.
/// UniFFI makes everything public, but its objects and the machinery below them are the façade's own affair.
fn facade(kotlin: &str) -> String {
    let mut out = String::new();
    for line in kotlin.lines() {
        let line = &renamed(line);
        let at = declaration(line);
        match at.map(|at| (&line[..at], line[at..].strip_prefix("public ").unwrap_or(&line[at..]))) {
            Some((before, rest)) => {
                let visibility = if is_data(rest) { "public" } else { "internal" };
                out.push_str(&format!("{before}{visibility} {rest}\n"));
            }
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

/// The line with the names of [`NATIVE`]; comments stay as they are.
fn renamed(line: &str) -> String {
    // Code may stand behind the end of a comment.
    let start = if line.trim_start().starts_with(['*', '/']) { line.find("*/").map_or(line.len(), |end| end + 2) } else { 0 };
    let mut out = line[..start].to_owned();
    let mut word = String::new();
    for c in line[start..].chars().chain(['\n']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        if NATIVE.contains(&word.as_str()) {
            let small = word.starts_with(|c: char| c.is_lowercase());
            out.push_str(if small { "native" } else { "Native" });
            out.extend(word.chars().take(1).map(|c| c.to_ascii_uppercase()));
            out.extend(word.chars().skip(1));
        } else {
            out.push_str(&word);
        }
        word.clear();
        out.push(c);
    }
    out.pop();
    out
}

/// Where in the line a declaration of the file itself begins. UniFFI indents its functions that throw.
fn declaration(line: &str) -> Option<usize> {
    const WORDS: &[&str] = &[
        "public",
        "class",
        "data",
        "sealed",
        "open",
        "abstract",
        "enum",
        "interface",
        "object",
        "fun",
        "suspend",
        "inline",
        "typealias",
        "val",
        "var",
        "const",
    ];
    let at = if let Some(thrown) = line.strip_prefix("    @Throws(") {
        let after = thrown.split_once(") ")?.1;
        after.starts_with("fun `").then(|| line.len() - after.len())?
    } else if line.starts_with("     suspend fun `") {
        5
    } else if let Some(at) = line.find("*/ fun `") {
        // Those that do not throw stand behind the end of their comment.
        at + 3
    } else {
        0
    };
    WORDS.contains(&line[at..].split([' ', '<']).next()?).then_some(at)
}

fn is_data(declaration: &str) -> bool {
    ["data class ", "sealed class ", "typealias "]
        .iter()
        .filter_map(|kind| declaration.strip_prefix(kind))
        .any(|name| !["Native", "Ffi", "Uniffi"].iter().any(|own| name.starts_with(own)))
}

fn cargo(args: &[&str]) -> Result<()> {
    run(steps::cargo().args(args))
}

fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|e| Error::new(format!("cannot start {name}: {e}")))?;
    if status.success() { Ok(()) } else { Err(Error::new(format!("{name} failed: {status}"))) }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| Error::io("cannot read", path, &e))
}

/// With the header, and without the blanks at the ends of lines that UniFFI's templates leave.
fn commented(text: &str) -> String {
    let mut out = format!("// {HEADER}\n");
    let mut blank = 0;
    for line in text.lines().map(str::trim_end) {
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
