package dev.videoid.tests

import dev.videoid.VideoId
import dev.videoid.VideoIdException
import dev.videoid.native
import dev.videoid.parseAnswer
import dev.videoid.operations
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

/** Each documented body of the operations that Kotlin has, and what becomes of it on this side of the border. */
class VendorVectorTest {
    @TestFactory
    fun vectors(): List<DynamicTest> {
        val own = VideoId.operations.map { it.name }.toSet()
        return Repo.folder("tests/vectors/vendor", ".json").map { Json.parseToJsonElement(it.readText()).jsonObject }
            .filter { it.text("operation") in own }
            .map { vector -> DynamicTest.dynamicTest(vector.text("name")) { run(vector) } }
    }

    private fun run(vector: JsonObject) {
        val expect = vector.obj("expect")
        when (vector.text("kind")) {
            "answer" -> {
                val answer = parse(vector)
                assertEquals(emptyList<String>(), differences(expect.getValue("json"), parsed(answer)))
                // Through the class of this language and back, nothing is lost.
                assertEquals(parsed(answer), parsed(throughModel(expect.text("model"), answer)))
            }
            "error" -> {
                val thrown = assertThrows(VideoIdException::class.java) { parse(vector) }
                assertEquals(vector.text("operation"), thrown.operation)
                val got = errorJson(thrown)!!
                expect.obj("error").forEach { (key, value) -> assertEquals(value, got[key] ?: JsonNull, key) }
                thrown.serverText?.takeIf { it.length > 5 }?.let { assertFalse(it in thrown.toString(), "the service's text is shown") }
            }
            else -> error("unknown kind of vector")
        }
    }

    private fun parse(vector: JsonObject): String =
        native { parseAnswer(vector.text("operation"), vector.getValue("http_status").jsonPrimitive.int.toUShort(), vector.text("body").encodeToByteArray()) }
}
