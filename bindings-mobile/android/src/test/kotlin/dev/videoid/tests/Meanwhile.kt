package dev.videoid.tests

import dev.videoid.VideoIdException
import dev.videoid.WebhookInbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The calls that wait: with limits, with the inbox where it is wished for, and with what is done meanwhile. */
class Waiting(private val meanwhile: Meanwhile) {
    suspend fun call(args: Given, call: suspend (Duration, Duration, Duration, WebhookInbox?) -> String): JsonElement {
        val deadline = args.millis("deadline_ms") ?: Duration.ZERO
        val (poll, maxPoll) = Pair(args.millis("poll_ms") ?: 2.seconds, args.millis("max_poll_ms") ?: 60.seconds)
        val inbox = args.inbox()
        val items = args.opt("meanwhile")?.jsonArray ?: JsonArray(emptyList())
        return parsed(meanwhile.beside(items) { call(deadline, poll, maxPoll, inbox) })
    }
}

/** What scenarios do while a call waits; what is left when the call ends is left out. */
class Meanwhile(private val sandbox: Sandbox, private val inbox: WebhookInbox) {
    private var relayed = 0

    suspend fun <T> beside(items: JsonArray, call: suspend () -> T): T = coroutineScope {
        val deeds = launch(Dispatchers.IO) { items.forEach { perform(it.jsonObject) } }
        try {
            call()
        } finally {
            deeds.cancel()
        }
    }

    private suspend fun perform(item: JsonObject) {
        delay(item.getValue("after_ms").jsonPrimitive.long)
        val (what, value) = item.entries.single { it.key != "after_ms" }
        when (what) {
            "control" -> value.jsonObject.let { sandbox.control(it.text("method"), it.text("path"), it["body"]) }
            "webhook" -> receive(value.jsonPrimitive.content)
            "webhook_json" -> receive(value.toString())
            "relay" -> relay()
            else -> error("nothing that can be done meanwhile: $what")
        }
    }

    /** What the sandbox delivered and was not relayed before. */
    private fun relay() {
        val all = sandbox.control("GET", "/webhooks?personal=true").jsonObject.getValue("deliveries").jsonArray
        val fresh = all.drop(relayed)
        relayed = all.size
        fresh.forEach { delivery -> delivery.jsonObject.getValue("body").let { receive(text(it)) } }
    }

    private fun text(body: JsonElement) = if (body is JsonPrimitive && body.isString) body.content else body.toString()

    private fun receive(body: String) {
        try {
            inbox.receive(body)
        } catch (_: VideoIdException) {
            // Whether the inbox takes it is the product's matter.
        }
    }
}
