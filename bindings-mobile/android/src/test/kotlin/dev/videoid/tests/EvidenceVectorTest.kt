package dev.videoid.tests

import dev.videoid.Evidence
import dev.videoid.VideoIdException
import dev.videoid.toJson
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import java.nio.file.Path

/** Evidence in; the bytes, the report or the error of every other language out. */
class EvidenceVectorTest {
    @TestFactory
    fun vectors(): List<DynamicTest> = Repo.folder("tests/vectors/evidence", ".json").map { file ->
        val vector = Json.parseToJsonElement(file.readText()).jsonObject
        DynamicTest.dynamicTest(vector.text("name")) { inTempFolder { run(vector, it) } }
    }

    private fun run(vector: JsonObject, folder: Path) = runBlocking<Unit> {
        val input = vector.obj("input")
        val expect = vector.obj("expect")
        expect["report"]?.let { assertEquals(it, parsed(Evidence.check { collect(input, Sources(folder)) }.toJson())) }
        val error = expect["error"]
        if (error != null) failure(input, error.jsonObject, folder) else success(input, expect, folder)
    }

    private fun failure(input: JsonObject, error: JsonObject, folder: Path) {
        val thrown = assertThrows(VideoIdException::class.java) { runBlocking { Evidence.build { collect(input, Sources(folder)) } } }
        val got = errorJson(thrown)!!
        assertEquals(error, JsonObject(got.filterKeys { it in error.keys }))
        val shown = thrown.toString()
        texts(input).filter { it.length > 4 }.forEach { check(it !in shown) { "the error shows a value of the input" } }
    }

    private suspend fun success(input: JsonObject, expect: JsonObject, folder: Path) {
        Evidence.build { collect(input, Sources(folder)) }.use { evidence ->
            assertEquals(expect.getValue("length").jsonPrimitive.long, evidence.contentLength)
            assertEquals(expect.text("sha256"), evidence.sha256())
            val body = expect["body_file"] ?: return
            val written = folder.resolve("body.json").toFile()
            evidence.writeJson(written)
            assertArrayEquals(Repo.file("tests/vectors/evidence/" + body.jsonPrimitive.content).readBytes(), written.readBytes())
        }
    }

    /** The personal data of an input: what was read from the document. */
    private fun texts(input: JsonObject): List<String> =
        (input["ocr_data"] as? JsonObject)?.values.orEmpty().filterIsInstance<JsonPrimitive>().filter { it.isString }.map { it.content }
}
