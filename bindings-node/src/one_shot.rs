//! The client of the One-Shot API. Its operations are generated.

use napi::bindgen_prelude::Function;
use napi_derive::napi;
use videoid::OneShot;

use crate::call::Flush;
use crate::client::hooked;
use crate::error::{guarded_sync, to_napi};
use crate::generated::{HookEvent, OneShotConfig};

/// A client of the One-Shot API.
#[napi]
pub struct NativeOneShot {
    client: OneShot,
    flushes: Vec<Flush>,
}

#[napi]
impl NativeOneShot {
    /// Reads the TLS files and makes the client. Opens no connection.
    #[napi(constructor)]
    pub fn new(config: OneShotConfig, hook: Option<Function<'_, Option<HookEvent>, ()>>) -> napi::Result<Self> {
        let config: videoid::config::OneShotConfig = config.try_into()?;
        let (hooks, flushes) = hooked(hook)?;
        let client = guarded_sync(|| match hooks {
            Some(hooks) => OneShot::with_hooks(config, hooks),
            None => OneShot::new(config),
        })?;
        Ok(Self { client, flushes })
    }

    /// Calls after it fail with `client_closed`; running ones go on.
    #[napi]
    pub fn close(&self) {
        self.client.close();
    }
}

impl NativeOneShot {
    pub(crate) fn client(&self) -> OneShot {
        self.client.clone()
    }

    /// What tells JavaScript of the client's calls.
    pub(crate) fn flushes(&self) -> Vec<Flush> {
        self.flushes.clone()
    }
}

/// Settings of the One-Shot API from the environment variables.
#[napi]
pub fn one_shot_config_from_env() -> napi::Result<OneShotConfig> {
    videoid::config::OneShotConfig::from_env().map(Into::into).map_err(|error| to_napi(&error))
}
