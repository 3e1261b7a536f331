package dev.videoid.tests

import dev.videoid.Assumptions
import dev.videoid.ClassicDocument
import dev.videoid.ClassicRequest
import dev.videoid.ClientIdentity
import dev.videoid.ContactData
import dev.videoid.DocumentType
import dev.videoid.EidasVideoId
import dev.videoid.ErrorCategory
import dev.videoid.EvidenceDocument
import dev.videoid.ExternalVideoId
import dev.videoid.Flow
import dev.videoid.HookEvent
import dev.videoid.IncompleteIs
import dev.videoid.NewRequest
import dev.videoid.RaConfig
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestUpdate
import dev.videoid.Source
import dev.videoid.Status
import dev.videoid.VideoIdException
import dev.videoid.WayOn
import dev.videoid.WebhookInbox
import dev.videoid.checkRequest
import dev.videoid.fromEnv
import dev.videoid.fromJson
import dev.videoid.parseWebhook
import dev.videoid.profile
import dev.videoid.profiles
import dev.videoid.waysOn
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.concurrent.CopyOnWriteArrayList

/** What can be asked without a call: profiles, ways on, webhooks, settings; and what none of it shows. */
class InformationTest {
    private val text = """{"request_pk":45013,"status":"VIDEOREVIEW","email":"anna@example.com"}"""

    @Test
    fun `a webhook is read from text and from bytes`() {
        val webhook = parseWebhook(text)
        assertEquals(webhook, parseWebhook(text.encodeToByteArray()))
        assertEquals(Status.VideoReview, webhook.status)
        assertFalse("anna" in "$webhook ${listOf(webhook)}")
        val thrown = assertThrows(VideoIdException::class.java) { parseWebhook("[\"anna@example.com\"") }
        assertEquals("webhook_invalid", thrown.code)
        assertEquals(ErrorCategory.VALIDATION, thrown.category)
        assertFalse("anna" in thrown.toString())
        WebhookInbox().use { inbox ->
            assertEquals(webhook, inbox.receive(text))
            assertEquals("webhook_invalid", assertThrows(VideoIdException::class.java) { inbox.receive(ByteArray(70_000)) }.code)
        }
    }

    @Test
    fun `a profile says what it needs by flow`() {
        assertEquals(45, profiles().size)
        val citizen = checkNotNull(profile("PFnubeQAFCiudadano"))
        assertTrue(citizen.naturalPerson && "email" in citizen.required)
        assertNull(profile("of my own"))
        val request = NewRequest(profile = citizen.name, email = "anna@example.com")
        val classic = checkRequest(request, Flow.Classic).findings.map { it.field }
        val video = checkRequest(request, Flow.EidasVideoId).findings.map { it.field }
        assertTrue("given_name" in classic && "given_name" !in video)
        assertFalse("anna" in checkRequest(request, Flow.Classic).toString())
    }

    @Test
    fun `a status says the ways on`() {
        assertTrue(WayOn.SendLink in Status.VideoError.waysOn(Flow.EidasVideoId))
        assertTrue(WayOn.UploadVideo in Status.VideoError.waysOn(Flow.ExternalVideoId))
        assertEquals(emptyList<WayOn>(), Status.Other("NEW").waysOn(Flow.Classic))
        assertEquals("send_link", WayOn.SendLink.toString())
    }

    @Test
    fun `settings have the defaults of the documentation`() {
        assertEquals(IncompleteIs.OnTheWay, RaConfig().assumptions.incompleteIs)
        assertEquals(30L, RaConfig().certificateWarningDays)
        assertEquals(Assumptions(), RaConfig.fromJson("{}").assumptions)
        assertEquals(RaConfig(), RaConfig.fromJson("{}"))
        // The tests' environment sets none of the variables.
        assertEquals(RaConfig(), RaConfig.fromEnv())
    }

    @Test
    fun `nothing personal is shown`() {
        val document = Source.of(File("/nowhere/eriksson.pdf"))
        val shown = listOf(
            EvidenceDocument("ERIKSSON", document),
            ClassicDocument(DocumentType.DocumentFront, document),
            RequestUpdate(profile = "p", email = "eriksson@example.com", responsibleName = "ERIKSSON"),
            ContactData(registrationAuthority = null, serialNumber = "ERIKSSON", email = "eriksson@example.com", mobilePhoneNumber = "ERIKSSON"),
            WebhookInbox(),
        ).toString()
        assertFalse(shown.contains("eriksson", ignoreCase = true), shown)
        assertTrue("documentType=document_front" in shown)
    }

    @Test
    fun `a workflow of another flow is not gone on with`() {
        RegistrationAuthority(RaConfig.fromJson("""{"environment":"custom","api_url":"http://127.0.0.1:9/api/v1","upload_url":"http://127.0.0.1:9"}""")).use { ra ->
            val state = EidasVideoId(ra).state
            assertEquals("field_invalid", assertThrows(VideoIdException::class.java) { ExternalVideoId.resume(ra, state) }.code)
            assertEquals("field_invalid", assertThrows(VideoIdException::class.java) { ClassicRequest.resume(ra, state) }.code)
            assertEquals(state, EidasVideoId.resume(ra, state).state)
            assertEquals("EidasVideoId", EidasVideoId(ra).toString())
            assertNull(ra.clientCertificate())
        }
    }

    @Test
    fun `a certificate is replaced while the client runs, and its end is warned of`() {
        val sandbox = Sandbox.with("--tls", "--mutual-tls").apply { reset() }
        val identity = { name: String -> ClientIdentity(certificateFile = sandbox.pki("$name.pem").path, keyFile = sandbox.pki("$name.key").path) }
        val tls = """{"ca_file":"${sandbox.pki("ca.pem")}","identity":{"certificate_file":"${sandbox.pki("client.pem")}","key_file":"${sandbox.pki("client.key")}"}}"""
        val config = """{"environment":"custom","api_url":"${sandbox.raUrl}","upload_url":"${sandbox.uploadUrl}","registration_authority":"${sandbox.raId}",
            "certificate_warning_days":100000,"tls":$tls}"""
        val warnings = CopyOnWriteArrayList<HookEvent>()
        RegistrationAuthority(RaConfig.fromJson(config), { if (it.kind == "warning") warnings += it }).use { ra ->
            runBlocking {
                val first = checkNotNull(ra.clientCertificate())
                assertTrue(first.daysLeft >= 0 && first.notAfterMs > first.notBeforeMs)
                assertEquals(1, warnings.size)
                assertNotNull(ra.getFirstUnusedScratchcard())
                val expired = ra.replaceIdentity(identity("client-expired"))
                assertTrue(expired.daysLeft < 0 && expired.serialNumber != first.serialNumber)
                assertEquals(2, warnings.size)
                assertEquals("client_certificate_rejected", assertThrows(VideoIdException::class.java) { runBlocking { ra.getFirstUnusedScratchcard() } }.code)
                assertEquals("tls_identity_invalid", assertThrows(VideoIdException::class.java) { runBlocking { ra.replaceIdentity(ClientIdentity(certificatePem = "x", keyPem = "y")) } }.code)
                assertEquals(first, ra.replaceIdentity(identity("client")))
                assertNotNull(ra.getFirstUnusedScratchcard())
            }
        }
    }
}
