//! What no document says about the One-Shot API, as named settings under `one_shot`.

use serde::{Deserialize, Serialize};

use crate::settings::{AcceptanceDate, UploadOrder};

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant),+ }
    };
}

choice! {
    /// Which dialects the Optimizer speaks.
    Speaks { Both, Current, Legacy }
}
choice! {
    /// What approve does in VIDEOREVIEW where validation is a step of its own.
    TwoStep { Validates, Refused }
}
choice! {
    /// What a cancelled request is afterwards.
    AfterCancel { Cancelled, Gone }
}
choice! {
    /// Where Current gives documents: by a query, by a path, or by both.
    DocumentPaths { Both, Query, Path }
}
choice! {
    /// How Legacy's approve is spelt.
    ApprovePaths { Both, Singular, Plural }
}
choice! {
    /// Where Current gives the video back.
    VideoPaths { Both, Video, DownloadVideo }
}
choice! {
    /// Current's contract with a slash at the end or without.
    ContractSlash { Both, With, Without }
}
choice! {
    /// What a slash too many gives.
    ExtraSlash { Redirect, Accept, NotFound }
}
choice! {
    /// How Current refuses a body that lacks a field.
    MissingField { Unprocessable, BadRequest }
}
choice! {
    /// The HTTP status where Legacy declares 400 and writes "404 Not Found" into the body.
    LegacyNotFound { Declared, Same }
}
choice! {
    /// The body of a webhook.
    WebhookBody { Dialect, Flat, Event, Mixed }
}
choice! {
    /// How Current shows whether a token holds a password and a PIN.
    TokenFlags { String, Bool }
}
choice! {
    /// The data key of Current's answers that no document shows.
    DataKey { Detail, Details }
}
choice! {
    /// What Current does with what only Legacy's documents name.
    Unnamed { Taken, Ignored, Refused }
}
choice! {
    /// Which document Current gives where the call does not say.
    WithoutType { Original, Signed }
}
choice! {
    /// How Current answers an upload of several documents.
    DocumentsAnswer { List, ByName }
}
choice! {
    /// Whether Current deletes tokens.
    TokenDelete { Known, Unknown }
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    pub(crate) dialect: Speaks,
    pub(crate) videoid_enabled: bool,
    pub(crate) external: bool,
    pub(crate) videoid_pk_in_answer: bool,
    /// 1: approve validates too; 2: validation is a step of its own.
    pub(crate) approval_steps: u8,
    pub(crate) two_step_approve: TwoStep,
    pub(crate) status_after_approve: Option<String>,
    pub(crate) status_after_refusal: String,
    pub(crate) partial_status: String,
    pub(crate) bad_upload_status: Option<String>,
    pub(crate) reupload: bool,
    pub(crate) link_reusable: bool,
    pub(crate) update_reopens: bool,
    pub(crate) after_cancel: AfterCancel,
    pub(crate) document_paths: DocumentPaths,
    pub(crate) approve_paths: ApprovePaths,
    pub(crate) video_paths: VideoPaths,
    pub(crate) contract_slash: ContractSlash,
    pub(crate) contract_early: bool,
    pub(crate) extra_slash: ExtraSlash,
    pub(crate) missing_field: MissingField,
    pub(crate) data_key: DataKey,
    pub(crate) token_flags: TokenFlags,
    pub(crate) legacy_not_found: LegacyNotFound,
    pub(crate) upload_order: UploadOrder,
    pub(crate) acceptance_date: AcceptanceDate,
    /// `options`, `use_signature_text` and `countersignature` in Current's sign.
    pub(crate) legacy_sign_words: Unnamed,
    /// The keys inside Current's `signature.appearance`: those of Legacy's `options`.
    pub(crate) appearance_keys: Unnamed,
    pub(crate) otp_delivery_method: Unnamed,
    /// Under which name Current's refuse wants the reason.
    pub(crate) refuse_reason: String,
    pub(crate) token_delete: TokenDelete,
    pub(crate) document_without_type: WithoutType,
    pub(crate) documents_answer: DocumentsAnswer,
    /// The name of an image's part.
    pub(crate) image_part: String,
    pub(crate) proxy_section: Unnamed,
    pub(crate) credit_check_fails: bool,
    pub(crate) max_document_bytes: u64,
    pub(crate) otp_seconds: i64,
    pub(crate) otp_interval_seconds: i64,
    pub(crate) ext_unlock_value: Option<String>,
    pub(crate) async_delay_ms: u64,
    pub(crate) webhook_url: Option<String>,
    pub(crate) webhook_body: WebhookBody,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dialect: Speaks::Both,
            videoid_enabled: true,
            external: false,
            videoid_pk_in_answer: true,
            approval_steps: 1,
            two_step_approve: TwoStep::Validates,
            status_after_approve: None,
            status_after_refusal: "VIDEOREVIEW".to_owned(),
            partial_status: "VIDEOINCOMPLETE".to_owned(),
            bad_upload_status: Some("VIDEOERROR".to_owned()),
            reupload: true,
            link_reusable: true,
            update_reopens: true,
            after_cancel: AfterCancel::Cancelled,
            document_paths: DocumentPaths::Both,
            approve_paths: ApprovePaths::Both,
            video_paths: VideoPaths::Both,
            contract_slash: ContractSlash::Both,
            contract_early: false,
            extra_slash: ExtraSlash::Redirect,
            missing_field: MissingField::Unprocessable,
            data_key: DataKey::Detail,
            token_flags: TokenFlags::String,
            legacy_not_found: LegacyNotFound::Declared,
            upload_order: UploadOrder::Any,
            acceptance_date: AcceptanceDate::Any,
            legacy_sign_words: Unnamed::Taken,
            appearance_keys: Unnamed::Taken,
            otp_delivery_method: Unnamed::Taken,
            refuse_reason: "reason".to_owned(),
            token_delete: TokenDelete::Known,
            document_without_type: WithoutType::Original,
            documents_answer: DocumentsAnswer::List,
            image_part: "image".to_owned(),
            proxy_section: Unnamed::Taken,
            credit_check_fails: false,
            max_document_bytes: 32 * 1024 * 1024,
            otp_seconds: 600,
            otp_interval_seconds: 60,
            ext_unlock_value: None,
            async_delay_ms: 200,
            webhook_url: None,
            webhook_body: WebhookBody::Dialect,
        }
    }
}

impl Settings {
    /// What is wrong with the values beside their types.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !matches!(self.approval_steps, 1 | 2) {
            return Err("one_shot.approval_steps is 1 or 2".to_owned());
        }
        if let Some(url) = &self.webhook_url {
            crate::webhook::Target::parse(url).map_err(|error| format!("one_shot.webhook_url: {error}"))?;
        }
        Ok(())
    }
}
