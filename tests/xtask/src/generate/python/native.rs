//! The Rust half: a class for each struct, and a pair of functions for each operation.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::ir::{Api, Field, Ir, Operation, Param, Struct, Type, snake};

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let folder = Path::new("bindings-python/src/generated");
    let mut files: Vec<_> = ir.structs.iter().map(|s| (folder.join(format!("{}.rs", snake(&s.name))), class(ir, s))).collect();
    for api in Api::ALL {
        files.push((folder.join(format!("{}.rs", api.module())), operations(ir, api)));
    }
    files.push((folder.join("mod.rs"), root(ir)));
    files
}

fn docs(text: &str) -> String {
    text.trim().lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "/// {}", line.trim_end());
        out
    })
}

fn root(ir: &Ir) -> String {
    let mut out = String::from("//! The mirrors of the core's types and operations.\n\n");
    let modules: Vec<_> = ir.structs.iter().map(|s| snake(&s.name)).collect();
    for module in &modules {
        let _ = writeln!(out, "mod {module};");
    }
    out.push_str("mod one_shot_operations;\nmod operations;\n\nuse pyo3::prelude::*;\n\n");
    for id in &ir.ids {
        let _ = writeln!(out, "crate::convert::id!({}, {});", id.path, if id.numeric { "i64" } else { "String" });
    }
    for word in &ir.enums {
        let _ = writeln!(out, "crate::convert::word!({}, {:?});", word.path, word.name);
    }
    out.push_str("\n/// Registers every class and function.\npub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {\n");
    for s in &ir.structs {
        let _ = writeln!(out, "module.add_class::<{}::{}>()?;", snake(&s.name), s.name);
    }
    out.push_str("one_shot_operations::register(module)?;\noperations::register(module)\n}\n");
    out
}

fn class(ir: &Ir, s: &Struct) -> String {
    let name = &s.name;
    let mut out = format!(
        "//! `{name}`.\n\nuse pyo3::prelude::*;\nuse {} as Core;\n\nuse crate::convert::{{self, FromPy, Show, ToPy}};\nuse crate::json;\n\n",
        s.path
    );
    out.push_str(&docs(&s.docs));
    let _ = write!(
        out,
        r#"#[pyclass(frozen, module = "videoid")]
pub(crate) struct {name}(Core);

impl ToPy for Core {{
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {{
        Ok(Bound::new(py, {name}(Core::clone(self)))?.into_any())
    }}
}}

impl FromPy for Core {{
    fn from_py(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {{
        match value.cast::<{name}>() {{
            Ok(own) => Ok(Core::clone(&own.get().0)),
            Err(_) => convert::from_mapping(value, what, {name:?}),
        }}
    }}
}}

impl Show for Core {{
    fn show(&self) -> Option<String> {{
        Some(convert::repr({name:?}, &[{shown}]))
    }}
}}

#[pymethods]
impl {name} {{
"#,
        shown = s.fields.iter().map(|f| format!("({:?}, &self.{} as &dyn Show)", f.name, f.name)).collect::<Vec<_>>().join(", "),
    );
    if s.input {
        out.push_str(&constructor(ir, s));
    }
    for field in &s.fields {
        let _ = writeln!(
            out,
            "\n{}#[getter]\nfn {}<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {{ self.0.{}.to_py(py) }}",
            docs(&field.docs),
            field.name,
            field.name
        );
    }
    let _ = write!(
        out,
        r#"
    /// The value as a dict in the wire's names. What is sensitive is in it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {{
        json::dict(py, &self.0)
    }}

    /// The value as JSON in the wire's names. What is sensitive is in it.
    fn to_json(&self) -> String {{
        json::text(&self.0)
    }}

    /// A value from a dict in the wire's names.
    #[staticmethod]
    fn from_dict(data: &Bound<'_, PyAny>) -> PyResult<Self> {{
        json::read(data.py(), json::from_py(data, "data")?, {name:?}).map(Self)
    }}

    /// A value from JSON in the wire's names.
    #[staticmethod]
    fn from_json(text: &str, py: Python<'_>) -> PyResult<Self> {{
        json::read_text(py, text, {name:?}).map(Self)
    }}

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {{
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }}

    fn __repr__(&self) -> String {{
        self.0.show().unwrap_or_default()
    }}

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {{
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(),)))
    }}
}}
"#
    );
    out
}

/// A value of the type that can be read from JSON before the argument takes its place.
fn blank(ir: &Ir, field: &Field) -> &'static str {
    match &field.ty {
        Type::Bool => "false",
        Type::Int => "0",
        Type::Id(name) if ir.find_id(name).is_some_and(|id| id.numeric) => "0",
        _ => "\"\"",
    }
}

fn constructor(ir: &Ir, s: &Struct) -> String {
    let needed = |f: &&Field| !s.has_default && !f.has_default && !f.flatten;
    let mut signature = Vec::new();
    let mut parameters = Vec::new();
    let mut body = if s.has_default {
        "let mut core = Core::default();\n".to_owned()
    } else {
        let members: Vec<_> = s.fields.iter().filter(needed).map(|f| format!("\"{}\":{}", f.wire_name, blank(ir, f))).collect();
        format!(
            "let mut core: Core = serde_json::from_str({:?}).expect(\"every needed field is there\");\n",
            format!("{{{}}}", members.join(","))
        )
    };
    for field in &s.fields {
        let name = &field.name;
        let set = if super::is_instant(field) { "set_instant" } else { "set" };
        if needed(&field) {
            signature.push(name.clone());
            parameters.push(format!("{name}: &Bound<'_, PyAny>"));
            let _ = writeln!(body, "convert::{set}(&mut core.{name}, Some({name}), {name:?})?;");
        } else {
            signature.push(format!("{name} = None"));
            parameters.push(format!("{name}: Option<&Bound<'_, PyAny>>"));
            let _ = writeln!(body, "convert::{set}(&mut core.{name}, {name}, {name:?})?;");
        }
    }
    let many = if parameters.len() > 7 { "#[expect(clippy::too_many_arguments, reason = \"keyword arguments of Python\")]\n" } else { "" };
    format!(
        "#[new]\n#[pyo3(signature = (*, {}))]\n{many}fn new({}) -> PyResult<Self> {{\n{body}Ok(Self(core))\n}}\n",
        signature.join(", "),
        parameters.join(", ")
    )
}

/// The native class of a client, and its module.
fn client(api: Api) -> (&'static str, &'static str) {
    match api {
        Api::RegistrationAuthority => ("Client", "client"),
        Api::OneShot => ("OneShotClient", "one_shot"),
    }
}

fn operations(ir: &Ir, api: Api) -> String {
    let (class, module) = client(api);
    let mut out = format!(
        "//! A pair of functions for each operation, sync and asyncio, over one inner future.\n\n\
         use std::path::PathBuf;\n\nuse pyo3::prelude::*;\nuse videoid::{core};\nuse videoid::RequestOptions;\n\n\
         use crate::call::{{Arguments, Call, Options}};\nuse crate::{module}::{class};\nuse crate::convert::{{self, FromPy, ToPy}};\nuse crate::errors::Failure;\n\n",
        core = api.client(),
    );
    for operation in ir.of(api) {
        out.push_str(&pair(ir, operation));
    }
    out.push_str("/// Registers the functions.\npub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {\n");
    for operation in ir.of(api) {
        for suffix in ["_sync", "_asyncio"] {
            let _ = writeln!(out, "module.add_function(wrap_pyfunction!({}{suffix}, module)?)?;", operation.name);
        }
    }
    out.push_str("Ok(())\n}\n");
    out
}

fn core_type(ir: &Ir, ty: &Type) -> String {
    match ty {
        Type::Text => "String".into(),
        Type::Path => "PathBuf".into(),
        Type::Source => "videoid::Source".into(),
        Type::Evidence => "videoid::evidence::Evidence".into(),
        Type::Bool => "bool".into(),
        Type::Int => "i64".into(),
        Type::Secret => "videoid::SensitiveString".into(),
        Type::Option(inner) => format!("Option<{}>", core_type(ir, inner)),
        Type::List(inner) => format!("Vec<{}>", core_type(ir, inner)),
        Type::Id(name) => ir.find_id(name).map_or_else(|| name.clone(), |i| i.path.clone()),
        Type::Enum(name) => ir.find_enum(name).map_or_else(|| name.clone(), |e| e.path.clone()),
        Type::Struct(name) => ir.find_struct(name).map_or_else(|| name.clone(), |s| s.path.clone()),
        other => unreachable!("no operation takes {other:?}"),
    }
}

/// Whether Python may have to feed what the call sends.
fn holds_source(ty: &Type) -> bool {
    match ty {
        Type::Option(inner) | Type::List(inner) => holds_source(inner),
        other => *other == Type::Source,
    }
}

fn passed(param: &Param) -> String {
    let name = &param.name;
    match (&param.ty, param.by_ref) {
        (Type::Option(inner), true) if matches!(**inner, Type::Text | Type::Path) => format!("{name}.as_deref()"),
        (Type::Option(_), true) => format!("{name}.as_ref()"),
        (_, true) => format!("&{name}"),
        (_, false) => name.clone(),
    }
}

fn pair(ir: &Ir, operation: &Operation) -> String {
    let name = &operation.name;
    let own: Vec<_> = operation.params.iter().map(|p| format!("{}: {}", p.name, core_type(ir, &p.ty))).collect();
    let passed: Vec<_> = operation.params.iter().map(passed).collect();
    let comma = if own.is_empty() { "" } else { ", " };
    let core = operation.api.client();
    // Clippy's limit is seven: beside its own ones a call has two, and what Python sees of it three.
    let many = "#[expect(clippy::too_many_arguments, reason = \"as many as the operation takes\")]\n";
    let (many_inside, many) = (if own.len() > 5 { many } else { "" }, if own.len() > 4 { many } else { "" });
    let mut out = format!(
        "{many_inside}async fn {name}(own: {core}{comma}{}, options: RequestOptions) -> Result<{}, Failure> {{\n    Ok(own.{name}({}{comma}&options).await?)\n}}\n\n",
        own.join(", "),
        core_type(ir, &operation.result),
        passed.join(", ")
    );
    let mut signature = vec!["client".to_owned()];
    let mut parameters = vec!["py: Python<'py>".to_owned(), format!("client: &{}", client(operation.api).0)];
    let mut reads = String::new();
    for param in &operation.params {
        let p = &param.name;
        signature.push(p.clone());
        let (ty, read) = match &param.ty {
            Type::Path => ("PathBuf".to_owned(), String::new()),
            Type::Option(inner) if **inner == Type::Path => ("Option<PathBuf>".to_owned(), String::new()),
            Type::Option(inner) if **inner == Type::Source => {
                ("Option<&Bound<'py, PyAny>>".to_owned(), format!("let {p} = call.optional_source({p}, {p:?})?;\n"))
            }
            Type::List(inner) if **inner == Type::Source => {
                ("&Bound<'py, PyAny>".to_owned(), format!("let {p} = call.sources({p}, {p:?})?;\n"))
            }
            Type::Option(_) => ("Option<&Bound<'py, PyAny>>".to_owned(), format!("let {p} = convert::optional({p}, {p:?})?;\n")),
            Type::Source => ("&Bound<'py, PyAny>".to_owned(), format!("let {p} = call.source({p}, {p:?})?;\n")),
            _ => ("&Bound<'py, PyAny>".to_owned(), format!("let {p} = FromPy::from_py({p}, {p:?})?;\n")),
        };
        parameters.push(format!("{p}: {ty}"));
        reads.push_str(&read);
    }
    signature.push("options".to_owned());
    parameters.push("options: Options<'py>".to_owned());
    let names: Vec<_> = operation.params.iter().map(|p| p.name.as_str()).collect();
    let mutable = if operation.params.iter().any(|p| holds_source(&p.ty)) { "mut " } else { "" };
    // Sources begin to be fed once nothing else can be refused.
    for (suffix, public, call, end) in [
        ("_sync", name.clone(), "Call::sync(Arguments::new(&options)?)", ("wait", "?.to_py(py)")),
        ("_asyncio", format!("{name}_async"), "Call::asyncio(py, Arguments::new(&options)?)?", ("start", "")),
    ] {
        let _ = write!(
            out,
            "{many}#[pyfunction]\n#[pyo3(name = {public:?}, signature = ({}))]\nfn {name}{suffix}<'py>({}) -> PyResult<Bound<'py, PyAny>> {{\n\
             let {mutable}call = {call};\nlet own = client.core(py)?;\n{reads}call.{}(py, |options| {name}(own{comma}{}, options)){}\n}}\n\n",
            signature.join(", "),
            parameters.join(", "),
            end.0,
            names.join(", "),
            end.1
        );
    }
    out
}
