package dev.videoid

/**
 * Every operation of [RegistrationAuthority] and [OneShot], as `api` says: its address (`legacyRoute`: in the dialect Legacy), whether it may
 * be repeated, and what to look at when its answer is lost.
 */
public val VideoId.operations: List<OperationInfo> get() = native { dev.videoid.operations() }
