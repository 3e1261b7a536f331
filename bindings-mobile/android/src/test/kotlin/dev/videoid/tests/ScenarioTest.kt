package dev.videoid.tests

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.TestFactory

/** Every scenario whose target is Kotlin, each as a test of its name. */
class ScenarioTest {
    @TestFactory
    fun scenarios(): List<DynamicTest> = tests(alone = false)

    @TestFactory
    @Tag("alone")
    fun aloneScenarios(): List<DynamicTest> = tests(alone = true)

    private fun tests(alone: Boolean): List<DynamicTest> =
        targeted().filter { (it["alone"]?.jsonPrimitive?.booleanOrNull ?: false) == alone }
            .map { scenario -> DynamicTest.dynamicTest(scenario.text("name")) { ScenarioRun.run(scenario) } }

    private fun targeted(): List<JsonObject> {
        val only = System.getenv("VIDEOID_SCENARIO")?.takeIf { it.isNotEmpty() }
        return Repo.folder("tests/scenarios", ".json")
            .filter { it.name != "schema.json" }
            .map { Json.parseToJsonElement(it.readText()).jsonObject }
            .filter { JsonPrimitive("kotlin") in it.getValue("target").jsonArray }
            .filter { only == null || it.text("name") == only }
    }
}
