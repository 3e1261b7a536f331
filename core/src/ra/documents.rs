//! Documents of a request, the contract among them.

use serde_json::json;

use super::{RegistrationAuthority, parse};
use crate::error::Result;
use crate::model::{Document, DocumentType, GeneratedDocument, RequestPk};
use crate::options::RequestOptions;
use crate::transport::Call;

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
}
