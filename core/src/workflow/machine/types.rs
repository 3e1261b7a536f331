//! What goes into the machine and what comes out of it.

use serde::{Deserialize, Serialize};

use crate::model::{DocumentPk, Request, RequestPk, ScratchcardSn, Status, VideoIdPk, VideoIdentifier};

/// What the caller wants to have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Goal {
    /// External: evidence and video are there; an officer can validate.
    Review,
    /// External: the officer has validated; declaration and contract are at hand where an approval follows.
    Validated,
    /// The request is ENROLLREADY.
    Approved,
    /// External: the identification is refused.
    Refused,
    /// eIDAS: the request is there, and the user has the link.
    Started,
    /// eIDAS: the user is done on the vendor's page, well or badly.
    UserDone,
    /// eIDAS: the vendor's operator has validated or refused.
    OperatorDone,
    /// eIDAS: the data is updated and the evidence documents are there.
    Completed,
    /// Classic: the request is there with its documents.
    Submitted,
    /// eIDAS and classic: declaration and contract are at hand.
    Papers,
    /// The request is cancelled and forgotten.
    Cancelled,
}

/// What the machine is told.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The caller wants to reach a goal; also after an interruption.
    Begin(Goal),
    /// The state was kept, as [`Action::Persist`] asked.
    Persisted,
    /// An unused card was named.
    Card(ScratchcardSn),
    /// The card of the create call is used or unknown: somebody else was faster.
    CardRefused,
    /// The request as the service shows it.
    Request(Seen),
    /// No request of ours has the card.
    NoRequest,
    /// The evidence was taken.
    EvidenceUploaded,
    /// The video was taken.
    VideoUploaded,
    /// The officer's validation was taken.
    Validated,
    /// Declaration and contract were read.
    PapersRead,
    /// The officer's approval was taken.
    Approved,
    /// The officer's refusal was taken.
    Refused,
    /// The update of the data was taken.
    Updated,
    /// The documents of the request as the service lists them.
    Documents(Vec<SeenDocument>),
    /// The document was taken, and this is its key.
    DocumentUploaded(DocumentPk),
    /// The cancellation was taken.
    Cancelled,
    /// A wait is over: look again.
    Waited,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Keep [`Machine::to_json`](super::Machine::to_json) before anything else, then say [`Event::Persisted`].
    Persist,
    /// Make this call.
    Call(CallKind),
    /// The service, the user or the operator has not moved on yet: wait a little, then say [`Event::Waited`].
    Wait,
    /// The goal is reached.
    Done,
}

/// The calls that the machine asks for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallKind {
    /// Ask for an unused card.
    TakeCard,
    /// Look whether the create call whose answer was lost was carried out: list the requests of the card.
    FindByCard(ScratchcardSn),
    /// Create the request with this card.
    Create(ScratchcardSn),
    /// Read the request.
    Read(RequestPk),
    /// Upload the evidence.
    UploadEvidence(RequestPk),
    /// Upload the video.
    UploadVideo(VideoIdentifier),
    /// Validate with the officer's credentials.
    Validate(RequestPk),
    /// Read declaration and contract.
    ReadPapers(RequestPk),
    /// Approve with the officer's credentials.
    Approve(RequestPk),
    /// Refuse with the officer's credentials and a reason.
    Refuse(RequestPk),
    /// Update the data.
    Update(RequestPk),
    /// List the documents of the request.
    ListDocuments(RequestPk),
    /// Upload the document at this place of [`Inputs::documents`].
    UploadDocument(RequestPk, usize),
    /// Cancel the request.
    Cancel(RequestPk),
}

/// What the machine needs of a request as the service shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Seen {
    /// The request.
    pub pk: RequestPk,
    /// Its status.
    pub status: Status,
    /// The key of its VideoID.
    pub videoid_pk: Option<VideoIdPk>,
    /// The identifier of its video.
    pub video_identifier: Option<VideoIdentifier>,
    /// Whether the service shows evidence.
    pub shows_evidence: bool,
    /// The status of its VideoID.
    pub videoid_status: Option<String>,
    /// Whether the service shows all that the update of this run sets.
    #[serde(default)]
    pub shows_update: bool,
}

impl From<&Request> for Seen {
    fn from(request: &Request) -> Self {
        let data = request.videoid_data.as_ref();
        let contents = data.and_then(|d| d.data.as_ref());
        Self {
            pk: request.pk,
            status: request.status.clone(),
            videoid_pk: data.and_then(|d| d.pk),
            video_identifier: data.and_then(|d| d.video_identifier.clone()),
            shows_evidence: contents.is_some_and(|c| !c.images.is_empty()),
            videoid_status: data.and_then(|d| d.status.clone()),
            shows_update: false,
        }
    }
}

/// What the machine needs of a document that the service lists.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenDocument {
    /// The document.
    pub pk: DocumentPk,
    /// The service's word for what it is.
    pub kind: String,
    /// SHA-256 of its content, where the service shows it.
    pub content_sha256: Option<String>,
}

impl SeenDocument {
    /// A document of a list.
    pub fn new(pk: DocumentPk, kind: impl Into<String>, content_sha256: Option<String>) -> Self {
        Self { pk, kind: kind.into(), content_sha256 }
    }
}

/// A document that the caller wants uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WantedDocument {
    /// SHA-256 of its kind, label and content: what tells it from the others, and what the state keeps.
    pub sha256: String,
    /// SHA-256 of its content alone; none for one that can be read only once.
    pub content_sha256: Option<String>,
    /// The words by which the service may list it.
    pub kinds: Vec<String>,
}

impl WantedDocument {
    /// A document to be uploaded.
    pub fn new(sha256: impl Into<String>, content_sha256: Option<String>, kinds: Vec<String>) -> Self {
        Self { sha256: sha256.into(), content_sha256, kinds }
    }

    /// Whether a listed document can be this one.
    pub(super) fn is(&self, listed: &SeenDocument) -> bool {
        self.kinds.contains(&listed.kind)
            && match (&self.content_sha256, &listed.content_sha256) {
                (Some(own), Some(other)) => own == other,
                _ => true,
            }
    }
}

/// What a run brings along, by its digests. Not part of the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inputs {
    /// SHA-256 of the update of the data, where there is one.
    pub update_sha256: Option<String>,
    /// The documents, in their order.
    pub documents: Vec<WantedDocument>,
}

impl Inputs {
    /// What a run brings along.
    pub fn new(update_sha256: Option<String>, documents: Vec<WantedDocument>) -> Self {
        Self { update_sha256, documents }
    }
}

/// What no document says and the machine has to decide: from the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rules {
    /// External: VIDEOINCOMPLETE after an upload is a failure, not a step on the way.
    pub incomplete_is_failure: bool,
    /// External: the video goes first.
    pub video_first: bool,
    /// Declaration and contract may be read again by another run.
    pub papers_again: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self { incomplete_is_failure: false, video_first: false, papers_again: true }
    }
}

impl Rules {
    /// With VIDEOINCOMPLETE as a failure.
    pub fn incomplete_is_failure(mut self, failure: bool) -> Self {
        self.incomplete_is_failure = failure;
        self
    }

    /// With the video first.
    pub fn video_first(mut self, first: bool) -> Self {
        self.video_first = first;
        self
    }

    /// With papers that are read once or again.
    pub fn papers_again(mut self, again: bool) -> Self {
        self.papers_again = again;
        self
    }
}
