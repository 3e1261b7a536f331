//! Evidence, its bundle and the check of a video.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use pyo3::prelude::*;
use videoid::config::Limits;
use videoid::evidence::{self, EvidenceBuilder};
use videoid::model::{Acceptance, Extra, OcrData, SecurityChecks, SimilarityLevel};
use videoid::{Error, ErrorCode};

use crate::call::{blocking, blocking_async};
use crate::convert::{FromPy, ToPy, wrong_type};
use crate::errors::Failure;
use crate::source::{Source, SourceArg};

/// The evidence of one identification, checked and ready to be sent. Its images are read when they are sent.
#[pyclass(frozen, module = "videoid._native")]
#[derive(Clone)]
pub(crate) struct Evidence(pub(crate) evidence::Evidence);

impl ToPy for evidence::Evidence {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(Bound::new(py, Evidence(self.clone()))?.into_any())
    }
}

impl FromPy for evidence::Evidence {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        value.cast::<Evidence>().map(|own| own.get().0.clone()).map_err(|_| wrong_type(what, "Evidence"))
    }
}

/// What `build` and `check` are given: the keyword arguments of Python.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Pieces<'py> {
    document_front: Option<Bound<'py, PyAny>>,
    document_rear: Option<Bound<'py, PyAny>>,
    document_photo: Option<Bound<'py, PyAny>>,
    document_owner: Option<Bound<'py, PyAny>>,
    acceptance: Option<Bound<'py, PyAny>>,
    ocr_data: Option<Bound<'py, PyAny>>,
    security_checks: Option<Bound<'py, PyAny>>,
    similarity_level: Option<Bound<'py, PyAny>>,
    extra: Option<Bound<'py, PyAny>>,
    limits: Option<Bound<'py, PyAny>>,
    strict: bool,
}

fn builder(pieces: &Bound<'_, PyAny>) -> PyResult<EvidenceBuilder> {
    fn image(
        builder: EvidenceBuilder,
        value: Option<&Bound<'_, PyAny>>,
        what: &str,
        put: fn(EvidenceBuilder, videoid::Source) -> EvidenceBuilder,
    ) -> PyResult<EvidenceBuilder> {
        Ok(match value {
            Some(value) => put(builder, SourceArg::from_py(value, what)?.source),
            None => builder,
        })
    }
    fn part<T: FromPy>(
        builder: EvidenceBuilder,
        value: Option<&Bound<'_, PyAny>>,
        what: &str,
        put: fn(EvidenceBuilder, T) -> EvidenceBuilder,
    ) -> PyResult<EvidenceBuilder> {
        Ok(match value {
            Some(value) => put(builder, T::from_py(value, what)?),
            None => builder,
        })
    }
    let pieces: Pieces<'_> = pieces.extract()?;
    let mut builder = EvidenceBuilder::new().strict(pieces.strict);
    builder = image(builder, pieces.document_front.as_ref(), "document_front", EvidenceBuilder::document_front)?;
    builder = image(builder, pieces.document_rear.as_ref(), "document_rear", EvidenceBuilder::document_rear)?;
    builder = image(builder, pieces.document_photo.as_ref(), "document_photo", EvidenceBuilder::document_photo)?;
    builder = image(builder, pieces.document_owner.as_ref(), "document_owner", EvidenceBuilder::document_owner)?;
    builder = part::<Acceptance>(builder, pieces.acceptance.as_ref(), "acceptance", EvidenceBuilder::acceptance)?;
    builder = part::<OcrData>(builder, pieces.ocr_data.as_ref(), "ocr_data", EvidenceBuilder::ocr_data)?;
    builder = part::<SecurityChecks>(builder, pieces.security_checks.as_ref(), "security_checks", EvidenceBuilder::security_checks)?;
    builder = part::<SimilarityLevel>(builder, pieces.similarity_level.as_ref(), "similarity_level", EvidenceBuilder::similarity_level)?;
    builder = part::<Extra>(builder, pieces.extra.as_ref(), "extra", EvidenceBuilder::extra)?;
    part::<Limits>(builder, pieces.limits.as_ref(), "limits", EvidenceBuilder::limits)
}

/// Builds evidence in the caller's thread.
#[pyfunction]
fn build_evidence<'py>(py: Python<'py>, pieces: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let builder = builder(pieces)?;
    blocking(py, move || Ok(builder.build()?))?.to_py(py)
}

/// Builds evidence on a thread of the library.
#[pyfunction]
fn build_evidence_async<'py>(py: Python<'py>, pieces: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let builder = builder(pieces)?;
    blocking_async(py, move || Ok(builder.build()?))
}

/// Checks evidence in the caller's thread.
#[pyfunction]
fn check_evidence<'py>(py: Python<'py>, pieces: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let builder = builder(pieces)?;
    blocking(py, move || Ok(builder.check()?))?.to_py(py)
}

/// Checks evidence on a thread of the library.
#[pyfunction]
fn check_evidence_async<'py>(py: Python<'py>, pieces: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let builder = builder(pieces)?;
    blocking_async(py, move || Ok(builder.check()?))
}

fn video(source: &Bound<'_, PyAny>, limits: Option<&Bound<'_, PyAny>>) -> PyResult<(videoid::Source, Limits)> {
    let limits = limits.map(|limits| Limits::from_py(limits, "limits")).transpose()?.unwrap_or_default();
    Ok((SourceArg::from_py(source, "video")?.source, limits))
}

/// Looks at a video in the caller's thread.
#[pyfunction]
#[pyo3(signature = (source, limits = None))]
fn check_video<'py>(py: Python<'py>, source: &Bound<'py, PyAny>, limits: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let (source, limits) = video(source, limits)?;
    blocking(py, move || Ok(evidence::check_video(&source, &limits)?))?.to_py(py)
}

/// Looks at a video on a thread of the library.
#[pyfunction]
#[pyo3(signature = (source, limits = None))]
fn check_video_async<'py>(py: Python<'py>, source: &Bound<'py, PyAny>, limits: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let (source, limits) = video(source, limits)?;
    blocking_async(py, move || Ok(evidence::check_video(&source, &limits)?))
}

fn write(evidence: &evidence::Evidence, path: &PathBuf) -> Result<(), Failure> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|_| Error::new(ErrorCode::FileNotWritten, "the file cannot be created"))?;
    Ok(evidence.write_json(BufWriter::new(file))?)
}

#[pymethods]
impl Evidence {
    /// What the person accepted.
    #[getter]
    fn acceptance<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.acceptance().to_py(py)
    }

    /// What was read from the document.
    #[getter]
    fn ocr_data<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.ocr_data().to_py(py)
    }

    /// The security checks with where they come from. Only their booleans are sent.
    #[getter]
    fn security_checks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.security_checks().to_py(py)
    }

    /// How alike document photo and selfie are.
    #[getter]
    fn similarity_level<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.similarity_level().cloned().to_py(py)
    }

    /// The caller's own keys of `videoid_data`.
    #[getter]
    fn extra<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.extra().to_py(py)
    }

    /// What was found when it was built: advice, and what is known of the images.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.report().to_py(py)
    }

    /// The exact length of the body in bytes.
    #[getter]
    fn content_length(&self) -> u64 {
        self.0.content_length()
    }

    /// The image of that name: `document_front`, `document_rear`, `document_photo` or `document_owner`.
    fn image(&self, name: &str) -> Option<Source> {
        self.0.image(name).cloned().map(Source::new)
    }

    /// Writes the body into a file that only its owner can read. It holds personal data.
    fn write_json(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        blocking(py, || write(&self.0, &path))
    }

    /// SHA-256 of the body in lower-case hex. Reads the images.
    fn sha256(&self, py: Python<'_>) -> PyResult<String> {
        blocking(py, || Ok(self.0.sha256()?))
    }

    fn __repr__(&self) -> String {
        format!("Evidence(images={}, content_length={})", self.0.report().images.len(), self.0.content_length())
    }
}

/// Evidence and video in a plain folder that was checked on load.
#[pyclass(frozen, module = "videoid._native")]
pub(crate) struct Bundle(evidence::Bundle);

#[pymethods]
impl Bundle {
    /// The evidence. Its images are in the folder.
    #[getter]
    fn evidence(&self) -> Evidence {
        Evidence(self.0.evidence().clone())
    }

    /// The video, where there is one. It is in the folder.
    #[getter]
    fn video(&self) -> Option<Source> {
        self.0.video().cloned().map(Source::new)
    }

    /// What is in the folder.
    #[getter]
    fn manifest<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.manifest().to_py(py)
    }

    fn __repr__(&self) -> String {
        format!("Bundle(files={})", self.0.manifest().files.len())
    }
}

/// A bundle on its way to Python; the core's is not cloned.
struct Loaded(std::sync::Mutex<Option<evidence::Bundle>>);

impl ToPy for Loaded {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let bundle = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        bundle
            .map(|bundle| Bound::new(py, Bundle(bundle)))
            .transpose()?
            .map(Bound::into_any)
            .ok_or_else(|| wrong_type("bundle", "a bundle"))
    }
}

fn optional(video: Option<&Bound<'_, PyAny>>) -> PyResult<Option<videoid::Source>> {
    video.map(|video| SourceArg::from_py(video, "video").map(|arg| arg.source)).transpose()
}

/// Saves a bundle in the caller's thread.
#[pyfunction]
#[pyo3(signature = (dir, evidence, video = None))]
fn save_bundle<'py>(py: Python<'py>, dir: PathBuf, evidence: &Evidence, video: Option<&Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    let (evidence, video) = (evidence.0.clone(), optional(video)?);
    blocking(py, move || Ok(evidence::Bundle::save(&dir, &evidence, video.as_ref())?))?.to_py(py)
}

/// Saves a bundle on a thread of the library.
#[pyfunction]
#[pyo3(signature = (dir, evidence, video = None))]
fn save_bundle_async<'py>(
    py: Python<'py>,
    dir: PathBuf,
    evidence: &Evidence,
    video: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let (evidence, video) = (evidence.0.clone(), optional(video)?);
    blocking_async(py, move || Ok(evidence::Bundle::save(&dir, &evidence, video.as_ref())?))
}

/// Loads a bundle in the caller's thread.
#[pyfunction]
fn load_bundle(py: Python<'_>, dir: PathBuf) -> PyResult<Bundle> {
    blocking(py, move || Ok(evidence::Bundle::load(&dir)?)).map(Bundle)
}

/// Loads a bundle on a thread of the library.
#[pyfunction]
fn load_bundle_async(py: Python<'_>, dir: PathBuf) -> PyResult<Bound<'_, PyAny>> {
    blocking_async(py, move || Ok(Loaded(std::sync::Mutex::new(Some(evidence::Bundle::load(&dir)?)))))
}

/// Registers what is in this file.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Evidence>()?;
    module.add_class::<Bundle>()?;
    module.add_function(wrap_pyfunction!(build_evidence, module)?)?;
    module.add_function(wrap_pyfunction!(build_evidence_async, module)?)?;
    module.add_function(wrap_pyfunction!(check_evidence, module)?)?;
    module.add_function(wrap_pyfunction!(check_evidence_async, module)?)?;
    module.add_function(wrap_pyfunction!(check_video, module)?)?;
    module.add_function(wrap_pyfunction!(check_video_async, module)?)?;
    module.add_function(wrap_pyfunction!(save_bundle, module)?)?;
    module.add_function(wrap_pyfunction!(save_bundle_async, module)?)?;
    module.add_function(wrap_pyfunction!(load_bundle, module)?)?;
    module.add_function(wrap_pyfunction!(load_bundle_async, module)?)
}
