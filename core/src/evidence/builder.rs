//! The builder: collects, checks, builds.

use std::fmt;
use std::io::Read as _;

use super::built::{Evidence, Inner};
use super::images::{self, Inspected};
use super::report::{EvidenceReport, ImageInfo};
use super::rules::{self, Findings};
use super::wire::{self, Body};
use crate::config::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acceptance, Extra, OcrData, SecurityChecks, SimilarityLevel};
use crate::source::{Source, unreadable};

/// The images of the evidence, in the order in which they are sent.
pub(super) const IMAGE_NAMES: [&str; 4] = ["document_front", "document_rear", "document_photo", "document_owner"];
const FRONT: usize = 0;
const REAR: usize = 1;
const PHOTO: usize = 2;
const OWNER: usize = 3;

/// Collects the evidence of one identification.
///
/// Nothing is read before [`check`](Self::check) or [`build`](Self::build). Front and selfie are expected, the rear too unless
/// `ocr_data.id_document_type` is `PAS`; the cut-out photo is optional. What is missing is advice, unless
/// [`strict`](Self::strict) is set: the service decides in the end.
///
/// ```no_run
/// use videoid::evidence::EvidenceBuilder;
/// use videoid::model::OcrData;
///
/// let mut ocr = OcrData::default();
/// ocr.given_name = Some("ANNA MARIA".into());
/// ocr.surname_1 = Some("ERIKSSON".into());
/// let evidence = EvidenceBuilder::new()
///     .document_front("front.jpg")
///     .document_rear("rear.jpg")
///     .document_owner("selfie.jpg")
///     .ocr_data(ocr)
///     .similarity_level(87)
///     .build()?;
/// println!("{} bytes", evidence.content_length());
/// # Ok::<(), videoid::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct EvidenceBuilder {
    acceptance: Acceptance,
    images: [Option<Source>; 4],
    ocr_data: OcrData,
    security_checks: SecurityChecks,
    similarity_level: Option<SimilarityLevel>,
    extra: Extra,
    limits: Limits,
    strict: bool,
}

impl EvidenceBuilder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the person accepted, where and when.
    pub fn acceptance(mut self, acceptance: Acceptance) -> Self {
        self.acceptance = acceptance;
        self
    }

    /// The front of the identity document, or the page of a passport: JPEG or PNG.
    pub fn document_front(mut self, image: impl Into<Source>) -> Self {
        self.images[FRONT] = Some(image.into());
        self
    }

    /// The rear of the identity document: JPEG or PNG. A passport has none.
    pub fn document_rear(mut self, image: impl Into<Source>) -> Self {
        self.images[REAR] = Some(image.into());
        self
    }

    /// The face cut out of the document: JPEG or PNG. Optional.
    pub fn document_photo(mut self, image: impl Into<Source>) -> Self {
        self.images[PHOTO] = Some(image.into());
        self
    }

    /// The person who identifies, a selfie: JPEG or PNG.
    pub fn document_owner(mut self, image: impl Into<Source>) -> Self {
        self.images[OWNER] = Some(image.into());
        self
    }

    /// What was read from the document, and the contact data that was confirmed.
    pub fn ocr_data(mut self, data: OcrData) -> Self {
        self.ocr_data = data;
        self
    }

    /// The security checks, each with where its value comes from.
    pub fn security_checks(mut self, checks: SecurityChecks) -> Self {
        self.security_checks = checks;
        self
    }

    /// How alike document photo and selfie are: 0 to 100, or a word such as `high`.
    pub fn similarity_level(mut self, level: impl Into<SimilarityLevel>) -> Self {
        self.similarity_level = Some(level.into());
        self
    }

    /// Further keys of `videoid_data`, sent as they are: the service calls this object customizable.
    pub fn extra(mut self, extra: Extra) -> Self {
        self.extra = extra;
        self
    }

    /// Size limits; `image_bytes` counts here.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Turns every advice into a refusal.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Sets an image by its name.
    pub(super) fn image(mut self, name: &str, source: Source) -> Self {
        if let Some(at) = IMAGE_NAMES.iter().position(|own| *own == name) {
            self.images[at] = Some(source);
        }
        self
    }

    /// Reads the images and says all that is to be said: errors and advice, in the order of the body. Blocking; may be
    /// repeated.
    ///
    /// # Errors
    /// None for what is found in the evidence: that is in the report.
    pub fn check(&self) -> Result<EvidenceReport> {
        let (found, images) = self.inspect();
        Ok(EvidenceReport { findings: found.into_list(), images })
    }

    /// Reads the images, checks everything and makes the evidence. Blocking; may be repeated.
    ///
    /// # Errors
    /// One error that lists every field at fault in [`fields`](Error::fields), in the order of the body. Its code is that of
    /// the first: `source_unreadable`, `source_empty`, `source_changed`, `image_unrecognised`, `image_heic`, `image_damaged`,
    /// `body_not_repeatable` for an image that can be read only once, `field_missing` or `field_invalid`.
    pub fn build(&self) -> Result<Evidence> {
        let (found, images) = self.inspect();
        if let Some(error) = Error::all_fields(found.errors()) {
            return Err(error);
        }
        let acceptance = Acceptance { extra: wire::sorted(&self.acceptance.extra), ..self.acceptance.clone() };
        let ocr_data = OcrData { extra: wire::sorted(&self.ocr_data.extra), ..self.ocr_data.clone() };
        let security_checks = SecurityChecks { extra: wire::sorted(&self.security_checks.extra), ..self.security_checks.clone() };
        let extra = wire::sorted(&self.extra);
        let lengths = |name: &str| images.iter().find(|i| i.name == name).and_then(|i| u64::try_from(i.bytes).ok());
        let sources = self.named().filter_map(|(name, source)| Some((name, source?.clone(), lengths(name)?))).collect();
        let body = Body {
            acceptance: &acceptance,
            images: sources,
            ocr_data: &ocr_data,
            security_checks: &security_checks,
            similarity_level: self.similarity_level.as_ref(),
            extra: &extra,
        };
        let parts = body.parts()?;
        let report = EvidenceReport { findings: found.into_list(), images };
        let similarity_level = self.similarity_level.clone();
        Ok(Evidence::new(Inner { acceptance, ocr_data, security_checks, similarity_level, extra, report, parts }))
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, Option<&Source>)> {
        IMAGE_NAMES.into_iter().zip(&self.images).map(|(name, source)| (name, source.as_ref()))
    }

    fn inspect(&self) -> (Findings, Vec<ImageInfo>) {
        let mut found = Findings::new(self.strict);
        rules::acceptance(&self.acceptance, &mut found);
        let images = self.inspect_images(&mut found);
        rules::ocr_data(&self.ocr_data, &mut found);
        rules::security_checks(&self.security_checks, &mut found);
        rules::similarity_level(self.similarity_level.as_ref(), &mut found);
        rules::videoid_extra(&self.extra, &mut found);
        (found, images)
    }

    fn inspect_images(&self, found: &mut Findings) -> Vec<ImageInfo> {
        let passport = self.ocr_data.id_document_type.as_deref() == Some("PAS");
        let mut infos = Vec::new();
        for (at, (name, source)) in self.named().enumerate() {
            let field = format!("videoid_data.images.{name}");
            let Some(source) = source else {
                if at != PHOTO && !(at == REAR && passport) {
                    found.advise(ErrorCode::FieldMissing, field, missing(at));
                }
                continue;
            };
            match images::inspect(name, source, &self.limits) {
                Ok(Inspected { info, trailing }) => {
                    if trailing {
                        found.advise(ErrorCode::FieldInvalid, &field, "no bytes after the end of the image");
                    }
                    infos.push(info);
                }
                Err(refused) => found.refuse(refused.code, &field, refused.rule),
            }
            if at == REAR && self.rear_is_front(&infos) {
                found.advise(ErrorCode::FieldInvalid, field, "another image than the front");
            }
        }
        infos
    }

    /// Whether both sides are the same bytes. Images of the same length are compared up to the first difference.
    fn rear_is_front(&self, infos: &[ImageInfo]) -> bool {
        let [Some(front), Some(rear), ..] = &self.images else { return false };
        let [a, b] = infos else { return false };
        a.bytes == b.bytes && same_bytes(front, rear).unwrap_or(false)
    }
}

impl fmt::Debug for EvidenceBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let images: Vec<_> = self.named().filter(|(_, source)| source.is_some()).map(|(name, _)| name).collect();
        f.debug_struct("EvidenceBuilder").field("images", &images).field("strict", &self.strict).finish_non_exhaustive()
    }
}

fn missing(image: usize) -> &'static str {
    match image {
        FRONT => "the front of the document",
        REAR => "the rear of the document, unless it is a passport (PAS)",
        _ => "the person who identifies",
    }
}

fn same_bytes(a: &Source, b: &Source) -> Result<bool> {
    const PIECE: u64 = 16 * 1024;
    let (mut a, mut b) = (a.open()?, b.open()?);
    let (mut piece_a, mut piece_b) = (Vec::new(), Vec::new());
    loop {
        piece_a.clear();
        piece_b.clear();
        (&mut a).take(PIECE).read_to_end(&mut piece_a).map_err(|e| unreadable(&e))?;
        (&mut b).take(PIECE).read_to_end(&mut piece_b).map_err(|e| unreadable(&e))?;
        if piece_a != piece_b {
            return Ok(false);
        }
        if piece_a.is_empty() {
            return Ok(true);
        }
    }
}
