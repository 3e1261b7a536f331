//! SHA-256 of what a workflow sends.

use std::fmt::Write as _;
use std::io::Read as _;

use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Evidence;
use crate::source::{Source, unreadable};

/// Digests of evidence and video; none for a video that can be read only once.
pub(super) async fn digests(evidence: &Evidence, video: &Source) -> Result<(String, Option<String>)> {
    let (evidence, video) = (evidence.clone(), video.clone());
    tokio::task::spawn_blocking(move || {
        let video = if video.is_replayable() { Some(sha256(&video)?) } else { None };
        Ok((evidence.sha256()?, video))
    })
    .await
    .map_err(|_| Error::new(ErrorCode::Internal, "the reader of the evidence panicked or was stopped"))?
}

fn sha256(source: &Source) -> Result<String> {
    let mut reader = source.open()?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => hash.update(&buffer[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(unreadable(&e)),
        }
    }
    reader.verify_unchanged()?;
    let mut out = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(out, "{byte:02x}");
    }
    Ok(out)
}
