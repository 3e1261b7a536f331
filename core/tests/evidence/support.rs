//! What the tests share: fixtures, sound evidence, numbers by chance that are the same each time.

use std::path::PathBuf;

use videoid::Error;
use videoid::evidence::EvidenceBuilder;
use videoid::model::{Acceptance, OcrData, SecurityCheck, SecurityChecks};

pub(crate) fn tests_folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "tests"].iter().collect()
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    tests_folder().join("fixtures").join(name)
}

/// A small image of the vectors.
pub(crate) fn small(name: &str) -> PathBuf {
    tests_folder().join("vectors/evidence/images").join(name)
}

pub(crate) fn small_bytes(name: &str) -> Vec<u8> {
    std::fs::read(small(name)).unwrap()
}

pub(crate) fn acceptance() -> Acceptance {
    let mut acceptance = Acceptance::default();
    acceptance.description = Some("I accept".into());
    acceptance.date = Some(1_622_823_879_708);
    acceptance
}

pub(crate) fn ocr_data() -> OcrData {
    let mut data = OcrData::default();
    data.given_name = Some("ANNA MARIA".into());
    data.surname_1 = Some("ERIKSSON".into());
    data.mobile_phone_number = Some("+34600000000".into());
    data.email = Some("anna@example.com".into());
    data.id_document_type = Some("IDC".into());
    data
}

pub(crate) fn checks() -> SecurityChecks {
    let mut checks = SecurityChecks::default();
    checks.liveliness = Some(SecurityCheck::attested(true, "a vendor"));
    checks.data_integrity = Some(SecurityCheck::computed(true, "icao-9303-check-digits"));
    checks
}

/// Evidence that nothing is to be said against.
pub(crate) fn sound() -> EvidenceBuilder {
    EvidenceBuilder::new()
        .acceptance(acceptance())
        .document_front(small("front.jpg"))
        .document_rear(small("rear.jpg"))
        .document_owner(small("owner.jpg"))
        .ocr_data(ocr_data())
        .security_checks(checks())
        .similarity_level(87)
}

/// Code of an error and names of its fields.
pub(crate) fn fault(error: &Error) -> (&'static str, Vec<&str>) {
    (error.code().as_str(), error.fields().iter().map(|f| f.field.as_str()).collect())
}

/// xorshift: chance that repeats.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
