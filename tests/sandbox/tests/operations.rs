//! Scratchcards, updates, documents, contact data, renewal and unlocking, over real HTTP.

mod support;

use hyper::Method;
use serde_json::{Value, json};
use support::{
    PDF, call, card, classic, credentials, form1, get, in_review, jpeg, pending, post, post_video, put_evidence, request_body, send,
    send_form, start, status, upload, video,
};
use videoid_sandbox::Sandbox;

async fn put(sandbox: &Sandbox, path: &str, body: &Value) -> support::Answer {
    call(sandbox, Method::PUT, path, body).await
}

#[tokio::test]
async fn scratchcards_are_listed_found_and_looked_up() {
    let sandbox = start().await;
    let first = get(&sandbox, "/scratchcards/?registration_authority=121").await.expect(200);
    assert_eq!((&first["count"], first["results"].as_array().map(Vec::len)), (&json!(100), Some(10)));
    assert_eq!(first["next"], "https://internal.example.invalid:13035/api/v1/scratchcards/?registration_authority=121&page=2");
    assert!(first["results"][0]["secrets"].as_str().is_some_and(|secrets| secrets.contains("enrollment_code")));
    sandbox.patch_settings(&json!({"next_link": "own", "list_numbers": "string"})).expect("settings");
    let last = get(&sandbox, "/scratchcards/?page=10").await.expect(200);
    assert_eq!((&last["count"], &last["next"]), (&json!("100"), &json!("null")));
    assert_eq!(last["previous"], format!("{}/scratchcards/?page=9", sandbox.ra_url()));
    assert_eq!(get(&sandbox, "/scratchcards/?page=11").await.expect(404), json!({"detail": "Invalid page."}));
    assert_eq!(get(&sandbox, "/scratchcards/?registration_authority=9").await.expect(200)["results"], json!([]));
    let sn = last["results"][3]["sn"].as_str().expect("sn").to_owned();
    let found = get(&sandbox, &format!("/scratchcards/?sn={sn}")).await.expect(200);
    assert_eq!((&found["count"], &found["results"][0]), (&json!("1"), &last["results"][3]));
    let pk = found["results"][0]["pk"].as_u64().expect("pk");
    assert_eq!(get(&sandbox, &format!("/scratchcards/{pk}/")).await.expect(200), last["results"][3]);
    for id in ["1", "x"] {
        form1(&get(&sandbox, &format!("/scratchcards/{id}/")).await.expect(404), "400", "ScratchCard not found");
    }
}

#[tokio::test]
async fn whether_a_card_was_used_is_plain_text() {
    let sandbox = start().await;
    let sn = card(&sandbox).await;
    let ask = async || post(&sandbox, "/scratchcards/isused/", &json!({"sn": sn})).await;
    let answer = ask().await;
    assert_eq!((answer.status, &answer.bytes[..]), (200, &b"false"[..]));
    assert!(answer.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/plain")));
    post(&sandbox, "/requests/", &request_body(&sn)).await.expect(201);
    assert_eq!(ask().await.bytes, b"true");
    sandbox.patch_settings(&json!({"isused_answer": "capital"})).expect("settings");
    assert_eq!(ask().await.bytes, b"True");
    sandbox.patch_settings(&json!({"isused_answer": "json"})).expect("settings");
    assert_eq!(ask().await.expect(200), json!(true));
    let missing = post(&sandbox, "/scratchcards/isused/", &json!({})).await.expect(400);
    assert_eq!(missing, json!({"detail": "Missing required fields: sn"}));
    form1(&post(&sandbox, "/scratchcards/isused/", &json!({"sn": "7"})).await.expect(500), "500", "Invalid ScratchCard");
}

fn update_body(sn: &Value) -> Value {
    json!({"profile": "PFnubeQAFCiudadano", "scratchcard": sn, "registration_authority": "121", "email": "anna@example.com", "country_name": "UT"})
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let sandbox = start().await;
    let pk = classic(&sandbox).await;
    let path = format!("/requests/{pk}/");
    let sn = get(&sandbox, &path).await.expect(200)["scratchcard"].clone();
    let mut body = update_body(&sn);
    body["organization_name"] = json!("UTOPIA");
    body["validity_time"] = json!(365);
    let answer = put(&sandbox, &path, &body).await.expect(200);
    assert_eq!((&answer["organization_name"], &answer["validity_time"]), (&json!("UTOPIA"), &json!("365")));
    assert_eq!((&answer["status"], &answer["surname_1"], &answer["paperless_mode"]), (&json!("CREATED"), &json!("ERIKSSON"), &json!(true)));
    for name in ["profile", "scratchcard", "registration_authority", "email", "country_name"] {
        let mut wrong = update_body(&sn);
        wrong[name] = Value::Null;
        assert_eq!(put(&sandbox, &path, &wrong).await.expect(400), json!({"detail": format!("Missing required fields: {name}")}));
    }
    sandbox.patch_settings(&json!({"update_requires": "none"})).expect("settings");
    put(&sandbox, &path, &json!({"title": "Engineer"})).await.expect(200);
    let with = |name: &str, value: Value| {
        let mut body = update_body(&sn);
        body[name] = value;
        body
    };
    form1(&put(&sandbox, &path, &with("scratchcard", json!("1"))).await.expect(500), "500", "Invalid ScratchCard");
    let unknown = put(&sandbox, &path, &with("registration_authority", json!("9"))).await.expect(500);
    form1(&unknown, "500", "RegistrationAuthority matching query does not exist.");
    let text = put(&sandbox, &path, &with("registration_authority", json!("x"))).await.expect(500);
    form1(&text, "500", "invalid literal for int() with base 10: 'x'");
    let phone = put(&sandbox, &path, &with("mobile_phone_number", json!("600000000"))).await.expect(412);
    form1(&phone, "415", "Invalid request fields: mobile_phone_number");
    form1(&put(&sandbox, &path, &with("email", json!("anna"))).await.expect(412), "415", "Invalid request fields: email");
    assert_eq!(put(&sandbox, &path, &json!([])).await.status, 400);
    form1(&put(&sandbox, "/requests/1/", &body).await.expect(404), "400", "Request not found");
    for settled in ["ENROLLREADY", "ISSUED", "CANCELLED"] {
        sandbox.set_status(pk, settled).expect("status");
        form1(&put(&sandbox, &path, &body).await.expect(412), "412", "Invalid request status");
    }
}

#[tokio::test]
async fn what_the_video_showed_stays() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    let path = format!("/requests/{pk}/");
    let mut body = update_body(&get(&sandbox, &path).await.expect(200)["scratchcard"]);
    body["given_name"] = json!("BERTA");
    body["title"] = json!("Engineer");
    let refused = put(&sandbox, &path, &body).await.expect(412);
    form1(&refused, "415", "Invalid request fields: given_name");
    sandbox.patch_settings(&json!({"update_video_fields": "ignored"})).expect("settings");
    let answer = put(&sandbox, &path, &body).await.expect(200);
    assert_eq!((&answer["given_name"], &answer["title"]), (&json!("ANNA MARIA"), &json!("Engineer")));
    // The document's type was only in the video: it is the request's now.
    assert_eq!(answer["id_document_type"], "IDC");
    sandbox.patch_settings(&json!({"update_in_review": false})).expect("settings");
    form1(&put(&sandbox, &path, &body).await.expect(412), "412", "Invalid request status");
}

#[tokio::test]
async fn the_check_lists_what_is_missing() {
    let sandbox = start().await;
    let mut body = request_body(&card(&sandbox).await);
    body["mobile_phone_number"] = Value::Null;
    body["serial_number"] = Value::Null;
    body["secure_element"] = json!(2);
    let pk = post(&sandbox, "/requests/", &body).await.expect(201)["pk"].as_u64().expect("pk");
    let path = format!("/requests/{pk}/validate/");
    let pairs = get(&sandbox, &path).await.expect(200);
    let expected = ["id_document_type", "id_document_country", "serial_number", "mobile_phone_number"].map(|name| json!([name, "missing"]));
    assert_eq!(pairs, json!(expected));
    let mut update = update_body(&body["scratchcard"]);
    for (name, value) in [
        ("id_document_type", "IDC"),
        ("id_document_country", "UT"),
        ("serial_number", "L898902C3"),
        ("mobile_phone_number", "+34600000000"),
    ] {
        update[name] = json!(value);
    }
    put(&sandbox, &format!("/requests/{pk}/"), &update).await.expect(200);
    assert_eq!(get(&sandbox, &path).await.expect(200), json!([]));
    sandbox.patch_settings(&json!({"phone_check": "never"})).expect("settings");
    update["mobile_phone_number"] = json!("600000000");
    put(&sandbox, &format!("/requests/{pk}/"), &update).await.expect(200);
    assert_eq!(get(&sandbox, &path).await.expect(200), json!([["mobile_phone_number", "invalid"]]));
    form1(&get(&sandbox, "/requests/1/validate/").await.expect(404), "400", "Request not found");
}

#[tokio::test]
async fn documents_are_uploaded_listed_read_and_deleted() {
    let sandbox = start().await;
    let pk = classic(&sandbox).await;
    let picture = jpeg(5000);
    let first = upload(&sandbox, pk, "document_front", &jpeg(0)).await.expect(201);
    assert_eq!(first, json!({"pk": 48312, "type": "document_front"}));
    upload(&sandbox, pk, "document_front", &picture).await.expect(201);
    let path = format!("/requests/{pk}/pl_upload_document/");
    let pdf = send_form(&sandbox, Method::POST, &path, &[("type", "extra_document")], Some(("application/pdf", PDF))).await.expect(201);
    let listed = get(&sandbox, &format!("/requests/{pk}/pl_get_documents/")).await.expect(200);
    let types: Vec<&Value> = listed.as_array().expect("array").iter().map(|item| &item["type"]).collect();
    assert_eq!(types, ["document_front", "document_front", "extra_document"]);
    let decode = |text: &Value| base64_simd::STANDARD.decode_to_vec(text.as_str().expect("Base64").replace('\n', "")).expect("Base64");
    assert!(decode(&listed[2]["document"]) == PDF && decode(&listed[1]["document"]) == picture);
    // The last of its type is served.
    let read =
        async |kind: &str| post(&sandbox, &format!("/requests/{pk}/pl_get_document/"), &json!({"type": kind, "rao_id": "1400"})).await;
    assert!(decode(&read("document_front").await.expect(200)[0]["document"]) == picture);
    assert!(decode(&read("extra_document").await.expect(200)[0]["document"]) == PDF);
    sandbox.patch_settings(&json!({"list_documents_content": false})).expect("settings");
    let short = get(&sandbox, &format!("/requests/{pk}/pl_get_documents/")).await.expect(200);
    assert_eq!(short[2], json!({"pk": pdf["pk"], "document": null, "type": "extra_document"}));
    let path = format!("/requests/{pk}/pl_delete_document/");
    let docpk = pdf["pk"].to_string();
    send_form(&sandbox, Method::POST, &path, &[("docpk", docpk.as_str())], None).await.expect(200);
    let gone = send_form(&sandbox, Method::POST, &path, &[("docpk", docpk.as_str())], None).await.expect(404);
    assert_eq!(gone, json!({"error": format!("No documents found with id {docpk}")}));
    form1(&send_form(&sandbox, Method::POST, &path, &[], None).await.expect(412), "418", "Invalid paramiters");
    form1(&read("extra_document").await.expect(404), "400", "Document not found");
    assert_eq!(sandbox.request(pk, false).expect("request")["documents"].as_array().map(Vec::len), Some(2));
    // What is recorded names no person.
    let recorded = sandbox.received(false).to_string();
    assert!(!recorded.contains("anna.bin") && recorded.contains("extra_document"));
}

#[tokio::test]
async fn wrong_documents_are_refused() {
    let sandbox = start().await;
    let pk = classic(&sandbox).await;
    let path = format!("/requests/{pk}/pl_upload_document/");
    let front = [("type", "document_front")];
    let picture = jpeg(0);
    for (kind, content) in [
        ("", &picture[..]),
        ("application/pdf", &picture),
        ("image/png", &picture),
        ("image/jpeg", &picture[..picture.len() / 2]),
        ("image/jpeg", b""),
        ("application/pdf", &PDF[..20]),
        ("text/plain", b"hello"),
    ] {
        let answer = send_form(&sandbox, Method::POST, &path, &front, Some((kind, content))).await.expect(500);
        form1(&answer, "500", "Invalid content_type");
    }
    for (fields, document) in [
        (&front[..], None),
        (&[][..], Some(("image/jpeg", &picture[..]))),
        (&[("type", "contract")][..], Some(("image/jpeg", &picture[..]))),
    ] {
        let answer = send_form(&sandbox, Method::POST, &path, fields, document).await.expect(412);
        form1(&answer, "418", "Invalid paramiters");
    }
    let url = format!("{}{path}", sandbox.ra_url());
    assert_eq!(send(Method::POST, &url, "application/json", b"{}".to_vec()).await.expect("answer").status, 415);
    let (kind, mut cut) = support::form(&front, Some(("image/jpeg", &picture)));
    cut.truncate(cut.len() - 20);
    assert_eq!(send(Method::POST, &url, &kind, cut).await.expect("answer").status, 400);
    form1(&upload(&sandbox, 1, "document_front", &picture).await.expect(404), "400", "Request not found");
    sandbox.patch_settings(&json!({"document_content_types": "images"})).expect("settings");
    let pdf = send_form(&sandbox, Method::POST, &path, &front, Some(("application/pdf", PDF))).await.expect(500);
    form1(&pdf, "500", "Invalid content_type");
    sandbox.patch_settings(&json!({"image_limit_bytes": picture.len() - 1})).expect("settings");
    assert_eq!(upload(&sandbox, pk, "document_front", &picture).await.status, 413);
    sandbox.patch_settings(&json!({"image_limit_bytes": null})).expect("settings");
    sandbox.set_status(pk, "ENROLLREADY").expect("status");
    form1(&upload(&sandbox, pk, "document_front", &picture).await.expect(412), "412", "Invalid request status");
    assert_eq!(sandbox.request(pk, false).expect("request")["documents"], json!([]));
}

#[tokio::test]
async fn a_classic_request_needs_its_documents() {
    let sandbox = start().await;
    let pk = classic(&sandbox).await;
    let approve = async || post(&sandbox, &format!("/requests/{pk}/pl_approve/"), &credentials(&sandbox)).await;
    for name in ["document_front", "document_rear", "document_owner"] {
        assert_eq!(approve().await.expect(400), json!({"error": "Missing required docs"}));
        upload(&sandbox, pk, name, &jpeg(0)).await.expect(201);
    }
    sandbox.patch_settings(&json!({"approve_checks_fields": true})).expect("settings");
    let fields = approve().await.expect(412);
    form1(&fields, "415", "Invalid request fields: secure_element, id_document_type, id_document_country");
    sandbox.patch_settings(&json!({"approve_checks_fields": false})).expect("settings");
    assert_eq!(approve().await.expect(200)["request"]["status"], "ENROLLREADY");
    form1(&post(&sandbox, "/requests/1/pl_approve/", &credentials(&sandbox)).await.expect(404), "400", "");
    sandbox.user(pk, "enrol").expect("enrolled");
    assert_eq!(status(&sandbox, pk).await, "ISSUED");
    let signed = post(&sandbox, &format!("/requests/{pk}/pl_get_document/"), &json!({"type": "signed_contract"})).await.expect(200);
    assert_eq!(signed[0]["type"], "signed_contract");
}

#[tokio::test]
async fn contact_data_may_be_in_use() {
    let sandbox = start().await;
    let path = "/requests/check_contact_data_limits/";
    let mut body =
        json!({"registration_authority": 121, "serial_number": "X1", "email": "anna@example.com", "mobile_phone_number": "+34600000000"});
    let answer = post(&sandbox, path, &body).await.expect(200);
    assert_eq!((&answer["result"], &answer["registration_authority"]), (&json!("ok"), &json!(121)));
    sandbox.patch_settings(&json!({"contact_data": "by_state"})).expect("settings");
    assert_eq!(post(&sandbox, path, &body).await.expect(200)["result"], "ok");
    pending(&sandbox).await;
    assert_eq!(post(&sandbox, path, &body).await.expect(200)["result"], "ko");
    body["serial_number"] = json!("L898902C3");
    assert_eq!(post(&sandbox, path, &body).await.expect(200)["result"], "ok");
    sandbox.patch_settings(&json!({"contact_data": "ko"})).expect("settings");
    let ko = post(&sandbox, path, &body).await.expect(200);
    assert!(ko["result"] == "ko" && ko["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{ko}");
    body["registration_authority"] = json!(9);
    form1(&post(&sandbox, path, &body).await.expect(500), "500", "RegistrationAuthority matching query does not exist.");
    body["registration_authority"] = Value::Null;
    assert_eq!(post(&sandbox, path, &body).await.expect(400), json!({"detail": "Missing required fields: registration_authority"}));
}

/// An issued request: its pk, and what `is_renewable` wants to know.
async fn issued(sandbox: &Sandbox) -> (u64, Value) {
    let sn = card(sandbox).await;
    let answer = post(sandbox, "/requests/", &request_body(&sn)).await.expect(201);
    let pk = answer["pk"].as_u64().expect("pk");
    sandbox.set_status(pk, "ENROLLREADY").expect("status");
    sandbox.user(pk, "enrol").expect("enrolled");
    let card = get(sandbox, &format!("/scratchcards/?sn={sn}")).await.expect(200)["results"][0]["secrets"].clone();
    let secrets: Value = serde_json::from_str(card.as_str().expect("text")).expect("JSON");
    (pk, json!({"scratchcard": sn, "erc": secrets["erc"], "enrollment_code": secrets["enrollment_code"]}))
}

#[tokio::test]
async fn renewal_is_switched_and_refused_by_code() {
    let sandbox = start().await;
    let (pk, card) = issued(&sandbox).await;
    let ask = async || post(&sandbox, "/requests/is_renewable/", &card).await;
    let read = async || get(&sandbox, &format!("/requests/{pk}/renewal_status/")).await.expect(200);
    assert!(ask().await.expect(200)["status"].is_string());
    assert_eq!(read().await, json!({"request_is_renewable": true, "renewal_enabled": true, "reason": ""}));
    let off = post(&sandbox, &format!("/requests/{pk}/disable_renewal/"), &Value::Null).await.expect(200);
    assert_eq!(off, json!({"status": "Renewal disabled for request"}));
    form1(&ask().await.expect(412), "421", "Renewal disabled by rao");
    let state = read().await;
    assert_eq!((&state["request_is_renewable"], &state["renewal_enabled"]), (&json!(false), &json!(false)));
    let on = post(&sandbox, &format!("/requests/{pk}/enable_renewal/"), &Value::Null).await.expect(200);
    assert_eq!(on, json!({"status": "Renewal enabled for request"}));
    for code in 418..=427_u16 {
        sandbox.refuse_renewal(pk, Some(code)).expect("ordered");
        let answer = ask().await.expect(412);
        let expected = if code == 422 { json!(422) } else { json!(code.to_string()) };
        assert_eq!(answer["code"], expected);
        assert!(answer["error"].as_str().is_some_and(|text| !text.is_empty()));
    }
    assert!(sandbox.refuse_renewal(pk, Some(417)).is_err() && sandbox.refuse_renewal(1, None).is_err());
    sandbox.refuse_renewal(pk, None).expect("taken back");
    sandbox.patch_settings(&json!({"renewal_refusal": 424})).expect("settings");
    assert_eq!(ask().await.expect(412)["code"], "424");
    sandbox.patch_settings(&json!({"renewal_refusal": null, "is_renewable_answer": "empty"})).expect("settings");
    assert_eq!(ask().await.bytes, b"");
    sandbox.advance_clock(1826 * 86_400).expect("clock");
    assert_eq!(ask().await.expect(412)["code"], "420");
    for wrong in [json!({}), json!({"scratchcard": card["scratchcard"], "erc": "0"}), json!({"scratchcard": "1", "erc": card["erc"]})] {
        form1(&post(&sandbox, "/requests/is_renewable/", &wrong).await.expect(412), "418", "Invalid paramiters");
    }
    for action in ["enable_renewal", "disable_renewal"] {
        form1(&post(&sandbox, &format!("/requests/1/{action}/"), &Value::Null).await.expect(404), "400", "");
    }
    form1(&get(&sandbox, "/requests/1/renewal_status/").await.expect(404), "400", "Request not found");
    let (fresh, _) = pending(&sandbox).await;
    assert_eq!(get(&sandbox, &format!("/requests/{fresh}/renewal_status/")).await.expect(200)["reason"], "Renewal not available");
}

#[tokio::test]
async fn the_pin_is_unlocked_once() {
    let sandbox = start().await;
    let (pk, card) = issued(&sandbox).await;
    let path = format!("/requests/{pk}/unlock_pin/");
    let sent = post(&sandbox, &format!("/requests/{pk}/generate_otp_for_unlock/"), &Value::Null).await.expect(200);
    assert_eq!(sent, json!({"status": "success", "message": "OTP sent via SMS"}));
    let otp = sandbox.otp(pk).expect("request")["otp"].clone();
    assert_eq!(otp.as_str().map(str::len), Some(6));
    let body = json!({"scratchcard": card["scratchcard"], "enrollment_code": card["enrollment_code"], "newpin": "12345678", "otp": otp});
    for name in ["enrollment_code", "newpin", "otp"] {
        let mut wrong = body.clone();
        wrong[name] = if name == "newpin" { Value::Null } else { json!("0") };
        form1(&post(&sandbox, &path, &wrong).await.expect(412), "412", "Invalid Request");
    }
    let mut wrong = body.clone();
    wrong["scratchcard"] = json!("1");
    form1(&post(&sandbox, &path, &wrong).await.expect(500), "500", "Invalid ScratchCard");
    assert_eq!(post(&sandbox, &path, &body).await.expect(200), json!({"status": "success", "message": "Pin unlocked successfully"}));
    form1(&post(&sandbox, &path, &body).await.expect(412), "412", "Invalid Request");
    let (fresh, _) = pending(&sandbox).await;
    let early = post(&sandbox, &format!("/requests/{fresh}/generate_otp_for_unlock/"), &Value::Null).await.expect(412);
    form1(&early, "412", "Invalid request status");
    assert!(!sandbox.received(false).to_string().contains("12345678"));
}

#[tokio::test]
async fn a_second_declaration_is_what_the_setting_says() {
    let sandbox = start().await;
    let pk = classic(&sandbox).await;
    let ask = async || post(&sandbox, &format!("/requests/{pk}/generates_tbs_receipt/"), &json!({"rao": "1400", "type": "APPROVE"})).await;
    let first = ask().await.expect(200);
    assert_ne!(ask().await.expect(200), first);
    sandbox.patch_settings(&json!({"declaration_repeat": "same"})).expect("settings");
    assert_eq!(ask().await.expect(200), ask().await.expect(200));
    sandbox.patch_settings(&json!({"declaration_repeat": "refused"})).expect("settings");
    form1(&ask().await.expect(412), "412", "Invalid request status");
}

#[tokio::test]
async fn the_order_of_evidence_and_video_may_matter() {
    let sandbox = start().await;
    sandbox.patch_settings(&json!({"upload_order": "video_first"})).expect("settings");
    let (pk, identifier) = pending(&sandbox).await;
    form1(&put_evidence(&sandbox, pk, &support::all_images()).await.expect(412), "412", "Invalid request status");
    post_video(&sandbox, &identifier, &video()).await.expect(200);
    put_evidence(&sandbox, pk, &support::all_images()).await.expect(200);
    sandbox.patch_settings(&json!({"upload_order": "evidence_first"})).expect("settings");
    let (_, identifier) = pending(&sandbox).await;
    let early = post_video(&sandbox, &identifier, &video()).await.expect(400);
    assert_eq!(early, json!({"title": "Upload Video Error", "description": "Invalid request status"}));
}

#[tokio::test]
async fn types_and_limits_of_the_evidence_follow_the_settings() {
    let sandbox = start().await;
    let (pk, identifier) = pending(&sandbox).await;
    let mut body = support::all_images();
    for (setting, wrong) in [("number", json!("1622823879708")), ("string", json!(1_622_823_879_708_u64))] {
        sandbox.patch_settings(&json!({"acceptance_date": setting})).expect("settings");
        body["acceptance"]["date"] = wrong;
        form1(&put_evidence(&sandbox, pk, &body).await.expect(500), "500", "Invalid acceptance date");
    }
    sandbox.patch_settings(&json!({"acceptance_date": "any"})).expect("settings");
    for (setting, wrong) in [("number", json!("high")), ("word", json!(90))] {
        sandbox.patch_settings(&json!({"similarity_level": setting})).expect("settings");
        body["videoid_data"]["similarity_level"] = wrong;
        form1(&put_evidence(&sandbox, pk, &body).await.expect(500), "500", "Invalid similarity_level");
    }
    sandbox.patch_settings(&json!({"similarity_level": "any", "image_limit_bytes": 1000, "video_limit_bytes": 1000})).expect("settings");
    assert_eq!(put_evidence(&sandbox, pk, &body).await.status, 413);
    assert_eq!(post_video(&sandbox, &identifier, &video()).await.status, 413);
    let (no_mp4, limits) = (b"\x1aE\xdf\xa3 webm", json!({"video_limit_bytes": null, "image_limit_bytes": null, "accepted_video": "any"}));
    assert_eq!(post_video(&sandbox, &identifier, no_mp4).await.status, 400);
    sandbox.patch_settings(&limits).expect("settings");
    post_video(&sandbox, &identifier, no_mp4).await.expect(200);
    put_evidence(&sandbox, pk, &body).await.expect(200);
    assert_eq!(status(&sandbox, pk).await, "VIDEOREVIEW");
}

#[tokio::test]
async fn the_video_may_be_named_by_the_request() {
    let sandbox = start().await;
    let (pk, identifier) = pending(&sandbox).await;
    sandbox.patch_settings(&json!({"video_identifier_is": "request_pk"})).expect("settings");
    assert_eq!(post_video(&sandbox, &identifier, &video()).await.status, 404);
    post_video(&sandbox, &pk.to_string(), &video()).await.expect(200);
    assert!(get(&sandbox, &format!("/download/video/{pk}/")).await.bytes == video());
}

#[tokio::test]
async fn an_error_may_be_final() {
    let sandbox = start().await;
    let (pk, identifier) = pending(&sandbox).await;
    sandbox.set_status(pk, "VIDEOERROR").expect("status");
    sandbox.patch_settings(&json!({"upload_after_error": "refuse"})).expect("settings");
    form1(&put_evidence(&sandbox, pk, &support::all_images()).await.expect(412), "412", "Invalid request status");
    assert_eq!(post_video(&sandbox, &identifier, &video()).await.status, 400);
    sandbox.patch_settings(&json!({"upload_after_error": "accept"})).expect("settings");
    put_evidence(&sandbox, pk, &support::all_images()).await.expect(200);
}

#[tokio::test]
async fn refusals_of_changes_may_be_pages() {
    let sandbox = start().await;
    sandbox.patch_settings(&json!({"mutation_500": "page"})).expect("settings");
    let refused = post(&sandbox, "/requests/", &request_body("1")).await;
    assert!(refused.status == 500 && refused.bytes.starts_with(b"<!doctype html>"));
    let read = post(&sandbox, "/scratchcards/isused/", &json!({"sn": "1"})).await.expect(500);
    form1(&read, "500", "Invalid ScratchCard");
}

#[tokio::test]
async fn used_cards_and_lists_follow_the_settings() {
    let sandbox = start().await;
    let sn = card(&sandbox).await;
    post(&sandbox, "/requests/", &request_body(&sn)).await.expect(201);
    sandbox.patch_settings(&json!({"used_card_answer": "bad_request", "list_delay_seconds": 60})).expect("settings");
    assert!(post(&sandbox, "/requests/", &request_body(&sn)).await.expect(400)["detail"].is_string());
    assert_eq!(get(&sandbox, &format!("/requests/?scratchcard={sn}")).await.expect(200)["count"], 0);
    sandbox.advance_clock(61).expect("clock");
    sandbox.patch_settings(&json!({"used_card_answer": "accepted", "fields_readback": "normalised"})).expect("settings");
    let second = post(&sandbox, "/requests/", &request_body(&sn)).await.expect(201);
    assert_eq!(second["mobile_phone_number"], "0034600000000");
    assert_eq!(get(&sandbox, &format!("/requests/?scratchcard={sn}")).await.expect(200)["count"], 1);
}

#[tokio::test]
async fn the_method_for_evidence_documents_is_a_setting() {
    let sandbox = start().await;
    let (pk, _) = in_review(&sandbox).await;
    let path = format!("/requests/{pk}/upload_videoid_evidence/");
    let send = async |method: Method| send_form(&sandbox, method, &path, &[("label", "Deed")], Some(("application/pdf", PDF))).await;
    for method in [Method::POST, Method::PUT] {
        assert_eq!(send(method).await.expect(201)["type"], "videoid_evidence");
    }
    sandbox.patch_settings(&json!({"evidence_document_method": "PUT"})).expect("settings");
    assert_eq!(send(Method::POST).await.expect(405), json!({"detail": "Method \"POST\" not allowed."}));
    send(Method::PUT).await.expect(201);
    let missing = send_form(&sandbox, Method::PUT, &path, &[], Some(("application/pdf", PDF))).await.expect(412);
    form1(&missing, "418", "Invalid paramiters");
    let wrong = send_form(&sandbox, Method::PUT, &path, &[("label", "Deed")], Some(("text/plain", b"x"))).await.expect(500);
    form1(&wrong, "500", "Invalid content_type");
    let classic = classic(&sandbox).await;
    let other = format!("/requests/{classic}/upload_videoid_evidence/");
    let answer = send_form(&sandbox, Method::PUT, &other, &[("label", "Deed")], Some(("application/pdf", PDF))).await.expect(412);
    form1(&answer, "412", "Invalid request status");
}
