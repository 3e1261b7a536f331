//! Reads a JSON answer as a stream: images are skipped or written to files, everything else is bounded.
//!
//! A request that is read back can carry tens of megabytes of Base64 images. An ordinary parser would hold each of them.

use std::cell::Cell;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::{Map, Number, Value};
use struson::reader::{JsonReader as _, JsonStreamReader, ReaderError, ValueType};

use crate::error::{Error, ErrorCode, Result};

/// Deeper nesting than this is no answer of the service.
const MAX_DEPTH: u32 = 64;

/// What is done with images.
#[derive(Debug, Clone, Default)]
pub(crate) struct Skim {
    /// The folder that they are written to; `None` skips them.
    pub(crate) images_dir: Option<PathBuf>,
    /// What form the answer has.
    pub(crate) form: Form,
    /// How many bytes of text, images not counted, are held at most.
    pub(crate) max_bytes: usize,
}

/// What form an answer has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON.
    #[default]
    Json,
    /// JSON with documents in texts called `document`: of one that does not fit any more only the length is kept, as
    /// `{base64_length}`.
    Documents,
    /// A word, as JSON or as plain text.
    Word,
}

/// More than any word has.
const WORD_BYTES: usize = 4 * 1024;

/// What is kept free for everything else of an answer, where documents are held while they fit.
const BESIDE_DOCUMENTS: usize = 64 * 1024;

/// Reads one JSON document, or a word in its place where the form allows one.
pub(crate) fn read<R: Read>(reader: R, skim: &Skim) -> Result<Value> {
    if skim.form != Form::Word {
        return read_json(reader, skim);
    }
    let mut head = Vec::new();
    reader.take(WORD_BYTES as u64 + 1).read_to_end(&mut head).map_err(|e| lost(&e))?;
    if head.len() > WORD_BYTES {
        return Err(too_large());
    }
    read_json(head.as_slice(), skim).or_else(|error| match std::str::from_utf8(&head) {
        Ok(word) if !word.trim_start().starts_with(['{', '[', '<']) => Ok(Value::String(word.trim().to_owned())),
        _ => Err(error),
    })
}

fn read_json<R: Read>(reader: R, skim: &Skim) -> Result<Value> {
    let allowed = Rc::new(Cell::new(u64::MAX));
    let reader = Rationed { inner: reader, allowed: allowed.clone() };
    let mut walk = Walk { json: JsonStreamReader::new(reader), allowed, skim, left: skim.max_bytes };
    let value = walk.value(0, false)?;
    walk.json.consume_trailing_whitespace().map_err(|e| broken(&e))?;
    Ok(value)
}

/// Gives no more than is allowed: names, unlike texts, are read whole by the tokenizer, however long they are.
struct Rationed<R> {
    inner: R,
    allowed: Rc<Cell<u64>>,
}

impl<R: Read> Read for Rationed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let left = self.allowed.get().checked_sub(n as u64).ok_or_else(|| io::Error::other(TOO_LONG))?;
        self.allowed.set(left);
        Ok(n)
    }
}

struct Walk<'a, R: Read> {
    json: JsonStreamReader<Rationed<R>>,
    /// How many bytes the tokenizer may take from the answer.
    allowed: Rc<Cell<u64>>,
    skim: &'a Skim,
    left: usize,
}

impl<R: Read> Walk<'_, R> {
    /// `in_images`: the value is a member of an object called `images`.
    fn value(&mut self, depth: u32, images: bool) -> Result<Value> {
        if depth > MAX_DEPTH {
            return Err(too_large());
        }
        match self.json.peek().map_err(|e| broken(&e))? {
            ValueType::Object => {
                let mut map = Map::new();
                self.json.begin_object().map_err(|e| broken(&e))?;
                while self.json.has_next().map_err(|e| broken(&e))? {
                    // Each character has at most six bytes in JSON; the rest is what the tokenizer reads ahead.
                    self.allowed.set((self.left as u64).saturating_mul(6).saturating_add(8 * 1024));
                    let name = self.json.next_name_owned().map_err(|e| broken(&e))?;
                    self.allowed.set(u64::MAX);
                    self.take(name.len() + 8)?;
                    let is_text = self.json.peek().map_err(|e| broken(&e))? == ValueType::String;
                    let value = if images && is_text {
                        self.image(&name)?
                    } else if is_text && name == "document" && self.skim.form == Form::Documents {
                        self.document()?
                    } else {
                        self.value(depth + 1, name == "images")?
                    };
                    map.insert(name, value);
                }
                self.json.end_object().map_err(|e| broken(&e))?;
                Ok(Value::Object(map))
            }
            ValueType::Array => {
                let mut items = Vec::new();
                self.json.begin_array().map_err(|e| broken(&e))?;
                while self.json.has_next().map_err(|e| broken(&e))? {
                    self.take(8)?;
                    items.push(self.value(depth + 1, false)?);
                }
                self.json.end_array().map_err(|e| broken(&e))?;
                Ok(Value::Array(items))
            }
            ValueType::String => self.text().map(Value::String),
            ValueType::Number => {
                let text = self.json.next_number_as_string().map_err(|e| broken(&e))?;
                self.take(text.len())?;
                text.parse::<Number>().map(Value::Number).map_err(|_| not_json())
            }
            ValueType::Boolean => self.json.next_bool().map(Value::Bool).map_err(|e| broken(&e)),
            ValueType::Null => self.json.next_null().map(|()| Value::Null).map_err(|e| broken(&e)),
        }
    }

    fn take(&mut self, bytes: usize) -> Result<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }

    fn text(&mut self) -> Result<String> {
        let limit = self.left;
        let mut out = Vec::new();
        {
            let reader = self.json.next_string_reader().map_err(|e| broken(&e))?;
            // One byte more than is left, so that a text that is too long is noticed without being held.
            reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|e| lost(&e))?;
        }
        self.take(out.len())?;
        String::from_utf8(out).map_err(|_| not_json())
    }

    /// A text where it fits; else its length.
    fn document(&mut self) -> Result<Value> {
        let limit = self.left.saturating_sub(BESIDE_DOCUMENTS.min(self.skim.max_bytes / 2)) as u64;
        let mut out = Vec::new();
        let length = {
            let mut reader = self.json.next_string_reader().map_err(|e| broken(&e))?;
            (&mut reader).take(limit + 1).read_to_end(&mut out).map_err(|e| lost(&e))?;
            if out.len() as u64 > limit {
                Some(out.len() as u64 + io::copy(&mut reader, &mut io::sink()).map_err(|e| lost(&e))?)
            } else {
                None
            }
        };
        if let Some(length) = length {
            return Ok(Value::Object(Map::from_iter([("base64_length".to_owned(), length.into())])));
        }
        self.take(out.len())?;
        String::from_utf8(out).map(Value::String).map_err(|_| not_json())
    }

    /// Skips the text of an image, or writes it decoded to a file, and leaves what was seen of it.
    fn image(&mut self, name: &str) -> Result<Value> {
        let mut file = match &self.skim.images_dir {
            Some(dir) => Some(ImageFile::create(dir)?),
            None => None,
        };
        let mut length: u64 = 0;
        {
            let mut reader = self.json.next_string_reader().map_err(|e| broken(&e))?;
            let mut buffer = vec![0; 48 * 1024];
            loop {
                let n = reader.read(&mut buffer).map_err(|e| lost(&e))?;
                if n == 0 {
                    break;
                }
                length += n as u64;
                if let Some(file) = &mut file {
                    file.push(&buffer[..n])?;
                }
            }
        }
        let path = file.map(|file| file.finish(name)).transpose()?;
        let mut image = Map::new();
        image.insert("base64_length".into(), length.into());
        if let Some(path) = path {
            image.insert("path".into(), path.into());
        }
        Ok(Value::Object(image))
    }
}

/// A file that Base64 is decoded into. Only its owner can read it.
struct ImageFile {
    dir: PathBuf,
    file: tempfile::NamedTempFile,
    /// Base64 characters that do not make a group of four yet.
    pending: Vec<u8>,
    head: Vec<u8>,
}

impl ImageFile {
    fn create(dir: &Path) -> Result<Self> {
        let file = tempfile::Builder::new().prefix(".videoid-").tempfile_in(dir).map_err(|e| not_written(&e))?;
        Ok(Self { dir: dir.to_owned(), file, pending: Vec::new(), head: Vec::new() })
    }

    fn push(&mut self, text: &[u8]) -> Result<()> {
        // The service breaks Base64 into lines in some answers.
        self.pending.extend(text.iter().copied().filter(|b| !b.is_ascii_whitespace()));
        let whole = self.pending.len() / 4 * 4;
        // The last group may carry padding: it waits until more comes or the text ends.
        let ready = if whole == self.pending.len() { whole.saturating_sub(4) } else { whole };
        let rest = self.pending.split_off(ready);
        let group = std::mem::replace(&mut self.pending, rest);
        self.write(&group)
    }

    fn write(&mut self, group: &[u8]) -> Result<()> {
        let bytes = base64_simd::STANDARD
            .decode_to_vec(group)
            .map_err(|_| Error::new(ErrorCode::UnexpectedAnswer, "an image of the answer is not Base64"))?;
        if self.head.len() < 8 {
            self.head.extend(bytes.iter().take(8));
        }
        self.file.write_all(&bytes).map_err(|e| not_written(&e))
    }

    fn finish(mut self, name: &str) -> Result<String> {
        let rest = std::mem::take(&mut self.pending);
        self.write(&rest)?;
        self.file.as_file().sync_all().map_err(|e| not_written(&e))?;
        let extension = match self.head.as_slice() {
            [0xff, 0xd8, 0xff, ..] => "jpg",
            [0x89, b'P', b'N', b'G', ..] => "png",
            _ => "bin",
        };
        // The name comes from the network: nothing but these characters may reach the file system.
        let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        let path = self.dir.join(format!("{}.{extension}", if plain.is_empty() { "image" } else { &plain }));
        self.file.persist(&path).map_err(|e| not_written(&e.error))?;
        Ok(path.to_string_lossy().into_owned())
    }
}

pub(crate) fn not_written(error: &io::Error) -> Error {
    Error::new(ErrorCode::FileNotWritten, "a file for the answer could not be written").with_source(io::Error::from(error.kind()))
}

fn too_large() -> Error {
    Error::new(ErrorCode::AnswerTooLarge, "the answer is larger than limits.answer_bytes")
}

fn not_json() -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, "the answer is not JSON")
}

/// Marks an input that ended because the connection did, as against one that is wrong.
pub(crate) const CUT_SHORT: &str = "answer cut short";

/// Marks a name that is longer than what may be held.
const TOO_LONG: &str = "name too long";

fn lost(error: &io::Error) -> Error {
    if error.get_ref().is_some_and(|e| e.to_string() == TOO_LONG) {
        return too_large();
    }
    let cut = error.kind() == io::ErrorKind::UnexpectedEof || error.get_ref().is_some_and(|e| e.to_string() == CUT_SHORT);
    if cut {
        return Error::new(ErrorCode::AnswerTruncated, "the answer ended before its end");
    }
    not_json()
}

fn broken(error: &ReaderError) -> Error {
    match error {
        ReaderError::IoError { error, .. } => lost(error),
        _ => not_json(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skim(text: &str, dir: Option<&Path>) -> Result<Value> {
        read(text.as_bytes(), &Skim { images_dir: dir.map(Path::to_owned), form: Form::Json, max_bytes: 1000 })
    }

    #[test]
    fn images_are_skipped_and_the_rest_is_kept() {
        let image = "/9j/".repeat(4000);
        let value = skim(&format!(r#"{{"pk":1,"data":{{"images":{{"document_front":"{image}"}},"n":1.5}}}}"#), None).unwrap();
        assert_eq!(value["data"]["images"]["document_front"]["base64_length"], 16000);
        assert_eq!((&value["pk"], &value["data"]["n"]), (&Value::from(1), &Value::from(1.5)));
    }

    #[test]
    fn images_are_decoded_into_files_also_with_line_breaks() {
        let dir = tempfile::tempdir().unwrap();
        let value = skim(r#"{"images":{"document_front":"\/9j\/4AAQ\nSkZJRg=="}}"#, Some(dir.path())).unwrap();
        let path = value["images"]["document_front"]["path"].as_str().unwrap();
        assert!(path.ends_with("document_front.jpg"));
        assert_eq!(std::fs::read(path).unwrap(), b"\xff\xd8\xff\xe0\x00\x10JFIF");
    }

    #[test]
    fn documents_are_held_while_they_fit() {
        let (small, large) = ("QUJD".repeat(50), "QUJD".repeat(400));
        let text = format!(r#"[{{"pk":1,"document":"{small}"}},{{"pk":2,"document":"{large}"}},{{"pk":3,"document":"{small}"}}]"#);
        let kept = read(text.as_bytes(), &Skim { form: Form::Documents, max_bytes: 2000, ..Skim::default() }).unwrap();
        assert_eq!(kept[0]["document"], small.as_str());
        assert_eq!(kept[1], serde_json::json!({ "pk": 2, "document": { "base64_length": 1600 } }));
        assert_eq!(kept[2]["document"], small.as_str());
        let error = read(text.as_bytes(), &Skim { max_bytes: 2000, ..Skim::default() }).unwrap_err();
        assert_eq!(error.code(), ErrorCode::AnswerTooLarge);
    }

    #[test]
    fn a_word_needs_no_quotes() {
        let word = |text: &str| read(text.as_bytes(), &Skim { form: Form::Word, max_bytes: 1000, ..Skim::default() });
        assert_eq!(word("true").unwrap(), Value::Bool(true));
        assert_eq!(word("False\n").unwrap(), Value::String("False".into()));
        assert_eq!(word("{\"used\":true}").unwrap()["used"], true);
        for text in ["<html>maintenance</html>", "{\"used\":"] {
            assert_eq!(word(text).unwrap_err().code(), ErrorCode::UnexpectedAnswer, "{text}");
        }
        assert_eq!(word(&"x".repeat(5000)).unwrap_err().code(), ErrorCode::AnswerTooLarge);
    }

    #[test]
    fn a_name_without_end_is_not_held() {
        struct Endless(Rc<Cell<u64>>);
        impl Read for Endless {
            fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
                // Far more than may be held; without it a test that fails would never end.
                if self.0.get() > 50_000_000 {
                    return Ok(0);
                }
                buf.fill(b'a');
                self.0.set(self.0.get() + buf.len() as u64);
                Ok(buf.len())
            }
        }
        let taken = Rc::new(Cell::new(0));
        let input = (&b"{\""[..]).chain(Endless(taken.clone()));
        let error = read(input, &Skim { max_bytes: 1000, ..Skim::default() }).unwrap_err();
        assert_eq!(error.code(), ErrorCode::AnswerTooLarge);
        assert!(taken.get() < 100_000, "{}", taken.get());
    }

    #[test]
    fn a_name_from_the_network_stays_in_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let value = skim(r#"{"images":{"../../etc/x":"AAAA"}}"#, Some(dir.path())).unwrap();
        assert_eq!(Path::new(value["images"]["../../etc/x"]["path"].as_str().unwrap()).parent(), Some(dir.path()));
    }

    #[test]
    fn what_is_too_large_too_deep_or_no_json_is_said() {
        let code = |text: &str| skim(text, None).unwrap_err().code();
        assert_eq!(code(&format!("{{\"a\":\"{}\"}}", "x".repeat(2000))), ErrorCode::AnswerTooLarge);
        assert_eq!(code(&"[".repeat(100)), ErrorCode::AnswerTooLarge);
        assert_eq!(code(&format!("{{\"{}\":1}}", "x".repeat(2000))), ErrorCode::AnswerTooLarge);
        assert_eq!(code("<html>"), ErrorCode::UnexpectedAnswer);
        assert_eq!(code("{\"a\":1} x"), ErrorCode::UnexpectedAnswer);
        assert_eq!(code("{\"a\":"), ErrorCode::UnexpectedAnswer);
    }
}
