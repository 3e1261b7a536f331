//! One-time password and signature.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::{OneShot, failure::OTP_PAUSE, named, needed, parse};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Acknowledgement, Extra, ImageUid, Otp, OtpDelivery, RequestPk, SignatureAppearance, SignaturePlacement, Signing};
use crate::options::RequestOptions;
use crate::secret::SensitiveString;

/// The body of a signature. It borrows one-time password and unlock: the only copy is the body itself, which is overwritten.
#[derive(Serialize)]
struct SigningBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a SensitiveString>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext_unlock_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ext_unlock_value: Option<&'a SensitiveString>,
    #[serde(skip_serializing_if = "Option::is_none")]
    use_signature_text: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature_format: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    countersignature: Option<bool>,
    /// By document, under the names of the documents.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    options: BTreeMap<&'a str, Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<Looks<'a>>,
    #[serde(flatten)]
    extra: &'a Extra,
}

/// A [`SignaturePlacement`] without its document.
#[derive(Serialize)]
struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a ImageUid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usecountersignature: Option<bool>,
}

#[derive(Serialize)]
struct Looks<'a> {
    appearance: &'a SignatureAppearance,
}

impl OneShot {
    /// Sends the signer a one-time password: by SMS, or as `delivery_method` says. Not needed with an external unlock.
    ///
    /// Never repeated: each call sends a message, and an earlier one may become void. At most one a minute: the answer says from when
    /// on another one can be asked for, and the error `otp_too_soon` has `retry_after`.
    ///
    /// # Errors
    /// `otp_too_soon`; `invalid_status` before the approval; `not_found`; `ambiguous`.
    pub async fn generate_otp(
        &self,
        request_pk: RequestPk,
        delivery_method: Option<&OtpDelivery>,
        options: &RequestOptions,
    ) -> Result<Otp> {
        let mut call = self.plan("generate_otp")?.path(request_pk);
        if let Some(method) = delivery_method {
            call = call.json(&json!({ "delivery_method": method }))?;
        }
        match self.opened(call, options).await {
            Ok(opened) => {
                let now = now_ms();
                let mut sent = self.sent_table();
                sent.retain(|_, at| now - *at < pause_ms());
                sent.insert(request_pk, now);
                drop(sent);
                let status = parse::acknowledgement(opened).map_err(|e| named(e, "generate_otp"))?.status;
                Ok(Otp {
                    status: status.map(SensitiveString::new),
                    delivery_method: delivery_method.cloned(),
                    next_allowed_at: now + pause_ms(),
                })
            }
            // How long it still takes is known where this client sent the one before.
            Err(error) if error.code() == ErrorCode::OtpTooSoon => {
                let left = self
                    .sent_table()
                    .get(&request_pk)
                    .map(|at| pause_ms() - (now_ms() - at))
                    .filter(|left| (1..=pause_ms()).contains(left));
                let left = left.and_then(|left| u64::try_from(left).ok()).map(Duration::from_millis);
                let after = left.or(error.retry_after());
                Err(error.with_retry_after(after))
            }
            Err(error) => Err(error),
        }
    }

    /// Signs all documents of the request, with the one-time password or an external unlock. It becomes ISSUED.
    ///
    /// Never repeated: a second call with the same one-time password fails, and which documents the first one signed is seen by
    /// reading the request.
    ///
    /// `placements`, `use_signature_text` and `countersignature` are words of the dialect Legacy: the documents of Current do not name
    /// them. There they are sent as they are given, and a hook is warned.
    ///
    /// # Errors
    /// `field_missing`, `field_invalid` before anything is sent; `unsupported` for `appearance` in the dialect Legacy; `otp_invalid`;
    /// `invalid_status` before the approval and after the signature; `bad_request` naming documents; `ambiguous`.
    pub async fn sign(&self, request_pk: RequestPk, signing: &Signing, options: &RequestOptions) -> Result<Acknowledgement> {
        let body = self.signing_body(signing).map_err(|e| named(e, "sign"))?;
        let legacy_words = [
            (!signing.placements.is_empty(), "placements"),
            (signing.use_signature_text.is_some(), "use_signature_text"),
            (signing.countersignature.is_some(), "countersignature"),
        ];
        for (_, word) in legacy_words.into_iter().filter(|(given, _)| *given && !self.is_legacy()) {
            let text = format!("{word}: the documents of the dialect current do not name this; it is sent as the dialect legacy has it");
            self.warn("sign", &text);
        }
        self.acknowledged(self.plan("sign")?.path(request_pk).json(&body)?, options).await
    }

    fn signing_body<'a>(&self, signing: &'a Signing) -> Result<SigningBody<'a>> {
        let invalid = |field: &str, rule: &str| Error::field(ErrorCode::FieldInvalid, field, rule);
        let external = signing.ext_unlock_type.is_some() || signing.ext_unlock_value.is_some();
        match (&signing.secret, external) {
            (Some(_), true) => return Err(invalid("secret", "the one-time password or an external unlock, not both")),
            (Some(secret), false) => needed("sign", "secret", secret.expose())?,
            (None, true) => {
                needed("sign", "ext_unlock_type", signing.ext_unlock_type.as_deref().unwrap_or_default())?;
                needed("sign", "ext_unlock_value", signing.ext_unlock_value.as_ref().map_or("", |value| value.expose()))?;
            }
            (None, false) => {
                return Err(Error::field(ErrorCode::FieldMissing, "secret", "the one-time password, or an external unlock"));
            }
        }
        if signing.appearance.is_some() && self.is_legacy() {
            let text = "the dialect legacy of the One-Shot API has no appearance for all documents: give placements";
            return Err(Error::new(ErrorCode::Unsupported, text));
        }
        for (given, key) in [(!signing.placements.is_empty(), "options"), (signing.appearance.is_some(), "signature")] {
            if given && signing.extra.contains_key(key) {
                return Err(invalid(key, "given once: as a field, or as a further key"));
            }
        }
        let mut options = BTreeMap::new();
        for (index, placement) in signing.placements.iter().enumerate() {
            let (document, place) =
                place(placement).map_err(|(field, code, rule)| Error::field(code, format!("placements[{index}].{field}"), rule))?;
            if options.insert(document, place).is_some() {
                return Err(invalid(&format!("placements[{index}].document_uid"), "one place for each document"));
            }
        }
        if signing.appearance.as_ref().and_then(|a| a.position.as_deref()).is_some_and(|position| !is_rectangle(position)) {
            return Err(invalid("appearance.position", RECTANGLE));
        }
        Ok(SigningBody {
            secret: signing.secret.as_ref(),
            ext_unlock_type: signing.ext_unlock_type.as_deref(),
            ext_unlock_value: signing.ext_unlock_value.as_ref(),
            use_signature_text: signing.use_signature_text,
            signature_format: signing.signature_format.as_deref(),
            countersignature: signing.countersignature,
            options,
            signature: signing.appearance.as_ref().map(|appearance| Looks { appearance }),
            extra: &signing.extra,
        })
    }
}

const RECTANGLE: &str = "four numbers x1,y1,x2,y2 in points from the bottom left";

/// The place of a document, with the document; or which field is wrong, and how.
fn place(placement: &SignaturePlacement) -> std::result::Result<(&str, Place<'_>), (&'static str, ErrorCode, &'static str)> {
    if placement.document_uid.as_str().is_empty() {
        return Err(("document_uid", ErrorCode::FieldMissing, "needed"));
    }
    if placement.page.is_some_and(|page| page < 0) {
        return Err(("page", ErrorCode::FieldInvalid, "0 or more"));
    }
    if placement.position.as_deref().is_some_and(|position| !is_rectangle(position)) {
        return Err(("position", ErrorCode::FieldInvalid, RECTANGLE));
    }
    let place = Place {
        position: placement.position.as_deref(),
        page: placement.page,
        image: placement.image.as_ref(),
        usecountersignature: placement.use_countersignature,
    };
    Ok((placement.document_uid.as_str(), place))
}

fn is_rectangle(text: &str) -> bool {
    let numbers: Vec<_> = text.split(',').map(|number| number.trim().parse::<f64>()).collect();
    numbers.len() == 4 && numbers.iter().all(|number| number.as_ref().is_ok_and(|number| number.is_finite()))
}

fn pause_ms() -> i64 {
    i64::try_from(OTP_PAUSE.as_millis()).unwrap_or(60_000)
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).ok().and_then(|now| i64::try_from(now.as_millis()).ok()).unwrap_or(0)
}
