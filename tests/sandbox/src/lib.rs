//! A stateful local stand-in for the Registration Authority API with its upload host, and for the One-Shot API.
//!
//! It is a server, not a list of canned answers: scratchcards run out, requests go through their
//! statuses, images and videos are really decoded and checked, and wrong input gets the vendor's own
//! error bodies. It is written from the vendor's documents and shares no code with the client that it tests.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use videoid_sandbox::{Sandbox, SandboxOptions};
//!
//! let sandbox = Sandbox::start(SandboxOptions::default()).await?;
//! assert!(sandbox.ra_url().ends_with("/api/v1"));
//! sandbox.patch_settings(&serde_json::json!({"validation_steps": 1}))?;
//! assert_eq!(sandbox.received(false), serde_json::json!([]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```
//!
//! The same is a program, `videoid-sandbox`; its flags, its control API, the settings and the faults are in README.md.

mod app;
mod clock;
mod control;
mod evidence;
mod faults;
mod files;
mod incoming;
mod json;
mod media;
mod one_shot;
mod options;
mod pki;
mod ra;
mod received;
mod reply;
mod routes;
mod server;
mod service;
mod settings;
mod state;
mod upload;
mod webhook;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::routes::Host;
use crate::server::Role;

pub use control::ControlError;
pub use options::SandboxOptions;
#[doc(hidden)]
pub use options::{Command, HELP, parse};

/// A running sandbox. Dropped, it stops, closes its connections and removes its temporary files.
#[derive(Debug)]
pub struct Sandbox {
    app: Arc<App>,
    tasks: Vec<JoinHandle<()>>,
    ra: SocketAddr,
    upload: SocketAddr,
    control: SocketAddr,
    one_shot: SocketAddr,
    tls: bool,
    pki_dir: PathBuf,
    // Held for its removal.
    _temporary: TempDir,
}

impl Sandbox {
    /// Starts a sandbox on the current tokio runtime.
    ///
    /// # Errors
    /// A port that is taken, a folder that cannot be written, a state file that cannot be read.
    pub async fn start(options: SandboxOptions) -> io::Result<Self> {
        let temporary = tempfile::Builder::new().prefix("videoid-sandbox-").tempdir()?;
        let pki_dir = options.pki_dir.clone().unwrap_or_else(|| temporary.path().join("pki"));
        let pki = pki::Pki::make(&pki_dir, options.expired_server_cert)?;
        let tls = options.tls || options.mutual_tls || options.upload_mutual_tls || options.expired_server_cert || options.http2;
        let config =
            |ask_client| -> io::Result<_> { Ok(if tls { Some(Arc::new(pki.server_config(ask_client, options.http2)?)) } else { None }) };
        let (ra_tls, upload_tls) = (config(options.mutual_tls)?, config(options.upload_mutual_tls)?);
        let folder = options.state_dir.clone().unwrap_or_else(|| temporary.path().to_owned()).join("uploads");
        let app = Arc::new(App::open(&folder, options.state_dir.as_deref(), options.cards, options.discard_uploads)?);
        let (ra_listener, ra) = server::bind(options.ra_port).await?;
        let (upload_listener, upload) = server::bind(options.upload_port).await?;
        let (control_listener, control) = server::bind(options.control_port).await?;
        let (one_shot_listener, one_shot) = server::bind(options.one_shot_port).await?;
        std::fs::write(pki_dir.join("signing-ca.pem"), app.one_shot.signing_ca())?;
        let scheme = if tls { "https" } else { "http" };
        app.origin.get_or_init(|| format!("{scheme}://{ra}"));
        let run = |listener, role| tokio::spawn(server::run(listener, Arc::clone(&app), role));
        let tasks = vec![
            run(ra_listener, Role::Service(Host::Ra, ra_tls)),
            run(upload_listener, Role::Service(Host::Upload, upload_tls)),
            run(control_listener, Role::Control),
            run(one_shot_listener, Role::Service(Host::OneShot, config(false)?)),
            tokio::spawn(one_shot::callback::run(Arc::clone(&app))),
            tokio::spawn(webhook::run(Arc::clone(&app))),
        ];
        Ok(Self { app, tasks, ra, upload, control, one_shot, tls, pki_dir, _temporary: temporary })
    }

    fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// Base URL of the RA API, without a slash at the end.
    pub fn ra_url(&self) -> String {
        format!("{}://{}/api/v1", self.scheme(), self.ra)
    }

    /// Base URL of the video upload host, without a slash at the end.
    pub fn upload_url(&self) -> String {
        format!("{}://{}", self.scheme(), self.upload)
    }

    /// Origin of the One-Shot API, without a slash at the end: Current is under `/oneshot/api/v1`, Legacy under `/api/v1`.
    pub fn one_shot_url(&self) -> String {
        format!("{}://{}", self.scheme(), self.one_shot)
    }

    /// Base URL of the control API, without a slash at the end.
    pub fn control_url(&self) -> String {
        format!("http://{}/control/v1", self.control)
    }

    /// Where the PEM files are.
    pub fn pki_dir(&self) -> &Path {
        &self.pki_dir
    }

    /// What the program prints when it is ready: addresses, and the well-known fictitious credentials.
    pub fn ready(&self) -> Value {
        json!({
            "version": 1,
            "ra_url": self.ra_url(),
            "upload_url": self.upload_url(),
            "control_url": self.control_url(),
            "one_shot_url": self.one_shot_url(),
            "one_shot": one_shot::ready(),
            "pki_dir": self.pki_dir.to_string_lossy(),
            "ra": {"id": state::RA_ID},
            "rao": {"username": state::RAO_USERNAME, "password": state::RAO_PASSWORD, "pin": state::RAO_PIN, "rao_id": state::RAO_ID},
        })
    }

    /// Empties everything: state, faults, settings, list of received requests. `body`: `{"cards": N}` or null.
    pub fn reset(&self, body: &Value) -> Result<Value, ControlError> {
        control::reset(&self.app, body)
    }

    /// All settings with their values.
    pub fn settings(&self) -> Value {
        control::settings(&self.app)
    }

    /// Changes the named settings and leaves the others.
    pub fn patch_settings(&self, patch: &Value) -> Result<Value, ControlError> {
        control::patch_settings(&self.app, patch)
    }

    /// `{"count": N}` adds unused cards, `{"exhaust": true}` uses up all there are.
    pub fn scratchcards(&self, body: &Value) -> Result<Value, ControlError> {
        control::scratchcards(&self.app, body)
    }

    /// Adds faults for calls to come: one, or a list.
    pub fn add_faults(&self, faults: &Value) -> Result<Value, ControlError> {
        control::add_faults(&self.app, faults)
    }

    /// The faults that still wait for calls.
    pub fn faults(&self) -> Value {
        control::list_faults(&self.app)
    }

    /// Forgets all faults.
    pub fn clear_faults(&self) {
        control::clear_faults(&self.app);
    }

    /// The requests that arrived, in order; personal data hidden unless `personal`.
    pub fn received(&self, personal: bool) -> Value {
        control::received(&self.app, personal)
    }

    /// Forgets what was received.
    pub fn clear_received(&self) {
        control::clear_received(&self.app);
    }

    /// All certificate requests with their state.
    pub fn requests(&self, personal: bool) -> Value {
        control::requests(&self.app, personal)
    }

    /// One certificate request with its state.
    pub fn request(&self, pk: u64, personal: bool) -> Result<Value, ControlError> {
        control::request(&self.app, pk, personal)
    }

    /// Forces a status, known or not.
    pub fn set_status(&self, pk: u64, status: &str) -> Result<Value, ControlError> {
        control::set_status(&self.app, pk, &json!({"status": status}))
    }

    /// The user's part: `finish`, `leave` or `fail` on the page of eIDAS VideoID; `enrol` takes ENROLLREADY to ISSUED.
    pub fn user(&self, pk: u64, action: &str) -> Result<Value, ControlError> {
        control::user(&self.app, pk, &json!({"action": action}))
    }

    /// The part of the vendor's operator in eIDAS VideoID: `validate` or `refuse`.
    pub fn operator(&self, pk: u64, action: &str, reason: &str) -> Result<Value, ControlError> {
        control::operator(&self.app, pk, &json!({"action": action, "reason": reason}))
    }

    /// Why a request cannot be renewed: 418 to 427, or nothing.
    pub fn refuse_renewal(&self, pk: u64, code: Option<u16>) -> Result<Value, ControlError> {
        control::renewal(&self.app, pk, &json!({"refusal": code}))
    }

    /// The password that was sent for unlocking the PIN: `{"otp": …}`.
    pub fn otp(&self, pk: u64) -> Result<Value, ControlError> {
        control::otp(&self.app, pk)
    }

    /// Sends a forged webhook: `{"url"?, "body"}`, the body a text or JSON. It returns before it is delivered.
    pub fn send_webhook(&self, webhook: &Value) -> Result<Value, ControlError> {
        control::send_webhook(&self.app, webhook)
    }

    /// The webhooks that were sent, in order, with what their receivers answered.
    pub fn webhooks(&self, personal: bool) -> Value {
        control::webhooks(&self.app, personal)
    }

    /// Forgets the webhooks that were sent.
    pub fn clear_webhooks(&self) {
        control::clear_webhooks(&self.app);
    }

    /// Fills the images that a read-back of the request shows, together `megabytes` MB before Base64.
    pub fn add_images(&self, pk: u64, megabytes: u64) -> Result<Value, ControlError> {
        control::add_images(&self.app, pk, &json!({"megabytes": megabytes}))
    }

    /// All One-Shot requests with their state.
    pub fn one_shot_requests(&self, personal: bool) -> Value {
        one_shot::control::requests(&self.app, personal)
    }

    /// One One-Shot request with its state.
    pub fn one_shot_request(&self, pk: u64, personal: bool) -> Result<Value, ControlError> {
        one_shot::control::request(&self.app, pk, personal)
    }

    /// Forces a One-Shot request's status, known or not.
    pub fn set_one_shot_status(&self, pk: u64, status: &str) -> Result<Value, ControlError> {
        one_shot::control::set_status(&self.app, pk, &json!({"status": status}))
    }

    /// Plays the user's part of eIDAS VideoID: `{"outcome": "finish" | "fail" | "leave"}`, and who is identified.
    pub fn one_shot_user(&self, pk: u64, body: &Value) -> Result<Value, ControlError> {
        one_shot::control::identification(&self.app, pk, body)
    }

    /// The last one-time password that was sent for a One-Shot request.
    pub fn one_shot_otp(&self, pk: u64) -> Result<Value, ControlError> {
        one_shot::control::otp(&self.app, pk)
    }

    /// The certificate of the authority that signs documents, in PEM.
    pub fn signing_ca(&self) -> String {
        self.app.one_shot.signing_ca()
    }

    /// Moves the sandbox's clock on.
    pub fn advance_clock(&self, seconds: u64) -> Result<Value, ControlError> {
        control::advance_clock(&self.app, &json!({"advance_seconds": seconds}))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
