//! The rules for videos.

use std::io::{Seek, SeekFrom, Write};

use videoid::config::Limits;
use videoid::evidence::check_video;
use videoid::{Error, Source};

use crate::support::{fixture, small};

fn refused(video: impl Into<Source>) -> Error {
    let error = check_video(&video.into(), &Limits::default()).unwrap_err();
    assert_eq!(error.fields()[0].field, "video");
    error
}

fn code(video: impl Into<Source>) -> &'static str {
    refused(video).code().as_str()
}

fn a_box(kind: &str, body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(kind.as_bytes());
    out.extend_from_slice(body);
    out
}

fn file_type(major: &str) -> Vec<u8> {
    a_box("ftyp", &[major.as_bytes(), &[0, 0, 2, 0]].concat())
}

/// A movie header with one track whose table says where its chunks begin and how long its samples are.
fn movie(chunk: u32, samples: &[u32]) -> Vec<u8> {
    let mut sizes = [0_u8; 8].to_vec();
    sizes.extend_from_slice(&u32::try_from(samples.len()).unwrap().to_be_bytes());
    for sample in samples {
        sizes.extend_from_slice(&sample.to_be_bytes());
    }
    let chunks = [&[0, 0, 0, 0, 0, 0, 0, 1], chunk.to_be_bytes().as_slice()].concat();
    let table = a_box("stbl", &[a_box("stsz", &sizes), a_box("stco", &chunks)].concat());
    a_box("moov", &a_box("trak", &a_box("mdia", &a_box("minf", &table))))
}

#[test]
fn a_whole_video_is_taken() {
    let info = check_video(&fixture("specimen.mp4").into(), &Limits::default()).unwrap();
    assert!(info.checked && info.has_moov && !info.fragmented);
    assert_eq!(info.brand.as_deref(), Some("isom"));
    assert_eq!(info.bytes.cast_unsigned(), std::fs::metadata(fixture("specimen.mp4")).unwrap().len());
    let bytes = std::fs::read(fixture("specimen.mp4")).unwrap();
    let opener = Source::opener(bytes.len() as u64, move || Ok(Box::new(std::io::Cursor::new(bytes.clone()))));
    assert_eq!(check_video(&opener, &Limits::default()).unwrap(), info);
}

#[test]
fn each_fault_of_a_video_has_its_code() {
    assert_eq!(code(fixture("broken/cut.mp4")), "video_damaged");
    assert_eq!(code(fixture("broken/nomoov.mp4")), "video_damaged");
    assert_eq!(code(fixture("broken/text.jpg")), "video_unrecognised");
    assert_eq!(code(fixture("broken/photo.heic")), "video_unrecognised");
    assert_eq!(code(small("front.jpg")), "video_unrecognised");
    assert_eq!(code(fixture("broken/empty.jpg")), "source_empty");
    assert_eq!(code(fixture("nothing-here.mp4")), "source_unreadable");
    let mut limits = Limits::default();
    limits.video_bytes = 1000;
    let error = check_video(&fixture("specimen.mp4").into(), &limits).unwrap_err();
    assert_eq!(error.code().as_str(), "field_invalid");
}

#[test]
fn a_video_that_is_cut_anywhere_is_refused() {
    let bytes = std::fs::read(fixture("specimen.mp4")).unwrap();
    for end in (1..bytes.len()).rev().step_by(173).chain(1..2000) {
        assert!(check_video(&bytes[..end].to_vec().into(), &Limits::default()).is_err(), "cut to {end} bytes");
    }
}

#[test]
fn boxes_and_tables_must_fit_the_file() {
    let data = a_box("mdat", &[7; 100]);
    let sound = [file_type("mp42"), movie(40, &[60, 40]), data.clone()].concat();
    assert_eq!(check_video(&sound.into(), &Limits::default()).unwrap().brand.as_deref(), Some("mp42"));
    for (broken, what) in [
        ([file_type("mp42"), movie(40, &[60, 41]), data.clone()].concat(), "more samples than data"),
        ([file_type("mp42"), movie(4000, &[60, 40]), data.clone()].concat(), "a chunk behind the end"),
        ([file_type("mp42"), movie(40, &[60, 40])].concat(), "no data"),
        ([file_type("mp42"), data.clone()].concat(), "no header"),
        (file_type("mp42"), "nothing"),
        ([file_type("mp42"), movie(40, &[1]), a_box("mdat", &[])].concat(), "empty data"),
        ([file_type("mp42"), a_box("moov", &[0, 0, 1, 0, b't', b'r', b'a', b'k']), data.clone()].concat(), "a child that is too long"),
        ([file_type("mp42"), vec![0, 0, 0, 4, b'f', b'r', b'e', b'e'], data.clone()].concat(), "a box smaller than its header"),
        (
            [file_type("mp42"), vec![0, 0, 0, 1, b'm', b'd', b'a', b't', 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]].concat(),
            "a length that overflows",
        ),
    ] {
        assert_eq!(code(broken), "video_damaged", "{what}");
    }
    assert_eq!(code([file_type("avif"), movie(40, &[60, 40]), data].concat()), "video_unrecognised");
}

#[test]
fn a_recording_in_fragments_is_taken() {
    let bytes = [
        file_type("iso5"),
        a_box("moov", &a_box("mvhd", &[0; 100])),
        a_box("moof", &[0; 16]),
        a_box("mdat", &[1; 64]),
        a_box("moof", &[0; 16]),
        // The last box may go on to the end of the file, and be of 64 bits.
        vec![0, 0, 0, 0, b'm', b'd', b'a', b't', 1, 2, 3],
    ]
    .concat();
    let info = check_video(&bytes.into(), &Limits::default()).unwrap();
    assert!(info.fragmented && info.has_moov);
}

#[test]
fn a_video_of_two_gigabytes_takes_a_few_reads() {
    let len: u64 = 2 << 30;
    let named = tempfile::NamedTempFile::new().unwrap();
    let mut file = named.as_file();
    file.write_all(&file_type("isom")).unwrap();
    file.write_all(&[0, 0, 0, 1, b'm', b'd', b'a', b't']).unwrap();
    file.write_all(&len.to_be_bytes()).unwrap();
    // A file with a hole takes no room.
    file.seek(SeekFrom::Current(i64::try_from(len).unwrap() - 16)).unwrap();
    file.write_all(&movie(40, &[1000, 2000])).unwrap();
    let mut limits = Limits::default();
    limits.video_bytes = 3 << 30;
    assert!(check_video(&named.path().into(), &limits).unwrap().checked);
    assert_eq!(check_video(&named.path().into(), &Limits::default()).unwrap_err().code().as_str(), "field_invalid");
}

#[cfg(feature = "client")]
#[test]
fn a_stream_is_not_read_before_it_is_sent() {
    let (_sender, source) = Source::channel(10);
    let info = check_video(&source, &Limits::default()).unwrap();
    assert!(!info.checked && info.bytes == 10 && info.brand.is_none());
    let (_sender, empty) = Source::channel(0);
    assert_eq!(code(empty), "source_empty");
}
