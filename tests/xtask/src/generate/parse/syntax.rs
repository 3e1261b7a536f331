//! Small readers of Rust's syntax: attributes, literals, tables.

use std::collections::BTreeMap;

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, ExprLit, GenericArgument, Lit, Pat, PathArguments, Type as SynType};

use super::{Api, Result};

/// The tier that the table's `ra(…)` gives to a row.
const TIER: u8 = 2;

/// A row of `OPERATIONS`.
#[derive(Default, Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) tier: u8,
    pub(super) class: String,
    pub(super) method: String,
    pub(super) route: String,
    pub(super) when_lost: String,
    pub(super) api: Api,
    pub(super) legacy_route: Option<String>,
}

pub(super) fn is_public(vis: &syn::Visibility) -> bool {
    matches!(vis, syn::Visibility::Public(_))
}

pub(super) fn derives(attrs: &[Attribute], name: &str) -> bool {
    let mut found = false;
    for attr in attrs.iter().filter(|a| a.path().is_ident("derive")) {
        let _ = attr.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|s| s.ident == name);
            Ok(())
        });
    }
    found
}

/// The last segment of a path type, without arguments.
pub(super) fn type_name(ty: &SynType) -> String {
    match ty {
        SynType::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

pub(super) fn type_argument(ty: &SynType, index: usize) -> Option<&SynType> {
    let SynType::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    match arguments.args.iter().nth(index)? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

/// The doc comment as text, with Rust's links turned into plain names.
pub(super) fn docs(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|a| a.path().is_ident("doc")) {
        if let syn::Meta::NameValue(meta) = &attr.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value
        {
            let text = text.value();
            lines.push(text.strip_prefix(' ').unwrap_or(&text).trim_end().to_owned());
        }
    }
    unlink(lines.join("\n").trim())
}

/// `[text](target)` → `text`, `[Name]` in ticks → the name in ticks.
pub(super) fn unlink(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let Some(end) = from.find(']') else {
            out.push_str(from);
            return out;
        };
        let (label, after) = (&from[1..end], &from[end + 1..]);
        if let Some(target) = after.strip_prefix('(')
            && let Some(close) = target.find(')')
        {
            out.push_str(label);
            rest = &target[close + 1..];
        } else if label.starts_with('`') {
            out.push_str(label);
            rest = after;
        } else {
            out.push_str(&from[..=end]);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// What `#[serde(…)]` says.
#[derive(Default)]
pub(super) struct Serde {
    pub(super) default: bool,
    pub(super) flatten: bool,
    pub(super) rename: Option<String>,
    pub(super) read_with: Option<String>,
}

impl Serde {
    pub(super) fn read(attrs: &[Attribute]) -> Result<Self> {
        let mut out = Self::default();
        for attr in attrs.iter().filter(|a| a.path().is_ident("serde")) {
            attr.parse_nested_meta(|meta| {
                let value = if meta.input.peek(syn::Token![=]) { Some(meta.value()?.parse::<syn::LitStr>()?.value()) } else { None };
                if meta.path.is_ident("default") {
                    out.default = true;
                } else if meta.path.is_ident("flatten") {
                    out.flatten = true;
                } else if meta.path.is_ident("rename") {
                    out.rename = value;
                } else if meta.path.is_ident("deserialize_with") {
                    out.read_with = value;
                }
                Ok(())
            })
            .map_err(|e| e.to_string())?;
        }
        Ok(out)
    }
}

/// The arms `Self::Variant => "word"` of the first match in a block.
pub(super) fn match_words(block: &syn::Block) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for statement in &block.stmts {
        let syn::Stmt::Expr(Expr::Match(matched), _) = statement else { continue };
        for arm in &matched.arms {
            if let (Pat::Path(path), Expr::Lit(ExprLit { lit: Lit::Str(word), .. })) = (&arm.pat, &*arm.body)
                && let Some(variant) = path.path.segments.last()
            {
                out.insert(variant.ident.to_string(), word.value());
            }
        }
    }
    out
}

/// The fields of the struct literal that a block ends with.
pub(super) fn struct_literal(block: &syn::Block) -> BTreeMap<String, Expr> {
    match block.stmts.last() {
        Some(syn::Stmt::Expr(Expr::Struct(literal), None)) => fields_of(literal),
        _ => BTreeMap::new(),
    }
}

pub(super) fn fields_of(literal: &syn::ExprStruct) -> BTreeMap<String, Expr> {
    let name = |member: &syn::Member| match member {
        syn::Member::Named(name) => name.to_string(),
        syn::Member::Unnamed(index) => index.index.to_string(),
    };
    literal.fields.iter().map(|f| (name(&f.member), f.expr.clone())).collect()
}

pub(super) fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(value), .. }) => value.base10_parse().ok(),
        Expr::Paren(inner) => integer(&inner.expr),
        Expr::Binary(binary) => {
            let (left, right) = (integer(&binary.left)?, integer(&binary.right)?);
            match binary.op {
                syn::BinOp::Shl(_) => Some(left << right),
                syn::BinOp::Mul(_) => left.checked_mul(right),
                syn::BinOp::Add(_) => left.checked_add(right),
                _ => None,
            }
        }
        _ => None,
    }
}

pub(super) fn array(expr: &Expr) -> Option<&syn::punctuated::Punctuated<Expr, syn::Token![,]>> {
    match expr {
        Expr::Reference(reference) => array(&reference.expr),
        Expr::Array(array) => Some(&array.elems),
        _ => None,
    }
}

/// A row of the table: `ra(…)`, `lost(…, "…")` or a struct literal on top of one of them.
pub(super) fn row(expr: &Expr) -> Result<Row> {
    let text = |expr: &Expr| match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text.value()),
        _ => Err("operations.rs: text expected".to_owned()),
    };
    match expr {
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else { return Err("operations.rs: a call that is not understood".into()) };
            let args: Vec<&Expr> = call.args.iter().collect();
            match (function.path.segments.last().map(|s| s.ident.to_string()).as_deref(), args.as_slice()) {
                (Some(api @ ("ra" | "one")), [name, class, method, route, more @ ..]) => Ok(Row {
                    name: text(name)?,
                    tier: TIER,
                    class: match class {
                        Expr::Path(path) => path.path.segments.last().map(|s| s.ident.to_string().to_lowercase()).unwrap_or_default(),
                        _ => return Err("operations.rs: class expected".into()),
                    },
                    method: text(method)?,
                    route: text(route)?,
                    api: if api == "one" { Api::OneShot } else { Api::RegistrationAuthority },
                    legacy_route: match more {
                        [legacy, ..] if api == "one" => Some(text(legacy)?),
                        _ => None,
                    },
                    ..Row::default()
                }),
                (Some("lost"), [inner, when_lost]) => Ok(Row { when_lost: text(when_lost)?, ..row(inner)? }),
                _ => Err("operations.rs: a call that is not understood".into()),
            }
        }
        Expr::Struct(literal) => {
            let below = row(literal.rest.as_deref().ok_or("operations.rs: a row that is written out")?)?;
            let tier = match fields_of(literal).get("tier") {
                Some(tier) => integer(tier).and_then(|tier| u8::try_from(tier).ok()).ok_or("operations.rs: tier expected")?,
                None => below.tier,
            };
            Ok(Row { tier, ..below })
        }
        _ => Err("operations.rs: a row that is not understood".into()),
    }
}

/// The body of `error_codes! { … }`.
pub(super) struct CodeList(pub(super) Vec<(String, String, String)>);

impl Parse for CodeList {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut out = Vec::new();
        while !input.is_empty() {
            let attrs = input.call(Attribute::parse_outer)?;
            let _variant: syn::Ident = input.parse()?;
            input.parse::<syn::Token![=]>()?;
            let code: syn::LitStr = input.parse()?;
            input.parse::<syn::Token![,]>()?;
            let category: syn::Ident = input.parse()?;
            input.parse::<syn::Token![;]>()?;
            out.push((code.value(), category.to_string(), docs(&attrs)));
        }
        Ok(Self(out))
    }
}
