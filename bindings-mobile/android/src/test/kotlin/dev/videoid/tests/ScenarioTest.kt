package dev.videoid.tests

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.TestFactory

/** Every scenario whose target is Kotlin, each as a test of its name, and each variant as `name[variant]`. */
class ScenarioTest {
    @TestFactory
    fun scenarios(): List<DynamicTest> = tests(alone = false)

    @TestFactory
    @Tag("alone")
    fun aloneScenarios(): List<DynamicTest> = tests(alone = true)

    private fun tests(alone: Boolean): List<DynamicTest> =
        targeted().filter { (it.scenario["alone"]?.jsonPrimitive?.booleanOrNull ?: false) == alone }
            .map { case -> DynamicTest.dynamicTest(case.title) { ScenarioRun.run(case) } }

    private fun targeted(): List<Case> {
        val only = System.getenv("VIDEOID_SCENARIO")?.takeIf { it.isNotEmpty() }
        return Repo.folder("tests/scenarios", ".json")
            .filter { it.name != "schema.json" }
            .map { Json.parseToJsonElement(it.readText()).jsonObject }
            .filter { JsonPrimitive("kotlin") in it.getValue("target").jsonArray }
            .flatMap(::casesOf)
            .filter { only == null || it.title == only || it.scenario.text("name") == only }
    }
}
