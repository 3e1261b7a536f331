//! Whether a signed document is whole: it can be read, its signature covers the file, and the digest in the signature is that of the
//! bytes. Whether the signer can be trusted is not looked at: that takes a validator with its own trust list.

use std::path::Path;

use sha2::{Sha256, Sha384, Sha512};

use crate::error::{Error, ErrorCode, Result};

/// Larger files are not read: no contract has this size.
const LARGEST: u64 = 512 << 20;

/// How far from the end the mark of the end may stand.
const TAIL: usize = 2048;

/// What was found of a whole signed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedPdf {
    /// How many signatures it has, time stamps of the document not counted. The last signature or time stamp covers the file; earlier
    /// ones cover what was there before.
    pub signatures: usize,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Looks at a signed PDF. Blocking; reads the file, changes nothing. May be repeated.
///
/// Signatures and time stamps of the document (RFC 3161) may follow one another. Bytes after the last of them are refused, also those of
/// an update that only holds data for later validation: nothing protects them.
///
/// # Errors
/// `signed_document_invalid` where it is not whole, saying why; `source_unreadable`.
pub fn check_signed_pdf(path: &Path) -> Result<SignedPdf> {
    check_pdf_bytes(&read(path)?)
}

/// Looks at the P7M that comes back for a digest: the digest that it signs must be that one (Base64). Blocking.
///
/// # Errors
/// As [`check_signed_pdf`].
pub fn check_p7m(path: &Path, message_digest: &str) -> Result<()> {
    let bytes = read(path)?;
    let signed = signed_digest(&bytes).ok_or_else(|| invalid("the signature cannot be read"))?;
    match base64_simd::STANDARD.decode_to_vec(message_digest.as_bytes()) {
        Ok(sent) if sent == signed.digest && !signed.stamp => Ok(()),
        _ => Err(invalid("the signature is that of another digest")),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let unreadable = |error: &std::io::Error| crate::source::unreadable(error);
    if std::fs::metadata(path).map_err(|e| unreadable(&e))?.len() > LARGEST {
        return Err(invalid("the file is too large for a signed document"));
    }
    std::fs::read(path).map_err(|e| unreadable(&e))
}

fn invalid(why: &'static str) -> Error {
    Error::new(ErrorCode::SignedDocumentInvalid, why)
}

/// As [`check_signed_pdf`], of bytes.
///
/// # Errors
/// `signed_document_invalid`.
pub fn check_pdf_bytes(pdf: &[u8]) -> Result<SignedPdf> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(invalid("the file is no PDF"));
    }
    check_end(pdf)?;
    let (mut signatures, mut stamps) = (0, 0);
    let mut covers_file = false;
    for at in memchr::memmem::find_iter(pdf, b"/ByteRange") {
        let Some(range) = byte_range(&pdf[at + b"/ByteRange".len()..]) else { continue };
        let Some(parts) = Parts::new(pdf, range) else { continue };
        *(if parts.check()? { &mut stamps } else { &mut signatures }) += 1;
        covers_file |= parts.end == pdf.len();
    }
    if signatures == 0 {
        let only_stamps = "the PDF has a time stamp and no signature";
        return Err(invalid(if stamps > 0 { only_stamps } else { "the PDF has no signature" }));
    }
    if !covers_file {
        return Err(invalid("bytes follow the last signature, which it does not cover"));
    }
    Ok(SignedPdf { signatures, bytes: pdf.len() as u64 })
}

/// The mark of the end, and the cross-reference that it points to.
fn check_end(pdf: &[u8]) -> Result<()> {
    let from = pdf.len().saturating_sub(TAIL);
    let tail = &pdf[from..];
    let mark = memchr::memmem::rfind(tail, b"%%EOF").ok_or_else(|| invalid("the PDF is cut short: it has no mark of its end"))?;
    let start = memchr::memmem::rfind(&tail[..mark], b"startxref").ok_or_else(|| invalid("the PDF does not say where its table is"))?;
    let (place, _) =
        number(skip_space(&tail[start + b"startxref".len()..])).ok_or_else(|| invalid("the PDF does not say where its table is"))?;
    let table = pdf.get(place..).ok_or_else(|| invalid("the table of the PDF is not in the file"))?;
    let table = skip_space(table);
    // A table, or a stream of one: `12 0 obj`.
    let stream = || {
        let (_, rest) = number(table)?;
        let (_, rest) = number(skip_space(rest))?;
        skip_space(rest).starts_with(b"obj").then_some(())
    };
    if table.starts_with(b"xref") || stream().is_some() { Ok(()) } else { Err(invalid("the table of the PDF is not where it says")) }
}

fn skip_space(bytes: &[u8]) -> &[u8] {
    let from = bytes.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n' | 0 | 0x0c)).unwrap_or(bytes.len());
    &bytes[from..]
}

/// A number without sign, and what follows it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let len = bytes.iter().position(|b| !b.is_ascii_digit()).unwrap_or(bytes.len());
    let value = std::str::from_utf8(&bytes[..len]).ok()?.parse().ok()?;
    Some((value, &bytes[len..]))
}

/// `[a b c d]`
fn byte_range(bytes: &[u8]) -> Option<[usize; 4]> {
    let mut rest = skip_space(bytes).strip_prefix(b"[")?;
    let mut out = [0; 4];
    for slot in &mut out {
        (*slot, rest) = number(skip_space(rest))?;
    }
    skip_space(rest).starts_with(b"]").then_some(out)
}

/// What one signature covers, and the signature between.
struct Parts<'a> {
    before: &'a [u8],
    after: &'a [u8],
    /// The signature in hex, without its angle brackets.
    hex: &'a [u8],
    end: usize,
}

impl<'a> Parts<'a> {
    /// `None` where the range cannot be that of a signature: the words may stand anywhere in a file.
    fn new(pdf: &'a [u8], [start, len, second, second_len]: [usize; 4]) -> Option<Self> {
        let end = second.checked_add(second_len)?;
        if start != 0 || len >= second || end > pdf.len() {
            return None;
        }
        let hex = pdf[len..second].strip_prefix(b"<")?.strip_suffix(b">")?;
        Some(Self { before: &pdf[..len], after: &pdf[second..end], hex, end })
    }

    /// Whether it is a time stamp.
    fn check(&self) -> Result<bool> {
        let der = decode_hex(self.hex).ok_or_else(|| invalid("the signature of the PDF is not hexadecimal"))?;
        let signed = signed_digest(&der).ok_or_else(|| invalid("the signature of the PDF cannot be read"))?;
        let digest = signed.algorithm.digest(&[self.before, self.after]);
        if digest == signed.digest { Ok(signed.stamp) } else { Err(invalid("the digest in the signature is not that of the file")) }
    }
}

fn decode_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> =
        text.iter().filter(|b| !b.is_ascii_whitespace()).map(|b| char::from(*b).to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    (digits.len().is_multiple_of(2)).then(|| digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    /// That of an AlgorithmIdentifier.
    fn read(identifier: &[u8]) -> Option<Self> {
        match take(identifier, OID)?.0.strip_prefix(SHA2)? {
            [1] => Some(Self::Sha256),
            [2] => Some(Self::Sha384),
            [3] => Some(Self::Sha512),
            _ => None,
        }
    }

    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn of<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            for part in parts {
                hash.update(part);
            }
            hash.finalize().to_vec()
        }
        match self {
            Self::Sha256 => of::<Sha256>(parts),
            Self::Sha384 => of::<Sha384>(parts),
            Self::Sha512 => of::<Sha512>(parts),
        }
    }
}

/// The digest of the bytes that a signature or a time stamp is about.
struct Signed {
    algorithm: Algorithm,
    digest: Vec<u8>,
    /// A time stamp: what it signs is its own content, which holds the digest.
    stamp: bool,
}

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
/// The content of a time stamp (RFC 3161).
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
/// 2.16.840.1.101.3.4.2, whose last step names the algorithm.
const SHA2: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OID: u8 = 0x06;
const OCTETS: u8 = 0x04;
const CONTEXT_0: u8 = 0xa0;

/// The digest among the signed attributes of the first signer of a CMS SignedData (RFC 5652), or in the content of a time stamp. What
/// follows the DER is padding.
fn signed_digest(der: &[u8]) -> Option<Signed> {
    let (content_info, _) = take(der, SEQUENCE)?;
    let (kind, rest) = take(content_info, OID)?;
    if kind != SIGNED_DATA {
        return None;
    }
    let (explicit, _) = take(rest, CONTEXT_0)?;
    let (signed_data, _) = take(explicit, SEQUENCE)?;
    // Version, algorithms, content, certificates and revocations; the signers come last.
    let data = items(signed_data)?;
    let signers = data.iter().rfind(|(tag, _)| *tag == SET)?.1;
    let (signer, _) = take(signers, SEQUENCE)?;
    let parts = items(signer)?;
    let (attributes_at, attributes) =
        parts.iter().enumerate().find(|(_, (tag, _))| *tag == CONTEXT_0).map(|(at, (_, body))| (at, *body))?;
    // The digest's algorithm stands right before them.
    let algorithm = Algorithm::read(parts.get(attributes_at.checked_sub(1)?)?.1)?;
    let digest = items(attributes)?.into_iter().find_map(|(_, attribute)| {
        let (kind, rest) = take(attribute, OID)?;
        if kind != MESSAGE_DIGEST {
            return None;
        }
        let (values, _) = take(rest, SET)?;
        Some(take(values, OCTETS)?.0.to_vec())
    })?;
    let (content_kind, content) = take(data.iter().find(|(tag, _)| *tag == SEQUENCE)?.1, OID)?;
    if content_kind != TST_INFO {
        return Some(Signed { algorithm, digest, stamp: false });
    }
    let (info, _) = take(take(content, CONTEXT_0)?.0, OCTETS)?;
    if algorithm.digest(&[info]) != digest {
        return None;
    }
    // Version and policy come before the imprint: an algorithm and the digest.
    let (imprint_algorithm, imprint) = take(items(take(info, SEQUENCE)?.0)?.get(2).filter(|(tag, _)| *tag == SEQUENCE)?.1, SEQUENCE)?;
    Some(Signed { algorithm: Algorithm::read(imprint_algorithm)?, digest: take(imprint, OCTETS)?.0.to_vec(), stamp: true })
}

/// One DER element: its tag, its body and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (len, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0_usize, |len, byte| len << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (body, rest) = rest.split_at_checked(len)?;
    Some((tag, body, rest))
}

/// The body of an element of that tag, and what follows.
fn take(der: &[u8], wanted: u8) -> Option<(&[u8], &[u8])> {
    let (tag, body, rest) = element(der)?;
    (tag == wanted).then_some((body, rest))
}

fn items(mut der: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    let mut out = Vec::new();
    while !der.is_empty() {
        let (tag, body, rest) = element(der)?;
        out.push((tag, body));
        der = rest;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use sha2::Digest as _;

    use super::*;

    fn der(tag: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![tag];
        match body.len() {
            len @ 0..=127 => out.push(len as u8),
            len => out.extend([0x82, (len >> 8) as u8, len as u8]),
        }
        out.extend(body);
        out
    }

    /// A SignedData that holds nothing but what is looked at.
    fn cms(digest: &[u8]) -> Vec<u8> {
        cms_of(&[], digest)
    }

    /// The time stamp of a digest.
    fn stamp(digest: &[u8]) -> Vec<u8> {
        let algorithm = der(SEQUENCE, &der(OID, &[SHA2, &[1]].concat()));
        let imprint = der(SEQUENCE, &[algorithm, der(OCTETS, digest)].concat());
        let info = der(SEQUENCE, &[der(2, &[1]), der(OID, &[0x2a, 3]), imprint, der(2, &[9])].concat());
        let content = [der(OID, TST_INFO), der(CONTEXT_0, &der(OCTETS, &info))].concat();
        cms_of(&content, &Sha256::digest(&info))
    }

    fn cms_of(content: &[u8], digest: &[u8]) -> Vec<u8> {
        let plain = der(OID, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]);
        let content = if content.is_empty() { &plain } else { content };
        let algorithm = der(SEQUENCE, &der(OID, &[SHA2, &[1]].concat()));
        let attribute = der(SEQUENCE, &[der(OID, MESSAGE_DIGEST), der(SET, &der(OCTETS, digest))].concat());
        let signer = der(
            SEQUENCE,
            &[der(2, &[1]), der(SEQUENCE, &[]), algorithm.clone(), der(CONTEXT_0, &attribute), der(OCTETS, &[0; 200])].concat(),
        );
        let data = der(SEQUENCE, &[der(2, &[1]), der(SET, &algorithm), der(SEQUENCE, content), der(SET, &signer)].concat());
        der(SEQUENCE, &[der(OID, SIGNED_DATA), der(CONTEXT_0, &data)].concat())
    }

    fn pdf() -> Vec<u8> {
        signed("%PDF-1.7\n", cms)
    }

    /// A further object with a signature over all that is there.
    fn signed(start: &str, sign: fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let room = 1400;
        let (head, tail) = (format!("{start}1 0 obj\n<</Type/Sig/ByteRange ["), "]/Contents ");
        let end = ">>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\nSTART\n%%EOF\n";
        // The numbers have ten digits each, so that the places do not depend on them.
        let first = head.len() + 4 * 10 + 3 + tail.len();
        let second = first + room + 2;
        let end = end.replace("START", &format!("{:010}", second + end.find("xref").unwrap()));
        let numbers = format!("{:010} {:010} {:010} {:010}", 0, first, second, end.len());
        let before = format!("{head}{numbers}{tail}");
        assert_eq!(before.len(), first);
        let mut hash = Sha256::new();
        hash.update(&before);
        hash.update(&end);
        let signature = sign(&hash.finalize()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        format!("{before}<{signature:0<room$}>{end}").into_bytes()
    }

    #[test]
    fn a_whole_document_is_whole_and_each_change_is_noticed() {
        let pdf = pdf();
        assert_eq!(check_pdf_bytes(&pdf).unwrap(), SignedPdf { signatures: 1, bytes: pdf.len() as u64 });
        for at in [2, 12, 60, pdf.len() - 60, pdf.len() - 3] {
            let mut changed = pdf.clone();
            changed[at] ^= 1;
            assert_eq!(check_pdf_bytes(&changed).unwrap_err().code(), ErrorCode::SignedDocumentInvalid, "{at}");
        }
        for len in [0, 4, 100, pdf.len() / 2, pdf.len() - 20] {
            assert_eq!(check_pdf_bytes(&pdf[..len]).unwrap_err().code(), ErrorCode::SignedDocumentInvalid, "{len}");
        }
        let longer = [&pdf[..], b"startxref\n0000000009\n%%EOF\n"].concat();
        assert_eq!(check_pdf_bytes(&longer).unwrap_err().detail(), "bytes follow the last signature, which it does not cover");
        assert_eq!(check_pdf_bytes(b"%PDF-1.7\n1 0 obj\nstartxref\n9\n%%EOF").unwrap_err().detail(), "the PDF has no signature");
    }

    #[test]
    fn a_time_stamp_of_the_document_is_none_of_its_signatures() {
        let first = String::from_utf8(pdf()).unwrap();
        let stamped = signed(&first, stamp);
        assert_eq!(check_pdf_bytes(&stamped).unwrap(), SignedPdf { signatures: 1, bytes: stamped.len() as u64 });
        let only = signed("%PDF-1.7\n", stamp);
        assert_eq!(check_pdf_bytes(&only).unwrap_err().detail(), "the PDF has a time stamp and no signature");
        // The imprint is that of other bytes; the stamp's own content is another one than it signs.
        let mut changed = stamped.clone();
        changed[first.len() + 2] ^= 1;
        assert_eq!(check_pdf_bytes(&changed).unwrap_err().detail(), "the digest in the signature is not that of the file");
        let other = signed(&first, |digest| cms_of(&[der(OID, TST_INFO), der(CONTEXT_0, &der(OCTETS, digest))].concat(), &[0; 32]));
        assert_eq!(check_pdf_bytes(&other).unwrap_err().detail(), "the signature of the PDF cannot be read");
        // Twice signed.
        let twice = signed(&first, cms);
        assert_eq!(check_pdf_bytes(&twice).unwrap().signatures, 2);
    }

    #[test]
    fn a_p7m_is_that_of_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.p7m");
        std::fs::write(&path, cms(&[7; 32])).unwrap();
        check_p7m(&path, &base64_simd::STANDARD.encode_to_string([7; 32])).unwrap();
        assert!(check_p7m(&path, &base64_simd::STANDARD.encode_to_string([8; 32])).is_err());
        std::fs::write(&path, stamp(&[7; 32])).unwrap();
        assert!(check_p7m(&path, &base64_simd::STANDARD.encode_to_string([7; 32])).is_err());
    }

    #[test]
    fn rubbish_is_no_panic() {
        let pdf = pdf();
        let mut rng = fastrand::Rng::with_seed(1);
        for _ in 0..3000 {
            let mut bytes = pdf.clone();
            for _ in 0..rng.usize(1..20) {
                let at = rng.usize(..bytes.len());
                bytes[at] = rng.u8(..);
            }
            bytes.truncate(rng.usize(..=bytes.len()));
            let _ = check_pdf_bytes(&bytes);
            let _ = signed_digest(&bytes);
        }
    }
}
