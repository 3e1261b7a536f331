//! The operations of scenarios in Kotlin and Swift: a name and JSON arguments in, the call, its result as JSON out.
//!
//! Python's and Node's runners need no such table: they go by the package's own one (`OPERATIONS` with its parameters).

use super::super::HEADER;
use super::super::ir::{Api, Ir, Operation, Param, Type, camel};
use super::facades::swift_name;

/// The Kotlin tests' table.
pub(super) fn kotlin(ir: &Ir) -> String {
    let mut text = format!(
        "// {HEADER}
package dev.videoid.tests

import dev.videoid.*
import kotlinx.serialization.json.JsonElement
import java.io.File

/** The arguments of a scenario's call, each asked for by its name. What is missing or of another kind fails. */
interface OperationArguments {{
    /** Fails where an argument is given that has none of these names. */
    fun only(vararg names: String)

    /** Whether it is given, and not null. */
    fun has(name: String): Boolean

    fun text(name: String): String

    fun number(name: String): Long

    /** The JSON of a model. */
    fun json(name: String): String

    fun file(name: String): File

    fun source(name: String): Source

    fun sources(name: String): List<Source>

    fun evidence(name: String): Evidence
}}

/** Makes the call of an operation and gives its result as JSON; null where the library has no operation of that name. */
suspend fun operation(name: String, ra: () -> RegistrationAuthority, args: OperationArguments, options: RequestOptions): JsonElement? = when (name) {{
"
    );
    text += &kotlin_table(ir, Api::RegistrationAuthority, "ra");
    for words in &ir.enums {
        let name = &words.name;
        text += &format!("\n/** The value of a word. */\ninternal fun {}From(word: String): {name} = when (word) {{\n", first_small(name));
        for word in &words.variants {
            text += &format!("    {:?} -> {name}.{}\n", word.word, word.name);
        }
        text += &format!("    else -> {name}.Other(word)\n}}\n");
    }
    text
}

/// The same for the One-Shot API.
pub(super) fn kotlin_one_shot(ir: &Ir) -> String {
    format!(
        "// {HEADER}
package dev.videoid.tests

import dev.videoid.*
import kotlinx.serialization.json.JsonElement

/** As [operation], of the One-Shot API. */
suspend fun oneShotOperation(name: String, oneShot: () -> OneShot, args: OperationArguments, options: RequestOptions): JsonElement? = when (name) {{
{}",
        kotlin_table(ir, Api::OneShot, "oneShot")
    )
}

fn kotlin_table(ir: &Ir, api: Api, client: &str) -> String {
    let mut text = String::new();
    for operation in ir.of(api) {
        let args: String = operation.params.iter().map(|param| format!("{}, ", kotlin_argument(ir, param))).collect();
        text += &format!(
            "    \"{name}\" -> {{\n        args.only({known})\n        parsed({client}().{call}({args}options).toJson())\n    }}\n",
            name = operation.name,
            known = names(operation),
            call = camel(&operation.name),
        );
    }
    text + "    else -> null\n}\n"
}

/// The Swift tests' table.
pub(super) fn swift(ir: &Ir) -> String {
    let mut text = format!(
        "// {HEADER}
import Foundation
import VideoID

/// The arguments of a scenario's call, each asked for by its name. What is missing or of another kind fails.
protocol OperationArguments {{
    /// Fails where an argument is given that has none of these names.
    func only(_ names: [String]) throws

    /// Whether it is given, and not null.
    func has(_ name: String) -> Bool

    func text(_ name: String) throws -> String

    func number(_ name: String) throws -> Int64

    /// The JSON of a model.
    func json(_ name: String) throws -> String

    func file(_ name: String) throws -> URL

    func source(_ name: String) throws -> Source

    func sources(_ name: String) throws -> [Source]

    func evidence(_ name: String) throws -> Evidence
}}

/// Makes the call of an operation and gives its result as JSON; nil where the library has no operation of that name.
func operation(_ name: String, _ ra: () throws -> RegistrationAuthority, _ args: some OperationArguments, _ options: RequestOptions) async throws -> JSON? {{
    switch name {{
"
    );
    text += &swift_table(ir, Api::RegistrationAuthority, "ra");
    for words in &ir.enums {
        text += &format!(
            "\nextension {} {{\n    /// The value of a word.\n    static func from(_ word: String) -> Self {{\n        switch word {{\n",
            swift_name(&words.name)
        );
        for word in &words.variants {
            text += &format!("        case {:?}: .{}\n", word.word, first_small(&word.name));
        }
        text += "        default: .other(word: word)\n        }\n    }\n}\n";
    }
    text
}

/// The same for the One-Shot API.
pub(super) fn swift_one_shot(ir: &Ir) -> String {
    format!(
        "// {HEADER}
import VideoID

/// As `operation`, of the One-Shot API.
func oneShotOperation(_ name: String, _ oneShot: () throws -> OneShot, _ args: some OperationArguments, _ options: RequestOptions) async throws -> JSON? {{
    switch name {{
{}",
        swift_table(ir, Api::OneShot, "oneShot")
    )
}

fn swift_table(ir: &Ir, api: Api, client: &str) -> String {
    let mut text = String::new();
    for operation in ir.of(api) {
        let args: String = operation
            .params
            .iter()
            .enumerate()
            .map(|(at, param)| format!("{}{}, ", swift_label(at, param), swift_argument(ir, param)))
            .collect();
        text += &format!(
            "    case \"{name}\":\n        try args.only([{known}])\n        return try wire(await {client}().{call}({args}options: options))\n",
            name = operation.name,
            known = names(operation),
            call = camel(&operation.name),
        );
    }
    text + "    default: return nil\n    }\n}\n"
}

fn names(operation: &Operation) -> String {
    operation.params.iter().map(|param| format!("{:?}", param.name)).collect::<Vec<_>>().join(", ")
}

/// `DocumentType` → `documentType`.
pub(in super::super) fn first_small(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// What a call is given that may be left out, or has a value where it is.
fn when_absent(ir: &Ir, param: &Param, nothing: &str) -> Option<String> {
    match &param.ty {
        Type::Option(_) => Some(nothing.to_owned()),
        Type::Struct(name) if ir.find_struct(name).is_some_and(super::super::node::all_optional) => Some(format!("{name}()")),
        _ => None,
    }
}

fn kotlin_argument(ir: &Ir, param: &Param) -> String {
    let name = format!("{:?}", param.name);
    let given = match param.ty.inner() {
        Type::Enum(word) => format!("{}From(args.text({name}))", first_small(word)),
        Type::Struct(model) => format!("{model}.fromJson(args.json({name}))"),
        ty => argument(ir, ty, &name),
    };
    when_absent(ir, param, "null").map_or_else(|| given.clone(), |otherwise| format!("if (args.has({name})) {given} else {otherwise}"))
}

/// Without `try`: the one before the call is for all of it.
fn swift_argument(ir: &Ir, param: &Param) -> String {
    let name = format!("{:?}", param.name);
    let given = match param.ty.inner() {
        Type::Enum(word) => format!("{}.from(args.text({name}))", swift_name(word)),
        Type::Struct(model) => format!("{}(json: args.json({name}))", swift_name(model)),
        ty => argument(ir, ty, &name),
    };
    when_absent(ir, param, "nil").map_or_else(|| given.clone(), |otherwise| format!("args.has({name}) ? {given} : {otherwise}"))
}

/// What both languages write alike.
fn argument(ir: &Ir, ty: &Type, name: &str) -> String {
    match ty {
        Type::Id(id) if ir.find_id(id).is_some_and(|id| id.numeric) => format!("{id}(args.number({name}))"),
        Type::Id(id) => format!("{id}(args.text({name}))"),
        Type::Path => format!("args.file({name})"),
        Type::Source => format!("args.source({name})"),
        Type::List(inner) if **inner == Type::Source => format!("args.sources({name})"),
        Type::Evidence => format!("args.evidence({name})"),
        Type::Int => format!("args.number({name})"),
        _ => format!("args.text({name})"),
    }
}

/// The label of a parameter of the façade: none for the first one that is needed, else its name with abbreviations in capitals;
/// a file or folder is where something goes `to`.
fn swift_label(at: usize, param: &Param) -> String {
    match (param.name.as_str(), param.ty.inner()) {
        _ if at == 0 && !param.optional => String::new(),
        ("path", Type::Path) => "to: ".to_owned(),
        (name, Type::Path) => format!("{}To: ", camel(name.trim_end_matches("_dir"))),
        (name, _) => match camel(name).strip_suffix("Id") {
            Some(stem) => format!("{stem}ID: "),
            None => format!("{}: ", camel(name)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(name: &str, ty: Type) -> Param {
        Param { name: name.into(), optional: matches!(ty, Type::Option(_)), ty, by_ref: true }
    }

    fn ir() -> Ir {
        use super::super::super::ir::Id;
        let id = Id {
            name: "RequestPk".into(),
            path: "videoid::model::RequestPk".into(),
            docs: String::new(),
            numeric: true,
            secret: false,
            tier: 1,
        };
        let operation = Operation {
            name: "get_file".into(),
            api: Api::RegistrationAuthority,
            docs: String::new(),
            tier: 2,
            class: "safe".into(),
            method: "GET".into(),
            route: "/".into(),
            legacy_route: None,
            when_lost: String::new(),
            params: vec![
                param("request_pk", Type::Id("RequestPk".into())),
                param("rao_id", Type::Option(Box::new(Type::Text))),
                param("document", Type::Source),
                param("path", Type::Path),
                param("images_dir", Type::Option(Box::new(Type::Path))),
            ],
            result: Type::Struct("Document".into()),
        };
        Ir { ids: vec![id], operations: vec![operation], ..Ir::default() }
    }

    #[test]
    fn an_argument_is_asked_for_by_its_name_and_left_out_where_it_may_be() {
        let text = kotlin(&ir());
        let call = "parsed(ra().getFile(RequestPk(args.number(\"request_pk\")), if (args.has(\"rao_id\")) args.text(\"rao_id\") else null, \
                    args.source(\"document\"), args.file(\"path\"), if (args.has(\"images_dir\")) args.file(\"images_dir\") else null, options).toJson())";
        assert!(text.contains(call), "{text}");
        assert!(text.contains("\"get_file\" -> {\n        args.only(\"request_pk\", \"rao_id\", \"document\", \"path\", \"images_dir\")"));
    }

    #[test]
    fn labels_follow_the_guidelines_of_swift() {
        let text = swift(&ir());
        let call = "return try wire(await ra().getFile(RequestPk(args.number(\"request_pk\")), raoID: args.has(\"rao_id\") ? args.text(\"rao_id\") : nil, \
                    document: args.source(\"document\"), to: args.file(\"path\"), imagesTo: args.has(\"images_dir\") ? args.file(\"images_dir\") : nil, options: options))";
        assert!(text.contains(call), "{text}");
    }
}
