import Foundation
import VideoIDNative

extension Library {
    /// Every operation of the clients: its address, whether it may be repeated, and what to look at when its answer is lost.
    public static var operations: [OperationInfo] { VideoIDNative.operations() }

    /// Reads an answer of the service that is at hand as a call of that operation would: for this package's tests against the documented
    /// bodies, and no part of what a program may rely on.
    @_spi(Testing) public static func parseAnswer(operation: String, httpStatus: UInt16, body: Data) throws -> String {
        try native { try VideoIDNative.parseAnswer(operation: operation, httpStatus: httpStatus, body: body) }
    }
}
