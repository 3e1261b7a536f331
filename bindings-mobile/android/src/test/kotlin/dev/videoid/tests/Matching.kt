package dev.videoid.tests

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** What of [expected] is not in [actual]; empty where all of it is. Objects are subsets, arrays go element by element. */
fun differences(expected: JsonElement, actual: JsonElement?, path: String = ""): List<String> = when {
    expected is JsonObject && expected.keys.any { it == "\$type" || it == "\$match" } -> loosely(expected, actual, path)
    expected is JsonNull && (actual == null || actual is JsonNull) -> emptyList()
    actual == null -> listOf("$path: missing, expected $expected")
    expected is JsonObject ->
        if (actual is JsonObject) expected.flatMap { (key, value) -> differences(value, actual[key], "$path/$key") }
        else listOf("$path: expected an object, got $actual")
    expected is JsonArray ->
        if (actual is JsonArray && actual.size == expected.size) expected.indices.flatMap { differences(expected[it], actual[it], "$path/$it") }
        else listOf("$path: expected ${expected.size} elements, got ${(actual as? JsonArray)?.size ?: actual}")
    same(expected as JsonPrimitive, actual) -> emptyList()
    else -> listOf("$path: expected $expected, got $actual")
}

private fun same(expected: JsonPrimitive, actual: JsonElement): Boolean {
    if (actual !is JsonPrimitive || expected.isString != actual.isString) return false
    if (expected == actual) return true
    val numbers = Pair(expected.doubleOrNull, actual.doubleOrNull)
    return !expected.isString && numbers.first != null && numbers.first == numbers.second
}

private fun loosely(rule: JsonObject, actual: JsonElement?, path: String): List<String> {
    rule["\$match"]?.let { pattern ->
        val text = (actual as? JsonPrimitive)?.takeIf { it !is JsonNull }?.content
        val found = text != null && Regex(pattern.jsonPrimitive.content).containsMatchIn(text)
        return if (found) emptyList() else listOf("$path: does not match $pattern")
    }
    val type = rule.getValue("\$type").jsonPrimitive.content
    val fits = when (type) {
        "present" -> actual != null && actual !is JsonNull
        "absent" -> actual == null || actual is JsonNull
        "string" -> actual is JsonPrimitive && actual.isString
        "bool" -> actual is JsonPrimitive && !actual.isString && actual.booleanOrNull != null
        "number" -> actual is JsonPrimitive && !actual.isString && actual.doubleOrNull != null
        "object" -> actual is JsonObject
        "array" -> actual is JsonArray
        else -> error("unknown \$type $type")
    }
    return if (fits) emptyList() else listOf("$path: is not $type")
}

/** The value that a JSON pointer names. */
fun JsonElement.at(pointer: String): JsonElement =
    pointer.split('/').drop(1).fold(this) { here, step ->
        val key = step.replace("~1", "/").replace("~0", "~")
        when (here) {
            is JsonObject -> here[key] ?: error("no $pointer in the result")
            is JsonArray -> here[key.toInt()]
            else -> error("no $pointer in the result")
        }
    }

/** With `${name}` replaced: as the value itself where it is the whole text, as text inside a longer one. */
fun JsonElement.filled(saved: Map<String, JsonElement>): JsonElement = when (this) {
    is JsonObject -> JsonObject(mapValues { it.value.filled(saved) })
    is JsonArray -> JsonArray(map { it.filled(saved) })
    is JsonNull -> this
    is JsonPrimitive -> if (!isString) this else filledText(content, saved)
}

private val place = Regex("""\$\{([A-Za-z0-9_.]+)}""")

private fun filledText(text: String, saved: Map<String, JsonElement>): JsonElement {
    // `rao.rao_id` goes into an object.
    val value = { name: String ->
        val steps = name.split('.')
        steps.drop(1).fold(saved[steps[0]]) { here, step -> (here as? JsonObject)?.get(step) } ?: error("nothing was saved as $name")
    }
    place.matchEntire(text)?.let { return value(it.groupValues[1]) }
    return JsonPrimitive(place.replace(text) { (value(it.groupValues[1]) as JsonPrimitive).content })
}

/** The text at a key; an error that names the key where there is none. */
fun JsonObject.text(key: String): String = (this[key] ?: error("no $key in $keys")).jsonPrimitive.content

fun JsonObject.obj(key: String): JsonObject = (this[key] ?: error("no $key in $keys")).jsonObject
