package dev.videoid

/** Every operation of the clients: its address, whether it may be repeated, and what to look at when its answer is lost. */
public val VideoId.operations: List<OperationInfo> get() = native { dev.videoid.operations() }
