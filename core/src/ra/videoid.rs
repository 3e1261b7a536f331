//! External VideoID: evidence up, video up and down.

use std::path::Path;

use super::{RegistrationAuthority, needed, parse};
use crate::config::{AcceptanceDate, RaConfig, VideoFormat, VideoIdentifierFrom, VideoPkKind};
use crate::error::{Error, ErrorCode, Result};
use crate::evidence::{Evidence, Part, check_video, check_video_length};
use crate::model::{Acknowledgement, DownloadedFile, Request, RequestPk, VideoIdentifier, VideoPk};
use crate::options::RequestOptions;
use crate::source::Source;
use crate::transport::body::{Piece, Plan};
use crate::transport::{Answer, Call, multipart};

impl RegistrationAuthority {
    /// Uploads the data evidence of a request: acceptance, images, document data, security checks, similarity. The images are
    /// encoded while they are sent.
    ///
    /// Which id the service takes here is not documented, so the setting `video_pk` has no default. The request is read first, and
    /// its VideoID must belong to it: evidence must never reach another person's request.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request. Evidence and video may come in either order.
    ///
    /// # Errors
    /// `video_pk_unset`; `source_unreadable`, `source_changed` where an image changed since it was checked; `invalid_status`;
    /// `rejected`; `ambiguous`.
    pub async fn upload_evidence(&self, request_pk: RequestPk, evidence: &Evidence, options: &RequestOptions) -> Result<Acknowledgement> {
        let named = |e: Error| e.with_operation("upload_evidence");
        let video_pk = self.video_pk(request_pk, options).await.map_err(named)?;
        let call = Call::new("upload_evidence").path(video_pk).body(evidence_plan(evidence, self.config())?);
        parse::acknowledgement(self.json(call, options).await?).map_err(named)
    }

    /// The id that the evidence upload takes, checked against the request as the service shows it.
    async fn video_pk(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<VideoPk> {
        let Some(kind @ (VideoPkKind::RequestPk | VideoPkKind::VideoIdPk)) = &self.config().video_pk else {
            return Err(Error::new(
                ErrorCode::VideoPkUnset,
                "the setting video_pk says which id the evidence upload takes, request_pk or videoid_pk; the documents leave it open: ask the vendor, then set it",
            ));
        };
        // Progress belongs to the upload, not to this look.
        let mut look = options.clone();
        look.progress = None;
        let request = self.get_request(request_pk, None, &look).await?;
        let data = request.videoid_data.as_ref();
        if data.is_some_and(|data| !data.requests.is_empty() && !data.requests.contains(&request_pk)) {
            return Err(Error::new(
                ErrorCode::UnexpectedAnswer,
                "the VideoID that the service shows does not belong to the request; nothing was uploaded",
            ));
        }
        if data.is_none_or(|data| data.requests.is_empty()) {
            self.warn("upload_evidence", "the service does not show which requests the VideoID belongs to; it could not be checked");
        }
        if *kind == VideoPkKind::RequestPk {
            return Ok(VideoPk(request_pk.0));
        }
        let pk = data.and_then(|data| data.pk).ok_or_else(|| {
            Error::new(
                ErrorCode::UnexpectedAnswer,
                "the service does not show the key of the VideoID, which video_pk = videoid_pk needs; nothing was uploaded",
            )
        })?;
        Ok(VideoPk(pk.0))
    }

    /// The identifier that the video upload of a request takes, by `assumptions.video_identifier_from`; `None` where the service
    /// does not show it.
    pub(crate) fn video_identifier(&self, request: &Request) -> Option<VideoIdentifier> {
        match self.config().assumptions.video_identifier_from {
            VideoIdentifierFrom::RequestPk => Some(VideoIdentifier(request.pk.to_string())),
            _ => request.videoid_data.as_ref().and_then(|data| data.video_identifier.clone()),
        }
    }

    /// Uploads the video, an MP4, to the host for videos. It is checked first (structure, not content) and sent in pieces. With
    /// `assumptions.video_format` set to `any` only its length is checked.
    ///
    /// Where the answer is lost it fails with `ambiguous`: read the request.
    ///
    /// # Errors
    /// `source_unreadable`, `source_empty`, `video_unrecognised`, `video_damaged`, `field_invalid` for its size;
    /// `source_changed`, `upload_stalled`; `body_not_repeatable` where a stream would have to be sent again; `ambiguous`.
    pub async fn upload_video(
        &self,
        video_identifier: &VideoIdentifier,
        video: &Source,
        options: &RequestOptions,
    ) -> Result<Acknowledgement> {
        let named = |e: Error| e.with_operation("upload_video");
        needed("video_identifier", video_identifier.as_str()).map_err(named)?;
        let checked = checked_video(video.clone(), self.config()).await.map_err(named)?;
        let plan = multipart::file("video", checked.file_name, checked.content_type, video, checked.len);
        let call = Call::new("upload_video").path(video_identifier).body(plan);
        parse::acknowledgement(self.json(call, options).await?).map_err(named)
    }

    /// Downloads the video of a request into a file, which is replaced where it exists and gets mode 0600. A half file never has the
    /// name.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// `not_found`; `answer_truncated`; `file_not_written`.
    pub async fn download_video(
        &self,
        video_identifier: &VideoIdentifier,
        path: &Path,
        options: &RequestOptions,
    ) -> Result<DownloadedFile> {
        needed("video_identifier", video_identifier.as_str()).map_err(|e| e.with_operation("download_video"))?;
        let mut call = Call::new("download_video").path(video_identifier);
        call.file = Some(path.to_owned());
        match self.transport.call(call, options).await? {
            Answer::File(file) => Ok(file),
            Answer::Json(_) => Err(Error::new(ErrorCode::Internal, "JSON came where a file was asked for")),
        }
    }
}

/// The body of an evidence upload; both APIs take the same.
pub(crate) fn evidence_plan(evidence: &Evidence, config: &RaConfig) -> Result<Plan> {
    let parts = match config.assumptions.acceptance_date {
        AcceptanceDate::Text => evidence.parts_with_date_as_text()?,
        _ => evidence.parts(),
    };
    let pieces = parts
        .into_iter()
        .map(|part| match part {
            Part::Literal(bytes) => Piece::Literal(bytes),
            Part::Image { source, len, .. } => Piece::Base64 { source, len },
        })
        .collect();
    Ok(Plan::new("application/json", pieces))
}

/// A video that was looked at, as it goes into the upload.
pub(crate) struct CheckedVideo {
    pub(crate) len: u64,
    pub(crate) file_name: &'static str,
    pub(crate) content_type: &'static str,
}

/// Looks at a video as the settings say. Reading files blocks, so it happens on a thread for that.
pub(crate) async fn checked_video(video: Source, config: &RaConfig) -> Result<CheckedVideo> {
    let (limits, format) = (config.limits.clone(), config.assumptions.video_format.clone());
    let look = move || {
        let len = check_video_length(&video, &limits)?;
        let mp4 = match (check_video(&video, &limits), format) {
            (Err(_), VideoFormat::Any) => false,
            (Ok(info), VideoFormat::Any) => info.checked,
            (outcome, _) => outcome.map(|_| true)?,
        };
        // The real name of the file may hold a person's.
        let (file_name, content_type) = if mp4 { ("video.mp4", "video/mp4") } else { ("video", "application/octet-stream") };
        Ok(CheckedVideo { len, file_name, content_type })
    };
    tokio::task::spawn_blocking(look)
        .await
        .map_err(|_| Error::new(ErrorCode::Internal, "the check of the video panicked or was stopped"))?
}
