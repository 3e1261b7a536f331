//! Method and path to operation, in both dialects.

use hyper::Method;

use super::answer::Dialect;
use super::settings::{ApprovePaths, ContractSlash, DocumentPaths, ExtraSlash, Settings, Speaks, TokenDelete, VideoPaths};

macro_rules! operations {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// A call that the Optimizer answers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operation { $($variant),+ }

        impl Operation {
            /// The product's name for it.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            /// By its name; `one_shot.` may stand before it.
            pub(crate) fn by_name(name: &str) -> Option<Self> {
                match name.strip_prefix("one_shot.").unwrap_or(name) { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

operations! {
    CreateToken = "create_token",
    GetToken = "get_token",
    DeleteToken = "delete_token",
    ListTokens = "list_tokens",
    Hello = "hello",
    Version = "version",
    GetSettings = "get_settings",
    UpdateSettings = "update_settings",
    CreateRequest = "create_oneshot_request",
    GetRequest = "get_oneshot_request",
    UpdateRequest = "update_oneshot_request",
    CancelRequest = "cancel_oneshot_request",
    GetAsyncStatus = "get_async_status",
    CreateVideoid = "create_videoid",
    UploadEvidences = "upload_videoid_evidences",
    UploadVideo = "upload_videoid_video",
    DownloadVideo = "download_videoid_video",
    ApproveVideoid = "approve_oneshot_videoid",
    RefuseVideoid = "refuse_oneshot_videoid",
    ValidateVideoid = "validate_oneshot_videoid",
    UploadDocuments = "upload_documents",
    ListDocuments = "list_documents",
    GetDocument = "get_document",
    DeleteDocument = "delete_document",
    DeleteDocuments = "delete_documents",
    GetContract = "get_contract",
    GenerateOtp = "generate_otp",
    Sign = "sign",
    UploadImage = "upload_image",
    GetImage = "get_image",
    ListImages = "list_images",
    DeleteImage = "delete_image",
    DeleteImages = "delete_images",
}

/// What a method and path lead to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Call {
        operation: Operation,
        dialect: Dialect,
        /// The ids in the path, in their order.
        ids: Vec<String>,
    },
    /// The user's page of this link.
    Page(String),
    WrongMethod(Dialect),
    /// The same without its slash.
    Redirect,
    /// Nothing; the framework of this dialect says so.
    Nothing(Dialect),
}

type Calls = Vec<(Method, Operation)>;

pub(crate) fn find(method: &Method, path: &str, settings: &Settings) -> Found {
    if let Some(link) = path.strip_prefix("/lcmpl/videoid/") {
        return Found::Page(link.trim_end_matches('/').to_owned());
    }
    let (dialect, rest) = if let Some(rest) = path.strip_prefix("/oneshot/api/v1/") {
        (Dialect::Current, rest)
    } else if let Some(rest) = path.strip_prefix("/api/v1/") {
        (Dialect::Legacy, rest)
    } else {
        // The framework of the Optimizer that is installed.
        return Found::Nothing(if settings.dialect == Speaks::Legacy { Dialect::Legacy } else { Dialect::Current });
    };
    let spoken = match settings.dialect {
        Speaks::Both => dialect,
        Speaks::Current => Dialect::Current,
        Speaks::Legacy => Dialect::Legacy,
    };
    if spoken != dialect {
        return Found::Nothing(spoken);
    }
    let slash = rest.ends_with('/');
    let parts: Vec<&str> = rest.strip_suffix('/').unwrap_or(rest).split('/').collect();
    let found = match dialect {
        Dialect::Current => current(&parts, settings),
        Dialect::Legacy => legacy(&parts, settings),
    };
    let Some((calls, ids)) = found else { return Found::Nothing(dialect) };
    if calls.is_empty() {
        return Found::Nothing(dialect);
    }
    let contract = dialect == Dialect::Current && calls.iter().any(|(_, operation)| *operation == Operation::GetContract);
    let right = match (contract, settings.contract_slash) {
        (true, ContractSlash::Both) => true,
        (true, ContractSlash::With) => slash,
        (true, ContractSlash::Without) | (false, _) => !slash,
    };
    if !right {
        match (settings.extra_slash, dialect) {
            (ExtraSlash::Accept, _) => {}
            (ExtraSlash::Redirect, Dialect::Current) => return Found::Redirect,
            _ => return Found::Nothing(dialect),
        }
    }
    match calls.iter().find(|(known, _)| known == method) {
        Some((_, operation)) => Found::Call { operation: *operation, dialect, ids: ids.into_iter().map(str::to_owned).collect() },
        None => Found::WrongMethod(dialect),
    }
}

/// What both dialects have under the same path.
fn common<'a>(parts: &[&'a str]) -> Option<(Calls, Vec<&'a str>)> {
    use Operation as O;
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const DELETE: Method = Method::DELETE;
    Some(match *parts {
        ["hello"] => (vec![(GET, O::Hello)], vec![]),
        ["version"] => (vec![(GET, O::Version)], vec![]),
        ["settings"] => (vec![(GET, O::GetSettings), (POST, O::UpdateSettings)], vec![]),
        ["token"] => (vec![(POST, O::CreateToken)], vec![]),
        ["token", uid] => (vec![(GET, O::GetToken), (DELETE, O::DeleteToken)], vec![uid]),
        ["tokens"] => (vec![(GET, O::ListTokens)], vec![]),
        ["request", pk] => (vec![(GET, O::GetRequest), (Method::PUT, O::UpdateRequest), (DELETE, O::CancelRequest)], vec![pk]),
        ["async", "status", pk] => (vec![(GET, O::GetAsyncStatus)], vec![pk]),
        ["videoid"] => (vec![(POST, O::CreateVideoid)], vec![]),
        ["videoid", pk, "evidences"] => (vec![(POST, O::UploadEvidences)], vec![pk]),
        ["videoid", pk, "refuse"] => (vec![(POST, O::RefuseVideoid)], vec![pk]),
        ["otp", pk] => (vec![(POST, O::GenerateOtp)], vec![pk]),
        ["sign", pk] => (vec![(POST, O::Sign)], vec![pk]),
        ["image"] => (vec![(POST, O::UploadImage)], vec![]),
        ["image", uid] => (vec![(GET, O::GetImage), (DELETE, O::DeleteImage)], vec![uid]),
        ["images"] => (vec![(GET, O::ListImages), (DELETE, O::DeleteImages)], vec![]),
        _ => return None,
    })
}

fn current<'a>(parts: &[&'a str], settings: &Settings) -> Option<(Calls, Vec<&'a str>)> {
    use Operation as O;
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const DELETE: Method = Method::DELETE;
    Some(match *parts {
        ["create"] => (vec![(POST, O::CreateRequest)], vec![]),
        ["token", uid] if settings.token_delete == TokenDelete::Unknown => (vec![(GET, O::GetToken)], vec![uid]),
        ["videoid", pk, "video"] if settings.video_paths == VideoPaths::DownloadVideo => (vec![(POST, O::UploadVideo)], vec![pk]),
        ["videoid", pk, "video"] => (vec![(POST, O::UploadVideo), (GET, O::DownloadVideo)], vec![pk]),
        ["videoid", pk, "download", "video"] if settings.video_paths != VideoPaths::Video => (vec![(GET, O::DownloadVideo)], vec![pk]),
        ["videoid", pk, "approve"] => (vec![(POST, O::ApproveVideoid)], vec![pk]),
        ["document", pk] => (vec![(POST, O::UploadDocuments), (DELETE, O::DeleteDocuments)], vec![pk]),
        ["document", pk, uid] if settings.document_paths == DocumentPaths::Path => (vec![(DELETE, O::DeleteDocument)], vec![pk, uid]),
        ["document", pk, uid] => (vec![(GET, O::GetDocument), (DELETE, O::DeleteDocument)], vec![pk, uid]),
        ["document", pk, kind @ ("original" | "signed"), uid] if settings.document_paths != DocumentPaths::Query => {
            (vec![(GET, O::GetDocument), (DELETE, O::DeleteDocument)], vec![pk, uid, kind])
        }
        ["documents", pk] => (vec![(GET, O::ListDocuments)], vec![pk]),
        ["contract", pk] => (vec![(GET, O::GetContract)], vec![pk]),
        _ => return common(parts),
    })
}

fn legacy<'a>(parts: &[&'a str], settings: &Settings) -> Option<(Calls, Vec<&'a str>)> {
    use Operation as O;
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const DELETE: Method = Method::DELETE;
    Some(match *parts {
        ["request"] => (vec![(POST, O::CreateRequest)], vec![]),
        ["request", pk, "approve"] if settings.approve_paths != ApprovePaths::Plural => (vec![(POST, O::ApproveVideoid)], vec![pk]),
        ["requests", pk, "approve"] if settings.approve_paths != ApprovePaths::Singular => (vec![(POST, O::ApproveVideoid)], vec![pk]),
        ["videoid", pk, "evidences", "video"] => (vec![(POST, O::UploadVideo)], vec![pk]),
        ["videoid", pk, "download", "video"] => (vec![(GET, O::DownloadVideo)], vec![pk]),
        ["videoid" | "request", pk, "validate"] => (vec![(POST, O::ValidateVideoid)], vec![pk]),
        ["document", pk] => (vec![(POST, O::UploadDocuments)], vec![pk]),
        ["document", pk, "contract"] => (vec![(GET, O::GetContract)], vec![pk]),
        ["document", pk, kind @ ("original" | "signed"), uid] => {
            (vec![(GET, O::GetDocument), (DELETE, O::DeleteDocument)], vec![pk, uid, kind])
        }
        ["documents", pk] => (vec![(GET, O::ListDocuments), (DELETE, O::DeleteDocuments)], vec![pk]),
        _ => return common(parts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: Operation, dialect: Dialect, ids: &[&str]) -> Found {
        Found::Call { operation, dialect, ids: ids.iter().map(|id| (*id).to_owned()).collect() }
    }

    #[test]
    fn each_dialect_has_its_own_paths() {
        use Operation as O;
        let settings = Settings::default();
        let find = |method: Method, path| find(&method, path, &settings);
        let (current, legacy) = (Dialect::Current, Dialect::Legacy);
        assert_eq!(find(Method::POST, "/oneshot/api/v1/videoid/7/video"), call(O::UploadVideo, current, &["7"]));
        assert_eq!(find(Method::POST, "/api/v1/videoid/7/evidences/video"), call(O::UploadVideo, legacy, &["7"]));
        assert_eq!(find(Method::POST, "/api/v1/videoid/7/video"), Found::Nothing(legacy));
        assert_eq!(find(Method::POST, "/oneshot/api/v1/videoid/7/validate"), Found::Nothing(current));
        assert_eq!(find(Method::GET, "/oneshot/api/v1/document/7/signed/ab"), call(O::GetDocument, current, &["7", "ab", "signed"]));
        assert_eq!(find(Method::GET, "/oneshot/api/v1/contract/7/"), call(O::GetContract, current, &["7"]));
        assert_eq!(find(Method::GET, "/oneshot/api/v1/hello/"), Found::Redirect);
        assert_eq!(find(Method::GET, "/api/v1/hello/"), Found::Nothing(legacy));
        assert_eq!(find(Method::PATCH, "/api/v1/request/7"), Found::WrongMethod(legacy));
        assert_eq!(find(Method::POST, "/oneshot/api/v1/api/v1/videoid"), Found::Nothing(current));
        assert_eq!(find(Method::GET, "/lcmpl/videoid/ab"), Found::Page("ab".into()));
    }

    #[test]
    fn settings_choose_paths() {
        let settings = Settings { dialect: Speaks::Legacy, approve_paths: ApprovePaths::Plural, ..Settings::default() };
        assert_eq!(find(&Method::GET, "/oneshot/api/v1/hello", &settings), Found::Nothing(Dialect::Legacy));
        assert_eq!(find(&Method::POST, "/api/v1/request/7/approve", &settings), Found::Nothing(Dialect::Legacy));
        assert_eq!(find(&Method::POST, "/api/v1/requests/7/approve", &settings), call(Operation::ApproveVideoid, Dialect::Legacy, &["7"]));
        let settings = Settings { document_paths: DocumentPaths::Path, ..Settings::default() };
        assert_eq!(find(&Method::GET, "/oneshot/api/v1/document/7/ab", &settings), Found::WrongMethod(Dialect::Current));
    }
}
