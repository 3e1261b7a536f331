//! What UniFFI writes for Kotlin and Swift from the built library, put where the packages have it.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::HEADER;
use crate::error::{Error, Result};
use crate::{repo, steps};

const KOTLIN: &str = "bindings-mobile/android/src/main/kotlin/dev/videoid/ffi/videoid.kt";
const SWIFT: &str = "bindings-mobile/swift/Sources/VideoIDNative/VideoIDNative.swift";
const C_MODULE: &str = "bindings-mobile/swift/Sources/VideoIDFFI";

/// Builds the library and UniFFI's generator, and gives the files with their paths from the repository's root.
pub(super) fn outputs() -> Result<Vec<(PathBuf, String)>> {
    // Two runs: in one, cargo would build `uniffi` with the features of both.
    cargo(&["build", "--profile", repo::PROFILE, "-p", "videoid-mobile"])?;
    cargo(&["build", "--profile", repo::PROFILE, "-p", "videoid-bindgen"])?;
    let library = repo::built().join(format!("{DLL_PREFIX}videoid_mobile{DLL_SUFFIX}"));
    let out = repo::target().join("uniffi");
    if out.exists() {
        fs::remove_dir_all(&out).map_err(|e| Error::io("cannot empty", &out, &e))?;
    }
    let mut bindgen = steps::command(repo::built().join("uniffi-bindgen"));
    bindgen.arg("generate").arg(&library).args(["-l", "kotlin", "-l", "swift", "-n", "-o"]).arg(&out);
    run(&mut bindgen)?;
    let module_map = "module VideoIDFFI {\n    header \"VideoIDFFI.h\"\n    export *\n}\n".to_owned();
    Ok(vec![
        (PathBuf::from(KOTLIN), commented(&read(&out.join("dev/videoid/ffi/videoid.kt"))?)),
        (PathBuf::from(SWIFT), commented(&read(&out.join("VideoIDNative.swift"))?)),
        (Path::new(C_MODULE).join("VideoIDFFI.h"), commented(&read(&out.join("VideoIDFFI.h"))?)),
        (Path::new(C_MODULE).join("module.modulemap"), format!("// {HEADER}\n{module_map}")),
    ])
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
