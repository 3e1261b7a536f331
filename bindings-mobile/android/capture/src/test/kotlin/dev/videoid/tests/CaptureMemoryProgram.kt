package dev.videoid.tests

import dev.videoid.Bundle
import dev.videoid.Evidence
import dev.videoid.Source
import kotlinx.coroutines.runBlocking
import java.io.File

/**
 * One process whose memory is measured: it warms up, says `ready`, waits for a line, makes and closes so many evidences and bundles,
 * says `done` and ends when its input does. Arguments: how many, a folder.
 */
object CaptureMemoryProgram {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        val (count, folder) = args
        val saved = File(folder, "bundle")
        evidence().use { Bundle.save(saved, it) }
        // Enough for the compiler and the collector of the JVM to have taken what they take.
        repeat(3_000) { once(saved) }
        println("ready")
        readlnOrNull()
        repeat(count.toInt()) { once(saved) }
        println("done")
        readlnOrNull()
        Unit
    }

    private suspend fun once(saved: File) {
        evidence().use { check(it.contentLength > 0) }
        Bundle.load(saved).use { bundle -> bundle.evidence.use { check(it.report.findings.isNotEmpty()) } }
    }

    /** Of a small picture: it is read whole each time. */
    private suspend fun evidence(): Evidence = Evidence.build { documentFront(Source.of(Repo.file("tests/vectors/evidence/images/front.jpg"))) }
}
