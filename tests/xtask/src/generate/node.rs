//! The Node package's part: mirrors and operations of the addon in Rust; types, shapes and methods in TypeScript.

mod rust;
mod types;

use std::path::PathBuf;

use super::HEADER;
use super::ir::{Default, Field, Ir, Struct, Type};

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let mut out: Vec<(PathBuf, String)> = Vec::new();
    for (name, text) in rust::files(ir) {
        out.push((format!("bindings-node/src/generated/{name}").into(), text));
    }
    for (name, text) in types::files(ir) {
        out.push((format!("bindings-node/ts/generated/{name}").into(), format!("// {HEADER}\n\n{text}")));
    }
    out
}

/// Whether a caller may leave the field out although it is no `Option`: the core has a default for it.
fn defaulted(strukt: &Struct, field: &Field) -> bool {
    field.has_default && !field.optional && (strukt.input || strukt.has_default) && field.ty != Type::Timeout
}

/// Whether a type that callers make says that the field has to be given. Empty text is the default of fields that the service
/// needs, so the types ask for it; that it is there is checked by the core, as in every other language.
fn asked_for(field: &Field) -> bool {
    !field.has_default || (!field.optional && field.default == Some(Default::Text(String::new())))
}

/// Whether a caller can make the struct without naming any field.
pub(super) fn all_optional(strukt: &Struct) -> bool {
    !strukt.fields.iter().any(asked_for)
}
