//! `cargo xtask parity`: what each built package exposes against what the core has and `tests/parity.toml` says, both ways.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::args::Args;
use crate::error::{Error, Result};
use crate::generate;
use crate::generate::ir::{Api, Ir, camel};
use crate::{repo, say};

pub(crate) const HELP: &str = "\
cargo xtask parity [--all] [--only LANGUAGES]

Compares what each built package exposes (target/surface, written by its tests) with the core and tests/parity.toml.

  --only LANGUAGES   some of python,node,kotlin,swift
  --all              a language whose surface was not written is a failure; else it is left out and named
";

const LANGUAGES: [&str; 4] = ["python", "node", "kotlin", "swift"];

/// `tests/parity.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parity {
    languages: BTreeMap<String, String>,
    options: Names,
    errors: Attributes,
    classes: Names,
    #[serde(default)]
    methods: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    rename: Vec<Rename>,
    #[serde(default)]
    hole: Vec<Exception>,
    #[serde(default)]
    extra: Vec<Exception>,
}

/// The core's name, and the name in each language.
type Names = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attributes {
    attributes: Vec<String>,
}

/// A name that does not follow the rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rename {
    language: String,
    name: String,
    to: String,
    reason: String,
}

/// A name that one language lacks, or has alone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    language: String,
    name: String,
    reason: String,
}

/// `cargo xtask parity`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let all = args.flag("--all");
    let only = args.words("--only", &LANGUAGES)?;
    args.finish()?;
    let file = repo::root().join("tests/parity.toml");
    let text = fs::read_to_string(&file).map_err(|e| Error::io("cannot read", &file, &e))?;
    let parity: Parity = toml::from_str(&text).map_err(|e| Error::new(format!("tests/parity.toml: {e}")))?;
    let ir = generate::read_core()?;
    let mut faults = own_faults(&parity);
    let mut compared = 0;
    for language in LANGUAGES.into_iter().filter(|l| only.as_ref().is_none_or(|only| only.iter().any(|o| o == l))) {
        let path = repo::target().join("surface").join(format!("{language}.json"));
        let Ok(text) = fs::read(&path) else {
            let line = format!("{language}: no surface at {}; its tests write it", path.display());
            if all {
                faults.push(line);
            } else {
                say(&line);
            }
            continue;
        };
        let surface: Value = serde_json::from_slice(&text).map_err(|e| Error::new(format!("{}: {e}", path.display())))?;
        let wanted = expected(&parity, &ir, language);
        compared += wanted.len();
        faults.extend(compare(&parity, language, &wanted, &exposed(&surface)));
    }
    if faults.is_empty() {
        say(&format!("{compared} names are what they should be"));
        return Ok(());
    }
    Err(Error::new(format!("{} names differ:\n  {}", faults.len(), faults.join("\n  "))))
}

/// What is wrong with the file itself.
fn own_faults(parity: &Parity) -> Vec<String> {
    let mut faults = Vec::new();
    let exceptions = parity.hole.iter().chain(&parity.extra).map(|e| (&e.language, &e.name, &e.reason));
    for (language, name, reason) in exceptions.chain(parity.rename.iter().map(|r| (&r.language, &r.name, &r.reason))) {
        if reason.trim().is_empty() {
            faults.push(format!("tests/parity.toml: {language} {name} needs a reason"));
        }
        if !parity.languages.contains_key(language) {
            faults.push(format!("tests/parity.toml: there is no language {language}"));
        }
    }
    for (language, case) in &parity.languages {
        if !LANGUAGES.contains(&language.as_str()) || !["snake", "camel"].contains(&case.as_str()) {
            faults.push(format!("tests/parity.toml: languages.{language} = {case:?} is not known"));
        }
    }
    faults
}

/// What the core has for a language: Kotlin and Swift lack the highest tier by rule, which is no hole.
fn of_language(ir: &Ir, language: &str) -> Ir {
    match language {
        "kotlin" | "swift" => ir.up_to(generate::MOBILE_TIER),
        _ => ir.clone(),
    }
}

/// Every name that a language must expose, with the core's name that it stands for.
fn expected(parity: &Parity, ir: &Ir, language: &str) -> BTreeMap<String, String> {
    let ir = of_language(ir, language);
    let snake = parity.languages.get(language).is_some_and(|case| case == "snake");
    let case = |name: &str| if snake { name.to_owned() } else { camel(name) };
    let mut out = BTreeMap::new();
    let mut add = |core: String, own: String| {
        let renamed = parity.rename.iter().find(|r| r.language == language && r.name == core);
        out.insert(renamed.map_or(own, |r| r.to.clone()), core);
    };
    for operation in &ir.operations {
        // Each belongs to the class of its API.
        let kind = kind(operation.api);
        add(format!("{kind}.{}", operation.name), format!("{kind}.{}", case(&operation.name)));
    }
    for model in &ir.structs {
        for field in &model.fields {
            add(format!("models.{}.{}", model.name, field.name), format!("models.{}.{}", model.name, case(&field.name)));
        }
    }
    for code in &ir.error_codes {
        add(format!("errors.codes.{}", code.code), format!("errors.codes.{}", code.code));
    }
    for category in &ir.error_categories {
        add(format!("errors.categories.{}", category.word), format!("errors.categories.{}", category.word));
    }
    for attribute in &parity.errors.attributes {
        add(format!("errors.attributes.{attribute}"), format!("errors.attributes.{}", case(attribute)));
    }
    for (class, methods) in &parity.methods {
        let own = parity.classes.get(class).and_then(|names| names.get(language)).unwrap_or(class);
        for method in methods {
            add(format!("methods.{class}.{method}"), format!("methods.{own}.{}", case(method)));
        }
    }
    for (kind, names) in [("options", &parity.options), ("classes", &parity.classes)] {
        for (core, own) in names {
            let own = own.get(language).unwrap_or(core);
            add(format!("{kind}.{core}"), format!("{kind}.{own}"));
        }
    }
    out
}

/// Where a surface file holds the operations of a client.
const fn kind(api: Api) -> &'static str {
    match api {
        Api::RegistrationAuthority => "operations",
        Api::OneShot => "one_shot_operations",
    }
}

/// Every name that a surface file holds.
fn exposed(surface: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut add = |kind: &str, names: Option<&Value>| {
        // A list of names, or an object whose keys are the names.
        let listed = names.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        let keyed = names.and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone());
        out.extend(listed.chain(keyed).map(|name| format!("{kind}.{name}")));
    };
    for kind in ["operations", "one_shot_operations", "options", "classes"] {
        add(kind, surface.get(kind));
    }
    for kind in ["codes", "categories", "attributes"] {
        add(&format!("errors.{kind}"), surface.pointer(&format!("/errors/{kind}")));
    }
    for kind in ["models", "methods"] {
        for (name, members) in surface.get(kind).and_then(Value::as_object).into_iter().flatten() {
            add(&format!("{kind}.{name}"), Some(members));
        }
    }
    out
}

fn compare(parity: &Parity, language: &str, wanted: &BTreeMap<String, String>, there: &BTreeSet<String>) -> Vec<String> {
    let exception = |list: &[Exception], name: &str| list.iter().any(|e| e.language == language && covers(&e.name, name));
    let mut faults = Vec::new();
    // What else a client does may stand beside its operations, as the language finds it.
    let beside: BTreeSet<String> = Api::ALL
        .into_iter()
        .flat_map(|api| {
            let client = format!("methods.{}.", api.client());
            wanted.keys().filter_map(move |own| Some(format!("{}.{}", kind(api), own.strip_prefix(&client)?)))
        })
        .collect();
    for (own, core) in wanted {
        match (there.contains(own), exception(&parity.hole, core)) {
            (false, false) => faults.push(format!("{language}: {own} is missing ({core})")),
            (true, true) => faults.push(format!("{language}: {own} is there, and tests/parity.toml calls it a hole")),
            _ => {}
        }
    }
    for own in there {
        // A language's own types, functions and methods are its idiom.
        let idiom = own.starts_with("classes.") || own.starts_with("methods.") || beside.contains(own);
        if !wanted.contains_key(own) && !idiom && !exception(&parity.extra, own) {
            faults.push(format!("{language}: {own} is not in the core"));
        }
    }
    for extra in parity.extra.iter().filter(|e| e.language == language) {
        if !there.iter().any(|own| covers(&extra.name, own) && !wanted.contains_key(own)) {
            faults.push(format!("{language}: {} is called an extra in tests/parity.toml and is not there", extra.name));
        }
    }
    for hole in parity.hole.iter().filter(|e| e.language == language) {
        if !wanted.values().any(|core| covers(&hole.name, core)) {
            faults.push(format!("{language}: {} is called a hole in tests/parity.toml and is no name of the core", hole.name));
        }
    }
    faults
}

/// Whether an exception is for this name: itself, or all below it (`models.FieldIssue`).
fn covers(exception: &str, name: &str) -> bool {
    name.strip_prefix(exception).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parity(more: &str) -> Parity {
        let base = "[languages]\npython = \"snake\"\nnode = \"camel\"\n[options]\ncancel = { node = \"signal\" }\n[errors]\nattributes = [\"http_status\"]\n[classes]\n";
        toml::from_str(&format!("{base}{more}")).expect("the form of parity.toml")
    }

    fn ir() -> Ir {
        use crate::generate::ir::{ErrorCode, Word};
        Ir {
            error_codes: vec![ErrorCode { code: "not_found".into(), category: "api".into(), docs: String::new() }],
            error_categories: vec![Word { name: "Api".into(), word: "api".into(), docs: String::new() }],
            ..Ir::default()
        }
    }

    fn faults(parity: &Parity, language: &str, surface: &Value) -> Vec<String> {
        compare(parity, language, &expected(parity, &ir(), language), &exposed(surface))
    }

    #[test]
    fn names_follow_their_rule_and_differences_are_found_both_ways() {
        let node = json!({"options": ["signal"], "errors": {"codes": ["not_found"], "categories": ["api"], "attributes": ["httpStatus"]}, "classes": ["Own"]});
        assert_eq!(faults(&parity(""), "node", &node), Vec::<String>::new());
        let python = json!({"options": {"cancel": {}}, "errors": {"codes": {"not_found": "api"}, "categories": ["api"], "attributes": ["http_status"]}});
        assert_eq!(faults(&parity(""), "python", &python), Vec::<String>::new());
        let mut other = node.clone();
        other["operations"] = json!(["createRequest"]);
        other["errors"]["codes"] = json!([]);
        assert_eq!(
            faults(&parity(""), "node", &other),
            ["node: errors.codes.not_found is missing (errors.codes.not_found)", "node: operations.createRequest is not in the core"]
        );
    }

    #[test]
    fn methods_are_looked_for_under_the_own_name_of_their_class() {
        let parity = parity("Flow = { node = \"FLow\" }\n[methods]\nFlow = [\"ways_on\"]\nRegistrationAuthority = [\"wait_for\"]\n");
        let errors = json!({"codes": ["not_found"], "categories": ["api"], "attributes": ["httpStatus"]});
        let mut node = json!({"options": ["signal"], "classes": ["FLow"], "operations": ["waitFor"], "methods": {"FLow": ["waysOn", "own"], "RegistrationAuthority": ["waitFor"]}, "errors": errors});
        assert_eq!(faults(&parity, "node", &node), Vec::<String>::new());
        node["methods"] = json!({});
        assert_eq!(
            faults(&parity, "node", &node),
            [
                "node: methods.FLow.waysOn is missing (methods.Flow.ways_on)",
                "node: methods.RegistrationAuthority.waitFor is missing (methods.RegistrationAuthority.wait_for)"
            ]
        );
    }

    #[test]
    fn the_highest_tier_is_no_hole_on_a_phone() {
        use crate::generate::ir::{Operation, Type};
        let ir = |tier| Ir {
            operations: vec![Operation {
                api: Api::RegistrationAuthority,
                legacy_route: None,
                name: "unlock_pin".into(),
                docs: String::new(),
                tier,
                class: "never".into(),
                method: "POST".into(),
                route: "/".into(),
                when_lost: "ask".into(),
                params: Vec::new(),
                result: Type::Bool,
            }],
            ..Ir::default()
        };
        let has = |tier, language| expected(&parity(""), &ir(tier), language).keys().any(|name| name.starts_with("operations."));
        assert!(has(3, "python") && has(3, "node") && !has(3, "kotlin") && !has(3, "swift"));
        assert!(has(2, "kotlin") && has(2, "swift"));
    }

    #[test]
    fn exceptions_hold_only_while_they_are_true() {
        let surface =
            json!({"models": {"Own": ["a", "b"]}, "errors": {"codes": ["not_found"], "categories": ["api"], "attributes": ["httpStatus"]}});
        let good = "[[hole]]\nlanguage = \"node\"\nname = \"options.cancel\"\nreason = \"r\"\n[[extra]]\nlanguage = \"node\"\nname = \"models.Own\"\nreason = \"r\"\n";
        assert_eq!(faults(&parity(good), "node", &surface), Vec::<String>::new());
        let stale = "[[extra]]\nlanguage = \"node\"\nname = \"models.Gone\"\nreason = \"r\"\n[[hole]]\nlanguage = \"node\"\nname = \"errors.codes\"\nreason = \"r\"\n";
        assert_eq!(faults(&parity(stale), "node", &surface).len(), 5);
        let own = parity("[[hole]]\nlanguage = \"cobol\"\nname = \"options.cancel\"\nreason = \" \"\n");
        assert_eq!(own_faults(&own).len(), 2);
    }
}
