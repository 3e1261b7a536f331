package dev.videoid.tests

import dev.videoid.*
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** What a scenario has made and files of its own, for the arguments of its calls. */
class Things(val sources: Sources, val inbox: WebhookInbox) : AutoCloseable {
    val evidences = mutableMapOf<String, Evidence>()
    val bundles = mutableMapOf<String, Bundle>()

    override fun close() {
        evidences.values.forEach { it.close() }
        bundles.values.forEach { it.close() }
    }
}

/** The arguments of a call; those that were not asked for are found out. */
class Given(private val args: JsonObject, private val things: Things) : OperationArguments {
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

    override fun file(name: String): File = things.sources.place(text(name))

    override fun source(name: String) = source(need(name))

    override fun sources(name: String): List<Source> = need(name).jsonArray.map(::source)

    override fun evidence(name: String): Evidence {
        val saved = text(name).removePrefix("$")
        val bundle = saved.removeSuffix(".evidence")
        return if (bundle != saved) things.bundles.getValue(bundle).evidence else things.evidences[saved] ?: error("no evidence was saved as $saved")
    }

    fun source(spec: JsonElement): Source =
        if (spec is JsonPrimitive) things.bundles.getValue(spec.content.removePrefix("$").removeSuffix(".video")).video ?: error("the bundle has no video")
        else things.sources.of(spec.jsonObject)

    fun documents(): List<JsonObject> = opt("documents")?.jsonArray.orEmpty().map { it.jsonObject }

    fun request() = NewRequest.fromJson(json("request"))

    fun rao() = RaoCredentials.fromJson(json("rao"))

    fun millis(name: String): Duration? = opt(name)?.jsonPrimitive?.long?.milliseconds

    fun inbox(): WebhookInbox? = things.inbox.takeIf { opt("inbox")?.jsonPrimitive?.boolean == true }

    /** The body of a webhook, with spaces behind it where a length is asked for. */
    fun body() = text("body").let { text -> text.padEnd(opt("pad_to")?.jsonPrimitive?.int ?: 0) }

    /** The state that a scenario gives, or that of the workflow that it has. */
    fun state(current: () -> String): String {
        val state = opt("state")
        return if (state == null) current() else if (state is JsonPrimitive) state.content else state.toString()
    }
}
