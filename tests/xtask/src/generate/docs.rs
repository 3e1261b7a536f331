//! The generated documentation: the glossary of errors and the table of operations.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::HEADER;
use super::ir::{Api, Ir, Operation, Type, camel};
use crate::error::{Error, Result};
use crate::repo;

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Result<Vec<(PathBuf, String)>> {
    let path = repo::root().join("core/src/error/glossary.rs");
    let source = std::fs::read_to_string(&path).map_err(|e| Error::new(format!("{}: {e}", path.display())))?;
    let glossary = glossary(&source).map_err(|e| Error::new(format!("core/src/error/glossary.rs: {e}")))?;
    Ok(vec![(PathBuf::from("core/docs/errors.md"), errors(ir, &glossary)?), (PathBuf::from("core/docs/operations.md"), operations(ir))])
}

/// What is said of a code beside its meaning: `on_the_wire`, `what_to_do`, `repeat`.
type Entry = BTreeMap<String, String>;

/// The rows of the match in `fn entry`, by the code's name in small letters: where a word ends is not to be seen in every name.
fn glossary(source: &str) -> std::result::Result<BTreeMap<String, Entry>, String> {
    let file = syn::parse_file(source).map_err(|e| e.to_string())?;
    let entry = file.items.iter().find_map(|item| match item {
        syn::Item::Fn(function) if function.sig.ident == "entry" => Some(function),
        _ => None,
    });
    let matched = entry.ok_or("no fn entry")?.block.stmts.iter().find_map(|statement| match statement {
        syn::Stmt::Expr(syn::Expr::Match(matched), _) => Some(matched),
        _ => None,
    });
    let mut out = BTreeMap::new();
    for arm in &matched.ok_or("no match in fn entry")?.arms {
        let (syn::Pat::Path(pattern), syn::Expr::Struct(row)) = (&arm.pat, &*arm.body) else {
            return Err("an arm that is no code with its row".into());
        };
        let name = pattern.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let mut said = Entry::new();
        for field in &row.fields {
            if let (syn::Member::Named(field), syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) = (&field.member, &field.expr)
            {
                said.insert(field.to_string(), text.value());
            }
        }
        out.insert(name.to_ascii_lowercase(), said);
    }
    Ok(out)
}

fn errors(ir: &Ir, glossary: &BTreeMap<String, Entry>) -> Result<String> {
    let mut text = format!(
        "<!-- {HEADER} -->\n\n# Error codes\n\nThe same codes in every language. The list is open: a later version may add codes, so code that decides by them needs a \
         default branch; the categories are closed. Where a section speaks of `wire`, `server_text`, `server_code`, `retry_after` and the like, \
         the error of every language has them.\n"
    );
    for category in &ir.error_categories {
        let codes = ir.error_codes.iter().filter(|c| c.category == category.word);
        let links: Vec<_> = codes.map(|c| format!("[`{0}`](#{0})", c.code)).collect();
        let _ = writeln!(text, "\n- `{}`: {} {}", category.word, category.docs.replace('\n', " "), links.join(", "));
    }
    text = text.replace("\n\n- `", "\n- `").replacen("\n- `", "\n\n- `", 1);
    text += "\n## What may have happened on the wire\n\nEvery error has `wire`:\n\n| Word | Meaning |\n| --- | --- |\n";
    for state in &ir.wire_states {
        let _ = writeln!(text, "| `{}` | {} |", state.word, state.docs.replace('\n', " "));
    }
    for category in &ir.error_categories {
        for code in ir.error_codes.iter().filter(|c| c.category == category.word) {
            let said = |key: &str| {
                let row = glossary.get(&code.code.replace('_', "")).and_then(|row| row.get(key));
                row.ok_or_else(|| Error::new(format!("core/src/error/glossary.rs: no {key} of {}", code.code)))
            };
            let _ = write!(
                text,
                "\n## `{}`\n\nCategory `{}`. {}\n\n- **On the wire:** {}\n- **What to do:** {}\n- **Repeating:** {}\n",
                code.code,
                category.word,
                code.docs.replace('\n', " "),
                said("on_the_wire")?,
                said("what_to_do")?,
                said("repeat")?,
            );
        }
    }
    Ok(text)
}

/// What both tables say of an operation: its names, what it takes and what it gives.
fn columns(operation: &Operation) -> (String, String, String) {
    let takes: Vec<_> = operation.params.iter().map(|p| format!("`{}`{}", p.name, if p.optional { "?" } else { "" })).collect();
    let gives = match &operation.result {
        Type::Struct(name) => format!("`{name}`"),
        other => format!("{other:?}"),
    };
    (format!("`{}` / `{}`", operation.name, camel(&operation.name)), takes.join(", "), gives)
}

fn operations(ir: &Ir) -> String {
    let mut text = format!(
        "<!-- {HEADER} -->\n\n# Operations\n\nNames are `snake_case` in Rust and Python, `camelCase` in Node, Kotlin and Swift.\n\n\
         - `safe`: reads, or may be repeated freely; the client repeats it by itself.\n\
         - `reconcile`: look before repeating; the error says where.\n\
         - `never`: never repeated; what the answer held cannot be had again, or the effect would be doubled.\n\n\
         Operations of tier 2 are there in every language, those of tier 3 in Rust, Python and Node.\n\n\
         ## `RegistrationAuthority`\n\n| Operation | Tier | Class | Call | Takes | Gives |\n| --- | --- | --- | --- | --- | --- |\n"
    );
    for operation in ir.of(Api::RegistrationAuthority) {
        let (names, takes, gives) = columns(operation);
        let Operation { tier, class, method, route, .. } = operation;
        let _ = writeln!(text, "| {names} | {tier} | {class} | `{method} {route}` | {takes} | {gives} |");
    }
    text += "\n## `OneShot`\n\nPaths of the dialect Current are below `/oneshot/api/v1`, those of Legacy below `/api/v1`. Where Current has no such call the \
             error is `unsupported`. `{videoid_pk}` and `{request_pk}` both come from the `VideoIdHandle` that create gives.\n\n\
             | Operation | Tier | Class | Current | Legacy | Takes | Gives |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    for operation in ir.of(Api::OneShot) {
        let (names, takes, gives) = columns(operation);
        let Operation { tier, class, method, .. } = operation;
        let call = |route: &str| if route.is_empty() { "-".to_owned() } else { format!("`{method} {route}`") };
        let (current, legacy) = (call(&operation.route), call(operation.legacy_route.as_deref().unwrap_or_default()));
        let _ = writeln!(text, "| {names} | {tier} | {class} | {current} | {legacy} | {takes} | {gives} |");
    }
    text += "\n## Lists page by page\n\n`requests(filter)` and `scratchcards(filter)` give what `list_requests` and `list_scratchcards` list, page after page while \
             it is read. The next page is asked for by its number; the address that the service names for it is never followed. A list ends \
             with an empty page, with the last one, and with its first error; a page that comes again is the error `unexpected_answer` \
             where the service counts more than it gave.\n";
    text += "\n## When the answer was lost\n\n";
    for operation in ir.operations.iter().filter(|o| !o.when_lost.is_empty()) {
        let _ = writeln!(text, "- `{}`: {}.", operation.name, operation.when_lost);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_section() {
        let ir = super::super::read_core().unwrap();
        let files = outputs(&ir).unwrap();
        let page = &files.iter().find(|(path, _)| path.ends_with("errors.md")).unwrap().1;
        for code in &ir.error_codes {
            let section = page.split("\n## ").find(|s| s.starts_with(&format!("`{}`\n", code.code))).expect("a section");
            for part in ["**On the wire:** ", "**What to do:** ", "**Repeating:** "] {
                assert_eq!(section.matches(part).count(), 1, "{}", code.code);
            }
            assert!(page.contains(&format!("(#{})", code.code)), "no link to {}", code.code);
        }
    }

    #[test]
    fn rows_are_read_from_the_source() {
        let source = r#"
            const fn entry(code: ErrorCode) -> Entry {
                use ErrorCode as Code;
                match code {
                    Code::VideoPkUnset => Entry { on_the_wire: "Nothing.", what_to_do: "Ask, \
                        then set it.", repeat: "Safe." },
                }
            }"#;
        let read = glossary(source).unwrap();
        assert_eq!(read["videopkunset"]["what_to_do"], "Ask, then set it.");
        assert!(glossary("fn other() {}").is_err());
    }
}
