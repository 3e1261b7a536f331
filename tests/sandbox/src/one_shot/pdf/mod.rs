//! PDF files: read, signed by an incremental update, and the text that a contract shows.

pub(crate) mod file;
pub(crate) mod object;
pub(crate) mod sign;
pub(crate) mod stamp;
