//! The sandbox's clock: the machine's, plus what a test advanced it by.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970 on the machine's clock.
pub(crate) fn machine() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| i64::try_from(passed.as_secs()).unwrap_or(i64::MAX))
}

/// Year, month, day of a count of days since 1970-01-01 (proleptic Gregorian calendar).
fn date(days: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, where a leap day comes last in its year.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// `2026-11-21T04:08:00Z`.
pub(crate) fn iso(seconds: i64) -> String {
    let [year, month, day, hour, minute, second] = parts(seconds);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `21/11/2026`, as the declaration writes it.
pub(crate) fn day(seconds: i64) -> String {
    let (year, month, day) = date(seconds.div_euclid(86_400));
    format!("{day:02}/{month:02}/{year:04}")
}

fn parts(seconds: i64) -> [i64; 6] {
    let (year, month, day) = date(seconds.div_euclid(86_400));
    let of_day = seconds.rem_euclid(86_400);
    [year, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60]
}

/// `2026-11-21T04:08:00.132394`: microseconds, no zone, as flat webhooks write it.
pub(crate) fn zoneless(seconds: i64) -> String {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.subsec_micros());
    let text = iso(seconds);
    format!("{}.{micros:06}", text.trim_end_matches('Z'))
}

/// `20261121040800`, as event webhooks write it.
pub(crate) fn digits(seconds: i64) -> String {
    let [year, month, day, hour, minute, second] = parts(seconds);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

/// `20261121 04:08:00`, as certificates in webhooks write it.
pub(crate) fn spaced(seconds: i64) -> String {
    let [year, month, day, hour, minute, second] = parts(seconds);
    format!("{year:04}{month:02}{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_right() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(1_582_934_400), "2020-02-29T00:00:00Z");
        assert_eq!(iso(1_624_872_567), "2021-06-28T09:29:27Z");
        assert_eq!(day(951_782_400), "29/02/2000");
        assert_eq!(digits(1_624_872_567), "20210628092927");
        assert_eq!(spaced(1_624_872_567), "20210628 09:29:27");
        assert!(zoneless(0).starts_with("1970-01-01T00:00:00."));
    }
}
