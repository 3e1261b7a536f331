//! Values that cross the border as something simpler: sensitive text, bytes, JSON objects, the similarity.

use std::fmt;

pub use videoid::SensitiveString;
pub use videoid::model::{DocumentBytes, Extra};

use crate::error::VideoIdError;
use crate::json;

// Plain text in Kotlin and Swift, under a name that says what it is; in Rust it is overwritten when it is dropped.
uniffi::custom_type!(SensitiveString, String, {
    remote,
    lower: |text| text.expose().clone(),
    try_lift: |text| Ok(SensitiveString::new(text)),
});

uniffi::custom_type!(DocumentBytes, Vec<u8>, {
    remote,
    lower: |bytes| bytes.0.clone(),
    try_lift: |bytes| Ok(DocumentBytes(bytes)),
});

// The text of a JSON object; empty text is an empty object.
uniffi::custom_type!(Extra, String, {
    remote,
    lower: |extra| if extra.is_empty() { String::new() } else { json::object_text(&extra) },
    try_lift: |text| if text.trim().is_empty() { Ok(Extra::default()) } else { Ok(json::read::<Extra>(&text).map_err(VideoIdError::from)?) },
});

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
