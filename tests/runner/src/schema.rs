//! As much of JSON Schema as `tests/scenarios/schema.json` uses; an unknown keyword is an error, so that none goes unnoticed.

use regex_lite::Regex;
use serde_json::Value;

/// Keywords that check nothing.
const REMARKS: [&str; 5] = ["$schema", "$defs", "title", "description", "properties"];

/// What breaks the schema, each with its place.
pub fn check(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    walk(schema, schema, value, "", &mut faults);
    faults
}

fn walk(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let Some(map) = schema.as_object() else {
        if schema != &Value::Bool(true) {
            faults.push(format!("{at}: not allowed"));
        }
        return;
    };
    let mut fault = |text: String| faults.push(format!("{}: {text}", if at.is_empty() { "/" } else { at }));
    let mut below: Vec<(&Value, &Value, String)> = Vec::new();
    for (keyword, rule) in map {
        match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().and_then(|text| text.strip_prefix('#')).unwrap_or_default();
                match root.pointer(pointer) {
                    Some(target) => below.push((target, value, at.to_owned())),
                    None => fault(format!("{rule} leads nowhere")),
                }
            }
            "type" => {
                if !is_type(value, rule.as_str().unwrap_or_default()) {
                    fault(format!("should be {rule}"));
                }
            }
            "enum" if !rule.as_array().is_some_and(|words| words.contains(value)) => fault(format!("should be one of {rule}")),
            "const" if rule != value => fault(format!("should be {rule}")),
            "enum" | "const" => {}
            "pattern" => {
                let found =
                    Regex::new(rule.as_str().unwrap_or_default()).map(|regex| value.as_str().is_none_or(|text| regex.is_match(text)));
                if found != Ok(true) {
                    fault(format!("should match {rule}"));
                }
            }
            "minimum" => {
                if value.as_f64().zip(rule.as_f64()).is_some_and(|(value, least)| value < least) {
                    fault(format!("should be at least {rule}"));
                }
            }
            "minItems" | "minProperties" => {
                let count = value.as_array().map(Vec::len).or_else(|| value.as_object().map(serde_json::Map::len));
                if count.zip(rule.as_u64()).is_some_and(|(count, least)| (count as u64) < least) {
                    fault(format!("should have at least {rule}"));
                }
            }
            "uniqueItems" => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                if items.iter().enumerate().any(|(i, item)| items[..i].contains(item)) {
                    fault("has an item twice".to_owned());
                }
            }
            "required" => {
                for name in rule.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if value.is_object() && value.get(name).is_none() {
                        fault(format!("lacks {name}"));
                    }
                }
            }
            "additionalProperties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    if map.get("properties").is_some_and(|known| known.get(name).is_some()) {
                        continue;
                    }
                    below.push((rule, member, format!("{at}/{name}")));
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    below.push((rule, item, format!("{at}/{index}")));
                }
            }
            "oneOf" => {
                let tries: Vec<Vec<String>> = rule
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|branch| {
                        let mut inner = Vec::new();
                        walk(root, branch, value, at, &mut inner);
                        inner
                    })
                    .collect();
                if tries.iter().filter(|inner| inner.is_empty()).count() != 1 {
                    let nearest = tries.into_iter().min_by_key(Vec::len).unwrap_or_default();
                    fault(format!("should be exactly one of several forms ({})", nearest.join(", ")));
                }
            }
            known if REMARKS.contains(&known) => {}
            other => fault(format!("the schema has a keyword that is not known here: {other}")),
        }
    }
    for (name, rule) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if let Some(member) = value.get(name) {
            below.push((rule, member, format!("{at}/{name}")));
        }
    }
    for (rule, value, at) in below {
        walk(root, rule, value, &at, faults);
    }
}

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_breaks_a_schema_is_found() {
        let schema = json!({
            "type": "object", "required": ["name"], "additionalProperties": false,
            "properties": {"name": {"type": "string", "pattern": "^[a-z]+$"}, "n": {"type": "integer", "minimum": 1}, "step": {"$ref": "#/$defs/step"}},
            "$defs": {"step": {"oneOf": [{"enum": ["a"]}, {"type": "array", "items": {"const": 1}, "minItems": 2, "uniqueItems": true}]}},
        });
        let faults = |value: Value| check(&schema, &value).len();
        assert_eq!(faults(json!({"name": "x", "n": 1, "step": "a"})), 0);
        for wrong in [
            json!([]),
            json!({}),
            json!({"name": "X"}),
            json!({"name": "x", "n": 0}),
            json!({"name": "x", "n": "1"}),
            json!({"name": "x", "other": 1}),
            json!({"name": "x", "step": "b"}),
            json!({"name": "x", "step": [1]}),
            json!({"name": "x", "step": [1, 1]}),
        ] {
            assert!(faults(wrong.clone()) > 0, "{wrong}");
        }
        assert!(!check(&json!({"format": "uri"}), &json!("x")).is_empty());
    }
}
