//! The manifest of a bundle: which files there are, how long, with which SHA-256.

use serde::{Deserialize, Serialize};

use super::builder::IMAGE_NAMES;
use crate::error::{Error, ErrorCode, Result};

/// The name of the manifest in its folder.
pub(super) const MANIFEST: &str = "manifest.json";
/// The name of the data in its folder.
pub(super) const DATA: &str = "evidence.json";
/// The name of the video in its folder.
pub(super) const VIDEO: &str = "video.mp4";
/// The format that this version writes and reads.
pub(super) const FORMAT: i64 = 1;
/// The largest manifest that is read.
pub(super) const MAX_MANIFEST: u64 = 1 << 20;

/// What is in a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BundleManifest {
    /// The format of the folder: 1.
    pub format: i64,
    /// The files beside the manifest.
    pub files: Vec<BundleFile>,
}

/// A file of a bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BundleFile {
    /// Its plain name: `evidence.json`, an image such as `document_front.jpg`, or `video.mp4`.
    pub name: String,
    /// Its length in bytes.
    pub bytes: i64,
    /// Its SHA-256 in lower-case hex.
    pub sha256: String,
}

impl BundleFile {
    /// Name of the image that it holds and the ending of the file.
    pub(super) fn image(&self) -> Option<(&'static str, &str)> {
        let (stem, ending) = self.name.split_once('.')?;
        let name = IMAGE_NAMES.into_iter().find(|name| *name == stem)?;
        matches!(ending, "jpg" | "png").then_some((name, ending))
    }

    fn is_known(&self) -> bool {
        self.name == DATA || self.name == VIDEO || self.image().is_some()
    }
}

impl BundleManifest {
    /// Reads a manifest, and refuses one that this version could not have written.
    pub(super) fn parse(json: &[u8]) -> Result<Self> {
        /// The one field that tells whether the rest can be understood.
        #[derive(Deserialize)]
        struct Version {
            format: i64,
        }
        // serde's own text may quote what it read.
        let unclear = |_| invalid("the manifest cannot be understood");
        let Version { format } = serde_json::from_slice(json).map_err(unclear)?;
        if format != FORMAT {
            return Err(Error::new(ErrorCode::FormatUnsupported, "the bundle is of a format that this version does not read"));
        }
        let manifest: Self = serde_json::from_slice(json).map_err(unclear)?;
        let mut images = Vec::new();
        for (at, file) in manifest.files.iter().enumerate() {
            // A closed list of names: with it no path can lead out of the folder.
            if !file.is_known() || manifest.files[..at].iter().any(|other| other.name == file.name) {
                return Err(invalid("the manifest names a file that a bundle does not have, or one twice"));
            }
            if file.bytes < 0 || file.sha256.len() != 64 || !file.sha256.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f')) {
                return Err(invalid("the manifest has a length or SHA-256 that cannot be"));
            }
            if let Some((name, _)) = file.image() {
                if images.contains(&name) {
                    return Err(invalid("the manifest names an image twice"));
                }
                images.push(name);
            }
        }
        if !manifest.files.iter().any(|file| file.name == DATA) {
            return Err(invalid("the manifest does not name evidence.json"));
        }
        Ok(manifest)
    }
}

pub(super) fn invalid(why: &'static str) -> Error {
    Error::new(ErrorCode::BundleInvalid, why)
}
