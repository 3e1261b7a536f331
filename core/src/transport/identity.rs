//! Client certificate and key from PEM or PKCS#12, also encrypted.

use std::io::Read as _;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, KeyIvInit as _};
use md5::{Digest as _, Md5};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use zeroize::Zeroizing;

use crate::config::ClientIdentity;
use crate::error::{Error, ErrorCode, Result};

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// A key file has a few kilobytes; what is larger is not one.
const MAX_FILE: u64 = 1 << 20;

/// Reads a small file; errors name the setting, not the path.
pub(crate) fn read(field: &str, path: &str) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).map_err(|e| unreadable(field, &e))?;
    // A pipe or a device has no length: what is read counts. Room for all of it from the start leaves no copies of a key behind.
    let length = file.metadata().map_or(0, |meta| meta.len()).clamp(16 * 1024, MAX_FILE);
    let mut out = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1));
    file.take(MAX_FILE + 1).read_to_end(&mut out).map_err(|e| unreadable(field, &e))?;
    if out.len() as u64 > MAX_FILE {
        return Err(Error::field(ErrorCode::TlsIdentityInvalid, field, "a file of at most 1 MiB"));
    }
    Ok(std::mem::take(&mut out))
}

fn unreadable(field: &str, error: &std::io::Error) -> Error {
    Error::field(ErrorCode::TlsIdentityInvalid, field, "a file that exists and can be read").with_source(std::io::Error::from(error.kind()))
}

/// Chain and key of a client identity.
pub(crate) fn load(field: &str, identity: &ClientIdentity) -> Result<Identity> {
    let name = |part: &str| format!("{field}.identity.{part}");
    let password = identity.password.as_ref().map_or("", |p| p.expose().as_str());
    let pkcs12 = match (&identity.pkcs12_file, &identity.pkcs12) {
        (Some(path), _) => Some(Zeroizing::new(read(&name("pkcs12_file"), path)?)),
        (None, Some(bytes)) => Some(Zeroizing::new(bytes.expose().clone())),
        (None, None) => None,
    };
    if let Some(bytes) = pkcs12 {
        return from_pkcs12(&name("pkcs12"), &bytes, password);
    }
    let certificates = match (&identity.certificate_file, &identity.certificate_pem) {
        (Some(path), _) => Zeroizing::new(read(&name("certificate_file"), path)?),
        (None, Some(text)) => Zeroizing::new(text.expose().as_bytes().to_vec()),
        (None, None) => return Err(Error::field(ErrorCode::TlsIdentityInvalid, name("certificate_file"), "a certificate is needed")),
    };
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&certificates)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::field(ErrorCode::TlsIdentityInvalid, name("certificate_file"), "certificates in PEM"))?;
    if chain.is_empty() {
        return Err(Error::field(ErrorCode::TlsIdentityInvalid, name("certificate_file"), "at least one certificate in PEM"));
    }
    let key = match (&identity.key_file, &identity.key_pem) {
        (Some(path), _) => Zeroizing::new(read(&name("key_file"), path)?),
        (None, Some(text)) => Zeroizing::new(text.expose().as_bytes().to_vec()),
        (None, None) => certificates,
    };
    Ok((chain, key_from_pem(&name("key_file"), &key, password)?))
}

fn from_pkcs12(field: &str, bytes: &[u8], password: &str) -> Result<Identity> {
    let invalid = |rule: &str| Error::field(ErrorCode::TlsIdentityInvalid, field, rule);
    let store = KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Relaxed)
        .map_err(|_| invalid("a PKCS#12 file that the password opens"))?;
    let (_, entry) = store.private_key_chain().ok_or_else(|| invalid("a PKCS#12 file with a private key"))?;
    let chain = entry.certs().iter().map(|c| CertificateDer::from(c.as_der().to_vec())).collect();
    Ok((chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(entry.key().as_der().to_vec()))))
}

fn key_from_pem(field: &str, text: &[u8], password: &str) -> Result<PrivateKeyDer<'static>> {
    let invalid = |rule: &str| Error::field(ErrorCode::TlsIdentityInvalid, field, rule);
    let blocks = pem::parse_many(text).map_err(|_| invalid("a private key in PEM"))?;
    let block = blocks.iter().find(|b| b.tag().ends_with("PRIVATE KEY")).ok_or_else(|| invalid("a private key in PEM"))?;
    let encrypted = block.tag() == "ENCRYPTED PRIVATE KEY" || block.headers().get("DEK-Info").is_some();
    if encrypted && password.is_empty() {
        return Err(invalid("the key is encrypted: a password is needed"));
    }
    let wrong = || invalid("an encrypted key that the password opens");
    if block.tag() == "ENCRYPTED PRIVATE KEY" {
        let info = EncryptedPrivateKeyInfoRef::try_from(block.contents()).map_err(|_| wrong())?;
        let document = info.decrypt(password).map_err(|_| wrong())?;
        return Ok(PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(document.as_bytes().to_vec())));
    }
    let Some(dek) = block.headers().get("DEK-Info") else {
        return PrivateKeyDer::from_pem_slice(text).map_err(|_| invalid("a private key in PEM (PKCS#8, PKCS#1 or SEC1)"));
    };
    let der = decrypt_traditional(dek, password.as_bytes(), block.contents()).ok_or_else(wrong)?;
    match block.tag() {
        "RSA PRIVATE KEY" => Ok(PrivateKeyDer::Pkcs1(PrivatePkcs1KeyDer::from(der))),
        "EC PRIVATE KEY" => Ok(PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(der))),
        _ => Err(invalid("a private key of a known kind (RSA or EC)")),
    }
}

/// The old encryption of PEM keys: `DEK-Info: CIPHER,IV`, key from MD5 over password and the first eight bytes of the IV.
fn decrypt_traditional(dek: &str, password: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let (cipher, iv) = dek.split_once(',')?;
    let iv = hex(iv.trim())?;
    let salt = iv.get(..8)?;
    let key = |len: usize| -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(Vec::with_capacity(len + 16));
        let mut last = Vec::new();
        while key.len() < len {
            last = Md5::new().chain_update(&last).chain_update(password).chain_update(salt).finalize().to_vec();
            key.extend_from_slice(&last);
        }
        key.truncate(len);
        key
    };
    macro_rules! cbc {
        ($cipher:ty, $len:literal) => {
            cbc::Decryptor::<$cipher>::new_from_slices(&key($len), &iv).ok()?.decrypt_padded_vec::<Pkcs7>(data).ok()
        };
    }
    match cipher.trim() {
        "AES-128-CBC" => cbc!(aes::Aes128, 16),
        "AES-192-CBC" => cbc!(aes::Aes192, 24),
        "AES-256-CBC" => cbc!(aes::Aes256, 32),
        "DES-EDE3-CBC" => cbc!(des::TdesEde3, 24),
        "DES-CBC" => cbc!(des::Des, 8),
        _ => None,
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_device_without_end_is_no_key_file() {
        let error = read("tls.identity.key_file", "/dev/zero").unwrap_err();
        assert_eq!((error.code(), error.fields()[0].rule.as_str()), (ErrorCode::TlsIdentityInvalid, "a file of at most 1 MiB"));
    }
}
