//! One record: the struct, how it shows, and the ways from and to the core and JSON.

use super::super::ir::{Default, Field, Ir, Struct, Type, camel, snake};
use super::rust_docs;

/// The file of one struct.
pub(super) fn record(ir: &Ir, item: &Struct) -> String {
    let name = &item.name;
    let mut text = format!(
        "//! `{name}`.\nuse std::fmt;\n#[allow(unused_imports, reason = \"the same list in every generated file\")]\nuse super::*;\nuse crate::show::Show;\n"
    );
    text += "#[allow(unused_imports, reason = \"the same list in every generated file\")]\nuse crate::values::{Extra, SensitiveString, SimilarityLevel};\n";
    if item.fields.iter().any(|field| holds_bytes(&field.ty)) {
        text += "use crate::values::DocumentBytes;\n";
    }
    text += &rust_docs(&item.docs, "");
    text += &format!("#[derive(Clone, PartialEq, uniffi::Record)]\n#[uniffi::export(Debug, Display)]\npub struct {name} {{\n");
    for field in &item.fields {
        text += &rust_docs(&field.docs, "    ");
        text += &default(field);
        text += &format!("    pub {}: {},\n", field.name, rust_type(&field.ty));
    }
    text += "}\n";
    text += &show(ir, item);
    text += &from_core(item);
    text += &to_core(ir, item);
    text += &json(item);
    text
}

/// Whether the type is bytes of a document, which only the clients have.
fn holds_bytes(ty: &Type) -> bool {
    match ty {
        Type::Bytes => true,
        Type::Option(inner) | Type::List(inner) => holds_bytes(inner),
        _ => false,
    }
}

/// The type of a field or parameter in the mirror.
pub(super) fn rust_type(ty: &Type) -> String {
    match ty {
        Type::Text | Type::Path => "String".into(),
        Type::Secret => "SensitiveString".into(),
        Type::Bytes => "DocumentBytes".into(),
        Type::SecretBytes => "Vec<u8>".into(),
        Type::Bool => "bool".into(),
        Type::Int => "i64".into(),
        Type::Float => "f64".into(),
        Type::Option(inner) => format!("Option<{}>", rust_type(inner)),
        Type::List(inner) => format!("Vec<{}>", rust_type(inner)),
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) => name.clone(),
        Type::Json => "Extra".into(),
        Type::Similarity => "SimilarityLevel".into(),
        Type::Timeout => "Option<u64>".into(),
        Type::Source => "Arc<Source>".into(),
        Type::Evidence => "Arc<Evidence>".into(),
    }
}

/// The attribute that lets callers leave a field out. For an enum of words UniFFI takes none: its default is put into what UniFFI
/// writes.
fn default(field: &Field) -> String {
    let value = match (&field.default, &field.ty) {
        (None | Some(Default::Word(_)), _) | (_, Type::Enum(_)) => return String::new(),
        (Some(Default::None), _) => "default = None".to_owned(),
        (Some(Default::Bool(value)), _) => format!("default = {value}"),
        (Some(Default::Int(value)), _) => format!("default = {value}"),
        (Some(Default::Text(_) | Default::Empty | Default::Struct(_)), _) => "default".to_owned(),
    };
    format!("    #[uniffi({value})]\n")
}

fn show(ir: &Ir, item: &Struct) -> String {
    let name = &item.name;
    let mut text = format!(
        "impl fmt::Display for {name} {{\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n        let mut show = Show::new(f, {name:?});\n"
    );
    for field in &item.fields {
        let (label, value) = (camel(&field.name), format!("self.{}", field.name));
        let secret = matches!(field.ty.inner(), Type::Id(name) if ir.ids.iter().any(|id| id.name == *name && id.secret));
        text += &match (&field.ty, field.sensitive || secret) {
            (Type::Json, _) => format!("show.extra({label:?}, &{value});\n"),
            (Type::Option(_), true) => format!("show.hidden({label:?}, {value}.is_some());\n"),
            (Type::List(_), true) => format!("show.hidden({label:?}, !{value}.is_empty());\n"),
            (_, true) => format!("show.hidden({label:?}, true);\n"),
            (Type::Option(_) | Type::Timeout, false) => format!("show.option({label:?}, {value}.as_ref());\n"),
            (Type::List(_), false) => format!("show.list({label:?}, &{value});\n"),
            (_, false) => format!("show.field({label:?}, &{value});\n"),
        };
    }
    text += "        show.finish()\n    }\n}\n";
    text += &format!(
        "impl fmt::Debug for {name} {{\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n        fmt::Display::fmt(self, f)\n    }}\n}}\n"
    );
    text
}

fn from_core(item: &Struct) -> String {
    let (name, path) = (&item.name, &item.path);
    let mut text = format!("impl From<{path}> for {name} {{\n    fn from(value: {path}) -> Self {{\n        Self {{\n");
    for field in &item.fields {
        text += &format!("            {}: {},\n", field.name, into_mirror(&field.ty, &format!("value.{}", field.name)));
    }
    text + "        }\n    }\n}\n"
}

/// The core's structs cannot be written as literals outside of it. Those without `Default` are read from a JSON object of the
/// fields that they need, then the others are set.
fn to_core(ir: &Ir, item: &Struct) -> String {
    let (name, path) = (&item.name, &item.path);
    let mut text = format!(
        "impl TryFrom<{name}> for {path} {{\n    type Error = crate::error::VideoIdError;\n    fn try_from(value: {name}) -> Result<Self, Self::Error> {{\n"
    );
    let seeded = |field: &&Field| !item.has_default && !field.has_default;
    if item.has_default {
        text += "        let mut out = Self::default();\n";
    } else {
        text += "        let mut out: Self = crate::json::seed(&[";
        for field in item.fields.iter().filter(seeded) {
            let value = into_core(&field.ty, &format!("value.{}", field.name));
            text += &format!("({:?}, crate::json::part(&{{ let part: {} = {value}; part }})),", field.wire_name, core_type(ir, &field.ty));
        }
        text += "]);\n";
    }
    for field in item.fields.iter().filter(|f| !seeded(f)) {
        text += &format!("        out.{} = {};\n", field.name, into_core(&field.ty, &format!("value.{}", field.name)));
    }
    if item.fields.iter().all(|f| seeded(&f)) {
        text = text.replace("let mut out", "let out");
    }
    text + "        Ok(out)\n    }\n}\n"
}

fn json(item: &Struct) -> String {
    let (name, path, function) = (&item.name, &item.path, snake(&item.name));
    format!(
        "/// `{name}` as JSON in the names of the wire, with everything that is in it: personal data too.
#[uniffi::export]
pub fn {function}_to_json(value: {name}) -> Result<String, crate::error::VideoIdError> {{
    crate::json::write(&{path}::try_from(value)?)
}}

/// `{name}` from JSON in the names of the wire.
#[uniffi::export]
pub fn {function}_from_json(text: String) -> Result<{name}, crate::error::VideoIdError> {{
    crate::json::read::<{path}>(&text).map(Into::into)
}}
"
    )
}

/// The type of a field in the core, for the parts that are written as JSON.
fn core_type(ir: &Ir, ty: &Type) -> String {
    match ty {
        Type::Struct(_) | Type::Enum(_) | Type::Similarity | Type::Timeout | Type::SecretBytes | Type::Option(_) | Type::List(_) => {
            core_path(ir, ty)
        }
        other => rust_type(other),
    }
}

fn core_path(ir: &Ir, ty: &Type) -> String {
    match ty {
        Type::Option(inner) => format!("Option<{}>", core_type(ir, inner)),
        Type::List(inner) => format!("Vec<{}>", core_type(ir, inner)),
        Type::Struct(name) => ir.find_struct(name).map_or_else(|| name.clone(), |found| found.path.clone()),
        Type::Enum(name) => ir.find_enum(name).map_or_else(|| name.clone(), |found| found.path.clone()),
        Type::Similarity => "videoid::model::SimilarityLevel".into(),
        Type::Timeout => "videoid::config::Timeout".into(),
        _ => "videoid::Sensitive<Vec<u8>>".into(),
    }
}

/// Whether core and mirror have the same type.
fn same(ty: &Type) -> bool {
    match ty {
        Type::Struct(_) | Type::Enum(_) | Type::Similarity | Type::Timeout | Type::SecretBytes | Type::Json => false,
        Type::Option(inner) | Type::List(inner) => same(inner),
        _ => true,
    }
}

/// An expression of the mirror's type as the core's, inside a function that gives a `Result`: a struct may hold JSON as text.
pub(super) fn into_core(ty: &Type, value: &str) -> String {
    match ty {
        ty if same(ty) => value.to_owned(),
        Type::SecretBytes => format!("videoid::Sensitive::new({value})"),
        Type::Timeout => format!("videoid::config::Timeout::from_millis({value})"),
        Type::Struct(_) | Type::Json => format!("{value}.try_into()?"),
        Type::Option(inner) if fallible(inner) => match &**inner {
            Type::Struct(_) | Type::Json => format!("{value}.map(TryInto::try_into).transpose()?"),
            inner => format!("match {value} {{ Some(item) => Some({}), None => None }}", into_core(inner, "item")),
        },
        Type::List(inner) if fallible(inner) => match &**inner {
            Type::Struct(_) | Type::Json => format!("{value}.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?"),
            inner => format!(
                "{value}.into_iter().map(|item| Ok({})).collect::<Result<_, crate::error::VideoIdError>>()?",
                into_core(inner, "item")
            ),
        },
        Type::Option(inner) => format!("{value}.map({})", function(inner, &into_core)),
        Type::List(inner) => format!("{value}.into_iter().map({}).collect()", function(inner, &into_core)),
        _ => format!("{value}.into()"),
    }
}

/// An expression of the core's type as the mirror's.
pub(super) fn into_mirror(ty: &Type, value: &str) -> String {
    match ty {
        ty if same(ty) => value.to_owned(),
        Type::SecretBytes => format!("{value}.expose().clone()"),
        Type::Timeout => format!("{value}.to_millis()"),
        Type::Option(inner) => format!("{value}.map({})", function(inner, &into_mirror)),
        Type::List(inner) => format!("{value}.into_iter().map({}).collect()", function(inner, &into_mirror)),
        _ => format!("{value}.into()"),
    }
}

fn function(inner: &Type, convert: &dyn Fn(&Type, &str) -> String) -> String {
    match inner {
        Type::Struct(_) | Type::Enum(_) | Type::Similarity | Type::Json => "Into::into".to_owned(),
        inner => match convert(inner, "item") {
            // A function of one argument needs no closure around it.
            call if call.ends_with("(item)") && call.matches("item").count() == 1 => call.trim_end_matches("(item)").to_owned(),
            call => format!("|item| {call}"),
        },
    }
}

/// Whether the way to the core can fail.
fn fallible(ty: &Type) -> bool {
    match ty {
        Type::Struct(_) | Type::Json => true,
        Type::Option(inner) | Type::List(inner) => fallible(inner),
        _ => false,
    }
}
