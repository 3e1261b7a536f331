package dev.videoid.tests

import dev.videoid.ErrorCategory
import dev.videoid.Evidence
import dev.videoid.Source
import dev.videoid.VideoIdException
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test

/** Streams are read once; what has to be looked at before it is sent cannot be one. */
class StreamTest {
    @Test
    fun `an image cannot be a stream`() {
        val image = Repo.fixture("specimen/document_front.jpg")
        val error = assertThrows(VideoIdException::class.java) {
            runBlocking { Evidence.build { documentFront(Source.of(image.inputStream(), image.length())) } }
        }
        assertEquals("body_not_repeatable", error.code)
        assertEquals(ErrorCategory.VALIDATION, error.category)
    }

    @Test
    fun `a source shows no path`() {
        assertFalse("eriksson" in Source.of(java.io.File("/nowhere/eriksson.jpg")).toString())
        assertFalse(Source.of(ByteArray(0).inputStream(), 0).isReplayable)
    }
}
