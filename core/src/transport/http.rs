//! One HTTP exchange with one host.

use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use reqwest::{Method, Response, Url};
use rustls::pki_types::CertificateDer;

use super::body::{NoBody, UploadBody};
use super::progress::{Meter, Reporter};
use super::{AddressForm, Answer, Call, answer, cause, failure, probe, skim, tls};
use crate::config::{RaConfig, TlsConfig};
use crate::error::{Error, ErrorCode, Result, Wire};
use crate::model::DownloadedFile;
use crate::operations::{Api, Class, Operation};

/// A host with its connections and TLS settings.
pub(crate) struct HostClient {
    field: &'static str,
    base: String,
    proxied: bool,
    /// Another one takes its place when the client identity is replaced. An attempt keeps the one that it began with; what it
    /// leaves idle goes with it, so that no later attempt meets a connection with an identity that was replaced.
    connections: RwLock<Arc<Connections>>,
}

/// The connections to a host that show one client identity.
pub(crate) struct Connections {
    client: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    /// The client certificate, where there is one.
    pub(crate) certificate: Option<CertificateDer<'static>>,
}

/// How an attempt ended.
pub(crate) struct Outcome {
    pub(crate) result: Result<Answer>,
    pub(crate) status: Option<u16>,
    /// The answer looks as if the other form of the slash were wanted.
    pub(crate) other_slash: bool,
    /// The answer looks as if another address of the call were wanted.
    pub(crate) unknown: bool,
}

impl Outcome {
    fn failed(error: Error) -> Self {
        Self { result: Err(error), status: None, other_slash: false, unknown: false }
    }
}

impl Connections {
    fn new(field: &str, base: &str, tls_config: &TlsConfig, config: &RaConfig) -> Result<Self> {
        // Roots are needed only where TLS is spoken; a machine without any can still use a local sandbox.
        let plain = base.starts_with("http://");
        let built = tls::client_config(field, tls_config, !plain)?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(built.config.clone())
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // A connection that was idle for long is closed by many servers just when it is used again, which would make an
            // answer ambiguous without need.
            .pool_idle_timeout(Duration::from_secs(15))
            .tcp_nodelay(true);
        if let Some(limit) = config.timeouts.connect_limit() {
            builder = builder.connect_timeout(limit);
        }
        if let Some(proxy) = &config.proxy {
            let invalid = || Error::field(ErrorCode::ConfigInvalid, "proxy", "an address such as http://host:port");
            // Towards a proxy over TLS the client certificate would be shown to it.
            if !proxy.expose().starts_with("http://") {
                return Err(invalid());
            }
            builder = builder.proxy(reqwest::Proxy::all(proxy.expose().as_str()).map_err(|_| invalid())?);
        }
        let client = builder
            .build()
            .map_err(|e| Error::new(ErrorCode::ConfigInvalid, "the HTTP client cannot be set up").with_source(e.without_url()))?;
        Ok(Self { client, tls: Arc::new(built.config), certificate: built.certificate })
    }
}

impl HostClient {
    pub(crate) fn new(field: &'static str, base: String, tls_config: &TlsConfig, config: &RaConfig) -> Result<Self> {
        let connections = RwLock::new(Arc::new(Connections::new(field, &base, tls_config, config)?));
        Url::parse(&base)
            .map_err(|_| Error::field(ErrorCode::ConfigInvalid, if field == "tls" { "api_url" } else { "upload_url" }, "an address"))?;
        Ok(Self { field, base, proxied: config.proxy.is_some(), connections })
    }

    /// Connections of their own for other TLS settings, not in use yet.
    pub(crate) fn prepare(&self, tls_config: &TlsConfig, config: &RaConfig) -> Result<Arc<Connections>> {
        Connections::new(self.field, &self.base, tls_config, config).map(Arc::new)
    }

    /// From now on attempts use these connections. Those under way end on the old ones.
    pub(crate) fn replace(&self, connections: Arc<Connections>) {
        *self.connections.write().unwrap_or_else(PoisonError::into_inner) = connections;
    }

    pub(crate) fn connections(&self) -> Arc<Connections> {
        self.connections.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn url(&self, call: &Call, form: AddressForm) -> Result<Url> {
        // Such a segment would be resolved, and lead to another route; it cannot be encoded either.
        if call.path.iter().chain(call.other.iter().flat_map(|other| &other.path)).any(|value| matches!(value.as_str(), "." | "..")) {
            return Err(Error::field(ErrorCode::FieldInvalid, "id", "not a step in a path"));
        }
        let mut url = Url::parse(&format!("{}{}", self.base, call.route(form)))
            .map_err(|_| Error::new(ErrorCode::Internal, "the address of the call cannot be built"))?;
        let query = call.query(form);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query.iter().map(|(k, v)| (*k, v.as_str())));
        }
        Ok(url)
    }

    /// One attempt, with its own time limits.
    pub(crate) async fn attempt(
        &self,
        call: &Call,
        form: AddressForm,
        meter: &Arc<Meter>,
        reporter: &Arc<Reporter>,
        config: &RaConfig,
    ) -> Outcome {
        let moves_files = call.body.as_ref().is_some_and(super::body::Plan::is_upload) || call.file.is_some();
        let limit = if moves_files { None } else { config.timeouts.attempt_limit() };
        // Boxed: it is the largest part of every call's future, and stands in two places here.
        let exchange = Box::pin(self.exchange(call, form, meter, reporter, config));
        let mut outcome = match limit {
            None => exchange.await,
            Some(limit) => tokio::time::timeout(limit, exchange)
                .await
                .unwrap_or_else(|_| Outcome::failed(timeout("the attempt took longer than its time limit", meter))),
        };
        outcome.result = outcome.result.map_err(|e| cause::lost(call.operation, e));
        outcome
    }

    async fn exchange(&self, call: &Call, form: AddressForm, meter: &Arc<Meter>, reporter: &Arc<Reporter>, config: &RaConfig) -> Outcome {
        let url = match self.url(call, form) {
            Ok(url) => url,
            Err(error) => return Outcome::failed(error),
        };
        let mut response = match self.send(call, url.clone(), meter, reporter, config).await {
            Ok(response) => response,
            Err(error) => return Outcome::failed(error),
        };
        let status = response.status().as_u16();
        let idle = config.timeouts.idle_limit();
        if !response.status().is_success() {
            let retry_after = failure::retry_after(response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()));
            let redirect = response.headers().get(LOCATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
            // What cannot be read of an error's body is left out: the status says enough.
            let limit = config.timeouts.attempt_limit();
            let body = answer::head(&mut response, meter, idle, limit, failure::MAX_BODY).await;
            let other_slash = match status {
                301 | 302 | 307 | 308 => redirect.is_some_and(|to| is_same_but_slash(&url, &to)),
                _ => failure::is_unknown_address(call.operation, status, &body),
            };
            // Reading again by another address is free; otherwise the server must not have known the first one.
            let unknown = other_slash || status == 404 && call.other.is_some() && call.operation.class == Class::Safe;
            return Outcome {
                result: Err(failure::from_answer(call.operation, status, &body, retry_after)),
                status: Some(status),
                other_slash,
                unknown: unknown && !matches!(status, 300..=399),
            };
        }
        let result = match &call.file {
            Some(path) if call.operation.api == Api::OneShot => {
                seen_file(call.operation, response, path, meter, reporter, config).await.map(Answer::File)
            }
            Some(path) => answer::download(response, path, meter, reporter, idle, config).await.map(Answer::File),
            None => {
                // An upload has no limit for the attempt; its answer is short, and has one.
                let answer = answer::json(response, call.images_dir.clone(), call.form, meter, idle, config);
                match config.timeouts.attempt_limit() {
                    None => answer.await,
                    Some(limit) => tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
                        Err(Error::new(ErrorCode::Timeout, "the answer took longer than the time limit of an attempt").with_retryable(true))
                    }),
                }
                .map(Answer::Json)
            }
        };
        let result = result.map_err(|e| {
            // The service did answer with a success; what it said is lost.
            let lost = matches!(e.code(), ErrorCode::AnswerTruncated | ErrorCode::ConnectionLost | ErrorCode::Timeout);
            e.with_http_status(status).with_wire(if lost { Wire::MayBeProcessed } else { Wire::Answered })
        });
        Outcome { result, status: Some(status), other_slash: false, unknown: false }
    }

    async fn send(&self, call: &Call, url: Url, meter: &Arc<Meter>, reporter: &Arc<Reporter>, config: &RaConfig) -> Result<Response> {
        let method =
            Method::from_bytes(call.operation.method.as_bytes()).map_err(|_| Error::new(ErrorCode::Internal, "an unknown HTTP method"))?;
        let connections = self.connections();
        let mut request = connections
            .client
            .request(method.clone(), url.clone())
            .header(USER_AGENT, concat!("videoid/", env!("CARGO_PKG_VERSION")))
            .header(ACCEPT, HeaderValue::from_static("*/*"));
        if let Some(plan) = &call.body {
            let body: UploadBody = plan.open(meter.clone(), reporter.clone());
            request =
                request.header(CONTENT_TYPE, plan.content_type.as_str()).header(CONTENT_LENGTH, plan.len()).body(reqwest::Body::wrap(body));
        } else {
            request = request.body(reqwest::Body::wrap(NoBody(meter.clone())));
            if method == Method::POST || method == Method::PUT {
                request = request.header(CONTENT_LENGTH, 0);
            }
        }
        let sending = request.send();
        tokio::pin!(sending);
        let stall = config.timeouts.stall_limit();
        let idle = config.timeouts.idle_limit();
        let tick = [stall, idle].into_iter().flatten().min().unwrap_or(Duration::from_mins(1)) / 4;
        let result = loop {
            tokio::select! {
                result = &mut sending => break result,
                () = tokio::time::sleep(tick.max(Duration::from_millis(5))) => {
                    let quiet = meter.idle_for();
                    if meter.is_finished() {
                        if idle.is_some_and(|limit| quiet > limit) {
                            return Err(timeout("no answer within the idle timeout", meter));
                        }
                    } else if meter.sent() > 0 && stall.is_some_and(|limit| quiet > limit) {
                        return Err(Error::new(ErrorCode::UploadStalled, "no byte of the upload moved within the stall limit").with_retryable(true));
                    }
                }
            }
        };
        match result {
            Ok(response) => Ok(response),
            Err(error) => {
                let own = cause::from_exchange(error, meter, self.proxied);
                Err(self.explain(own, &url, &connections, config).await)
            }
        }
    }

    /// A server that refuses the client certificate under TLS 1.3 says so after the handshake. A large body then fails to be
    /// written before the alert is read, which looks like a lost connection: ask again, without a request.
    async fn explain(&self, error: Error, url: &Url, connections: &Connections, config: &RaConfig) -> Error {
        if error.code() != ErrorCode::ConnectionLost || url.scheme() != "https" || self.proxied {
            return error;
        }
        let limit = config.timeouts.connect_limit().unwrap_or(Duration::from_secs(10)).min(Duration::from_secs(3));
        match tokio::time::timeout(limit, probe::refusal(url, connections.tls.clone())).await {
            Ok(Some(refused)) => refused,
            _ => error,
        }
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

/// A file that gets its name only after its first bytes were looked at: an Optimizer may say in the body alone that there is no such
/// file, and under any type.
async fn seen_file(
    operation: &'static Operation,
    response: Response,
    path: &Path,
    meter: &Meter,
    reporter: &Arc<Reporter>,
    config: &RaConfig,
) -> Result<DownloadedFile> {
    let (status, json) = (response.status().as_u16(), is_json(&response));
    let path = path.to_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let unseen = answer::on_thread(move || {
        let made = tempfile::Builder::new().prefix(".videoid-").tempfile_in(folder);
        made.map(tempfile::NamedTempFile::into_temp_path).map_err(|e| skim::not_written(&e))
    })
    .await?;
    let mut file = answer::download(response, &unseen, meter, reporter, config.timeouts.idle_limit(), config).await?;
    file.path = path.to_string_lossy().into_owned();
    answer::on_thread(move || {
        let mut head = Vec::new();
        std::fs::File::open(&unseen)
            .and_then(|file| file.take(failure::MAX_BODY as u64).read_to_end(&mut head))
            .map_err(|e| skim::not_written(&e))?;
        if let Some(error) = crate::one_shot::failure::in_place_of_a_file(operation, status, json, &head) {
            return Err(error);
        }
        unseen.persist(&path).map_err(|e| skim::not_written(&e.error))?;
        answer::sync_folder(&path).map_err(|e| skim::not_written(&e))
    })
    .await?;
    Ok(file)
}

fn timeout(detail: &'static str, meter: &Meter) -> Error {
    let wire = if meter.is_finished() { Wire::MayBeProcessed } else { Wire::NotSent };
    Error::new(ErrorCode::Timeout, detail).with_retryable(true).with_wire(wire)
}

/// Whether a redirect leads to the same address but for the slash at the end of its path.
fn is_same_but_slash(url: &Url, location: &str) -> bool {
    url.join(location).is_ok_and(|to| {
        to.origin() == url.origin() && to.path() != url.path() && to.path().trim_end_matches('/') == url.path().trim_end_matches('/')
    })
}

/// Percent-encodes everything but unreserved characters.
pub(crate) fn percent_encode(out: &mut String, value: &str) {
    use std::fmt::Write as _;
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}
