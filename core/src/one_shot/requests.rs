//! Requests: the classic create, and what all requests share.

use serde_json::Value;

use super::{OneShot, named, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::contact;
use crate::evidence::document::{DocumentKind, check_document};
use crate::model::{Acknowledgement, AsyncStatus, CreatedRequest, NewOneShotRequest, Request, RequestPk, RequestUpdate};
use crate::options::RequestOptions;
use crate::source::Source;
use crate::transport::multipart::{self, FilePart};

impl OneShot {
    /// Creates a classic request with images of the identity document, and approves it in the same call: it starts as ENROLLREADY.
    /// With `useasync` the service answers at once and approves later. The images are JPEG or PNG and are checked first; a passport
    /// has no rear.
    ///
    /// Not to be repeated blindly: it costs a card and a bill, and the API lists no requests. Where the answer is lost it fails
    /// with `ambiguous`.
    ///
    /// # Errors
    /// `field_missing` or `field_invalid` before anything is sent; `image_unrecognised`, `image_heic`, `image_damaged`;
    /// `rao_rejected`, `token_unknown`, `billing_rejected`, `missing_documents`, `fields_rejected`, `bad_request`; `ambiguous`.
    pub async fn create_oneshot_request(
        &self,
        request: &NewOneShotRequest,
        document_front: &Source,
        document_rear: Option<&Source>,
        document_owner: &Source,
        extra_document: Option<&Source>,
        options: &RequestOptions,
    ) -> Result<CreatedRequest> {
        let name = "create_oneshot_request";
        let mut request = request.clone();
        check_request(&request).map_err(|e| named(e, name))?;
        request.registration_authority = self.registration_authority(request.registration_authority.as_ref());
        request.env = self.env(request.env.as_ref());
        (request.billing_username, request.billing_password) =
            self.billing(name, request.billing_username.as_ref(), request.billing_password.as_ref());
        let texts = texts(&request).map_err(|e| named(e, name))?;
        let images: Vec<(&'static str, Source)> = [
            ("document_front", Some(document_front)),
            ("document_rear", document_rear),
            ("document_owner", Some(document_owner)),
            ("extra_document", extra_document),
        ]
        .into_iter()
        .filter_map(|(field, source)| Some((field, source?.clone())))
        .collect();
        let kinds = self.checked_images(&images).await.map_err(|e| named(e, name))?;
        let files: Vec<FilePart<'_>> = images
            .iter()
            .zip(&kinds)
            .map(|((field, source), kind)| FilePart {
                field,
                file_name: kind.file_name,
                content_type: kind.content_type,
                source,
                len: kind.len,
            })
            .collect();
        let texts: Vec<(&str, &str)> = texts.iter().map(|(field, text)| (field.as_str(), text.expose().as_str())).collect();
        let call = self.plan(name)?.body(multipart::parts(&texts, &files));
        let opened = self.opened(call, options).await?;
        parse::created_request(opened.data).map_err(|e| named(e, name))
    }

    async fn checked_images(&self, images: &[(&'static str, Source)]) -> Result<Vec<DocumentKind>> {
        let (images, limits) = (images.to_vec(), self.config.limits.clone());
        let check = move || {
            images
                .iter()
                .map(|(field, source)| {
                    check_document(source, false, &limits).map_err(|error| {
                        let rule = error.fields().first().map_or_else(|| error.detail().to_owned(), |issue| issue.rule.clone());
                        Error::field(error.code(), *field, rule).with_retryable(error.retryable())
                    })
                })
                .collect::<Result<Vec<_>>>()
        };
        tokio::task::spawn_blocking(check)
            .await
            .map_err(|_| Error::new(ErrorCode::Internal, "the check of the images panicked or was stopped"))?
    }

    /// Reads a request. Images in the answer are skipped.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `answer_too_large` where all but the images is larger than `limits.answer_bytes`.
    pub async fn get_oneshot_request(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Request> {
        self.typed(self.plan("get_oneshot_request")?.path(request_pk), options).await
    }

    /// Changes the data of a request. The service wants its card, registration authority, profile, e-mail and country each time; what is
    /// left out of the first three is read from the request.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `field_missing` for e-mail or country; `not_found`; `fields_rejected`; `invalid_status`; `ambiguous`.
    pub async fn update_oneshot_request(
        &self,
        request_pk: RequestPk,
        update: &RequestUpdate,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let name = "update_oneshot_request";
        let mut update = update.clone();
        needed(name, "email", update.email.expose())?;
        needed(name, "country_name", update.country_name.as_deref().unwrap_or_default())?;
        if update.scratchcard.is_none() || update.registration_authority.is_none() || update.profile.is_empty() {
            let request = self.get_oneshot_request(request_pk, options).await.map_err(|e| named(e, name))?;
            update.scratchcard = update.scratchcard.or(request.scratchcard);
            update.registration_authority = update.registration_authority.or(request.registration_authority);
            if update.profile.is_empty() {
                update.profile = request.profile.unwrap_or_default();
            }
        }
        update.registration_authority = self.registration_authority(update.registration_authority.as_ref());
        needed(name, "scratchcard", update.scratchcard.as_ref().map_or("", |sn| sn.as_str()))?;
        needed(name, "profile", &update.profile)?;
        self.acknowledged(self.plan(name)?.path(request_pk).json(&update)?, options).await
    }

    /// Cancels a request that is not issued yet, and removes what the Optimizer holds of it. The scratchcard stays consumed.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `not_found`; `invalid_status`; `ambiguous`.
    pub async fn cancel_oneshot_request(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Acknowledgement> {
        self.acknowledged(self.plan("cancel_oneshot_request")?.path(request_pk), options).await
    }

    /// How far a request has come that was created with `useasync`.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_async_status(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<AsyncStatus> {
        let opened = self.opened(self.plan("get_async_status")?.path(request_pk), options).await?;
        parse::async_status(opened).map_err(|e| named(e, "get_async_status"))
    }
}

fn check_request(request: &NewOneShotRequest) -> Result<()> {
    let name = "create_oneshot_request";
    for (field, value) in [
        ("profile", &request.profile),
        ("given_name", request.given_name.expose()),
        ("surname_1", request.surname_1.expose()),
        ("email", request.email.expose()),
        ("mobile_phone_number", request.mobile_phone_number.expose()),
    ] {
        needed(name, field, value)?;
    }
    contact::check_phone("mobile_phone_number", request.mobile_phone_number.expose())?;
    if request.token.is_none() {
        for (field, value) in [("username", &request.username), ("password", &request.password), ("pin", &request.pin)] {
            needed(name, field, value.as_ref().map_or("", |value| value.expose()))?;
        }
    }
    Ok(())
}

/// The fields of the form: text, numbers and booleans.
fn texts(request: &NewOneShotRequest) -> Result<Vec<(String, crate::secret::SensitiveString)>> {
    let Ok(Value::Object(map)) = serde_json::to_value(request) else {
        return Err(Error::new(ErrorCode::Internal, "the request cannot be written"));
    };
    let plain = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    map.into_iter()
        .map(|(field, value)| {
            // The name of a field stands in a header of its part.
            if !plain(&field) {
                return Err(Error::field(ErrorCode::FieldInvalid, "extra", "names of letters, digits, dots, dashes and underscores"));
            }
            match value {
                Value::String(text) => Ok(Some((field, text.into()))),
                Value::Number(number) => Ok(Some((field, number.to_string().into()))),
                Value::Bool(flag) => Ok(Some((field, flag.to_string().into()))),
                Value::Null => Ok(None),
                _ => Err(Error::field(ErrorCode::FieldInvalid, field, "text, a number or a boolean")),
            }
        })
        .filter_map(Result::transpose)
        .collect()
}
