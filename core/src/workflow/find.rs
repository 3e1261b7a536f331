//! Finds a request whose create call had no answer, and tells whether it is ours.

use crate::error::{Error, ErrorCode, Result};
use crate::model::{NewRequest, Request, RequestFilter, RequestUpdate, ScratchcardSn};
use crate::options::RequestOptions;
use crate::ra::RegistrationAuthority;
use crate::secret::SensitiveString;

/// How many pages are looked at for the request of a card: with the filter there is one.
const MAX_PAGES: u32 = 50;

/// The request that consumed a card. Each page is looked at: should the service not know the filter, a request that is not on
/// the first page must not be taken for one that does not exist.
pub(super) async fn by_card(ra: &RegistrationAuthority, sn: &ScratchcardSn, options: &RequestOptions) -> Result<Option<Request>> {
    let mut filter = RequestFilter { scratchcard: Some(sn.clone()), ..RequestFilter::default() };
    for _ in 0..MAX_PAGES {
        let mut page = ra.list_requests(&filter, options).await?;
        if let Some(at) = page.results.iter().position(|found| found.scratchcard.as_ref() == Some(sn)) {
            return Ok(Some(page.results.swap_remove(at)));
        }
        if page.next_page.is_none() || page.results.is_empty() {
            return Ok(None);
        }
        filter.page = page.next_page;
    }
    Err(Error::new(
        ErrorCode::UnexpectedAnswer,
        "the service lists too many requests to say whether one has the card: look for the card by hand",
    ))
}

/// Whether a request that was found by its card is the one that was sent.
pub(super) fn is_ours(found: &Request, sent: &NewRequest) -> bool {
    let same = |a: Option<&str>, b: Option<&str>| match (a, b) {
        (Some(a), Some(b)) => a.trim().eq_ignore_ascii_case(b.trim()),
        // An empty text is nothing: a second request must not come of how the service shows it.
        (_, None) => true,
        (None, Some(b)) => b.trim().is_empty(),
    };
    // What the service does not show of these says nothing; what it shows must be the same.
    let not_other = |a: Option<&SensitiveString>, b: Option<&SensitiveString>| {
        let (a, b) = (a.map_or("", |s| s.expose().trim()), b.map_or("", |s| s.expose().trim()));
        a.is_empty() || b.is_empty() || a.to_lowercase() == b.to_lowercase()
    };
    // The same number, as `+34600000000` or `0034 600 000 000`.
    let phone = |s: &SensitiveString| {
        let digits: String = s.expose().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        SensitiveString::new(digits.strip_prefix("00").map_or_else(|| digits.clone(), |rest| format!("+{rest}")))
    };
    let (found_phone, sent_phone) = (found.mobile_phone_number.as_ref().map(phone), sent.mobile_phone_number.as_ref().map(phone));
    same(found.email.as_ref().map(|s| s.expose().as_str()), Some(sent.email.expose()))
        && same(found.profile.as_deref(), Some(&sent.profile))
        && same(found.serial_number.as_ref().map(|s| s.expose().as_str()), sent.serial_number.as_ref().map(|s| s.expose().as_str()))
        && same(found.given_name.as_ref().map(|s| s.expose().as_str()), sent.given_name.as_ref().map(|s| s.expose().as_str()))
        && same(found_phone.as_ref().map(|s| s.expose().as_str()), sent_phone.as_ref().map(|s| s.expose().as_str()))
        && not_other(found.surname_1.as_ref(), sent.surname_1.as_ref())
        && not_other(found.surname_2.as_ref(), sent.surname_2.as_ref())
        && not_other(found.birth_date.as_ref(), sent.birth_date.as_ref())
        && not_other(found.id_document_number.as_ref(), sent.id_document_number.as_ref())
}

/// Whether a request shows all that an update sets, so that it need not be sent again.
pub(super) fn shows(found: &Request, update: &RequestUpdate) -> bool {
    let (Ok(found), Ok(update)) = (serde_json::to_value(found), serde_json::to_value(update)) else { return false };
    let plain = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.trim().to_lowercase(),
        other => other.to_string(),
    };
    update
        .as_object()
        .is_some_and(|fields| fields.iter().all(|(name, sent)| found.get(name).is_some_and(|shown| plain(shown) == plain(sent))))
}

/// The update with what the service always wants and the caller left out, as the request has it.
pub(super) fn completed(update: &RequestUpdate, request: &Request) -> RequestUpdate {
    let mut update = update.clone();
    if update.profile.trim().is_empty() {
        update.profile = request.profile.clone().unwrap_or_default();
    }
    if update.email.expose().trim().is_empty() {
        update.email = request.email.clone().unwrap_or_default();
    }
    update.scratchcard = update.scratchcard.or_else(|| request.scratchcard.clone());
    update.registration_authority = update.registration_authority.or_else(|| request.registration_authority.clone());
    update.country_name = update.country_name.or_else(|| request.country_name.clone());
    update
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_empty_and_is_shown_as_nothing_is_the_same() {
        let text = r#"{"pk":1,"status":"VIDEOPENDING","profile":"PFnubeNC","email":"anna@example.com","serial_number":null}"#;
        let found: Request = serde_json::from_str(text).unwrap();
        let mut sent = NewRequest::new("PFnubeNC", "anna@example.com");
        (sent.serial_number, sent.given_name) = (Some(String::new().into()), Some(" ".to_owned().into()));
        sent.mobile_phone_number = Some(String::new().into());
        assert!(is_ours(&found, &sent));
        sent.given_name = Some("ANNA MARIA".to_owned().into());
        assert!(!is_ours(&found, &sent), "a name that is not shown may be another person's");
    }
}
