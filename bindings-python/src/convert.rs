//! How values cross the border: into Python, out of it, and into the text that `repr` shows.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use serde_json::Value;
use videoid::config::Timeout;
use videoid::model::{DocumentBytes, Extra, SimilarityLevel};
use videoid::{Sensitive, SensitiveString};

use crate::json;

/// A value that Python can be given.
pub(crate) trait ToPy {
    /// The Python object.
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>>;
}

/// A value that Python can give.
pub(crate) trait FromPy: Sized {
    /// The value; `what` is the name of the argument, which an error names. The value itself is never in an error.
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self>;
}

/// How a field looks in `repr`: never what identifies a person or opens a door.
pub(crate) trait Show {
    /// The text; `None` where the field is empty and left out.
    fn show(&self) -> Option<String>;
}

/// What stands in the place of what must not be seen.
const HIDDEN: &str = "***";

#[expect(clippy::unnecessary_wraps, reason = "as `Show` wants it")]
pub(crate) fn hidden() -> Option<String> {
    Some(HIDDEN.to_owned())
}

pub(crate) fn wrong_type(what: &str, expected: &str) -> PyErr {
    PyTypeError::new_err(format!("{what}: expected {expected}"))
}

impl ToPy for String {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.into_pyobject(py)?.into_any())
    }
}

impl FromPy for String {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        value.extract().map_err(|_| wrong_type(what, "str"))
    }
}

impl Show for String {
    fn show(&self) -> Option<String> {
        Some(quoted(self))
    }
}

/// A text as Python would write it, without what could break a line.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.escape_debug().to_string().replace("\\\"", "\"").replace('\'', "\\'"))
}

impl ToPy for SensitiveString {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.expose().into_pyobject(py)?.into_any())
    }
}

impl FromPy for SensitiveString {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        String::from_py(value, what).map(Self::new)
    }
}

impl Show for SensitiveString {
    fn show(&self) -> Option<String> {
        hidden()
    }
}

impl ToPy for bool {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.into_pyobject(py)?.to_owned().into_any())
    }
}

impl FromPy for bool {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        value.extract().map_err(|_| wrong_type(what, "bool"))
    }
}

impl Show for bool {
    fn show(&self) -> Option<String> {
        Some(if *self { "True" } else { "False" }.to_owned())
    }
}

impl ToPy for i64 {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.into_pyobject(py)?.into_any())
    }
}

impl FromPy for i64 {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        value.extract().map_err(|_| wrong_type(what, "int of at most 64 bits"))
    }
}

impl Show for i64 {
    fn show(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl ToPy for () {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(py.None().into_bound(py))
    }
}

impl<T: ToPy> ToPy for Option<T> {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Some(value) => value.to_py(py),
            None => Ok(py.None().into_bound(py)),
        }
    }
}

impl<T: FromPy> FromPy for Option<T> {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if value.is_none() { Ok(None) } else { T::from_py(value, what).map(Some) }
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> Option<String> {
        self.as_ref()?.show()
    }
}

impl<T: ToPy> ToPy for Vec<T> {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let items = self.iter().map(|item| item.to_py(py)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, items)?.into_any())
    }
}

impl<T: FromPy> FromPy for Vec<T> {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        // A str is iterable too; its letters are never what was meant.
        if value.is_instance_of::<pyo3::types::PyString>() {
            return Err(wrong_type(what, "a list"));
        }
        value.try_iter().map_err(|_| wrong_type(what, "a list"))?.map(|item| T::from_py(&item?, what)).collect()
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> Option<String> {
        if self.is_empty() {
            return None;
        }
        let items: Vec<_> = self.iter().map(|item| item.show().unwrap_or_else(|| "None".to_owned())).collect();
        Some(format!("[{}]", items.join(", ")))
    }
}

impl ToPy for Extra {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::map_to_py(py, &self.0).map(Bound::into_any)
    }
}

impl FromPy for Extra {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        match json::from_py(value, what)? {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(wrong_type(what, "a dict")),
        }
    }
}

impl Show for Extra {
    fn show(&self) -> Option<String> {
        if self.is_empty() { None } else { Some(format!("<{} fields>", self.len())) }
    }
}

impl ToPy for DocumentBytes {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBytes::new(py, &self.0).into_any())
    }
}

impl Show for DocumentBytes {
    fn show(&self) -> Option<String> {
        Some(format!("<{} bytes>", self.0.len()))
    }
}

impl ToPy for Sensitive<Vec<u8>> {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(PyBytes::new(py, self.expose()).into_any())
    }
}

impl FromPy for Sensitive<Vec<u8>> {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        let bytes = value.cast::<PyBytes>().map_err(|_| wrong_type(what, "bytes"))?;
        Ok(Self::new(bytes.as_bytes().to_vec()))
    }
}

impl Show for Sensitive<Vec<u8>> {
    fn show(&self) -> Option<String> {
        hidden()
    }
}

impl ToPy for SimilarityLevel {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Score(score) => score.to_py(py),
            Self::Word(word) => word.to_py(py),
            _ => Err(wrong_type("similarity_level", "a number or a word")),
        }
    }
}

impl FromPy for SimilarityLevel {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if let Ok(score) = value.extract::<i64>() {
            return Ok(Self::Score(score));
        }
        value.extract::<String>().map(Self::Word).map_err(|_| wrong_type(what, "int or str"))
    }
}

impl Show for SimilarityLevel {
    fn show(&self) -> Option<String> {
        match self {
            Self::Score(score) => score.show(),
            Self::Word(word) => word.show(),
            _ => None,
        }
    }
}

impl ToPy for Timeout {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Ok(self.to_millis().into_pyobject(py)?.into_any())
    }
}

impl FromPy for Timeout {
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        value.extract().map(Self::from_millis).map_err(|_| wrong_type(what, "milliseconds as int, or None"))
    }
}

impl Show for Timeout {
    fn show(&self) -> Option<String> {
        self.to_millis().map(|ms| ms.to_string())
    }
}

/// The conversions of a typed id, which is a plain `int` or `str` in Python.
macro_rules! id {
    ($path:path, $inner:ty) => {
        impl $crate::convert::ToPy for $path {
            fn to_py<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                self.0.to_py(py)
            }
        }

        impl $crate::convert::FromPy for $path {
            fn from_py(value: &pyo3::Bound<'_, pyo3::PyAny>, what: &str) -> pyo3::PyResult<Self> {
                <$inner as $crate::convert::FromPy>::from_py(value, what).map(Self::from)
            }
        }

        impl $crate::convert::Show for $path {
            fn show(&self) -> Option<String> {
                // An id that opens a door is not shown by the core either.
                if format!("{self:?}").ends_with("(***)") { $crate::convert::hidden() } else { self.0.show() }
            }
        }
    };
}
pub(crate) use id;

/// The conversions of an enum of words, which is a subclass of `str` in Python.
macro_rules! word {
    ($path:path, $name:literal) => {
        impl $crate::convert::ToPy for $path {
            fn to_py<'py>(&self, py: pyo3::Python<'py>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::PyAny>> {
                static CLASS: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::types::PyType>> = pyo3::sync::PyOnceLock::new();
                CLASS.import(py, "videoid._words", $name)?.call1((self.as_str(),))
            }
        }

        impl $crate::convert::FromPy for $path {
            fn from_py(value: &pyo3::Bound<'_, pyo3::PyAny>, what: &str) -> pyo3::PyResult<Self> {
                <String as $crate::convert::FromPy>::from_py(value, what).map(|word| Self::from(word.as_str()))
            }
        }

        impl $crate::convert::Show for $path {
            fn show(&self) -> Option<String> {
                Some($crate::convert::quoted(self.as_str()))
            }
        }
    };
}
pub(crate) use word;

/// The text of `repr`: the fields that hold something, what is sensitive hidden.
pub(crate) fn repr(name: &str, fields: &[(&str, &dyn Show)]) -> String {
    let shown: Vec<_> = fields.iter().filter_map(|(field, value)| Some(format!("{field}={}", value.show()?))).collect();
    format!("{name}({})", shown.join(", "))
}

/// Sets a field from an argument that was given.
pub(crate) fn set<T: FromPy>(field: &mut T, argument: Option<&Bound<'_, PyAny>>, what: &str) -> PyResult<()> {
    if let Some(value) = argument {
        *field = T::from_py(value, what)?;
    }
    Ok(())
}

/// As [`set`], for a point in time: milliseconds since 1970-01-01 UTC, or a `datetime` with a zone.
pub(crate) fn set_instant<T: FromPy>(field: &mut T, argument: Option<&Bound<'_, PyAny>>, what: &str) -> PyResult<()> {
    let Some(value) = argument.filter(|value| value.hasattr("tzinfo").unwrap_or(false) && value.hasattr("timestamp").unwrap_or(false))
    else {
        return set(field, argument, what);
    };
    if value.call_method0("utcoffset")?.is_none() {
        return Err(PyValueError::new_err(format!("{what}: a datetime without a zone could be any time: give it its tzinfo")));
    }
    let seconds: f64 = value.call_method0("timestamp")?.extract()?;
    let milliseconds = (seconds * 1000.0).round().into_pyobject(value.py())?.call_method0("__int__")?;
    set(field, Some(&milliseconds), what)
}

/// A struct of the core from its own class or from a dict in the wire's names.
pub(crate) fn from_mapping<T: serde::de::DeserializeOwned>(value: &Bound<'_, PyAny>, what: &str, class: &str) -> PyResult<T> {
    if !value.is_instance_of::<PyDict>() {
        return Err(wrong_type(what, &format!("{class} or a dict")));
    }
    json::read(value.py(), json::from_py(value, what)?, class)
}

/// An argument that may be left out.
pub(crate) fn optional<T: FromPy>(argument: Option<&Bound<'_, PyAny>>, what: &str) -> PyResult<Option<T>> {
    argument.map_or(Ok(None), |value| Option::<T>::from_py(value, what))
}
