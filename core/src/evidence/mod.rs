//! The evidence of a video identification: what the person accepted, the images, the data that was read from the document and
//! the security checks, checked and made into the body of the upload.
//!
//! [`EvidenceBuilder`] collects without touching a file; [`check`](EvidenceBuilder::check) and
//! [`build`](EvidenceBuilder::build) read the images, in pieces and never whole. [`Bundle`] keeps evidence in a plain folder.
//! Nothing here needs a network, and nothing here claims what only a laboratory can say: that a person was alive, or a
//! document genuine.

mod builder;
#[path = "evidence.rs"]
mod built;
mod bundle;
pub(crate) mod contact;
#[cfg(feature = "client")]
pub(crate) mod document;
mod images;
mod jpeg;
mod manifest;
mod png;
mod report;
mod rules;
mod scan;
mod video;
mod wire;

pub use builder::EvidenceBuilder;
pub use built::{Evidence, Part};
pub use bundle::Bundle;
pub use manifest::{BundleFile, BundleManifest};
pub use report::{EvidenceReport, Finding, ImageFormat, ImageInfo, Severity, VideoInfo};
#[cfg(feature = "client")]
pub(crate) use video::check_length as check_video_length;
pub use video::check_video;
