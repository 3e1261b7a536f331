package dev.videoid.tests

import dev.videoid.Bundle
import dev.videoid.ErrorCategory
import dev.videoid.Evidence
import dev.videoid.InternalException
import dev.videoid.Source
import dev.videoid.VideoId
import dev.videoid.VideoIdException
import dev.videoid.Wire
import dev.videoid.native
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.io.RandomAccessFile
import java.util.zip.ZipFile

/** What is true of the package for capture apps besides the scenarios and vectors of the first tier. */
class CaptureTest {
    private val front = Repo.fixture("specimen/document_front.jpg")

    /** An app has no business with officers, cards or certificates, so that the package has no name for them. */
    @Test
    fun `nothing of a client is there`() {
        val classes = classesOf(VideoId::class.java)
        assertTrue("EvidenceBuilder" in classes, classes.toString())
        val forbidden = Regex("RegistrationAuthority|OneShot|Credentials|Rao|Workflow|RaConfig|ClientIdentity|Tls|WebhookInbox|Otp|CardSecrets|Scratchcard(?!Sn)|Operation")
        assertEquals(emptyList<String>(), classes.filter { forbidden.containsMatchIn(it) })
        // Nothing is called back, so nothing can be on the main thread.
        assertEquals(emptyList<String>(), classes.filter { "Listener" in it || "StateStore" in it })
    }

    /** The native library has no word of it either. */
    @Test
    fun `the library makes no calls`() {
        val library = Repo.nativeDir.resolve("libvideoid_capture.so").readBytes().toString(Charsets.ISO_8859_1)
        assertTrue("uniffi_videoid_capture_fn_func_build_evidence" in library)
        assertEquals(emptyList<String>(), listOf("rustls", "reqwest", "hyper", "tokio", "rao_id", "approve").filter { "/$it-" in library || "_${it}_" in library })
    }

    @Test
    fun `an error is one line for people, without what was given`() = runBlocking {
        val error = runCatching { Evidence.build { documentFront(File("/nowhere/eriksson.jpg")) } }.exceptionOrNull() as VideoIdException
        assertEquals(Pair("source_unreadable", ErrorCategory.VALIDATION), Pair(error.code, error.category))
        assertEquals(listOf("videoid_data.images.document_front"), error.fields.map { it.field })
        assertFalse("eriksson" in error.toString() || '\n' in error.toString(), error.toString())
        assertTrue(error.toString().startsWith("dev.videoid.VideoIdException: source_unreadable: "), error.toString())
        assertEquals(error.message, error.localizedMessage)
    }

    /** What UniFFI throws for a panic of the native code. The threads of the library have tests of their own, in Rust. */
    @Test
    fun `a panic is an exception that shows nothing`() {
        val error = assertThrows(VideoIdException::class.java) { native { throw InternalException("ANNA MARIA") } }
        assertEquals(Triple("internal", ErrorCategory.INTERNAL, Wire.MAY_BE_PROCESSED), Triple(error.code, error.category, error.wire))
        assertFalse("ANNA" in error.toString())
    }

    @Test
    fun `an open file is a source, and may be closed at once`() = inTempFolder { folder ->
        val bundle = folder.resolve("bundle").toFile()
        val source = RandomAccessFile(front, "r").use { Source.ofDescriptor(descriptor(it)) }
        assertEquals(front.length(), source.length)
        runBlocking { Evidence.build { documentFront(source) }.use { Bundle.save(bundle, it) } }
        assertEquals(front.readBytes().toList(), bundle.resolve("document_front.jpg").readBytes().toList())
        val error = assertThrows(VideoIdException::class.java) { Source.ofDescriptor(-1) }
        assertEquals("source_unreadable", error.code)
    }

    @Test
    fun `a bundle is its owner's alone`() = inTempFolder { folder ->
        val bundle = folder.resolve("bundle").toFile()
        runBlocking { Evidence.build { documentFront(front) }.use { Bundle.save(bundle, it, Source.of(Repo.fixture("specimen.mp4"))) } }
        val modes = bundle.listFiles()!!.associate { it.name to java.nio.file.Files.getPosixFilePermissions(it.toPath()).size }
        assertEquals(mapOf("manifest.json" to 2, "evidence.json" to 2, "document_front.jpg" to 2, "video.mp4" to 2), modes)
    }

    /** The number behind a descriptor, which Java keeps to itself and Linux tells. */
    private fun descriptor(file: RandomAccessFile): Int {
        check(file.channel.isOpen)
        return checkNotNull(File("/proc/self/fd").listFiles()).filter { runCatching { it.canonicalFile == front.canonicalFile }.getOrDefault(false) }.maxOf { it.name.toInt() }
    }

    /** The names of the public classes beside that one, from its folder or jar. */
    private fun classesOf(one: Class<*>): List<String> {
        val place = File(one.protectionDomain.codeSource.location.toURI())
        val names = if (place.isDirectory) place.walk().filter { it.extension == "class" }.map { it.relativeTo(place).path }.toList()
        else ZipFile(place).use { jar -> jar.entries().asSequence().map { it.name }.filter { it.endsWith(".class") }.toList() }
        return names.map { it.removeSuffix(".class").substringAfterLast('/') }
    }
}
