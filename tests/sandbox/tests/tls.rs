//! TLS with the certificates made at start, and the program itself.

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use support::split;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use videoid_sandbox::{Sandbox, SandboxOptions};

/// The first line of the answer to a GET of all requests, or the error that came instead.
async fn first_line(sandbox: &Sandbox, url: &str, client: Option<&str>) -> Result<String, String> {
    let file = |name: &str| sandbox.pki_dir().join(name);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(file("ca.pem")).expect("ca.pem")).expect("root");
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots);
    let config = match client {
        Some(name) => {
            let certificate = CertificateDer::from_pem_file(file(&format!("{name}.pem"))).expect("certificate");
            let key = PrivateKeyDer::from_pem_file(file(&format!("{name}.key"))).expect("key");
            builder.with_client_auth_cert(vec![certificate], key).expect("they match")
        }
        None => builder.with_no_client_auth(),
    };
    let (host, _) = split(url);
    let stream = TcpStream::connect(&host).await.map_err(|error| error.to_string())?;
    let name = ServerName::try_from("127.0.0.1").expect("address");
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| error.to_string())?;
    let head = format!("GET /api/v1/requests/ HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn client_certificates_are_required_where_asked() {
    let mut options = SandboxOptions::default();
    options.mutual_tls = true;
    let sandbox = Sandbox::start(options).await.expect("start");
    let (ra, upload) = (sandbox.ra_url(), sandbox.upload_url());
    assert!(ra.starts_with("https://") && upload.starts_with("https://") && sandbox.control_url().starts_with("http://"));
    assert_eq!(first_line(&sandbox, &ra, Some("client")).await.as_deref(), Ok("HTTP/1.1 200 OK"));
    assert_eq!(sandbox.received(false)[0]["client_certificate"], true);
    assert_eq!(first_line(&sandbox, &upload, None).await.as_deref(), Ok("HTTP/1.1 404 Not Found"));
    // The Optimizer asks nobody for a certificate.
    assert_eq!(first_line(&sandbox, &sandbox.one_shot_url(), None).await.as_deref(), Ok("HTTP/1.1 404 Not Found"));
    for (client, alert) in
        [(None, "CertificateRequired"), (Some("client-expired"), "CertificateExpired"), (Some("client-foreign"), "UnknownCA")]
    {
        let error = first_line(&sandbox, &ra, client).await.expect_err("refused");
        assert!(error.contains(alert), "{client:?}: {error}");
    }
    let key = std::fs::read_to_string(sandbox.pki_dir().join("client-encrypted.key")).expect("key");
    assert!(key.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
}

#[tokio::test]
async fn the_upload_host_can_ask_too_and_the_server_can_be_expired() {
    let mut options = SandboxOptions::default();
    options.upload_mutual_tls = true;
    let sandbox = Sandbox::start(options).await.expect("start");
    assert!(first_line(&sandbox, &sandbox.upload_url(), None).await.is_err());
    assert!(first_line(&sandbox, &sandbox.upload_url(), Some("client")).await.is_ok());
    assert!(first_line(&sandbox, &sandbox.ra_url(), None).await.is_ok());
    let mut options = SandboxOptions::default();
    options.expired_server_cert = true;
    let sandbox = Sandbox::start(options).await.expect("start");
    let error = first_line(&sandbox, &sandbox.ra_url(), None).await.expect_err("expired");
    assert!(error.contains("xpired"), "{error}");
}

fn spawn(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_videoid-sandbox"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn ready(child: &mut Child) -> Value {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().expect("stdout")).read_line(&mut line).expect("a line");
    serde_json::from_str(&line).expect("JSON")
}

#[test]
fn the_program_is_ready_and_ends_with_its_parent() {
    let mut child = spawn(&["--exit-with-parent", "--cards", "2"]);
    let line = ready(&mut child);
    assert_eq!((&line["version"], &line["ra"]["id"]), (&Value::from(1), &Value::from("121")));
    for key in ["username", "password", "pin", "rao_id"] {
        assert!(line["rao"][key].is_string());
    }
    let pki = line["pki_dir"].as_str().expect("folder").to_owned();
    assert!(std::path::Path::new(&pki).join("ca.pem").exists());
    drop(child.stdin.take());
    assert!(child.wait().expect("it ends").success());
    assert!(!std::path::Path::new(&pki).exists(), "the temporary folder stays behind");
}

#[test]
fn wrong_arguments_and_texts() {
    let mut child = spawn(&["--nope"]);
    let mut text = String::new();
    child.stderr.as_mut().expect("stderr").read_to_string(&mut text).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
    assert!(text.contains("--nope"));
    for (flag, start) in [("--version", "videoid-sandbox "), ("--help", "videoid-sandbox: a local")] {
        let output = spawn(&[flag]).wait_with_output().expect("it ends");
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).starts_with(start));
    }
    // A port that is taken is an error, not a hang.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = taken.local_addr().expect("address").port().to_string();
    let output = spawn(&["--ra-port", &port]).wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
}
