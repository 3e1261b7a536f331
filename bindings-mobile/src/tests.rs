//! What crosses the border keeps its meaning, shows nothing personal, and fails with an error instead of a panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::error::VideoIdError;
use crate::evidence::{EvidenceInput, check_evidence};
use crate::generated::*;
use crate::guard;
use crate::source::Source;

fn wait<T>(future: impl Future<Output = T>) -> T {
    guard::runtime().expect("threads start").block_on(future)
}

fn code(error: VideoIdError) -> String {
    let VideoIdError::Failed { code, .. } = error;
    code
}

const REQUEST: &str = r#"{"pk":42,"status":"VIDEOPENDING","email":"anna@example.com","given_name":"ANNA MARIA","new_field":{"name":"ERIKSSON"},
    "videoid_data":{"pk":7,"requests":[42],"video_identifier":"v-1","data":{"images":{"document_front":"aGVsbG8="}}}}"#;

#[test]
fn what_a_record_shows_holds_nothing_personal() {
    let request = request_from_json(REQUEST.into()).expect("a request");
    let shown = format!("{request} {request:?}");
    for word in ["anna", "ANNA", "ERIKSSON"] {
        assert!(!shown.contains(word), "{shown}");
    }
    assert!(shown.starts_with("Request(pk=42, status=VIDEOPENDING, email=***, "), "{shown}");
    let rao = rao_credentials_from_json(r#"{"username":"anna","password":"p4ss","pin":"4711","rao_id":1400}"#.into()).expect("credentials");
    assert_eq!(rao.to_string(), "RaoCredentials(username=***, password=***, pin=***, raoId=1400)");
}

#[test]
fn json_comes_back_as_it_went() {
    let request = request_from_json(REQUEST.into()).expect("a request");
    let again = request_from_json(request_to_json(request.clone()).expect("JSON")).expect("a request");
    assert_eq!(request, again);
}

/// The structs of the core that have no `Default`, with nothing but what they need: they are made from those fields.
#[test]
fn structs_without_a_default_are_made_from_what_they_need() {
    macro_rules! same {
        ($read:ident, $write:ident, $text:literal) => {
            assert_eq!($write($read($text.into()).expect($text)).expect($text), $text);
        };
    }
    same!(scratchcard_from_json, scratchcard_to_json, r#"{"sn":"1"}"#);
    same!(security_check_from_json, security_check_to_json, r#"{"passed":true,"provenance":"attested","by":"x"}"#);
    same!(rao_credentials_from_json, rao_credentials_to_json, r#"{"username":"u","password":"p","pin":"1","rao_id":"14"}"#);
    same!(approval_from_json, approval_to_json, r#"{"request":{"pk":1,"status":"ENROLLREADY"}}"#);
    same!(refusal_from_json, refusal_to_json, r#"{"videoid_status":"REFUSED"}"#);
    same!(declaration_from_json, declaration_to_json, r#"{"receipt":"a\r\nb"}"#);
    same!(preauth_link_from_json, preauth_link_to_json, r#"{"preauthenticatedlink":"https://127.0.0.1/x"}"#);
    same!(submission_from_json, submission_to_json, r#"{"request_pk":1,"scratchcard":"2","status":"VIDEOREVIEW","warnings":["w"]}"#);
    same!(officer_outcome_from_json, officer_outcome_to_json, r#"{"request_pk":1,"status":"A_NEW_WORD","warnings":[]}"#);
}

#[test]
fn a_word_that_is_not_known_is_kept() {
    let status = crate::info::status_from_word("A_NEW_WORD".into());
    assert_eq!(status, Status::Other { word: "A_NEW_WORD".into() });
    assert_eq!(status.to_string(), "A_NEW_WORD");
}

#[test]
fn text_that_is_no_json_is_an_error_that_does_not_quote_it() {
    let error = new_request_from_json(r#"{"email": anna@example.com}"#.into()).expect_err("no JSON");
    assert!(!format!("{error} {error:?}").contains("anna"));
    assert_eq!(code(error), "field_invalid");
}

/// UniFFI makes `toString` of a call that cannot fail, so a record with a wrong `extra` has to show all the same.
#[test]
fn a_wrong_extra_shows_and_fails_only_when_it_is_used() {
    type Text = crate::values::Extra;
    let lifted =
        |text: &str| <Text as uniffi::Lift<crate::UniFfiTag>>::try_lift(<String as uniffi::Lower<crate::UniFfiTag>>::lower(text.into()));
    let mut request = new_request_from_json(r#"{"profile":"p","email":"anna@example.com"}"#.into()).expect("a request");
    request.extra = lifted("[\"ANNA\"]").expect("any text crosses");
    assert_eq!(request.to_string(), "NewRequest(profile=p, email=***, extra=***)");
    let error = new_request_to_json(request).expect_err("no object");
    assert!(!error.to_string().contains("ANNA"));
    assert_eq!(code(error), "field_invalid");
}

#[test]
fn a_panic_is_an_error_of_code_internal() {
    let error = wait(guard::run::<()>(async { panic!("provoked") })).expect_err("it panicked");
    assert_eq!(code(error), "internal");
    let error = wait(guard::blocking::<()>(|| panic!("provoked"))).expect_err("it panicked");
    assert_eq!(code(error), "internal");
}

#[test]
fn a_call_ends_when_its_future_is_dropped() {
    struct Ended(Arc<AtomicBool>);
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    let flag = Arc::new(AtomicBool::new(false));
    let ended = Ended(Arc::clone(&flag));
    wait(async {
        let call = guard::run::<()>(async move {
            let _held = ended;
            std::future::pending().await
        });
        assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
        for _ in 0..200 {
            if flag.load(Ordering::SeqCst) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(flag.load(Ordering::SeqCst));
}

#[test]
fn evidence_without_images_is_found_out_and_does_not_show_its_data() {
    let input = EvidenceInput {
        acceptance: None,
        document_front: Some(Source::from_path("/nowhere/anna.jpg".into())),
        document_rear: None,
        document_photo: None,
        document_owner: None,
        ocr_data: Some(ocr_data_from_json(r#"{"given_name":"ANNA MARIA"}"#.into()).expect("data")),
        security_checks: None,
        similarity_level: Some(crate::values::SimilarityLevel::Score { score: 101 }),
        extra: crate::values::Extra::default(),
        limits: None,
        strict: false,
    };
    assert_eq!(input.to_string(), "EvidenceInput(documentFront=***, ocrData=OcrData(givenName=***), similarityLevel=101, strict=false)");
    let report = wait(check_evidence(input)).expect("a report");
    let codes: Vec<_> = report.findings.iter().map(|f| f.code.as_str()).collect();
    assert!(codes.contains(&"source_unreadable") && codes.contains(&"field_invalid"), "{codes:?}");
}

#[cfg(unix)]
#[test]
fn a_descriptor_can_be_closed_after_the_source_is_made() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    let path = std::env::temp_dir().join(format!("videoid-descriptor-{}", std::process::id()));
    let mut file = std::fs::File::create(&path).expect("a file");
    file.write_all(b"abc").expect("written");
    let source = Source::from_file_descriptor(file.as_raw_fd());
    drop(file);
    let source = source.expect("a source");
    assert_eq!((source.byte_count().expect("a length"), source.is_replayable()), (3, true));
    std::fs::remove_file(&path).expect("removed");
    let (pipe, _other) = std::io::pipe().expect("a pipe");
    assert_eq!(code(Source::from_file_descriptor(pipe.as_raw_fd()).expect_err("not a file")), "source_unreadable");
}

#[test]
fn an_officers_step_before_the_submission_is_refused() {
    use crate::workflow::Workflow;
    let config = ra_config_from_json(
        r#"{"environment":"custom","api_url":"http://127.0.0.1:9/api/v1","upload_url":"http://127.0.0.1:9","video_pk":"request_pk","registration_authority":"121"}"#.into(),
    )
    .expect("settings");
    let ra = crate::client::RegistrationAuthority::new(config, None).expect("a client");
    let workflow = Workflow::new(ra, Flow::ExternalVideoId, None, None).expect("a workflow");
    let state = workflow.state();
    assert!(state.starts_with('{'), "{state}");
    let rao = rao_credentials_from_json(r#"{"username":"u","password":"p","pin":"1","rao_id":"14"}"#.into()).expect("credentials");
    assert_eq!(code(wait(workflow.validate(rao, None)).expect_err("nothing was submitted")), "workflow_step");
}

const RA_CONFIG: &str =
    r#"{"environment":"custom","api_url":"http://127.0.0.1:9/api/v1","upload_url":"http://127.0.0.1:9","registration_authority":"121"}"#;

fn ra() -> Arc<crate::client::RegistrationAuthority> {
    crate::client::RegistrationAuthority::new(ra_config_from_json(RA_CONFIG.into()).expect("settings"), None).expect("a client")
}

#[test]
fn a_step_of_another_flow_is_refused() {
    use crate::workflow::Workflow;
    let rao = || rao_credentials_from_json(r#"{"username":"u","password":"p","pin":"1","rao_id":"14"}"#.into()).expect("credentials");
    let request = || new_request_from_json(r#"{"profile":"p","email":"anna@example.com"}"#.into()).expect("a request");
    let flow = |flow| Workflow::new(ra(), flow, None, None);
    let eidas = flow(Flow::EidasVideoId).expect("a workflow");
    assert_eq!(code(wait(eidas.validate(rao(), None)).expect_err("external only")), "workflow_step");
    assert_eq!(code(wait(eidas.submit_documents(request(), Vec::new(), None)).expect_err("classic only")), "workflow_step");
    let external = flow(Flow::ExternalVideoId).expect("a workflow");
    assert_eq!(code(wait(external.papers("14".into(), None)).expect_err("not external")), "workflow_step");
    let classic = flow(Flow::Classic).expect("a workflow");
    assert_eq!(code(wait(classic.start(request(), None)).expect_err("eIDAS only")), "workflow_step");
    assert_eq!(code(flow(Flow::Other { word: "x".into() }).expect_err("not known")), "field_invalid");
    let other = Workflow::resume(ra(), Flow::Classic, eidas.state(), None, None).expect_err("a state of another flow");
    assert_eq!(code(other), "field_invalid");
}

#[test]
fn a_one_shot_workflow_is_of_one_of_two_flows() {
    use crate::one_shot::OneShot;
    use crate::one_shot_workflow::OneShotFlow;
    let config = one_shot_config_from_json(r#"{"environment":"custom","base_url":"http://127.0.0.1:9"}"#.into()).expect("settings");
    let client = OneShot::new(config, None).expect("a client");
    let flow = |flow| OneShotFlow::new(Arc::clone(&client), flow, None, None);
    let videoid = || new_video_id_from_json(r#"{"profile":"p","email":"anna@example.com"}"#.into()).expect("a request");
    let limits = || wait_limits_from_json(r#"{"deadline_ms":1000}"#.into()).expect("limits");
    let external = flow(Flow::ExternalVideoId).expect("a workflow");
    assert_eq!(code(wait(external.start(videoid(), None)).expect_err("eIDAS only")), "workflow_step");
    assert_eq!(code(wait(external.wait_for_user(limits(), None, None)).expect_err("eIDAS only")), "workflow_step");
    assert_eq!(code(wait(external.look(None)).expect_err("there is no request")), "workflow_step");
    for other in [Flow::Classic, Flow::Other { word: "x".into() }] {
        assert_eq!(code(flow(other).expect_err("the API does not have it")), "field_invalid");
    }
    let other = OneShotFlow::resume(Arc::clone(&client), Flow::EidasVideoId, external.state(), None, None).expect_err("another flow's");
    assert_eq!(code(other), "field_invalid");
    let again = OneShotFlow::resume(client, Flow::ExternalVideoId, external.state(), None, None).expect("its own");
    assert_eq!(again.state(), external.state());
}

#[test]
fn who_signs_and_approves_on_the_one_shot_api_does_not_show() {
    let rao = one_shot_rao_from_json(r#"{"token":"t0ken","username":"anna","password":"p4ss","pin":"4711","rao":"1400"}"#.into());
    assert_eq!(rao.expect("an officer").to_string(), "OneShotRao(token=***, username=***, password=***, pin=***, rao=1400)");
    let signing = signing_from_json(r#"{"secret":"314159","ext_unlock_type":"pin","ext_unlock_value":"4711"}"#.into());
    let shown = format!("{:?}", signing.expect("a way to sign"));
    assert!(!shown.contains("314159") && !shown.contains("4711"), "{shown}");
}

#[test]
fn a_webhook_is_read_from_its_bytes() {
    use crate::webhook::{WebhookInbox, parse_webhook};
    let body = br#"{"request_pk":45013,"status":"VIDEOREVIEW"}"#.to_vec();
    let webhook = parse_webhook(body.clone()).expect("a webhook");
    assert_eq!((webhook.request_pk.map(|pk| pk.0), webhook.status), (Some(45013), Some(Status::VideoReview)));
    let inbox = WebhookInbox::new();
    inbox.receive(body).expect("a webhook");
    assert_eq!(code(inbox.receive(vec![0xff]).expect_err("no text")), "webhook_invalid");
}

#[test]
fn a_wait_needs_an_end() {
    let wish = wait_for_from_json(r#"{"statuses":["VIDEOREVIEW"]}"#.into()).expect("a wish");
    let error = wait(ra().wait_for(RequestPk(1), wish, None, None)).expect_err("no deadline");
    assert_eq!(code(error), "field_missing");
}

#[test]
fn documents_show_neither_label_nor_file() {
    use crate::workflow::{ClassicDocument, EvidenceDocument};
    let document = Source::from_path("/nowhere/anna.pdf".into());
    let evidence = EvidenceDocument { label: "ANNA".into(), document: Arc::clone(&document) };
    assert_eq!(format!("{evidence} {evidence:?}"), "EvidenceDocument(label=***, document=***) EvidenceDocument(label=***, document=***)");
    let classic = ClassicDocument { document_type: DocumentType::DocumentFront, document };
    assert_eq!(classic.to_string(), "ClassicDocument(documentType=document_front, document=***)");
}

#[test]
fn an_answer_is_read_as_a_call_would() {
    let text = crate::client::parse_answer("get_request".into(), 200, REQUEST.into()).expect("a request");
    assert!(text.contains(r#""pk":42"#), "{text}");
    assert_eq!(code(crate::client::parse_answer("get_request".into(), 404, b"{}".to_vec()).expect_err("not there")), "not_found");
}
