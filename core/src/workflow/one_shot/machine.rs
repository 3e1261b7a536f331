//! The One-Shot workflows without I/O: events in, actions out.

use super::state::{Intent, OneShotMachine, OneShotSeen};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{DocumentUid, Flow, OneShotDocument, Status, UploadedDocuments, UploadedForSigning, VideoIdHandle, part_names};

/// What the caller wants to have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OneShotGoal {
    /// The request exists.
    Created,
    /// External: evidence and video are there and an officer can decide.
    Review,
    /// The officer has validated: the first step of the 2-step mode.
    Validated,
    /// The officer has approved. Where the request is ENROLLREADY already nothing is sent.
    Approved,
    /// The officer has refused.
    Refused,
    /// The documents to be signed are uploaded.
    Documents,
    /// The contract is at hand.
    Contract,
    /// A one-time password is sent.
    Otp,
    /// The documents are signed.
    Signed,
    /// The signed documents are on disk.
    Saved,
    /// The documents are deleted from the Optimizer.
    Deleted,
    /// The request is cancelled.
    Cancelled,
    /// Only a look at the request.
    Looked,
}

/// What the machine is told.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OneShotEvent {
    /// The caller wants to reach a goal; also after an interruption.
    Begin(OneShotGoal),
    /// The state was kept.
    Persisted,
    /// The request was created.
    Created(VideoIdHandle),
    /// The request as the service shows it.
    Seen(OneShotSeen),
    /// The service has no such request any more.
    Gone,
    /// The call that changes something surely was not carried out: refused, or never sent.
    NotDone,
    /// The call that changes something was taken.
    Taken,
    /// The documents that the request has.
    Listed(Vec<OneShotDocument>),
    /// The documents were uploaded.
    Uploaded(UploadedDocuments),
    /// The contract was downloaded: its SHA-256.
    Contract(String),
    /// A signed document was saved and looks whole: its uid and SHA-256.
    Saved(DocumentUid, String),
    /// A wait is over: look again.
    Waited,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OneShotAction {
    /// Keep [`OneShotMachine::to_json`] before anything else, then say [`OneShotEvent::Persisted`].
    Persist,
    /// Make this call.
    Call(OneShotCall),
    /// The service has all and has not moved on yet: wait a little, then say [`OneShotEvent::Waited`].
    Wait,
    /// The goal is reached, or this step has done what it can: the outcome says where the request stands.
    Done,
}

/// The calls that the machine asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OneShotCall {
    /// Create the request.
    Create,
    /// Read the request.
    Read(VideoIdHandle),
    /// Upload the evidence.
    UploadEvidence(VideoIdHandle),
    /// Upload the video.
    UploadVideo(VideoIdHandle),
    /// Validate with the officer's credentials.
    Validate(VideoIdHandle),
    /// Approve with the officer's credentials.
    Approve(VideoIdHandle),
    /// Refuse with the officer's credentials and a reason.
    Refuse(VideoIdHandle),
    /// List the documents of the request.
    ListDocuments(VideoIdHandle),
    /// Upload the documents.
    UploadDocuments(VideoIdHandle),
    /// Download the contract.
    Contract(VideoIdHandle),
    /// Send a one-time password.
    SendOtp(VideoIdHandle),
    /// Sign.
    Sign(VideoIdHandle),
    /// Download this signed document and check it.
    Save(VideoIdHandle, DocumentUid),
    /// Delete all documents of the request.
    Delete(VideoIdHandle),
    /// Cancel the request.
    Cancel(VideoIdHandle),
}

impl OneShotCall {
    /// Whether it changes something.
    pub fn is_mutation(&self) -> bool {
        !matches!(self, Self::Read(_) | Self::ListDocuments(_) | Self::Contract(_) | Self::Save(..))
    }
}

impl OneShotMachine {
    /// Takes an event and says what is to be done next.
    ///
    /// # Errors
    /// `workflow_step` where the goal does not fit the step; `unexpected_status` where the service shows a status from which the
    /// goal cannot be reached; `ambiguous` where a create call is open whose answer was lost.
    pub fn advance(&mut self, event: OneShotEvent) -> Result<OneShotAction> {
        match event {
            OneShotEvent::Begin(goal) => self.begin(goal),
            OneShotEvent::Persisted => match self.after_persist.take() {
                Some(call) => Ok(OneShotAction::Call(call)),
                None => self.read(),
            },
            OneShotEvent::Created(handle) => {
                self.handle = Some(handle);
                Ok(self.settle())
            }
            OneShotEvent::NotDone => {
                // What a refused upload left there is not ours, and nothing is open any more.
                self.documents_open &= self.intent != Some(Intent::UploadDocuments);
                // Evidence that was refused may be mended, as long as the service holds no piece that it would be mixed with.
                let upload = matches!(self.intent, Some(Intent::UploadEvidence | Intent::UploadVideo));
                if upload && !self.evidence_uploaded && !self.video_uploaded {
                    (self.evidence_sha256, self.video_sha256) = (None, None);
                }
                self.intent = None;
                Ok(OneShotAction::Done)
            }
            OneShotEvent::Seen(seen) => self.seen(seen),
            OneShotEvent::Gone => {
                self.intent = None;
                // Only a request that was to be cancelled is given up for good.
                self.gone = self.goal == Some(OneShotGoal::Cancelled);
                if self.gone {
                    return Ok(OneShotAction::Done);
                }
                Err(Error::new(ErrorCode::UnexpectedStatus, "the service has no such request any more"))
            }
            OneShotEvent::Taken => {
                match self.intent {
                    Some(Intent::UploadEvidence) => self.evidence_uploaded = true,
                    Some(Intent::UploadVideo) => self.video_uploaded = true,
                    // The answer of the call says so; what is read next wins where it says something else.
                    Some(Intent::Refuse) => self.videoid_status = Some("REFUSED".into()),
                    // Whoever asks for another password wants to sign again.
                    Some(Intent::SendOtp) => (self.otp_sent, self.sign_taken) = (true, false),
                    Some(Intent::Sign) => self.sign_taken = true,
                    Some(Intent::Delete) => self.deleted = true,
                    _ => {}
                }
                Ok(self.settle())
            }
            OneShotEvent::Listed(found) => self.listed(found),
            OneShotEvent::Uploaded(uploaded) => self.uploaded(uploaded),
            OneShotEvent::Contract(sha256) => {
                // Another contract is one that the signer has not seen.
                self.contract_shown &= self.contract_sha256.as_deref() == Some(sha256.as_str());
                self.contract_sha256 = Some(sha256);
                Ok(self.settle())
            }
            OneShotEvent::Saved(uid, sha256) => {
                if let Some(own) = self.documents.iter_mut().find(|own| own.uid.as_ref() == Some(&uid)) {
                    own.signed_sha256 = Some(sha256);
                }
                Ok(self.settle())
            }
            OneShotEvent::Waited => self.read(),
        }
    }

    fn begin(&mut self, goal: OneShotGoal) -> Result<OneShotAction> {
        self.goal = Some(goal);
        self.after_persist = None;
        (self.made, self.listed) = (false, false);
        // Whoever was told of VIDEOERROR and comes back wants to try again.
        if goal == OneShotGoal::Review && self.status == Some(Status::VideoError) && self.evidence_uploaded && self.video_uploaded {
            self.upload_again();
        }
        match self.handle {
            Some(_) if self.gone => Err(Error::new(ErrorCode::WorkflowStep, "the request was cancelled: begin another workflow")),
            Some(handle) => Ok(OneShotAction::Call(OneShotCall::Read(handle))),
            None if !matches!(goal, OneShotGoal::Created | OneShotGoal::Review) => {
                Err(Error::new(ErrorCode::WorkflowStep, "there is no request yet"))
            }
            None if self.intent == Some(Intent::Create) => Err(Error::new(
                ErrorCode::Ambiguous,
                "the answer of an earlier create call was lost, and the API lists no requests: ask the registration authority; \
                 then go on with adopt, or with create_anew",
            )
            .with_wire(Wire::MayBeProcessed)),
            None => {
                self.intent = Some(Intent::Create);
                self.after_persist = Some(OneShotCall::Create);
                Ok(OneShotAction::Persist)
            }
        }
    }

    fn own(&self) -> Result<VideoIdHandle> {
        self.handle.ok_or_else(|| Error::new(ErrorCode::Internal, "the workflow has no request"))
    }

    fn read(&self) -> Result<OneShotAction> {
        Ok(OneShotAction::Call(OneShotCall::Read(self.own()?)))
    }

    /// Records what is going to be done, to be kept before it is done.
    fn intend(&mut self, intent: Intent, call: OneShotCall) -> OneShotAction {
        self.intent = Some(intent);
        self.after_persist = Some(call);
        self.made = true;
        OneShotAction::Persist
    }

    /// Records that it was done, to be kept; the request is read next.
    fn settle(&mut self) -> OneShotAction {
        self.intent = None;
        self.after_persist = None;
        OneShotAction::Persist
    }

    fn seen(&mut self, seen: OneShotSeen) -> Result<OneShotAction> {
        if let Some(handle) = &mut self.handle {
            handle.videoid_pk = handle.videoid_pk.or(seen.videoid_pk);
        }
        self.videoid_status = seen.videoid_status.or(self.videoid_status.take());
        self.stuck &= seen.status == Status::VideoIncomplete;
        self.sign_taken &= seen.status == Status::EnrollReady;
        // What was under way when the last run ended: the service shows whether it was done.
        match self.intent {
            // What is shown may be what was replaced; review says nothing of a video that replaces one that the service had.
            Some(Intent::UploadEvidence) => self.evidence_uploaded |= seen.shows_evidence && !self.replaced,
            Some(Intent::UploadVideo) => self.video_uploaded |= seen.status == Status::VideoReview && !self.replaced,
            _ => {}
        }
        self.intent = None;
        self.status = Some(seen.status);
        self.decide()
    }

    /// Which of the documents that were taken is which: by the names of the parts or of the files. Where the answer does not say so
    /// the list is asked, and a document is never taken for another one.
    fn uploaded(&mut self, uploaded: UploadedDocuments) -> Result<OneShotAction> {
        let taken = uploaded.documents;
        if taken.len() != self.documents.len() {
            return Err(Error::new(ErrorCode::UnexpectedAnswer, "the service took another number of documents than were sent: list them"));
        }
        let uids = if let [only] = taken.as_slice() {
            Some(vec![only.uid.clone()])
        } else {
            let one = |fits: &dyn Fn(&&UploadedForSigning) -> bool| {
                let mut fitting = taken.iter().filter(fits);
                fitting.next().filter(|_| fitting.next().is_none()).map(|document| document.uid.clone())
            };
            let uid = |(part, file): &(String, String)| {
                one(&|document| document.name.as_ref() == Some(part))
                    .or_else(|| one(&|document| document.filename.as_ref().is_some_and(|name| name.expose() == file)))
            };
            self.names().iter().map(uid).collect::<Option<Vec<_>>>()
        };
        let Some(uids) = uids else { return Ok(OneShotAction::Call(OneShotCall::ListDocuments(self.own()?))) };
        self.known_as(uids);
        Ok(self.settle())
    }

    /// The names of the parts and of the files of an upload.
    fn names(&self) -> Vec<(String, String)> {
        let kinds: Vec<bool> = self.documents.iter().map(|own| own.message_digest.is_some()).collect();
        part_names(&kinds)
    }

    fn known_as(&mut self, uids: Vec<DocumentUid>) {
        for (own, uid) in self.documents.iter_mut().zip(uids) {
            own.uid = Some(uid);
        }
        self.documents_open = false;
    }

    fn listed(&mut self, found: Vec<OneShotDocument>) -> Result<OneShotAction> {
        let handle = self.own()?;
        if self.goal == Some(OneShotGoal::Deleted) {
            self.listed = true;
            let is_ours = |document: &OneShotDocument| self.documents.iter().any(|own| own.uid.as_ref() == Some(&document.uid));
            if !found.iter().all(is_ours) {
                return Err(Error::new(
                    ErrorCode::WorkflowStep,
                    "the request has documents that were not saved here, and all would be deleted: delete_document deletes one",
                ));
            }
            return Ok(self.intend(Intent::Delete, OneShotCall::Delete(handle)));
        }
        if self.documents_open {
            let new: Vec<OneShotDocument> = found.into_iter().filter(|document| !self.before.contains(&document.uid)).collect();
            if !new.is_empty() {
                self.arrived(new)?;
                return Ok(self.settle());
            }
        } else {
            self.before = found.into_iter().map(|document| document.uid).collect();
        }
        self.listed = true;
        self.documents_open = true;
        Ok(self.intend(Intent::UploadDocuments, OneShotCall::UploadDocuments(handle)))
    }

    /// Which of the documents that arrived is which: a list is in no order that says so, their names do.
    fn arrived(&mut self, new: Vec<OneShotDocument>) -> Result<()> {
        let unclear = |text: &str| Error::new(ErrorCode::UnexpectedAnswer, format!("an upload whose answer was lost left {text}"));
        if new.len() != self.documents.len() {
            return Err(unclear("another number of documents than were sent: delete them, or look by hand"));
        }
        let uids = if let [only] = new.as_slice() {
            vec![only.uid.clone()]
        } else {
            let named = |name: &String| {
                let mut fitting = new.iter().filter(|document| document.filename.as_ref().is_some_and(|own| own.expose() == name));
                fitting.next().filter(|_| fitting.next().is_none()).map(|document| document.uid.clone())
            };
            let uids: Option<Vec<DocumentUid>> = self.names().iter().map(|(_, file_name)| named(file_name)).collect();
            uids.ok_or_else(|| unclear("documents that cannot be told apart: delete them, then they are uploaded again"))?
        };
        self.known_as(uids);
        Ok(())
    }

    fn decide(&mut self) -> Result<OneShotAction> {
        let (Some(goal), Some(status)) = (self.goal, self.status.clone()) else {
            return Err(Error::new(ErrorCode::Internal, "the workflow was not begun"));
        };
        let handle = self.own()?;
        let refused = self.videoid_status.as_deref() == Some("REFUSED");
        let made = self.made;
        #[allow(clippy::match_same_arms, reason = "one arm for each goal reads as the table that it is")]
        match (goal, &status) {
            (OneShotGoal::Looked | OneShotGoal::Created, _) => Ok(OneShotAction::Done),
            (OneShotGoal::Cancelled, Status::Cancelled) => {
                self.gone = true;
                Ok(OneShotAction::Done)
            }
            (OneShotGoal::Cancelled, Status::Issued | Status::Renewed) => {
                Err(unexpected(&status, "what is issued is not cancelled, and its documents would go with it: save them, then delete them"))
            }
            (OneShotGoal::Cancelled, _) if made => Err(Error::new(
                ErrorCode::UnexpectedStatus,
                "the cancellation was accepted and the service does not show it: look at the request later",
            )),
            (OneShotGoal::Cancelled, _) => Ok(self.intend(Intent::Cancel, OneShotCall::Cancel(handle))),
            // What status a refusal leads to is not documented: it may be this one.
            (OneShotGoal::Refused, _) if refused || made => Ok(OneShotAction::Done),
            (_, Status::Cancelled) => Err(unexpected(&status, "it was cancelled")),

            (OneShotGoal::Review, Status::VideoPending | Status::VideoIncomplete | Status::VideoError) => self.upload(handle, &status),
            // The service went to review with a piece of what failed before.
            (OneShotGoal::Review, Status::VideoReview) if self.is_mixture() => self.upload(handle, &status),
            (OneShotGoal::Validated | OneShotGoal::Approved, Status::VideoReview) if self.is_mixture() => Err(Error::new(
                ErrorCode::WorkflowStep,
                "the other evidence and video have not both been taken yet: submit them again before an officer decides",
            )),
            (OneShotGoal::Review, Status::VideoReview | Status::Created | Status::EnrollReady | Status::Issued) => Ok(OneShotAction::Done),

            (OneShotGoal::Validated | OneShotGoal::Approved, Status::EnrollReady | Status::Issued) => Ok(OneShotAction::Done),
            // An approval that leaves the request short of ENROLLREADY is an outcome, and is not sent a second time.
            (OneShotGoal::Validated | OneShotGoal::Approved, _) if made => Ok(OneShotAction::Done),
            (OneShotGoal::Validated | OneShotGoal::Approved, _) if refused => {
                Err(Error::new(ErrorCode::UnexpectedStatus, "the identification was refused: it cannot be approved"))
            }
            (OneShotGoal::Validated, Status::Created) => Ok(OneShotAction::Done),
            (OneShotGoal::Validated, Status::VideoReview) => Ok(self.intend(Intent::Validate, OneShotCall::Validate(handle))),
            (OneShotGoal::Approved, Status::VideoReview | Status::Created) => {
                Ok(self.intend(Intent::Approve, OneShotCall::Approve(handle)))
            }
            (OneShotGoal::Refused, Status::VideoReview) => Ok(self.intend(Intent::Refuse, OneShotCall::Refuse(handle))),

            (OneShotGoal::Documents, _) if !self.documents.is_empty() && self.documents.iter().all(|own| own.uid.is_some()) => {
                Ok(OneShotAction::Done)
            }
            (OneShotGoal::Documents, Status::EnrollReady) => Ok(OneShotAction::Call(OneShotCall::ListDocuments(handle))),
            (OneShotGoal::Contract, Status::EnrollReady | Status::Issued) if made => Ok(OneShotAction::Done),
            (OneShotGoal::Contract, Status::EnrollReady | Status::Issued) => {
                self.made = true;
                Ok(OneShotAction::Call(OneShotCall::Contract(handle)))
            }
            (OneShotGoal::Otp, Status::EnrollReady) if made => Ok(OneShotAction::Done),
            (OneShotGoal::Otp, Status::EnrollReady) => Ok(self.intend(Intent::SendOtp, OneShotCall::SendOtp(handle))),

            (OneShotGoal::Signed, Status::Issued) => Ok(OneShotAction::Done),
            (OneShotGoal::Signed, Status::EnrollReady) if made || self.sign_taken => Ok(OneShotAction::Wait),
            (OneShotGoal::Signed, Status::EnrollReady) => {
                if self.documents.is_empty() || self.documents.iter().any(|own| own.uid.is_none()) {
                    return Err(Error::new(ErrorCode::WorkflowStep, "there are no documents to be signed yet"));
                }
                if !self.contract_shown {
                    return Err(Error::new(ErrorCode::WorkflowStep, "the signer has not been shown the contract yet: say contract_shown"));
                }
                Ok(self.intend(Intent::Sign, OneShotCall::Sign(handle)))
            }
            (OneShotGoal::Saved, Status::Issued | Status::Renewed) => {
                let next = self.documents.iter().find(|own| own.signed_sha256.is_none()).and_then(|own| own.uid.clone());
                Ok(next.map_or(OneShotAction::Done, |uid| OneShotAction::Call(OneShotCall::Save(handle, uid))))
            }
            (OneShotGoal::Deleted, _) if self.deleted => Ok(OneShotAction::Done),
            (OneShotGoal::Deleted, _) if self.documents.is_empty() || self.documents.iter().any(|own| own.signed_sha256.is_none()) => {
                Err(Error::new(ErrorCode::WorkflowStep, "documents are deleted only after each signed one is saved and looks whole"))
            }
            // What else the request has would go with them.
            (OneShotGoal::Deleted, _) => Ok(OneShotAction::Call(OneShotCall::ListDocuments(handle))),
            (_, status) => Err(unexpected(status, "this step does not lead on from there")),
        }
    }

    fn upload(&mut self, handle: VideoIdHandle, status: &Status) -> Result<OneShotAction> {
        if self.one_shot_flow != Flow::ExternalVideoId {
            return Err(Error::new(ErrorCode::WorkflowStep, "in the eIDAS flow the user identifies at the link"));
        }
        let (evidence, video) = (self.evidence_uploaded, self.video_uploaded);
        if evidence && video {
            return if *status == Status::VideoError {
                Err(unexpected(status, "evidence and video were taken and the upload failed: bring others, or cancel"))
            } else {
                Ok(OneShotAction::Wait)
            };
        }
        let evidence_next = !evidence && (!self.video_first || video);
        Ok(if evidence_next {
            self.intend(Intent::UploadEvidence, OneShotCall::UploadEvidence(handle))
        } else {
            self.intend(Intent::UploadVideo, OneShotCall::UploadVideo(handle))
        })
    }
}

fn unexpected(status: &Status, why: &str) -> Error {
    let word = match status {
        // A word from the network may be anything; only known ones are quoted.
        Status::Other(_) => "a status that is not documented",
        known => known.as_str(),
    };
    Error::new(ErrorCode::UnexpectedStatus, format!("the request is in {word}: {why}"))
}
