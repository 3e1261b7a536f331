//! One contender of the benchmarks: `videoid-bench WORK API_URL UPLOAD_URL FOLDER`; see `tests/bench/README.md`.
//! `videoid-bench files FOLDER` writes the files that all contenders send.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use videoid::config::VideoPkKind;
use videoid::evidence::{Evidence, EvidenceBuilder};
use videoid::model::{Acceptance, OcrData, RaId, RequestPk, VideoIdentifier};
use videoid::{RaConfig, RegistrationAuthority, RequestOptions, Source};

fn build(folder: &Path) -> videoid::Result<Evidence> {
    let mut acceptance = Acceptance::default();
    acceptance.description = Some("I accept".into());
    acceptance.date = Some(1_780_000_000_000);
    let mut ocr = OcrData::default();
    ocr.given_name = Some("ANNA MARIA".into());
    EvidenceBuilder::new()
        .document_front(folder.join("document_front.jpg"))
        .document_rear(folder.join("document_rear.jpg"))
        .document_photo(folder.join("document_photo.jpg"))
        .document_owner(folder.join("document_owner.jpg"))
        .acceptance(acceptance)
        .ocr_data(ocr)
        .similarity_level(87)
        .build()
}

/// A picture whose bytes are nearly all image data, as a camera's are: a check has to look at each of them.
fn picture(bytes: usize) -> io::Result<Vec<u8>> {
    let mut out = std::fs::read(videoid_runner::fixture("specimen/document_front.jpg"))?;
    let end = out.split_off(out.len() - 2);
    let mut rng = fastrand::Rng::with_seed(1);
    while out.len() + end.len() < bytes {
        match rng.u8(..) {
            0xFF => out.extend([0xFF, 0]),
            byte => out.push(byte),
        }
    }
    out.extend(end);
    Ok(out)
}

/// What is measured: 4 images of 4 MB and a video of 200 MB; and small ones to warm up with.
fn files(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    for (folder, image, video) in [(folder.join("small"), 200_000, 200_000), (folder.to_owned(), 4_000_000, 200_000_000)] {
        std::fs::create_dir_all(&folder)?;
        for name in ["document_front", "document_rear", "document_photo", "document_owner"] {
            std::fs::write(folder.join(format!("{name}.jpg")), picture(image)?)?;
        }
        videoid_runner::files::write_mp4(&folder.join("video.mp4"), video)?;
        // For contenders that cannot encode.
        build(&folder)?.write_json(std::fs::File::create(folder.join("evidence.json"))?)?;
    }
    Ok(())
}

#[allow(clippy::print_stdout, reason = "the driver reads it")]
fn say(word: &str) -> io::Result<()> {
    println!("{word}");
    io::stdout().flush()?;
    io::stdin().read_line(&mut String::new()).map(drop)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [word, folder] = args.as_slice()
        && word == "files"
    {
        return files(Path::new(folder));
    }
    let [work, api, upload, folder] = args.as_slice() else { return Err("WORK API_URL UPLOAD_URL FOLDER".into()) };
    let (idle, work) = work.strip_prefix("control-").map_or((false, work.as_str()), |work| (true, work));
    let mut config = RaConfig::custom(api, upload);
    config.registration_authority = Some(RaId("121".into()));
    config.video_pk = Some(VideoPkKind::RequestPk);
    let ra = RegistrationAuthority::new(config)?;
    let folder = PathBuf::from(folder);
    let small = folder.join("small");
    let evidence = if work == "evidence" { Some((build(&small)?, build(&folder)?)) } else { None };
    for (large, folder) in [(false, &small), (true, &folder)] {
        if large {
            say("ready")?;
        }
        if large && idle {
            break;
        }
        let options = RequestOptions::new();
        match (work, &evidence) {
            ("evidence", Some((first, second))) => {
                ra.upload_evidence(RequestPk(1), if large { second } else { first }, &options).await?;
            }
            ("build", _) => drop(build(folder)?),
            ("video", _) => {
                let identifier = VideoIdentifier("b3b4a2a2-8d6e-4a8e-9d4c-0a2f6f1f9c11".into());
                ra.upload_video(&identifier, &Source::path(folder.join("video.mp4")), &options).await?;
            }
            _ => return Err("evidence, build or video".into()),
        }
    }
    say("done")?;
    Ok(())
}
