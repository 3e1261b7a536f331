package dev.videoid.example

import java.io.File

/** What the program was told. Credentials may come from the environment, where `ps` does not show them. */
class Arguments(args: Array<String>) {
    private val given: Map<String, String> = args.toList().chunked(2).associate { pair ->
        require(pair.size == 2 && pair[0].startsWith("--")) { "arguments come in pairs of --name value" }
        pair[0].removePrefix("--") to pair[1]
    }

    init {
        val unknown = given.keys - known
        require(unknown.isEmpty()) { "unknown: ${unknown.joinToString { "--$it" }}" }
    }

    val raUrl = needed("ra-url")
    val uploadUrl = needed("upload-url")
    val ra = needed("ra")
    val username = secret("rao-username")
    val password = secret("rao-password")
    val pin = secret("rao-pin")
    val raoId = secret("rao-id")
    val front = File(needed("front"))
    val rear = given["rear"]?.let(::File)
    val photo = given["photo"]?.let(::File)
    val owner = File(needed("owner"))
    val video = File(needed("video"))
    val out = File(needed("out"))
    val refuse = given["refuse"]

    private fun needed(name: String): String = requireNotNull(given[name]) { "--$name is needed" }

    /** `--rao-pin` or VIDEOID_RAO_PIN. */
    private fun secret(name: String): String {
        val variable = "VIDEOID_" + name.uppercase().replace('-', '_')
        return requireNotNull(given[name] ?: System.getenv(variable)) { "--$name or $variable is needed" }
    }

    private companion object {
        val known = setOf(
            "ra-url", "upload-url", "ra", "rao-username", "rao-password", "rao-pin", "rao-id", "front", "rear", "photo", "owner", "video", "out", "refuse",
        )
    }
}
