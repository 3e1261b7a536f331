//! Lists of the service page by page, one item after the other. The core reads the pages and never follows the address of a next one.

use std::fmt;
use std::sync::Arc;

use futures_util::StreamExt as _;
use tokio::sync::Mutex;
use videoid::ra::Listing;

use crate::client::RegistrationAuthority;
use crate::error::VideoIdError;
use crate::generated::{Request, RequestFilter, Scratchcard, ScratchcardFilter};
use crate::guard;
use crate::options::CallOptions;

#[uniffi::export]
impl RegistrationAuthority {
    /// All requests that match, from the filter's page on. Nothing is asked for before the first `next`.
    #[uniffi::method(default(options = None))]
    pub fn requests(&self, filter: RequestFilter, options: Option<CallOptions>) -> Result<Arc<RequestListing>, VideoIdError> {
        let items = self.core().requests(&filter.try_into()?, &CallOptions::for_core(options));
        Ok(Arc::new(RequestListing { items: Arc::new(Mutex::new(items)) }))
    }

    /// All scratchcards that match, from the filter's page on. Nothing is asked for before the first `next`.
    #[uniffi::method(default(options = None))]
    pub fn scratchcards(&self, filter: ScratchcardFilter, options: Option<CallOptions>) -> Result<Arc<ScratchcardListing>, VideoIdError> {
        let items = self.core().scratchcards(&filter.try_into()?, &CallOptions::for_core(options));
        Ok(Arc::new(ScratchcardListing { items: Arc::new(Mutex::new(items)) }))
    }
}

macro_rules! listing {
    ($(#[$docs:meta])* $name:ident, $item:ident) => {
        $(#[$docs])*
        #[derive(uniffi::Object)]
        pub struct $name {
            items: Arc<Mutex<Listing<videoid::model::$item>>>,
        }

        #[uniffi::export]
        impl $name {
            /// The next item, or nothing at the end. Reads a page where one is needed; ends after its first error.
            pub async fn next(&self) -> Result<Option<$item>, VideoIdError> {
                let items = Arc::clone(&self.items);
                guard::run(async move { items.lock().await.next().await.transpose() }).await.map(|item| item.map(Into::into))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

listing!(
    /// Requests, one after the other.
    RequestListing, Request
);
listing!(
    /// Scratchcards, one after the other.
    ScratchcardListing, Scratchcard
);
