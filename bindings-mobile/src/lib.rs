//! The UniFFI library of the Kotlin and Swift packages: the core's types as records, its calls as async methods.
//!
//! The same sources make two libraries: `videoid-mobile` has everything; `videoid-capture` (in `../capture`, without the feature `full`) has
//! tier 1 for apps on phones: evidence, bundle, profiles, statuses, webhooks, errors. No call, no credentials, no runtime.
//!
//! There is no behaviour here that the core does not have. What is idiomatic in each language (builders, flows, exceptions) is
//! written in that language, over what this crate exports.
#![allow(
    clippy::needless_pass_by_value,
    clippy::result_large_err,
    reason = "what crosses the border is owned by the side that receives it, and goes as it is: an error too"
)]

#[cfg(any(test, not(feature = "full")))]
mod background;
pub mod bundle;
#[cfg(feature = "full")]
pub mod client;
pub mod error;
pub mod evidence;
#[rustfmt::skip]
#[allow(missing_docs, clippy::pedantic, reason = "generated; documented where the core is")]
pub mod generated;
#[cfg(feature = "full")]
mod guard;
pub mod info;
mod json;
#[cfg(feature = "full")]
pub mod listing;
#[cfg(feature = "full")]
pub mod one_shot;
#[cfg(feature = "full")]
pub mod one_shot_workflow;
#[cfg(feature = "full")]
pub mod options;
pub mod profiles;
mod show;
pub mod source;
#[cfg(all(test, feature = "full"))]
mod tests;
pub mod values;
pub mod webhook;
#[cfg(feature = "full")]
pub mod workflow;
#[cfg(not(feature = "full"))]
use background as guard;

uniffi::setup_scaffolding!("videoid");
