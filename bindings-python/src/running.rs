//! What the native halves of all workflows share: the store, the listener, and life after a fork.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use videoid::workflow::{EventFn, StoreFn};

use crate::call::{Arguments, Call, Options};
use crate::callbacks::{callable, keep, tell};
use crate::convert::wrong_type;
use crate::{errors, runtime};

/// A workflow of the core, whichever of an API it is.
pub(crate) trait Flows: Clone + Send {
    /// The client that it runs against.
    type Client;

    /// A new one by its name, or one that goes on from a state. `None` for a name that is none.
    fn named(name: &str, client: Self::Client, state: Option<&str>) -> Option<videoid::Result<Self>>;

    /// The names.
    fn names() -> String;

    /// The same workflow against another client.
    fn again(&self, client: Self::Client) -> videoid::Result<Self>;

    /// The state as JSON.
    fn state(&self) -> String;

    /// The same workflow with a place to keep its state.
    fn with_store(self, store: StoreFn) -> Self;

    /// The same workflow with a listener.
    fn with_events(self, events: EventFn) -> Self;
}

/// Implements [`Flows`] for an enum with a variant for each workflow.
macro_rules! flows {
    ($flows:ident, $client:ty, { $($name:literal => $kind:ident($flow:ty)),+ $(,)? }) => {
        impl $crate::running::Flows for $flows {
            type Client = $client;

            fn named(name: &str, client: $client, state: Option<&str>) -> Option<videoid::Result<Self>> {
                match (name, state) {
                    $(
                        ($name, None) => Some(Ok(Self::$kind(<$flow>::new(client)))),
                        ($name, Some(state)) => Some(<$flow>::resume(client, state).map(Self::$kind)),
                    )+
                    _ => None,
                }
            }

            fn names() -> String {
                [$($name),+].join(", ")
            }

            fn again(&self, client: $client) -> videoid::Result<Self> {
                match self {
                    $(Self::$kind(flow) => <$flow>::resume(client, &flow.state()).map(Self::$kind)),+
                }
            }

            fn state(&self) -> String {
                match self {
                    $(Self::$kind(flow) => flow.state()),+
                }
            }

            fn with_store(self, store: videoid::workflow::StoreFn) -> Self {
                match self {
                    $(Self::$kind(flow) => Self::$kind(flow.with_store(store))),+
                }
            }

            fn with_events(self, events: videoid::workflow::EventFn) -> Self {
                match self {
                    $(Self::$kind(flow) => Self::$kind(flow.with_events(events))),+
                }
            }
        }
    };
}
pub(crate) use flows;

/// A workflow and the process that it belongs to.
pub(crate) struct Running<F> {
    /// The workflow and the generation of the process that made it, as in [`crate::held::Held`].
    current: Mutex<(u32, F)>,
    store: Option<Arc<Py<PyAny>>>,
    events: Option<Arc<Py<PyAny>>>,
}

impl<F: Flows> Running<F> {
    pub(crate) fn new(
        py: Python<'_>,
        client: F::Client,
        name: &str,
        state: Option<&str>,
        (store, on_event): (Option<Bound<'_, PyAny>>, Option<Bound<'_, PyAny>>),
    ) -> PyResult<Self> {
        let (store, events) = (callable(store, "store")?, callable(on_event, "on_event")?);
        let made = F::named(name, client, state).ok_or_else(|| wrong_type("flow", &format!("one of {}", F::names())))?;
        let made = with_callbacks(made.map_err(|e| errors::to_py(py, &e))?, store.as_ref(), events.as_ref());
        Ok(Self { current: Mutex::new((runtime::generation(), made)), store, events })
    }

    /// The workflow of this process, against the client that is asked for where it has to be made anew.
    pub(crate) fn flow(&self, py: Python<'_>, client: impl FnOnce() -> PyResult<F::Client>) -> PyResult<F> {
        let (generation, flow) = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = runtime::generation();
        if generation == now {
            return Ok(flow);
        }
        let fresh = flow.again(client()?).map_err(|e| errors::to_py(py, &e))?;
        let fresh = with_callbacks(fresh, self.store.as_ref(), self.events.as_ref());
        let old = mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), (now, fresh.clone()));
        // They hold connections of the parent: see `held`.
        mem::forget((flow, old));
        Ok(fresh)
    }
}

fn with_callbacks<F: Flows>(flow: F, store: Option<&Arc<Py<PyAny>>>, events: Option<&Arc<Py<PyAny>>>) -> F {
    let flow = match store {
        Some(store) => flow.with_store(keep(Arc::clone(store))),
        None => flow,
    };
    match events {
        Some(events) => flow.with_events(tell(Arc::clone(events))),
        None => flow,
    }
}

/// A call in the calling thread.
pub(crate) fn sync(options: &Options<'_>) -> PyResult<Call> {
    Ok(Call::sync(Arguments::new(options)?))
}

/// A call that the running loop awaits.
pub(crate) fn asyncio(py: Python<'_>, options: &Options<'_>) -> PyResult<Call> {
    Call::asyncio(py, Arguments::new(options)?)
}
