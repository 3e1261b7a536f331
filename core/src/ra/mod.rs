//! The Registration Authority API, one file for each group of operations.

mod documents;
mod identity;
mod officer;
mod pages;
mod parse;
mod renewal;
mod requests;
mod scratchcards;
mod videoid;
mod wait;

use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::RaConfig;
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::options::{HookFn, RequestOptions};
use crate::transport::{Answer, Call, Transport};

pub use pages::Listing;
pub use parse::parse_answer;
pub(crate) use requests::{checked_inputs, checked_profile};
pub(crate) use videoid::{checked_video, evidence_plan};
pub(crate) use wait::Pace;

/// A client of the Registration Authority API.
///
/// Cheap to clone: clones share connections and settings. Every method is an `async fn` that may be dropped at any await, which
/// closes its connection. It needs a tokio runtime with time and I/O.
///
/// Which operation may be repeated is in [`OPERATIONS`](crate::OPERATIONS): the client repeats safe ones by itself, and the others
/// only where nothing can have reached the service.
#[derive(Clone)]
pub struct RegistrationAuthority {
    transport: Arc<Transport>,
}

impl RegistrationAuthority {
    /// A client with these settings. Reads the files that they name; opens no connection.
    ///
    /// # Errors
    /// `config_invalid`, `plain_http_refused`, `tls_identity_invalid` or `tls_key_mismatch`, naming the field.
    pub fn new(config: RaConfig) -> Result<Self> {
        Ok(Self { transport: Arc::new(Transport::new(config, None)?) })
    }

    /// As [`new`](Self::new), with a function that is told of every attempt, repetition and outcome.
    ///
    /// # Errors
    /// As `new`.
    pub fn with_hooks(config: RaConfig, hooks: HookFn) -> Result<Self> {
        Ok(Self { transport: Arc::new(Transport::new(config, Some(hooks))?) })
    }

    /// The settings.
    pub fn config(&self) -> &RaConfig {
        self.transport.config()
    }

    /// Ends the client for all its clones: later calls fail with `client_closed`, running ones go on. Safe to repeat.
    pub fn close(&self) {
        self.transport.close();
    }

    pub(crate) fn warn(&self, operation: &'static str, text: &str) {
        self.transport.warn(operation, text);
    }

    /// The answer of a call as JSON.
    async fn json(&self, call: Call, options: &RequestOptions) -> Result<Value> {
        match self.transport.call(call, options).await? {
            Answer::Json(value) => Ok(value),
            Answer::File(_) => Err(Error::new(ErrorCode::Internal, "a file came where JSON was asked for")),
        }
    }

    /// The answer of a call as a type of the model.
    async fn typed<T: DeserializeOwned>(&self, call: Call, options: &RequestOptions) -> Result<T> {
        let operation = call.operation.name;
        parse::typed(self.json(call, options).await?).map_err(|e| e.with_operation(operation))
    }

    /// A registration authority that a call needs, from the call or the settings.
    fn registration_authority(&self, own: Option<&crate::model::RaId>) -> Result<crate::model::RaId> {
        own.or(self.config().registration_authority.as_ref())
            .filter(|ra| !ra.0.is_empty())
            .cloned()
            .ok_or_else(|| Error::field(ErrorCode::FieldMissing, "registration_authority", "needed in the call or in the settings"))
    }
}

impl fmt::Debug for RegistrationAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistrationAuthority").field("environment", &self.config().environment).finish_non_exhaustive()
    }
}

/// A text that a call needs.
fn needed<'a>(field: &str, value: &'a str) -> Result<&'a str> {
    if value.trim().is_empty() {
        return Err(Error::field(ErrorCode::FieldMissing, field, "needed").with_wire(Wire::NotSent));
    }
    Ok(value)
}
