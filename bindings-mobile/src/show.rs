//! How a record shows in Kotlin's `toString` and Swift's `description`: its name, the fields that are set, and `***` for what
//! identifies a person or opens a door.

use std::fmt::{self, Display};

use crate::values::Extra;

/// Writes one record.
pub(crate) struct Show<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    result: fmt::Result,
    any: bool,
}

impl<'a, 'f> Show<'a, 'f> {
    pub(crate) fn new(f: &'a mut fmt::Formatter<'f>, name: &str) -> Self {
        let result = write!(f, "{name}(");
        Self { f, result, any: false }
    }

    /// A field that may be seen.
    pub(crate) fn field(&mut self, name: &str, value: &dyn Display) {
        if self.result.is_ok() {
            let comma = if self.any { ", " } else { "" };
            self.result = write!(self.f, "{comma}{name}={value}");
            self.any = true;
        }
    }

    /// A field that is left out where it is not set.
    pub(crate) fn option<T: Display>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.field(name, value);
        }
    }

    /// A list, left out where it is empty.
    pub(crate) fn list<T: Display>(&mut self, name: &str, values: &[T]) {
        if !values.is_empty() {
            let items: Vec<String> = values.iter().map(ToString::to_string).collect();
            self.field(name, &format_args!("[{}]", items.join(", ")));
        }
    }

    /// A field that must not be seen, left out where it is not set.
    pub(crate) fn hidden(&mut self, name: &str, set: bool) {
        if set {
            self.field(name, &"***");
        }
    }

    /// Fields without a name here, which may be personal.
    pub(crate) fn extra(&mut self, name: &str, extra: &Extra) {
        self.hidden(name, !extra.is_empty());
    }

    pub(crate) fn finish(self) -> fmt::Result {
        self.result?;
        self.f.write_str(")")
    }
}
