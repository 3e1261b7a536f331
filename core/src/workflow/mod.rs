//! The three workflows of the RA API: a machine without I/O, and a driver that runs it against a client.
//!
//! The machine says what is to be done next and is told what came of it. Before each call that changes something it asks for its
//! state to be kept, and again after it, so that another process or language can go on where this one stopped. The state holds
//! ids, the step and digests; no evidence and no credentials.

#[cfg(feature = "client")]
mod calls;
#[cfg(feature = "client")]
mod classic;
#[cfg(feature = "client")]
mod digest;
#[cfg(feature = "client")]
mod driver;
#[cfg(feature = "client")]
mod eidas;
#[cfg(feature = "client")]
mod external;
#[cfg(feature = "client")]
mod find;
mod machine;
pub mod one_shot;
mod outcome;

#[cfg(feature = "client")]
pub use classic::ClassicRequest;
#[cfg(feature = "client")]
pub use driver::{EventFn, StoreFn};
#[cfg(feature = "client")]
pub use eidas::EidasVideoId;
#[cfg(feature = "client")]
pub use external::ExternalVideoId;
pub use machine::{Action, CallKind, Event, Goal, Inputs, Machine, Rules, Seen, SeenDocument, WantedDocument};
pub use outcome::{ClassicDocument, EvidenceDocument, OfficerOutcome, Progressed, Started, Submission, WaitLimits, WorkflowEvent};
