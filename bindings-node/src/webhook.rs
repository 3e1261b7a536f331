//! Webhooks: reading them, and the inbox that wakes those who wait.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use videoid::webhook::{self, WebhookInbox};

use crate::error::guarded_sync;
use crate::generated::Webhook;

/// Reads a webhook. Its size is bounded by the core, so that the event loop has little to do.
#[napi]
pub fn parse_webhook(body: Buffer) -> napi::Result<Webhook> {
    guarded_sync(|| webhook::parse_webhook(&body).map(Into::into))
}

/// Where webhooks are put and waits look for them.
#[napi]
pub struct NativeInbox {
    inbox: WebhookInbox,
}

#[napi]
impl NativeInbox {
    #[napi(constructor)]
    pub fn new() -> Self {
        Self { inbox: WebhookInbox::new() }
    }

    /// Reads a webhook and wakes those who wait for its request.
    #[napi]
    pub fn receive(&self, body: Buffer) -> napi::Result<Webhook> {
        guarded_sync(|| self.inbox.receive(&body).map(Into::into))
    }
}

impl NativeInbox {
    pub(crate) fn inner(&self) -> WebhookInbox {
        self.inbox.clone()
    }
}
