package dev.videoid.tests

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.util.concurrent.ConcurrentHashMap

/** The sandbox as a child process, spoken to by its control API. It ends with this process. */
class Sandbox private constructor(args: List<String>) : AutoCloseable {
    private val http: HttpClient = HttpClient.newHttpClient()
    private val process: Process = ProcessBuilder(listOf(Repo.sandbox.path, "--exit-with-parent") + args)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()

    /** What it says when it is up. */
    val ready: JsonObject = run {
        val line = process.inputStream.bufferedReader().readLine() ?: error("the sandbox ended without its ready line")
        Json.parseToJsonElement(line).jsonObject
    }

    val raUrl: String get() = text("ra_url")
    val uploadUrl: String get() = text("upload_url")
    val controlUrl: String get() = text("control_url")
    val raId: String get() = ready.getValue("ra").jsonObject.getValue("id").jsonPrimitive.content
    val rao: JsonObject get() = ready.getValue("rao").jsonObject
    val oneShot: JsonObject get() = ready.getValue("one_shot").jsonObject

    /** The officer, with the id as the One-Shot API names it. */
    val oneShotRao: JsonObject get() = JsonObject(rao.mapKeys { (key, _) -> if (key == "rao_id") "rao" else key })

    /** The settings of a One-Shot client, in the JSON of `OneShotConfig`: of its default dialect. */
    val oneShotConfig: JsonObject get() {
        val billing = oneShot.getValue("billing").jsonObject
        return JsonObject(
            mapOf(
                "environment" to JsonPrimitive("custom"),
                "base_url" to JsonPrimitive(text("one_shot_url")),
                "registration_authority" to oneShot.getValue("ra").jsonObject.getValue("id"),
                "env" to oneShot.getValue("env"),
                "billing_username" to billing.getValue("username"),
                "billing_password" to billing.getValue("password"),
            ),
        )
    }

    fun pki(name: String): File = File(text("pki_dir")).resolve(name)

    private fun text(key: String): String = ready.getValue(key).jsonPrimitive.content

    fun control(method: String, path: String, body: JsonElement? = null): JsonElement {
        val request = HttpRequest.newBuilder(URI(text("control_url") + path)).header("content-type", "application/json")
        request.method(method, if (body == null) HttpRequest.BodyPublishers.noBody() else HttpRequest.BodyPublishers.ofString(body.toString()))
        val answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() < 300) { "control $method $path: ${answer.statusCode()} ${answer.body()}" }
        return if (answer.body().isBlank()) JsonNull else Json.parseToJsonElement(answer.body())
    }

    fun reset(cards: Int? = null) {
        control("POST", "/reset", if (cards == null) null else Json.parseToJsonElement("""{"cards":$cards}"""))
    }

    override fun close() {
        process.destroy()
        process.waitFor()
    }

    companion object {
        private val running = ConcurrentHashMap<List<String>, Sandbox>()

        /** The one that runs with these arguments, started at the first use. */
        fun with(vararg args: String): Sandbox = with(args.toList())

        fun with(args: List<String>): Sandbox = running.computeIfAbsent(args) { Sandbox(it) }
    }
}
