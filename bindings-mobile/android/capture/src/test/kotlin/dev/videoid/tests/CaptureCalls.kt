package dev.videoid.tests

import dev.videoid.*
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File

/** The calls of the first tier, by name. */
internal class CaptureCalls(private val sources: Sources) : AutoCloseable {
    private val evidences = mutableMapOf<String, Evidence>()
    private val bundles = mutableMapOf<String, Bundle>()

    /** Makes the call and gives its result as JSON. */
    suspend fun call(name: String, args: JsonObject, saveAs: String?): JsonElement = when (name) {
        "build_evidence" -> {
            val evidence = Evidence.build { collect(args, sources) }
            evidences[saveAs ?: "evidence"] = evidence
            JsonObject(mapOf("report" to parsed(evidence.report.toJson()), "content_length" to JsonPrimitive(evidence.contentLength)))
        }
        "check_evidence" -> parsed(Evidence.check { collect(args, sources) }.toJson())
        "check_video" -> parsed(checkVideo(source(args.getValue("video")), args["limits"]?.let { Limits.fromJson(it.toString()) }).toJson())
        "save_bundle" -> parsed(Bundle.save(place(args), evidence(args.text("evidence")), args["video"]?.let(::source)).toJson())
        "load_bundle" -> {
            val bundle = Bundle.load(place(args))
            bundles[saveAs ?: "bundle"] = bundle
            JsonObject(mapOf("manifest" to parsed(bundle.manifest.toJson())))
        }
        "status_next_steps" -> JsonArray(statusOf(args.text("status")).nextSteps.map(::JsonPrimitive))
        "ways_on" -> JsonArray(statusOf(args.text("status")).waysOn(flow(args)).map { JsonPrimitive(it.toString()) })
        "profiles" -> JsonArray(profiles().map { parsed(it.toJson()) })
        "profile" -> profile(args.text("name"))?.let { parsed(it.toJson()) } ?: JsonNull
        "check_request" -> parsed(checkRequest(NewRequest.fromJson(args.getValue("request").toString()), flow(args)).toJson())
        "parse_webhook" -> parsed(parseWebhook(body(args)).toJson())
        else -> error("not a call of the first tier: $name")
    }

    private fun flow(args: JsonObject): Flow = when (val word = args.text("flow")) {
        "external_videoid" -> Flow.ExternalVideoId
        "eidas_videoid" -> Flow.EidasVideoId
        "classic" -> Flow.Classic
        else -> Flow.Other(word)
    }

    /** With spaces behind it where a length is asked for. */
    private fun body(args: JsonObject): String = args.text("body").padEnd(args["pad_to"]?.jsonPrimitive?.int ?: 0)

    private fun place(args: JsonObject): File = sources.place(args.text("dir"))

    private fun evidence(name: String): Evidence {
        val (thing, part) = name.removePrefix("$").let { it.substringBefore('.') to it.substringAfter('.', "") }
        return if (part == "evidence") bundles.getValue(thing).evidence else evidences.getValue(thing)
    }

    private fun source(value: JsonElement): Source =
        if (value is JsonObject) sources.of(value)
        else checkNotNull(bundles.getValue(value.jsonPrimitive.content.removePrefix("$").removeSuffix(".video")).video)

    override fun close() {
        evidences.values.forEach { it.close() }
        bundles.values.forEach { it.close() }
    }
}
