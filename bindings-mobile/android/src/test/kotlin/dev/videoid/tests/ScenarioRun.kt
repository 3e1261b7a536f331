package dev.videoid.tests

import dev.videoid.OneShot
import dev.videoid.OneShotConfig
import dev.videoid.RegistrationAuthority
import dev.videoid.RaConfig
import dev.videoid.WebhookInbox
import dev.videoid.fromJson
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File
import java.nio.file.Path

/** Runs one scenario against the sandbox that it asks for. */
class ScenarioRun private constructor(private val case: Case, folder: Path) : AutoCloseable {
    private val scenario = case.scenario
    private val setup = scenario["sandbox"]?.jsonObject ?: JsonObject(emptyMap())
    private val args = setup["args"]?.jsonArray?.map { it.jsonPrimitive.content } ?: emptyList()
    private val sandbox = Sandbox.with(args)
    private val saved = mutableMapOf<String, JsonElement>()
    private val sources = Sources(folder)
    private val inbox = WebhookInbox()
    private val calls = Calls(this::newClient, this::newOneShot, this::identity, Things(sources, inbox), Meanwhile(sandbox, inbox))
    private var changeOfNextCall: ((Long) -> Unit)? = null
    private val clients = mutableListOf<AutoCloseable>()

    companion object {
        fun run(case: Case) = inTempFolder { folder -> ScenarioRun(case, folder).use { it.run() } }
    }

    private fun run() {
        sandbox.reset(setup["cards"]?.jsonPrimitive?.int)
        setup["settings"]?.let { sandbox.control("PUT", "/settings", it) }
        setup["faults"]?.let { sandbox.control("POST", "/faults", it) }
        case.values?.let { saved["variant"] = it }
        saved["rao"] = sandbox.rao
        saved["ra"] = JsonPrimitive(sandbox.raId)
        saved["one_shot"] = sandbox.oneShot
        saved["one_shot_rao"] = sandbox.oneShotRao
        scenario.getValue("steps").jsonArray.forEachIndexed { index, step ->
            try {
                step(step.jsonObject.filled(saved).jsonObject)
            } catch (e: Throwable) {
                throw AssertionError("${case.title}, step ${index + 1} (${(step as JsonObject)["call"] ?: step}): ${e.message}", e)
            }
        }
        received()
    }

    private fun step(step: JsonObject) {
        val call = step["call"]
        val control = step["control"]
        val file = step["file"]
        when {
            call != null -> call(call.jsonPrimitive.content, step)
            control != null -> control(control.jsonObject, step)
            file != null -> file(file.jsonObject)
            else -> error("a step is a call, a control or a file: $step")
        }
    }

    private fun call(name: String, step: JsonObject) {
        val known = setOf("call", "args", "options", "save", "save_as", "expect")
        check(known.containsAll(step.keys)) { "unknown in a step: ${step.keys - known}" }
        val options = CallWatch(name, step["options"]?.jsonObject ?: JsonObject(emptyMap()), changeOfNextCall.also { changeOfNextCall = null })
        val args = step["args"]?.jsonObject ?: JsonObject(emptyMap())
        val expect = step["expect"]?.jsonObject ?: JsonObject(emptyMap())
        val outcome = runCatching { runBlocking { options.watch { calls.call(name, args, it, step["save_as"]?.jsonPrimitive?.contentOrNull) } } }
        val wanted = expect["error"]?.jsonObject
        outcome.exceptionOrNull()?.let { failure ->
            val got = errorJson(failure) ?: throw failure
            if (wanted == null) throw AssertionError("failed: $got", failure)
            // A coroutine's own cancellation says no more than that.
            agree(if (failure is CancellationException) JsonObject(wanted.filterKeys { it in got.keys }) else wanted, got)
        } ?: run {
            if (wanted != null) throw AssertionError("succeeded, expected the error $wanted; result ${outcome.getOrNull()}")
            val result = outcome.getOrThrow()
            expect["result"]?.let { agree(it, result) }
            step["save"]?.jsonObject?.forEach { (key, pointer) -> saved[key] = result.at(pointer.jsonPrimitive.content) }
        }
        options.check(expect["progress"]?.jsonPrimitive?.contentOrNull)
    }

    private fun control(control: JsonObject, step: JsonObject) {
        val result = sandbox.control(control.text("method"), control.text("path"), control["body"])
        step["expect"]?.jsonObject?.get("result")?.let { agree(it, result) }
        step["save"]?.jsonObject?.forEach { (key, pointer) -> saved[key] = result.at(pointer.jsonPrimitive.content) }
    }

    private fun file(file: JsonObject) {
        val (action, where) = file.entries.first { it.key in setOf("write", "append", "remove", "append_during_next_call") }
        val place = sources.place(where.jsonPrimitive.content)
        when (action) {
            "write" -> {
                place.parentFile.mkdirs()
                file["text"]?.let { place.writeText(it.jsonPrimitive.content) } ?: sources.file(file).copyTo(place, overwrite = true)
            }
            "append" -> place.appendText(file.text("text"))
            "remove" -> check(place.delete()) { "cannot remove $place" }
            else -> changeDuringNextCall(place, file.getValue("after_bytes").jsonPrimitive.long)
        }
    }

    private fun changeDuringNextCall(place: File, after: Long) {
        var done = false
        changeOfNextCall = { sent ->
            if (!done && sent >= after) {
                done = true
                place.appendBytes(byteArrayOf(0))
            }
        }
    }

    private fun received() {
        val expected = scenario["received"]?.filled(saved)?.jsonArray ?: return
        val actual = sandbox.control("GET", "/received?personal=true").let { it as? JsonArray ?: it.jsonObject.getValue("received").jsonArray }
        if (scenario["received_mode"]?.jsonPrimitive?.contentOrNull == "contains") {
            var from = 0
            for (one in expected) {
                val at = (from until actual.size).firstOrNull { differences(one, actual[it]).isEmpty() }
                    ?: throw AssertionError("not received, in this order: $one; received ${summary(actual)}")
                from = at + 1
            }
        } else {
            if (expected.size != actual.size) throw AssertionError("${case.title} received ${summary(actual)}, expected ${summary(expected)}")
            agree(expected, actual)
        }
    }

    private fun summary(list: JsonArray) = list.map { it.jsonObject["operation"]?.jsonPrimitive?.contentOrNull }

    private fun agree(expected: JsonElement, actual: JsonElement) {
        val found = differences(expected, actual)
        if (found.isNotEmpty()) throw AssertionError(found.joinToString("\n") + "\nin $actual")
    }

    /** What the scenario says of its clients. */
    private fun wishes(): JsonObject = scenario["client"]?.filled(saved)?.jsonObject.orEmpty().also { client ->
        val unknown = client.keys - setOf("config", "one_shot", "identity", "upload_identity", "trust", "url")
        check(unknown.isEmpty()) { "unknown of a client: $unknown" }
    }.let(::JsonObject)

    private fun JsonObject.setting(key: String): String? = this[key]?.jsonPrimitive?.contentOrNull

    private val tls = sandbox.raUrl.startsWith("https:")

    /** A client as the scenario sets it up. */
    private fun newClient(): RegistrationAuthority {
        val client = wishes()
        val unreachable = client.setting("url") == "unreachable"
        val config = mutableMapOf<String, JsonElement>(
            "environment" to JsonPrimitive("custom"),
            "api_url" to JsonPrimitive(if (unreachable) "http://127.0.0.1:1/api/v1" else sandbox.raUrl),
            "upload_url" to JsonPrimitive(if (unreachable) "http://127.0.0.1:1" else sandbox.uploadUrl),
            "registration_authority" to JsonPrimitive(sandbox.raId),
            "video_pk" to JsonPrimitive("request_pk"),
        )
        if (tls) {
            val bare = trust(client.setting("trust") ?: "sandbox")
            val full = identity(client.setting("identity") ?: "client")?.let { JsonObject(bare + ("identity" to it)) } ?: bare
            val forUploads = client["upload_identity"]?.jsonPrimitive?.booleanOrNull ?: ("--upload-mutual-tls" in args)
            config["tls"] = full
            config["upload_tls"] = if (forUploads) full else bare
        }
        return RegistrationAuthority(RaConfig.fromJson(config.with(client["config"]))).also(clients::add)
    }

    /** The same of the One-Shot API, which shows no certificate. */
    private fun newOneShot(): OneShot {
        val client = wishes()
        val config = sandbox.oneShotConfig.toMutableMap()
        if (client.setting("url") == "unreachable") config["base_url"] = JsonPrimitive("http://127.0.0.1:1")
        if (tls) config["tls"] = trust(client.setting("trust") ?: "sandbox")
        return OneShot(OneShotConfig.fromJson(config.with(client["one_shot"]))).also(clients::add)
    }

    /** The settings as JSON, with the scenario's own laid over them; null switches a default off. */
    private fun Map<String, JsonElement>.with(own: JsonElement?): String =
        JsonObject((this + own?.jsonObject.orEmpty()).filterValues { it !is JsonNull }).toString()

    /** Certificate and key of that name, in the JSON of `ClientIdentity`; null for none. */
    private fun identity(name: String): JsonObject? {
        val (certificate, key) = when (name) {
            "client" -> Pair("client.pem", "client.key")
            "expired" -> Pair("client-expired.pem", "client-expired.key")
            "foreign" -> Pair("client-foreign.pem", "client-foreign.key")
            "key_mismatch" -> Pair("client.pem", "other.key")
            "encrypted" -> Pair("client.pem", "client-encrypted.key")
            "none" -> return null
            else -> error("unknown identity $name")
        }
        val password = if (name == "encrypted") mapOf("password" to JsonPrimitive("sandbox")) else emptyMap()
        return JsonObject(mapOf("certificate_file" to pki(certificate), "key_file" to pki(key)) + password)
    }

    private fun trust(name: String): JsonObject = when (name) {
        "sandbox" -> JsonObject(mapOf("ca_file" to pki("ca.pem")))
        "foreign" -> JsonObject(mapOf("ca_file" to pki("foreign-ca.pem"), "ca_only" to JsonPrimitive(true)))
        else -> error("unknown trust $name")
    }

    private fun pki(name: String) = JsonPrimitive(sandbox.pki(name).path)

    override fun close() {
        calls.close()
        clients.forEach { it.close() }
        inbox.close()
    }
}
