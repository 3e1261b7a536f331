//! PDF objects: read from bytes, written back.

/// Deeper nesting than any real document has is refused, so that the stack is safe.
const MAX_DEPTH: usize = 64;

/// A direct object, or a reference to an indirect one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Object {
    Null,
    Bool(bool),
    Int(i64),
    /// A real number as it was written.
    Real(String),
    Text(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Reference(u32, u16),
}

/// A dictionary in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Dict(pub(crate) Vec<(Vec<u8>, Object)>);

impl Dict {
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().rev().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub(crate) fn set(&mut self, key: &str, value: Object) {
        self.0.retain(|(name, _)| name != key.as_bytes());
        self.0.push((key.as_bytes().to_vec(), value));
    }

    pub(crate) fn int(&self, key: &str) -> Option<i64> {
        if let Some(Object::Int(number)) = self.get(key) { Some(*number) } else { None }
    }

    pub(crate) fn is_name(&self, key: &str, name: &str) -> bool {
        matches!(self.get(key), Some(Object::Name(value)) if value == name.as_bytes())
    }
}

impl Object {
    pub(crate) fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A length or an offset.
    pub(crate) fn count(count: usize) -> Self {
        Self::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(crate) fn dict(&self) -> Option<&Dict> {
        if let Self::Dict(dict) = self { Some(dict) } else { None }
    }

    /// Writes the object as it stands in a file.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Bool(value) => out.extend(if *value { &b"true"[..] } else { b"false" }),
            Self::Int(value) => out.extend(value.to_string().bytes()),
            Self::Real(value) => out.extend(value.bytes()),
            Self::Text(bytes) => {
                out.push(b'<');
                for byte in bytes {
                    out.extend(format!("{byte:02X}").bytes());
                }
                out.push(b'>');
            }
            Self::Name(name) => {
                out.push(b'/');
                for byte in name {
                    if byte.is_ascii_alphanumeric() || b"_-+.:,*!$@'\"|`~^&=;?".contains(byte) {
                        out.push(*byte);
                    } else {
                        out.extend(format!("#{byte:02X}").bytes());
                    }
                }
            }
            Self::Array(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dict(dict) => {
                out.extend(b"<<");
                for (key, value) in &dict.0 {
                    out.push(b' ');
                    Self::Name(key.clone()).write(out);
                    out.push(b' ');
                    value.write(out);
                }
                out.extend(b" >>");
            }
            Self::Reference(number, generation) => out.extend(format!("{number} {generation} R").bytes()),
        }
    }
}

/// Reads objects from a place in a file on.
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

type Read<T> = Result<T, &'static str>;
const DAMAGED: &str = "the PDF is damaged";

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Skips white space and comments.
    pub(crate) fn space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Takes `word` if it comes next.
    pub(crate) fn word(&mut self, word: &str) -> bool {
        self.space();
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            true
        } else {
            false
        }
    }

    /// Characters up to the next white space or delimiter.
    fn token(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|byte| !is_space(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        // A place beyond the end has nothing.
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// A whole number without sign.
    pub(crate) fn unsigned(&mut self) -> Read<u64> {
        self.space();
        std::str::from_utf8(self.token()).ok().and_then(|text| text.parse().ok()).ok_or(DAMAGED)
    }

    pub(crate) fn object(&mut self) -> Read<Object> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Read<Object> {
        if depth > MAX_DEPTH {
            return Err("the PDF nests too deep");
        }
        self.space();
        match self.peek().ok_or(DAMAGED)? {
            b'/' => Ok(Object::Name(self.name())),
            b'(' => self.text().map(Object::Text),
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    if self.word("]") {
                        return Ok(Object::Array(items));
                    }
                    items.push(self.nested(depth + 1)?);
                }
            }
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                let mut dict = Dict::default();
                loop {
                    if self.word(">>") {
                        return Ok(Object::Dict(dict));
                    }
                    if self.peek() != Some(b'/') {
                        return Err(DAMAGED);
                    }
                    let key = self.name();
                    let value = self.nested(depth + 1)?;
                    dict.0.push((key, value));
                }
            }
            b'<' => self.hexadecimal().map(Object::Text),
            _ => self.plain(),
        }
    }

    /// A number, a reference or one of the three words.
    fn plain(&mut self) -> Read<Object> {
        let token = std::str::from_utf8(self.token()).map_err(|_| DAMAGED)?;
        match token {
            "true" => return Ok(Object::Bool(true)),
            "false" => return Ok(Object::Bool(false)),
            "null" => return Ok(Object::Null),
            _ => {}
        }
        let Ok(number) = token.parse::<i64>() else {
            let digits = token.trim_start_matches(['+', '-']);
            let real = digits.bytes().any(|byte| byte.is_ascii_digit()) && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            return if real { Ok(Object::Real(token.to_owned())) } else { Err(DAMAGED) };
        };
        // Two numbers and an R make a reference.
        let after = self.at;
        if let (Ok(target), Ok(generation)) = (u32::try_from(number), self.unsigned()) {
            self.space();
            if let (Ok(generation), b"R") = (u16::try_from(generation), self.token()) {
                return Ok(Object::Reference(target, generation));
            }
        }
        self.at = after;
        Ok(Object::Int(number))
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let token = self.token();
        let mut name = Vec::with_capacity(token.len());
        let mut rest = token;
        while let [first, tail @ ..] = rest {
            rest = tail;
            if let (b'#', [high, low, ..]) = (first, tail)
                && let (Some(high), Some(low)) = (char::from(*high).to_digit(16), char::from(*low).to_digit(16))
            {
                name.push((high * 16 + low) as u8);
                rest = &tail[2..];
            } else {
                name.push(*first);
            }
        }
        name
    }

    fn hexadecimal(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            let byte = self.peek().ok_or(DAMAGED)?;
            self.at += 1;
            match byte {
                b'>' => break,
                byte if is_space(byte) => {}
                byte => digits.push(char::from(byte).to_digit(16).ok_or(DAMAGED)? as u8),
            }
        }
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        Ok(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
    }

    fn text(&mut self) -> Read<Vec<u8>> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1;
        loop {
            let byte = self.peek().ok_or(DAMAGED)?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(text);
                    }
                }
                b'\\' => {
                    let escaped = self.peek().ok_or(DAMAGED)?;
                    self.at += 1;
                    match escaped {
                        b'n' => text.push(b'\n'),
                        b'r' => text.push(b'\r'),
                        b't' => text.push(b'\t'),
                        b'b' => text.push(8),
                        b'f' => text.push(12),
                        // An escaped line break is none.
                        b'\r' => {
                            if self.peek() == Some(b'\n') {
                                self.at += 1;
                            }
                        }
                        b'\n' => {}
                        b'0'..=b'7' => {
                            let mut code = u32::from(escaped - b'0');
                            for _ in 0..2 {
                                let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                                self.at += 1;
                                code = code * 8 + u32::from(digit - b'0');
                            }
                            text.push(code as u8);
                        }
                        other => text.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_and_written_back() {
        let text = b"<< /A#20b [1 -2.5 (a\\(b\\051\\n(c)) <41 4> 7 0 R true null] % x\n /D<</E/F>>/N 12 >>";
        let object = Reader::new(text, 0).object().expect("an object");
        let mut written = Vec::new();
        object.write(&mut written);
        let expected = "<< /A#20b [1 -2.5 <612862290A286329> <4140> 7 0 R true null] /D << /E /F >> /N 12 >>";
        assert_eq!(String::from_utf8_lossy(&written), expected);
        assert_eq!(Reader::new(&written, 0).object().expect("an object"), object);
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        for text in ["", "<<", "<< /A", "<< 1 2 >>", "[1 2", "(abc", "(a\\", "<4", "<4x>", "/", "1.2.x", "nul", "--", "."] {
            let read = Reader::new(text.as_bytes(), 0).object();
            assert!(read.is_err() || text == "/", "{text}: {read:?}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Reader::new(deep.as_bytes(), 0).object(), Err("the PDF nests too deep"));
    }
}
