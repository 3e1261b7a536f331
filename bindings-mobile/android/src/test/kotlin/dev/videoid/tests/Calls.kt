package dev.videoid.tests

import dev.videoid.*
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.int
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The calls of scenarios, by name. A call that is not here fails, and so does an argument that a call does not take. */
class Calls(
    private val newClient: () -> RegistrationAuthority,
    private val identity: (String) -> JsonObject?,
    private val sources: Sources,
    private val inbox: WebhookInbox,
    private val meanwhile: Meanwhile,
) : AutoCloseable {
    private var client: RegistrationAuthority? = null
    private var workflow: Workflow? = null
    private val evidences = mutableMapOf<String, Evidence>()
    private val bundles = mutableMapOf<String, Bundle>()

    private fun ra() = client ?: newClient().also { client = it }

    /** The scenario's workflow; the first call makes it. */
    private inline fun <reified W : Workflow> flow(make: (RegistrationAuthority) -> W): W =
        (workflow ?: make(ra()).also { workflow = it }) as? W ?: error("the scenario has another workflow")

    private fun external() = flow { ExternalVideoId(it) }

    private fun eidas() = flow { EidasVideoId(it) }

    private fun classic() = flow { ClassicRequest(it) }

    /** Whichever the scenario has; without one yet, that of External VideoID. */
    private fun any(): Workflow = workflow ?: external()

    /** Makes the call and gives its result as JSON. The operations are in a generated table. */
    suspend fun call(name: String, args: JsonObject, options: RequestOptions, saveAs: String?): JsonElement {
        val given = Given(args)
        val result = operation(name, ::ra, given, options)
            ?: evidenceCall(name, given, saveAs)
            ?: readingCall(name, given)
            ?: waitingCall(name, given, options)
            ?: externalCall(name, given, options)
            ?: eidasCall(name, given, options)
            ?: classicCall(name, given, options)
            ?: error("unknown call $name")
        return result.also { given.allWereAskedFor() }
    }

    /** The arguments of a call; those that were not asked for are found out. */
    private inner class Given(val args: JsonObject) : OperationArguments {
        private val asked = mutableSetOf<String>()

        override fun only(vararg names: String) {
            check(names.toSet().containsAll(args.keys)) { "unknown arguments: ${args.keys - names.toSet()}" }
            asked += names
        }

        fun allWereAskedFor() = check(asked.containsAll(args.keys)) { "unknown arguments: ${args.keys - asked}" }

        fun all(): JsonObject = args.also { asked += it.keys }

        fun opt(name: String): JsonElement? = args[name.also(asked::add)]?.takeIf { it !is JsonNull }

        private fun need(name: String) = args[name.also(asked::add)] ?: error("no $name in ${args.keys}")

        override fun has(name: String) = opt(name) != null

        override fun text(name: String) = need(name).jsonPrimitive.content

        override fun number(name: String) = need(name).jsonPrimitive.long

        override fun json(name: String) = need(name).toString()

        override fun file(name: String) = sources.place(text(name))

        override fun source(name: String) = source(need(name))

        override fun evidence(name: String): Evidence {
            val saved = text(name).removePrefix("$")
            val bundle = saved.removeSuffix(".evidence")
            return if (bundle != saved) bundles.getValue(bundle).evidence else evidences[saved] ?: error("no evidence was saved as $saved")
        }

        fun source(spec: JsonElement): Source =
            if (spec is JsonPrimitive) bundles.getValue(spec.content.removePrefix("$").removeSuffix(".video")).video ?: error("the bundle has no video")
            else sources.of(spec.jsonObject)

        fun documents(): List<JsonObject> = opt("documents")?.jsonArray.orEmpty().map { it.jsonObject }

        fun request() = NewRequest.fromJson(json("request"))

        fun rao() = RaoCredentials.fromJson(json("rao"))

        fun millis(name: String): Duration? = opt(name)?.jsonPrimitive?.long?.milliseconds

        fun inbox(): WebhookInbox? = inbox.takeIf { opt("inbox")?.jsonPrimitive?.boolean == true }

        /** The body of a webhook, with spaces behind it where a length is asked for. */
        fun body() = text("body").let { text -> text.padEnd(opt("pad_to")?.jsonPrimitive?.int ?: 0) }
    }

    private suspend fun evidenceCall(name: String, args: Given, saveAs: String?): JsonElement? = when (name) {
        "build_evidence" -> {
            val evidence = Evidence.build { collect(args.all(), sources) }
            evidences[saveAs ?: "evidence"] = evidence
            JsonObject(mapOf("report" to parsed(evidence.report.toJson()), "content_length" to JsonPrimitive(evidence.contentLength)))
        }
        "check_evidence" -> parsed(Evidence.check { collect(args.all(), sources) }.toJson())
        "check_video" -> parsed(checkVideo(args.source("video"), args.opt("limits")?.let { Limits.fromJson(it.toString()) }).toJson())
        "save_bundle" -> parsed(Bundle.save(args.file("dir"), args.evidence("evidence"), args.opt("video")?.let(args::source)).toJson())
        "load_bundle" -> {
            val bundle = Bundle.load(args.file("dir"))
            bundles[saveAs ?: "bundle"] = bundle
            JsonObject(mapOf("manifest" to parsed(bundle.manifest.toJson())))
        }
        else -> null
    }

    /** What sends nothing. */
    private suspend fun readingCall(name: String, args: Given): JsonElement? = when (name) {
        "new_client" -> JsonNull.also { ra() }
        "status_next_steps" -> JsonArray(statusOf(args.text("status")).nextSteps.map(::JsonPrimitive))
        "ways_on" -> words(statusOf(args.text("status")).waysOn(flowFrom(args.text("flow"))))
        "profiles" -> JsonArray(profiles().map { parsed(it.toJson()) })
        "profile" -> profile(args.text("name"))?.let { parsed(it.toJson()) } ?: JsonNull
        "check_request" -> parsed(checkRequest(args.request(), flowFrom(args.text("flow"))).toJson())
        "parse_webhook" -> parsed(parseWebhook(args.body()).toJson())
        "receive_webhook" -> parsed(inbox.receive(args.body()).toJson())
        "client_certificate" -> ra().clientCertificate()?.let { parsed(it.toJson()) } ?: JsonNull
        "replace_identity" -> {
            val identity = identity(args.text("identity")) ?: error("an identity is needed")
            parsed(ra().replaceIdentity(ClientIdentity.fromJson(identity.toString())).toJson())
        }
        else -> null
    }

    private suspend fun waitingCall(name: String, args: Given, options: RequestOptions): JsonElement? = when (name) {
        "wait_for" -> waiting(args) { deadline, poll, maxPoll, inbox ->
            val statuses = parsed(args.json("statuses")).jsonArray.map { statusOf(it.jsonPrimitive.content) }
            ra().waitFor(RequestPk(args.number("request_pk")), statuses, deadline, poll, maxPoll, inbox, options).toJson()
        }
        "eidas_wait_for_user" -> waiting(args) { deadline, poll, maxPoll, inbox -> eidas().waitForUser(deadline, poll, maxPoll, inbox, options).toJson() }
        "eidas_wait_for_operator" ->
            waiting(args) { deadline, poll, maxPoll, inbox -> eidas().waitForOperator(deadline, poll, maxPoll, inbox, options).toJson() }
        "collect_requests" -> {
            val filter = args.opt("filter")?.let { RequestFilter.fromJson(it.toString()) } ?: RequestFilter()
            results(ra().requests(filter, options).toList().map { it.toJson() })
        }
        "collect_scratchcards" -> {
            val filter = args.opt("filter")?.let { ScratchcardFilter.fromJson(it.toString()) } ?: ScratchcardFilter()
            results(ra().scratchcards(filter, options).toList().map { it.toJson() })
        }
        else -> null
    }

    private suspend fun waiting(args: Given, call: suspend (Duration, Duration, Duration, WebhookInbox?) -> String): JsonElement {
        val deadline = args.millis("deadline_ms") ?: Duration.ZERO
        val (poll, maxPoll) = Pair(args.millis("poll_ms") ?: 2.seconds, args.millis("max_poll_ms") ?: 60.seconds)
        val inbox = args.inbox()
        val items = args.opt("meanwhile")?.jsonArray ?: JsonArray(emptyList())
        return parsed(meanwhile.beside(items) { call(deadline, poll, maxPoll, inbox) })
    }

    private suspend fun externalCall(name: String, args: Given, options: RequestOptions): JsonElement? = when (name) {
        "workflow_submit" -> parsed(external().submit(args.request(), args.evidence("evidence"), args.source("video"), options).toJson())
        "workflow_validate" -> parsed(external().validate(args.rao(), options).toJson())
        "workflow_approve" -> parsed(external().approve(args.rao(), options).toJson())
        "workflow_refuse" -> parsed(external().refuse(args.rao(), args.text("reason"), options).toJson())
        "workflow_resume" -> resumed(args, { external() }) { ra, state -> ExternalVideoId.resume(ra, state) }
        "workflow_ways_on" -> words(any().waysOn())
        "workflow_cancel" -> parsed(any().cancel(options).toJson())
        else -> null
    }

    private suspend fun eidasCall(name: String, args: Given, options: RequestOptions): JsonElement? = when (name) {
        "eidas_start" -> parsed(eidas().start(args.request(), options).toJson())
        "eidas_complete" -> {
            val documents = args.documents().map { EvidenceDocument(it.text("label"), args.source(it.getValue("document"))) }
            parsed(eidas().complete(args.opt("update")?.let { RequestUpdate.fromJson(it.toString()) }, documents, options).toJson())
        }
        "eidas_papers" -> parsed(eidas().papers(args.text("rao_id"), options).toJson())
        "eidas_approve" -> parsed(eidas().approve(args.rao(), options).toJson())
        "eidas_resume" -> resumed(args, { eidas() }) { ra, state -> EidasVideoId.resume(ra, state) }
        else -> null
    }

    private suspend fun classicCall(name: String, args: Given, options: RequestOptions): JsonElement? = when (name) {
        "classic_submit" -> {
            val documents = args.documents().map { ClassicDocument(documentTypeFrom(it.text("document_type")), args.source(it.getValue("document"))) }
            parsed(classic().submit(args.request(), documents, options).toJson())
        }
        "classic_papers" -> parsed(classic().papers(args.text("rao_id"), options).toJson())
        "classic_approve" -> parsed(classic().approve(args.rao(), options).toJson())
        "classic_resume" -> resumed(args, { classic() }) { ra, state -> ClassicRequest.resume(ra, state) }
        else -> null
    }

    /** The state goes into a new client and a new workflow, as in another process. */
    private fun resumed(args: Given, current: () -> Workflow, resume: (RegistrationAuthority, String) -> Workflow): JsonElement {
        val state = args.opt("state")
        val text = if (state == null) current().state else if (state is JsonPrimitive) state.content else state.toString()
        client = null
        workflow = resume(ra(), text)
        return JsonNull
    }

    private fun words(words: List<WayOn>) = JsonArray(words.map { JsonPrimitive(it.toString()) })

    private fun results(items: List<String>) = JsonObject(mapOf("results" to JsonArray(items.map(::parsed))))

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
