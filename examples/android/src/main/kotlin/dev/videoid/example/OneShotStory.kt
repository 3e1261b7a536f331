package dev.videoid.example

import dev.videoid.BillingEnv
import dev.videoid.Dialect
import dev.videoid.Environment
import dev.videoid.NewVideoId
import dev.videoid.OneShot
import dev.videoid.OneShotConfig
import dev.videoid.OneShotEidas
import dev.videoid.OneShotExternal
import dev.videoid.OneShotOutcome
import dev.videoid.OneShotRao
import dev.videoid.OneShotWorkflow
import dev.videoid.RaId
import dev.videoid.Signing
import dev.videoid.Source
import dev.videoid.Status
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** The One-Shot API: identified, approved, and on to the signed document. */
suspend fun oneShot(arguments: Arguments) {
    val config = OneShotConfig(
        environment = Environment.Custom,
        baseUrl = arguments.needed("one-shot-url"),
        dialect = when (val word = arguments.optional("dialect") ?: "current") {
            "current" -> Dialect.Current
            "legacy" -> Dialect.Legacy
            else -> throw IllegalArgumentException("--dialect is current or legacy, and not $word")
        },
        registrationAuthority = RaId(arguments.needed("ra")),
        env = if (arguments.optional("env") == "prod") BillingEnv.Prod else BillingEnv.Sandbox,
        // In clear: the client encodes the password as the service wants it.
        billingUsername = arguments.secret("billing-username"),
        billingPassword = arguments.secret("billing-password"),
    )
    OneShot(config).use { client -> if (arguments.flow == "oneshot-eidas") eidas(client, arguments) else external(client, arguments) }
}

/** One person, who is to sign. */
private val signer = NewVideoId(mobilePhoneNumber = "+34600000000", email = "anna@example.com", profile = "PFnubeQAFCiudadano")

/** This program has collected the evidence. */
private suspend fun external(client: OneShot, arguments: Arguments) {
    val told = Told()
    OneShotExternal(client, onEvent = told).use { workflow ->
        workflow.submit(signer, evidence(arguments), Source.of(arguments.file("video")), told.options())
        decidedAndSigned(workflow, arguments, told)
    }
}

/** The user identifies on the vendor's page. */
private suspend fun eidas(client: OneShot, arguments: Arguments) {
    val told = Told()
    OneShotEidas(client, onEvent = told).use { workflow ->
        // The service sends the user the link. What `start` gives has it too, for a page of one's own; it is never printed.
        workflow.start(signer)

        // In a service a day rather than a minute, and with a `WebhookInbox` that hears of each change at once.
        say("event" to "waiting", "for" to "user")
        val seen = workflow.waitForUser(1.minutes, poll = 200.milliseconds, maxPoll = 1.seconds)
        // `seen.waysOn` says what is open after these two.
        if (seen.status == Status.VideoIncomplete || seen.status == Status.VideoError) return done(seen)
        decidedAndSigned(workflow, arguments, told)
    }
}

/** From the officer's decision on both workflows have the same steps. */
private suspend fun decidedAndSigned(workflow: OneShotWorkflow, arguments: Arguments, told: Told) {
    val rao = arguments.rao.run { OneShotRao(username = username, password = password, pin = pin, rao = raoId) }
    arguments.optional("refuse")?.let { reason -> return done(workflow.refuse(rao, reason)) }
    val approved = workflow.approve(rao)
    // In 2-step mode it was only validated: its status says so, and nothing can be signed yet.
    if (!approved.approved) return done(approved)
    workflow.documents(listOf(Source.of(arguments.file("document"))), told.options())

    arguments.out.mkdirs()
    val contract = workflow.contract(arguments.out.resolve("contract.pdf"))
    say("event" to "file", "kind" to "contract", "path" to contract.path)
    // Here the signer reads it. Without this word the workflow does not sign.
    workflow.contractShown()

    workflow.otp()
    say("event" to "waiting", "for" to "otp", "request_pk" to approved.handle.requestPk.value)
    val signed = workflow.sign(Signing(secret = typed()))
    workflow.save(arguments.out).documents.forEach { say("event" to "file", "kind" to "signed", "path" to it.file.path) }
    // `workflow.delete(out)` would now delete the documents from the Optimizer, which never does so by itself.
    done(signed)
}

/** The one-time password that the signer types. */
private fun typed(): String = requireNotNull(readlnOrNull()?.trim()?.ifEmpty { null }) { "the one-time password is read from standard input, which is closed" }

private fun done(outcome: OneShotOutcome) = done(outcome.status, outcome.handle.requestPk, outcome.videoidStatus)
