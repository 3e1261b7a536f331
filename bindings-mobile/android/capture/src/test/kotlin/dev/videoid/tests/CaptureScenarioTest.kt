package dev.videoid.tests

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.nio.file.Path

/** Every scenario of the first tier whose target is Kotlin. They need no sandbox: nothing is sent. */
class CaptureScenarioTest {
    @TestFactory
    fun scenarios(): List<DynamicTest> = Repo.folder("tests/scenarios", ".json")
        .filter { it.name != "schema.json" }
        .map { Json.parseToJsonElement(it.readText()).jsonObject }
        .filter { it.getValue("tier").jsonPrimitive.int == 1 && JsonPrimitive("kotlin") in it.getValue("target").jsonArray }
        .flatMap(::casesOf)
        .map { case -> DynamicTest.dynamicTest(case.title) { inTempFolder { run(case, it) } } }

    private fun run(case: Case, folder: Path) {
        val unknown = case.scenario.keys - setOf("name", "about", "tier", "target", "steps")
        check(unknown.isEmpty()) { "what a scenario of the first tier has not: $unknown" }
        val saved = mutableMapOf<String, JsonElement>()
        val sources = Sources(folder)
        CaptureCalls(sources).use { calls ->
            case.scenario.getValue("steps").jsonArray.forEachIndexed { index, step ->
                try {
                    step(step.jsonObject.filled(saved).jsonObject, calls, sources, saved)
                } catch (e: Throwable) {
                    throw AssertionError("${case.title}, step ${index + 1}: ${e.message}", e)
                }
            }
        }
    }

    private fun step(step: JsonObject, calls: CaptureCalls, sources: Sources, saved: MutableMap<String, JsonElement>) {
        step["file"]?.let { return file(it.jsonObject, sources) }
        val unknown = step.keys - setOf("call", "args", "save", "save_as", "expect")
        check(unknown.isEmpty()) { "unknown in a step: $unknown" }
        val args = step["args"]?.jsonObject ?: JsonObject(emptyMap())
        val expect = step["expect"]?.jsonObject ?: JsonObject(emptyMap())
        val outcome = runCatching { runBlocking { calls.call(step.text("call"), args, step["save_as"]?.jsonPrimitive?.contentOrNull) } }
        val error = expect["error"]
        val failure = outcome.exceptionOrNull()
        if (error != null) {
            val got = errorJson(failure ?: throw AssertionError("succeeded, expected the error $error")) ?: throw failure
            assertEquals(emptyList<String>(), differences(error, got))
            return
        }
        val result = outcome.getOrThrow()
        expect["result"]?.let { assertEquals(emptyList<String>(), differences(it, result)) }
        step["save"]?.jsonObject?.forEach { (key, pointer) -> saved[key] = result.at(pointer.jsonPrimitive.content) }
    }

    private fun file(file: JsonObject, sources: Sources) {
        val (what, path) = file.entries.first { it.key != "text" }
        val place = sources.place(path.jsonPrimitive.content)
        when (what) {
            "write" -> place.writeText(file.text("text"))
            "append" -> place.appendText(file.text("text"))
            "remove" -> check(place.delete()) { "cannot remove $place" }
            else -> error("unknown: $what")
        }
    }
}
