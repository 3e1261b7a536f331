//! The reader of answers against serde_json: any JSON, in pieces of any size, comes out the same.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;

use fastrand::Rng;
use serde_json::{Map, Number, Value, json};
use videoid::model::RequestPk;
use videoid::{ErrorCode, RaConfig, RegistrationAuthority, RequestOptions};

/// JSON by chance.
fn value(rng: &mut Rng, depth: u32) -> Value {
    match rng.u8(..if depth > 5 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => Value::Bool(rng.bool()),
        2 => json!(rng.i64(..)),
        3 => json!(rng.u32(..)),
        4 => Number::from_f64((rng.f64() - 0.5) * 10_f64.powi(rng.i32(-30..30))).map_or(Value::Null, Value::Number),
        5 => Value::String(text(rng)),
        6 => (0..rng.usize(..6)).map(|_| value(rng, depth + 1)).collect(),
        _ => Value::Object((0..rng.usize(..6)).map(|_| (key(rng), value(rng, depth + 1))).collect()),
    }
}

fn text(rng: &mut Rng) -> String {
    let length = if rng.u8(..20) == 0 { rng.usize(..5000) } else { rng.usize(..20) };
    (0..length)
        .map(|_| match rng.u8(..10) {
            0 => '"',
            1 => '\\',
            2 => '\u{7}',
            3 => '\n',
            4 => '€',
            5 => '𝄞',
            6 => rng.char(..),
            _ => rng.alphanumeric(),
        })
        .collect()
}

/// Any name but that of images, whose texts are skipped on purpose.
fn key(rng: &mut Rng) -> String {
    let name = text(rng);
    if name == "images" { "other".to_owned() } else { name }
}

/// JSON text with white space and escapes by chance.
fn written(value: &Value, rng: &mut Rng, out: &mut String) {
    let space = |rng: &mut Rng, out: &mut String| {
        for _ in 0..rng.usize(..3) {
            out.push([' ', '\n', '\t', '\r'][rng.usize(..4)]);
        }
    };
    space(rng, out);
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                written(item, rng, out);
            }
            space(rng, out);
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (index, (name, item)) in map.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                space(rng, out);
                quoted(name, rng, out);
                space(rng, out);
                out.push(':');
                written(item, rng, out);
            }
            out.push('}');
        }
        Value::String(text) => quoted(text, rng, out),
        other => out.push_str(&other.to_string()),
    }
    space(rng, out);
}

fn quoted(text: &str, rng: &mut Rng, out: &mut String) {
    if rng.bool() {
        out.push_str(&Value::from(text).to_string());
        return;
    }
    out.push('"');
    for unit in text.encode_utf16() {
        let _ = write!(out, "\\u{unit:04X}");
    }
    out.push('"');
}

/// A service that answers each connection with the next body that it is given, in pieces of sizes by chance.
fn service(bodies: mpsc::Receiver<(Vec<u8>, Vec<usize>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for (stream, (body, cuts)) in listener.incoming().flatten().zip(bodies) {
            answer(stream, &body, &cuts);
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream, body: &[u8], cuts: &[usize]) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
        head.push(byte[0]);
    }
    stream.set_nodelay(true).expect("an open stream");
    // The caller may have seen enough before the end.
    let _ =
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut rest = body;
    for cut in cuts {
        let (piece, after) = rest.split_at((*cut).min(rest.len()));
        rest = after;
        if stream.write_all(piece).is_err() {
            return;
        }
        std::thread::yield_now();
    }
    let _ = stream.write_all(rest);
}

fn client(url: &str) -> RegistrationAuthority {
    let config: RaConfig = serde_json::from_value(json!({
        "environment": "custom", "api_url": format!("{url}/api/v1"), "upload_url": url, "retry": {"max_attempts": 1},
        "limits": {"answer_bytes": 64_000_000},
    }))
    .expect("the settings have the form of RaConfig");
    RegistrationAuthority::new(config).expect("the settings are sound")
}

fn cuts(rng: &mut Rng, length: usize) -> Vec<usize> {
    let most = [1, 7, 100, 3000][rng.usize(..4)];
    (0..400.min(length)).map(|_| rng.usize(1..=most)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_json_in_any_pieces_is_what_serde_reads() {
    let (send, bodies) = mpsc::channel();
    let ra = client(&service(bodies));
    let mut large = 0;
    for seed in 0..300 {
        let mut rng = Rng::with_seed(seed);
        let mut map = Map::new();
        map.insert("pk".into(), json!(seed));
        map.insert("status".into(), json!("CREATED"));
        // Some are larger than what is parsed at once.
        let parts = if seed % 10 == 0 { 400 } else { 4 };
        for part in 0..parts {
            map.insert(format!("own_{part}"), value(&mut rng, 0));
        }
        let mut body = String::new();
        written(&Value::Object(map), &mut rng, &mut body);
        large += usize::from(body.len() > 128 * 1024);
        let expected: Value = serde_json::from_str(&body).expect("what was written is JSON");
        let cuts = cuts(&mut rng, body.len());
        send.send((body.into_bytes(), cuts)).expect("the service runs");
        let request = ra.get_request(RequestPk(1), None, &RequestOptions::new()).await.unwrap_or_else(|e| panic!("seed {seed}: {e:?}"));
        for part in 0..parts {
            let name = format!("own_{part}");
            assert_eq!(request.extra.get(&name), expected.get(&name), "seed {seed}");
        }
    }
    assert!(large > 5, "only {large} of the bodies were large");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_serde_refuses_is_refused_and_a_cut_is_told_apart() {
    let (send, bodies) = mpsc::channel();
    let ra = client(&service(bodies));
    let mut refused = 0;
    for seed in 0..300 {
        let mut rng = Rng::with_seed(seed);
        let mut body = String::new();
        written(&json!({"pk": 1, "status": "CREATED", "own": value(&mut rng, 0)}), &mut rng, &mut body);
        let mut bytes = body.into_bytes();
        let at = rng.usize(..bytes.len());
        match rng.u8(..3) {
            0 => bytes.truncate(at),
            1 => bytes[at] = rng.u8(..),
            _ => bytes.insert(at, b"{}[],:\"0e-tx"[rng.usize(..12)]),
        }
        let expected = serde_json::from_slice::<Value>(&bytes);
        let cuts = cuts(&mut rng, bytes.len());
        send.send((bytes.clone(), cuts)).expect("the service runs");
        let got = ra.get_request(RequestPk(1), None, &RequestOptions::new()).await;
        match (expected, got) {
            (Err(_), Err(error)) => {
                refused += 1;
                // The body came whole by its length, so it is wrong and not cut.
                assert_eq!(error.code(), ErrorCode::UnexpectedAnswer, "seed {seed}: {}", String::from_utf8_lossy(&bytes));
            }
            (Ok(_), Ok(_)) => {}
            // JSON still, but pk or status no longer what a request needs.
            (Ok(_), Err(error)) => assert_eq!(error.code(), ErrorCode::UnexpectedAnswer, "seed {seed}"),
            (Err(why), Ok(_)) => panic!("seed {seed}: serde refuses it ({why}): {}", String::from_utf8_lossy(&bytes)),
        }
    }
    assert!(refused > 100, "only {refused} were no JSON");
}
