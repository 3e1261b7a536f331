package dev.videoid.tests

import dev.videoid.Dialect
import dev.videoid.Evidence
import dev.videoid.HookEvent
import dev.videoid.NewVideoId
import dev.videoid.OcrData
import dev.videoid.OneShot
import dev.videoid.OneShotConfig
import dev.videoid.OneShotRao
import dev.videoid.RaId
import dev.videoid.RequestPk
import dev.videoid.VideoIdException
import dev.videoid.fromJson
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertThrows
import java.io.File
import java.security.MessageDigest

/** The One-Shot API as most of its tests need it. */
object OneShotStory {
    val dialects = listOf(Dialect.Current, Dialect.Legacy)

    /** The person who is to sign. */
    val signer = NewVideoId(mobilePhoneNumber = "+34600000000", email = "anna@example.com", profile = "PFnubeQAFCiudadano")

    /** What is to be signed. */
    val document: File = Repo.fixture("specimen/register_extract.pdf")
    val video: File = Repo.fixture("specimen.mp4")

    fun image(name: String): File = Repo.fixture("specimen/$name")

    suspend fun evidence(): Evidence = Evidence.build {
        documentFront(image("document_front.jpg")).documentRear(image("document_rear.jpg")).documentOwner(image("document_owner.jpg"))
        ocrData(
            OcrData(
                givenName = "ANNA MARIA", surname1 = "ERIKSSON", serialNumber = "D23145890", mobilePhoneNumber = signer.mobilePhoneNumber,
                email = signer.email, idDocumentType = "IDC", idDocumentCountry = "ES",
            ),
        )
    }
}

/** The settings of a client in that dialect, with the registration authority whose requests are always External. */
fun Sandbox.oneShotConfig(dialect: Dialect): OneShotConfig {
    val external = oneShot.getValue("ra").jsonObject.getValue("external_id").jsonPrimitive.content
    return OneShotConfig.fromJson(oneShotConfig.toString()).copy(dialect = dialect, registrationAuthority = RaId(external))
}

/** The same of the registration authority whose users identify on the vendor's page. */
fun Sandbox.oneShotEidasConfig(dialect: Dialect): OneShotConfig = OneShotConfig.fromJson(oneShotConfig.toString()).copy(dialect = dialect)

fun Sandbox.oneShotOfficer(): OneShotRao = OneShotRao.fromJson(oneShotRao.toString())

/** The user's part on the vendor's page: `finish`, `fail` or `leave`. */
fun Sandbox.oneShotUser(pk: RequestPk, outcome: String): JsonElement =
    control("POST", "/one-shot/requests/${pk.value}/identification", JsonObject(mapOf("outcome" to JsonPrimitive(outcome))))

/** What the signer's telephone shows. */
fun Sandbox.oneShotOtp(pk: RequestPk): String = control("GET", "/one-shot/requests/${pk.value}/otp").jsonObject.text("otp")

/** One answer, or connection, that goes wrong. */
fun Sandbox.fault(operation: String, kind: String, vararg more: Pair<String, JsonElement>) {
    val fault = JsonObject(mapOf("operation" to JsonPrimitive(operation), "kind" to JsonPrimitive(kind)) + more)
    control("POST", "/faults", JsonArray(listOf(fault)))
}

/** The operations that the sandbox has received, in their order. */
fun Sandbox.operations(): List<String?> =
    control("GET", "/received").let { it as? JsonArray ?: it.jsonObject.getValue("received").jsonArray }
        .map { it.jsonObject["operation"]?.jsonPrimitive?.contentOrNull }

fun <T> Sandbox.oneShotClient(config: OneShotConfig, hooks: ((HookEvent) -> Unit)? = null, body: suspend (OneShot) -> T): T =
    OneShot(config, hooks).use { oneShot -> runBlocking { body(oneShot) } }

fun failure(call: suspend () -> Unit): VideoIdException = assertThrows(VideoIdException::class.java) { runBlocking { call() } }

fun sha256(file: File): String = MessageDigest.getInstance("SHA-256").digest(file.readBytes()).joinToString("") { "%02x".format(it) }
