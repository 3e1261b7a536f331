//! The ids of an Optimizer, beside those that it shares with the RA API.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::lenient;
use crate::secret::SensitiveString;

/// The uid of a token: RAO credentials that the Optimizer keeps. Whoever has it can approve with them: printing it does not show it,
/// and it is not for logs.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct TokenUid(pub SensitiveString);

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
        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::from(value.to_owned())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                lenient::text(deserializer).map(Self::from)
            }
        }
    };
}

macro_rules! shown {
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

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self(value)
            }
        }
    };
}

impl fmt::Debug for TokenUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenUid(***)")
    }
}

impl fmt::Display for TokenUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl TokenUid {
    /// The plain uid, whose memory is overwritten with its owner. The caller takes care of where it goes.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<String> for TokenUid {
    fn from(value: String) -> Self {
        Self(SensitiveString::new(value))
    }
}

uid!(TokenUid);
uid!(DocumentUid);
uid!(ImageUid);
shown!(DocumentUid);
shown!(ImageUid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_shown_by_no_way_but_its_own() {
        let token = TokenUid::from("5a4d3c2b");
        assert_eq!(format!("{token} {token:?} {:?}", Some(&token)), "*** TokenUid(***) Some(TokenUid(***))");
        assert_eq!(token.expose(), "5a4d3c2b");
        assert_eq!(serde_json::to_string(&token).unwrap(), "\"5a4d3c2b\"");
        assert_eq!(serde_json::from_str::<TokenUid>("\"5a4d3c2b\"").unwrap(), token);
    }
}
