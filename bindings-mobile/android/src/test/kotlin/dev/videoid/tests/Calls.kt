package dev.videoid.tests

import dev.videoid.*
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** The calls of scenarios, by name. A call that is not here fails. */
class Calls(private val newClient: () -> RegistrationAuthority, private val sources: Sources) : AutoCloseable {
    private var client: RegistrationAuthority? = null
    private var workflow: ExternalVideoId? = null
    private val evidences = mutableMapOf<String, Evidence>()
    private val bundles = mutableMapOf<String, Bundle>()

    private fun ra() = client ?: newClient().also { client = it }

    private fun flow() = workflow ?: ExternalVideoId(ra()).also { workflow = it }

    /** Makes the call and gives its result as JSON. The operations are in a generated table. */
    suspend fun call(name: String, args: JsonObject, options: RequestOptions, saveAs: String?): JsonElement =
        operation(name, ::ra, Given(args), options) ?: localCall(name, args, options, saveAs)

    /** The arguments of an operation. */
    private inner class Given(private val args: JsonObject) : OperationArguments {
        override fun only(vararg names: String) = check(names.toSet().containsAll(args.keys)) { "unknown arguments: ${args.keys - names.toSet()}" }

        override fun has(name: String) = args[name].let { it != null && it !is JsonNull }

        override fun text(name: String) = args.text(name)

        override fun number(name: String) = args.getValue(name).jsonPrimitive.long

        override fun json(name: String) = args.getValue(name).toString()

        override fun file(name: String) = sources.place(text(name))

        override fun source(name: String) = this@Calls.source(args.getValue(name))

        override fun evidence(name: String) = this@Calls.evidence(args)
    }

    private suspend fun localCall(name: String, args: JsonObject, options: RequestOptions, saveAs: String?): JsonElement = when (name) {
        "new_client" -> JsonNull.also { ra() }
        "build_evidence" -> {
            val evidence = Evidence.build { collect(args, sources) }
            evidences[saveAs ?: "evidence"] = evidence
            evidenceJson(evidence)
        }
        "check_evidence" -> parsed(Evidence.check { collect(args, sources) }.toJson())
        "check_video" -> parsed(checkVideo(source(args.getValue("video")), args["limits"]?.let { Limits.fromJson(it.toString()) }).toJson())
        "save_bundle" -> parsed(Bundle.save(sources.place(args.text("dir")), evidence(args), args["video"]?.let(::source)).toJson())
        "load_bundle" -> {
            val bundle = Bundle.load(sources.place(args.text("dir")))
            bundles[saveAs ?: "bundle"] = bundle
            JsonObject(mapOf("manifest" to parsed(bundle.manifest.toJson())))
        }
        "workflow_submit" -> parsed(flow().submit(newRequest(args), evidence(args), source(args.getValue("video")), options).toJson())
        "workflow_validate" -> parsed(flow().validate(rao(args), options).toJson())
        "workflow_approve" -> parsed(flow().approve(rao(args), options).toJson())
        "workflow_refuse" -> parsed(flow().refuse(rao(args), args.text("reason"), options).toJson())
        "workflow_resume" -> JsonNull.also { resume(args["state"]) }
        "status_next_steps" -> JsonArray(statusOf(args.text("status")).nextSteps.map(::JsonPrimitive))
        else -> error("unknown call $name")
    }

    /** The state goes into a new client and a new workflow, as in another process. */
    private fun resume(state: JsonElement?) {
        val text = if (state == null) flow().state else if (state is JsonPrimitive) state.content else state.toString()
        client = null
        workflow = ExternalVideoId.resume(ra(), text)
    }

    private fun evidenceJson(evidence: Evidence): JsonObject = JsonObject(
        mapOf(
            "report" to parsed(evidence.report.toJson()),
            "content_length" to JsonPrimitive(evidence.contentLength),
        ),
    )

    private fun newRequest(args: JsonObject) = NewRequest.fromJson(args.getValue("request").toString())

    private fun rao(args: JsonObject) = RaoCredentials.fromJson(args.getValue("rao").toString())

    private fun evidence(args: JsonObject): Evidence {
        val name = args.text("evidence").removePrefix("$")
        val bundle = name.removeSuffix(".evidence")
        return if (bundle != name) bundles.getValue(bundle).evidence else evidences[name] ?: error("no evidence was saved as $name")
    }

    private fun source(spec: JsonElement): Source =
        if (spec is JsonPrimitive) bundles.getValue(spec.content.removePrefix("$").removeSuffix(".video")).video ?: error("the bundle has no video")
        else sources.of(spec.jsonObject)

    override fun close() {
        workflow?.close()
        evidences.values.forEach { it.close() }
        bundles.values.forEach { it.close() }
    }
}

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
