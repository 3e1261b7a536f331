//! A caller of the One-Shot API in one dialect, for the tests.

#![allow(dead_code)]

#[path = "../support/mod.rs"]
pub(crate) mod base;

use std::path::{Path, PathBuf};
use std::process::Command;

use hyper::Method;
use serde_json::{Value, json};
use videoid_sandbox::Sandbox;

pub(crate) use base::{Answer, all_images, send, start, video};

/// The two dialects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Current,
    Legacy,
}

pub(crate) const BOTH: [Dialect; 2] = [Dialect::Current, Dialect::Legacy];

/// A VideoID request.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    pub(crate) request: u64,
    pub(crate) videoid: u64,
    pub(crate) link: String,
}

/// A part of a form: name, file name, content.
pub(crate) type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Api<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) dialect: Dialect,
}

pub(crate) fn form(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, filename, content) in parts {
        let filename = filename.map(|name| format!("; filename=\"{name}\"\r\nContent-Type: application/octet-stream")).unwrap_or_default();
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n").into_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

impl<'a> Api<'a> {
    pub(crate) fn new(sandbox: &'a Sandbox, dialect: Dialect) -> Self {
        Self { sandbox, dialect }
    }

    pub(crate) fn current(self) -> bool {
        self.dialect == Dialect::Current
    }

    pub(crate) fn url(self, path: &str) -> String {
        let base = if self.current() { "/oneshot/api/v1" } else { "/api/v1" };
        format!("{}{base}{path}", self.sandbox.one_shot_url())
    }

    pub(crate) async fn call(self, method: Method, path: &str, body: &Value) -> Answer {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let kind = if body.is_null() { "" } else { "application/json" };
        send(method, &self.url(path), kind, bytes).await.expect("an answer")
    }

    pub(crate) async fn get(self, path: &str) -> Answer {
        self.call(Method::GET, path, &Value::Null).await
    }

    pub(crate) async fn post(self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    pub(crate) async fn delete(self, path: &str) -> Answer {
        self.call(Method::DELETE, path, &Value::Null).await
    }

    pub(crate) async fn post_form(self, path: &str, parts: &[Part<'_>]) -> Answer {
        let (kind, body) = form(parts);
        send(Method::POST, &self.url(path), &kind, body).await.expect("an answer")
    }

    /// The text or the data of an answer that worked.
    #[track_caller]
    pub(crate) fn good(self, answer: Answer) -> Value {
        let body = answer.expect(200);
        self.content(body)
    }

    #[track_caller]
    pub(crate) fn content(self, body: Value) -> Value {
        if self.current() {
            assert_eq!(body["status"], "success", "{body}");
            let found = ["detail", "details", "message", "messsage"].into_iter().find(|key| body.get(*key).is_some());
            body[found.unwrap_or("detail")].clone()
        } else {
            assert!(matches!(body["status"].as_str(), Some("200 OK" | "201 Created")), "{body}");
            body["details"].clone()
        }
    }

    /// The text or object of an error with this HTTP status.
    #[track_caller]
    pub(crate) fn bad(self, answer: Answer, status: u16) -> Value {
        let body = answer.expect(status);
        if self.current() {
            assert_eq!(body["status"], "error", "{body}");
            body.get("detail").unwrap_or(&body["message"]).clone()
        } else {
            let words = body["status"].as_str().expect("status").to_owned();
            assert!(words.starts_with(&status.to_string()), "{body}");
            body["details"].clone()
        }
    }

    /// A refusal by schema: 422 with this place in Current, 400 in Legacy.
    #[track_caller]
    pub(crate) fn refused(self, answer: Answer, field: &str) {
        if self.current() {
            let body = answer.expect(422);
            assert_eq!(body["detail"][0]["loc"].as_array().and_then(|place| place.last()), Some(&json!(field)), "{body}");
            assert!(body["detail"][0]["msg"].is_string() && body["detail"][0]["type"].is_string(), "{body}");
        } else {
            self.bad(answer, 400);
        }
    }

    pub(crate) fn videoid_body(self) -> Value {
        let ready = self.sandbox.ready();
        let password = ready["one_shot"]["billing"]["password"].as_str().expect("password").to_owned();
        json!({
            "mobile_phone_number": "+34600000000", "email": "anna@example.com", "registration_authority": "121",
            "profile": "PFnubeQAFCiudadano", "env": "sandbox",
            "billing_username": ready["one_shot"]["billing"]["username"],
            "billing_password": base64_simd::STANDARD.encode_to_string(password),
        })
    }

    pub(crate) async fn create(self, ra: &str) -> Handle {
        let mut body = self.videoid_body();
        body["registration_authority"] = json!(ra);
        let data = self.post("/videoid", &body).await.expect(200);
        let data = if self.current() { data["detail"].clone() } else { data["details"].clone() };
        Handle {
            request: data["request_pk"].as_u64().expect("request_pk"),
            videoid: data["videoid_pk"].as_u64().expect("videoid_pk"),
            link: data["videoid_link"].as_str().expect("videoid_link").to_owned(),
        }
    }

    /// A path of the VideoID calls, with the id that the dialect puts in it.
    pub(crate) fn videoid(self, handle: &Handle, tail: &str) -> String {
        let id = if self.current() { handle.videoid } else { handle.request };
        format!("/videoid/{id}/{tail}")
    }

    pub(crate) async fn evidence(self, handle: &Handle) -> Answer {
        self.post(&self.videoid(handle, "evidences"), &all_images()).await
    }

    pub(crate) async fn video(self, handle: &Handle, content: &[u8]) -> Answer {
        let tail = if self.current() { "video" } else { "evidences/video" };
        self.post_form(&self.videoid(handle, tail), &[("video", Some("anna.mp4"), content)]).await
    }

    pub(crate) fn rao(self) -> Value {
        let rao = self.sandbox.ready()["rao"].clone();
        json!({"username": rao["username"], "password": rao["password"], "pin": rao["pin"], "rao": rao["rao_id"]})
    }

    pub(crate) async fn approve(self, handle: &Handle, body: &Value) -> Answer {
        let path = if self.current() { self.videoid(handle, "approve") } else { format!("/request/{}/approve", handle.request) };
        self.post(&path, body).await
    }

    pub(crate) async fn status(self, request: u64) -> String {
        self.good(self.get(&format!("/request/{request}")).await)["status"].as_str().expect("status").to_owned()
    }

    /// In VIDEOREVIEW, by the way of External VideoID.
    pub(crate) async fn in_review(self) -> Handle {
        let handle = self.create("122").await;
        self.good(self.evidence(&handle).await);
        self.good(self.video(&handle, &video()).await);
        assert_eq!(self.status(handle.request).await, "VIDEOREVIEW");
        handle
    }

    pub(crate) async fn approved(self) -> Handle {
        let handle = self.in_review().await;
        self.good(self.approve(&handle, &self.rao()).await);
        assert_eq!(self.status(handle.request).await, "ENROLLREADY");
        handle
    }

    pub(crate) async fn upload(self, request: u64, parts: &[Part<'_>]) -> Answer {
        self.post_form(&format!("/document/{request}"), parts).await
    }

    /// Uploads one document and gives its identifier.
    pub(crate) async fn upload_one(self, request: u64, name: &str, content: &[u8]) -> String {
        let data = self.good(self.upload(request, &[(name, Some("contract of anna.pdf"), content)]).await);
        let uid = if self.current() { &data["uid"] } else { &data };
        uid.as_str().expect("uid").to_owned()
    }

    pub(crate) async fn otp(self, request: u64) -> String {
        self.good(self.call(Method::POST, &format!("/otp/{request}"), &Value::Null).await);
        self.sandbox.one_shot_otp(request).expect("an OTP was sent")["otp"].as_str().expect("otp").to_owned()
    }

    pub(crate) async fn document(self, request: u64, uid: &str, kind: &str) -> Answer {
        let path = if self.current() {
            format!("/document/{request}/{uid}?document_type={kind}")
        } else {
            format!("/document/{request}/{kind}/{uid}")
        };
        self.get(&path).await
    }

    /// Signs one document with what `extra` adds to the call, and gives the signed one.
    pub(crate) async fn sign_one(self, name: &str, content: &[u8], extra: impl FnOnce(&str) -> Value) -> Vec<u8> {
        let handle = self.approved().await;
        let uid = self.upload_one(handle.request, name, content).await;
        let mut body = json!({"secret": self.otp(handle.request).await});
        for (key, value) in extra(&uid).as_object().expect("an object") {
            body[key] = value.clone();
        }
        assert_eq!(self.good(self.post(&format!("/sign/{}", handle.request), &body).await), "Documents correctly signed");
        let answer = self.document(handle.request, &uid, "signed").await;
        assert_eq!(answer.status, 200);
        answer.bytes
    }
}

/// A PDF of two pages with a cross-reference table.
pub(crate) fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 842] >>",
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> >>",
        "<< /Type /Page /Parent 2 0 R >>",
        "<< /Length 44 >>\nstream\nBT /F1 20 Tf 60 760 Td (To be signed) Tj ET \nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).into_bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    file.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).into_bytes());
    file
}

/// The same as a newer writer makes it: objects packed in a stream, and a packed cross-reference stream with prediction.
pub(crate) fn packed_pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 842] >>",
        "<< /Type /Page /Parent 2 0 R /Annots 6 0 R >>",
        "<< /Type /Page /Parent 2 0 R >>",
        "<< /Fields [] >>",
        "[]",
    ];
    let (mut header, mut content) = (String::new(), String::new());
    for (index, object) in objects.iter().enumerate() {
        header.extend([format!("{} {} ", index + 1, content.len())]);
        content.push_str(object);
        content.push('\n');
    }
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(format!("{header}{content}").as_bytes(), 6);
    let mut file = b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let stream = file.len();
    // The length of this stream is an object of its own.
    let head =
        format!("7 0 obj\n<< /Type /ObjStm /N {} /First {} /Filter /FlateDecode /Length 8 0 R >>\nstream\n", objects.len(), header.len());
    file.extend(head.into_bytes());
    file.extend(&packed);
    file.extend(b"\nendstream\nendobj\n");
    let length = file.len();
    file.extend(format!("8 0 obj\n{}\nendobj\n", packed.len()).into_bytes());
    let table = file.len();
    let mut rows: Vec<[u8; 5]> = vec![[0, 0, 0, 0, 0]];
    rows.extend((0..objects.len()).map(|index| [2, 0, 0, 7, index as u8]));
    for offset in [stream, length, table] {
        let [.., a, b, c] = offset.to_be_bytes();
        rows.push([1, a, b, c, 0]);
    }
    let mut predicted = Vec::new();
    let mut above = [0; 5];
    for row in &rows {
        predicted.push(2);
        predicted.extend(row.iter().zip(above).map(|(byte, up)| byte.wrapping_sub(up)));
        above = *row;
    }
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(&predicted, 6);
    let head = format!(
        "9 0 obj\n<< /Type /XRef /Size {} /Root 1 0 R /W [1 3 1] /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 5 >> /Length {} >>\nstream\n",
        rows.len(),
        packed.len()
    );
    file.extend(head.into_bytes());
    file.extend(&packed);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF\n").into_bytes());
    file
}

/// A PNG of one colour, half transparent.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("header");
    writer.write_image_data(&[200, 30, 30, 128].repeat((width * height) as usize)).expect("pixels");
    writer.finish().expect("end");
    file
}

/// A database of trusted certificates for `pdfsig`, which trusts the sandbox's authority or nobody.
pub(crate) struct Trust {
    folder: tempfile::TempDir,
}

fn run(command: &mut Command) -> String {
    let what = format!("{command:?}");
    let output = command.output().unwrap_or_else(|error| panic!("{what}: {error} (packages poppler-utils and libnss3-tools are needed)"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {text}");
    text
}

impl Trust {
    pub(crate) fn new(authority: Option<&str>) -> Self {
        let folder = tempfile::tempdir().expect("temp folder");
        let database = format!("sql:{}", folder.path().display());
        run(Command::new("certutil").args(["-N", "--empty-password", "-d", &database]));
        if let Some(pem) = authority {
            let file = folder.path().join("ca.pem");
            std::fs::write(&file, pem).expect("the certificate");
            run(Command::new("certutil").args(["-A", "-n", "sandbox", "-t", "CT,C,C", "-d", &database, "-i"]).arg(file));
        }
        Self { folder }
    }

    fn file(&self, pdf: &[u8]) -> PathBuf {
        let file = self.folder.path().join("document.pdf");
        std::fs::write(&file, pdf).expect("the document");
        file
    }

    /// What `pdfsig` says. It ends well even where a signature is wrong: its words count.
    pub(crate) fn pdfsig(&self, pdf: &[u8]) -> String {
        run(Command::new("pdfsig").arg("-nssdir").arg(format!("sql:{}", self.path().display())).arg(self.file(pdf)))
    }

    pub(crate) fn text(&self, pdf: &[u8]) -> String {
        run(Command::new("pdftotext").arg(self.file(pdf)).arg("-"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Whether there is any ink in a rectangle of a page: points from the bottom left corner of a page 842 points high.
    pub(crate) fn ink(&self, pdf: &[u8], page: usize, [left, bottom, right, top]: [u32; 4]) -> bool {
        let picture = self.path().join("page");
        let page = page.to_string();
        // 72 pixels for an inch: a pixel is a point.
        let size = [left, 842 - top, right - left, top - bottom].map(|number| number.to_string());
        run(Command::new("pdftoppm")
            .args([
                "-r",
                "72",
                "-gray",
                "-singlefile",
                "-f",
                &page,
                "-l",
                &page,
                "-x",
                &size[0],
                "-y",
                &size[1],
                "-W",
                &size[2],
                "-H",
                &size[3],
            ])
            .arg(self.file(pdf))
            .arg(&picture));
        let bytes = std::fs::read(picture.with_extension("pgm")).expect("the picture");
        let pixels = ((right - left) * (top - bottom)) as usize;
        bytes[bytes.len() - pixels..].iter().any(|grey| *grey < 200)
    }
}
