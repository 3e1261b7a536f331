import VideoIDNative

/// The documented certificate profiles: the fields that each needs, and the values that it takes.
public func profiles() -> [Profile] { allProfiles() }

/// The documented profile of exactly that name; `nil` for another one, which the service may know all the same.
public func profile(_ name: String) -> Profile? { findProfile(name: name) }

/// What the documented profile of a request asks for and the request lacks in that flow, and values that the profile does not take. A
/// VideoID request gets its identity from the video, so that is not asked for. Sends nothing; all of it is advice, the service decides.
///
/// - Throws: ``VideoIDError`` with `field_invalid` where `extra` is no JSON object.
public func checkRequest(_ request: NewRequest, flow: Flow) throws -> RequestReport {
    try native { try VideoIDNative.checkRequest(request: request, flow: flow) }
}
