//! The library of the packages for capture apps, as it ships: small, without HTTP, stripped of everything but what a loader needs.
//!
//! It is built with the profile of phones also for the tests: what is measured and tested is what is shipped.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, Result};
use crate::{repo, steps};

/// The profile of libraries for phones.
const PROFILE: &str = "release-mobile";

/// What the library may weigh at most, stripped.
pub(crate) const LARGEST: u64 = 1_500_000;

/// The name of its file.
pub(crate) const FILE: &str = "libvideoid_capture.so";

/// Cargo, building it alone: beside another crate it would get that one's core, with HTTP. Its symbols stay, for UniFFI's generator
/// and for those who read crash reports.
pub(crate) fn build() -> Command {
    let mut cargo = steps::cargo();
    cargo.args(["rustc", "--locked", "--profile", PROFILE, "--package", "videoid-capture", "--lib", "--crate-type", "cdylib"]);
    cargo.args(["--config", &format!("profile.{PROFILE}.strip=false")]);
    cargo
}

/// The library with its symbols.
pub(crate) fn with_symbols() -> PathBuf {
    repo::target().join(PROFILE).join(FILE)
}

/// Where the stripped library is: what `VIDEOID_NATIVE_DIR` is for the packages of capture apps.
pub(crate) fn folder() -> PathBuf {
    repo::target().join("capture")
}

/// `strip`, from the built library into [`folder`].
pub(crate) fn strip() -> Result<Command> {
    let folder = folder();
    fs::create_dir_all(&folder).map_err(|e| Error::io("cannot make", &folder, &e))?;
    let mut strip = steps::command("strip");
    strip.arg("--strip-unneeded").arg("-o").arg(folder.join(FILE)).arg(with_symbols());
    Ok(strip)
}
