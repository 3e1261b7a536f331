//! The evidence vectors: the same inputs and outcomes as in every other language.

use serde_json::Value;
use videoid::Source;
use videoid::evidence::EvidenceBuilder;
use videoid::model::SimilarityLevel;

use crate::support::tests_folder;

fn source(spec: &Value) -> Source {
    let path = tests_folder().join("fixtures").join(spec["fixture"].as_str().unwrap());
    match spec["as"].as_str() {
        None | Some("path") => Source::path(path),
        Some("bytes") => Source::bytes(std::fs::read(path).unwrap()),
        other => panic!("unknown kind of source: {other:?}"),
    }
}

fn builder(input: &Value) -> EvidenceBuilder {
    let read = |value: &Value| value.clone();
    let mut builder = EvidenceBuilder::new();
    for (key, value) in input.as_object().unwrap() {
        builder = match key.as_str() {
            "document_front" => builder.document_front(source(value)),
            "document_rear" => builder.document_rear(source(value)),
            "document_photo" => builder.document_photo(source(value)),
            "document_owner" => builder.document_owner(source(value)),
            "acceptance" => builder.acceptance(serde_json::from_value(read(value)).unwrap()),
            "ocr_data" => builder.ocr_data(serde_json::from_value(read(value)).unwrap()),
            "security_checks" => builder.security_checks(serde_json::from_value(read(value)).unwrap()),
            "similarity_level" => builder.similarity_level(serde_json::from_value::<SimilarityLevel>(read(value)).unwrap()),
            "extra" => builder.extra(serde_json::from_value(read(value)).unwrap()),
            "strict" => builder.strict(value.as_bool().unwrap()),
            other => panic!("unknown argument: {other}"),
        };
    }
    builder
}

#[test]
fn every_vector_has_its_outcome() {
    let folder = tests_folder().join("vectors/evidence");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let vector: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        run(&vector, &folder);
        seen += 1;
    }
    assert!(seen >= 30, "only {seen} vectors");
}

fn run(vector: &Value, folder: &std::path::Path) {
    let name = vector["name"].as_str().unwrap();
    let expect = vector["expect"].as_object().unwrap();
    let builder = builder(&vector["input"]);
    if let Some(report) = expect.get("report") {
        assert_eq!(&serde_json::to_value(builder.check().unwrap()).unwrap(), report, "{name}");
    }
    let built = builder.build();
    if let Some(wanted) = expect.get("error") {
        let error = built.expect_err(name);
        let fields: Vec<_> = error.fields().iter().map(|f| f.field.as_str()).collect();
        let got = serde_json::json!({
            "code": error.code().as_str(), "category": error.category().as_str(), "wire": error.wire().as_str(), "fields": fields,
        });
        assert_eq!(&got, wanted, "{name}");
        assert!(!error.retryable(), "{name}");
        let text = format!("{error} {error:?}");
        for value in ["ERIKSSON", "anna@", "600000000", ".jpg"] {
            assert!(!text.contains(value), "{name}: {value}");
        }
        return;
    }
    let evidence = built.unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut body = Vec::new();
    evidence.write_json(&mut body).unwrap();
    if let Some(file) = expect.get("body_file") {
        let wanted = std::fs::read(folder.join(file.as_str().unwrap())).unwrap();
        assert_eq!(String::from_utf8(body.clone()).unwrap(), String::from_utf8(wanted).unwrap(), "{name}");
    }
    assert_eq!(evidence.content_length(), body.len() as u64, "{name}");
    assert_eq!(expect["length"], body.len(), "{name}");
    assert_eq!(expect["sha256"], evidence.sha256().unwrap(), "{name}: {}", String::from_utf8_lossy(&body));
    assert!(serde_json::from_slice::<Value>(&body).is_ok(), "{name}");
}
