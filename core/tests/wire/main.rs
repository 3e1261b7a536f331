//! What the clients do with a service that behaves badly, over raw sockets: what was sent, what may be repeated, what ends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod server;

mod assumptions;
mod channels;
mod exchanges;
mod identity;
mod one_shot;
mod operations;
mod pages;
mod workflow;
