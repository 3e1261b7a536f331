//! The Optimizer itself: its version and its settings.

use serde::{Deserialize, Serialize};

use crate::model::json::Extra;
use crate::model::lenient;

/// What the Optimizer says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ServerVersion {
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub version: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub name: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub info: Option<String>,
    /// Everything else that the service showed.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The settings of an Optimizer, in the sections of its settings file. They hold the billing password as Base64: `Debug` shows
/// nothing of them. Which keys a section has is not documented.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OneShotSettings {
    /// The time stamp service.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub tsa: Extra,
    /// What requests are created with: registration authority, profile, env.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub request: Extra,
    /// The billing account; its password is Base64 here, when read and when sent.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub billing: Extra,
    /// The proxy. It is shown, and not documented for the update.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub proxy: Extra,
    /// Everything of no section of its own.
    #[serde(skip_serializing_if = "Extra::is_empty", deserialize_with = "lenient::extra")]
    pub general: Extra,
    /// Further sections.
    #[serde(flatten)]
    pub extra: Extra,
}
