//! The ids of the service. They look alike and must never be mixed, so each has a type of its own.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::lenient;

/// The primary key of a request: what the RA calls `id_request` and `pk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RequestPk(pub i64);

/// The primary key of the VideoID object inside a request: `videoid_data.pk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct VideoIdPk(pub i64);

/// What the evidence upload takes in its path. Whether it is the request's key or the VideoID's is not documented: see
/// the setting `video_pk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct VideoPk(pub i64);

/// The identifier of a video, a UUID: `videoid_data.video_identifier`. It goes in the path of the video upload and download.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct VideoIdentifier(pub String);

/// The serial number of a scratchcard: `sn`. A single-use card that a request consumes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ScratchcardSn(pub String);

/// The primary key of a scratchcard, which is not its serial number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ScratchcardPk(pub i64);

/// The primary key of a document of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct DocumentPk(pub i64);

/// The id of a registration authority.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct RaId(pub String);

macro_rules! numeric_id {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(value: i64) -> Self {
                Self(value)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                lenient::int(deserializer).map(Self)
            }
        }
    };
}

macro_rules! text_id {
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

numeric_id!(RequestPk);
numeric_id!(VideoIdPk);
numeric_id!(VideoPk);
numeric_id!(ScratchcardPk);
numeric_id!(DocumentPk);
text_id!(VideoIdentifier);
text_id!(ScratchcardSn);
text_id!(RaId);
