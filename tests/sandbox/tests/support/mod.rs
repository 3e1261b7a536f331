//! A client for the tests: one request on one connection of its own, so that every byte is seen.

#![allow(dead_code)]

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use videoid_sandbox::{Sandbox, SandboxOptions};

pub(crate) const HOLDER: &str = "ANNA MARIA";

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.bytes)))
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.bytes));
        self.json()
    }
}

pub(crate) async fn start() -> Sandbox {
    Sandbox::start(SandboxOptions::default()).await.expect("the sandbox starts")
}

/// Host and port, and the path, of a URL.
pub(crate) fn split(url: &str) -> (String, String) {
    let rest = url.split_once("://").expect("scheme").1;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    (host.to_owned(), format!("/{path}"))
}

/// Sends one request; an error says that the connection failed before the answer was whole.
pub(crate) async fn send(method: Method, url: &str, kind: &str, body: Vec<u8>) -> Result<Answer, hyper::Error> {
    let (host, path) = split(url);
    let stream = TcpStream::connect(&host).await.expect("connect");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(path).header("host", host);
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    let request = request.body(Full::new(Bytes::from(body))).expect("request");
    let response = sender.send_request(request).await?;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await?.to_bytes().to_vec();
    drop(sender);
    driver.abort();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, bytes })
}

pub(crate) async fn call(sandbox: &Sandbox, method: Method, path: &str, body: &Value) -> Answer {
    try_call(sandbox, method, path, body).await.expect("an answer")
}

pub(crate) async fn try_call(sandbox: &Sandbox, method: Method, path: &str, body: &Value) -> Result<Answer, hyper::Error> {
    let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let kind = if body.is_null() { "" } else { "application/json" };
    send(method, &format!("{}{path}", sandbox.ra_url()), kind, bytes).await
}

pub(crate) async fn get(sandbox: &Sandbox, path: &str) -> Answer {
    call(sandbox, Method::GET, path, &Value::Null).await
}

pub(crate) async fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Answer {
    call(sandbox, Method::POST, path, body).await
}

pub(crate) fn credentials(sandbox: &Sandbox) -> Value {
    sandbox.ready()["rao"].clone()
}

pub(crate) async fn card(sandbox: &Sandbox) -> String {
    let answer = call(sandbox, Method::GET, "/scratchcards/get_first_unused/", &json!({"ra": "121"})).await.expect(200);
    answer["sn"].as_str().map_or_else(|| answer["sn"].to_string(), str::to_owned)
}

pub(crate) fn request_body(sn: &str) -> Value {
    json!({
        "profile": "PFnubeQAFCiudadano", "scratchcard": sn, "registration_authority": "121", "email": "anna@example.com",
        "mobile_phone_number": "+34600000000", "given_name": HOLDER, "surname_1": "ERIKSSON", "serial_number": "L898902C3",
        "videoid_mode": 1, "validity_time": 1825,
    })
}

/// A request in VIDEOPENDING: its pk and the identifier of its video.
pub(crate) async fn pending(sandbox: &Sandbox) -> (u64, String) {
    let answer = post(sandbox, "/requests/", &request_body(&card(sandbox).await)).await.expect(201);
    let identifier = answer["videoid_data"]["video_identifier"].as_str().expect("identifier").to_owned();
    (answer["pk"].as_u64().expect("pk"), identifier)
}

/// A JPEG of at least `bytes` bytes: a specimen picture, padded by comment segments.
pub(crate) fn jpeg(bytes: usize) -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/specimen/document_front.jpg");
    let picture = std::fs::read(path).expect("the specimen picture");
    let mut file = vec![0xFF, 0xD8];
    while file.len() + picture.len() < bytes {
        file.extend([0xFF, 0xFE, 0xFF, 0xFF]);
        file.extend(std::iter::repeat_n(7, 0xFFFD));
    }
    file.extend(&picture[2..]);
    file
}

pub(crate) fn video() -> Vec<u8> {
    std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/specimen.mp4")).expect("the specimen video")
}

pub(crate) fn evidence_body(images: &[(&str, &[u8])], kind: &str) -> Value {
    let images: serde_json::Map<String, Value> =
        images.iter().map(|(name, image)| ((*name).to_owned(), json!(base64_simd::STANDARD.encode_to_string(image)))).collect();
    json!({
        "acceptance": {"description": "User accepts", "url-doc-privacypolicy": "https://example.com/p", "date": 1_622_823_879_708_u64},
        "videoid_data": {
            "images": images,
            "ocr_data": {"given_name": HOLDER, "surname_1": "ERIKSSON", "serial_number": "L898902C3", "id_document_type": kind},
            "security_checks": {"otp_validation": true, "data_integrity": false, "liveliness": true},
            "similarity_level": "high",
        },
    })
}

pub(crate) fn all_images() -> Value {
    let image = jpeg(0);
    evidence_body(&[("document_front", &image), ("document_rear", &image), ("document_photo", &image), ("document_owner", &image)], "IDC")
}

pub(crate) async fn put_evidence(sandbox: &Sandbox, pk: u64, body: &Value) -> Answer {
    call(sandbox, Method::PUT, &format!("/videoid/{pk}"), body).await
}

pub(crate) fn multipart(name: &str, filename: Option<&str>, content: &[u8]) -> (String, Vec<u8>) {
    let filename = filename.map(|name| format!("; filename=\"{name}\"")).unwrap_or_default();
    let mut body =
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\nContent-Type: video/mp4\r\n\r\n").into_bytes();
    body.extend(content);
    body.extend(b"\r\n--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

pub(crate) async fn post_video(sandbox: &Sandbox, identifier: &str, content: &[u8]) -> Answer {
    let (kind, body) = multipart("video", Some("anna.mp4"), content);
    send(Method::POST, &format!("{}/v1/upload/video/{identifier}/", sandbox.upload_url()), &kind, body).await.expect("an answer")
}

/// A request in VIDEOREVIEW.
pub(crate) async fn in_review(sandbox: &Sandbox) -> (u64, String) {
    let (pk, identifier) = pending(sandbox).await;
    put_evidence(sandbox, pk, &all_images()).await.expect(200);
    post_video(sandbox, &identifier, &video()).await.expect(200);
    assert_eq!(status(sandbox, pk).await, "VIDEOREVIEW");
    (pk, identifier)
}

pub(crate) async fn status(sandbox: &Sandbox, pk: u64) -> String {
    get(sandbox, &format!("/requests/{pk}/")).await.expect(200)["status"].as_str().expect("status").to_owned()
}

/// Error form 1.
#[track_caller]
pub(crate) fn form1(body: &Value, code: &str, error: &str) {
    assert_eq!((&body["code"], &body["error"]), (&json!(code), &json!(error)), "{body}");
    let id = body["id"].as_str().expect("a reference");
    assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
}

/// A multipart body: fields, and a file named `document` with its content type.
pub(crate) fn form(fields: &[(&str, &str)], document: Option<(&str, &[u8])>) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some((kind, content)) = document {
        let kind = if kind.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"anna.bin\"\r\n{kind}\r\n");
        body.extend(head.bytes());
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

pub(crate) async fn send_form(
    sandbox: &Sandbox,
    method: Method,
    path: &str,
    fields: &[(&str, &str)],
    document: Option<(&str, &[u8])>,
) -> Answer {
    let (kind, body) = form(fields, document);
    send(method, &format!("{}{path}", sandbox.ra_url()), &kind, body).await.expect("an answer")
}

pub(crate) async fn upload(sandbox: &Sandbox, pk: u64, kind: &str, document: &[u8]) -> Answer {
    let path = format!("/requests/{pk}/pl_upload_document/");
    send_form(sandbox, Method::POST, &path, &[("type", kind)], Some(("image/jpeg", document))).await
}

pub(crate) const PDF: &[u8] = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n";

/// A classic request in CREATED.
pub(crate) async fn classic(sandbox: &Sandbox) -> u64 {
    let mut body = request_body(&card(sandbox).await);
    body["videoid_mode"] = Value::Null;
    body["paperless_mode"] = json!(1);
    let answer = post(sandbox, "/requests/", &body).await.expect(201);
    assert_eq!(answer["status"], "CREATED");
    answer["pk"].as_u64().expect("pk")
}
