//! A video of 200 MB goes up and comes back byte by byte, in both dialects of the One-Shot API, and memory does not grow with it. The
//! service is a process of its own, and the growth is set against a control that does all but the transfer.

use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use videoid::model::VideoIdHandle;
use videoid::{OneShot, OneShotConfig, RequestOptions, Source};
use videoid_runner::one_shot::{dialects, videoid};
use videoid_runner::process::{Service, Watch};
use videoid_runner::story::generated;

/// Twice the goal of 4 MB: a bound for a test, not a figure for a report.
const BOUND: u64 = 8_000_000;
const VIDEO: u64 = 200_000_000;

fn client(ready: &Value, dialect: &str) -> OneShot {
    let known = &ready["one_shot"];
    let config: OneShotConfig = serde_json::from_value(json!({
        "environment": "custom", "base_url": ready["one_shot_url"], "dialect": dialect, "env": known["env"],
        "registration_authority": known["ra"]["external_id"],
        "billing_username": known["billing"]["username"], "billing_password": known["billing"]["password"],
    }))
    .expect("the settings have the form of OneShotConfig");
    OneShot::new(config).expect("the settings are sound")
}

fn growth(work: impl FnOnce()) -> u64 {
    let watch = Watch::start();
    work();
    watch.growth()
}

/// All but the transfer: every byte is read and written.
fn control(video: &Path, folder: &Path) {
    let (mut from, mut to) =
        (std::fs::File::open(video).expect("the video opens"), std::fs::File::create(folder.join("copy.mp4")).expect("a file"));
    std::io::copy(&mut from, &mut to).expect("the video is copied");
    to.sync_all().expect("it is on disk");
}

fn created(runtime: &Runtime, client: &OneShot) -> VideoIdHandle {
    runtime.block_on(client.create_videoid(&videoid(), &RequestOptions::new())).expect("a request").handle
}

fn up_and_back(runtime: &Runtime, client: &OneShot, handle: VideoIdHandle, video: &Path, back: &Path) {
    runtime.block_on(async {
        let options = RequestOptions::new();
        client.upload_videoid_video(&handle, &Source::path(video), &options).await.expect("the video goes up");
        client.download_videoid_video(&handle, back, &options).await.expect("it comes back");
    });
}

/// Compares in pieces, so that the test does not hold what the client must not hold.
fn same(one: &Path, other: &Path) -> bool {
    let open = |path: &Path| std::io::BufReader::new(std::fs::File::open(path).expect("a file"));
    let (mut one, mut other) = (open(one), open(other));
    let (mut a, mut b) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        let n = one.read(&mut a).expect("it is read");
        if n == 0 {
            return other.read(&mut b).expect("it is read") == 0;
        }
        if other.read_exact(&mut b[..n]).is_err() || a[..n] != b[..n] {
            return false;
        }
    }
}

/// Bytes that differ from place to place, where those of the generated video are all the same.
fn vary(video: &Path) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let mut file = std::fs::OpenOptions::new().write(true).open(video).expect("the video opens");
    let mut rng = fastrand::Rng::with_seed(5);
    let mut noise = vec![0; 4096];
    for at in (1_000_000..VIDEO - 1_000_000).step_by(777_777) {
        rng.fill(&mut noise);
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(&noise)).expect("it is written");
    }
}

#[test]
fn a_video_of_200_mb_goes_up_and_comes_back_in_less_than_8_mb() {
    let service = Service::start(env!("CARGO_BIN_EXE_videoid-served")).expect("the sandbox starts");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime starts");
    let folder = TempDir::new().expect("a folder");
    let video = generated(folder.path(), "film.mp4", VIDEO).expect("a film");
    vary(&video);
    let (small, back) = (videoid_runner::fixture("specimen.mp4"), folder.path().join("back.mp4"));
    for dialect in dialects() {
        let client = client(&service.ready, dialect.as_str());
        up_and_back(&runtime, &client, created(&runtime, &client), &small, &back);
        control(&small, folder.path());
        let handle = created(&runtime, &client);
        let without = growth(|| control(&video, folder.path()));
        let with = growth(|| up_and_back(&runtime, &client, handle, &video, &back));
        assert!(same(&video, &back), "{dialect:?}: another video came back");
        assert!(with < without + BOUND, "{dialect:?}: it grew by {with} bytes, the control by {without}");
    }
    assert!(!same(&video, &small) && !same(&small, &video), "the comparison says nothing");
}
