package dev.videoid

/** The operations that the documents allow next, in snake_case. Advice, not a rule: the server decides. Empty for an unknown status. */
public val Status.nextSteps: List<String> get() = native { statusNextSteps(this) }

/** Whether nothing more is to be done by the registration authority. */
public val Status.isFinal: Boolean get() = native { statusIsFinal(this) }

/**
 * What can be done for a request of that flow that stands in this status and does not go ahead, the least costly first. Advice, not a
 * rule. Empty where nothing is to be done, and for an unknown status.
 */
public fun Status.waysOn(flow: Flow): List<WayOn> = native { statusWaysOn(this, flow) }

/** The status of that word of the service; a word that this version does not know is kept. */
public fun statusOf(word: String): Status = native { statusFromWord(word) }

/** About the library itself. */
public object VideoId {
    /** Its version. */
    public val version: String get() = native { dev.videoid.version() }

    /** Every error code of this version, with its category and meaning. */
    public val errorCodes: List<ErrorCodeInfo> get() = native { dev.videoid.errorCodes() }
}
