//! Webhooks are read in every form that was seen, and whatever comes in their place is refused or kept, never guessed at.

use fastrand::Rng;
use serde_json::{Value, json};
use videoid::model::{RequestPk, Status};
use videoid::webhook::{MAX_WEBHOOK_BYTES, Webhook, WebhookInbox, parse_webhook};
use videoid::{ErrorCategory, ErrorCode};

const FLAT: &str = r#"{"status":"VIDEOINCOMPLETE","date":"2021-07-20T08:08:21.132394","previous_status":"VIDEOPENDING","request":46760,"registration_authority":455}"#;
const EVENT: &str = r#"{"event_type":"REQUEST_CREATED","sent_at":"20250715083633","request":{"status":"VIDEOPENDING","profile":"PFnubeNC","registration_authority":7,"scratchcard":"2678100","pk":1012632},"certificates":[]}"#;
const ENROLLED: &str = r#"{"event_type":"REQUEST_ENROLLED","sent_at":"20250715083633","request":{"status":"ISSUED","pk":"1012632"},"certificates":[{"status":"VALID","serial_number":"4c0f","valid_from":"20250715 08:36:33","valid_to":"20280715 08:36:33","issuer":"TEST CA"}]}"#;

fn parsed(body: &str) -> Webhook {
    parse_webhook(body.as_bytes()).expect("a webhook")
}

/// The webhook as JSON, which must be read back as the same.
fn shown(body: &Value) -> Value {
    let webhook = parsed(&body.to_string());
    let shown = serde_json::to_value(&webhook).expect("it is JSON");
    assert_eq!(serde_json::from_value::<Webhook>(shown.clone()).expect("its own JSON"), webhook);
    shown
}

#[test]
fn both_bodies_and_mixtures_of_them_are_read() {
    assert_eq!(
        serde_json::to_value(parsed(FLAT)).expect("JSON"),
        json!({
            "status": "VIDEOINCOMPLETE", "previous_status": "VIDEOPENDING", "request_pk": 46760, "registration_authority": "455",
            "date": {"text": "2021-07-20T08:08:21.132394", "iso": "2021-07-20T08:08:21.132394"}, "certificates": [],
        })
    );
    assert_eq!(
        serde_json::to_value(parsed(EVENT)).expect("JSON"),
        json!({
            "event_type": "REQUEST_CREATED", "status": "VIDEOPENDING", "request_pk": 1_012_632, "registration_authority": "7",
            "scratchcard": "2678100", "profile": "PFnubeNC", "date": {"text": "20250715083633", "iso": "2025-07-15T08:36:33"},
            "certificates": [],
        })
    );
    let enrolled = serde_json::to_value(parsed(ENROLLED)).expect("JSON");
    assert_eq!((&enrolled["status"], &enrolled["request_pk"]), (&json!("ISSUED"), &json!(1_012_632)));
    assert_eq!(
        enrolled["certificates"],
        json!([{
            "status": "VALID", "serial_number": "4c0f", "issuer": "TEST CA",
            "valid_from": {"text": "20250715 08:36:33", "iso": "2025-07-15T08:36:33"},
            "valid_to": {"text": "20280715 08:36:33", "iso": "2028-07-15T08:36:33"},
        }])
    );
    // The flat fields beside a request that is an object, and one that is text.
    let mixed = shown(&json!({"status": "CREATED", "previous_status": "VIDEOREVIEW", "date": "20250715 08:36:33",
        "request": {"pk": 5, "scratchcard": 2_678_100}, "registration_authority": "7"}));
    assert_eq!(
        mixed,
        json!({"status": "CREATED", "previous_status": "VIDEOREVIEW", "request_pk": 5, "scratchcard": "2678100",
            "registration_authority": "7", "date": {"text": "20250715 08:36:33", "iso": "2025-07-15T08:36:33"}, "certificates": []})
    );
    assert_eq!(parsed(r#"{"request":" 46760 ","status":"CREATED"}"#).request_pk, Some(RequestPk(46760)));
    assert_eq!(parsed(&format!("\u{feff}{FLAT}\r\n")), parsed(FLAT));
}

#[test]
fn the_name_of_an_event_is_no_status() {
    let webhook = parsed(r#"{"event_type":"REQUEST_CANCELED","request":{"pk":1}}"#);
    assert_eq!((webhook.event_type.as_deref(), webhook.status), (Some("REQUEST_CANCELED"), None));
    let webhook = parsed(r#"{"event_type":"REQUEST_CANCELED","request":{"pk":1,"status":"CANCELLED"}}"#);
    assert_eq!((webhook.event_type.as_deref(), webhook.status), (Some("REQUEST_CANCELED"), Some(Status::Cancelled)));
    let webhook = parsed(r#"{"event_type":"CERTIFICATE_SUSPENDED","request":{"pk":1,"status":"ISSUED"}}"#);
    assert_eq!(webhook.status, Some(Status::Issued));
    let webhook = parsed(r#"{"event_type":"SOMETHING_NEW","request":{"pk":1,"status":"VIDEOUPSIDEDOWN"}}"#);
    assert_eq!((webhook.event_type.as_deref(), webhook.status), (Some("SOMETHING_NEW"), Some(Status::Other("VIDEOUPSIDEDOWN".into()))));
}

#[test]
fn what_has_no_name_here_is_kept_and_nothing_is_invented() {
    let webhook = shown(&json!({"status": "CREATED", "request": {"pk": 1, "status": "VIDEOREVIEW", "colour": "blue"},
        "sent_at": "yesterday", "date": "2025-07-15T08:36:33Z", "brand_new": [1, {"a": null}], "request_pk": 2, "unread": {"own": 1}}));
    assert_eq!(
        webhook,
        json!({"status": "CREATED", "request_pk": 1, "date": {"text": "2025-07-15T08:36:33Z"}, "certificates": [],
            "request": {"status": "VIDEOREVIEW", "colour": "blue"}, "sent_at": "yesterday", "brand_new": [1, {"a": null}],
            "unread": {"request_pk": 2, "own": 1}})
    );
    // Shapes that no document shows: not read, not dropped.
    let odd = json!({"status": {"a": 1}, "date": 20_250_715, "request": [1], "previous_status": true, "event_type": 4.5,
        "registration_authority": null, "certificates": ["x", {"status": ["VALID"], "valid_to": false}]});
    assert_eq!(
        shown(&odd),
        json!({"date": {"text": "20250715"}, "certificates": [{"unread": {"status": ["VALID"], "valid_to": false}}],
            "unread": {"status": {"a": 1}, "request": [1], "previous_status": true, "event_type": 4.5, "certificates": ["x"]}})
    );
    for request in [json!(true), json!(0), json!(-5), json!(1.5), json!("12x"), json!("+12"), json!(""), json!({}), json!({"pk": "x"})] {
        assert_eq!(parsed(&json!({"request": request}).to_string()).request_pk, None, "{request}");
    }
    assert_eq!(parsed("{}"), Webhook::default());
    let debug = format!("{:?}", parsed(r#"{"request":1,"email":"anna@example.com"}"#));
    assert!(!debug.contains("anna"), "{debug}");
}

#[test]
fn what_is_no_webhook_is_refused() {
    let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    let long = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
    parsed(&deep(100));
    parsed(&long(MAX_WEBHOOK_BYTES));
    let bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "null",
        "[]",
        "46760",
        "\"CREATED\"",
        "{\"status\":",
        "{\"status\":\"\\ud800\"}",
        "{} {}",
        "status=CREATED",
        "<html></html>",
        "{'status':'CREATED'}",
        "{\"a\":1e999}",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([
        b"{\"status\":\"\xff\xfe\"}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
        deep(100_000).into_bytes(),
        deep(200).into_bytes(),
        "[".repeat(MAX_WEBHOOK_BYTES).into_bytes(),
        "{\"a\":".repeat(10_000).into_bytes(),
        long(MAX_WEBHOOK_BYTES + 1).into_bytes(),
        vec![b' '; 10 << 20],
    ])
    .collect();
    let inbox = WebhookInbox::new();
    for body in bodies {
        let head = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        let error = parse_webhook(&body).expect_err(&head);
        assert_eq!(
            (error.code(), error.category(), error.retryable()),
            (ErrorCode::WebhookInvalid, ErrorCategory::Validation, false),
            "{head}"
        );
        assert_eq!(inbox.receive(&body).map_err(|e| e.code()), Err(ErrorCode::WebhookInvalid));
    }
    let quoting = parse_webhook(br#"{"email":"anna@example.com",}"#).expect_err("a comma too many");
    assert!(!format!("{quoting:?}").contains("anna"));
}

#[test]
fn cut_and_changed_bodies_do_no_harm() {
    let samples = [FLAT, EVENT, ENROLLED];
    for sample in samples {
        for end in 0..sample.len() {
            assert_eq!(parse_webhook(&sample.as_bytes()[..end]).map_err(|e| e.code()), Err(ErrorCode::WebhookInvalid), "{end} of {sample}");
        }
    }
    let mut rng = Rng::with_seed(2026);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..60_000 {
        let mut body = samples[rng.usize(..3)].as_bytes().to_vec();
        for _ in 0..=rng.usize(..4) {
            let at = rng.usize(..body.len());
            match rng.u8(..5) {
                0 => body[at] = rng.u8(..),
                1 => body[at] = *rng.choice(b"{}[],:\"0123456789ntf\\").expect("not empty"),
                2 => {
                    body.remove(at);
                }
                3 => body.insert(at, rng.u8(..)),
                // A piece of another sample.
                _ => {
                    let other = samples[rng.usize(..3)].as_bytes();
                    let from = rng.usize(..other.len());
                    let piece = &other[from..(from + rng.usize(..30)).min(other.len())];
                    body.splice(at..at, piece.iter().copied());
                }
            }
        }
        match parse_webhook(&body) {
            Ok(webhook) => {
                read += 1;
                // What was read can be written, and is the same when it is read again.
                let text = serde_json::to_string(&webhook).expect("it is JSON");
                assert_eq!(serde_json::from_str::<Webhook>(&text).expect("its own JSON"), webhook, "{}", String::from_utf8_lossy(&body));
            }
            Err(error) => {
                refused += 1;
                assert_eq!(error.code(), ErrorCode::WebhookInvalid);
            }
        }
    }
    assert!(read > 5_000 && refused > 5_000, "{read} read, {refused} refused: the test looks at both");
}
