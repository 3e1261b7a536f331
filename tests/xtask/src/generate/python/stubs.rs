//! The stubs of the native module.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::super::HEADER;
use super::super::ir::{Ir, Operation, Struct};
use super::{docstring, is_instant, read_type, write_type};

/// The stubs of what is written by hand.
const BY_HAND: &str = include_str!("../../../../../bindings-python/stubs/native.pyi");

/// Its file.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let mut out = format!("# {HEADER}\n{BY_HAND}\n");
    let ids: Vec<_> = ir.ids.iter().map(|i| i.name.clone()).collect();
    let words: Vec<_> = ir.enums.iter().map(|e| e.name.clone()).collect();
    let imports = format!("from videoid._ids import {}\nfrom videoid._words import {}\n", ids.join(", "), words.join(", "));
    out = out.replace("# IMPORTS\n", &imports);
    for s in &ir.structs {
        out.push_str(&class(s));
    }
    for operation in &ir.operations {
        out.push_str(&functions(operation));
    }
    vec![(PathBuf::from("bindings-python/python/videoid/_native.pyi"), out)]
}

fn class(s: &Struct) -> String {
    let mut out = format!("@final\nclass {}:\n{}", s.name, docstring(&s.docs, 4));
    out.push_str("    __hash__: ClassVar[None]  # type: ignore[assignment]\n");
    if s.input {
        out.push_str("    def __new__(\n        cls,\n        *,\n");
        for field in &s.fields {
            let needed = !s.has_default && !field.has_default && !field.flatten;
            let ty = if is_instant(field) { format!("datetime | {}", write_type(&field.ty)) } else { write_type(&field.ty) };
            if needed {
                let _ = writeln!(out, "        {}: {ty},", field.name);
            } else {
                let ty = if ty.ends_with("| None") { ty } else { format!("{ty} | None") };
                let _ = writeln!(out, "        {}: {ty} = None,", field.name);
            }
        }
        let _ = writeln!(out, "    ) -> {}: ...", s.name);
    }
    for field in &s.fields {
        let _ = writeln!(
            out,
            "    @property\n    def {}(self) -> {}:\n{}",
            field.name,
            read_type(&field.ty),
            docstring(&field.docs, 8).trim_end()
        );
    }
    let _ = write!(
        out,
        "    def to_dict(self) -> dict[str, Any]:\n        \"\"\"The value as a dict in the wire's names. What is sensitive is in it.\"\"\"\n\
         \x20   def to_json(self) -> str:\n        \"\"\"The value as JSON in the wire's names. What is sensitive is in it.\"\"\"\n\
         \x20   @staticmethod\n    def from_dict(data: dict[str, Any]) -> {name}:\n        \"\"\"A value from a dict in the wire's names.\"\"\"\n\
         \x20   @staticmethod\n    def from_json(text: str) -> {name}:\n        \"\"\"A value from JSON in the wire's names.\"\"\"\n\
         \x20   def __eq__(self, other: object, /) -> bool: ...\n    def __ne__(self, other: object, /) -> bool: ...\n\
         \x20   def __reduce__(self) -> tuple[Any, tuple[str]]: ...\n\n",
        name = s.name
    );
    out
}

fn functions(operation: &Operation) -> String {
    let mut parameters = vec![format!("client: {}", super::package::names(operation.api)[4])];
    parameters.extend(operation.params.iter().map(|p| format!("{}: {}", p.name, write_type(&p.ty))));
    parameters.push("options: Options".to_owned());
    let (parameters, result) = (parameters.join(", "), read_type(&operation.result));
    format!("def {0}({parameters}) -> {result}: ...\ndef {0}_async({parameters}) -> Future[{result}]: ...\n", operation.name)
}
