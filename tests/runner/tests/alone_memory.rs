//! Memory does not grow with the files: neither on the way up nor on the way down. The service is a process of its own, and each
//! growth is set against a control that does all but the transfer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use videoid::evidence::Evidence;
use videoid::model::{RequestPk, VideoIdentifier};
use videoid::{RaConfig, RegistrationAuthority, RequestOptions, Source};
use videoid_runner::process::{Sink, Watch};
use videoid_runner::story::{self, generated};

/// Twice the goal of 4 MB: a bound for a test, not a figure for a report.
const BOUND: u64 = 8_000_000;
const IMAGE: u64 = 20_000_000;
const VIDEO: u64 = 500_000_000;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts")
}

fn client(sink: &Sink) -> RegistrationAuthority {
    let config: RaConfig = serde_json::from_value(json!({
        "environment": "custom", "api_url": format!("{}/api/v1", sink.url), "upload_url": sink.url, "registration_authority": "121",
        "video_pk": "request_pk",
    }))
    .expect("the settings have the form of RaConfig");
    RegistrationAuthority::new(config).expect("the settings are sound")
}

fn sink() -> Sink {
    Sink::start(env!("CARGO_BIN_EXE_videoid-sink")).expect("the sink starts")
}

fn identifier() -> VideoIdentifier {
    "b3b4a2a2-8d6e-4a8e-9d4c-0a2f6f1f9c11".into()
}

/// All but the transfer: every byte is read and encoded.
fn control(evidence: &Evidence, video: &Source) {
    evidence.write_json(std::io::sink()).expect("the evidence is written");
    std::io::copy(&mut video.open().expect("the video opens"), &mut std::io::sink()).expect("the video is read");
}

/// Both tests measure this process: one at a time, however they are started.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn growth(work: impl FnOnce()) -> u64 {
    let watch = Watch::start();
    work();
    watch.growth()
}

#[test]
fn four_images_of_20_mb_and_a_video_of_500_mb_go_up_in_less_than_8_mb() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (sink, runtime, folder) = (sink(), runtime(), TempDir::new().expect("a folder"));
    let image = |name: &str| generated(folder.path(), name, IMAGE).expect("a picture");
    let evidence = story::builder()
        .document_front(image("front.jpg"))
        .document_rear(image("rear.jpg"))
        .document_photo(image("photo.jpg"))
        .document_owner(image("owner.jpg"))
        .build()
        .expect("sound evidence");
    let video = Source::path(generated(folder.path(), "film.mp4", VIDEO).expect("a film"));
    let small = Source::path(videoid_runner::fixture("specimen.mp4"));
    let ra = client(&sink);
    let sent = Arc::new(AtomicU64::new(0));
    let upload = |evidence: &Evidence, video: &Source| {
        let progress = |sum: &Arc<AtomicU64>| {
            let sum = Arc::clone(sum);
            RequestOptions::new().progress(move |p| {
                if p.sent == p.total {
                    sum.fetch_add(u64::try_from(p.sent).unwrap_or(0), Ordering::SeqCst);
                }
            })
        };
        runtime.block_on(async {
            ra.upload_evidence(RequestPk(1), evidence, &progress(&sent)).await.expect("the evidence goes up");
            ra.upload_video(&identifier(), video, &progress(&sent)).await.expect("the video goes up");
        });
    };
    upload(&story::evidence(), &small);
    control(&story::evidence(), &small);
    let without = growth(|| control(&evidence, &video));
    sent.store(0, Ordering::SeqCst);
    let with = growth(|| upload(&evidence, &video));
    // Nothing was measured if nothing was sent.
    assert!(sent.load(Ordering::SeqCst) > 4 * IMAGE / 3 * 4 + VIDEO);
    assert!(with < without + BOUND, "it grew by {with} bytes, the control by {without}");
}

#[test]
fn a_request_with_40_mb_of_images_is_read_twenty_times_in_less_than_8_mb() {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (sink, runtime, folder) = (sink(), runtime(), TempDir::new().expect("a folder"));
    let ra = client(&sink);
    let read = |megabytes: i64, images_dir: Option<&std::path::Path>| {
        let pk = RequestPk(megabytes * 1_000_000_000 + 2);
        let request = runtime.block_on(ra.get_request(pk, images_dir, &RequestOptions::new())).expect("the request is read");
        let images = request.videoid_data.and_then(|d| d.data).map(|d| d.images).unwrap_or_default();
        images.iter().map(|image| image.base64_length).sum::<i64>()
    };
    read(1, None);
    read(1, Some(folder.path()));
    let without = growth(|| (0..20).for_each(|_| assert_eq!(read(0, None), 0)));
    let skipped = growth(|| (0..20).for_each(|_| assert!(read(40, None) > 53_000_000)));
    assert!(skipped < without + BOUND, "skipped: it grew by {skipped} bytes, the control by {without}");
    let written = growth(|| (0..20).for_each(|_| assert!(read(40, Some(folder.path())) > 53_000_000)));
    assert!(written < without + BOUND, "written: it grew by {written} bytes, the control by {without}");
    let file = std::fs::metadata(folder.path().join("document_front.bin")).expect("the image is there");
    assert!(file.len() > 9_900_000);
}
