//! Which installation a host belongs to, by its name. Source: the vendor's documents and samples.

use super::Environment;
use crate::error::{Error, ErrorCode, Result};

/// Hosts of the vendor's production.
const PRODUCTION: [&str; 3] = ["api.uanataca.com", "lima.uanataca.com", "api.modernpki.com"];

/// Hosts of the vendor's test installations that do not say so by the name of their domain.
const TEST: [&str; 3] = ["optimizer-developers.uanataca.com", "one-shot.developers.uanataca.com", "lima.demo.bit4id.org"];

/// Domains below which all hosts are of a test installation.
const TEST_DOMAINS: [&str; 2] = [".sandbox.uanataca.com", ".sandbox.modernpki.com"];

/// What is known of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Installation {
    Test,
    Production,
    /// A gateway, a local sandbox, a host that was renamed.
    Unknown,
}

fn installation(url: &str) -> Installation {
    // A name with the dot of the root at its end is the same host.
    let host = host(url).trim_end_matches('.').to_ascii_lowercase();
    let host = host.as_str();
    if PRODUCTION.contains(&host) {
        Installation::Production
    } else if TEST.contains(&host) || TEST_DOMAINS.iter().any(|domain| host.ends_with(domain)) {
        Installation::Test
    } else {
        Installation::Unknown
    }
}

/// The host of an address, without its port; empty where there is none.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Refuses what would send something to another installation than the one that is meant.
pub(super) fn check(environment: &Environment, api: &str, upload: &str) -> Result<()> {
    let kinds = (installation(api), installation(upload));
    let (foreign, rule) = match environment {
        Environment::Sandbox => (Installation::Production, "no host of production with environment sandbox"),
        Environment::Production => (Installation::Test, "no host of a test installation with environment production"),
        _ => {
            return match kinds {
                (Installation::Test, Installation::Production) | (Installation::Production, Installation::Test) => {
                    Err(Error::field(ErrorCode::ConfigInvalid, "upload_url", "of the same installation as api_url"))
                }
                _ => Ok(()),
            };
        }
    };
    match kinds {
        (api, _) if api == foreign => Err(Error::field(ErrorCode::ConfigInvalid, "api_url", rule)),
        (_, upload) if upload == foreign => Err(Error::field(ErrorCode::ConfigInvalid, "upload_url", rule)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RaConfig;

    const TEST_API: &str = "https://api.sandbox.uanataca.com/api/v1";
    const TEST_UPLOAD: &str = "https://lima.sandbox.uanataca.com";
    const LIVE_API: &str = "https://api.uanataca.com/api/v1";
    const LIVE_UPLOAD: &str = "https://lima.uanataca.com";
    const OWN: &str = "https://gateway.example.com";

    fn refused(environment: Environment, api: &str, upload: &str) -> Option<String> {
        let config = RaConfig { environment, ..RaConfig::custom(api, upload) };
        let error = config.validate().err()?;
        assert_eq!(error.code(), ErrorCode::ConfigInvalid);
        Some(error.fields()[0].field.clone())
    }

    #[test]
    fn an_environment_takes_no_host_of_the_other_one() {
        assert_eq!(refused(Environment::Sandbox, LIVE_API, TEST_UPLOAD).as_deref(), Some("api_url"));
        assert_eq!(refused(Environment::Sandbox, TEST_API, LIVE_UPLOAD).as_deref(), Some("upload_url"));
        assert_eq!(refused(Environment::Production, TEST_API, LIVE_UPLOAD).as_deref(), Some("api_url"));
        assert_eq!(refused(Environment::Production, LIVE_API, TEST_UPLOAD).as_deref(), Some("upload_url"));
        assert_eq!(refused(Environment::Production, OWN, "https://lima.demo.bit4id.org").as_deref(), Some("upload_url"));
        for (environment, api, upload) in [
            (Environment::Sandbox, TEST_API, TEST_UPLOAD),
            (Environment::Production, LIVE_API, LIVE_UPLOAD),
            (Environment::Production, OWN, OWN),
            (Environment::Sandbox, OWN, TEST_UPLOAD),
        ] {
            assert_eq!(refused(environment, api, upload), None);
        }
    }

    #[test]
    fn hosts_of_ones_own_are_not_of_two_installations() {
        assert_eq!(refused(Environment::Custom, LIVE_API, TEST_UPLOAD).as_deref(), Some("upload_url"));
        assert_eq!(refused(Environment::Custom, TEST_API, LIVE_UPLOAD).as_deref(), Some("upload_url"));
        for (api, upload) in [(LIVE_API, LIVE_UPLOAD), (TEST_API, TEST_UPLOAD), (LIVE_API, OWN), (OWN, TEST_UPLOAD), (OWN, OWN)] {
            assert_eq!(refused(Environment::Custom, api, upload), None);
        }
    }

    #[test]
    fn a_host_is_known_however_it_is_written() {
        for url in ["https://API.Uanataca.com", "https://api.uanataca.com.:443/x", "https://api.uanataca.com?x"] {
            assert_eq!(installation(url), Installation::Production, "{url}");
        }
        for url in ["https://api.uanataca.com.example.com", "https://sandbox.uanataca.com", "https://127.0.0.1:1", "https://[::1]:2"] {
            assert_eq!(installation(url), Installation::Unknown, "{url}");
        }
        assert_eq!(host("https://[::1]:2/x"), "::1");
    }
}
