import Foundation
import VideoIDNative

// Requests, and their identification by VideoID.
extension OneShot {
    /// Creates a classic request with images of the identity document, and approves it in the same call: it starts as ENROLLREADY, with
    /// `useasync` a while later. The images are JPEG or PNG, are checked first and must be such that can be read again; a passport has no rear.
    ///
    /// Not to be repeated blindly: it costs a card and a bill, and the API lists no requests. Where the answer is lost the error is `ambiguous`.
    public func createOneshotRequest(
        _ request: NewOneShotRequest, documentFront: Source, documentRear: Source? = nil, documentOwner: Source, extraDocument: Source? = nil,
        options: RequestOptions = RequestOptions()
    ) async throws -> CreatedRequest {
        try await calling(options) { options in
            try await self.native.createOneshotRequest(
                request: request, documentFront: try documentFront.forReading(), documentRear: try documentRear?.forReading(),
                documentOwner: try documentOwner.forReading(), extraDocument: try extraDocument?.forReading(), options: options)
        }
    }

    /// Reads a request. Images in the answer are skipped. Safe to repeat.
    public func getOneshotRequest(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> Request {
        try await calling(options) { try await self.native.getOneshotRequest(requestPk: requestPk, options: $0) }
    }

    /// Changes the data of a request. The service wants its card, registration authority, profile, e-mail and country each time; what is left out
    /// of the first three is read from the request. Where the answer is lost the error is `ambiguous`: read the request.
    @discardableResult
    public func updateOneshotRequest(
        _ requestPk: RequestPk, update: RequestUpdate, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.updateOneshotRequest(requestPk: requestPk, update: update, options: $0) }
    }

    /// Cancels a request that is not issued yet, and removes what the Optimizer holds of it. The scratchcard stays consumed. Where the answer is
    /// lost the error is `ambiguous`: read the request.
    @discardableResult
    public func cancelOneshotRequest(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.cancelOneshotRequest(requestPk: requestPk, options: $0) }
    }

    /// How far a request has come that was created with `useasync`. Safe to repeat.
    public func getAsyncStatus(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> AsyncStatus {
        try await calling(options) { try await self.native.getAsyncStatus(requestPk: requestPk, options: $0) }
    }

    /// Creates a VideoID request and consumes a scratchcard. Whether the signer identifies at `videoidLink` (eIDAS) or the evidence is uploaded
    /// (External) is the registration authority's setting. What neither the call nor the client's settings have of registration authority,
    /// billing account and `env` is left out: the Optimizer may have it.
    ///
    /// Not to be repeated blindly: it costs a card and a bill, and the API lists no requests. Where the answer is lost the error is `ambiguous`.
    public func createVideoid(_ videoid: NewVideoId, options: RequestOptions = RequestOptions()) async throws -> CreatedVideoId {
        try await calling(options) { try await self.native.createVideoid(videoid: videoid, options: $0) }
    }

    /// Uploads the evidence of a request in the External flow, streamed. Evidence and video may come in either order. Where the answer is lost
    /// the error is `ambiguous`: read the request.
    ///
    /// - Parameter handle: as create gave it; a `videoidPk` that is missing and needed is read from the request.
    @discardableResult
    public func uploadVideoidEvidences(
        _ handle: VideoIdHandle, evidence: Evidence, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.uploadVideoidEvidences(handle: handle, evidence: evidence.native, options: $0) }
    }

    /// Uploads the video of a request in the External flow, streamed. Where the answer is lost the error is `ambiguous`: read the request.
    @discardableResult
    public func uploadVideoidVideo(
        _ handle: VideoIdHandle, video: Source, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { options in
            try await video.sending { try await self.native.uploadVideoidVideo(handle: handle, video: $0, options: options) }
        }
    }

    /// Downloads the video of a request into a file with mode 0600, which is replaced where it exists; a half file never has the name. Safe to
    /// repeat.
    @discardableResult
    public func downloadVideoidVideo(
        _ handle: VideoIdHandle, to file: URL, options: RequestOptions = RequestOptions()
    ) async throws -> DownloadedFile {
        try await calling(options) { try await self.native.downloadVideoidVideo(handle: handle, path: file.path, options: $0) }
    }

    /// An officer approves a request in VIDEOREVIEW: in 1-step mode it is validated and approved at once and becomes ENROLLREADY. Read the
    /// request afterwards: an approval that leaves it short of that is no success. Where the answer is lost the error is `ambiguous`.
    @discardableResult
    public func approveOneshotVideoid(
        _ handle: VideoIdHandle, rao: OneShotRao, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.approveOneshotVideoid(handle: handle, rao: rao, options: $0) }
    }

    /// An officer refuses the identification of a request in VIDEOREVIEW, with a reason. Which status it has afterwards is not documented: read
    /// it. Where the answer is lost the error is `ambiguous`.
    @discardableResult
    public func refuseOneshotVideoid(
        _ handle: VideoIdHandle, rao: OneShotRao, reason: String, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.refuseOneshotVideoid(handle: handle, rao: rao, reason: reason, options: $0) }
    }

    /// An officer validates the identification of a request in VIDEOREVIEW, the first step of the 2-step mode: it becomes CREATED. In the dialect
    /// Legacy only; `unsupported` in Current. Where the answer is lost the error is `ambiguous`: read the request.
    @discardableResult
    public func validateOneshotVideoid(
        _ handle: VideoIdHandle, rao: OneShotRao, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.validateOneshotVideoid(handle: handle, rao: rao, options: $0) }
    }
}
