//! The rules for contact data that evidence and requests share.

use crate::error::{Error, ErrorCode, Result};

/// A phone number with its international prefix: `+` or `00`, then 6 to 15 digits, the first of which is not zero. Spaces, dots,
/// dashes and parentheses may stand between.
///
/// Source: the service wants the international prefix (vendor-documented error); the number of digits is that of ITU-T E.164.
pub(crate) fn check_phone(field: &str, phone: &str) -> Result<()> {
    let plain: String = phone.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect();
    let digits = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    let Some(digits) = digits else {
        return Err(Error::field(ErrorCode::FieldInvalid, field, "international prefix: + or 00 and the country code"));
    };
    if !(6..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) || digits.starts_with('0') {
        return Err(Error::field(ErrorCode::FieldInvalid, field, "international prefix and number: 6 to 15 digits"));
    }
    Ok(())
}

/// Whether a text has the form of an e-mail address: one `@`, a name before it, a domain with a dot after it. Addresses outside
/// ASCII are taken.
pub(crate) fn looks_like_email(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let clean = |s: &str| !s.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | ';' | '<' | '>'));
    let dotted = |s: &str| s.split('.').all(|label| !label.is_empty());
    text.len() <= 254
        && name.len() <= 64
        && clean(name)
        && dotted(name)
        && clean(domain)
        && dotted(domain)
        && domain.contains('.')
        && domain.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_needs_its_international_prefix() {
        for good in ["+34600000000", "0034600000000", "+34 600 00 00 00", "+44 (20) 7946-0000", "+1.555.010.9999", "+290123"] {
            check_phone("x", good).unwrap_or_else(|e| panic!("{good}: {e}"));
        }
        for bad in
            ["600000000", "", "+", "00", "+34", "+3460000000000000", "+34 6x0 000 000", "0600000000", "+0034600000000", "++34600000000"]
        {
            let error = check_phone("ocr_data.mobile_phone_number", bad).unwrap_err();
            assert_eq!(error.code(), ErrorCode::FieldInvalid, "{bad}");
            assert_eq!(error.fields()[0].field, "ocr_data.mobile_phone_number");
            assert!(bad.len() < 6 || !format!("{error:?}").contains(bad), "{bad}");
        }
    }

    #[test]
    fn an_email_has_a_name_and_a_domain() {
        for good in ["anna@example.com", "anna.maria+x@mail.example.com", "änna@exämple.com"] {
            assert!(looks_like_email(good), "{good}");
        }
        for bad in [
            "",
            "anna",
            "anna@",
            "@example.com",
            "anna@example",
            "an na@example.com",
            "anna@@example.com",
            "a..b@example.com",
            "anna@-example.com",
        ] {
            assert!(!looks_like_email(bad), "{bad}");
        }
    }
}
