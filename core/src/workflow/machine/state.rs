//! What is kept of a workflow: ids, words, digests.

use serde::{Deserialize, Serialize};

use super::types::{CallKind, Goal, Inputs, Rules};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{DocumentPk, Flow, RequestPk, ScratchcardSn, Status, VideoIdPk, VideoIdentifier};

/// The version of the state's format.
const FORMAT: u32 = 1;

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
    Update,
    UploadDocument,
    Cancel,
}

/// What follows once the state is kept. Not part of the state: after an interruption the intent says to look first.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    Call(CallKind),
    Read,
    Decide,
    Done,
}

/// A document that the service took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Uploaded {
    pub(super) sha256: String,
    pub(super) pk: DocumentPk,
}

/// The workflow of one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    pub(super) format: u32,
    /// The states of the first version have no such word.
    #[serde(default)]
    pub(super) flow: Flow,
    pub(super) goal: Option<Goal>,
    pub(super) scratchcard: Option<ScratchcardSn>,
    pub(super) cards_lost: u32,
    pub(super) request_pk: Option<RequestPk>,
    pub(super) videoid_pk: Option<VideoIdPk>,
    pub(super) video_identifier: Option<VideoIdentifier>,
    pub(super) status: Option<Status>,
    pub(super) videoid_status: Option<String>,
    pub(super) evidence_uploaded: bool,
    pub(super) video_uploaded: bool,
    pub(super) validated: bool,
    pub(super) papers_read: bool,
    /// An approval was taken; a second one is not sent because the status is slow to follow.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) approved: bool,
    /// The create call that is under way follows another one with the same card whose answer was lost.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) create_again: bool,
    /// Both pieces were uploaded and the service stayed in VIDEOINCOMPLETE: the next submission may bring others.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) stuck: bool,
    /// The service may hold the evidence of an earlier submission, which was replaced by another one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) evidence_outdated: bool,
    /// The same of the video.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) video_outdated: bool,
    pub(super) intent: Option<Intent>,
    pub(super) evidence_sha256: Option<String>,
    pub(super) video_sha256: Option<String>,
    /// The update of the data that the service took or shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) update_sha256: Option<String>,
    /// The documents that the service took.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) documents: Vec<Uploaded>,
    /// The document whose upload is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) document_pending: Option<String>,
    /// The documents that the service listed before the first upload: none of them is ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) documents_before: Vec<DocumentPk>,

    #[serde(skip)]
    pub(super) next: Option<Next>,
    #[serde(skip)]
    pub(super) rules: Rules,
    #[serde(skip)]
    pub(super) inputs: Inputs,
    /// Whether papers were read in this run: they are not kept, so another run reads them again.
    #[serde(skip)]
    pub(super) papers_at_hand: bool,
    /// Whether the next look at the request is the first one of this run.
    #[serde(skip)]
    pub(super) first_look: bool,
    /// Whether the card is looked up a second time, because the repeated create call was refused.
    #[serde(skip)]
    pub(super) second_search: bool,
    /// Whether the documents were listed in this run.
    #[serde(skip)]
    pub(super) documents_listed: bool,
    /// Whether the service shows all that the update of this run sets.
    #[serde(skip)]
    pub(super) shows_update: bool,
    /// Whether a cancellation was taken in this run.
    #[serde(skip)]
    pub(super) cancel_accepted: bool,
    /// The request that was cancelled in this run.
    #[serde(skip)]
    pub(super) left: Option<(RequestPk, Status)>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Default for Machine {
    fn default() -> Self {
        Self::new()
    }
}

impl Machine {
    /// An External VideoID workflow that has not begun.
    pub fn new() -> Self {
        Self::of(Flow::ExternalVideoId)
    }

    /// A workflow of a flow that has not begun.
    pub fn of(flow: Flow) -> Self {
        Self {
            format: FORMAT,
            flow,
            goal: None,
            scratchcard: None,
            cards_lost: 0,
            request_pk: None,
            videoid_pk: None,
            video_identifier: None,
            status: None,
            videoid_status: None,
            evidence_uploaded: false,
            video_uploaded: false,
            validated: false,
            papers_read: false,
            approved: false,
            create_again: false,
            stuck: false,
            evidence_outdated: false,
            video_outdated: false,
            intent: None,
            evidence_sha256: None,
            video_sha256: None,
            update_sha256: None,
            documents: Vec::new(),
            document_pending: None,
            documents_before: Vec::new(),
            next: None,
            rules: Rules::default(),
            inputs: Inputs::default(),
            papers_at_hand: false,
            first_look: false,
            second_search: false,
            documents_listed: false,
            shows_update: false,
            cancel_accepted: false,
            left: None,
        }
    }

    /// A workflow from the state that was kept. A state without a flow is of External VideoID.
    ///
    /// # Errors
    /// `format_unsupported` for a newer format; `field_invalid` for what is no state.
    pub fn from_json(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let invalid = || Error::field(ErrorCode::FieldInvalid, "state", "the JSON that state() gave");
        let newer = || Error::new(ErrorCode::FormatUnsupported, "the workflow's state is of a newer format than this version reads");
        let Format { format } = serde_json::from_str(text).map_err(|_| invalid())?;
        if format > FORMAT {
            return Err(newer());
        }
        let machine: Self = serde_json::from_str(text).map_err(|_| invalid())?;
        if let Flow::Other(_) = machine.flow { Err(newer()) } else { Ok(machine) }
    }

    /// The state as JSON.
    ///
    /// # Panics
    /// Never: the state holds nothing that JSON cannot.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("ids, words and digests are JSON")
    }

    /// Back to the beginning, for another card and another request.
    pub(super) fn forget(&mut self) {
        let fresh = Self::of(self.flow.clone());
        *self = Self { goal: self.goal, rules: self.rules, ..fresh };
    }
}
