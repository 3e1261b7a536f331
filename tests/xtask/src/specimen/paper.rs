//! A page that says what a company says of who works for it: the document of the demo that is no picture.

use std::fmt::Write as _;

/// Lines of the page. Company, register and holder do not exist.
const LINES: [&str; 6] = [
    "SPECIMEN - COMPANY REGISTER OF UTOPIA",
    "Extract no. 0000001",
    "Company: EXAMPLE UTOPIA SL",
    "Tax number: B00000000",
    "Manager: ANNA MARIA ERIKSSON",
    "This page was made by a program and proves nothing.",
];

/// The page as a PDF of its own, the same bytes each time.
pub(super) fn pdf() -> Vec<u8> {
    // Writing into a String does not fail.
    let mut text = "BT /F1 14 Tf 18 TL 72 760 Td\n".to_owned();
    for line in LINES {
        let _ = writeln!(text, "({line}) Tj T*");
    }
    text += "ET\n";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        let _ = write!(out, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = out.len();
    let _ = write!(out, "{table}trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_of_the_file_points_at_its_objects() {
        let bytes = super::pdf();
        let text = String::from_utf8(bytes).expect("it is all text");
        let start: usize = text.lines().rev().nth(1).and_then(|line| line.parse().ok()).expect("startxref");
        assert!(text[start..].starts_with("xref\n0 6\n"));
        for (number, line) in text[start..].lines().skip(3).take(5).enumerate() {
            let at: usize = line[..10].parse().expect("a position");
            assert!(text[at..].starts_with(&format!("{} 0 obj", number + 1)), "{line}");
        }
    }
}
