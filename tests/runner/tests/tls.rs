//! TLS: every form of key, roots, pins, both hosts; and what each refusal is called.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use videoid::{Error, ErrorCode, RegistrationAuthority, RequestOptions, Result, Wire};
use videoid_runner::fixture;
use videoid_runner::story::Stage;

fn tls_fixture(name: &str) -> String {
    fixture("tls").join(name).to_string_lossy().into_owned()
}

/// Makes a client with this identity; no connection is opened.
fn load(identity: &Value) -> Result<RegistrationAuthority> {
    let config = json!({
        "environment": "custom", "api_url": "https://127.0.0.1:1/api/v1", "upload_url": "https://127.0.0.1:1",
        "tls": { "identity": identity, "ca_file": tls_fixture("rsa.pem"), "ca_only": true },
        "upload_tls": { "ca_file": tls_fixture("rsa.pem"), "ca_only": true },
    });
    RegistrationAuthority::new(serde_json::from_value(config).expect("the settings have the form of RaConfig"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(tls_fixture(name)).expect("a fixture")
}

#[test]
fn every_form_of_key_is_read() {
    let rsa = ["rsa-pkcs8.key", "rsa-pkcs1.key"];
    let encrypted = [
        "rsa-pkcs1-des.key",
        "rsa-pkcs1-des3.key",
        "rsa-pkcs1-aes128.key",
        "rsa-pkcs1-aes192.key",
        "rsa-pkcs1-aes256.key",
        "rsa-pkcs8-aes-128-cbc.key",
        "rsa-pkcs8-aes-256-cbc.key",
        "rsa-pkcs8-des3.key",
        "rsa-pkcs8-scrypt.key",
    ];
    let pem = |certificate: &str, key: &str| json!({"certificate_file": tls_fixture(certificate), "key_file": tls_fixture(key), "password": "fixture"});
    for key in rsa.iter().chain(&encrypted) {
        load(&pem("rsa.pem", key)).unwrap_or_else(|e| panic!("{key}: {e}"));
    }
    for key in ["ec-sec1.key", "ec-pkcs8.key", "ec-sec1-aes256.key"] {
        load(&pem("ec.pem", key)).unwrap_or_else(|e| panic!("{key}: {e}"));
    }
    for store in ["rsa-modern.p12", "rsa-legacy.p12"] {
        load(&json!({"pkcs12_file": tls_fixture(store), "password": "fixture"})).unwrap_or_else(|e| panic!("{store}: {e}"));
        let bytes = std::fs::read(tls_fixture(store)).expect("a fixture");
        load(&json!({"pkcs12": bytes, "password": "fixture"})).unwrap_or_else(|e| panic!("{store} as bytes: {e}"));
    }
    load(&json!({"pkcs12_file": tls_fixture("ec-no-password.p12")})).expect("a store without password");
    load(&json!({"certificate_file": tls_fixture("rsa-both.pem")})).expect("certificate and key in one file");
    load(&json!({"certificate_pem": text("rsa.pem"), "key_pem": text("rsa-pkcs8.key")})).expect("certificate and key as text");

    // The wrong password, and none.
    for key in encrypted.into_iter().chain(["ec-sec1-aes256.key"]) {
        let certificate = if key.starts_with("ec") { "ec.pem" } else { "rsa.pem" };
        for password in [json!("wrong"), Value::Null] {
            let mut identity = pem(certificate, key);
            identity["password"] = password;
            let error = load(&identity).expect_err(key);
            // Without integrity a wrong password may give a key that is only not the right one.
            assert!(matches!(error.code(), ErrorCode::TlsIdentityInvalid | ErrorCode::TlsKeyMismatch), "{key}: {error}");
            assert!(!format!("{error:?}").contains("wrong\""), "{error:?}");
        }
    }
    for store in ["rsa-modern.p12", "rsa-legacy.p12"] {
        let error = load(&json!({"pkcs12_file": tls_fixture(store), "password": "wrong"})).expect_err(store);
        assert_eq!(error.code(), ErrorCode::TlsIdentityInvalid, "{store}");
    }
}

#[test]
fn what_is_no_identity_is_said_by_setting() {
    let cases: [(Value, ErrorCode, &str); 7] = [
        (json!({}), ErrorCode::TlsIdentityInvalid, "tls.identity.certificate_file"),
        (json!({"certificate_file": "/nowhere/anna.pem"}), ErrorCode::TlsIdentityInvalid, "tls.identity.certificate_file"),
        (json!({"certificate_file": tls_fixture("rsa.pem")}), ErrorCode::TlsIdentityInvalid, "tls.identity.key_file"),
        (json!({"certificate_file": tls_fixture("make-keys.sh")}), ErrorCode::TlsIdentityInvalid, "tls.identity.certificate_file"),
        (
            json!({"certificate_file": tls_fixture("rsa.pem"), "key_file": tls_fixture("ec-sec1.key")}),
            ErrorCode::TlsKeyMismatch,
            "tls.identity",
        ),
        (
            json!({"certificate_file": tls_fixture("rsa.pem"), "key_file": fixture("specimen.mp4")}),
            ErrorCode::TlsIdentityInvalid,
            "tls.identity.key_file",
        ),
        (json!({"pkcs12_file": tls_fixture("rsa.pem")}), ErrorCode::TlsIdentityInvalid, "tls.identity.pkcs12"),
    ];
    for (identity, code, field) in cases {
        let error = load(&identity).expect_err("it is no identity");
        assert_eq!((error.code(), error.fields()[0].field.as_str()), (code, field), "{identity}");
        assert!(!format!("{error:?}").contains("anna"), "{error:?}");
    }
}

/// A first call to this sandbox with these TLS settings for the API.
async fn call(stage: &Stage, tls: Value) -> std::result::Result<(), Error> {
    let config = stage.config_with(json!({"tls": tls, "upload_tls": {"ca_file": stage.pki("ca.pem"), "ca_only": true}}));
    RegistrationAuthority::new(config)?.get_first_unused_scratchcard(None, &RequestOptions::new()).await.map(drop)
}

fn spki_pin(certificate: &Path) -> String {
    // The public key stands whole in the certificate: for P-256 it is this header with 65 bytes after it.
    const HEADER: &[u8] = &[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
    let pem = std::fs::read_to_string(certificate).expect("a certificate");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64_simd::STANDARD.decode_to_vec(body.as_bytes()).expect("Base64");
    let at = der.windows(HEADER.len()).position(|w| w == HEADER).expect("a P-256 key");
    base64_simd::STANDARD.encode_to_string(Sha256::digest(&der[at..at + 91]))
}

#[tokio::test(flavor = "multi_thread")]
async fn roots_and_pins_decide_whether_a_server_is_trusted() {
    let stage = Stage::start(&["--tls"]).await;
    let ca = stage.pki("ca.pem");
    let pin = spki_pin(&stage.pki("server.pem"));
    let pem = std::fs::read_to_string(&ca).expect("a certificate");
    for good in [
        json!({"ca_file": ca, "ca_only": true}),
        json!({"ca_pem": pem, "ca_only": true}),
        json!({"ca_file": ca}),
        json!({"ca_file": ca, "ca_only": true, "pins": [pin]}),
        json!({"ca_file": ca, "ca_only": true, "pins": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", format!("sha256/{pin}")]}),
    ] {
        call(&stage, good.clone()).await.unwrap_or_else(|e| panic!("{good}: {e}"));
    }
    for bad in [
        json!({"ca_file": stage.pki("foreign-ca.pem"), "ca_only": true}),
        json!({"ca_file": ca, "ca_only": true, "pins": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}),
        // A pin narrows trust down, it never gives any.
        json!({"ca_file": stage.pki("foreign-ca.pem"), "ca_only": true, "pins": [pin]}),
    ] {
        let error = call(&stage, bad.clone()).await.expect_err("it is not trusted");
        assert_eq!((error.code(), error.wire(), error.retryable()), (ErrorCode::ServerCertificateInvalid, Wire::NotSent, false), "{bad}");
    }
    for (wrong, code) in [
        (json!({"ca_only": true}), ErrorCode::ConfigInvalid),
        (json!({"ca_file": ca, "ca_only": true, "pins": ["short"]}), ErrorCode::ConfigInvalid),
        (json!({"ca_file": "/nowhere/ca.pem"}), ErrorCode::TlsIdentityInvalid),
    ] {
        assert_eq!(call(&stage, wrong.clone()).await.expect_err("it is refused").code(), code, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_key_opens_the_door_of_a_server_that_wants_a_certificate() {
    let stage = Stage::start(&["--tls", "--mutual-tls"]).await;
    let identity =
        json!({"certificate_file": stage.pki("client.pem"), "key_file": stage.pki("client-encrypted.key"), "password": "sandbox"});
    call(&stage, json!({"ca_file": stage.pki("ca.pem"), "ca_only": true, "identity": identity})).await.expect("it is let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_certificate_under_a_large_upload_is_still_named() {
    let stage = Stage::start(&["--tls", "--mutual-tls", "--upload-mutual-tls"]).await;
    let tls = |name: &str| {
        json!({"ca_file": stage.pki("ca.pem"), "ca_only": true,
            "identity": {"certificate_file": stage.pki(&format!("{name}.pem")), "key_file": stage.pki(&format!("{name}.key"))}})
    };
    let folder = tempfile::TempDir::new().expect("a folder");
    let film = videoid_runner::story::generated(folder.path(), "film.mp4", 30_000_000).expect("a film");
    let good = RegistrationAuthority::new(stage.config_with(json!({"tls": tls("client"), "upload_tls": tls("client")}))).expect("a client");
    let identifier = stage.pending(&good).await.videoid_data.and_then(|d| d.video_identifier).expect("an identifier");
    for refused in ["client-foreign", "client-expired"] {
        let config = stage.config_with(json!({"tls": tls("client"), "upload_tls": tls(refused), "retry": {"max_attempts": 1}}));
        let ra = RegistrationAuthority::new(config).expect("a client");
        let error = ra.upload_video(&identifier, &film.as_path().into(), &RequestOptions::new()).await.expect_err("it is refused");
        assert_eq!((error.code(), error.wire()), (ErrorCode::ClientCertificateRejected, Wire::NotSent), "{refused}: {error:?}");
    }
    good.upload_video(&identifier, &film.as_path().into(), &RequestOptions::new()).await.expect("the right one is let in");
}
