//! The parts of the evidence that are data: the acceptance of the terms and what was read from the document.

use serde::{Deserialize, Serialize};

use super::json::Extra;
use super::lenient;
use crate::secret::SensitiveString;

/// The user's acceptance of the terms. Keys go over the wire with hyphens.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Acceptance {
    /// What was accepted, in words.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub description: Option<String>,
    /// Address of the privacy policy that was shown.
    #[serde(rename = "url-doc-privacypolicy", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub url_doc_privacypolicy: Option<String>,
    /// Address of the terms and conditions that were shown.
    #[serde(rename = "url-doc-termsconditions", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub url_doc_termsconditions: Option<String>,
    /// Address of the page where the user identified.
    #[serde(rename = "url-web-videoid", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub url_web_videoid: Option<String>,
    /// The user's IP address. The backend that took the acceptance knows it; a device knows only its local one.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub ip: Option<SensitiveString>,
    /// The user agent of the browser or app.
    #[serde(rename = "user-agent", skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub user_agent: Option<SensitiveString>,
    /// When the user accepted, in milliseconds since 1970-01-01 UTC, sent as a number as in every sample of the service.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_int")]
    pub date: Option<i64>,
    /// Further keys, sent as they are: the service calls this object customizable.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What was read from the identity document, and the contact data that was confirmed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OcrData {
    /// Given names.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub given_name: Option<SensitiveString>,
    /// First surname.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_1: Option<SensitiveString>,
    /// Second surname.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub surname_2: Option<SensitiveString>,
    /// National identification number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub serial_number: Option<SensitiveString>,
    /// Mobile phone with the international prefix.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub mobile_phone_number: Option<SensitiveString>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_secret")]
    pub email: Option<SensitiveString>,
    /// Type of the document: `IDC` identity card, `PAS` passport, `PNO` national number, `TIN` tax number.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_type: Option<String>,
    /// Country that issued the document, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "lenient::opt_text")]
    pub id_document_country: Option<String>,
    /// Further keys, sent as they are: the service calls this object customizable.
    #[serde(flatten)]
    pub extra: Extra,
}
