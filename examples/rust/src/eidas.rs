//! eIDAS VideoID: the user identifies on the vendor's page, the vendor's operator validates, the officer completes and approves.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use videoid::model::{NewRequest, RequestUpdate, ScratchcardSn, Status};
use videoid::workflow::{EidasVideoId, EvidenceDocument, Progressed, WaitLimits};
use videoid::{RegistrationAuthority, RequestOptions, Source};

use crate::args::Args;
use crate::{Failure, done, keep_papers, say, tell, telling};

/// A person as part of a company: not a natural person alone, so that the request is completed after the operator's validation.
const PROFILE: &str = "PFnubeQAFEmpresa";
const EMAIL: &str = "anna@example.com";
const PHONE: &str = "+34600000000";

pub(crate) async fn story(ra: &RegistrationAuthority, args: &Args, out: &Path) -> Result<Value, Failure> {
    let flow = EidasVideoId::new(ra.clone()).with_events(Arc::new(tell));
    let options = RequestOptions::new();

    let mut request = NewRequest::new(PROFILE, EMAIL);
    request.mobile_phone_number = Some(PHONE.into());
    // The service mails the link to the user. `started.videoid_link` has it too, for a page of one's own; it is never printed.
    let started = flow.start(&request, &options).await?;

    // In a service a day rather than a minute, and with a `WebhookInbox` that hears of each change at once.
    let mut limits = WaitLimits::new(60_000);
    (limits.poll_ms, limits.max_poll_ms) = (200, 1000);
    say(&json!({ "event": "waiting", "for": "user" }));
    let seen = flow.wait_for_user(&limits, None, &options).await?;
    if matches!(seen.status, Status::VideoIncomplete | Status::VideoError) {
        // `seen.ways_on` says what is open now: hand the link over again, update the request, or cancel and take a new card.
        return Ok(ended(&seen));
    }
    say(&json!({ "event": "waiting", "for": "operator" }));
    let seen = flow.wait_for_operator(&limits, None, &options).await?;
    if seen.status != Status::Created || seen.videoid_status.as_deref() == Some("REFUSED") {
        // Refused; or ready at once, as the profiles of natural persons are.
        return Ok(ended(&seen));
    }

    let document = EvidenceDocument::new("Company register extract", Source::path(args.path("document")?));
    flow.complete(Some(&update(started.scratchcard)), &[document], &telling()).await?;
    let rao = args.rao()?;
    keep_papers(out, &flow.papers(args.needed("rao-id")?, &options).await?)?;
    Ok(done(&flow.approve(&rao, &options).await?))
}

/// What the video does not show: the company, and the person's place in it.
fn update(scratchcard: ScratchcardSn) -> RequestUpdate {
    let mut update = RequestUpdate::new(PROFILE, scratchcard, EMAIL, "ES");
    update.mobile_phone_number = Some(PHONE.into());
    update.title = Some("Manager".into());
    update.responsible_name = Some("ANNA MARIA".into());
    update.responsible_first_surname = Some("ERIKSSON".into());
    update.responsible_serial = Some("D23145890".into());
    update.organization_name = Some("EXAMPLE UTOPIA SL".into());
    update.organization_tax_number = Some("B00000000".into());
    update.organization_country = Some("ES".into());
    update.organization_email = Some("office@example.com".into());
    update.validity_time = Some(730);
    update.secure_element = Some(2);
    update
}

/// The last line of a story that the user or the operator ended.
fn ended(seen: &Progressed) -> Value {
    json!({ "event": "done", "status": seen.status, "videoid_status": seen.videoid_status, "request_pk": seen.request_pk })
}
