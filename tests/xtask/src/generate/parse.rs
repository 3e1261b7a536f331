//! Reads the core's sources into the [`Ir`].

mod roots;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::{Expr, ExprLit, Fields, FnArg, ImplItem, Item, ItemEnum, ItemStruct, Lit, Pat, ReturnType, Type as SynType};

use roots::{CAPTURE_ROOTS, INPUT_ROOTS, OUTPUT_ROOTS, PLACES};
use syntax::{CodeList, Row, Serde, array, derives, docs, integer, is_public, match_words, row, struct_literal, type_argument, type_name};

use super::ir::{self, Api, ErrorCode, Field, Id, Ir, Operation, Param, Struct, Type, Word, WordEnum};

type Result<T> = std::result::Result<T, String>;

/// What was found of one type before names are resolved.
enum Found {
    Struct(ItemStruct, String),
    Enum(WordEnum),
    Id(Id),
}

/// Everything that the sources hold.
#[derive(Default)]
pub(super) struct Sources {
    order: Vec<String>,
    types: BTreeMap<String, Found>,
    /// Structs with `Default`, and the values of its fields where they are written out.
    defaults: BTreeMap<String, BTreeMap<String, Expr>>,
    /// The variant marked `#[default]`.
    enum_defaults: BTreeMap<String, String>,
    /// `as_str` of an enum: variant → word.
    words: BTreeMap<String, BTreeMap<String, String>>,
    methods: Vec<(Api, syn::ImplItemFn)>,
    table: Vec<Row>,
    ir: Ir,
}

/// Reads the core below `core_src`.
pub(super) fn read(core_src: &Path) -> Result<Ir> {
    let mut sources = Sources::default();
    for (place, module) in PLACES {
        // A folder inside another one may export its types elsewhere.
        let inner: Vec<_> = PLACES.iter().filter(|(other, _)| other.len() > place.len()).map(|(other, _)| core_src.join(other)).collect();
        for file in rust_files(&core_src.join(place))?.into_iter().filter(|file| !inner.iter().any(|folder| file.starts_with(folder))) {
            sources.add_types(&parse_file(&file)?, module);
        }
    }
    for file in Api::ALL.iter().map(|api| rust_files(&core_src.join(api.folder()))).collect::<Result<Vec<_>>>()?.concat() {
        sources.add_methods(&parse_file(&file)?);
    }
    sources.add_table(&parse_file(&core_src.join("operations.rs"))?)?;
    sources.add_errors(&parse_file(&core_src.join("error/codes.rs"))?, &parse_file(&core_src.join("error/mod.rs"))?)?;
    sources.nothing_missing()?;
    sources.finish()
}

/// The Rust files of a folder and its folders in the order of their names, or the file itself; nothing where it is not there.
fn rust_files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let Ok(entries) = std::fs::read_dir(path) else { return Ok(Vec::new()) };
    let mut paths: Vec<_> = entries.map(|e| e.map(|e| e.path()).map_err(|e| e.to_string())).collect::<Result<_>>()?;
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            out.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    Ok(out)
}

fn parse_file(path: &Path) -> Result<syn::File> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    syn::parse_file(&text).map_err(|e| format!("{}: {e}", path.display()))
}

impl Sources {
    /// Takes the public types of a file.
    pub(super) fn add_types(&mut self, file: &syn::File, module: &str) {
        for item in &file.items {
            match item {
                Item::Struct(item) if is_public(&item.vis) => self.add_struct(item, module),
                Item::Enum(item) if is_public(&item.vis) => self.add_enum(item, module),
                Item::Impl(item) => self.add_impl(item),
                _ => {}
            }
        }
    }

    fn add_struct(&mut self, item: &ItemStruct, module: &str) {
        let name = item.ident.to_string();
        let found = match &item.fields {
            Fields::Named(_) if derives(&item.attrs, "Serialize") => Found::Struct(item.clone(), format!("{module}::{name}")),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                let numeric = match type_name(&fields.unnamed[0].ty).as_str() {
                    "i64" => true,
                    "String" | "SensitiveString" => false,
                    _ => return,
                };
                // Every id derives Debug but those that must not be seen.
                let secret = !derives(&item.attrs, "Debug");
                Found::Id(Id { path: format!("{module}::{name}"), docs: docs(&item.attrs), numeric, secret, tier: 1, name: name.clone() })
            }
            _ => return,
        };
        if derives(&item.attrs, "Default") {
            self.defaults.entry(name.clone()).or_default();
        }
        self.order.push(name.clone());
        self.types.insert(name, found);
    }

    fn add_enum(&mut self, item: &ItemEnum, module: &str) {
        let name = item.ident.to_string();
        let mut variants = Vec::new();
        let mut other = false;
        for variant in &item.variants {
            match &variant.fields {
                Fields::Unit => {
                    if variant.attrs.iter().any(|a| a.path().is_ident("default")) {
                        self.enum_defaults.insert(name.clone(), variant.ident.to_string());
                    }
                    variants.push(Word { name: variant.ident.to_string(), word: String::new(), docs: docs(&variant.attrs) });
                }
                Fields::Unnamed(_) if variant.ident == "Other" => other = true,
                _ => return,
            }
        }
        self.order.push(name.clone());
        let found = WordEnum { path: format!("{module}::{name}"), docs: docs(&item.attrs), variants, other, tier: 1, name: name.clone() };
        self.types.insert(name, Found::Enum(found));
    }

    /// Takes `as_str` of enums and written-out `Default`s.
    fn add_impl(&mut self, item: &syn::ItemImpl) {
        let name = type_name(&item.self_ty);
        let is_default = item.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("Default"));
        for function in &item.items {
            let ImplItem::Fn(function) = function else { continue };
            if function.sig.ident == "as_str" && item.trait_.is_none() {
                self.words.insert(name.clone(), match_words(&function.block));
            } else if is_default && function.sig.ident == "default" {
                if let Some(syn::Stmt::Expr(Expr::Path(path), None)) = function.block.stmts.last()
                    && let Some(variant) = path.path.segments.last()
                {
                    self.enum_defaults.insert(name.clone(), variant.ident.to_string());
                }
                self.defaults.insert(name.clone(), struct_literal(&function.block));
            }
        }
    }

    /// Takes the clients' methods.
    pub(super) fn add_methods(&mut self, file: &syn::File) {
        for item in &file.items {
            let Item::Impl(item) = item else { continue };
            let name = type_name(&item.self_ty);
            let Some(api) = Api::ALL.into_iter().find(|api| api.client() == name && item.trait_.is_none()) else { continue };
            for function in &item.items {
                if let ImplItem::Fn(function) = function
                    && is_public(&function.vis)
                    && function.sig.asyncness.is_some()
                {
                    self.methods.push((api, function.clone()));
                }
            }
        }
    }

    /// Takes the table `OPERATIONS`.
    pub(super) fn add_table(&mut self, file: &syn::File) -> Result<()> {
        for item in &file.items {
            let Item::Static(item) = item else { continue };
            if item.ident != "OPERATIONS" {
                continue;
            }
            let rows = array(&item.expr).ok_or("operations.rs: OPERATIONS is not an array")?;
            self.table = rows.iter().map(row).collect::<Result<_>>()?;
        }
        Ok(())
    }

    /// Takes codes, categories and wire states.
    pub(super) fn add_errors(&mut self, codes: &syn::File, error: &syn::File) -> Result<()> {
        let mut found = Self::default();
        found.add_types(codes, "videoid");
        found.add_types(error, "videoid");
        self.ir.error_categories = found.take_words("ErrorCategory")?;
        self.ir.wire_states = found.take_words("Wire")?;
        for item in &codes.items {
            let Item::Macro(item) = item else { continue };
            if item.mac.path.is_ident("error_codes") {
                let list: CodeList = item.mac.parse_body().map_err(|e| format!("error/codes.rs: {e}"))?;
                for (code, category, docs) in list.0 {
                    let category =
                        self.ir.error_categories.iter().find(|c| c.name == category).ok_or(format!("{code}: no category {category}"))?;
                    self.ir.error_codes.push(ErrorCode { code, category: category.word.clone(), docs });
                }
            }
        }
        Ok(())
    }

    fn take_words(&mut self, name: &str) -> Result<Vec<Word>> {
        match self.types.remove(name) {
            Some(Found::Enum(found)) => self.complete(found).map(|e| e.variants),
            _ => Err(format!("no enum {name}")),
        }
    }

    /// Fills in the words of an enum.
    fn complete(&self, mut found: WordEnum) -> Result<WordEnum> {
        let words = self.words.get(&found.name).ok_or_else(|| format!("{}: no as_str", found.name))?;
        for variant in &mut found.variants {
            variant
                .word
                .clone_from(words.get(&variant.name).ok_or_else(|| format!("{}::{}: no word in as_str", found.name, variant.name))?);
        }
        Ok(found)
    }

    /// Every root has a type and every row of the table a method: a name that was changed must not drop a type in silence.
    fn nothing_missing(&self) -> Result<()> {
        if let Some(name) = INPUT_ROOTS.iter().chain(OUTPUT_ROOTS).chain(CAPTURE_ROOTS).find(|name| !self.types.contains_key(**name)) {
            return Err(format!("the core has no public type {name} that the generator expects"));
        }
        match self.table.iter().find(|row| !self.methods.iter().any(|(api, method)| *api == row.api && method.sig.ident == row.name)) {
            Some(row) => Err(format!("operations.rs names {}, and {} has no such method", row.name, row.api.client())),
            None => Ok(()),
        }
    }

    /// Resolves the names and keeps what crosses the border.
    pub(super) fn finish(mut self) -> Result<Ir> {
        let methods = std::mem::take(&mut self.methods);
        let mut ir = std::mem::take(&mut self.ir);
        let (mut inputs, mut outputs) = (BTreeSet::new(), BTreeSet::new());
        for (roots, names) in [(INPUT_ROOTS, &mut inputs), (OUTPUT_ROOTS, &mut outputs)] {
            for ty in roots.iter().filter_map(|name| self.named(name)) {
                self.reach(&ty, names)?;
            }
        }
        for row in self.table.clone() {
            let Some((_, method)) = methods.iter().find(|(api, m)| *api == row.api && m.sig.ident == row.name) else { continue };
            ir.operations.push(self.operation(method, row)?);
        }
        // From the lowest tier on: a type belongs to the first one that names it.
        let mut captured = BTreeSet::new();
        for ty in CAPTURE_ROOTS.iter().filter_map(|name| self.named(name)) {
            self.reach(&ty, &mut captured)?;
        }
        let mut tiers: BTreeMap<String, u8> =
            inputs.union(&outputs).map(|name| (name.clone(), if captured.contains(name) { 1 } else { 2 })).collect();
        let mut by_tier: Vec<_> = ir.operations.iter().collect();
        by_tier.sort_by_key(|operation| operation.tier);
        for operation in by_tier {
            for param in &operation.params {
                self.reach(&param.ty, &mut inputs)?;
            }
            self.reach(&operation.result, &mut outputs)?;
            for name in inputs.union(&outputs) {
                tiers.entry(name.clone()).or_insert(operation.tier);
            }
        }
        for name in &self.order {
            let Some(tier) = tiers.get(name).copied() else { continue };
            match self.types.get(name) {
                Some(Found::Struct(item, path)) => {
                    let made = self.make_struct(item, path)?;
                    ir.structs.push(Struct { input: inputs.contains(name), tier, ..made });
                }
                Some(Found::Enum(found)) => ir.enums.push(WordEnum { tier, ..self.complete(found.clone())? }),
                Some(Found::Id(id)) => ir.ids.push(Id { tier, ..id.clone() }),
                None => {}
            }
        }
        ir.structs = holders_last(ir.structs);
        Ok(ir)
    }

    /// The type of that name.
    fn named(&self, name: &str) -> Option<Type> {
        let name = name.to_owned();
        Some(match self.types.get(&name)? {
            Found::Struct(..) => Type::Struct(name),
            Found::Enum(_) => Type::Enum(name),
            Found::Id(_) => Type::Id(name),
        })
    }

    /// Adds the names of all types inside `ty`.
    fn reach(&self, ty: &Type, names: &mut BTreeSet<String>) -> Result<()> {
        match ty {
            Type::Option(inner) | Type::List(inner) => self.reach(inner, names)?,
            Type::Id(name) | Type::Enum(name) => {
                names.insert(name.clone());
            }
            Type::Struct(name) if names.insert(name.clone()) => {
                if let Some(Found::Struct(item, _)) = self.types.get(name) {
                    for field in &item.fields {
                        let ty = self.resolve(&field.ty).map_err(|e| format!("{name}: {e}"))?;
                        self.reach(&ty, names)?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn make_struct(&self, item: &ItemStruct, path: &str) -> Result<Struct> {
        let name = item.ident.to_string();
        let serde = Serde::read(&item.attrs)?;
        let values = self.defaults.get(&name);
        let mut fields = Vec::new();
        for field in &item.fields {
            let own = Serde::read(&field.attrs)?;
            let field_name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let ty = self.resolve(&field.ty).map_err(|e| format!("{name}.{field_name}: {e}"))?;
            let has_default = serde.default || own.default || own.flatten || (matches!(ty, Type::Option(_)) && own.read_with.is_none());
            let default = if has_default {
                let written = if serde.default { values.and_then(|v| v.get(&field_name)) } else { None };
                Some(match written {
                    Some(expr) => {
                        self.constant(expr, &ty).ok_or_else(|| format!("{name}.{field_name}: a default that is not understood"))?
                    }
                    None => self.default_of(&ty),
                })
            } else {
                None
            };
            fields.push(Field {
                wire_name: own.rename.unwrap_or_else(|| field_name.clone()),
                docs: docs(&field.attrs),
                optional: matches!(ty, Type::Option(_)),
                has_default,
                default,
                sensitive: ty.is_sensitive(),
                flatten: own.flatten,
                name: field_name,
                ty,
            });
        }
        Ok(Struct { path: path.to_owned(), docs: docs(&item.attrs), fields, input: false, tier: 1, has_default: values.is_some(), name })
    }

    /// A default that is written out.
    fn constant(&self, expr: &Expr, ty: &Type) -> Option<ir::Default> {
        match expr {
            Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => Some(ir::Default::Bool(value.value)),
            Expr::Path(path) if path.path.is_ident("None") => Some(ir::Default::None),
            Expr::Path(path) => match ty {
                Type::Enum(name) => {
                    Some(ir::Default::Word(self.words.get(name)?.get(&path.path.segments.last()?.ident.to_string())?.clone()))
                }
                _ => None,
            },
            // `String::new()`, `Vec::new()`, `Default::default()`.
            Expr::Call(call) if call.args.is_empty() => Some(self.default_of(ty)),
            _ => integer(expr).map(ir::Default::Int),
        }
    }

    fn default_of(&self, ty: &Type) -> ir::Default {
        match ty {
            Type::Option(_) | Type::Timeout => ir::Default::None,
            Type::Bool => ir::Default::Bool(false),
            Type::Int | Type::Float => ir::Default::Int(0),
            Type::Text | Type::Secret => ir::Default::Text(String::new()),
            Type::Struct(name) => ir::Default::Struct(name.clone()),
            Type::Enum(name) => {
                let variant = self.enum_defaults.get(name);
                let word = variant.and_then(|v| self.words.get(name)?.get(v).cloned());
                word.map_or(ir::Default::Empty, ir::Default::Word)
            }
            _ => ir::Default::Empty,
        }
    }

    /// The type behind a Rust type.
    fn resolve(&self, ty: &SynType) -> Result<Type> {
        let ty = match ty {
            SynType::Reference(reference) => &*reference.elem,
            other => other,
        };
        let name = type_name(ty);
        let inner = |index| type_argument(ty, index).ok_or_else(|| format!("{name} without a type argument"));
        Ok(match name.as_str() {
            "String" | "str" => Type::Text,
            "SensitiveString" => Type::Secret,
            "DocumentBytes" => Type::Bytes,
            "Sensitive" => match type_name(inner(0)?).as_str() {
                "String" => Type::Secret,
                _ => Type::SecretBytes,
            },
            "bool" => Type::Bool,
            "i64" => Type::Int,
            "f64" => Type::Float,
            "Option" => Type::Option(Box::new(self.resolve(inner(0)?)?)),
            "Vec" => Type::List(Box::new(self.resolve(inner(0)?)?)),
            "Extra" => Type::Json,
            "SimilarityLevel" => Type::Similarity,
            "Timeout" => Type::Timeout,
            "Path" | "PathBuf" => Type::Path,
            "Source" => Type::Source,
            "Evidence" => Type::Evidence,
            _ => self.named(&name).ok_or_else(|| format!("a type that no binding can carry: {name}"))?,
        })
    }

    fn operation(&self, method: &syn::ImplItemFn, row: Row) -> Result<Operation> {
        let at = |e: String| format!("{}: {e}", row.name);
        let mut params = Vec::new();
        for arg in &method.sig.inputs {
            let FnArg::Typed(arg) = arg else { continue };
            let Pat::Ident(ident) = &*arg.pat else { return Err(at("a parameter without a name".into())) };
            let name = ident.ident.to_string();
            if type_name(&arg.ty) == "RequestOptions" || matches!(&*arg.ty, SynType::Reference(r) if type_name(&r.elem) == "RequestOptions")
            {
                continue;
            }
            let ty = self.resolve(&arg.ty).map_err(at)?;
            let optional = matches!(ty, Type::Option(_));
            let by_ref = match &*arg.ty {
                SynType::Reference(_) => true,
                other if optional => type_argument(other, 0).is_some_and(|t| matches!(t, SynType::Reference(_))),
                _ => false,
            };
            params.push(Param { name, ty, by_ref, optional });
        }
        let ReturnType::Type(_, result) = &method.sig.output else { return Err(at("no result".into())) };
        let result = type_argument(result, 0).ok_or_else(|| at("no Result".into()))?;
        Ok(Operation {
            docs: docs(&method.attrs),
            api: row.api,
            legacy_route: row.legacy_route.clone(),
            tier: row.tier,
            class: row.class.clone(),
            method: row.method.clone(),
            route: row.route.clone(),
            when_lost: row.when_lost.clone(),
            params,
            result: self.resolve(result).map_err(at)?,
            name: row.name.clone(),
        })
    }
}

/// Puts each struct after those that it holds.
fn holders_last(mut structs: Vec<Struct>) -> Vec<Struct> {
    let mut out: Vec<Struct> = Vec::new();
    while !structs.is_empty() {
        let names: BTreeSet<String> = structs.iter().map(|s| s.name.clone()).collect();
        let free = |s: &Struct| s.fields.iter().all(|f| held(&f.ty).is_none_or(|n| n == s.name || !names.contains(n)));
        let index = structs.iter().position(free).unwrap_or(0);
        out.push(structs.remove(index));
    }
    out
}

fn held(ty: &Type) -> Option<&str> {
    match ty {
        Type::Option(inner) | Type::List(inner) => held(inner),
        Type::Struct(name) => Some(name),
        _ => None,
    }
}
