//! What happens while a call waits.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Map, Value};
use videoid::webhook::WebhookInbox;

use super::{Failure, Given, Run};
use crate::values::Args;
use crate::{Outcome, control};

/// What is done beside a call.
pub(super) struct Meanwhile {
    items: Vec<(Duration, Deed)>,
    control_url: String,
    inbox: WebhookInbox,
    relayed: Arc<AtomicUsize>,
}

enum Deed {
    Control { method: String, path: String, body: Value },
    Webhook(String),
    Relay,
}

impl Run<'_> {
    /// The scenario's inbox where the call is to have it.
    pub(super) fn wanted_inbox(&self, args: &mut Args) -> Outcome<Option<WebhookInbox>> {
        Ok(args.opt::<bool>("inbox")?.unwrap_or(false).then(|| self.inbox.clone()))
    }

    pub(super) fn meanwhile(&self, args: &mut Args) -> Outcome<Meanwhile> {
        let items: Vec<Map<String, Value>> = args.opt("meanwhile")?.unwrap_or_default();
        Ok(Meanwhile {
            items: items.into_iter().map(item).collect::<Outcome<_>>()?,
            control_url: self.sandbox.control_url(),
            inbox: self.inbox.clone(),
            relayed: Arc::clone(&self.relayed),
        })
    }
}

fn item(map: Map<String, Value>) -> Outcome<(Duration, Deed)> {
    let mut args = Args::new(map);
    let after = Duration::from_millis(args.need("after_ms")?);
    let deed = if let Some(control) = args.take("control") {
        let text = |name: &str| control[name].as_str().map(str::to_owned).ok_or_else(|| format!("a control call without {name}"));
        Deed::Control { method: text("method")?, path: text("path")?, body: control["body"].clone() }
    } else if let Some(webhook) = args.take("webhook_json") {
        Deed::Webhook(webhook.to_string())
    } else if let Some(webhook) = args.opt("webhook")? {
        Deed::Webhook(webhook)
    } else if args.need::<bool>("relay")? {
        Deed::Relay
    } else {
        return Err("nothing to be done meanwhile".to_owned());
    };
    args.finish()?;
    Ok((after, deed))
}

impl Meanwhile {
    /// The call, with this beside it. What is not done when the call ends is left out.
    pub(super) async fn beside(self, call: impl Future<Output = Result<Given, Failure>>) -> Result<Given, Failure> {
        let deeds = async {
            match self.run().await {
                Ok(()) => std::future::pending().await,
                Err(why) => Err(Failure::Runner(format!("meanwhile: {why}"))),
            }
        };
        tokio::select! {
            result = call => result,
            result = deeds => result,
        }
    }

    async fn run(&self) -> Outcome {
        for (after, deed) in &self.items {
            tokio::time::sleep(*after).await;
            match deed {
                Deed::Control { method, path, body } => drop(control::control(&self.control_url, method, path, body).await?),
                // Whether the inbox takes it is the product's matter.
                Deed::Webhook(body) => drop(self.inbox.receive(body.as_bytes())),
                Deed::Relay => self.relay().await?,
            }
        }
        Ok(())
    }

    async fn relay(&self) -> Outcome {
        let answer = control::control(&self.control_url, "GET", "/webhooks?personal=true", &Value::Null).await?;
        let list = answer["deliveries"].as_array().ok_or("no list of deliveries")?;
        let done = self.relayed.swap(list.len(), Ordering::SeqCst);
        for delivery in list.iter().skip(done) {
            let body = match &delivery["body"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            drop(self.inbox.receive(body.as_bytes()));
        }
        Ok(())
    }
}
