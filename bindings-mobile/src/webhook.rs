//! Webhooks: their bodies, and the inbox that wakes those who wait.

#[cfg(feature = "full")]
use std::sync::Arc;

use crate::error::VideoIdError;
use crate::generated::Webhook;

/// Reads the body of a webhook, at most 64 KiB. Nothing is signed, so what it claims counts once a GET of the request shows it.
///
/// Fails with `webhook_invalid`.
#[uniffi::export]
pub fn parse_webhook(body: Vec<u8>) -> Result<Webhook, VideoIdError> {
    Ok(videoid::webhook::parse_webhook(&body)?.into())
}

/// Where a web server puts the webhooks that it receives, and where a wait looks for them. One is enough for a program; it keeps
/// no webhook and does not grow with what is received.
#[cfg(feature = "full")]
#[derive(Debug, uniffi::Object)]
pub struct WebhookInbox {
    core: videoid::webhook::WebhookInbox,
}

#[cfg(feature = "full")]
impl WebhookInbox {
    pub(crate) fn core(&self) -> &videoid::webhook::WebhookInbox {
        &self.core
    }
}

#[cfg(feature = "full")]
#[uniffi::export]
impl WebhookInbox {
    /// An inbox that nobody waits at.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { core: videoid::webhook::WebhookInbox::new() })
    }

    /// Takes the body of a webhook and wakes those who wait for its request. Safe to repeat, to forge and to mix up.
    ///
    /// Fails with `webhook_invalid`; nobody is woken then.
    pub fn receive(&self, body: Vec<u8>) -> Result<Webhook, VideoIdError> {
        Ok(self.core.receive(&body)?.into())
    }
}
