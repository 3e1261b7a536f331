//! What the machine of the One-Shot workflows keeps: ids, steps and digests; no secrets, no evidence, no link.

use serde::{Deserialize, Serialize};

use super::machine::{OneShotCall, OneShotGoal};
use super::outcome::OneShotWait;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{DocumentUid, Flow, Request, Status, VideoIdHandle, VideoIdPk};

/// The version of the state's format.
const FORMAT: u32 = 1;

/// A document to be signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DocumentState {
    /// SHA-256 of what is uploaded, in lower-case hex.
    pub sha256: String,
    /// The digest that is signed, in Base64, where a digest is uploaded in place of a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_digest: Option<String>,
    /// Its uid, once it is uploaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<DocumentUid>,
    /// SHA-256 of the signed document that was saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_sha256: Option<String>,
}

impl DocumentState {
    /// A document that is to be uploaded.
    pub fn new(sha256: impl Into<String>, message_digest: Option<String>) -> Self {
        Self { sha256: sha256.into(), message_digest, ..Self::default() }
    }
}

/// What the machine needs of a request as the service shows it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OneShotSeen {
    /// Its status.
    pub status: Status,
    /// The key of its VideoID.
    pub videoid_pk: Option<VideoIdPk>,
    /// The status of its VideoID.
    pub videoid_status: Option<String>,
    /// Whether the service shows evidence.
    pub shows_evidence: bool,
}

impl From<&Request> for OneShotSeen {
    fn from(request: &Request) -> Self {
        let data = request.videoid_data.as_ref();
        Self {
            status: request.status.clone(),
            videoid_pk: data.and_then(|data| data.pk),
            videoid_status: data.and_then(|data| data.status.clone()),
            shows_evidence: data.and_then(|data| data.data.as_ref()).is_some_and(|contents| !contents.images.is_empty()),
        }
    }
}

/// A call that changes something and whose outcome is not known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Intent {
    Create,
    UploadEvidence,
    UploadVideo,
    Validate,
    Approve,
    Refuse,
    UploadDocuments,
    SendOtp,
    Sign,
    Delete,
    Cancel,
}

/// One workflow of the One-Shot API, without I/O: [`advance`](Self::advance) takes an event and says what is to be done next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OneShotMachine {
    pub(super) format: u32,
    /// `external_videoid` or `eidas_videoid`. Another word than the RA's workflows write, so that states cannot be mixed up.
    pub(super) one_shot_flow: Flow,
    pub(super) handle: Option<VideoIdHandle>,
    pub(super) status: Option<Status>,
    pub(super) videoid_status: Option<String>,
    pub(super) video_first: bool,
    pub(super) evidence_uploaded: bool,
    pub(super) video_uploaded: bool,
    pub(super) evidence_sha256: Option<String>,
    pub(super) video_sha256: Option<String>,
    pub(super) documents: Vec<DocumentState>,
    /// The documents that the request had before ours were uploaded.
    pub(super) before: Vec<DocumentUid>,
    pub(super) contract_sha256: Option<String>,
    pub(super) contract_shown: bool,
    pub(super) otp_sent: bool,
    pub(super) deleted: bool,
    pub(super) gone: bool,
    /// Documents were sent and what arrived is not known yet. It outlasts what other steps intend.
    #[serde(default)]
    pub(super) documents_open: bool,
    /// Other evidence or video replaces what failed: both pieces have to be taken before an officer decides.
    #[serde(default)]
    pub(super) replaced: bool,
    /// Both pieces were uploaded and the service stayed in VIDEOINCOMPLETE: the next submission may bring others.
    #[serde(default)]
    pub(super) stuck: bool,
    /// A signature was taken; a second one is not sent because the status is slow to follow.
    #[serde(default)]
    pub(super) sign_taken: bool,
    pub(super) intent: Option<Intent>,
    /// Not part of the state: after an interruption the intent says to look first.
    #[serde(skip)]
    pub(super) goal: Option<OneShotGoal>,
    #[serde(skip)]
    pub(super) after_persist: Option<OneShotCall>,
    /// Whether the call of the goal was made in this run: it is made once.
    #[serde(skip)]
    pub(super) made: bool,
    /// Whether the list of documents of this run was seen.
    #[serde(skip)]
    pub(super) listed: bool,
}

impl OneShotMachine {
    /// A workflow that has not begun: External or eIDAS. `video_first` is the order of the two uploads.
    pub fn new(flow: Flow, video_first: bool) -> Self {
        Self {
            format: FORMAT,
            one_shot_flow: flow,
            handle: None,
            status: None,
            videoid_status: None,
            video_first,
            evidence_uploaded: false,
            video_uploaded: false,
            evidence_sha256: None,
            video_sha256: None,
            documents: Vec::new(),
            before: Vec::new(),
            contract_sha256: None,
            contract_shown: false,
            otp_sent: false,
            deleted: false,
            gone: false,
            documents_open: false,
            replaced: false,
            stuck: false,
            sign_taken: false,
            intent: None,
            goal: None,
            after_persist: None,
            made: false,
            listed: false,
        }
    }

    /// A workflow from the state that was kept.
    ///
    /// # Errors
    /// `format_unsupported` for a newer format; `field_invalid` for what is no state of this flow.
    pub fn from_json(text: &str, flow: &Flow) -> Result<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let invalid = || Error::field(ErrorCode::FieldInvalid, "state", "the JSON that state() of this workflow gave");
        let Format { format } = serde_json::from_str(text).map_err(|_| invalid())?;
        if format > FORMAT {
            return Err(Error::new(ErrorCode::FormatUnsupported, "the workflow's state is of a newer format than this version reads"));
        }
        let machine: Self = serde_json::from_str(text).map_err(|_| invalid())?;
        if machine.one_shot_flow == *flow { Ok(machine) } else { Err(invalid()) }
    }

    /// The state as JSON.
    ///
    /// # Panics
    /// Never: the state holds nothing that JSON cannot.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("ids, words and digests are JSON")
    }

    /// Both keys of the request, once it is created.
    pub fn handle(&self) -> Option<VideoIdHandle> {
        self.handle
    }

    /// The status that the service showed last.
    pub fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    /// The status of the VideoID that the service showed last.
    pub fn videoid_status(&self) -> Option<&str> {
        self.videoid_status.as_deref()
    }

    /// The documents, in the order of the upload.
    pub fn documents(&self) -> &[DocumentState] {
        &self.documents
    }

    /// Whether the service shows the request as approved.
    pub fn is_approved(&self) -> bool {
        matches!(self.status, Some(Status::EnrollReady | Status::Issued | Status::Renewed))
    }

    /// Whether a piece of an earlier submission would be decided on, because its replacement was not taken yet.
    pub(super) fn is_mixture(&self) -> bool {
        self.replaced && !(self.evidence_uploaded && self.video_uploaded)
    }

    /// For whom or what the workflow waits.
    pub fn waits_for(&self) -> OneShotWait {
        if self.gone || self.videoid_status.as_deref() == Some("REFUSED") || self.deleted {
            return OneShotWait::Nothing;
        }
        match &self.status {
            None | Some(Status::VideoPending | Status::VideoIncomplete | Status::VideoError) => OneShotWait::User,
            Some(Status::VideoReview | Status::Created) => OneShotWait::Review,
            Some(Status::EnrollReady) if self.documents.iter().any(|d| d.uid.is_none()) || self.documents.is_empty() => {
                OneShotWait::Documents
            }
            Some(Status::EnrollReady) if !self.contract_shown => OneShotWait::ContractShown,
            Some(Status::EnrollReady) if self.sign_taken => OneShotWait::Saving,
            Some(Status::EnrollReady) => OneShotWait::Otp,
            Some(Status::Issued) if self.documents.iter().any(|d| d.signed_sha256.is_none()) => OneShotWait::Saving,
            Some(_) => OneShotWait::Nothing,
        }
    }

    /// Goes on with a request that was found after the answer of the create call was lost.
    ///
    /// # Errors
    /// `workflow_step` where the workflow has a request already.
    pub fn adopt(&mut self, handle: VideoIdHandle) -> Result<()> {
        if self.handle.is_some() {
            return Err(Error::new(ErrorCode::WorkflowStep, "the workflow has a request already"));
        }
        self.handle = Some(handle);
        self.intent = None;
        Ok(())
    }

    /// Says that the create call whose answer was lost was not carried out, as whoever asked the registration authority knows: the
    /// next run creates the request.
    ///
    /// # Errors
    /// `workflow_step` where no such call is open.
    pub fn create_anew(&mut self) -> Result<()> {
        if self.handle.is_some() || self.intent != Some(Intent::Create) {
            return Err(Error::new(ErrorCode::WorkflowStep, "no create call is open"));
        }
        self.intent = None;
        Ok(())
    }

    /// Binds the workflow to evidence and video by their digests; on later runs they must be the same. After VIDEOERROR, and where
    /// both were uploaded and the service stays in VIDEOINCOMPLETE, others may be brought: both are uploaded anew then.
    ///
    /// # Errors
    /// `field_invalid` where it began with others.
    pub fn bind(&mut self, evidence_sha256: String, video_sha256: Option<String>) -> Result<()> {
        let differs = |known: &Option<String>, new: &Option<String>| matches!((known, new), (Some(known), Some(new)) if known != new);
        let takes_others = match self.status {
            Some(Status::VideoError) => true,
            Some(Status::VideoIncomplete) => self.stuck,
            _ => false,
        };
        let evidence_sha256 = Some(evidence_sha256);
        let other_evidence = differs(&self.evidence_sha256, &evidence_sha256);
        // A video that can be read only once cannot be compared: after a failure it may be another one.
        let unknown_video = takes_others && (video_sha256.is_none() || self.video_sha256.is_none());
        if other_evidence || unknown_video || differs(&self.video_sha256, &video_sha256) {
            if !takes_others {
                let field = if other_evidence { "evidence" } else { "video" };
                return Err(Error::field(ErrorCode::FieldInvalid, field, "the same as when the workflow began"));
            }
            self.upload_again();
            self.replaced = true;
        }
        self.evidence_sha256 = evidence_sha256;
        self.video_sha256 = if unknown_video { video_sha256 } else { video_sha256.or(self.video_sha256.take()) };
        Ok(())
    }

    /// Takes back that the pieces were uploaded, so that both are sent again.
    pub fn upload_again(&mut self) {
        (self.evidence_uploaded, self.video_uploaded) = (false, false);
    }

    /// Says that both pieces were uploaded and the service stays in VIDEOINCOMPLETE: it misses a piece that it took before.
    pub fn is_stuck(&mut self) {
        self.stuck = true;
        self.upload_again();
    }

    /// Says that a signature which was taken did not come in the time that one waits for it: the next run may sign again.
    pub fn sign_again(&mut self) {
        self.sign_taken = false;
    }

    /// How many documents the request had before those of this workflow: a signature signs them too.
    pub fn foreign_documents(&self) -> usize {
        self.before.len()
    }

    /// Binds the workflow to the documents that are to be signed. Those that were refused are replaced.
    ///
    /// # Errors
    /// `field_invalid` where it was bound to others.
    pub fn bind_documents(&mut self, documents: Vec<DocumentState>) -> Result<()> {
        let same = |known: &DocumentState, new: &DocumentState| known.sha256 == new.sha256;
        if !self.documents_open && self.documents.iter().all(|known| known.uid.is_none()) {
            self.documents = documents;
        } else if self.documents.len() != documents.len() || self.documents.iter().zip(&documents).any(|(known, new)| !same(known, new)) {
            return Err(Error::field(ErrorCode::FieldInvalid, "documents", "the documents that the workflow uploads already"));
        }
        Ok(())
    }

    /// Takes back that a signed document is on disk, so that the next [`Saved`](super::OneShotGoal::Saved) fetches it again. Nothing
    /// changes once the documents are deleted from the service, for then there is no second one.
    pub fn save_again(&mut self, uid: &DocumentUid) {
        if !self.deleted
            && let Some(own) = self.documents.iter_mut().find(|own| own.uid.as_ref() == Some(uid))
        {
            own.signed_sha256 = None;
        }
    }

    /// Keeps that the signer was shown the contract that was downloaded.
    ///
    /// # Errors
    /// `workflow_step` before the contract was downloaded.
    pub fn contract_was_shown(&mut self) -> Result<()> {
        if self.contract_sha256.is_none() {
            return Err(Error::new(ErrorCode::WorkflowStep, "the contract was not downloaded yet"));
        }
        self.contract_shown = true;
        Ok(())
    }
}
