//! The addon's side in Rust: `#[napi(object)]` mirrors with conversions both ways, and the operations.

use std::fmt::Write as _;

use super::super::ir::{Api, Field, Ir, Operation, Param, Struct, Type, camel, snake};
use super::defaulted;

/// Files below `src/generated`, without the header.
pub(super) fn files(ir: &Ir) -> Vec<(String, String)> {
    let mut out = vec![("mod.rs".to_owned(), module(ir))];
    for strukt in &ir.structs {
        out.push((format!("{}.rs", snake(&strukt.name)), mirror(ir, strukt)));
    }
    out.push(("wire.rs".to_owned(), wire(ir)));
    for api in Api::ALL {
        out.push((format!("{}.rs", api.module()), operations(ir, api)));
    }
    out
}

fn module(ir: &Ir) -> String {
    let mut out = String::from("//! The core's types as plain objects of JavaScript, and its operations.\n\n");
    out.push_str("#![allow(clippy::wildcard_imports, clippy::needless_pass_by_value, clippy::missing_errors_doc, missing_debug_implementations)]\n\n");
    for strukt in &ir.structs {
        let _ = writeln!(out, "mod {};", snake(&strukt.name));
    }
    out.push_str("mod one_shot_operations;\nmod operations;\nmod wire;\n\n");
    for strukt in &ir.structs {
        let _ = writeln!(out, "pub use {}::{};", snake(&strukt.name), strukt.name);
    }
    out
}

/// A source inside an option or a list.
const SOURCE: &str = "napi::bindgen_prelude::ClassInstance<'env, crate::source::NativeSource>";

/// The type of a field in the mirror.
fn napi_type(ir: &Ir, ty: &Type) -> String {
    match ty {
        Type::Text | Type::Secret | Type::Enum(_) | Type::Path => "String".to_owned(),
        Type::Bytes | Type::SecretBytes => "napi::bindgen_prelude::Buffer".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int => "i64".to_owned(),
        Type::Float => "f64".to_owned(),
        Type::Option(inner) if **inner == Type::Source => format!("Option<{SOURCE}>"),
        Type::List(inner) if **inner == Type::Source => format!("Vec<{SOURCE}>"),
        Type::Option(inner) => format!("Option<{}>", napi_type(ir, inner)),
        Type::List(inner) => format!("Vec<{}>", napi_type(ir, inner)),
        Type::Id(name) if ir.find_id(name).is_some_and(|id| id.numeric) => "i64".to_owned(),
        Type::Id(_) => "String".to_owned(),
        Type::Struct(name) => format!("crate::generated::{name}"),
        // As text: napi makes whole numbers above 32 bits into floating ones, which would change what is sent.
        Type::Json => "String".to_owned(),
        Type::Similarity => "napi::Either<i64, String>".to_owned(),
        Type::Timeout => "Option<i64>".to_owned(),
        Type::Source => "&crate::source::NativeSource".to_owned(),
        Type::Evidence => "&crate::evidence::NativeEvidence".to_owned(),
    }
}

/// From the core's value to the mirror's.
fn to_mirror(ir: &Ir, ty: &Type, value: &str) -> String {
    match ty {
        Type::Secret => format!("crate::convert::secret(&{value})"),
        Type::SecretBytes => format!("crate::convert::secret_bytes(&{value})"),
        Type::Bytes => format!("crate::convert::document({value})"),
        Type::Option(inner) if plain(inner) => value.to_owned(),
        Type::Option(inner) => format!("{value}.map(|v| {})", to_mirror(ir, inner, "v")),
        Type::List(inner) if plain(inner) => value.to_owned(),
        Type::List(inner) => format!("{value}.into_iter().map(|v| {}).collect()", to_mirror(ir, inner, "v")),
        Type::Id(name) if ir.find_id(name).is_some_and(|id| id.secret) => format!("{value}.expose().to_owned()"),
        Type::Id(_) => format!("{value}.0"),
        Type::Json => format!("crate::convert::json_text(&{value})"),
        Type::Enum(_) => format!("{value}.as_str().to_owned()"),
        Type::Struct(_) => format!("{value}.into()"),
        Type::Similarity => format!("crate::convert::similarity({value})"),
        Type::Timeout => format!("crate::convert::millis({value})"),
        _ => value.to_owned(),
    }
}

/// From the mirror's value to the core's.
fn to_core(ir: &Ir, ty: &Type, value: &str) -> String {
    match ty {
        Type::Secret => format!("{value}.into()"),
        Type::SecretBytes => format!("{value}.to_vec().into()"),
        Type::Bytes => format!("videoid::model::DocumentBytes({value}.to_vec())"),
        Type::Option(inner) if plain(inner) => value.to_owned(),
        Type::Option(inner) if fallible(inner) => format!("{value}.map(|v| {}).transpose()?", to_core_result(ir, inner, "v")),
        Type::Option(inner) => format!("{value}.map(|v| {})", to_core(ir, inner, "v")),
        Type::List(inner) if plain(inner) => value.to_owned(),
        Type::List(inner) if fallible(inner) => {
            format!("{value}.into_iter().map(|v| {}).collect::<napi::Result<_>>()?", to_core_result(ir, inner, "v"))
        }
        Type::List(inner) => format!("{value}.into_iter().map(|v| {}).collect()", to_core(ir, inner, "v")),
        Type::Id(name) => {
            ir.find_id(name).map_or_else(|| value.to_owned(), |id| format!("{}{}({value})", id.path, if id.secret { "::from" } else { "" }))
        }
        Type::Json => format!("{}?", to_core_result(ir, ty, value)),
        Type::Enum(name) => {
            let path = ir.find_enum(name).map_or("String", |e| e.path.as_str());
            format!("{path}::from({value}.as_str())")
        }
        Type::Struct(_) => format!("{}?", to_core_result(ir, ty, value)),
        Type::Similarity => format!("crate::convert::similarity_level({value})"),
        Type::Timeout => format!("crate::convert::timeout({value})"),
        _ => value.to_owned(),
    }
}

/// As [`to_core`] for what may fail, without the `?`.
fn to_core_result(ir: &Ir, ty: &Type, value: &str) -> String {
    match ty {
        Type::Struct(name) => {
            let path = ir.find_struct(name).map_or(name.as_str(), |s| s.path.as_str());
            format!("{path}::try_from({value})")
        }
        Type::Json => format!("crate::convert::json_object(&{value})"),
        other => format!("Ok({})", to_core(ir, other, value)),
    }
}

/// Whether mirror and core hold the same type.
fn plain(ty: &Type) -> bool {
    match ty {
        Type::Text | Type::Bool | Type::Int | Type::Float => true,
        Type::Option(inner) | Type::List(inner) => plain(inner),
        _ => false,
    }
}

fn fallible(ty: &Type) -> bool {
    match ty {
        Type::Struct(_) | Type::Json => true,
        Type::Option(inner) | Type::List(inner) => fallible(inner),
        _ => false,
    }
}

fn mirror(ir: &Ir, strukt: &Struct) -> String {
    let (name, path) = (&strukt.name, &strukt.path);
    let mut out = format!("use napi_derive::napi;\n\n/// Mirrors `{path}`.\n#[napi(object)]\npub struct {name} {{\n");
    for field in &strukt.fields {
        let ty = napi_type(ir, &field.ty);
        let ty = if defaulted(strukt, field) { format!("Option<{ty}>") } else { ty };
        // The names are given, so that those of the types in TypeScript are surely the same.
        if camel(&field.name) != field.name {
            let _ = writeln!(out, "#[napi(js_name = \"{}\")]", camel(&field.name));
        }
        let _ = writeln!(out, "pub {}: {ty},", field.name);
    }
    out.push_str("}\n\n");

    let _ = writeln!(out, "impl From<{path}> for {name} {{\nfn from(value: {path}) -> Self {{\nSelf {{");
    for field in &strukt.fields {
        let expr = to_mirror(ir, &field.ty, &format!("value.{}", field.name));
        let expr = if defaulted(strukt, field) { format!("Some({expr})") } else { expr };
        let _ = writeln!(out, "{}: {expr},", field.name);
    }
    out.push_str("}\n}\n}\n\n");

    let _ = writeln!(
        out,
        "impl TryFrom<{name}> for {path} {{\ntype Error = napi::Error;\n\nfn try_from(value: {name}) -> napi::Result<Self> {{"
    );
    let required: Vec<_> = strukt.fields.iter().filter(|f| !strukt.has_default && !f.has_default).collect();
    if strukt.has_default {
        out.push_str("let mut out = Self::default();\n");
    } else {
        // Types of the core cannot be written as literals outside it, so that fields may be added to them.
        let members = required.iter().map(|f| format!("\"{}\": {}", f.wire_name, needed(ir, f))).collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "let mut out: Self = crate::convert::required(serde_json::json!({{ {members} }}))?;");
    }
    let mut set = 0;
    for field in strukt.fields.iter().filter(|f| !required.iter().any(|r| r.name == f.name)) {
        set += 1;
        let name = &field.name;
        if defaulted(strukt, field) {
            let _ = writeln!(out, "if let Some(v) = value.{name} {{ out.{name} = {}; }}", to_core(ir, &field.ty, "v"));
        } else {
            let _ = writeln!(out, "out.{name} = {};", to_core(ir, &field.ty, &format!("value.{name}")));
        }
    }
    out.push_str("Ok(out)\n}\n}\n");
    if set == 0 { out.replace("let mut out", "let out") } else { out }
}

/// A field that the core cannot do without, as a value that can be written as JSON.
fn needed(ir: &Ir, field: &Field) -> String {
    let value = format!("value.{}", field.name);
    match &field.ty {
        Type::Struct(_) => to_core(ir, &field.ty, &value),
        _ => value,
    }
}

/// Functions that turn each type into the JSON of the wire and back.
fn wire(ir: &Ir) -> String {
    let mut out = String::from("//! The JSON of the wire as text, written and read by the core.\n\nuse napi_derive::napi;\n\n");
    for Struct { name, path, .. } in &ir.structs {
        let snake = snake(name);
        let _ = writeln!(
            out,
            "/// `{name}` as JSON of the wire.\n#[napi]\npub fn to_wire_{snake}(value: crate::generated::{name}) -> napi::Result<String> {{\n\
             crate::convert::write(&{path}::try_from(value)?)\n}}\n\n\
             /// `{name}` from JSON of the wire.\n#[napi]\npub fn from_wire_{snake}(json: String) -> napi::Result<crate::generated::{name}> {{\n\
             crate::convert::read::<{path}>(&json, \"{name}\").map(Into::into)\n}}\n"
        );
    }
    out
}

/// The addon's class of a client, and its module.
fn class(api: Api) -> (&'static str, &'static str) {
    match api {
        Api::RegistrationAuthority => ("NativeClient", "client"),
        Api::OneShot => ("NativeOneShot", "one_shot"),
    }
}

fn operations(ir: &Ir, api: Api) -> String {
    let (class, module) = class(api);
    let mut out = format!(
        "//! Every operation of `{client}`.\n\nuse napi::Env;\nuse napi::bindgen_prelude::PromiseRaw;\nuse napi_derive::napi;\n\n\
         use crate::call::NativeCall;\nuse crate::{module}::{class};\n\n#[napi]\nimpl {class} {{\n",
        client = api.client(),
    );
    for operation in ir.of(api) {
        out.push_str(&method(ir, operation));
    }
    out.push_str("}\n");
    out
}

fn method(ir: &Ir, operation: &Operation) -> String {
    let name = &operation.name;
    let result = napi_type(ir, &operation.result);
    let mut params = String::new();
    let mut before = String::new();
    let mut args = Vec::new();
    for param in &operation.params {
        let _ = write!(params, "{}: {}, ", param.name, napi_type(ir, &param.ty));
        let (line, arg) = argument(ir, param);
        before.push_str(&line);
        args.push(arg);
    }
    args.push("&options".to_owned());
    format!(
        "/// `{name}`.\n#[napi]\npub fn {name}<'env>(&self, env: &'env Env, {params}call: &NativeCall) -> napi::Result<PromiseRaw<'env, {result}>> {{\n\
         {before}let client = self.client();\nlet options = call.options();\n\
         call.spawn_telling(env, self.flushes(), async move {{ client.{name}({}).await.map(Into::into) }})\n}}\n\n",
        args.join(", ")
    )
}

/// What is done with a parameter before the call, and how the call names it.
fn argument(ir: &Ir, param: &Param) -> (String, String) {
    let name = &param.name;
    let convert = |line: String, arg: String| (format!("{line}\n"), arg);
    match (&param.ty, param.by_ref) {
        (Type::Text, true) => (String::new(), format!("&{name}")),
        (Type::Path, _) => (String::new(), format!("std::path::Path::new(&{name})")),
        (Type::Source | Type::Evidence, _) => convert(format!("let {name} = {name}.inner();"), format!("&{name}")),
        (Type::Option(inner), by_ref) => match (&**inner, by_ref) {
            (Type::Text, true) => (String::new(), format!("{name}.as_deref()")),
            (Type::Path, _) => (String::new(), format!("{name}.as_deref().map(std::path::Path::new)")),
            (Type::Source, _) => convert(format!("let {name} = {name}.map(|source| source.inner());"), format!("{name}.as_ref()")),
            (_, true) => convert(format!("let {name} = {};", to_core(ir, &param.ty, name)), format!("{name}.as_ref()")),
            (_, false) => convert(format!("let {name} = {};", to_core(ir, &param.ty, name)), name.clone()),
        },
        (Type::List(inner), false) if **inner == Type::Source => {
            convert(format!("let {name} = {name}.iter().map(|source| source.inner()).collect();"), name.clone())
        }
        (ty, true) => convert(format!("let {name} = {};", to_core(ir, ty, name)), format!("&{name}")),
        (ty, false) => convert(format!("let {name} = {};", to_core(ir, ty, name)), name.clone()),
    }
}
