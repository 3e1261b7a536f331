//! What the tests of this crate begin with: a sandbox, a client for it, sound evidence.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use videoid::evidence::{Evidence, EvidenceBuilder};
use videoid::model::{Acceptance, NewRequest, OcrData, RaoCredentials, Request, SecurityChecks};
use videoid::{RaConfig, RegistrationAuthority, RequestOptions};
use videoid_sandbox::Sandbox;

use crate::{Outcome, fixture, sandboxes};

/// A sandbox with what a test needs of it.
#[derive(Debug)]
pub struct Stage {
    /// The sandbox.
    pub sandbox: Sandbox,
}

impl Stage {
    /// A sandbox with these arguments.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn start(args: &[&str]) -> Self {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { sandbox: sandboxes::start(&args).await.expect("a sandbox starts on free ports") }
    }

    /// Changes settings.
    ///
    /// # Panics
    /// Where the sandbox does not know one.
    pub fn settings(&self, settings: &Value) {
        self.sandbox.patch_settings(settings).expect("the settings are known");
    }

    /// Adds faults.
    ///
    /// # Panics
    /// Where the sandbox does not know one.
    pub fn faults(&self, faults: &Value) {
        self.sandbox.add_faults(faults).expect("the faults are known");
    }

    /// Settings of a client over plain HTTP.
    ///
    /// # Panics
    /// Never: the fields are known.
    pub fn config(&self) -> RaConfig {
        self.config_with(json!({}))
    }

    /// The same with other fields laid over it.
    ///
    /// # Panics
    /// Where a field has not the form of `RaConfig`.
    pub fn config_with(&self, over: Value) -> RaConfig {
        let mut config = json!({
            "environment": "custom", "api_url": self.sandbox.ra_url(), "upload_url": self.sandbox.upload_url(),
            "registration_authority": "121", "video_pk": "request_pk", "retry": { "base_delay_ms": 1 },
        });
        if let Value::Object(over) = over {
            for (name, value) in over {
                config[name] = value;
            }
        }
        serde_json::from_value(config).expect("the settings have the form of RaConfig")
    }

    /// A client over plain HTTP.
    ///
    /// # Panics
    /// Where the client cannot be made.
    pub fn client(&self) -> RegistrationAuthority {
        RegistrationAuthority::new(self.config()).expect("the settings are sound")
    }

    /// The officer's credentials.
    ///
    /// # Panics
    /// Never: the sandbox always tells them.
    pub fn rao(&self) -> RaoCredentials {
        serde_json::from_value(self.sandbox.ready()["rao"].clone()).expect("the sandbox tells its officer")
    }

    /// A file of the sandbox's certificates.
    pub fn pki(&self, name: &str) -> PathBuf {
        self.sandbox.pki_dir().join(name)
    }

    /// What was received of an operation.
    pub fn received(&self, operation: &str) -> Vec<Value> {
        let all = self.sandbox.received(true);
        all.as_array().into_iter().flatten().filter(|entry| entry["operation"] == operation).cloned().collect()
    }

    /// A request that waits for its evidence.
    ///
    /// # Panics
    /// Where the sandbox does not create it.
    pub async fn pending(&self, ra: &RegistrationAuthority) -> Request {
        let options = RequestOptions::new();
        let card = ra.get_first_unused_scratchcard(None, &options).await.expect("a card");
        let mut request = request();
        request.scratchcard = Some(card.sn);
        request.videoid_mode = Some(1);
        ra.create_request(&request, &options).await.expect("a request")
    }
}

/// The data of the fictitious holder.
pub fn request() -> NewRequest {
    let mut request = NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
    request.mobile_phone_number = Some("+34600000000".into());
    request.given_name = Some("ANNA MARIA".into());
    request.surname_1 = Some("ERIKSSON".into());
    request
}

/// Evidence with every part, nothing read yet.
///
/// # Panics
/// Never: the values have the form of the model.
pub fn builder() -> EvidenceBuilder {
    fn of<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).expect("the values have the form of the model")
    }
    let acceptance: Acceptance =
        of(json!({"description": "I accept", "ip": "192.0.2.17", "user-agent": "Example/1.0", "date": 1_780_000_000_000_i64}));
    let data: OcrData = of(json!({
        "given_name": "ANNA MARIA", "surname_1": "ERIKSSON", "serial_number": "X123456781234", "mobile_phone_number": "+34600000000",
        "email": "anna@example.com", "id_document_type": "IDC",
    }));
    let checks: SecurityChecks =
        of(json!({"otp_validation": true, "liveliness": {"passed": true, "provenance": "attested", "by": "example"}}));
    EvidenceBuilder::new()
        .document_front(fixture("specimen/document_front.jpg"))
        .document_rear(fixture("specimen/document_rear.jpg"))
        .document_owner(fixture("specimen/document_owner.jpg"))
        .acceptance(acceptance)
        .ocr_data(data)
        .security_checks(checks)
        .similarity_level(87)
}

/// Whole evidence.
///
/// # Panics
/// Where a fixture is missing.
pub fn evidence() -> Evidence {
    builder().build().expect("the specimen is sound")
}

/// Writes a file of the kind and size, and gives its path.
///
/// # Errors
/// What writing gives.
pub fn generated(folder: &Path, name: &str, bytes: u64) -> Outcome<PathBuf> {
    let path = folder.join(name);
    let written = if path.extension().is_some_and(|e| e == "mp4") {
        crate::files::write_mp4(&path, bytes)
    } else {
        crate::files::write_jpeg(&path, bytes)
    };
    written.map(|()| path).map_err(|e| e.to_string())
}
