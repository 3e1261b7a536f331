//! The types of the One-Shot API, the same in both dialects.

mod documents;
mod ids;
mod images;
mod requests;
mod service;
mod sign;
mod tokens;
mod videoid;
mod words;

#[cfg(feature = "client")]
pub(crate) use documents::is_digest;
pub(crate) use documents::part_names;
pub use documents::{DocumentHash, OneShotDocument, OneShotDocuments, UploadedDocuments, UploadedForSigning};
pub use ids::{DocumentUid, ImageUid, TokenUid};
pub use images::{ImageList, UploadedImage};
pub use requests::{AsyncStatus, CreatedRequest, NewOneShotRequest};
pub use service::{OneShotSettings, ServerVersion};
pub use sign::{Otp, SignatureAppearance, SignaturePlacement, Signing};
pub use tokens::{CreatedToken, NewToken, Token, TokenList};
pub use videoid::{CreatedVideoId, NewVideoId, OneShotRao, VideoIdHandle};
pub use words::{BillingEnv, DocumentVersion, OtpDelivery};
