//! The One-Shot client; its operations are in `generated/one_shot_operations.rs`.

use std::sync::Arc;

use crate::client::{HookListener, made};
use crate::error::VideoIdError;
use crate::generated::OneShotConfig;

/// The client of the One-Shot API. Safe to share between threads; cheap to keep.
#[derive(Debug, uniffi::Object)]
pub struct OneShot {
    core: videoid::OneShot,
}

impl OneShot {
    pub(crate) fn core(&self) -> &videoid::OneShot {
        &self.core
    }
}

#[uniffi::export]
impl OneShot {
    /// A client. Reads certificate files, and blocks for as long as that takes.
    ///
    /// Fails with a code of category `config`.
    #[uniffi::constructor(default(hooks = None))]
    pub fn new(config: OneShotConfig, hooks: Option<Arc<dyn HookListener>>) -> Result<Arc<Self>, VideoIdError> {
        let config = config.try_into()?;
        let core = made(hooks, |hooks| match hooks {
            None => videoid::OneShot::new(config),
            Some(hooks) => videoid::OneShot::with_hooks(config, hooks),
        })?;
        Ok(Arc::new(Self { core }))
    }

    /// The settings that it was made with.
    pub fn config(&self) -> OneShotConfig {
        self.core.config().clone().into()
    }

    /// Closes it: calls after it fail with `client_closed`, running ones go on. Safe to repeat.
    pub fn close_client(&self) {
        self.core.close();
    }
}

/// The settings from the environment: `VIDEOID_…`, as each field's documentation says.
///
/// Fails with `config_invalid`.
#[uniffi::export]
pub fn one_shot_config_from_env() -> Result<OneShotConfig, VideoIdError> {
    Ok(videoid::OneShotConfig::from_env()?.into())
}
