//! What the generator knows of the core: types, operations and error codes, read from its sources.
//!
//! Everything is sorted as it stands in the sources, files in the order of their names, so that the output is the same on
//! every machine.

/// The whole of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ir {
    /// Every struct that crosses the border of a language, each after those that it holds.
    pub(crate) structs: Vec<Struct>,
    /// Every enum of words.
    pub(crate) enums: Vec<WordEnum>,
    /// Every typed id.
    pub(crate) ids: Vec<Id>,
    /// Every operation of `OPERATIONS`, in the table's order.
    pub(crate) operations: Vec<Operation>,
    /// Every error code, in the order of the documentation.
    pub(crate) error_codes: Vec<ErrorCode>,
    /// Every category of errors.
    pub(crate) error_categories: Vec<Word>,
    /// What an error's `wire` can be.
    pub(crate) wire_states: Vec<Word>,
}

/// A struct with named fields.
#[derive(Debug, Clone)]
pub(crate) struct Struct {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its path in Rust, for example `videoid::model::Request`.
    pub(crate) path: String,
    /// Its documentation, without Rust's links.
    pub(crate) docs: String,
    /// Its fields in order; a flattened `extra` is among them, as the last one.
    pub(crate) fields: Vec<Field>,
    /// Whether callers make it: it is (part of) a parameter or of the settings. Otherwise they are only given it.
    pub(crate) input: bool,
    /// The lowest tier that has it.
    pub(crate) tier: u8,
    /// Whether `Default` is there. Otherwise the fields without `has_default` are needed to make one.
    pub(crate) has_default: bool,
}

/// A field of a struct.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name in Rust, in `snake_case`.
    pub(crate) name: String,
    /// Its name in JSON.
    pub(crate) wire_name: String,
    /// Its type.
    pub(crate) ty: Type,
    /// Its documentation, without Rust's links.
    pub(crate) docs: String,
    /// Whether its type is `Option`.
    pub(crate) optional: bool,
    /// Whether it may be left out when the struct is read from JSON or made by a caller.
    pub(crate) has_default: bool,
    /// What it is when it is left out, where that is known.
    pub(crate) default: Option<Default>,
    /// Whether it must not be shown in `repr`, `inspect`, `toString` and the like.
    pub(crate) sensitive: bool,
    /// Whether it is the flattened `extra`: its members stand beside the named fields in JSON.
    pub(crate) flatten: bool,
}

/// The value of a field that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Default {
    /// `None`, or an unset time limit.
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Text.
    Text(String),
    /// The word of an enum.
    Word(String),
    /// An empty list, object or byte string.
    Empty,
    /// The default of a struct.
    Struct(String),
}

/// A type, as far as the border of a language is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    /// `String`.
    Text,
    /// `SensitiveString`.
    Secret,
    /// `DocumentBytes`; not to be shown.
    Bytes,
    /// `Sensitive<Vec<u8>>`.
    SecretBytes,
    /// `bool`.
    Bool,
    /// `i64`.
    Int,
    /// `f64`.
    Float,
    /// `Option<T>`.
    Option(Box<Type>),
    /// `Vec<T>`.
    List(Box<Type>),
    /// One of [`Ir::ids`].
    Id(String),
    /// One of [`Ir::enums`].
    Enum(String),
    /// One of [`Ir::structs`].
    Struct(String),
    /// `Extra`: a JSON object.
    Json,
    /// `SimilarityLevel`: a number or a word.
    Similarity,
    /// `Timeout`: milliseconds; absent is unset, 0 is off.
    Timeout,
    /// `Path`; parameters only.
    Path,
    /// `Source`; parameters only.
    Source,
    /// `Evidence`; parameters only.
    Evidence,
}

impl Type {
    /// The type inside `Option`, or the type itself.
    pub(crate) fn inner(&self) -> &Self {
        match self {
            Self::Option(inner) => inner,
            other => other,
        }
    }

    /// Whether its value must not be shown.
    pub(crate) fn is_sensitive(&self) -> bool {
        match self {
            Self::Secret | Self::SecretBytes | Self::Bytes | Self::Json => true,
            Self::Option(inner) | Self::List(inner) => inner.is_sensitive(),
            _ => false,
        }
    }
}

/// An enum whose variants are words on the wire.
#[derive(Debug, Clone)]
pub(crate) struct WordEnum {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its path in Rust.
    pub(crate) path: String,
    /// Its documentation.
    pub(crate) docs: String,
    /// The known words.
    pub(crate) variants: Vec<Word>,
    /// Whether there is a variant `Other(String)` for every other word.
    pub(crate) other: bool,
    /// The lowest tier that has it.
    pub(crate) tier: u8,
}

/// A word and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_field_names, reason = "a word has a word")]
pub(crate) struct Word {
    /// The variant in Rust.
    pub(crate) name: String,
    /// The word on the wire.
    pub(crate) word: String,
    /// What it means.
    pub(crate) docs: String,
}

/// A typed id: a tuple struct over a number or a text.
#[derive(Debug, Clone)]
pub(crate) struct Id {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its path in Rust.
    pub(crate) path: String,
    /// Its documentation.
    pub(crate) docs: String,
    /// Whether it is a number (`i64`); otherwise text.
    pub(crate) numeric: bool,
    /// Whether whoever has it can use it: it does not show itself.
    pub(crate) secret: bool,
    /// The lowest tier that has it.
    pub(crate) tier: u8,
}

/// An API, which has a client of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, std::default::Default)]
pub(crate) enum Api {
    /// The Registration Authority API.
    #[default]
    RegistrationAuthority,
    /// The One-Shot API.
    OneShot,
}

impl Api {
    /// All of them, in the order of the documentation.
    pub(crate) const ALL: [Self; 2] = [Self::RegistrationAuthority, Self::OneShot];

    /// The client's type in the core, and its name in every language.
    pub(crate) const fn client(self) -> &'static str {
        match self {
            Self::RegistrationAuthority => "RegistrationAuthority",
            Self::OneShot => "OneShot",
        }
    }

    /// Where the client's methods are: a folder below the core's sources.
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::RegistrationAuthority => "ra",
            Self::OneShot => "one_shot",
        }
    }

    /// The module of its generated operations in Rust.
    pub(crate) const fn module(self) -> &'static str {
        match self {
            Self::RegistrationAuthority => "operations",
            Self::OneShot => "one_shot_operations",
        }
    }
}

/// An operation of a client.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Whose it is.
    pub(crate) api: Api,
    /// Its documentation: the method's.
    pub(crate) docs: String,
    /// Which languages have it: those of tier 3 are for servers, and Kotlin and Swift leave them out.
    pub(crate) tier: u8,
    /// `safe`, `reconcile` or `never`.
    pub(crate) class: String,
    /// HTTP method.
    pub(crate) method: String,
    /// Documented path; of the One-Shot API in its dialect Current, and empty where that has no such call.
    pub(crate) route: String,
    /// Path in the dialect Legacy of the One-Shot API.
    pub(crate) legacy_route: Option<String>,
    /// What to look at when the answer was lost; empty for safe operations.
    pub(crate) when_lost: String,
    /// Its parameters without `options`, which is always the last one.
    pub(crate) params: Vec<Param>,
    /// What it gives.
    pub(crate) result: Type,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    /// Its name in Rust.
    pub(crate) name: String,
    /// Its type without the reference; `Option` where it may be left out.
    pub(crate) ty: Type,
    /// Whether the Rust method takes a reference (inside the `Option`, where it is one).
    pub(crate) by_ref: bool,
    /// Whether it may be left out.
    pub(crate) optional: bool,
}

/// An error code.
#[derive(Debug, Clone)]
pub(crate) struct ErrorCode {
    /// The stable name.
    pub(crate) code: String,
    /// The category's word.
    pub(crate) category: String,
    /// What it means.
    pub(crate) docs: String,
}

impl Ir {
    /// The same without what is of a higher tier.
    pub(crate) fn up_to(&self, tier: u8) -> Self {
        let mut out = self.clone();
        out.structs.retain(|s| s.tier <= tier);
        out.enums.retain(|e| e.tier <= tier);
        out.ids.retain(|i| i.tier <= tier);
        out.operations.retain(|o| o.tier <= tier);
        out
    }

    /// Only the types of a tier.
    pub(crate) fn types_of(&self, tiers: std::ops::RangeInclusive<u8>) -> Self {
        let mut out = self.clone();
        out.structs.retain(|s| tiers.contains(&s.tier));
        out.enums.retain(|e| tiers.contains(&e.tier));
        out.ids.retain(|i| tiers.contains(&i.tier));
        out
    }

    /// The operations of a client, in the table's order.
    pub(crate) fn of(&self, api: Api) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(move |operation| operation.api == api)
    }

    /// The struct of that name.
    pub(crate) fn find_struct(&self, name: &str) -> Option<&Struct> {
        self.structs.iter().find(|s| s.name == name)
    }

    /// The enum of that name.
    pub(crate) fn find_enum(&self, name: &str) -> Option<&WordEnum> {
        self.enums.iter().find(|e| e.name == name)
    }

    /// The id of that name.
    pub(crate) fn find_id(&self, name: &str) -> Option<&Id> {
        self.ids.iter().find(|i| i.name == name)
    }
}

/// `create_request` → `createRequest`.
pub(crate) fn camel(snake: &str) -> String {
    let mut out = String::new();
    let mut upper = false;
    for c in snake.chars() {
        if c == '_' {
            upper = true;
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// `create_request` → `CreateRequest`.
pub(crate) fn pascal(snake: &str) -> String {
    let camel = camel(snake);
    let mut chars = camel.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `RequestPk` → `request_pk`; `VideoIdData` → `video_id_data`.
pub(crate) fn snake(pascal: &str) -> String {
    let mut out = String::new();
    for (i, c) in pascal.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
