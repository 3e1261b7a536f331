package dev.videoid.tests

import dev.videoid.*
import dev.videoid.tests.OneShotStory.document
import dev.videoid.tests.OneShotStory.image
import dev.videoid.tests.OneShotStory.signer
import dev.videoid.tests.OneShotStory.video
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.serialization.json.JsonPrimitive
import org.junit.jupiter.api.Assertions.assertArrayEquals
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

/** The client of the One-Shot API as a program uses it. */
class OneShotTest {
    private val sandbox = Sandbox.with()
    private val rao = sandbox.oneShotOfficer()

    @BeforeEach
    fun empty() = sandbox.reset()

    private fun client(dialect: Dialect = Dialect.Current, hooks: ((HookEvent) -> Unit)? = null, body: suspend (OneShot) -> Unit) =
        sandbox.oneShotClient(sandbox.oneShotConfig(dialect), hooks, body)

    @TestFactory
    fun `every operation, to a signed document and back to nothing`() = OneShotStory.dialects.map { dialect ->
        DynamicTest.dynamicTest("in $dialect") {
            sandbox.reset()
            inTempFolder { folder ->
                client(dialect) { oneShot ->
                    ofTheOptimizer(oneShot)
                    val token = oneShot.createToken(NewToken(username = rao.username!!, password = rao.password, pin = rao.pin, env = BillingEnv.Sandbox)).tokenUid
                    assertEquals(rao.username, oneShot.getToken(token).username)
                    assertTrue(oneShot.listTokens().tokens.any { it.tokenUid == token })
                    classic(oneShot)
                    val pk = approved(oneShot, dialect, OneShotRao(token = token, rao = rao.rao), folder)
                    signed(oneShot, pk, folder)
                    oneShot.deleteToken(token)
                    val given = oneShot.createVideoid(signer).handle.requestPk
                    oneShot.updateOneshotRequest(given, RequestUpdate(profile = signer.profile, email = "other@example.com", countryName = "ES"))
                    oneShot.cancelOneshotRequest(given)
                }
            }
            val missing = VideoId.operations.filter { it.api == "one_shot" }.map { it.name } - sandbox.operations().filterNotNull().toSet()
            assertEquals(if (dialect == Dialect.Current) listOf("validate_oneshot_videoid") else emptyList(), missing)
        }
    }

    private suspend fun ofTheOptimizer(oneShot: OneShot) {
        assertEquals("Hello", oneShot.hello().status)
        assertTrue(oneShot.version().version.orEmpty().isNotEmpty())
        oneShot.updateSettings(OneShotSettings(request = """{"profile":"${signer.profile}"}"""))
        assertTrue(signer.profile in oneShot.getSettings().request)
    }

    private suspend fun classic(oneShot: OneShot) {
        val request = NewOneShotRequest(
            profile = signer.profile, givenName = "ANNA MARIA", surname1 = "ERIKSSON", serialNumber = "D23145890", idDocumentType = "IDC",
            idDocumentCountry = "ES", email = signer.email, mobilePhoneNumber = signer.mobilePhoneNumber,
            username = rao.username, password = rao.password, pin = rao.pin,
        )
        val (front, rear, owner) = listOf("front", "rear", "owner").map { Source.of(image("document_$it.jpg")) }
        val created = oneShot.createOneshotRequest(request, front, rear, owner, extraDocument = Source.of(image("document_photo.jpg").readBytes()))
        assertEquals(Status.EnrollReady, oneShot.getOneshotRequest(created.requestPk).status)
        assertEquals("missing_documents", failure { oneShot.createOneshotRequest(request, front, documentOwner = owner) }.code)
        val later = oneShot.createOneshotRequest(request.copy(useasync = true), front, rear, owner)
        assertTrue(oneShot.getAsyncStatus(later.requestPk).status in listOf("pending", "approved"))
    }

    private suspend fun approved(oneShot: OneShot, dialect: Dialect, officer: OneShotRao, folder: Path): RequestPk {
        val handle = oneShot.createVideoid(signer).handle
        oneShot.uploadVideoidEvidences(handle, OneShotStory.evidence())
        oneShot.uploadVideoidVideo(handle, Source.of(video.inputStream(), video.length()))
        val back = oneShot.downloadVideoidVideo(handle, folder.resolve("back.mp4").toFile())
        assertArrayEquals(video.readBytes(), File(back.path).readBytes())
        if (dialect == Dialect.Current) {
            assertEquals("unsupported", failure { oneShot.validateOneshotVideoid(handle, rao) }.code)
        } else {
            sandbox.control("PUT", "/settings", parsed("""{"one_shot":{"approval_steps":2}}"""))
            oneShot.validateOneshotVideoid(handle, rao)
        }
        oneShot.approveOneshotVideoid(handle, officer)
        assertEquals(ErrorCategory.API, failure { oneShot.refuseOneshotVideoid(handle, rao, "too late") }.category)
        return handle.requestPk
    }

    private suspend fun signed(oneShot: OneShot, pk: RequestPk, folder: Path) {
        val place = { name: String -> folder.resolve(name).toFile() }
        val uploaded = oneShot.uploadDocuments(pk, listOf(Source.of(document), Source.of(document.readBytes())))
        assertEquals(2, oneShot.listDocuments(pk).documents.size)
        val (first, second) = uploaded.documents.map { it.uid }
        assertEquals(sha256(document), oneShot.getDocument(pk, first, DocumentVersion.Original, place("original.pdf")).sha256)
        oneShot.deleteDocument(pk, second, DocumentVersion.Original)
        assertTrue(File(oneShot.getContract(pk, place("contract.pdf")).path).readText(Charsets.ISO_8859_1).startsWith("%PDF-"))
        val png = image("document_front.png")
        val shown = oneShot.uploadImage(Source.of(png)).imageUid
        assertEquals(listOf(shown), oneShot.listImages().images)
        assertEquals(sha256(png), oneShot.getImage(shown, place("image.png")).sha256)
        assertTrue(oneShot.generateOtp(pk, OtpDelivery.Sms).nextAllowedAt > 0)
        val placement = SignaturePlacement(documentUid = first, position = "10,10,200,80", page = 0, image = shown)
        oneShot.sign(pk, Signing(secret = sandbox.oneShotOtp(pk), useSignatureText = true, placements = listOf(placement)))
        val file = oneShot.getDocument(pk, first, DocumentVersion.Signed, place("signed.pdf"))
        assertTrue("ETSI.CAdES.detached" in File(file.path).readText(Charsets.ISO_8859_1))
        oneShot.deleteDocuments(pk)
        oneShot.deleteImage(shown)
        oneShot.deleteImages()
    }

    @Test
    fun `a token is a secret, and so is what makes one`() = client { oneShot ->
        val created = oneShot.createToken(NewToken(username = rao.username!!, password = rao.password, pin = rao.pin))
        val list = oneShot.listTokens()
        val refused = failure { oneShot.getToken(TokenUid("0a0a0a0a0a0a4a0a8a0a0a0a0a0a0a0a")) }
        assertEquals("token_unknown", refused.code)
        val shown = listOf(
            created, created.tokenUid, list, oneShot.getToken(created.tokenUid), oneShot, refused, OneShotRao(token = created.tokenUid, rao = "1"),
            NewOneShotRequest(token = created.tokenUid), rao, NewToken(username = rao.username!!, password = rao.password, pin = rao.pin), oneShot.config,
            Signing(secret = "314159", extUnlockValue = "314159"),
        ).joinToString { "$it ${listOf(it)}" }
        val config = sandbox.oneShotConfig(Dialect.Current)
        val secrets = listOf(created.tokenUid.value, "0a0a0a0a", rao.username, rao.password, rao.pin, config.billingPassword, config.billingUsername, "314159")
        secrets.forEach { assertFalse(checkNotNull(it) in shown, shown) }
        assertTrue("TokenUid(***)" in shown)
        assertEquals(config.billingPassword, oneShot.config.billingPassword)
    }

    @Test
    fun `documents are looked at before they are sent, and a stream is not taken`() = client { oneShot ->
        val pk = oneShot.createVideoid(signer).handle.requestPk
        val upload = { sources: List<Source> -> failure { oneShot.uploadDocuments(pk, sources) } }
        assertEquals("body_not_repeatable", upload(listOf(Source.of(document.inputStream(), document.length()))).code)
        assertEquals("field_missing", upload(emptyList()).code)
        assertEquals("field_invalid", upload(List(11) { Source.of(document) }).code)
        assertEquals("source_unreadable", upload(listOf(Source.of(File("/nowhere/anna.pdf")))).code)
        assertEquals("document_unrecognised", upload(listOf(Source.of("Dear Anna".toByteArray()))).code)
        assertEquals("image_unrecognised", failure { oneShot.uploadImage(Source.of(image("document_front.jpg"))) }.code)
        assertEquals(listOf("create_videoid"), sandbox.operations())
    }

    @Test
    fun `what the service says no to`() = client { oneShot ->
        val missing = failure { oneShot.getOneshotRequest(RequestPk(1)) }
        assertEquals(listOf("not_found", "get_oneshot_request", Wire.ANSWERED, false), missing.run { listOf(code, operation, wire, retryable) })
        sandbox.fault("create_videoid", "drop", "when" to JsonPrimitive("after"))
        val lost = failure { oneShot.createVideoid(signer) }
        assertEquals(listOf("ambiguous", ErrorCategory.AMBIGUOUS, Wire.MAY_BE_PROCESSED), lost.run { listOf(code, category, wire) })
        sandbox.control("PUT", "/settings", parsed("""{"one_shot":{"dialect":"legacy"}}"""))
        val wrong = failure { oneShot.hello() }
        assertEquals("wrong_dialect", wrong.code)
        assertTrue("legacy" in wrong.message.orEmpty())
    }

    @Test
    fun `settings that cannot be are refused, and those of the environment have the defaults`() {
        val config = sandbox.oneShotConfig(Dialect.Current)
        listOf(config.copy(baseUrl = "http://example.com"), config.copy(baseUrl = "no address"), config.copy(dialect = Dialect.Other("newest"))).forEach {
            assertEquals(ErrorCategory.CONFIG, assertThrows(VideoIdException::class.java) { OneShot(it) }.category)
        }
        assertEquals(OneShotConfig(), OneShotConfig.fromJson("{}"))
        // The tests' environment sets none of the variables.
        assertEquals(OneShotConfig(), OneShotConfig.fromEnv())
        assertEquals(Dialect.Current, OneShotConfig().dialect)
        assertEquals(OneShotAssumptions(), OneShotConfig().assumptions)
    }

    @Test
    fun `hooks are told of attempts and outcomes`() {
        val events = CopyOnWriteArrayList<HookEvent>()
        client(Dialect.Legacy, { events += it }) { it.hello() }
        assertEquals(listOf("attempt" to "hello", "outcome" to "hello"), events.map { it.kind to it.operation })
    }

    @Test
    fun `a closed client says so, and what runs on it ends`() = client { oneShot ->
        sandbox.fault("hello", "delay", "ms" to JsonPrimitive(500))
        coroutineScope {
            val running = async { oneShot.hello() }
            while ("hello" !in sandbox.operations()) delay(20)
            oneShot.close()
            oneShot.close()
            assertEquals("Hello", running.await().status)
        }
        assertEquals("client_closed", failure { oneShot.hello() }.code)
        assertEquals("OneShot", oneShot.toString())
    }
}
