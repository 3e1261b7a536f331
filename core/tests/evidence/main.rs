//! Evidence from the outside: what is built, what is refused, what a bundle keeps.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod bundle;
mod changes;
mod damage;
mod data;
mod images;
mod support;
mod vectors;
mod video;
