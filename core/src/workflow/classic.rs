//! The classic flow: the officer identifies the holder, and the documents are uploaded.

use super::digest;
use super::driver::{Documents, Given, Workflow, is_through, lost_request, workflow_type};
use super::machine::{Event, Goal, Inputs};
use super::outcome::{ClassicDocument, OfficerOutcome, Submission};
use crate::error::Result;
use crate::model::{Flow, NewRequest, RaoCredentials, ScratchcardSn};
use crate::options::RequestOptions;

/// One classic request on the RA API, from the scratchcard to ENROLLREADY.
///
/// Clones share one workflow; its steps run one after the other. After an error the same step may be called again: it looks at the
/// service first and goes on from there. To go on in another process keep [`state`](Self::state) and give it to
/// [`resume`](Self::resume), with the same request and documents.
#[derive(Clone)]
pub struct ClassicRequest {
    flow: Workflow,
}

workflow_type!(ClassicRequest, Flow::Classic);

impl ClassicRequest {
    /// Takes a card, creates the request with `paperless_mode` 1 and uploads the documents. The request is CREATED then.
    ///
    /// `request` needs neither card nor `paperless_mode`; both are filled in. The documents are looked at before the request costs
    /// a card, and must be such that can be read again. Progress counts each upload from zero.
    ///
    /// May be called again after an error: what was done is not done twice. A document that is there is not uploaded again (the
    /// documents are listed where the answer to an upload was lost); one with other bytes is another document.
    ///
    /// # Errors
    /// Those of the calls; `no_scratchcard`; `source_unreadable`, `image_damaged` and the like for a document, which the field names;
    /// `body_not_repeatable` for a stream; `unexpected_status` for a request that was cancelled.
    pub async fn submit(&self, request: &NewRequest, documents: &[ClassicDocument], options: &RequestOptions) -> Result<Submission> {
        let (flow, ra) = (&self.flow, self.flow.ra());
        crate::ra::checked_inputs(ra, request)?;
        let report = crate::ra::checked_profile(ra, request, &Flow::Classic)?;
        let wanted = digest::classic(documents, &ra.config().limits).await?;
        let mut warnings = flow.warn(report.findings.iter().map(|finding| format!("{}: {}", finding.field, finding.rule)).collect());
        let mut machine = flow.machine(options).await?;
        machine.bring(Inputs::new(None, wanted));
        let given = Given { request: Some(request), documents: Documents::Classic(documents), ..Given::default() };
        flow.run(&mut machine, Event::Begin(Goal::Submitted), &given, options).await?;
        if is_through(machine.status()) {
            warnings.extend(flow.warn(vec!["the request is through: documents that were not there were not uploaded".into()]));
        }
        Ok(Submission {
            request_pk: machine.request_pk().ok_or_else(lost_request)?,
            scratchcard: machine.scratchcard().cloned().unwrap_or_else(|| ScratchcardSn(String::new())),
            videoid_pk: None,
            video_identifier: None,
            status: machine.status().cloned().ok_or_else(lost_request)?,
            warnings,
        })
    }

    /// Fetches declaration and contract, to be shown to the officer before [`approve`](Self::approve). Gives neither where the
    /// request is ENROLLREADY already.
    ///
    /// Taken as safe to repeat: see ASSUMPTIONS.md.
    ///
    /// # Errors
    /// Those of the calls; `workflow_step` before [`submit`](Self::submit); `unexpected_status`.
    pub async fn papers(&self, rao_id: &str, options: &RequestOptions) -> Result<OfficerOutcome> {
        self.flow.officer(Goal::Papers, &Given { rao_id: Some(rao_id), ..Given::default() }, options).await
    }

    /// Approves the request, after reading declaration and contract where [`papers`](Self::papers) did not, and reads the status
    /// back. Nothing is sent where it is ENROLLREADY already.
    ///
    /// May be called again after an error: it looks at the request first and does not approve twice.
    ///
    /// # Errors
    /// Those of the calls, `missing_documents` for example; `workflow_step` before [`submit`](Self::submit); `unexpected_status`
    /// where the service shows another status than ENROLLREADY after it; `ambiguous` where the answer with the secrets was lost.
    pub async fn approve(&self, rao: &RaoCredentials, options: &RequestOptions) -> Result<OfficerOutcome> {
        let given = Given { rao: Some(rao), rao_id: Some(&rao.rao_id), ..Given::default() };
        self.flow.officer(Goal::Approved, &given, options).await
    }
}
