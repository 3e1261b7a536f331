//! Where bytes come from.

use bytes::Bytes;
use napi::Env;
use napi::bindgen_prelude::{Buffer, Function, PromiseRaw, Uint8Array};
use napi_derive::napi;
use videoid::{Source, SourceSender};

use crate::call::NativeCall;
use crate::reopened::{self, NativeFeed};

/// A path, bytes, or a stream that JavaScript pushes.
#[napi]
pub struct NativeSource {
    source: Source,
    sender: Option<SourceSender>,
}

#[napi]
impl NativeSource {
    /// A file.
    #[napi(factory)]
    pub fn path(path: String) -> Self {
        Self { source: Source::path(path), sender: None }
    }

    /// Bytes. Without `copy` they stay where JavaScript has them, held until the source is dropped.
    ///
    /// Memory of a worker thread is gone when the worker is terminated, whoever still reads it: workers ask for a copy.
    #[napi(factory)]
    pub fn bytes(bytes: Buffer, copy: bool) -> Self {
        let bytes = if copy { Bytes::copy_from_slice(&bytes) } else { Bytes::from_owner(bytes) };
        Self { source: Source::bytes(bytes), sender: None }
    }

    /// A stream of that many bytes, to be pushed.
    #[napi(factory)]
    pub fn channel(length: i64) -> Self {
        let (sender, source) = Source::channel(u64::try_from(length).unwrap_or(0));
        Self { source, sender: Some(sender) }
    }

    /// Something of that many bytes that `open` is called for each time it is read: it pushes what it reads into what it is given.
    #[napi(factory)]
    pub fn reopened(length: i64, open: Function<'_, NativeFeed, ()>) -> napi::Result<Self> {
        Ok(Self { source: reopened::source(u64::try_from(length).unwrap_or(0), &open)?, sender: None })
    }

    /// Hands over a chunk; the promise is settled once there is room for the next. `false`: nobody reads any more.
    #[napi]
    pub fn push<'env>(&self, env: &'env Env, chunk: Uint8Array) -> napi::Result<PromiseRaw<'env, bool>> {
        let sender = self.sender.clone();
        let chunk = Bytes::copy_from_slice(&chunk);
        env.spawn_future(async move {
            match sender {
                Some(sender) => Ok(sender.push(chunk).await.is_ok()),
                None => Ok(false),
            }
        })
    }

    /// Says that no more comes.
    #[napi]
    pub fn finish(&self) {
        if let Some(sender) = &self.sender {
            sender.finish();
        }
    }

    /// Length in bytes; reads the metadata of a file.
    #[napi]
    pub fn length<'env>(&self, env: &'env Env, call: &NativeCall) -> napi::Result<PromiseRaw<'env, i64>> {
        let source = self.inner();
        call.spawn(env, crate::error::blocking(move || source.len().map(|len| i64::try_from(len).unwrap_or(i64::MAX))))
    }
}

impl NativeSource {
    pub(crate) fn from_core(source: Source) -> Self {
        Self { source, sender: None }
    }

    pub(crate) fn inner(&self) -> Source {
        self.source.clone()
    }
}
