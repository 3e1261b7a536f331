//! How a client is set up. Each field says its default and the environment variable that [`RaConfig::from_env`] reads.

mod assumptions;
mod certificate;
mod hosts;
mod limits;
mod one_shot;
mod one_shot_assumptions;
mod tls;

pub use assumptions::{AcceptanceDate, Assumptions, IncompleteIs, UploadOrder, VideoFormat, VideoIdentifierFrom};
pub use certificate::CertificateInfo;
pub use limits::{Limits, RetryConfig, Timeout, Timeouts};
pub use one_shot::{Dialect, OneShotConfig};
pub use one_shot_assumptions::{ApproveForm, OneShotAssumptions, SignedDocumentForm, VideoDownloadForm};
pub use tls::{ClientIdentity, TlsConfig};

use crate::error::{Error, ErrorCode, Result};
use crate::model::RaId;
use crate::secret::SensitiveString;

/// Which installation of the service is meant. Sets the hosts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Environment {
    /// The vendor's test installation.
    #[default]
    Sandbox,
    /// The vendor's production. What is created there costs money.
    Production,
    /// Hosts of one's own: `api_url` and `upload_url` are needed. For a local sandbox or a gateway.
    Custom,
    /// A word that this version does not know.
    Other(String),
}

impl Environment {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
            Self::Custom => "custom",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Environment {
    fn from(word: &str) -> Self {
        match word {
            "sandbox" => Self::Sandbox,
            "production" => Self::Production,
            "custom" => Self::Custom,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Which id the evidence upload takes in its path (`video_pk`). The documents leave it open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VideoPkKind {
    /// The request's own key, as in every sample.
    RequestPk,
    /// The key of the VideoID object, `videoid_data.pk`.
    VideoIdPk,
    /// A word that this version does not know.
    Other(String),
}

impl VideoPkKind {
    /// The name in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::RequestPk => "request_pk",
            Self::VideoIdPk => "videoid_pk",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for VideoPkKind {
    fn from(word: &str) -> Self {
        match word {
            "request_pk" => Self::RequestPk,
            "videoid_pk" => Self::VideoIdPk,
            other => Self::Other(other.to_owned()),
        }
    }
}

crate::model::text_enum_serde!(Environment, VideoPkKind);

/// The settings of a Registration Authority client.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RaConfig {
    /// Which installation. Default: sandbox. `VIDEOID_ENVIRONMENT`.
    pub environment: Environment,
    /// Base address of the API with its path, for example `http://127.0.0.1:8080/api/v1`. Default: by environment. `VIDEOID_RA_URL`.
    pub api_url: Option<String>,
    /// Address of the host for videos, without a path. Default: by environment. `VIDEOID_UPLOAD_URL`.
    pub upload_url: Option<String>,
    /// The registration authority that calls use where they name none. No default. `VIDEOID_RA`.
    pub registration_authority: Option<RaId>,
    /// Which id the evidence upload takes in its path. No default: the documents leave it open, and a wrong choice would put
    /// one person's evidence on another's request. Ask the vendor. `VIDEOID_VIDEO_PK` (`request_pk` or `videoid_pk`).
    pub video_pk: Option<VideoPkKind>,
    /// TLS towards the API: trusted roots and the client certificate. `VIDEOID_CA_FILE`, `VIDEOID_CLIENT_CERT`,
    /// `VIDEOID_CLIENT_KEY`, `VIDEOID_CLIENT_KEY_PASSWORD`.
    pub tls: TlsConfig,
    /// TLS towards the host for videos. Default: the roots of `tls` without its client certificate. Whether that host wants
    /// one is not documented.
    pub upload_tls: Option<TlsConfig>,
    /// Address of a forward proxy, `http://[user:password@]host:port`. Default: none; the environment's proxy variables are
    /// not read. `VIDEOID_PROXY`.
    pub proxy: Option<SensitiveString>,
    /// Plain HTTP to other hosts than loopback. Default: false.
    pub allow_plain_http: bool,
    /// Time limits.
    pub timeouts: Timeouts,
    /// Repetition of safe operations.
    pub retry: RetryConfig,
    /// Size limits.
    pub limits: Limits,
    /// Refuses what is otherwise only advised against: evidence with pieces missing, a request that its profile does not
    /// fit. Default: false.
    pub strict: bool,
    /// What the documents leave open and a call has to decide.
    pub assumptions: Assumptions,
    /// From how many days before the end of the client certificate the hooks are warned. Default: 30.
    /// `VIDEOID_CERTIFICATE_WARNING_DAYS`.
    pub certificate_warning_days: i64,
}

impl Default for RaConfig {
    fn default() -> Self {
        Self {
            environment: Environment::default(),
            api_url: None,
            upload_url: None,
            registration_authority: None,
            video_pk: None,
            tls: TlsConfig::default(),
            upload_tls: None,
            proxy: None,
            allow_plain_http: false,
            timeouts: Timeouts::default(),
            retry: RetryConfig::default(),
            limits: Limits::default(),
            strict: false,
            assumptions: Assumptions::default(),
            certificate_warning_days: 30,
        }
    }
}

impl RaConfig {
    /// Settings for an environment.
    pub fn new(environment: Environment) -> Self {
        Self { environment, ..Self::default() }
    }

    /// Settings for hosts of one's own, a local sandbox for example.
    pub fn custom(api_url: impl Into<String>, upload_url: impl Into<String>) -> Self {
        Self { environment: Environment::Custom, api_url: Some(api_url.into()), upload_url: Some(upload_url.into()), ..Self::default() }
    }

    /// Settings from the environment variables that the fields name.
    ///
    /// # Errors
    /// `config_invalid` where a variable holds what its field cannot take.
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_lookup(var: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let known = |name: &str, word: Option<String>, words: &[&str]| match word {
            Some(word) if !words.contains(&word.as_str()) => {
                Err(Error::field(ErrorCode::ConfigInvalid, name, format!("one of {}", words.join(", "))))
            }
            other => Ok(other),
        };
        let environment = known("VIDEOID_ENVIRONMENT", var("VIDEOID_ENVIRONMENT"), &["sandbox", "production", "custom"])?;
        let video_pk = known("VIDEOID_VIDEO_PK", var("VIDEOID_VIDEO_PK"), &["request_pk", "videoid_pk"])?;
        let mut tls = TlsConfig { ca_file: var("VIDEOID_CA_FILE"), ..TlsConfig::default() };
        if let Some(certificate_file) = var("VIDEOID_CLIENT_CERT") {
            tls.identity = Some(ClientIdentity {
                certificate_file: Some(certificate_file),
                key_file: var("VIDEOID_CLIENT_KEY"),
                password: var("VIDEOID_CLIENT_KEY_PASSWORD").map(SensitiveString::new),
                ..ClientIdentity::default()
            });
        }
        let certificate_warning_days = match var("VIDEOID_CERTIFICATE_WARNING_DAYS") {
            None => Self::default().certificate_warning_days,
            Some(days) => {
                days.parse().map_err(|_| Error::field(ErrorCode::ConfigInvalid, "VIDEOID_CERTIFICATE_WARNING_DAYS", "a whole number"))?
            }
        };
        Ok(Self {
            environment: environment.map_or_else(Environment::default, |word| Environment::from(word.as_str())),
            api_url: var("VIDEOID_RA_URL"),
            upload_url: var("VIDEOID_UPLOAD_URL"),
            registration_authority: var("VIDEOID_RA").map(RaId),
            video_pk: video_pk.map(|word| VideoPkKind::from(word.as_str())),
            tls,
            proxy: var("VIDEOID_PROXY").map(SensitiveString::new),
            assumptions: Assumptions::from_lookup(&var)?,
            certificate_warning_days,
            ..Self::default()
        })
    }

    /// The addresses of API and host for videos, without a slash at the end.
    ///
    /// # Errors
    /// `config_invalid` where the environment needs an address that is not set, or only one of the two is given.
    pub fn urls(&self) -> Result<(String, String)> {
        let (api, upload) = match &self.environment {
            Environment::Sandbox => ("https://api.sandbox.uanataca.com/api/v1", "https://lima.sandbox.uanataca.com"),
            Environment::Production => ("https://api.uanataca.com/api/v1", "https://lima.uanataca.com"),
            Environment::Custom => ("", ""),
            Environment::Other(_) => {
                return Err(Error::field(ErrorCode::ConfigInvalid, "environment", "one of sandbox, production, custom"));
            }
        };
        let pick = |field: &str, own: &Option<String>, default: &str| match own {
            Some(url) => Ok(url.trim_end_matches('/').to_owned()),
            None if default.is_empty() => Err(Error::field(ErrorCode::ConfigInvalid, field, "needed with environment custom")),
            None => Ok(default.to_owned()),
        };
        // One host of production beside one of a test installation would send evidence where it does not belong.
        if self.environment != Environment::Custom && self.api_url.is_some() != self.upload_url.is_some() {
            let missing = if self.api_url.is_some() { "upload_url" } else { "api_url" };
            return Err(Error::field(
                ErrorCode::ConfigInvalid,
                missing,
                "set both addresses or none, so that environments cannot be mixed",
            ));
        }
        Ok((pick("api_url", &self.api_url, api)?, pick("upload_url", &self.upload_url, upload)?))
    }

    /// Checks what can be checked without reading a file or opening a connection. An environment with a host of the vendor's
    /// other one, or a host of production beside one of a test installation, is refused: evidence of real people does not belong
    /// on a test installation, and tests in production cost money.
    ///
    /// # Errors
    /// `config_invalid` or `plain_http_refused`, naming the field.
    pub fn validate(&self) -> Result<()> {
        let (api, upload) = self.urls()?;
        for (field, url) in [("api_url", &api), ("upload_url", &upload)] {
            self.check_url(field, url)?;
        }
        hosts::check(&self.environment, &api, &upload)?;
        if let Some(VideoPkKind::Other(_)) = self.video_pk {
            return Err(Error::field(ErrorCode::ConfigInvalid, "video_pk", "request_pk or videoid_pk"));
        }
        if self.certificate_warning_days < 0 {
            return Err(Error::field(ErrorCode::ConfigInvalid, "certificate_warning_days", "at least 0"));
        }
        self.assumptions.validate()?;
        self.retry.validate()?;
        self.limits.validate()
    }

    fn check_url(&self, field: &str, url: &str) -> Result<()> {
        let invalid = |rule: &str| Error::field(ErrorCode::ConfigInvalid, field, rule);
        let (scheme, rest) = url.split_once("://").ok_or_else(|| invalid("an address that starts with https://"))?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.is_empty() || authority.contains('@') || rest.contains(['?', '#']) {
            return Err(invalid("an address with a host and without user, query or fragment"));
        }
        let host = hosts::host(url);
        let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match scheme {
            "https" => Ok(()),
            "http" if loopback || self.allow_plain_http => Ok(()),
            "http" => Err(Error::field(ErrorCode::PlainHttpRefused, field, "plain HTTP only to loopback, unless allow_plain_http is set")),
            _ => Err(invalid("an address that starts with https://")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_cannot_be_mixed_by_one_address() {
        let config = RaConfig { api_url: Some("https://example.com/api/v1".into()), ..RaConfig::new(Environment::Production) };
        let error = config.validate().unwrap_err();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::ConfigInvalid, "upload_url"));
    }

    #[test]
    fn plain_http_is_for_loopback() {
        RaConfig::custom("http://127.0.0.1:1/api/v1", "http://[::1]:2").validate().unwrap();
        let error = RaConfig::custom("http://10.0.0.1/api/v1", "http://127.0.0.1:2").validate().unwrap_err();
        assert_eq!(error.code(), ErrorCode::PlainHttpRefused);
    }

    #[test]
    fn settings_come_from_the_named_variables() {
        let config = RaConfig::from_lookup(|name| match name {
            "VIDEOID_ENVIRONMENT" => Some("production".into()),
            "VIDEOID_VIDEO_PK" => Some("request_pk".into()),
            "VIDEOID_RA" => Some("121".into()),
            "VIDEOID_CERTIFICATE_WARNING_DAYS" => Some("60".into()),
            "VIDEOID_UPLOAD_ORDER" => Some("video_first".into()),
            _ => None,
        })
        .unwrap();
        assert_eq!((config.certificate_warning_days, &config.assumptions.upload_order), (60, &UploadOrder::VideoFirst));
        assert_eq!((config.environment, config.video_pk), (Environment::Production, Some(VideoPkKind::RequestPk)));
        let error = RaConfig::from_lookup(|name| (name == "VIDEOID_VIDEO_PK").then(|| "either".into())).unwrap_err();
        assert_eq!(error.fields()[0].field, "VIDEOID_VIDEO_PK");
        let error = RaConfig::from_lookup(|name| (name == "VIDEOID_CERTIFICATE_WARNING_DAYS").then(|| "soon".into())).unwrap_err();
        assert_eq!((error.code(), error.detail().contains("soon")), (ErrorCode::ConfigInvalid, false));
    }
}
