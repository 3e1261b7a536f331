//! One table of every operation: the source for retry classes, documentation, parity, scenario names and generated code.

/// Which API an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Api {
    /// The Registration Authority API.
    RegistrationAuthority,
    /// The One-Shot API of an Optimizer.
    OneShot,
}

/// What may be done when the answer of an operation is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Class {
    /// Reads, or may be repeated freely. The client repeats it by itself.
    Safe,
    /// Look before repeating: the error says where.
    Reconcile,
    /// Never repeated: what the answer held cannot be had again, or the effect would be doubled.
    Never,
}

impl Class {
    /// The name in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Reconcile => "reconcile",
            Self::Never => "never",
        }
    }
}

/// Which host an operation goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Host {
    /// The API's own.
    Api,
    /// The host for videos, which has TLS settings of its own.
    Upload,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Operation {
    /// Its name: the method in Rust and Python, camelCase in Node, Kotlin and Swift.
    pub name: &'static str,
    /// Its API.
    pub api: Api,
    /// The tier: which languages have it.
    pub tier: u8,
    /// What may be done when the answer is lost.
    pub class: Class,
    /// HTTP method.
    pub method: &'static str,
    /// Path below the base, with `{…}` for ids and with the slash as documented. Of the One-Shot API: in its dialect Current; empty
    /// where that has no such call.
    pub route: &'static str,
    /// Path in the dialect Legacy of the One-Shot API; `None` for other APIs.
    pub legacy_route: Option<&'static str>,
    /// Host.
    pub host: Host,
    /// HTTP statuses of the errors that the documents name.
    pub errors: &'static [u16],
    /// What to look at when the answer was lost.
    pub when_lost: &'static str,
}

const fn ra(name: &'static str, class: Class, method: &'static str, route: &'static str, errors: &'static [u16]) -> Operation {
    let (api, host) = (Api::RegistrationAuthority, Host::Api);
    Operation { name, api, tier: 2, class, method, route, legacy_route: None, host, errors, when_lost: "" }
}

/// A row of the One-Shot API, with its path in both dialects.
const fn one(
    name: &'static str,
    class: Class,
    method: &'static str,
    route: &'static str,
    legacy: &'static str,
    errors: &'static [u16],
) -> Operation {
    let (api, host) = (Api::OneShot, Host::Api);
    Operation { name, api, tier: 2, class, method, route, legacy_route: Some(legacy), host, errors, when_lost: "" }
}

const fn lost(operation: Operation, when_lost: &'static str) -> Operation {
    Operation { when_lost, ..operation }
}

/// Every operation of this version.
pub static OPERATIONS: &[Operation] = &[
    ra("get_first_unused_scratchcard", Class::Safe, "GET", "/scratchcards/get_first_unused/", &[400]),
    ra("list_scratchcards", Class::Safe, "GET", "/scratchcards/", &[]),
    ra("get_scratchcard", Class::Safe, "GET", "/scratchcards/{scratchcard_pk}/", &[]),
    ra("is_scratchcard_used", Class::Safe, "POST", "/scratchcards/isused/", &[]),
    lost(
        ra("create_request", Class::Reconcile, "POST", "/requests/", &[400, 500]),
        "list the requests of the scratchcard: if there is one, it was created; if not, the card may be tried again",
    ),
    ra("get_request", Class::Safe, "GET", "/requests/{request_pk}/", &[404]),
    ra("list_requests", Class::Safe, "GET", "/requests/", &[]),
    lost(
        ra("update_request", Class::Reconcile, "PUT", "/requests/{request_pk}/", &[400, 404, 412, 500]),
        "read the request: its fields say whether it was updated",
    ),
    ra("validate_request", Class::Safe, "GET", "/requests/{request_pk}/validate/", &[]),
    lost(
        ra("cancel_request", Class::Reconcile, "DELETE", "/requests/{request_pk}/cancel/", &[412]),
        "read the request: CANCELLED says that it was done",
    ),
    lost(
        ra("upload_evidence", Class::Reconcile, "PUT", "/videoid/{video_pk}", &[]),
        "read the request: videoid_data.data shows what has arrived",
    ),
    Operation {
        host: Host::Upload,
        ..lost(
            ra("upload_video", Class::Reconcile, "POST", "/v1/upload/video/{video_identifier}/", &[400]),
            "read the request: VIDEOREVIEW says that all has arrived",
        )
    },
    ra("download_video", Class::Safe, "GET", "/download/video/{video_identifier}", &[]),
    lost(
        ra("validate_videoid", Class::Never, "POST", "/requests/{request_pk}/validate_videoid/", &[400, 412, 500]),
        "read the request: a status after VIDEOREVIEW says that it was validated; the secrets of the answer cannot be had again",
    ),
    lost(
        ra("refuse_videoid", Class::Reconcile, "POST", "/requests/{request_pk}/refuse_videoid/", &[400, 412, 500]),
        "read the request: videoid_data.status REFUSED says that it was done",
    ),
    ra("generate_declaration", Class::Safe, "POST", "/requests/{request_pk}/generates_tbs_receipt/", &[]),
    ra("get_request_document", Class::Safe, "POST", "/requests/{request_pk}/pl_get_document/", &[]),
    ra("generate_document", Class::Safe, "POST", "/requests/{request_pk}/generate_document/", &[]),
    lost(
        ra("upload_request_document", Class::Reconcile, "POST", "/requests/{request_pk}/pl_upload_document/", &[412, 500]),
        "list the documents: one of that type says that it has arrived",
    ),
    lost(
        ra("delete_request_document", Class::Reconcile, "POST", "/requests/{request_pk}/pl_delete_document/", &[404]),
        "list the documents: where it is not among them it was deleted",
    ),
    ra("list_request_documents", Class::Safe, "GET", "/requests/{request_pk}/pl_get_documents/", &[]),
    lost(
        ra("upload_videoid_evidence_document", Class::Reconcile, "POST", "/requests/{request_pk}/upload_videoid_evidence/", &[]),
        "list the documents: one more of the type videoid_evidence says that it has arrived",
    ),
    lost(
        ra("approve_request", Class::Never, "POST", "/requests/{request_pk}/pl_approve/", &[400, 404, 412, 500]),
        "read the request: ENROLLREADY says that it was approved; the secrets of the answer cannot be had again",
    ),
    lost(
        ra("get_preauth_link", Class::Reconcile, "POST", "/requests/{request_pk}/preauthlink/", &[403]),
        "what a second call does is not documented; the service has mailed the link to the holder",
    ),
    ra("check_contact_data", Class::Safe, "POST", "/requests/check_contact_data_limits/", &[]),
    Operation { tier: 3, ..ra("get_renewal_status", Class::Safe, "GET", "/requests/{request_pk}/renewal_status/", &[]) },
    Operation {
        tier: 3,
        ..lost(
            ra("enable_renewal", Class::Reconcile, "POST", "/requests/{request_pk}/enable_renewal/", &[404]),
            "read the renewal status: renewal_enabled says whether it was done",
        )
    },
    Operation {
        tier: 3,
        ..lost(
            ra("disable_renewal", Class::Reconcile, "POST", "/requests/{request_pk}/disable_renewal/", &[]),
            "read the renewal status: renewal_enabled says whether it was done",
        )
    },
    Operation { tier: 3, ..ra("is_renewable", Class::Safe, "POST", "/requests/is_renewable/", &[412]) },
    Operation {
        tier: 3,
        ..lost(
            ra("generate_otp_for_unlock", Class::Never, "POST", "/requests/{request_pk}/generate_otp_for_unlock/", &[]),
            "ask the holder whether the message came before another one is sent",
        )
    },
    Operation {
        tier: 3,
        ..lost(
            ra("unlock_pin", Class::Never, "POST", "/requests/{request_pk}/unlock_pin/", &[412, 500]),
            "ask the holder to try the new PIN; the one-time password may be used up",
        )
    },
    lost(
        one("create_token", Class::Reconcile, "POST", "/token", "/token", &[400, 404]),
        "list the tokens: one of that user name says that it was stored",
    ),
    one("get_token", Class::Safe, "GET", "/token/{token_uid}", "/token/{token_uid}", &[400, 404]),
    lost(
        one("delete_token", Class::Reconcile, "DELETE", "/token/{token_uid}", "/token/{token_uid}", &[400, 404]),
        "list the tokens: where it is not among them it was deleted",
    ),
    one("list_tokens", Class::Safe, "GET", "/tokens", "/tokens", &[400, 404]),
    one("hello", Class::Safe, "GET", "/hello", "/hello", &[]),
    one("version", Class::Safe, "GET", "/version", "/version", &[]),
    one("get_settings", Class::Safe, "GET", "/settings", "/settings", &[]),
    lost(
        one("update_settings", Class::Reconcile, "POST", "/settings", "/settings", &[400]),
        "read the settings: they say whether they were saved",
    ),
    lost(
        one("create_oneshot_request", Class::Reconcile, "POST", "/create", "/request", &[400, 403, 404, 412, 500]),
        "the API lists no requests: ask the registration authority whether a request for that person was created before sending another one; it costs a scratchcard and a bill",
    ),
    one("get_oneshot_request", Class::Safe, "GET", "/request/{request_pk}", "/request/{request_pk}", &[400, 404]),
    lost(
        one("update_oneshot_request", Class::Reconcile, "PUT", "/request/{request_pk}", "/request/{request_pk}", &[400, 404, 412, 500]),
        "read the request: its fields say whether it was updated",
    ),
    lost(
        one("cancel_oneshot_request", Class::Reconcile, "DELETE", "/request/{request_pk}", "/request/{request_pk}", &[404]),
        "read the request: CANCELLED, or that it is not there, says that it was done",
    ),
    one("get_async_status", Class::Safe, "GET", "/async/status/{request_pk}", "/async/status/{request_pk}", &[400, 404]),
    lost(
        one("create_videoid", Class::Reconcile, "POST", "/videoid", "/videoid", &[400, 403, 404]),
        "the API lists no requests: ask the registration authority whether a request for that person was created before sending another one; it costs a scratchcard and a bill",
    ),
    lost(
        one(
            "upload_videoid_evidences",
            Class::Reconcile,
            "POST",
            "/videoid/{videoid_pk}/evidences",
            "/videoid/{request_pk}/evidences",
            &[400, 404],
        ),
        "read the request: videoid_data.data shows what has arrived",
    ),
    lost(
        one(
            "upload_videoid_video",
            Class::Reconcile,
            "POST",
            "/videoid/{videoid_pk}/video",
            "/videoid/{request_pk}/evidences/video",
            &[404],
        ),
        "read the request: VIDEOREVIEW says that all has arrived",
    ),
    one("download_videoid_video", Class::Safe, "GET", "/videoid/{videoid_pk}/video", "/videoid/{request_pk}/download/video", &[400, 404]),
    lost(
        one(
            "approve_oneshot_videoid",
            Class::Reconcile,
            "POST",
            "/videoid/{videoid_pk}/approve",
            "/request/{request_pk}/approve",
            &[400, 403],
        ),
        "read the request: ENROLLREADY says that it was approved",
    ),
    lost(
        one(
            "refuse_oneshot_videoid",
            Class::Reconcile,
            "POST",
            "/videoid/{videoid_pk}/refuse",
            "/videoid/{request_pk}/refuse",
            &[400, 403],
        ),
        "read the request: videoid_data.status REFUSED says that it was done",
    ),
    lost(
        one("validate_oneshot_videoid", Class::Reconcile, "POST", "", "/videoid/{request_pk}/validate", &[400, 403, 500]),
        "read the request: a status after VIDEOREVIEW says that it was validated",
    ),
    lost(
        one("upload_documents", Class::Reconcile, "POST", "/document/{request_pk}", "/document/{request_pk}", &[400, 404, 415]),
        "list the documents: as many more as were sent say that they have arrived",
    ),
    one("list_documents", Class::Safe, "GET", "/documents/{request_pk}", "/documents/{request_pk}", &[400, 404]),
    one(
        "get_document",
        Class::Safe,
        "GET",
        "/document/{request_pk}/{document_uid}",
        "/document/{request_pk}/{version}/{document_uid}",
        &[404],
    ),
    lost(
        one(
            "delete_document",
            Class::Reconcile,
            "DELETE",
            "/document/{request_pk}/{document_uid}",
            "/document/{request_pk}/{version}/{document_uid}",
            &[404],
        ),
        "list the documents: where it is not among them it was deleted",
    ),
    lost(
        one("delete_documents", Class::Reconcile, "DELETE", "/document/{request_pk}", "/documents/{request_pk}", &[400, 404]),
        "list the documents: where there is none they were deleted",
    ),
    one("get_contract", Class::Safe, "GET", "/contract/{request_pk}", "/document/{request_pk}/contract", &[400, 404]),
    lost(
        one("generate_otp", Class::Never, "POST", "/otp/{request_pk}", "/otp/{request_pk}", &[404, 412]),
        "ask the signer whether the message came; another one can be asked for a minute later, and may make the first one void",
    ),
    lost(
        one("sign", Class::Never, "POST", "/sign/{request_pk}", "/sign/{request_pk}", &[400, 403, 404, 412]),
        "read the request: ISSUED says that it was signed; if not, the one-time password may be used up: ask for another one",
    ),
    lost(one("upload_image", Class::Reconcile, "POST", "/image", "/image", &[415]), "list the images: one more says that it has arrived"),
    one("get_image", Class::Safe, "GET", "/image/{image_uid}", "/image/{image_uid}", &[404]),
    one("list_images", Class::Safe, "GET", "/images", "/images", &[]),
    lost(
        one("delete_image", Class::Reconcile, "DELETE", "/image/{image_uid}", "/image/{image_uid}", &[404]),
        "list the images: where it is not among them it was deleted",
    ),
    lost(
        one("delete_images", Class::Reconcile, "DELETE", "/images", "/images", &[]),
        "list the images: where there is none they were deleted",
    ),
];

/// Operations that read by POST. That they change nothing is an assumption (A10).
#[cfg(feature = "client")]
const READING_POSTS: [&str; 3] = ["generate_declaration", "get_request_document", "generate_document"];

/// The same operation as a caller sees it who does not take reading by POST for safe: `assumptions.repeat_reading_posts`.
#[cfg(feature = "client")]
pub(crate) fn unrepeated(operation: &'static Operation) -> &'static Operation {
    static ROWS: std::sync::OnceLock<Vec<Operation>> = std::sync::OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let reading = OPERATIONS.iter().filter(|row| READING_POSTS.contains(&row.name));
        reading
            .map(|row| Operation { class: Class::Reconcile, ..lost(*row, "whether a second call changes something is not documented") })
            .collect()
    });
    rows.iter().find(|row| row.name == operation.name).unwrap_or(operation)
}

/// The operation of that name.
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|o| o.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_calls_are_unique() {
        for (index, operation) in OPERATIONS.iter().enumerate() {
            for other in &OPERATIONS[index + 1..] {
                assert_ne!(operation.name, other.name);
                assert_ne!((operation.api, operation.method, operation.route), (other.api, other.method, other.route));
                if let Some(legacy) = operation.legacy_route {
                    assert_ne!((operation.method, Some(legacy)), (other.method, other.legacy_route));
                }
            }
            assert_eq!(operation.legacy_route.is_some(), operation.api == Api::OneShot);
            assert!(!operation.route.is_empty() || operation.legacy_route.is_some(), "{}", operation.name);
        }
    }

    #[test]
    fn what_may_not_be_repeated_says_where_to_look() {
        for operation in OPERATIONS {
            assert_eq!(operation.class == Class::Safe, operation.when_lost.is_empty(), "{}", operation.name);
        }
    }
}
