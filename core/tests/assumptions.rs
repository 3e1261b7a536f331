//! ASSUMPTIONS.md against what there is: each entry has a setting or a rule, a switch of the sandbox, and a scenario with two sides.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::path::Path;

use serde_json::Value;
use videoid::{OneShotConfig, RaConfig};

struct Row {
    number: usize,
    client: String,
    sandbox: String,
    scenarios: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The words between backticks.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The tables of both APIs: the letter of their entries, and the settings.
fn tables() -> [(char, Value); 2] {
    let mut ra = serde_json::to_value(RaConfig::default()).unwrap();
    // Two settings without a default are left out or null: their names are known all the same.
    let named = ra.as_object_mut().unwrap();
    for name in ["video_pk", "upload_tls"] {
        named.insert(name.to_owned(), Value::Bool(true));
    }
    [('A', ra), ('B', serde_json::to_value(OneShotConfig::default()).unwrap())]
}

fn rows(letter: char) -> Vec<Row> {
    read("ASSUMPTIONS.md")
        .lines()
        .filter(|line| line.strip_prefix(&format!("| {letter}")).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [number, _, _, _, _, client, sandbox, scenario] = cells[..] else { panic!("not eight cells: {line}") };
            let scenarios = code(scenario);
            Row { number: number[1..].parse().unwrap(), client: client.to_owned(), sandbox: sandbox.to_owned(), scenarios }
        })
        .collect()
}

#[test]
fn each_assumption_has_a_setting_or_a_rule() {
    for ((letter, settings), least) in tables().into_iter().zip([29, 20]) {
        let rows = rows(letter);
        assert!(rows.len() >= least, "{letter}: {} rows", rows.len());
        for (index, row) in rows.iter().enumerate() {
            assert_eq!(row.number, index + 1);
            if let Some(rule) = row.client.strip_prefix("rule: ") {
                assert!(rule.len() > 3, "{letter}{}: {rule}", row.number);
                continue;
            }
            let pointer = format!("/{}", code(&row.client)[0].replace('.', "/"));
            assert!(settings.pointer(&pointer).is_some(), "{letter}{}: no setting {pointer}", row.number);
        }
        let assumptions = settings["assumptions"].as_object().unwrap();
        for name in assumptions.keys() {
            let count = rows.iter().filter(|row| row.client.starts_with(&format!("`assumptions.{name}`"))).count();
            assert_eq!(count, 1, "{letter}: assumptions.{name} is one entry");
        }
    }
}

#[test]
fn each_assumption_has_a_switch_of_the_sandbox() {
    let readme = read("tests/sandbox/README.md");
    for (letter, _) in tables() {
        for row in rows(letter) {
            let switch = match row.sandbox.strip_prefix("faults `drop`") {
                Some(_) => "drop".to_owned(),
                None => code(&row.sandbox)[0].clone(),
            };
            assert!(readme.contains(&switch), "{letter}{}: no switch {switch}", row.number);
        }
    }
}

#[test]
fn each_assumption_is_tried_from_both_sides() {
    for (letter, _) in tables() {
        for row in rows(letter) {
            assert!(!row.scenarios.is_empty(), "{letter}{}", row.number);
            for name in &row.scenarios {
                let start = format!("assumption_{}{:02}_", letter.to_ascii_lowercase(), row.number);
                assert!(name.starts_with(&start), "{letter}{}: {name}", row.number);
                let scenario: Value = serde_json::from_str(&read(&format!("tests/scenarios/{name}.json"))).unwrap();
                let variants = scenario["variants"].as_array().map_or(0, Vec::len);
                assert!(variants >= 2, "{name}: {variants} variants");
                assert_eq!(scenario["target"].as_array().unwrap().len(), if scenario["tier"] == 3 { 3 } else { 5 }, "{name}");
            }
        }
    }
}
