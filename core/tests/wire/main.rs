//! What the clients do with a service that behaves badly, over raw sockets: what was sent, what may be repeated, what ends.

mod server;

mod channels;
mod exchanges;
mod workflow;
