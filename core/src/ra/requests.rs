//! Requests: create, read, list, update, check, cancel, pre-authenticated link.

use std::path::Path;

use serde::Serialize;

use super::{RegistrationAuthority, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::contact;
use crate::model::{
    Acknowledgement, ContactData, ContactDataCheck, Flow, NewRequest, PreauthLink, RaId, Request, RequestFieldCheck, RequestFilter,
    RequestPage, RequestPk, RequestUpdate,
};
use crate::options::RequestOptions;
use crate::profiles::{RequestReport, check_request};
use crate::transport::Call;

impl RegistrationAuthority {
    /// Creates a request and consumes its scratchcard. With `videoid_mode` 1 it starts as VIDEOPENDING, with `paperless_mode` 1 as
    /// CREATED.
    ///
    /// Not to be repeated blindly: it costs a card. Where the answer is lost it fails with `ambiguous`; list the requests of the
    /// card then.
    ///
    /// What the documented profile of that name asks for and the request lacks is told to the hooks as a `warning`; see
    /// [`check_request`](crate::profiles::check_request).
    ///
    /// # Errors
    /// `field_missing` or `field_invalid` before anything is sent, with the setting `strict` also for what the profile asks for;
    /// `scratchcard_invalid` where the card is unknown or used;
    /// `rejected` or `bad_request` for what the service does not accept; `ambiguous`.
    pub async fn create_request(&self, request: &NewRequest, options: &RequestOptions) -> Result<Request> {
        self.create_request_in(&flow_of(request), request, options).await
    }

    /// The same for who knows the flow: what an eIDAS request is given later is not asked for.
    pub(crate) async fn create_request_in(&self, flow: &Flow, request: &NewRequest, options: &RequestOptions) -> Result<Request> {
        let request = self.checked(flow, request).map_err(|e| e.with_operation("create_request"))?;
        self.typed(Call::new("create_request").json(&request)?, options).await
    }

    fn checked(&self, flow: &Flow, request: &NewRequest) -> Result<NewRequest> {
        needed("scratchcard", request.scratchcard.as_ref().map_or("", |sn| sn.as_str()))?;
        let ra = checked_inputs(self, request)?;
        let report = checked_profile(self, request, flow)?;
        if !report.is_empty() {
            let lacks: Vec<String> = report.findings.iter().map(|f| format!("{}: {}", f.field, f.rule)).collect();
            self.warn("create_request", &lacks.join("; "));
        }
        let mut request = request.clone();
        request.registration_authority = Some(ra);
        Ok(request)
    }

    /// Reads a request. Images in the answer are skipped, or decoded into files in `images_dir` (which must exist; files get mode
    /// 0600); they are never held in memory.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `answer_too_large` where all but the images is larger than `limits.answer_bytes`; `file_not_written`.
    pub async fn get_request(&self, request_pk: RequestPk, images_dir: Option<&Path>, options: &RequestOptions) -> Result<Request> {
        let mut call = Call::new("get_request").path(request_pk);
        call.images_dir = images_dir.map(Path::to_owned);
        self.typed(call, options).await
    }

    /// Lists requests, ten a page. The filter's values go into the address of the call, as the service wants it: its own logs
    /// may hold them.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `field_invalid` for a page below 1.
    pub async fn list_requests(&self, filter: &RequestFilter, options: &RequestOptions) -> Result<RequestPage> {
        if filter.page.is_some_and(|page| page < 1) {
            return Err(Error::field(ErrorCode::FieldInvalid, "page", "1 or more").with_operation("list_requests"));
        }
        let mut call = Call::new("list_requests");
        call.query = query(filter);
        parse::page(self.json(call, options).await?, filter.page).map_err(|e| e.with_operation("list_requests"))
    }

    /// Sets the fields of a request that is not approved yet. Profile, scratchcard, registration authority, e-mail and country are
    /// needed whatever is changed; what came from the video identification cannot be changed.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request. The same update again changes nothing more.
    ///
    /// # Errors
    /// `field_missing` or `field_invalid` before anything is sent; `invalid_status` where the request cannot be changed any more;
    /// `not_found`; `bad_request` or `rejected` for what the service does not accept; `ambiguous`.
    pub async fn update_request(&self, request_pk: RequestPk, update: &RequestUpdate, options: &RequestOptions) -> Result<Request> {
        let update = self.checked_update(update).map_err(|e| e.with_operation("update_request"))?;
        self.typed(Call::new("update_request").path(request_pk).json(&update)?, options).await
    }

    fn checked_update(&self, update: &RequestUpdate) -> Result<RequestUpdate> {
        needed("profile", &update.profile)?;
        needed("scratchcard", update.scratchcard.as_ref().map_or("", |sn| sn.as_str()))?;
        needed("email", update.email.expose())?;
        needed("country_name", update.country_name.as_deref().unwrap_or_default())?;
        if let Some(phone) = &update.mobile_phone_number {
            contact::check_phone("mobile_phone_number", phone.expose())?;
        }
        let mut checked = update.clone();
        checked.registration_authority = Some(self.registration_authority(update.registration_authority.as_ref())?);
        Ok(checked)
    }

    /// What the service finds missing or wrong in the fields of a request, before it is approved. No issue: all is well.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn validate_request(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<RequestFieldCheck> {
        let call = Call::new("validate_request").path(request_pk);
        parse::field_check(self.json(call, options).await?).map_err(|e| e.with_operation("validate_request"))
    }

    /// Whether an e-mail address and a phone may be used for one more certificate of this holder. A `ko` is an answer, not an error.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `field_missing` without a registration authority; `field_invalid` for a phone without its international prefix.
    pub async fn check_contact_data(&self, data: &ContactData, options: &RequestOptions) -> Result<ContactDataCheck> {
        let named = |e: Error| e.with_operation("check_contact_data");
        if let Some(phone) = &data.mobile_phone_number {
            contact::check_phone("mobile_phone_number", phone.expose()).map_err(named)?;
        }
        let ra = self.registration_authority(data.registration_authority.as_ref()).map_err(named)?;
        let mut data = data.clone();
        data.registration_authority = Some(ra);
        self.typed(Call::new("check_contact_data").json(&data)?, options).await
    }

    /// Cancels a request that is not issued yet. The scratchcard stays consumed.
    ///
    /// A repeated call fails with `invalid_status`; where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `invalid_status` where it is approved or cancelled already; `not_found`; `ambiguous`.
    pub async fn cancel_request(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<Acknowledgement> {
        let call = Call::new("cancel_request").path(request_pk);
        parse::acknowledgement(self.json(call, options).await?).map_err(|e| e.with_operation("cancel_request"))
    }

    /// The link by which the holder finishes the issuance. The service mails it to the holder anyway: fetch it only on request.
    ///
    /// What a second call does is not documented.
    ///
    /// # Errors
    /// `forbidden`; `invalid_status`; `ambiguous` where the answer is lost.
    pub async fn get_preauth_link(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<PreauthLink> {
        self.typed(Call::new("get_preauth_link").path(request_pk), options).await
    }
}

/// What a request needs whatever its card is. Gives the registration authority that it goes to.
pub(crate) fn checked_inputs(ra: &RegistrationAuthority, request: &NewRequest) -> Result<RaId> {
    needed("profile", &request.profile)?;
    needed("email", request.email.expose())?;
    if let Some(phone) = &request.mobile_phone_number {
        // The documents want the international prefix.
        contact::check_phone("mobile_phone_number", phone.expose())?;
    }
    ra.registration_authority(request.registration_authority.as_ref())
}

/// Compares a request with its profile. In strict mode what is found is an error.
pub(crate) fn checked_profile(ra: &RegistrationAuthority, request: &NewRequest, flow: &Flow) -> Result<RequestReport> {
    let report = check_request(request, flow);
    if ra.config().strict
        && let Some(error) = report.clone().into_error()
    {
        return Err(error);
    }
    Ok(report)
}

/// The flow that a request says it belongs to. External and eIDAS look alike here: the registration authority's settings decide.
fn flow_of(request: &NewRequest) -> Flow {
    match request.videoid_mode {
        None | Some(0) => Flow::Classic,
        Some(_) => Flow::ExternalVideoId,
    }
}

/// The fields of the filter that are set, under their wire names.
fn query(filter: &RequestFilter) -> Vec<(&'static str, String)> {
    fn text<T: Serialize>(name: &'static str, value: Option<&T>) -> Option<(&'static str, String)> {
        match serde_json::to_value(value?).ok()? {
            serde_json::Value::String(s) => Some((name, s)),
            other => Some((name, other.to_string())),
        }
    }
    [
        text("scratchcard", filter.scratchcard.as_ref()),
        text("registration_authority", filter.registration_authority.as_ref()),
        text("email", filter.email.as_ref()),
        text("mobile_phone_number", filter.mobile_phone_number.as_ref()),
        text("serial_number", filter.serial_number.as_ref()),
        text("given_name", filter.given_name.as_ref()),
        text("surname_1", filter.surname_1.as_ref()),
        text("surname_2", filter.surname_2.as_ref()),
        text("page", filter.page.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
