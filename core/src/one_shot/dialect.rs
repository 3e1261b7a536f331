//! What the two dialects do differently: routes, ids in paths, and how a wrong setting is noticed.

use super::failure::UNKNOWN_ADDRESS;
use super::{OneShot, named};
use crate::config::{ApproveForm, Dialect, SignedDocumentForm, VideoDownloadForm};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::{DocumentUid, DocumentVersion, RequestPk, VideoIdHandle, VideoIdPk};
use crate::operations::Host;
use crate::options::RequestOptions;
use crate::transport::{Address, Call};

impl OneShot {
    pub(super) fn is_legacy(&self) -> bool {
        self.config.dialect == Dialect::Legacy
    }

    /// A call with its route in the dialect that is set.
    ///
    /// # Errors
    /// `unsupported` where that has no such call.
    pub(super) fn plan(&self, name: &'static str) -> Result<Call> {
        let mut call = Call::new(name);
        if self.is_legacy() {
            call.route = call.operation.legacy_route;
        }
        if call.route.unwrap_or(call.operation.route).is_empty() {
            let text = format!("the dialect {} of the One-Shot API has no such call", self.config.dialect.as_str());
            return Err(named(Error::new(ErrorCode::Unsupported, text), name));
        }
        Ok(call)
    }

    /// A VideoID call with the id that the dialect has in its path: Legacy the request's, Current the VideoID's own.
    pub(super) async fn plan_videoid(&self, name: &'static str, handle: &VideoIdHandle, options: &RequestOptions) -> Result<Call> {
        let call = self.plan(name)?;
        if self.is_legacy() {
            return Ok(call.path(handle.request_pk));
        }
        let pk = match handle.videoid_pk {
            Some(pk) => pk,
            None => self.read_videoid_pk(handle.request_pk, options).await.map_err(|e| named(e, name))?,
        };
        Ok(call.path(pk))
    }

    /// The handle with both keys: what is missing is read from the request, and never guessed.
    ///
    /// Safe to repeat.
    ///
    /// # Errors
    /// Those of `get_oneshot_request`; `unexpected_answer` where the request does not show its VideoID.
    pub async fn complete_handle(&self, handle: &VideoIdHandle, options: &RequestOptions) -> Result<VideoIdHandle> {
        let videoid_pk = match handle.videoid_pk {
            Some(pk) => pk,
            None => self.read_videoid_pk(handle.request_pk, options).await?,
        };
        Ok(VideoIdHandle::new(handle.request_pk, videoid_pk))
    }

    async fn read_videoid_pk(&self, request_pk: RequestPk, options: &RequestOptions) -> Result<VideoIdPk> {
        // Progress belongs to the upload, not to this look.
        let mut look = options.clone();
        look.progress = None;
        let request = self.get_oneshot_request(request_pk, &look).await?;
        let unexpected = |text: &'static str| Error::new(ErrorCode::UnexpectedAnswer, text).with_wire(Wire::NotSent);
        let data = request.videoid_data.ok_or_else(|| unexpected("the request that was read has no VideoID; nothing else was sent"))?;
        if !data.requests.is_empty() && !data.requests.contains(&request_pk) {
            return Err(unexpected("the VideoID that the service shows does not belong to the request; nothing else was sent"));
        }
        data.pk.ok_or_else(|| unexpected("the service does not show the key of the VideoID, which the call needs; nothing else was sent"))
    }

    /// Legacy's approval has two documented addresses.
    pub(super) fn approve_forms(&self, mut call: Call) -> Call {
        if self.is_legacy() {
            let (singular, plural) = ("/request/{request_pk}/approve", "/requests/{request_pk}/approve");
            let first = self.config.assumptions.approve_form != ApproveForm::Plural;
            let (first, second) = if first { (singular, plural) } else { (plural, singular) };
            call.route = Some(first);
            call.other = Some(Address { route: second, path: call.path.clone(), query: Vec::new() });
        }
        call
    }

    /// Current names no address for the video's way back.
    pub(super) fn download_forms(&self, mut call: Call) -> Call {
        if !self.is_legacy() {
            let (own, older) = ("/videoid/{videoid_pk}/video", "/videoid/{videoid_pk}/download/video");
            let first = self.config.assumptions.video_download_form != VideoDownloadForm::DownloadVideo;
            let (first, second) = if first { (own, older) } else { (older, own) };
            call.route = Some(first);
            call.other = Some(Address { route: second, path: call.path.clone(), query: Vec::new() });
        }
        call
    }

    /// A document of a request: in Legacy the version stands in the path, in Current the documents contradict one another.
    pub(super) fn plan_document(&self, request_pk: RequestPk, uid: &DocumentUid, version: &DocumentVersion) -> Result<Call> {
        let mut call = self.plan("get_document")?;
        let with_version = vec![request_pk.to_string(), version.as_str().to_owned(), uid.to_string()];
        if self.is_legacy() {
            call.path = with_version;
            return Ok(call);
        }
        // The word is optional there, and an original is what is given without it.
        let query = match version {
            DocumentVersion::Original => Vec::new(),
            other => vec![("document_type", other.as_str().to_owned())],
        };
        let by_query =
            Address { route: "/document/{request_pk}/{document_uid}", path: vec![request_pk.to_string(), uid.to_string()], query };
        let by_path = Address { route: "/document/{request_pk}/{version}/{document_uid}", path: with_version, query: Vec::new() };
        let first = self.config.assumptions.signed_document_form != SignedDocumentForm::Path;
        let (first, second) = if first { (by_query, by_path) } else { (by_path, by_query) };
        (call.route, call.path, call.query) = (Some(first.route), first.path, first.query);
        call.other = Some(second);
        Ok(call)
    }

    /// A server that does not know an address at all may speak the other dialect: asked once, by a call that only reads.
    pub(super) async fn explain(&self, error: Error, options: &RequestOptions) -> Error {
        if error.code() != ErrorCode::NotFound || error.detail() != UNKNOWN_ADDRESS {
            return error;
        }
        let mut look = RequestOptions::new().timeout(crate::config::Timeout::After(std::time::Duration::from_secs(5)));
        look.cancel.clone_from(&options.cancel);
        let mut hello = Call::new("hello");
        // Whatever it says: the server knows the address.
        let known = |outcome: Result<_>| match outcome {
            Ok(_) => Some(true),
            Err(error) if error.code() == ErrorCode::NotFound => Some(false),
            Err(_) => None,
        };
        let own = known(self.transport.call(hello.clone(), &look).await);
        if own != Some(false) {
            return error;
        }
        hello.host = Some(Host::Upload);
        let other = known(self.transport.call(hello, &look).await);
        let (set, another) = (self.config.dialect.as_str(), self.config.dialect.another());
        let text = match other {
            Some(true) => {
                format!("the server does not answer in the dialect {set} and seems to speak {}: set dialect to it", another.as_str())
            }
            Some(false) => {
                format!("the server answers neither in the dialect {set} nor in {}: compare base_url and prefix", another.as_str())
            }
            None => return error,
        };
        let http_status = error.http_status().unwrap_or(404);
        Error::new(ErrorCode::WrongDialect, text).with_wire(Wire::Answered).with_http_status(http_status).with_source(error)
    }
}
