package dev.videoid

import kotlinx.coroutines.CancellationException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** The kind of trouble, for code that decides by a `when` of a few arms. */
public enum class ErrorCategory(
    /** The name that all languages of this library use. */
    public val word: String,
) {
    /** The client is not set up so that the call could be made. */
    CONFIG("config"),

    /** What was given breaks a rule; nothing was sent. */
    VALIDATION("validation"),

    /** The network, TLS or a time limit. */
    TRANSPORT("transport"),

    /** The service answered, and the answer is not the one asked for. */
    API("api"),

    /** The answer was lost, and what was asked for may have been done: look before repeating. */
    AMBIGUOUS("ambiguous"),

    /** The caller cancelled by other means than its coroutine. */
    CANCELLED("cancelled"),

    /** A defect of this library. */
    INTERNAL("internal"),
}

/** What may have happened on the wire when a call failed. */
public enum class Wire(
    /** The name that all languages of this library use. */
    public val word: String,
) {
    /** Nothing that the service could act on was sent. */
    NOT_SENT("not_sent"),

    /** The request may have been processed; no answer says so. */
    MAY_BE_PROCESSED("may_be_processed"),

    /** The service answered. */
    ANSWERED("answered"),
}

/**
 * The one exception of this library. [message] and [toString] are one line for people, without personal data.
 *
 * Decide by [category], or by [code] where more detail is needed; new codes may come with any version. A coroutine that is
 * cancelled gets its own [CancellationException], as everywhere in Kotlin, not this one.
 */
public class VideoIdException internal constructor(
    message: String,
    /** What went wrong, as a stable name, for example `scratchcard_invalid`. The glossary of codes says what to do. */
    public val code: String,
    /** The category of the code. */
    public val category: ErrorCategory,
    /** The operation that failed, in snake_case as in the documentation, where one was called. */
    public val operation: String? = null,
    /** What may have happened on the wire. */
    public val wire: Wire = Wire.NOT_SENT,
    /** Whether the same call may be repeated as it is, without looking first and without doing anything twice. */
    public val retryable: Boolean = false,
    /** HTTP status of the answer, where there was one. */
    public val httpStatus: Int? = null,
    /** The service's own code, which often differs from the HTTP status. */
    public val serverCode: String? = null,
    /** The service's reference of the error, to be quoted to its support. */
    public val serverId: String? = null,
    /** What the service wrote. It may repeat what was sent: show it to a person, do not log it. Not part of [message]. */
    public val serverText: String? = null,
    /** How long the service asks to wait before the next call. */
    public val retryAfter: Duration? = null,
    /** The id that the hooks gave for the same call. */
    public val correlationId: String? = null,
    /** The fields that break a rule, and which rule; never the value. */
    public val fields: List<FieldIssue> = emptyList(),
    cause: Throwable? = null,
) : Exception(message, cause) {
    /** Whether the error has this code. */
    public fun isCode(code: String): Boolean = this.code == code
}

private fun NativeVideoIdException.toOwn(): VideoIdException = when (this) {
    is NativeVideoIdException.Failed -> VideoIdException(
        message = text,
        code = code,
        category = ErrorCategory.entries.firstOrNull { it.word == category } ?: ErrorCategory.INTERNAL,
        operation = operation,
        wire = Wire.entries.firstOrNull { it.word == wire } ?: Wire.MAY_BE_PROCESSED,
        retryable = retryable,
        httpStatus = httpStatus,
        serverCode = serverCode,
        serverId = serverId,
        serverText = serverText?.value,
        retryAfter = retryAfterMs?.milliseconds,
        correlationId = correlationId,
        fields = fields,
    )
}

/** The library's own exception for one of the native code; others, a cancellation for example, as they are. */
internal fun own(failure: Throwable): Throwable = when (failure) {
    is NativeVideoIdException -> failure.toOwn()
    // A panic. Its text may hold anything, so only the fact is passed on.
    is InternalException -> VideoIdException(
        "internal: a defect of this library ended the call; please report it",
        "internal",
        ErrorCategory.INTERNAL,
        wire = Wire.MAY_BE_PROCESSED,
    )
    else -> failure
}

/** Runs native code and turns its exceptions into the library's own. */
internal inline fun <T> native(body: () -> T): T =
    try {
        body()
    } catch (e: Exception) {
        throw own(e)
    }
