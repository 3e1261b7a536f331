//! The throw-away authority that signs documents: made at start, gone at the end.

use std::io;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
    SigningKey,
};
use sha2::{Digest, Sha256};

use super::der::{self, INTEGER, OCTETS, UTC_TIME};

const DAY: Duration = Duration::from_hours(24);

/// 1.2.840.113549.1.7.2
const SIGNED_DATA: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
/// 1.2.840.113549.1.7.1
const DATA: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
/// 1.2.840.113549.1.9.3, .4 and .5
const CONTENT_TYPE: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3];
const MESSAGE_DIGEST: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4];
const SIGNING_TIME: [u8; 9] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5];
/// 1.2.840.113549.1.9.16.2.47
const SIGNING_CERTIFICATE_V2: [u8; 11] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47];
/// 2.16.840.1.101.3.4.2.1
const SHA_256: [u8; 9] = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
/// 1.2.840.10045.4.3.2
const ECDSA_SHA_256: [u8; 8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];

fn failed(error: impl std::fmt::Display) -> io::Error {
    io::Error::other(error.to_string())
}

/// A certificate authority of one level.
pub(crate) struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Authority")
    }
}

/// A holder's certificate with its key.
pub(crate) struct Signer {
    leaf: Certificate,
    key: KeyPair,
    authority: Vec<u8>,
    /// Hexadecimal digits.
    pub(crate) serial: String,
    pub(crate) name: String,
    /// Seconds since 1970.
    pub(crate) valid: (i64, i64),
}

/// What the signed attributes say beside the digest.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attributes<'a> {
    /// `YYMMDDHHMMSSZ`; PAdES has its time in the dictionary instead.
    pub(crate) signing_time: Option<&'a str>,
}

impl Authority {
    pub(crate) fn make() -> io::Result<Self> {
        let now = SystemTime::now();
        let mut params = CertificateParams::default();
        let mut names = DistinguishedName::new();
        names.push(DnType::CommonName, "videoid sandbox signing CA");
        names.push(DnType::OrganizationName, "videoid sandbox");
        params.distinguished_name = names;
        params.not_before = (now - 30 * DAY).into();
        params.not_after = (now + 300 * DAY).into();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().map_err(failed)?;
        let certificate = params.self_signed(&key).map_err(failed)?;
        Ok(Self { certificate, issuer: Issuer::new(params, key) })
    }

    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A certificate for signing documents: nonRepudiation alone, and no extended key usage.
    pub(crate) fn issue(&self, name: &str, number: &str) -> io::Result<Signer> {
        let now = SystemTime::now();
        let mut params = CertificateParams::default();
        let mut names = DistinguishedName::new();
        names.push(DnType::CommonName, name);
        if !number.is_empty() {
            // serialNumber, as qualified certificates name the holder's document.
            names.push(DnType::CustomDnType(vec![2, 5, 4, 5]), number);
        }
        params.distinguished_name = names;
        params.not_before = (now - DAY).into();
        params.not_after = (now + 100 * DAY).into();
        params.key_usages = vec![KeyUsagePurpose::ContentCommitment];
        params.use_authority_key_identifier_extension = true;
        let mut serial = fastrand::u128(..).to_be_bytes();
        // Positive, and of full length.
        serial[0] = serial[0] & 0x7F | 0x40;
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let key = KeyPair::generate().map_err(failed)?;
        let leaf = params.signed_by(&key, &self.issuer).map_err(failed)?;
        let seconds = crate::clock::machine();
        Ok(Signer {
            leaf,
            key,
            authority: self.certificate.der().to_vec(),
            serial: crate::files::hex(&serial),
            name: name.to_owned(),
            valid: (seconds - 86_400, seconds + 8_640_000),
        })
    }
}

/// Serial number (its content) and issuer (whole) of a certificate.
fn serial_and_issuer(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, certificate, ..) = der::split(certificate)?;
    let (_, body, ..) = der::split(certificate)?;
    let (tag, _, _, after_version) = der::split(body)?;
    let body = if tag == 0xA0 { after_version } else { body };
    let (_, serial, _, rest) = der::split(body)?;
    let (.., rest) = der::split(rest)?;
    let (_, _, issuer, _) = der::split(rest)?;
    Some((serial, issuer))
}

impl Signer {
    /// The detached signature (CMS) over content of this digest.
    pub(crate) fn cms(&self, digest: &[u8], attributes: Attributes<'_>) -> Result<Vec<u8>, String> {
        let leaf = self.leaf.der();
        let (serial, issuer) = serial_and_issuer(leaf).ok_or("the certificate cannot be read")?;
        let serial = der::tlv(INTEGER, serial);
        let algorithm = der::sequence(&[&der::oid(&SHA_256)]);
        let attribute = |kind: &[u8], value: Vec<u8>| der::sequence(&[&der::oid(kind), &der::set(vec![value])]);
        let names = der::sequence(&[&der::tlv(0xA4, issuer)]);
        // SHA-256 is the default of ESSCertIDv2, so it is not written.
        let certificate_id = der::sequence(&[&der::tlv(OCTETS, &Sha256::digest(leaf)), &der::sequence(&[&names, &serial])]);
        let mut signed = vec![
            attribute(&CONTENT_TYPE, der::oid(&DATA)),
            attribute(&MESSAGE_DIGEST, der::tlv(OCTETS, digest)),
            attribute(&SIGNING_CERTIFICATE_V2, der::sequence(&[&der::sequence(&[&certificate_id])])),
        ];
        if let Some(time) = attributes.signing_time {
            signed.push(attribute(&SIGNING_TIME, der::tlv(UTC_TIME, time.as_bytes())));
        }
        let signed = der::set(signed);
        let signature = self.key.sign(&signed).map_err(|_| "the key does not sign")?;
        // What is signed is a SET; what is sent bears the tag of its place.
        let mut tagged = signed;
        tagged[0] = 0xA0;
        let one = der::tlv(INTEGER, &[1]);
        let info = der::sequence(&[
            &one,
            &der::sequence(&[issuer, &serial]),
            &algorithm,
            &tagged,
            &der::sequence(&[&der::oid(&ECDSA_SHA_256)]),
            &der::tlv(OCTETS, &signature),
        ]);
        let data = der::sequence(&[
            &one,
            &der::set(vec![algorithm.clone()]),
            &der::sequence(&[&der::oid(&DATA)]),
            &der::tlv(0xA0, &[leaf.as_ref(), &self.authority].concat()),
            &der::set(vec![info]),
        ]);
        Ok(der::sequence(&[&der::oid(&SIGNED_DATA), &der::tlv(0xA0, &data)]))
    }

    /// The signature over the pieces together, as PAdES has it.
    pub(crate) fn sign(&self, pieces: &[&[u8]]) -> Result<Vec<u8>, String> {
        let mut hash = Sha256::new();
        for piece in pieces {
            hash.update(piece);
        }
        self.cms(&hash.finalize(), Attributes::default())
    }
}
