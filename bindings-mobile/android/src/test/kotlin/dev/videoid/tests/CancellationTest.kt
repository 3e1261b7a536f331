package dev.videoid.tests

import dev.videoid.Environment
import dev.videoid.OneShot
import dev.videoid.OneShotConfig
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestOptions
import dev.videoid.RequestPk
import dev.videoid.Source
import dev.videoid.VideoIdHandle
import dev.videoid.VideoIdPk
import dev.videoid.VideoIdentifier
import dev.videoid.progressOf
import dev.videoid.RaConfig
import dev.videoid.fromJson
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Tag
import org.junit.jupiter.api.Test
import java.io.File
import java.io.InputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread

/** A cancelled coroutine closes the connection of its upload, long before all has been sent. */
@Tag("alone")
class CancellationTest {
    private val total = 200_000_000L

    @Test
    fun `cancelling the coroutine closes the connection`() = upload { ra, file ->
        val started = CompletableDeferred<Unit>()
        val running = async {
            ra.uploadVideo(identifier, Source.of(file), RequestOptions(onProgress = { if (it.sent > 1_000_000) started.complete(Unit) }))
        }
        started.await()
        running.cancel()
        assertThrows(CancellationException::class.java) { runBlocking { running.await() } }
    }

    @Test
    fun `cancelling the coroutine closes the connection of the One-Shot API, too`() = sinking { url, file ->
        OneShot(OneShotConfig(environment = Environment.Custom, baseUrl = url)).use { oneShot ->
            val started = CompletableDeferred<Unit>()
            val handle = VideoIdHandle(RequestPk(1), VideoIdPk(2))
            val running = async {
                oneShot.uploadVideoidVideo(handle, Source.of(file), RequestOptions(onProgress = { if (it.sent > 1_000_000) started.complete(Unit) }))
            }
            started.await()
            running.cancel()
            assertThrows(CancellationException::class.java) { runBlocking { running.await() } }
        }
    }

    @Test
    fun `giving up the flow of progress closes the connection`() = upload { ra, file ->
        progressOf { ra.uploadVideo(identifier, Source.of(file), it) }.first { it.sent > 1_000_000 }
    }

    @Test
    fun `cancelling ends a stream that blocks`() = upload { ra, _ ->
        val blocked = CompletableDeferred<Unit>()
        val stream = object : InputStream() {
            private var given = 0L

            override fun read(): Int = error("not used")

            override fun read(buffer: ByteArray, offset: Int, length: Int): Int {
                if (given < 2_000_000) return length.also { given += it }
                blocked.complete(Unit)
                Thread.sleep(60_000)
                return -1
            }
        }
        val running = async { ra.uploadVideo(identifier, Source.of(stream, total)) }
        blocked.await()
        running.cancel()
        withTimeout(10_000) { running.join() }
    }

    private val identifier = VideoIdentifier("3b241101-e2bb-4255-8caf-4136c566a962")

    private fun upload(body: suspend CoroutineScope.(RegistrationAuthority, File) -> Unit) = sinking { url, file ->
        val config = """{"environment":"custom","api_url":"$url/api/v1","upload_url":"$url","video_pk":"request_pk"}"""
        RegistrationAuthority(RaConfig.fromJson(config)).use { ra -> body(ra, file) }
    }

    private fun sinking(body: suspend CoroutineScope.(String, File) -> Unit) = inTempFolder { folder ->
        val file = folder.resolve("video.mp4").toFile()
        writeMp4(file, total)
        Sink().use { sink ->
            runBlocking { body(sink.url, file) }
            val got = sink.received.get(20, TimeUnit.SECONDS)
            assertTrue(got < total / 2) { "the sink got $got of $total bytes" }
        }
    }
}

/** Reads one connection slowly until it is closed and says how many bytes came. */
private class Sink : AutoCloseable {
    private val server = ServerSocket(0, 1, InetAddress.getLoopbackAddress())
    val url = "http://127.0.0.1:${server.localPort}"
    val received = CompletableFuture<Long>()

    init {
        thread(isDaemon = true) {
            var bytes = 0L
            try {
                server.accept().use { connection ->
                    val buffer = ByteArray(64 * 1024)
                    while (true) {
                        val n = connection.getInputStream().read(buffer)
                        if (n < 0) break
                        bytes += n
                        Thread.sleep(1)
                    }
                }
            } catch (_: java.io.IOException) {
                // A connection that is reset is closed, too.
            }
            received.complete(bytes)
        }
    }

    override fun close() = server.close()
}
