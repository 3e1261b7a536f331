//! What UniFFI writes for Kotlin and Swift from the built library, put where the packages have it.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::HEADER;
use super::ir::{Default, Ir, Type, camel};
use super::mobile::first_small;
use crate::error::{Error, Result};
use crate::{capture, repo, steps};

/// A library, and where the packages made of it have what UniFFI writes.
struct Library {
    built: PathBuf,
    /// Its name for linkers.
    name: &'static str,
    /// The Swift module of its C header.
    header: &'static str,
    /// The folder of the Maven project.
    kotlin: &'static str,
    /// The folder of the Swift package's sources.
    swift: &'static str,
}

/// Builds the libraries, unless that was done, and UniFFI's generator; gives the files with their paths from the repository's root.
pub(super) fn outputs(ir: &Ir, library_is_built: bool) -> Result<Vec<(PathBuf, String)>> {
    // Two runs: in one, cargo would build `uniffi` with the features of both.
    if !library_is_built {
        cargo(&["build", "--profile", repo::PROFILE, "-p", "videoid-mobile"])?;
        run(&mut capture::build())?;
    }
    cargo(&["build", "--profile", repo::PROFILE, "-p", "videoid-bindgen"])?;
    let full = Library {
        built: repo::built().join(format!("{DLL_PREFIX}videoid_mobile{DLL_SUFFIX}")),
        name: "videoid_mobile",
        header: "VideoIDFFI",
        kotlin: "bindings-mobile/android",
        swift: "bindings-mobile/swift/Sources",
    };
    let captured = Library {
        built: capture::with_symbols(),
        name: "videoid_capture",
        header: "VideoIDCaptureFFI",
        kotlin: "bindings-mobile/android/capture",
        swift: "bindings-mobile/swift/Capture/Sources",
    };
    let mut all = of_library(ir, &full)?;
    all.extend(of_library(&ir.up_to(1), &captured)?);
    Ok(all)
}

fn of_library(ir: &Ir, library: &Library) -> Result<Vec<(PathBuf, String)>> {
    let Library { name, header, .. } = library;
    let out = repo::target().join("uniffi").join(name);
    if out.exists() {
        fs::remove_dir_all(&out).map_err(|e| Error::io("cannot empty", &out, &e))?;
    }
    let mut bindgen = steps::command(repo::built().join("uniffi-bindgen"));
    bindgen.arg("generate").arg(&library.built).args(["-l", "kotlin", "-l", "swift", "-n", "-o"]).arg(&out);
    run(&mut bindgen)?;
    let words = default_words(ir)?;
    let kotlin = with_words(&facade(&read(&out.join("dev/videoid/videoid.kt"))?), &words, str::to_owned)?;
    let swift = with_words(&read(&out.join("VideoIDNative.swift"))?, &words, first_small)?;
    let module_map = format!("module {header} {{\n    header \"{header}.h\"\n    link \"{name}\"\n    export *\n}}\n");
    let (of_kotlin, of_swift) = (Path::new(library.kotlin), Path::new(library.swift));
    let c_module = of_swift.join(header);
    Ok(vec![
        (of_kotlin.join("src/main/kotlin/dev/videoid/Native.kt"), commented(&with_ids(&kotlin, ir))),
        (of_swift.join("VideoIDNative/VideoIDNative.swift"), commented(&with_ids(&swift, ir))),
        (c_module.join(format!("{header}.h")), commented(&read(&out.join(format!("{header}.h")))?)),
        (c_module.join("module.modulemap"), format!("// {HEADER}\n{module_map}")),
    ])
}

/// The fields that have a word as their default: of which struct, in camelCase, and the variant of the enum.
struct DefaultWord<'a> {
    owner: &'a str,
    field: String,
    words: &'a str,
    variant: &'a str,
}

fn default_words(ir: &Ir) -> Result<Vec<DefaultWord<'_>>> {
    let mut out = Vec::new();
    for item in &ir.structs {
        for field in &item.fields {
            let (Type::Enum(words), Some(Default::Word(word))) = (&field.ty, &field.default) else { continue };
            let of = ir.enums.iter().find(|of| of.name == *words);
            let variant = of.and_then(|of| of.variants.iter().find(|variant| variant.word == *word));
            let variant = variant.ok_or_else(|| Error::new(format!("{words} has no word {word}")))?;
            out.push(DefaultWord { owner: &item.name, field: camel(&field.name), words, variant: &variant.name });
        }
    }
    Ok(out)
}

/// Puts in the defaults that UniFFI has no means to write: a word of an enum. `shape` is how the language writes a variant.
fn with_words(text: &str, words: &[DefaultWord<'_>], shape: fn(&str) -> String) -> Result<String> {
    let mut out = String::new();
    let (mut owner, mut done) = ("", 0);
    for line in text.lines() {
        if let Some(name) = ["public data class ", "public struct "].iter().find_map(|kind| line.strip_prefix(kind)) {
            owner = name.split([' ', '(', ':']).next().unwrap_or_default();
        }
        let mut line = line.to_owned();
        for word in words.iter().filter(|word| word.owner == owner) {
            let (field, of) = (&word.field, word.words);
            let default = format!("{of} = {of}.{}", shape(word.variant));
            if line == format!("    val `{field}`: {of}") {
                line = format!("    val `{field}`: {default}");
                done += 1;
            } else if let Some((before, after)) =
                line.split_once(&format!("*/{field}: {of}")).filter(|(_, after)| after.starts_with([',', ')']))
            {
                line = format!("{before}*/{field}: {default}{after}");
                done += 1;
            }
        }
        out.push_str(&line);
        out.push('\n');
    }
    if done == words.len() { Ok(out) } else { Err(Error::new(format!("{done} of {} default words have found their place", words.len()))) }
}

/// Makes ids of the empty texts that UniFFI writes as defaults of ids.
fn with_ids(text: &str, ir: &Ir) -> String {
    ir.ids.iter().filter(|id| !id.numeric).fold(text.to_owned(), |text, id| {
        let name = &id.name;
        text.replace(&format!(": {name} = \"\""), &format!(": {name} = {name}(\"\")"))
    })
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
