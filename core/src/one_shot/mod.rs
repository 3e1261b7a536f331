//! The One-Shot API of an Optimizer, one file for each group of operations, in both of its dialects.

mod dialect;
mod documents;
pub(crate) mod failure;
mod images;
pub(crate) mod parse;
mod requests;
mod service;
mod sign;
pub mod signed_pdf;
mod tokens;
mod videoid;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;

use crate::config::OneShotConfig;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acknowledgement, BillingEnv, DownloadedFile, RaId, RequestPk};
use crate::options::{HookFn, RequestOptions};
use crate::secret::SensitiveString;
use crate::transport::{Answer, Call, Transport};
use parse::Opened;

/// A client of the One-Shot API: VideoID requests, documents, one-time passwords and signatures on a customer's Optimizer.
///
/// One set of methods and types for both dialects; [`OneShotConfig::dialect`] says which one the Optimizer speaks. Where a server
/// does not know an address, the client asks it once which dialect it speaks and fails with `wrong_dialect`.
///
/// Cheap to clone: clones share connections and settings. Every method is an `async fn` that may be dropped at any await, which
/// closes its connection. It needs a tokio runtime with time and I/O.
///
/// Which operation may be repeated is in [`OPERATIONS`](crate::OPERATIONS): the client repeats safe ones by itself, and the others
/// only where nothing can have reached the service.
#[derive(Clone)]
pub struct OneShot {
    pub(crate) transport: Arc<Transport>,
    config: Arc<OneShotConfig>,
    /// When the last one-time password of a request was sent, in milliseconds since 1970; only those of the last minute.
    sent: Arc<Mutex<HashMap<RequestPk, i64>>>,
}

impl OneShot {
    /// A client with these settings. Reads the files that they name; opens no connection.
    ///
    /// # Errors
    /// `config_invalid`, `plain_http_refused`, `tls_identity_invalid` or `tls_key_mismatch`, naming the field.
    pub fn new(config: OneShotConfig) -> Result<Self> {
        Self::make(config, None)
    }

    /// As [`new`](Self::new), with a function that is told of every attempt, repetition and outcome.
    ///
    /// # Errors
    /// As `new`.
    pub fn with_hooks(config: OneShotConfig, hooks: HookFn) -> Result<Self> {
        Self::make(config, Some(hooks))
    }

    fn make(config: OneShotConfig, hooks: Option<HookFn>) -> Result<Self> {
        config.validate()?;
        let transport = Arc::new(Transport::new(config.shared()?, hooks)?);
        Ok(Self { transport, config: Arc::new(config), sent: Arc::default() })
    }

    /// The settings.
    pub fn config(&self) -> &OneShotConfig {
        &self.config
    }

    /// Ends the client for all its clones: later calls fail with `client_closed`, running ones go on. Safe to repeat.
    pub fn close(&self) {
        self.transport.close();
    }

    pub(crate) fn warn(&self, operation: &'static str, text: &str) {
        self.transport.warn(operation, text);
    }

    /// The answer of a call, taken out of its envelope.
    async fn opened(&self, call: Call, options: &RequestOptions) -> Result<Opened> {
        let operation = call.operation;
        match self.transport.call(call, options).await {
            Ok(Answer::Json(value)) => parse::open(operation, value).map_err(|e| named(e, operation.name)),
            Ok(Answer::File(_)) => Err(named(Error::new(ErrorCode::Internal, "a file came where JSON was asked for"), operation.name)),
            Err(error) => Err(named(self.explain(error, options).await, operation.name)),
        }
    }

    /// The answer of a call as a type of the model.
    async fn typed<T: DeserializeOwned>(&self, call: Call, options: &RequestOptions) -> Result<T> {
        let name = call.operation.name;
        parse::typed(self.opened(call, options).await?.data).map_err(|e| named(e, name))
    }

    /// The answer of a call that only acknowledges.
    async fn acknowledged(&self, call: Call, options: &RequestOptions) -> Result<Acknowledgement> {
        let name = call.operation.name;
        parse::acknowledgement(self.opened(call, options).await?).map_err(|e| named(e, name))
    }

    /// The answer of a call, written to a file: under another name first, then synced and renamed.
    async fn saved(&self, mut call: Call, path: &Path, options: &RequestOptions) -> Result<DownloadedFile> {
        let name = call.operation.name;
        call.file = Some(path.to_owned());
        match self.transport.call(call, options).await {
            Ok(Answer::File(file)) => Ok(file),
            Ok(Answer::Json(_)) => Err(named(Error::new(ErrorCode::Internal, "JSON came where a file was asked for"), name)),
            Err(error) => Err(named(self.explain(error, options).await, name)),
        }
    }

    /// The billing fields of a create call: the call's own, else those of the settings; the password as Base64. What neither has is
    /// left out: the Optimizer may have it.
    fn billing(
        &self,
        operation: &'static str,
        username: Option<&SensitiveString>,
        password: Option<&SensitiveString>,
    ) -> (Option<SensitiveString>, Option<SensitiveString>) {
        // Both from one place: a user of the call with a password of the settings would be nobody's account.
        let (username, password) = match (username, password) {
            (None, None) => (self.config.billing_username.as_ref(), self.config.billing_password.as_ref()),
            own => own,
        };
        let password = password.map(|password| {
            if looks_like_base64(password.expose()) {
                self.warn(operation, "the billing password looks like Base64 already; it is taken as clear text and encoded once more");
            }
            SensitiveString::new(base64_simd::STANDARD.encode_to_string(password.expose().as_bytes()))
        });
        (username.cloned(), password)
    }

    fn registration_authority(&self, own: Option<&RaId>) -> Option<RaId> {
        own.or(self.config.registration_authority.as_ref()).filter(|ra| !ra.0.is_empty()).cloned()
    }

    fn env(&self, own: Option<&BillingEnv>) -> Option<BillingEnv> {
        own.or(self.config.env.as_ref()).cloned()
    }

    fn sent_table(&self) -> std::sync::MutexGuard<'_, HashMap<RequestPk, i64>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for OneShot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneShot").field("dialect", &self.config.dialect).finish_non_exhaustive()
    }
}

fn named(error: Error, operation: &'static str) -> Error {
    error.with_operation(operation)
}

/// A text that a call needs.
fn needed(operation: &'static str, field: &str, value: &str) -> Result<()> {
    if value.trim().is_empty() {
        return Err(named(Error::field(ErrorCode::FieldMissing, field, "needed"), operation));
    }
    Ok(())
}

/// Whether a password would be readable text if it were Base64. Most words of the right length are not.
/// A line break at the end belongs to how it was made: `echo` without `-n`, or `base64` itself.
fn looks_like_base64(password: &str) -> bool {
    let password = password.trim_end_matches(['\r', '\n']);
    if password.len() < 8 {
        return false;
    }
    let Ok(decoded) = base64_simd::STANDARD.decode_to_vec(password.as_bytes()) else { return false };
    let decoded = zeroize::Zeroizing::new(decoded);
    std::str::from_utf8(&decoded).is_ok_and(|text| {
        let text = text.trim_end_matches(['\r', '\n']);
        !text.is_empty() && !text.chars().any(char::is_control)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_looks_like_base64_is_noticed() {
        // The same with a line break in it or after it, and one that is not ASCII.
        for encoded in ["QjFsbC1pbmc=", "QjFsbC1pbmcK", "QjFsbC1pbmc=\n", "QjFsbC1pbmcNCg==", "Y29udHJhc2XDsWE="] {
            assert!(looks_like_base64(encoded), "{encoded}");
        }
        for plain in ["B1ll-ing", "password", "correcthorsebatterystaple", "", "abcd", "AAAAAAAA", "contraseña"] {
            assert!(!looks_like_base64(plain), "{plain}");
        }
    }
}
