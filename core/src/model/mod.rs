//! The types of the wire: tolerant when reading, strict when writing.

mod checks;
mod contact_data;
mod document;
mod evidence_data;
mod field_check;
mod flow;
mod ids;
mod json;
pub(crate) mod lenient;
mod new_request;
mod officer;
mod one_shot;
mod page;
mod renewal;
mod request;
mod request_document;
mod request_update;
mod scratchcard;
mod similarity;
mod status;
mod videoid_data;

/// `Serialize` and `Deserialize` for an enum of the service's words.
macro_rules! text_enum_serde {
    ($($name:ident),+) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::model::lenient::text(deserializer).map(|word| Self::from(word.as_str()))
            }
        }
    )+};
}
pub(crate) use text_enum_serde;

pub use checks::{Provenance, SecurityCheck, SecurityChecks};
pub use contact_data::{ContactData, ContactDataCheck};
pub use document::{Document, DocumentBytes, DocumentType, DownloadedFile, GeneratedDocument};
pub use evidence_data::{Acceptance, OcrData};
pub use field_check::{RequestFieldCheck, RequestFieldIssue};
pub use flow::{Flow, WayOn};
pub use ids::{DocumentPk, RaId, RequestPk, ScratchcardPk, ScratchcardSn, VideoIdPk, VideoIdentifier, VideoPk};
pub use json::Extra;
pub use new_request::NewRequest;
pub use officer::{Acknowledgement, Approval, Declaration, PreauthLink, RaoCredentials, Refusal};
#[cfg(feature = "client")]
pub(crate) use one_shot::is_digest;
pub(crate) use one_shot::part_names;
pub use one_shot::{
    AsyncStatus, BillingEnv, CreatedRequest, CreatedToken, CreatedVideoId, DocumentHash, DocumentUid, DocumentVersion, ImageList, ImageUid,
    NewOneShotRequest, NewToken, NewVideoId, OneShotDocument, OneShotDocuments, OneShotRao, OneShotSettings, Otp, OtpDelivery,
    ServerVersion, SignatureAppearance, SignaturePlacement, Signing, Token, TokenList, TokenUid, UploadedDocuments, UploadedForSigning,
    UploadedImage, VideoIdHandle,
};
pub use page::{RequestFilter, RequestPage, ScratchcardFilter, ScratchcardPage};
pub use renewal::{PinUnlock, Renewability, RenewalStatus};
pub use request::Request;
pub use request_document::{RequestDocument, RequestDocuments, UploadedDocument};
pub use request_update::RequestUpdate;
pub use scratchcard::{CardSecrets, Scratchcard, ScratchcardUse};
pub use similarity::SimilarityLevel;
pub use status::Status;
pub use videoid_data::{ReadBackCheck, ReadBackImage, VideoIdContents, VideoIdData};
