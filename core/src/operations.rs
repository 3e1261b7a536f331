//! One table of every operation: the source for retry classes, documentation, parity, scenario names and generated code.

/// Which API an operation belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Api {
    /// The Registration Authority API.
    RegistrationAuthority,
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
    /// Path below the base, with `{…}` for ids and with the slash as documented.
    pub route: &'static str,
    /// Host.
    pub host: Host,
    /// HTTP statuses of the errors that the documents name.
    pub errors: &'static [u16],
    /// What to look at when the answer was lost.
    pub when_lost: &'static str,
}

const fn ra(name: &'static str, class: Class, method: &'static str, route: &'static str, errors: &'static [u16]) -> Operation {
    Operation { name, api: Api::RegistrationAuthority, tier: 2, class, method, route, host: Host::Api, errors, when_lost: "" }
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
                assert_ne!((operation.method, operation.route), (other.method, other.route));
            }
        }
    }

    #[test]
    fn what_may_not_be_repeated_says_where_to_look() {
        for operation in OPERATIONS {
            assert_eq!(operation.class == Class::Safe, operation.when_lost.is_empty(), "{}", operation.name);
        }
    }
}
