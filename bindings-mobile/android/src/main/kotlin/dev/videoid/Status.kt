package dev.videoid

/** The operations that the documents allow next, in snake_case. Advice, not a rule: the server decides. Empty for an unknown status. */
public val Status.nextSteps: List<String> get() = native { statusNextSteps(this) }

/** Whether nothing more is to be done by the registration authority. */
public val Status.isFinal: Boolean get() = native { statusIsFinal(this) }

/** The status of that word of the service; a word that this version does not know is kept. */
public fun statusOf(word: String): Status = native { statusFromWord(word) }

/** About the library itself. */
public object VideoId {
    /** Its version. */
    public val version: String get() = native { dev.videoid.version() }

    /** The names of all operations, in snake_case. */
    public val operations: List<String> get() = native { dev.videoid.operations() }

    /** Every error code of this version, with its category and meaning. */
    public val errorCodes: List<ErrorCodeInfo> get() = native { dev.videoid.errorCodes() }
}
