//! SHA-256 of what a workflow sends.

use std::fmt::Write as _;
use std::io::Read as _;

use sha2::{Digest as _, Sha256};

use super::machine::WantedDocument;
use super::outcome::{ClassicDocument, EvidenceDocument};
use crate::config::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Evidence;
use crate::evidence::document::check_document;
use crate::model::{DocumentType, RequestUpdate};
use crate::source::{Source, unreadable};

/// The service's word for a document beside a video identification.
const VIDEOID_EVIDENCE: &str = "videoid_evidence";

/// Digests of evidence and video; none for a video that can be read only once.
pub(super) async fn digests(evidence: &Evidence, video: &Source) -> Result<(String, Option<String>)> {
    let (evidence, video) = (evidence.clone(), video.clone());
    blocking(move || {
        let video = if video.is_replayable() { Some(sha256(&video)?) } else { None };
        Ok((evidence.sha256()?, video))
    })
    .await
}

/// The documents of a classic request, looked at before the request costs a card.
pub(super) async fn classic(documents: &[ClassicDocument], limits: &Limits) -> Result<Vec<WantedDocument>> {
    let items = documents.iter().map(|d| {
        let pdf = matches!(d.document_type, DocumentType::ExtraDocument | DocumentType::Other(_));
        (d.document_type.as_str().to_owned(), vec![d.document_type.as_str().to_owned()], d.document.clone(), pdf)
    });
    wanted(items.collect(), "type", limits).await
}

/// The documents of an eIDAS request.
pub(super) async fn evidence(documents: &[EvidenceDocument], limits: &Limits) -> Result<Vec<WantedDocument>> {
    let items = documents.iter().map(|d| (d.label.clone(), vec![VIDEOID_EVIDENCE.to_owned(), d.label.clone()], d.document.clone(), true));
    wanted(items.collect(), "label", limits).await
}

type Item = (String, Vec<String>, Source, bool);

async fn wanted(items: Vec<Item>, naming: &'static str, limits: &Limits) -> Result<Vec<WantedDocument>> {
    let limits = limits.clone();
    blocking(move || {
        let mut out = Vec::with_capacity(items.len());
        for (at, (name, kinds, document, pdf)) in items.into_iter().enumerate() {
            let field = |part: &str| format!("documents[{at}].{part}");
            if name.trim().is_empty() {
                return Err(Error::field(ErrorCode::FieldMissing, field(naming), "needed"));
            }
            if matches!(name.as_str(), "contract" | "signed_contract") && naming == "type" {
                let rule = "document_front, document_rear, document_owner or extra_document";
                return Err(Error::field(ErrorCode::FieldInvalid, field(naming), rule));
            }
            check_document(&document, pdf, &limits).map_err(|e| {
                let rule = e.fields().first().map_or_else(|| e.detail().to_owned(), |issue| issue.rule.clone());
                Error::field(e.code(), field("document"), rule).with_retryable(e.retryable())
            })?;
            let content = sha256(&document)?;
            let mut hash = Sha256::new();
            for part in [kinds[0].as_str(), name.as_str(), content.as_str()] {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
            out.push(WantedDocument::new(hex(hash), Some(content), kinds));
        }
        Ok(out)
    })
    .await
}

/// The digest of an update for the request of a card. The card is mixed in, so that the same data of two requests do not look alike.
pub(super) fn update(update: &RequestUpdate, card: &str) -> Result<String> {
    let body = zeroize::Zeroizing::new(
        serde_json::to_vec(update).map_err(|_| Error::new(ErrorCode::Internal, "the update cannot be written as JSON"))?,
    );
    let mut hash = Sha256::new();
    hash.update(card);
    hash.update([0]);
    hash.update(&*body);
    Ok(hex(hash))
}

/// SHA-256 of bytes in memory.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    hex(Sha256::new().chain_update(bytes))
}

pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::new(ErrorCode::Internal, "the reader of what is sent panicked or was stopped"))?
}

/// SHA-256 of a source, read from its beginning to its end.
pub(super) fn sha256(source: &Source) -> Result<String> {
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
    Ok(hex(hash))
}

fn hex(hash: Sha256) -> String {
    let mut out = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(out, "{byte:02x}");
    }
    out
}
