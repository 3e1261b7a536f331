//! A small source in, what the generator knows of it out.

use super::ir::{Default, Type};
use super::parse::{self, Sources};

const MODEL: &str = r#"
/// The key of a [`Thing`](Thing), see [here](https://example.com).
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct RequestPk(pub i64);

/// A word.
#[non_exhaustive]
pub enum Colour {
    /// Red.
    #[default]
    Red,
    /// Any other.
    Other(String),
}

impl Colour {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Red => "RED",
            Self::Other(word) => word,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// Its key.
    pub pk: RequestPk,
    /// Its name.
    #[serde(rename = "given-name", default, deserialize_with = "lenient::opt_secret")]
    pub given_name: Option<SensitiveString>,
    /// Its colours.
    #[serde(default)]
    pub colours: Vec<Colour>,
    /// The rest.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Limits.
#[derive(Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Bytes.
    pub bytes: i64,
    /// Colour.
    pub colour: Colour,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 4 << 20, ..Self::nothing() }
    }
}

/// Only an operation of tier 3 gives it.
#[derive(Serialize)]
pub struct Standing { pub colour: Tone, pub request: Option<Request> }

/// Only that one has it.
pub enum Tone { /// Low.
    Low }

impl Tone {
    pub fn as_str(&self) -> &str { match self { Self::Low => "low" } }
}

/// Nobody uses this one.
#[derive(Serialize)]
pub struct Unused { pub a: i64 }
"#;

const CLIENT: &str = r"
impl RegistrationAuthority {
    pub fn new(config: RaConfig) -> Result<Self> { loop {} }
    /// Reads it.
    pub async fn get_request(&self, request_pk: RequestPk, images_dir: Option<&Path>, options: &RequestOptions) -> Result<Request> { loop {} }
    /// Reads more.
    pub async fn get_status(&self, label: &str, options: &RequestOptions) -> Result<Standing> { loop {} }
    async fn private(&self) {}
}
";

const TABLE: &str = r#"
pub static OPERATIONS: &[Operation] = &[
    Operation { host: Host::Upload, ..lost(ra("get_request", Class::Reconcile, "GET", "/requests/{request_pk}/", &[404]), "look") },
    Operation { tier: 3, ..lost(ra("get_status", Class::Never, "POST", "/status/", &[]), "ask") },
    ra("not_written_yet", Class::Safe, "GET", "/", &[]),
];
"#;

const CODES: &str = r#"
pub enum ErrorCategory { /// Settings.
    Config }
impl ErrorCategory { pub const fn as_str(self) -> &'static str { match self { Self::Config => "config" } } }
error_codes! {
    /// A setting is wrong.
    /// Not retryable.
    ConfigInvalid = "config_invalid", Config;
}
"#;

const ERROR: &str = r#"
pub enum Wire { /// Nothing.
    NotSent }
impl Wire { pub const fn as_str(self) -> &'static str { match self { Self::NotSent => "not_sent" } } }
"#;

fn file(source: &str) -> syn::File {
    syn::parse_file(source).expect("the sample parses")
}

fn sample() -> super::ir::Ir {
    let mut sources = Sources::default();
    sources.add_types(&file(MODEL), "videoid::model");
    sources.add_methods(&file(CLIENT));
    sources.add_table(&file(TABLE)).expect("a table");
    sources.add_errors(&file(CODES), &file(ERROR)).expect("errors");
    sources.finish().expect("all names resolve")
}

#[test]
fn a_struct_is_read_with_wire_names_defaults_and_what_is_sensitive() {
    let ir = sample();
    let request = ir.find_struct("Request").expect("found");
    let seen: Vec<_> =
        request.fields.iter().map(|f| (f.name.as_str(), f.wire_name.as_str(), f.optional, f.has_default, f.sensitive)).collect();
    assert_eq!(
        seen,
        [
            ("pk", "pk", false, false, false),
            ("given_name", "given-name", true, true, true),
            ("colours", "colours", false, true, false),
            ("extra", "extra", false, true, true),
        ]
    );
    assert_eq!(request.fields[1].ty, Type::Option(Box::new(Type::Secret)));
    assert_eq!(request.fields[2].ty, Type::List(Box::new(Type::Enum("Colour".into()))));
    assert!(request.fields[3].flatten && !request.input && !request.has_default);
    assert_eq!(request.path, "videoid::model::Request");
}

#[test]
fn defaults_are_computed() {
    let ir = sample();
    let limits = ir.find_struct("Limits").expect("found");
    let defaults: Vec<_> = limits.fields.iter().map(|f| f.default.clone()).collect();
    assert_eq!(defaults, [Some(Default::Int(4 << 20)), Some(Default::Word("RED".into()))]);
    assert!(limits.input && limits.has_default);
}

#[test]
fn an_operation_has_its_parameters_and_the_tables_row() {
    let ir = sample();
    assert_eq!(ir.operations.len(), 2);
    let operation = &ir.operations[0];
    assert_eq!((operation.name.as_str(), operation.class.as_str(), operation.when_lost.as_str()), ("get_request", "reconcile", "look"));
    assert_eq!(operation.docs, "Reads it.");
    assert_eq!(operation.result, Type::Struct("Request".into()));
    let params: Vec<_> = operation.params.iter().map(|p| (p.name.as_str(), p.ty.clone(), p.by_ref, p.optional)).collect();
    assert_eq!(
        params,
        [("request_pk", Type::Id("RequestPk".into()), false, false), ("images_dir", Type::Option(Box::new(Type::Path)), true, true)]
    );
}

#[test]
fn what_only_a_higher_tier_names_is_left_out_below_it() {
    let ir = sample();
    assert_eq!(ir.operations.iter().map(|o| o.tier).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(ir.operations[1].when_lost, "ask");
    assert!(ir.find_struct("Standing").is_some_and(|s| s.tier == 3) && ir.find_struct("Request").is_some_and(|s| s.tier == 2));
    // The first tier has what a capture app needs, and what that holds.
    assert!(ir.find_struct("Limits").is_some_and(|s| s.tier == 1) && ir.find_enum("Colour").is_some_and(|e| e.tier == 1));
    let below = ir.up_to(2);
    assert_eq!(below.operations.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(), ["get_request"]);
    assert!(below.find_struct("Standing").is_none() && below.find_enum("Tone").is_none());
    assert!(below.find_struct("Request").is_some() && below.find_enum("Colour").is_some() && below.find_id("RequestPk").is_some());
}

#[test]
fn words_ids_and_codes_are_read_and_links_are_plain() {
    let ir = sample();
    let colour = ir.find_enum("Colour").expect("found");
    assert!(colour.other);
    assert_eq!((colour.variants[0].name.as_str(), colour.variants[0].word.as_str()), ("Red", "RED"));
    let id = ir.find_id("RequestPk").expect("found");
    assert!(id.numeric);
    assert_eq!(id.docs, "The key of a `Thing`, see here.");
    assert_eq!((ir.error_codes[0].code.as_str(), ir.error_codes[0].category.as_str()), ("config_invalid", "config"));
    assert_eq!(ir.error_codes[0].docs, "A setting is wrong.\nNot retryable.");
    assert!(ir.find_struct("Unused").is_none());
}

#[test]
fn a_type_that_no_binding_can_carry_is_refused_by_name() {
    let mut sources = Sources::default();
    let source = "#[derive(Serialize)] pub struct Request { pub a: Cow<'static, str> }";
    sources.add_types(&file(source), "videoid::model");
    assert!(sources.finish().expect_err("refused").contains("Cow"));
}

#[test]
fn the_core_as_it_is_gives_what_is_committed() {
    let root = crate::repo::root();
    let ir = parse::read(&root.join("core/src")).expect("the core is read");
    assert!(ir.operations.len() >= 15 && ir.error_codes.len() >= 40, "{} {}", ir.operations.len(), ir.error_codes.len());
    super::compare(&root, &super::outputs(&ir).expect("outputs")).expect("nothing differs");
}

#[test]
fn a_file_that_differs_is_named_with_the_line() {
    let folder = std::env::temp_dir().join(format!("videoid-generate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.rs"), "one\ntwo\n").expect("written");
    let outputs = [("a.rs".into(), "one\n2\n".to_owned()), ("b.rs".into(), String::new())];
    let error = super::compare(&folder, &outputs).expect_err("both differ").to_string();
    assert!(error.contains("a.rs: line 2: has `two`, should have `2`") && error.contains("b.rs: is not there"), "{error}");
    super::write(&folder, &outputs).expect("written");
    super::compare(&folder, &outputs).expect("nothing differs any more");
    std::fs::remove_dir_all(&folder).expect("removed");
}
