//! Runs the scenarios of `tests/scenarios` through the Rust core, and holds what the tests of this crate share.

pub mod control;
pub mod files;
pub mod harness;
pub mod matching;
pub mod one_shot;
pub mod process;
mod run;
pub mod sandboxes;
pub mod scenario;
pub mod schema;
pub mod story;
mod values;

pub use run::run;

use std::path::PathBuf;

/// The folder `tests` of the repository.
pub fn tests_folder() -> PathBuf {
    std::env::var_os("VIDEOID_REPO")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".."), |repo| PathBuf::from(repo).join("tests"))
}

/// A file of `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    tests_folder().join("fixtures").join(name)
}

/// Why something did not go as a scenario says: text for whoever reads the test's output.
pub type Outcome<T = ()> = Result<T, String>;
