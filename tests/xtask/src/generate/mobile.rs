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
/// What the packages for capture apps have too.
const KOTLIN_SHARED: &str = "bindings-mobile/android/src/shared/kotlin/dev/videoid";
/// What only the packages for the JVM and for servers have.
const KOTLIN_CLIENT: &str = "bindings-mobile/android/src/main/kotlin/dev/videoid";
const SWIFT: &str = "bindings-mobile/swift/Sources";

/// Its files.
pub(super) fn outputs(ir: &Ir) -> Vec<(PathBuf, String)> {
    let (first, client) = (ir.types_of(0..=1), ir.types_of(2..=u8::MAX));
    let mut out = vec![
        (PathBuf::from(FOLDER).join("mod.rs"), module(ir)),
        (PathBuf::from(FOLDER).join("ids.rs"), values::ids(ir)),
        (PathBuf::from(FOLDER).join("enums.rs"), values::enums(&first)),
        (PathBuf::from(FOLDER).join("client_enums.rs"), values::enums(&client)),
        (PathBuf::from("bindings-mobile/uniffi.toml"), config(ir, "videoid_mobile", "VideoIDFFI")),
        (PathBuf::from("bindings-mobile/capture/uniffi.toml"), config(&first, "videoid_capture", "VideoIDCaptureFFI")),
        (PathBuf::from(KOTLIN_SHARED).join("Ids.kt"), values::kotlin_ids(&first)),
        (PathBuf::from(KOTLIN_CLIENT).join("ClientIds.kt"), values::kotlin_ids(&client)),
        (PathBuf::from(KOTLIN_SHARED).join("Json.kt"), facades::kotlin_json(&first)),
        (PathBuf::from(KOTLIN_CLIENT).join("ClientJson.kt"), facades::kotlin_json(&client)),
        (PathBuf::from(SWIFT).join("VideoIDNative/Shared/Ids.swift"), values::swift_ids(&first)),
        (PathBuf::from(SWIFT).join("VideoIDNative/ClientIds.swift"), values::swift_ids(&client)),
        (PathBuf::from(SWIFT).join("VideoID/Shared/Models.swift"), facades::swift_models(&first, true)),
        (PathBuf::from(SWIFT).join("VideoID/ClientModels.swift"), facades::swift_models(&client, false)),
        (PathBuf::from(SWIFT).join("VideoID/Shared/WireJSON.swift"), facades::swift_json(&first, true)),
        (PathBuf::from(SWIFT).join("VideoID/ClientWireJSON.swift"), facades::swift_json(&client, false)),
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
    let mut text = "//! Mirrors of the core's types and operations, for UniFFI.\n\n#[cfg(feature = \"full\")]\nmod client_enums;\nmod enums;\nmod ids;\n#[cfg(feature = \"full\")]\nmod one_shot_operations;\n#[cfg(feature = \"full\")]\nmod operations;\n".to_owned();
    let names: Vec<_> = ir.structs.iter().map(|s| (snake(&s.name), if s.tier > 1 { "#[cfg(feature = \"full\")]\n" } else { "" })).collect();
    for (module, only) in &names {
        text += &format!("{only}mod {module};\n");
    }
    text += "#[cfg(feature = \"full\")]\npub use client_enums::*;\npub use enums::*;\npub use ids::*;\n";
    for (module, only) in &names {
        text += &format!("{only}pub use {module}::*;\n");
    }
    text
}

/// How UniFFI names packages and modules, and that ids have types of their own in both languages.
fn config(ir: &Ir, library: &str, header: &str) -> String {
    let mut text = format!(
        "# {HEADER}

[bindings.kotlin]
package_name = \"dev.videoid\"
cdylib_name = \"{library}\"
generate_immutable_records = true
kotlin_target_version = \"2.0.0\"

[bindings.swift]
module_name = \"VideoIDNative\"
ffi_module_name = \"{header}\"

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
