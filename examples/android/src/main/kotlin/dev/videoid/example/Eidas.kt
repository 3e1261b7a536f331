package dev.videoid.example

import dev.videoid.EidasVideoId
import dev.videoid.EvidenceDocument
import dev.videoid.NewRequest
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestUpdate
import dev.videoid.ScratchcardSn
import dev.videoid.Status
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Of a person as part of a company: not a natural person alone, so the request is completed after the operator's validation. */
private const val PROFILE = "PFnubeQAFEmpresa"

/** eIDAS VideoID: the user identifies on the vendor's page, the vendor's operator validates, the officer completes and approves. */
suspend fun eidas(ra: RegistrationAuthority, arguments: Arguments) {
    val told = Told()
    EidasVideoId(ra, onEvent = told).use { workflow ->
        // The service mails the link to the user. `started.videoidLink` has it too, for a page of one's own; it is never printed.
        val started = workflow.start(NewRequest(profile = PROFILE, email = "anna@example.com", mobilePhoneNumber = "+34600000000"))

        // In a service a day rather than a minute, and with a `WebhookInbox` that hears of each change at once.
        say("event" to "waiting", "for" to "user")
        val seen = workflow.waitForUser(1.minutes, poll = 200.milliseconds, maxPoll = 1.seconds)
        if (seen.status == Status.VideoIncomplete || seen.status == Status.VideoError) {
            // `seen.waysOn` says what is open now: hand the link over again, update the request, or cancel and take a new card.
            return done(seen.status, seen.requestPk, seen.videoidStatus)
        }
        say("event" to "waiting", "for" to "operator")
        val judged = workflow.waitForOperator(1.minutes, poll = 200.milliseconds, maxPoll = 1.seconds)
        if (judged.status != Status.Created || judged.videoidStatus == "REFUSED") {
            // Refused; or ready at once, as the profiles of natural persons are.
            return done(judged.status, judged.requestPk, judged.videoidStatus)
        }

        val extract = EvidenceDocument("Company register extract", arguments.file("document"))
        workflow.complete(update(started.scratchcard), listOf(extract), told.options())
        keep(workflow.papers(arguments.rao.raoId), arguments.out)
        val approved = workflow.approve(arguments.rao)
        done(approved.status, approved.requestPk, approved.videoidStatus)
    }
}

/** What the video does not show: the company, and the person's place in it. */
private fun update(scratchcard: ScratchcardSn) = RequestUpdate(
    profile = PROFILE,
    scratchcard = scratchcard,
    email = "anna@example.com",
    countryName = "ES",
    mobilePhoneNumber = "+34600000000",
    title = "Manager",
    responsibleName = "ANNA MARIA",
    responsibleFirstSurname = "ERIKSSON",
    responsibleSerial = "D23145890",
    organizationName = "EXAMPLE UTOPIA SL",
    organizationTaxNumber = "B00000000",
    organizationCountry = "ES",
    organizationEmail = "office@example.com",
    validityTime = 730,
    secureElement = 2,
)
