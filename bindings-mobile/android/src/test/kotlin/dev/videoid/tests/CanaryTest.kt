package dev.videoid.tests

import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** No personal datum and no secret is seen where nobody asked for it: in a process of its own, so that what native code prints counts, too. */
class CanaryTest {
    @Test
    fun `nothing personal is seen`() = inTempFolder { folder ->
        val java = File(System.getProperty("java.home"), "bin/java").path
        val process = ProcessBuilder(
            java, "-Djna.library.path=${Repo.nativeDir}", "-cp", System.getProperty("java.class.path"), CanaryProgram::class.java.name, folder.toString(),
        ).redirectErrorStream(true).apply { environment()["RUST_LOG"] = "trace" }.start()
        process.outputStream.close()
        val output = process.inputStream.bufferedReader().readText()
        assertEquals(0, process.waitFor(), output.takeLast(4000))
        // It would find nothing in nothing.
        assertTrue(output.trimEnd().endsWith("END") && "HookEvent(" in output && "create_request" in output && output.lines().size > 100)
        // What the service made up on the way and nobody is to see, too: tokens and links.
        val secrets = folder.resolve("secrets.txt").toFile().readLines().distinct()
        assertTrue(secrets.size > 6)
        val values = Canaries.all + Sandbox.with().rao.filterKeys { it != "rao_id" }.mapValues { it.value.jsonPrimitive.content } + secrets.associateBy { "secret ${secrets.indexOf(it)}" }
        val found = Canaries.seenIn(output, values)
        assertEquals(emptyList<String>(), found) {
            output.lines().filter { line -> Canaries.seenIn(line, values).isNotEmpty() }.take(5).joinToString("\n")
        }
    }

    @Test
    fun `a canary is found in every disguise`() {
        val mail = Canaries["email"].toByteArray()
        val base64 = java.util.Base64.getEncoder()
        val hidden = listOf(base64.encodeToString("x".toByteArray() + mail + "yz".toByteArray()), mail.joinToString("") { "%02X".format(it) }, "mail=kanari.mail%40example.com")
        hidden.forEach { assertEquals(listOf("email"), Canaries.seenIn("… $it …")) }
    }
}
