//! What the steps of the workflow give.

use serde::{Deserialize, Serialize};

use crate::model::{CardSecrets, Declaration, Document, RequestPk, ScratchcardSn, Status, VideoIdPk, VideoIdentifier};

/// A request whose evidence has been uploaded.
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
    /// Its status as the service showed it last: VIDEOREVIEW once an officer can validate.
    pub status: Status,
    /// What is to be noticed, without personal data.
    #[serde(default)]
    pub warnings: Vec<String>,
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
