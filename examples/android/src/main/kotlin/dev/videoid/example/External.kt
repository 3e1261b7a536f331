package dev.videoid.example

import dev.videoid.Acceptance
import dev.videoid.Evidence
import dev.videoid.ExternalVideoId
import dev.videoid.NewRequest
import dev.videoid.OcrData
import dev.videoid.Provenance
import dev.videoid.RegistrationAuthority
import dev.videoid.SecurityCheck
import dev.videoid.SecurityChecks
import dev.videoid.Source

/** External VideoID: this program collects the evidence, and its officer validates and approves, or refuses. */
suspend fun external(ra: RegistrationAuthority, arguments: Arguments) {
    val told = Told()
    ExternalVideoId(ra, onEvent = told).use { workflow ->
        val submission = workflow.submit(
            NewRequest(profile = "PFnubeQAFCiudadano", email = "anna@example.com", mobilePhoneNumber = "+34600000000"),
            evidence(arguments),
            Source.of(arguments.file("video")),
            told.options(),
        )
        arguments.optional("refuse")?.let { reason ->
            val outcome = workflow.refuse(arguments.rao, reason)
            return done(outcome.status, submission.requestPk, outcome.videoidStatus)
        }
        keep(workflow.validate(arguments.rao), arguments.out)
        val approved = workflow.approve(arguments.rao)
        done(approved.status, submission.requestPk, approved.videoidStatus)
    }
}

internal suspend fun evidence(arguments: Arguments): Evidence = Evidence.build {
    documentFront(arguments.file("front"))
    arguments.optionalFile("rear")?.let { documentRear(it) }
    arguments.optionalFile("photo")?.let { documentPhoto(it) }
    documentOwner(arguments.file("owner"))
    acceptance(
        Acceptance(
            description = "I accept the terms and conditions and the privacy policy",
            urlDocTermsconditions = "https://example.com/terms",
            urlDocPrivacypolicy = "https://example.com/privacy",
            urlWebVideoid = "https://example.com/identify",
            ip = "127.0.0.1",
            userAgent = "videoid example",
            date = System.currentTimeMillis(),
        ),
    )
    ocrData(
        OcrData(
            givenName = "ANNA MARIA",
            surname1 = "ERIKSSON",
            serialNumber = "D23145890",
            mobilePhoneNumber = "+34600000000",
            email = "anna@example.com",
            idDocumentType = "IDC",
            idDocumentCountry = "ES",
        ),
    )
    val attested = SecurityCheck(passed = true, provenance = Provenance.Attested, by = "example")
    securityChecks(
        SecurityChecks(
            otpValidation = attested,
            documentsMatch = attested,
            dataIntegrity = attested,
            documentNotcopy = attested,
            documentNotexpired = attested,
            documentNotunderage = attested,
            liveliness = attested,
        ),
    )
    similarityLevel(87)
}
