package dev.videoid.tests

import dev.videoid.*
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import java.io.File
import kotlin.time.Duration.Companion.milliseconds

/**
 * Provokes everything with recognisable data and prints whatever a program could see without asking for a value: the text of every
 * object, of every exception with its causes, of every event. Argument: a folder. The sandbox is its own.
 */
object CanaryProgram {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking { Provocations(File(args[0])).run() }
}

private class Provocations(folder: File) : Provoking(folder) {
    private val settings = """"environment":"custom","api_url":"${sandbox.raUrl}","upload_url":"${sandbox.uploadUrl}",""" +
        """"registration_authority":"${sandbox.raId}","video_pk":"request_pk","retry":{"base_delay_ms":1}"""
    private val request = NewRequest.fromJson(
        """{"profile":"PFnubeQAFCiudadano",$person,"birth_date":"${c["birth"]}","nickname":"${c["extra"]}"}""",
    )
    private val wrong = RaoCredentials(c["username"], c["password"], c["pin"], "1400")
    private val right = RaoCredentials.fromJson(sandbox.rao.toString())

    suspend fun run() {
        listOf(request, acceptance, ocr, wrong, RequestFilter(email = c["email"]), CardSecrets.fromJson("""{"pin":"${c["pin"]}"}"""), video).forEach(::show)
        beforeSending()
        RegistrationAuthority(RaConfig.fromJson("{$settings}"), hooks).use { ra ->
            show(ra)
            flow(ra)
            answers(ra)
            otherFlows(ra)
        }
        OneShotProvocations(folder).run()
        println("END")
    }

    /** What is found before anything is sent. */
    private suspend fun beforeSending() {
        provoke("image_unrecognised") { Evidence.build { specimen(); documentFront(broken) } }
        provoke("source_unreadable") { Evidence.build { specimen(); documentFront(folder.resolve(c["surname"])) } }
        provoke("field_invalid") { Evidence.build { specimen(); ocrData(OcrData(mobilePhoneNumber = c["serial"])) } }
        provoke("field_invalid") { Evidence.build { specimen(); extra("{\"acceptance\":\"${c["extra"]}\"") } }
        provoke { Evidence.check { specimen(); documentFront(broken); ocrData(OcrData(email = c["agent"])) } }
        show(EvidenceBuilder().apply { specimen() })
        provoke("video_unrecognised") { checkVideo(Source.of(broken)) }
        provoke("field_invalid") { Request.fromJson("""{"pk":"${c["serial"]}","status":"${c["surname"]}"}""") }
        provoke("field_invalid") { NewRequest.fromJson("""{"email":"${c["email"]}","profile": """) }
        provoke("bundle_invalid") { Bundle.load(folder.resolve(c["surname"])) }
        val identity = """"tls":{"identity":{"certificate_pem":"${c["serial"]}","key_pem":"${c["password"]}","password":"${c["pin"]}"}}"""
        show(RaConfig.fromJson("{$settings,$identity}"))
        provoke("tls_identity_invalid") { RegistrationAuthority(RaConfig.fromJson("{$settings,$identity}")) }
        val proxy = RaConfig.fromJson("""{$settings,"proxy":"http://${c["username"]}:${c["pin"]}@127.0.0.1:1"}""")
        show(proxy)
        RegistrationAuthority(proxy, hooks).use { ra -> provoke("proxy_failed") { ra.getRequest(RequestPk(1)) } }
    }

    /** The flow, with failures on the way. */
    private suspend fun flow(ra: RegistrationAuthority) {
        val evidence = checkNotNull(provoke { Evidence.build { specimen() } })
        show(evidence.report)
        provoke { Bundle.save(folder.resolve("bundle"), evidence, video) }
        provoke { Bundle.load(folder.resolve("bundle")) }
        val workflow = ExternalVideoId(ra, { state -> println(state) }, { event -> show(event) })
        val submission = checkNotNull(provoke { workflow.submit(request, evidence, video, RequestOptions(onProgress = { show(it) })) })
        println(workflow.state)
        show(workflow)
        provoke { ra.getRequest(submission.requestPk, folder) }
        provoke("rao_rejected") { workflow.approve(wrong) }
        provoke("rao_rejected") { ra.refuseVideoid(submission.requestPk, wrong, c["reason"]) }
        body("validate_videoid", 500, echo)
        provoke("rejected") { ra.validateVideoid(submission.requestPk, right) }
        provoke { workflow.validate(right) }
        provoke { workflow.approve(right) }
        provoke { ra.getPreauthLink(submission.requestPk) }
        provoke("field_invalid") { ExternalVideoId.resume(ra, "{\"${c["serial"]}\":") }
        throwing(ra, evidence)
    }

    /** What a store throws is not passed on. */
    private suspend fun throwing(ra: RegistrationAuthority, evidence: Evidence) {
        val workflow = ExternalVideoId(ra, { error(c["email"]) })
        val failed = runCatching { workflow.submit(request, evidence, video) }.exceptionOrNull()
        check(failed is VideoIdException) { "a store that throws ends the workflow" }
        println(failed.stackTraceToString())
    }

    /** Classic and eIDAS, webhooks, updates, documents and contact data. */
    private suspend fun otherFlows(ra: RegistrationAuthority) {
        val missing = Source.of(folder.resolve(c["surname"]))
        val contact = ContactData.fromJson("""{$person,"registration_authority":"${sandbox.raId}"}""")
        val update = RequestUpdate.fromJson("""{"profile":"PFnubeQAFCiudadano",$person,"country_name":"ES"}""")
        listOf(contact, update, EvidenceDocument(c["reason"], missing), ClassicDocument(DocumentType.DocumentFront, missing)).forEach(::show)
        show(checkRequest(request, Flow.Classic))
        val hook = """{"request_pk":1,"status":"VIDEOREVIEW","email":"${c["email"]}","event":{"name":"${c["surname"]}"}}"""
        provoke { parseWebhook(hook) }
        provoke("webhook_invalid") { WebhookInbox().receive("{\"email\":\"${c["email"]}\"") }
        val classic = ClassicRequest(ra, { state -> println(state) }, { event -> show(event) })
        provoke("source_unreadable") { classic.submit(request, listOf(ClassicDocument(DocumentType.DocumentFront, missing))) }
        val document = Repo.fixture("specimen/document_front.jpg")
        val pk = checkNotNull(provoke { classic.submit(request, listOf(ClassicDocument(DocumentType.DocumentFront, document))) }).requestPk
        show(classic)
        body("update_request", 500, echo)
        provoke("rejected") { ra.updateRequest(pk, update.copy(scratchcard = ScratchcardSn("1"))) }
        body("upload_videoid_evidence_document", 500, echo)
        provoke("rejected") { ra.uploadVideoidEvidenceDocument(pk, c["reason"], Source.of(document)) }
        provoke { ra.listRequestDocuments(pk) }
        body("check_contact_data", 400, """{"detail":"${c["email"]} ${c["phone"]}"}""")
        provoke("bad_request") { ra.checkContactData(contact) }
        provoke { ra.checkContactData(contact) }
        provoke { classic.cancel() }
        sandbox.control("PUT", "/settings", Json.parseToJsonElement("""{"external_auth":false}"""))
        val eidas = EidasVideoId(ra, { state -> println(state) }, { event -> show(event) })
        provoke { eidas.start(request) }
        provoke("wait_deadline") { eidas.waitForUser(100.milliseconds, poll = 30.milliseconds) }
        provoke("unexpected_status") { eidas.approve(right) }
    }

    private val echo = """{"code":"500","id":"${c["email"]}","error":"${c["email"]} ${c["given name"]} ${c["phone"]}"}"""

    /** Answers that repeat what was sent. */
    private suspend fun answers(ra: RegistrationAuthority) {
        val card = checkNotNull(provoke { ra.getFirstUnusedScratchcard() })
        val full = request.copy(scratchcard = card.sn, videoidMode = 1)
        body("create_request", 500, echo)
        provoke("rejected") { ra.createRequest(full) }
        body("create_request", 400, """{"detail":"${c["email"]} is wrong","${c["serial"]}":["${c["surname"]}"]}""")
        provoke("bad_request") { ra.createRequest(full) }
        body("get_request", 200, "\"<html>${c["email"]}</html>\"", before = false)
        provoke("unexpected_answer") { ra.getRequest(RequestPk(1)) }
        body("list_requests", 200, """{"count":"${c["email"]}","results":"${c["serial"]}"}""")
        provoke("unexpected_answer") { ra.listRequests(RequestFilter(email = c["email"], givenName = c["given name"])) }
        provoke { ra.listRequests(RequestFilter(email = c["email"], serialNumber = c["serial"])) }
        sandbox.fault("list_requests", "delay", "ms" to JsonPrimitive(3000))
        provoke("timeout") { ra.listRequests(RequestFilter(email = c["email"]), RequestOptions(timeout = 200.milliseconds)) }
        sandbox.fault("create_request", "drop", "when" to JsonPrimitive("after"))
        provoke("ambiguous") { ra.createRequest(full) }
        provoke("scratchcard_invalid") { ra.createRequest(full) }
    }
}
