//! The sandbox's control API over plain HTTP on loopback.

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;

/// Makes a control call and gives its JSON.
///
/// # Errors
/// What the control API refuses, in its words.
pub async fn control(base: &str, method: &str, path: &str, body: &Value) -> Outcome<Value> {
    let broken = |what: &str| format!("control {method} {path}: {what}");
    let rest = base.strip_prefix("http://").ok_or_else(|| broken("no address"))?;
    let (host, prefix) = rest.split_once('/').ok_or_else(|| broken("no address"))?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let text = format!(
        "{method} /{prefix}{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.map_err(|e| broken(&e.to_string()))?;
    stream.write_all(text.as_bytes()).await.map_err(|e| broken(&e.to_string()))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.map_err(|e| broken(&e.to_string()))?;
    let split = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or_else(|| broken("no answer"))?;
    let (head, body) = (String::from_utf8_lossy(&answer[..split]).into_owned(), &answer[split + 4..]);
    if !head.starts_with("HTTP/1.1 200") {
        return Err(broken(&format!("{} {}", head.lines().next().unwrap_or_default(), String::from_utf8_lossy(body))));
    }
    serde_json::from_slice(body).map_err(|e| broken(&e.to_string()))
}
