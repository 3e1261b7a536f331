//! Evidence as a plain folder.

use std::path::Path;
use std::sync::Arc;

use crate::error::VideoIdError;
use crate::evidence::Evidence;
use crate::generated::BundleManifest;
use crate::guard;
use crate::source::Source;

/// Evidence that was loaded from a folder, every file checked against the manifest.
#[derive(Debug, uniffi::Object)]
pub struct Bundle {
    core: videoid::evidence::Bundle,
}

#[uniffi::export]
impl Bundle {
    /// The evidence.
    pub fn evidence(&self) -> Arc<Evidence> {
        Evidence::wrap(self.core.evidence().clone())
    }

    /// The video, where the bundle has one.
    pub fn video(&self) -> Option<Arc<Source>> {
        self.core.video().cloned().map(Source::wrap)
    }

    /// What the folder holds.
    pub fn manifest(&self) -> BundleManifest {
        self.core.manifest().clone().into()
    }
}

/// Saves evidence, and a video where one is given, into a folder. Files can be read by their owner only.
#[uniffi::export(default(video = None))]
pub async fn save_bundle(dir: String, evidence: Arc<Evidence>, video: Option<Arc<Source>>) -> Result<BundleManifest, VideoIdError> {
    guard::blocking(move || videoid::evidence::Bundle::save(Path::new(&dir), evidence.core(), video.as_ref().map(|v| v.core())))
        .await
        .map(Into::into)
}

/// Loads evidence from a folder. Fails with `bundle_invalid` or `bundle_altered`.
#[uniffi::export]
pub async fn load_bundle(dir: String) -> Result<Arc<Bundle>, VideoIdError> {
    guard::blocking(move || videoid::evidence::Bundle::load(Path::new(&dir))).await.map(|core| Arc::new(Bundle { core }))
}
