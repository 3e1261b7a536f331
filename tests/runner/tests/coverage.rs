//! The scenarios leave nothing out: every operation succeeds in one that is named after it, and every documented error is met.

use std::collections::BTreeSet;

use videoid::{Api, OPERATIONS, Operation};
use videoid_runner::scenario::{self, CallStep, Scenario, Step};

fn scenarios() -> Vec<Scenario> {
    scenario::files().expect("the scenarios follow their schema").iter().flat_map(Scenario::cases).collect()
}

fn calls(scenario: &Scenario) -> impl Iterator<Item = &CallStep> {
    scenario.steps.iter().filter_map(|step| match step {
        Step::Call(step) => Some(&**step),
        _ => None,
    })
}

/// The languages that have the operations of a tier.
fn languages(tier: u8) -> BTreeSet<&'static str> {
    let all = ["rust", "python", "node", "kotlin", "swift"];
    all.into_iter().take(if tier == 3 { 3 } else { 5 }).collect()
}

/// The dialects of the One-Shot API that have the operation; one empty word for other APIs.
fn dialects(operation: &Operation) -> &'static [&'static str] {
    match operation.api {
        Api::OneShot if operation.route.is_empty() => &["legacy"],
        Api::OneShot => &["current", "legacy"],
        _ => &[""],
    }
}

/// Whether the scenario speaks that dialect.
fn speaks(scenario: &Scenario, dialect: &str) -> bool {
    let own = scenario.client.one_shot.get("dialect").and_then(|own| own.as_str()).unwrap_or("current");
    dialect.is_empty() || own == dialect
}

/// Whether each language that has the operation runs the scenario.
fn is_for_all(scenario: &Scenario, operation: &Operation) -> bool {
    languages(operation.tier).iter().all(|language| scenario.target.iter().any(|target| target == language))
}

#[test]
fn every_operation_succeeds_in_a_scenario_that_is_named_after_it() {
    let scenarios = scenarios();
    let without: Vec<(&str, &str)> = OPERATIONS
        .iter()
        .flat_map(|operation| dialects(operation).iter().map(move |dialect| (operation, *dialect)))
        .filter(|(operation, dialect)| {
            !scenarios.iter().any(|scenario| {
                scenario.name.starts_with(operation.name)
                    && speaks(scenario, dialect)
                    && is_for_all(scenario, operation)
                    && calls(scenario).any(|step| step.call == operation.name && step.expect.error.is_none())
            })
        })
        .map(|(operation, dialect)| (operation.name, dialect))
        .collect();
    assert!(without.is_empty(), "no scenario of its name shows the success of {without:?}");
}

#[test]
fn every_documented_error_is_met_in_a_scenario_that_is_named_after_its_operation() {
    let scenarios = scenarios();
    let mut without = Vec::new();
    for operation in OPERATIONS {
        for status in operation.errors {
            let met = scenarios.iter().any(|scenario| {
                scenario.name.starts_with(operation.name)
                    && is_for_all(scenario, operation)
                    && calls(scenario)
                        .filter(|step| step.call == operation.name)
                        .any(|step| step.expect.error.as_ref().is_some_and(|error| error["http_status"] == *status))
            });
            if !met {
                without.push((operation.name, *status));
            }
        }
    }
    assert!(without.is_empty(), "no scenario of its name meets {without:?}");
}

#[test]
fn a_tier_is_run_by_the_languages_that_have_it() {
    for scenario in scenarios() {
        let target: BTreeSet<&str> = scenario.target.iter().map(String::as_str).collect();
        let most = languages(scenario.tier);
        assert!(target.is_subset(&most), "{}: {target:?} is more than tier {} has", scenario.name, scenario.tier);
        let needs_more = calls(&scenario).filter_map(|step| videoid::operation(&step.call)).any(|o| o.tier > scenario.tier);
        assert!(!needs_more, "{}: it calls an operation of a higher tier", scenario.name);
    }
}
