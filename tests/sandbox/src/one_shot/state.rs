//! What the Optimizer remembers: tokens, requests with their documents, signature images, its own settings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::files::Blob;
use crate::state::{Change, VideoId, dashed};

use super::answer::Dialect;

/// The authority 121 of the RA part works here as the settings say; these two always work in one way.
pub(crate) const EXTERNAL_RA: &str = "122";
pub(crate) const PLAIN_RA: &str = "123";
/// Billing credentials: fictitious, and the same everywhere.
pub(crate) const BILLING_USERNAME: &str = "billing@example.com";
pub(crate) const BILLING_PASSWORD: &str = "B1ll-ing";
/// The demo token, which cannot be deleted.
pub(crate) const DEMO_TOKEN: &str = "5a4d3c2b1f0e4d9c8b7a665544332211";
/// The officer of the demo token: his own user name, so that a token for the other officer is never a second one.
pub(crate) const DEMO_USERNAME: &str = "1000278";
pub(crate) const PROFILE: &str = "PFnubeQAFCiudadano";
pub(crate) const MAX_DOCUMENTS: usize = 10;

/// Request pks and VideoID pks are far apart, and far from those of the RA part.
const FIRST_REQUEST: u64 = 388_141;
const FIRST_VIDEOID: u64 = 16_673;

/// A stored set of officer credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) username: String,
    pub(crate) password: Option<String>,
    pub(crate) pin: Option<String>,
    pub(crate) env: String,
    pub(crate) note: String,
}

/// What is signed: a PDF, or a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Pdf,
    Hash,
}

/// A document of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Document {
    pub(crate) uid: String,
    /// The field that it came in.
    pub(crate) key: String,
    pub(crate) filename: String,
    pub(crate) kind: Kind,
    pub(crate) uploaded: i64,
    /// Its place in the order of uploads.
    pub(crate) number: u64,
    pub(crate) original: Option<Blob>,
    pub(crate) signed: Option<Blob>,
}

/// A one-time password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Otp {
    pub(crate) code: String,
    pub(crate) sent: i64,
    pub(crate) method: String,
}

/// Where an asynchronous request stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asynchronous {
    pub(crate) callback: Option<String>,
    /// `pending`, `approved`, `signing`, `signed`.
    pub(crate) status: String,
    /// After a reset another request may have the same pk: what was ordered for this one is not for that one.
    #[serde(default)]
    pub(crate) key: u64,
}

/// A request at the Optimizer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) pk: u64,
    pub(crate) status: String,
    pub(crate) dialect: Dialect,
    pub(crate) fields: Map<String, Value>,
    pub(crate) external: bool,
    /// The last part of the link that the user gets; none for classic requests and for External.
    pub(crate) link: Option<String>,
    pub(crate) videoid_link: String,
    pub(crate) videoid: Option<VideoId>,
    /// ID images of a classic create.
    pub(crate) images: BTreeMap<String, Blob>,
    pub(crate) documents: BTreeMap<String, Document>,
    pub(crate) otp: Option<Otp>,
    pub(crate) webhook: Option<String>,
    pub(crate) asynchronous: Option<Asynchronous>,
    pub(crate) approved_by: Option<String>,
    /// After signing.
    pub(crate) certificate: Option<Value>,
    /// Cancelled, and its folder removed.
    pub(crate) gone: bool,
    pub(crate) history: Vec<Change>,
}

impl Request {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The holder's name, as far as it is known.
    pub(crate) fn holder(&self) -> String {
        let names = ["given_name", "surname_1", "surname_2"].map(|name| self.field(name));
        let name = names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
        if name.is_empty() { self.field("email").to_owned() } else { name }
    }

    fn blobs(&self) -> Vec<Blob> {
        let videoid = self.videoid.iter().flat_map(|videoid| videoid.images.values().chain(&videoid.video));
        let documents = self.documents.values().flat_map(|document| document.original.iter().chain(&document.signed));
        videoid.chain(self.images.values()).chain(documents).cloned().collect()
    }
}

/// The Optimizer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) tokens: BTreeMap<String, Token>,
    pub(crate) requests: BTreeMap<u64, Request>,
    /// Signature images, with their time of upload.
    pub(crate) images: BTreeMap<String, Blob>,
    /// The Optimizer's settings file.
    pub(crate) optimizer: Value,
    next_request: u64,
    next_videoid: u64,
    next_document: u64,
}

impl Default for State {
    fn default() -> Self {
        let demo = Token {
            username: DEMO_USERNAME.to_owned(),
            password: Some(crate::state::RAO_PASSWORD.to_owned()),
            pin: Some(crate::state::RAO_PIN.to_owned()),
            env: "sandbox".to_owned(),
            note: "Demo token".to_owned(),
        };
        Self {
            tokens: [(DEMO_TOKEN.to_owned(), demo)].into(),
            requests: BTreeMap::new(),
            images: BTreeMap::new(),
            optimizer: json!({
                "tsa": {"enabled": false, "url": ""},
                "request": {},
                "billing": {},
                "proxy": {"enabled": false},
                "general": {"language": "en"},
            }),
            next_request: FIRST_REQUEST,
            next_videoid: FIRST_VIDEOID,
            next_document: 0,
        }
    }
}

impl State {
    pub(crate) fn take_request_pk(&mut self) -> u64 {
        self.next_request += 1;
        self.next_request - 1
    }

    pub(crate) fn take_document_number(&mut self) -> u64 {
        self.next_document += 1;
        self.next_document - 1
    }

    pub(crate) fn new_videoid(&mut self) -> VideoId {
        self.next_videoid += 1;
        VideoId {
            pk: self.next_videoid - 1,
            identifier: crate::state::uuid(),
            status: "PENDING".to_owned(),
            operator: Value::Null,
            ..VideoId::default()
        }
    }

    pub(crate) fn by_videoid(&self, pk: u64) -> Option<u64> {
        let holds = |request: &&Request| request.videoid.as_ref().is_some_and(|videoid| videoid.pk == pk);
        self.requests.values().find(holds).map(|request| request.pk)
    }

    pub(crate) fn by_link(&self, link: &str) -> Option<u64> {
        self.requests.values().find(|request| request.link.as_deref() == Some(link)).map(|request| request.pk)
    }

    pub(crate) fn blobs(&self) -> Vec<Blob> {
        self.requests.values().flat_map(Request::blobs).chain(self.images.values().cloned()).collect()
    }

    /// What the settings file says in place of a field that a call lacks.
    pub(crate) fn fallback(&self, name: &str) -> Option<&Value> {
        let section = match name {
            "billing_username" | "billing_password" => "billing",
            _ => "request",
        };
        let found = self.optimizer[section].get(name).or_else(|| self.optimizer["general"].get(name));
        found.filter(|value| !value.is_null() && *value != "")
    }
}

/// An identifier as the dialect writes it: Current with dashes, Legacy without.
pub(crate) fn uid(dialect: Dialect, plain: &str) -> String {
    match dialect {
        Dialect::Current => dashed(plain),
        Dialect::Legacy => plain.to_owned(),
    }
}

/// An identifier of either form as it is kept.
pub(crate) fn plain(uid: &str) -> String {
    uid.chars().filter(|character| *character != '-').flat_map(char::to_lowercase).collect()
}
