//! Lists that are read page by page while JavaScript iterates over them.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use napi::Env;
use napi::bindgen_prelude::{PromiseRaw, ToNapiValue};
use napi_derive::napi;
use tokio::sync::Mutex;
use videoid::ra::Listing;

use crate::call::{Flush, NativeCall};
use crate::client::NativeClient;
use crate::generated::{Request, RequestFilter, Scratchcard, ScratchcardFilter};

/// One pass through a list. All its pages are read with the options of one call.
struct Pages<T> {
    items: Arc<Mutex<Listing<T>>>,
    flushes: Vec<Flush>,
}

impl<T: Send + 'static> Pages<T> {
    fn new(client: &NativeClient, items: Listing<T>) -> Self {
        Self { items: Arc::new(Mutex::new(items)), flushes: client.flushes() }
    }

    fn next<'env, M>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, Option<M>>>
    where
        M: From<T> + ToNapiValue + Send + 'static,
    {
        let items = Arc::clone(&self.items);
        call.spawn_telling(env, self.flushes.clone(), async move { Ok(items.lock().await.try_next().await?.map(M::from)) })
    }
}

/// The requests that match a filter.
#[napi]
pub struct NativeRequests {
    pages: Pages<videoid::model::Request>,
}

#[napi]
impl NativeRequests {
    #[napi(constructor)]
    pub fn new(client: &NativeClient, filter: RequestFilter, call: &NativeCall) -> napi::Result<Self> {
        let filter: videoid::model::RequestFilter = filter.try_into()?;
        Ok(Self { pages: Pages::new(client, client.client().requests(&filter, &call.options())) })
    }

    /// The next one; nothing after the last.
    #[napi]
    pub fn next<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, Option<Request>>> {
        self.pages.next(env, call)
    }
}

/// The scratchcards that match a filter.
#[napi]
pub struct NativeScratchcards {
    pages: Pages<videoid::model::Scratchcard>,
}

#[napi]
impl NativeScratchcards {
    #[napi(constructor)]
    pub fn new(client: &NativeClient, filter: ScratchcardFilter, call: &NativeCall) -> napi::Result<Self> {
        let filter: videoid::model::ScratchcardFilter = filter.try_into()?;
        Ok(Self { pages: Pages::new(client, client.client().scratchcards(&filter, &call.options())) })
    }

    /// The next one; nothing after the last.
    #[napi]
    pub fn next<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, Option<Scratchcard>>> {
        self.pages.next(env, call)
    }
}
