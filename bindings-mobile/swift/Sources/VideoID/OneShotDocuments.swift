import Foundation
import VideoIDNative

// The documents of a request, their signature, and the images for visible ones.
extension OneShot {
    /// Uploads documents to be signed: one to ten, each a PDF or the JSON of a digest, `Source(data: Data(try hash.json().utf8))` of a
    /// ``DocumentHash``; their bytes say which. Each must be such that can be read again: no stream. Where the answer is lost the error is
    /// `ambiguous`: list the documents.
    public func uploadDocuments(
        _ requestPk: RequestPk, documents: [Source], options: RequestOptions = RequestOptions()
    ) async throws -> UploadedDocuments {
        try await calling(options) { options in
            let documents = try documents.map { try $0.forReading() }
            return try await self.native.uploadDocuments(requestPk: requestPk, documents: documents, options: options)
        }
    }

    /// The documents of a request. Safe to repeat.
    public func listDocuments(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> OneShotDocuments {
        try await calling(options) { try await self.native.listDocuments(requestPk: requestPk, options: $0) }
    }

    /// Downloads a document, as it was uploaded or signed, into a file with mode 0600, which is replaced where it exists; a half file never has
    /// the name. `not_found` also before it is signed. Safe to repeat.
    @discardableResult
    public func getDocument(
        _ requestPk: RequestPk, documentUid: DocumentUid, version: DocumentVersion, to file: URL, options: RequestOptions = RequestOptions()
    ) async throws -> DownloadedFile {
        try await calling(options) {
            try await self.native.getDocument(requestPk: requestPk, documentUid: documentUid, version: version, path: file.path, options: $0)
        }
    }

    /// Deletes a document from the Optimizer, which never does so by itself. In Legacy `version` says which one; in Current all that there is of
    /// it. Where the answer is lost the error is `ambiguous`: list the documents.
    @discardableResult
    public func deleteDocument(
        _ requestPk: RequestPk, documentUid: DocumentUid, version: DocumentVersion, options: RequestOptions = RequestOptions()
    ) async throws -> Acknowledgement {
        try await calling(options) {
            try await self.native.deleteDocument(requestPk: requestPk, documentUid: documentUid, version: version, options: $0)
        }
    }

    /// Deletes all documents of a request from the Optimizer. Where the answer is lost the error is `ambiguous`: list the documents.
    @discardableResult
    public func deleteDocuments(_ requestPk: RequestPk, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.deleteDocuments(requestPk: requestPk, options: $0) }
    }

    /// Downloads the service contract of a request into a file: a PDF that the signer must see before signing. Safe to repeat.
    @discardableResult
    public func getContract(
        _ requestPk: RequestPk, to file: URL, options: RequestOptions = RequestOptions()
    ) async throws -> DownloadedFile {
        try await calling(options) { try await self.native.getContract(requestPk: requestPk, path: file.path, options: $0) }
    }

    /// Sends the signer a one-time password: by SMS, or as `deliveryMethod` says. Not needed with an external unlock.
    ///
    /// Never repeated: each call sends a message, and an earlier password may become void. At most one a minute: the answer says from when on
    /// another one can be asked for, and the error `otp_too_soon` has `retryAfter`.
    public func generateOtp(
        _ requestPk: RequestPk, deliveryMethod: OtpDelivery? = nil, options: RequestOptions = RequestOptions()
    ) async throws -> Otp {
        try await calling(options) { try await self.native.generateOtp(requestPk: requestPk, deliveryMethod: deliveryMethod, options: $0) }
    }

    /// Signs all documents of a request, with the one-time password or an external unlock. It becomes ISSUED. `placements`, `useSignatureText`
    /// and `countersignature` are words of the dialect Legacy; in Current they are sent as they are given, and the hooks are warned.
    ///
    /// Never repeated: a second call with the same password fails, and which documents the first one signed is seen by reading the request.
    @discardableResult
    public func sign(_ requestPk: RequestPk, signing: Signing, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.sign(requestPk: requestPk, signing: signing, options: $0) }
    }

    /// Uploads an image for visible signatures: a PNG, which is checked first; no stream. Where the answer is lost the error is `ambiguous`: list
    /// the images.
    public func uploadImage(_ image: Source, options: RequestOptions = RequestOptions()) async throws -> UploadedImage {
        try await calling(options) { options in try await self.native.uploadImage(image: try image.forReading(), options: options) }
    }

    /// Downloads a signature image into a file with mode 0600, which is replaced where it exists. Safe to repeat.
    @discardableResult
    public func getImage(_ imageUid: ImageUid, to file: URL, options: RequestOptions = RequestOptions()) async throws -> DownloadedFile {
        try await calling(options) { try await self.native.getImage(imageUid: imageUid, path: file.path, options: $0) }
    }

    /// The uids of all signature images. Safe to repeat.
    public func listImages(options: RequestOptions = RequestOptions()) async throws -> ImageList {
        try await calling(options) { try await self.native.listImages(options: $0) }
    }

    /// Deletes a signature image. Where the answer is lost the error is `ambiguous`: list the images.
    @discardableResult
    public func deleteImage(_ imageUid: ImageUid, options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.deleteImage(imageUid: imageUid, options: $0) }
    }

    /// Deletes all signature images of the Optimizer, whoever uploaded them. Where the answer is lost the error is `ambiguous`: list the images.
    @discardableResult
    public func deleteImages(options: RequestOptions = RequestOptions()) async throws -> Acknowledgement {
        try await calling(options) { try await self.native.deleteImages(options: $0) }
    }
}
