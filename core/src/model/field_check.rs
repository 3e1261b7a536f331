//! What the service says of the fields of a request.

use serde::{Deserialize, Serialize};

/// What the service finds missing or wrong in the fields of a request; nothing where all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestFieldCheck {
    /// The findings in the service's order.
    pub issues: Vec<RequestFieldIssue>,
}

/// One field and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RequestFieldIssue {
    /// The field in the service's own name, for example `serial_number`.
    pub field: String,
    /// The service's word for what is wrong, for example `missing`.
    pub problem: String,
}
