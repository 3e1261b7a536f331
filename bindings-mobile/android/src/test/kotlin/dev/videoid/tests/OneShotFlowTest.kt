package dev.videoid.tests

import dev.videoid.*
import dev.videoid.tests.OneShotStory.document
import dev.videoid.tests.OneShotStory.signer
import dev.videoid.tests.OneShotStory.video
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import java.io.File
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** The two workflows of the One-Shot API as a program uses them. */
class OneShotFlowTest {
    private val sandbox = Sandbox.with()
    private val rao = sandbox.oneShotOfficer()
    private val states = CopyOnWriteArrayList<String>()
    private val events = CopyOnWriteArrayList<WorkflowEvent>()

    @BeforeEach
    fun empty() = sandbox.reset()

    private fun external(dialect: Dialect = Dialect.Current, body: suspend (OneShot) -> Unit) =
        sandbox.oneShotClient(sandbox.oneShotConfig(dialect), body = body)

    private fun eidas(dialect: Dialect = Dialect.Current, body: suspend (OneShot) -> Unit) =
        sandbox.oneShotClient(sandbox.oneShotEidasConfig(dialect), body = body)

    private fun each(test: (Dialect) -> Unit): List<DynamicTest> = OneShotStory.dialects.map { dialect ->
        DynamicTest.dynamicTest("in $dialect") {
            sandbox.reset()
            states.clear()
            events.clear()
            test(dialect)
        }
    }

    @TestFactory
    fun `own evidence to the signed document, in two processes`() = each { dialect ->
        inTempFolder { folder ->
            external(dialect) { first ->
                val seen = CopyOnWriteArrayList<Progress>()
                val flow = OneShotExternal(first, { states += it }, { events += it })
                val submitted = flow.submit(signer, OneShotStory.evidence(), Source.of(video), RequestOptions(onProgress = { seen += it }))
                assertEquals(listOf(Status.VideoReview, OneShotWait.Review, false), submitted.run { listOf(status, waitsFor, approved) })
                assertTrue(seen.last().run { sent == total && sent > 0 })
                assertEquals(OneShotWait.Documents, flow.approve(rao).waitsFor)
            }
            external(dialect) { second -> signed(OneShotExternal.resume(second, states.last(), { states += it }, { events += it }), folder) }
        }
        val sent = sandbox.operations()
        listOf("create_videoid", "upload_videoid_evidences", "upload_videoid_video", "approve_oneshot_videoid", "upload_documents", "delete_documents")
            .forEach { once -> assertEquals(1, sent.count { it == once }, once) }
        assertTrue(events.any { it.kind == "step" && it.step == "upload_documents" } && events.any { it.kind == "status" && it.status == Status.Issued })
        val kept = states.joinToString() + events
        listOf(rao.username, rao.password, rao.pin, signer.email, sandbox.oneShotConfig(dialect).billingPassword).forEach { assertFalse(checkNotNull(it) in kept) }
    }

    private suspend fun signed(flow: OneShotExternal, folder: Path) {
        val out = folder.toFile()
        flow.documents(listOf(Source.of(document), Source.of(document.readBytes())))
        flow.documents(listOf(Source.of(document), Source.of(document)))
        assertEquals("workflow_step", failure { flow.sign(Signing(secret = "123456")) }.code)
        assertTrue(File(flow.contract(out.resolve("contract.pdf")).path).length() > 0)
        flow.contractShown()
        assertTrue(flow.otp(OtpDelivery.Sms).nextAllowedAt > 0)
        val soon = failure { flow.otp() }
        assertEquals("otp_too_soon", soon.code)
        assertTrue(checkNotNull(soon.retryAfter) in 1.milliseconds..1.minutes)
        assertEquals("otp_invalid", failure { flow.sign(Signing(secret = "wrong")) }.code)
        val issued = flow.sign(Signing(secret = sandbox.oneShotOtp(flow.look().handle.requestPk)))
        assertEquals(Status.Issued to OneShotWait.Saving, issued.status to issued.waitsFor)
        val saved = flow.save(out).documents
        assertEquals(listOf("signed-1.pdf", "signed-2.pdf").map { out.resolve(it).path to 1L }, saved.map { it.file.path to it.signatures })
        saved.forEach { assertEquals(it.file.sha256, sha256(File(it.file.path))) }
        // A file that is not whole any more is in the way of the deletion.
        val second = out.resolve("signed-2.pdf")
        val whole = second.readBytes()
        second.writeText("damaged")
        assertEquals("signed_document_invalid", failure { flow.delete(out) }.code)
        second.writeBytes(whole)
        assertEquals(OneShotWait.Nothing, flow.delete(out).waitsFor)
        assertEquals(Status.Issued, flow.look().status)
    }

    @TestFactory
    fun `the user's link, the wait with an inbox and a refusal`() = each { dialect ->
        eidas(dialect) { oneShot ->
            val flow = OneShotEidas(oneShot)
            val started = flow.start(signer)
            assertEquals(Status.VideoPending, started.status)
            val link = checkNotNull(started.videoidLink)
            assertFalse(link.takeLast(20) in "$started ${listOf(started)} ${flow.state}")
            val pk = started.handle.requestPk
            sandbox.oneShotUser(pk, "leave")
            val left = flow.waitForUser(20.seconds, poll = 50.milliseconds)
            assertEquals(Status.VideoIncomplete, left.status)
            assertTrue(left.waysOn.isNotEmpty())
            WebhookInbox().use { inbox ->
                sandbox.control("PUT", "/one-shot/requests/${pk.value}/status", parsed("""{"status":"VIDEOPENDING"}"""))
                val looks = { sandbox.operations().count { it == "get_oneshot_request" } }
                val before = looks()
                coroutineScope {
                    // Without the webhook the next look would be an hour away.
                    val waiting = async { flow.waitForUser(2.hours, poll = 1.hours, maxPoll = 1.hours, inbox = inbox) }
                    while (looks() == before) delay(20)
                    sandbox.oneShotUser(pk, "finish")
                    while (!waiting.isCompleted) {
                        inbox.receive("""{"request_pk":${pk.value},"status":"VIDEOREVIEW"}""")
                        delay(50)
                    }
                    assertEquals(Status.VideoReview, waiting.await().status)
                }
            }
            val refused = flow.refuse(rao, "blurred")
            assertEquals("REFUSED" to OneShotWait.Nothing, refused.videoidStatus to refused.waitsFor)
            assertEquals("unexpected_status", failure { flow.approve(rao) }.code)
        }
    }

    @Test
    fun `two steps of approval, with a token`() = external(Dialect.Legacy) { oneShot ->
        sandbox.control("PUT", "/settings", parsed("""{"one_shot":{"approval_steps":2}}"""))
        val flow = OneShotExternal(oneShot)
        flow.submit(signer, OneShotStory.evidence(), Source.of(video.inputStream(), video.length()))
        assertFalse(flow.validate(rao).approved)
        val token = oneShot.createToken(NewToken(username = rao.username!!, password = rao.password, pin = rao.pin, env = BillingEnv.Sandbox)).tokenUid
        assertTrue(flow.approve(OneShotRao(token = token, rao = rao.rao)).approved)
        assertFalse(token.value in flow.state)
    }

    @Test
    fun `a wait for the user ends with its coroutine, and with its deadline`() = eidas { oneShot ->
        val flow = OneShotEidas(oneShot)
        assertEquals("workflow_step", failure { flow.waitForUser(1.seconds) }.code)
        val pk = flow.start(signer).handle.requestPk
        coroutineScope {
            val waiting = async { flow.waitForUser(1.hours, poll = 1.hours, maxPoll = 1.hours) }
            while ("get_oneshot_request" !in sandbox.operations()) delay(20)
            waiting.cancel()
            withTimeout(10.seconds) { waiting.join() }
            assertTrue(waiting.isCancelled)
        }
        assertEquals(null, withTimeoutOrNull(300.milliseconds) { flow.waitForUser(1.hours) })
        val late = failure { flow.waitForUser(200.milliseconds, poll = 50.milliseconds) }
        assertEquals("wait_deadline" to true, late.code to late.retryable)
        assertEquals(ErrorCategory.VALIDATION, failure { flow.waitForUser((-1).seconds) }.category)
        // The workflow itself goes on.
        sandbox.oneShotUser(pk, "finish")
        assertEquals(Status.VideoReview, flow.waitForUser(20.seconds, poll = 50.milliseconds).status)
    }

    @Test
    fun `a create call whose answer was lost is adopted, or made anew`() = eidas { oneShot ->
        sandbox.fault("create_videoid", "drop", "when" to JsonPrimitive("after"))
        val flow = OneShotEidas(oneShot)
        repeat(2) { assertEquals(ErrorCategory.AMBIGUOUS, failure { flow.start(signer) }.category) }
        val made = sandbox.control("GET", "/one-shot/requests").jsonObject.getValue("requests").jsonArray.single().jsonObject
        val handle = VideoIdHandle(RequestPk(made.getValue("pk").jsonPrimitive.long), VideoIdPk(made.getValue("videoid_pk").jsonPrimitive.long))
        flow.adopt(handle)
        assertEquals(handle.requestPk, flow.look().handle.requestPk)
        assertEquals("workflow_step", failure { flow.adopt(handle) }.code)
        flow.cancel()

        sandbox.fault("create_videoid", "drop", "when" to JsonPrimitive("before"))
        val other = OneShotEidas(oneShot)
        assertEquals("workflow_step", failure { other.createAnew() }.code)
        assertEquals(ErrorCategory.AMBIGUOUS, failure { other.start(signer) }.category)
        other.createAnew()
        assertEquals(Status.VideoPending, other.start(signer).status)
    }

    @Test
    fun `a store that fails ends the workflow before anything is sent`() = external { oneShot ->
        val flow = OneShotExternal(oneShot, store = { error("the disk is full") })
        val thrown = failure { flow.submit(signer, OneShotStory.evidence(), Source.of(video)) }
        assertEquals("file_not_written", thrown.code)
        assertFalse("disk is full" in thrown.toString())
        assertEquals(emptyList<String>(), sandbox.operations())
    }

    @Test
    fun `a state is of one workflow`() = eidas { oneShot ->
        val state = OneShotEidas(oneShot).state
        val refused = { resume: () -> Unit -> assertThrows(VideoIdException::class.java) { resume() }.code }
        assertEquals("field_invalid", refused { OneShotExternal.resume(oneShot, state) })
        assertEquals("field_invalid", refused { OneShotEidas.resume(oneShot, "{\"email\":\"anna@example.com\"}") })
        assertEquals(state, OneShotEidas.resume(oneShot, state).state)
        assertEquals("OneShotEidas", OneShotEidas(oneShot).toString())
        oneShot.close()
        assertEquals("client_closed", failure { OneShotEidas(oneShot).start(signer) }.code)
    }
}
