//! Ids and enums of words.

use super::super::HEADER;
use super::super::ir::Ir;
use super::rust_docs;

/// The ids of the core, as UniFFI's custom types over a number or a text.
pub(super) fn ids(ir: &Ir) -> String {
    let mut text = "//! The typed ids. Kotlin and Swift have a type of their own for each.\n".to_owned();
    for id in &ir.ids {
        let (name, inner) = (&id.name, if id.numeric { "i64" } else { "String" });
        let only = if id.tier > 1 { "#[cfg(feature = \"full\")]\n" } else { "" };
        let (lower, lift) = if id.secret { ("id.expose().to_owned()", "::from") } else { ("id.0", "") };
        text += &format!(
            "{only}pub use {path};\n{only}uniffi::custom_type!({name}, {inner}, {{ remote, lower: |id| {lower}, try_lift: |value| Ok({name}{lift}(value)) }});\n",
            path = id.path
        );
    }
    text
}

/// The enums of words, with a variant for words that this version does not know.
pub(super) fn enums(ir: &Ir) -> String {
    let mut text = "//! The service's words. A word that this version does not know is kept as it came.\nuse std::fmt;\n".to_owned();
    for item in &ir.enums {
        let (name, path) = (&item.name, &item.path);
        text += &rust_docs(&item.docs, "");
        text += &format!("#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]\n#[uniffi::export(Display)]\npub enum {name} {{\n");
        for variant in &item.variants {
            text += &rust_docs(&variant.docs, "    ");
            text += &format!("    {},\n", variant.name);
        }
        text += "    /// A word that this version does not know.\n    Other {\n        /// The word.\n        word: String,\n    },\n}\n";
        text += &format!("impl {name} {{\n    fn word(&self) -> &str {{\n        match self {{\n");
        for variant in &item.variants {
            text += &format!("            Self::{} => {:?},\n", variant.name, variant.word);
        }
        text += "            Self::Other { word } => word,\n        }\n    }\n}\n";
        text += &format!(
            "impl fmt::Display for {name} {{\n    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{\n        f.write_str(self.word())\n    }}\n}}\n"
        );
        text += &format!("impl From<{path}> for {name} {{\n    fn from(value: {path}) -> Self {{\n        match value.as_str() {{\n");
        for variant in &item.variants {
            text += &format!("            {:?} => Self::{},\n", variant.word, variant.name);
        }
        text += "            other => Self::Other { word: other.to_owned() },\n        }\n    }\n}\n";
        text += &format!(
            "impl From<{name}> for {path} {{\n    fn from(value: {name}) -> Self {{\n        Self::from(value.word())\n    }}\n}}\n"
        );
    }
    text
}

/// The ids in Kotlin: value classes, so that they cost nothing and cannot be mixed.
pub(super) fn kotlin_ids(ir: &Ir) -> String {
    let mut text = format!("// {HEADER}\npackage dev.videoid\n");
    for id in &ir.ids {
        let (name, inner) = (&id.name, if id.numeric { "Long" } else { "String" });
        let shown = match (id.secret, id.numeric) {
            (true, _) => format!("\"{name}(***)\""),
            (_, true) => "value.toString()".to_owned(),
            _ => "value".to_owned(),
        };
        text += &format!(
            "\n{docs}@JvmInline\npublic value class {name}(\n    /** The id as the service writes it. */\n    val value: {inner},\n) {{\n    override fun toString(): String = {shown}\n}}\n",
            docs = block_docs(&id.docs)
        );
    }
    text
}

/// The ids in Swift.
pub(super) fn swift_ids(ir: &Ir) -> String {
    let mut text = format!("// {HEADER}\n");
    for id in &ir.ids {
        let (name, inner) = (&id.name, if id.numeric { "Int64" } else { "String" });
        let (shown, more, mirror) = match (id.secret, id.numeric) {
            (true, _) => (
                format!("\"{name}(***)\""),
                ", CustomReflectable",
                "\n    /// Does not show it.\n    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }\n",
            ),
            (_, true) => ("String(rawValue)".to_owned(), "", ""),
            _ => ("rawValue".to_owned(), "", ""),
        };
        let docs: String = id.docs.lines().map(|l| format!("/// {l}\n")).collect();
        text += &format!(
            "\n{docs}public struct {name}: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible{more} {{\n    /// The id as the service writes it.\n    public let rawValue: {inner}\n\n    /// From what the service writes.\n    public init(rawValue: {inner}) {{\n        self.rawValue = rawValue\n    }}\n\n    /// From what the service writes.\n    public init(_ rawValue: {inner}) {{\n        self.rawValue = rawValue\n    }}\n\n    public var description: String {{ {shown} }}\n{mirror}}}\n"
        );
    }
    text
}

fn block_docs(docs: &str) -> String {
    let lines: String = docs.lines().map(|l| format!(" * {l}\n")).collect();
    format!("/**\n{lines} */\n")
}
