//! Everything that the sandbox remembers: cards, requests, settings, faults, what was received.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock;
use crate::faults::Fault;
use crate::files::{Blob, hex};
use crate::received::Received;
use crate::settings::{Settings, VideoIdentifier};
use crate::webhook::{self, Delivery, Notice};

/// The registration authority of the sandbox.
pub(crate) const RA_ID: &str = "121";
/// The officer of the sandbox: fictitious, and the same everywhere.
pub(crate) const RAO_ID: &str = "1400";
pub(crate) const RAO_USERNAME: &str = "1000279";
pub(crate) const RAO_PASSWORD: &str = "3DPTm:N4";
pub(crate) const RAO_PIN: &str = "23bYQq9a";

/// Request pks and VideoID pks are far apart here, so that mixing them up is noticed.
const FIRST_REQUEST: u64 = 45_013;
const FIRST_VIDEOID: u64 = 36;
const FIRST_CARD: u64 = 1193;
const FIRST_SERIAL: u64 = 1_256_948;
const FIRST_DOCUMENT: u64 = 48_312;
const FIRST_RECEIPT: u64 = 7001;
/// No test needs more; requests are as many at most, unless a card may be used twice.
const MAX_CARDS: usize = 1_000_000;
/// No request of a test changes more often; older changes make room.
const MAX_HISTORY: usize = 1000;
/// Webhooks that wait to be sent; older ones make room where nobody takes them.
const MAX_OUTGOING: usize = 2000;

pub(crate) const PENDING: &str = "VIDEOPENDING";
pub(crate) const INCOMPLETE: &str = "VIDEOINCOMPLETE";
pub(crate) const REVIEW: &str = "VIDEOREVIEW";
pub(crate) const VIDEO_ERROR: &str = "VIDEOERROR";
pub(crate) const CREATED: &str = "CREATED";
pub(crate) const ENROLLREADY: &str = "ENROLLREADY";
pub(crate) const ISSUED: &str = "ISSUED";
pub(crate) const CANCELLED: &str = "CANCELLED";

/// A single-use card.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) pk: u64,
    pub(crate) sn: String,
    pub(crate) erc: String,
    pub(crate) enrollment_code: String,
    pub(crate) pin: String,
    pub(crate) puk: String,
    pub(crate) used: bool,
    /// To how many callers it was named (see the setting `share_card`).
    pub(crate) named: u32,
}

/// A change of status.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Change {
    pub(crate) status: String,
    pub(crate) at: String,
    pub(crate) by: String,
}

/// The VideoID object of a request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct VideoId {
    pub(crate) pk: u64,
    /// 32 hexadecimal digits; written with or without dashes.
    pub(crate) identifier: String,
    pub(crate) status: String,
    pub(crate) refusal_reason: String,
    pub(crate) acceptance: Value,
    /// `videoid_data` as it was sent, without the images; none: no evidence yet.
    pub(crate) data: Option<Value>,
    pub(crate) images: BTreeMap<String, Blob>,
    pub(crate) video: Option<Blob>,
    pub(crate) operator: Value,
    /// The token of the page where the user identifies; none: External VideoID.
    #[serde(default)]
    pub(crate) link: Option<String>,
}

/// A document that was uploaded to a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) pk: u64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Of VideoID evidence documents only.
    pub(crate) label: Option<String>,
    pub(crate) blob: Blob,
}

/// What was issued; times in seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Certificate {
    pub(crate) serial_number: String,
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// A certificate request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Request {
    pub(crate) pk: u64,
    pub(crate) status: String,
    /// The flat fields that were sent and are known.
    pub(crate) fields: Map<String, Value>,
    pub(crate) card_pk: u64,
    pub(crate) videoid: Option<VideoId>,
    pub(crate) history: Vec<Change>,
    pub(crate) preauth: Option<String>,
    pub(crate) approved_by: Option<String>,
    pub(crate) documents: Vec<Stored>,
    /// The number of the last declaration.
    pub(crate) receipt: Option<u64>,
    /// When it was created, in seconds since 1970.
    pub(crate) created: i64,
    pub(crate) certificate: Option<Certificate>,
    /// Whether the officer switched renewal off, or on again.
    pub(crate) renewal_enabled: Option<bool>,
    /// Why it cannot be renewed (418 to 427), as a test ordered it.
    pub(crate) renewal_refusal: Option<u16>,
    /// The password that was sent for unlocking the PIN.
    pub(crate) otp: Option<String>,
}

impl Request {
    /// A text field; numbers as their digits, nothing where there is none.
    pub(crate) fn field(&self, name: &str) -> String {
        match self.fields.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// Whether the user identifies on the vendor's page.
    pub(crate) fn is_eidas(&self) -> bool {
        self.videoid.as_ref().is_some_and(|videoid| videoid.link.is_some())
    }

    /// Approved, issued, or given up: nothing of it can be changed any more.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self.status.as_str(), ENROLLREADY | ISSUED | CANCELLED | "RENEWED")
    }

    /// All files that belong to it.
    pub(crate) fn blobs(&self) -> impl Iterator<Item = &Blob> {
        let videoid = self.videoid.iter().flat_map(|videoid| videoid.images.values().chain(&videoid.video));
        videoid.chain(self.documents.iter().map(|document| &document.blob))
    }
}

/// What survives a restart with `--state-dir`.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) cards: Vec<Card>,
    pub(crate) requests: BTreeMap<u64, Request>,
    pub(crate) settings: Settings,
    pub(crate) clock_offset: i64,
    #[serde(default)]
    pub(crate) one_shot: crate::one_shot::State,
    next_request: u64,
    next_videoid: u64,
    #[serde(default = "first_document")]
    next_document: u64,
    #[serde(default = "first_receipt")]
    next_receipt: u64,
    /// Webhooks that nobody has taken out yet.
    #[serde(skip)]
    pub(crate) outgoing: VecDeque<Notice>,
}

fn first_document() -> u64 {
    FIRST_DOCUMENT
}

fn first_receipt() -> u64 {
    FIRST_RECEIPT
}

impl State {
    pub(crate) fn new(cards: usize) -> Self {
        let mut state = Self {
            next_request: FIRST_REQUEST,
            next_videoid: FIRST_VIDEOID,
            next_document: FIRST_DOCUMENT,
            next_receipt: FIRST_RECEIPT,
            ..Self::default()
        };
        state.add_cards(cards);
        state
    }

    pub(crate) fn add_cards(&mut self, count: usize) {
        for _ in 0..count.min(MAX_CARDS.saturating_sub(self.cards.len())) {
            let number = self.cards.len() as u64;
            self.cards.push(Card {
                pk: FIRST_CARD + number,
                sn: (FIRST_SERIAL + number).to_string(),
                erc: digits(10),
                enrollment_code: digits(8),
                pin: digits(8),
                puk: digits(8),
                used: false,
                named: 0,
            });
        }
    }

    pub(crate) fn now(&self) -> i64 {
        clock::machine() + self.clock_offset
    }

    /// The card to name: the first unused; with `share_card` each is named to two callers, then the next one's turn comes.
    pub(crate) fn next_card(&mut self) -> Option<&Card> {
        let share = self.settings.share_card;
        let position = self.cards.iter().position(|card| !card.used && (!share || card.named < 2));
        // When each unused card was named twice, the round begins anew: no card may be lost to callers that gave up.
        let position = position.or_else(|| {
            for card in &mut self.cards {
                card.named = 0;
            }
            self.cards.iter().position(|card| !card.used)
        })?;
        let card = &mut self.cards[position];
        card.named += 1;
        Some(card)
    }

    pub(crate) fn take_request_pk(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request - 1
    }

    pub(crate) fn take_document_pk(&mut self) -> u64 {
        self.next_document += 1;
        self.next_document - 1
    }

    pub(crate) fn take_receipt(&mut self) -> u64 {
        self.next_receipt += 1;
        self.next_receipt - 1
    }

    /// Moves a request to a status: history, certificate and webhook follow.
    pub(crate) fn set_status(&mut self, pk: u64, status: &str, by: &str) {
        let now = self.now();
        let Some(request) = self.requests.get_mut(&pk) else { return };
        if request.status == status && !request.history.is_empty() {
            return;
        }
        let previous = std::mem::replace(&mut request.status, status.to_owned());
        if request.history.len() >= MAX_HISTORY {
            request.history.remove(1);
        }
        request.history.push(Change { status: status.to_owned(), at: clock::iso(now), by: by.to_owned() });
        if status == ISSUED && request.certificate.is_none() {
            let days = request.field("validity_time").parse::<i64>().unwrap_or(365).clamp(1, 36_500);
            request.certificate = Some(Certificate { serial_number: uuid(), from: now, to: now + days * 86_400 });
        }
        if let Some(notice) = webhook::notice(&self.settings, request, &previous, now) {
            self.announce(notice);
        }
    }

    /// Puts a webhook at the end of those to send.
    pub(crate) fn announce(&mut self, notice: Notice) {
        if self.outgoing.len() >= MAX_OUTGOING {
            self.outgoing.pop_front();
        }
        self.outgoing.push_back(notice);
    }

    pub(crate) fn by_link(&self, token: &str) -> Option<u64> {
        let holds = |request: &&Request| request.videoid.as_ref().is_some_and(|videoid| videoid.link.as_deref() == Some(token));
        self.requests.values().find(holds).map(|request| request.pk)
    }

    pub(crate) fn new_videoid(&mut self) -> VideoId {
        self.next_videoid += 1;
        VideoId { pk: self.next_videoid - 1, identifier: uuid(), status: "PENDING".to_owned(), operator: Value::Null, ..VideoId::default() }
    }

    /// The request whose video has this identifier, with or without dashes.
    pub(crate) fn by_identifier(&self, identifier: &str) -> Option<u64> {
        if self.settings.video_identifier_is == VideoIdentifier::RequestPk {
            let pk = identifier.parse().ok()?;
            return self.requests.get(&pk).filter(|request| request.videoid.is_some()).map(|request| request.pk);
        }
        let plain: String = identifier.chars().filter(|character| *character != '-').flat_map(char::to_lowercase).collect();
        let holds = |request: &&Request| request.videoid.as_ref().is_some_and(|videoid| videoid.identifier == plain);
        self.requests.values().find(holds).map(|request| request.pk)
    }

    pub(crate) fn by_videoid(&self, pk: u64) -> Option<u64> {
        let holds = |request: &&Request| request.videoid.as_ref().is_some_and(|videoid| videoid.pk == pk);
        self.requests.values().find(holds).map(|request| request.pk)
    }
}

/// State and what only the running sandbox knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) faults: Vec<Fault>,
    pub(crate) received: Received,
    /// Webhooks that were sent, or that failed.
    pub(crate) deliveries: VecDeque<Delivery>,
    pub(crate) next_delivery: u64,
}

impl World {
    pub(crate) fn new(state: State) -> Self {
        Self { state, faults: Vec::new(), received: Received::default(), deliveries: VecDeque::new(), next_delivery: 0 }
    }
}

/// A text of `count` random decimal digits.
pub(crate) fn digits(count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + fastrand::u8(0..10))).collect()
}

/// A random identifier of version 4, as 32 hexadecimal digits.
pub(crate) fn uuid() -> String {
    let mut bytes = fastrand::u128(..).to_be_bytes();
    bytes[6] = (bytes[6] & 0x0F) | 0x40;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    hex(&bytes)
}

/// 32 hexadecimal digits with the dashes of a UUID.
pub(crate) fn dashed(identifier: &str) -> String {
    if identifier.len() != 32 || !identifier.is_ascii() {
        return identifier.to_owned();
    }
    let part = |from: usize, to: usize| &identifier[from..to];
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_named_until_it_is_used() {
        let mut state = State::new(2);
        let first = state.next_card().map(|card| card.pk);
        assert_eq!(state.next_card().map(|card| card.pk), first);
        assert_eq!(state.next_card().map(|card| card.pk), first);
        state.cards[0].used = true;
        assert_ne!(state.next_card().map(|card| card.pk), first);
        state.cards[1].used = true;
        assert!(state.next_card().is_none());
    }

    #[test]
    fn share_card_names_each_card_to_two_callers() {
        let mut state = State::new(3);
        state.settings.share_card = true;
        let named: Vec<_> = (0..7).map(|_| state.next_card().map(|card| card.pk - FIRST_CARD)).collect();
        assert_eq!(named, [0, 0, 1, 1, 2, 2, 0].map(Some));
    }

    #[test]
    fn identifiers_are_found_with_and_without_dashes() {
        let mut state = State::new(0);
        let videoid = state.new_videoid();
        let identifier = videoid.identifier.clone();
        let pk = state.take_request_pk();
        state.requests.insert(pk, Request { pk, status: PENDING.into(), card_pk: 1, videoid: Some(videoid), ..Request::default() });
        assert_eq!(state.by_identifier(&identifier), Some(pk));
        assert_eq!(state.by_identifier(&dashed(&identifier).to_uppercase()), Some(pk));
        assert_eq!(state.by_identifier("no"), None);
        state.settings.video_identifier_is = VideoIdentifier::RequestPk;
        assert_eq!(state.by_identifier(&pk.to_string()), Some(pk));
        assert_eq!(state.by_identifier(&identifier), None);
        assert_eq!(dashed(&identifier).len(), 36);
    }
}
