//! Waiting for a status with webhooks that really come in over HTTP: they bring a look forward, and nothing more. Only what a GET
//! shows is given back, whatever is forged, doubled, swapped or cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use videoid::model::{Flow, RequestPk, Status, WayOn};
use videoid::webhook::WebhookInbox;
use videoid::workflow::{EidasVideoId, EvidenceDocument, WaitLimits};
use videoid::{CancelToken, ErrorCategory, ErrorCode, RegistrationAuthority, RequestOptions, WaitFor, Wire};
use videoid_runner::fixture;
use videoid_runner::story::{self, Stage};

/// A web server that puts what is posted to it into an inbox, as a customer's would.
struct Listener {
    url: String,
    inbox: WebhookInbox,
    read: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Listener {
    async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hooks", socket.local_addr().expect("an address"));
        let inbox = WebhookInbox::new();
        let (read, refused) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let task = tokio::spawn({
            let (inbox, read, refused) = (inbox.clone(), Arc::clone(&read), Arc::clone(&refused));
            async move {
                while let Ok((mut stream, _)) = socket.accept().await {
                    let Some(body) = posted(&mut stream).await else { continue };
                    let count = if inbox.receive(&body).is_ok() { &read } else { &refused };
                    count.fetch_add(1, Ordering::SeqCst);
                    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                    // A sender that is gone has nothing to be told.
                    let _ = stream.write_all(answer).await;
                }
            }
        });
        Self { url, inbox, read, refused, task }
    }

    fn read(&self) -> usize {
        self.read.load(Ordering::SeqCst)
    }

    fn refused(&self) -> usize {
        self.refused.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The body of one POST.
async fn posted(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let head = all.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = head {
            let text = String::from_utf8_lossy(&all[..end]).to_lowercase();
            let length: usize = text.lines().find_map(|line| line.strip_prefix("content-length:"))?.trim().parse().ok()?;
            if all.len() >= end + 4 + length {
                return Some(all[end + 4..end + 4 + length].to_vec());
            }
        }
        match stream.read(&mut buffer).await.ok()? {
            0 => return None,
            read => all.extend_from_slice(&buffer[..read]),
        }
    }
}

/// A sandbox with a request that waits for its evidence, and webhooks that go to a listener.
struct Scene {
    stage: Stage,
    ra: RegistrationAuthority,
    hooks: Listener,
    pk: RequestPk,
}

impl Scene {
    async fn start(settings: Value) -> Self {
        let (stage, hooks) = (Stage::start(&[]).await, Listener::start().await);
        let mut all = json!({ "webhook_url": hooks.url });
        for (name, value) in settings.as_object().expect("an object") {
            all[name] = value.clone();
        }
        stage.settings(&all);
        let ra = stage.client();
        let pk = stage.pending(&ra).await.pk;
        stage.sandbox.clear_received();
        Self { stage, ra, hooks, pk }
    }

    fn pk(&self) -> u64 {
        u64::try_from(self.pk.0).expect("a key")
    }

    fn set(&self, status: &str) {
        self.stage.sandbox.set_status(self.pk(), status).expect("the request is there");
    }

    /// A webhook that nobody of the service sent, over HTTP.
    fn forge(&self, body: Value) {
        self.stage.sandbox.send_webhook(&json!({ "body": body })).expect("it is sent");
    }

    fn looks(&self) -> usize {
        self.stage.received("get_request").len()
    }

    async fn until(&self, what: &str, done: impl Fn() -> bool) {
        let begun = Instant::now();
        while !done() {
            assert!(begun.elapsed() < Duration::from_secs(20), "{what} did not come");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Begins to wait in the background, with polls that never come, so that only webhooks wake it.
    async fn waiting(&self, wanted: Status, deadline_ms: i64) -> JoinHandle<videoid::Result<videoid::model::Request>> {
        let before = self.looks();
        let (ra, pk, inbox) = (self.ra.clone(), self.pk, self.hooks.inbox.clone());
        let mut wait = WaitFor::new([wanted], deadline_ms);
        wait.poll_ms = 600_000;
        let task = tokio::spawn(async move { ra.wait_for(pk, &wait, Some(&inbox), &RequestOptions::new()).await });
        self.until("the first look", || self.looks() > before).await;
        task
    }
}

const LONG: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_brings_the_next_look_forward_in_each_body() {
    for body in ["flat", "event", "mixed"] {
        for fault in ["none", "duplicate", "reorder"] {
            let scene = Scene::start(json!({ "webhook_body": body, "webhook_fault": fault })).await;
            let task = scene.waiting(Status::VideoReview, LONG).await;
            let begun = Instant::now();
            scene.set("VIDEOINCOMPLETE");
            scene.set("VIDEOREVIEW");
            let request = task.await.expect("no panic").expect("it comes");
            assert_eq!((request.pk, request.status), (scene.pk, Status::VideoReview), "{body} {fault}");
            // Without a webhook the next look was ten minutes away.
            assert!(begun.elapsed() < Duration::from_secs(30), "{body} {fault}");
            assert!(scene.hooks.read() > 0, "{body} {fault}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_webhooks_claim_is_not_believed() {
    let scene = Scene::start(json!({})).await;
    scene.until("the webhook of the creation", || scene.hooks.read() == 1).await;
    let task = scene.waiting(Status::EnrollReady, 3000).await;
    let pk = scene.pk.0;
    for body in [
        json!({"status": "ENROLLREADY", "previous_status": "VIDEOREVIEW", "request": pk}),
        json!({"event_type": "REQUEST_APPROVED", "request": {"pk": pk.to_string(), "status": "ENROLLREADY"}}),
        json!({"event_type": "REQUEST_CANCELED", "request": {"pk": pk, "status": "CANCELLED"}}),
        json!({"status": "ENROLLREADY", "request": pk + 1}),
        json!({"status": "ENROLLREADY"}),
        json!("{\"status\":\"ENROLLREADY\",\"request\":"),
        json!("not a webhook"),
    ] {
        scene.forge(body);
    }
    scene.until("every forged webhook", || scene.hooks.read() + scene.hooks.refused() == 8).await;
    assert_eq!((scene.hooks.read(), scene.hooks.refused()), (6, 2));
    let error = task.await.expect("no panic").expect_err("the request never came there");
    assert_eq!(
        (error.code(), error.category(), error.retryable(), error.wire()),
        (ErrorCode::WaitDeadline, ErrorCategory::Transport, true, Wire::Answered)
    );
    assert_eq!((error.operation(), error.detail().contains("VIDEOPENDING")), (Some("get_request"), true), "{error}");
    // They did wake it: one look at the start, one or more for the webhooks, one before the end.
    assert!((2..=16).contains(&scene.looks()), "{} looks", scene.looks());
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_webhooks_wake_nobody_and_polls_find_out() {
    let scene = Scene::start(json!({ "webhook_fault": "truncate" })).await;
    let (ra, pk, inbox) = (scene.ra.clone(), scene.pk, scene.hooks.inbox.clone());
    let mut wait = WaitFor::new([Status::VideoReview, Status::VideoError], LONG);
    wait.poll_ms = 50;
    let task = tokio::spawn(async move { ra.wait_for(pk, &wait, Some(&inbox), &RequestOptions::new()).await });
    scene.until("some polls", || scene.looks() > 2).await;
    scene.set("VIDEOERROR");
    assert_eq!(task.await.expect("no panic").expect("it comes").status, Status::VideoError);
    scene.until("the cut webhooks", || scene.hooks.refused() > 1).await;
    assert_eq!(scene.hooks.read(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_webhooks_makes_few_looks() {
    let scene = Scene::start(json!({ "webhook_url": null })).await;
    let task = scene.waiting(Status::VideoReview, 2000).await;
    let begun = Instant::now();
    let body = json!({"status": "VIDEOREVIEW", "request": scene.pk.0}).to_string();
    let mut sent = 0_u32;
    while !task.is_finished() {
        for _ in 0..500 {
            scene.hooks.inbox.receive(body.as_bytes()).expect("it is one");
            sent += 1;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(task.await.expect("no panic").expect_err("never in review").code(), ErrorCode::WaitDeadline);
    // At most one in 200 ms, and the first one.
    let most = usize::try_from(begun.elapsed().as_millis() / 200).expect("short") + 2;
    assert!((2..=most).contains(&scene.looks()), "{} looks of at most {most} for {sent} webhooks", scene.looks());
    assert_eq!(format!("{:?}", scene.hooks.inbox), "WebhookInbox { waiting: 0 }");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_where_the_wanted_status_cannot_come_any_more() {
    let scene = Scene::start(json!({})).await;
    let task = scene.waiting(Status::VideoReview, LONG).await;
    scene.ra.cancel_request(scene.pk, &RequestOptions::new()).await.expect("it is cancelled");
    let error = task.await.expect("no panic").expect_err("it cannot come");
    assert_eq!((error.code(), error.retryable()), (ErrorCode::UnexpectedStatus, false));
    assert!(error.to_string().contains("CANCELLED"), "{error}");
    // Who asked for it is given it.
    let wait = WaitFor::new([Status::Cancelled, Status::Issued], LONG);
    assert_eq!(scene.ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect("it is").status, Status::Cancelled);
    for (status, wanted) in [("ENROLLREADY", Status::VideoReview), ("ISSUED", Status::EnrollReady), ("RENEWED", Status::Issued)] {
        scene.set(status);
        let error = scene.ra.wait_for(scene.pk, &WaitFor::new([wanted], LONG), None, &RequestOptions::new()).await;
        assert_eq!(error.expect_err("too late").code(), ErrorCode::UnexpectedStatus, "{status}");
    }
    // A word that nobody knows may lead anywhere, and is not quoted.
    scene.set("ANNA ERIKSSON");
    let error = scene.ra.wait_for(scene.pk, &WaitFor::new([Status::Issued], 300), None, &RequestOptions::new()).await;
    let error = error.expect_err("it stays there");
    assert_eq!(error.code(), ErrorCode::WaitDeadline);
    assert!(!format!("{error:?}").contains("ANNA"));
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_that_fail_do_not_end_it() {
    let scene = Scene::start(json!({ "webhook_url": null })).await;
    let fault = |kind: &str| json!({"operation": "get_request", "kind": kind, "when": "before", "status": 503, "times": 4});
    scene.stage.faults(&json!([fault("status"), fault("drop")]));
    let config = scene.stage.config_with(json!({"retry": {"max_attempts": 1}}));
    let ra = RegistrationAuthority::new(config).expect("a client");
    let mut wait = WaitFor::new([Status::VideoPending], LONG);
    (wait.poll_ms, wait.max_poll_ms) = (20, 20);
    assert_eq!(ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect("the ninth look").status, Status::VideoPending);
    assert_eq!(scene.looks(), 9);

    scene.stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 503, "times": 1000}]));
    wait.deadline_ms = 300;
    let error = ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect_err("the service is down");
    assert_eq!((error.code(), error.retryable()), (ErrorCode::WaitDeadline, true));
    assert!(format!("{error:?}").contains("server_error"), "it says what failed: {error:?}");

    // A look that hangs does not outlast the deadline.
    scene.stage.sandbox.clear_faults();
    scene.stage.faults(&json!([{"operation": "get_request", "kind": "delay", "ms": 30_000}]));
    let begun = Instant::now();
    let error = ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect_err("the service hangs");
    assert_eq!((error.code(), error.wire()), (ErrorCode::WaitDeadline, Wire::NotSent));
    assert!(begun.elapsed() < Duration::from_secs(20));

    // What no other look can mend ends it.
    let error = ra.wait_for(1.into(), &WaitFor::new([Status::Issued], LONG), None, &RequestOptions::new()).await;
    assert_eq!(error.expect_err("there is none").code(), ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_cancelled_and_dropped_at_any_time() {
    let scene = Scene::start(json!({ "webhook_url": null })).await;
    let token = CancelToken::new();
    let options = RequestOptions::new().cancel(token.clone());
    let (ra, pk, inbox) = (scene.ra.clone(), scene.pk, scene.hooks.inbox.clone());
    let wait = WaitFor::new([Status::Issued], LONG);
    let task = tokio::spawn(async move { ra.wait_for(pk, &wait, Some(&inbox), &options).await });
    scene.until("the first look", || scene.looks() == 1).await;
    token.cancel();
    assert_eq!(task.await.expect("no panic").expect_err("cancelled").code(), ErrorCode::Cancelled);

    let task = scene.waiting(Status::Issued, LONG).await;
    scene.until("the wait", || format!("{:?}", scene.hooks.inbox).contains("waiting: 1")).await;
    task.abort();
    assert!(task.await.expect_err("it was aborted").is_cancelled());
    assert_eq!(format!("{:?}", scene.hooks.inbox), "WebhookInbox { waiting: 0 }");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_wait_at_one_inbox_each_for_its_own() {
    let scene = Scene::start(json!({})).await;
    let mut tasks = vec![(scene.pk, scene.waiting(Status::VideoReview, LONG).await)];
    for _ in 0..9 {
        let pk = scene.stage.pending(&scene.ra).await.pk;
        let (ra, inbox) = (scene.ra.clone(), scene.hooks.inbox.clone());
        let mut wait = WaitFor::new([Status::VideoReview], LONG);
        wait.poll_ms = 600_000;
        tasks.push((pk, tokio::spawn(async move { ra.wait_for(pk, &wait, Some(&inbox), &RequestOptions::new()).await })));
    }
    scene.until("every first look", || scene.looks() == 10).await;
    for (pk, task) in tasks {
        scene.stage.sandbox.set_status(u64::try_from(pk.0).expect("a key"), "VIDEOREVIEW").expect("it is there");
        assert_eq!(task.await.expect("no panic").expect("it comes").pk, pk);
    }
    // Nobody was woken for another one's.
    assert!(scene.looks() <= 30, "{} looks", scene.looks());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wait_needs_is_said_before_anything_is_sent() {
    let scene = Scene::start(json!({})).await;
    let at = |statuses: &[Status], deadline_ms, poll_ms, max_poll_ms| {
        let mut wait = WaitFor::new(statuses.iter().cloned(), deadline_ms);
        (wait.poll_ms, wait.max_poll_ms) = (poll_ms, max_poll_ms);
        wait
    };
    let issued = [Status::Issued];
    for (wait, code, field) in [
        (at(&[], LONG, 1, 1), ErrorCode::FieldMissing, "statuses"),
        (at(&issued, 0, 1, 1), ErrorCode::FieldMissing, "deadline_ms"),
        (at(&issued, -1, 1, 1), ErrorCode::FieldInvalid, "deadline_ms"),
        (at(&issued, 1, 0, 1), ErrorCode::FieldInvalid, "poll_ms"),
        (at(&issued, 1, 1, i64::MIN), ErrorCode::FieldInvalid, "max_poll_ms"),
    ] {
        let error = scene.ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect_err(field);
        assert_eq!((error.code(), error.fields()[0].field.as_str(), error.wire()), (code, field, Wire::NotSent));
    }
    assert_eq!(scene.looks(), 0);
    // The longest times are times like others.
    let wait = at(&[Status::VideoPending], i64::MAX, i64::MAX, i64::MAX);
    scene.ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect("it is there at the first look");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_eidas_flow_is_woken_by_webhooks_up_to_enrollready() {
    for profile in ["PFnubeQAFCiudadano", "PRnubeQAFRepresentantePJ"] {
        let scene = Scene::start(json!({ "external_auth": false, "webhook_body": "event", "operator_result": if profile.starts_with("PF") { "ENROLLREADY" } else { "CREATED" } })).await;
        let flow = EidasVideoId::new(scene.ra.clone());
        let options = RequestOptions::new();
        let mut request = story::request();
        request.profile = profile.into();
        let started = flow.start(&request, &options).await.expect("it starts");
        assert!(started.videoid_link.is_some() && started.status == Status::VideoPending);
        let pk = u64::try_from(started.request_pk.0).expect("a key");
        let mut limits = WaitLimits::new(LONG);
        limits.poll_ms = 600_000;
        let wait = |operator: bool| {
            let (flow, limits, inbox) = (flow.clone(), limits.clone(), scene.hooks.inbox.clone());
            tokio::spawn(async move {
                let options = RequestOptions::new();
                if operator {
                    flow.wait_for_operator(&limits, Some(&inbox), &options).await
                } else {
                    flow.wait_for_user(&limits, Some(&inbox), &options).await
                }
            })
        };
        let looked = || scene.looks();

        let (before, task) = (looked(), wait(false));
        scene.until("a look", || looked() > before).await;
        scene.stage.sandbox.user(pk, "leave").expect("the user leaves");
        let left = task.await.expect("no panic").expect("an outcome");
        assert_eq!((left.status, left.ways_on.first()), (Status::VideoIncomplete, Some(&WayOn::SendLink)));
        assert_eq!(left.videoid_link.map(|l| l.expose().clone()), started.videoid_link.map(|l| l.expose().clone()));
        assert_eq!(flow.ways_on(), Status::VideoIncomplete.ways_on(&Flow::EidasVideoId));

        scene.stage.sandbox.user(pk, "finish").expect("the user comes back");
        let done = wait(false).await.expect("no panic").expect("an outcome");
        assert_eq!(done.status, Status::VideoReview);

        let (before, task) = (looked(), wait(true));
        scene.until("a look", || looked() > before).await;
        scene.stage.sandbox.operator(pk, "validate", "").expect("the operator validates");
        let validated = task.await.expect("no panic").expect("an outcome");

        let paper = [EvidenceDocument::new("power of attorney", fixture("specimen/document_front.jpg"))];
        let completed = flow.complete(None, &paper, &options).await.expect("it is complete");
        assert_eq!(completed.status, validated.status);
        if profile.starts_with("PF") {
            assert_eq!((validated.status, completed.warnings.len()), (Status::EnrollReady, 1));
            assert!(scene.stage.received("upload_videoid_evidence_document").is_empty());
        } else {
            assert_eq!(validated.status, Status::Created);
            flow.complete(None, &paper, &options).await.expect("it is complete already");
            assert_eq!(scene.stage.received("upload_videoid_evidence_document").len(), 1);
            let papers = flow.papers("1400", &options).await.expect("papers");
            assert!(papers.declaration.is_some() && papers.contract.is_some());
        }
        let approved = flow.approve(&scene.stage.rao(), &options).await.expect("it is approved");
        assert_eq!(approved.status, Status::EnrollReady);
        assert!(scene.stage.received("validate_videoid").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_can_be_cancelled_while_it_waits() {
    let scene = Scene::start(json!({ "external_auth": false })).await;
    let flow = EidasVideoId::new(scene.ra.clone());
    let options = RequestOptions::new();
    let first = flow.start(&story::request(), &options).await.expect("it starts");
    let (waits, inbox) = (flow.clone(), scene.hooks.inbox.clone());
    let before = scene.looks();
    let task = tokio::spawn(async move {
        let mut limits = WaitLimits::new(LONG);
        limits.poll_ms = 600_000;
        waits.wait_for_user(&limits, Some(&inbox), &RequestOptions::new()).await
    });
    scene.until("a look", || scene.looks() > before).await;
    let cancelled = flow.cancel(&options).await.expect("it is cancelled");
    assert_eq!((cancelled.request_pk, cancelled.status), (first.request_pk, Status::Cancelled));
    // The webhook of the cancellation wakes the wait, which has no request any more.
    assert_eq!(task.await.expect("no panic").expect_err("it is gone").code(), ErrorCode::WorkflowStep);
    let second = flow.start(&story::request(), &options).await.expect("it starts anew");
    assert_ne!((second.request_pk, second.scratchcard), (first.request_pk, first.scratchcard));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_no_clock_holds_ends_at_the_deadline() {
    let scene = Scene::start(json!({})).await;
    let endless = json!({"retry-after": u64::MAX.to_string()});
    scene.stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 503, "headers": endless}]));
    let wait = WaitFor::new([Status::VideoReview], 700);
    let error = scene.ra.wait_for(scene.pk, &wait, None, &RequestOptions::new()).await.expect_err("the service asks for too much");
    assert_eq!(error.code(), ErrorCode::WaitDeadline);
    assert_eq!(scene.looks(), 1, "it is not asked before the service wants to be");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_runs_long_holds_up_neither_a_deadline_nor_a_token() {
    let scene = Scene::start(json!({ "external_auth": false })).await;
    scene.stage.faults(&json!([{"operation": "create_request", "kind": "delay", "ms": 30_000}]));
    let flow = EidasVideoId::new(scene.ra.clone());
    let starts = flow.clone();
    let task = tokio::spawn(async move { starts.start(&story::request(), &RequestOptions::new()).await });
    scene.until("the card", || !scene.stage.received("get_first_unused_scratchcard").is_empty()).await;
    let error = flow.wait_for_user(&WaitLimits::new(300), None, &RequestOptions::new()).await.expect_err("the start goes on");
    assert_eq!((error.code(), task.is_finished()), (ErrorCode::WaitDeadline, false));
    let token = CancelToken::new();
    let options = RequestOptions::new().cancel(token.clone());
    let cancels = tokio::spawn({
        let flow = flow.clone();
        async move { flow.cancel(&options).await }
    });
    token.cancel();
    let error = cancels.await.expect("no panic").expect_err("the caller has enough");
    assert_eq!((error.code(), task.is_finished()), (ErrorCode::Cancelled, false));
    task.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_client_starts_what_an_organization_completes_later() {
    let stage = Stage::start(&[]).await;
    stage.settings(&json!({ "external_auth": false }));
    let ra = RegistrationAuthority::new(stage.config_with(json!({ "strict": true }))).expect("a client");
    let mut request = story::request();
    request.profile = "PRnubeQAFRepresentantePJ".into();
    let started = EidasVideoId::new(ra).start(&request, &RequestOptions::new()).await.expect("the rest comes with the update");
    assert_eq!((started.status, started.warnings), (Status::VideoPending, Vec::new()));
}
