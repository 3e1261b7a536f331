//! The External VideoID workflow: a machine without I/O, and a driver that runs it against a client.
//!
//! The machine says what is to be done next and is told what came of it. Before each call that changes something it asks for its
//! state to be kept, and again after it, so that another process or language can go on where this one stopped. The state holds
//! ids, the step and digests; no evidence and no credentials.

#[cfg(feature = "client")]
mod digest;
#[cfg(feature = "client")]
mod driver;
mod machine;
#[cfg(feature = "client")]
mod officer;
mod outcome;

#[cfg(feature = "client")]
pub use driver::{EventFn, ExternalVideoId, StoreFn};
pub use machine::{Action, CallKind, Event, Goal, Machine, Seen};
pub use outcome::{
    ClassicDocument, EvidenceDocument, OfficerOutcome, Progressed, Started, Submission, WaitLimits, WorkflowEvent,
};
