//! HTTP: one call from its parts to its answer, with repetition, limits, progress, cancellation and hooks.

mod answer;
pub(crate) mod body;
mod cancel;
mod cause;
mod certificate;
pub(crate) mod failure;
mod http;
mod identity;
pub(crate) mod multipart;
mod probe;
mod progress;
mod retry;
pub(crate) mod skim;
mod tls;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tracing::Instrument as _;

pub(crate) use answer::sync_folder;
pub use cancel::CancelToken;

use crate::config::{CertificateInfo, ClientIdentity, RaConfig, TlsConfig};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::DownloadedFile;
use crate::operations::{Class, Host, Operation};
use crate::options::{HookEvent, HookFn, RequestOptions};
use body::Plan;
use http::HostClient;
use progress::{Meter, Reporter};
use retry::Budget;

/// One call: the operation and what its route, query and body take.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    /// Values of the route's `{…}`, in order.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Plan>,
    /// The folder that images of the answer are written to; `None` skips them.
    pub(crate) images_dir: Option<PathBuf>,
    /// What form the answer has.
    pub(crate) form: skim::Form,
    /// The file that the answer is written to, for downloads.
    pub(crate) file: Option<PathBuf>,
    /// The route where it is not the table's: that of another dialect.
    pub(crate) route: Option<&'static str>,
    /// Another address of the same call, tried once where the first is not known.
    pub(crate) other: Option<Address>,
    /// The host where it is not the table's.
    pub(crate) host: Option<Host>,
}

/// An address with what its route and query take.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address {
    pub(crate) route: &'static str,
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
}

/// Which address of a call is meant: the documented one, or another form of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AddressForm {
    /// With the slash at the end where the documents have none, or without it.
    pub(crate) toggle_slash: bool,
    /// The call's other address.
    pub(crate) other: bool,
}

impl Call {
    pub(crate) fn new(name: &'static str) -> Self {
        let operation = crate::operations::operation(name).expect("calls name operations of the table");
        Self {
            operation,
            path: Vec::new(),
            query: Vec::new(),
            body: None,
            images_dir: None,
            form: skim::Form::Json,
            file: None,
            route: None,
            other: None,
            host: None,
        }
    }

    pub(crate) fn path(mut self, value: impl ToString) -> Self {
        self.path.push(value.to_string());
        self
    }

    pub(crate) fn json(mut self, value: &impl serde::Serialize) -> Result<Self> {
        self.body = Some(Plan::json(value)?);
        Ok(self)
    }

    pub(crate) fn body(mut self, plan: Plan) -> Self {
        self.body = Some(plan);
        self
    }

    /// The path below the base. Values are percent-encoded: an id from outside must not change the route.
    fn route(&self, form: AddressForm) -> String {
        let mut out = String::new();
        let (mut rest, path) = match &self.other {
            Some(other) if form.other => (other.route, &other.path),
            _ => (self.route.unwrap_or(self.operation.route), &self.path),
        };
        let mut values = path.iter();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            if let Some(value) = values.next() {
                http::percent_encode(&mut out, value);
            }
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        out.push_str(rest);
        if form.toggle_slash {
            if out.ends_with('/') {
                out.pop();
            } else {
                out.push('/');
            }
        }
        out
    }

    fn query(&self, form: AddressForm) -> &[(&'static str, String)] {
        match &self.other {
            Some(other) if form.other => &other.query,
            _ => &self.query,
        }
    }

    /// The form to try next where the server does not know those that were tried; only what cannot be done twice by it.
    fn next_form(&self, outcome: &http::Outcome, tried: &[AddressForm]) -> Option<AddressForm> {
        let documented = AddressForm::default();
        let safe = self.operation.class == Class::Safe;
        [
            (outcome.unknown, documented),
            (outcome.unknown && self.other.is_some(), AddressForm { other: true, ..documented }),
            (outcome.other_slash && safe, AddressForm { toggle_slash: true, ..documented }),
        ]
        .into_iter()
        .find_map(|(open, form)| (open && !tried.contains(&form)).then_some(form))
    }
}

/// What a successful call gives.
#[derive(Debug)]
pub(crate) enum Answer {
    /// JSON; `Null` where the body was empty.
    Json(Value),
    /// A file that was written.
    File(DownloadedFile),
}

/// Both hosts of a client with what their calls share.
pub(crate) struct Transport {
    config: RaConfig,
    api: HostClient,
    upload: HostClient,
    budget: Budget,
    hooks: Option<HookFn>,
    closed: AtomicBool,
    certificate: certificate::Watch,
    /// Held while an identity is replaced: two at once must not leave the hosts with one each.
    replacing: Mutex<()>,
    /// Operations for which another form of the address was found to be the right one.
    forms: Mutex<HashMap<&'static str, AddressForm>>,
}

impl Transport {
    pub(crate) fn new(config: RaConfig, hooks: Option<HookFn>) -> Result<Self> {
        config.validate()?;
        let (api_url, upload_url) = config.urls()?;
        let transport = Self {
            api: HostClient::new("tls", api_url, &config.tls, &config)?,
            upload: HostClient::new("upload_tls", upload_url, &upload_tls(&config), &config)?,
            budget: Budget::new(&config.retry),
            hooks,
            closed: AtomicBool::new(false),
            certificate: certificate::Watch::default(),
            replacing: Mutex::default(),
            forms: Mutex::default(),
            config,
        };
        let shown = transport.api.connections().certificate.clone();
        transport.certificate.set(shown.and_then(|der| certificate::info(&der, certificate::now_ms())));
        transport.remind();
        Ok(transport)
    }

    /// What is known of the client certificate; `None` where there is none.
    pub(crate) fn client_certificate(&self) -> Option<CertificateInfo> {
        self.certificate.info(certificate::now_ms())
    }

    /// Lets later attempts show another client certificate. Where it cannot be used nothing changes.
    pub(crate) fn replace_identity(&self, identity: &ClientIdentity) -> Result<CertificateInfo> {
        let info = self.put_identity(identity)?;
        // With nothing locked: a hook that is warned may replace the identity once more.
        self.remind();
        Ok(info)
    }

    fn put_identity(&self, identity: &ClientIdentity) -> Result<CertificateInfo> {
        let _one_at_a_time = self.replacing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let own = |tls: TlsConfig| TlsConfig { identity: Some(identity.clone()), ..tls };
        let api = self.api.prepare(&own(self.config.tls.clone()), &self.config)?;
        // The host for videos follows where it was given the same identity; one of its own stays its own.
        let follows = self.config.upload_tls.as_ref().filter(|tls| tls.identity.is_some() && tls.identity == self.config.tls.identity);
        let upload = follows.map(|tls| self.upload.prepare(&own(tls.clone()), &self.config)).transpose()?;
        let info = api
            .certificate
            .as_ref()
            .and_then(|der| certificate::info(der, certificate::now_ms()))
            .ok_or_else(|| Error::field(ErrorCode::TlsIdentityInvalid, "tls.identity", "a certificate whose validity can be read"))?;
        self.api.replace(api);
        if let Some(upload) = upload {
            self.upload.replace(upload);
        }
        self.certificate.set(Some(info.clone()));
        Ok(info)
    }

    /// Says that the client certificate is about to expire, at most once a day.
    fn remind(&self) {
        if let Some(text) = self.certificate.due(self.config.certificate_warning_days, certificate::now_ms()) {
            self.warn("client_certificate", &text);
        }
    }

    pub(crate) fn config(&self) -> &RaConfig {
        &self.config
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// A remark for the hooks and the log, without personal data.
    pub(crate) fn warn(&self, operation: &'static str, text: &str) {
        tracing::warn!(operation, text, "videoid warning");
        self.tell(&HookEvent { kind: "warning".into(), operation: operation.into(), text: Some(text.into()), ..HookEvent::default() });
    }

    fn tell(&self, event: &HookEvent) {
        if let Some(hooks) = &self.hooks {
            hooks(event);
        }
    }

    /// Makes the call: attempts, pauses, time limit and cancellation.
    pub(crate) async fn call(&self, mut call: Call, options: &RequestOptions) -> Result<Answer> {
        self.remind();
        if !self.config.assumptions.repeat_reading_posts {
            call.operation = crate::operations::unrepeated(call.operation);
        }
        let operation = call.operation;
        let mut id = String::with_capacity(16);
        let _ = write!(id, "{:016x}", fastrand::u64(..));
        let span = tracing::debug_span!("videoid.call", operation = operation.name, correlation_id = %id);
        let started = Instant::now();
        let tally = Tally::default();
        let outcome = self.guarded(&call, options, &id, &tally).instrument(span).await;
        let outcome = outcome.map_err(|e| e.with_operation(operation.name).with_correlation_id(&id));
        let event = HookEvent {
            kind: "outcome".into(),
            attempt: i64::from(tally.attempts()),
            duration_ms: millis(started.elapsed()),
            ..event(operation, &id, outcome.as_ref().err())
        };
        self.tell(&event);
        match &outcome {
            Ok(_) => tracing::debug!(operation = operation.name, correlation_id = %id, attempts = tally.attempts(), "videoid call done"),
            Err(e) => tracing::debug!(operation = operation.name, correlation_id = %id, code = e.code().as_str(), "videoid call failed"),
        }
        outcome
    }

    async fn guarded(&self, call: &Call, options: &RequestOptions, id: &str, tally: &Tally) -> Result<Answer> {
        if self.closed.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorCode::ClientClosed, "the client was closed"));
        }
        let limit = options.timeout.or(self.config.timeouts.total.or(None));
        let attempts = self.attempts(call, options, id, tally);
        let timed = async {
            match limit {
                None => attempts.await,
                Some(limit) => tokio::time::timeout(limit, attempts).await.unwrap_or_else(|_| {
                    let error = Error::new(ErrorCode::Timeout, "the call took longer than its time limit").with_retryable(true);
                    Err(cause::lost(call.operation, error.with_wire(tally.wire())))
                }),
            }
        };
        let Some(cancel) = &options.cancel else { return timed.await };
        let cancelled = || Error::new(ErrorCode::Cancelled, "the caller cancelled").with_wire(tally.wire());
        if cancel.is_cancelled() {
            return Err(cancelled());
        }
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(cancelled()),
            outcome = timed => outcome,
        }
    }

    async fn attempts(&self, call: &Call, options: &RequestOptions, id: &str, tally: &Tally) -> Result<Answer> {
        let operation = call.operation;
        let reporter = Arc::new(Reporter::new(options.progress.clone()));
        let mut form = self.form_table().get(operation.name).copied().unwrap_or_default();
        let mut tried = vec![form];
        // What the first form of the address gave, once another one is tried.
        let mut first_form: Option<Error> = None;
        loop {
            let meter = tally.next();
            let attempt = tally.attempts();
            let started = Instant::now();
            let outcome = self.host(call).attempt(call, form, &meter, &reporter, &self.config).await;
            self.tell(&HookEvent {
                kind: "attempt".into(),
                attempt: i64::from(attempt),
                duration_ms: millis(started.elapsed()),
                bytes_sent: i64::try_from(meter.sent()).unwrap_or(i64::MAX),
                bytes_received: i64::try_from(meter.received()).unwrap_or(i64::MAX),
                http_status: outcome.status.map(i64::from),
                ..event(operation, id, outcome.result.as_ref().err())
            });
            // The documented form of the address first; another one once, and only where nothing can be done twice.
            let next = call.next_form(&outcome, &tried);
            let error = match outcome.result {
                Ok(answer) => {
                    self.budget.refund();
                    if form != tried[0] {
                        self.form_table().insert(operation.name, form);
                    }
                    return Ok(answer);
                }
                Err(error) => error,
            };
            if outcome.other_slash || outcome.unknown {
                if let Some(next) = next {
                    form = next;
                    tried.push(next);
                    first_form.get_or_insert(error);
                    continue;
                }
                // No form is known: then the form was not the matter.
                if let Some(first) = first_form.take() {
                    return Err(first);
                }
            }
            let unprocessed = error.wire() == Wire::NotSent && error.category() == crate::error::ErrorCategory::Transport;
            let again = error.retryable() && (operation.class == Class::Safe || unprocessed);
            if !again || i64::from(attempt) >= self.config.retry.max_attempts {
                return Err(error);
            }
            if call.body.as_ref().is_some_and(|body| !body.is_replayable()) && meter.sent() > 0 {
                return Err(Error::new(
                    ErrorCode::BodyNotRepeatable,
                    "the body would have to be sent again, but its source can be read only once; give a path or bytes",
                )
                .with_wire(error.wire())
                .with_source(error));
            }
            let Some(pause) = retry::pause(&self.config.retry, attempt, error.retry_after()) else { return Err(error) };
            if !self.budget.take() {
                return Err(error);
            }
            self.tell(&HookEvent {
                kind: "retry".into(),
                attempt: i64::from(attempt),
                delay_ms: Some(millis(pause)),
                ..event(operation, id, Some(&error))
            });
            tracing::debug!(operation = operation.name, attempt, code = error.code().as_str(), "videoid call is repeated");
            tokio::time::sleep(pause).await;
        }
    }

    fn host(&self, call: &Call) -> &HostClient {
        match call.host.unwrap_or(call.operation.host) {
            Host::Api => &self.api,
            Host::Upload => &self.upload,
        }
    }

    fn form_table(&self) -> std::sync::MutexGuard<'_, HashMap<&'static str, AddressForm>> {
        self.forms.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// TLS towards the host for videos.
fn upload_tls(config: &RaConfig) -> TlsConfig {
    config.upload_tls.clone().unwrap_or_else(|| {
        let mut tls = config.tls.clone();
        // Whether that host wants the certificate is not documented; it is not shown to a host that does not ask for it by setting.
        tls.identity = None;
        tls.pins.clear();
        tls
    })
}

/// The attempts of one call: how many, and how far the last one came.
#[derive(Default)]
struct Tally(Mutex<(u32, Option<Arc<Meter>>)>);

impl Tally {
    fn next(&self) -> Arc<Meter> {
        let meter = Arc::new(Meter::new());
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *state = (state.0 + 1, Some(meter.clone()));
        meter
    }

    fn attempts(&self) -> u32 {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0
    }

    /// What may have happened when the call is broken off now.
    fn wire(&self) -> Wire {
        let state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.1.as_ref().is_some_and(|meter| meter.is_finished()) { Wire::MayBeProcessed } else { Wire::NotSent }
    }
}

fn event(operation: &Operation, id: &str, error: Option<&Error>) -> HookEvent {
    HookEvent {
        operation: operation.name.into(),
        correlation_id: id.into(),
        code: error.map(|e| e.code().as_str().into()),
        http_status: error.and_then(|e| e.http_status().map(i64::from)),
        server_id: error.and_then(|e| e.server_id().map(str::to_owned)),
        ..HookEvent::default()
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
