package dev.videoid

/**
 * Reads the body of a webhook, at most 64 KiB; both documented forms and mixtures of them. Nothing is signed, so anybody can send one:
 * what it claims counts once a GET of the request shows it, which the `waitFor` of a client looks for.
 *
 * @throws VideoIdException `webhook_invalid`.
 */
public fun parseWebhook(body: ByteArray): Webhook = native { nativeParseWebhook(body) }

/** As the other one, for a body that is text already. */
public fun parseWebhook(body: String): Webhook = parseWebhook(body.encodeToByteArray())
