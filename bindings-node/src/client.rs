//! The client. Its operations are generated.

use std::sync::Arc;

use napi::bindgen_prelude::{Function, PromiseRaw};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Status};
use napi_derive::napi;
use videoid::model::RequestPk;
use videoid::{HookFn, RegistrationAuthority};

use crate::call::{Flush, NativeCall};
use crate::error::{blocking, guarded_sync, to_napi};
use crate::generated::{CertificateInfo, ClientIdentity, HookEvent, RaConfig, Request, WaitFor};
use crate::webhook::NativeInbox;

/// How many hook events wait at most; when JavaScript does not keep up, later ones are dropped.
const HOOK_QUEUE: usize = 4096;

/// Without an event it only marks how far the queue was worked off.
type HookFunction = ThreadsafeFunction<Option<HookEvent>, (), Option<HookEvent>, Status, false, true, HOOK_QUEUE>;

/// The function that a client is told with, and what waits until it was heard.
pub(crate) fn hooked(hook: Option<Function<'_, Option<HookEvent>, ()>>) -> napi::Result<(Option<HookFn>, Vec<Flush>)> {
    let Some(hook) = hook else { return Ok((None, Vec::new())) };
    let function: HookFunction = hook
        .build_threadsafe_function::<Option<HookEvent>>()
        .callee_handled::<false>()
        .weak::<true>()
        .max_queue_size::<HOOK_QUEUE>()
        .build()?;
    let function = Arc::new(function);
    let tell = Arc::clone(&function);
    let hooks: HookFn = Arc::new(move |event| {
        tell.call(Some(event.clone().into()), ThreadsafeFunctionCallMode::NonBlocking);
    });
    let flush: Flush = Arc::new(move || {
        let function = Arc::clone(&function);
        Box::pin(async move {
            let _ = function.call_async(None).await;
        })
    });
    Ok((Some(hooks), vec![flush]))
}

/// A client of the Registration Authority API.
#[napi]
pub struct NativeClient {
    client: RegistrationAuthority,
    flushes: Vec<Flush>,
}

#[napi]
impl NativeClient {
    /// Reads the TLS files and makes the client. Opens no connection.
    #[napi(constructor)]
    pub fn new(config: RaConfig, hook: Option<Function<'_, Option<HookEvent>, ()>>) -> napi::Result<Self> {
        let config: videoid::config::RaConfig = config.try_into()?;
        let (hooks, flushes) = hooked(hook)?;
        let client = guarded_sync(|| match hooks {
            Some(hooks) => RegistrationAuthority::with_hooks(config, hooks),
            None => RegistrationAuthority::new(config),
        })?;
        Ok(Self { client, flushes })
    }

    /// Calls after it fail with `client_closed`; running ones go on.
    #[napi]
    pub fn close(&self) {
        self.client.close();
    }

    /// What is known of the client certificate that is shown to the API.
    #[napi]
    pub fn client_certificate(&self) -> napi::Result<Option<CertificateInfo>> {
        guarded_sync(|| Ok(self.client.client_certificate().map(Into::into)))
    }

    /// Shows another client certificate from now on. Reads the files that it names.
    #[napi]
    pub fn replace_identity<'env>(
        &self,
        env: &'env Env,
        identity: ClientIdentity,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, CertificateInfo>> {
        let identity: videoid::config::ClientIdentity = identity.try_into()?;
        let client = self.client();
        call.spawn_telling(env, self.flushes(), async move { blocking(move || client.replace_identity(&identity)).await.map(Into::into) })
    }

    /// Waits for a status of a request.
    #[napi]
    pub fn wait_for<'env>(
        &self,
        env: &'env Env,
        request_pk: i64,
        wait: WaitFor,
        inbox: Option<&NativeInbox>,
        call: &NativeCall,
    ) -> napi::Result<PromiseRaw<'env, Request>> {
        let wait: videoid::WaitFor = wait.try_into()?;
        let (client, inbox, options) = (self.client(), inbox.map(NativeInbox::inner), call.options());
        call.spawn_telling(env, self.flushes(), async move {
            client.wait_for(RequestPk(request_pk), &wait, inbox.as_ref(), &options).await.map(Into::into)
        })
    }
}

impl NativeClient {
    pub(crate) fn client(&self) -> RegistrationAuthority {
        self.client.clone()
    }

    /// What tells JavaScript of the client's calls.
    pub(crate) fn flushes(&self) -> Vec<Flush> {
        self.flushes.clone()
    }
}

/// Settings from the environment variables.
#[napi]
pub fn config_from_env() -> napi::Result<RaConfig> {
    videoid::config::RaConfig::from_env().map(Into::into).map_err(|error| to_napi(&error))
}
