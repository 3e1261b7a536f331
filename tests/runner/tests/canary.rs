//! Nothing personal and no secret in anything that a program may print: every scenario runs, every error is provoked, at TRACE,
//! and what was logged, told to hooks and events, kept as state or shown by `Debug` and `Display` is searched.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use videoid::webhook::WebhookInbox;
use videoid::workflow::{EidasVideoId, EvidenceDocument, ExternalVideoId};
use videoid::{RegistrationAuthority, RequestOptions, Source};
use videoid_runner::sandboxes::Pool;
use videoid_runner::story::{self, Stage};
use videoid_runner::{fixture, run, scenario};

#[path = "canary_parts/one_shot.rs"]
mod one_shot;

/// Everything that was seen.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl Seen {
    fn add(&self, text: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(text.as_bytes());
        all.push(b'\n');
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Seen {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Seen {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl log::Log for Seen {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.add(&format!("{} {} {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// A value in each form in which it may slip out.
fn forms(value: &str) -> BTreeMap<String, &'static str> {
    let bytes = value.as_bytes();
    let mut out = BTreeMap::from([(value.to_owned(), "plain"), (value.to_lowercase(), "lower case")]);
    let hex: String = bytes.iter().fold(String::new(), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    });
    out.insert(hex.to_uppercase(), "hex");
    out.insert(hex, "hex");
    let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
    out.insert(list.join(", "), "list of bytes");
    let url = |plain: &str| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(byte) {
                text.push(char::from(*byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
            text
        })
    };
    out.insert(url("-_.~"), "URL-encoded");
    out.insert(url("-_.~@+"), "URL-encoded");
    out.insert(url("-_.~").replace("%20", "+"), "URL-encoded as a form");
    // In Base64 a text looks different at each of three places; only whole groups are searched for.
    for shift in 0..3 {
        let mut padded = vec![b'x'; shift];
        padded.extend_from_slice(bytes);
        let text = base64_simd::STANDARD.encode_to_string(&padded);
        let (from, to) = (if shift == 0 { 0 } else { 4 }, padded.len() / 3 * 4);
        if to > from + 7 {
            out.insert(text[from..to].to_owned(), "Base64");
        }
    }
    out
}

/// What must not be seen, and what it is.
fn needles(stage: &Stage) -> Vec<(String, String)> {
    let rao = stage.sandbox.ready()["rao"].clone();
    let image = std::fs::read(fixture("specimen/document_front.jpg")).expect("a fixture");
    let mut values = vec![
        ("given name", "ANNA MARIA".to_owned()),
        ("surname", "ERIKSSON".to_owned()),
        ("e-mail", "anna@example.com".to_owned()),
        ("phone", "+34600000000".to_owned()),
        ("phone without prefix", "600000000".to_owned()),
        ("document number", "X123456781234".to_owned()),
        ("IP address", "192.0.2.17".to_owned()),
        ("user agent", "Example/1.0".to_owned()),
        ("other person", "bob@example.com".to_owned()),
        ("image", base64_simd::STANDARD.encode_to_string(&image[3000..3060])),
        ("secret of the answer", "CANARYPUK77".to_owned()),
        ("secret of the answer", "CANARYPIN88".to_owned()),
        ("secret of the answer", "CANARYCODE99".to_owned()),
        ("secret of the answer", "CANARYERC66".to_owned()),
        ("link", "canarylink55".to_owned()),
        ("declaration", "CANARYRECEIPT44".to_owned()),
        ("contract", "CANARYCONTRACT33".to_owned()),
        ("reason", "canary reason 22".to_owned()),
        ("unknown field of the answer", "CANARYFIELD11".to_owned()),
        ("error text of the service", "CANARYERROR12".to_owned()),
        ("path", "canary-path-13".to_owned()),
        ("proxy's password", "canaryproxy14".to_owned()),
        ("key's password", "canarykey15".to_owned()),
        ("redirect", "canaryredirect16".to_owned()),
        ("extra of the caller", "CANARYEXTRA17".to_owned()),
        ("user's link", "canaryuserlink18".to_owned()),
        ("document", "CANARYDOCUMENT19".to_owned()),
        ("label of a document", "canary label 20".to_owned()),
        ("new PIN", "90871263".to_owned()),
        ("one-time password", "CANARYOTP21".to_owned()),
        ("reason of the service", "CANARYREASON23".to_owned()),
        ("person responsible", "CANARYRESPONSIBLE24".to_owned()),
        ("path", "canary-path-25".to_owned()),
        ("external unlock", "CANARYUNLOCK26".to_owned()),
        ("text of a signature", "CANARYSIGNATURE27".to_owned()),
        ("name of a document", "CANARYFILENAME28".to_owned()),
        ("token", "0fca9a7e0d294f4e8c17ba9d6e1c7a29".to_owned()),
        ("token", "0fca9a7e-0d29-4f4e-8c17-ba9d6e1c7a29".to_owned()),
    ];
    let billing = stage.sandbox.ready()["one_shot"]["billing"].clone();
    for name in ["username", "password"] {
        values.push(("billing account", billing[name].as_str().expect("a text").to_owned()));
    }
    for name in ["username", "password", "pin"] {
        values.push(("officer's credentials", rao[name].as_str().expect("a text").to_owned()));
    }
    let mut out: Vec<(String, String)> = values
        .into_iter()
        .flat_map(|(what, value)| forms(&value).into_iter().map(move |(text, form)| (text, format!("{what} ({form})"))))
        .collect();
    // A key's own text, at three of its places.
    let key = std::fs::read_to_string(stage.pki("client.key")).expect("a key");
    out.extend(key.lines().filter(|line| !line.starts_with('-')).map(|line| (line.to_owned(), "private key".to_owned())));
    out
}

/// The answers that hold secrets, marked; every call of the officer; the errors that quote.
async fn marked_flow(stage: &Stage, seen: &Seen) {
    let witness = seen.clone();
    let ra =
        RegistrationAuthority::with_hooks(stage.config(), Arc::new(move |event| witness.add(&format!("{event:?}")))).expect("a client");
    let options = RequestOptions::new();
    let secrets = json!({"pin": "CANARYPIN88", "puk": "CANARYPUK77", "enrollment_code": "CANARYCODE99", "erc": "CANARYERC66", "more": "CANARYFIELD11"});
    let body = |operation: &str, body: Value| json!({"operation": operation, "kind": "body", "body": body});
    stage.faults(&json!([
        body("get_first_unused_scratchcard", json!({"sn": "1256948", "secrets": secrets.to_string(), "own": "CANARYFIELD11"})),
        body("get_first_unused_scratchcard", json!({"sn": "1256948", "secrets": secrets})),
    ]));
    for _ in 0..2 {
        let card = ra.get_first_unused_scratchcard(None, &options).await.expect("a card");
        seen.add(&format!("{card:?} {card:#?}"));
    }
    let flow = ExternalVideoId::new(ra.clone());
    let evidence = story::builder()
        .extra(serde_json::from_value(json!({"own": "CANARYEXTRA17"})).expect("an object"))
        .build()
        .expect("sound evidence");
    let submission =
        flow.submit(&story::request(), &evidence, &Source::path(fixture("specimen.mp4")), &options).await.expect("a submission");
    let pk = submission.request_pk;
    seen.add(&format!("{submission:?} {evidence:?} {} {flow:?}", flow.state()));
    stage.faults(&json!([
        body("validate_videoid", json!({"secrets": secrets, "request": {"pk": pk, "status": "CREATED", "own": "CANARYFIELD11"}})),
        body("approve_request", json!({"secrets": secrets, "own": ["CANARYFIELD11"]})),
        body("generate_declaration", json!({"serial_number": "X123456781234", "receipt": "CANARYRECEIPT44"})),
        body(
            "get_request_document",
            json!([{"type": "contract", "document": base64_simd::STANDARD.encode_to_string(b"CANARYCONTRACT33")}])
        ),
        body("get_preauth_link", json!({"preauthenticatedlink": "https://x.example/canarylink55"})),
    ]));
    let outcome = flow.validate(&stage.rao(), &options).await.expect("a validation");
    assert_eq!(outcome.secrets.as_ref().and_then(|s| s.pin.as_ref()).map(|pin| pin.expose().as_str()), Some("CANARYPIN88"));
    assert_eq!(outcome.contract.as_ref().map(|c| c.content.as_ref()), Some(&b"CANARYCONTRACT33"[..]));
    seen.add(&format!("{outcome:?} {outcome:#?}"));
    let outcome = flow.approve(&stage.rao(), &options).await.expect("an approval");
    seen.add(&format!("{outcome:?} {outcome:#?} {}", flow.state()));
    let link = ra.get_preauth_link(pk, &options).await.expect("a link");
    seen.add(&format!("{link:?} {link:#?} {:?}", stage.rao()));
    assert!(link.preauthenticatedlink.expose().contains("canarylink55"));

    // Errors that quote what was sent, in each of their forms.
    for (operation, status, said) in [
        ("refuse_videoid", 500, json!({"code": "500", "id": "ab12", "error": "CANARYERROR12 anna@example.com"})),
        ("refuse_videoid", 400, json!({"detail": "CANARYERROR12 ERIKSSON"})),
        (
            "refuse_videoid",
            412,
            json!({"code": "415CANARYERROR12", "id": "CANARYERROR12", "error": "Invalid request fields: anna@example.com"}),
        ),
        ("refuse_videoid", 400, json!({"title": "CANARYERROR12", "description": "+34600000000"})),
        ("refuse_videoid", 503, json!("<html>CANARYERROR12 ANNA MARIA</html>")),
        ("refuse_videoid", 418, json!({"status": "CANARYERROR12", "messsage": ["ANNA MARIA"]})),
        ("refuse_videoid", 302, json!("")),
        ("refuse_videoid", 200, json!({"videoid_status": {"own": "CANARYERROR12"}})),
        ("refuse_videoid", 200, json!("CANARYERROR12 is no JSON")),
    ] {
        stage.faults(&json!([{"operation": operation, "kind": "status", "status": status, "body": said, "headers": {"location": "https://canaryredirect16.example/?email=anna@example.com"}}]));
        let error = ra.refuse_videoid(pk, &stage.rao(), "canary reason 22", &options).await.expect_err("it is refused");
        seen.add(&format!("{error} {error:?} {error:#?} {:?}", error.server_text()));
        let mut cause = std::error::Error::source(&error);
        while let Some(next) = cause {
            seen.add(&format!("{next} {next:?}"));
            cause = next.source();
        }
    }

    // Settings and sources with names and passwords in them.
    let config = stage.config_with(json!({
        "proxy": "http://canary:canaryproxy14@127.0.0.1:1",
        "tls": {"identity": {"certificate_file": stage.pki("client.pem"), "key_file": stage.pki("client-encrypted.key"), "password": "canarykey15"}},
    }));
    seen.add(&format!("{config:?} {config:#?}"));
    let error = RegistrationAuthority::new(config).map(drop).expect_err("the password is wrong");
    seen.add(&format!("{error} {error:?}"));
    let pem = std::fs::read_to_string(stage.pki("client.key")).expect("a key");
    let with_text = stage.config_with(json!({
        "proxy": "http://canary:canaryproxy14@127.0.0.1:1",
        "tls": {"identity": {"certificate_file": stage.pki("client.pem"), "key_pem": pem}}, "retry": {"max_attempts": 1},
    }));
    seen.add(&format!("{with_text:?}"));
    let ra = RegistrationAuthority::new(with_text).expect("a client");
    let error = ra.create_request(&with_card(), &options).await.expect_err("there is no proxy");
    seen.add(&format!("{ra:?} {error} {error:?}"));
    for path in ["/nowhere/canary-path-13.jpg", "/nowhere/canary-path-13.mp4"] {
        let source = Source::path(path);
        seen.add(&format!("{source:?} {:?}", source.open().map(drop)));
    }
    seen.add(&format!("{:?}", story::builder().document_front("/nowhere/canary-path-13.jpg").build().map(drop)));
}

/// The rest of the API and the other two flows: links, documents, papers, PINs, webhooks.
async fn marked_rest(stage: &Stage, seen: &Seen, folder: &std::path::Path) {
    let witness = seen.clone();
    let ra =
        RegistrationAuthority::with_hooks(stage.config(), Arc::new(move |event| witness.add(&format!("{event:?}")))).expect("a client");
    let options = RequestOptions::new();
    let body = |operation: &str, body: Value| json!({"operation": operation, "kind": "status", "status": 200, "body": body});
    let secrets = json!({"pin": "CANARYPIN88", "puk": "CANARYPUK77", "enrollment_code": "CANARYCODE99", "erc": "CANARYERC66"});
    let card = json!({"pk": 1, "sn": "1256948", "secrets": secrets.to_string(), "own": "CANARYFIELD11"});
    let paper = folder.join("canary-path-25.pdf");
    std::fs::write(&paper, "%PDF-1.4\nCANARYDOCUMENT19\n%%EOF\n").expect("a paper");
    let document = json!({"pk": 9, "type": "extra_document", "document": base64_simd::STANDARD.encode_to_string("CANARYDOCUMENT19")});
    stage.faults(&json!([
        body("list_scratchcards", json!({"count": 1, "next": null, "results": [card]})),
        body("get_scratchcard", card),
        body("check_contact_data", json!({"result": "ko", "reason": "CANARYREASON23 anna@example.com"})),
        body("list_request_documents", json!([document])),
        body("unlock_pin", json!({"status": "success", "own": "CANARYFIELD11"})),
    ]));
    seen.add(&format!("{:#?}", ra.list_scratchcards(&videoid::model::ScratchcardFilter::default(), &options).await.expect("cards")));
    seen.add(&format!("{:#?}", ra.get_scratchcard(1.into(), &options).await.expect("a card")));
    let data = videoid::model::ContactData::new("X123456781234", "anna@example.com", "+34600000000");
    let checked = ra.check_contact_data(&data, &options).await.expect("an answer");
    seen.add(&format!("{data:?} {checked:#?}"));
    seen.add(&format!("{:#?}", ra.list_request_documents(1.into(), &options).await.expect("documents")));
    let unlock = videoid::model::PinUnlock::new("1256948", "CANARYCODE99", "90871263", "CANARYOTP21");
    seen.add(&format!("{unlock:#?} {:?}", ra.unlock_pin(1.into(), &unlock, &options).await.expect("an answer")));

    // The user's link is as good as a password; it is in the request and in the outcomes.
    stage.settings(&json!({"external_auth": false}));
    let flow = EidasVideoId::new(ra.clone());
    let mut request = story::request();
    request.responsible_name = Some("CANARYRESPONSIBLE24".into());
    stage.faults(&json!([{"operation": "get_request", "kind": "body", "body": {
        "pk": 45013, "status": "VIDEOPENDING", "videoid_data": {"pk": 36, "videoid_link": "https://x.example/canaryuserlink18"},
    }}]));
    let started = flow.start(&request, &options).await.expect("a start");
    assert!(started.videoid_link.as_ref().is_some_and(|link| link.expose().contains("canaryuserlink18")));
    seen.add(&format!("{started:#?} {request:?} {flow:?} {}", flow.state()));
    let paper = EvidenceDocument::new("canary label 20", Source::path(&paper));
    seen.add(&format!("{paper:?}"));
    let error = flow.complete(None, &[paper], &options).await.expect_err("nobody has validated");
    seen.add(&format!("{error} {error:?}"));

    // What a webhook holds is not for logs either.
    let inbox = WebhookInbox::new();
    let hook = br#"{"request":{"pk":45013,"given_name":"ANNA MARIA"},"own":"CANARYFIELD11","email":"anna@example.com"}"#;
    seen.add(&format!("{:#?} {inbox:?}", inbox.receive(hook).expect("a webhook")));
    let error = inbox.receive(br#"{"email":"anna@example.com"#).expect_err("it is cut");
    seen.add(&format!("{error} {error:?}"));
}

fn with_card() -> videoid::model::NewRequest {
    let mut request = story::request();
    request.scratchcard = Some("1256948".into());
    request
}

/// Which of the needles are in a text, each with what stands around it.
fn leaks(needles: &[(String, String)], text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (needle, what) in needles {
        if let Some(at) = text.find(needle.as_str()) {
            let from = text[..at].char_indices().rev().nth(120).map_or(0, |(i, _)| i);
            let to = text[at..].char_indices().nth(160).map_or(text.len(), |(i, _)| at + i);
            found.push(format!("{what}: …{}…", &text[from..to]));
        }
    }
    found
}

#[test]
fn a_leak_would_be_found() {
    let name = "ANNA MARIA";
    let needles: Vec<(String, String)> = forms(name).into_iter().map(|(text, form)| (text, form.to_owned())).collect();
    let base64 = |text: &str| base64_simd::STANDARD.encode_to_string(text);
    for leak in [
        format!("name={name}"),
        base64(&format!("{{\"given_name\":\"{name}\"}}")),
        base64(&format!("{{\"given_names\":\"{name}\"}}")),
        base64(&format!("{{\"given_name_1\":\"{name}\"}}")),
        "?given_name=ANNA%20MARIA&page=1".to_owned(),
        "?given_name=ANNA+MARIA".to_owned(),
        "414e4e41204d41524941".to_owned(),
        format!("{:?}", name.as_bytes()),
        "anna maria".to_owned(),
    ] {
        assert!(!leaks(&needles, &leak).is_empty(), "{leak}");
    }
    assert!(leaks(&needles, "given_name: Some(***)").is_empty());
}

#[test]
fn nothing_personal_is_seen_anywhere() {
    let seen = Seen::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(seen.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
    log::set_logger(Box::leak(Box::new(seen.clone()))).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    let kept = seen.clone();
    let pool = Pool::watched(Arc::new(move |text| kept.add(&text)));
    let needles = runtime.block_on(async {
        for scenario in scenario::all().expect("the scenarios follow their schema") {
            run(&scenario, &pool).await.unwrap_or_else(|why| panic!("{}: {why}", scenario.title()));
        }
        let stage = Stage::start(&[]).await;
        marked_flow(&stage, &seen).await;
        let folder = tempfile::tempdir().expect("a folder");
        marked_rest(&Stage::start(&[]).await, &seen, folder.path()).await;
        for dialect in ["current", "legacy"] {
            one_shot::marked(&Stage::start(&[]).await, dialect, &seen, folder.path()).await;
        }
        needles(&stage)
    });
    let text = seen.text();
    // The net is whole only where something was caught in it.
    for wanted in [
        "videoid.call",
        "correlation_id",
        "kind: \"attempt\"",
        "kind: \"step\"",
        "ambiguous in create_request",
        "Request {",
        "OfficerOutcome {",
        "OneShotOutcome {",
        "TokenUid(***)",
        "hyper",
    ] {
        assert!(text.contains(wanted), "{wanted} was never seen: the canary is blind");
    }
    let found = leaks(&needles, &text);
    assert!(found.is_empty(), "{} leaks in {} bytes:\n{}", found.len(), text.len(), found.join("\n"));
}
