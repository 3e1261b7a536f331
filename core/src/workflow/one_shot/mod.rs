//! The two VideoID workflows of the One-Shot API, to the signed document: a machine without I/O, and a driver that runs it against
//! a client.
//!
//! create, then the user's part (eIDAS: the link; External: evidence and video), approve or refuse, documents, contract, one-time
//! password, signature, signed documents on disk, and deletion where it is asked for. Between them the workflow waits for people:
//! [`OneShotWait`] names for whom.

#[cfg(feature = "client")]
mod calls;
#[cfg(feature = "client")]
mod driver;
mod machine;
mod outcome;
mod state;

#[cfg(feature = "client")]
pub use driver::{OneShotEidas, OneShotExternal};
pub use machine::{OneShotAction, OneShotCall, OneShotEvent, OneShotGoal};
pub use outcome::{OneShotOutcome, OneShotStarted, OneShotWait, SavedDocument, SavedDocuments};
pub use state::{DocumentState, OneShotMachine, OneShotSeen};
