//! How a One-Shot client is set up. Each field says its default and the environment variable that [`OneShotConfig::from_env`] reads.

use serde::{Deserialize, Serialize};

use super::one_shot_assumptions::OneShotAssumptions;
use super::{Assumptions, ClientIdentity, Environment, Limits, RaConfig, RetryConfig, Timeouts, TlsConfig};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{BillingEnv, RaId};
use crate::secret::SensitiveString;

/// Which form of the One-Shot API the Optimizer speaks. Customers run Optimizers of different ages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// The current one, below `/oneshot/api/v1`.
    #[default]
    Current,
    /// The older one, below `/api/v1`.
    Legacy,
    /// A word that this version does not know.
    Other(String),
}

impl Dialect {
    /// The name in lower case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Current => "current",
            Self::Legacy => "legacy",
            Self::Other(word) => word,
        }
    }

    /// The path that the addresses of this dialect begin with.
    pub fn prefix(&self) -> &'static str {
        match self {
            Self::Legacy => "/api/v1",
            _ => "/oneshot/api/v1",
        }
    }

    /// The other one.
    #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client asks"))]
    pub(crate) fn another(&self) -> Self {
        match self {
            Self::Legacy => Self::Current,
            _ => Self::Legacy,
        }
    }
}

impl From<&str> for Dialect {
    fn from(word: &str) -> Self {
        match word {
            "current" => Self::Current,
            "legacy" => Self::Legacy,
            other => Self::Other(other.to_owned()),
        }
    }
}

crate::model::text_enum_serde!(Dialect);

/// The settings of a One-Shot client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OneShotConfig {
    /// Which installation. `sandbox` is the vendor's public test Optimizer; `production` and `custom` are the customer's own, whose
    /// `base_url` is needed. Default: sandbox, or custom where `base_url` is set in the environment. `VIDEOID_ONESHOT_ENVIRONMENT`.
    pub environment: Environment,
    /// Address of the Optimizer without the API's prefix, for example `https://optimizer.example.com`. Default: by environment.
    /// `VIDEOID_ONESHOT_URL`.
    pub base_url: Option<String>,
    /// Which form of the API it speaks. Default: current. `VIDEOID_ONESHOT_DIALECT` (`current` or `legacy`).
    pub dialect: Dialect,
    /// The path that the API's addresses begin with. Default: by dialect, `/oneshot/api/v1` or `/api/v1`. `VIDEOID_ONESHOT_PREFIX`.
    pub prefix: Option<String>,
    /// The registration authority that calls use where they name none. No default; an Optimizer may have one of its own.
    /// `VIDEOID_RA`.
    pub registration_authority: Option<RaId>,
    /// The billing user that calls use where they name none. No default; an Optimizer may have one of its own.
    /// `VIDEOID_BILLING_USERNAME`.
    pub billing_username: Option<SensitiveString>,
    /// Password of the billing user, in clear: the client encodes it to Base64. `VIDEOID_BILLING_PASSWORD`.
    pub billing_password: Option<SensitiveString>,
    /// What is billed where a call does not say: `sandbox` or `prod`. No default; an Optimizer may have one of its own.
    /// `VIDEOID_ONESHOT_ENV`.
    pub env: Option<BillingEnv>,
    /// TLS towards the Optimizer: trusted roots, and a client certificate where a gateway in front of it wants one.
    /// `VIDEOID_ONESHOT_CA_FILE`, `VIDEOID_ONESHOT_CLIENT_CERT`, `VIDEOID_ONESHOT_CLIENT_KEY`, `VIDEOID_ONESHOT_CLIENT_KEY_PASSWORD`.
    pub tls: TlsConfig,
    /// Address of a forward proxy, `http://[user:password@]host:port`. Default: none; the environment's proxy variables are not
    /// read. `VIDEOID_PROXY`.
    pub proxy: Option<SensitiveString>,
    /// Plain HTTP to other hosts than loopback. Default: false.
    pub allow_plain_http: bool,
    /// Time limits.
    pub timeouts: Timeouts,
    /// Repetition of safe operations.
    pub retry: RetryConfig,
    /// Size limits. A downloaded document or contract counts as a file: `limits.video_bytes`.
    pub limits: Limits,
    /// The largest document that is uploaded for signing, in bytes. The service publishes no limit. Default: 50 MiB.
    pub document_bytes: i64,
    /// Refuses what is otherwise only advised against: evidence with pieces missing. Default: false.
    pub strict: bool,
    /// What the documents leave open and a call has to decide.
    pub assumptions: OneShotAssumptions,
}

impl Default for OneShotConfig {
    fn default() -> Self {
        Self {
            environment: Environment::default(),
            base_url: None,
            dialect: Dialect::default(),
            prefix: None,
            registration_authority: None,
            billing_username: None,
            billing_password: None,
            env: None,
            tls: TlsConfig::default(),
            proxy: None,
            allow_plain_http: false,
            timeouts: Timeouts::default(),
            retry: RetryConfig::default(),
            limits: Limits::default(),
            document_bytes: 50 << 20,
            strict: false,
            assumptions: OneShotAssumptions::default(),
        }
    }
}

impl OneShotConfig {
    /// Settings for the vendor's public test Optimizer.
    pub fn test_installation(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// Settings for an Optimizer of one's own. `base_url` is its address without the API's prefix.
    pub fn custom(base_url: impl Into<String>, dialect: Dialect) -> Self {
        Self { environment: Environment::Custom, base_url: Some(base_url.into()), dialect, ..Self::default() }
    }

    /// Settings from the environment variables that the fields name.
    ///
    /// # Errors
    /// `config_invalid` where a variable holds what its field cannot take.
    pub fn from_env() -> Result<Self> {
        Self::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_lookup(var: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let word = |name: &str, words: &[&str]| match var(name) {
            Some(word) if !words.contains(&word.as_str()) => {
                Err(Error::field(ErrorCode::ConfigInvalid, name, format!("one of {}", words.join(", "))))
            }
            other => Ok(other),
        };
        let environment = word("VIDEOID_ONESHOT_ENVIRONMENT", &["sandbox", "production", "custom"])?;
        let dialect = word("VIDEOID_ONESHOT_DIALECT", &["current", "legacy"])?;
        let env = word("VIDEOID_ONESHOT_ENV", &["sandbox", "prod"])?;
        let base_url = var("VIDEOID_ONESHOT_URL");
        let own = if base_url.is_some() { Environment::Custom } else { Environment::Sandbox };
        let mut tls = TlsConfig { ca_file: var("VIDEOID_ONESHOT_CA_FILE"), ..TlsConfig::default() };
        if let Some(certificate_file) = var("VIDEOID_ONESHOT_CLIENT_CERT") {
            tls.identity = Some(ClientIdentity {
                certificate_file: Some(certificate_file),
                key_file: var("VIDEOID_ONESHOT_CLIENT_KEY"),
                password: var("VIDEOID_ONESHOT_CLIENT_KEY_PASSWORD").map(SensitiveString::new),
                ..ClientIdentity::default()
            });
        }
        Ok(Self {
            environment: environment.map_or(own, |word| Environment::from(word.as_str())),
            base_url,
            dialect: dialect.map_or_else(Dialect::default, |word| Dialect::from(word.as_str())),
            prefix: var("VIDEOID_ONESHOT_PREFIX"),
            registration_authority: var("VIDEOID_RA").map(RaId),
            billing_username: var("VIDEOID_BILLING_USERNAME").map(SensitiveString::new),
            billing_password: var("VIDEOID_BILLING_PASSWORD").map(SensitiveString::new),
            env: env.map(|word| BillingEnv::from(word.as_str())),
            tls,
            proxy: var("VIDEOID_PROXY").map(SensitiveString::new),
            ..Self::default()
        })
    }

    /// The addresses with their prefixes, without a slash at the end: of the dialect that is set, and of the other one.
    ///
    /// # Errors
    /// `config_invalid`, naming the field.
    pub fn urls(&self) -> Result<(String, String)> {
        let invalid = |field: &str, rule: &str| Error::field(ErrorCode::ConfigInvalid, field, rule);
        if matches!(self.dialect, Dialect::Other(_)) {
            return Err(invalid("dialect", "one of current, legacy"));
        }
        let base = match (&self.environment, &self.base_url) {
            (Environment::Other(_), _) => return Err(invalid("environment", "one of sandbox, production, custom")),
            (_, Some(own)) => own.trim_end_matches('/'),
            (Environment::Sandbox, None) if self.dialect == Dialect::Legacy => "https://one-shot.developers.uanataca.com",
            (Environment::Sandbox, None) => "https://optimizer-developers.uanataca.com",
            (_, None) => return Err(invalid("base_url", "needed: the address of the customer's Optimizer")),
        };
        // The documents themselves double it in their samples.
        if [Dialect::Current, Dialect::Legacy].iter().any(|dialect| base.ends_with(dialect.prefix())) {
            return Err(invalid("base_url", "the address without the API's prefix, which is a setting of its own"));
        }
        let prefix = self.prefix.as_deref().unwrap_or(self.dialect.prefix()).trim_end_matches('/');
        if !prefix.is_empty() && !prefix.starts_with('/') || prefix.contains(['?', '#', '%']) || prefix.contains("..") {
            return Err(invalid("prefix", "a path that begins with a slash"));
        }
        Ok((format!("{base}{prefix}"), format!("{base}{}", self.dialect.another().prefix())))
    }

    /// Checks what can be checked without reading a file or opening a connection.
    ///
    /// # Errors
    /// `config_invalid` or `plain_http_refused`, naming the field.
    pub fn validate(&self) -> Result<()> {
        let shared = self.shared()?;
        let (url, _) = self.urls()?;
        shared.check_url("base_url", &url)?;
        if self.document_bytes < 1 {
            return Err(Error::field(ErrorCode::ConfigInvalid, "document_bytes", "at least 1"));
        }
        if matches!(self.env, Some(BillingEnv::Other(_))) {
            return Err(Error::field(ErrorCode::ConfigInvalid, "env", "one of sandbox, prod"));
        }
        self.assumptions.validate()?;
        shared.validate()
    }

    /// The settings that both clients share, for the transport. The other dialect stands where the RA API has its second host: it
    /// is only asked which dialect the server speaks.
    pub(crate) fn shared(&self) -> Result<RaConfig> {
        let (own, other) = self.urls()?;
        Ok(RaConfig {
            tls: self.tls.clone(),
            upload_tls: Some(self.tls.clone()),
            proxy: self.proxy.clone(),
            allow_plain_http: self.allow_plain_http,
            timeouts: self.timeouts,
            retry: self.retry.clone(),
            limits: self.limits.clone(),
            strict: self.strict,
            assumptions: Assumptions {
                acceptance_date: self.assumptions.acceptance_date.clone(),
                video_format: self.assumptions.video_format.clone(),
                ..Assumptions::default()
            },
            ..RaConfig::custom(own, other)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_from_environment_dialect_and_prefix() {
        let urls = |config: &OneShotConfig| config.urls().unwrap().0;
        assert_eq!(urls(&OneShotConfig::default()), "https://optimizer-developers.uanataca.com/oneshot/api/v1");
        let legacy = OneShotConfig::test_installation(Dialect::Legacy);
        assert_eq!(urls(&legacy), "https://one-shot.developers.uanataca.com/api/v1");
        let own = OneShotConfig::custom("http://127.0.0.1:8084/", Dialect::Legacy);
        own.validate().unwrap();
        assert_eq!(own.urls().unwrap(), ("http://127.0.0.1:8084/api/v1".to_owned(), "http://127.0.0.1:8084/oneshot/api/v1".to_owned()));
        let prefixed = OneShotConfig { prefix: Some("/sign/v1/".into()), ..own };
        assert_eq!(urls(&prefixed), "http://127.0.0.1:8084/sign/v1");
    }

    #[test]
    fn what_cannot_be_an_address_is_said() {
        let field = |config: OneShotConfig| {
            let error = config.validate().unwrap_err();
            (error.code(), error.fields()[0].field.clone())
        };
        let invalid = |name: &str| (ErrorCode::ConfigInvalid, name.to_owned());
        assert_eq!(field(OneShotConfig { environment: Environment::Production, ..OneShotConfig::default() }), invalid("base_url"));
        assert_eq!(field(OneShotConfig::custom("https://example.com/api/v1", Dialect::Current)), invalid("base_url"));
        assert_eq!(field(OneShotConfig::custom("https://example.com", Dialect::from("newest"))), invalid("dialect"));
        assert_eq!(field(OneShotConfig { prefix: Some("v1".into()), ..OneShotConfig::default() }), invalid("prefix"));
        assert_eq!(field(OneShotConfig { env: Some("test".into()), ..OneShotConfig::default() }), invalid("env"));
        let plain = OneShotConfig::custom("http://10.0.0.1:8084", Dialect::Legacy);
        assert_eq!(field(plain), (ErrorCode::PlainHttpRefused, "base_url".to_owned()));
    }

    #[test]
    fn settings_come_from_the_named_variables() {
        let config = OneShotConfig::from_lookup(|name| match name {
            "VIDEOID_ONESHOT_URL" => Some("https://optimizer.example.com".into()),
            "VIDEOID_ONESHOT_DIALECT" => Some("legacy".into()),
            "VIDEOID_BILLING_PASSWORD" => Some("B1ll-ing".into()),
            "VIDEOID_ONESHOT_ENV" => Some("prod".into()),
            _ => None,
        })
        .unwrap();
        assert_eq!((config.environment.clone(), config.dialect.clone()), (Environment::Custom, Dialect::Legacy));
        assert!(!format!("{config:?}").contains("B1ll-ing"));
        let error = OneShotConfig::from_lookup(|name| (name == "VIDEOID_ONESHOT_ENV").then(|| "live".into())).unwrap_err();
        assert_eq!(error.fields()[0].field, "VIDEOID_ONESHOT_ENV");
    }
}
