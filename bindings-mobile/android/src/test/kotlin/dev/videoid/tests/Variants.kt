package dev.videoid.tests

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject

/** A scenario, or one of its variants laid over it: one test case. */
class Case(val title: String, val scenario: JsonObject, val values: JsonObject?)

private val known = setOf(
    "name", "args", "cards", "settings", "faults", "config", "one_shot", "identity", "upload_identity", "trust", "url", "values", "received",
    "received_mode",
)

/** The test cases of a scenario: one for each variant, or itself. */
fun casesOf(scenario: JsonObject): List<Case> {
    val name = scenario.text("name")
    val variants = scenario["variants"]?.jsonArray?.map { it.jsonObject } ?: return listOf(Case(name, scenario, null))
    val names = variants.map { it.text("name") }
    check(names.toSet().size == names.size) { "$name: two variants have one name" }
    return variants.map { variant ->
        check(known.containsAll(variant.keys)) { "$name: unknown in a variant: ${variant.keys - known}" }
        Case("$name[${variant.text("name")}]", scenario.with(variant, names), variant["values"]?.jsonObject ?: JsonObject(emptyMap()))
    }
}

private fun JsonObject.with(variant: JsonObject, names: List<String>): JsonObject {
    val sandbox = part("sandbox").laid("settings", variant["settings"]).replaced(variant, "args", "cards", "faults")
    val client = part("client").laid("config", variant["config"]).laid("one_shot", variant["one_shot"])
        .replaced(variant, "identity", "upload_identity", "trust", "url")
    val steps = getValue("steps").jsonArray.map { it.jsonObject }.filter { step ->
        val only = step["only"]?.jsonArray?.map { (it as JsonPrimitive).content } ?: return@filter true
        check(names.containsAll(only)) { "a step is for a variant that is not there: $only" }
        variant.text("name") in only
    }
    val own = mapOf("sandbox" to sandbox, "client" to client, "steps" to JsonArray(steps.map { JsonObject(it - "only") }))
    return JsonObject(this - "variants" + own).replaced(variant, "received", "received_mode")
}

private fun JsonObject.part(key: String): JsonObject = this[key]?.jsonObject ?: JsonObject(emptyMap())

/** Each member of [more] in place of the one of its name in the object at [key]. */
private fun JsonObject.laid(key: String, more: JsonElement?): JsonObject =
    if (more == null) this else JsonObject(this + (key to JsonObject(part(key) + more.jsonObject)))

private fun JsonObject.replaced(variant: JsonObject, vararg keys: String): JsonObject =
    JsonObject(this + keys.mapNotNull { key -> variant[key]?.let { key to it } })
