//! The three ways to a certificate, and the ways on where one does not go ahead.

use super::status::Status;

/// How a request comes to its identity: which of the vendor's three workflows it follows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Flow {
    /// External VideoID: the customer's platform collects evidence and video, and the customer's officer validates.
    #[default]
    ExternalVideoId,
    /// eIDAS VideoID: the user identifies on the vendor's page, and the vendor's operator validates.
    EidasVideoId,
    /// Classic: the officer identifies; the documents are uploaded (`paperless_mode` 1).
    Classic,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl Flow {
    /// The word in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ExternalVideoId => "external_videoid",
            Self::EidasVideoId => "eidas_videoid",
            Self::Classic => "classic",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Flow {
    fn from(word: &str) -> Self {
        match word {
            "external_videoid" => Self::ExternalVideoId,
            "eidas_videoid" => Self::EidasVideoId,
            "classic" => Self::Classic,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Something that can be done for a request that does not go ahead by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WayOn {
    /// Upload the data evidence, for the first time or anew: `upload_evidence`. In the workflow: `submit` again.
    UploadEvidence,
    /// Upload the video, for the first time or anew: `upload_video`. In the workflow: `submit` again.
    UploadVideo,
    /// Change the data of the request: `update_request`. What came from the video identification cannot be changed.
    UpdateRequest,
    /// Hand the user `videoid_link` again: no call of the RA API sends it anew.
    SendLink,
    /// Cancel the request and begin anew with another scratchcard; the first card stays consumed. In the workflow: `cancel`, then
    /// the first step again.
    CancelAndNewCard,
    /// A word that this version does not know, as it came.
    Other(String),
}

impl WayOn {
    /// The word in snake_case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::UploadEvidence => "upload_evidence",
            Self::UploadVideo => "upload_video",
            Self::UpdateRequest => "update_request",
            Self::SendLink => "send_link",
            Self::CancelAndNewCard => "cancel_and_new_card",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for WayOn {
    fn from(word: &str) -> Self {
        match word {
            "upload_evidence" => Self::UploadEvidence,
            "upload_video" => Self::UploadVideo,
            "update_request" => Self::UpdateRequest,
            "send_link" => Self::SendLink,
            "cancel_and_new_card" => Self::CancelAndNewCard,
            other => Self::Other(other.to_owned()),
        }
    }
}

super::text_enum_serde!(Flow, WayOn);

impl Status {
    /// What can be done for a request of that flow that stands in this status and does not go ahead, the least costly first.
    ///
    /// Advice, not a rule: that VIDEOINCOMPLETE and VIDEOERROR have a way on is said by the vendor's guides, which one the service
    /// takes is not. Empty where nothing is to be done (ENROLLREADY and later) and for an unknown status.
    pub fn ways_on(&self, flow: &Flow) -> Vec<WayOn> {
        use WayOn::{CancelAndNewCard, SendLink, UpdateRequest, UploadEvidence, UploadVideo};
        let ways: &[WayOn] = match (self, flow) {
            (Self::VideoPending | Self::VideoIncomplete | Self::VideoError, Flow::ExternalVideoId) => {
                &[UploadEvidence, UploadVideo, UpdateRequest, CancelAndNewCard]
            }
            (Self::VideoPending | Self::VideoIncomplete | Self::VideoError, Flow::EidasVideoId) => {
                &[SendLink, UpdateRequest, CancelAndNewCard]
            }
            (Self::VideoPending | Self::VideoIncomplete | Self::VideoError | Self::Created, _) => &[UpdateRequest, CancelAndNewCard],
            (Self::VideoReview | Self::Cancelled, _) => &[CancelAndNewCard],
            (Self::EnrollReady | Self::Issued | Self::Renewed | Self::Other(_), _) => &[],
        };
        ways.to_vec()
    }

    /// Whether the documents leave open that a request comes from this status to that one. What they do not rule out is open.
    #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "only the client waits"))]
    pub(crate) fn may_become(&self, wanted: &Self) -> bool {
        // How far the known ones are on the way that no document leads back.
        let stage = |status: &Self| match status {
            Self::VideoPending | Self::VideoIncomplete | Self::VideoReview | Self::VideoError => Some(0),
            Self::Created => Some(1),
            Self::EnrollReady => Some(2),
            Self::Issued => Some(3),
            Self::Renewed | Self::Cancelled | Self::Other(_) => None,
        };
        match (self, wanted) {
            _ if self == wanted => true,
            (Self::Renewed | Self::Cancelled, _) => false,
            (Self::Issued, Self::Cancelled) => false,
            (Self::Other(_), _) | (_, Self::Other(_) | Self::Renewed | Self::Cancelled) => true,
            _ => stage(wanted) > stage(self) || stage(self) == Some(0) && stage(wanted) == Some(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_badly_has_a_way_on_in_each_flow() {
        for status in [Status::VideoIncomplete, Status::VideoError] {
            let words = |flow: &str| status.ways_on(&Flow::from(flow)).iter().map(|way| way.as_str().to_owned()).collect::<Vec<_>>();
            assert_eq!(words("external_videoid"), ["upload_evidence", "upload_video", "update_request", "cancel_and_new_card"]);
            assert_eq!(words("eidas_videoid"), ["send_link", "update_request", "cancel_and_new_card"]);
            assert!(words("classic").contains(&"cancel_and_new_card".to_owned()));
        }
        for status in ["ENROLLREADY", "ISSUED", "RENEWED", "SOMETHING"] {
            assert!(Status::from(status).ways_on(&Flow::EidasVideoId).is_empty(), "{status}");
        }
        let words = ["upload_evidence", "upload_video", "update_request", "send_link", "cancel_and_new_card", "another"];
        assert!(words.iter().all(|word| WayOn::from(*word).as_str() == *word));
        assert!(["external_videoid", "eidas_videoid", "classic", "another"].iter().all(|word| Flow::from(*word).as_str() == *word));
    }

    #[test]
    fn no_document_leads_back() {
        let open = |from: &str, to: &str| Status::from(from).may_become(&Status::from(to));
        for (from, to) in [
            ("VIDEOPENDING", "VIDEOREVIEW"),
            ("VIDEOERROR", "VIDEOREVIEW"),
            ("VIDEOREVIEW", "VIDEOINCOMPLETE"),
            ("VIDEOREVIEW", "CREATED"),
            ("CREATED", "ENROLLREADY"),
            ("CREATED", "CANCELLED"),
            ("ENROLLREADY", "ISSUED"),
            ("ENROLLREADY", "CANCELLED"),
            ("ISSUED", "RENEWED"),
            ("SOMETHING", "CREATED"),
            ("CREATED", "SOMETHING"),
            ("CANCELLED", "CANCELLED"),
        ] {
            assert!(open(from, to), "{from} {to}");
        }
        for (from, to) in [
            ("CANCELLED", "ISSUED"),
            ("CANCELLED", "SOMETHING"),
            ("RENEWED", "ISSUED"),
            ("ISSUED", "ENROLLREADY"),
            ("ISSUED", "CANCELLED"),
            ("ENROLLREADY", "CREATED"),
            ("CREATED", "VIDEOREVIEW"),
        ] {
            assert!(!open(from, to), "{from} {to}");
        }
    }
}
