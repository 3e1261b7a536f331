package dev.videoid.tests

import dev.videoid.VideoIdException
import kotlinx.coroutines.CancellationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** An exception as scenarios and vectors write it; null where it is none of the library's. */
fun errorJson(failure: Throwable): JsonObject? = when (failure) {
    is VideoIdException -> JsonObject(
        buildMap {
            put("code", JsonPrimitive(failure.code))
            put("category", JsonPrimitive(failure.category.word))
            put("wire", JsonPrimitive(failure.wire.word))
            put("retryable", JsonPrimitive(failure.retryable))
            failure.httpStatus?.let { put("http_status", JsonPrimitive(it)) }
            failure.serverCode?.let { put("server_code", JsonPrimitive(it)) }
            failure.serverId?.let { put("server_id", JsonPrimitive(it)) }
            failure.serverText?.let { put("server_text", JsonPrimitive(it)) }
            failure.retryAfter?.let { put("retry_after_ms", JsonPrimitive(it.inWholeMilliseconds)) }
            failure.operation?.let { put("operation", JsonPrimitive(it)) }
            put("fields", JsonArray(failure.fields.map { JsonPrimitive(it.field) }))
        },
    )
    // Kotlin's own way to say that a call was cancelled.
    is CancellationException -> JsonObject(mapOf("code" to JsonPrimitive("cancelled"), "category" to JsonPrimitive("cancelled")))
    else -> null
}

internal fun parsed(json: String): JsonElement = Json.parseToJsonElement(json)
