//! Tolerant readers: a string where a number is documented and the other way round, JSON inside a string, one or many.
//!
//! The vendor's samples contradict its schemas (`sn` and `count` as string and number, `secrets` as object and as JSON in
//! a string, `results` as list and as object), so what is read is taken in every form that was seen.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::json::Extra;
use crate::secret::SensitiveString;

type Out<T, E> = Result<T, E>;

pub(crate) fn value_to_text(value: Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn value_to_int(value: &Value) -> Option<i64> {
    match value {
        Value::Number(n) => n.as_i64(),
        Value::String(s) => s.trim().parse().ok(),
        Value::Bool(b) => Some(i64::from(*b)),
        _ => None,
    }
}

pub(crate) fn value_to_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::Number(n) => n.as_i64().map(|n| n != 0),
        Value::String(s) => match s.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Text, or a number or boolean as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(d: D) -> Out<String, D::Error> {
    value_to_text(Value::deserialize(d)?).ok_or_else(|| D::Error::custom("expected text or a number"))
}

/// An integer, or text that holds one.
pub(crate) fn int<'de, D: Deserializer<'de>>(d: D) -> Out<i64, D::Error> {
    value_to_int(&Value::deserialize(d)?).ok_or_else(|| D::Error::custom("expected an integer"))
}

/// As [`text`]; nothing where it is null or of another shape.
pub(crate) fn opt_text<'de, D: Deserializer<'de>>(d: D) -> Out<Option<String>, D::Error> {
    Value::deserialize(d).map(value_to_text)
}

/// As [`opt_text`], for a typed id.
pub(crate) fn opt_id<'de, D: Deserializer<'de>, T: From<String>>(d: D) -> Out<Option<T>, D::Error> {
    Ok(opt_text(d)?.map(T::from))
}

/// As [`opt_int`], for a typed id.
pub(crate) fn opt_pk<'de, D: Deserializer<'de>, T: From<i64>>(d: D) -> Out<Option<T>, D::Error> {
    Ok(opt_int(d)?.map(T::from))
}

/// As [`opt_text`], kept as sensitive.
pub(crate) fn opt_secret<'de, D: Deserializer<'de>>(d: D) -> Out<Option<SensitiveString>, D::Error> {
    Ok(opt_text(d)?.map(SensitiveString::new))
}

/// As [`opt_text`], and a list or object as its JSON.
pub(crate) fn opt_text_any<'de, D: Deserializer<'de>>(d: D) -> Out<Option<String>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::Null => None,
        value @ (Value::Array(_) | Value::Object(_)) => Some(value.to_string()),
        other => value_to_text(other),
    })
}

/// As [`opt_text_any`], kept as sensitive.
pub(crate) fn opt_secret_any<'de, D: Deserializer<'de>>(d: D) -> Out<Option<SensitiveString>, D::Error> {
    Ok(opt_text_any(d)?.map(SensitiveString::new))
}

/// As [`int`]; nothing where it is null or of another shape.
pub(crate) fn opt_int<'de, D: Deserializer<'de>>(d: D) -> Out<Option<i64>, D::Error> {
    Ok(value_to_int(&Value::deserialize(d)?))
}

/// A boolean, also as 0/1 or text; nothing where it is null or of another shape.
pub(crate) fn opt_bool<'de, D: Deserializer<'de>>(d: D) -> Out<Option<bool>, D::Error> {
    Ok(value_to_bool(&Value::deserialize(d)?))
}

/// A list of integers, also as text, also a single one.
pub(crate) fn ids<'de, D: Deserializer<'de>, T: From<i64>>(d: D) -> Out<Vec<T>, D::Error> {
    Ok(match Value::deserialize(d)? {
        Value::Array(items) => items.iter().filter_map(value_to_int).map(T::from).collect(),
        other => value_to_int(&other).map(T::from).into_iter().collect(),
    })
}

/// An object, or a string that holds the JSON of one; nothing where it is null, empty or of another shape.
pub(crate) fn opt_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Out<Option<T>, D::Error> {
    let value = match Value::deserialize(d)? {
        Value::String(s) => serde_json::from_str(&s).unwrap_or(Value::Null),
        other => other,
    };
    Ok(if value.is_object() { T::deserialize(value).ok() } else { None })
}

/// As [`opt_object`], untyped; empty where it is null.
pub(crate) fn extra<'de, D: Deserializer<'de>>(d: D) -> Out<Extra, D::Error> {
    Ok(opt_object::<D, Extra>(d)?.unwrap_or_default())
}

/// A list, or one object in its place.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Out<Vec<T>, D::Error> {
    let items = match Value::deserialize(d)? {
        Value::Array(items) => items,
        Value::Null => Vec::new(),
        one => vec![one],
    };
    // serde's own text may quote the value, which can be personal data.
    items.into_iter().map(|v| T::deserialize(v).map_err(|_| D::Error::custom("an item is not of the expected shape"))).collect()
}
