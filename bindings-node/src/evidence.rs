//! Evidence and the check of a video.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write as _};

use napi::bindgen_prelude::PromiseRaw;
use napi::{Either, Env};
use napi_derive::napi;
use videoid::evidence::{Evidence, EvidenceBuilder, check_video};
use videoid::{Error, ErrorCode};

use crate::call::NativeCall;
use crate::convert::{json_object, similarity, similarity_level};
use crate::error::blocking;
use crate::generated::{Acceptance, EvidenceReport, Limits, OcrData, SecurityChecks, VideoInfo};
use crate::source::NativeSource;

/// What evidence is made of, without its images.
#[napi(object)]
pub struct EvidenceParts {
    pub acceptance: Option<Acceptance>,
    #[napi(js_name = "ocrData")]
    pub ocr_data: Option<OcrData>,
    #[napi(js_name = "securityChecks")]
    pub security_checks: Option<SecurityChecks>,
    #[napi(js_name = "similarityLevel")]
    pub similarity_level: Option<Either<i64, String>>,
    /// A JSON object as text.
    pub extra: Option<String>,
    pub limits: Option<Limits>,
    pub strict: Option<bool>,
}

/// Collects evidence.
#[napi]
pub struct NativeEvidenceBuilder {
    builder: EvidenceBuilder,
}

#[napi]
impl NativeEvidenceBuilder {
    /// A builder with everything but the images.
    #[napi(constructor)]
    pub fn new(parts: EvidenceParts) -> napi::Result<Self> {
        let mut builder = EvidenceBuilder::new();
        if let Some(acceptance) = parts.acceptance {
            builder = builder.acceptance(acceptance.try_into()?);
        }
        if let Some(data) = parts.ocr_data {
            builder = builder.ocr_data(data.try_into()?);
        }
        if let Some(checks) = parts.security_checks {
            builder = builder.security_checks(checks.try_into()?);
        }
        if let Some(level) = parts.similarity_level {
            builder = builder.similarity_level(similarity_level(level));
        }
        if let Some(extra) = parts.extra {
            builder = builder.extra(json_object(&extra)?);
        }
        if let Some(limits) = parts.limits {
            builder = builder.limits(limits.try_into()?);
        }
        Ok(Self { builder: builder.strict(parts.strict.unwrap_or(false)) })
    }

    /// Sets an image by its name on the wire.
    #[napi]
    pub fn image(&mut self, name: String, source: &NativeSource) {
        let builder = std::mem::take(&mut self.builder);
        let source = source.inner();
        self.builder = match name.as_str() {
            "document_front" => builder.document_front(source),
            "document_rear" => builder.document_rear(source),
            "document_photo" => builder.document_photo(source),
            "document_owner" => builder.document_owner(source),
            _ => builder,
        };
    }

    /// Reads the images and says all that is to be said.
    #[napi]
    pub fn check<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, EvidenceReport>> {
        let builder = self.builder.clone();
        call.spawn(env, async move { blocking(move || builder.check()).await.map(Into::into) })
    }

    /// Reads the images, checks everything and makes the evidence.
    #[napi]
    pub fn build<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, NativeEvidence>> {
        let builder = self.builder.clone();
        call.spawn(env, async move { blocking(move || builder.build()).await.map(NativeEvidence::from_core) })
    }
}

/// Evidence that was checked.
#[napi]
pub struct NativeEvidence {
    evidence: Evidence,
}

#[napi]
impl NativeEvidence {
    #[napi]
    pub fn acceptance(&self) -> Acceptance {
        self.evidence.acceptance().clone().into()
    }

    #[napi]
    pub fn ocr_data(&self) -> OcrData {
        self.evidence.ocr_data().clone().into()
    }

    #[napi]
    pub fn security_checks(&self) -> SecurityChecks {
        self.evidence.security_checks().clone().into()
    }

    #[napi]
    pub fn similarity_level(&self) -> Option<Either<i64, String>> {
        self.evidence.similarity_level().cloned().map(similarity)
    }

    #[napi]
    pub fn report(&self) -> EvidenceReport {
        self.evidence.report().clone().into()
    }

    #[napi]
    pub fn content_length(&self) -> i64 {
        i64::try_from(self.evidence.content_length()).unwrap_or(i64::MAX)
    }

    /// SHA-256 of the body in lower-case hex; reads the images.
    #[napi]
    pub fn sha256<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, String>> {
        let evidence = self.inner();
        call.spawn(env, blocking(move || evidence.sha256()))
    }

    /// Writes the body to a new file that only its owner can read.
    #[napi]
    pub fn write_json<'env>(&self, env: &'env Env, path: String, call: &NativeCall) -> napi::Result<PromiseRaw<'env, ()>> {
        let evidence = self.inner();
        call.spawn(
            env,
            blocking(move || {
                let failed = |_| Error::new(ErrorCode::FileNotWritten, "the file for the body could not be written; it must not exist yet");
                let mut open = OpenOptions::new();
                open.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
                let mut file = BufWriter::new(open.open(path).map_err(failed)?);
                evidence.write_json(&mut file)?;
                file.flush().map_err(failed)
            }),
        )
    }
}

impl NativeEvidence {
    pub(crate) fn from_core(evidence: Evidence) -> Self {
        Self { evidence }
    }

    pub(crate) fn inner(&self) -> Evidence {
        self.evidence.clone()
    }
}

/// Looks at the structure of a video.
#[napi(js_name = "checkVideo")]
pub fn check_video_source<'env>(
    env: &'env Env,
    source: &NativeSource,
    limits: Option<Limits>,
    call: &NativeCall,
) -> napi::Result<PromiseRaw<'env, VideoInfo>> {
    let limits = limits.map(videoid::config::Limits::try_from).transpose()?.unwrap_or_default();
    let source = source.inner();
    call.spawn(env, async move { blocking(move || check_video(&source, &limits)).await.map(Into::into) })
}
