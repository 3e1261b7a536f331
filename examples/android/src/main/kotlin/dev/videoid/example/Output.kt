package dev.videoid.example

import dev.videoid.OfficerOutcome
import dev.videoid.RequestOptions
import dev.videoid.RequestPk
import dev.videoid.Status
import dev.videoid.WorkflowEvent
import dev.videoid.WorkflowListener
import java.io.File
import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.atomic.AtomicReference

/** Prints what a workflow tells, and which of its calls an upload's progress belongs to. */
class Told : WorkflowListener {
    private val step = AtomicReference("")

    override fun onEvent(event: WorkflowEvent) {
        event.step?.let { name ->
            step.set(name)
            say("event" to "step", "operation" to name)
        }
        event.status?.let { say("event" to "status", "status" to it.toString(), "request_pk" to event.requestPk?.value) }
        event.text?.let { say("event" to "warning", "text" to it) }
    }

    fun options() = RequestOptions(onProgress = { say("event" to "progress", "operation" to step.get(), "sent" to it.sent, "total" to it.total) })
}

/** The last line of a story that came to its end. */
fun done(status: Status, requestPk: RequestPk, videoidStatus: String?) =
    say("event" to "done", "status" to status.toString(), "request_pk" to requestPk.value, "videoid_status" to videoidStatus)

/** Leaves what the officer saw in the folder. */
fun keep(outcome: OfficerOutcome, out: File) {
    out.mkdirs()
    outcome.contract?.let { write(out.resolve("contract.pdf"), it.content, "contract") }
    outcome.declaration?.let { write(out.resolve("declaration.txt"), it.receipt.toByteArray(), "declaration") }
}

/** Into a file that only its owner can read, where the file system knows owners. */
private fun write(file: File, bytes: ByteArray, kind: String) {
    val path = file.toPath()
    Files.deleteIfExists(path)
    try {
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
    } catch (_: UnsupportedOperationException) {
        Files.createFile(path)
    }
    file.writeBytes(bytes)
    say("event" to "file", "kind" to kind, "path" to file.path)
}

/** One JSON object as a line; what is null is left out. */
fun say(vararg members: Pair<String, Any?>) {
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
