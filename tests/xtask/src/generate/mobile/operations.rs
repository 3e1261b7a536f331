//! The client's methods.

use super::super::ir::{Api, Ir, Operation, Param, Type};
use super::records::{into_core, rust_type};
use super::rust_docs;

/// The exported methods of a client, each a call of the core's.
pub(super) fn methods(ir: &Ir, api: Api) -> String {
    let mut text = "//! The operations of `CLIENT`.
#[allow(unused_imports, reason = \"what is used depends on the operations\")]
use std::{path::Path, sync::Arc};
#[allow(unused_imports, reason = \"what is used depends on the operations\")]
use super::*;
use crate::MODULE::CLIENT;
use crate::error::VideoIdError;
use crate::evidence::Evidence;
use crate::options::CallOptions;
use crate::source::Source;

#[uniffi::export]
impl CLIENT {
"
    .replace("MODULE", if api == Api::OneShot { "one_shot" } else { "client" })
    .replace("CLIENT", api.client());
    for operation in ir.of(api) {
        text += &method(operation);
    }
    text + "}\n"
}

fn method(operation: &Operation) -> String {
    let mut text = rust_docs(&operation.docs, "    ");
    let optional: String = operation.params.iter().filter(|p| p.optional).map(|p| format!("{} = None, ", p.name)).collect();
    text += &format!("    #[uniffi::method(default({optional}options = None))]\n    pub async fn {}(&self, ", operation.name);
    for param in &operation.params {
        text += &format!("{}: {}, ", param.name, rust_type(&param.ty));
    }
    text += &format!("options: Option<CallOptions>) -> Result<{}, VideoIdError> {{\n", rust_type(&operation.result));
    text += "        let client = self.core().clone();\n        let options = CallOptions::for_core(options);\n";
    for param in &operation.params {
        if let Type::Enum(_) | Type::Struct(_) = param.ty.inner() {
            let value = into_core(&param.ty, &param.name);
            text += &format!("        let {}: {} = {value};\n", param.name, core_type(&param.ty));
        }
    }
    let args: String = operation.params.iter().map(|p| format!("{}, ", argument(p))).collect();
    text += &format!(
        "        crate::guard::run(async move {{ client.{}({args}&options).await.map(Into::into) }}).await\n    }}\n\n",
        operation.name
    );
    text
}

fn core_type(ty: &Type) -> String {
    match ty {
        Type::Option(inner) => format!("Option<{}>", core_type(inner)),
        Type::Enum(name) | Type::Struct(name) => format!("videoid::model::{name}"),
        other => rust_type(other),
    }
}

/// How a parameter is handed to the core.
fn argument(param: &Param) -> String {
    let name = &param.name;
    match (&param.ty, param.by_ref) {
        (Type::Option(inner), true) => match &**inner {
            Type::Path => format!("{name}.as_deref().map(Path::new)"),
            Type::Text => format!("{name}.as_deref()"),
            Type::Source => format!("{name}.as_ref().map(|source| source.core())"),
            _ => format!("{name}.as_ref()"),
        },
        (Type::Path, _) => format!("Path::new(&{name})"),
        (Type::Source | Type::Evidence, _) => format!("{name}.core()"),
        (Type::List(inner), false) if **inner == Type::Source => format!("{name}.iter().map(|source| source.core().clone()).collect()"),
        (_, true) => format!("&{name}"),
        (_, false) => name.clone(),
    }
}
