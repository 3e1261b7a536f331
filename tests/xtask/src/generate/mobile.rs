//! The crate of the Kotlin and Swift packages: records, enums and ids for UniFFI, the client's methods, the id types of
//! both languages, and the operations of their scenarios.
//!
//! A record shows in Kotlin and Swift what [`records`] writes as its `Display`, which leaves out what is sensitive: the data
//! class that UniFFI would make otherwise prints every field.

mod facades;
mod operations;
mod records;
mod scenarios;
mod values;

use std::path::PathBuf;

use super::HEADER;
use super::ir::{Api, Ir, snake};

pub(super) use scenarios::first_small;

const FOLDER: &str = "bindings-mobile/src/generated";

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let mut out = vec![
        (PathBuf::from(FOLDER).join("mod.rs"), module(ir)),
        (PathBuf::from(FOLDER).join("ids.rs"), values::ids(ir)),
        (PathBuf::from(FOLDER).join("enums.rs"), values::enums(ir)),
        (PathBuf::from("bindings-mobile/uniffi.toml"), config(ir)),
        (PathBuf::from("bindings-mobile/android/src/main/kotlin/dev/videoid/Ids.kt"), values::kotlin_ids(ir)),
        (PathBuf::from("bindings-mobile/android/src/main/kotlin/dev/videoid/Json.kt"), facades::kotlin_json(ir)),
        (PathBuf::from("bindings-mobile/swift/Sources/VideoIDNative/Ids.swift"), values::swift_ids(ir)),
        (PathBuf::from("bindings-mobile/swift/Sources/VideoID/Models.swift"), facades::swift_models(ir)),
        (PathBuf::from("bindings-mobile/swift/Sources/VideoID/WireJSON.swift"), facades::swift_json(ir)),
        (PathBuf::from("bindings-mobile/android/src/test/kotlin/dev/videoid/tests/Operations.kt"), scenarios::kotlin(ir)),
        (PathBuf::from("bindings-mobile/android/src/test/kotlin/dev/videoid/tests/OneShotOperations.kt"), scenarios::kotlin_one_shot(ir)),
        (PathBuf::from("bindings-mobile/swift/Tests/VideoIDTests/Operations.swift"), scenarios::swift(ir)),
        (PathBuf::from("bindings-mobile/swift/Tests/VideoIDTests/OneShotOperations.swift"), scenarios::swift_one_shot(ir)),
    ];
    for api in Api::ALL {
        out.push((PathBuf::from(FOLDER).join(format!("{}.rs", api.module())), operations::methods(ir, api)));
    }
    for item in &ir.structs {
        out.push((PathBuf::from(FOLDER).join(format!("{}.rs", snake(&item.name))), records::record(ir, item)));
    }
    out
}

fn module(ir: &Ir) -> String {
    let mut text = "//! Mirrors of the core's types and operations, for UniFFI.\n\nmod enums;\nmod ids;\n#[cfg(feature = \"full\")]\nmod one_shot_operations;\n#[cfg(feature = \"full\")]\nmod operations;\n".to_owned();
    let names: Vec<_> = ir.structs.iter().map(|s| (snake(&s.name), &s.name)).collect();
    for (module, _) in &names {
        text += &format!("mod {module};\n");
    }
    text += "pub use enums::*;\npub use ids::*;\n";
    for (module, _) in &names {
        text += &format!("pub use {module}::*;\n");
    }
    text
}

/// How UniFFI names packages and modules, and that ids have types of their own in both languages.
fn config(ir: &Ir) -> String {
    let mut text = format!(
        "# {HEADER}

[bindings.kotlin]
package_name = \"dev.videoid\"
cdylib_name = \"videoid_mobile\"
generate_immutable_records = true
kotlin_target_version = \"2.0.0\"

[bindings.swift]
module_name = \"VideoIDNative\"
ffi_module_name = \"VideoIDFFI\"

[bindings.swift.rename]
"
    );
    // Every Swift value has a `description` of its own.
    for item in ir.structs.iter().filter(|item| item.fields.iter().any(|field| field.name == "description")) {
        text += &format!("\"{}.description\" = \"description_text\"\n", item.name);
    }
    for id in &ir.ids {
        let name = &id.name;
        text += &format!(
            "\n[bindings.kotlin.custom_types.{name}]\nlift = \"{name}({{}})\"\nlower = \"{{}}.value\"\n\n[bindings.swift.custom_types.{name}]\nlift = \"{name}({{}})\"\nlower = \"{{}}.rawValue\"\n"
        );
    }
    text
}

/// Documentation as Rust writes it.
fn rust_docs(docs: &str, indent: &str) -> String {
    docs.lines().map(|line| format!("{indent}/// {line}\n").replace("/// \n", "///\n")).collect()
}
