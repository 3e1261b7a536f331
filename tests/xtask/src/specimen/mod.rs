//! Draws the evidence of the demo and of the fixtures: a card of a state that does not exist, its holder, who does
//! not exist either, and the holder before a camera with the card in hand.
//!
//! Everything comes out of the code in this folder, so that no picture of a real person or card is ever needed.

mod canvas;
mod card;
mod font;
mod mrz;
mod paper;
mod person;
mod scene;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use canvas::Canvas;

use crate::args::Args;
use crate::error::{Error, Result};

/// The help of `cargo xtask specimen`.
pub(crate) const HELP: &str = "\
cargo xtask specimen --out DIR [--frames DIR]

Draws the specimen: document_front.jpg, document_front.png, document_rear.jpg,
document_photo.jpg, document_owner.jpg and register_extract.pdf into DIR.

  --out DIR      where the pictures go
  --frames DIR   also the 75 frames (PNG, 1280x720) that tests/fixtures/make-video.sh films
";

/// The paths of a drawn specimen.
#[derive(Clone, Debug)]
pub(crate) struct Specimen {
    pub(crate) front: PathBuf,
    pub(crate) rear: PathBuf,
    pub(crate) photo: PathBuf,
    pub(crate) owner: PathBuf,
    /// A page of a company's register.
    pub(crate) document: PathBuf,
}

/// `cargo xtask specimen`.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let out = args.path("--out")?;
    let frames = args.path("--frames")?;
    args.finish()?;
    if out.is_none() && frames.is_none() {
        return Err(Error::usage("specimen needs --out DIR"));
    }
    if let Some(out) = out {
        draw(&out)?;
        crate::say(&format!("specimen: {}", out.display()));
    }
    if let Some(frames) = frames {
        film(&frames)?;
        crate::say(&format!("frames: {}", frames.display()));
    }
    Ok(())
}

/// Draws the specimen into a folder, which is made when missing. Doing it again gives the same bytes.
pub(crate) fn draw(folder: &Path) -> Result<Specimen> {
    fs::create_dir_all(folder).map_err(|e| Error::io("cannot make", folder, &e))?;
    let holder = mrz::SPECIMEN;
    let mut front = card::front(&holder);
    png(&folder.join("document_front.png"), &front)?;
    // Grain only where it is cheap: a PNG keeps every speck of it.
    front.grain(5.0, 0x51ec_1001);
    let document = folder.join("register_extract.pdf");
    fs::write(&document, paper::pdf()).map_err(|e| Error::io("cannot write", &document, &e))?;
    Ok(Specimen {
        front: jpeg(folder.join("document_front.jpg"), &front)?,
        rear: jpeg(folder.join("document_rear.jpg"), &card::rear(&holder))?,
        photo: jpeg(folder.join("document_photo.jpg"), &card::photo())?,
        owner: jpeg(folder.join("document_owner.jpg"), &scene::selfie(&holder, scene::STILL, (1280, 720)))?,
        document,
    })
}

/// The frames of the video: three seconds at 25 a second.
fn film(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|e| Error::io("cannot make", folder, &e))?;
    let card = card::front(&mrz::SPECIMEN);
    for frame in 0..75_u8 {
        let moment = scene::moment(f32::from(frame) / 25.0);
        let picture = scene::with_card(&card, moment, (1280, 720));
        png(&folder.join(format!("frame{frame:03}.png")), &picture)?;
    }
    Ok(())
}

fn jpeg(path: PathBuf, picture: &Canvas) -> Result<PathBuf> {
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 84)
        .encode(&picture.pixels, picture.width, picture.height, jpeg_encoder::ColorType::Rgb)
        .map_err(|e| Error::io("cannot encode", &path, &io::Error::other(e)))?;
    fs::write(&path, bytes).map_err(|e| Error::io("cannot write", &path, &e))?;
    Ok(path)
}

fn png(path: &Path, picture: &Canvas) -> Result<()> {
    let file = fs::File::create(path).map_err(|e| Error::io("cannot write", path, &e))?;
    let mut encoder = png::Encoder::new(io::BufWriter::new(file), u32::from(picture.width), u32::from(picture.height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&picture.pixels)?;
            writer.finish()
        })
        .map_err(|e| Error::io("cannot write", path, &io::Error::other(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_fixtures_are_what_the_program_draws() {
        let folder = std::env::temp_dir().join(format!("videoid-specimen-{}", std::process::id()));
        draw(&folder).expect("the specimen is drawn");
        let committed = crate::repo::root().join("tests/fixtures/specimen");
        for name in [
            "document_front.jpg",
            "document_front.png",
            "document_rear.jpg",
            "document_photo.jpg",
            "document_owner.jpg",
            "register_extract.pdf",
        ] {
            let drawn = fs::read(folder.join(name)).expect("drawn");
            let kept = fs::read(committed.join(name)).expect("committed");
            assert!(drawn == kept, "{name} differs: run `cargo xtask specimen --out tests/fixtures/specimen`");
        }
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}
