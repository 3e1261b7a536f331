//! JSON values in Python's own types, both ways.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use videoid::ErrorCode;

use crate::convert::wrong_type;
use crate::errors;

/// How deep an object may be nested; deeper is an object that holds itself.
const DEPTH: usize = 64;

/// A JSON value as Python's own types.
pub(crate) fn to_py<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => int.into_pyobject(py)?.into_any(),
            (None, Some(int)) => int.into_pyobject(py)?.into_any(),
            (None, None) => number.as_f64().unwrap_or(f64::NAN).into_pyobject(py)?.into_any(),
        },
        Value::String(text) => text.into_pyobject(py)?.into_any(),
        Value::Array(items) => {
            let items = items.iter().map(|item| to_py(py, item)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        Value::Object(map) => map_to_py(py, map)?.into_any(),
    })
}

/// A JSON object as a dict.
pub(crate) fn map_to_py<'py>(py: Python<'py>, map: &Map<String, Value>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (key, value) in map {
        dict.set_item(key, to_py(py, value)?)?;
    }
    Ok(dict)
}

/// Python's own types as a JSON value. What `json.dumps` would refuse is refused with the name of the argument.
pub(crate) fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Value> {
    convert(value, what, 0)
}

fn convert(value: &Bound<'_, PyAny>, what: &str, depth: usize) -> PyResult<Value> {
    if depth > DEPTH {
        return Err(wrong_type(what, "an object that is not nested so deeply"));
    }
    let refused = || wrong_type(what, "only dict, list, str, int, float, bool and None inside");
    if value.is_none() {
        return Ok(Value::Null);
    }
    if value.is_instance_of::<PyBool>() {
        return Ok(Value::Bool(value.extract()?));
    }
    if value.is_instance_of::<PyInt>() {
        return value
            .extract::<i64>()
            .map(Value::from)
            .or_else(|_| value.extract::<u64>().map(Value::from))
            .map_err(|_| wrong_type(what, "int of at most 64 bits"));
    }
    if value.is_instance_of::<PyFloat>() {
        return Number::from_f64(value.extract()?).map(Value::Number).ok_or_else(|| wrong_type(what, "a finite number"));
    }
    if value.is_instance_of::<PyString>() {
        return Ok(Value::String(value.extract()?));
    }
    if let Ok(dict) = value.cast::<PyDict>() {
        let mut map = Map::new();
        for (key, item) in dict {
            map.insert(key.extract::<String>().map_err(|_| wrong_type(what, "str as keys"))?, convert(&item, what, depth + 1)?);
        }
        return Ok(Value::Object(map));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        return value.try_iter()?.map(|item| convert(&item?, what, depth + 1)).collect::<PyResult<_>>().map(Value::Array);
    }
    // A model inside a dict stands for its own JSON.
    match value.call_method0("to_dict") {
        Ok(dict) => convert(&dict, what, depth + 1),
        Err(_) => Err(refused()),
    }
}

/// A struct from JSON. serde's own text may quote what it read, so it is not shown.
pub(crate) fn read<T: DeserializeOwned>(py: Python<'_>, value: Value, class: &str) -> PyResult<T> {
    serde_json::from_value(value).map_err(|_| not_readable(py, class))
}

/// As [`read`], from text.
pub(crate) fn read_text<T: DeserializeOwned>(py: Python<'_>, text: &str, class: &str) -> PyResult<T> {
    serde_json::from_str(text).map_err(|_| not_readable(py, class))
}

fn not_readable(py: Python<'_>, class: &str) -> PyErr {
    errors::own(py, ErrorCode::FieldInvalid, class, "the JSON of this type with all the fields that it needs")
}

/// A struct as a dict.
pub(crate) fn dict<'py, T: Serialize>(py: Python<'py>, value: &T) -> PyResult<Bound<'py, PyAny>> {
    to_py(py, &serde_json::to_value(value).expect("the types of the core are JSON"))
}

/// A struct as text.
pub(crate) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("the types of the core are JSON")
}
