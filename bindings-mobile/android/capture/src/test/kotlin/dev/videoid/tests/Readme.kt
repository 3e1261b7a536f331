package dev.videoid.tests

import dev.videoid.Acceptance
import dev.videoid.Bundle
import dev.videoid.Evidence
import dev.videoid.Finding
import dev.videoid.OcrData
import dev.videoid.Provenance
import dev.videoid.SecurityCheck
import dev.videoid.SecurityChecks
import dev.videoid.Source
import dev.videoid.checkVideo
import java.io.File

// The lines of README.md, word by word: `ReadmeTest` compares them.

suspend fun collected(front: Source, rear: Source, selfie: Source, video: Source, read: OcrData, bundle: File): List<Finding> {
    checkVideo(video)
    val evidence = Evidence.build {
        documentFront(front).documentRear(rear).documentOwner(selfie)
        acceptance(Acceptance(description = "I accept the terms", date = System.currentTimeMillis()))
        ocrData(read)
        securityChecks(SecurityChecks(liveliness = SecurityCheck(passed = true, provenance = Provenance.Attested, by = "your liveness product")))
        similarityLevel(87)
    }
    return evidence.use {
        Bundle.save(bundle, it, video)
        it.report.findings // advice: what an officer may miss
    }
}
