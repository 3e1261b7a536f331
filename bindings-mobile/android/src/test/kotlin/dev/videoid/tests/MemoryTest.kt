package dev.videoid.tests

import dev.videoid.toJson
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.BufferedReader
import java.io.File
import java.io.RandomAccessFile
import java.nio.file.Files
import kotlin.concurrent.thread
import kotlin.random.Random

/**
 * Memory does not grow with the files: peak of private memory over a control process that does all but the transfer, after one
 * warm-up transfer. The bound is twice the goal of 4 MB.
 */
@Tag("alone")
class MemoryTest {
    private val bound = 8L * 1024 * 1024
    private val sandbox = Sandbox.with("--discard-uploads")
    private val config = """{"environment":"custom","api_url":"${sandbox.raUrl}","upload_url":"${sandbox.uploadUrl}",""" +
        """"registration_authority":"${sandbox.raId}","video_pk":"request_pk","timeouts":{"idle":0}}"""

    @Test
    fun `four images of 20 MB and a video of 500 MB`() = inTempFolder { folder ->
        sandbox.reset()
        writeJpeg(folder.resolve("large.jpg").toFile(), 20_000_000, Repo.fixture("specimen/document_front.jpg"))
        writeMp4(folder.resolve("large.mp4").toFile(), 500_000_000)
        compare("upload", folder.toFile())
    }

    @Test
    fun `a request with 40 MB of images read back twenty times`() = inTempFolder { folder ->
        sandbox.reset()
        // A first process leaves a request with evidence behind; its images are then made large.
        Growth(folder.toFile(), "control_read_back", config = config).use { it.run() }
        val pk = Regex(""""pk":\s*(\d+)""").find(sandbox.control("GET", "/requests").toString())!!.groupValues[1]
        sandbox.control("POST", "/requests/$pk/images", Json.parseToJsonElement("""{"megabytes":40}"""))
        compare("read_back", folder.toFile(), pk)
    }

    @TestFactory
    fun `a video of 200 MB up and back on the One-Shot API`() = OneShotStory.dialects.map { dialect ->
        DynamicTest.dynamicTest("in $dialect") {
            inTempFolder { folder ->
                val large = folder.resolve("large.mp4").toFile()
                writeMp4(large, 200_000_000)
                vary(large)
                // One that keeps what it is sent.
                val config = Sandbox.with().apply { reset() }.oneShotConfig(dialect).toJson()
                compare("one_shot", folder.toFile(), config = config) { what ->
                    val back = folder.resolve("back.mp4")
                    assertEquals(-1, Files.mismatch(large.toPath(), back)) { "$what: another video came back" }
                    Files.delete(back)
                }
            }
        }
    }

    /** Bytes that differ from place to place, where those of the generated video are all the same. */
    private fun vary(file: File) = RandomAccessFile(file, "rw").use { out ->
        val random = Random(5)
        for (at in 1_000_000 until out.length() - 1_000_000 step 777_777) {
            out.seek(at)
            out.write(random.nextBytes(4096))
        }
    }

    private fun compare(what: String, folder: File, vararg more: String, config: String = this.config, after: (String) -> Unit = { }) {
        val control = Growth(folder, "control_$what", *more, config = config).use { it.run() }
        after("control")
        val measured = Growth(folder, what, *more, config = config).use { it.run() }
        after(what)
        println("$what: private memory grew by ${kb(measured)}, in the control process by ${kb(control)}")
        assertTrue(measured - control < bound) { "$what: ${kb(measured - control)} over the control process" }
    }

    private fun kb(bytes: Long) = "${bytes / 1024} KB"

    /** A measured process: how much its private memory grew between `ready` and `done`, at its peak. */
    private class Growth(folder: File, what: String, vararg more: String, config: String) : AutoCloseable {
        // A small young generation: what the JVM's heap would take for garbage is bounded before the measurement starts.
        private val command = listOf(
            File(System.getProperty("java.home"), "bin/java").path, "-Xmx96m", "-Xmn4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Djna.library.path=${Repo.nativeDir}", "-cp", System.getProperty("java.class.path"), MemoryProgram::class.java.name, what, config, folder.path,
        ) + more
        private val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        private val output: BufferedReader = process.inputStream.bufferedReader()

        fun run(): Long {
            expect("ready")
            val before = privateBytes()
            var peak = before
            var running = true
            val sampler = thread { while (running) { peak = maxOf(peak, privateBytes()); Thread.sleep(5) } }
            process.outputStream.write("go\n".toByteArray())
            process.outputStream.flush()
            expect("done")
            running = false
            sampler.join()
            return maxOf(peak, privateBytes()) - before
        }

        private fun expect(word: String) = check(output.readLine() == word) { "the measured process did not say $word" }

        /** Memory that is this process's own and not a file's. */
        private fun privateBytes(): Long {
            val line = File("/proc/${process.pid()}/status").useLines { lines -> lines.firstOrNull { it.startsWith("RssAnon:") } } ?: return 0
            return line.filter(Char::isDigit).toLong() * 1024
        }

        override fun close() {
            process.destroy()
            process.waitFor()
        }
    }
}
