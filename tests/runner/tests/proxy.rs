//! Calls through a forward proxy: a tunnel for TLS, whole addresses for plain HTTP, its refusals.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use videoid::workflow::ExternalVideoId;
use videoid::{ErrorCode, RegistrationAuthority, RequestOptions, Wire};
use videoid_runner::story::{self, Stage};

/// A proxy with the lines of every request's head that it saw.
struct Proxy {
    address: String,
    heads: Arc<Mutex<Vec<Vec<String>>>>,
}

impl Proxy {
    /// One that lets callers through that have the right password, where one is wanted.
    async fn start(authorization: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let heads: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
        let seen = Arc::clone(&heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A connection that breaks is the caller's to notice.
                tokio::spawn(serve(stream, authorization, Arc::clone(&seen)));
            }
        });
        Self { address, heads }
    }

    fn heads(&self) -> Vec<Vec<String>> {
        self.heads.lock().expect("no panic under the lock").clone()
    }
}

async fn serve(stream: TcpStream, authorization: Option<&'static str>, seen: Arc<Mutex<Vec<Vec<String>>>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    seen.lock().expect("no panic under the lock").push(head.clone());
    let allowed =
        authorization.is_none_or(|wanted| head.iter().any(|line| line.eq_ignore_ascii_case(&format!("proxy-authorization: {wanted}"))));
    if !allowed {
        return stream.get_mut().write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n").await;
    }
    let mut words = head[0].split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if method == "CONNECT" {
        let mut server = TcpStream::connect(target).await?;
        stream.get_mut().write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
        tokio::io::copy_bidirectional(&mut stream, &mut server).await?;
        return Ok(());
    }
    // Plain HTTP: one request, passed on with the path alone.
    let rest = target.strip_prefix("http://").unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut server = TcpStream::connect(host).await?;
    let version = words.next().unwrap_or_default();
    let mut length = 0;
    let mut text = format!("{method} /{path} {version}\r\n");
    for line in &head[1..] {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if !line.to_ascii_lowercase().starts_with("connection") {
            text.push_str(line);
            text.push_str("\r\n");
        }
    }
    text.push_str("Connection: close\r\n\r\n");
    server.write_all(text.as_bytes()).await?;
    let (mut from_caller, mut to_caller) = tokio::io::split(stream);
    let (mut from_server, mut to_server) = server.split();
    let mut body = (&mut from_caller).take(length);
    tokio::io::copy(&mut body, &mut to_server).await?;
    tokio::io::copy(&mut from_server, &mut to_caller).await?;
    to_caller.shutdown().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flow_goes_through_a_proxy_and_its_tunnel() {
    for tls in [false, true] {
        let stage = Stage::start(if tls { &["--tls", "--mutual-tls"] } else { &[] }).await;
        let proxy = Proxy::start(Some("Basic dXNlcjpwYSBzcw==")).await;
        let mut over = json!({"proxy": format!("http://user:pa%20ss@{}", proxy.address)});
        if tls {
            let root = json!({"ca_file": stage.pki("ca.pem"), "ca_only": true});
            over["upload_tls"] = root.clone();
            over["tls"] = root;
            over["tls"]["identity"] = json!({"certificate_file": stage.pki("client.pem"), "key_file": stage.pki("client.key")});
        }
        let ra = RegistrationAuthority::new(stage.config_with(over)).expect("a client");
        let flow = ExternalVideoId::new(ra);
        let options = RequestOptions::new();
        let video = videoid_runner::fixture("specimen.mp4").as_path().into();
        flow.submit(&story::request(), &story::evidence(), &video, &options).await.expect("a submission");
        let done = flow.approve(&stage.rao(), &options).await.expect("an approval");
        assert_eq!(done.status.as_str(), "ENROLLREADY");
        let heads = proxy.heads();
        assert!(!heads.is_empty());
        for head in &heads {
            assert_eq!(head[0].starts_with("CONNECT "), tls, "{head:?}");
        }
        if tls {
            // Nothing but the two hosts' names is seen by the proxy.
            assert!(!format!("{heads:?}").contains("/api/v1"));
        }
        // The password is the proxy's alone.
        let received = stage.sandbox.received(true).to_string();
        assert!(!received.contains("proxy-authorization") && !received.contains("dXNlcjpwYSBzcw"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_is_named() {
    let stage = Stage::start(&["--tls"]).await;
    let proxy = Proxy::start(Some("Basic other")).await;
    let root = json!({"ca_file": stage.pki("ca.pem"), "ca_only": true});
    let over = json!({"proxy": format!("http://user:secret@{}", proxy.address), "tls": root, "upload_tls": root, "retry": {"max_attempts": 2, "base_delay_ms": 1}});
    let ra = RegistrationAuthority::new(stage.config_with(over)).expect("a client");
    let error = ra.get_first_unused_scratchcard(None, &RequestOptions::new()).await.expect_err("it is refused");
    assert_eq!((error.code(), error.wire()), (ErrorCode::ProxyFailed, Wire::NotSent), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"));
    assert_eq!(stage.sandbox.received(true), json!([]));
}
