//! The evidence of one identification.

use std::fmt;
use std::fs::OpenOptions;
use std::io::BufWriter;
use std::sync::Arc;

use videoid::evidence::EvidenceBuilder;
use videoid::{Error, ErrorCode};

use crate::error::VideoIdError;
use crate::generated::{Acceptance, EvidenceReport, Limits, OcrData, SecurityChecks, VideoInfo};
use crate::guard;
use crate::show::Show;
use crate::source::Source;
use crate::values::{Extra, SimilarityLevel};

/// What evidence is built from. Front and selfie are expected, the rear too unless `ocrData.idDocumentType` is `PAS`; the
/// cut-out photo is optional. What is missing is advice, unless `strict` is set.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct EvidenceInput {
    /// The user's acceptance of the terms.
    #[uniffi(default = None)]
    pub acceptance: Option<Acceptance>,
    /// Front of the identity document, JPEG or PNG.
    #[uniffi(default = None)]
    pub document_front: Option<Arc<Source>>,
    /// Rear of the identity document.
    #[uniffi(default = None)]
    pub document_rear: Option<Arc<Source>>,
    /// The photo cut out of the document.
    #[uniffi(default = None)]
    pub document_photo: Option<Arc<Source>>,
    /// The selfie.
    #[uniffi(default = None)]
    pub document_owner: Option<Arc<Source>>,
    /// What was read from the document.
    #[uniffi(default = None)]
    pub ocr_data: Option<OcrData>,
    /// The security checks, each with where it comes from.
    #[uniffi(default = None)]
    pub security_checks: Option<SecurityChecks>,
    /// How alike document photo and selfie are.
    #[uniffi(default = None)]
    pub similarity_level: Option<SimilarityLevel>,
    /// Further members of `videoid_data`, as the text of a JSON object.
    #[uniffi(default)]
    pub extra: Extra,
    /// Size limits; absent: the defaults.
    #[uniffi(default = None)]
    pub limits: Option<Limits>,
    /// Refuses what is otherwise only advised against.
    #[uniffi(default = false)]
    pub strict: bool,
}

impl fmt::Display for EvidenceInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = Show::new(f, "EvidenceInput");
        show.option("acceptance", self.acceptance.as_ref());
        for (name, image) in [
            ("documentFront", &self.document_front),
            ("documentRear", &self.document_rear),
            ("documentPhoto", &self.document_photo),
            ("documentOwner", &self.document_owner),
        ] {
            show.hidden(name, image.is_some());
        }
        show.option("ocrData", self.ocr_data.as_ref());
        show.option("securityChecks", self.security_checks.as_ref());
        show.option("similarityLevel", self.similarity_level.as_ref());
        show.extra("extra", &self.extra);
        show.field("strict", &self.strict);
        show.finish()
    }
}

impl fmt::Debug for EvidenceInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl EvidenceInput {
    fn builder(self) -> Result<EvidenceBuilder, VideoIdError> {
        let mut builder = EvidenceBuilder::new().extra(self.extra.try_into()?).strict(self.strict);
        if let Some(acceptance) = self.acceptance {
            builder = builder.acceptance(acceptance.try_into()?);
        }
        if let Some(image) = self.document_front {
            builder = builder.document_front(image.core().clone());
        }
        if let Some(image) = self.document_rear {
            builder = builder.document_rear(image.core().clone());
        }
        if let Some(image) = self.document_photo {
            builder = builder.document_photo(image.core().clone());
        }
        if let Some(image) = self.document_owner {
            builder = builder.document_owner(image.core().clone());
        }
        if let Some(data) = self.ocr_data {
            builder = builder.ocr_data(data.try_into()?);
        }
        if let Some(checks) = self.security_checks {
            builder = builder.security_checks(checks.try_into()?);
        }
        if let Some(level) = self.similarity_level {
            builder = builder.similarity_level(level);
        }
        if let Some(limits) = self.limits {
            builder = builder.limits(limits.try_into()?);
        }
        Ok(builder)
    }
}

/// Evidence that was checked and can be uploaded. It names the images and does not hold their bytes.
#[derive(Debug, uniffi::Object)]
pub struct Evidence {
    core: videoid::evidence::Evidence,
}

impl Evidence {
    pub(crate) fn wrap(core: videoid::evidence::Evidence) -> Arc<Self> {
        Arc::new(Self { core })
    }

    pub(crate) fn core(&self) -> &videoid::evidence::Evidence {
        &self.core
    }
}

#[uniffi::export]
impl Evidence {
    /// Length of the upload's body in bytes.
    pub fn content_length(&self) -> i64 {
        i64::try_from(self.core.content_length()).unwrap_or(i64::MAX)
    }

    /// What was found when it was built.
    pub fn report(&self) -> EvidenceReport {
        self.core.report().clone().into()
    }

    /// The acceptance that it was built with.
    pub fn acceptance(&self) -> Acceptance {
        self.core.acceptance().clone().into()
    }

    /// The data of the document.
    pub fn ocr_data(&self) -> OcrData {
        self.core.ocr_data().clone().into()
    }

    /// The security checks.
    pub fn security_checks(&self) -> SecurityChecks {
        self.core.security_checks().clone().into()
    }

    /// The similarity.
    pub fn similarity_level(&self) -> Option<SimilarityLevel> {
        self.core.similarity_level().cloned().map(Into::into)
    }

    /// The source of the image of that name (`document_front`, …).
    pub fn image(&self, name: String) -> Option<Arc<Source>> {
        self.core.image(&name).cloned().map(Source::wrap)
    }

    /// SHA-256 of the upload's body in lower-case hex. Reads the images.
    pub async fn sha256(&self) -> Result<String, VideoIdError> {
        let core = self.core.clone();
        guard::blocking(move || core.sha256()).await
    }

    /// Writes the upload's body, as JSON with the images in it, into a new file that only its owner can read.
    ///
    /// Fails with `file_not_written` where the file exists or cannot be written.
    pub async fn write_json(&self, path: String) -> Result<(), VideoIdError> {
        let core = self.core.clone();
        guard::blocking(move || {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let failed = || Error::new(ErrorCode::FileNotWritten, "the file exists or cannot be written");
            let mut out = BufWriter::new(options.open(&path).map_err(|_| failed())?);
            core.write_json(&mut out)?;
            std::io::Write::flush(&mut out).map_err(|_| failed())
        })
        .await
    }
}

/// Checks evidence and tells what it finds, instead of failing. Reads the images in pieces, on a thread of its own.
#[uniffi::export]
pub async fn check_evidence(input: EvidenceInput) -> Result<EvidenceReport, VideoIdError> {
    let builder = input.builder()?;
    guard::blocking(move || builder.check()).await.map(Into::into)
}

/// Checks evidence and makes it ready to be uploaded. Fails with one error that lists every field at fault.
#[uniffi::export]
pub async fn build_evidence(input: EvidenceInput) -> Result<Arc<Evidence>, VideoIdError> {
    let builder = input.builder()?;
    guard::blocking(move || builder.build()).await.map(Evidence::wrap)
}

/// Looks at a video: format, length, whether it is whole.
#[uniffi::export(default(limits = None))]
pub async fn check_video(video: Arc<Source>, limits: Option<Limits>) -> Result<VideoInfo, VideoIdError> {
    let limits = limits.map(TryInto::try_into).transpose()?.unwrap_or_default();
    guard::blocking(move || videoid::evidence::check_video(video.core(), &limits)).await.map(Into::into)
}
