//! Damage by chance: whatever a file holds, the checks answer and do not panic.

use videoid::Source;
use videoid::config::Limits;
use videoid::evidence::{EvidenceBuilder, check_video};

use crate::support::{Chance, fixture, small_bytes};

fn damaged(original: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = original.to_vec();
    match chance.below(4) {
        0 => bytes.truncate(chance.below(bytes.len())),
        1 => {
            for _ in 0..=chance.below(8) {
                let at = chance.below(bytes.len());
                bytes[at] ^= 1 << chance.below(8);
            }
        }
        2 => {
            // Headers are where the lengths are.
            for _ in 0..=chance.below(4) {
                let at = chance.below(bytes.len().min(700));
                bytes[at] = chance.next() as u8;
            }
        }
        _ => {
            let (at, n) = (chance.below(bytes.len()), chance.below(64));
            let end = (at + n).min(bytes.len());
            bytes.drain(at..end);
        }
    }
    bytes
}

#[test]
fn damaged_images_are_judged_without_a_panic() {
    let mut chance = Chance(0x1234_5678_9ABC_DEF1);
    for name in ["front.jpg", "front.png", "photo.heic"] {
        let original = small_bytes(name);
        let mut refused = 0;
        for _ in 0..4000 {
            let report = EvidenceBuilder::new().document_front(damaged(&original, &mut chance)).check().unwrap();
            refused += usize::from(!report.is_acceptable());
        }
        assert!(refused > 1000, "{name}: {refused}");
    }
}

#[test]
fn an_image_is_not_whole_without_its_end() {
    for name in ["front.jpg", "front.png"] {
        let original = small_bytes(name);
        for end in 0..original.len() {
            let report = EvidenceBuilder::new().document_front(original[..end].to_vec()).check().unwrap();
            assert!(!report.is_acceptable(), "{name} cut to {end} bytes");
        }
    }
}

#[test]
fn a_png_with_any_bit_flipped_is_found() {
    let original = small_bytes("front.png");
    for at in 0..original.len() {
        let mut bytes = original.clone();
        bytes[at] ^= 1 << (at % 8);
        let report = EvidenceBuilder::new().document_front(bytes).check().unwrap();
        assert!(!report.is_acceptable(), "byte {at}");
    }
}

#[test]
fn damaged_videos_are_judged_without_a_panic() {
    let original = std::fs::read(fixture("specimen.mp4")).unwrap();
    let mut chance = Chance(0xFEDC_BA98_7654_3211);
    let mut refused = 0;
    for _ in 0..3000 {
        refused += usize::from(check_video(&Source::bytes(damaged(&original, &mut chance)), &Limits::default()).is_err());
    }
    assert!(refused > 500, "{refused}");
}
