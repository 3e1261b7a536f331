//! The client. Its operations are generated.

use std::sync::Arc;

use napi::Status;
use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use videoid::{HookFn, RegistrationAuthority};

use crate::error::{guarded_sync, to_napi};
use crate::generated::{HookEvent, RaConfig};

/// How many hook events wait at most; when JavaScript does not keep up, later ones are dropped.
const HOOK_QUEUE: usize = 4096;

type HookFunction = ThreadsafeFunction<HookEvent, (), HookEvent, Status, false, true, HOOK_QUEUE>;

/// A client of the Registration Authority API.
#[napi]
pub struct NativeClient {
    client: RegistrationAuthority,
}

#[napi]
impl NativeClient {
    /// Reads the TLS files and makes the client. Opens no connection.
    #[napi(constructor)]
    pub fn new(config: RaConfig, hook: Option<Function<'_, HookEvent, ()>>) -> napi::Result<Self> {
        let config: videoid::config::RaConfig = config.try_into()?;
        let hook = hook.map(|hook| -> napi::Result<HookFn> {
            let function: HookFunction = hook
                .build_threadsafe_function::<HookEvent>()
                .callee_handled::<false>()
                .weak::<true>()
                .max_queue_size::<HOOK_QUEUE>()
                .build()?;
            Ok(Arc::new(move |event| {
                function.call(event.clone().into(), ThreadsafeFunctionCallMode::NonBlocking);
            }))
        });
        let hook = hook.transpose()?;
        let client = guarded_sync(|| match hook {
            Some(hook) => RegistrationAuthority::with_hooks(config, hook),
            None => RegistrationAuthority::new(config),
        })?;
        Ok(Self { client })
    }

    /// Calls after it fail with `client_closed`; running ones go on.
    #[napi]
    pub fn close(&self) {
        self.client.close();
    }
}

impl NativeClient {
    pub(crate) fn client(&self) -> RegistrationAuthority {
        self.client.clone()
    }
}

/// Settings from the environment variables.
#[napi]
pub fn config_from_env() -> napi::Result<RaConfig> {
    videoid::config::RaConfig::from_env().map(Into::into).map_err(|error| to_napi(&error))
}
