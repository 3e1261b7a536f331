//! Documents that a request signs, and its contract.

use std::io::Read as _;
use std::path::Path;

use super::{OneShot, named, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Acknowledgement, DocumentUid, DocumentVersion, DownloadedFile, OneShotDocuments, RequestPk, UploadedDocuments, is_digest, part_names,
};
use crate::options::RequestOptions;
use crate::source::{Source, unreadable};
use crate::transport::multipart::{self, FilePart};

/// How many documents one call, and one request, takes.
const MOST: usize = 10;

/// The JSON of a digest is small.
const MOST_OF_A_HASH: u64 = 64 * 1024;

/// What a document was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf(u64),
    Hash(u64),
}

impl OneShot {
    /// Uploads documents to be signed: one to ten, each a PDF or the JSON of a digest
    /// ([`DocumentHash::source`](crate::model::DocumentHash::source)); their bytes say which. They are sent in pieces.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the documents.
    ///
    /// # Errors
    /// `field_missing` without documents, `field_invalid` above ten, above `document_bytes` or with more than one digest,
    /// `document_unrecognised`, `source_unreadable`, `source_empty`, `body_not_repeatable` for a stream that can be read only once;
    /// `document_limit`, `unsupported_type`, `not_found`; `ambiguous`.
    pub async fn upload_documents(
        &self,
        request_pk: RequestPk,
        documents: Vec<Source>,
        options: &RequestOptions,
    ) -> Result<UploadedDocuments> {
        let name = "upload_documents";
        let kinds = self.checked(&documents).await.map_err(|e| named(e, name))?;
        let hashes: Vec<bool> = kinds.iter().map(|kind| matches!(kind, Kind::Hash(_))).collect();
        let names = part_names(&hashes);
        let files: Vec<FilePart<'_>> = kinds
            .iter()
            .enumerate()
            .map(|(index, kind)| {
                let (content_type, len) = match kind {
                    Kind::Pdf(len) => ("application/pdf", *len),
                    Kind::Hash(len) => ("application/json", *len),
                };
                let (field, file_name) = &names[index];
                FilePart { field, file_name, content_type, source: &documents[index], len }
            })
            .collect();
        let call = self.plan(name)?.path(request_pk).body(multipart::parts(&[], &files));
        let opened = self.opened(call, options).await?;
        parse::uploaded(opened.data).map_err(|e| named(e, name))
    }

    /// What documents are, found on a thread for blocking.
    async fn checked(&self, documents: &[Source]) -> Result<Vec<Kind>> {
        if documents.is_empty() {
            return Err(Error::field(ErrorCode::FieldMissing, "documents", "one document or more"));
        }
        if documents.len() > MOST {
            return Err(Error::field(ErrorCode::FieldInvalid, "documents", "at most 10 documents"));
        }
        let (documents, most) = (documents.to_vec(), u64::try_from(self.config.document_bytes).unwrap_or(0));
        let kinds = tokio::task::spawn_blocking(move || {
            documents.iter().enumerate().map(|(index, source)| check(index, source, most)).collect::<Result<Vec<_>>>()
        })
        .await
        .map_err(|_| Error::new(ErrorCode::Internal, "the check of the documents panicked or was stopped"))??;
        if kinds.iter().filter(|kind| matches!(kind, Kind::Hash(_))).count() > 1 {
            return Err(Error::field(ErrorCode::FieldInvalid, "documents", "at most one digest in a call"));
        }
        Ok(kinds)
    }

    /// The documents of a request.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn list_documents(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<OneShotDocuments> {
        let opened = self.opened(self.plan("list_documents")?.path(request_pk), options).await?;
        parse::documents(opened.data).map_err(|e| named(e, "list_documents"))
    }

    /// Downloads a document into a file, as it was uploaded or signed. The file is replaced where it exists and gets mode 0600; a half
    /// file never has the name. In Current the documents give two addresses: the second is asked once where the first is not known.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`, also before it is signed; `answer_truncated`; `file_not_written`.
    pub async fn get_document(
        &self,
        request_pk: RequestPk,
        document_uid: &DocumentUid,
        version: &DocumentVersion,
        path: &Path,
        options: &RequestOptions,
    ) -> Result<DownloadedFile> {
        needed("get_document", "document_uid", document_uid.as_str())?;
        let call = self.plan_document(request_pk, document_uid, version)?;
        self.saved(call, path, options).await
    }

    /// Deletes a document from the Optimizer, which never does so by itself. In Legacy `version` says which one; in Current all that
    /// there is of it.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the documents.
    ///
    /// # Errors
    /// `not_found`; `ambiguous`.
    pub async fn delete_document(
        &self,
        request_pk: RequestPk,
        document_uid: &DocumentUid,
        version: &DocumentVersion,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        needed("delete_document", "document_uid", document_uid.as_str())?;
        let mut call = self.plan("delete_document")?.path(request_pk);
        if self.is_legacy() {
            call = call.path(version.as_str());
        }
        self.acknowledged(call.path(document_uid), options).await
    }

    /// Deletes all documents of a request from the Optimizer.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the documents.
    ///
    /// # Errors
    /// `not_found`; `ambiguous`.
    pub async fn delete_documents(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Acknowledgement> {
        self.acknowledged(self.plan("delete_documents")?.path(request_pk), options).await
    }

    /// Downloads the service contract of a request into a file: a PDF that the signer must see before signing.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `invalid_status` before the approval; `answer_truncated`; `file_not_written`.
    pub async fn get_contract(&self, request_pk: RequestPk, path: &Path, options: &RequestOptions) -> Result<DownloadedFile> {
        self.saved(self.plan("get_contract")?.path(request_pk), path, options).await
    }
}

/// What a document is, by its bytes.
fn check(index: usize, source: &Source, most: u64) -> Result<Kind> {
    let field = format!("documents[{index}]");
    let named = |error: Error| Error::field(error.code(), field.clone(), error.detail().to_owned()).with_retryable(error.retryable());
    let mut reader = source.open().map_err(named)?;
    let len = reader.len();
    if len == 0 {
        return Err(Error::field(ErrorCode::SourceEmpty, field, "a document with content"));
    }
    if len > most {
        return Err(Error::field(ErrorCode::FieldInvalid, field, format!("at most {most} bytes")));
    }
    let mut head = Vec::with_capacity(1024);
    (&mut reader).take(1024).read_to_end(&mut head).map_err(|e| named(unreadable(&e)))?;
    if head.starts_with(b"%PDF-") {
        return Ok(Kind::Pdf(len));
    }
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') && len <= MOST_OF_A_HASH {
        reader.read_to_end(&mut head).map_err(|e| named(unreadable(&e)))?;
        if is_digest(&head) {
            return Ok(Kind::Hash(len));
        }
    }
    Err(Error::field(ErrorCode::DocumentUnrecognised, field, "a PDF, or the JSON of a digest"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DocumentHash;

    #[test]
    fn the_bytes_say_what_a_document_is() {
        let kind = |bytes: &'static [u8]| check(0, &Source::bytes(bytes), 1000).map_err(|e| e.code());
        assert_eq!(kind(b"%PDF-1.7\n"), Ok(Kind::Pdf(9)));
        assert_eq!(kind(b""), Err(ErrorCode::SourceEmpty));
        assert_eq!(kind(b"Dear Anna"), Err(ErrorCode::DocumentUnrecognised));
        assert_eq!(kind(b"{\"messageDigest\":1}"), Err(ErrorCode::DocumentUnrecognised));
        let hash = DocumentHash::sha256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").source().unwrap();
        assert!(matches!(check(0, &hash, 1000), Ok(Kind::Hash(_))));
        let error = check(3, &Source::bytes(&b"%PDF-1.7\n"[..]), 5).unwrap_err();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldInvalid, "documents[3]"));
    }
}
