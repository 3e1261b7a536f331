//! The calls with forms of their own: what exactly goes over the wire, and what becomes of answers that are odd or lost.

use std::sync::{Arc, Mutex};

use videoid::model::{ContactData, DocumentType, PinUnlock, RequestUpdate};
use videoid::{Class, Error, ErrorCode, OPERATIONS, RegistrationAuthority, RequestOptions, Source, Wire};

use super::server::{capture, config, header, serve};

const FRONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/specimen/document_front.jpg");

fn answer(status: &str, content_type: &str, body: &str) -> &'static str {
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    Box::leak(format!("{head}{body}").into_boxed_str())
}

fn client(address: std::net::SocketAddr) -> RegistrationAuthority {
    RegistrationAuthority::new(config(address)).unwrap()
}

/// The parts of a form: head and content of each.
fn parts(head: &str, body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let content_type = header(head, "content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert_eq!(header(head, "content-length").unwrap(), body.len().to_string());
    let mut rest = body;
    let mut out = Vec::new();
    loop {
        rest = rest.strip_prefix(format!("--{boundary}").as_bytes()).unwrap();
        if rest == b"--\r\n" {
            return out;
        }
        rest = rest.strip_prefix(b"\r\n").unwrap();
        let place = |haystack: &[u8], needle: &[u8]| haystack.windows(needle.len()).position(|w| w == needle).unwrap();
        let middle = place(rest, b"\r\n\r\n");
        let end = place(rest, format!("\r\n--{boundary}").as_bytes());
        out.push((String::from_utf8(rest[..middle].to_vec()).unwrap(), rest[middle + 4..end].to_vec()));
        rest = &rest[end + 2..];
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_a_part_with_the_type_of_its_bytes() {
    let (address, kept) = capture(Some(answer("201 Created", "application/json", r#"{"pk":48312,"type":"document_front"}"#))).await;
    let ra = client(address);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by = seen.clone();
    let options = RequestOptions::new().progress(move |p| seen_by.lock().unwrap().push((p.sent, p.total)));
    let image = std::fs::read(FRONT).unwrap();
    let uploaded = ra.upload_request_document(45013.into(), &DocumentType::DocumentFront, &Source::path(FRONT), &options).await.unwrap();
    assert_eq!((uploaded.pk.0, uploaded.document_type.as_deref()), (48312, Some("document_front")));
    let (head, body) = kept.lock().unwrap()[0].clone();
    assert!(head.starts_with("POST /api/v1/requests/45013/pl_upload_document/ HTTP/1.1\r\n"));
    let found = parts(&head, &body);
    assert_eq!(found[0], ("Content-Disposition: form-data; name=\"type\"".into(), b"document_front".to_vec()));
    // Nothing of the file's own name.
    let file = "Content-Disposition: form-data; name=\"document\"; filename=\"document.jpg\"\r\nContent-Type: image/jpeg";
    assert_eq!((found[1].0.as_str(), found.len()), (file, 2));
    assert!(found[1].1 == image);
    let total = i64::try_from(body.len()).unwrap();
    assert_eq!(seen.lock().unwrap().last(), Some(&(total, total)));
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_and_deletions_are_forms_too() {
    let (address, kept) = capture(Some(answer("201 Created", "application/json", r#"{"pk":"7","type":"videoid_evidence"}"#))).await;
    let ra = client(address);
    let options = RequestOptions::new();
    let pdf = Source::bytes(&b"%PDF-1.4\n%%EOF\n"[..]);
    let label = "poder notarial\r\n--videoid-0";
    let uploaded = ra.upload_videoid_evidence_document(5.into(), label, &pdf, &options).await.unwrap();
    assert_eq!(uploaded.pk.0, 7);
    ra.delete_request_document(5.into(), 616_026.into(), &options).await.unwrap();
    let kept = kept.lock().unwrap();
    let found = parts(&kept[0].0, &kept[0].1);
    assert_eq!(found[0].1, label.as_bytes());
    assert!(found[1].0.ends_with("filename=\"document.pdf\"\r\nContent-Type: application/pdf"));
    assert_eq!(parts(&kept[1].0, &kept[1].1), [("Content-Disposition: form-data; name=\"docpk\"".into(), b"616026".to_vec())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_is_not_sent() {
    let server = serve(|_, _| (200, "{}".into())).await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let options = RequestOptions::new();
    let pdf = Source::bytes(&b"%PDF-1.4\n%%EOF\n"[..]);
    let (_sender, stream) = Source::channel(100);
    for (document_type, source, code, field) in [
        (DocumentType::DocumentRear, pdf.clone(), ErrorCode::ImageUnrecognised, "document"),
        (DocumentType::Contract, pdf.clone(), ErrorCode::FieldInvalid, "type"),
        (DocumentType::ExtraDocument, Source::bytes(&b"GIF89a"[..]), ErrorCode::ImageUnrecognised, "document"),
        (DocumentType::ExtraDocument, Source::path("/nowhere/x.pdf"), ErrorCode::SourceUnreadable, "document"),
        (DocumentType::ExtraDocument, stream, ErrorCode::BodyNotRepeatable, "document"),
    ] {
        let error = ra.upload_request_document(1.into(), &document_type, &source, &options).await.unwrap_err();
        assert_eq!((error.code(), error.wire(), error.fields()[0].field.as_str()), (code, Wire::NotSent, field));
        assert_eq!(error.operation(), Some("upload_request_document"));
    }
    let error = ra.upload_videoid_evidence_document(1.into(), " ", &pdf, &options).await.unwrap_err();
    assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldMissing, "label"));
    let mut update = RequestUpdate::new("PFnubeNC", "1256948", "anna@example.com", "ES");
    update.country_name = None;
    let error = ra.update_request(1.into(), &update, &options).await.unwrap_err();
    assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldMissing, "country_name"));
    let error = ra.unlock_pin(1.into(), &PinUnlock::new("1256948", "4Q7X2M", "", "123456"), &options).await.unwrap_err();
    assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::FieldMissing, "newpin"));
    assert_eq!(server.count(""), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_text_says_whether_a_card_is_used() {
    for (body, used) in [("true", true), ("false", false)] {
        let (address, kept) = capture(Some(answer("200 OK", "text/plain", body))).await;
        let found = client(address).is_scratchcard_used(&"1256948".into(), &RequestOptions::new()).await.unwrap();
        assert_eq!(found.used, used);
        let kept = kept.lock().unwrap();
        assert!(kept[0].0.starts_with("POST /api/v1/scratchcards/isused/ "));
        assert_eq!(kept[0].1, br#"{"sn":"1256948"}"#);
    }
    let (address, _) = capture(Some(answer("200 OK", "text/plain", "maybe"))).await;
    let error = client(address).is_scratchcard_used(&"1256948".into(), &RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::UnexpectedAnswer);
}

#[tokio::test(flavor = "multi_thread")]
async fn contact_data_goes_with_a_number_and_ko_is_an_answer() {
    let (address, kept) =
        capture(Some(answer("200 OK", "*/*", r#"{"result":"ko","reason":{"email":["in use"]},"registration_authority":121}"#))).await;
    let data = ContactData::new("X123456781234", "anna@example.com", "+34600000000");
    let check = client(address).check_contact_data(&data, &RequestOptions::new()).await.unwrap();
    assert!(!check.is_ok());
    assert_eq!(check.reason.unwrap().expose(), r#"{"email":["in use"]}"#);
    let sent: serde_json::Value = serde_json::from_slice(&kept.lock().unwrap()[0].1).unwrap();
    let expected = serde_json::json!({
        "registration_authority": 121, "serial_number": "X123456781234", "email": "anna@example.com", "mobile_phone_number": "+34600000000",
    });
    assert_eq!(sent, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_carries_the_registration_authority_of_the_settings() {
    let (address, kept) = capture(Some(answer("200 OK", "application/json", r#"{"pk":5,"status":"CREATED"}"#))).await;
    let update = RequestUpdate::new("PFnubeNC", "1256948", "anna@example.com", "ES");
    client(address).update_request(5.into(), &update, &RequestOptions::new()).await.unwrap();
    let kept = kept.lock().unwrap();
    assert!(kept[0].0.starts_with("PUT /api/v1/requests/5/ "));
    let sent: serde_json::Value = serde_json::from_slice(&kept[0].1).unwrap();
    let expected = serde_json::json!({
        "profile": "PFnubeNC", "scratchcard": "1256948", "registration_authority": "121", "email": "anna@example.com", "country_name": "ES",
    });
    assert_eq!(sent, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_in_the_body_says_why_a_renewal_is_refused() {
    for (code, expected) in [("\"418,\"", ErrorCode::BadRequest), ("\"424,\"", ErrorCode::NotRenewable), ("422", ErrorCode::NotRenewable)] {
        let body = format!(r#"{{"code":{code},"id":"aa00bb11cc22d418","error":"said"}}"#);
        let (address, kept) = capture(Some(answer("412 Precondition Failed", "application/json", &body))).await;
        let error = client(address).is_renewable(&"1256948".into(), &"5571930248".into(), &RequestOptions::new()).await.unwrap_err();
        assert_eq!((error.code(), error.retryable(), error.http_status()), (expected, false, Some(412)));
        assert_eq!(error.server_code(), Some(&code.trim_matches('"')[..3]));
        assert_eq!(kept.lock().unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_do_not_fit_are_named_by_their_length() {
    let (small, large) = ("QUJD".repeat(100), "QUJD".repeat(100_000));
    let body =
        format!(r#"[{{"pk":1,"type":"extra_document","document":"{small}"}},{{"pk":2,"type":"document_front","document":"{large}"}}]"#);
    let (address, _) = capture(Some(answer("200 OK", "application/json", &body))).await;
    let mut config = config(address);
    config.limits.answer_bytes = 100_000;
    let ra = RegistrationAuthority::new(config).unwrap();
    let found = ra.list_request_documents(1.into(), &RequestOptions::new()).await.unwrap().documents;
    assert_eq!(found[0].content.as_ref().map(|c| c.0.len()), Some(300));
    assert_eq!((found[1].pk.0, found[1].content.is_none(), found[1].base64_length), (2, true, Some(400_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_a_change_is_ambiguous_and_says_where_to_look() {
    // It takes the whole request and hangs up.
    let (address, kept) = capture(None).await;
    let ra = client(address);
    let options = RequestOptions::new();
    let update = RequestUpdate::new("PFnubeNC", "1256948", "anna@example.com", "ES");
    let image = Source::path(FRONT);
    let unlock = PinUnlock::new("1256948", "4Q7X2M", "602143", "123456");
    let errors: Vec<Error> = vec![
        ra.update_request(1.into(), &update, &options).await.unwrap_err(),
        ra.upload_request_document(1.into(), &DocumentType::DocumentRear, &image, &options).await.unwrap_err(),
        ra.delete_request_document(1.into(), 2.into(), &options).await.unwrap_err(),
        ra.upload_videoid_evidence_document(1.into(), "deed", &image, &options).await.unwrap_err(),
        ra.enable_renewal(1.into(), &options).await.unwrap_err(),
        ra.disable_renewal(1.into(), &options).await.unwrap_err(),
        ra.generate_otp_for_unlock(1.into(), &options).await.unwrap_err(),
        ra.unlock_pin(1.into(), &unlock, &options).await.unwrap_err(),
    ];
    for error in &errors {
        let operation = OPERATIONS.iter().find(|o| Some(o.name) == error.operation()).unwrap();
        assert_eq!((error.code(), error.wire(), error.retryable()), (ErrorCode::Ambiguous, Wire::MayBeProcessed, false), "{error}");
        assert!(operation.class != Class::Safe && error.detail().contains(operation.when_lost), "{error}");
    }
    assert_eq!(kept.lock().unwrap().len(), errors.len());
    // Reading is repeated, and then lost without doubt.
    let error = ra.get_renewal_status(1.into(), &options).await.unwrap_err();
    assert_eq!((error.code(), kept.lock().unwrap().len()), (ErrorCode::ConnectionLost, errors.len() + 3));
}
