package dev.videoid.tests

import java.net.URLEncoder
import java.util.Base64

/** Data that is recognised wherever it appears. None of it belongs to a person. */
object Canaries {
    val all: Map<String, String> = mapOf(
        "given name" to "KANARINAME",
        "surname" to "KANARISURNAME",
        "serial" to "X77KANARI77",
        "email" to "kanari.mail@example.com",
        "phone" to "+34677123987",
        "birth" to "17/09/1977",
        "extra" to "KANARIEXTRA",
        "ip" to "203.0.113.177",
        "agent" to "KanariAgent/7.7",
        "username" to "kanariuser",
        "password" to "kanari:pass/word+7",
        "pin" to "kanaripin77",
        "reason" to "kanari reason",
        "image" to "KANARIIMAGEBYTES",
    )

    operator fun get(name: String): String = all.getValue(name)

    /** How a value may hide: plain, hex, URL-encoded, a list of bytes, and Base64 at each of the three alignments. */
    fun forms(value: String): List<String> {
        val raw = value.toByteArray()
        val encoded = URLEncoder.encode(value, Charsets.UTF_8)
        val base64 = (0..2).map { shift ->
            val text = Base64.getEncoder().withoutPadding().encodeToString(ByteArray(shift) + raw)
            // The first and the last characters depend on the neighbours.
            text.substring(if (shift == 0) 0 else 4, text.length - 2)
        }
        val hidden = listOf(value, raw.joinToString("") { "%02x".format(it) }, encoded, encoded.replace("+", "%20"), raw.joinToString(", ")) + base64
        return hidden.map { it.lowercase() }.distinct()
    }

    /** The names of what is seen in a text. */
    fun seenIn(text: String, values: Map<String, String> = all): List<String> {
        val lower = text.lowercase()
        return values.filter { (_, value) -> forms(value).any { it in lower } }.keys.toList()
    }
}
