//! Certificates made at start: a CA, a server, and clients of every kind that a test needs.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pkcs8::PrivateKeyInfoRef;
use pkcs8::pkcs5::pbes2;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The pass phrase of `client-encrypted.key`.
pub(crate) const KEY_PASSWORD: &str = "sandbox";
/// Enough for a throw-away key, and quick.
const ITERATIONS: u32 = 2048;
const DAY: Duration = Duration::from_hours(24);

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

/// What the listeners need.
#[derive(Debug)]
pub(crate) struct Pki {
    ca: CertificateDer<'static>,
    server: CertificateDer<'static>,
    server_key: Vec<u8>,
}

struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

/// Valid (or expired yesterday), and not for long: some verifiers refuse certificates of many years.
fn params(name: &str, expired: bool) -> CertificateParams {
    let now = SystemTime::now();
    let mut params = CertificateParams::default();
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names.push(DnType::OrganizationName, "videoid sandbox");
    params.distinguished_name = names;
    params.not_before = (now - 30 * DAY).into();
    params.not_after = if expired { (now - DAY).into() } else { (now + 300 * DAY).into() };
    params.use_authority_key_identifier_extension = true;
    params
}

fn authority(name: &str) -> Result<Authority, rcgen::Error> {
    let mut params = params(name, false);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(Authority { certificate, issuer: Issuer::new(params, key) })
}

fn leaf(authority: &Authority, name: &str, server: bool, expired: bool) -> Result<(Certificate, KeyPair), rcgen::Error> {
    let mut params = params(name, expired);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if server {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        for name in ["localhost", "127.0.0.1", "::1"] {
            params.subject_alt_names.extend(CertificateParams::new([name.to_owned()])?.subject_alt_names);
        }
    } else {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    }
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority.issuer)?;
    Ok((certificate, key))
}

fn encrypted(key: &KeyPair) -> io::Result<String> {
    let der = key.serialize_der();
    let info = PrivateKeyInfoRef::try_from(der.as_slice()).map_err(failed)?;
    let salt = fastrand::u128(..).to_be_bytes();
    let parameters =
        pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, fastrand::u128(..).to_be_bytes()).map_err(failed)?;
    let document = info.encrypt_with_params(parameters, KEY_PASSWORD).map_err(failed)?;
    let mut text = String::from("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    // 48 bytes give a line of 64 characters.
    for line in document.as_bytes().chunks(48) {
        text.push_str(&base64_simd::STANDARD.encode_to_string(line));
        text.push('\n');
    }
    text.push_str("-----END ENCRYPTED PRIVATE KEY-----\n");
    Ok(text)
}

impl Pki {
    /// Makes everything anew and writes the PEM files to `folder`.
    pub(crate) fn make(folder: &Path, expired_server: bool) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let ca = authority("videoid sandbox CA").map_err(failed)?;
        let foreign_ca = authority("some other CA").map_err(failed)?;
        let (server, server_key) = leaf(&ca, "localhost", true, expired_server).map_err(failed)?;
        let (client, client_key) = leaf(&ca, "sandbox API user", false, false).map_err(failed)?;
        let (expired, expired_key) = leaf(&ca, "expired API user", false, true).map_err(failed)?;
        let (foreign, foreign_key) = leaf(&foreign_ca, "foreign API user", false, false).map_err(failed)?;
        let other_key = KeyPair::generate().map_err(failed)?;
        for (name, text) in [
            ("ca.pem", ca.certificate.pem()),
            ("foreign-ca.pem", foreign_ca.certificate.pem()),
            ("server.pem", server.pem()),
            ("client.pem", client.pem()),
            ("client.key", client_key.serialize_pem()),
            ("client-encrypted.key", encrypted(&client_key)?),
            ("client-expired.pem", expired.pem()),
            ("client-expired.key", expired_key.serialize_pem()),
            ("client-foreign.pem", foreign.pem()),
            ("client-foreign.key", foreign_key.serialize_pem()),
            ("other.key", other_key.serialize_pem()),
        ] {
            std::fs::write(folder.join(name), text)?;
        }
        Ok(Self { ca: ca.certificate.der().clone(), server: server.der().clone(), server_key: server_key.serialize_der() })
    }

    /// The settings of a TLS listener.
    pub(crate) fn server_config(&self, ask_client: bool, http2: bool) -> io::Result<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().map_err(failed)?;
        let builder = if ask_client {
            let mut roots = RootCertStore::empty();
            roots.add(self.ca.clone()).map_err(failed)?;
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().map_err(failed)?;
            builder.with_client_cert_verifier(verifier)
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.server_key.clone()));
        let mut config = builder.with_single_cert(vec![self.server.clone()], key).map_err(failed)?;
        if http2 {
            config.alpn_protocols.push(b"h2".to_vec());
        }
        config.alpn_protocols.push(b"http/1.1".to_vec());
        Ok(config)
    }
}
