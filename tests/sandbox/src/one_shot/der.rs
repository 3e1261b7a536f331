//! As much of DER as a signature needs.

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const UTC_TIME: u8 = 0x17;

/// Tag, length, content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    if let (true, Ok(length)) = (content.len() < 128, u8::try_from(content.len())) {
        out.push(length);
    } else {
        let length = content.len().to_be_bytes();
        let used: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | used.len() as u8);
        out.extend(used);
    }
    out.extend(content);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// A set, whose elements DER sorts.
pub(crate) fn set(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    parts.sort();
    tlv(SET, &parts.concat())
}

/// An object identifier from its encoded arcs.
pub(crate) fn oid(arcs: &[u8]) -> Vec<u8> {
    tlv(0x06, arcs)
}

/// An element: its tag, its content, its whole, and what follows it.
type Split<'a> = (u8, &'a [u8], &'a [u8], &'a [u8]);

/// The first element of `bytes`.
pub(crate) fn split(bytes: &[u8]) -> Option<Split<'_>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let length = if first < 0x80 {
        usize::from(first)
    } else {
        let (digits, after) = rest.split_at_checked(usize::from(first & 0x7F))?;
        rest = after;
        digits.iter().try_fold(0_usize, |length, byte| length.checked_mul(256)?.checked_add(usize::from(*byte)))?
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((tag, content, &bytes[..bytes.len() - after.len()], after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_the_shortest() {
        for (length, head) in [(0, &[4, 0][..]), (127, &[4, 127]), (128, &[4, 0x81, 128]), (256, &[4, 0x82, 1, 0])] {
            let element = tlv(OCTETS, &vec![7; length]);
            assert_eq!(&element[..head.len()], head);
            let with_rest = [&element[..], &[9]].concat();
            assert_eq!(
                split(&with_rest).map(|(tag, content, whole, rest)| (tag, content.len(), whole.len(), rest)),
                Some((4, length, element.len(), &[9][..]))
            );
        }
        for cut in [&[][..], &[4], &[4, 5, 1], &[4, 0x82, 1], &[4, 0xFF, 1]] {
            assert_eq!(split(cut), None);
        }
        assert_eq!(set(vec![vec![2, 1, 9], vec![2, 1, 3]]), [0x31, 6, 2, 1, 3, 2, 1, 9]);
    }
}
