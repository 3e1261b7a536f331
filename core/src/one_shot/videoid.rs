//! VideoID: create, evidence, video, and the officer's word.

use std::path::Path;

use serde::Serialize;

use super::{OneShot, named, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Evidence, contact};
use crate::model::{Acknowledgement, CreatedVideoId, DownloadedFile, NewVideoId, OneShotRao, VideoIdHandle};
use crate::options::RequestOptions;
use crate::source::Source;
use crate::transport::multipart;

/// The body of the officer's calls. It borrows the credentials: the only copy is the body itself, which is overwritten.
#[derive(Serialize)]
struct OfficerBody<'a> {
    #[serde(flatten)]
    rao: &'a OneShotRao,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl OneShot {
    /// Creates a VideoID request and consumes a scratchcard. It starts as VIDEOPENDING. Whether the signer identifies at
    /// `videoid_link` (eIDAS) or the evidence is uploaded (External) is the registration authority's setting.
    ///
    /// What neither the call nor the client's settings have of registration authority, billing account and `env` is left out: the
    /// Optimizer may have it. A billing password that looks like Base64 already is warned of, and encoded all the same.
    ///
    /// Not to be repeated blindly: it costs a card and a bill, and the API lists no requests. Where the answer is lost it fails
    /// with `ambiguous`.
    ///
    /// # Errors
    /// `field_missing` or `field_invalid` before anything is sent; `videoid_not_enabled`; `billing_rejected`; `no_scratchcard`;
    /// `fields_rejected` or `bad_request` for what the service does not accept; `unsupported` for `webhook_url` in the dialect
    /// Current; `ambiguous`.
    pub async fn create_videoid(&self, videoid: &NewVideoId, options: &RequestOptions) -> Result<CreatedVideoId> {
        let name = "create_videoid";
        let mut videoid = videoid.clone();
        self.check_videoid(&videoid).map_err(|e| named(e, name))?;
        videoid.registration_authority = self.registration_authority(videoid.registration_authority.as_ref());
        videoid.env = self.env(videoid.env.as_ref());
        (videoid.billing_username, videoid.billing_password) =
            self.billing(name, videoid.billing_username.as_ref(), videoid.billing_password.as_ref());
        let opened = self.opened(self.plan(name)?.json(&videoid)?, options).await?;
        parse::created_videoid(opened.data).map_err(|e| named(e, name))
    }

    /// What a VideoID request needs before anything is sent.
    pub(crate) fn check_videoid(&self, videoid: &NewVideoId) -> Result<()> {
        let name = "create_videoid";
        needed(name, "profile", &videoid.profile)?;
        needed(name, "email", videoid.email.expose())?;
        needed(name, "mobile_phone_number", videoid.mobile_phone_number.expose())?;
        // The documents want the international prefix.
        contact::check_phone("mobile_phone_number", videoid.mobile_phone_number.expose())?;
        if videoid.webhook_url.is_some() && !self.is_legacy() {
            let text = "the dialect current of the One-Shot API takes no webhook_url: the registration authority holds it";
            return Err(named(Error::new(ErrorCode::Unsupported, text), name));
        }
        Ok(())
    }

    /// What evidence lacks, where the settings are strict.
    pub(crate) fn check_evidence(&self, evidence: &Evidence) -> Result<()> {
        match evidence.report().findings.first() {
            Some(finding) if self.config.strict => {
                let error = Error::field(ErrorCode::FieldMissing, finding.field.clone(), finding.rule.clone());
                Err(named(error, "upload_videoid_evidences"))
            }
            _ => Ok(()),
        }
    }

    /// Uploads the data evidence of a request in the External flow: acceptance, images, document data, security checks, similarity.
    /// The images are encoded while they are sent. Evidence and video may come in either order.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `source_unreadable`, `source_changed` where an image changed since it was checked; `field_missing` for what the evidence
    /// lacks, in strict mode; `not_found`; `bad_request`; `invalid_status`; `ambiguous`.
    pub async fn upload_videoid_evidences(
        &self,
        handle: &VideoIdHandle,
        evidence: &Evidence,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let name = "upload_videoid_evidences";
        self.check_evidence(evidence)?;
        let plan = crate::ra::evidence_plan(evidence, self.transport.config()).map_err(|e| named(e, name))?;
        let call = self.plan_videoid(name, handle, options).await?;
        self.acknowledged(call.body(plan), options).await
    }

    /// Uploads the video of a request in the External flow. It is checked first (structure, not content) and sent in pieces.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `source_unreadable`, `source_empty`, `video_unrecognised`, `video_damaged`, `field_invalid` for its size; `source_changed`,
    /// `upload_stalled`; `body_not_repeatable` where a stream would have to be sent again; `not_found`; `invalid_status`; `ambiguous`.
    pub async fn upload_videoid_video(&self, handle: &VideoIdHandle, video: &Source, options: &RequestOptions) -> Result<Acknowledgement> {
        let name = "upload_videoid_video";
        let checked = crate::ra::checked_video(video.clone(), self.transport.config()).await.map_err(|e| named(e, name))?;
        let call = self.plan_videoid(name, handle, options).await?;
        let plan = multipart::file("video", checked.file_name, checked.content_type, video, checked.len);
        self.acknowledged(call.body(plan), options).await
    }

    /// Downloads the video of a request into a file, which is replaced where it exists and gets mode 0600. A half file never has the
    /// name. The dialect Current names no address for it: two are tried.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `answer_truncated`; `file_not_written`.
    pub async fn download_videoid_video(&self, handle: &VideoIdHandle, path: &Path, options: &RequestOptions) -> Result<DownloadedFile> {
        let call = self.plan_videoid("download_videoid_video", handle, options).await?;
        self.saved(self.download_forms(call), path, options).await
    }

    /// Approves a request in VIDEOREVIEW, as an officer: in 1-step mode it is validated and approved at once and becomes ENROLLREADY.
    /// Read the status back: an approval that leaves it short of that is no success.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `field_missing` for incomplete credentials; `token_unknown`; `rao_rejected`; `missing_documents`; `invalid_status`;
    /// `ambiguous`.
    pub async fn approve_oneshot_videoid(
        &self,
        handle: &VideoIdHandle,
        rao: &OneShotRao,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let name = "approve_oneshot_videoid";
        let body = officer(name, rao, None)?;
        let call = self.plan_videoid(name, handle, options).await?;
        self.acknowledged(self.approve_forms(call).json(&body)?, options).await
    }

    /// Refuses the identification of a request in VIDEOREVIEW, with a reason. Which status it has afterwards is not documented: read
    /// it.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `field_missing` without a reason or for incomplete credentials; `token_unknown`; `rao_rejected`; `invalid_status`; `ambiguous`.
    pub async fn refuse_oneshot_videoid(
        &self,
        handle: &VideoIdHandle,
        rao: &OneShotRao,
        reason: &str,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let name = "refuse_oneshot_videoid";
        needed(name, "reason", reason)?;
        let body = officer(name, rao, Some(reason))?;
        let call = self.plan_videoid(name, handle, options).await?;
        self.acknowledged(call.json(&body)?, options).await
    }

    /// Validates the identification of a request in VIDEOREVIEW, the first step of the 2-step mode: it becomes CREATED. The dialect
    /// Legacy only.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `unsupported` in the dialect Current; `field_missing` for incomplete credentials; `token_unknown`; `rao_rejected`; `rejected`
    /// or `invalid_status` before the user has finished; `ambiguous`.
    pub async fn validate_oneshot_videoid(
        &self,
        handle: &VideoIdHandle,
        rao: &OneShotRao,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let name = "validate_oneshot_videoid";
        let body = officer(name, rao, None)?;
        let call = self.plan_videoid(name, handle, options).await?;
        self.acknowledged(call.json(&body)?, options).await
    }
}

/// Credentials as they are sent. Without a token all three are needed; what a token does not hold only the server knows.
fn officer<'a>(name: &'static str, rao: &'a OneShotRao, reason: Option<&'a str>) -> Result<OfficerBody<'a>> {
    if rao.token.as_ref().is_none_or(|token| token.expose().is_empty()) {
        for (field, value) in [("username", &rao.username), ("password", &rao.password), ("pin", &rao.pin)] {
            needed(name, field, value.as_ref().map_or("", |value| value.expose()))?;
        }
    }
    needed(name, "rao", &rao.rao)?;
    Ok(OfficerBody { rao, reason })
}
