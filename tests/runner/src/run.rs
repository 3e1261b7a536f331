//! Runs one scenario.

mod operations;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use videoid::config::Timeout;
use videoid::evidence::{Bundle, Evidence, check_video};
use videoid::model::Status;
use videoid::workflow::ExternalVideoId;
use videoid::{CancelToken, Error, Progress, RaConfig, RegistrationAuthority, RequestOptions, Source};
use videoid_sandbox::Sandbox;

use crate::matching::differences;
use crate::sandboxes::Pool;
use crate::scenario::{CallStep, ClientSetup, FileAction, Options, ReceivedMode, Scenario, Step};
use crate::values::{Args, builder, error_json, generate, path, source};
use crate::{Outcome, control, fixture};

/// Runs a scenario; the error says at which step it went another way than written.
///
/// # Errors
/// What differed.
pub async fn run(scenario: &Scenario, pool: &Pool) -> Outcome {
    let args = &scenario.sandbox.args;
    let sandbox = pool.take(args).await?;
    let outcome = on(scenario, &sandbox, pool).await;
    pool.put(args, sandbox);
    outcome
}

async fn on(scenario: &Scenario, sandbox: &Sandbox, pool: &Pool) -> Outcome {
    let failed = |e: videoid_sandbox::ControlError| format!("the sandbox: {e}");
    let setup = &scenario.sandbox;
    sandbox.reset(&setup.cards.map_or(Value::Null, |cards| json!({ "cards": cards }))).map_err(failed)?;
    sandbox.patch_settings(&Value::Object(setup.settings.clone())).map_err(failed)?;
    sandbox.add_faults(&Value::Array(setup.faults.clone())).map_err(failed)?;
    let mut run = Run::new(scenario, sandbox, pool)?;
    for (index, step) in scenario.steps.iter().enumerate() {
        run.step(step).await.map_err(|why| format!("step {} ({}): {why}", index + 1, name(step)))?;
    }
    let Some(expected) = &scenario.received else { return Ok(()) };
    let expected = run.resolve(&json!(expected))?;
    let got = sandbox.received(true);
    received(&expected, &got, scenario.received_mode)
}

fn name(step: &Step) -> &str {
    match step {
        Step::Call(step) => &step.call,
        Step::Control(step) => &step.control.path,
        Step::File(_) => "file",
    }
}

fn received(expected: &Value, got: &Value, mode: ReceivedMode) -> Outcome {
    let short = || -> Vec<Value> {
        got.as_array().into_iter().flatten().map(|r| json!([r["operation"], r["path"], r["status"], r["complete"]])).collect()
    };
    let fault = match mode {
        ReceivedMode::All => differences(expected, Some(got)).join("\n"),
        ReceivedMode::Contains => {
            let mut rest = got.as_array().map_or(&[][..], Vec::as_slice).iter();
            let missing = expected.as_array().into_iter().flatten().find(|one| !rest.any(|r| differences(one, Some(r)).is_empty()));
            missing.map_or_else(String::new, |one| format!("not received: {one}"))
        }
    };
    if fault.is_empty() { Ok(()) } else { Err(format!("received: {fault}\nreceived were {}", json!(short()))) }
}

/// Why a call did not give what it should.
enum Failure {
    /// The product's own error.
    Product(Error),
    /// The scenario or the runner is at fault.
    Runner(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Product(error)
    }
}

impl From<String> for Failure {
    fn from(why: String) -> Self {
        Self::Runner(why)
    }
}

/// What a call gave: its JSON, the object where it can be kept, and how it shows itself.
struct Given(Value, Option<Object>, String);

#[derive(Clone)]
enum Object {
    Evidence(Evidence),
    Bundle(Bundle),
}

/// An error with its causes, in both of the forms in which a program may print it.
fn shown(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?} {} {:?}", error.detail(), error.fields());
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        let _ = write!(text, " {next} {next:?}");
        cause = next.source();
    }
    text
}

fn json_of(value: &(impl Serialize + std::fmt::Debug)) -> Result<Given, Failure> {
    serde_json::to_value(value)
        .map(|json| Given(json, None, format!("{value:?} {value:#?}")))
        .map_err(|e| Failure::Runner(format!("the result is no JSON: {e}")))
}

struct Run<'a> {
    setup: &'a ClientSetup,
    tls: bool,
    upload_mutual_tls: bool,
    sandbox: &'a Sandbox,
    pool: &'a Pool,
    temp: TempDir,
    saved: HashMap<String, Value>,
    objects: HashMap<String, Object>,
    ra: Option<RegistrationAuthority>,
    flow: Option<ExternalVideoId>,
    /// The file that grows during the next call, and after how many bytes.
    append: Option<(PathBuf, i64)>,
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario, sandbox: &'a Sandbox, pool: &'a Pool) -> Outcome<Self> {
        let ready = sandbox.ready();
        let has = |flag: &str| scenario.sandbox.args.iter().any(|arg| arg == flag);
        Ok(Self {
            setup: &scenario.client,
            tls: has("--tls"),
            upload_mutual_tls: has("--upload-mutual-tls"),
            sandbox,
            pool,
            temp: tempfile::tempdir().map_err(|e| e.to_string())?,
            saved: HashMap::from([("rao".to_owned(), ready["rao"].clone()), ("ra".to_owned(), ready["ra"]["id"].clone())]),
            objects: HashMap::new(),
            ra: None,
            flow: None,
            append: None,
        })
    }

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

    fn tls(&self) -> Outcome<(Value, Value)> {
        let file = |name: &str| json!(self.sandbox.pki_dir().join(name));
        let root = match self.setup.trust.as_deref() {
            None | Some("sandbox") => file("ca.pem"),
            Some("foreign") => file("foreign-ca.pem"),
            Some(other) => return Err(format!("a root that the runner does not know: {other}")),
        };
        let (certificate, key, password) = match self.setup.identity.as_deref().unwrap_or("client") {
            "client" => ("client.pem", "client.key", None),
            "expired" => ("client-expired.pem", "client-expired.key", None),
            "foreign" => ("client-foreign.pem", "client-foreign.key", None),
            "encrypted" => ("client.pem", "client-encrypted.key", Some("sandbox")),
            "key_mismatch" => ("client.pem", "other.key", None),
            "none" => ("", "", None),
            other => return Err(format!("an identity that the runner does not know: {other}")),
        };
        let bare = json!({ "ca_file": root, "ca_only": true });
        let mut full = bare.clone();
        if !certificate.is_empty() {
            full["identity"] = json!({ "certificate_file": file(certificate), "key_file": file(key), "password": password });
        }
        let upload = if self.upload_mutual_tls { full.clone() } else { bare };
        Ok((full, upload))
    }

    fn make_client(&mut self) -> Result<RegistrationAuthority, Failure> {
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

    fn ra(&mut self) -> Result<RegistrationAuthority, Failure> {
        match &self.ra {
            Some(ra) => Ok(ra.clone()),
            None => self.make_client(),
        }
    }

    fn flow(&mut self) -> Result<ExternalVideoId, Failure> {
        if let Some(flow) = &self.flow {
            return Ok(flow.clone());
        }
        let mut flow = ExternalVideoId::new(self.ra()?);
        if let Some(witness) = self.pool.witness().cloned() {
            let kept = Arc::clone(&witness);
            flow = flow.with_events(Arc::new(move |event| witness(format!("{event:?}")))).with_store(Arc::new(move |state| {
                kept(state);
                Box::pin(async { Ok(()) })
            }));
        }
        self.pool.show(|| format!("{flow:?} {}", flow.state()));
        self.flow = Some(flow.clone());
        Ok(flow)
    }

    /// The value with each `${name}` replaced.
    fn resolve(&self, value: &Value) -> Outcome<Value> {
        Ok(match value {
            Value::String(text) => self.resolve_text(text)?,
            Value::Array(items) => Value::Array(items.iter().map(|item| self.resolve(item)).collect::<Outcome<_>>()?),
            Value::Object(map) => Value::Object(self.resolve_map(map)?),
            other => other.clone(),
        })
    }

    fn resolve_map(&self, map: &Map<String, Value>) -> Outcome<Map<String, Value>> {
        map.iter().map(|(name, value)| Ok((name.clone(), self.resolve(value)?))).collect()
    }

    fn resolve_text(&self, text: &str) -> Outcome<Value> {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| format!("{text}: no end of a name"))?;
            let mut parts = name.split('.');
            let first = parts.next().unwrap_or_default();
            let found = self.saved.get(first).ok_or_else(|| format!("nothing was saved as {first}"))?;
            let found = parts.fold(found, |at, part| &at[part]);
            if before.is_empty() && after.is_empty() && out.is_empty() {
                return Ok(found.clone());
            }
            out.push_str(before);
            match found {
                Value::String(text) => out.push_str(text),
                other => out.push_str(&other.to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(Value::String(out))
    }

    async fn step(&mut self, step: &Step) -> Outcome {
        match step {
            Step::File(step) => self.file(&step.file),
            Step::Control(step) => {
                let path = self.resolve(&json!(step.control.path))?;
                let body = self.resolve(&step.control.body)?;
                let base = self.sandbox.control_url();
                let answer = control::control(&base, &step.control.method, path.as_str().unwrap_or_default(), &body).await?;
                self.keep(&step.save, &answer)?;
                self.compare(step.expect.result.as_ref(), &answer)
            }
            Step::Call(step) => self.call_step(step).await,
        }
    }

    async fn call_step(&mut self, step: &CallStep) -> Outcome {
        let args = self.resolve_map(&step.args)?;
        let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let options = self.options(&step.options, &seen);
        match (self.call(&step.call, Args::new(args), &options).await, &step.expect.error) {
            (Err(Failure::Runner(why)), _) => return Err(why),
            (Err(Failure::Product(error)), None) => return Err(format!("failed: {error}")),
            (Err(Failure::Product(error)), Some(expected)) => {
                self.pool.show(|| shown(&error));
                self.compare(Some(expected), &error_json(&error)).map_err(|why| format!("{why}\nthe error was {error}"))?;
            }
            (Ok(_), Some(expected)) => return Err(format!("succeeded, expected {expected}")),
            (Ok(Given(result, object, text)), None) => {
                self.pool.show(|| text);
                self.compare(step.expect.result.as_ref(), &result)?;
                self.keep(&step.save, &result)?;
                if let Some(name) = &step.save_as {
                    self.objects.insert(name.clone(), object.ok_or("the call gives no object to be kept")?);
                }
            }
        }
        match step.expect.progress.as_deref() {
            None => Ok(()),
            Some("complete") => complete(&seen.lock().unwrap_or_else(PoisonError::into_inner)),
            Some(other) => Err(format!("progress that the runner does not know: {other}")),
        }
    }

    fn compare(&self, expected: Option<&Value>, actual: &Value) -> Outcome {
        let Some(expected) = expected else { return Ok(()) };
        let found = differences(&self.resolve(expected)?, Some(actual));
        if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
    }

    fn keep(&mut self, save: &BTreeMap<String, String>, value: &Value) -> Outcome {
        for (name, pointer) in save {
            let found = value.pointer(pointer).ok_or_else(|| format!("nothing at {pointer} to be saved as {name}"))?;
            self.saved.insert(name.clone(), found.clone());
        }
        Ok(())
    }

    fn file(&mut self, action: &FileAction) -> Outcome {
        let temp = self.temp.path().to_owned();
        let io = |e: std::io::Error| e.to_string();
        if let Some(name) = &action.write {
            let to = path(name, &temp);
            match (&action.fixture, &action.generate, action.bytes, &action.text) {
                (Some(name), None, None, None) => std::fs::copy(fixture(name), to).map(drop).map_err(io),
                (None, Some(kind), Some(bytes), None) => generate(kind, bytes, &to),
                (None, None, None, Some(text)) => std::fs::write(to, text).map_err(io),
                _ => Err("a file that the runner cannot write".to_owned()),
            }
        } else if let Some(name) = &action.append {
            grow(&path(name, &temp), action.text.as_deref().unwrap_or("x")).map_err(io)
        } else if let Some(name) = &action.remove {
            std::fs::remove_file(path(name, &temp)).map_err(io)
        } else if let (Some(name), Some(after)) = (&action.append_during_next_call, action.after_bytes) {
            self.append = Some((path(name, &temp), after));
            Ok(())
        } else {
            Err("a file step that the runner does not know".to_owned())
        }
    }

    fn options(&mut self, wanted: &Options, seen: &Arc<Mutex<Vec<Progress>>>) -> RequestOptions {
        let mut options = RequestOptions::new().timeout(Timeout::from_millis(wanted.timeout_ms));
        let append = self.append.take();
        let cancel = (wanted.cancel_after_bytes.is_some() || wanted.cancel_before).then(CancelToken::new);
        if let Some(token) = &cancel {
            if wanted.cancel_before {
                token.cancel();
            }
            options = options.cancel(token.clone());
        }
        if wanted.progress || append.is_some() || wanted.cancel_after_bytes.is_some() {
            let (seen, after, grown) = (Arc::clone(seen), wanted.cancel_after_bytes, AtomicBool::new(false));
            options = options.progress(move |progress| {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(progress);
                if let Some((path, bytes)) = &append
                    && progress.sent >= *bytes
                    && !grown.swap(true, Ordering::SeqCst)
                {
                    // A file that could not be changed shows as a call that succeeds.
                    let _ = grow(path, "x");
                }
                if let (Some(token), Some(after)) = (&cancel, after)
                    && progress.sent >= after
                {
                    token.cancel();
                }
            });
        }
        options
    }

    fn source(&self, spec: &Value) -> Outcome<Source> {
        match spec.as_str() {
            None => source(spec, self.temp.path()),
            Some(name) => match name.strip_prefix('$').and_then(|n| n.strip_suffix(".video")).and_then(|n| self.objects.get(n)) {
                Some(Object::Bundle(bundle)) => bundle.video().cloned().ok_or_else(|| "the bundle has no video".to_owned()),
                _ => Err(format!("nothing was kept as {name}")),
            },
        }
    }

    fn evidence(&self, args: &mut Args) -> Outcome<Evidence> {
        let name: String = args.need("evidence")?;
        let key = name.strip_prefix('$').unwrap_or_default();
        match (key.strip_suffix(".evidence").and_then(|n| self.objects.get(n)), self.objects.get(key)) {
            (Some(Object::Bundle(bundle)), _) => Ok(bundle.evidence().clone()),
            (_, Some(Object::Evidence(evidence))) => Ok(evidence.clone()),
            _ => Err(format!("nothing was kept as {name}")),
        }
    }

    fn need_source(&self, args: &mut Args, name: &str) -> Outcome<Source> {
        self.source(&args.take(name).ok_or_else(|| format!("the argument {name} is needed"))?)
    }

    fn path(&self, args: &mut Args, name: &str) -> Outcome<PathBuf> {
        Ok(path(&args.need::<String>(name)?, self.temp.path()))
    }

    /// What is not an operation.
    async fn call(&mut self, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        match name {
            "new_client" => {
                args.finish()?;
                self.make_client()?;
                Ok(Given(Value::Null, None, String::new()))
            }
            "build_evidence" => {
                let builder = builder(args, self.temp.path())?;
                self.pool.show(|| format!("{builder:?}"));
                let evidence = builder.build()?;
                let json = json!({ "content_length": evidence.content_length(), "report": evidence.report() });
                let text = format!("{evidence:?}");
                Ok(Given(json, Some(Object::Evidence(evidence)), text))
            }
            "check_evidence" => json_of(&builder(args, self.temp.path())?.check()?),
            "check_video" => {
                let video = self.need_source(&mut args, "video")?;
                args.finish()?;
                json_of(&check_video(&video, &videoid::config::Limits::default())?)
            }
            "save_bundle" => {
                let (dir, evidence) = (self.path(&mut args, "dir")?, self.evidence(&mut args)?);
                let video = args.take("video").map(|spec| self.source(&spec)).transpose()?;
                args.finish()?;
                json_of(&Bundle::save(&dir, &evidence, video.as_ref())?)
            }
            "load_bundle" => {
                let dir = self.path(&mut args, "dir")?;
                args.finish()?;
                let bundle = Bundle::load(&dir)?;
                let text = format!("{bundle:?}");
                Ok(Given(json!({ "manifest": bundle.manifest() }), Some(Object::Bundle(bundle)), text))
            }
            "status_next_steps" => {
                let status: Status = args.need("status")?;
                args.finish()?;
                json_of(&status.next_steps())
            }
            _ if name.starts_with("workflow_") => self.workflow(name, args, options).await,
            _ => self.operation(name, args, options).await,
        }
    }

    async fn workflow(&mut self, name: &str, mut args: Args, options: &RequestOptions) -> Result<Given, Failure> {
        if name == "workflow_resume" {
            let state = match args.take("state") {
                None => self.flow()?.state(),
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
            };
            args.finish()?;
            let ra = self.make_client()?;
            self.flow = Some(ExternalVideoId::resume(ra, &state)?);
            return Ok(Given(Value::Null, None, String::new()));
        }
        let flow = self.flow()?;
        if name == "workflow_submit" {
            let (request, evidence) = (args.need("request")?, self.evidence(&mut args)?);
            let video = self.need_source(&mut args, "video")?;
            args.finish()?;
            self.pool.show(|| format!("{request:?} {evidence:?} {video:?} {options:?}"));
            return json_of(&flow.submit(&request, &evidence, &video, options).await?);
        }
        let rao = args.need("rao")?;
        let reason: Option<String> = args.opt("reason")?;
        args.finish()?;
        self.pool.show(|| format!("{rao:?}"));
        json_of(&match (name, reason) {
            ("workflow_validate", None) => flow.validate(&rao, options).await?,
            ("workflow_approve", None) => flow.approve(&rao, options).await?,
            ("workflow_refuse", Some(reason)) => flow.refuse(&rao, &reason, options).await?,
            _ => return Err(Failure::Runner(format!("a call that the runner does not know: {name}"))),
        })
    }
}

fn grow(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes())
}

/// Reports that go on to the end. A workflow makes two uploads, each counted from zero once the one before it was whole.
fn complete(seen: &[Progress]) -> Outcome {
    for pair in seen.windows(2) {
        if pair[1].sent < pair[0].sent && pair[0].sent != pair[0].total {
            return Err(format!("progress went back from {} to {}", pair[0].sent, pair[1].sent));
        }
    }
    match seen.last() {
        Some(last) if last.sent == last.total && last.total > 0 => Ok(()),
        last => Err(format!("progress did not come to its end: {last:?}")),
    }
}
