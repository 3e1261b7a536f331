package dev.videoid.example

import dev.videoid.RaoCredentials
import java.io.File

/** What the program was told. Credentials may come from the environment, where `ps` does not show them. */
class Arguments(args: Array<String>) {
    private val given: Map<String, String> = args.toList().chunked(2).associate { pair ->
        require(pair.size == 2 && pair[0].startsWith("--")) { "arguments come in pairs of --name value" }
        pair[0].removePrefix("--") to pair[1]
    }

    /** `external`, `ra-eidas`, `classic`, `oneshot-external` or `oneshot-eidas`. */
    val flow: String = given["flow"] ?: "external"

    /** Whether the flow is one of the One-Shot API. */
    val isOneShot: Boolean = flow.startsWith("oneshot-")

    init {
        val own = requireNotNull(flows[flow]) { "--flow is one of ${flows.keys.joinToString()}" }
        val unknown = given.keys - common - (if (isOneShot) ofOneShot else ofRa) - own
        require(unknown.isEmpty()) { "unknown for this flow: ${unknown.joinToString { "--$it" }}" }
    }

    val out = File(needed("out"))
    val rao = RaoCredentials(secret("rao-username"), secret("rao-password"), secret("rao-pin"), secret("rao-id"))

    fun needed(name: String): String = requireNotNull(given[name]) { "--$name is needed" }

    fun optional(name: String): String? = given[name]

    fun file(name: String) = File(needed(name))

    fun optionalFile(name: String): File? = optional(name)?.let(::File)

    /** `--rao-pin` or VIDEOID_RAO_PIN. */
    fun secret(name: String): String {
        val variable = "VIDEOID_" + name.uppercase().replace('-', '_')
        return requireNotNull(given[name] ?: System.getenv(variable)) { "--$name or $variable is needed" }
    }

    private companion object {
        val common = setOf("flow", "ra", "rao-username", "rao-password", "rao-pin", "rao-id", "out")
        val ofRa = setOf("ra-url", "upload-url")
        val ofOneShot = setOf("one-shot-url", "dialect", "env", "billing-username", "billing-password", "document", "refuse")
        val flows = mapOf(
            "external" to setOf("front", "rear", "photo", "owner", "video", "refuse"),
            "ra-eidas" to setOf("document"),
            "classic" to setOf("front", "rear", "owner", "document"),
            "oneshot-external" to setOf("front", "rear", "photo", "owner", "video"),
            "oneshot-eidas" to emptySet(),
        )
    }
}
