//! The Registration Authority client; its operations are in `generated/operations.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use videoid::{Error, ErrorCode};

use crate::error::VideoIdError;
use crate::generated::{CertificateInfo, ClientIdentity, HookEvent, RaConfig, Request, RequestPk, WaitFor};
use crate::guard;
use crate::json;
use crate::options::CallOptions;
use crate::webhook::WebhookInbox;

/// The client of the Registration Authority API. Safe to share between threads; cheap to keep.
#[derive(Debug, uniffi::Object)]
pub struct RegistrationAuthority {
    core: videoid::RegistrationAuthority,
}

impl RegistrationAuthority {
    pub(crate) fn core(&self) -> &videoid::RegistrationAuthority {
        &self.core
    }
}

#[uniffi::export]
impl RegistrationAuthority {
    /// A client. Reads certificate files, and blocks for as long as that takes.
    ///
    /// Fails with a code of category `config`.
    #[uniffi::constructor(default(hooks = None))]
    pub fn new(config: RaConfig, hooks: Option<Arc<dyn HookListener>>) -> Result<Arc<Self>, VideoIdError> {
        let config = config.try_into()?;
        let core = made(hooks, |hooks| match hooks {
            None => videoid::RegistrationAuthority::new(config),
            Some(hooks) => videoid::RegistrationAuthority::with_hooks(config, hooks),
        })?;
        Ok(Arc::new(Self { core }))
    }

    /// The settings that it was made with.
    pub fn config(&self) -> RaConfig {
        self.core.config().clone().into()
    }

    /// Waits until a GET shows the request in one of the wanted statuses. With an inbox a webhook brings the next look forward; what
    /// it claims is believed by nobody. Only reads; safe to repeat.
    ///
    /// Fails with `wait_deadline`, `unexpected_status`, `field_missing` and `field_invalid` for `wait`, and those of `get_request`
    /// that are not retryable.
    #[uniffi::method(default(inbox = None, options = None))]
    pub async fn wait_for(
        &self,
        request_pk: RequestPk,
        wait: WaitFor,
        inbox: Option<Arc<WebhookInbox>>,
        options: Option<CallOptions>,
    ) -> Result<Request, VideoIdError> {
        let (client, options) = (self.core.clone(), CallOptions::for_core(options));
        let wait = wait.try_into()?;
        guard::run(
            async move { client.wait_for(request_pk, &wait, inbox.as_ref().map(|inbox| inbox.core()), &options).await.map(Into::into) },
        )
        .await
    }

    /// What is known of the client certificate that is shown to the API, where there is one.
    pub fn client_certificate(&self) -> Option<CertificateInfo> {
        self.core.client_certificate().map(Into::into)
    }

    /// Shows another client certificate from now on. New connections use it, running calls go on. Reads the files that `identity`
    /// names. Safe to repeat.
    ///
    /// Fails with `tls_identity_invalid` or `tls_key_mismatch`; then the identity in use stays.
    pub async fn replace_identity(&self, identity: ClientIdentity) -> Result<CertificateInfo, VideoIdError> {
        let client = self.core.clone();
        let identity = identity.try_into()?;
        guard::blocking(move || client.replace_identity(&identity)).await.map(Into::into)
    }

    /// Closes it: calls after it fail with `client_closed`, running ones go on. Safe to repeat.
    pub fn close_client(&self) {
        self.core.close();
    }
}

/// Makes a client of the core, on the library's runtime.
pub(crate) fn made<C>(
    hooks: Option<Arc<dyn HookListener>>,
    make: impl FnOnce(Option<videoid::HookFn>) -> videoid::Result<C>,
) -> Result<C, VideoIdError> {
    let _inside = guard::runtime()?.enter();
    let hooks = hooks.map(|listener| -> videoid::HookFn {
        Arc::new(move |event: &videoid::HookEvent| {
            // A listener that throws must not end the call.
            let _ = catch_unwind(AssertUnwindSafe(|| listener.on_event(event.clone().into())));
        })
    });
    let outcome = catch_unwind(AssertUnwindSafe(|| make(hooks)));
    Ok(outcome.unwrap_or_else(|_| Err(Error::new(ErrorCode::Internal, "a defect of the library: it panicked")))?)
}

/// The settings from the environment: `VIDEOID_…`, as each field's documentation says.
///
/// Fails with `config_invalid`.
#[uniffi::export]
pub fn ra_config_from_env() -> Result<RaConfig, VideoIdError> {
    Ok(videoid::RaConfig::from_env()?.into())
}

/// Reads an answer of the service that is at hand as a call of that operation would, and gives the JSON of the model: for the
/// packages' own tests against the documented bodies.
///
/// Fails with what the call would fail with.
#[uniffi::export]
pub fn parse_answer(operation: String, http_status: u16, body: Vec<u8>) -> Result<String, VideoIdError> {
    json::write(&videoid::ra::parse_answer(&operation, http_status, &body)?)
}

/// Is told of attempts, repetitions and outcomes, on a thread of the library's. It should return soon. Nothing personal is in
/// an event.
#[uniffi::export(with_foreign)]
pub trait HookListener: Send + Sync {
    /// One event.
    fn on_event(&self, event: HookEvent);
}
