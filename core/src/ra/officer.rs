//! What an officer does: validate, refuse, declare, approve. These calls carry RAO credentials and belong on a backend.

use serde::Serialize;
use serde_json::json;

use super::{RegistrationAuthority, needed};
use crate::error::{Error, Result};
use crate::model::{Approval, Declaration, RaoCredentials, Refusal, RequestPk};
use crate::options::RequestOptions;
use crate::secret::SensitiveString;
use crate::transport::Call;

/// The body of the three calls that take credentials. It borrows them: the only copy is the body itself, which is overwritten.
#[derive(Serialize)]
struct OfficerBody<'a> {
    username: &'a SensitiveString,
    password: &'a SensitiveString,
    pin: &'a SensitiveString,
    rao_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
}

impl<'a> OfficerBody<'a> {
    fn new(rao: &'a RaoCredentials) -> Result<Self> {
        needed("username", rao.username.expose())?;
        needed("password", rao.password.expose())?;
        needed("pin", rao.pin.expose())?;
        needed("rao_id", &rao.rao_id)?;
        Ok(Self { username: &rao.username, password: &rao.password, pin: &rao.pin, rao_id: &rao.rao_id, reason: None, lang: None })
    }
}

impl RegistrationAuthority {
    /// Validates the identification of a request in VIDEOREVIEW. In 1-step mode it becomes ENROLLREADY and the answer holds the
    /// secrets of the certificate, in 2-step mode CREATED: read the status again.
    ///
    /// Never repeated: the secrets cannot be had again. Where the answer is lost it fails with `ambiguous`.
    ///
    /// # Errors
    /// `field_missing`; `rao_rejected`; `invalid_status`; `rejected`; `ambiguous`.
    pub async fn validate_videoid(&self, request_pk: RequestPk, rao: &RaoCredentials, options: &RequestOptions) -> Result<Approval> {
        let body = OfficerBody::new(rao).map_err(|e| e.with_operation("validate_videoid"))?;
        self.typed(Call::new("validate_videoid").path(request_pk).json(&body)?, options).await
    }

    /// Refuses the identification of a request in VIDEOREVIEW, with a reason. Which status the request has afterwards is not
    /// documented: read it.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `field_missing` without a reason; `rao_rejected`; `invalid_status`; `rejected`; `ambiguous`.
    pub async fn refuse_videoid(
        &self,
        request_pk: RequestPk,
        rao: &RaoCredentials,
        reason: &str,
        options: &RequestOptions,
    ) -> Result<Refusal> {
        let named = |e: Error| e.with_operation("refuse_videoid");
        needed("reason", reason).map_err(named)?;
        let body = OfficerBody { reason: Some(reason), ..OfficerBody::new(rao).map_err(named)? };
        self.typed(Call::new("refuse_videoid").path(request_pk).json(&body)?, options).await
    }

    /// The text that the officer declares when approving. Show it to the officer before [`approve_request`](Self::approve_request).
    ///
    /// Taken as safe to repeat: see ASSUMPTIONS.md.
    ///
    /// # Errors
    /// `field_missing`; `not_found`; `invalid_status`; `rejected`.
    pub async fn generate_declaration(&self, request_pk: RequestPk, rao_id: &str, options: &RequestOptions) -> Result<Declaration> {
        needed("rao", rao_id).map_err(|e| e.with_operation("generate_declaration"))?;
        // The field is `rao` in this call and `rao_id` in the others.
        let body = json!({ "rao": rao_id, "type": "APPROVE" });
        self.typed(Call::new("generate_declaration").path(request_pk).json(&body)?, options).await
    }

    /// Approves a request in CREATED: it becomes ENROLLREADY, and the answer holds the secrets of the certificate.
    /// `lang` is the language of what the service sends to the holder, for example `es`.
    ///
    /// Never repeated: the secrets cannot be had again. Where the answer is lost it fails with `ambiguous`.
    ///
    /// # Errors
    /// `field_missing`; `missing_documents`; `rao_rejected`; `fields_rejected`; `invalid_status`; `ambiguous`.
    pub async fn approve_request(
        &self,
        request_pk: RequestPk,
        rao: &RaoCredentials,
        lang: Option<&str>,
        options: &RequestOptions,
    ) -> Result<Approval> {
        let body = OfficerBody { lang, ..OfficerBody::new(rao).map_err(|e| e.with_operation("approve_request"))? };
        self.typed(Call::new("approve_request").path(request_pk).json(&body)?, options).await
    }
}
