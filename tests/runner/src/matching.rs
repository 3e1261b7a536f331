//! How what was expected is compared with what came.

use regex_lite::Regex;
use serde_json::Value;

/// What of `expected` is not in `actual`, each with its place; `None` stands for what is absent.
pub fn differences(expected: &Value, actual: Option<&Value>) -> Vec<String> {
    let mut out = Vec::new();
    compare(expected, actual, "", &mut out);
    out
}

fn compare(expected: &Value, actual: Option<&Value>, at: &str, out: &mut Vec<String>) {
    let mut differs = |text: String| out.push(format!("{}: {text}", if at.is_empty() { "/" } else { at }));
    match expected {
        Value::Object(map) if map.len() == 1 && map.contains_key("$type") => {
            let there = actual.filter(|value| !value.is_null());
            let fits = match map["$type"].as_str().unwrap_or_default() {
                "string" => there.is_some_and(Value::is_string),
                "number" => there.is_some_and(Value::is_number),
                "bool" => there.is_some_and(Value::is_boolean),
                "present" => there.is_some(),
                "absent" => there.is_none(),
                other => return differs(format!("there is no $type {other}")),
            };
            if !fits {
                differs(format!("expected {}, got {}", map["$type"], show(actual)));
            }
        }
        Value::Object(map) if map.len() == 1 && map.contains_key("$match") => {
            let pattern = map["$match"].as_str().unwrap_or_default();
            match Regex::new(pattern) {
                Ok(regex) if actual.and_then(Value::as_str).is_some_and(|text| regex.is_match(text)) => {}
                Ok(_) => differs(format!("expected a match of {pattern}, got {}", show(actual))),
                Err(error) => differs(format!("{pattern}: {error}")),
            }
        }
        Value::Object(map) => {
            let Some(Value::Object(got)) = actual else { return differs(format!("expected an object, got {}", show(actual))) };
            for (key, value) in map {
                compare(value, got.get(key), &format!("{at}/{key}"), out);
            }
        }
        Value::Array(items) => match actual {
            Some(Value::Array(got)) if got.len() == items.len() => {
                for (index, (item, got)) in items.iter().zip(got).enumerate() {
                    compare(item, Some(got), &format!("{at}/{index}"), out);
                }
            }
            _ => differs(format!("expected {} items, got {}", items.len(), show(actual))),
        },
        Value::Null if actual.is_none_or(Value::is_null) => {}
        Value::Number(number) if actual.and_then(Value::as_f64).is_some_and(|got| Some(got) == number.as_f64()) => {}
        other if Some(other) == actual => {}
        other => differs(format!("expected {other}, got {}", show(actual))),
    }
}

fn show(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    if text.len() > 600 { text.chars().take(600).chain(['…']).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_subset_fits_and_everything_else_is_named() {
        let actual = json!({"a": 1, "b": [{"c": "xyz", "d": null}], "n": 2.0});
        let fits = |expected: Value| differences(&expected, Some(&actual)).is_empty();
        for good in [
            json!({}),
            json!({"a": 1}),
            json!({"b": [{"c": {"$match": "^x"}}]}),
            json!({"b": [{"d": {"$type": "absent"}}], "e": {"$type": "absent"}}),
            json!({"n": 2, "z": null, "a": {"$type": "number"}}),
        ] {
            assert!(fits(good.clone()), "{good}");
        }
        for bad in [
            json!({"a": 2}),
            json!({"b": []}),
            json!({"b": {}}),
            json!({"b": [{"c": {"$match": "^y"}}]}),
            json!({"e": {"$type": "present"}}),
            json!({"a": {"$type": "string"}}),
            json!({"a": {"$type": "nonsense"}}),
            json!({"a": null}),
        ] {
            assert!(!fits(bad.clone()), "{bad}");
        }
    }
}
