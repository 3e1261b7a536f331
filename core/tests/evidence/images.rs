//! The rules for images.

use std::io::Read;

use videoid::config::Limits;
use videoid::evidence::ImageFormat;
use videoid::{Error, Source};

use crate::support::{fault, fixture, small, small_bytes, sound};

fn refused(image: impl Into<Source>) -> Error {
    let error = sound().document_front(image).build().unwrap_err();
    assert_eq!(error.fields().len(), 1);
    assert_eq!(error.fields()[0].field, "videoid_data.images.document_front");
    error
}

/// A reader that gives one byte at a time.
struct Slowly(std::io::Cursor<Vec<u8>>);

impl Read for Slowly {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let end = buffer.len().min(1);
        self.0.read(&mut buffer[..end])
    }
}

#[test]
fn each_fault_of_a_file_has_its_code() {
    for (file, code) in [
        ("broken/cut.jpg", "image_damaged"),
        ("broken/cut.png", "image_damaged"),
        ("broken/photo.heic", "image_heic"),
        ("broken/text.jpg", "image_unrecognised"),
        ("broken/empty.jpg", "source_empty"),
        ("broken/cut.mp4", "image_unrecognised"),
        ("specimen.mp4", "image_unrecognised"),
        ("nothing-here.jpg", "source_unreadable"),
        ("specimen", "source_unreadable"),
    ] {
        let error = refused(fixture(file));
        assert_eq!(error.code().as_str(), code, "{file}");
        assert!(!format!("{error:?}").contains(file), "{file}");
        if let Ok(bytes) = std::fs::read(fixture(file)) {
            assert_eq!(refused(bytes).code().as_str(), code, "{file} as bytes");
        }
    }
}

#[test]
fn dimensions_and_format_come_from_the_bytes() {
    let evidence = sound()
        .document_front(fixture("specimen/document_front.png"))
        .document_rear(fixture("specimen/document_rear.jpg"))
        .document_photo(fixture("specimen/document_photo.jpg"))
        .document_owner(fixture("specimen/document_owner.jpg"))
        .build()
        .unwrap();
    let found: Vec<_> = evidence.report().images.iter().map(|i| (i.name.as_str(), i.format.clone(), i.width, i.height)).collect();
    assert_eq!(
        found,
        [
            ("document_front", ImageFormat::Png, 1000, 630),
            ("document_rear", ImageFormat::Jpeg, 1000, 630),
            ("document_photo", ImageFormat::Jpeg, 720, 900),
            ("document_owner", ImageFormat::Jpeg, 1280, 720),
        ]
    );
}

#[test]
fn a_reader_may_give_its_bytes_one_at_a_time() {
    for name in ["front.jpg", "front.png"] {
        let bytes = small_bytes(name);
        let slow = Source::opener(bytes.len() as u64, move || Ok(Box::new(Slowly(std::io::Cursor::new(bytes.clone())))));
        let evidence = sound().document_front(slow).build().unwrap();
        let fast = sound().document_front(small(name)).build().unwrap();
        assert_eq!(evidence.sha256().unwrap(), fast.sha256().unwrap());
        assert_eq!(evidence.report(), fast.report());
    }
}

#[test]
fn an_opener_of_another_length_than_announced_is_a_change() {
    for shift in [-1_i64, 1] {
        let bytes = small_bytes("front.jpg");
        let len = bytes.len().checked_add_signed(shift as isize).unwrap() as u64;
        let source = Source::opener(len, move || Ok(Box::new(std::io::Cursor::new(bytes.clone()))));
        match sound().document_front(source).build() {
            // One byte less than there is: the image ends before its end marker.
            Err(error) => assert_eq!(error.code().as_str(), if shift < 0 { "image_damaged" } else { "source_changed" }),
            Ok(_) => panic!("{shift}"),
        }
    }
}

#[test]
fn images_above_the_limit_are_refused() {
    let mut limits = Limits::default();
    limits.image_bytes = 100;
    let error = sound().limits(limits).build().unwrap_err();
    let images = ["front", "rear", "owner"].map(|n| format!("videoid_data.images.document_{n}"));
    assert_eq!(fault(&error), ("field_invalid", images.iter().map(String::as_str).collect()));
}

#[test]
fn an_image_that_would_fill_the_memory_of_a_reader_is_refused() {
    let mut png = small_bytes("front.png");
    png[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let crc = crc32fast::hash(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&crc);
    let error = refused(png);
    assert_eq!(error.code().as_str(), "field_invalid");
    assert!(error.fields()[0].rule.contains("pixels"));
}

#[test]
fn what_cameras_add_is_no_damage() {
    let jpeg = small_bytes("front.jpg");
    // Fill bytes before a marker, a comment, a second image after the end, zeros.
    let mut filled = jpeg[..2].to_vec();
    filled.extend_from_slice(&[0xFF, 0xFF, 0xFF, 0xFE, 0, 4, 0xFF, 0xD9]);
    filled.extend_from_slice(&jpeg[2..]);
    assert!(sound().document_front(filled).strict(true).build().is_ok());
    let twice = [jpeg.clone(), jpeg.clone()].concat();
    let evidence = sound().document_front(twice.clone()).build().unwrap();
    assert_eq!(evidence.report().findings[0].rule, "no bytes after the end of the image");
    assert!(sound().document_front(twice).strict(true).build().is_err());
}

#[test]
fn segments_that_lie_are_found() {
    let jpeg = small_bytes("front.jpg");
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = jpeg.clone();
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        changed
    };
    let sof = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    for broken in [
        with(4, &[0, 0]),                     // a segment without a length
        with(4, &[0xFF, 0xFF]),               // one that is longer than the file
        with(sof + 5, &[0, 0]),               // height zero
        with(sof + 7, &[0, 0]),               // width zero
        with(sof + 9, &[9]),                  // more components than there is room for
        with(sof + 2, &[0, 3]),               // a frame header that is too short
        [&jpeg[..2], &[0xFF, 0xD9]].concat(), // nothing inside
        vec![0xFF, 0xD8, 0xFF],
    ] {
        assert_eq!(refused(broken).code().as_str(), "image_damaged");
    }
}

#[cfg(feature = "client")]
#[test]
fn a_stream_that_can_be_read_once_is_no_image() {
    let (_sender, source) = Source::channel(10);
    assert_eq!(refused(source).code().as_str(), "body_not_repeatable");
}
