//! What the library knows of itself.

use crate::generated::{Flow, Status, WayOn};

/// An error code with its category and meaning.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ErrorCodeInfo {
    /// The stable code.
    pub code: String,
    /// Its category.
    pub category: String,
    /// What it means.
    pub meaning: String,
}

/// Every error code of this version.
#[uniffi::export]
pub fn error_codes() -> Vec<ErrorCodeInfo> {
    let info = |code: &videoid::ErrorCode| ErrorCodeInfo {
        code: code.as_str().to_owned(),
        category: code.category().as_str().to_owned(),
        meaning: code.meaning().trim().to_owned(),
    };
    videoid::ErrorCode::ALL.iter().map(info).collect()
}

/// An operation of the service.
#[cfg(feature = "full")]
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OperationInfo {
    /// Its name in `snake_case`; its method's is the same in camelCase.
    pub name: String,
    /// `safe` (the client repeats it by itself), `reconcile` (look before repeating) or `never` (never repeated).
    pub repeat: String,
    /// HTTP method.
    pub method: String,
    /// The client that has it: `registration_authority` or `one_shot`.
    pub api: String,
    /// Path below the base, with `{…}` for ids; of the One-Shot API in its dialect Current, and empty where that has no such call.
    pub route: String,
    /// Path in the dialect Legacy of the One-Shot API.
    pub legacy_route: Option<String>,
    /// `api` or `upload`.
    pub host: String,
    /// HTTP statuses of the errors that the documents name.
    pub errors: Vec<u16>,
    /// What to look at when the answer was lost; empty where the operation may be repeated.
    pub when_lost: String,
}

/// All operations that Kotlin and Swift have: what administers a registration authority is for servers.
#[cfg(feature = "full")]
#[uniffi::export]
pub fn operations() -> Vec<OperationInfo> {
    let info = |operation: &videoid::Operation| OperationInfo {
        name: operation.name.to_owned(),
        repeat: operation.class.as_str().to_owned(),
        method: operation.method.to_owned(),
        api: if operation.api == videoid::Api::OneShot { "one_shot" } else { "registration_authority" }.to_owned(),
        route: operation.route.to_owned(),
        legacy_route: operation.legacy_route.map(str::to_owned),
        host: if operation.host == videoid::Host::Upload { "upload" } else { "api" }.to_owned(),
        errors: operation.errors.to_vec(),
        when_lost: operation.when_lost.to_owned(),
    };
    videoid::OPERATIONS.iter().filter(|operation| operation.tier <= 2).map(info).collect()
}

/// The operations that the documents allow next, in `snake_case`. Advice, not a rule: the server decides.
#[uniffi::export]
pub fn status_next_steps(status: Status) -> Vec<String> {
    videoid::model::Status::from(status).next_steps()
}

/// Whether nothing more is to be done by the registration authority.
#[uniffi::export]
pub fn status_is_final(status: Status) -> bool {
    videoid::model::Status::from(status).is_final()
}

/// What can be done for a request of that flow that stands in this status and does not go ahead. Advice, not a rule.
#[uniffi::export]
pub fn status_ways_on(status: Status, flow: Flow) -> Vec<WayOn> {
    videoid::model::Status::from(status).ways_on(&flow.into()).into_iter().map(Into::into).collect()
}

/// The status of that word of the service.
#[uniffi::export]
pub fn status_from_word(word: String) -> Status {
    videoid::model::Status::from(word.as_str()).into()
}

/// The version of the library.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
