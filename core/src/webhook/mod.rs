//! Webhooks: what the service posts at each change of a status.
//!
//! They are not signed, so anybody can send one: what a webhook claims counts once a GET of the request shows it.
//! [`parse_webhook`] reads one, `WebhookInbox` wakes those who wait for its request.
//!
//! ```
//! use videoid::model::Status;
//! use videoid::webhook::parse_webhook;
//!
//! let body = br#"{"status":"VIDEOREVIEW","date":"2021-07-20T08:08:21.132394","request":46760}"#;
//! let webhook = parse_webhook(body)?;
//! assert_eq!(webhook.status, Some(Status::VideoReview));
//! assert_eq!(webhook.request_pk, Some(46760.into()));
//! # Ok::<(), videoid::Error>(())
//! ```

#[cfg(feature = "client")]
mod inbox;
mod parse;
mod time;

use serde::{Deserialize, Serialize};

use crate::model::{Extra, RaId, RequestPk, ScratchcardSn, Status};

#[cfg(feature = "client")]
pub(crate) use inbox::Watch;
#[cfg(feature = "client")]
pub use inbox::WebhookInbox;
pub use parse::{MAX_WEBHOOK_BYTES, parse_webhook};

/// What a webhook claims. Both documented bodies and mixtures of them give this; what a body does not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Webhook {
    /// The name of the event as it came, for example `REQUEST_CREATED` or `REQUEST_CANCELED`. It is not a status: REQUEST_CREATED
    /// was seen with the status VIDEOPENDING.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// The status that the request is said to have. Only from a field of that name, never from the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The status that it is said to have had before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_status: Option<Status>,
    /// The request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_pk: Option<RequestPk>,
    /// Its registration authority.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_authority: Option<RaId>,
    /// The card that it consumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scratchcard: Option<ScratchcardSn>,
    /// Its certificate profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// When it is said to have happened or to have been sent (`date`, `sent_at`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<LocalTime>,
    /// The certificates of the request.
    pub certificates: Vec<WebhookCertificate>,
    /// Everything else that the body holds. Unknown fields of the `request` object stand in an object of that name.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A certificate in a webhook.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WebhookCertificate {
    /// Its status, for example `VALID`, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its serial number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// From when it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<LocalTime>,
    /// Until when it is valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<LocalTime>,
    /// Everything else that it holds.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A date and time of day in the service's own time, whose zone no document tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LocalTime {
    /// The text as it came.
    pub text: String,
    /// The same as `YYYY-MM-DDTHH:MM:SS`, with `.ffffff` where it came with a fraction and without a zone, for none is given.
    /// `None` where the text is none of the three forms that were seen, or no date of the calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso: Option<String>,
}
