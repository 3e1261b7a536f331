//! Single calls: what was sent, what is repeated, what ends.

use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use videoid::config::Timeout;
use videoid::{ErrorCode, RaConfig, RegistrationAuthority, RequestOptions, Source, Wire};

use super::server::{config, read_request, serve};

/// Takes connections and says nothing.
async fn silent() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_never_left_is_not_ambiguous() {
    let address = silent().await;
    // The handshake is never answered, so no request can have been sent.
    let mut config = RaConfig::custom(format!("https://{address}/api/v1"), format!("https://{address}"));
    config.tls.ca_file = Some(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/tls/rsa.pem").into());
    config.tls.ca_only = true;
    let ra = RegistrationAuthority::new(config).unwrap();
    let options = RequestOptions::new().timeout(Timeout::After(Duration::from_millis(300)));
    let error = ra.get_preauth_link(1.into(), &options).await.unwrap_err();
    assert_eq!((error.code(), error.wire()), (ErrorCode::Timeout, Wire::NotSent));
    let error = ra.cancel_request(1.into(), &options).await.unwrap_err();
    assert_eq!((error.code(), error.wire()), (ErrorCode::Timeout, Wire::NotSent));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_a_body_that_left_is_ambiguous() {
    let ra = RegistrationAuthority::new(config(silent().await)).unwrap();
    let options = RequestOptions::new().timeout(Timeout::After(Duration::from_millis(500)));
    for error in [ra.get_preauth_link(1.into(), &options).await.unwrap_err(), ra.cancel_request(1.into(), &options).await.unwrap_err()] {
        assert_eq!((error.code(), error.wire()), (ErrorCode::Ambiguous, Wire::MayBeProcessed));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_cannot_change_the_route() {
    let server = serve(|_, _| (200, "{}".into())).await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for id in ["..", "."] {
        let error = ra.download_video(&id.into(), &folder.path().join("x.mp4"), &RequestOptions::new()).await.unwrap_err();
        assert_eq!((error.code(), error.wire()), (ErrorCode::FieldInvalid, Wire::NotSent), "{id}");
    }
    assert_eq!(server.count(""), 0);
    let _ = ra.download_video(&"../a?b#c/%2e%2e".into(), &folder.path().join("x.mp4"), &RequestOptions::new()).await;
    assert_eq!(server.count("GET /api/v1/download/video/..%2Fa%3Fb%23c%2F%252e%252e"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_form_of_the_slash_says_what_is_wrong() {
    let server = serve(|asked, _| match asked {
        "GET /api/v1/requests/5/" => (404, "<html>Not Found</html>".into()),
        _ => (301, "/api/v1/requests/5/".into()),
    })
    .await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let error = ra.get_request(5.into(), None, &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), error.http_status()), (ErrorCode::NotFound, Some(404)));
    assert_eq!((server.count("GET /api/v1/requests/5/"), server.count("GET /api/v1/requests/5")), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_an_upload_that_never_ends_is_given_up() {
    for head in ["HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{\"status\":\"", "HTTP/1.1 400 x\r\ncontent-length: 60000\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    read_request(&mut stream).await;
                    stream.write_all(head.as_bytes()).await.unwrap();
                    // Never quiet for the idle limit, and never at an end.
                    while stream.write_all(b"x").await.is_ok() {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                });
            }
        });
        let mut config = config(address);
        config.timeouts.attempt = Timeout::After(Duration::from_millis(300));
        let ra = RegistrationAuthority::new(config).unwrap();
        let video = Source::path(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/specimen.mp4"));
        let identifier = "4dc2f2ba-7d0e-4bcd-9a5c-3a9d1f6c0f11".into();
        let options = RequestOptions::new();
        let call = ra.upload_video(&identifier, &video, &options);
        let error = tokio::time::timeout(Duration::from_secs(20), call).await.expect("it waits for ever").unwrap_err();
        let expected = if head.contains("400") { ErrorCode::BadRequest } else { ErrorCode::Ambiguous };
        assert_eq!(error.code(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_spoken_to_without_the_client_certificate() {
    let mut config = config(silent().await);
    // Over TLS the proxy could ask for the certificate that is meant for the service.
    for proxy in ["https://anna:secret@127.0.0.1:1", "socks5://127.0.0.1:1", "127.0.0.1:1"] {
        config.proxy = Some(proxy.into());
        let error = RegistrationAuthority::new(config.clone()).unwrap_err();
        assert_eq!((error.code(), error.fields()[0].field.as_str()), (ErrorCode::ConfigInvalid, "proxy"), "{proxy}");
        assert!(!format!("{error:?}").contains("secret"));
    }
    config.proxy = Some("http://anna:secret@127.0.0.1:1".into());
    RegistrationAuthority::new(config).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_number_at_the_end_of_numbers_is_no_panic() {
    let server = serve(|_, _| (200, r#"{"next":"http://127.0.0.1/?page=2","results":[]}"#.into())).await;
    let ra = RegistrationAuthority::new(server.config()).unwrap();
    let filter: videoid::model::RequestFilter = serde_json::from_value(serde_json::json!({ "page": i64::MAX })).unwrap();
    ra.list_requests(&filter, &RequestOptions::new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_that_breaks_after_the_request_left_is_ambiguous() {
    let file = |name: &str| format!("{}/../tests/fixtures/tls/chain/{name}", env!("CARGO_MANIFEST_DIR"));
    let certificates = ["genuine-leaf.pem", "genuine-intermediate.pem"].map(|name| CertificateDer::from_pem_file(file(name)).unwrap());
    let key = PrivateKeyDer::from_pem_file(file("genuine-leaf.key")).unwrap();
    let tls = rustls::ServerConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates.to_vec(), key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                // The whole of it is small enough for one read.
                assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
                let (mut plain, _) = stream.into_inner();
                // A record that nobody can decrypt.
                plain.write_all(b"\x17\x03\x03\x00\x20................................").await.unwrap();
                tokio::time::sleep(Duration::from_secs(1)).await;
            });
        }
    });
    let mut config = RaConfig::custom(format!("https://{address}/api/v1"), format!("https://{address}"));
    config.tls.ca_file = Some(file("genuine-root.pem"));
    config.tls.ca_only = true;
    let ra = RegistrationAuthority::new(config).unwrap();
    let error = ra.get_preauth_link(1.into(), &RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.code(), error.wire()), (ErrorCode::Ambiguous, Wire::MayBeProcessed), "{error:?}");
    // Reading may be tried again by the caller; nothing is said to have been done.
    let error = ra.get_request(1.into(), None, &RequestOptions::new()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::TlsFailed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_does_not_fill_the_disk() {
    // With a length, and without one until the connection closes.
    for head in ["HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n", "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                read_request(&mut stream).await;
                let _ = stream.write_all(head.as_bytes()).await;
                let _ = stream.write_all(&[0; 5000]).await;
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.mp4");
        for (limit, expected) in [(4999, Some(ErrorCode::AnswerTooLarge)), (5000, None)] {
            let mut config = config(address);
            config.limits.video_bytes = limit;
            let ra = RegistrationAuthority::new(config).unwrap();
            let outcome = ra.download_video(&"v-1".into(), &file, &RequestOptions::new()).await;
            assert_eq!(outcome.as_ref().err().map(videoid::Error::code), expected, "{head} {outcome:?}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), usize::from(expected.is_none()));
        }
    }
}
