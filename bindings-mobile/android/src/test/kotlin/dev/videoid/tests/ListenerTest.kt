package dev.videoid.tests

import dev.videoid.Evidence
import dev.videoid.ErrorCategory
import dev.videoid.ExternalVideoId
import dev.videoid.HookEvent
import dev.videoid.NewRequest
import dev.videoid.RaConfig
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestOptions
import dev.videoid.RequestPk
import dev.videoid.Source
import dev.videoid.VideoIdException
import dev.videoid.fromJson
import dev.videoid.progressOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.CopyOnWriteArrayList

/** What the library tells its caller, on which threads, and what comes of listeners and sources that fail. */
class ListenerTest {
    private val sandbox = Sandbox.with()
    private val config = RaConfig.fromJson(
        """{"environment":"custom","api_url":"${sandbox.raUrl}","upload_url":"${sandbox.uploadUrl}","registration_authority":"${sandbox.raId}","video_pk":"request_pk"}""",
    )
    private val request = NewRequest(profile = "PFnubeQAFCiudadano", email = "anna@example.com")
    private val video = Repo.fixture("specimen.mp4")

    @BeforeEach
    fun empty() = sandbox.reset()

    private fun client(hooks: ((HookEvent) -> Unit)? = null, body: suspend (RegistrationAuthority) -> Unit) =
        RegistrationAuthority(config, hooks).use { ra -> runBlocking { body(ra) } }

    private suspend fun created(ra: RegistrationAuthority) =
        ra.createRequest(request.copy(scratchcard = ra.getFirstUnusedScratchcard().sn, videoidMode = 1))

    private suspend fun evidence() = Evidence.build {
        documentFront(Repo.fixture("specimen/document_front.jpg"))
        documentRear(Repo.fixture("specimen/document_rear.jpg").toPath())
        documentOwner(Repo.fixture("specimen/document_owner.jpg").readBytes())
    }

    @Test
    fun `progress as a flow ends with everything`() = client { ra ->
        val identifier = checkNotNull(created(ra).videoidData?.videoIdentifier)
        val steps = progressOf { ra.uploadVideo(identifier, Source.of(video), it) }.toList()
        assertTrue(steps.isNotEmpty() && steps.last().run { sent == total && sent > video.length() })
        assertEquals(steps.sortedBy { it.sent }, steps)
    }

    @Test
    fun `a flow of progress fails with the call`() = client { ra ->
        val flow = progressOf { ra.uploadEvidence(RequestPk(1), evidence(), it) }
        assertEquals("not_found", assertThrows(VideoIdException::class.java) { runBlocking { flow.toList() } }.code)
    }

    @Test
    fun `listeners are called on other threads, and what they throw ends nothing`() {
        val threads = CopyOnWriteArrayList<Thread>()
        val failing: (Any) -> Unit = { threads += Thread.currentThread(); error("a listener that fails") }
        client(failing) { ra ->
            val workflow = ExternalVideoId(ra, onEvent = { failing(it) })
            val submission = workflow.submit(request, evidence(), Source.of(video), RequestOptions(onProgress = { failing(it) }))
            assertEquals("VIDEOREVIEW", submission.status.toString())
        }
        assertTrue(threads.size > 8)
        assertFalse(Thread.currentThread() in threads)
    }

    @Test
    fun `a store that fails ends the workflow before anything is sent`() = client { ra ->
        val workflow = ExternalVideoId(ra, store = { error("the disk is full") })
        val thrown = assertThrows(VideoIdException::class.java) { runBlocking { workflow.submit(request, evidence(), Source.of(video)) } }
        assertFalse("disk" in thrown.toString())
        assertFalse("create_request" in sandbox.control("GET", "/received").toString())
    }

    @Test
    fun `the store is asked before a call and the state goes on in another workflow`() {
        val states = CopyOnWriteArrayList<String>()
        client { ra ->
            ExternalVideoId(ra, store = { states += it }).submit(request, evidence(), Source.of(video))
            assertTrue(states.size >= 4)
            val rao = dev.videoid.RaoCredentials.fromJson(sandbox.rao.toString())
            assertEquals("ENROLLREADY", ExternalVideoId.resume(ra, states.last()).approve(rao).status.toString())
        }
    }

    @Test
    fun `a stream that fails is told with its reason`() = client { ra ->
        val identifier = checkNotNull(created(ra).videoidData?.videoIdentifier)
        val failing = object : InputStream() {
            override fun read(): Int = throw IOException("the cable was pulled")
        }
        val thrown = assertThrows(VideoIdException::class.java) { runBlocking { ra.uploadVideo(identifier, Source.of(failing, 1000)) } }
        assertEquals("source_changed", thrown.code)
        assertEquals(listOf("the cable was pulled"), thrown.suppressed.map { it.message })
    }

    @Test
    fun `an exception tells what happened in one line`() = client { ra ->
        val thrown = assertThrows(VideoIdException::class.java) { runBlocking { ra.getRequest(RequestPk(1)) } }
        assertEquals(ErrorCategory.API, thrown.category)
        assertEquals("get_request", thrown.operation)
        assertTrue(thrown.isCode("not_found") && thrown.httpStatus == 404)
        assertEquals("dev.videoid.VideoIdException: ${thrown.message}", thrown.toString())
        assertTrue(thrown.message.orEmpty().startsWith("not_found in get_request") && '\n' !in thrown.message.orEmpty())
    }

    @Test
    fun `a closed client says so`() {
        val ra = RegistrationAuthority(config)
        ra.close()
        ra.close()
        assertEquals("client_closed", assertThrows(VideoIdException::class.java) { runBlocking { ra.getFirstUnusedScratchcard() } }.code)
    }
}
