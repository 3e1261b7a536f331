//! A service by script: each request is read whole and answered as a closure says.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
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
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok()).unwrap_or(0);
    while read.len() < end + length {
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
    let line = String::from_utf8_lossy(&read[..end]).lines().next()?.to_owned();
    let mut words = line.split(' ');
    Some(format!("{} {}", words.next()?, words.next()?))
}
