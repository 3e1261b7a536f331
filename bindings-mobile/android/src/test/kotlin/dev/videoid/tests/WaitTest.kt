package dev.videoid.tests

import dev.videoid.EidasVideoId
import dev.videoid.ErrorCategory
import dev.videoid.HookEvent
import dev.videoid.NewRequest
import dev.videoid.RaConfig
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestFilter
import dev.videoid.RequestPk
import dev.videoid.Status
import dev.videoid.VideoIdException
import dev.videoid.WayOn
import dev.videoid.WebhookInbox
import dev.videoid.fromJson
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Waiting and listing the Kotlin way: durations, coroutines that are cancelled, flows that are given up. */
class WaitTest {
    private val sandbox = Sandbox.with()
    private val config = RaConfig.fromJson(
        """{"environment":"custom","api_url":"${sandbox.raUrl}","upload_url":"${sandbox.uploadUrl}","registration_authority":"${sandbox.raId}"}""",
    )

    @BeforeEach
    fun empty() = sandbox.reset(cards = 40)

    private fun client(hooks: ((HookEvent) -> Unit)? = null, body: suspend (RegistrationAuthority) -> Unit) =
        RegistrationAuthority(config, hooks).use { ra -> runBlocking { body(ra) } }

    private suspend fun created(ra: RegistrationAuthority): RequestPk {
        val request = NewRequest(profile = "PFnubeQAFCiudadano", email = "anna@example.com", scratchcard = ra.getFirstUnusedScratchcard().sn, videoidMode = 1)
        return ra.createRequest(request).pk
    }

    private fun received(operation: String): Int =
        sandbox.control("GET", "/received").let { it as? JsonArray ?: it.jsonObject.getValue("received").jsonArray }
            .count { it.jsonObject["operation"] == JsonPrimitive(operation) }

    private fun failure(call: suspend () -> Unit): VideoIdException = assertThrows(VideoIdException::class.java) { runBlocking { call() } }

    @Test
    fun `a wait that is cancelled looks no more`() = client { ra ->
        val pk = created(ra)
        runBlocking {
            val waiting = async { ra.waitFor(pk, listOf(Status.VideoReview), 1.hours, poll = 50.milliseconds, maxPoll = 50.milliseconds) }
            while (received("get_request") < 2) delay(20)
            waiting.cancel()
            withTimeout(5.seconds) { waiting.join() }
            assertTrue(waiting.isCancelled)
        }
        // One that was under way may still arrive.
        delay(200)
        val seen = received("get_request")
        delay(500)
        assertEquals(seen, received("get_request"))
    }

    @Test
    fun `a time limit of the coroutine's own ends a wait`() = client { ra ->
        val pk = created(ra)
        assertEquals(null, withTimeoutOrNull(300.milliseconds) { ra.waitFor(pk, listOf(Status.VideoReview), 1.hours) })
    }

    @Test
    fun `the deadline is an exception that may be tried again`() = client { ra ->
        val pk = created(ra)
        val thrown = failure { ra.waitFor(pk, listOf(Status.VideoReview, Status.Created), 300.milliseconds, poll = 50.milliseconds) }
        assertEquals("wait_deadline", thrown.code)
        assertTrue(thrown.retryable && thrown.category == ErrorCategory.TRANSPORT)
        assertEquals("field_missing", failure { ra.waitFor(pk, listOf(Status.Created), Duration.ZERO) }.code)
        assertEquals("field_invalid", failure { ra.waitFor(pk, listOf(Status.Created), (-1).seconds) }.code)
        assertEquals("field_missing", failure { ra.waitFor(pk, emptyList(), 1.seconds) }.code)
    }

    @Test
    fun `a webhook brings the next look forward, and what it says is not believed`() = client { ra ->
        val pk = created(ra)
        WebhookInbox().use { inbox ->
            runBlocking {
                val waiting = async { ra.waitFor(pk, listOf(Status.Cancelled), 30.seconds, poll = 25.seconds, inbox = inbox) }
                while (received("get_request") < 1) delay(20)
                inbox.receive("""{"request_pk":${pk.value},"status":"CANCELLED"}""")
                while (received("get_request") < 2) delay(20)
                assertFalse(waiting.isCompleted)
                ra.cancelRequest(pk)
                delay(250)
                inbox.receive("""{"request_pk":${pk.value}}""".encodeToByteArray())
                assertEquals(Status.Cancelled, withTimeout(10.seconds) { waiting.await() }.status)
            }
        }
    }

    @Test
    fun `a user who is waited for can be given up`() = client { ra ->
        sandbox.control("PUT", "/settings", parsed("""{"external_auth":false}"""))
        EidasVideoId(ra).use { workflow ->
            val started = workflow.start(NewRequest(profile = "PFnubeQAFCiudadano", email = "anna@example.com", mobilePhoneNumber = "+34600000000"))
            val link = checkNotNull(started.videoidLink)
            assertFalse(link in started.toString())
            assertEquals(null, withTimeoutOrNull(300.milliseconds) { workflow.waitForUser(1.hours) })
            sandbox.control("POST", "/requests/${started.requestPk.value}/user", parsed("""{"action":"leave"}"""))
            val left = workflow.waitForUser(10.seconds, poll = 50.milliseconds)
            assertEquals(Status.VideoIncomplete, left.status)
            assertEquals(listOf(WayOn.SendLink, WayOn.UpdateRequest, WayOn.CancelAndNewCard), left.waysOn)
            assertEquals(left.waysOn, workflow.waysOn())
            assertEquals(Status.Cancelled, workflow.cancel().status)
            assertEquals("workflow_step", failure { workflow.waitForUser(1.seconds) }.code)
        }
    }

    @Test
    fun `a flow of requests reads no page before it is needed`() = client { ra ->
        repeat(25) { created(ra) }
        val all = ra.requests().map { it.pk }.toList()
        assertEquals(25, all.toSet().size)
        assertEquals(3, received("list_requests"))

        assertEquals(12, ra.requests().take(12).toList().size)
        assertEquals(5, received("list_requests"))
        assertEquals(all.first(), ra.requests().first().pk)
        assertEquals(6, received("list_requests"))
        // Cold: nothing is asked for without a collector, and the client goes on after one that stopped.
        ra.requests(RequestFilter(page = 2))
        assertEquals(6, received("list_requests"))
        assertEquals(15, ra.requests(RequestFilter(page = 2)).toList().size)
        assertTrue(ra.scratchcards().toList().isNotEmpty())
    }

    @Test
    fun `a flow fails with the call, and with what its collector throws`() = client { ra ->
        created(ra)
        assertEquals("field_invalid", failure { ra.requests(RequestFilter(page = -1)).toList() }.code)
        assertThrows(IllegalStateException::class.java) { runBlocking { ra.requests().collect { error("the collector's own") } } }
        val cancelled = assertThrows(CancellationException::class.java) { runBlocking { ra.requests().collect { throw CancellationException("enough") } } }
        assertEquals("enough", cancelled.message)
        ra.close()
        assertEquals("client_closed", failure { ra.requests().toList() }.code)
    }
}
