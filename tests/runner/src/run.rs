//! Runs one scenario.

mod calls;
mod client;
mod flows;
mod inputs;
mod one_shot;
mod one_shot_flows;
mod operations;
mod waiting;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use videoid::evidence::{Bundle, Evidence};
use videoid::webhook::WebhookInbox;
use videoid::{Error, OneShot, Progress, RegistrationAuthority};
use videoid_sandbox::Sandbox;

use crate::matching::differences;
use crate::sandboxes::Pool;
use crate::scenario::{CallStep, ClientSetup, ReceivedMode, Scenario, Step};
use crate::values::{Args, error_json};
use crate::{Outcome, control};
use flows::Flow;
use one_shot_flows::OneShotFlow;

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
    one_shot: Option<OneShot>,
    flow: Option<Flow>,
    one_shot_flow: Option<OneShotFlow>,
    inbox: WebhookInbox,
    /// How many deliveries were relayed.
    relayed: Arc<AtomicUsize>,
    /// The file that grows during the next call, and after how many bytes.
    append: Option<(PathBuf, i64)>,
}

impl<'a> Run<'a> {
    fn new(scenario: &'a Scenario, sandbox: &'a Sandbox, pool: &'a Pool) -> Outcome<Self> {
        let ready = sandbox.ready();
        let has = |flag: &str| scenario.sandbox.args.iter().any(|arg| arg == flag);
        // The same officer, under the name that the One-Shot API has for the id.
        let mut one_shot_rao = ready["rao"].clone();
        if let Some(fields) = one_shot_rao.as_object_mut()
            && let Some(id) = fields.remove("rao_id")
        {
            fields.insert("rao".to_owned(), id);
        }
        let mut saved = HashMap::from([
            ("rao".to_owned(), ready["rao"].clone()),
            ("ra".to_owned(), ready["ra"]["id"].clone()),
            ("one_shot".to_owned(), ready["one_shot"].clone()),
            ("one_shot_rao".to_owned(), one_shot_rao),
        ]);
        if let Some(variant) = &scenario.variant {
            saved.insert("variant".to_owned(), Value::Object(variant.values.clone()));
        }
        Ok(Self {
            setup: &scenario.client,
            tls: has("--tls"),
            upload_mutual_tls: has("--upload-mutual-tls"),
            sandbox,
            pool,
            temp: tempfile::tempdir().map_err(|e| e.to_string())?,
            saved,
            objects: HashMap::new(),
            ra: None,
            one_shot: None,
            flow: None,
            one_shot_flow: None,
            inbox: WebhookInbox::new(),
            relayed: Arc::default(),
            append: None,
        })
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
            let found = parts.try_fold(found, |at, part| at.get(part)).ok_or_else(|| format!("nothing was saved as {name}"))?;
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
