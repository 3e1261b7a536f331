//! The parts of the Kotlin and Swift façades that follow from the list of types alone.

use super::super::HEADER;
use super::super::ir::{Ir, camel, snake};

/// Types of the mobile crate that no struct of the core stands behind.
const BY_HAND: &[(&str, &str)] = &[
    ("ErrorCodeInfo", "An error code with its category and meaning."),
    ("Extra", "The text of a JSON object: fields that this version has no name for. Empty text is an empty object."),
    ("FieldIssue", "A field and the rule that it breaks. Never the value."),
    ("SensitiveString", "Text that identifies a person or opens a door. It is plain text: take care of where it goes."),
    ("SimilarityLevel", "How alike document photo and selfie are: a number or a word, as given."),
];

/// The same of what only the clients have.
const BY_HAND_OF_CLIENTS: &[(&str, &str)] =
    &[("DocumentBytes", "The bytes of a document."), ("OperationInfo", "An operation of the service.")];

/// Names that would hide one of SwiftUI or Foundation.
const OTHER_NAME: &[(&str, &str)] = &[("Environment", "ServiceEnvironment"), ("Progress", "TransferProgress")];

const SWIFT_PROTOCOL: &str = "
/// A model that is JSON in the names of the wire: the same text in every language of this library.
public protocol WireJSON: Sendable, CustomStringConvertible, CustomReflectable {
    /// The value from JSON.
    ///
    /// - Throws: ``VideoIDError`` with `field_invalid`, which does not show the text, where it cannot be read.
    init(json text: String) throws

    /// The value as JSON, with everything that is in it: personal data too.
    func json() throws -> String
}

extension WireJSON {
    /// What `dump`, debuggers and test frameworks show: no more than `description`, which leaves out what is personal.
    public var customMirror: Mirror { Mirror(self, children: [\"description\": description]) }
}
";

/// Kotlin: each model to JSON and back, as extension functions.
pub(super) fn kotlin_json(ir: &Ir) -> String {
    let mut text = format!(
        "// {HEADER}\npackage dev.videoid\n
// Each model as JSON in the names of the wire, and back: the same text in every language of this library. What is personal is in it.
// What cannot be read fails with `field_invalid`, which does not show the text.\n"
    );
    for (name, function) in sorted(ir) {
        text += &format!(
            "
/** The value as JSON, with everything that is in it: personal data too. */
public fun {name}.toJson(): String = native {{ {function}ToJson(this) }}

/** The value from JSON. */
public fun {name}.Companion.fromJson(json: String): {name} = native {{ {function}FromJson(json) }}
"
        );
    }
    text
}

/// Swift: the same as a protocol, which is in the shared file.
pub(super) fn swift_json(ir: &Ir, shared: bool) -> String {
    let mut text = format!("// {HEADER}\nimport VideoIDNative\n");
    if shared {
        text += SWIFT_PROTOCOL;
    }
    for (name, function) in sorted(ir) {
        text += &format!(
            "
extension {alias}: WireJSON {{
    public init(json text: String) throws {{ self = try native {{ try {function}FromJson(text: text) }} }}

    public func json() throws -> String {{ try native {{ try {function}ToJson(value: self) }} }}
}}
",
            alias = swift_name(&name)
        );
    }
    text
}

/// Swift: the library's data under the names of the public module.
pub(super) fn swift_models(ir: &Ir, shared: bool) -> String {
    let mut text = format!(
        "// {HEADER}
import VideoIDNative

// The library's data: values whose descriptions show nothing personal and no secret. Each field is documented where the type is.\n"
    );
    let by_hand = if shared { BY_HAND } else { BY_HAND_OF_CLIENTS };
    let mut all: Vec<(String, String)> = Vec::new();
    all.extend(ir.structs.iter().map(|s| (s.name.clone(), s.docs.clone())));
    all.extend(ir.enums.iter().map(|e| (e.name.clone(), e.docs.clone())));
    all.extend(ir.ids.iter().map(|i| (i.name.clone(), i.docs.clone())));
    all.extend(by_hand.iter().map(|(name, docs)| ((*name).to_owned(), (*docs).to_owned())));
    all.sort();
    for (name, docs) in all {
        let alias = swift_name(&name);
        let docs: String = docs.lines().map(|line| format!("/// {line}\n").replace("/// \n", "///\n")).collect();
        let why =
            if alias == name { String::new() } else { format!("///\n/// `{name}` in the other languages; here that name is another's.\n") };
        text += &format!("\n{docs}{why}public typealias {alias} = VideoIDNative.{name}\n");
    }
    text
}

/// What the Swift package calls a type of the core.
pub(super) fn swift_name(name: &str) -> String {
    OTHER_NAME.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| to).to_owned()
}

/// The structs in the order of their names, with the stem of their JSON functions.
fn sorted(ir: &Ir) -> Vec<(String, String)> {
    let mut names: Vec<_> = ir.structs.iter().map(|s| (s.name.clone(), camel(&snake(&s.name)))).collect();
    names.sort();
    names
}
