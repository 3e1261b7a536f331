//! Thirty workflows of the two other flows at once, with one inbox, and webhooks that come doubled and in any order.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use videoid::model::DocumentType;
use videoid::webhook::WebhookInbox;
use videoid::workflow::{ClassicDocument, ClassicRequest, EidasVideoId, WaitLimits};
use videoid::{RequestOptions, Source};
use videoid_runner::control::control;
use videoid_runner::fixture;
use videoid_runner::story::{self, Stage};

const EACH: u64 = 15;

fn limits() -> WaitLimits {
    let mut limits = WaitLimits::new(60_000);
    (limits.poll_ms, limits.max_poll_ms) = (30_000, 30_000);
    limits
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn webhooks_for_many_wake_each_its_own_workflow() {
    let stage = Stage::start(&["--cards", "60"]).await;
    stage.settings(&json!({"external_auth": false, "share_card": true}));
    let (ra, inbox, url) = (stage.client(), WebhookInbox::new(), stage.sandbox.control_url());
    let mut running = JoinSet::new();
    for n in 0..EACH {
        let (ra, inbox, url) = (ra.clone(), inbox.clone(), url.clone());
        running.spawn(async move {
            let flow = EidasVideoId::new(ra);
            let options = RequestOptions::new();
            let mut request = story::request();
            request.email = format!("anna{n}@example.com").as_str().into();
            let limits = limits();
            let started = flow.start(&request, &options).await.expect("a start");
            let pk = started.request_pk;
            let act = |who: &'static str, action: &'static str, body: Value| {
                let (url, inbox) = (url.clone(), inbox.clone());
                async move {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    control(&url, "POST", &format!("/requests/{pk}/{who}"), &json!({ "action": action })).await.expect("it acts");
                    for _ in 0..3 {
                        inbox.receive(body.to_string().as_bytes()).expect("a webhook");
                    }
                }
            };
            // The poll that would be due is half a minute away: only the webhook of this very request brings the look forward.
            let flat = json!({"status": "ISSUED", "request": pk});
            let (seen, ()) = tokio::join!(flow.wait_for_user(&limits, Some(&inbox), &options), act("user", "finish", flat));
            assert_eq!(seen.expect("the user is done").status.as_str(), "VIDEOREVIEW");
            let event = json!({"event_type": "REQUEST_CANCELED", "request": {"pk": pk, "status": "CANCELLED"}});
            let (seen, ()) = tokio::join!(flow.wait_for_operator(&limits, Some(&inbox), &options), act("operator", "validate", event));
            assert_eq!(seen.expect("the operator is done").status.as_str(), "ENROLLREADY");
            (pk, started.scratchcard, request.email)
        });
        let ra = stage.client();
        running.spawn(async move {
            let flow = ClassicRequest::new(ra);
            let mut request = story::request();
            request.email = format!("classic{n}@example.com").as_str().into();
            let documents = [DocumentType::DocumentFront, DocumentType::DocumentRear, DocumentType::DocumentOwner]
                .map(|kind| ClassicDocument::new(kind.clone(), Source::path(fixture(&format!("specimen/{}.jpg", kind.as_str())))));
            let done = flow.submit(&request, &documents, &RequestOptions::new()).await.expect("a submission");
            (done.request_pk, done.scratchcard, request.email)
        });
    }
    let (mut keys, mut cards) = (BTreeSet::new(), BTreeSet::new());
    while let Some(ended) = running.join_next().await {
        let (pk, card, email) = ended.expect("a workflow ends");
        assert!(keys.insert(pk.0) && cards.insert(card.0.clone()), "two workflows took the same request or card for theirs");
        let stored = stage.sandbox.request(u64::try_from(pk.0).expect("a key"), true).expect("it is there");
        assert_eq!(stored["fields"]["email"], email.expose().as_str());
        assert_eq!(stored["fields"]["scratchcard"], card.as_str());
        let classic = email.expose().starts_with("classic");
        assert_eq!(stored["status"], if classic { "CREATED" } else { "ENROLLREADY" });
        assert_eq!(stored["documents"].as_array().map(Vec::len), Some(if classic { 3 } else { 0 }));
    }
    assert_eq!(keys.len() as u64, 2 * EACH);
    assert_eq!(stage.sandbox.requests(true)["requests"].as_array().map(Vec::len), Some(keys.len()), "an orphan or a duplicate");
}
