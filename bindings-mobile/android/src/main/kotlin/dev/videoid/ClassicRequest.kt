package dev.videoid

import java.io.File

/** A document of a classic request: a side of the identity document, the holder with it, or a further one. [toString] shows no content. */
public class ClassicDocument(
    /** Which document it is. */
    public val documentType: DocumentType,
    /** The file. It must be such that can be read again: no stream. */
    public val document: Source,
) {
    /** A document in a file. */
    public constructor(documentType: DocumentType, document: File) : this(documentType, Source.of(document))

    override fun toString(): String = "ClassicDocument(documentType=$documentType)"
}

/**
 * A classic request: the officer identifies the holder, and the documents are uploaded. One object is one request.
 *
 * Steps run one after the other. After an exception the same step may be called again: it looks at the service first and goes on from
 * there.
 */
public class ClassicRequest private constructor(native: NativeWorkflow) : Workflow(native) {
    /** A new workflow. */
    public constructor(ra: RegistrationAuthority, store: StateStore? = null, onEvent: WorkflowListener? = null) :
        this(opened(ra, Flow.Classic, store, onEvent))

    /**
     * Takes a scratchcard, creates the request and uploads the documents; the request is CREATED then. The documents are looked at
     * before the request costs a card. Progress counts each upload from zero. May be called again: what has arrived is not sent twice.
     *
     * @throws VideoIdException of the calls; `no_scratchcard`; `source_unreadable`, `image_damaged` and the like for a document;
     * `body_not_repeatable` for a stream.
     */
    public suspend fun submit(
        request: NewRequest,
        documents: List<ClassicDocument>,
        options: RequestOptions = RequestOptions(),
    ): Submission = native {
        native.submitDocuments(request, documents.map { NativeClassicDocument(it.documentType, it.document.forReading()) }, options.toNative())
    }

    /**
     * Fetches declaration and contract, to be shown to the officer before [approve]; neither where the request is ENROLLREADY. Taken as
     * safe to repeat: see ASSUMPTIONS.md.
     */
    public suspend fun papers(raoId: String, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.papers(raoId, options.toNative()) }

    /** An officer approves, after [papers] or reading them first; the status is read back. */
    public suspend fun approve(rao: RaoCredentials, options: RequestOptions = RequestOptions()): OfficerOutcome =
        native { native.approve(rao, options.toNative()) }

    public companion object {
        /** As [ExternalVideoId.resume]. */
        public fun resume(
            ra: RegistrationAuthority,
            state: String,
            store: StateStore? = null,
            onEvent: WorkflowListener? = null,
        ): ClassicRequest = ClassicRequest(resumed(ra, Flow.Classic, state, store, onEvent))
    }
}
