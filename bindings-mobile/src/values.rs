//! Values that cross the border as something simpler: sensitive text, bytes, JSON objects, the similarity.

use std::fmt;

pub use videoid::SensitiveString;
#[cfg(feature = "full")]
pub use videoid::model::DocumentBytes;
use videoid::{Error, ErrorCode};

use crate::error::VideoIdError;
use crate::json;

// Plain text in Kotlin and Swift, under a name that says what it is; in Rust it is overwritten when it is dropped.
uniffi::custom_type!(SensitiveString, String, {
    remote,
    lower: |text| text.expose().clone(),
    try_lift: |text| Ok(SensitiveString::new(text)),
});

#[cfg(feature = "full")]
uniffi::custom_type!(DocumentBytes, Vec<u8>, {
    remote,
    lower: |bytes| bytes.0.clone(),
    try_lift: |bytes| Ok(DocumentBytes(bytes)),
});

/// The text of a JSON object: fields that this version has no name for. Empty text is an empty object.
///
/// It is parsed where it is used and not where it crosses the border: `toString` and `description` cross it too, and have no
/// way to fail.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra(SensitiveString);

uniffi::custom_type!(Extra, String, {
    lower: |extra| extra.0.expose().clone(),
    try_lift: |text| Ok(Extra(SensitiveString::new(text))),
});

impl Extra {
    /// Whether there is no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.expose().trim().is_empty()
    }
}

impl From<videoid::model::Extra> for Extra {
    fn from(extra: videoid::model::Extra) -> Self {
        if extra.is_empty() { Self::default() } else { Self(SensitiveString::new(json::part(&extra).to_string())) }
    }
}

impl TryFrom<Extra> for videoid::model::Extra {
    type Error = VideoIdError;

    fn try_from(extra: Extra) -> Result<Self, VideoIdError> {
        if extra.is_empty() {
            return Ok(Self::default());
        }
        // The parser's own message may quote what is personal.
        serde_json::from_str(extra.0.expose()).map_err(|_| Error::new(ErrorCode::FieldInvalid, "extra: the text of a JSON object").into())
    }
}

/// How alike document photo and selfie are: a number or a word, as given.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Display)]
pub enum SimilarityLevel {
    /// 0 to 100.
    Score {
        /// The number.
        score: i64,
    },
    /// A word, for example `high`.
    Word {
        /// The word.
        word: String,
    },
}

impl fmt::Display for SimilarityLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Score { score } => score.fmt(f),
            Self::Word { word } => f.write_str(word),
        }
    }
}

impl From<videoid::model::SimilarityLevel> for SimilarityLevel {
    fn from(level: videoid::model::SimilarityLevel) -> Self {
        match level {
            videoid::model::SimilarityLevel::Score(score) => Self::Score { score },
            videoid::model::SimilarityLevel::Word(word) => Self::Word { word },
            other => Self::Word { word: json::part(&other).to_string() },
        }
    }
}

impl From<SimilarityLevel> for videoid::model::SimilarityLevel {
    fn from(level: SimilarityLevel) -> Self {
        match level {
            SimilarityLevel::Score { score } => Self::Score(score),
            SimilarityLevel::Word { word } => Self::Word(word),
        }
    }
}
