//! A signature as an incremental update: what was there stays byte for byte, and the new bytes follow.

use super::file::File;
use super::object::{Dict, Object};
use super::stamp::{Stamp, appearance};

/// Room for the signature in bytes; a CMS with two P-256 certificates has about 1,700.
const ROOM: usize = 8192;
/// Digits of a number in `/ByteRange`: files have less than 10 GB.
const DIGITS: usize = 10;

/// What a signature dictionary says beside the signature.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// `D:20261121083000+00'00'`.
    pub(crate) time: String,
    pub(crate) name: String,
    pub(crate) reason: String,
    /// The name of the field, as it was asked for; a number is added where it is taken.
    pub(crate) field: String,
}

/// Where an update of a file begins, and the objects that it brings.
struct Update<'a> {
    out: Vec<u8>,
    /// Number, generation and offset of each object.
    offsets: Vec<(u32, u16, usize)>,
    file: &'a File<'a>,
}

impl Update<'_> {
    fn begin(&mut self, number: u32, generation: u16) {
        self.offsets.push((number, generation, self.out.len()));
        self.out.extend(format!("{number} {generation} obj\n").bytes());
    }

    fn put(&mut self, number: u32, generation: u16, object: &Object) {
        self.begin(number, generation);
        object.write(&mut self.out);
        self.out.extend(b"\nendobj\n");
    }

    fn put_stream(&mut self, number: u32, mut dict: Dict, content: &[u8]) {
        dict.set("Length", Object::count(content.len()));
        self.begin(number, 0);
        Object::Dict(dict).write(&mut self.out);
        self.out.extend(b"\nstream\n");
        self.out.extend(content);
        self.out.extend(b"\nendstream\nendobj\n");
    }

    /// The new cross-reference section, of the kind that the file has.
    fn finish(mut self, size: u32) -> Vec<u8> {
        let mut trailer = Dict::default();
        for key in ["Root", "Info", "ID"] {
            if let Some(value) = self.file.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        trailer.set("Prev", Object::count(self.file.section));
        let at = self.out.len();
        if self.file.stream {
            self.offsets.push((size, 0, at));
            self.offsets.sort_unstable();
            let mut index = Vec::new();
            let mut rows = Vec::new();
            for (number, generation, offset) in &self.offsets {
                index.extend([Object::Int(i64::from(*number)), Object::Int(1)]);
                rows.push(1);
                rows.extend((*offset as u64).to_be_bytes());
                rows.extend(generation.to_be_bytes());
            }
            trailer.set("Type", Object::name("XRef"));
            trailer.set("Size", Object::Int(i64::from(size) + 1));
            trailer.set("Index", Object::Array(index));
            trailer.set("W", Object::Array(vec![Object::Int(1), Object::Int(8), Object::Int(2)]));
            self.put_stream(size, trailer, &rows);
        } else {
            self.offsets.sort_unstable();
            self.out.extend(b"xref\n");
            for (number, generation, offset) in &self.offsets {
                self.out.extend(format!("{number} 1\n{offset:010} {generation:05} n \n").bytes());
            }
            trailer.set("Size", Object::Int(i64::from(size)));
            self.out.extend(b"trailer\n");
            Object::Dict(trailer).write(&mut self.out);
            self.out.push(b'\n');
        }
        self.out.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
        self.out
    }
}

/// A list that may stand behind a reference, or be missing.
fn list(file: &File<'_>, object: Option<&Object>) -> Result<Vec<Object>, &'static str> {
    match object.map(|object| file.resolve(object)).transpose()? {
        Some(Object::Array(items)) => Ok(items),
        _ => Ok(Vec::new()),
    }
}

/// A field name that no field of the form has yet.
fn free_name(file: &File<'_>, fields: &[Object], wanted: &str) -> Result<String, &'static str> {
    let mut taken = Vec::new();
    for field in fields {
        if let Object::Dict(dict) = file.resolve(field)?
            && let Some(Object::Text(name)) = dict.get("T")
        {
            taken.push(name.clone());
        }
    }
    let mut name = wanted.to_owned();
    let mut next = 2;
    while taken.contains(&name.as_bytes().to_vec()) {
        name = format!("{wanted}{next}");
        next += 1;
    }
    Ok(name)
}

/// Whether the file has a page of this index.
pub(crate) fn pages(bytes: &[u8]) -> Result<usize, &'static str> {
    Ok(File::read(bytes)?.pages()?.len())
}

/// The file with one more signature. `sign` makes the detached CMS over the pieces that it is given.
pub(crate) fn sign(
    bytes: &[u8],
    stamp: &Stamp,
    facts: &Facts,
    sign: impl FnOnce(&[&[u8]]) -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, String> {
    let file = File::read(bytes)?;
    let mut pages = file.pages()?;
    if stamp.page >= pages.len() {
        return Err("Invalid page".to_owned());
    }
    let (page_number, page_generation, mut page) = pages.swap_remove(stamp.page);
    let (root_number, root_generation, mut root) = file.root()?;
    let first = file.size();
    let (signature, widget, shown) = (first, first + 1, first + 2);
    let mut next = shown;
    let mut update = Update { out: bytes.to_vec(), offsets: Vec::new(), file: &file };
    if update.out.last() != Some(&b'\n') {
        update.out.push(b'\n');
    }

    // The signature dictionary, with room for what is known only when the rest is written.
    update.begin(signature, 0);
    update.out.extend(b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M ");
    let texts = [("", &facts.time), ("/Name", &facts.name), ("/Reason", &facts.reason)];
    for (key, text) in texts {
        update.out.extend(format!("{key} ").bytes());
        Object::Text(pdf_text(text)).write(&mut update.out);
        update.out.push(b' ');
    }
    update.out.extend(b"/ByteRange ");
    let range_at = update.out.len();
    update.out.extend(std::iter::repeat_n(b' ', 3 * (DIGITS + 1) + 4));
    update.out.extend(b" /Contents ");
    let hole = update.out.len();
    update.out.push(b'<');
    update.out.extend(std::iter::repeat_n(b'0', 2 * ROOM));
    update.out.push(b'>');
    let after = update.out.len();
    update.out.extend(b" >>\nendobj\n");

    // The form: its fields, old and new.
    let (form_at, mut form) = match root.get("AcroForm") {
        Some(Object::Reference(number, generation)) => match file.object(*number)? {
            Object::Dict(form) => (Some((*number, *generation)), form),
            _ => (None, Dict::default()),
        },
        Some(Object::Dict(form)) => (None, form.clone()),
        _ => (None, Dict::default()),
    };
    let mut fields = list(&file, form.get("Fields"))?;
    let name = free_name(&file, &fields, &facts.field)?;
    fields.push(Object::Reference(widget, 0));
    form.set("Fields", Object::Array(fields));
    form.set("SigFlags", Object::Int(3));

    // The widget is field and annotation in one.
    let mut field = Dict::default();
    field.set("Type", Object::name("Annot"));
    field.set("Subtype", Object::name("Widget"));
    field.set("FT", Object::name("Sig"));
    field.set("T", Object::Text(name.into_bytes()));
    field.set("V", Object::Reference(signature, 0));
    field.set("P", Object::Reference(page_number, page_generation));
    // Printed, and locked.
    field.set("F", Object::Int(132));
    let rectangle = stamp.position.unwrap_or_default().map(|edge| Object::Real(format!("{edge:.2}")));
    field.set("Rect", Object::Array(rectangle.to_vec()));
    if let Some(position) = stamp.position {
        for stream in appearance(stamp, position, shown) {
            update.put_stream(next, stream.0, &stream.1);
            next += 1;
        }
        let mut looks = Dict::default();
        looks.set("N", Object::Reference(shown, 0));
        field.set("AP", Object::Dict(looks));
    }
    update.put(widget, 0, &Object::Dict(field));

    let mut annotations = list(&file, page.get("Annots"))?;
    annotations.push(Object::Reference(widget, 0));
    page.set("Annots", Object::Array(annotations));
    update.put(page_number, page_generation, &Object::Dict(page));
    if let Some((number, generation)) = form_at {
        update.put(number, generation, &Object::Dict(form));
    } else {
        root.set("AcroForm", Object::Dict(form));
        update.put(root_number, root_generation, &Object::Dict(root));
    }
    let mut out = update.finish(next);

    // Now all places are known: first what is signed, then the signature in the hole that is left out.
    let range = format!("[0 {hole:0DIGITS$} {after:0DIGITS$} {:0DIGITS$}]", out.len() - after);
    out[range_at..range_at + range.len()].copy_from_slice(range.as_bytes());
    let cms = sign(&[&out[..hole], &out[after..]])?;
    if cms.len() > ROOM {
        return Err("the signature is too large".to_owned());
    }
    let digits = crate::files::hex(&cms);
    out[hole + 1..hole + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(out)
}

/// A text as PDF has it: ASCII as it is, anything else in UTF-16.
fn pdf_text(text: &str) -> Vec<u8> {
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    bytes
}
