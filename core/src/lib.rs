//! Remote video identification on the Namirial / Uanataca PKIaaS APIs.
//!
//! A person films an identity document and their face; the evidence is gathered, uploaded to the Registration Authority API, and
//! an officer (RAO) validates, refuses or approves. This crate makes those calls: it films nothing, recognises no text and judges
//! no face.
//!
//! [`RegistrationAuthority`] has one method for each operation; [`workflow::ExternalVideoId`], [`workflow::EidasVideoId`] and
//! [`workflow::ClassicRequest`] run them from the scratchcard to ENROLLREADY. [`evidence::EvidenceBuilder`] checks what is to be
//! uploaded, [`profiles`] what a request lacks, [`webhook`] reads what the service posts, [`OPERATIONS`] says what may be repeated,
//! and [`Error`] says what went wrong and what may have happened on the wire.
//!
//! ```no_run
//! # async fn flow() -> videoid::Result<()> {
//! use videoid::evidence::EvidenceBuilder;
//! use videoid::model::{NewRequest, RaoCredentials};
//! use videoid::workflow::ExternalVideoId;
//! use videoid::{RaConfig, RegistrationAuthority, RequestOptions, Source};
//!
//! let ra = RegistrationAuthority::new(RaConfig::from_env()?)?;
//! let evidence = EvidenceBuilder::new()
//!     .document_front("front.jpg")
//!     .document_rear("rear.jpg")
//!     .document_owner("selfie.jpg")
//!     .similarity_level(87)
//!     .build()?;
//! let flow = ExternalVideoId::new(ra);
//! let options = RequestOptions::new();
//! let request = NewRequest::new("PFnubeQAFCiudadano", "anna@example.com");
//! flow.submit(&request, &evidence, &Source::path("video.mp4"), &options).await?;
//! let rao = RaoCredentials::new("user", "password", "pin", "1400");
//! let outcome = flow.approve(&rao, &options).await?;
//! println!("{}", outcome.status);
//! # Ok(())
//! # }
//! ```
//!
//! Without the feature `client` (on by default) only what a device needs remains: evidence, bundle, statuses, profiles,
//! webhooks, errors.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod config;
mod error;
pub mod evidence;
pub mod model;
#[cfg(feature = "client")]
pub mod one_shot;
mod operations;
mod options;
pub mod profiles;
#[cfg(feature = "client")]
pub mod ra;
mod secret;
mod source;
#[cfg(feature = "client")]
pub mod transport;
pub mod webhook;
pub mod workflow;

pub use config::{OneShotConfig, RaConfig};
pub use error::{Error, ErrorCategory, ErrorCode, FieldIssue, Result, Wire};
#[cfg(feature = "client")]
pub use one_shot::OneShot;
pub use operations::{Api, Class, Host, OPERATIONS, Operation, operation};
pub use options::{HookEvent, HookFn, Progress, ProgressFn, RequestOptions, WaitFor};
#[cfg(feature = "client")]
pub use ra::RegistrationAuthority;
pub use secret::{Sensitive, SensitiveString};
#[cfg(feature = "client")]
pub use source::SourceSender;
pub use source::{Source, SourceReader};
#[cfg(feature = "client")]
pub use transport::CancelToken;
