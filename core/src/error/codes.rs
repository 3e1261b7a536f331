//! Every error code with its category and meaning. The glossary, the parity table and the bindings read this list.

/// The kind of trouble, for code that decides by a `match` of seven arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCategory {
    /// The client is not set up so that the call could be made.
    Config,
    /// What was given breaks a rule; nothing was sent.
    Validation,
    /// The network, TLS or a time limit.
    Transport,
    /// The service answered, and the answer is not the one asked for.
    Api,
    /// The answer was lost, and what was asked for may have been done.
    Ambiguous,
    /// The caller cancelled.
    Cancelled,
    /// A defect of this library.
    Internal,
}

impl ErrorCategory {
    /// All categories, in the order of the documentation.
    pub const ALL: &'static [Self] =
        &[Self::Config, Self::Validation, Self::Transport, Self::Api, Self::Ambiguous, Self::Cancelled, Self::Internal];

    /// The name in lower case, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Validation => "validation",
            Self::Transport => "transport",
            Self::Api => "api",
            Self::Ambiguous => "ambiguous",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

macro_rules! error_codes {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, $category:ident; )+) => {
        /// What went wrong, as a stable name. New codes may come with any version: keep a default arm.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $( $(#[doc = $doc])+ $variant, )+
        }

        impl ErrorCode {
            /// All codes of this version.
            pub const ALL: &'static [Self] = &[$( Self::$variant, )+];

            /// The stable name, for example `rejected`.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// The category that the code belongs to.
            pub const fn category(self) -> ErrorCategory {
                match self { $( Self::$variant => ErrorCategory::$category, )+ }
            }

            /// What the code means, in one or more sentences.
            pub const fn meaning(self) -> &'static str {
                match self { $( Self::$variant => concat!($($doc),+), )+ }
            }
        }
    };
}

error_codes! {
    /// A setting is missing or contradicts another one; the field says which. Nothing was sent. Not retryable.
    ConfigInvalid = "config_invalid", Config;
    /// It is not set which id the evidence upload takes in its path. The documents leave it open, and a wrong choice
    /// would put one person's evidence on another's request: ask the vendor, then set `video_pk`. Nothing was sent. Not retryable.
    VideoPkUnset = "video_pk_unset", Config;
    /// The client certificate, its key or a CA file cannot be read or understood. Nothing was sent. Not retryable.
    TlsIdentityInvalid = "tls_identity_invalid", Config;
    /// The private key does not belong to the client certificate. Nothing was sent. Not retryable.
    TlsKeyMismatch = "tls_key_mismatch", Config;
    /// The address is plain HTTP and not loopback, and `allow_plain_http` is not set. Nothing was sent. Not retryable.
    PlainHttpRefused = "plain_http_refused", Config;
    /// The dialect of the One-Shot API that is set has no such call. Nothing was sent. Not retryable.
    Unsupported = "unsupported", Config;
    /// The server does not know the address of the call, and it answers in the other dialect of the One-Shot API, or in none where the
    /// settings say; the text says which. The call was not processed. Not retryable before `dialect` is changed.
    WrongDialect = "wrong_dialect", Config;
    /// The client was closed before the call. Nothing was sent. Not retryable.
    ClientClosed = "client_closed", Config;

    /// A field that is needed is missing or empty; the field says which. Nothing was sent. Not retryable.
    FieldMissing = "field_missing", Validation;
    /// A field breaks a rule; field and rule say which. Nothing was sent. Not retryable.
    FieldInvalid = "field_invalid", Validation;
    /// A file does not exist or cannot be opened. Nothing was sent. Not retryable.
    SourceUnreadable = "source_unreadable", Validation;
    /// A file or buffer has no bytes. Nothing was sent. Not retryable.
    SourceEmpty = "source_empty", Validation;
    /// A file or stream was changed, or did not have the length that was announced, while it was being sent. The upload was
    /// broken off before its end, so the service cannot have taken it for whole. Retryable with a source at rest.
    SourceChanged = "source_changed", Validation;
    /// The file is not a JPEG or PNG image, nor a PDF where one may be given. Nothing was sent. Not retryable.
    ImageUnrecognised = "image_unrecognised", Validation;
    /// The file is a HEIC or HEIF image, as phones make by default: convert it to JPEG. Nothing was sent. Not retryable.
    ImageHeic = "image_heic", Validation;
    /// The image is cut short or damaged. Nothing was sent. Not retryable.
    ImageDamaged = "image_damaged", Validation;
    /// The file is not an MP4 video. Nothing was sent. Not retryable.
    VideoUnrecognised = "video_unrecognised", Validation;
    /// The file is no PDF, and no JSON of a digest either. Nothing was sent. Not retryable.
    DocumentUnrecognised = "document_unrecognised", Validation;
    /// The signed PDF is not whole: it cannot be read, its signature does not cover the file, or the digest in the signature is not that
    /// of the bytes. Nothing is deleted then. Download it again. Whether the signer can be trusted is not looked at.
    SignedDocumentInvalid = "signed_document_invalid", Validation;
    /// The video is cut short or damaged. Nothing was sent. Not retryable.
    VideoDamaged = "video_damaged", Validation;
    /// The body would have to be sent again, but its source can be read only once. Give a path or bytes. Retryable by the
    /// caller with a new source where the operation allows it.
    BodyNotRepeatable = "body_not_repeatable", Validation;
    /// A bundle folder misses a file, has one too many, or its manifest cannot be understood. Not retryable.
    BundleInvalid = "bundle_invalid", Validation;
    /// A file of a bundle does not have the size or SHA-256 of the manifest. Not retryable.
    BundleAltered = "bundle_altered", Validation;
    /// The bundle or workflow state is of a newer format than this version reads. Not retryable.
    FormatUnsupported = "format_unsupported", Validation;
    /// The workflow is not at the step that this call belongs to. Nothing was sent. Not retryable.
    WorkflowStep = "workflow_step", Validation;
    /// The body of a webhook is longer than 64 KiB, is not JSON or is no object. Nobody was woken; answer the service with HTTP 200
    /// all the same. Not retryable.
    WebhookInvalid = "webhook_invalid", Validation;

    /// No connection: the name does not resolve, or nobody listens. Nothing was sent. Retryable.
    ConnectFailed = "connect_failed", Transport;
    /// The connection took longer than the connect timeout. Nothing was sent. Retryable.
    ConnectTimeout = "connect_timeout", Transport;
    /// The attempt or the call took longer than its time limit. Retryable for reading operations.
    Timeout = "timeout", Transport;
    /// The request did not come to a status that was waited for before the deadline; the text says where it stood. The wait only
    /// reads. Retryable.
    WaitDeadline = "wait_deadline", Transport;
    /// No byte of the upload moved for the stall limit. The body was not sent whole. Retryable.
    UploadStalled = "upload_stalled", Transport;
    /// The server's certificate is not trusted, is expired or is for another host. Nothing was sent. Not retryable.
    ServerCertificateInvalid = "server_certificate_invalid", Transport;
    /// The server refused the client certificate: wrong, expired, or none was given. The request was not processed. Not retryable.
    ClientCertificateRejected = "client_certificate_rejected", Transport;
    /// TLS failed for another reason. The request was not processed. Not retryable.
    TlsFailed = "tls_failed", Transport;
    /// The proxy refused or could not be reached. Nothing reached the service. Retryable.
    ProxyFailed = "proxy_failed", Transport;
    /// The connection was lost before the answer. Retryable for reading operations.
    ConnectionLost = "connection_lost", Transport;
    /// The answer ended before its announced end. Retryable for reading operations.
    AnswerTruncated = "answer_truncated", Transport;
    /// The answer is larger than the limit. Not retryable.
    AnswerTooLarge = "answer_too_large", Transport;
    /// A file for an answer could not be written. Retryable once there is room.
    FileNotWritten = "file_not_written", Transport;

    /// The service understood and said no, with a reason of its own: see `server_text`. A 500 with a body of the API's own
    /// form is such an answer. Not retryable.
    Rejected = "rejected", Api;
    /// The scratchcard is unknown or already used. Take the next one. Not retryable with the same card.
    ScratchcardInvalid = "scratchcard_invalid", Api;
    /// There is no unused scratchcard left: order new ones. Not retryable.
    NoScratchcard = "no_scratchcard", Api;
    /// The RAO credentials are wrong, or this officer may not do this. Not retryable: accounts can be locked.
    RaoRejected = "rao_rejected", Api;
    /// The service names fields of the request that it does not accept: see `server_text`. Not retryable.
    FieldsRejected = "fields_rejected", Api;
    /// Documents that the approval needs are missing. Not retryable.
    MissingDocuments = "missing_documents", Api;
    /// The certificate cannot be renewed; the service's code says why, from 419 revoked to 427 suspended. Not retryable.
    NotRenewable = "not_renewable", Api;
    /// The one-time password is wrong or expired. Not retryable with the same one: ask the signer, or ask for another one.
    OtpInvalid = "otp_invalid", Api;
    /// A one-time password was sent less than a minute ago. Retryable after `retry_after`.
    OtpTooSoon = "otp_too_soon", Api;
    /// The Optimizer has no such token, or no longer. Not retryable: create one, or give user name, password and PIN.
    TokenUnknown = "token_unknown", Api;
    /// The billing credentials are wrong, or the credit of the billing account could not be checked. Not retryable.
    BillingRejected = "billing_rejected", Api;
    /// Video identification is not enabled for the registration authority. Not retryable.
    VideoIdNotEnabled = "videoid_not_enabled", Api;
    /// The request has as many documents as it can have. Not retryable before one is deleted.
    DocumentLimit = "document_limit", Api;
    /// The service does not take files of this type (HTTP 415). Not retryable.
    UnsupportedType = "unsupported_type", Api;
    /// The service could not read the request (HTTP 400), or does not accept one of its parameters (its code 418). Not retryable.
    BadRequest = "bad_request", Api;
    /// Not allowed (HTTP 401 or 403). Not retryable.
    Forbidden = "forbidden", Api;
    /// There is no such object, or no such address (HTTP 404). Not retryable.
    NotFound = "not_found", Api;
    /// The request is not in a status that allows this (HTTP 409 or 412). Read it again. Not retryable.
    InvalidStatus = "invalid_status", Api;
    /// The request came to a status from which the workflow does not lead on; the text names it. Read the request. Not retryable.
    UnexpectedStatus = "unexpected_status", Api;
    /// The service says that it cannot take so many calls (HTTP 429). Retryable after `retry_after`.
    RateLimited = "rate_limited", Api;
    /// The service failed (5xx without a body of the API's own form). Retryable for reading operations.
    ServerError = "server_error", Api;
    /// The answer is not what the operation documents: not JSON, or without what is needed. Not retryable.
    UnexpectedAnswer = "unexpected_answer", Api;
    /// The service sent the caller elsewhere; a redirect is never followed with a certificate or a body. Not retryable.
    RedirectRefused = "redirect_refused", Api;

    /// The answer was lost after the request may have been processed. Do not repeat: look first, as the text says.
    Ambiguous = "ambiguous", Ambiguous;

    /// The caller cancelled. A mutation that was under way may have been processed: see `wire`.
    Cancelled = "cancelled", Cancelled;

    /// A defect of this library: please report it. Not retryable.
    Internal = "internal", Internal;
}
