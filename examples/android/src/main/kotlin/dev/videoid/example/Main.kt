package dev.videoid.example

import dev.videoid.Environment
import dev.videoid.RaConfig
import dev.videoid.RaId
import dev.videoid.RegistrationAuthority
import dev.videoid.VideoIdException
import dev.videoid.VideoPkKind
import kotlinx.coroutines.runBlocking
import kotlin.system.exitProcess

/** One of the flows, from a scratchcard to ENROLLREADY, or to a signed document on the One-Shot API. Prints one JSON object a line. */
fun main(args: Array<String>) {
    try {
        val arguments = Arguments(args)
        runBlocking { story(arguments) }
    } catch (e: IllegalArgumentException) {
        fail("usage", e.message)
    } catch (e: VideoIdException) {
        fail(e.code, e.message)
    }
}

private suspend fun story(arguments: Arguments) {
    if (arguments.isOneShot) return oneShot(arguments)
    val config = RaConfig(
        environment = Environment.Custom,
        apiUrl = arguments.needed("ra-url"),
        uploadUrl = arguments.needed("upload-url"),
        registrationAuthority = RaId(arguments.needed("ra")),
        // Which id the evidence goes to is for the service to say; External VideoID alone needs it.
        videoPk = VideoPkKind.RequestPk,
    )
    RegistrationAuthority(config).use { ra ->
        when (arguments.flow) {
            "ra-eidas" -> eidas(ra, arguments)
            "classic" -> classic(ra, arguments)
            else -> external(ra, arguments)
        }
    }
}

private fun fail(code: String, text: String?) {
    say("event" to "error", "code" to code, "text" to text)
    exitProcess(1)
}
