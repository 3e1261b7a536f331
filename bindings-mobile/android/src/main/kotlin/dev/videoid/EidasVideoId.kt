package dev.videoid

import java.io.File
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * A document that proves what the video of an eIDAS request does not, the power to represent for example. [toString] shows neither
 * label nor content.
 */
public class EvidenceDocument(
    /** What it is, in the customer's words: the service shows it to who approves. */
    public val label: String,
    /** The file. It must be such that can be read again: no stream. */
    public val document: Source,
) {
    /** A document in a file. */
    public constructor(label: String, document: File) : this(label, Source.of(document))

    override fun toString(): String = "EvidenceDocument"
}

/**
 * eIDAS VideoID: the user identifies on the vendor's page, and the vendor's operator validates. One object is one request.
 *
 * [start] gives the link for the user; [waitForUser] and [waitForOperator] wait for the two who act elsewhere. A profile of a natural
 * person is ENROLLREADY once the operator has validated; another one is CREATED, and [complete], [papers] and [approve] bring it there.
 *
 * Steps run one after the other, and waiting steps let others in between two looks. After an exception the same step may be called
 * again: it looks at the service first and goes on from there.
 */
public class EidasVideoId private constructor(native: NativeWorkflow) : Workflow(native) {
    /** A new workflow. */
    public constructor(ra: RegistrationAuthority, store: StateStore? = null, onEvent: WorkflowListener? = null) :
        this(opened(ra, Flow.EidasVideoId, store, onEvent))

    /**
     * Takes a scratchcard, creates the request and reads it back, for the user's link. The service writes to the e-mail address and
     * the mobile phone of [request]. May be called again, for the link too: what was done is not done twice.
     */
    public suspend fun start(request: NewRequest, options: RequestOptions = RequestOptions()): Started =
        native { native.start(request, options.toNative()) }

    /**
     * Waits until the user is done: VIDEOREVIEW or later, or VIDEOINCOMPLETE or VIDEOERROR, which are outcomes with their ways on and
     * no exceptions. Looks and takes webhooks as [RegistrationAuthority.waitFor] does. Only reads; ends when its coroutine is cancelled.
     *
     * @throws VideoIdException `wait_deadline` (retryable); `workflow_step` before [start]; `unexpected_status` for a request that was
     * cancelled.
     */
    public suspend fun waitForUser(
        deadline: Duration,
        poll: Duration = 2.seconds,
        maxPoll: Duration = 60.seconds,
        inbox: WebhookInbox? = null,
        options: RequestOptions = RequestOptions(),
    ): Progressed = native { native.waitForUser(limits(deadline, poll, maxPoll), inbox?.native, options.toNative()) }

    /**
     * Waits until the vendor's operator is done: CREATED, ENROLLREADY, ISSUED, or a VideoID that is REFUSED. At VIDEOINCOMPLETE and
     * VIDEOERROR it ends as well, with the ways on. Otherwise as [waitForUser].
     */
    public suspend fun waitForOperator(
        deadline: Duration,
        poll: Duration = 2.seconds,
        maxPoll: Duration = 60.seconds,
        inbox: WebhookInbox? = null,
        options: RequestOptions = RequestOptions(),
    ): Progressed = native { native.waitForOperator(limits(deadline, poll, maxPoll), inbox?.native, options.toNative()) }

    /**
     * Gives a request in CREATED what its profile needs beside the video: the update of its data, then the documents. Nothing is sent
     * where the request is ENROLLREADY. Progress counts each upload from zero. May be called again: what has arrived is not sent twice.
     *
     * @throws VideoIdException of the calls; `field_missing` without a label; `body_not_repeatable` for a stream; `unexpected_status`
     * before the operator has validated and after a refusal.
     */
    public suspend fun complete(
        update: RequestUpdate? = null,
        documents: List<EvidenceDocument> = emptyList(),
        options: RequestOptions = RequestOptions(),
    ): Progressed = native {
        native.complete(update, documents.map { NativeEvidenceDocument(it.label, it.document.forReading()) }, options.toNative())
    }

    /**
     * Fetches declaration and contract of a request in CREATED, to be shown to the officer before [approve]; neither where it is
     * ENROLLREADY. Taken as safe to repeat: see ASSUMPTIONS.md.
     */
    public suspend fun papers(raoId: String, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.papers(raoId, options.toNative()) }

    /** An officer approves a request in CREATED; the status is read back. It never validates: that is the vendor's operator's. */
    public suspend fun approve(rao: RaoCredentials, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.approve(rao, options.toNative()) }

    public companion object {
        /** As [ExternalVideoId.resume]. */
        public fun resume(
            ra: RegistrationAuthority,
            state: String,
            store: StateStore? = null,
            onEvent: WorkflowListener? = null,
        ): EidasVideoId = EidasVideoId(resumed(ra, Flow.EidasVideoId, state, store, onEvent))
    }
}
