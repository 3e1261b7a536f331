//! What the steps of the workflow give.

use serde::{Deserialize, Serialize};

use crate::model::{CardSecrets, Declaration, Document, DocumentType, RequestPk, ScratchcardSn, Status, VideoIdPk, VideoIdentifier, WayOn};
use crate::secret::SensitiveString;
use crate::source::Source;

/// A request that the first steps have brought to the officer: its evidence, or in the classic flow its documents, are uploaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Submission {
    /// The request.
    pub request_pk: RequestPk,
    /// The card that it consumed.
    pub scratchcard: ScratchcardSn,
    /// The key of its VideoID object, where the service shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_pk: Option<VideoIdPk>,
    /// The identifier of its video, where the service shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video_identifier: Option<VideoIdentifier>,
    /// Its status as the service showed it last: VIDEOREVIEW once an officer can validate, in the classic flow CREATED.
    pub status: Status,
    /// What is to be noticed, without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// A request of the eIDAS flow that waits for its user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Started {
    /// The request.
    pub request_pk: RequestPk,
    /// The card that it consumed.
    pub scratchcard: ScratchcardSn,
    /// The key of its VideoID object, where the service shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_pk: Option<VideoIdPk>,
    /// Where the user identifies, where the service shows it; it mails the link to the user as well. Whoever has it can use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_link: Option<SensitiveString>,
    /// Its status as the service showed it last: VIDEOPENDING until the user has identified.
    pub status: Status,
    /// What is to be noticed, without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// How far a request has come, and what is open where it does not go ahead by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Progressed {
    /// The request.
    pub request_pk: RequestPk,
    /// Its status as the service showed it last.
    pub status: Status,
    /// The status of its VideoID: `REFUSED` after a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_status: Option<String>,
    /// Where the user identifies, where the service shows it. Whoever has it can use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_link: Option<SensitiveString>,
    /// What can be done for a request that has not come through, the least costly first. Advice, not a rule.
    #[serde(default)]
    pub ways_on: Vec<WayOn>,
    /// What is to be noticed, without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// How long a step waits, and how often it looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WaitLimits {
    /// How long to wait at most, in milliseconds from the call on. Needed: no wait is without an end.
    pub deadline_ms: i64,
    /// The pause after the first look, in milliseconds; each further one is half as long again, up to `max_poll_ms`. Default: 2000.
    pub poll_ms: i64,
    /// The longest pause, in milliseconds; where it is below `poll_ms` that counts. Default: 60000.
    pub max_poll_ms: i64,
}

impl Default for WaitLimits {
    fn default() -> Self {
        Self { deadline_ms: 0, poll_ms: 2000, max_poll_ms: 60_000 }
    }
}

impl WaitLimits {
    /// A deadline in milliseconds, with the default pauses.
    pub fn new(deadline_ms: i64) -> Self {
        Self { deadline_ms, ..Self::default() }
    }
}

/// A document that proves what the video of an eIDAS request does not, the power to represent for example.
#[derive(Clone)]
pub struct EvidenceDocument {
    /// What it is, in the customer's words: the service shows it to who approves.
    pub label: String,
    /// The file.
    pub document: Source,
}

impl std::fmt::Debug for EvidenceDocument {
    /// Without the label: a free text may name the person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EvidenceDocument").field("document", &self.document).finish_non_exhaustive()
    }
}

impl EvidenceDocument {
    /// A document with its label.
    pub fn new(label: impl Into<String>, document: impl Into<Source>) -> Self {
        Self { label: label.into(), document: document.into() }
    }
}

/// A document of a classic request: a side of the identity document, the holder with it, or a further one.
#[derive(Debug, Clone)]
pub struct ClassicDocument {
    /// Which document it is.
    pub document_type: DocumentType,
    /// The file.
    pub document: Source,
}

impl ClassicDocument {
    /// A document with its type.
    pub fn new(document_type: DocumentType, document: impl Into<Source>) -> Self {
        Self { document_type, document: document.into() }
    }
}

/// Where a request stands after an officer's step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OfficerOutcome {
    /// The request.
    pub request_pk: RequestPk,
    /// Its status as the service showed it last: ENROLLREADY once it is approved.
    pub status: Status,
    /// The status of its VideoID: `REFUSED` after a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub videoid_status: Option<String>,
    /// The secrets of the certificate, where the step gave them. They cannot be had again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<CardSecrets>,
    /// What the officer declares by approving, while the approval is still to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<Declaration>,
    /// The contract as PDF, while the approval is still to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Document>,
    /// What is to be noticed, without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What the workflow tells while it runs. Nothing personal is in it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WorkflowEvent {
    /// `step` (a call begins), `status` (the service showed another status) or `warning`.
    pub kind: String,
    /// Name of the operation, for `step`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The status, for `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The request, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_pk: Option<RequestPk>,
    /// The remark, for `warning`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}
