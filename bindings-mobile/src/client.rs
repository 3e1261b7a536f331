//! The Registration Authority client; its operations are in `generated/operations.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use videoid::{Error, ErrorCode};

use crate::error::VideoIdError;
use crate::generated::{HookEvent, RaConfig};
use crate::guard;

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
        let _inside = guard::runtime()?.enter();
        let made = catch_unwind(AssertUnwindSafe(|| match hooks {
            None => videoid::RegistrationAuthority::new(config),
            Some(listener) => videoid::RegistrationAuthority::with_hooks(
                config,
                Arc::new(move |event: &videoid::HookEvent| {
                    // A listener that throws must not end the call.
                    let _ = catch_unwind(AssertUnwindSafe(|| listener.on_event(event.clone().into())));
                }),
            ),
        }));
        let core = made.unwrap_or_else(|_| Err(Error::new(ErrorCode::Internal, "a defect of the library: it panicked")))?;
        Ok(Arc::new(Self { core }))
    }

    /// The settings that it was made with.
    pub fn config(&self) -> RaConfig {
        self.core.config().clone().into()
    }

    /// Closes it: calls after it fail with `client_closed`, running ones go on. Safe to repeat.
    pub fn close_client(&self) {
        self.core.close();
    }
}

/// Is told of attempts, repetitions and outcomes, on a thread of the library's. It should return soon. Nothing personal is in
/// an event.
#[uniffi::export(with_foreign)]
pub trait HookListener: Send + Sync {
    /// One event.
    fn on_event(&self, event: HookEvent);
}
