//! Plain HTTP on loopback, as far as the sandbox's control API and its pages need it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Error, Result};

/// Longer than anything takes that is on this machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A call of the control API, and its JSON.
pub(super) fn control(base: &str, method: &str, path: &str, body: &Value) -> Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = exchange(method, &format!("{base}{path}"), "application/json", &body)?;
    serde_json::from_str(&answer).map_err(|e| Error::new(format!("{method} {path}: {e}")))
}

/// One exchange, which has to end with 200, and its body.
pub(super) fn exchange(method: &str, url: &str, content_type: &str, body: &str) -> Result<String> {
    let rest = url.strip_prefix("http://").ok_or_else(|| Error::new("the sandbox gave an address that is not plain HTTP"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    // The link of the page is a secret: only the host is told.
    let failed = |what: &dyn std::fmt::Display| Error::new(format!("{method} on {host}: {what}"));
    let mut stream = TcpStream::connect(host).map_err(|e| failed(&e))?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(|e| failed(&e))?;
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).map_err(|e| failed(&e))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|e| failed(&e))?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| failed(&"no answer"))?;
    match head.lines().next() {
        Some(line) if line.starts_with("HTTP/1.1 200") => Ok(body.to_owned()),
        line => Err(failed(&line.unwrap_or_default())),
    }
}
