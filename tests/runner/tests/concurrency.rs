//! Fifty workflows at once on a service that hands the same card to two callers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::task::JoinSet;
use videoid::model::OcrData;
use videoid::workflow::ExternalVideoId;
use videoid::{RequestOptions, Source};
use videoid_runner::story::{self, Stage, generated};

const WORKFLOWS: u64 = 50;

fn sha256(path: &std::path::Path) -> String {
    let digest = Sha256::digest(std::fs::read(path).expect("the file is there"));
    digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// What one workflow sends.
struct Person {
    name: String,
    front: String,
    video: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_workflows_that_are_handed_the_same_cards_never_mix_people_up() {
    let stage = Stage::start(&["--cards", "60"]).await;
    stage.settings(&json!({"share_card": true}));
    let folder = TempDir::new().expect("a folder");
    let ra = stage.client();
    let mut people = BTreeMap::new();
    let mut running = JoinSet::new();
    for n in 0..WORKFLOWS {
        let name = format!("ANNA NUMBER {n}");
        // Every picture and film has a length, and so a digest, of its own.
        let front = generated(folder.path(), &format!("front-{n}.jpg"), 140_000 + 10 * n).expect("a picture");
        let video = generated(folder.path(), &format!("film-{n}.mp4"), 100_000 + n).expect("a film");
        people.insert(n, Person { name: name.clone(), front: sha256(&front), video: sha256(&video) });
        let mut ocr = OcrData::default();
        ocr.given_name = Some(name.as_str().into());
        let mut request = story::request();
        request.given_name = Some(name.as_str().into());
        request.email = format!("anna{n}@example.com").as_str().into();
        let flow = ExternalVideoId::new(ra.clone());
        running.spawn(async move {
            let evidence = tokio::task::spawn_blocking(move || story::builder().document_front(front).ocr_data(ocr).build())
                .await
                .expect("the builder ends")
                .expect("sound evidence");
            let done = flow.submit(&request, &evidence, &Source::path(video), &RequestOptions::new()).await;
            (n, done.expect("a submission"))
        });
    }
    let mut done = BTreeMap::new();
    while let Some(ended) = running.join_next().await {
        let (n, submission) = ended.expect("a workflow ends");
        done.insert(submission.request_pk.0, (n, submission));
    }
    let stored = stage.sandbox.requests(true);
    let stored: Vec<&Value> = stored["requests"].as_array().expect("a list").iter().collect();
    assert_eq!(stored.len() as u64, WORKFLOWS, "an orphan or a duplicate");
    assert_eq!(done.len() as u64, WORKFLOWS, "two workflows took the same request for theirs");
    let mut cards = BTreeSet::new();
    for request in stored {
        let (n, submission) = &done[&request["pk"].as_i64().expect("a key")];
        let person = &people[n];
        assert_eq!(request["fields"]["given_name"], person.name.as_str());
        assert_eq!(request["fields"]["email"], format!("anna{n}@example.com"));
        assert_eq!(request["evidence"]["ocr_data"]["given_name"], person.name.as_str());
        assert_eq!(request["images"]["document_front"]["sha256"], person.front.as_str());
        assert_eq!(request["video"]["sha256"], person.video.as_str());
        assert_eq!(request["status"], "VIDEOREVIEW");
        assert_eq!(request["fields"]["scratchcard"], submission.scratchcard.as_str());
        assert!(cards.insert(submission.scratchcard.0.clone()), "a card was used twice");
    }
    let refused = stage.received("create_request").iter().filter(|entry| entry["status"] == 500).count();
    assert!(refused > 0, "no card was handed to two callers: the test shows nothing");
}
