//! Repetition, its budget, and what hooks are told of it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use videoid::{ErrorCode, HookEvent, HookFn, RegistrationAuthority, RequestOptions, Source};
use videoid_runner::story::{self, Stage};

fn listening() -> (HookFn, Arc<Mutex<Vec<HookEvent>>>) {
    let seen: Arc<Mutex<Vec<HookEvent>>> = Arc::default();
    let kept = Arc::clone(&seen);
    (Arc::new(move |event: &HookEvent| kept.lock().expect("no panic under the lock").push(event.clone())), seen)
}

fn told(seen: &Mutex<Vec<HookEvent>>) -> Vec<HookEvent> {
    std::mem::take(&mut *seen.lock().expect("no panic under the lock"))
}

fn kinds(events: &[HookEvent]) -> Vec<&str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_hear_of_each_attempt_pause_and_outcome() {
    let stage = Stage::start(&[]).await;
    let (hooks, seen) = listening();
    let ra = RegistrationAuthority::with_hooks(stage.config(), hooks).expect("a client");
    let pk = stage.pending(&ra).await.pk;
    told(&seen);
    stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 503}, {"operation": "get_request", "kind": "drop", "when": "after"}]));
    ra.get_request(pk, None, &RequestOptions::new()).await.expect("the third attempt is answered");
    let events = told(&seen);
    assert_eq!(kinds(&events), ["attempt", "retry", "attempt", "retry", "attempt", "outcome"]);
    assert_eq!(events.iter().map(|e| e.attempt).collect::<Vec<_>>(), [1, 1, 2, 2, 3, 3]);
    let codes: Vec<Option<&str>> = events.iter().map(|e| e.code.as_deref()).collect();
    assert_eq!(codes, [Some("server_error"), Some("server_error"), Some("connection_lost"), Some("connection_lost"), None, None]);
    assert_eq!((events[0].http_status, events[4].http_status), (Some(503), Some(200)));
    assert!(events[4].bytes_received > 100 && events[1].delay_ms.is_some());
    assert!(
        events.iter().all(|e| e.operation == "get_request" && !e.correlation_id.is_empty() && e.correlation_id == events[0].correlation_id)
    );

    let error = ra.get_request(1.into(), None, &RequestOptions::new()).await.expect_err("it does not exist");
    let events = told(&seen);
    assert_eq!(kinds(&events), ["attempt", "outcome"]);
    assert_eq!(Some(events[1].correlation_id.as_str()), error.correlation_id());
    assert_eq!((events[1].server_id.as_deref(), events[1].code.as_deref()), (error.server_id(), Some("not_found")));

    let identifier =
        ra.get_request(pk, None, &RequestOptions::new()).await.expect("it is there").videoid_data.and_then(|d| d.video_identifier);
    told(&seen);
    ra.upload_video(&identifier.expect("an identifier"), &Source::path(videoid_runner::fixture("specimen.mp4")), &RequestOptions::new())
        .await
        .expect("the video goes up");
    assert!(told(&seen)[0].bytes_sent > 137_933);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_ends_repetition_for_all_calls_and_comes_back_slowly() {
    let stage = Stage::start(&[]).await;
    let (hooks, seen) = listening();
    let config = stage.config_with(json!({"retry": {"base_delay_ms": 0, "max_attempts": 3, "budget": 5}}));
    let ra = RegistrationAuthority::with_hooks(config, hooks).expect("a client");
    let pk = stage.pending(&ra).await.pk;
    stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 503, "times": 10}]));
    told(&seen);
    for _ in 0..5 {
        let error = ra.get_request(pk, None, &RequestOptions::new()).await.expect_err("the service fails");
        assert_eq!((error.code(), error.retryable()), (ErrorCode::ServerError, true));
    }
    let retries = |events: &[HookEvent]| events.iter().filter(|e| e.kind == "retry").count();
    // Two repetitions for each of the first two calls, one for the third, none after that: 3 + 3 + 2 + 1 + 1 attempts used the faults up.
    assert_eq!(retries(&told(&seen)), 5);
    for _ in 0..12 {
        ra.get_request(pk, None, &RequestOptions::new()).await.expect("the service is well again");
    }
    stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 503}]));
    ra.get_request(pk, None, &RequestOptions::new()).await.expect("a token has come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_waited_for_as_long_as_it_asks() {
    let stage = Stage::start(&[]).await;
    let ra = RegistrationAuthority::new(stage.config_with(json!({"retry": {"base_delay_ms": 1, "max_delay_ms": 2000}}))).expect("a client");
    let pk = stage.pending(&ra).await.pk;
    stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 429, "headers": {"retry-after": "1"}}]));
    let begun = Instant::now();
    ra.get_request(pk, None, &RequestOptions::new()).await.expect("it is asked again");
    assert!(begun.elapsed() >= Duration::from_secs(1));
    stage.faults(&json!([{"operation": "get_request", "kind": "status", "status": 503, "headers": {"retry-after": "60"}}]));
    let error = ra.get_request(pk, None, &RequestOptions::new()).await.expect_err("that is too long");
    assert_eq!((error.code(), error.retry_after()), (ErrorCode::ServerError, Some(Duration::from_mins(1))));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_mutation_is_ever_repeated_once_it_was_sent() {
    let stage = Stage::start(&[]).await;
    let ra = stage.client();
    let options = RequestOptions::new();
    for fault in [
        json!({"kind": "status", "status": 503}),
        json!({"kind": "drop", "when": "after"}),
        json!({"kind": "truncate"}),
        json!({"kind": "drop"}),
    ] {
        for operation in [
            "create_request",
            "cancel_request",
            "upload_evidence",
            "upload_video",
            "validate_videoid",
            "refuse_videoid",
            "approve_request",
            "get_preauth_link",
        ] {
            stage.sandbox.reset(&json!(null)).expect("a reset");
            let request = stage.pending(&ra).await;
            let (pk, identifier) = (request.pk, request.videoid_data.and_then(|d| d.video_identifier).expect("an identifier"));
            let mut fault = fault.clone();
            fault["operation"] = operation.into();
            let before = stage.received(operation).len();
            stage.faults(&fault);
            let film = Source::path(videoid_runner::fixture("specimen.mp4"));
            let error = match operation {
                "create_request" => {
                    let mut next = story::request();
                    next.scratchcard = Some("1256949".into());
                    ra.create_request(&next, &options).await.err()
                }
                "cancel_request" => ra.cancel_request(pk, &options).await.err(),
                "upload_evidence" => ra.upload_evidence(pk, &story::evidence(), &options).await.err(),
                "upload_video" => ra.upload_video(&identifier, &film, &options).await.err(),
                "validate_videoid" => ra.validate_videoid(pk, &stage.rao(), &options).await.err(),
                "refuse_videoid" => ra.refuse_videoid(pk, &stage.rao(), "blurred", &options).await.err(),
                "approve_request" => ra.approve_request(pk, &stage.rao(), None, &options).await.err(),
                _ => ra.get_preauth_link(pk, &options).await.err(),
            };
            let times = stage.received(operation).len() - before;
            let uploaded_in_part = operation.starts_with("upload") && fault["kind"] == "drop" && fault["when"].is_null();
            if uploaded_in_part && times > 1 {
                // Broken off before its end, it cannot have been taken for whole: it is sent again, and that is all right.
                assert!(error.is_none(), "{operation} {fault}");
                continue;
            }
            assert_eq!(times, 1, "{operation} {fault}: {error:?}");
            // Where the service refused the call for its status, the answer that was cut short was a refusal.
            assert!(error.is_some(), "{operation} {fault}");
        }
    }
}
