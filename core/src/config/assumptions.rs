//! What no document of the vendor says, as settings. The numbers are those of ASSUMPTIONS.md.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};

/// The words of an enum, and the check that a word is one of them.
macro_rules! known_words {
    ($name:ident, $field:literal, [$($word:literal),+]) => {
        impl $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn check(&self) -> Result<()> {
                if matches!(self, Self::Other(_)) {
                    let rule = format!("one of {}", Self::WORDS.join(", "));
                    return Err(Error::field(ErrorCode::ConfigInvalid, concat!("assumptions.", $field), rule));
                }
                Ok(())
            }
        }
    };
}

/// Which id the video upload and download take in their path (A2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum VideoIdentifierFrom {
    /// `videoid_data.video_identifier` of the request that is read back.
    #[default]
    VideoidData,
    /// The request's own key, as one sample of the download shows.
    RequestPk,
    /// A word that this version does not know.
    Other(String),
}

impl VideoIdentifierFrom {
    /// The name in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::VideoidData => "videoid_data",
            Self::RequestPk => "request_pk",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for VideoIdentifierFrom {
    fn from(word: &str) -> Self {
        match word {
            "videoid_data" => Self::VideoidData,
            "request_pk" => Self::RequestPk,
            other => Self::Other(other.to_owned()),
        }
    }
}

known_words!(VideoIdentifierFrom, "video_identifier_from", ["videoid_data", "request_pk"]);

/// What VIDEOINCOMPLETE means in the External flow (A3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum IncompleteIs {
    /// A step between the two uploads: the missing piece is uploaded.
    #[default]
    OnTheWay,
    /// A failure: the workflow stops and says which ways are open.
    Failure,
    /// A word that this version does not know.
    Other(String),
}

impl IncompleteIs {
    /// The name in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::OnTheWay => "on_the_way",
            Self::Failure => "failure",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for IncompleteIs {
    fn from(word: &str) -> Self {
        match word {
            "on_the_way" => Self::OnTheWay,
            "failure" => Self::Failure,
            other => Self::Other(other.to_owned()),
        }
    }
}

known_words!(IncompleteIs, "incomplete_is", ["on_the_way", "failure"]);

/// Which of the two uploads the External workflow makes first (A4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum UploadOrder {
    /// The data evidence, then the video.
    #[default]
    EvidenceFirst,
    /// The video, then the data evidence.
    VideoFirst,
    /// A word that this version does not know.
    Other(String),
}

impl UploadOrder {
    /// The name in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::EvidenceFirst => "evidence_first",
            Self::VideoFirst => "video_first",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for UploadOrder {
    fn from(word: &str) -> Self {
        match word {
            "evidence_first" => Self::EvidenceFirst,
            "video_first" => Self::VideoFirst,
            other => Self::Other(other.to_owned()),
        }
    }
}

known_words!(UploadOrder, "upload_order", ["evidence_first", "video_first"]);

/// How `acceptance.date` is written (A15).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AcceptanceDate {
    /// A JSON number of milliseconds since 1970, as in every sample.
    #[default]
    Number,
    /// The same number as a JSON string, as the schema has it.
    Text,
    /// A word that this version does not know.
    Other(String),
}

impl AcceptanceDate {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Number => "number",
            Self::Text => "string",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for AcceptanceDate {
    fn from(word: &str) -> Self {
        match word {
            "number" => Self::Number,
            "string" => Self::Text,
            other => Self::Other(other.to_owned()),
        }
    }
}

known_words!(AcceptanceDate, "acceptance_date", ["number", "string"]);

/// Which videos are uploaded (A18).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum VideoFormat {
    /// MP4 only, checked for structure before it is sent.
    #[default]
    Mp4,
    /// Whatever is not empty and within the size limit.
    Any,
    /// A word that this version does not know.
    Other(String),
}

impl VideoFormat {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Mp4 => "mp4",
            Self::Any => "any",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for VideoFormat {
    fn from(word: &str) -> Self {
        match word {
            "mp4" => Self::Mp4,
            "any" => Self::Any,
            other => Self::Other(other.to_owned()),
        }
    }
}

known_words!(VideoFormat, "video_format", ["mp4", "any"]);

crate::model::text_enum_serde!(VideoIdentifierFrom, IncompleteIs, UploadOrder, AcceptanceDate, VideoFormat);

/// What no document of the vendor says and a call has to decide. Each field is one entry of ASSUMPTIONS.md, with its default; a
/// vendor's answer, or a try on the test installation, settles it. `video_pk` (A1) has no default and is a setting of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Assumptions {
    /// Which id the video upload takes in the workflows (A2): `videoid_data` or `request_pk`. Default: `videoid_data`.
    /// `VIDEOID_VIDEO_IDENTIFIER_FROM`.
    pub video_identifier_from: VideoIdentifierFrom,
    /// What VIDEOINCOMPLETE means in the External flow (A3): `on_the_way` or `failure`. Default: `on_the_way`.
    /// `VIDEOID_INCOMPLETE_IS`.
    pub incomplete_is: IncompleteIs,
    /// Which upload the External workflow makes first (A4): `evidence_first` or `video_first`. Default: `evidence_first`.
    /// `VIDEOID_UPLOAD_ORDER`.
    pub upload_order: UploadOrder,
    /// How `acceptance.date` is written (A15): `number` or `string`. Default: `number`. `VIDEOID_ACCEPTANCE_DATE`.
    pub acceptance_date: AcceptanceDate,
    /// Which videos are uploaded (A18): `mp4` or `any`. Default: `mp4`. `VIDEOID_VIDEO_FORMAT`.
    pub video_format: VideoFormat,
    /// Whether the calls that read by POST (`generate_declaration`, `get_request_document`, `generate_document`) are repeated by
    /// themselves (A10). Default: true. `VIDEOID_REPEAT_READING_POSTS` (`true` or `false`).
    pub repeat_reading_posts: bool,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            video_identifier_from: VideoIdentifierFrom::default(),
            incomplete_is: IncompleteIs::default(),
            upload_order: UploadOrder::default(),
            acceptance_date: AcceptanceDate::default(),
            video_format: VideoFormat::default(),
            repeat_reading_posts: true,
        }
    }
}

impl Assumptions {
    /// The settings of the environment variables that the fields name.
    pub(super) fn from_lookup(var: impl Fn(&str) -> Option<String>) -> Result<Self> {
        fn word<T: for<'a> From<&'a str> + Default>(var: &impl Fn(&str) -> Option<String>, name: &str, words: &[&str]) -> Result<T> {
            match var(name) {
                None => Ok(T::default()),
                Some(word) if words.contains(&word.as_str()) => Ok(T::from(&word)),
                Some(_) => Err(Error::field(ErrorCode::ConfigInvalid, name, format!("one of {}", words.join(", ")))),
            }
        }
        let repeat = match var("VIDEOID_REPEAT_READING_POSTS").as_deref() {
            None | Some("true") => true,
            Some("false") => false,
            Some(_) => return Err(Error::field(ErrorCode::ConfigInvalid, "VIDEOID_REPEAT_READING_POSTS", "true or false")),
        };
        Ok(Self {
            video_identifier_from: word(&var, "VIDEOID_VIDEO_IDENTIFIER_FROM", VideoIdentifierFrom::WORDS)?,
            incomplete_is: word(&var, "VIDEOID_INCOMPLETE_IS", IncompleteIs::WORDS)?,
            upload_order: word(&var, "VIDEOID_UPLOAD_ORDER", UploadOrder::WORDS)?,
            acceptance_date: word(&var, "VIDEOID_ACCEPTANCE_DATE", AcceptanceDate::WORDS)?,
            video_format: word(&var, "VIDEOID_VIDEO_FORMAT", VideoFormat::WORDS)?,
            repeat_reading_posts: repeat,
        })
    }

    pub(super) fn validate(&self) -> Result<()> {
        self.video_identifier_from.check()?;
        self.incomplete_is.check()?;
        self.upload_order.check()?;
        self.acceptance_date.check()?;
        self.video_format.check()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RaConfig;

    #[test]
    fn an_unknown_word_is_a_wrong_setting() {
        for (field, value) in [
            ("video_identifier_from", "uuid"),
            ("incomplete_is", "wait"),
            ("upload_order", "both"),
            ("acceptance_date", "Number"),
            ("video_format", "webm"),
        ] {
            let json = format!(r#"{{"assumptions":{{"{field}":"{value}"}}}}"#);
            let error = serde_json::from_str::<RaConfig>(&json).unwrap().validate().unwrap_err();
            assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::ConfigInvalid, &*format!("assumptions.{field}")));
            assert!(error.detail().contains("one of ") && !error.detail().contains(value), "{error}");
        }
    }

    #[test]
    fn what_is_not_said_has_its_default() {
        let config: RaConfig = serde_json::from_str(r#"{"assumptions":{"video_format":"any"}}"#).unwrap();
        config.validate().unwrap();
        assert_eq!(config.assumptions, Assumptions { video_format: VideoFormat::Any, ..Assumptions::default() });
        assert!(config.assumptions.repeat_reading_posts);
        assert_eq!(config.certificate_warning_days, 30);
    }

    #[test]
    fn each_has_its_variable() {
        let assumptions = Assumptions::from_lookup(|name| {
            Some(
                match name {
                    "VIDEOID_VIDEO_IDENTIFIER_FROM" => "request_pk",
                    "VIDEOID_INCOMPLETE_IS" => "failure",
                    "VIDEOID_UPLOAD_ORDER" => "video_first",
                    "VIDEOID_ACCEPTANCE_DATE" => "string",
                    "VIDEOID_VIDEO_FORMAT" => "any",
                    "VIDEOID_REPEAT_READING_POSTS" => "false",
                    _ => return None,
                }
                .to_owned(),
            )
        })
        .unwrap();
        let expected = Assumptions {
            video_identifier_from: VideoIdentifierFrom::RequestPk,
            incomplete_is: IncompleteIs::Failure,
            upload_order: UploadOrder::VideoFirst,
            acceptance_date: AcceptanceDate::Text,
            video_format: VideoFormat::Any,
            repeat_reading_posts: false,
        };
        assert_eq!(assumptions, expected);
        for name in ["VIDEOID_VIDEO_FORMAT", "VIDEOID_REPEAT_READING_POSTS"] {
            let error = Assumptions::from_lookup(|asked| (asked == name).then(|| "perhaps".into())).unwrap_err();
            assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::ConfigInvalid, name));
        }
    }
}
