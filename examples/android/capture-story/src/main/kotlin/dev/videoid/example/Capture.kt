package dev.videoid.example

import dev.videoid.Bundle
import dev.videoid.OcrData
import dev.videoid.Source
import dev.videoid.VideoIdException
import dev.videoid.checkVideo
import kotlinx.coroutines.runBlocking
import java.io.File
import kotlin.system.exitProcess

/**
 * The part of an app: what the camera has taken becomes a bundle, a folder that a backend takes. Prints one JSON object a line.
 * Arguments: `--front FILE [--rear FILE] --owner FILE --video FILE --out FOLDER`; the folder must not exist or be empty.
 */
fun main(args: Array<String>) {
    try {
        val given = args.toList().chunked(2).associate { pair ->
            require(pair.size == 2 && pair[0] in setOf("--front", "--rear", "--owner", "--video", "--out")) { "unknown: ${pair.joinToString(" ")}" }
            pair[0].removePrefix("--") to File(pair[1])
        }
        fun needed(name: String): File = requireNotNull(given[name]) { "--$name is needed" }
        runBlocking { capture(needed("front"), given["rear"], needed("owner"), needed("video"), needed("out")) }
    } catch (e: IllegalArgumentException) {
        fail("usage", e.message)
    } catch (e: VideoIdException) {
        fail(e.code, e.message)
    }
}

private suspend fun capture(front: File, rear: File?, owner: File, video: File, out: File) {
    val film = Source.of(video)
    say("event" to "video", "bytes" to checkVideo(film).bytes)
    val gathered = Gathered(Source.of(front), rear?.let { Source.of(it) }, Source.of(owner), recognised)
    evidence(gathered).use { evidence ->
        // Advice before anything leaves the device: what is missing now can still be filmed.
        evidence.report.findings.forEach { say("event" to "advice", "text" to "${it.code}: ${it.field}") }
        Bundle.save(out, evidence, film).files.forEach { say("event" to "file", "name" to it.name, "bytes" to it.bytes) }
    }
    // What is sent is what can be read back.
    Bundle.load(out).use { say("event" to "done", "files" to it.manifest.files.size) }
}

/** Another product's part, told here as it is drawn on the specimen. */
private val recognised = Recognised(
    OcrData(
        givenName = "ANNA MARIA",
        surname1 = "ERIKSSON",
        serialNumber = "D23145890",
        mobilePhoneNumber = "+34600000000",
        email = "anna@example.com",
        idDocumentType = "IDC",
        idDocumentCountry = "ES",
    ),
    isAlive = true,
    similarity = 87,
    by = "example",
)

private fun fail(code: String, text: String?) {
    say("event" to "error", "code" to code, "text" to text)
    exitProcess(1)
}

/** One JSON object as a line. The texts of this program need no escapes but these. */
private fun say(vararg members: Pair<String, Any?>) =
    println(members.joinToString(",", "{", "}") { (name, value) -> "\"$name\":" + if (value is Number) "$value" else "\"${"$value".replace("\\", "\\\\").replace("\"", "\\\"")}\"" })
