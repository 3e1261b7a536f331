//! External VideoID: this side has evidence and video, its own officer validates and approves.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use videoid::evidence::{Bundle, Evidence, EvidenceBuilder};
use videoid::model::{Acceptance, NewRequest, OcrData, SecurityCheck, SecurityChecks};
use videoid::workflow::ExternalVideoId;
use videoid::{RegistrationAuthority, RequestOptions, Source};

use crate::args::Args;
use crate::{Failure, done, keep_papers, tell, telling};

pub(crate) async fn story(ra: &RegistrationAuthority, args: &Args, out: &Path) -> Result<Value, Failure> {
    let flow = ExternalVideoId::new(ra.clone()).with_events(Arc::new(tell));

    let mut request = NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
    request.mobile_phone_number = Some("+34600000000".into());
    let (evidence, video) = collected(args)?;
    flow.submit(&request, &evidence, &video, &telling()).await?;

    let rao = args.rao()?;
    let options = RequestOptions::new();
    if let Some(reason) = args.optional("refuse") {
        return Ok(done(&flow.refuse(&rao, reason, &options).await?));
    }
    // In 2-step mode the officer reads declaration and contract before approving.
    keep_papers(out, &flow.validate(&rao, &options).await?)?;
    Ok(done(&flow.approve(&rao, &options).await?))
}

/// From the bundle that a device has saved, where there is one: each of its files is checked. Else of the single files.
fn collected(args: &Args) -> Result<(Evidence, Source), Failure> {
    let Some(folder) = args.optional("bundle") else {
        return Ok((evidence(args)?, Source::path(args.path("video")?)));
    };
    let bundle = Bundle::load(Path::new(folder))?;
    let video = bundle.video().cloned().ok_or_else(|| "the bundle holds no video".to_owned())?;
    Ok((bundle.evidence().clone(), video))
}

pub(crate) fn evidence(args: &Args) -> Result<Evidence, Failure> {
    let mut acceptance = Acceptance::default();
    acceptance.description = Some("I accept the terms and the privacy policy".into());
    acceptance.url_doc_privacypolicy = Some("https://example.com/privacy".into());
    acceptance.url_doc_termsconditions = Some("https://example.com/terms".into());
    acceptance.url_web_videoid = Some("https://example.com/identify".into());
    acceptance.ip = Some("203.0.113.7".into());
    acceptance.user_agent = Some("videoid-example".into());
    acceptance.date = SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|t| i64::try_from(t.as_millis()).ok());
    let mut ocr = OcrData::default();
    ocr.given_name = Some("ANNA MARIA".into());
    ocr.surname_1 = Some("ERIKSSON".into());
    ocr.serial_number = Some("D23145890".into());
    ocr.mobile_phone_number = Some("+34600000000".into());
    ocr.email = Some("anna@example.com".into());
    ocr.id_document_type = Some("IDC".into());
    ocr.id_document_country = Some("ES".into());
    let mut checks = SecurityChecks::default();
    checks.otp_validation = Some(SecurityCheck::asserted(true));
    checks.documents_match = Some(SecurityCheck::asserted(true));
    checks.data_integrity = Some(SecurityCheck::asserted(true));
    checks.document_notcopy = Some(SecurityCheck::attested(true, "example document product"));
    checks.document_notexpired = Some(SecurityCheck::asserted(true));
    checks.document_notunderage = Some(SecurityCheck::asserted(true));
    checks.liveliness = Some(SecurityCheck::attested(true, "example liveness product"));
    let built = EvidenceBuilder::new()
        .acceptance(acceptance)
        .document_front(args.path("front")?)
        .document_rear(args.path("rear")?)
        .document_photo(args.path("photo")?)
        .document_owner(args.path("owner")?)
        .ocr_data(ocr)
        .security_checks(checks)
        .similarity_level(87)
        .build()?;
    Ok(built)
}
