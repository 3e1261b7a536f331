//! What no document says, as named settings. Each is an assumption that a test can turn round.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::webhook::Target;

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($(#[$vdoc])* $variant),+ }
    };
}

choice! {
    /// Text or number for the same value.
    Typed { String, Number }
}
choice! {
    /// A JSON document in a string, or an object.
    Secrets { String, Object }
}
choice! {
    /// One element in an array, or the bare object.
    Shape { Array, Object }
}
choice! {
    /// What the path of the evidence upload names.
    VideoPk { RequestPk, VideoidPk }
}
choice! {
    /// What happens to a path whose slash is not the documented one.
    Slash { Accept, Redirect, NotFound, ServerError }
}
choice! {
    /// The answer when no card is left.
    NoCard { NotFound, BadRequest, ServerError }
}
choice! {
    /// How wrong officer credentials are refused.
    RaoError { DoesNotExist, PermissionDenied }
}
choice! {
    /// Where a page's `next` points.
    NextLink { Internal, Own }
}
choice! {
    /// When a phone number without international prefix is refused.
    PhoneCheck { Create, Approve, Never }
}
choice! {
    /// What a second call for the pre-authenticated link gives.
    SecondLink { Same, New, Refused }
}
choice! {
    /// How the similarity level is read back.
    Similarity { Word, AsSent }
}

choice! {
    /// What the upload host and the video download look up.
    VideoIdentifier { Uuid, RequestPk }
}
choice! {
    /// Which of evidence and video has to come first.
    UploadOrder { Any, EvidenceFirst, VideoFirst }
}
choice! {
    /// The type of `acceptance.date` that is taken.
    AcceptanceDate { Any, Number, String }
}
choice! {
    /// The type of `similarity_level` that is taken.
    SimilarityLevel { Any, Number, Word }
}
choice! {
    /// The videos that are taken.
    AcceptedVideo { Mp4, Any }
}
choice! {
    /// What a second call for the declaration gives.
    SecondDeclaration { NewNumber, Same, Refused }
}
choice! {
    /// What the check of contact data says.
    ContactData { Ok, Ko, ByState }
}
choice! {
    /// How a refusal with 500 looks on calls that change something.
    Mutation500 {
        #[serde(rename = "form_1")]
        Form1,
        Page,
    }
}
choice! {
    /// What create says to a card that was used.
    UsedCard { InvalidScratchcard, BadRequest, Accepted }
}
choice! {
    /// Whether fields come back as they were sent.
    ReadBack { AsSent, Normalised }
}
choice! {
    /// What an update does with fields that come from the video.
    VideoFields { Refused, Ignored }
}
choice! {
    /// The bodies of webhooks.
    WebhookBody { Flat, Event, Mixed }
}
choice! {
    /// How the delivery of webhooks is harmed.
    WebhookFault { None, Duplicate, Reorder, Truncate }
}

choice! {
    /// `true`, `True`, or `true` as JSON.
    IsUsedAnswer { Text, Capital, Json }
}
choice! {
    /// Whether an update has to name the five documented fields.
    UpdateRequires { All, None }
}
choice! {
    /// The types of documents that are taken.
    DocumentTypes { Any, Images }
}
choice! {
    /// Whether evidence and video are taken in VIDEOERROR.
    AfterError { Accept, Refuse }
}
choice! {
    /// The methods that the upload of an evidence document takes.
    EvidenceMethod {
        Any,
        #[serde(rename = "POST")]
        Post,
        #[serde(rename = "PUT")]
        Put,
    }
}
choice! {
    /// What a yes of `is_renewable` looks like.
    RenewableAnswer { Status, Empty }
}

/// Where the vendor's operator leads a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OperatorResult {
    #[serde(rename = "by_profile")]
    ByProfile,
    #[serde(rename = "ENROLLREADY")]
    Enrollready,
    #[serde(rename = "CREATED")]
    Created,
}

/// All settings, with the names that the control API uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) scratchcard_secrets: Secrets,
    pub(crate) scratchcard_sn: Typed,
    pub(crate) share_card: bool,
    pub(crate) no_card_answer: NoCard,
    pub(crate) video_pk_is: VideoPk,
    pub(crate) partial_status: String,
    pub(crate) bad_upload_status: Option<String>,
    pub(crate) upload_in_review: bool,
    /// 1: `validate_videoid` leads straight to ENROLLREADY; 2: to CREATED, and approval follows.
    pub(crate) validation_steps: u8,
    pub(crate) status_after_refusal: String,
    pub(crate) rao_error: RaoError,
    pub(crate) approve_in_review: bool,
    pub(crate) document_shape: Shape,
    pub(crate) next_link: NextLink,
    pub(crate) list_numbers: Typed,
    pub(crate) list_images: bool,
    pub(crate) videoid_requests: bool,
    pub(crate) video_identifier_dashes: bool,
    pub(crate) similarity_readback: Similarity,
    pub(crate) phone_check: PhoneCheck,
    pub(crate) cancel_put: bool,
    pub(crate) preauth_second_call: SecondLink,
    pub(crate) missing_slash_get: Slash,
    pub(crate) missing_slash_other: Slash,
    pub(crate) extra_slash: Slash,
    /// true: the caller brings the evidence; false: requests get a link, and the user identifies there.
    pub(crate) external_auth: bool,
    pub(crate) operator_result: OperatorResult,
    /// Where webhooks go; the `webhook_url` of a request goes before it.
    pub(crate) webhook_url: Option<String>,
    pub(crate) webhook_body: WebhookBody,
    pub(crate) webhook_fault: WebhookFault,
    pub(crate) video_identifier_is: VideoIdentifier,
    pub(crate) upload_order: UploadOrder,
    pub(crate) acceptance_date: AcceptanceDate,
    pub(crate) similarity_level: SimilarityLevel,
    pub(crate) accepted_video: AcceptedVideo,
    /// Images and documents beyond it get 413.
    pub(crate) image_limit_bytes: Option<u64>,
    pub(crate) video_limit_bytes: Option<u64>,
    pub(crate) declaration_repeat: SecondDeclaration,
    pub(crate) list_documents_content: bool,
    pub(crate) contact_data: ContactData,
    pub(crate) mutation_500: Mutation500,
    pub(crate) used_card_answer: UsedCard,
    /// A request is in lists only when it is so old.
    pub(crate) list_delay_seconds: u64,
    pub(crate) fields_readback: ReadBack,
    pub(crate) update_in_review: bool,
    pub(crate) update_video_fields: VideoFields,
    /// eIDAS, not a natural person: approval needs a VideoID evidence document.
    pub(crate) approve_needs_evidence: bool,
    /// Approval is refused where a field that the profile requires is missing.
    pub(crate) approve_checks_fields: bool,
    /// The code (418 to 427) that each `is_renewable` is refused with.
    pub(crate) renewal_refusal: Option<u16>,
    pub(crate) isused_answer: IsUsedAnswer,
    pub(crate) update_requires: UpdateRequires,
    pub(crate) document_content_types: DocumentTypes,
    pub(crate) upload_after_error: AfterError,
    pub(crate) evidence_document_method: EvidenceMethod,
    pub(crate) is_renewable_answer: RenewableAnswer,
    /// The One-Shot API's own.
    pub(crate) one_shot: crate::one_shot::settings::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scratchcard_secrets: Secrets::String,
            scratchcard_sn: Typed::String,
            share_card: false,
            no_card_answer: NoCard::NotFound,
            video_pk_is: VideoPk::RequestPk,
            partial_status: "VIDEOINCOMPLETE".to_owned(),
            bad_upload_status: None,
            upload_in_review: false,
            validation_steps: 2,
            status_after_refusal: "VIDEOREVIEW".to_owned(),
            rao_error: RaoError::DoesNotExist,
            approve_in_review: true,
            document_shape: Shape::Array,
            next_link: NextLink::Internal,
            list_numbers: Typed::Number,
            list_images: false,
            videoid_requests: true,
            video_identifier_dashes: true,
            similarity_readback: Similarity::Word,
            phone_check: PhoneCheck::Create,
            cancel_put: true,
            preauth_second_call: SecondLink::Same,
            missing_slash_get: Slash::Accept,
            missing_slash_other: Slash::Accept,
            extra_slash: Slash::Accept,
            external_auth: true,
            operator_result: OperatorResult::ByProfile,
            webhook_url: None,
            webhook_body: WebhookBody::Flat,
            webhook_fault: WebhookFault::None,
            video_identifier_is: VideoIdentifier::Uuid,
            upload_order: UploadOrder::Any,
            acceptance_date: AcceptanceDate::Any,
            similarity_level: SimilarityLevel::Any,
            accepted_video: AcceptedVideo::Mp4,
            image_limit_bytes: None,
            video_limit_bytes: None,
            declaration_repeat: SecondDeclaration::NewNumber,
            list_documents_content: true,
            contact_data: ContactData::Ok,
            mutation_500: Mutation500::Form1,
            used_card_answer: UsedCard::InvalidScratchcard,
            list_delay_seconds: 0,
            fields_readback: ReadBack::AsSent,
            update_in_review: true,
            update_video_fields: VideoFields::Refused,
            approve_needs_evidence: true,
            approve_checks_fields: false,
            renewal_refusal: None,
            isused_answer: IsUsedAnswer::Text,
            update_requires: UpdateRequires::All,
            document_content_types: DocumentTypes::Any,
            upload_after_error: AfterError::Accept,
            evidence_document_method: EvidenceMethod::Any,
            is_renewable_answer: RenewableAnswer::Status,
            one_shot: crate::one_shot::settings::Settings::default(),
        }
    }
}

impl Settings {
    /// Changes the named settings and leaves the others; says which is wrong.
    pub(crate) fn patch(&mut self, patch: &Value) -> Result<(), String> {
        let Some(patch) = patch.as_object() else {
            return Err("settings are a JSON object".to_owned());
        };
        let mut all = self.to_value();
        if let Some(map) = all.as_object_mut() {
            for (name, value) in patch {
                if !map.contains_key(name) {
                    return Err(format!("unknown setting {name}"));
                }
                // A group of settings is changed like the whole: what is not named stays.
                match (map.get_mut(name), value) {
                    (Some(Value::Object(group)), Value::Object(values)) => group.extend(values.clone()),
                    _ => {
                        map.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        let changed: Self = serde_json::from_value(all).map_err(|error| format!("wrong value: {error}"))?;
        if !matches!(changed.validation_steps, 1 | 2) {
            return Err("validation_steps is 1 or 2".to_owned());
        }
        if changed.renewal_refusal.is_some_and(|code| !(418..=427).contains(&code)) {
            return Err("renewal_refusal is null or 418 to 427".to_owned());
        }
        if let Some(url) = &changed.webhook_url {
            Target::parse(url).map_err(|error| format!("webhook_url: {error}"))?;
        }
        changed.one_shot.check()?;
        *self = changed;
        Ok(())
    }

    pub(crate) fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("settings are plain names and words")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_only_what_it_names() {
        let mut settings = Settings::default();
        settings.patch(&json!({"validation_steps": 1, "share_card": true})).expect("known settings");
        let expected = Settings { validation_steps: 1, share_card: true, ..Settings::default() };
        assert_eq!(settings, expected);
    }

    #[test]
    fn a_wrong_patch_changes_nothing() {
        let mut settings = Settings::default();
        for wrong in [
            json!({"nope": 1}),
            json!({"validation_steps": 3}),
            json!({"share_card": "yes"}),
            json!({"webhook_url": "http://example.com/"}),
            json!({"renewal_refusal": 417}),
            json!([]),
        ] {
            assert!(settings.patch(&wrong).is_err());
        }
        assert_eq!(settings, Settings::default());
    }
}
