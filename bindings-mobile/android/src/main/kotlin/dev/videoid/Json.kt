package dev.videoid

// Each model as JSON in the names of the wire, and back: the same text in every language of this library. What is personal is in it.
// What cannot be read fails with `field_invalid`, which does not show the text.

/** The value as JSON, with everything that is in it: personal data too. */
public fun Acceptance.toJson(): String = native { acceptanceToJson(this) }

/** The value from JSON. */
public fun Acceptance.Companion.fromJson(json: String): Acceptance = native { acceptanceFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Acknowledgement.toJson(): String = native { acknowledgementToJson(this) }

/** The value from JSON. */
public fun Acknowledgement.Companion.fromJson(json: String): Acknowledgement = native { acknowledgementFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Approval.toJson(): String = native { approvalToJson(this) }

/** The value from JSON. */
public fun Approval.Companion.fromJson(json: String): Approval = native { approvalFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun BundleFile.toJson(): String = native { bundleFileToJson(this) }

/** The value from JSON. */
public fun BundleFile.Companion.fromJson(json: String): BundleFile = native { bundleFileFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun BundleManifest.toJson(): String = native { bundleManifestToJson(this) }

/** The value from JSON. */
public fun BundleManifest.Companion.fromJson(json: String): BundleManifest = native { bundleManifestFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun CardSecrets.toJson(): String = native { cardSecretsToJson(this) }

/** The value from JSON. */
public fun CardSecrets.Companion.fromJson(json: String): CardSecrets = native { cardSecretsFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun ClientIdentity.toJson(): String = native { clientIdentityToJson(this) }

/** The value from JSON. */
public fun ClientIdentity.Companion.fromJson(json: String): ClientIdentity = native { clientIdentityFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Declaration.toJson(): String = native { declarationToJson(this) }

/** The value from JSON. */
public fun Declaration.Companion.fromJson(json: String): Declaration = native { declarationFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Document.toJson(): String = native { documentToJson(this) }

/** The value from JSON. */
public fun Document.Companion.fromJson(json: String): Document = native { documentFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun DownloadedFile.toJson(): String = native { downloadedFileToJson(this) }

/** The value from JSON. */
public fun DownloadedFile.Companion.fromJson(json: String): DownloadedFile = native { downloadedFileFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun EvidenceReport.toJson(): String = native { evidenceReportToJson(this) }

/** The value from JSON. */
public fun EvidenceReport.Companion.fromJson(json: String): EvidenceReport = native { evidenceReportFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Finding.toJson(): String = native { findingToJson(this) }

/** The value from JSON. */
public fun Finding.Companion.fromJson(json: String): Finding = native { findingFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun HookEvent.toJson(): String = native { hookEventToJson(this) }

/** The value from JSON. */
public fun HookEvent.Companion.fromJson(json: String): HookEvent = native { hookEventFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun ImageInfo.toJson(): String = native { imageInfoToJson(this) }

/** The value from JSON. */
public fun ImageInfo.Companion.fromJson(json: String): ImageInfo = native { imageInfoFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Limits.toJson(): String = native { limitsToJson(this) }

/** The value from JSON. */
public fun Limits.Companion.fromJson(json: String): Limits = native { limitsFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun NewRequest.toJson(): String = native { newRequestToJson(this) }

/** The value from JSON. */
public fun NewRequest.Companion.fromJson(json: String): NewRequest = native { newRequestFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun OcrData.toJson(): String = native { ocrDataToJson(this) }

/** The value from JSON. */
public fun OcrData.Companion.fromJson(json: String): OcrData = native { ocrDataFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun OfficerOutcome.toJson(): String = native { officerOutcomeToJson(this) }

/** The value from JSON. */
public fun OfficerOutcome.Companion.fromJson(json: String): OfficerOutcome = native { officerOutcomeFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun PreauthLink.toJson(): String = native { preauthLinkToJson(this) }

/** The value from JSON. */
public fun PreauthLink.Companion.fromJson(json: String): PreauthLink = native { preauthLinkFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Progress.toJson(): String = native { progressToJson(this) }

/** The value from JSON. */
public fun Progress.Companion.fromJson(json: String): Progress = native { progressFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun RaConfig.toJson(): String = native { raConfigToJson(this) }

/** The value from JSON. */
public fun RaConfig.Companion.fromJson(json: String): RaConfig = native { raConfigFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun RaoCredentials.toJson(): String = native { raoCredentialsToJson(this) }

/** The value from JSON. */
public fun RaoCredentials.Companion.fromJson(json: String): RaoCredentials = native { raoCredentialsFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun ReadBackCheck.toJson(): String = native { readBackCheckToJson(this) }

/** The value from JSON. */
public fun ReadBackCheck.Companion.fromJson(json: String): ReadBackCheck = native { readBackCheckFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun ReadBackImage.toJson(): String = native { readBackImageToJson(this) }

/** The value from JSON. */
public fun ReadBackImage.Companion.fromJson(json: String): ReadBackImage = native { readBackImageFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Refusal.toJson(): String = native { refusalToJson(this) }

/** The value from JSON. */
public fun Refusal.Companion.fromJson(json: String): Refusal = native { refusalFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Request.toJson(): String = native { requestToJson(this) }

/** The value from JSON. */
public fun Request.Companion.fromJson(json: String): Request = native { requestFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun RequestFilter.toJson(): String = native { requestFilterToJson(this) }

/** The value from JSON. */
public fun RequestFilter.Companion.fromJson(json: String): RequestFilter = native { requestFilterFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun RequestPage.toJson(): String = native { requestPageToJson(this) }

/** The value from JSON. */
public fun RequestPage.Companion.fromJson(json: String): RequestPage = native { requestPageFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun RetryConfig.toJson(): String = native { retryConfigToJson(this) }

/** The value from JSON. */
public fun RetryConfig.Companion.fromJson(json: String): RetryConfig = native { retryConfigFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Scratchcard.toJson(): String = native { scratchcardToJson(this) }

/** The value from JSON. */
public fun Scratchcard.Companion.fromJson(json: String): Scratchcard = native { scratchcardFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun SecurityCheck.toJson(): String = native { securityCheckToJson(this) }

/** The value from JSON. */
public fun SecurityCheck.Companion.fromJson(json: String): SecurityCheck = native { securityCheckFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun SecurityChecks.toJson(): String = native { securityChecksToJson(this) }

/** The value from JSON. */
public fun SecurityChecks.Companion.fromJson(json: String): SecurityChecks = native { securityChecksFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Submission.toJson(): String = native { submissionToJson(this) }

/** The value from JSON. */
public fun Submission.Companion.fromJson(json: String): Submission = native { submissionFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun Timeouts.toJson(): String = native { timeoutsToJson(this) }

/** The value from JSON. */
public fun Timeouts.Companion.fromJson(json: String): Timeouts = native { timeoutsFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun TlsConfig.toJson(): String = native { tlsConfigToJson(this) }

/** The value from JSON. */
public fun TlsConfig.Companion.fromJson(json: String): TlsConfig = native { tlsConfigFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun VideoIdContents.toJson(): String = native { videoIdContentsToJson(this) }

/** The value from JSON. */
public fun VideoIdContents.Companion.fromJson(json: String): VideoIdContents = native { videoIdContentsFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun VideoIdData.toJson(): String = native { videoIdDataToJson(this) }

/** The value from JSON. */
public fun VideoIdData.Companion.fromJson(json: String): VideoIdData = native { videoIdDataFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun VideoInfo.toJson(): String = native { videoInfoToJson(this) }

/** The value from JSON. */
public fun VideoInfo.Companion.fromJson(json: String): VideoInfo = native { videoInfoFromJson(json) }

/** The value as JSON, with everything that is in it: personal data too. */
public fun WorkflowEvent.toJson(): String = native { workflowEventToJson(this) }

/** The value from JSON. */
public fun WorkflowEvent.Companion.fromJson(json: String): WorkflowEvent = native { workflowEventFromJson(json) }
