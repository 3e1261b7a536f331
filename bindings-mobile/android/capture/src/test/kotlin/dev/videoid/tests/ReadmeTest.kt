package dev.videoid.tests

import dev.videoid.Bundle
import dev.videoid.OcrData
import dev.videoid.Source
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The README's lines are what is compiled here, and do what it says. */
class ReadmeTest {
    private val module = Repo.file("bindings-mobile/android/capture")

    @Test
    fun `the lines of the README save a bundle`() = inTempFolder { folder ->
        val lines = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(module.resolve("README.md").readText()).map { it.groupValues[1] }.toList()
        assertEquals(1, lines.size)
        assertTrue(lines.single() in module.resolve("src/test/kotlin/dev/videoid/tests/Readme.kt").readText(), "README.md and Readme.kt differ")

        fun picture(name: String) = Source.of(Repo.fixture("specimen/document_$name.jpg"))
        val bundle = folder.resolve("bundle").toFile()
        val read = OcrData(givenName = "ANNA MARIA", surname1 = "ERIKSSON", mobilePhoneNumber = "+34600000000")
        val findings = runBlocking { collected(picture("front"), picture("rear"), picture("owner"), Source.of(Repo.fixture("specimen.mp4")), read, bundle) }
        assertTrue(findings.all { it.field.isNotEmpty() })
        runBlocking { Bundle.load(bundle) }.use { assertEquals(5, it.manifest.files.size) }
    }
}
