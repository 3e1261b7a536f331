//! Where the generator begins to look: the folders of types, and the types that no operation names.

/// Where types that cross a language's border are defined: a folder or a file below `core/src`, and the module that exports
/// them.
pub(super) const PLACES: &[(&str, &str)] = &[
    ("model", "videoid::model"),
    ("config", "videoid::config"),
    ("options.rs", "videoid"),
    ("evidence", "videoid::evidence"),
    ("profiles", "videoid::profiles"),
    ("webhook", "videoid::webhook"),
    ("workflow/one_shot", "videoid::workflow::one_shot"),
    ("workflow", "videoid::workflow"),
];

/// What callers make that is no parameter of an operation: settings, what evidence is built from, what is waited for.
pub(super) const INPUT_ROOTS: &[&str] = &[
    "RaConfig",
    "NewRequest",
    "RequestUpdate",
    "RequestFilter",
    "RaoCredentials",
    "Acceptance",
    "OcrData",
    "SecurityChecks",
    "Limits",
    "Flow",
    "WaitFor",
    "WaitLimits",
    "OneShotConfig",
    "OneShotRao",
    "DocumentHash",
];

/// What callers are given that is no result of an operation.
pub(super) const OUTPUT_ROOTS: &[&str] = &[
    "Request",
    "Progress",
    "HookEvent",
    "EvidenceReport",
    "VideoInfo",
    "BundleManifest",
    "Submission",
    "Started",
    "Progressed",
    "OfficerOutcome",
    "WorkflowEvent",
    "Webhook",
    "Profile",
    "RequestReport",
    "CertificateInfo",
    "WayOn",
    "OneShotStarted",
    "OneShotOutcome",
    "SavedDocuments",
];

/// What tier 1 has: what the libraries for capture apps know, and all that it holds. Credentials, settings of clients and what the service
/// answers are not among it.
pub(super) const CAPTURE_ROOTS: &[&str] = &[
    "Acceptance",
    "OcrData",
    "SecurityChecks",
    "Limits",
    "EvidenceReport",
    "VideoInfo",
    "BundleManifest",
    "NewRequest",
    "RequestReport",
    "Profile",
    "Flow",
    "Status",
    "WayOn",
    "Webhook",
];
