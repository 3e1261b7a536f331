//! What the library knows of itself.

use crate::generated::Status;

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

/// The names of all operations that Kotlin and Swift have, in `snake_case`: what administers a registration authority is for servers.
#[uniffi::export]
pub fn operations() -> Vec<String> {
    videoid::OPERATIONS.iter().filter(|operation| operation.tier <= 2).map(|operation| operation.name.to_owned()).collect()
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
