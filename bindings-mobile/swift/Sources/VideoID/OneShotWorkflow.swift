import Foundation
import VideoIDNative

/// A request of the One-Shot API on its way from the identification to the signed document: what ``OneShotEidas`` and ``OneShotExternal``,
/// which bring it to the officer, have in common.
///
/// After an officer's ``approve(_:options:)`` come ``documents(_:options:)``, ``contract(to:options:)`` and ``contractShown()``,
/// ``otp(_:options:)``, ``sign(_:options:)`` and ``save(to:options:)``; `waitsFor` of each outcome says what comes next. Steps of one workflow run
/// one after the other, from however many tasks they are called. After an error the same step may be called again: it looks at the service
/// first, and does nothing twice. To go on in another process keep ``state``.
// A class that is inherited from cannot be checked; what it holds is constant, and the native half may be used from any thread.
public class OneShotWorkflow: @unchecked Sendable, CustomStringConvertible {
    let native: OneShotFlow

    /// A new native workflow of one of the library's own flows.
    init(_ flow: Flow, _ client: OneShot, _ onEvent: WorkflowListener?, _ store: StateStore?) {
        do {
            native = try OneShotFlow(
                client: client.native, flow: flow, store: store.map(StoreBridge.init), events: onEvent.map(EventBridge.init))
        } catch {
            // It fails for a flow that the API does not have, and no caller of this gives one.
            fatalError("the library does not know its own flow")
        }
    }

    /// A native workflow from its state.
    init(_ flow: Flow, resuming state: String, _ client: OneShot, _ onEvent: WorkflowListener?, _ store: StateStore?) throws {
        native = try VideoID.native {
            try OneShotFlow.resume(
                client: client.native, flow: flow, state: state, store: store.map(StoreBridge.init), events: onEvent.map(EventBridge.init))
        }
    }

    /// The state as JSON: what `init(resuming:with:onEvent:store:)` of the same flow takes, in any language of this library. It holds ids, step and
    /// digests; no secrets, no link, no evidence and no documents.
    public final var state: String { native.state() }

    /// Reads the request and says where it stands. Safe to repeat.
    ///
    /// - Throws: ``VideoIDError`` of the call; `workflow_step` before the request exists.
    public final func look(options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { try await self.native.look(options: $0) }
    }

    /// Goes on with a request that was found after the answer of the create call was lost.
    ///
    /// - Throws: ``VideoIDError`` with `workflow_step` where the workflow has a request already.
    public final func adopt(_ handle: VideoIdHandle) async throws {
        try await calling(RequestOptions()) { _ in try await self.native.adopt(handle: handle) }
    }

    /// Says that the create call whose answer was lost was not carried out, as the registration authority knows: the next step creates the
    /// request.
    ///
    /// - Throws: ``VideoIDError`` with `workflow_step` where no such call is open.
    public final func createAnew() async throws {
        try await calling(RequestOptions()) { _ in try await self.native.createAnew() }
    }

    /// An officer validates: the first step of the 2-step mode, in the dialect Legacy.
    ///
    /// - Throws: ``VideoIDError`` with `unsupported` in Current; those of the calls; `unexpected_status`.
    public final func validate(_ rao: OneShotRao, options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { try await self.native.validate(rao: rao, options: $0) }
    }

    /// An officer approves; the status is read back. An approval that leaves the request short of ENROLLREADY is no error but an outcome with
    /// `approved` false. Nothing is sent where it is ENROLLREADY already.
    ///
    /// - Throws: ``VideoIDError`` of the calls; `unexpected_status` where an officer cannot decide yet, and after a refusal.
    public final func approve(_ rao: OneShotRao, options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { try await self.native.approve(rao: rao, options: $0) }
    }

    /// An officer refuses, with a reason; the status is read back.
    ///
    /// - Throws: ``VideoIDError`` with `field_missing` without a reason; those of the calls; `unexpected_status`.
    public final func refuse(_ rao: OneShotRao, reason: String, options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { try await self.native.refuse(rao: rao, reason: reason, options: $0) }
    }

    /// Uploads the documents to be signed, one to ten, once. Called again with the same ones it looks what has arrived. Each must be such that
    /// can be read again: no stream.
    ///
    /// - Throws: ``VideoIDError`` of ``OneShot/uploadDocuments(_:documents:options:)``; `field_invalid` for others than those of the state;
    ///   `unexpected_status` before the approval.
    @discardableResult
    public final func documents(_ documents: [Source], options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { options in
            let documents = try documents.map { try $0.forReading() }
            return try await self.native.documents(documents: documents, options: options)
        }
    }

    /// Downloads the service contract into a file, to be shown to the signer; then call ``contractShown()``. Safe to repeat.
    ///
    /// - Throws: ``VideoIDError`` of the call; `unexpected_status` before the approval.
    @discardableResult
    public final func contract(to file: URL, options: RequestOptions = RequestOptions()) async throws -> DownloadedFile {
        try await calling(options) { try await self.native.contract(path: file.path, options: $0) }
    }

    /// Keeps that the signer has seen the contract. Nothing is signed before.
    ///
    /// - Throws: ``VideoIDError`` with `workflow_step` before ``contract(to:options:)``.
    public final func contractShown() async throws {
        try await calling(RequestOptions()) { _ in try await self.native.contractShown() }
    }

    /// Sends the signer a one-time password: by SMS, or as given. Not needed with an external unlock.
    ///
    /// - Throws: ``VideoIDError`` with `otp_too_soon`; those of the call; `unexpected_status` before the approval and after the signature.
    @discardableResult
    public final func otp(_ deliveryMethod: OtpDelivery? = nil, options: RequestOptions = RequestOptions()) async throws -> Otp {
        try await calling(options) { try await self.native.otp(deliveryMethod: deliveryMethod, options: $0) }
    }

    /// Signs all documents, with the one-time password or an external unlock; the status is read back. Where the answer of an earlier call was
    /// lost and the request is ISSUED, nothing is sent. After a signature that was taken and did not come, the next call waits for it; the one
    /// after that, and one after a new one-time password, signs again.
    ///
    /// - Throws: ``VideoIDError`` with `workflow_step` before documents are uploaded and the contract was shown; `otp_invalid`; those of the call.
    @discardableResult
    public final func sign(_ signing: Signing, options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { try await self.native.sign(signing: signing, options: $0) }
    }

    /// Saves each signed document into the folder, which must exist: `signed.pdf`, or `signed-1.pdf` and so on in the order of the upload. Each
    /// is synced to disk and looked at: it parses, its signature covers it, the digest matches; whom to trust is the caller's decision. What is
    /// whole already there is not downloaded again, and another file that has the name is never replaced.
    ///
    /// - Throws: ``VideoIDError`` with `signed_document_invalid`; `file_not_written`, also where another file has the name; those of the call;
    ///   `unexpected_status` before the signature.
    @discardableResult
    public final func save(to folder: URL, options: RequestOptions = RequestOptions()) async throws -> SavedDocuments {
        try await calling(options) { try await self.native.save(folder: folder.path, options: $0) }
    }

    /// Deletes all documents of the request from the Optimizer, which never does so by itself: only where each signed document is in the folder
    /// as ``save(to:options:)`` left it, and the request lists no other ones.
    ///
    /// - Throws: ``VideoIDError`` with `workflow_step` before they are saved, and where there are others; `signed_document_invalid`, `source_unreadable` where one is not there
    ///   any more; those of the call.
    @discardableResult
    public final func delete(savedIn folder: URL, options: RequestOptions = RequestOptions()) async throws -> OneShotOutcome {
        try await calling(options) { try await self.native.delete(folder: folder.path, options: $0) }
    }

    /// Cancels the request. Its scratchcard stays consumed, and this workflow is at its end. What is issued is not cancelled: its documents would
    /// go with it.
    ///
    /// - Throws: ``VideoIDError`` of the call; `workflow_step` before there is a request; `unexpected_status` once it is issued, and where the
    ///   service took the cancellation and does not show it.
    public final func cancel(options: RequestOptions = RequestOptions()) async throws {
        try await calling(options) { try await self.native.cancel(options: $0) }
    }

    public final var description: String { String(describing: type(of: self)) }
}
