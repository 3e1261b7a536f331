//! What is known of the client certificate.

use serde::{Deserialize, Serialize};

/// The client certificate that is shown to the API: until when it is valid, and which one it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CertificateInfo {
    /// From when it is valid, in milliseconds since 1970-01-01 UTC.
    pub not_before_ms: i64,
    /// Until when it is valid, in milliseconds since 1970-01-01 UTC.
    pub not_after_ms: i64,
    /// Whole days until then, at the time of the question; below 0 once it is expired.
    pub days_left: i64,
    /// Its serial number in lower-case hex, without leading zeros.
    pub serial_number: String,
}
