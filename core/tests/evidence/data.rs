//! The rules for data, and the body that comes of it.

use serde_json::{Value, json};
use videoid::evidence::{EvidenceBuilder, Part, Severity};
use videoid::model::{Extra, SecurityCheck, SecurityChecks, SimilarityLevel};
use videoid::{ErrorCode, Source};

use crate::support::{Chance, acceptance, checks, fault, ocr_data, small, small_bytes, sound};

fn own(value: Value) -> Extra {
    serde_json::from_value(value).unwrap()
}

#[test]
fn sound_evidence_has_no_findings_even_in_strict_mode() {
    let report = sound().strict(true).check().unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    assert!(report.is_acceptable());
    let evidence = sound().strict(true).build().unwrap();
    assert_eq!(evidence.report(), &report);
    assert!(evidence.image("document_front").is_some() && evidence.image("document_photo").is_none());
    assert_eq!(evidence.similarity_level(), Some(&SimilarityLevel::Score(87)));
    assert_eq!((evidence.acceptance(), evidence.ocr_data(), evidence.security_checks()), (&acceptance(), &ocr_data(), &checks()));
}

#[test]
fn provenance_stays_here_and_booleans_go_out() {
    let mut body = Vec::new();
    sound().build().unwrap().write_json(&mut body).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["videoid_data"]["security_checks"], json!({"data_integrity": true, "liveliness": true}));
    let bare: SecurityChecks = serde_json::from_value(json!({"liveliness": false, "replay": 3})).unwrap();
    assert_eq!(bare.liveliness, Some(SecurityCheck::asserted(false)));
    assert_eq!(bare.extra["replay"], 3);
}

#[test]
fn what_is_missing_is_advice_and_in_strict_mode_refusal() {
    let report = EvidenceBuilder::new().check().unwrap();
    assert!(report.is_acceptable());
    assert!(report.findings.iter().all(|f| f.severity == Severity::Warning && f.code == "field_missing"));
    EvidenceBuilder::new().build().unwrap();
    let error = EvidenceBuilder::new().strict(true).build().unwrap_err();
    assert_eq!(error.code(), ErrorCode::FieldMissing);
    assert_eq!(error.fields().len(), report.findings.len());
}

#[test]
fn similarity_is_a_whole_number_up_to_100_or_a_word() {
    for good in ["0", "100", "\"high\"", "\"Medium\"", "\"87\"", "\"élevé\"", "80.0"] {
        let level: SimilarityLevel = serde_json::from_str(good).unwrap();
        sound().similarity_level(level).build().unwrap_or_else(|e| panic!("{good}: {e}"));
    }
    for bad in ["101", "-1", "87.5", "1e300", "\"1e1\"", "\"\"", "\"  \"", "\"101\"", "\"-5\"", "\"%\""] {
        let level: SimilarityLevel = serde_json::from_str(bad).unwrap();
        let error = sound().similarity_level(level).build().unwrap_err();
        assert_eq!(fault(&error), ("field_invalid", vec!["videoid_data.similarity_level"]), "{bad}");
    }
}

#[test]
fn a_further_key_cannot_stand_for_a_field() {
    let mut accepted = acceptance();
    accepted.extra = own(json!({"date": 1, "ip": "192.0.2.1"}));
    let mut data = ocr_data();
    data.extra = own(json!({"email": "x"}));
    let mut passed = checks();
    passed.extra = own(json!({"liveliness": true}));
    let builder = sound().acceptance(accepted).ocr_data(data).security_checks(passed).extra(own(json!({"ocr_data": {}})));
    let error = builder.build().unwrap_err();
    let fields = vec![
        "acceptance.ip",
        "acceptance.date",
        "videoid_data.ocr_data.email",
        "videoid_data.security_checks.liveliness",
        "videoid_data.ocr_data",
    ];
    assert_eq!(fault(&error), ("field_invalid", fields));
}

#[test]
fn further_keys_are_not_nested_without_end() {
    let nested = |depth| (0..depth).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"k": inner}) });
    sound().extra(own(json!({"k": nested(32)}))).build().unwrap();
    let error = sound().extra(own(json!({"k": nested(33)}))).build().unwrap_err();
    assert_eq!(fault(&error), ("field_invalid", vec!["videoid_data"]));
}

#[test]
fn nothing_personal_is_in_debug_output() {
    let builder = sound().extra(own(json!({"secret": "4711"})));
    let evidence = builder.build().unwrap();
    let text = format!("{builder:?} {evidence:?} {:?} {:?}", evidence.parts(), evidence.ocr_data());
    for value in ["ANNA", "ERIKSSON", "anna@", "600000000", "4711", "front.jpg", "/9j/"] {
        assert!(!text.contains(value), "{value} in {text}");
    }
}

#[test]
fn the_length_is_that_of_the_body_and_parts_make_it_up() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for round in 0..60 {
        let mut builder = sound();
        // Zeros after the end of an image are no fault: images of any length can be made.
        for name in 0..4 {
            let mut bytes = small_bytes("front.jpg");
            bytes.resize(bytes.len() + chance.below(if round % 10 == 0 { 200_000 } else { 50 }), 0);
            let source = if chance.below(2) == 0 {
                Source::bytes(bytes)
            } else {
                let len = bytes.len() as u64;
                Source::opener(len, move || Ok(Box::new(std::io::Cursor::new(bytes.clone()))))
            };
            builder = match (name, chance.below(3)) {
                (_, 0) => builder,
                (0, _) => builder.document_front(source),
                (1, _) => builder.document_rear(source),
                (2, _) => builder.document_photo(source),
                _ => builder.document_owner(source),
            };
        }
        let text: String = (0..chance.below(40)).filter_map(|_| char::from_u32(chance.below(0x3000) as u32)).collect();
        let map = (0..chance.below(5)).map(|i| (format!("{text}{i}"), json!({"z": text, "a": [chance.next(), null_or(&mut chance)]})));
        let evidence = builder.extra(Extra(map.collect())).build().unwrap();
        let mut body = Vec::new();
        evidence.write_json(&mut body).unwrap();
        assert_eq!(evidence.content_length(), body.len() as u64);
        assert!(serde_json::from_slice::<Value>(&body).is_ok());
        let mut whole = Vec::new();
        for part in evidence.parts() {
            let before = whole.len() as u64;
            match &part {
                Part::Literal(bytes) => whole.extend_from_slice(bytes),
                Part::Image { source, len, .. } => {
                    let mut bytes = Vec::new();
                    std::io::Read::read_to_end(&mut source.open().unwrap(), &mut bytes).unwrap();
                    assert_eq!(bytes.len() as u64, *len);
                    whole.extend_from_slice(base64_simd::STANDARD.encode_to_string(&bytes).as_bytes());
                }
                other => panic!("an unknown part: {other:?}"),
            }
            assert_eq!(whole.len() as u64 - before, part.content_length());
        }
        assert_eq!(whole, body);
    }
}

fn null_or(chance: &mut Chance) -> Value {
    if chance.below(2) == 0 { Value::Null } else { json!(chance.below(9)) }
}

#[test]
fn a_date_in_another_unit_than_milliseconds_is_advised_against() {
    for (date, advice) in [(1_622_823_879, true), (1_622_823_879_708, false), (1_622_823_879_708_000, true), (-1, true), (0, true)] {
        let mut accepted = acceptance();
        accepted.date = Some(date);
        let report = sound().acceptance(accepted).check().unwrap();
        assert_eq!(report.findings.iter().any(|f| f.field == "acceptance.date"), advice, "{date}");
        assert!(report.is_acceptable());
    }
}

#[test]
fn both_sides_of_a_card_are_different_images() {
    let rear = |builder: EvidenceBuilder| builder.check().unwrap().findings.into_iter().map(|f| (f.field, f.code)).collect::<Vec<_>>();
    let same = rear(sound().document_rear(small_bytes("front.jpg")));
    assert_eq!(same, [("videoid_data.images.document_rear".to_owned(), "field_invalid".to_owned())]);
    let mut other = small_bytes("front.jpg");
    // The same length and another picture: a comment's byte would do, the JFIF density does too.
    other[14] ^= 1;
    assert!(rear(sound().document_rear(other)).is_empty());
    assert!(rear(sound().document_owner(small("front.jpg"))).is_empty());
}
