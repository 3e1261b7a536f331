package dev.videoid.tests

import dev.videoid.*
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The calls of scenarios, by name. A call that is not here fails, and so does an argument that a call does not take. */
class Calls(
    private val newClient: () -> RegistrationAuthority,
    newOneShot: () -> OneShot,
    private val identity: (String) -> JsonObject?,
    private val things: Things,
    meanwhile: Meanwhile,
) : AutoCloseable {
    private var client: RegistrationAuthority? = null
    private var workflow: Workflow? = null
    private val waiting = Waiting(meanwhile)
    private val oneShot = OneShotCalls(newOneShot, waiting)

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
        val given = Given(args, things)
        val result = operation(name, ::ra, given, options)
            ?: oneShot.call(name, given, options)
            ?: evidenceCall(name, given, saveAs)
            ?: readingCall(name, given)
            ?: waitingCall(name, given, options)
            ?: externalCall(name, given, options)
            ?: eidasCall(name, given, options)
            ?: classicCall(name, given, options)
            ?: error("unknown call $name")
        return result.also { given.allWereAskedFor() }
    }

    private suspend fun evidenceCall(name: String, args: Given, saveAs: String?): JsonElement? = when (name) {
        "build_evidence" -> {
            val evidence = Evidence.build { collect(args.all(), things.sources) }
            things.evidences[saveAs ?: "evidence"] = evidence
            JsonObject(mapOf("report" to parsed(evidence.report.toJson()), "content_length" to JsonPrimitive(evidence.contentLength)))
        }
        "check_evidence" -> parsed(Evidence.check { collect(args.all(), things.sources) }.toJson())
        "check_video" -> parsed(checkVideo(args.source("video"), args.opt("limits")?.let { Limits.fromJson(it.toString()) }).toJson())
        "save_bundle" -> parsed(Bundle.save(args.file("dir"), args.evidence("evidence"), args.opt("video")?.let(args::source)).toJson())
        "load_bundle" -> {
            val bundle = Bundle.load(args.file("dir"))
            things.bundles[saveAs ?: "bundle"] = bundle
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
        "receive_webhook" -> parsed(things.inbox.receive(args.body()).toJson())
        "client_certificate" -> ra().clientCertificate()?.let { parsed(it.toJson()) } ?: JsonNull
        "replace_identity" -> {
            val identity = identity(args.text("identity")) ?: error("an identity is needed")
            parsed(ra().replaceIdentity(ClientIdentity.fromJson(identity.toString())).toJson())
        }
        else -> null
    }

    private suspend fun waitingCall(name: String, args: Given, options: RequestOptions): JsonElement? = when (name) {
        "wait_for" -> waiting.call(args) { deadline, poll, maxPoll, inbox ->
            val statuses = parsed(args.json("statuses")).jsonArray.map { statusOf(it.jsonPrimitive.content) }
            ra().waitFor(RequestPk(args.number("request_pk")), statuses, deadline, poll, maxPoll, inbox, options).toJson()
        }
        "eidas_wait_for_user" -> waiting.call(args) { deadline, poll, maxPoll, inbox -> eidas().waitForUser(deadline, poll, maxPoll, inbox, options).toJson() }
        "eidas_wait_for_operator" ->
            waiting.call(args) { deadline, poll, maxPoll, inbox -> eidas().waitForOperator(deadline, poll, maxPoll, inbox, options).toJson() }
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
        val state = args.state { current().state }
        client = null
        workflow = resume(ra(), state)
        return JsonNull
    }

    private fun words(words: List<WayOn>) = JsonArray(words.map { JsonPrimitive(it.toString()) })

    private fun results(items: List<String>) = JsonObject(mapOf("results" to JsonArray(items.map(::parsed))))

    override fun close() {
        workflow?.close()
        oneShot.close()
        things.close()
    }
}
