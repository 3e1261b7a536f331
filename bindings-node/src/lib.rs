//! The native addon of the Node package `videoid`. Nothing here decides anything: it carries values between JavaScript and the
//! core, and keeps the rules of both: no panic crosses the border, the event loop is never blocked, callbacks are weak.
//!
//! The package's public API is in `ts/`; what is exported here is for its use alone.

#![allow(missing_debug_implementations, unreachable_pub, reason = "what is exported is for JavaScript, through napi's own tables")]
#![cfg_attr(test, allow(dead_code, reason = "those tables are left out of a test program"))]

mod bundle;
mod call;
mod client;
mod convert;
mod error;
mod evidence;
mod flows;
#[allow(clippy::all, clippy::pedantic, reason = "what a rule writes is as uniform as the rule")]
#[rustfmt::skip]
mod generated;
mod listing;
mod one_shot;
mod one_shot_workflow;
mod reopened;
mod rules;
mod source;
mod webhook;
mod workflow;

use napi_derive::napi;

/// Version of the addon, which has to be the package's.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
