//! The client certificate: how its end is told, and what happens to calls while another one takes its place.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use videoid::config::{ClientIdentity, TlsConfig};
use videoid::{ErrorCode, HookEvent, RaConfig, RegistrationAuthority, RequestOptions, Source};
use x509_parser::prelude::FromDer as _;

use super::server::read_request;

const DAY: Duration = Duration::from_hours(24);
const VIDEO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/specimen.mp4");

/// An authority of a test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn signed(&self, serial: u64, days: i32, usage: ExtendedKeyUsagePurpose) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let now = SystemTime::now();
        // An hour more than whole days, so that the test does not depend on how long it takes.
        let span = DAY * days.unsigned_abs() + Duration::from_hours(1);
        params.not_before = (now - 400 * DAY).into();
        params.not_after = if days < 0 { (now - span).into() } else { (now + span).into() };
        params.serial_number = Some(serial.into());
        params.extended_key_usages = vec![usage];
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// A client identity with this serial number.
    fn client(&self, serial: u64, days: i32) -> ClientIdentity {
        let (certificate, key) = self.signed(serial, days, ExtendedKeyUsagePurpose::ClientAuth);
        let mut identity = ClientIdentity::default();
        identity.certificate_pem = Some(certificate.pem().into());
        identity.key_pem = Some(key.serialize_pem().into());
        identity
    }
}

/// A service over TLS that wants a client certificate, keeps connections open and notes which certificate each request came with.
struct Server {
    config: RaConfig,
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl Server {
    /// The serial numbers, in hex, of the certificates that the path was asked with.
    fn serials(&self, path: &str) -> Vec<String> {
        self.seen.lock().unwrap().iter().filter(|(_, line)| line.contains(path)).map(|(serial, _)| serial.clone()).collect()
    }
}

/// What keys from this one on ask for is answered late.
const SLOW: i64 = 900_000;

async fn serve(authority: &Authority) -> Server {
    let (certificate, key) = authority.signed(1, 100, ExtendedKeyUsagePurpose::ServerAuth);
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let kept = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(connection(acceptor.clone(), stream, kept.clone()));
        }
    });
    let mut config = RaConfig::custom(format!("https://{address}/api/v1"), format!("https://{address}"));
    config.tls.ca_pem = Some(authority.certificate.pem());
    config.tls.ca_only = true;
    Server { config, seen }
}

async fn connection(acceptor: TlsAcceptor, stream: TcpStream, seen: Arc<Mutex<Vec<(String, String)>>>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let serial = {
        let chain = stream.get_ref().1.peer_certificates().unwrap();
        let (_, parsed) = x509_parser::certificate::X509Certificate::from_der(&chain[0]).unwrap();
        format!("{:x}", parsed.serial)
    };
    while let Some(line) = read_request(&mut stream).await {
        let pk: i64 = line.rsplit('/').find_map(|part| part.parse().ok()).unwrap_or(0);
        seen.lock().unwrap().push((serial.clone(), line));
        tokio::time::sleep(Duration::from_millis(if pk >= SLOW { 700 } else { 2 })).await;
        let body = format!(r#"{{"pk":{pk},"status":"CREATED"}}"#);
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A client that notes the warnings of its hooks.
fn watched(config: RaConfig) -> (RegistrationAuthority, Arc<Mutex<Vec<String>>>) {
    let warnings: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = warnings.clone();
    let hook = move |event: &HookEvent| {
        if event.kind == "warning" && event.operation == "client_certificate" {
            noted.lock().unwrap().push(event.text.clone().unwrap());
        }
    };
    (RegistrationAuthority::with_hooks(config, Arc::new(hook)).unwrap(), warnings)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_replaced_under_load() {
    let authority = Authority::new();
    let server = serve(&authority).await;
    let mut config = server.config.clone();
    config.tls.identity = Some(authority.client(0xa1, 200));
    let ra = RegistrationAuthority::new(config).unwrap();
    let replaced = Arc::new(AtomicBool::new(false));
    let slow = {
        let ra = ra.clone();
        tokio::spawn(async move { ra.get_request(SLOW.into(), None, &RequestOptions::new()).await })
    };
    let workers: Vec<_> = (0..12_i64)
        .map(|worker| {
            let (ra, replaced) = (ra.clone(), replaced.clone());
            tokio::spawn(async move {
                let (mut after, mut round) = (Vec::new(), 0);
                // Until each worker has made some calls after the replacement.
                while after.len() < 8 {
                    let pk = worker * 10_000 + round + 1;
                    round += 1;
                    if replaced.load(Ordering::SeqCst) {
                        after.push(pk);
                    }
                    let request = ra.get_request(pk.into(), None, &RequestOptions::new()).await.expect("no call is lost");
                    assert_eq!(request.pk, pk.into());
                }
                after
            })
        })
        .collect();
    let begun = |path: &str| !server.serials(path).is_empty();
    while server.seen.lock().unwrap().len() < 60 || !begun(&format!("/{SLOW}/")) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let info = ra.replace_identity(&authority.client(0xb2, 300)).unwrap();
    replaced.store(true, Ordering::SeqCst);
    assert_eq!((info.serial_number.as_str(), info.days_left), ("b2", 300));
    for worker in workers {
        for pk in worker.await.unwrap() {
            assert_eq!(server.serials(&format!("/{pk}/")), ["b2"], "a connection with the old identity was used");
        }
    }
    // What ran ended on the connection that it had.
    assert_eq!(slow.await.unwrap().unwrap().pk, SLOW.into());
    assert_eq!(server.serials(&format!("/{SLOW}/")), ["a1"]);
    assert!(server.serials("/requests/").iter().filter(|serial| *serial == "a1").count() >= 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_identity_leaves_the_one_in_use() {
    let authority = Authority::new();
    let server = serve(&authority).await;
    let mut config = server.config.clone();
    config.tls.identity = Some(authority.client(0xa1, 200));
    let ra = RegistrationAuthority::new(config).unwrap();
    let before = ra.client_certificate().unwrap();
    let mut mismatched = authority.client(0xb2, 300);
    mismatched.key_pem = authority.client(0xb3, 300).key_pem;
    let mut absent = ClientIdentity::default();
    absent.certificate_file = Some("/nowhere/at-all.pem".into());
    for (identity, code) in [
        (mismatched, ErrorCode::TlsKeyMismatch),
        (absent, ErrorCode::TlsIdentityInvalid),
        (ClientIdentity::default(), ErrorCode::TlsIdentityInvalid),
    ] {
        assert_eq!(ra.replace_identity(&identity).unwrap_err().code(), code);
        assert_eq!(ra.client_certificate().unwrap(), before);
    }
    ra.get_request(5.into(), None, &RequestOptions::new()).await.unwrap();
    assert_eq!(server.serials("/5/"), ["a1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_for_videos_follows_where_it_had_the_same_identity() {
    let authority = Authority::new();
    let (own, first, second) = (authority.client(0xc3, 200), authority.client(0xa1, 200), authority.client(0xb2, 200));
    for (upload, expected) in [(&first, ["a1", "b2"]), (&own, ["c3", "c3"])] {
        let server = serve(&authority).await;
        let mut config = server.config.clone();
        config.tls.identity = Some(first.clone());
        let mut upload_tls: TlsConfig = config.tls.clone();
        upload_tls.identity = Some(upload.clone());
        config.upload_tls = Some(upload_tls);
        let ra = RegistrationAuthority::new(config).unwrap();
        let (video, options) = (Source::path(VIDEO), RequestOptions::new());
        ra.upload_video(&"one".into(), &video, &options).await.unwrap();
        ra.replace_identity(&second).unwrap();
        ra.upload_video(&"one".into(), &video, &options).await.unwrap();
        ra.get_request(5.into(), None, &options).await.unwrap();
        assert_eq!(server.serials("/upload/video/one/"), expected);
        assert_eq!(server.serials("/requests/5/"), ["b2"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_certificate_is_told_before_it_comes() {
    let authority = Authority::new();
    let server = serve(&authority).await;
    let mut config = server.config.clone();
    config.tls.identity = Some(authority.client(0xa1, 10));
    let (ra, warnings) = watched(config.clone());
    let certificate = ra.client_certificate().unwrap();
    assert_eq!((certificate.days_left, certificate.serial_number.as_str()), (10, "a1"));
    assert!(certificate.not_before_ms < certificate.not_after_ms);
    assert!(warnings.lock().unwrap()[0].contains("expires in 10 days"));
    // Once a day of use, however many calls there are.
    ra.get_request(5.into(), None, &RequestOptions::new()).await.unwrap();
    ra.get_request(5.into(), None, &RequestOptions::new()).await.unwrap();
    assert_eq!(warnings.lock().unwrap().len(), 1);
    // A fresh one gives no rise to a warning; one that is expired does, and is the server's to refuse.
    ra.replace_identity(&authority.client(0xb2, 300)).unwrap();
    assert_eq!((warnings.lock().unwrap().len(), ra.client_certificate().unwrap().days_left), (1, 300));
    let expired = ra.replace_identity(&authority.client(0xd4, -3)).unwrap();
    assert!(expired.days_left < 0);
    assert!(warnings.lock().unwrap()[1].contains("expired 3 days ago"));
    let error = ra.get_request(5.into(), None, &RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ClientCertificateRejected);

    config.certificate_warning_days = 5;
    assert!(watched(config.clone()).1.lock().unwrap().is_empty());
    config.tls.identity = None;
    let (ra, warnings) = watched(config);
    assert_eq!((ra.client_certificate(), warnings.lock().unwrap().len()), (None, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_is_warned_may_replace_the_identity() {
    let authority = Authority::new();
    let server = serve(&authority).await;
    let (client, fresh) = (Arc::new(OnceLock::<RegistrationAuthority>::new()), authority.client(0xf6, 300));
    let known = client.clone();
    let hook = move |event: &HookEvent| {
        if event.kind == "warning"
            && let Some(client) = known.get()
        {
            client.replace_identity(&fresh).unwrap();
        }
    };
    let mut config = server.config.clone();
    config.tls.identity = Some(authority.client(0xa1, 200));
    let ra = RegistrationAuthority::with_hooks(config, Arc::new(hook)).unwrap();
    client.set(ra.clone()).unwrap();
    ra.replace_identity(&authority.client(0xb2, 2)).unwrap();
    assert_eq!(ra.client_certificate().unwrap().serial_number, "f6");
    ra.get_request(5.into(), None, &RequestOptions::new()).await.unwrap();
    assert_eq!(server.serials("/5/"), ["f6"]);
}
