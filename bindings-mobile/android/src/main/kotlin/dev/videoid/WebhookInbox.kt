package dev.videoid

/**
 * Where a web server puts the webhooks that it receives, and where [RegistrationAuthority.waitFor], [EidasVideoId] and [OneShotEidas] look for
 * them.
 *
 * One is enough for a program. It keeps no webhook and no personal data, it only wakes who waits at that moment, and so does not grow
 * with what is received. May be used from any thread.
 */
public class WebhookInbox : AutoCloseable {
    internal val native: NativeWebhookInbox = native { NativeWebhookInbox() }

    /**
     * Takes the body of a webhook and wakes those who wait for its request. Safe to repeat, to forge and to mix up: the worst that
     * comes of it is a GET more. Answer the service with HTTP 200 in any case.
     *
     * @throws VideoIdException `webhook_invalid`; nobody is woken then.
     */
    public fun receive(body: ByteArray): Webhook = native { native.receive(body) }

    /** As the other one, for a body that is text already. */
    public fun receive(body: String): Webhook = receive(body.encodeToByteArray())

    override fun close(): Unit = native.close()

    override fun toString(): String = "WebhookInbox"
}
