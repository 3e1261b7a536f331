package dev.videoid.example

import dev.videoid.Acceptance
import dev.videoid.Evidence
import dev.videoid.OcrData
import dev.videoid.Provenance
import dev.videoid.SecurityCheck
import dev.videoid.SecurityChecks
import dev.videoid.Source

/** What an app has gathered when the person has been filmed. */
class Gathered(
    val front: Source,
    val rear: Source?,
    val owner: Source,
    /** What the products for text recognition, liveness and face match have found, and who says so. */
    val recognised: Recognised,
)

/** What other products have found. */
class Recognised(val data: OcrData, val isAlive: Boolean, val similarity: Int, val by: String)

/** Checks what was gathered and makes evidence of it; the same in the program and in the app. */
suspend fun evidence(gathered: Gathered): Evidence = Evidence.build {
    documentFront(gathered.front)
    gathered.rear?.let { documentRear(it) }
    documentOwner(gathered.owner)
    // The address and the browser of the acceptance are the backend's to add: a device knows only its local address.
    acceptance(
        Acceptance(
            description = "I accept the terms and conditions and the privacy policy",
            urlDocTermsconditions = "https://example.com/terms",
            urlDocPrivacypolicy = "https://example.com/privacy",
            userAgent = "videoid capture example",
            date = System.currentTimeMillis(),
        ),
    )
    ocrData(gathered.recognised.data)
    val recognised = SecurityCheck(passed = true, provenance = Provenance.Attested, by = gathered.recognised.by)
    securityChecks(
        SecurityChecks(
            documentsMatch = recognised,
            dataIntegrity = recognised,
            documentNotcopy = recognised,
            documentNotexpired = recognised,
            liveliness = SecurityCheck(passed = gathered.recognised.isAlive, provenance = Provenance.Attested, by = gathered.recognised.by),
        ),
    )
    similarityLevel(gathered.recognised.similarity)
}
