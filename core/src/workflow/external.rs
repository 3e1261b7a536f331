//! External VideoID: the customer's platform collects the evidence, the customer's officer decides.

use std::time::Duration;

use super::digest::digests;
use super::driver::{Given, Workflow, lost_request, workflow_type};
use super::machine::{Event, Goal};
use super::outcome::{OfficerOutcome, Submission};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::Evidence;
use crate::model::{Flow, NewRequest, RaoCredentials, ScratchcardSn, Status};
use crate::options::RequestOptions;
use crate::source::Source;

/// How often the status is read while the service has all pieces and has not moved on yet; each pause is longer.
pub(super) const LOOKS: u32 = 8;
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// One External VideoID on the RA API, from the scratchcard to ENROLLREADY.
///
/// Clones share one workflow; its steps run one after the other. After an error the same step may be called again: it looks at the
/// service first and goes on from there. To go on in another process keep [`state`](Self::state) and give it to
/// [`resume`](Self::resume), with the same request, evidence and video.
#[derive(Clone)]
pub struct ExternalVideoId {
    flow: Workflow,
}

workflow_type!(ExternalVideoId, Flow::ExternalVideoId);

impl ExternalVideoId {
    /// Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW.
    ///
    /// `request` needs neither card nor `videoid_mode`; both are filled in. Progress counts each upload from zero. Which piece goes
    /// first, and whether VIDEOINCOMPLETE is a failure, is in the settings (`assumptions`).
    ///
    /// May be called again after an error: what was done is not done twice, and evidence and video must be the same. After
    /// VIDEOERROR, and where the service stays in VIDEOINCOMPLETE though both were uploaded, others may be brought; both are uploaded
    /// anew then. Should the service go to review with a piece of the earlier submission, the other one is sent all the same, and
    /// nothing is validated before it was taken.
    ///
    /// # Errors
    /// Those of the calls; `no_scratchcard`; `unexpected_status`, which names the ways on; `field_invalid` where evidence or video
    /// are not those of the state.
    pub async fn submit(&self, request: &NewRequest, evidence: &Evidence, video: &Source, options: &RequestOptions) -> Result<Submission> {
        let (flow, ra) = (&self.flow, self.flow.ra());
        crate::ra::checked_inputs(ra, request)?;
        crate::ra::checked_profile(ra, request, &Flow::ExternalVideoId)?;
        crate::ra::checked_video(video.clone(), ra.config()).await?;
        let (evidence_sha256, video_sha256) = digests(evidence, video).await?;
        let mut machine = flow.machine(options).await?;
        if let Err(error) = machine.bind(evidence_sha256.clone(), video_sha256.clone()) {
            // The service may have come to a status meanwhile in which others are taken.
            let Some(pk) = machine.request_pk() else { return Err(error) };
            flow.look(&mut machine, pk, options).await?;
            machine.bind(evidence_sha256, video_sha256)?;
        }
        let mut warnings =
            flow.warn(evidence.report().findings.iter().map(|finding| format!("{}: {}", finding.field, finding.rule)).collect());
        let given = Given { request: Some(request), evidence: Some(evidence), video: Some(video), ..Given::default() };
        let mut event = Event::Begin(Goal::Review);
        for look in 0.. {
            if !flow.run(&mut machine, event, &given, options).await?.waits {
                break;
            }
            if look == LOOKS {
                if machine.status() == Some(&Status::VideoIncomplete) {
                    // It misses a piece that it took before; called again, the flow sends both anew.
                    machine.is_stuck();
                    flow.note(&machine);
                    flow.persist(&machine).await?;
                }
                warnings.push("all pieces are uploaded and the service has not moved on to VIDEOREVIEW yet: read the request later".into());
                break;
            }
            pause(FIRST_PAUSE * (1 << look.min(5)), options).await?;
            event = Event::Waited;
        }
        Ok(Submission {
            request_pk: machine.request_pk().ok_or_else(lost_request)?,
            scratchcard: machine.scratchcard().cloned().unwrap_or_else(|| ScratchcardSn(String::new())),
            videoid_pk: machine.videoid_pk(),
            video_identifier: machine.video_identifier().cloned(),
            status: machine.status().cloned().ok_or_else(lost_request)?,
            warnings,
        })
    }

    /// Validates the identification and reads the status back. Where it is CREATED then (2-step mode), declaration and contract
    /// are fetched, to be shown to the officer before [`approve`](Self::approve); where it is ENROLLREADY nothing is left to do.
    ///
    /// May be called again after an error: it looks at the request first and does not validate twice.
    ///
    /// # Errors
    /// Those of the calls; `workflow_step` before [`submit`](Self::submit); `unexpected_status`; `ambiguous` where the answer
    /// with the secrets was lost.
    pub async fn validate(&self, rao: &RaoCredentials, options: &RequestOptions) -> Result<OfficerOutcome> {
        self.officer(Goal::Validated, rao, None, options).await
    }

    /// Approves the request, after validating it where that is still to do, and reads the status back. Nothing is sent where it is
    /// ENROLLREADY already.
    ///
    /// May be called again after an error: it looks at the request first and does not approve twice.
    ///
    /// # Errors
    /// Those of the calls; `workflow_step` before [`submit`](Self::submit); `unexpected_status` where the service shows
    /// another status than ENROLLREADY after it; `ambiguous` where the answer with the secrets was lost.
    pub async fn approve(&self, rao: &RaoCredentials, options: &RequestOptions) -> Result<OfficerOutcome> {
        self.officer(Goal::Approved, rao, None, options).await
    }

    /// Refuses the identification with a reason and reads the status back.
    ///
    /// May be called again after an error: it looks at the request first.
    ///
    /// # Errors
    /// `field_missing` without a reason; those of the calls; `unexpected_status`.
    pub async fn refuse(&self, rao: &RaoCredentials, reason: &str, options: &RequestOptions) -> Result<OfficerOutcome> {
        self.officer(Goal::Refused, rao, Some(reason), options).await
    }

    async fn officer(&self, goal: Goal, rao: &RaoCredentials, reason: Option<&str>, options: &RequestOptions) -> Result<OfficerOutcome> {
        let given = Given { rao: Some(rao), rao_id: Some(&rao.rao_id), reason, ..Given::default() };
        self.flow.officer(goal, &given, options).await
    }
}

/// Waits, unless the caller cancels meanwhile.
pub(super) async fn pause(duration: Duration, options: &RequestOptions) -> Result<()> {
    let pause = tokio::time::sleep(duration);
    let Some(cancel) = &options.cancel else {
        pause.await;
        return Ok(());
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::new(ErrorCode::Cancelled, "the caller cancelled")),
        () = pause => Ok(()),
    }
}
