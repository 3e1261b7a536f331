import dev.videoid.EidasVideoId
import dev.videoid.NewRequest
import dev.videoid.NewVideoId
import dev.videoid.OneShot
import dev.videoid.OneShotConfig
import dev.videoid.OneShotRao
import dev.videoid.RaConfig
import dev.videoid.RaId
import dev.videoid.RaoCredentials
import dev.videoid.RegistrationAuthority
import dev.videoid.Request
import dev.videoid.RequestPk
import dev.videoid.WebhookInbox
import dev.videoid.fromJson
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse

/** Runs the README's lines, which stand beside this file as Readme.kt, in a folder that has the files they name. */
class ReadmeTest {
    private val config = RaConfig.fromJson(System.getenv("README_CONFIG"))
    private val rao = RaoCredentials.fromJson(System.getenv("README_RAO"))
    private val oneShotConfig = OneShotConfig.fromJson(System.getenv("README_ONE_SHOT"))
    private val oneShotRao = OneShotRao(username = rao.username, password = rao.password, pin = rao.pin, rao = rao.raoId)
    private val signer = NewVideoId(mobilePhoneNumber = "+34600000000", email = "anna@example.com", profile = "PFnubeQAFCiudadano")

    @Test
    fun `the first lines`() = runBlocking<Unit> { identify(config, rao) }

    @Test
    fun `the lines on eIDAS, with a user and an operator`() = RegistrationAuthority(config).use { ra ->
        runBlocking<Unit> {
            control("PUT", "/settings", """{"external_auth":false}""")
            val inbox = WebhookInbox()
            for (action in listOf("finish", "leave")) {
                val before = ra.requests().firstPk()
                val story = async { eidas(ra, rao, inbox) }
                var pk = ra.requests().firstPk()
                while (pk == before) pk = ra.requests().firstPk().also { delay(20) }
                while (ra.getRequest(checkNotNull(pk)).status.toString() != "VIDEOPENDING") delay(20)
                play(inbox, pk, "user", action)
                if (action == "finish") {
                    while (ra.getRequest(pk).status.toString() != "VIDEOREVIEW") delay(20)
                    delay(300)
                    play(inbox, pk, "operator", "validate")
                }
                while (!story.isCompleted) {
                    // A webhook more; what comes while nobody looks is lost, and the polls find out.
                    inbox.receive("""{"request_pk":${pk.value}}""")
                    delay(250)
                }
                story.await()
            }
            control("PUT", "/settings", """{"external_auth":true}""")
        }
    }

    @Test
    fun `the lines on classic requests`() = RegistrationAuthority(config).use { ra ->
        runBlocking<Unit> {
            val request = """{"profile":"PFnubeQAFCiudadano","email":"anna@example.com","mobile_phone_number":"+34600000000","given_name":"ANNA MARIA",
                "surname_1":"ERIKSSON","serial_number":"D23145890","id_document_type":"IDC","id_document_country":"ES","country_name":"ES","validity_time":730,"secure_element":2}"""
            classic(ra, NewRequest.fromJson(request), rao)
            assertTrue(ready(ra).isNotEmpty())
        }
    }

    @Test
    fun `the lines on webhooks`() = RegistrationAuthority(config).use { ra ->
        runBlocking<Unit> {
            identify(config, rao)
            val pk = ready(ra).first()
            hooked(ra, WebhookInbox(), pk, """{"request_pk":${pk.value},"status":"CANCELLED"}""".encodeToByteArray())
        }
    }

    @Test
    fun `the lines on One-Shot, to the signed document`() = runBlocking<Unit> {
        val external = RaId(System.getenv("README_ONE_SHOT_EXTERNAL"))
        sign(oneShotConfig.copy(registrationAuthority = external), oneShotRao, signer) { pk -> text("/one-shot/requests/${pk.value}/otp", "otp") }
        val signed = java.io.File("signed.pdf").readBytes().decodeToString()
        assertTrue("ETSI.CAdES.detached" in signed)
    }

    @Test
    fun `the lines on One-Shot, with a user`() = OneShot(oneShotConfig).use { client ->
        runBlocking<Unit> {
            val inbox = WebhookInbox()
            for (outcome in listOf("finish", "leave")) {
                val story = async { oneShotEidas(client, oneShotRao, signer, inbox) }
                val pending = Regex(""""pk":(\d+)[^{}]*"status":"VIDEOPENDING"""")
                var pk = pending.find(control("GET", "/one-shot/requests"))
                while (pk == null) pk = pending.find(control("GET", "/one-shot/requests")).also { delay(20) }
                control("POST", "/one-shot/requests/${pk.groupValues[1]}/identification", """{"outcome":"$outcome"}""")
                while (!story.isCompleted) {
                    inbox.receive("""{"request_pk":${pk.groupValues[1]}}""")
                    delay(250)
                }
                story.await()
            }
        }
    }

    private suspend fun Flow<Request>.firstPk(): RequestPk? {
        var newest: RequestPk? = null
        collect { if (it.pk.value > (newest?.value ?: 0)) newest = it.pk }
        return newest
    }

    private fun play(inbox: WebhookInbox, pk: RequestPk, who: String, action: String) {
        control("POST", "/requests/${pk.value}/$who", """{"action":"$action"}""")
        inbox.receive("""{"request_pk":${pk.value}}""")
    }

    private fun text(path: String, key: String): String = Regex(""""$key":\s*"([^"]*)"""").find(control("GET", path))!!.groupValues[1]

    private fun control(method: String, path: String, body: String = ""): String {
        val request = HttpRequest.newBuilder(URI(System.getenv("README_CONTROL") + path)).header("content-type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)).build()
        val answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() < 300) { "control $method $path: ${answer.statusCode()} ${answer.body()}" }
        return answer.body()
    }
}
