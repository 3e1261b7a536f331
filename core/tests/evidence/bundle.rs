//! Bundles: what is saved comes back, and what was meddled with does not.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use videoid::evidence::Bundle;
use videoid::{Error, Source};

use crate::support::{fixture, small, small_bytes, sound};

fn saved() -> (tempfile::TempDir, PathBuf) {
    let around = tempfile::tempdir().unwrap();
    let dir = around.path().join("bundle");
    let evidence = sound().document_rear(small("front.png")).extra(serde_json::from_value(json!({"z": 1, "a": "ERIKSSON"})).unwrap());
    Bundle::save(&dir, &evidence.build().unwrap(), Some(&fixture("specimen.mp4").into())).unwrap();
    (around, dir)
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The error of loading, which names neither path nor person.
fn refused(dir: &Path) -> &'static str {
    let error = Bundle::load(dir).unwrap_err();
    let text = format!("{error:?}");
    assert!(!text.contains(dir.to_str().unwrap()) && !text.contains("ERIKSSON"), "{text}");
    error.code().as_str()
}

fn edit(dir: &Path, change: impl FnOnce(&mut Value)) {
    let path = dir.join("manifest.json");
    let mut manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

#[test]
fn what_is_saved_comes_back() {
    let (around, dir) = saved();
    assert_eq!(
        names(&dir),
        ["document_front.jpg", "document_owner.jpg", "document_rear.png", "evidence.json", "manifest.json", "video.mp4"]
    );
    assert_eq!(names(around.path()), ["bundle"]);
    let bundle = Bundle::load(&dir).unwrap();
    let given = sound().document_rear(small("front.png")).extra(serde_json::from_value(json!({"z": 1, "a": "ERIKSSON"})).unwrap());
    let given = given.build().unwrap();
    assert_eq!(bundle.evidence().sha256().unwrap(), given.sha256().unwrap());
    // Provenance is what the body does not carry and the bundle does.
    assert_eq!(bundle.evidence().security_checks(), given.security_checks());
    assert_eq!(bundle.evidence().report(), given.report());
    assert_eq!(bundle.manifest().format, 1);
    assert_eq!(bundle.manifest().files.len(), 5);
    let mut video = Vec::new();
    std::io::Read::read_to_end(&mut bundle.video().unwrap().open().unwrap(), &mut video).unwrap();
    assert_eq!(video, fs::read(fixture("specimen.mp4")).unwrap());
    let text = format!("{bundle:?}");
    assert!(!text.contains("ERIKSSON") && !text.contains(dir.to_str().unwrap()), "{text}");
}

#[test]
fn evidence_without_images_or_video_can_be_kept_too() {
    let around = tempfile::tempdir().unwrap();
    let dir = around.path().join("b");
    let evidence = videoid::evidence::EvidenceBuilder::new().build().unwrap();
    let manifest = Bundle::save(&dir, &evidence, None).unwrap();
    assert_eq!(manifest.files.len(), 1);
    let bundle = Bundle::load(&dir).unwrap();
    assert!(bundle.video().is_none());
    assert_eq!(bundle.evidence().sha256().unwrap(), evidence.sha256().unwrap());
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_around, dir) = saved();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    for name in names(&dir) {
        assert_eq!(mode(&dir.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_bundle_is_whole_or_not_there() {
    let around = tempfile::tempdir().unwrap();
    let dir = around.path().join("bundle");
    let image = around.path().join("front.jpg");
    fs::write(&image, small_bytes("front.jpg")).unwrap();
    let evidence = sound().document_front(image.clone()).build().unwrap();
    let save = |video: Option<&Source>| -> &'static str {
        Bundle::save(&dir, &evidence, video).map_err(|e: Error| e.code().as_str()).unwrap_err()
    };
    assert_eq!(save(Some(&fixture("broken/cut.mp4").into())), "video_damaged");
    fs::write(&image, small_bytes("rear.jpg")).unwrap();
    assert_eq!(save(None), "source_changed");
    fs::remove_file(&image).unwrap();
    assert_eq!(save(None), "source_unreadable");
    assert!(names(around.path()).is_empty());
}

#[test]
fn a_bundle_does_not_take_the_place_of_anything() {
    let (around, dir) = saved();
    let before = names(&dir);
    let evidence = sound().build().unwrap();
    let code = |dir: &Path| Bundle::save(dir, &evidence, None).unwrap_err().code().as_str();
    assert_eq!(code(&dir), "bundle_invalid");
    assert_eq!(names(&dir), before);
    let file = around.path().join("file");
    fs::write(&file, b"x").unwrap();
    assert_eq!(code(&file), "bundle_invalid");
    assert_eq!(code(Path::new("/")), "bundle_invalid");
    assert_eq!(code(&around.path().join("no/such/bundle")), "file_not_written");
    let empty = around.path().join("empty");
    fs::create_dir(&empty).unwrap();
    Bundle::save(&empty, &evidence, None).unwrap();
    Bundle::load(&empty).unwrap();
    assert_eq!(names(around.path()), ["bundle", "empty", "file"]);
}

#[test]
fn every_change_of_a_file_is_found() {
    let (_around, dir) = saved();
    for name in names(&dir).iter().filter(|n| *n != "manifest.json") {
        let path = dir.join(name);
        let original = fs::read(&path).unwrap();
        let mut changed = original.clone();
        *changed.last_mut().unwrap() ^= 1;
        fs::write(&path, changed).unwrap();
        assert_eq!(refused(&dir), "bundle_altered", "{name}");
        fs::write(&path, &original[1..]).unwrap();
        assert_eq!(refused(&dir), "bundle_altered", "{name}");
        fs::remove_file(&path).unwrap();
        assert_eq!(refused(&dir), "bundle_invalid", "{name}");
        fs::create_dir(&path).unwrap();
        assert_eq!(refused(&dir), "bundle_invalid", "{name}");
        fs::remove_dir(&path).unwrap();
        fs::write(&path, &original).unwrap();
    }
    Bundle::load(&dir).unwrap();
    fs::write(dir.join("more.jpg"), b"x").unwrap();
    assert_eq!(refused(&dir), "bundle_invalid");
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_refused() {
    let (around, dir) = saved();
    for name in ["document_front.jpg", "evidence.json", "manifest.json"] {
        let (path, away) = (dir.join(name), around.path().join(name));
        fs::rename(&path, &away).unwrap();
        std::os::unix::fs::symlink(&away, &path).unwrap();
        assert_eq!(refused(&dir), "bundle_invalid", "{name}");
        fs::remove_file(&path).unwrap();
        fs::rename(&away, &path).unwrap();
    }
    Bundle::load(&dir).unwrap();
}

#[test]
fn a_manifest_that_cannot_be_is_refused() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change, &str); 10] = [
        ("a newer format", |m| m["format"] = json!(2), "format_unsupported"),
        ("a newer format of another shape", |m| *m = json!({"format": 9, "sealed": true}), "format_unsupported"),
        (
            "no format",
            |m| {
                m.as_object_mut().unwrap().remove("format");
            },
            "bundle_invalid",
        ),
        ("a path out of the folder", |m| m["files"][1]["name"] = json!("../document_front.jpg"), "bundle_invalid"),
        ("a path from the root", |m| m["files"][1]["name"] = json!("/etc/hostname"), "bundle_invalid"),
        ("a name that is none of a bundle", |m| m["files"][1]["name"] = json!("notes.txt"), "bundle_invalid"),
        (
            "a file twice",
            |m| {
                let file = m["files"][1].clone();
                m["files"].as_array_mut().unwrap().push(file);
            },
            "bundle_invalid",
        ),
        (
            "no data",
            |m| {
                m["files"].as_array_mut().unwrap().retain(|f| f["name"] != "evidence.json");
            },
            "bundle_invalid",
        ),
        ("a length below zero", |m| m["files"][1]["bytes"] = json!(-1), "bundle_invalid"),
        ("a hash that is none", |m| m["files"][1]["sha256"] = json!("ERIKSSON"), "bundle_invalid"),
    ];
    for (what, change, code) in changes {
        let (_around, dir) = saved();
        edit(&dir, change);
        assert_eq!(refused(&dir), code, "{what}");
    }
}

#[test]
fn a_manifest_that_is_no_json_or_too_large_or_missing_is_refused() {
    let (_around, dir) = saved();
    let path = dir.join("manifest.json");
    fs::write(&path, b"{\"format\": 1, \"files\": \"ERIKSSON\"").unwrap();
    assert_eq!(refused(&dir), "bundle_invalid");
    fs::write(&path, vec![b' '; (1 << 20) + 1]).unwrap();
    assert_eq!(refused(&dir), "bundle_invalid");
    fs::remove_file(&path).unwrap();
    assert_eq!(refused(&dir), "bundle_invalid");
    assert_eq!(refused(&dir.join("nowhere")), "bundle_invalid");
}

#[test]
fn an_image_is_of_the_format_that_its_name_says() {
    let (_around, dir) = saved();
    fs::rename(dir.join("document_rear.png"), dir.join("document_rear.jpg")).unwrap();
    edit(&dir, |manifest| {
        let files = manifest["files"].as_array_mut().unwrap();
        files.iter_mut().find(|f| f["name"] == "document_rear.png").unwrap()["name"] = json!("document_rear.jpg");
    });
    assert_eq!(refused(&dir), "bundle_invalid");
}

#[cfg(feature = "client")]
#[test]
fn a_stream_cannot_be_kept() {
    let around = tempfile::tempdir().unwrap();
    let (_sender, video) = Source::channel(10);
    let error = Bundle::save(&around.path().join("b"), &sound().build().unwrap(), Some(&video)).unwrap_err();
    assert_eq!(error.code().as_str(), "body_not_repeatable");
    assert!(names(around.path()).is_empty());
}
