//! Bundle folders.

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use videoid::evidence::Bundle;

use crate::call::NativeCall;
use crate::error::blocking;
use crate::evidence::NativeEvidence;
use crate::generated::BundleManifest;
use crate::source::NativeSource;

/// A bundle that was loaded and checked.
#[napi]
pub struct NativeBundle {
    bundle: Bundle,
}

#[napi]
impl NativeBundle {
    /// Writes a bundle.
    #[napi]
    pub fn save<'env>(
        env: &'env Env,
        folder: String,
        evidence: &NativeEvidence,
        video: Option<&NativeSource>,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, BundleManifest>> {
        let (evidence, video) = (evidence.inner(), video.map(NativeSource::inner));
        call.spawn(env, async move { blocking(move || Bundle::save(folder.as_ref(), &evidence, video.as_ref())).await.map(Into::into) })
    }

    /// Reads a bundle and checks all of it.
    #[napi]
    pub fn load<'env>(env: &'env Env, folder: String, call: &NativeCall) -> napi::Result<PromiseRaw<'env, NativeBundle>> {
        call.spawn(env, async move { blocking(move || Bundle::load(folder.as_ref())).await.map(|bundle| Self { bundle }) })
    }

    #[napi]
    pub fn evidence(&self) -> NativeEvidence {
        NativeEvidence::from_core(self.bundle.evidence().clone())
    }

    #[napi]
    pub fn video(&self) -> Option<NativeSource> {
        self.bundle.video().cloned().map(NativeSource::from_core)
    }

    #[napi]
    pub fn manifest(&self) -> BundleManifest {
        self.bundle.manifest().clone().into()
    }
}
