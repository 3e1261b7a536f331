//! Documents of a request: the contract, what is uploaded for the approval, and the papers beside a video identification.

use serde_json::json;

use super::{RegistrationAuthority, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::document::{DocumentKind, check_document};
use crate::model::{Acknowledgement, Document, DocumentPk, DocumentType, GeneratedDocument, RequestDocuments, RequestPk, UploadedDocument};
use crate::options::RequestOptions;
use crate::source::Source;
use crate::transport::body::Plan;
use crate::transport::multipart::{self, FilePart};
use crate::transport::{Call, skim::Form};

impl RegistrationAuthority {
    /// A document of a request, decoded: a side of the identity document, or with [`DocumentType::Contract`] the contract as PDF.
    /// `rao_id` is needed while the request is in CREATED or VIDEOREVIEW.
    ///
    /// Taken as safe to repeat: see ASSUMPTIONS.md.
    ///
    /// # Errors
    /// `not_found`; `invalid_status`; `rejected`; `unexpected_answer` where the document is not Base64.
    pub async fn get_request_document(
        &self,
        request_pk: RequestPk,
        document_type: &DocumentType,
        rao_id: Option<&str>,
        options: &RequestOptions,
    ) -> Result<Document> {
        let mut body = serde_json::Map::from_iter([("type".to_owned(), json!(document_type))]);
        if let Some(rao_id) = rao_id {
            body.insert("rao_id".into(), rao_id.into());
        }
        let call = Call::new("get_request_document").path(request_pk).json(&body)?;
        parse::base64_document(self.json(call, options).await?).map_err(|e| e.with_operation("get_request_document"))
    }

    /// The contract as the service generates it, the other way: the PDF comes as text in JSON. Bytes above 127 may have suffered
    /// on the service's side; prefer [`get_request_document`](Self::get_request_document).
    ///
    /// Taken as safe to repeat: see ASSUMPTIONS.md.
    ///
    /// # Errors
    /// `not_found`; `invalid_status`; `rejected`; `unexpected_answer`.
    pub async fn generate_document(
        &self,
        request_pk: RequestPk,
        doctype: &GeneratedDocument,
        options: &RequestOptions,
    ) -> Result<Document> {
        let body = json!({ "doctype": doctype });
        let call = Call::new("generate_document").path(request_pk).json(&body)?;
        parse::raw_document(self.json(call, options).await?).map_err(|e| e.with_operation("generate_document"))
    }

    /// Uploads a document of a classic request: a side of the identity document, the holder with it, or a further one. It is a JPEG
    /// or PNG image, which is checked first; a further document may be a PDF too. It is sent in pieces.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the documents. A second upload may make a second document.
    ///
    /// # Errors
    /// `field_invalid` for a type that is no upload (a contract) or a document above `limits.image_bytes`; `source_unreadable`,
    /// `source_empty`, `image_unrecognised`, `image_heic`, `image_damaged`; `source_changed`, `upload_stalled`; `body_not_repeatable`
    /// for a stream that can be read only once; `bad_request`, `invalid_status`, `rejected`; `ambiguous`.
    pub async fn upload_request_document(
        &self,
        request_pk: RequestPk,
        document_type: &DocumentType,
        document: &Source,
        options: &RequestOptions,
    ) -> Result<UploadedDocument> {
        let named = |e: Error| e.with_operation("upload_request_document");
        needed("type", document_type.as_str()).map_err(named)?;
        if matches!(document_type, DocumentType::Contract | DocumentType::SignedContract) {
            let rule = "document_front, document_rear, document_owner or extra_document";
            return Err(named(Error::field(ErrorCode::FieldInvalid, "type", rule)));
        }
        // A side of the identity document is an image; what else there may be is the service's to know.
        let pdf = matches!(document_type, DocumentType::ExtraDocument | DocumentType::Other(_));
        let plan = self.document_form(("type", document_type.as_str()), document, pdf).await.map_err(named)?;
        self.typed(Call::new("upload_request_document").path(request_pk).body(plan), options).await
    }

    /// Deletes a document of a request.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the documents. A second call fails with `not_found`.
    ///
    /// # Errors
    /// `not_found`; `invalid_status`; `ambiguous`.
    pub async fn delete_request_document(
        &self,
        request_pk: RequestPk,
        document_pk: DocumentPk,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let body = multipart::form(&[("docpk", &document_pk.to_string())], None);
        let call = Call::new("delete_request_document").path(request_pk).body(body);
        parse::acknowledgement(self.json(call, options).await?).map_err(|e| e.with_operation("delete_request_document"))
    }

    /// The documents that were uploaded to a request, decoded where the service gives their bytes. Together they are held up to
    /// `limits.answer_bytes`; of those that do not fit any more only the length is given.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `answer_too_large` where all but the documents is larger than `limits.answer_bytes`.
    pub async fn list_request_documents(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<RequestDocuments> {
        let mut call = Call::new("list_request_documents").path(request_pk);
        call.form = Form::Documents;
        parse::request_documents(self.json(call, options).await?).map_err(|e| e.with_operation("list_request_documents"))
    }

    /// Uploads a paper beside a video identification, for profiles other than a natural person's: a JPEG or PNG image, which is
    /// checked first, or a PDF. `label` says what it is. It is sent in pieces.
    ///
    /// Where the answer is lost it fails with `ambiguous`: list the documents. A second upload may make a second document.
    ///
    /// # Errors
    /// `field_missing` without a label; `field_invalid` for a document above `limits.image_bytes`; `source_unreadable`,
    /// `source_empty`, `image_unrecognised`, `image_heic`, `image_damaged`; `source_changed`, `upload_stalled`; `body_not_repeatable`
    /// for a stream that can be read only once; `forbidden`, `invalid_status`, `rejected`; `ambiguous`.
    pub async fn upload_videoid_evidence_document(
        &self,
        request_pk: RequestPk,
        label: &str,
        document: &Source,
        options: &RequestOptions,
    ) -> Result<UploadedDocument> {
        let named = |e: Error| e.with_operation("upload_videoid_evidence_document");
        needed("label", label).map_err(named)?;
        let plan = self.document_form(("label", label), document, true).await.map_err(named)?;
        self.typed(Call::new("upload_videoid_evidence_document").path(request_pk).body(plan), options).await
    }

    /// The form of an upload: a text and the document, which is looked at first.
    async fn document_form(&self, text: (&str, &str), document: &Source, pdf: bool) -> Result<Plan> {
        let DocumentKind { content_type, file_name, len } = self.checked_document(document, pdf).await?;
        Ok(multipart::form(&[text], Some(FilePart { field: "document", file_name, content_type, source: document, len })))
    }

    /// What a document is. Reading files blocks, so it happens on a thread for that.
    async fn checked_document(&self, document: &Source, pdf: bool) -> Result<DocumentKind> {
        let (source, limits) = (document.clone(), self.config().limits.clone());
        tokio::task::spawn_blocking(move || check_document(&source, pdf, &limits))
            .await
            .map_err(|_| Error::new(ErrorCode::Internal, "the check of the document panicked or was stopped"))?
    }
}
