package dev.videoid.tests

import dev.videoid.*
import dev.videoid.tests.OneShotStory.image
import kotlinx.serialization.json.JsonPrimitive
import java.io.File
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * The part of the canary program on the One-Shot API: client and both workflows in each dialect, and what can go wrong on the way. What
 * the service makes up and nobody is to see (tokens, passwords, links) goes to [secrets], whose name the search knows.
 */
class OneShotProvocations(folder: File) : Provoking(folder) {
    private val secrets = folder.resolve("secrets.txt")
    private val signer = NewVideoId.fromJson(
        """{"profile":"PFnubeQAFCiudadano","email":"${c["email"]}","mobile_phone_number":"${c["phone"]}","nickname":"${c["extra"]}"}""",
    )
    private val wrong = OneShotRao(username = c["username"], password = c["password"], pin = c["pin"], rao = "1400")
    private val unknown = TokenUid("77777777-7777-4777-8777-777777777777")
    private val right = sandbox.oneShotOfficer()

    private fun secret(value: String) = secrets.appendText("$value\n")

    suspend fun run() {
        secret(unknown.value)
        values()
        for (dialect in OneShotStory.dialects) {
            sandbox.reset()
            val config = sandbox.oneShotConfig(dialect).copy(retry = RetryConfig(baseDelayMs = 1))
            secret(checkNotNull(config.billingPassword))
            OneShot(config.copy(billingUsername = c["username"], billingPassword = c["password"]), hooks).use { it.refused() }
            OneShot(config, hooks).use { oneShot ->
                show(oneShot)
                show(oneShot.config)
                val token = tokens(oneShot)
                answers(oneShot)
                external(oneShot, token)
            }
            OneShot(sandbox.oneShotEidasConfig(dialect), hooks).use { eidas(it) }
        }
    }

    private suspend fun OneShot.refused() {
        show(this)
        provoke("billing_rejected") { createVideoid(signer) }
    }

    /** Objects that hold what nobody is to see. */
    private fun values() {
        val link = """"videoid_link":"https://example.com/${c["extra"]}""""
        listOf(
            signer, signer.copy(billingUsername = c["username"], billingPassword = c["password"]), wrong, unknown,
            NewOneShotRequest.fromJson("""{"profile":"p",$person,"username":"${c["username"]}","password":"${c["password"]}","pin":"${c["pin"]}","token":"${unknown.value}"}"""),
            OneShotRao(token = unknown, rao = "1"), NewToken(username = c["username"], password = c["password"], pin = c["pin"]), CreatedToken(unknown),
            Token(tokenUid = unknown, username = c["username"]), TokenList(listOf(Token(tokenUid = unknown))), Signing(secret = c["pin"], extUnlockValue = c["pin"]),
            Signing(appearance = SignatureAppearance(text = c["surname"])), OneShotStarted.fromJson("""{"handle":{"request_pk":1},"status":"VIDEOPENDING",$link}"""),
            CreatedVideoId.fromJson("""{"handle":{"request_pk":1},$link}"""), OneShotSettings(billing = """{"billing_password":"${c["password"]}"}"""),
            OneShotDocuments.fromJson("""{"documents":[{"uid":"1","filename":"${c["surname"]}.pdf"}]}"""),
            OneShotConfig(billingUsername = c["username"], billingPassword = c["password"], proxy = "http://u:${c["password"]}@127.0.0.1:1"),
        ).forEach(::show)
    }

    private suspend fun tokens(oneShot: OneShot): TokenUid {
        provoke("config_invalid") { OneShot(oneShot.config.copy(proxy = "no address ${c["password"]}")) }
        provoke("token_unknown") { oneShot.getToken(unknown) }
        val token = NewToken(username = checkNotNull(right.username), password = right.password, pin = right.pin, env = BillingEnv.Sandbox)
        val made = checkNotNull(provoke { oneShot.createToken(token) }).tokenUid
        secret(made.value)
        secret(made.value.replace("-", ""))
        provoke { oneShot.listTokens() }
        provoke { oneShot.getToken(made) }
        provoke { oneShot.updateSettings(OneShotSettings(request = """{"nickname":"${c["extra"]}"}""")) }
        provoke { oneShot.getSettings() }
        return made
    }

    /** Answers that repeat what was sent, and files that are none. */
    private suspend fun answers(oneShot: OneShot) {
        provoke("image_unrecognised") { oneShot.uploadImage(Source.of(broken)) }
        val request = NewOneShotRequest.fromJson("""{"profile":"PFnubeQAFCiudadano",$person}""")
            .copy(idDocumentType = "IDC", idDocumentCountry = "ES", username = c["username"], password = c["password"], pin = c["pin"])
        val (front, rear, owner) = listOf("front", "rear", "owner").map { Source.of(image("document_$it.jpg")) }
        provoke("image_unrecognised") { oneShot.createOneshotRequest(request, front, Source.of(broken), owner) }
        provoke("rao_rejected") { oneShot.createOneshotRequest(request, front, rear, owner) }
        val echo = """{"status":"error","message":"${c["email"]} ${c["given name"]}","details":{"email":["${c["surname"]}","${c["serial"]}"]}}"""
        body("create_videoid", 400, echo)
        provoke("bad_request") { oneShot.createVideoid(signer) }
        body("create_videoid", 200, "\"<html>${c["email"]}</html>\"", before = false)
        provoke("unexpected_answer") { oneShot.createVideoid(signer) }
        sandbox.fault("create_videoid", "drop", "when" to JsonPrimitive("after"))
        provoke("ambiguous") { oneShot.createVideoid(signer) }
    }

    private suspend fun external(oneShot: OneShot, token: TokenUid) {
        val evidence = checkNotNull(provoke { Evidence.build { specimen() } })
        val flow = OneShotExternal(oneShot, { state -> println(state) }, { event -> show(event) })
        val submitted = checkNotNull(provoke { flow.submit(signer, evidence, video, RequestOptions(onProgress = { show(it) })) })
        provoke { oneShot.getOneshotRequest(submitted.handle.requestPk) }
        provoke("rao_rejected") { flow.approve(wrong) }
        provoke("token_unknown") { flow.approve(OneShotRao(token = unknown, rao = right.rao)) }
        provoke { flow.approve(OneShotRao(token = token, rao = right.rao)) }
        provoke("document_unrecognised") { flow.documents(listOf(Source.of(broken))) }
        provoke { flow.documents(listOf(Source.of(OneShotStory.document))) }
        provoke("file_not_written") { flow.contract(folder.resolve(c["surname"]).resolve("contract.pdf")) }
        provoke { flow.contract(folder.resolve("contract.pdf")) }
        flow.contractShown()
        provoke { flow.otp() }
        provoke("otp_too_soon") { flow.otp() }
        provoke("otp_invalid") { flow.sign(Signing(secret = c["pin"])) }
        val otp = sandbox.oneShotOtp(submitted.handle.requestPk)
        provoke { flow.sign(Signing(secret = otp)) }
        provoke("file_not_written") { flow.save(folder.resolve(c["surname"])) }
        println(flow.state)
        show(flow)
    }

    private suspend fun eidas(oneShot: OneShot) {
        val flow = OneShotEidas(oneShot, { state -> println(state) }, { event -> show(event) })
        val started = checkNotNull(provoke { flow.start(signer) })
        secret(checkNotNull(started.videoidLink).takeLast(20))
        provoke("wait_deadline") { flow.waitForUser(200.milliseconds, poll = 50.milliseconds) }
        val user = """{"outcome":"finish","given_name":"${c["given name"]}","surname_1":"${c["surname"]}","serial_number":"${c["serial"]}"}"""
        sandbox.control("POST", "/one-shot/requests/${started.handle.requestPk.value}/identification", parsed(user))
        provoke { flow.waitForUser(20.seconds, poll = 50.milliseconds) }
        provoke { oneShot.getOneshotRequest(started.handle.requestPk) }
        provoke("rao_rejected") { flow.refuse(wrong, c["reason"]) }
        provoke { flow.refuse(right, c["reason"]) }
        provoke("field_invalid") { OneShotEidas.resume(oneShot, """{"email":"${c["email"]}"}""") }
        show(flow)
        oneShot.close()
        provoke("client_closed") { oneShot.createVideoid(signer) }
    }
}
