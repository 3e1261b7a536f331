//! The machine readable zone of a card of format TD1 (three lines of thirty), as ICAO Doc 9303 part 5 lays it out.

/// What the specimen card says of its holder, who does not exist, and of the state UTO, which neither does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder {
    pub(crate) number: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) given: &'static str,
    /// Year, month, day, two digits each.
    pub(crate) birth: &'static str,
    pub(crate) sex: char,
    pub(crate) expiry: &'static str,
    pub(crate) state: &'static str,
}

/// The holder of the specimen. Her card's number is longer than the nine places that TD1 has for it, so that it
/// goes on in the optional field: the form that readers get wrong most often.
pub(crate) const SPECIMEN: Holder =
    Holder { number: "X123456781234", surname: "ERIKSSON", given: "ANNA MARIA", birth: "850102", sex: 'F', expiry: "310405", state: "UTO" };

/// The check digit of a field: values times 7, 3, 1, 7, … modulo ten (ICAO Doc 9303 part 3, 4.9).
pub(crate) fn check_digit(field: &str) -> char {
    let sum: u32 = field.chars().zip([7, 3, 1].into_iter().cycle()).map(|(letter, weight)| letter.to_digit(36).unwrap_or(0) * weight).sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

fn padded(text: &str, length: usize) -> String {
    let mut out = text.replace(' ', "<");
    out.truncate(length);
    while out.len() < length {
        out.push('<');
    }
    out
}

/// The three lines for a holder.
pub(crate) fn td1(holder: &Holder) -> [String; 3] {
    let first = if holder.number.len() > 9 {
        let (head, tail) = holder.number.split_at(9);
        let rest = format!("{tail}{}", check_digit(holder.number));
        format!("I<{}{head}<{}", holder.state, padded(&rest, 15))
    } else {
        let number = padded(holder.number, 9);
        let digit = check_digit(&number);
        format!("I<{}{number}{digit}{}", holder.state, padded("", 15))
    };
    let dates = format!("{}{}{}{}{}", holder.birth, check_digit(holder.birth), holder.sex, holder.expiry, check_digit(holder.expiry));
    let optional = padded("", 11);
    // The last digit covers the first line from its sixth place, and of the second all but sex and nationality.
    let covered = format!("{}{}{}{optional}", &first[5..], &dates[..7], &dates[8..15]);
    let second = format!("{dates}{}{optional}{}", holder.state, check_digit(&covered));
    let third = padded(&format!("{}<<{}", holder.surname, holder.given), 30);
    [first, second, third]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specimen_has_the_lines_that_the_project_documents() {
        assert_eq!(td1(&SPECIMEN), ["I<UTOX12345678<12349<<<<<<<<<<", "8501020F3104057UTO<<<<<<<<<<<4", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",]);
    }

    #[test]
    fn a_short_number_gives_the_lines_of_the_standard() {
        let holder = Holder { number: "D23145890", birth: "740812", expiry: "120415", ..SPECIMEN };
        assert_eq!(td1(&holder)[..2], ["I<UTOD231458907<<<<<<<<<<<<<<<".to_owned(), "7408122F1204159UTO<<<<<<<<<<<6".to_owned(),]);
    }
}
