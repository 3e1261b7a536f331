//! The ids of an Optimizer, beside those that it shares with the RA API.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::lenient;

/// The uid of a token: RAO credentials that the Optimizer keeps. Whoever has it can approve with them: `Debug` does not show it, and
/// it is not for logs.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct TokenUid(pub String);

/// The uid of a document of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct DocumentUid(pub String);

/// The uid of a signature image.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize)]
#[serde(transparent)]
pub struct ImageUid(pub String);

macro_rules! uid {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                lenient::text(deserializer).map(Self)
            }
        }
    };
}

impl fmt::Debug for TokenUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenUid(***)")
    }
}

uid!(TokenUid);
uid!(DocumentUid);
uid!(ImageUid);
