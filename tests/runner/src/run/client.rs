//! The client that a scenario describes.

use std::sync::Arc;

use serde_json::{Value, json};
use videoid::config::ClientIdentity;
use videoid::{RaConfig, RegistrationAuthority};

use super::{Failure, Run};
use crate::Outcome;

impl Run<'_> {
    fn config(&self) -> Outcome<RaConfig> {
        let unreachable = match self.setup.url.as_deref() {
            None | Some("sandbox") => false,
            Some("unreachable") => true,
            Some(other) => return Err(format!("addresses that the runner does not know: {other}")),
        };
        let (api, upload) = if unreachable {
            ("http://127.0.0.1:1/api/v1".to_owned(), "http://127.0.0.1:1".to_owned())
        } else {
            (self.sandbox.ra_url(), self.sandbox.upload_url())
        };
        let mut config = json!({
            "environment": "custom", "api_url": api, "upload_url": upload,
            "registration_authority": self.saved["ra"], "video_pk": "request_pk",
        });
        if self.tls {
            let (api, upload) = self.tls()?;
            config["tls"] = api;
            config["upload_tls"] = upload;
        }
        for (name, value) in &self.setup.config {
            config[name.as_str()] = value.clone();
        }
        serde_json::from_value(config).map_err(|e| format!("the settings: {e}"))
    }

    pub(super) fn tls(&self) -> Outcome<(Value, Value)> {
        let root = match self.setup.trust.as_deref() {
            None | Some("sandbox") => self.pki("ca.pem"),
            Some("foreign") => self.pki("foreign-ca.pem"),
            Some(other) => return Err(format!("a root that the runner does not know: {other}")),
        };
        let bare = json!({ "ca_file": root, "ca_only": true });
        let mut full = bare.clone();
        if let Some(identity) = self.identity(self.setup.identity.as_deref().unwrap_or("client"))? {
            full["identity"] = identity;
        }
        let upload = if self.setup.upload_identity.unwrap_or(self.upload_mutual_tls) { full.clone() } else { bare };
        Ok((full, upload))
    }

    fn pki(&self, name: &str) -> Value {
        json!(self.sandbox.pki_dir().join(name))
    }

    /// Certificate and key of that name, in the JSON of `ClientIdentity`.
    fn identity(&self, name: &str) -> Outcome<Option<Value>> {
        let (certificate, key, password) = match name {
            "client" => ("client.pem", "client.key", None),
            "expired" => ("client-expired.pem", "client-expired.key", None),
            "foreign" => ("client-foreign.pem", "client-foreign.key", None),
            "encrypted" => ("client.pem", "client-encrypted.key", Some("sandbox")),
            "key_mismatch" => ("client.pem", "other.key", None),
            "none" => return Ok(None),
            other => return Err(format!("an identity that the runner does not know: {other}")),
        };
        Ok(Some(json!({ "certificate_file": self.pki(certificate), "key_file": self.pki(key), "password": password })))
    }

    /// As [`identity`](Self::identity), as the product takes it.
    pub(super) fn client_identity(&self, name: &str) -> Outcome<ClientIdentity> {
        let value = self.identity(name)?.ok_or("an identity is needed")?;
        serde_json::from_value(value).map_err(|e| format!("the identity: {e}"))
    }

    pub(super) fn make_client(&mut self) -> Result<RegistrationAuthority, Failure> {
        let config = self.config()?;
        self.pool.show(|| format!("{config:?}"));
        let ra = match self.pool.witness().cloned() {
            None => RegistrationAuthority::new(config)?,
            Some(witness) => RegistrationAuthority::with_hooks(
                config,
                Arc::new(move |event| witness(format!("{event:?} {}", serde_json::to_string(event).unwrap_or_default()))),
            )?,
        };
        self.pool.show(|| format!("{ra:?}"));
        self.ra = Some(ra.clone());
        Ok(ra)
    }

    pub(super) fn ra(&mut self) -> Result<RegistrationAuthority, Failure> {
        match &self.ra {
            Some(ra) => Ok(ra.clone()),
            None => self.make_client(),
        }
    }
}
