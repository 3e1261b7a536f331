//! Uploaded files: written to a folder as they arrive, measured and hashed on the way.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A stored upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Blob {
    /// The name in the folder; none: it was measured and thrown away.
    pub(crate) file: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) kind: String,
}

/// The folder of uploads.
#[derive(Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    next: AtomicU64,
}

impl Files {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        // Names go on after those of an earlier run.
        let mut next = 0;
        for entry in std::fs::read_dir(folder)? {
            let name = entry?.file_name();
            if let Some(number) = name.to_str().and_then(|name| name.strip_prefix('u')?.parse::<u64>().ok()) {
                next = next.max(number + 1);
            }
        }
        Ok(Self { folder: folder.to_owned(), next: AtomicU64::new(next) })
    }

    pub(crate) fn writer(&self, keep: bool) -> io::Result<Writer> {
        let file = if keep {
            let name = format!("u{}", self.next.fetch_add(1, Ordering::Relaxed));
            let path = self.folder.join(&name);
            Some((BufWriter::with_capacity(64 * 1024, File::create(&path)?), path, name))
        } else {
            None
        };
        Ok(Writer { file, hash: Sha256::new(), bytes: 0, kept: false })
    }

    pub(crate) fn read(&self, blob: &Blob) -> Option<File> {
        File::open(self.folder.join(blob.file.as_ref()?)).ok()
    }

    pub(crate) fn reader(&self, blob: &Blob) -> Option<BufReader<File>> {
        Some(BufReader::with_capacity(64 * 1024, self.read(blob)?))
    }

    /// Removes a file that nothing refers to any more.
    pub(crate) fn remove(&self, blob: &Blob) {
        if let Some(name) = &blob.file {
            // Already gone is as good as removed.
            let _ = std::fs::remove_file(self.folder.join(name));
        }
    }
}

/// A file being written; dropped before [`Writer::finish`], it is removed.
pub(crate) struct Writer {
    file: Option<(BufWriter<File>, PathBuf, String)>,
    hash: Sha256,
    bytes: u64,
    kept: bool,
}

impl Writer {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        match &mut self.file {
            Some((file, ..)) => file.write_all(bytes),
            None => Ok(()),
        }
    }

    pub(crate) fn finish(mut self, kind: &str) -> io::Result<Blob> {
        let mut name = None;
        if let Some((file, _, own)) = &mut self.file {
            file.flush()?;
            name = Some(own.clone());
        }
        self.kept = true;
        let hash = std::mem::take(&mut self.hash);
        Ok(Blob { file: name, bytes: self.bytes, sha256: hex(&hash.finalize()), kind: kind.to_owned() })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let (false, Some((_, path, _))) = (self.kept, &self.file) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abandoned_file_leaves_nothing() {
        let folder = tempfile::tempdir().expect("temp folder");
        let files = Files::open(folder.path()).expect("open");
        let mut writer = files.writer(true).expect("writer");
        writer.write(b"half").expect("write");
        drop(writer);
        assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 0);
        let mut writer = files.writer(true).expect("writer");
        writer.write(b"abc").expect("write");
        let blob = writer.finish("x").expect("finish");
        assert_eq!(blob.bytes, 3);
        assert_eq!(blob.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(files.read(&blob).is_some());
        let again = Files::open(folder.path()).expect("open").writer(true).expect("writer").finish("x").expect("finish");
        assert_ne!(again.file, blob.file);
        files.remove(&blob);
        assert!(files.read(&blob).is_none());
    }
}
