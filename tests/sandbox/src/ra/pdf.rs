//! A PDF of one page, in ASCII alone: one of the vendor's calls carries a PDF as text inside JSON.

/// A page with a title and lines of text.
pub(crate) fn document(title: &str, lines: &[String]) -> Vec<u8> {
    let mut page = format!("BT\n/F1 16 Tf\n56 780 Td\n({}) Tj\n/F1 11 Tf\n0 -12 Td\n", escape(title));
    for line in lines {
        page.extend(["0 -18 Td\n(", &escape(line), ") Tj\n"]);
    }
    page.push_str("ET\n");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}endstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< /Title ({}) /Producer (videoid-sandbox) >>", escape(title)),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend([format!("{} 0 obj\n{object}\nendobj\n", index + 1)]);
    }
    let table = file.len();
    file.extend([format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1)]);
    for offset in offsets {
        file.extend([format!("{offset:010} 00000 n \n")]);
    }
    file.extend([format!("trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1)]);
    file.into_bytes()
}

/// A text as it stands between parentheses: Latin-1 in octal, anything else as a question mark.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '(' | ')' | '\\' => {
                escaped.push('\\');
                escaped.push(character);
            }
            ' '..='~' => escaped.push(character),
            '\u{A0}'..='\u{FF}' => escaped.extend([format!("\\{:03o}", u32::from(character))]),
            _ => escaped.push('?'),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cross_reference_table_points_at_the_objects() {
        let file = document("Título (1)", &["a".to_owned(), "ñ\\漢".to_owned()]);
        assert!(file.is_ascii());
        let text = String::from_utf8(file).expect("ASCII");
        let table = text.split("startxref\n").nth(1).and_then(|rest| rest.lines().next()).expect("offset");
        let table: usize = table.parse().expect("number");
        assert!(text[table..].starts_with("xref\n0 7\n"));
        for (index, line) in text[table..].lines().skip(3).take(6).enumerate() {
            let offset: usize = line[..10].parse().expect("offset");
            assert!(text[offset..].starts_with(&format!("{} 0 obj", index + 1)));
        }
        assert!(text.contains("(T\\355tulo \\(1\\)) Tj"));
        assert!(text.contains("(\\361\\\\?) Tj"));
    }
}
