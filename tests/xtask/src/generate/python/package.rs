//! The generated half of the Python package: ids, words, the list of models, the methods of the clients, the error codes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::HEADER;
use super::super::ir::{Api, Ir, Operation, Type};
use super::{docstring, read_type, write_type};

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let folder = Path::new("bindings-python/python/videoid");
    [
        ("_ids.py", ids(ir)),
        ("_words.py", words(ir)),
        ("_models.py", models(ir)),
        ("_operations.py", operations(ir, Api::RegistrationAuthority)),
        ("_one_shot_operations.py", operations(ir, Api::OneShot)),
        ("_codes.py", codes(ir)),
    ]
    .into_iter()
    .map(|(name, text)| (folder.join(name), format!("# {HEADER}\n{text}")))
    .collect()
}

fn exported(names: &[String]) -> String {
    let mut out = String::from("__all__ = [\n");
    for name in names {
        let _ = writeln!(out, "    {name:?},");
    }
    out.push_str("]\n");
    out
}

fn ids(ir: &Ir) -> String {
    let names: Vec<_> = ir.ids.iter().map(|i| i.name.clone()).collect();
    let mut out = format!(
        "\"\"\"The ids of the service: types of their own for type checkers, plain `int` and `str` at run time.\"\"\"\n\nfrom typing import NewType\n\n{}\n",
        exported(&names)
    );
    for id in &ir.ids {
        let _ = writeln!(out, "{0} = NewType(\"{0}\", {1})\n{2}", id.name, if id.numeric { "int" } else { "str" }, docstring(&id.docs, 0));
    }
    out
}

fn words(ir: &Ir) -> String {
    let mut names: Vec<_> = ir.enums.iter().map(|e| e.name.clone()).collect();
    names.push("ErrorCategory".into());
    names.push("Wire".into());
    let mut out = format!(
        "\"\"\"The words of the service and of the library. Each is a `str`: it compares equal to the plain word, and a word that this\nversion does not know is kept as it came.\"\"\"\n\n\
         from __future__ import annotations\n\nfrom typing import ClassVar\n\nfrom videoid._word import StatusWord, Word\n\n{}\n",
        exported(&names)
    );
    let own = ir.enums.iter().map(|e| (e.name.as_str(), e.docs.as_str(), &e.variants));
    let errors = [
        ("ErrorCategory", "The kind of trouble, for code that decides by a `match` of seven arms.", &ir.error_categories),
        ("Wire", "What may have happened on the wire when a call failed.", &ir.wire_states),
    ];
    for (name, docs, variants) in own.chain(errors) {
        let base = if name == "Status" { "StatusWord" } else { "Word" };
        let _ = writeln!(
            out,
            "\nclass {name}({base}):\n{}\n    __slots__ = ()\n\n    KNOWN: ClassVar[tuple[{name}, ...]]\n    \"\"\"The words that this version knows.\"\"\"",
            docstring(docs, 4)
        );
        for word in variants {
            let _ = write!(out, "    {}: ClassVar[{name}]\n{}", constant(&word.word), docstring(&word.docs, 4));
        }
        out.push_str("\n\n");
        for word in variants {
            let _ = writeln!(out, "{name}.{} = {name}({:?})", constant(&word.word), word.word);
        }
        let known: Vec<_> = variants.iter().map(|w| format!("{name}.{}", constant(&w.word))).collect();
        let _ = writeln!(out, "{name}.KNOWN = ({},)\n", known.join(", "));
    }
    out
}

fn constant(word: &str) -> String {
    word.to_uppercase()
}

fn models(ir: &Ir) -> String {
    let names: Vec<_> = ir.structs.iter().map(|s| s.name.clone()).collect();
    let mut out = String::from("\"\"\"Every model, from the native module.\"\"\"\n\nfrom videoid._native import (\n");
    for name in &names {
        let _ = writeln!(out, "    {name},");
    }
    let _ = write!(out, ")\n\n{}", exported(&names));
    out
}

fn codes(ir: &Ir) -> String {
    let mut out =
        String::from("\"\"\"Every error code with its category and meaning.\"\"\"\n\nERROR_CODES: dict[str, tuple[str, str]] = {\n");
    for code in &ir.error_codes {
        let meaning = code.docs.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "    {:?}: ({:?}, {meaning:?}),", code.code, code.category);
    }
    out.push_str("}\n");
    out
}

/// Names in the package: the table, the settings, their type, the stem of the classes, and the native client.
pub(super) fn names(api: Api) -> [&'static str; 5] {
    match api {
        Api::RegistrationAuthority => ["OPERATIONS", "Settings", "RaConfig", "Operations", "Client"],
        Api::OneShot => ["ONE_SHOT_OPERATIONS", "OneShotConfigFields", "OneShotConfig", "OneShotOperations", "OneShotClient"],
    }
}

fn operations(ir: &Ir, api: Api) -> String {
    let [table, settings, config_type, classes, native] = names(api);
    let mut out = format!(
        "\"\"\"The operations of `{client}` as methods: one class for sync code, one for asyncio.\"\"\"\n\nfrom __future__ import annotations\n\nfrom datetime import timedelta\nfrom os import PathLike\n\
         from typing import TYPE_CHECKING, Any, TypedDict\n\nfrom videoid import _native as native\nfrom videoid._native import CancelToken\nfrom videoid._types import ProgressCallback, SourceLike\n\n\
         if TYPE_CHECKING:\n    from collections.abc import Sequence\n\n    from videoid._ids import *  # noqa: F403\n    from videoid._models import *  # noqa: F403\n    from videoid._words import *  # noqa: F403\n    from videoid.evidence import Evidence\n\n\
         {table}: tuple[str, ...] = (\n",
        client = api.client(),
    );
    for operation in ir.of(api) {
        let _ = writeln!(out, "    {:?},", operation.name);
    }
    let _ = write!(
        out,
        ")\n\"\"\"The name of every operation, which is its method's too.\"\"\"\n\n\nclass {settings}(TypedDict, total=False):\n    \"\"\"The fields of `{config_type}` as keyword arguments.\"\"\"\n\n"
    );
    if let Some(config) = ir.find_struct(config_type) {
        for field in &config.fields {
            let ty = write_type(&field.ty);
            let _ = write!(out, "    {}: {ty}\n{}", field.name, docstring(&field.docs, 4));
        }
    }
    for (class, about, is_async) in [(classes.to_owned(), "for sync code", false), (format!("Async{classes}"), "for asyncio", true)] {
        let _ = writeln!(out, "\n\nclass {class}:\n    \"\"\"The operations {about}.\"\"\"\n\n    _native: native.{native}");
        for operation in ir.of(api) {
            out.push_str(&method(operation, is_async));
        }
    }
    out
}

fn method(operation: &Operation, is_async: bool) -> String {
    let name = &operation.name;
    let moves_files = |ty: &Type| {
        matches!(ty, Type::Source | Type::Evidence)
            || matches!(ty, Type::Option(inner) | Type::List(inner) if **inner == Type::Source)
            || *ty == Type::Struct("DownloadedFile".into())
    };
    let uploads = operation.params.iter().map(|p| &p.ty).chain([&operation.result]).any(moves_files);
    // What may be left out stands behind what may not.
    let ordered = operation.params.iter().filter(|p| !p.optional).chain(operation.params.iter().filter(|p| p.optional));
    let parameters = ordered.fold(String::new(), |mut out, p| {
        let default = if p.optional { " = None" } else { "" };
        let _ = writeln!(out, "        {}: {}{default},", p.name, write_type(&p.ty));
        out
    });
    let (keyword, wait, suffix) = if is_async { ("async def", "await ", "_async") } else { ("def", "", "") };
    let args = operation.params.iter().fold(String::new(), |mut out, p| {
        let _ = write!(out, "{}{}, ", p.name, if p.name == "evidence" { "._native" } else { "" });
        out
    });
    let mut docs = operation.docs.clone();
    if uploads {
        docs.push_str("\n\n`progress` is called with the bytes so far and in all.");
    }
    let (progress, passed) = if uploads { ("        progress: ProgressCallback | None = None,\n", "progress") } else { ("", "None") };
    format!(
        "\n    {keyword} {name}(\n        self,\n{parameters}        *,\n        timeout: float | timedelta | None = None,\n        cancel: CancelToken | None = None,\n{progress}    ) -> {result}:\n{docs}\
         \x20       return {wait}native.{name}{suffix}(self._native, {args}(timeout, cancel, {passed}))\n",
        result = read_type(&operation.result),
        docs = docstring(&docs, 8),
    )
}
