//! Lists that are read page by page while Python iterates.

use std::mem;
use std::sync::Arc;

use futures_util::StreamExt as _;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use tokio::sync::Mutex;
use videoid::model::{Request, RequestFilter, Scratchcard, ScratchcardFilter};
use videoid::ra::Listing;

use crate::call::{Arguments, Call, Options};
use crate::client::Client;
use crate::convert::{FromPy, ToPy};
use crate::runtime;

/// A list of the core. Dropping it ends a page that is being read.
struct Pages<T> {
    listing: Arc<Mutex<Listing<T>>>,
    generation: u32,
}

impl<T: ToPy + Send + 'static> Pages<T> {
    fn new(listing: Listing<T>) -> Self {
        Self { listing: Arc::new(Mutex::new(listing)), generation: runtime::generation() }
    }

    /// The next item, or `None` at the end.
    fn next<'py>(&self, py: Python<'py>, call: Call) -> PyResult<Bound<'py, PyAny>> {
        if self.generation != runtime::generation() {
            return Err(PyRuntimeError::new_err("the list was begun before a fork: begin it anew in the child"));
        }
        let listing = Arc::clone(&self.listing);
        call.run(py, move |_| async move { Ok(listing.lock().await.next().await.transpose()?) })
    }
}

impl<T> Drop for Pages<T> {
    fn drop(&mut self) {
        if self.generation != runtime::generation() {
            // Its connections are the parent's: see `client`.
            mem::forget(Arc::clone(&self.listing));
        }
    }
}

/// The class of one kind of list.
macro_rules! class {
    ($name:ident, $item:ty, $filter:ty, $method:ident) => {
        /// A list that is read page by page.
        #[pyclass(frozen, module = "videoid._native")]
        pub(crate) struct $name(Pages<$item>);

        #[pymethods]
        impl $name {
            #[new]
            fn new(py: Python<'_>, client: &Client, filter: &Bound<'_, PyAny>, options: Options<'_>) -> PyResult<Self> {
                let filter = <Option<$filter>>::from_py(filter, "filter")?.unwrap_or_default();
                let options = Arguments::new(&options)?.plain();
                Ok(Self(Pages::new(client.ra(py)?.$method(&filter, &options))))
            }

            /// The next item, or `None` at the end.
            fn next<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.0.next(py, Call::sync(Arguments::default()))
            }

            /// The next item, or `None` at the end.
            fn next_async<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.0.next(py, Call::asyncio(py, Arguments::default())?)
            }
        }
    };
}

class!(Requests, Request, RequestFilter, requests);
class!(Scratchcards, Scratchcard, ScratchcardFilter, scratchcards);

/// Registers the classes of this file.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Requests>()?;
    module.add_class::<Scratchcards>()
}
