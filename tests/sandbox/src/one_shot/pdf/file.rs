//! A PDF file: its cross-reference tables and streams, and the objects that they lead to.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::object::{Dict, Object, Reader};

/// A stream that unpacks to more is refused: a few kilobytes could become all memory.
const MAX_STREAM: usize = 64 * 1024 * 1024;
/// References that lead to references: no sound file has more.
const MAX_HOPS: usize = 16;
/// Objects in a file; more is a damaged `/Size`.
const MAX_OBJECTS: u64 = 8_388_607;
const DAMAGED: &str = "the PDF is damaged";

type Read<T> = Result<T, &'static str>;

#[derive(Clone, Copy, Debug)]
enum Entry {
    Free,
    Offset(usize),
    /// In the object stream of this number, at this place.
    Packed(u32, usize),
}

/// The objects of an object stream, with the number that each says it has.
type Packed = Rc<Vec<(u32, Object)>>;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct File<'a> {
    pub(crate) bytes: &'a [u8],
    entries: BTreeMap<u32, Entry>,
    /// The newest trailer.
    pub(crate) trailer: Dict,
    /// Where the newest cross-reference section is.
    pub(crate) section: usize,
    /// Whether that section is a stream.
    pub(crate) stream: bool,
    packed: RefCell<HashMap<u32, Packed>>,
}

impl<'a> File<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Read<Self> {
        if !bytes.starts_with(b"%PDF-") {
            return Err("the file is not a PDF");
        }
        let tail = bytes.len().saturating_sub(2048);
        let found = find_last(&bytes[tail..], b"startxref").ok_or("the PDF is cut short")?;
        let mut reader = Reader::new(bytes, tail + found + 9);
        let section = usize::try_from(reader.unsigned()?).map_err(|_| DAMAGED)?;
        if find_last(&bytes[reader.at..], b"%%EOF").is_none() {
            return Err("the PDF is cut short");
        }
        let mut file =
            File { bytes, entries: BTreeMap::new(), trailer: Dict::default(), section, stream: false, packed: RefCell::default() };
        let mut next = Some(section);
        let mut seen = HashSet::new();
        while let Some(at) = next {
            // Sections that lead in a circle are damage too, but nothing is lost by stopping.
            if !seen.insert(at) {
                break;
            }
            let (trailer, stream) = file.section(at)?;
            if let Some(hybrid) = trailer.int("XRefStm") {
                let hybrid = usize::try_from(hybrid).map_err(|_| DAMAGED)?;
                if seen.insert(hybrid) {
                    file.section(hybrid)?;
                }
            }
            next = trailer.int("Prev").map(usize::try_from).transpose().map_err(|_| DAMAGED)?;
            if at == section {
                file.trailer = trailer;
                file.stream = stream;
            }
        }
        if file.trailer.get("Encrypt").is_some_and(|encrypt| *encrypt != Object::Null) {
            return Err("the PDF is encrypted");
        }
        if file.pages()?.is_empty() {
            return Err("the PDF has no pages");
        }
        Ok(file)
    }

    /// One past the highest number in use.
    pub(crate) fn size(&self) -> u32 {
        let highest = self.entries.keys().next_back().map_or(0, |number| number + 1);
        let declared = self.trailer.int("Size").and_then(|size| u32::try_from(size).ok()).unwrap_or(0);
        highest.max(declared.min(MAX_OBJECTS as u32))
    }

    fn section(&mut self, at: usize) -> Read<(Dict, bool)> {
        let mut reader = Reader::new(self.bytes, at);
        if reader.word("xref") {
            return Ok((self.table(reader)?, false));
        }
        let (dict, data) = self.unpacked(at)?;
        if !dict.is_name("Type", "XRef") {
            return Err(DAMAGED);
        }
        self.stream_entries(&dict, &data)?;
        Ok((dict, true))
    }

    fn add(&mut self, number: u64, entry: Entry) -> Read<()> {
        if number > MAX_OBJECTS {
            return Err(DAMAGED);
        }
        // What a newer section said stands.
        self.entries.entry(number as u32).or_insert(entry);
        Ok(())
    }

    fn table(&mut self, mut reader: Reader<'a>) -> Read<Dict> {
        loop {
            if reader.word("trailer") {
                let Object::Dict(dict) = reader.object()? else { return Err(DAMAGED) };
                return Ok(dict);
            }
            let (first, count) = (reader.unsigned()?, reader.unsigned()?);
            for number in 0..count {
                let (offset, _generation) = (reader.unsigned()?, reader.unsigned()?);
                let entry = if reader.word("n") {
                    Entry::Offset(usize::try_from(offset).map_err(|_| DAMAGED)?)
                } else if reader.word("f") {
                    Entry::Free
                } else {
                    return Err(DAMAGED);
                };
                self.add(first.checked_add(number).ok_or(DAMAGED)?, entry)?;
            }
        }
    }

    fn stream_entries(&mut self, dict: &Dict, data: &[u8]) -> Read<()> {
        let widths: Vec<usize> = match dict.get("W") {
            Some(Object::Array(items)) => {
                items.iter().filter_map(|item| if let Object::Int(width @ 0..=8) = item { Some(*width as usize) } else { None }).collect()
            }
            _ => return Err(DAMAGED),
        };
        let [kind, second, third] = widths[..] else { return Err(DAMAGED) };
        let width = kind + second + third;
        if width == 0 {
            return Err(DAMAGED);
        }
        let index: Vec<u64> = match dict.get("Index") {
            Some(Object::Array(items)) => {
                items.iter().filter_map(|item| if let Object::Int(number) = item { u64::try_from(*number).ok() } else { None }).collect()
            }
            _ => vec![0, dict.int("Size").and_then(|size| u64::try_from(size).ok()).ok_or(DAMAGED)?],
        };
        let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        let mut rows = data.chunks_exact(width);
        for range in index.chunks_exact(2) {
            for object in range[0]..range[0].checked_add(range[1]).ok_or(DAMAGED)? {
                let Some(row) = rows.next() else { return Err(DAMAGED) };
                let (a, b) = (number(&row[kind..kind + second]), number(&row[kind + second..]));
                let entry = match if kind == 0 { 1 } else { number(&row[..kind]) } {
                    1 => Entry::Offset(usize::try_from(a).map_err(|_| DAMAGED)?),
                    2 => Entry::Packed(u32::try_from(a).map_err(|_| DAMAGED)?, usize::try_from(b).map_err(|_| DAMAGED)?),
                    _ => Entry::Free,
                };
                self.add(object, entry)?;
            }
        }
        Ok(())
    }

    /// The indirect object at a place: its number, itself, and where the bytes of its stream begin.
    fn indirect(&self, at: usize) -> Read<(u32, Object, Option<usize>)> {
        let mut reader = Reader::new(self.bytes, at);
        let number = u32::try_from(reader.unsigned()?).map_err(|_| DAMAGED)?;
        reader.unsigned()?;
        if !reader.word("obj") {
            return Err(DAMAGED);
        }
        let object = reader.object()?;
        if object.dict().is_none() || !reader.word("stream") {
            return Ok((number, object, None));
        }
        for line_break in [b'\r', b'\n'] {
            if reader.peek() == Some(line_break) {
                reader.at += 1;
            }
        }
        Ok((number, object, Some(reader.at)))
    }

    /// The stream at a place: its dictionary, and what it unpacks to.
    fn unpacked(&self, at: usize) -> Read<(Dict, Vec<u8>)> {
        let (_, Object::Dict(dict), Some(start)) = self.indirect(at)? else { return Err(DAMAGED) };
        let length = match dict.get("Length") {
            Some(Object::Int(length)) => *length,
            // Not through `object`: a length that leads to itself would never end.
            Some(Object::Reference(target, _)) => match self.entries.get(target) {
                Some(Entry::Offset(at)) => match self.indirect(*at)? {
                    (_, Object::Int(length), _) => length,
                    _ => return Err(DAMAGED),
                },
                _ => return Err(DAMAGED),
            },
            _ => return Err(DAMAGED),
        };
        let end = usize::try_from(length).ok().and_then(|length| start.checked_add(length)).ok_or(DAMAGED)?;
        let content = self.bytes.get(start..end).ok_or("the PDF is cut short")?;
        let data = Self::unpack(&dict, content)?;
        Ok((dict, data))
    }

    /// The object of a number; what is not there is null, as the format has it.
    pub(crate) fn object(&self, number: u32) -> Read<Object> {
        match self.entries.get(&number) {
            None | Some(Entry::Free) => Ok(Object::Null),
            Some(Entry::Offset(at)) => {
                let (found, object, _) = self.indirect(*at)?;
                if found == number { Ok(object) } else { Err(DAMAGED) }
            }
            Some(Entry::Packed(stream, index)) => {
                let packed = self.packed(*stream)?;
                let found = packed.get(*index).filter(|(found, _)| *found == number);
                let found = found.or_else(|| packed.iter().find(|(found, _)| *found == number));
                found.map(|(_, object)| object.clone()).ok_or(DAMAGED)
            }
        }
    }

    fn packed(&self, stream: u32) -> Read<Packed> {
        if let Some(packed) = self.packed.borrow().get(&stream) {
            return Ok(Rc::clone(packed));
        }
        // An object stream is itself never packed.
        let Some(Entry::Offset(at)) = self.entries.get(&stream) else { return Err(DAMAGED) };
        let (dict, data) = self.unpacked(*at)?;
        let first = dict.int("First").and_then(|first| usize::try_from(first).ok()).ok_or(DAMAGED)?;
        let count = dict.int("N").and_then(|count| u64::try_from(count).ok()).ok_or(DAMAGED)?;
        let mut header = Reader::new(&data, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            let number = u32::try_from(header.unsigned()?).map_err(|_| DAMAGED)?;
            let offset = usize::try_from(header.unsigned()?).ok().and_then(|offset| offset.checked_add(first)).ok_or(DAMAGED)?;
            objects.push((number, Reader::new(&data, offset).object()?));
        }
        let packed = Rc::new(objects);
        self.packed.borrow_mut().insert(stream, Rc::clone(&packed));
        Ok(packed)
    }

    fn unpack(dict: &Dict, content: &[u8]) -> Read<Vec<u8>> {
        let filter = match dict.get("Filter") {
            None | Some(Object::Null) => return Ok(content.to_vec()),
            Some(Object::Array(items)) if items.is_empty() => return Ok(content.to_vec()),
            Some(Object::Array(items)) if items.len() == 1 => items[0].clone(),
            Some(filter) => filter.clone(),
        };
        if filter != Object::name("FlateDecode") {
            return Err("the PDF packs its objects in an unknown way");
        }
        let data = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(content, MAX_STREAM).map_err(|_| DAMAGED)?;
        let parameters = match dict.get("DecodeParms") {
            Some(Object::Array(items)) => items.first().cloned(),
            other => other.cloned(),
        };
        let Some(Object::Dict(parameters)) = parameters else { return Ok(data) };
        match parameters.int("Predictor").unwrap_or(1) {
            1 => Ok(data),
            10..=15 => {
                let whole = |name: &str, default: i64| usize::try_from(parameters.int(name).unwrap_or(default)).map_err(|_| DAMAGED);
                let (colors, bits, columns) = (whole("Colors", 1)?, whole("BitsPerComponent", 8)?, whole("Columns", 1)?);
                let pixel = colors.checked_mul(bits).ok_or(DAMAGED)?;
                let row = pixel.checked_mul(columns).ok_or(DAMAGED)?.div_ceil(8);
                // A row longer than all there is would only take memory.
                if row > data.len() {
                    return Err(DAMAGED);
                }
                unpredict(&data, row, pixel.div_ceil(8).max(1))
            }
            _ => Err("the PDF packs its objects in an unknown way"),
        }
    }

    /// The object behind references.
    pub(crate) fn resolve(&self, object: &Object) -> Read<Object> {
        let mut object = object.clone();
        for _ in 0..MAX_HOPS {
            let Object::Reference(number, _) = object else { return Ok(object) };
            object = self.object(number)?;
        }
        Err(DAMAGED)
    }

    /// The catalog with its number.
    pub(crate) fn root(&self) -> Read<(u32, u16, Dict)> {
        let Some(Object::Reference(number, generation)) = self.trailer.get("Root") else { return Err(DAMAGED) };
        match self.object(*number)? {
            Object::Dict(dict) => Ok((*number, *generation, dict)),
            _ => Err(DAMAGED),
        }
    }

    /// The pages in their order: number, generation, dictionary.
    pub(crate) fn pages(&self) -> Read<Vec<(u32, u16, Dict)>> {
        let (_, _, root) = self.root()?;
        let mut pages = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting: Vec<Object> = root.get("Pages").cloned().into_iter().collect();
        while let Some(node) = waiting.pop() {
            let Object::Reference(number, generation) = node else { return Err(DAMAGED) };
            if !seen.insert(number) {
                return Err(DAMAGED);
            }
            let Object::Dict(dict) = self.object(number)? else { return Err(DAMAGED) };
            match dict.get("Kids") {
                Some(kids) => {
                    let Object::Array(kids) = self.resolve(kids)? else { return Err(DAMAGED) };
                    waiting.extend(kids.into_iter().rev());
                }
                None => pages.push((number, generation, dict)),
            }
        }
        Ok(pages)
    }
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}

/// Undoes PNG's prediction: a byte for the kind before each row.
fn unpredict(data: &[u8], row: usize, pixel: usize) -> Read<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len());
    let mut above = vec![0; row];
    for packed in data.chunks(row + 1) {
        let kind = packed[0];
        let mut line = packed[1..].to_vec();
        line.resize(row, 0);
        for index in 0..row {
            let left = if index >= pixel { line[index - pixel] } else { 0 };
            let up = above[index];
            let corner = if index >= pixel { above[index - pixel] } else { 0 };
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => return Err(DAMAGED),
            };
            line[index] = line[index].wrapping_add(guess);
        }
        out.extend_from_slice(&line);
        above = line;
    }
    Ok(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |value: u8| (guess - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these objects with a table, and what else stands in its trailer.
    fn file(objects: &[&str], trailer: &str) -> Vec<u8> {
        let mut bytes = b"%PDF-1.4\n".to_vec();
        let mut table = String::new();
        for (index, object) in objects.iter().enumerate() {
            table.extend([format!("{:010} 00000 n \n", bytes.len())]);
            bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
        }
        let at = bytes.len();
        let size = objects.len() + 1;
        bytes.extend(format!("xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} {trailer} >>\n").into_bytes());
        bytes.extend(format!("startxref\n{at}\n%%EOF\n").into_bytes());
        bytes
    }

    fn error(bytes: &[u8]) -> &'static str {
        File::read(bytes).map(|_| ()).expect_err("refused")
    }

    const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";

    #[test]
    fn pages_come_in_their_order() {
        let bytes = file(
            &[CATALOG, "<< /Kids [5 0 R 3 0 R] >>", "<< /A 1 >>", "<< /A 2 >>", "<< /Kids [4 0 R 6 0 R] >>", "<< /A 3 >>"],
            "/Root 1 0 R",
        );
        let file = File::read(&bytes).expect("sound");
        let order: Vec<_> = file.pages().expect("pages").into_iter().map(|(number, _, page)| (number, page.int("A"))).collect();
        assert_eq!(order, [(4, Some(2)), (6, Some(3)), (3, Some(1))]);
        assert_eq!(file.size(), 7);
        assert_eq!(file.object(99), Ok(Object::Null));
    }

    #[test]
    fn what_cannot_be_signed_is_refused() {
        let page = "<< /Type /Page >>";
        assert_eq!(error(b"hello"), "the file is not a PDF");
        assert_eq!(error(b"%PDF-1.4\n"), "the PDF is cut short");
        assert_eq!(error(&file(&[CATALOG, "<< /Kids [3 0 R] >>", page], "/Root 1 0 R /Encrypt 3 0 R")), "the PDF is encrypted");
        assert_eq!(error(&file(&[CATALOG, "<< /Kids [] >>"], "/Root 1 0 R")), "the PDF has no pages");
        assert_eq!(error(&file(&[CATALOG, "<< /Kids [2 0 R] >>"], "/Root 1 0 R")), DAMAGED);
        assert_eq!(error(&file(&[CATALOG, "<< /Kids [3 0 R] >>", page], "")), DAMAGED);
        assert_eq!(error(&file(&[CATALOG, "<< /Kids 3 0 R >>", "3 0 R"], "/Root 1 0 R")), DAMAGED);
        assert_eq!(error(b"%PDF-1.4\nstartxref\n99999999999\n%%EOF\n"), DAMAGED);
        // A section before this one that is this one.
        let circle = file(&[CATALOG, "<< /Kids [3 0 R] >>", page], "/Root 1 0 R /Prev 0").len();
        let at = circle - "startxref\n000\n%%EOF\n".len();
        let bytes = file(&[CATALOG, "<< /Kids [3 0 R] >>", page], &format!("/Root 1 0 R /Prev {}", at - 10));
        assert!(File::read(&bytes).is_err());
    }

    #[test]
    fn damage_anywhere_is_no_panic() {
        let sound = file(&[CATALOG, "<< /Kids [3 0 R] >>", "<< /Type /Page /Annots [(a\\)b) <41>] >>"], "/Root 1 0 R");
        assert!(File::read(&sound).is_ok());
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..20_000 {
            let mut bytes = sound.clone();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(9..bytes.len());
                bytes[at] = random.u8(..);
            }
            bytes.truncate(random.usize(bytes.len() / 2..=bytes.len()));
            // Sound or not: what counts is that it ends.
            let _ = File::read(&bytes);
        }
        for length in 0..sound.len() - 1 {
            assert!(File::read(&sound[..length]).is_err() || sound[length..].iter().all(u8::is_ascii_whitespace), "{length}");
        }
    }

    #[test]
    fn predictions_are_undone() {
        let rows = [[0, 1, 2, 3], [1, 1, 1, 1], [2, 1, 1, 1], [3, 1, 1, 1], [4, 1, 1, 1]].concat();
        let expected = [[1, 2, 3], [1, 2, 3], [2, 3, 4], [2, 3, 4], [3, 4, 5]].concat();
        assert_eq!(unpredict(&rows, 3, 1), Ok(expected));
        assert_eq!(unpredict(&[9, 1], 1, 1), Err(DAMAGED));
    }
}
