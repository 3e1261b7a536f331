//! Until when the client certificate is valid, and the reminder of its end.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use crate::config::CertificateInfo;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a certificate says of itself; `None` where it cannot be read.
pub(crate) fn info(certificate: &CertificateDer<'_>, now_ms: i64) -> Option<CertificateInfo> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let hex = parsed.raw_serial().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let validity = parsed.validity();
    let info = CertificateInfo {
        not_before_ms: validity.not_before.timestamp().saturating_mul(1000),
        not_after_ms: validity.not_after.timestamp().saturating_mul(1000),
        days_left: 0,
        serial_number: match hex.trim_start_matches('0') {
            "" => "0".to_owned(),
            digits => digits.to_owned(),
        },
    };
    Some(at(info, now_ms))
}

/// The same with the days that are left now.
fn at(info: CertificateInfo, now_ms: i64) -> CertificateInfo {
    CertificateInfo { days_left: days_left(&info, now_ms), ..info }
}

fn days_left(info: &CertificateInfo, now_ms: i64) -> i64 {
    info.not_after_ms.saturating_sub(now_ms).div_euclid(DAY_MS)
}

/// Milliseconds since 1970 by the clock of this machine.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The certificate in use, and on which day was last warned of its end.
#[derive(Default)]
pub(crate) struct Watch(Mutex<State>);

#[derive(Default)]
struct State {
    info: Option<CertificateInfo>,
    warned_day: Option<i64>,
}

impl Watch {
    pub(crate) fn set(&self, info: Option<CertificateInfo>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State { info, warned_day: None };
    }

    pub(crate) fn info(&self, now_ms: i64) -> Option<CertificateInfo> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).info.clone().map(|info| at(info, now_ms))
    }

    /// The warning that is due, at most one a day; `from_days` before the end on. What is expired is warned of too: the server
    /// decides, and its clock may be another.
    pub(crate) fn due(&self, from_days: i64, now_ms: i64) -> Option<String> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now_ms.div_euclid(DAY_MS);
        if state.warned_day == Some(today) {
            return None;
        }
        let info = state.info.as_ref()?;
        let days_left = days_left(info, now_ms);
        let text = if info.not_before_ms > now_ms {
            "the client certificate is not valid yet, by the clock of this machine".to_owned()
        } else if info.not_after_ms < now_ms {
            format!("the client certificate expired {} days ago; renew it and call replace_identity", -(days_left + 1))
        } else if days_left < from_days {
            format!("the client certificate expires in {days_left} days; renew it and call replace_identity")
        } else {
            return None;
        };
        state.warned_day = Some(today);
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::pem::PemObject as _;

    const NOW: i64 = 1_790_000_000_000;

    fn watch(days: i64) -> Watch {
        let watch = Watch::default();
        watch.set(Some(CertificateInfo { not_after_ms: NOW + days * DAY_MS + 1, ..CertificateInfo::default() }));
        watch
    }

    #[test]
    fn the_validity_is_read_from_the_certificate() {
        let certificate = CertificateDer::from_pem_file(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/tls/rsa.pem")).unwrap();
        let info = info(&certificate, NOW).unwrap();
        assert!(info.not_before_ms < info.not_after_ms && info.not_before_ms % 1000 == 0);
        assert_eq!(info.days_left, (info.not_after_ms - NOW).div_euclid(DAY_MS));
        assert!(!info.serial_number.is_empty() && !info.serial_number.starts_with('0'));
        assert!(info.serial_number.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        assert_eq!(super::info(&CertificateDer::from(vec![0x30, 0x03, 1, 2]), NOW), None);
    }

    #[test]
    fn one_is_warned_once_a_day_from_the_days_that_are_set() {
        assert_eq!(watch(31).due(30, NOW), None);
        assert_eq!(watch(30).due(30, NOW), None);
        let near = watch(29);
        assert!(near.due(30, NOW).unwrap().contains("in 29 days"));
        assert_eq!(near.due(30, NOW + 1000), None);
        assert!(near.due(30, NOW + DAY_MS).unwrap().contains("in 28 days"));
        // Another certificate is spoken of at once.
        near.set(near.info(NOW));
        assert!(near.due(30, NOW + DAY_MS).is_some());
        assert_eq!(Watch::default().due(30, NOW), None);
    }

    #[test]
    fn what_is_expired_or_not_valid_yet_is_warned_of() {
        let expired = watch(-1);
        assert_eq!(expired.info(NOW).unwrap().days_left, -1);
        assert!(expired.due(0, NOW).unwrap().contains("expired 0 days ago"));
        assert!(watch(-11).due(30, NOW).unwrap().contains("expired 10 days ago"));
        let early = Watch::default();
        early.set(Some(CertificateInfo { not_before_ms: NOW + 1, not_after_ms: NOW + 900 * DAY_MS, ..CertificateInfo::default() }));
        assert!(early.due(30, NOW).unwrap().contains("not valid yet"));
    }
}
