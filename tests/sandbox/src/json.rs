//! A streaming JSON reader that words its errors as the service's framework does.
//!
//! Two needs no ready-made reader meets together: an evidence body may be larger than memory should
//! have to hold, so chosen strings go to a [`Sink`] as they arrive; and a broken body must be answered
//! with the place of the error (`line 3 column 2 (char 30)`).

use std::io::{BufRead, ErrorKind};

use serde_json::{Map, Value};

/// Deeper nesting than any documented body needs is refused, so that the stack is safe.
const MAX_DEPTH: usize = 64;
/// A string that no sink takes is held in memory: this bounds it.
const MAX_PLAIN_STRING: usize = 16 * 1024 * 1024;

/// What went wrong while reading.
#[derive(Debug)]
pub(crate) enum JsonError {
    /// Not JSON; the text is what follows "JSON parse error - ".
    Syntax(String),
    /// The body ended or failed on the wire.
    Body,
    /// A sink refused the string that it took.
    Sink(String),
}

/// Takes strings out of a document while it is read.
pub(crate) trait Sink {
    /// Whether the string at `path` goes to the sink.
    fn takes(&self, path: &[String]) -> bool;
    fn start(&mut self, path: &[String]) -> Result<(), String>;
    fn chunk(&mut self, raw: &[u8]) -> Result<(), String>;
    /// What stands in the document instead of the string.
    fn finish(&mut self) -> Result<Value, String>;
}

/// Takes nothing.
pub(crate) struct NoSink;

impl Sink for NoSink {
    fn takes(&self, _: &[String]) -> bool {
        false
    }
    fn start(&mut self, _: &[String]) -> Result<(), String> {
        Ok(())
    }
    fn chunk(&mut self, _: &[u8]) -> Result<(), String> {
        Ok(())
    }
    fn finish(&mut self) -> Result<Value, String> {
        Ok(Value::Null)
    }
}

/// Reads one document to its end.
pub(crate) fn read(input: impl BufRead, sink: &mut dyn Sink) -> Result<Value, JsonError> {
    let mut reader = Reader { input, sink, path: Vec::new(), at: Position::default() };
    reader.space()?;
    let value = reader.value(0)?;
    reader.space()?;
    if reader.peek()?.is_some() {
        return Err(reader.syntax("Extra data"));
    }
    Ok(value)
}

/// Reads a document that is in memory.
pub(crate) fn read_slice(bytes: &[u8]) -> Result<Value, JsonError> {
    read(bytes, &mut NoSink)
}

#[derive(Clone, Copy)]
struct Position {
    line: u64,
    column: u64,
    chars: u64,
}

impl Default for Position {
    fn default() -> Self {
        Self { line: 1, column: 1, chars: 0 }
    }
}

impl Position {
    fn past(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if byte & 0xC0 == 0x80 {
                continue; // a further byte of one character
            }
            self.chars += 1;
            self.column += 1;
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            }
        }
    }

    fn text(self, what: &str) -> String {
        format!("{what}: line {} column {} (char {})", self.line, self.column, self.chars)
    }
}

struct Reader<'a, R> {
    input: R,
    sink: &'a mut dyn Sink,
    path: Vec<String>,
    at: Position,
}

impl<R: BufRead> Reader<'_, R> {
    fn syntax(&self, what: &str) -> JsonError {
        JsonError::Syntax(self.at.text(what))
    }

    fn fill(&mut self) -> Result<&[u8], JsonError> {
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(JsonError::Body),
            }
        }
        // Asked again because a borrow cannot leave the loop; the buffer is full, so this reads nothing.
        self.input.fill_buf().map_err(|_| JsonError::Body)
    }

    fn peek(&mut self) -> Result<Option<u8>, JsonError> {
        Ok(self.fill()?.first().copied())
    }

    fn bump(&mut self) -> Result<Option<u8>, JsonError> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.input.consume(1);
            self.at.past(&[byte]);
        }
        Ok(byte)
    }

    fn space(&mut self) -> Result<(), JsonError> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek()? {
            self.bump()?;
        }
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.syntax("Too deeply nested"));
        }
        match self.peek()? {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string_value(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.syntax("Expecting value")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonError> {
        let start = self.at;
        for expected in word.bytes() {
            if self.bump()? != Some(expected) {
                return Err(JsonError::Syntax(start.text("Expecting value")));
            }
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        let mut text = String::new();
        while let Some(byte @ (b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) = self.peek()? {
            text.push(char::from(byte));
            self.bump()?;
        }
        serde_json::from_str(&text).map_err(|_| JsonError::Syntax(start.text("Expecting value")))
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.bump()?;
        let mut map = Map::new();
        self.space()?;
        if self.peek()? == Some(b'}') {
            self.bump()?;
            return Ok(Value::Object(map));
        }
        loop {
            if self.peek()? != Some(b'"') {
                return Err(self.syntax("Expecting property name enclosed in double quotes"));
            }
            let key = self.plain_string()?;
            self.space()?;
            if self.peek()? != Some(b':') {
                return Err(self.syntax("Expecting ':' delimiter"));
            }
            self.bump()?;
            self.space()?;
            self.path.push(key);
            let value = self.value(depth + 1)?;
            let key = self.path.pop().unwrap_or_default();
            map.insert(key, value);
            self.space()?;
            match self.peek()? {
                Some(b',') => {
                    self.bump()?;
                    self.space()?;
                }
                Some(b'}') => {
                    self.bump()?;
                    return Ok(Value::Object(map));
                }
                _ => return Err(self.syntax("Expecting ',' delimiter")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.bump()?;
        let mut list = Vec::new();
        self.space()?;
        if self.peek()? == Some(b']') {
            self.bump()?;
            return Ok(Value::Array(list));
        }
        loop {
            self.path.push("[]".to_owned());
            let value = self.value(depth + 1)?;
            self.path.pop();
            list.push(value);
            self.space()?;
            match self.peek()? {
                Some(b',') => {
                    self.bump()?;
                    self.space()?;
                }
                Some(b']') => {
                    self.bump()?;
                    return Ok(Value::Array(list));
                }
                _ => return Err(self.syntax("Expecting ',' delimiter")),
            }
        }
    }

    fn string_value(&mut self) -> Result<Value, JsonError> {
        if !self.sink.takes(&self.path) {
            return self.plain_string().map(Value::String);
        }
        self.sink.start(&self.path).map_err(JsonError::Sink)?;
        self.string(&mut |sink, piece| sink.chunk(piece))?;
        self.sink.finish().map_err(JsonError::Sink)
    }

    fn plain_string(&mut self) -> Result<String, JsonError> {
        let mut bytes = Vec::new();
        self.string(&mut |_, piece| {
            if bytes.len() + piece.len() > MAX_PLAIN_STRING {
                return Err("String too long".to_owned());
            }
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        String::from_utf8(bytes).map_err(|_| JsonError::Syntax("'utf-8' codec can't decode the body".to_owned()))
    }

    /// Gives the pieces of a string, unescaped, to `take`.
    #[allow(clippy::type_complexity)]
    fn string(&mut self, take: &mut dyn FnMut(&mut dyn Sink, &[u8]) -> Result<(), String>) -> Result<(), JsonError> {
        let start = self.at;
        self.bump()?;
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return Err(JsonError::Body),
            };
            if buffer.is_empty() {
                return Err(JsonError::Syntax(start.text("Unterminated string starting at")));
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)).unwrap_or(buffer.len());
            if end > 0 {
                let chars = &buffer[..end];
                take(self.sink, chars).map_err(JsonError::Sink)?;
                // A string has no raw line break, so only the characters count.
                let count = chars.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
                self.at.chars += count;
                self.at.column += count;
                self.input.consume(end);
                continue;
            }
            match buffer[0] {
                b'"' => {
                    self.bump()?;
                    return Ok(());
                }
                b'\\' => {
                    let mut encoded = [0; 4];
                    let character = self.escape(start)?;
                    take(self.sink, character.encode_utf8(&mut encoded).as_bytes()).map_err(JsonError::Sink)?;
                }
                _ => return Err(self.syntax("Invalid control character at")),
            }
        }
    }

    fn escape(&mut self, start: Position) -> Result<char, JsonError> {
        let at = self.at;
        self.bump()?;
        let Some(byte) = self.bump()? else {
            return Err(JsonError::Syntax(start.text("Unterminated string starting at")));
        };
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex(at)?;
                if !(0xD800..0xDC00).contains(&high) {
                    return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                if self.bump()? != Some(b'\\') || self.bump()? != Some(b'u') {
                    return Err(JsonError::Syntax(at.text("Invalid \\uXXXX escape")));
                }
                let low = self.hex(at)?;
                if !(0xDC00..0xE000).contains(&low) {
                    return Err(JsonError::Syntax(at.text("Invalid \\uXXXX escape")));
                }
                char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return Err(JsonError::Syntax(at.text("Invalid \\escape"))),
        })
    }

    fn hex(&mut self, at: Position) -> Result<u32, JsonError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.bump()?.and_then(|byte| char::from(byte).to_digit(16));
            let digit = digit.ok_or_else(|| JsonError::Syntax(at.text("Invalid \\uXXXX escape")))?;
            value = value * 16 + digit;
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(text: &str) -> String {
        match read_slice(text.as_bytes()) {
            Err(JsonError::Syntax(text)) => text,
            other => panic!("expected a syntax error, got {other:?}"),
        }
    }

    #[test]
    fn reads_what_serde_reads() {
        let text = r#" {"a":[1,-2.5e3,true,false,null,"x\u00e9\ud83d\ude00\n\/"],"b":{},"c":[],"ñ":"é"} "#;
        assert_eq!(read_slice(text.as_bytes()).expect("valid"), serde_json::from_str::<Value>(text).expect("valid"));
    }

    #[test]
    fn places_errors_as_the_framework_does() {
        assert_eq!(error(""), "Expecting value: line 1 column 1 (char 0)");
        assert_eq!(error("{\n\"a\": 1\n \"b\": 2}"), "Expecting ',' delimiter: line 3 column 2 (char 10)");
        assert_eq!(error("{a:1}"), "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)");
        assert_eq!(error("{\"a\" 1}"), "Expecting ':' delimiter: line 1 column 6 (char 5)");
        assert_eq!(error("{\"a\": ES}"), "Expecting value: line 1 column 7 (char 6)");
        assert_eq!(error("{} x"), "Extra data: line 1 column 4 (char 3)");
        assert_eq!(error("[\"abc"), "Unterminated string starting at: line 1 column 2 (char 1)");
        assert_eq!(error("\"a\u{1}\""), "Invalid control character at: line 1 column 3 (char 2)");
        assert_eq!(error("\"\\x\""), "Invalid \\escape: line 1 column 2 (char 1)");
        assert_eq!(error("01x"), "Expecting value: line 1 column 1 (char 0)");
    }

    #[test]
    fn refuses_endless_nesting() {
        assert!(error(&"[".repeat(100_000)).starts_with("Too deeply nested"));
    }

    #[test]
    fn hands_chosen_strings_to_the_sink() {
        struct Collect(Vec<u8>);
        impl Sink for Collect {
            fn takes(&self, path: &[String]) -> bool {
                path.len() == 2 && path[0] == "images"
            }
            fn start(&mut self, _: &[String]) -> Result<(), String> {
                Ok(())
            }
            fn chunk(&mut self, raw: &[u8]) -> Result<(), String> {
                self.0.extend_from_slice(raw);
                Ok(())
            }
            fn finish(&mut self) -> Result<Value, String> {
                Ok(json!(self.0.len()))
            }
        }
        let mut sink = Collect(Vec::new());
        let input = std::io::BufReader::with_capacity(3, &b"{\"images\":{\"front\":\"\\/9j\\/AAA\"},\"b\":\"c\"}"[..]);
        assert_eq!(read(input, &mut sink).expect("valid"), json!({"images": {"front": 7}, "b": "c"}));
        assert_eq!(sink.0, b"/9j/AAA");
    }
}
