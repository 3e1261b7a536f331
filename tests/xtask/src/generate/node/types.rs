//! The package's side in TypeScript: types with their documentation, shapes for checks and redaction, methods.

use std::fmt::Write as _;

use super::super::ir::{Api, Field, Ir, Operation, Param, Struct, Type, camel, pascal, snake};
use super::{all_optional, asked_for, defaulted};

/// Files below `ts/generated`, without the header.
pub(super) fn files(ir: &Ir) -> Vec<(String, String)> {
    let mut out = vec![
        ("ids.ts".to_owned(), ids(ir)),
        ("enums.ts".to_owned(), enums(ir)),
        ("error-codes.ts".to_owned(), error_codes(ir)),
        ("shapes.ts".to_owned(), shapes(ir)),
        ("operations.ts".to_owned(), operations(ir, Api::RegistrationAuthority)),
        ("one-shot-operations.ts".to_owned(), operations(ir, Api::OneShot)),
    ];
    let mut index = String::new();
    for strukt in &ir.structs {
        let file = snake(&strukt.name).replace('_', "-");
        let _ = writeln!(index, "export type {{ {} }} from './models/{file}.js';", strukt.name);
        out.push((format!("models/{file}.ts"), model(ir, strukt)));
    }
    out.push(("models.ts".to_owned(), index));
    out
}

/// A comment in TSDoc; nothing where there is no text.
fn comment(indent: &str, text: &str) -> String {
    let text = text.replace("*/", "* /").replace("`None`", "`undefined`");
    let lines: Vec<&str> = text.lines().collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let mut out = format!("{indent}/**\n");
            for line in lines {
                let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
            }
            let _ = writeln!(out, "{indent} */");
            out
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', " "))
}

fn ids(ir: &Ir) -> String {
    let mut out = String::from(
        "/** A plain number or string that remembers what it is the id of, so that two kinds of id cannot be mixed by accident. */\n\
         type Id<T, Name extends string> = T & { readonly __id?: Name };\n",
    );
    for id in &ir.ids {
        let inner = if id.numeric { "number" } else { "string" };
        let _ = write!(out, "\n{}export type {} = Id<{inner}, '{}'>;\n", comment("", &id.docs), id.name, id.name);
    }
    out
}

fn enums(ir: &Ir) -> String {
    let mut out = String::from(
        "/** Any other text, without losing the completion of the known words. */\ntype Other = string & Record<never, never>;\n",
    );
    for words in &ir.enums {
        let union =
            words.variants.iter().map(|v| quoted(&v.word)).chain(words.other.then(|| "Other".to_owned())).collect::<Vec<_>>().join(" | ");
        let _ = write!(out, "\n{}export type {} = {union};\n", comment("", &words.docs), words.name);
        let _ = write!(out, "\n/** The known words of {{@link {}}}. */\nexport const {} = {{\n", words.name, words.name);
        for variant in &words.variants {
            let _ = writeln!(out, "{}  {}: {},", comment("  ", &variant.docs), variant.name, quoted(&variant.word));
        }
        out.push_str("} as const;\n");
    }
    out
}

fn error_codes(ir: &Ir) -> String {
    let union = |words: Vec<String>| words.join("\n  | ");
    let mut out = String::from("/** The kind of trouble, for code that decides in a `switch` of seven arms. */\n");
    let _ = write!(out, "export type ErrorCategory =\n  | {};\n", union(ir.error_categories.iter().map(|w| quoted(&w.word)).collect()));
    out.push_str("\n/** What may have happened on the wire when a call failed. */\n");
    let _ = write!(out, "export type Wire =\n  | {};\n", union(ir.wire_states.iter().map(|w| quoted(&w.word)).collect()));
    out.push_str("\n/** What went wrong, as a stable name. New codes may come with any version: keep a default arm. */\n");
    let mut codes: Vec<String> = ir.error_codes.iter().map(|c| quoted(&c.code)).collect();
    codes.push("(string & Record<never, never>)".to_owned());
    let _ = write!(out, "export type ErrorCode =\n  | {};\n", union(codes));
    out.push_str("\n/** Every code of this version with its category and meaning. */\n");
    out.push_str(
        "export const ERROR_CODES: Readonly<Record<string, { readonly category: ErrorCategory; readonly meaning: string }>> = {\n",
    );
    for code in &ir.error_codes {
        let _ = writeln!(out, "  {}: {{ category: {}, meaning: {} }},", code.code, quoted(&code.category), quoted(&code.docs));
    }
    out.push_str("};\n");
    out
}

/// The type of a value for callers.
fn ts_type(ty: &Type) -> String {
    match ty {
        Type::Text | Type::Secret => "string".to_owned(),
        Type::Bytes => "Buffer".to_owned(),
        Type::SecretBytes => "Uint8Array".to_owned(),
        Type::Bool => "boolean".to_owned(),
        Type::Int | Type::Float | Type::Timeout => "number".to_owned(),
        Type::Option(inner) => ts_type(inner),
        Type::List(inner) => format!("{}[]", ts_type(inner)),
        Type::Id(name) | Type::Enum(name) | Type::Struct(name) => name.clone(),
        Type::Json => "JsonObject".to_owned(),
        Type::Similarity => "SimilarityLevel".to_owned(),
        Type::Path => "string | URL".to_owned(),
        Type::Source => "SourceInput".to_owned(),
        Type::Evidence => "Evidence".to_owned(),
    }
}

/// Names that the types use, with the file that each comes from.
fn imports(ir: &Ir, types: &[&Type], own: &str, models: &str) -> String {
    let up = if models == "./" { "../" } else { "./" };
    let mut ids = Vec::new();
    let mut enums = Vec::new();
    let mut structs = Vec::new();
    let mut json = Vec::new();
    let mut classes = Vec::new();
    for ty in types {
        let mut ty = *ty;
        while let Type::Option(inner) | Type::List(inner) = ty {
            ty = inner;
        }
        match ty {
            Type::Id(name) => ids.push(name.as_str()),
            Type::Enum(name) => enums.push(name.as_str()),
            Type::Struct(name) if name != own => structs.push(name.as_str()),
            Type::Json => json.push("JsonObject"),
            Type::Similarity => json.push("SimilarityLevel"),
            Type::Source => classes.push(("SourceInput", "source")),
            Type::Evidence => classes.push(("Evidence", "evidence")),
            _ => {}
        }
    }
    let mut out = String::new();
    let mut line = |mut names: Vec<&str>, from: &str| {
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            let _ = writeln!(out, "import type {{ {} }} from '{from}';", names.join(", "));
        }
    };
    line(enums, &format!("{up}enums.js"));
    line(ids, &format!("{up}ids.js"));
    structs.sort_unstable();
    structs.dedup();
    if models == "./" {
        for name in structs {
            let file = snake(name).replace('_', "-");
            line(vec![ir.find_struct(name).map_or(name, |s| s.name.as_str())], &format!("./{file}.js"));
        }
    } else {
        line(structs, "./models.js");
    }
    line(json, &format!("{up}../json.js"));
    classes.sort_unstable();
    classes.dedup();
    for (name, file) in classes {
        line(vec![name], &format!("{up}../{file}.js"));
    }
    out
}

fn model(ir: &Ir, strukt: &Struct) -> String {
    let types: Vec<&Type> = strukt.fields.iter().map(|f| &f.ty).collect();
    let mut out = imports(ir, &types, &strukt.name, "./");
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(&comment("", &strukt.docs));
    let _ = writeln!(out, "export interface {} {{", strukt.name);
    for field in &strukt.fields {
        out.push_str(&comment("  ", &field.docs));
        let ty = ts_type(&field.ty);
        let may_miss = field.optional || field.ty == Type::Timeout || (strukt.input && !asked_for(field));
        if may_miss {
            let _ = writeln!(out, "  {}?: {ty} | undefined;", camel(&field.name));
        } else {
            let _ = writeln!(out, "  {}: {ty};", camel(&field.name));
        }
    }
    out.push_str("}\n");
    out
}

/// The word for a type in a shape.
fn kind(ir: &Ir, ty: &Type) -> String {
    match ty {
        Type::Text | Type::Secret | Type::Enum(_) => "text".to_owned(),
        Type::Bytes | Type::SecretBytes => "bytes".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Timeout => "millis".to_owned(),
        Type::Float => "float".to_owned(),
        Type::Option(inner) => kind(ir, inner),
        Type::List(inner) => format!("[]{}", kind(ir, inner)),
        Type::Id(name) => if ir.find_id(name).is_some_and(|id| id.numeric) { "int" } else { "text" }.to_owned(),
        Type::Struct(name) => format!("@{name}"),
        Type::Json => "json".to_owned(),
        Type::Similarity => "similarity".to_owned(),
        Type::Path => "path".to_owned(),
        Type::Source => "source".to_owned(),
        Type::Evidence => "evidence".to_owned(),
    }
}

fn shapes(ir: &Ir) -> String {
    let mut out = String::from(
        "import type { Shape } from '../shape.js';\n\n/** The fields of every model: what is checked before a call, and what is not shown. */\n",
    );
    out.push_str("export const SHAPES: Readonly<Record<ModelName, Shape>> = {\n");
    for strukt in &ir.structs {
        let _ = writeln!(out, "  {}: {{", strukt.name);
        for field in &strukt.fields {
            let _ = writeln!(out, "    {}: {{ {} }},", camel(&field.name), shape(ir, strukt, field));
        }
        out.push_str("  },\n");
    }
    out.push_str("};\n\n/** The name of a model. */\nexport type ModelName =\n");
    for strukt in &ir.structs {
        let _ = writeln!(out, "  | '{}'", strukt.name);
    }
    out.truncate(out.trim_end().len());
    out.push_str(";\n");
    let imports: Vec<Type> = ir.structs.iter().map(|s| Type::Struct(s.name.clone())).collect();
    let imports = self::imports(ir, &imports.iter().collect::<Vec<_>>(), "", "./models/");
    out.push_str("\n/** Each model's type by its name. */\nexport interface Models {\n");
    for strukt in &ir.structs {
        let _ = writeln!(out, "  {}: {};", strukt.name, strukt.name);
    }
    out.push_str("}\n");
    format!("{imports}{out}")
}

fn shape(ir: &Ir, strukt: &Struct, field: &Field) -> String {
    let mut out = format!("type: '{}'", kind(ir, &field.ty));
    if field.wire_name != field.name {
        let _ = write!(out, ", wire: {}", quoted(&field.wire_name));
    } else if camel(&field.name) != field.name {
        let _ = write!(out, ", wire: '{}'", field.name);
    }
    if !field.has_default && !field.optional && !defaulted(strukt, field) {
        out.push_str(", required: true");
    }
    if field.sensitive || is_secret_id(ir, field.ty.inner()) {
        out.push_str(", sensitive: true");
    }
    out
}

fn is_secret_id(ir: &Ir, ty: &Type) -> bool {
    matches!(ty, Type::Id(name) if ir.ids.iter().any(|id| id.name == *name && id.secret))
}

fn operations(ir: &Ir, api: Api) -> String {
    let (table, class) = match api {
        Api::RegistrationAuthority => ("OPERATIONS", "Operations"),
        Api::OneShot => ("ONE_SHOT_OPERATIONS", "OneShotOperations"),
    };
    let mut types: Vec<&Type> = Vec::new();
    for operation in ir.of(api) {
        types.extend(operation.params.iter().map(|p| &p.ty));
        types.push(&operation.result);
    }
    let mut out = imports(ir, &types, "", "./models/");
    out.push_str("import type { RequestOptions } from '../options.js';\nimport type { OperationRow } from '../shape.js';\n");
    for operation in ir.of(api).filter(|o| optional_params(ir, o).next().is_some()) {
        let _ = write!(
            out,
            "\n/** Options of `{}`. */\nexport interface {}Options extends RequestOptions {{\n",
            camel(&operation.name),
            pascal(&operation.name)
        );
        for param in optional_params(ir, operation) {
            let _ = writeln!(out, "{}  {}?: {} | undefined;", comment("  ", "See the operation."), camel(&param.name), ts_type(&param.ty));
        }
        out.push_str("}\n");
    }
    let _ = write!(
        out,
        "\n/** Every operation of `{}`: its name, what may be done when its answer is lost, its address and what it takes. */\nexport const {table} = {{\n",
        api.client()
    );
    for operation in ir.of(api) {
        let params: Vec<String> = operation
            .params
            .iter()
            .map(|p| format!("{{ name: '{}', type: '{}', optional: {} }}", p.name, kind(ir, &p.ty), p.optional))
            .collect();
        let _ = writeln!(
            out,
            "  {}: {{\n    name: '{}',\n    class: '{}',\n    method: '{}',\n    route: {},\n{}    whenLost: {},\n    params: [{}],\n    result: '{}',\n  }},",
            camel(&operation.name),
            operation.name,
            operation.class,
            operation.method,
            quoted(&operation.route),
            operation.legacy_route.as_ref().map_or_else(String::new, |route| format!("    legacyRoute: {},\n", quoted(route))),
            quoted(&operation.when_lost),
            params.join(", "),
            ts_type(&operation.result),
        );
    }
    out.push_str("} as const satisfies Record<string, OperationRow>;\n\n");
    let _ = writeln!(out, "/** The operations as methods; the client is made of them. */\nexport abstract class {class} {{");
    out.push_str("  /** Makes one call. For the client's own use. */\n");
    let _ = writeln!(
        out,
        "  protected abstract perform<T>(operation: keyof typeof {table}, args: readonly unknown[], options: RequestOptions | undefined): Promise<T>;"
    );
    for operation in ir.of(api) {
        out.push_str(&method(ir, operation));
    }
    out.push_str("}\n");
    out
}

/// Parameters that go into the options, in the language's way.
fn optional_params<'a>(_ir: &Ir, operation: &'a Operation) -> impl Iterator<Item = &'a Param> {
    operation.params.iter().filter(|p| p.optional)
}

fn method(ir: &Ir, operation: &Operation) -> String {
    let mut docs = operation.docs.replace("\n# Errors\n", "\n");
    if !operation.when_lost.is_empty() {
        let _ = write!(docs, "\n\nWhen its answer is lost, nothing repeats it: {}.", operation.when_lost);
    }
    let options_type = if optional_params(ir, operation).next().is_some() {
        format!("{}Options", pascal(&operation.name))
    } else {
        "RequestOptions".to_owned()
    };
    let mut params = Vec::new();
    let mut args = Vec::new();
    for param in &operation.params {
        let name = camel(&param.name);
        if param.optional {
            args.push(format!("options?.{name}"));
            continue;
        }
        let default = match &param.ty {
            Type::Struct(model) if ir.find_struct(model).is_some_and(all_optional) => " = {}",
            _ => "",
        };
        params.push(format!("{name}: {}{default}", ts_type(&param.ty)));
        args.push(name);
    }
    params.push(format!("options?: {options_type}"));
    format!(
        "\n{}  {}({}): Promise<{}> {{\n    return this.perform('{}', [{}], options);\n  }}\n",
        comment("  ", &docs),
        camel(&operation.name),
        params.join(", "),
        ts_type(&operation.result),
        camel(&operation.name),
        args.join(", "),
    )
}
