//! Trusted roots, client certificate and pins.

use serde::{Deserialize, Serialize};

use crate::secret::{Sensitive, SensitiveString};

/// TLS towards one host. Verification cannot be switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TlsConfig {
    /// File with further trusted roots in PEM: a private CA, as the vendor's test installation has one.
    pub ca_file: Option<String>,
    /// The same as text.
    pub ca_pem: Option<String>,
    /// Trusts only the roots given here, not the system's. Default: false.
    pub ca_only: bool,
    /// The client certificate and its key. It belongs on a backend, never on a phone.
    pub identity: Option<ClientIdentity>,
    /// SHA-256 of public keys (SPKI) in Base64, one of which the server's chain must hold. Default: none.
    pub pins: Vec<String>,
}

/// A client certificate with its key: PEM (PKCS#8, PKCS#1 or SEC1; encrypted ones with `password`) or PKCS#12.
///
/// Give certificate and key as files or as text, or one PKCS#12 file or its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ClientIdentity {
    /// File with the certificate and its chain in PEM; it may hold the key too.
    pub certificate_file: Option<String>,
    /// The same as text.
    pub certificate_pem: Option<SensitiveString>,
    /// File with the private key in PEM.
    pub key_file: Option<String>,
    /// The same as text.
    pub key_pem: Option<SensitiveString>,
    /// File in PKCS#12 (`.p12`, `.pfx`).
    pub pkcs12_file: Option<String>,
    /// The same as bytes.
    pub pkcs12: Option<Sensitive<Vec<u8>>>,
    /// Password of the key or of the PKCS#12 file.
    pub password: Option<SensitiveString>,
}
