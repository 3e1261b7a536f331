//! Signed documents really are signed: another program checks them.

mod one_shot_support;

use one_shot_support::{Api, BOTH, Dialect, Trust, packed_pdf, pdf, png, start};
use serde_json::json;

const VALID: &str = "Signature is Valid";
const TRUSTED: &str = "Certificate is Trusted";
const WHOLE: &str = "Total document signed";

#[tokio::test]
async fn pdfsig_finds_a_valid_trusted_signature_over_the_whole_document() {
    let sandbox = start().await;
    let trust = Trust::new(Some(&sandbox.signing_ca()));
    let nobody = Trust::new(None);
    for dialect in BOTH {
        for (what, original) in [("table", pdf()), ("stream", packed_pdf())] {
            let signed = Api::new(&sandbox, dialect).sign_one("file", &original, |_| json!({})).await;
            assert!(signed.starts_with(&original), "what was there stays as it was");
            let said = trust.pdfsig(&signed);
            for wanted in [VALID, TRUSTED, WHOLE, "ETSI.CAdES.detached", "SHA-256"] {
                assert!(said.contains(wanted), "{dialect:?} {what}: {wanted}: {said}");
            }
            assert_eq!(said.matches("Signature #").count(), 1, "{said}");
            assert!(said.contains("ANNA MARIA ERIKSSON"), "{said}");
            assert!(!nobody.pdfsig(&signed).contains(TRUSTED), "only because the authority is trusted");
        }
    }
}

#[tokio::test]
async fn one_flipped_byte_is_noticed() {
    let sandbox = start().await;
    let trust = Trust::new(Some(&sandbox.signing_ca()));
    let signed = Api::new(&sandbox, Dialect::Current).sign_one("file", &pdf(), |_| json!({})).await;
    let text = b"To be signed";
    let at = signed.windows(text.len()).position(|window| window == text).expect("the text of the page");
    let mut changed = signed.clone();
    changed[at] ^= 1;
    let said = trust.pdfsig(&changed);
    assert!(!said.contains(VALID) && said.contains("Digest Mismatch"), "{said}");
    // And one in the part that the update brought.
    let at = signed.windows(8).rposition(|window| window == b"/ETSI.CA").expect("the kind of signature");
    let name = signed[..at].windows(7).rposition(|window| window == b"/Reason");
    let later = signed.windows(9).rposition(|window| window == b"/SigFlags").or(name).expect("the form");
    let mut changed = signed.clone();
    changed[later + 2] ^= 1;
    assert!(!trust.pdfsig(&changed).contains(VALID));
}

#[tokio::test]
async fn a_signature_is_seen_where_it_was_asked_for() {
    let sandbox = start().await;
    let trust = Trust::new(Some(&sandbox.signing_ca()));
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let image = api.good(api.post_form("/image", &[("image", Some("seal.png"), &png(40, 20))]).await);
        let image = if api.current() { image["image_uid"].clone() } else { image };
        let signed = api
            .sign_one(
                "file",
                &packed_pdf(),
                |uid| json!({"use_signature_text": true, "options": {uid: {"position": "100,200,300,260", "page": 1, "image": image}}}),
            )
            .await;
        let said = trust.pdfsig(&signed);
        for wanted in [VALID, TRUSTED, WHOLE] {
            assert!(said.contains(wanted), "{said}");
        }
        assert!(trust.ink(&signed, 2, [110, 210, 190, 250]), "the picture");
        assert!(trust.ink(&signed, 2, [210, 200, 300, 260]), "the text");
        assert!(!trust.ink(&signed, 2, [310, 200, 400, 300]) && !trust.ink(&signed, 1, [50, 150, 400, 300]), "and nowhere else");
        assert!(trust.text(&signed).contains("ANNA MARIA ERIKSSON"));
    }
    // Current's own form places all documents alike.
    let api = Api::new(&sandbox, Dialect::Current);
    let signed = api
        .sign_one(
            "file",
            &pdf(),
            |_| json!({"signature": {"appearance": {"position": [50, 50, 250, 110], "page": "0", "text": "SEEN AND\nSIGNED"}}}),
        )
        .await;
    assert!(trust.text(&signed).contains("SEEN AND") && trust.ink(&signed, 1, [50, 50, 250, 110]));
    assert!(trust.pdfsig(&signed).contains(VALID));
    // Without a place it is not seen.
    let signed = api.sign_one("file", &pdf(), |_| json!({"use_signature_text": true})).await;
    assert!(!trust.text(&signed).contains("ANNA"));
}

#[tokio::test]
async fn a_countersignature_covers_the_signature() {
    let sandbox = start().await;
    let trust = Trust::new(Some(&sandbox.signing_ca()));
    let api = Api::new(&sandbox, Dialect::Legacy);
    let signed = api.sign_one("file", &pdf(), |uid| json!({"options": {uid: {"usecountersignature": true}}})).await;
    let said = trust.pdfsig(&signed);
    assert_eq!((said.matches("Signature #").count(), said.matches(VALID).count(), said.matches(TRUSTED).count()), (2, 2, 2), "{said}");
    assert!(said.contains("countersigner"), "{said}");
    assert_eq!(said.replace("Not total document signed", "").matches(WHOLE).count(), 1, "{said}");
    // Signed once more, a document keeps its earlier signatures.
    let again = api.sign_one("file", &signed, |_| json!({"countersignature": "false"})).await;
    assert_eq!(trust.pdfsig(&again).matches(VALID).count(), 3);
}

#[tokio::test]
async fn a_digest_gets_a_detached_signature() {
    let sandbox = start().await;
    let content = b"What the digest is of";
    let digest: Vec<u8> = sha2::Digest::finalize(sha2::Digest::chain_update(<sha2::Sha256 as sha2::Digest>::new(), content)).to_vec();
    let hashfile = json!({"messageDigest": base64_simd::STANDARD.encode_to_string(&digest), "digestAlgorithm": "sha256WithRSAEncryption",
        "addAuthAttribute": 1, "addSigningTime": 1, "otherAuthAttributes": []});
    for dialect in BOTH {
        let p7m = Api::new(&sandbox, dialect).sign_one("hashfile", hashfile.to_string().as_bytes(), |_| json!({})).await;
        let folder = tempfile::tempdir().expect("temp folder");
        let path = |name: &str| folder.path().join(name);
        for (name, bytes) in
            [("p7m", &p7m[..]), ("content", content), ("ca", sandbox.signing_ca().as_bytes()), ("other", b"something else")]
        {
            std::fs::write(path(name), bytes).expect("write");
        }
        let verify = |content: &str| {
            std::process::Command::new("openssl")
                .args(["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-in"])
                .arg(path("p7m"))
                .arg("-content")
                .arg(path(content))
                .arg("-CAfile")
                .arg(path("ca"))
                .args(["-out", "/dev/null"])
                .output()
                .expect("openssl")
        };
        let output = verify("content");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!verify("other").status.success());
    }
}

#[tokio::test]
async fn several_documents_are_signed_at_once_each_in_its_way() {
    let sandbox = start().await;
    let trust = Trust::new(Some(&sandbox.signing_ca()));
    for dialect in BOTH {
        let api = Api::new(&sandbox, dialect);
        let handle = api.approved().await;
        let digest = base64_simd::STANDARD.encode_to_string([7; 32]);
        let hashfile = json!({"messageDigest": digest, "digestAlgorithm": "SHA256"}).to_string();
        let parts =
            [("file", Some("a.pdf"), &pdf()[..]), ("file2", Some("b.pdf"), &packed_pdf()[..]), ("hashfile", None, hashfile.as_bytes())];
        let made = api.good(api.upload(handle.request, &parts).await);
        let uid = |name: &str| {
            let found = made.as_array().and_then(|list| list.iter().find(|one| one["name"] == name || one["key"] == name));
            found.and_then(|one| one["uid"].as_str()).expect("uid").to_owned()
        };
        let options = json!({uid("file2"): {"position": "20,20,200,70", "page": 0}});
        let body = json!({"secret": api.otp(handle.request).await, "options": options});
        api.good(api.post(&format!("/sign/{}", handle.request), &body).await);
        for (name, seen) in [("file", false), ("file2", true)] {
            let signed = api.document(handle.request, &uid(name), "signed").await.bytes;
            let said = trust.pdfsig(&signed);
            assert!([VALID, TRUSTED, WHOLE].iter().all(|wanted| said.contains(wanted)), "{name}: {said}");
            assert_eq!(trust.ink(&signed, 1, [20, 20, 200, 70]), seen, "{name}");
        }
        let p7m = api.document(handle.request, &uid("hashfile"), "signed").await;
        assert_eq!((p7m.bytes[0], &p7m.headers["content-type"]), (0x30, &"application/pkcs7-mime".parse().expect("header")));
        let state = sandbox.one_shot_request(handle.request, false).expect("the request");
        assert_eq!((&state["status"], &state["certificate"]["status"]), (&json!("ISSUED"), &json!("VALID")));
    }
}

#[tokio::test]
async fn the_authority_is_given_as_a_file_and_by_control() {
    let sandbox = start().await;
    let file = std::fs::read_to_string(sandbox.pki_dir().join("signing-ca.pem")).expect("the file");
    assert_eq!(file, sandbox.signing_ca());
    let url = format!("{}/one-shot/signing-ca", sandbox.control_url());
    let answer = one_shot_support::send(hyper::Method::GET, &url, "", vec![]).await.expect("answer").expect(200);
    assert_eq!(answer["pem"], json!(file));
    let other = start().await;
    assert_ne!(other.signing_ca(), file, "each start makes its own");
}
