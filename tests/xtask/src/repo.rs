//! Where things are: the repository, cargo's target folder, and the cache outside the repository.

use std::env;
use std::path::PathBuf;

use crate::error::{Error, Result};

/// The folder of cargo's output for the one profile that tests use.
pub(crate) const PROFILE: &str = "ci";

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or(here.clone(), PathBuf::from)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(
        || root().join("target"),
        |dir| {
            let dir = PathBuf::from(dir);
            if dir.is_absolute() { dir } else { root().join(dir) }
        },
    )
}

/// Where the libraries and programs of the tests are built.
pub(crate) fn built() -> PathBuf {
    target().join(PROFILE)
}

/// The sandbox program.
pub(crate) fn sandbox() -> PathBuf {
    built().join("videoid-sandbox")
}

/// Where toolchains are kept between runs: `VIDEOID_CACHE`, else `videoid` in the user's cache folder.
pub(crate) fn cache() -> Result<PathBuf> {
    let named = |name: &str| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let folder = named("VIDEOID_CACHE")
        .or_else(|| named("XDG_CACHE_HOME").map(|base| base.join("videoid")))
        .or_else(|| named("HOME").map(|home| home.join(".cache/videoid")))
        .ok_or_else(|| Error::new("set VIDEOID_CACHE: there is neither XDG_CACHE_HOME nor HOME"))?;
    std::path::absolute(&folder).map_err(|e| Error::io("no such path:", &folder, &e))
}

/// What every language's tests find in their environment.
pub(crate) fn environment() -> Vec<(&'static str, PathBuf)> {
    vec![("VIDEOID_REPO", root()), ("VIDEOID_SANDBOX", sandbox()), ("VIDEOID_NATIVE_DIR", built())]
}
