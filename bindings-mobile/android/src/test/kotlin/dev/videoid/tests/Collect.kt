package dev.videoid.tests

import dev.videoid.Acceptance
import dev.videoid.EvidenceBuilder
import dev.videoid.Limits
import dev.videoid.OcrData
import dev.videoid.SecurityChecks
import dev.videoid.fromJson
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Fills a builder from the arguments of `build_evidence`, which the vectors use too. */
fun EvidenceBuilder.collect(args: JsonObject, sources: Sources) {
    for ((key, value) in args) {
        when (key) {
            "document_front" -> documentFront(sources.of(value.jsonObject))
            "document_rear" -> documentRear(sources.of(value.jsonObject))
            "document_photo" -> documentPhoto(sources.of(value.jsonObject))
            "document_owner" -> documentOwner(sources.of(value.jsonObject))
            "acceptance" -> acceptance(Acceptance.fromJson(value.toString()))
            "ocr_data" -> ocrData(OcrData.fromJson(value.toString()))
            "security_checks" -> securityChecks(SecurityChecks.fromJson(value.toString()))
            "similarity_level" -> value.jsonPrimitive.let { level ->
                level.intOrNull?.takeIf { !level.isString }?.let { similarityLevel(it) } ?: similarityLevel(level.content)
            }
            "extra" -> extra(value.toString())
            "limits" -> limits(Limits.fromJson(value.toString()))
            "strict" -> strict(value.jsonPrimitive.boolean)
            else -> error("unknown argument $key of build_evidence")
        }
    }
}
