//! The crate of the Kotlin and Swift packages.

use std::path::PathBuf;

use super::ir::Ir;

/// Its files.
pub(super) fn outputs(_ir: &Ir) -> Vec<(PathBuf, String)> {
    Vec::new()
}
