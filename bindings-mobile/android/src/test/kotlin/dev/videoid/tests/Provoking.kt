package dev.videoid.tests

import dev.videoid.Acceptance
import dev.videoid.EvidenceBuilder
import dev.videoid.HookListener
import dev.videoid.OcrData
import dev.videoid.Source
import dev.videoid.VideoIdException
import dev.videoid.fromJson
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import java.io.File

/** What the canary programs have in common: recognisable data, and calls of which all that a program could see is printed. */
open class Provoking(protected val folder: File) {
    protected val c = Canaries
    protected val sandbox = Sandbox.with()
    protected val person = """"given_name":"${c["given name"]}","surname_1":"${c["surname"]}","serial_number":"${c["serial"]}",""" +
        """"email":"${c["email"]}","mobile_phone_number":"${c["phone"]}""""
    protected val acceptance = Acceptance(ip = c["ip"], userAgent = c["agent"], date = 1622823879708, extra = """{"more":"${c["extra"]}"}""")
    protected val ocr = OcrData.fromJson("""{$person,"more":"${c["extra"]}"}""")
    protected val broken = folder.resolve("${c["given name"]}.jpg").apply { writeText(c["image"]) }
    protected val video = Source.of(Repo.fixture("specimen.mp4"))
    protected val hooks = HookListener { show(it) }

    protected fun show(value: Any?) = println("$value ${listOf(value)} ${mapOf("it" to value)}")

    protected suspend fun <T> provoke(expected: String? = null, call: suspend () -> T): T? =
        try {
            call().also {
                show(it)
                check(expected == null) { "expected $expected, and it succeeded" }
            }
        } catch (e: VideoIdException) {
            println(e.stackTraceToString())
            show(e)
            println("${e.message} ${e.localizedMessage} ${e.code} ${e.operation} ${e.serverCode} ${e.serverId} ${e.fields} ${e.correlationId}")
            check(expected == e.code) { "expected $expected, got ${e.code}" }
            null
        }

    protected fun body(operation: String, status: Int, body: String, before: Boolean = true) = sandbox.fault(
        operation, "body", "status" to JsonPrimitive(status), "body" to Json.parseToJsonElement(body), "when" to JsonPrimitive(if (before) "before" else "after"),
    )

    protected fun EvidenceBuilder.specimen() {
        documentFront(Repo.fixture("specimen/document_front.jpg"))
        documentRear(Repo.fixture("specimen/document_rear.jpg"))
        documentOwner(Repo.fixture("specimen/document_owner.jpg"))
        acceptance(acceptance)
        ocrData(ocr)
        extra("""{"more":"${c["extra"]}"}""")
    }
}
