//! Evidence in a plain folder, so that it can be kept, carried and sent later.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::builder::EvidenceBuilder;
use super::built::{Evidence, hex, unwritten};
use super::manifest::{BundleFile, BundleManifest, DATA, FORMAT, MANIFEST, MAX_MANIFEST, VIDEO, invalid};
use super::report::ImageFormat;
use super::video::check_video;
use crate::config::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acceptance, Extra, OcrData, SecurityChecks, SimilarityLevel};
use crate::source::{Source, changed, unreadable};

/// The largest `evidence.json`: it holds text only.
const MAX_DATA: u64 = 16 << 20;
/// Bytes that are copied at once.
const PIECE: usize = 64 * 1024;

/// Evidence, and the video where there is one, in a plain folder: `manifest.json` with the length and SHA-256 of each file,
/// `evidence.json` with the data and where each security check comes from, the images and `video.mp4`.
///
/// The files are personal data in clear: only their owner can read them (folder 0700, files 0600), and whoever saves a bundle
/// has to delete it in time.
#[derive(Clone)]
pub struct Bundle {
    evidence: Evidence,
    video: Option<Source>,
    manifest: BundleManifest,
}

/// The data in `evidence.json`.
#[allow(clippy::struct_field_names, reason = "the names of the wire")]
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Data {
    acceptance: Acceptance,
    ocr_data: OcrData,
    security_checks: SecurityChecks,
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity_level: Option<SimilarityLevel>,
    #[serde(skip_serializing_if = "Extra::is_empty")]
    extra: Extra,
}

impl Bundle {
    /// Writes a bundle. Blocking; images and video are copied in pieces.
    ///
    /// The folder appears whole or not at all: it is written beside its place and moved there once everything is on the disk.
    /// The folder around it must exist. Repeating after an error is safe.
    ///
    /// # Errors
    /// `bundle_invalid` where there is something at the place already, an empty folder excepted; the errors of
    /// [`check_video`]; `source_unreadable` or `source_changed` where an image is not what it was; `body_not_repeatable` for a
    /// video that can be read only once; `file_not_written`.
    pub fn save(dir: &Path, evidence: &Evidence, video: Option<&Source>) -> Result<BundleManifest> {
        if let Some(video) = video {
            if !video.is_replayable() {
                return Err(Error::field(ErrorCode::BodyNotRepeatable, "video", "a path or bytes: a stream cannot be saved"));
            }
            check_video(video, &unlimited())?;
        }
        check_free(dir)?;
        let partial = Partial::beside(dir)?;
        let mut files = vec![write_data(&partial.path, evidence)?];
        for info in &evidence.report().images {
            let ending = if info.format == ImageFormat::Png { "png" } else { "jpg" };
            let source = evidence.image(&info.name).ok_or_else(changed)?;
            let file = copy(source, &partial.path, format!("{}.{ending}", info.name))?;
            if file.bytes != info.bytes {
                return Err(changed());
            }
            files.push(file);
        }
        if let Some(video) = video {
            files.push(copy(video, &partial.path, VIDEO.to_owned())?);
        }
        let manifest = BundleManifest { format: FORMAT, files };
        let json = serde_json::to_vec_pretty(&manifest).map_err(|_| defect())?;
        write(&partial.path, MANIFEST, &json)?;
        sync_folder(&partial.path);
        partial.move_to(dir)?;
        Ok(manifest)
    }

    /// Reads a bundle and checks everything: the format, that there is each file of the manifest and no other, no symbolic
    /// link, lengths, SHA-256, and the evidence itself as [`EvidenceBuilder::build`] does. Blocking; reads every file whole, in
    /// pieces. May be repeated.
    ///
    /// # Errors
    /// `bundle_invalid`, `bundle_altered`, `format_unsupported`, `source_unreadable`, and the errors of
    /// [`EvidenceBuilder::build`] and [`check_video`].
    pub fn load(dir: &Path) -> Result<Self> {
        let manifest = BundleManifest::parse(&read_manifest(dir)?)?;
        check_entries(dir, &manifest)?;
        let mut builder = EvidenceBuilder::new().limits(unlimited());
        let mut video = None;
        for file in &manifest.files {
            let source = Source::path(dir.join(&file.name));
            if file.name == DATA {
                builder = read_data(builder, &source, file)?;
                continue;
            }
            verify(&source, file, &mut io::sink())?;
            if let Some((name, _)) = file.image() {
                builder = builder.image(name, source);
            } else {
                check_video(&source, &unlimited())?;
                video = Some(source);
            }
        }
        let evidence = builder.build()?;
        for (name, ending) in manifest.files.iter().filter_map(BundleFile::image) {
            let format = if ending == "png" { ImageFormat::Png } else { ImageFormat::Jpeg };
            if !evidence.report().images.iter().any(|info| info.name == name && info.format == format) {
                return Err(invalid("an image is not of the format that its name says"));
            }
        }
        Ok(Self { evidence, video, manifest })
    }

    /// The evidence. Its images are in the folder.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The video, where there is one. It is in the folder.
    pub fn video(&self) -> Option<&Source> {
        self.video.as_ref()
    }

    /// What is in the folder.
    pub fn manifest(&self) -> &BundleManifest {
        &self.manifest
    }
}

impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: Vec<_> = self.manifest.files.iter().map(|file| file.name.as_str()).collect();
        f.debug_struct("Bundle").field("files", &files).finish_non_exhaustive()
    }
}

/// What was in limits when it was built stays so in a bundle.
fn unlimited() -> Limits {
    Limits { image_bytes: i64::MAX, video_bytes: i64::MAX, ..Limits::default() }
}

fn defect() -> Error {
    Error::new(ErrorCode::Internal, "the bundle's data could not be written as JSON")
}

// Saving.

fn check_free(dir: &Path) -> Result<()> {
    match fs::symlink_metadata(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(unwritten(&e)),
        Ok(meta) if meta.is_dir() && fs::read_dir(dir).map_err(|e| unwritten(&e))?.next().is_none() => Ok(()),
        Ok(_) => Err(invalid("there is something at the place of the bundle already")),
    }
}

/// The folder while it is written. Removed with what is in it, unless it was moved to its place.
struct Partial {
    path: PathBuf,
    moved: bool,
}

impl Partial {
    fn beside(dir: &Path) -> Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = dir.file_name().ok_or_else(|| invalid("the place of the bundle has no name"))?;
        loop {
            let mut own = std::ffi::OsString::from(".");
            own.push(name);
            own.push(format!(".{}-{}.partial", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
            let path = dir.with_file_name(own);
            match make_folder(&path) {
                Ok(()) => return Ok(Self { path, moved: false }),
                // Left behind by a process of the same number that was killed.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(unwritten(&e)),
            }
        }
    }

    fn move_to(mut self, dir: &Path) -> Result<()> {
        // Only an empty folder can be replaced on Unix; elsewhere it has to be gone first.
        #[cfg(not(unix))]
        let _ = fs::remove_dir(dir);
        fs::rename(&self.path, dir).map_err(|e| match e.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                invalid("there is something at the place of the bundle already")
            }
            _ => unwritten(&e),
        })?;
        self.moved = true;
        sync_folder(dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")));
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.moved {
            // Nothing more can be done here where it fails.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn make_file(dir: &Path, name: &str) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(dir.join(name)).map_err(|e| unwritten(&e))
}

/// Makes the names in a folder last. Not every system can open a folder; then its own care has to do.
fn sync_folder(path: &Path) {
    if let Ok(folder) = File::open(path) {
        let _ = folder.sync_all();
    }
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<BundleFile> {
    let mut file = make_file(dir, name)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| unwritten(&e))?;
    Ok(BundleFile { name: name.to_owned(), bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX), sha256: hex(&Sha256::digest(bytes)) })
}

fn write_data(dir: &Path, evidence: &Evidence) -> Result<BundleFile> {
    let data = Data {
        acceptance: evidence.acceptance().clone(),
        ocr_data: evidence.ocr_data().clone(),
        security_checks: evidence.security_checks().clone(),
        similarity_level: evidence.similarity_level().cloned(),
        extra: evidence.extra().clone(),
    };
    let mut json = serde_json::to_vec_pretty(&data).map_err(|_| defect())?;
    let written = if json.len() as u64 > MAX_DATA {
        Err(invalid("the data of the evidence is too large for a bundle"))
    } else {
        write(dir, DATA, &json)
    };
    zeroize::Zeroize::zeroize(&mut json);
    written
}

fn copy(source: &Source, dir: &Path, name: String) -> Result<BundleFile> {
    let mut file = make_file(dir, &name)?;
    let (bytes, sha256) = pass(source, &mut file)?;
    file.sync_all().map_err(|e| unwritten(&e))?;
    Ok(BundleFile { name, bytes, sha256 })
}

/// Reads a source from start to end into `out`: its length and SHA-256.
fn pass(source: &Source, out: &mut impl io::Write) -> Result<(i64, String)> {
    let mut reader = source.open()?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut done = 0_u64;
    loop {
        let n = match reader.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(unreadable(&e)),
        };
        done += n as u64;
        if done > reader.len() {
            return Err(changed());
        }
        hasher.update(&piece[..n]);
        out.write_all(&piece[..n]).map_err(|e| unwritten(&e))?;
    }
    if done != reader.len() {
        return Err(changed());
    }
    reader.verify_unchanged()?;
    Ok((i64::try_from(done).unwrap_or(i64::MAX), hex(&hasher.finalize())))
}

// Loading.

fn read_manifest(dir: &Path) -> Result<Vec<u8>> {
    let path = dir.join(MANIFEST);
    match fs::symlink_metadata(&path) {
        Ok(meta) if meta.is_file() && meta.len() <= MAX_MANIFEST => {}
        Ok(_) => return Err(invalid("manifest.json is not a plain file, or is too large")),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Err(invalid("there is no manifest.json"));
        }
        Err(e) => return Err(unreadable(&e)),
    }
    let file = File::open(&path).map_err(|e| unreadable(&e))?;
    let mut json = Vec::new();
    // The length may have changed since.
    file.take(MAX_MANIFEST).read_to_end(&mut json).map_err(|e| unreadable(&e))?;
    Ok(json)
}

/// Each file of the manifest is there as a plain file of its length, and nothing else is.
fn check_entries(dir: &Path, manifest: &BundleManifest) -> Result<()> {
    let mut found = 0;
    for entry in fs::read_dir(dir).map_err(|e| unreadable(&e))? {
        let entry = entry.map_err(|e| unreadable(&e))?;
        let name = entry.file_name();
        if name == MANIFEST {
            continue;
        }
        let Some(file) = manifest.files.iter().find(|file| name == file.name.as_str()) else {
            return Err(invalid("there is a file that the manifest does not name"));
        };
        let meta = fs::symlink_metadata(entry.path()).map_err(|e| unreadable(&e))?;
        if !meta.is_file() {
            return Err(invalid("a symbolic link or folder stands where a plain file should"));
        }
        if i64::try_from(meta.len()) != Ok(file.bytes) {
            return Err(altered());
        }
        found += 1;
    }
    if found != manifest.files.len() {
        return Err(invalid("a file that the manifest names is missing"));
    }
    Ok(())
}

fn altered() -> Error {
    Error::new(ErrorCode::BundleAltered, "a file does not have the length or SHA-256 that the manifest says")
}

fn verify(source: &Source, file: &BundleFile, out: &mut impl io::Write) -> Result<()> {
    if pass(source, out)? == (file.bytes, file.sha256.clone()) { Ok(()) } else { Err(altered()) }
}

fn read_data(builder: EvidenceBuilder, source: &Source, file: &BundleFile) -> Result<EvidenceBuilder> {
    if file.bytes.unsigned_abs() > MAX_DATA {
        return Err(invalid("evidence.json is too large"));
    }
    let mut json = Vec::with_capacity(usize::try_from(file.bytes).unwrap_or(0));
    verify(source, file, &mut json)?;
    let data: std::result::Result<Data, _> = serde_json::from_slice(&json);
    zeroize::Zeroize::zeroize(&mut json);
    // serde's own text may quote what it read.
    let data = data.map_err(|_| invalid("evidence.json cannot be understood"))?;
    let builder = builder.acceptance(data.acceptance).ocr_data(data.ocr_data).security_checks(data.security_checks).extra(data.extra);
    Ok(match data.similarity_level {
        Some(level) => builder.similarity_level(level),
        None => builder,
    })
}
