//! A service by script: each request is read whole and answered as a closure says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use videoid::RaConfig;
use videoid::config::VideoPkKind;

/// A service that listens on loopback and keeps what it was asked.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// How often it was asked for what begins so, for example `POST /api/v1/requests/1/refuse`.
    pub(crate) fn count(&self, start: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.starts_with(start)).count()
    }

    pub(crate) fn config(&self) -> RaConfig {
        config(self.address)
    }
}

/// Settings of a client for services at this address.
pub(crate) fn config(address: SocketAddr) -> RaConfig {
    let mut config = RaConfig::custom(format!("http://{address}/api/v1"), format!("http://{address}"));
    config.registration_authority = Some("121".into());
    config.video_pk = Some(VideoPkKind::RequestPk);
    config.retry.base_delay_ms = 1;
    config
}

/// Starts it. `answer` is given method and path, and how often the same was asked before; it gives status and body.
pub(crate) async fn serve(answer: impl Fn(&str, usize) -> (u16, String) + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (kept, answer) = (asked.clone(), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (kept, answer) = (kept.clone(), answer.clone());
            tokio::spawn(async move {
                let Some(line) = read_request(&mut stream).await else { return };
                let before = {
                    let mut kept = kept.lock().unwrap();
                    let before = kept.iter().filter(|asked| **asked == line).count();
                    kept.push(line.clone());
                    before
                };
                let (status, body) = answer(&line, before);
                let place = if status == 301 { format!("location: {body}\r\n") } else { String::new() };
                let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n{place}connection: close\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    Server { address, asked }
}

/// Reads a request with its body; gives method and path.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let (head, _) = read_whole(stream).await?;
    let mut words = head.lines().next()?.split(' ');
    Some(format!("{} {}", words.next()?, words.next()?))
}

/// Reads a request: its head as text and its body.
pub(crate) async fn read_whole(stream: &mut (impl AsyncRead + Unpin)) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let length = header(&head, "content-length").and_then(|value| value.parse::<usize>().ok()).unwrap_or(0);
    while read.len() < end + length {
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, read.split_off(end)))
}

/// A header of a request's head.
pub(crate) fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (own, value) = line.split_once(':')?;
        own.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// Whole requests: head and body of each.
pub(crate) type Kept = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A service that keeps the whole of each request and gives one answer to all; without one it closes the connection.
pub(crate) async fn capture(answer: Option<&'static str>) -> (SocketAddr, Kept) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let kept = Kept::default();
    let keep = kept.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let keep = keep.clone();
            tokio::spawn(async move {
                let Some(request) = read_whole(&mut stream).await else { return };
                keep.lock().unwrap().push(request);
                if let Some(answer) = answer {
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    (address, kept)
}
