//! Each call of the RA API with its answers and its errors, over real HTTP.

mod support;

use hyper::Method;
use serde_json::{Value, json};
use support::{
    all_images, call, card, credentials, evidence_body, form1, get, in_review, jpeg, pending, post, post_video, put_evidence, request_body,
    send, start, status, video,
};

#[tokio::test]
async fn a_card_is_named_not_reserved() {
    let sandbox = start().await;
    let first = call(&sandbox, Method::GET, "/scratchcards/get_first_unused/", &json!({"ra": 121})).await.expect(200);
    assert_eq!(first["registration_authority"], 121);
    let secrets: Value = serde_json::from_str(first["secrets"].as_str().expect("JSON in a string")).expect("JSON");
    assert!(secrets["erc"].is_string() && secrets["enrollment_code"].is_string());
    let sn = card(&sandbox).await;
    assert_eq!(first["sn"], sn);
    post(&sandbox, "/requests/", &request_body(&sn)).await.expect(201);
    assert_ne!(card(&sandbox).await, sn);
    sandbox.patch_settings(&json!({"scratchcard_secrets": "object", "scratchcard_sn": "number"})).expect("settings");
    let answer = call(&sandbox, Method::GET, "/scratchcards/get_first_unused/", &json!({"ra": "121"})).await.expect(200);
    assert!(answer["secrets"]["erc"].is_string() && answer["sn"].is_u64());
}

#[tokio::test]
async fn scratchcard_errors() {
    let sandbox = start().await;
    let url = format!("{}/scratchcards/get_first_unused/", sandbox.ra_url());
    let broken = send(Method::GET, &url, "application/json", b"{\"ra\":\n 1\n x}".to_vec()).await.expect("answer").expect(400);
    assert_eq!(broken, json!({"detail": "JSON parse error - Expecting ',' delimiter: line 3 column 2 (char 11)"}));
    assert!(get(&sandbox, "/scratchcards/get_first_unused/").await.expect(400)["detail"].is_string());
    let unknown = call(&sandbox, Method::GET, "/scratchcards/get_first_unused/", &json!({"ra": "9"})).await.expect(500);
    form1(&unknown, "500", "RegistrationAuthority matching query does not exist.");
    sandbox.scratchcards(&json!({"exhaust": true})).expect("exhaust");
    for (setting, code) in [("not_found", 404), ("bad_request", 400), ("server_error", 500)] {
        sandbox.patch_settings(&json!({"no_card_answer": setting})).expect("settings");
        call(&sandbox, Method::GET, "/scratchcards/get_first_unused/", &json!({"ra": "121"})).await.expect(code);
    }
    sandbox.scratchcards(&json!({"count": 1})).expect("one more");
    card(&sandbox).await;
}

#[tokio::test]
async fn create_gives_the_flat_object() {
    let sandbox = start().await;
    let answer = post(&sandbox, "/requests/", &request_body(&card(&sandbox).await)).await.expect(201);
    assert!(answer.as_object().expect("object").len() >= 80);
    assert_eq!(answer["status"], "VIDEOPENDING");
    assert_eq!((&answer["videoid_mode"], &answer["paperless_mode"]), (&json!(true), &json!(false)));
    assert_eq!((&answer["validity_time"], &answer["organization_name"]), (&json!("1825"), &Value::Null));
    assert_eq!(answer["videoid_data"]["requests"], json!([answer["pk"]]));
    assert_ne!(answer["videoid_data"]["pk"], answer["pk"]);
    let mut classic = request_body(&card(&sandbox).await);
    classic["videoid_mode"] = Value::Null;
    classic["paperless_mode"] = json!(1);
    let answer = post(&sandbox, "/requests/", &classic).await.expect(201);
    assert_eq!((&answer["status"], &answer["videoid_data"]), (&json!("CREATED"), &Value::Null));
}

#[tokio::test]
async fn create_errors() {
    let sandbox = start().await;
    let sn = card(&sandbox).await;
    let with = |name: &str, value: Value| {
        let mut body = request_body(&sn);
        body[name] = value;
        body
    };
    for missing in ["profile", "scratchcard", "registration_authority", "email"] {
        let answer = post(&sandbox, "/requests/", &with(missing, Value::Null)).await.expect(400);
        assert!(answer["detail"].as_str().expect("detail").ends_with(missing), "{answer}");
    }
    form1(&post(&sandbox, "/requests/", &with("scratchcard", json!("77"))).await.expect(500), "500", "Invalid ScratchCard");
    let unknown = post(&sandbox, "/requests/", &with("registration_authority", json!(9))).await.expect(500);
    form1(&unknown, "500", "RegistrationAuthority matching query does not exist.");
    let text = post(&sandbox, "/requests/", &with("registration_authority", json!("x"))).await.expect(500);
    form1(&text, "500", "invalid literal for int() with base 10: 'x'");
    let phone = post(&sandbox, "/requests/", &with("mobile_phone_number", json!("600000000"))).await.expect(412);
    form1(&phone, "415", "Invalid request fields: mobile_phone_number");
    post(&sandbox, "/requests/", &json!([])).await.expect(400);
    // None of these used the card up.
    post(&sandbox, "/requests/", &request_body(&sn)).await.expect(201);
    form1(&post(&sandbox, "/requests/", &request_body(&sn)).await.expect(500), "500", "Invalid ScratchCard");
    let url = format!("{}/requests/", sandbox.ra_url());
    assert_eq!(send(Method::POST, &url, "text/csv", b"a".to_vec()).await.expect("answer").status, 415);
}

#[tokio::test]
async fn unknown_requests_and_paths() {
    let sandbox = start().await;
    for id in ["1", "x", "99999999999999999999"] {
        form1(&get(&sandbox, &format!("/requests/{id}/")).await.expect(404), "400", "Request not found");
    }
    let page = get(&sandbox, "/nope/").await;
    assert_eq!(page.status, 404);
    assert!(page.bytes.starts_with(b"<!doctype html>"));
    let wrong = call(&sandbox, Method::PATCH, "/requests/", &Value::Null).await.expect(405);
    assert_eq!(wrong, json!({"detail": "Method \"PATCH\" not allowed."}));
}

#[tokio::test]
async fn slashes_follow_the_settings() {
    let sandbox = start().await;
    assert_eq!(get(&sandbox, "/requests?page=1").await.status, 200);
    sandbox.patch_settings(&json!({"missing_slash_get": "redirect", "missing_slash_other": "not_found"})).expect("settings");
    let moved = get(&sandbox, "/requests?page=1").await;
    assert_eq!(moved.status, 301);
    assert_eq!(moved.headers["location"], format!("{}/requests/?page=1", sandbox.ra_url()));
    let lost = post(&sandbox, "/requests", &json!({})).await;
    assert!(lost.status == 404 && lost.bytes.starts_with(b"<!doctype html>"));
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let sandbox = start().await;
    for index in 0..12 {
        let mut body = request_body(&card(&sandbox).await);
        body["surname_2"] = json!(format!("S {index}"));
        post(&sandbox, "/requests/", &body).await.expect(201);
    }
    let first = get(&sandbox, "/requests/?given_name=ANNA+MARIA&unknown=x").await.expect(200);
    assert_eq!((first["count"].as_u64(), first["results"].as_array().map(Vec::len)), (Some(12), Some(10)));
    assert_eq!(first["next"], "https://internal.example.invalid:13035/api/v1/requests/?given_name=ANNA%20MARIA&page=2");
    sandbox.patch_settings(&json!({"next_link": "own", "list_numbers": "string"})).expect("settings");
    let second = get(&sandbox, "/requests/?page=2").await.expect(200);
    assert_eq!((&second["count"], &second["next"]), (&json!("12"), &json!("null")));
    assert_eq!(second["previous"], format!("{}/requests/?page=1", sandbox.ra_url()));
    assert_eq!(second["results"].as_array().map(Vec::len), Some(2));
    assert_eq!(get(&sandbox, "/requests/?page=3").await.expect(404), json!({"detail": "Invalid page."}));
    let one = get(&sandbox, "/requests/?surname_2=S%207&registration_authority=121").await.expect(200);
    assert_eq!(one["results"][0]["surname_2"], "S 7");
    assert_eq!(get(&sandbox, "/requests/?email=b%40example.com").await.expect(200)["results"], json!([]));
}

#[tokio::test]
async fn cancelling() {
    let sandbox = start().await;
    let (pk, _) = pending(&sandbox).await;
    let path = format!("/requests/{pk}/cancel/");
    assert_eq!(call(&sandbox, Method::DELETE, &path, &Value::Null).await.expect(200), json!({"status": "Request cancelled"}));
    form1(&call(&sandbox, Method::DELETE, &path, &Value::Null).await.expect(412), "412", "Invalid request status");
    let (pk, _) = pending(&sandbox).await;
    call(&sandbox, Method::PUT, &format!("/requests/{pk}/cancel/"), &Value::Null).await.expect(200);
    assert_eq!(status(&sandbox, pk).await, "CANCELLED");
    form1(&put_evidence(&sandbox, pk, &all_images()).await.expect(412), "412", "Invalid request status");
}

#[tokio::test]
async fn evidence_and_video_in_either_order() {
    let sandbox = start().await;
    let (pk, identifier) = pending(&sandbox).await;
    let plain = identifier.replace('-', "");
    assert_eq!(post_video(&sandbox, &plain, &video()).await.expect(200), json!({"status": "200 OK"}));
    assert_eq!(status(&sandbox, pk).await, "VIDEOINCOMPLETE");
    assert_eq!(put_evidence(&sandbox, pk, &all_images()).await.expect(200), json!({"status": "200 OK"}));
    let request = get(&sandbox, &format!("/requests/{pk}/")).await.expect(200);
    assert_eq!(request["status"], "VIDEOREVIEW");
    let back = &request["videoid_data"];
    assert_eq!(back["data"]["security_checks"], json!([["OTP validation", true], ["Data integrity", false], ["Liveliness", true]]));
    assert_eq!((&back["data"]["similarity_level"], &back["video_identifier"]), (&json!("High"), &json!(identifier)));
    assert_eq!(back["acceptance"]["date"], 1_622_823_879_708_u64);
    assert_eq!(back["data"]["images"]["document_rear"], base64_simd::STANDARD.encode_to_string(jpeg(0)));
    let download = get(&sandbox, &format!("/download/video/{identifier}/")).await;
    assert_eq!((download.status, &download.headers["content-type"]), (200, &"video/mp4".parse().expect("header")));
    assert!(download.bytes == video());
    // With all there, nothing more is taken.
    assert_eq!(put_evidence(&sandbox, pk, &all_images()).await.status, 412);
    assert_eq!(post_video(&sandbox, &identifier, &video()).await.status, 400);
    sandbox.patch_settings(&json!({"partial_status": "VIDEOPENDING"})).expect("settings");
    let (pk, _) = pending(&sandbox).await;
    put_evidence(&sandbox, pk, &all_images()).await.expect(200);
    assert_eq!(status(&sandbox, pk).await, "VIDEOPENDING");
}

#[tokio::test]
async fn the_video_pk_is_what_the_setting_says() {
    let sandbox = start().await;
    let (pk, _) = pending(&sandbox).await;
    let videoid_pk = sandbox.request(pk, false).expect("request")["videoid_pk"].as_u64().expect("pk");
    form1(&put_evidence(&sandbox, videoid_pk, &all_images()).await.expect(404), "400", "Request not found");
    sandbox.patch_settings(&json!({"video_pk_is": "videoid_pk"})).expect("settings");
    form1(&put_evidence(&sandbox, pk, &all_images()).await.expect(404), "400", "Request not found");
    put_evidence(&sandbox, videoid_pk, &all_images()).await.expect(200);
}

#[tokio::test]
async fn wrong_evidence_is_refused() {
    let sandbox = start().await;
    let (pk, _) = pending(&sandbox).await;
    let whole = jpeg(0);
    let refused = async |image: &[u8], expected: &str| {
        let answer = put_evidence(&sandbox, pk, &evidence_body(&[("document_front", image)], "IDC")).await.expect(500);
        form1(&answer, "500", expected);
    };
    refused(&whole[..whole.len() / 2], "Invalid content_type: JPEG image is cut short (document_front)").await;
    refused(b"", "Invalid content_type: Empty image (document_front)").await;
    refused(b"%PDF-1.4", "Invalid content_type: Not a JPEG or PNG image (document_front)").await;
    let mut prefixed = all_images();
    prefixed["videoid_data"]["images"]["document_owner"] = json!("data:image/jpeg;base64,/9j/");
    form1(&put_evidence(&sandbox, pk, &prefixed).await.expect(500), "500", "Incorrect padding (document_owner)");
    let mut level = all_images();
    level["videoid_data"]["similarity_level"] = json!(101);
    form1(&put_evidence(&sandbox, pk, &level).await.expect(500), "500", "Invalid similarity_level");
    let mut missing = all_images();
    missing.as_object_mut().expect("object").remove("acceptance");
    assert_eq!(put_evidence(&sandbox, pk, &missing).await.expect(400), json!({"detail": "Missing required fields: acceptance"}));
    let url = format!("{}/videoid/{pk}", sandbox.ra_url());
    let broken = send(Method::PUT, &url, "application/json", b"{\"videoid_data\": ES}".to_vec()).await.expect("answer").expect(400);
    assert_eq!(broken, json!({"detail": "JSON parse error - Expecting value: line 1 column 18 (char 17)"}));
    assert_eq!(status(&sandbox, pk).await, "VIDEOPENDING");
    sandbox.patch_settings(&json!({"bad_upload_status": "VIDEOERROR"})).expect("settings");
    assert_eq!(put_evidence(&sandbox, pk, &level).await.status, 500);
    assert_eq!(status(&sandbox, pk).await, "VIDEOERROR");
    put_evidence(&sandbox, pk, &all_images()).await.expect(200);
}

#[tokio::test]
async fn wrong_videos_are_refused() {
    let sandbox = start().await;
    let (_, identifier) = pending(&sandbox).await;
    let error = |text: &str| json!({"title": "Upload Video Error", "description": text});
    let url = format!("{}/v1/upload/video/{identifier}/", sandbox.upload_url());
    for (kind, body) in
        [support::multipart("other", Some("a.mp4"), &video()), support::multipart("video", None, b"x"), (String::new(), vec![])]
    {
        let answer = send(Method::POST, &url, &kind, body).await.expect("answer").expect(400);
        assert_eq!(answer, error("No video file provided"));
    }
    let whole = video();
    for (content, text) in [
        (&whole[..whole.len() - 9], "The video is cut short"),
        (&b"RIFF\0\0\0\0AVI LIST"[..], "The file is not an MP4 video"),
        (b"", "The submitted file is empty"),
    ] {
        assert_eq!(post_video(&sandbox, &identifier, content).await.expect(400), error(text));
    }
    let (kind, mut body) = support::multipart("video", Some("a.mp4"), &whole);
    body.truncate(body.len() - 12);
    let cut = send(Method::POST, &url, &kind, body).await.expect("answer").expect(400);
    assert_eq!(cut, error("The upload is not valid multipart data"));
    post_video(&sandbox, "00000000-0000-4000-8000-000000000000", &whole).await.expect(404);
    assert_eq!(get(&sandbox, &format!("/download/video/{identifier}/")).await.status, 404);
}

#[tokio::test]
async fn validation_in_two_steps_and_in_one() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    let path = format!("/requests/{pk}/validate_videoid/");
    let answer = post(&sandbox, &path, &credentials(&sandbox)).await.expect(200);
    assert_eq!((&answer["request"]["status"], &answer["request"]["videoid_data"]["status"]), (&json!("CREATED"), &json!("VALIDATED")));
    assert!(answer["secrets"]["pin"].is_string() && answer["request"]["videoid_data"]["data"]["images"]["document_owner"].is_string());
    form1(&post(&sandbox, &path, &credentials(&sandbox)).await.expect(412), "412", "Invalid request status");
    sandbox.patch_settings(&json!({"validation_steps": 1})).expect("settings");
    let (pk, _) = in_review(&sandbox).await;
    let answer = post(&sandbox, &format!("/requests/{pk}/validate_videoid/"), &credentials(&sandbox)).await.expect(200);
    assert_eq!(answer["request"]["status"], "ENROLLREADY");
    let (pk, _) = pending(&sandbox).await;
    assert_eq!(post(&sandbox, &format!("/requests/{pk}/validate_videoid/"), &credentials(&sandbox)).await.status, 412);
}

#[tokio::test]
async fn wrong_officers_are_refused() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    for (name, value) in [("username", "1"), ("password", "x"), ("pin", "x"), ("rao_id", "1")] {
        let mut wrong = credentials(&sandbox);
        wrong[name] = json!(value);
        for action in ["validate_videoid", "refuse_videoid", "pl_approve"] {
            let answer = post(&sandbox, &format!("/requests/{pk}/{action}/"), &wrong).await.expect(500);
            form1(&answer, "500", "Rao matching query does not exist.");
        }
    }
    sandbox.patch_settings(&json!({"rao_error": "permission_denied"})).expect("settings");
    let mut wrong = credentials(&sandbox);
    wrong["pin"] = json!("x");
    let answer = post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &wrong).await.expect(403);
    assert_eq!(answer, json!({"detail": "You do not have permission to perform this action."}));
    let answer = post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &json!({"username": "x"})).await.expect(400);
    assert_eq!(answer, json!({"detail": "Missing required fields: password, pin, rao_id"}));
}

#[tokio::test]
async fn refusal_ends_it() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    let path = format!("/requests/{pk}/refuse_videoid/");
    let mut body = credentials(&sandbox);
    for reason in [Value::Null, json!("")] {
        body["reason"] = reason;
        assert_eq!(post(&sandbox, &path, &body).await.expect(400), json!({"detail": "No reason specified"}));
    }
    body["reason"] = json!("blurred");
    assert_eq!(post(&sandbox, &path, &body).await.expect(200), json!({"videoid_status": "REFUSED", "reason": "blurred"}));
    let request = get(&sandbox, &format!("/requests/{pk}/")).await.expect(200);
    assert_eq!((&request["status"], &request["videoid_data"]["refusal_reason"]), (&json!("VIDEOREVIEW"), &json!("blurred")));
    for action in ["validate_videoid", "refuse_videoid", "pl_approve"] {
        assert_eq!(post(&sandbox, &format!("/requests/{pk}/{action}/"), &body).await.status, 412, "{action}");
    }
}

#[tokio::test]
async fn approval_needs_documents_and_status() {
    let sandbox = start().await;
    let approve = async |pk: u64| post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await;
    let image = jpeg(0);
    let front_and_owner: [(&str, &[u8]); 2] = [("document_front", &image), ("document_owner", &image)];
    for (kind, expected) in [("IDC", 400), ("PAS", 200)] {
        let (pk, identifier) = pending(&sandbox).await;
        assert_eq!(approve(pk).await.status, 412);
        put_evidence(&sandbox, pk, &evidence_body(&front_and_owner, kind)).await.expect(200);
        post_video(&sandbox, &identifier, &video()).await.expect(200);
        post(&sandbox, &format!("/requests/{pk}/validate_videoid/"), &credentials(&sandbox)).await.expect(200);
        let answer = approve(pk).await.expect(expected);
        if expected == 400 {
            assert_eq!(answer, json!({"error": "Missing required docs"}));
        } else {
            assert_eq!(answer["request"]["status"], "ENROLLREADY");
            assert_eq!(answer["secrets"].as_object().map(serde_json::Map::len), Some(4));
            assert_eq!(approve(pk).await.status, 412);
        }
    }
}

#[tokio::test]
async fn documents() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    let path = format!("/requests/{pk}/pl_get_document/");
    let front = post(&sandbox, &path, &json!({"type": "document_front", "rao_id": "1400"})).await.expect(200);
    let text = front[0]["document"].as_str().expect("Base64");
    assert!(text.lines().all(|line| line.len() <= 76) && text.ends_with('\n'));
    let decoded = base64_simd::STANDARD.decode_to_vec(text.replace('\n', "")).expect("Base64");
    assert!(decoded == jpeg(0));
    // The declared form of the call is multipart, the practised one JSON.
    let form = b"--edge\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ncontract\r\n--edge--\r\n".to_vec();
    let url = format!("{}{path}", sandbox.ra_url());
    let contract = send(Method::POST, &url, "multipart/form-data; boundary=edge", form).await.expect("answer").expect(200);
    let pdf = contract[0]["document"].as_str().expect("Base64").replace('\n', "");
    let pdf = String::from_utf8(base64_simd::STANDARD.decode_to_vec(pdf).expect("Base64")).expect("ASCII");
    assert!(pdf.starts_with("%PDF-1.4\n") && pdf.contains(&format!("(Request: {pk}) Tj")));
    let raw = post(&sandbox, &format!("/requests/{pk}/generate_document/"), &json!({"doctype": "contract"})).await.expect(200);
    assert_eq!(raw["document"], pdf);
    sandbox.patch_settings(&json!({"document_shape": "object"})).expect("settings");
    assert_eq!(post(&sandbox, &path, &json!({"type": "contract"})).await.expect(200)["type"], "contract");
    form1(&post(&sandbox, &path, &json!({"type": "signed_contract"})).await.expect(404), "400", "Document not found");
    form1(&post(&sandbox, &path, &json!({"type": "nonsense"})).await.expect(412), "418", "Invalid paramiters");
    post(&sandbox, &path, &json!({})).await.expect(400);
    let declaration = format!("/requests/{pk}/generates_tbs_receipt/");
    let receipt = post(&sandbox, &declaration, &json!({"rao": 1400, "type": "APPROVE"})).await.expect(200);
    assert_eq!(receipt["serial_number"], "L898902C3");
    assert!(receipt["receipt"].as_str().is_some_and(|text| text.contains("\r\n") && text.contains(&pk.to_string())));
    post(&sandbox, &declaration, &json!({"rao": "1", "type": "APPROVE"})).await.expect(500);
    post(&sandbox, &declaration, &json!({"rao": "1400", "type": "X"})).await.expect(412);
}

#[tokio::test]
async fn the_link_comes_after_approval() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    let path = format!("/requests/{pk}/preauthlink/");
    post(&sandbox, &path, &Value::Null).await.expect(403);
    sandbox.set_status(pk, "ENROLLREADY").expect("status");
    let first = post(&sandbox, &path, &Value::Null).await.expect(200);
    assert!(first["preauthenticatedlink"].as_str().is_some_and(|link| link.starts_with("https://")));
    assert_eq!(post(&sandbox, &path, &Value::Null).await.expect(200), first);
    sandbox.patch_settings(&json!({"preauth_second_call": "new"})).expect("settings");
    assert_ne!(post(&sandbox, &path, &Value::Null).await.expect(200), first);
    sandbox.patch_settings(&json!({"preauth_second_call": "refused"})).expect("settings");
    post(&sandbox, &path, &Value::Null).await.expect(403);
}
