//! Time limits, repetition and size limits.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorCode, Result};

/// A time limit: not set (the default applies), switched off, or set. In JSON and in the other languages it is a number of
/// milliseconds: absent is unset, 0 is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Timeout {
    /// The default applies.
    #[default]
    Unset,
    /// No limit.
    Off,
    /// This long.
    After(Duration),
}

impl Timeout {
    /// From milliseconds: `None` unset, 0 off.
    pub fn from_millis(millis: Option<u64>) -> Self {
        match millis {
            None => Self::Unset,
            Some(0) => Self::Off,
            Some(ms) => Self::After(Duration::from_millis(ms)),
        }
    }

    /// In milliseconds: `None` unset, 0 off.
    pub fn to_millis(self) -> Option<u64> {
        match self {
            Self::Unset => None,
            Self::Off => Some(0),
            Self::After(after) => Some(u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    /// The limit that applies, where `default` is used for unset.
    #[cfg(feature = "client")]
    pub(crate) fn or(self, default: Option<Duration>) -> Option<Duration> {
        match self {
            Self::Unset => default,
            Self::Off => None,
            Self::After(after) => Some(after),
        }
    }
}

impl Serialize for Timeout {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.to_millis().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Timeout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Option::<u64>::deserialize(deserializer).map(Self::from_millis)
    }
}

/// Time limits, in milliseconds in every language but Rust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Timeouts {
    /// Until a connection stands, TLS included. Default: 10 s.
    pub connect: Timeout,
    /// Without a byte of the answer, counted from the end of the request's body. Default: 60 s.
    pub idle: Timeout,
    /// One attempt of a call that uploads no file. Default: 60 s. Uploads and downloads have the stall guard instead.
    pub attempt: Timeout,
    /// A whole call with its repetitions. Default: off.
    pub total: Timeout,
    /// Without a byte of an upload moving: the stall guard. Default: 20 s.
    pub stall: Timeout,
}

#[cfg(feature = "client")]
impl Timeouts {
    pub(crate) fn connect_limit(&self) -> Option<Duration> {
        self.connect.or(Some(Duration::from_secs(10)))
    }

    pub(crate) fn idle_limit(&self) -> Option<Duration> {
        self.idle.or(Some(Duration::from_mins(1)))
    }

    pub(crate) fn attempt_limit(&self) -> Option<Duration> {
        self.attempt.or(Some(Duration::from_mins(1)))
    }

    pub(crate) fn stall_limit(&self) -> Option<Duration> {
        self.stall.or(Some(Duration::from_secs(20)))
    }
}

/// How safe operations are repeated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RetryConfig {
    /// Attempts of one call, the first included. 1 switches repetition off. Default: 3.
    pub max_attempts: i64,
    /// Upper bound of the first pause in milliseconds; it doubles each time and the pause is drawn between 0 and the bound
    /// (full jitter). Default: 200.
    pub base_delay_ms: i64,
    /// The bound never grows above this, in milliseconds. A longer `Retry-After` ends the call. Default: 10 000.
    pub max_delay_ms: i64,
    /// Tokens that all calls of a client share: a repetition takes one, a success gives a tenth back. Keeps a failing service
    /// from being flooded. Default: 20.
    pub budget: i64,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self { max_attempts: 3, base_delay_ms: 200, max_delay_ms: 10_000, budget: 20 }
    }
}

impl RetryConfig {
    pub(crate) fn validate(&self) -> Result<()> {
        at_least("retry.max_attempts", self.max_attempts, 1)?;
        at_least("retry.base_delay_ms", self.base_delay_ms, 0)?;
        at_least("retry.max_delay_ms", self.max_delay_ms, 0)?;
        at_least("retry.budget", self.budget, 0)
    }
}

/// Size limits in bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Limits {
    /// The largest answer that is read into memory, images of a request not counted. Default: 4 MiB; a contract has some hundred
    /// kilobytes.
    pub answer_bytes: i64,
    /// The largest image. The service publishes no limit. Default: 25 MiB.
    pub image_bytes: i64,
    /// The largest video. The service publishes no limit. Default: 2 GiB.
    pub video_bytes: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer_bytes: 4 << 20, image_bytes: 25 << 20, video_bytes: 2 << 30 }
    }
}

impl Limits {
    pub(crate) fn validate(&self) -> Result<()> {
        at_least("limits.answer_bytes", self.answer_bytes, 1024)?;
        at_least("limits.image_bytes", self.image_bytes, 1)?;
        at_least("limits.video_bytes", self.video_bytes, 1)
    }
}

fn at_least(field: &str, value: i64, least: i64) -> Result<()> {
    if value < least {
        return Err(Error::field(ErrorCode::ConfigInvalid, field, format!("at least {least}")));
    }
    Ok(())
}
