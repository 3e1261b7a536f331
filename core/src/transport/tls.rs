//! The rustls configuration of one host: roots, client certificate, pins.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use sha2::{Digest as _, Sha256};

use super::identity;
use crate::config::TlsConfig;
use crate::error::{Error, ErrorCode, Result};

/// A configuration, with the client certificate that it shows.
pub(crate) struct Built {
    pub(crate) config: ClientConfig,
    pub(crate) certificate: Option<CertificateDer<'static>>,
}

/// Builds the configuration. Reads the files that `config` names. `field` is the setting's name for errors. Without
/// `speaks_tls` the address is plain HTTP: no root is looked for, and a wrong identity is still found.
pub(crate) fn client_config(field: &str, config: &TlsConfig, speaks_tls: bool) -> Result<Built> {
    let provider = Arc::new(ring::default_provider());
    let roots = Arc::new(if speaks_tls { roots(field, config)? } else { RootCertStore::empty() });
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::new(ErrorCode::Internal, "the TLS provider has no usable protocol version").with_source(e))?;
    let builder = if config.pins.is_empty() || !speaks_tls {
        builder.with_root_certificates(roots)
    } else {
        let pins = config.pins.iter().map(|pin| parse_pin(field, pin)).collect::<Result<_>>()?;
        // Pins narrow the verification down, they never replace it.
        let inner = verifier(roots, provider.clone())?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Pinned { inner, provider, pins }))
    };
    let mut certificate = None;
    let mut tls = match &config.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = identity::load(field, identity)?;
            certificate = chain.first().cloned();
            builder.with_client_auth_cert(chain, key).map_err(|error| match error {
                rustls::Error::InconsistentKeys(_) => {
                    Error::field(ErrorCode::TlsKeyMismatch, format!("{field}.identity"), "the key does not belong to the certificate")
                }
                other => {
                    Error::field(ErrorCode::TlsIdentityInvalid, format!("{field}.identity"), "the key cannot be used").with_source(other)
                }
            })?
        }
    };
    // HTTP/1.1 alone: an upload gets a connection of its own, at full speed, with errors that say what happened to it.
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Built { config: tls, certificate })
}

fn verifier(roots: Arc<RootCertStore>, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    WebPkiServerVerifier::builder_with_provider(roots, provider)
        .build()
        .map_err(|e| Error::new(ErrorCode::ConfigInvalid, "the trusted roots cannot be used").with_source(e))
}

fn roots(field: &str, config: &TlsConfig) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    if !config.ca_only {
        store.add_parsable_certificates(system_roots().iter().cloned());
    }
    let mut own = 0;
    let texts = [
        config.ca_file.as_deref().map(|path| identity::read(&format!("{field}.ca_file"), path)).transpose()?,
        config.ca_pem.as_ref().map(|text| text.as_bytes().to_vec()),
    ];
    for text in texts.into_iter().flatten() {
        for certificate in CertificateDer::pem_slice_iter(&text) {
            let invalid = || Error::field(ErrorCode::TlsIdentityInvalid, format!("{field}.ca_file"), "certificates in PEM");
            store.add(certificate.map_err(|_| invalid())?).map_err(|_| invalid())?;
            own += 1;
        }
        if own == 0 {
            return Err(Error::field(ErrorCode::TlsIdentityInvalid, format!("{field}.ca_file"), "at least one certificate in PEM"));
        }
    }
    if store.is_empty() {
        let rule = if config.ca_only { "needed with ca_only" } else { "needed: this system has no trusted roots" };
        return Err(Error::field(ErrorCode::ConfigInvalid, format!("{field}.ca_file"), rule));
    }
    Ok(store)
}

/// The system's roots, read once: there are some hundred and fifty files of them.
fn system_roots() -> &'static [CertificateDer<'static>] {
    static ROOTS: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    ROOTS.get_or_init(|| rustls_native_certs::load_native_certs().certs)
}

fn parse_pin(field: &str, pin: &str) -> Result<[u8; 32]> {
    base64_simd::STANDARD
        .decode_to_vec(pin.trim_start_matches("sha256/"))
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Error::field(ErrorCode::ConfigInvalid, format!("{field}.pins"), "SHA-256 of a public key in Base64"))
}

#[derive(Debug)]
struct Pinned {
    inner: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
    pins: Vec<[u8; 32]>,
}

impl Pinned {
    fn matches(&self, certificate: &CertificateDer<'_>) -> bool {
        ParsedCertificate::try_from(certificate).is_ok_and(|parsed| {
            let digest: [u8; 32] = Sha256::digest(parsed.subject_public_key_info()).into();
            self.pins.contains(&digest)
        })
    }

    /// Whether the server's certificate was signed, directly or not, with the key of this one. That it was presented says nothing:
    /// certificates are public, and a server can present those of others beside its own.
    fn leads_to(
        &self,
        authority: &CertificateDer<'_>,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned()).is_ok()
            && verifier(Arc::new(roots), self.provider.clone())
                .is_ok_and(|verifier| verifier.verify_server_cert(end_entity, intermediates, name, &[], now).is_ok())
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        let through = |authority: &CertificateDer<'_>| {
            self.matches(authority) && self.leads_to(authority, end_entity, intermediates, server_name, now)
        };
        if self.matches(end_entity) || intermediates.iter().any(through) {
            return Ok(verified);
        }
        Err(rustls::Error::InvalidCertificate(rustls::CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> CertificateDer<'static> {
        let path = format!("{}/../tests/fixtures/tls/chain/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        CertificateDer::from_pem_file(path).unwrap()
    }

    fn pin(name: &str) -> [u8; 32] {
        let certificate = fixture(name);
        Sha256::digest(ParsedCertificate::try_from(&certificate).unwrap().subject_public_key_info()).into()
    }

    /// Whether a server that presents `leaf` and `others` is trusted with this pin.
    fn trusted(pinned: &str, leaf: &str, others: &[&str]) -> bool {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(fixture("genuine-root")).unwrap();
        roots.add(fixture("other-root")).unwrap();
        let inner = verifier(Arc::new(roots), provider.clone()).unwrap();
        let others: Vec<_> = others.iter().map(|name| fixture(name)).collect();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        Pinned { inner, provider, pins: vec![pin(pinned)] }.verify_server_cert(&fixture(leaf), &others, &name, &[], UnixTime::now()).is_ok()
    }

    #[test]
    fn a_pin_is_for_any_certificate_of_the_chain() {
        assert!(trusted("genuine-leaf", "genuine-leaf", &["genuine-intermediate"]));
        assert!(trusted("genuine-intermediate", "genuine-leaf", &["genuine-intermediate"]));
        assert!(trusted("genuine-root", "genuine-leaf", &["genuine-intermediate", "genuine-root"]));
        assert!(!trusted("other-root", "genuine-leaf", &["genuine-intermediate"]));
        // A pin does not stand for trust.
        assert!(!trusted("genuine-leaf", "genuine-leaf", &[]));
    }

    #[test]
    fn a_certificate_that_is_only_presented_beside_the_chain_does_not_match() {
        assert!(trusted("forged", "forged", &[]));
        for pinned in ["genuine-leaf", "genuine-intermediate", "genuine-root"] {
            assert!(!trusted(pinned, "forged", &["genuine-leaf", "genuine-intermediate", "genuine-root"]), "{pinned}");
        }
    }
}
