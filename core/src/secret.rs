//! Values that must not be seen by accident: personal data, credentials, keys.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

/// A value that identifies a person or opens a door.
///
/// `Debug` and `Display` print `***`, and the memory is overwritten when it is dropped. Reading it takes an explicit
/// [`expose`](Sensitive::expose), so that each place that uses the value can be found. `Serialize` writes the plain
/// value: a wire body has to carry it, and nothing in this crate serialises into a log.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Sensitive<T: Zeroize>(T);

/// Text that identifies a person or opens a door.
pub type SensitiveString = Sensitive<String>;

impl<T: Zeroize> Sensitive<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The plain value. The caller takes care of where it goes.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T: Zeroize> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T: Zeroize> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for SensitiveString {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T: Zeroize + Serialize> Serialize for Sensitive<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Sensitive<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_debug_nor_display_show_the_value() {
        let pin = SensitiveString::from("4711");
        assert_eq!(format!("{pin:?} {pin}"), "*** ***");
        assert_eq!(pin.expose(), "4711");
    }
}
