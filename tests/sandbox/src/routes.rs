//! Method and path to operation, with the vendor's exact paths.

use hyper::Method;

use crate::settings::{EvidenceMethod, Settings, Slash};

macro_rules! operations {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// A call that the sandbox answers. Names are those of the product's operation table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operation { $($variant),+ }

        impl Operation {
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            pub(crate) fn by_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

operations! {
    GetFirstUnusedScratchcard = "get_first_unused_scratchcard",
    CreateRequest = "create_request",
    GetRequest = "get_request",
    ListRequests = "list_requests",
    CancelRequest = "cancel_request",
    UploadEvidence = "upload_evidence",
    UploadVideo = "upload_video",
    DownloadVideo = "download_video",
    ValidateVideoid = "validate_videoid",
    RefuseVideoid = "refuse_videoid",
    GenerateDeclaration = "generate_declaration",
    GetRequestDocument = "get_request_document",
    GenerateDocument = "generate_document",
    ApproveRequest = "approve_request",
    GetPreauthLink = "get_preauth_link",
    ListScratchcards = "list_scratchcards",
    GetScratchcard = "get_scratchcard",
    IsScratchcardUsed = "is_scratchcard_used",
    UpdateRequest = "update_request",
    ValidateRequest = "validate_request",
    UploadRequestDocument = "upload_request_document",
    DeleteRequestDocument = "delete_request_document",
    ListRequestDocuments = "list_request_documents",
    UploadVideoidEvidenceDocument = "upload_videoid_evidence_document",
    CheckContactData = "check_contact_data",
    GetRenewalStatus = "get_renewal_status",
    EnableRenewal = "enable_renewal",
    DisableRenewal = "disable_renewal",
    IsRenewable = "is_renewable",
    GenerateOtpForUnlock = "generate_otp_for_unlock",
    UnlockPin = "unlock_pin",
}

impl Operation {
    /// Whether it only reads.
    pub(crate) fn only_reads(self) -> bool {
        use Operation as O;
        matches!(
            self,
            O::GetFirstUnusedScratchcard
                | O::ListScratchcards
                | O::GetScratchcard
                | O::IsScratchcardUsed
                | O::GetRequest
                | O::ListRequests
                | O::ValidateRequest
                | O::ListRequestDocuments
                | O::CheckContactData
                | O::GetRenewalStatus
                | O::IsRenewable
                | O::DownloadVideo
                | O::GetRequestDocument
                | O::GenerateDocument
                | O::GenerateDeclaration
        )
    }
}

/// Which of the two hosts was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Ra,
    Upload,
    OneShot,
}

/// What a method and path lead to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Call(Operation, String),
    /// The page where a user identifies, with its token.
    UserPage(String),
    /// The path is there, the method is not.
    WrongMethod,
    /// The slash is not as documented and the settings do not let it pass.
    Slash(Slash),
    Nothing,
}

pub(crate) fn find(host: Host, method: &Method, path: &str, settings: &Settings) -> Found {
    use Operation as O;
    let slash = path.ends_with('/');
    let trimmed = path.trim_start_matches('/');
    let trimmed = trimmed.strip_suffix('/').unwrap_or(trimmed);
    let parts: Vec<&str> = trimmed.split('/').collect();
    if let (Host::Ra, ["lcmpl", "videoid", token]) = (host, parts.as_slice()) {
        return if matches!(*method, Method::GET | Method::POST) { Found::UserPage((*token).to_owned()) } else { Found::WrongMethod };
    }
    // Documented methods of the path with their operation, the id in it, and whether it ends with a slash.
    let (calls, id, documented): (&[(Method, O)], &str, bool) = match (host, parts.as_slice()) {
        (Host::Upload, ["v1", "upload", "video", id]) => (&[(Method::POST, O::UploadVideo)], id, true),
        (Host::Ra, ["api", "v1", rest @ ..]) => match rest {
            ["scratchcards", "get_first_unused"] => (&[(Method::GET, O::GetFirstUnusedScratchcard)], "", true),
            ["scratchcards"] => (&[(Method::GET, O::ListScratchcards)], "", true),
            ["scratchcards", "isused"] => (&[(Method::POST, O::IsScratchcardUsed)], "", true),
            ["scratchcards", id] => (&[(Method::GET, O::GetScratchcard)], id, true),
            ["requests", "check_contact_data_limits"] => (&[(Method::POST, O::CheckContactData)], "", true),
            ["requests", "is_renewable"] => (&[(Method::POST, O::IsRenewable)], "", true),
            ["requests"] => (&[(Method::GET, O::ListRequests), (Method::POST, O::CreateRequest)], "", true),
            ["requests", id] => (&[(Method::GET, O::GetRequest), (Method::PUT, O::UpdateRequest)], id, true),
            ["requests", id, action] => {
                let calls: &[(Method, O)] = match *action {
                    "cancel" if settings.cancel_put => &[(Method::DELETE, O::CancelRequest), (Method::PUT, O::CancelRequest)],
                    "cancel" => &[(Method::DELETE, O::CancelRequest)],
                    "validate_videoid" => &[(Method::POST, O::ValidateVideoid)],
                    "refuse_videoid" => &[(Method::POST, O::RefuseVideoid)],
                    "generates_tbs_receipt" => &[(Method::POST, O::GenerateDeclaration)],
                    "pl_get_document" => &[(Method::POST, O::GetRequestDocument)],
                    "generate_document" => &[(Method::POST, O::GenerateDocument)],
                    "pl_approve" => &[(Method::POST, O::ApproveRequest)],
                    "validate" => &[(Method::GET, O::ValidateRequest)],
                    "pl_upload_document" => &[(Method::POST, O::UploadRequestDocument)],
                    "pl_delete_document" => &[(Method::POST, O::DeleteRequestDocument)],
                    "pl_get_documents" => &[(Method::GET, O::ListRequestDocuments)],
                    // The description says POST, the old guide's sample PUT.
                    "upload_videoid_evidence" => match settings.evidence_document_method {
                        EvidenceMethod::Any => {
                            &[(Method::POST, O::UploadVideoidEvidenceDocument), (Method::PUT, O::UploadVideoidEvidenceDocument)]
                        }
                        EvidenceMethod::Post => &[(Method::POST, O::UploadVideoidEvidenceDocument)],
                        EvidenceMethod::Put => &[(Method::PUT, O::UploadVideoidEvidenceDocument)],
                    },
                    "renewal_status" => &[(Method::GET, O::GetRenewalStatus)],
                    "enable_renewal" => &[(Method::POST, O::EnableRenewal)],
                    "disable_renewal" => &[(Method::POST, O::DisableRenewal)],
                    "generate_otp_for_unlock" => &[(Method::POST, O::GenerateOtpForUnlock)],
                    "unlock_pin" => &[(Method::POST, O::UnlockPin)],
                    "preauthlink" => &[(Method::POST, O::GetPreauthLink)],
                    _ => return Found::Nothing,
                };
                (calls, id, true)
            }
            // The only sample without a slash.
            ["videoid", id] => (&[(Method::PUT, O::UploadEvidence)], id, false),
            ["download", "video", id] => (&[(Method::GET, O::DownloadVideo)], id, true),
            _ => return Found::Nothing,
        },
        _ => return Found::Nothing,
    };
    if slash != documented {
        let rule = match (documented, method) {
            (false, _) => settings.extra_slash,
            (true, &Method::GET) => settings.missing_slash_get,
            (true, _) => settings.missing_slash_other,
        };
        if rule != Slash::Accept {
            return Found::Slash(rule);
        }
    }
    match calls.iter().find(|(known, _)| known == method) {
        Some((_, operation)) => Found::Call(*operation, id.to_owned()),
        None => Found::WrongMethod,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_documented_ones() {
        let settings = Settings::default();
        let find = |host, method: Method, path| find(host, &method, path, &settings);
        assert_eq!(find(Host::Ra, Method::POST, "/api/v1/requests/"), Found::Call(Operation::CreateRequest, String::new()));
        assert_eq!(find(Host::Ra, Method::PUT, "/api/v1/videoid/45836"), Found::Call(Operation::UploadEvidence, "45836".into()));
        assert_eq!(find(Host::Upload, Method::POST, "/v1/upload/video/ab-c/"), Found::Call(Operation::UploadVideo, "ab-c".into()));
        assert_eq!(find(Host::Ra, Method::POST, "/v1/upload/video/abc/"), Found::Nothing);
        assert_eq!(find(Host::Ra, Method::POST, "/api/v1/requests/is_renewable/"), Found::Call(Operation::IsRenewable, String::new()));
        assert_eq!(find(Host::Ra, Method::GET, "/lcmpl/videoid/ab12"), Found::UserPage("ab12".into()));
        assert_eq!(find(Host::Upload, Method::GET, "/api/v1/requests/"), Found::Nothing);
        assert_eq!(find(Host::Ra, Method::PATCH, "/api/v1/requests/5/"), Found::WrongMethod);
        assert_eq!(find(Host::Ra, Method::POST, "/api/v1/requests/5/nope/"), Found::Nothing);
        assert_eq!(find(Host::Ra, Method::GET, "/oneshot/api/v1/version"), Found::Nothing);
    }

    #[test]
    fn slash_rules_apply_to_the_undocumented_form_only() {
        let settings = Settings {
            missing_slash_get: Slash::Redirect,
            missing_slash_other: Slash::NotFound,
            extra_slash: Slash::NotFound,
            ..Settings::default()
        };
        let find = |method: Method, path| find(Host::Ra, &method, path, &settings);
        assert_eq!(find(Method::GET, "/api/v1/requests/5"), Found::Slash(Slash::Redirect));
        assert_eq!(find(Method::POST, "/api/v1/requests"), Found::Slash(Slash::NotFound));
        assert_eq!(find(Method::PUT, "/api/v1/videoid/5/"), Found::Slash(Slash::NotFound));
        assert_eq!(find(Method::PUT, "/api/v1/videoid/5"), Found::Call(Operation::UploadEvidence, "5".into()));
    }
}
