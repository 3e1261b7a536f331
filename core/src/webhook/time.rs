//! The three forms of date that webhooks have.

use super::LocalTime;

impl LocalTime {
    /// A time from the service's text: `YYYY-MM-DDTHH:MM:SS` with or without a fraction, `YYYYMMDDHHMMSS` or
    /// `YYYYMMDD HH:MM:SS`. Any other text is kept as it is, without a guess.
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned(), iso: iso(text.trim()) }
    }
}

/// Which bytes may stand at a place.
type Between = &'static [(usize, &'static [u8])];

fn iso(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    // Where each of year, month, day, hour, minute and second stands, and what stands between them.
    let (at, between, fraction): ([usize; 6], Between, &[u8]) = match bytes.len() {
        14 => ([0, 4, 6, 8, 10, 12], &[], b""),
        17 => ([0, 4, 6, 9, 12, 15], &[(8, b" "), (11, b":"), (14, b":")], b""),
        19.. => ([0, 5, 8, 11, 14, 17], &[(4, b"-"), (7, b"-"), (10, b"T "), (13, b":"), (16, b":")], &bytes[19..]),
        _ => return None,
    };
    if between.iter().any(|(place, allowed)| !allowed.contains(&bytes[*place])) {
        return None;
    }
    let number = |from: usize, digits: usize| -> Option<u32> {
        bytes.get(from..from + digits)?.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
    };
    let (year, month, day) = (number(at[0], 4)?, number(at[1], 2)?, number(at[2], 2)?);
    let (hour, minute, second) = (number(at[3], 2)?, number(at[4], 2)?, number(at[5], 2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days(year, month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // A zone behind the time is a form that was never seen: it is left to the reader of the text.
    let fraction = match fraction {
        [] => "",
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) => &text[19..],
        _ => return None,
    };
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}"))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read_without_a_zone() {
        for (text, iso) in [
            ("2021-07-20T08:08:21.132394", "2021-07-20T08:08:21.132394"),
            ("2021-07-20T08:08:21", "2021-07-20T08:08:21"),
            ("20250715083633", "2025-07-15T08:36:33"),
            ("20240229 23:59:60", "2024-02-29T23:59:60"),
        ] {
            let time = LocalTime::parse(text);
            assert_eq!((time.text.as_str(), time.iso.as_deref()), (text, Some(iso)));
        }
    }

    #[test]
    fn what_is_no_such_time_stays_text() {
        for text in [
            "",
            "yesterday",
            "2021-07-20",
            "20250229083633",
            "20251315083633",
            "20250715243633",
            "2025071508363x",
            "+0250715083633",
            "2021-07-20T08:08:21Z",
            "2021-07-20T08:08:21+02:00",
            "2021-07-20T08:08:21.",
            "2021/07/20T08:08:21",
            "2021-07-20T08:08:21.1323941234",
            "20240229-23:59:60",
            "ééééééé",
            "2021-07-20T08:08:2é.13",
        ] {
            assert_eq!(LocalTime::parse(text), LocalTime { text: text.to_owned(), iso: None });
        }
    }
}
