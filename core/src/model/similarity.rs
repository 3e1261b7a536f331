//! How alike document photo and selfie are.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// How alike document photo and selfie are: a number or a word, as given. The service's schemas say 0-100, its samples say
/// `high`, and it reads back `Medium`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SimilarityLevel {
    /// 0 to 100.
    Score(i64),
    /// A word, for example `high`.
    Word(String),
}

impl From<i64> for SimilarityLevel {
    fn from(score: i64) -> Self {
        Self::Score(score)
    }
}

impl From<&str> for SimilarityLevel {
    fn from(word: &str) -> Self {
        Self::Word(word.to_owned())
    }
}

impl Serialize for SimilarityLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Score(score) => serializer.serialize_i64(*score),
            Self::Word(word) => serializer.serialize_str(word),
        }
    }
}

impl<'de> Deserialize<'de> for SimilarityLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Number(n) => n.as_i64().or_else(|| whole(n.as_f64()?)).map_or_else(|| Self::Word(n.to_string()), Self::Score),
            Value::String(word) => Self::Word(word),
            other => Self::Word(other.to_string()),
        })
    }
}

/// A whole number that came as a float (80.0) is still a whole number; 87.5 is not made one.
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_stay_what_they_are() {
        let read = |json: &str| serde_json::from_str::<SimilarityLevel>(json).unwrap();
        assert_eq!(read("87"), SimilarityLevel::Score(87));
        assert_eq!(read("87.0"), SimilarityLevel::Score(87));
        assert_eq!(read("87.5"), SimilarityLevel::Word("87.5".into()));
        assert_eq!(read("\"Medium\""), SimilarityLevel::Word("Medium".into()));
        assert_eq!(serde_json::to_string(&SimilarityLevel::from("high")).unwrap(), "\"high\"");
    }
}
