package dev.videoid

/** The documented certificate profiles: the fields that each needs, and the values that it takes. */
public fun profiles(): List<Profile> = native { allProfiles() }

/** The documented profile of exactly that name; null for another one, which the service may know all the same. */
public fun profile(name: String): Profile? = native { findProfile(name) }

/**
 * What the documented profile of a request asks for and the request lacks in that flow, and values that the profile does not take. A
 * VideoID request gets its identity from the video, so that is not asked for. Sends nothing; all of it is advice, the service decides.
 *
 * @throws VideoIdException `field_invalid` where `extra` is no JSON object.
 */
public fun checkRequest(request: NewRequest, flow: Flow): RequestReport = native { nativeCheckRequest(request, flow) }
