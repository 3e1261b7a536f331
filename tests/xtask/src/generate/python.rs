//! The Python package's part: the mirrors of the native module, its stubs, and the generated half of the package.

mod native;
mod package;
mod stubs;

use std::path::PathBuf;

use super::ir::{Field, Ir, Type};

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let mut files = native::outputs(ir);
    files.extend(stubs::outputs(ir));
    files.extend(package::outputs(ir));
    files
}

/// Ids that name a person's request or video: the stubs take nothing else in their place. The others are settings that a
/// program may hold as plain text.
const STRICT_IDS: &[&str] = &["RequestPk", "VideoIdPk", "VideoPk", "VideoIdentifier", "ScratchcardPk", "DocumentPk"];

/// What a value of a type is in Python when it is read.
fn read_type(ty: &Type) -> String {
    match ty {
        Type::Text | Type::Secret => "str".into(),
        Type::Bytes | Type::SecretBytes => "bytes".into(),
        Type::Bool => "bool".into(),
        Type::Int => "int".into(),
        Type::Float => "float".into(),
        Type::Option(inner) => format!("{} | None", read_type(inner)),
        Type::List(inner) => format!("list[{}]", read_type(inner)),
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) => name.clone(),
        Type::Json => "dict[str, Any]".into(),
        Type::Similarity => "int | str".into(),
        Type::Timeout => "int | None".into(),
        Type::Path => "str".into(),
        Type::Source => "Source".into(),
        Type::Evidence => "Evidence".into(),
    }
}

/// Whether the field is a point in time, for which a `datetime` may be given. It is an integer in the core, and its
/// documentation says since when and in what it counts.
fn is_instant(field: &Field) -> bool {
    let int = match &field.ty {
        Type::Option(inner) => matches!(**inner, Type::Int),
        other => matches!(other, Type::Int),
    };
    int && field.docs.contains("milliseconds since 1970-01-01 UTC")
}

/// What may be given where a type is asked for.
fn write_type(ty: &Type) -> String {
    match ty {
        Type::Option(inner) => format!("{} | None", write_type(inner)),
        Type::List(inner) => format!("Sequence[{}]", write_type(inner)),
        Type::Id(name) if !STRICT_IDS.contains(&name.as_str()) => format!("{name} | str"),
        Type::Enum(name) => format!("{name} | str"),
        Type::Struct(name) => format!("{name} | dict[str, Any]"),
        Type::Path => "str | PathLike[str]".into(),
        Type::Source => "SourceLike".into(),
        other => read_type(other),
    }
}

/// A documentation text as a Python docstring, indented.
fn docstring(docs: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let text = docs.replace('\\', "\\\\").replace("\"\"\"", "'''").replace("# Errors\n", "Errors:\n");
    let lines: Vec<&str> = text.trim().lines().map(str::trim_end).collect();
    match lines.as_slice() {
        [] => String::new(),
        [one] if !one.ends_with('"') => format!("{pad}\"\"\"{one}\"\"\"\n"),
        many => {
            let mut out = format!("{pad}\"\"\"");
            for (at, line) in many.iter().enumerate() {
                if at > 0 && !line.is_empty() {
                    out.push_str(&pad);
                }
                out.push_str(line);
                out.push('\n');
            }
            out.push_str(&format!("{pad}\"\"\"\n"));
            out
        }
    }
}
