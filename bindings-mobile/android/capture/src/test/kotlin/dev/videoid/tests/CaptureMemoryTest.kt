package dev.videoid.tests

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import java.io.File

/** Native memory does not grow with what was made and closed: private memory over a control process that makes next to nothing. */
@Tag("alone")
class CaptureMemoryTest {
    private val bound = 8L * 1024 * 1024

    @Test
    fun `ten thousand evidences and bundles made and closed`() {
        val control = grown(1)
        val measured = grown(10_000)
        println("private memory grew by ${measured / 1024} KB, in the control process by ${control / 1024} KB")
        assertTrue(measured - control < bound) { "${(measured - control) / 1024} KB over the control process" }
    }

    private fun grown(count: Int): Long = inTempFolder { folder ->
        // A small heap that is taken whole before the measurement: what is left to grow is native.
        val command = listOf(
            File(System.getProperty("java.home"), "bin/java").path, "-Xms64m", "-Xmx64m", "-Xmn4m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Djna.library.path=${Repo.nativeDir}", "-cp", System.getProperty("java.class.path"), CaptureMemoryProgram::class.java.name, "$count", "$folder",
        )
        val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        try {
            val output = process.inputStream.bufferedReader()
            fun expect(word: String) = check(output.readLine() == word) { "the measured process did not say $word" }
            fun privateBytes() = File("/proc/${process.pid()}/status").useLines { lines -> lines.first { it.startsWith("RssAnon:") } }.filter(Char::isDigit).toLong() * 1024
            expect("ready")
            val before = privateBytes()
            process.outputStream.write("go\n".toByteArray())
            process.outputStream.flush()
            expect("done")
            privateBytes() - before
        } finally {
            process.destroy()
            process.waitFor()
        }
    }
}
