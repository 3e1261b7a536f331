//! Runs the machine against a client: the officer's part, from VIDEOREVIEW on.

use super::driver::{ExternalVideoId, lost_request};
use super::machine::{Action, CallKind, Event, Goal, Machine};
use super::outcome::OfficerOutcome;
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{Declaration, Document, DocumentType, RaoCredentials};
use crate::options::RequestOptions;

/// What the officer's calls gave in one run. Not part of the state.
#[derive(Default)]
struct Gathered {
    declaration: Option<Declaration>,
    contract: Option<Document>,
}

impl ExternalVideoId {
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
        let shared = &self.shared;
        let mut machine = shared.machine.lock().await;
        let mut gathered = Gathered::default();
        let mut approved = false;
        let mut refused = false;
        let mut action = machine.advance(Event::Begin(goal))?;
        loop {
            shared.note(&machine);
            let event = match action {
                Action::Done => break,
                Action::Persist => shared.persist(&machine).await?,
                Action::Wait => return Err(Error::new(ErrorCode::Internal, "the workflow waits in an officer's step")),
                // A second refusal in one run would be sent because the service does not show the first.
                Action::Call(CallKind::Refuse(_)) if refused => {
                    return Err(Error::new(
                        ErrorCode::UnexpectedStatus,
                        "the refusal was accepted and the service does not show it: read the request later",
                    ));
                }
                Action::Call(call) => {
                    approved |= matches!(call, CallKind::Approve(_));
                    refused |= matches!(call, CallKind::Refuse(_));
                    self.officer_call(call, rao, reason, options, &machine, &mut gathered).await?
                }
            };
            let next = machine.advance(event);
            shared.note(&machine);
            action = next?;
        }
        let pending = goal == Goal::Validated;
        Ok(OfficerOutcome {
            request_pk: machine.request_pk().ok_or_else(lost_request)?,
            status: machine.status().cloned().ok_or_else(lost_request)?,
            videoid_status: machine.videoid_status().map(str::to_owned),
            secrets: shared.take_secrets(),
            declaration: gathered.declaration.filter(|_| pending || approved),
            contract: gathered.contract.filter(|_| pending || approved),
            warnings: Vec::new(),
        })
    }

    async fn officer_call(
        &self,
        call: CallKind,
        rao: &RaoCredentials,
        reason: Option<&str>,
        options: &RequestOptions,
        machine: &Machine,
        gathered: &mut Gathered,
    ) -> Result<Event> {
        let shared = &self.shared;
        let ra = &shared.ra;
        match call {
            CallKind::Read(pk) => shared.read(machine, pk, options).await,
            CallKind::Validate(pk) => {
                shared.step("validate_videoid", machine);
                let answer = ra.validate_videoid(pk, rao, options).await?;
                shared.keep_secrets(answer.secrets);
                Ok(Event::Validated)
            }
            CallKind::ReadPapers(pk) => {
                shared.step("generate_declaration", machine);
                gathered.declaration = Some(ra.generate_declaration(pk, &rao.rao_id, options).await?);
                shared.step("get_request_document", machine);
                gathered.contract = Some(ra.get_request_document(pk, &DocumentType::Contract, Some(&rao.rao_id), options).await?);
                Ok(Event::PapersRead)
            }
            CallKind::Approve(pk) => {
                shared.step("approve_request", machine);
                // An approval may replace what the validation gave: where its answer is lost, the earlier secrets may be void.
                let before = shared.take_secrets();
                match ra.approve_request(pk, rao, None, options).await {
                    Ok(answer) => {
                        shared.keep_secrets(answer.secrets.or(before));
                        Ok(Event::Approved)
                    }
                    Err(error) => {
                        shared.keep_secrets(before.filter(|_| error.wire() != Wire::MayBeProcessed));
                        Err(error)
                    }
                }
            }
            CallKind::Refuse(pk) => {
                shared.step("refuse_videoid", machine);
                ra.refuse_videoid(pk, rao, reason.unwrap_or_default(), options).await?;
                Ok(Event::Refused)
            }
            _ => Err(Error::new(ErrorCode::Internal, "a customer's call came up in an officer's step")),
        }
    }
}
