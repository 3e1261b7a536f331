//! The generated documentation: the glossary of errors and the table of operations.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::HEADER;
use super::ir::{Ir, Type, camel};

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    vec![(PathBuf::from("core/docs/errors.md"), errors(ir)), (PathBuf::from("core/docs/operations.md"), operations(ir))]
}

fn errors(ir: &Ir) -> String {
    let mut text = format!(
        "<!-- {HEADER} -->\n\n# Error codes\n\nThe same codes in every language. The list is open: a later version may add codes, so code that decides by them needs a \
         default branch; the categories are closed.\n"
    );
    for category in &ir.error_categories {
        let _ = write!(text, "\n## `{}`\n\n{}\n\n| Code | Meaning |\n| --- | --- |\n", category.word, category.docs.replace('\n', " "));
        for code in ir.error_codes.iter().filter(|c| c.category == category.word) {
            let _ = writeln!(text, "| `{}` | {} |", code.code, code.docs.replace('\n', " "));
        }
    }
    text += "\n## What may have happened on the wire\n\nEvery error has `wire`:\n\n| Word | Meaning |\n| --- | --- |\n";
    for state in &ir.wire_states {
        let _ = writeln!(text, "| `{}` | {} |", state.word, state.docs.replace('\n', " "));
    }
    text
}

fn operations(ir: &Ir) -> String {
    let mut text = format!(
        "<!-- {HEADER} -->\n\n# Operations\n\nNames are `snake_case` in Rust and Python, `camelCase` in Node, Kotlin and Swift.\n\n\
         - `safe`: reads, or may be repeated freely; the client repeats it by itself.\n\
         - `reconcile`: look before repeating; the error says where.\n\
         - `never`: never repeated; what the answer held cannot be had again, or the effect would be doubled.\n\n\
         | Operation | Class | Call | Takes | Gives |\n| --- | --- | --- | --- | --- |\n"
    );
    for operation in &ir.operations {
        let takes: Vec<_> = operation.params.iter().map(|p| format!("`{}`{}", p.name, if p.optional { "?" } else { "" })).collect();
        let gives = match &operation.result {
            Type::Struct(name) => format!("`{name}`"),
            other => format!("{other:?}"),
        };
        let _ = writeln!(
            text,
            "| `{}` / `{}` | {} | `{} {}` | {} | {gives} |",
            operation.name,
            camel(&operation.name),
            operation.class,
            operation.method,
            operation.route,
            takes.join(", "),
        );
    }
    text += "\n## When the answer was lost\n\n";
    for operation in ir.operations.iter().filter(|o| !o.when_lost.is_empty()) {
        let _ = writeln!(text, "- `{}`: {}.", operation.name, operation.when_lost);
    }
    text
}
