//! Checks that an upload is what it claims to be.

pub(crate) mod image;
pub(crate) mod mp4;
pub(crate) mod synthetic;
