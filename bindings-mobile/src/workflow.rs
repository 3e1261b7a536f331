//! The External VideoID workflow.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use videoid::workflow::StoreFn;
use videoid::{Error, ErrorCode};

use crate::client::RegistrationAuthority;
use crate::error::VideoIdError;
use crate::evidence::Evidence;
use crate::generated::{NewRequest, OfficerOutcome, RaoCredentials, Submission, WorkflowEvent};
use crate::guard;
use crate::options::CallOptions;
use crate::source::Source;

/// One External VideoID on the RA API, from the scratchcard to ENROLLREADY.
///
/// After an error the same step may be called again: it looks at the service first and goes on from there. To go on in another
/// process keep `state()` and give it to `resume`, with the same request, evidence and video.
#[derive(uniffi::Object)]
pub struct ExternalVideoId {
    core: videoid::workflow::ExternalVideoId,
}

#[uniffi::export]
impl ExternalVideoId {
    /// A new workflow. `store` keeps its state, `events` is told what it does.
    #[uniffi::constructor(default(store = None, events = None))]
    pub fn new(ra: Arc<RegistrationAuthority>, store: Option<Arc<dyn StateStore>>, events: Option<Arc<dyn EventListener>>) -> Arc<Self> {
        Self::with(videoid::workflow::ExternalVideoId::new(ra.core().clone()), store, events)
    }

    /// A workflow from the state that was kept.
    ///
    /// Fails with `format_unsupported`, or `field_invalid` for what is no state.
    #[uniffi::constructor(default(store = None, events = None))]
    pub fn resume(
        ra: Arc<RegistrationAuthority>,
        state: String,
        store: Option<Arc<dyn StateStore>>,
        events: Option<Arc<dyn EventListener>>,
    ) -> Result<Arc<Self>, VideoIdError> {
        Ok(Self::with(videoid::workflow::ExternalVideoId::resume(ra.core().clone(), &state)?, store, events))
    }

    /// The state as JSON: ids, step and digests; no evidence, no credentials.
    pub fn state(&self) -> String {
        self.core.state()
    }

    /// Takes a card, creates the request, uploads evidence and video and reads the status, up to VIDEOREVIEW. May be called
    /// again after an error: what was done is not done twice.
    #[uniffi::method(default(options = None))]
    pub async fn submit(
        &self,
        request: NewRequest,
        evidence: Arc<Evidence>,
        video: Arc<Source>,
        options: Option<CallOptions>,
    ) -> Result<Submission, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let request = request.try_into()?;
        guard::run(async move { core.submit(&request, evidence.core(), video.core(), &options).await.map(Into::into) }).await
    }

    /// Validates the identification and reads the status back. Where it is CREATED then (2-step mode), declaration and contract
    /// are fetched; where it is ENROLLREADY nothing is left to do. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn validate(&self, rao: RaoCredentials, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { core.validate(&rao, &options).await.map(Into::into) }).await
    }

    /// Approves the request, after validating it where that is still to do, and reads the status back. May be called again after
    /// an error.
    #[uniffi::method(default(options = None))]
    pub async fn approve(&self, rao: RaoCredentials, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { core.approve(&rao, &options).await.map(Into::into) }).await
    }

    /// Refuses the identification with a reason and reads the status back. May be called again after an error.
    #[uniffi::method(default(options = None))]
    pub async fn refuse(&self, rao: RaoCredentials, reason: String, options: Option<CallOptions>) -> Result<OfficerOutcome, VideoIdError> {
        let (core, options) = (self.core.clone(), CallOptions::for_core(options));
        let rao = rao.try_into()?;
        guard::run(async move { core.refuse(&rao, &reason, &options).await.map(Into::into) }).await
    }
}

impl ExternalVideoId {
    fn with(
        mut core: videoid::workflow::ExternalVideoId,
        store: Option<Arc<dyn StateStore>>,
        events: Option<Arc<dyn EventListener>>,
    ) -> Arc<Self> {
        if let Some(store) = store {
            core = core.with_store(store_fn(store));
        }
        if let Some(listener) = events {
            core = core.with_events(Arc::new(move |event| {
                // A listener that throws must not end the workflow.
                let _ = catch_unwind(AssertUnwindSafe(|| listener.on_event(event.clone().into())));
            }));
        }
        Arc::new(Self { core })
    }
}

impl fmt::Debug for ExternalVideoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalVideoId").finish_non_exhaustive()
    }
}

/// Calls the store on a thread for blocking work: it may write to a disk or a database.
fn store_fn(store: Arc<dyn StateStore>) -> StoreFn {
    Arc::new(move |state| {
        let store = Arc::clone(&store);
        Box::pin(async move {
            let failed =
                || Error::new(ErrorCode::FileNotWritten, "the store did not keep the workflow's state; the next call was not made");
            let kept = tokio::task::spawn_blocking(move || store.save(state)).await;
            kept.map_err(|_| failed())?.map_err(|_| failed())
        })
    })
}

/// Keeps a workflow's state. Called on a thread of the library's before and after each call that changes something; the workflow
/// waits for it, and stops where it fails.
#[uniffi::export(with_foreign)]
pub trait StateStore: Send + Sync {
    /// Keeps the state, in place of what was kept before.
    fn save(&self, state: String) -> Result<(), StoreError>;
}

/// A store could not keep the state.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Error)]
#[uniffi::export(Display)]
pub enum StoreError {
    /// It could not.
    NotKept,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the state could not be kept")
    }
}

impl std::error::Error for StoreError {}

impl From<uniffi::UnexpectedUniFFICallbackError> for StoreError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::NotKept
    }
}

/// Is told what a workflow does, on a thread of the library's. It should return soon.
#[uniffi::export(with_foreign)]
pub trait EventListener: Send + Sync {
    /// One event. Nothing personal is in it.
    fn on_event(&self, event: WorkflowEvent);
}
