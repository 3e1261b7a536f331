//! Signature images.

use serde::{Deserialize, Serialize};

use super::ids::ImageUid;
use crate::model::json::Extra;

/// A signature image that was stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UploadedImage {
    /// What a signature takes to show it.
    pub image_uid: ImageUid,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The signature images of an Optimizer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ImageList {
    /// Their uids.
    pub images: Vec<ImageUid>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}
