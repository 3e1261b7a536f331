//! The form of a scenario; `tests/scenarios/README.md` explains it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{Outcome, tests_folder};

/// One script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The name of its file and of its test.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// 1 needs no network.
    pub tier: u8,
    /// The languages that run it.
    pub target: Vec<String>,
    /// Run with nothing beside it.
    #[serde(default)]
    pub alone: bool,
    /// What the sandbox is to be like.
    #[serde(default)]
    pub sandbox: SandboxSetup,
    /// What the client is made with.
    #[serde(default)]
    pub client: ClientSetup,
    /// The scenario runs once for each.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// What happens.
    pub steps: Vec<Step>,
    /// Whether `received` lists all requests.
    #[serde(default)]
    pub received_mode: ReceivedMode,
    /// What the service must have received.
    pub received: Option<Vec<Value>>,
    /// Which of the variants this is, once they are laid over the scenario.
    #[serde(skip)]
    pub variant: Option<Variant>,
}

/// What one run of a scenario has of its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// In place of the sandbox's arguments.
    pub args: Option<Vec<String>>,
    /// In place of the number of cards.
    pub cards: Option<u64>,
    /// Laid over the sandbox's settings.
    pub settings: Map<String, Value>,
    /// In place of the faults.
    pub faults: Option<Vec<Value>>,
    /// Laid over the client's settings.
    pub config: Map<String, Value>,
    /// Laid over the settings of the One-Shot client.
    pub one_shot: Map<String, Value>,
    /// In place of the client's identity.
    pub identity: Option<String>,
    /// In place of whether the upload host gets the identity.
    pub upload_identity: Option<bool>,
    /// In place of the root.
    pub trust: Option<String>,
    /// In place of the addresses.
    pub url: Option<String>,
    /// What `${variant.x}` gives.
    pub values: Map<String, Value>,
    /// In place of what the service must have received.
    pub received: Option<Vec<Value>>,
    /// In place of how that is compared.
    pub received_mode: Option<ReceivedMode>,
}

impl Scenario {
    /// The name of the test case.
    pub fn title(&self) -> String {
        match &self.variant {
            None => self.name.clone(),
            Some(variant) => format!("{}[{}]", self.name, variant.name),
        }
    }

    /// The scenario, or one for each variant with that laid over it.
    pub fn cases(&self) -> Vec<Self> {
        if self.variants.is_empty() {
            return vec![self.clone()];
        }
        self.variants.iter().map(|variant| self.with(variant)).collect()
    }

    fn with(&self, variant: &Variant) -> Self {
        fn put<T: Clone>(place: &mut T, own: Option<&T>) {
            if let Some(own) = own {
                place.clone_from(own);
            }
        }
        fn put_some<T: Clone>(place: &mut Option<T>, own: Option<&T>) {
            if own.is_some() {
                *place = own.cloned();
            }
        }
        let mut case = self.clone();
        put(&mut case.sandbox.args, variant.args.as_ref());
        put_some(&mut case.sandbox.cards, variant.cards.as_ref());
        case.sandbox.settings.extend(variant.settings.clone());
        put(&mut case.sandbox.faults, variant.faults.as_ref());
        case.client.config.extend(variant.config.clone());
        case.client.one_shot.extend(variant.one_shot.clone());
        put_some(&mut case.client.identity, variant.identity.as_ref());
        put_some(&mut case.client.upload_identity, variant.upload_identity.as_ref());
        put_some(&mut case.client.trust, variant.trust.as_ref());
        put_some(&mut case.client.url, variant.url.as_ref());
        put_some(&mut case.received, variant.received.as_ref());
        put(&mut case.received_mode, variant.received_mode.as_ref());
        case.steps.retain(|step| step.only().is_none_or(|names| names.contains(&variant.name)));
        case.variants = Vec::new();
        case.variant = Some(variant.clone());
        case
    }
}

/// How the list of received requests is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceivedMode {
    /// All of them, in order.
    #[default]
    All,
    /// In this order, others between them.
    Contains,
}

/// What the sandbox is to be like.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SandboxSetup {
    /// Arguments of its program.
    pub args: Vec<String>,
    /// Unused scratchcards.
    pub cards: Option<u64>,
    /// Assumptions that are turned round.
    pub settings: Map<String, Value>,
    /// Faults that wait for calls.
    pub faults: Vec<Value>,
}

/// What the client is made with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClientSetup {
    /// Laid over the settings, field by field.
    pub config: Map<String, Value>,
    /// The same for the One-Shot client.
    pub one_shot: Map<String, Value>,
    /// Which client certificate and key.
    pub identity: Option<String>,
    /// Whether the upload host gets the identity too.
    pub upload_identity: Option<bool>,
    /// Which root is trusted.
    pub trust: Option<String>,
    /// Which addresses.
    pub url: Option<String>,
}

/// One step.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Step {
    /// A call of the product.
    Call(Box<CallStep>),
    /// A call of the sandbox's control API.
    Control(ControlStep),
    /// A file is made or changed.
    File(FileStep),
}

impl Step {
    /// The variants that have the step; `None`: all.
    pub fn only(&self) -> Option<&[String]> {
        match self {
            Self::Call(step) => step.only.as_deref(),
            Self::Control(step) => step.only.as_deref(),
            Self::File(step) => step.only.as_deref(),
        }
    }
}

/// A call of the product.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallStep {
    /// Its name.
    pub call: String,
    /// The variants that have it.
    pub only: Option<Vec<String>>,
    /// Its arguments.
    #[serde(default)]
    pub args: Map<String, Value>,
    /// Its options.
    #[serde(default)]
    pub options: Options,
    /// Values of the result to be kept: name to JSON pointer.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
    /// The name under which the object itself is kept.
    pub save_as: Option<String>,
    /// What must come of it.
    #[serde(default)]
    pub expect: Expect,
}

/// Options of a call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// Time limit of the call.
    pub timeout_ms: Option<u64>,
    /// Reports are collected.
    pub progress: bool,
    /// The call is cancelled once a report has so many bytes.
    pub cancel_after_bytes: Option<i64>,
    /// The call is cancelled before it begins.
    pub cancel_before: bool,
}

/// What must come of a call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expect {
    /// A subset of the result.
    pub result: Option<Value>,
    /// A subset of the error.
    pub error: Option<Value>,
    /// `complete`: progress came to its end.
    pub progress: Option<String>,
}

/// A call of the control API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlStep {
    /// The call.
    pub control: Control,
    /// The variants that have it.
    pub only: Option<Vec<String>>,
    /// Values of the answer to be kept.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
    /// What must come of it.
    #[serde(default)]
    pub expect: Expect,
}

/// A call of the control API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// HTTP method.
    pub method: String,
    /// Path below `/control/v1`.
    pub path: String,
    /// JSON body.
    #[serde(default)]
    pub body: Value,
}

/// A file is made or changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileStep {
    /// What is done.
    pub file: FileAction,
    /// The variants that have it.
    pub only: Option<Vec<String>>,
}

/// What is done to a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileAction {
    /// Make this one.
    pub write: Option<String>,
    /// From a fixture.
    pub fixture: Option<String>,
    /// From nothing, of that kind.
    pub generate: Option<String>,
    /// How long.
    pub bytes: Option<u64>,
    /// From, or with, this text.
    pub text: Option<String>,
    /// Lengthen this one by `text`.
    pub append: Option<String>,
    /// Remove this one.
    pub remove: Option<String>,
    /// Lengthen this one while the next call runs.
    pub append_during_next_call: Option<String>,
    /// Once so many bytes are sent.
    pub after_bytes: Option<i64>,
}

/// Every scenario whatever its target, in the order of the names. Each file is checked against the schema.
///
/// # Errors
/// A file that cannot be read or breaks the format.
pub fn files() -> Outcome<Vec<Scenario>> {
    let folder = tests_folder().join("scenarios");
    let read = |name: &str| -> Outcome<Value> {
        let text = std::fs::read(folder.join(name)).map_err(|e| format!("{name}: {e}"))?;
        serde_json::from_slice(&text).map_err(|e| format!("{name}: {e}"))
    };
    let schema = read("schema.json")?;
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|e| e == "json") && name != "schema.json")
        .collect();
    names.sort();
    let mut out = Vec::new();
    for name in names {
        let value = read(&name)?;
        let faults = crate::schema::check(&schema, &value);
        if !faults.is_empty() {
            return Err(format!("{name} breaks schema.json: {}", faults.join("; ")));
        }
        let scenario: Scenario = serde_json::from_value(value).map_err(|e| format!("{name}: {e}"))?;
        if format!("{}.json", scenario.name) != name {
            return Err(format!("{name}: the name inside is {}", scenario.name));
        }
        scenario.check_names().map_err(|why| format!("{name}: {why}"))?;
        out.push(scenario);
    }
    Ok(out)
}

/// Every case that Rust runs; `VIDEOID_SCENARIO` picks a scenario or one of its variants.
///
/// # Errors
/// As [`files`].
pub fn all() -> Outcome<Vec<Scenario>> {
    let only = std::env::var("VIDEOID_SCENARIO").ok();
    let wanted = |case: &Scenario| only.as_ref().is_none_or(|only| *only == case.name || *only == case.title());
    Ok(files()?.iter().filter(|s| s.target.iter().any(|t| t == "rust")).flat_map(Scenario::cases).filter(wanted).collect())
}

impl Scenario {
    /// Two variants of one name would be one test; a step for a variant that is not there would never run.
    fn check_names(&self) -> Outcome {
        let names: Vec<&str> = self.variants.iter().map(|v| v.name.as_str()).collect();
        if let Some(twice) = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
            return Err(format!("two variants have the name {}", twice.1));
        }
        let strange = self.steps.iter().filter_map(Step::only).flatten().find(|name| !names.contains(&name.as_str()));
        strange.map_or(Ok(()), |name| Err(format!("a step is for the variant {name}, which is not there")))
    }
}
