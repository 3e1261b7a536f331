package dev.videoid.example

import dev.videoid.Acceptance
import dev.videoid.Environment
import dev.videoid.Evidence
import dev.videoid.ExternalVideoId
import dev.videoid.NewRequest
import dev.videoid.OcrData
import dev.videoid.OfficerOutcome
import dev.videoid.RaConfig
import dev.videoid.RaId
import dev.videoid.RaoCredentials
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestOptions
import dev.videoid.SecurityCheck
import dev.videoid.SecurityChecks
import dev.videoid.Source
import dev.videoid.Provenance
import dev.videoid.VideoIdException
import dev.videoid.VideoPkKind
import kotlinx.coroutines.runBlocking
import java.io.File
import java.util.concurrent.atomic.AtomicReference
import kotlin.system.exitProcess

/** External VideoID from a scratchcard to ENROLLREADY, or to a refusal. Prints one JSON object a line. */
fun main(args: Array<String>) {
    val arguments = try {
        Arguments(args)
    } catch (e: IllegalArgumentException) {
        say("event" to "error", "code" to "usage", "text" to e.message)
        exitProcess(1)
    }
    try {
        runBlocking { story(arguments) }
    } catch (e: VideoIdException) {
        say("event" to "error", "code" to e.code, "text" to e.message)
        exitProcess(1)
    }
}

private suspend fun story(arguments: Arguments) {
    val config = RaConfig(
        environment = Environment.Custom,
        apiUrl = arguments.raUrl,
        uploadUrl = arguments.uploadUrl,
        registrationAuthority = RaId(arguments.ra),
        videoPk = VideoPkKind.RequestPk,
    )
    val rao = RaoCredentials(arguments.username, arguments.password, arguments.pin, arguments.raoId)
    RegistrationAuthority(config).use { ra ->
        val step = AtomicReference("submit")
        val workflow = ExternalVideoId(ra, onEvent = { event ->
            event.step?.let(step::set)
            event.status?.let { say("event" to "status", "status" to it.toString(), "request_pk" to event.requestPk?.value) }
        })
        val submission = workflow.submit(
            NewRequest(profile = "PFnubeQAFCiudadano", email = "anna@example.com", mobilePhoneNumber = "+34600000000"),
            evidence(arguments),
            Source.of(arguments.video),
            RequestOptions(onProgress = { say("event" to "progress", "operation" to step.get(), "sent" to it.sent, "total" to it.total) }),
        )
        val reason = arguments.refuse
        if (reason != null) {
            val outcome = workflow.refuse(rao, reason)
            say("event" to "done", "status" to outcome.status.toString(), "videoid_status" to outcome.videoidStatus)
            return
        }
        keep(workflow.validate(rao), arguments.out)
        val approved = workflow.approve(rao)
        say("event" to "done", "status" to approved.status.toString(), "request_pk" to submission.requestPk.value)
    }
}

private suspend fun evidence(arguments: Arguments): Evidence = Evidence.build {
    documentFront(arguments.front)
    arguments.rear?.let { documentRear(it) }
    arguments.photo?.let { documentPhoto(it) }
    documentOwner(arguments.owner)
    acceptance(
        Acceptance(
            description = "I accept the terms and conditions and the privacy policy",
            urlDocTermsconditions = "https://example.com/terms",
            urlDocPrivacypolicy = "https://example.com/privacy",
            urlWebVideoid = "https://example.com/identify",
            ip = "127.0.0.1",
            userAgent = "videoid example",
            date = System.currentTimeMillis(),
        ),
    )
    ocrData(
        OcrData(
            givenName = "ANNA MARIA",
            surname1 = "ERIKSSON",
            serialNumber = "D23145890",
            mobilePhoneNumber = "+34600000000",
            email = "anna@example.com",
            idDocumentType = "IDC",
            idDocumentCountry = "ES",
        ),
    )
    val attested = SecurityCheck(passed = true, provenance = Provenance.Attested, by = "example")
    securityChecks(
        SecurityChecks(
            otpValidation = attested,
            documentsMatch = attested,
            dataIntegrity = attested,
            documentNotcopy = attested,
            documentNotexpired = attested,
            documentNotunderage = attested,
            liveliness = attested,
        ),
    )
    similarityLevel(87)
}

/** Leaves what the officer saw in the folder. */
private fun keep(outcome: OfficerOutcome, out: File) {
    out.mkdirs()
    outcome.contract?.let { write(out.resolve("contract.pdf"), it.content, "contract") }
    outcome.declaration?.let { write(out.resolve("declaration.txt"), it.receipt.toByteArray(), "declaration") }
}

private fun write(file: File, bytes: ByteArray, kind: String) {
    file.writeBytes(bytes)
    say("event" to "file", "kind" to kind, "path" to file.path)
}

/** One JSON object as a line; what is null is left out. */
private fun say(vararg members: Pair<String, Any?>) {
    val text = members.filter { it.second != null }.joinToString(",", "{", "}") { (name, value) ->
        "\"$name\":" + if (value is Number) value.toString() else quoted(value.toString())
    }
    synchronized(System.out) { println(text) }
}

private fun quoted(text: String): String = text.map { c ->
    when {
        c == '"' || c == '\\' -> "\\$c"
        c < ' ' -> "\\u%04x".format(c.code)
        else -> c.toString()
    }
}.joinToString("", "\"", "\"")
