package dev.videoid.tests

import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.io.File
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/** The jar alone, in a clean place: a project of its own that runs the README's lines, with a local repository of its own. */
class CleanPlaceIT {
    private val android = Repo.file("bindings-mobile/android")
    private val version = setting("videoid.version")

    @Test
    fun `the jar alone runs the lines of the README`() = inTempFolder { folder ->
        val project = folder.resolve("project").toFile()
        android.resolve("src/it/clean-place").copyRecursively(project)
        project.resolve("src/test/kotlin/Readme.kt").writeText(readme())
        mapOf("front.jpg" to "document_front.jpg", "rear.jpg" to "document_rear.jpg", "selfie.jpg" to "document_owner.jpg")
            .forEach { (name, fixture) -> Repo.fixture("specimen/$fixture").copyTo(project.resolve(name)) }
        Repo.fixture("specimen.mp4").copyTo(project.resolve("video.mp4"))
        listOf("extract.pdf", "order.pdf").forEach { Repo.fixture("specimen/register_extract.pdf").copyTo(project.resolve(it)) }
        val repository = repository(folder)
        val sandbox = Sandbox.with().apply { reset() }

        val output = maven(project, repository, sandbox)

        val wanted = listOf("VIDEOREVIEW", "the ways on: [send_link, update_request, cancel_and_new_card]", "CANCELLED was claimed, ENROLLREADY is so", "ISSUED: [./signed.pdf]", "the user is done: ENROLLREADY", "Tests run: 6,")
        assertEquals(emptyList<String>(), wanted.filter { it !in output }, output.takeLast(3000))
        val statuses = sandbox.control("GET", "/requests").jsonObject.getValue("requests").jsonArray.map { it.jsonObject["status"] }
        // External twice, eIDAS to its end and left half way, classic.
        assertEquals(listOf(4, 1), listOf("ENROLLREADY", "VIDEOINCOMPLETE").map { wanted -> statuses.count { it == JsonPrimitive(wanted) } })
    }

    private fun readme(): String =
        Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(android.resolve("README.md").readText()).joinToString("\n") { it.groupValues[1] }

    /** What Maven has fetched already, and the built jar in place of any that was installed before. */
    private fun repository(folder: Path): File {
        val repository = folder.resolve("repository")
        val known = Path.of(setting("videoid.repository"))
        Files.walk(known).use { files ->
            files.filter { !it.startsWith(known.resolve("dev/videoid")) }.forEach { file ->
                val copy = repository.resolve(known.relativize(file).toString())
                if (Files.isDirectory(file)) Files.createDirectories(copy) else linkOrCopy(file, copy)
            }
        }
        val place = repository.resolve("dev/videoid/videoid/$version").toFile().apply { mkdirs() }
        android.resolve("target/videoid-$version.jar").copyTo(place.resolve("videoid-$version.jar"))
        android.resolve("pom.xml").copyTo(place.resolve("videoid-$version.pom"))
        return repository.toFile()
    }

    private fun linkOrCopy(file: Path, copy: Path) {
        try {
            Files.createLink(copy, file)
        } catch (_: IOException) {
            Files.copy(file, copy)
        } catch (_: UnsupportedOperationException) {
            Files.copy(file, copy)
        }
    }

    private fun maven(project: File, repository: File, sandbox: Sandbox): String {
        val versions = listOf("videoid.version", "kotlin.version", "junit.version", "surefire.version").map { "-D$it=${setting(it)}" }
        val builder = ProcessBuilder(listOf("mvn", "-o", "-B", "-ntp", "-Dmaven.repo.local=$repository") + versions + "test").directory(project).redirectErrorStream(true)
        builder.environment().run {
            // The jar must bring its library with it.
            remove("VIDEOID_NATIVE_DIR")
            remove("LD_LIBRARY_PATH")
            remove("JAVA_TOOL_OPTIONS")
            put("README_CONFIG", config(sandbox))
            put("README_RAO", sandbox.rao.toString())
            put("README_CONTROL", sandbox.controlUrl)
            put("README_ONE_SHOT", sandbox.oneShotConfig.toString())
            put("README_ONE_SHOT_EXTERNAL", sandbox.oneShot.getValue("ra").jsonObject.text("external_id"))
        }
        val process = builder.start()
        process.outputStream.close()
        val output = process.inputStream.bufferedReader().readText()
        assertEquals(0, process.waitFor(), output.takeLast(4000))
        return output
    }

    private fun config(sandbox: Sandbox) =
        """{"environment":"custom","api_url":"${sandbox.raUrl}","upload_url":"${sandbox.uploadUrl}","registration_authority":"${sandbox.raId}","video_pk":"request_pk"}"""

    private fun setting(name: String): String = checkNotNull(System.getProperty(name)) { "the pom gives $name" }
}
