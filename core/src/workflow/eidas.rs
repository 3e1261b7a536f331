//! eIDAS VideoID: the user identifies on the vendor's page, and the vendor's operator validates.

use super::digest;
use super::driver::{Documents, Given, Workflow, is_through, link, lost_request, progressed, workflow_type};
use super::machine::{Event, Goal, Inputs};
use super::outcome::{EvidenceDocument, OfficerOutcome, Progressed, Started, WaitLimits};
use crate::error::Result;
use crate::model::{Flow, NewRequest, RaoCredentials, RequestUpdate, ScratchcardSn};
use crate::options::RequestOptions;
use crate::webhook::WebhookInbox;

/// One eIDAS VideoID on the RA API, from the scratchcard to ENROLLREADY.
///
/// [`start`](Self::start) gives the link for the user; [`wait_for_user`](Self::wait_for_user) and
/// [`wait_for_operator`](Self::wait_for_operator) wait for the two who act elsewhere. A profile of a natural person is ENROLLREADY
/// once the operator has validated; another one is CREATED, and [`complete`](Self::complete), [`papers`](Self::papers) and
/// [`approve`](Self::approve) bring it there. The status that is read back decides. `validate_videoid` is never sent: validating is
/// the operator's.
///
/// Clones share one workflow; its steps run one after the other, and waiting steps let others in between two looks. After an error
/// the same step may be called again: it looks at the service first and goes on from there. To go on in another process keep
/// [`state`](Self::state) and give it to [`resume`](Self::resume).
#[derive(Clone)]
pub struct EidasVideoId {
    flow: Workflow,
}

workflow_type!(EidasVideoId, Flow::EidasVideoId);

impl EidasVideoId {
    /// Takes a card, creates the request with `videoid_mode` 1 and reads it back, for the user's link.
    ///
    /// `request` needs neither card nor `videoid_mode`; both are filled in. E-mail and mobile phone are what the service writes to.
    /// May be called again, after an error or for the link: what was done is not done twice.
    ///
    /// # Errors
    /// Those of the calls; `no_scratchcard`; `unexpected_status` for a request that was cancelled.
    pub async fn start(&self, request: &NewRequest, options: &RequestOptions) -> Result<Started> {
        let (flow, ra) = (&self.flow, self.flow.ra());
        crate::ra::checked_inputs(ra, request)?;
        let report = crate::ra::checked_profile(ra, request, &Flow::EidasVideoId)?;
        let mut found: Vec<String> = report.findings.iter().map(|finding| format!("{}: {}", finding.field, finding.rule)).collect();
        let phone = request.mobile_phone_number.as_ref().is_some_and(|phone| !phone.expose().trim().is_empty());
        if !phone && !found.iter().any(|text| text.starts_with("mobile_phone_number:")) {
            found.push("mobile_phone_number: the service writes to it in the eIDAS flow".into());
        }
        let mut warnings = flow.warn(found);
        let mut machine = flow.machine(options).await?;
        let given = Given { request: Some(request), ..Given::default() };
        let run = flow.run(&mut machine, Event::Begin(Goal::Started), &given, options).await?;
        let videoid_link = link(run.request);
        if videoid_link.is_none() {
            warnings.extend(flow.warn(vec!["the service shows no link for the user; it mails one".into()]));
        }
        Ok(Started {
            request_pk: machine.request_pk().ok_or_else(lost_request)?,
            scratchcard: machine.scratchcard().cloned().unwrap_or_else(|| ScratchcardSn(String::new())),
            videoid_pk: machine.videoid_pk(),
            videoid_link,
            status: machine.status().cloned().ok_or_else(lost_request)?,
            warnings,
        })
    }

    /// Waits until the user is done: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with their ways on
    /// and no errors. Looks at once, then as [`RegistrationAuthority::wait_for`](crate::RegistrationAuthority::wait_for) does;
    /// webhooks are hints.
    ///
    /// A user who has the link again after VIDEOINCOMPLETE or VIDEOERROR leaves the request in that status until they are done, and
    /// this wait would end at once: wait for VIDEOREVIEW with `wait_for` then.
    ///
    /// Safe to repeat: it only reads.
    ///
    /// # Errors
    /// `wait_deadline` (retryable); `workflow_step` before [`start`](Self::start); `unexpected_status` for a request that was
    /// cancelled; `field_missing` and `field_invalid` for `limits`; those of `get_request` that are not retryable.
    pub async fn wait_for_user(&self, limits: &WaitLimits, inbox: Option<&WebhookInbox>, options: &RequestOptions) -> Result<Progressed> {
        self.flow.wait(Goal::UserDone, limits, inbox, options).await
    }

    /// Waits until the vendor's operator is done: CREATED, ENROLLREADY, ISSUED, or a VideoID that is REFUSED. At VIDEOINCOMPLETE and
    /// VIDEOERROR it ends as well, with the ways on, for no operator leads on from there.
    ///
    /// Safe to repeat: it only reads.
    ///
    /// # Errors
    /// As [`wait_for_user`](Self::wait_for_user).
    pub async fn wait_for_operator(
        &self,
        limits: &WaitLimits,
        inbox: Option<&WebhookInbox>,
        options: &RequestOptions,
    ) -> Result<Progressed> {
        self.flow.wait(Goal::OperatorDone, limits, inbox, options).await
    }

    /// Gives a request in CREATED what its profile needs beside the video: first the update of its data, then the documents, each
    /// with its label. Nothing is sent where the request is ENROLLREADY: for a natural person nothing is left to do.
    ///
    /// What the update leaves out of profile, card, registration authority, e-mail and country is taken from the request. Documents
    /// are looked at before anything is sent, and must be such that can be read again. Progress counts each upload from zero.
    ///
    /// May be called again after an error: an update that the request shows already is not sent, and a document that is there is
    /// not uploaded twice (the documents are listed where the answer to an upload was lost).
    ///
    /// # Errors
    /// Those of the calls; `field_missing` without a label; `source_unreadable`, `image_damaged` and the like for a document, which
    /// the field names; `body_not_repeatable` for a stream; `workflow_step` before [`start`](Self::start); `unexpected_status`
    /// before the operator has validated, after a refusal or a cancellation, at VIDEOINCOMPLETE and at VIDEOERROR.
    pub async fn complete(
        &self,
        update: Option<&RequestUpdate>,
        documents: &[EvidenceDocument],
        options: &RequestOptions,
    ) -> Result<Progressed> {
        let flow = &self.flow;
        let wanted = digest::evidence(documents, &flow.ra().config().limits).await?;
        let mut machine = flow.machine(options).await?;
        let card = machine.scratchcard().map(|sn| sn.as_str().to_owned()).unwrap_or_default();
        let update_sha256 = update.map(|update| digest::update(update, &card)).transpose()?;
        machine.bring(Inputs::new(update_sha256, wanted));
        let given = Given { update, documents: Documents::Evidence(documents), ..Given::default() };
        let run = flow.run(&mut machine, Event::Begin(Goal::Completed), &given, options).await?;
        let needless = is_through(machine.status()) && (update.is_some() || !documents.is_empty());
        let warnings = if needless { vec!["the request is through: neither update nor documents were sent".into()] } else { Vec::new() };
        progressed(&machine, run, flow.warn(warnings))
    }

    /// Fetches declaration and contract of a request in CREATED, to be shown to the officer before [`approve`](Self::approve).
    /// Gives neither where the request is ENROLLREADY already.
    ///
    /// Taken as safe to repeat: see ASSUMPTIONS.md.
    ///
    /// # Errors
    /// Those of the calls; `workflow_step` before [`start`](Self::start); `unexpected_status` as for [`complete`](Self::complete).
    pub async fn papers(&self, rao_id: &str, options: &RequestOptions) -> Result<OfficerOutcome> {
        self.flow.officer(Goal::Papers, &Given { rao_id: Some(rao_id), ..Given::default() }, options).await
    }

    /// Approves a request in CREATED, after reading declaration and contract where [`papers`](Self::papers) did not, and reads the
    /// status back. Nothing is sent where it is ENROLLREADY already. It never validates: that is the vendor's operator's.
    ///
    /// May be called again after an error: it looks at the request first and does not approve twice.
    ///
    /// # Errors
    /// Those of the calls; `workflow_step` before [`start`](Self::start); `unexpected_status` as for
    /// [`complete`](Self::complete), and where the service shows another status than ENROLLREADY after it; `ambiguous` where the
    /// answer with the secrets was lost.
    pub async fn approve(&self, rao: &RaoCredentials, options: &RequestOptions) -> Result<OfficerOutcome> {
        let given = Given { rao: Some(rao), rao_id: Some(&rao.rao_id), ..Given::default() };
        self.flow.officer(Goal::Approved, &given, options).await
    }
}
