"""The vendor vectors of the One-Shot API: the current documentation's answers (N…), the older API's (O4, O5) and what public
integrations saw (C…). Of Current no error is documented: those are INFERRED from its framework and from the older texts.
"""

TOKEN = "0e4b1c7a-5d2f-4f5e-9a3b-6c1d2e3f4a5b"
OLD_TOKEN = "5a4d3c2b1f0e4d9c8b7a665544332211"
UID = "8b1f6a0d-2c3e-4d5f-8a9b-0c1d2e3f4a5b"
UID_2 = "9c2f7b1e-3d4f-4e60-9bac-1d2e3f4a5b6c"
INNER = '{"code": "500", "id": "8e782cdcdb600a92", "error": "Rao matching query does not exist."}'


def old(status, details):
    return {"status": status, "details": details}


def add(answer, error, write, request, read_back):
    def refused(name, operation, status, body, code, server_code=None, source="O4", text=None, server_id=None, wire="answered"):
        error(f"one_shot_{name}", source, operation, status, body, code, server_code, server_id, wire, text)

    def taken(name, operation, body, model, subset, source="O4", status=200):
        answer(f"one_shot_{name}", source, operation, body, model, subset, status)

    def done(name, operation, text, source="O4"):
        taken(name, operation, old("200 OK", text), "Acknowledgement", {"status": text}, source)

    # The Optimizer itself.
    done("hello", "hello", "Hello")
    taken("version", "version", old("200 OK", {"info": "Optimizer", "version": "2.8.1", "name": "one-shot"}), "ServerVersion", {"version": "2.8.1"})
    taken(
        "settings", "get_settings",
        old("200 OK", {"tsa": {}, "request": {"env": "sandbox"}, "billing": {"billing_password": "QjFsbC1pbmc="}, "proxy": {}, "general": {}}),
        "OneShotSettings", {"request": {"env": "sandbox"}, "billing": {"billing_password": "QjFsbC1pbmc="}},
    )
    done("settings_saved", "update_settings", "Settings saved successfully")
    refused("settings_invalid", "update_settings", 400, old("400 Bad Request", "Invalid JSON"), "bad_request", "400", text="Invalid JSON")

    # Tokens.
    taken("token_new", "create_token", {"status": "success", "message": "Token created", "details": {"token_uid": TOKEN}}, "CreatedToken", {"token_uid": TOKEN}, "N4")
    taken("token_old", "create_token", old("200 OK", OLD_TOKEN), "CreatedToken", {"token_uid": OLD_TOKEN})
    refused("token_twice", "create_token", 400, old("400 Bad Request", "A token with these credentials already exist!"), "bad_request", "400")
    refused("token_missing", "create_token", 400, old("400 Bad Request", "Missing required parameters"), "bad_request", "400")
    refused("token_no_officer", "create_token", 404, old("404 Not Found", "RAO ID not found"), "not_found", "404")
    flags = {"status": "success", "details": {"username": "1000279", "password": "true", "pin": "true", "rao_id": "1182", "env": "sandbox"}}
    taken("token_shown_new", "get_token", flags, "Token", {"password": True, "pin": True, "rao_id": "1182", "env": "sandbox"}, "N27")
    taken("token_shown_old", "get_token", old("200 OK", {"username": "1000279", "password": True, "pin": False}), "Token", {"password": True, "pin": False})
    for operation in ["get_token", "delete_token"]:
        refused(f"{operation}_bad", operation, 400, old("400 Bad Request", "Invalid token"), "token_unknown", "400")
        refused(f"{operation}_unknown", operation, 404, old("404 Not Found", "Token not found"), "token_unknown", "404", text="Token not found")
    done("token_deleted", "delete_token", "Token deleted")
    taken(
        "tokens", "list_tokens",
        old("200 OK", {OLD_TOKEN: {"username": "1000279", "password": True, "pin": True, "NOTE": "This is the demo token and cannot be deleted"}}),
        "TokenList", {"tokens": [{"token_uid": OLD_TOKEN, "password": True, "NOTE": "This is the demo token and cannot be deleted"}]},
    )

    refused("tokens_bad", "list_tokens", 400, old("400 Bad Request", "Invalid request"), "bad_request", "400", source="INFERRED")
    refused("tokens_none", "list_tokens", 404, old("404 Not Found", "Token not found"), "not_found", "404", source="INFERRED")

    # The classic create.
    taken("create_old", "create_oneshot_request", old("201 Created", 45836), "CreatedRequest", {"pk": 45836}, status=201)
    taken("create_new", "create_oneshot_request", {"status": "success", "message": "Created", "detail": {"pk": 388141}}, "CreatedRequest", {"pk": 388141}, "N6")
    taken(
        "create_async", "create_oneshot_request", {"status": "success", "detail": {"pk": 388141, "asyncmode": True}}, "CreatedRequest",
        {"pk": 388141, "asyncmode": True}, "N6",
    )
    create = "create_oneshot_request"
    for name, said, code in [
        ("phone", "Missing mobile phone number", "bad_request"),
        ("prefix", "Mobile phone number without international prefix", "bad_request"),
        ("docs", "Missing required docs", "missing_documents"),
        ("email", "Invalid e-mail address", "bad_request"),
        ("environment", "Invalid environment", "bad_request"),
        ("id_document_type", "Invalid id_document_type", "bad_request"),
    ]:
        refused(f"create_{name}", create, 400, old("400 Bad Request", said), code, "400", text=said)
    refused("create_officer", create, 403, old("403 Forbidden", "Invalid RAO credentials"), "rao_rejected", "403")
    refused("create_authority", create, 404, old("404 Not Found", "Registration Authority not found"), "not_found", "404")
    refused("create_fields", create, 412, old("412 Precondition Failed", "Invalid request fields: xxxxx"), "fields_rejected", "412")
    for name, said in [
        ("credit", "Cannot check the remaining credit for the billing user"),
        ("billing", "Billing credentials not valid. Please check if they are base64 encoded"),
    ]:
        refused(f"create_{name}", create, 500, old("500 Internal Server Error", said), "billing_rejected", "500", text=said)
    refused("create_object", create, 500, old("500 Internal Server Error", {"email": ["Enter a valid email address."]}), "fields_rejected", "500")
    refused(
        "create_object_in_a_text", create, 500, old("500 Internal Server Error", '{"email": ["Enter a valid email address."]}'), "fields_rejected", "500",
        source="INFERRED",
    )
    refused(
        "create_approval", create, 500, old("500 Internal Server Error", f"Error occured during request approval: {INNER}"), "rejected", "500",
        server_id="8e782cdcdb600a92",
    )

    # VideoID.
    taken(
        "videoid_new", "create_videoid",
        {
            "status": "success", "messsage": "VideoID created with pk 16673",
            "detail": {"videoid_link": "https://cms.sandbox.uanataca.com/lcmpl/videoid/0c1d", "videoid_pk": 16673, "request_pk": 388141},
        },
        "CreatedVideoId",
        {"handle": {"request_pk": 388141, "videoid_pk": 16673}, "videoid_link": "https://cms.sandbox.uanataca.com/lcmpl/videoid/0c1d"}, "N1",
    )
    taken(
        "videoid_without_pk", "create_videoid", {"status": "success", "messsage": "VideoID created", "detail": {"request_pk": "388141"}},
        "CreatedVideoId", {"handle": {"request_pk": 388141}}, "N8",
    )
    taken(
        "videoid_old", "create_videoid", old("200 OK", {"videoid_pk": 1060, "videoid_link": "", "request_pk": 45836}), "CreatedVideoId",
        {"handle": {"request_pk": 45836, "videoid_pk": 1060}}, "O5",
    )
    not_enabled = "Videoid not enabled for Registration Authority 1234"
    refused("videoid_not_enabled", "create_videoid", 400, old("400 Bad Request", not_enabled), "videoid_not_enabled", "400", text=not_enabled)
    refused("videoid_missing", "create_videoid", 400, old("400 Bad Request", "Missing required parameters"), "bad_request", "400")
    refused(
        "videoid_forbidden", "create_videoid", 403,
        old("403 Forbidden", 'Error creating new videoid request: {"detail": "You do not have permission to perform this action."}'), "forbidden", "403",
    )
    refused("videoid_authority", "create_videoid", 404, old("404 Not Found", "Registration Authority 9 not found"), "not_found", "404")
    refused(
        "videoid_schema", "create_videoid", 422,
        {"detail": [{"type": "missing", "loc": ["body", "email"], "msg": "Field required", "input": {}}]}, "fields_rejected", source="INFERRED",
    )
    refused("videoid_error_new", "create_videoid", 400, {"status": "error", "message": not_enabled}, "videoid_not_enabled", source="INFERRED", text=not_enabled)
    refused("unknown_address_new", "create_videoid", 404, {"detail": "Not Found"}, "not_found", source="INFERRED")
    done("evidences", "upload_videoid_evidences", "Videoid evidences uploaded")
    refused("evidences_invalid", "upload_videoid_evidences", 400, old("Invalid JSON", "Expecting value"), "bad_request")
    refused("evidences_not_found", "upload_videoid_evidences", 404, old("404 Not found", "Request not found"), "not_found", "404")
    done("video", "upload_videoid_video", "Videoid video upload completed")
    refused("video_not_found", "upload_videoid_video", 404, old("404 Not Found", "Request not found"), "not_found", "404")
    refused("video_back_declared", "download_videoid_video", 400, old("404 Not Found", "Video not found"), "not_found", "404")
    refused("video_back_not_found", "download_videoid_video", 404, old("404 Not Found", "Video not found"), "not_found", "404", source="INFERRED")
    done("approve", "approve_oneshot_videoid", "Request approved successfully")
    done("refuse", "refuse_oneshot_videoid", "Videoid refuse completed")
    done("validate", "validate_oneshot_videoid", "Videoid validated", "H1")
    for name in ["approve", "refuse", "validate"]:
        operation = f"{name}_oneshot_videoid"
        said = "No reason specified" if name == "refuse" else "Incomplete credentials"
        refused(f"{name}_incomplete", operation, 400, old("400 Bad Request", said), "bad_request", "400", text=said)
        refused(f"{name}_officer", operation, 403, old("403 Forbidden", "Invalid RAO credentials"), "rao_rejected", "403")
    refused("validate_title", "validate_oneshot_videoid", 400, {"title": "Missing parameters", "description": "pin is needed"}, "bad_request", source="H1")
    refused(
        "validate_early", "validate_oneshot_videoid", 500, old("500 Internal Server Error", f"Error during Videoid validation: {INNER}"), "rejected", "500",
        source="H1", server_id="8e782cdcdb600a92",
    )

    # Before the user has finished, HTTP calls it a success.
    write(
        "one_shot_validate_early_in_a_success", "C1", "error", "validate_oneshot_videoid", 200,
        old("500 Internal Server Error", f"Error during Videoid validation: {INNER}"),
        {"error": {"code": "rejected", "http_status": 200, "server_code": "500", "server_id": "8e782cdcdb600a92", "wire": "answered", "retryable": False}},
    )
    for name, details in [("object", {"code": "500", "id": "8e782cdcdb600a92", "error": "Rao matching query does not exist."}), ("text", INNER)]:
        refused(
            f"approve_inner_{name}", "approve_oneshot_videoid", 500, old("500 Internal Server Error", details), "rejected", "500",
            source="INFERRED", server_id="8e782cdcdb600a92",
        )

    # Requests.
    whole = request(status="ENROLLREADY", videoid_mode=True, videoid_data=read_back())
    taken("request_old", "get_oneshot_request", old("200 OK", whole), "Request", {"pk": 45013, "status": "ENROLLREADY", "videoid_data": {"pk": 36}})
    taken("request_bare", "get_oneshot_request", request(status="VIDEOPENDING"), "Request", {"status": "VIDEOPENDING"}, "C2")
    for operation, name in [("get_oneshot_request", "request"), ("get_async_status", "async"), ("get_contract", "contract")]:
        refused(f"{name}_declared", operation, 400, old("404 Not Found", "Request not found"), "not_found", "404")
        refused(f"{name}_not_found", operation, 404, old("404 Not Found", "Request not found"), "not_found", "404", source="INFERRED")
    done("update", "update_oneshot_request", "Request updated")
    for status, said, code in [
        (400, "Missing required parameters", "bad_request"), (404, "Request not found", "not_found"),
        (412, "Invalid request fields: email", "fields_rejected"),
    ]:
        refused(f"update_{status}", "update_oneshot_request", status, old(f"{status} x", said), code, str(status), source="INFERRED")
    refused("update_500", "update_oneshot_request", 500, old("500 x", {"email": ["Enter a valid email address."]}), "fields_rejected", "500", source="INFERRED")
    done("cancel", "cancel_oneshot_request", "Request directory removed successfully")
    refused("cancel_not_found", "cancel_oneshot_request", 404, old("404 Not Found", "Request not found"), "not_found", "404")
    taken("async", "get_async_status", old("200 OK", "approved"), "AsyncStatus", {"status": "approved"})

    # Documents.
    taken("document_new", "upload_documents", {"status": "success", "detail": {"name": "file", "uid": UID}}, "UploadedDocuments", {"documents": [{"uid": UID, "name": "file"}]}, "N3")
    taken("document_old", "upload_documents", old("200 OK", UID), "UploadedDocuments", {"documents": [{"uid": UID}]})
    part = {"digest": "ab12", "filename": "x.pdf"}
    taken(
        "documents_old", "upload_documents", old("200 OK", [{**part, "uid": UID_2, "key": "file2"}, {**part, "uid": UID, "key": "file"}]), "UploadedDocuments",
        {"documents": [{"uid": UID, "name": "file", "digest": "ab12"}, {"uid": UID_2, "name": "file2"}]},
    )
    new = [{"name": "file2", "uid": UID_2}, {"name": "file", "uid": UID}]
    ordered = {"documents": [{"uid": UID, "name": "file"}, {"uid": UID_2, "name": "file2"}]}
    taken("documents_new", "upload_documents", {"status": "success", "detail": new}, "UploadedDocuments", ordered, "INFERRED")
    by_name = {part["name"]: part["uid"] for part in new}
    taken("documents_by_name", "upload_documents", {"status": "success", "detail": by_name}, "UploadedDocuments", ordered, "INFERRED")
    refused("documents_most", "upload_documents", 400, old("400 Bad Request", "Maximum number of document reached for Request 45836"), "document_limit", "400")
    refused("documents_not_found", "upload_documents", 404, old("404 Not Found", "Request not found"), "not_found", "404")
    refused("documents_type", "upload_documents", 415, old("415 Unsupported Media Type", "Unsupported file type"), "unsupported_type", "415")
    shown = {"upload_date": "11/11/2019 18:03:07", "ext": "pdf", "size": "1024", "mime": "application/pdf", "filename": "x.pdf"}
    taken(
        "list", "list_documents", old("200 OK", {UID: shown}), "OneShotDocuments",
        {"documents": [{"uid": UID, "upload_date": "11/11/2019 18:03:07", "size": 1024, "mime": "application/pdf"}]},
    )
    done("document_deleted", "delete_document", "Document removed successfully", "INFERRED")
    taken(
        "documents_deleted", "delete_documents", {"status": "success", "message": "Documents removed successfully"}, "Acknowledgement",
        {"status": "Documents removed successfully"}, "N3",
    )
    for operation in ["list_documents", "delete_documents"]:
        refused(f"{operation}_bad", operation, 400, old("400 Bad Request", "Invalid request"), "bad_request", "400")
        refused(f"{operation}_none", operation, 404, old("404 Not Found", "No documents found"), "not_found", "404")
    for operation in ["get_document", "delete_document", "get_image", "delete_image"]:
        refused(f"{operation}_none", operation, 404, old("404 Not Found", "Document not found"), "not_found", "404")
    refused("document_in_a_success", "get_document", 200, old("404 Not Found", "Document not found"), "not_found", "404", source="C1")
    # Legacy declares text for the contract, and for what stands in its place.
    write(
        "one_shot_contract_in_a_success", "C1", "error", "get_contract", 200, old("404 Not Found", "Request not found"),
        {"error": {"code": "not_found", "http_status": 200, "server_code": "404", "server_id": None, "wire": "answered", "retryable": False}},
        "text/plain",
    )

    # One-time password and signature.
    taken("otp", "generate_otp", old("200 OK", "OTP generated"), "Otp", {"status": "OTP generated"})
    refused("otp_not_found", "generate_otp", 404, old("404 Not Found", "Request not found"), "not_found", "404")
    said = "Error generating OTP: Otp generated less than a minute ago"
    write(
        "one_shot_otp_too_soon", "O4", "error", "generate_otp", 412, old("412 Precondition Failed", said),
        {"error": {"code": "otp_too_soon", "http_status": 412, "server_code": "412", "wire": "answered", "retryable": True, "server_text": said}},
    )
    refused("otp_status", "generate_otp", 412, old("412 Precondition Failed", "Error generating OTP: Invalid request status"), "invalid_status", "412")
    done("sign", "sign", "Documents correctly signed")
    taken("sign_async", "sign", {"status": "success", "message": "Your documents are going to be signed"}, "Acknowledgement", {"status": "Your documents are going to be signed"}, "N6")
    refused("sign_code", "sign", 403, old("403 Forbidden", "Confirmation Code invalid"), "otp_invalid", "403", text="Confirmation Code invalid")
    refused("sign_twice", "sign", 412, old("412 Precondition Failed", "Request already in ISSUED status"), "invalid_status", "412")
    refused("sign_by_document", "sign", 400, old("400 Bad Request", {UID: "Invalid position"}), "bad_request", "400")
    refused("sign_not_found", "sign", 404, old("404 Not Found", "Request not found"), "not_found", "404")
    refused("sign_document_not_found", "sign", 404, old("404 Not Found", {UID: "Document not found"}), "bad_request", "404")
    write(
        "one_shot_sign_failed", "INFERRED", "error", "sign", 500, old("500 Internal Server Error", "OTP service failed"),
        {"error": {"code": "ambiguous", "http_status": 500, "server_code": "500", "wire": "may_be_processed", "retryable": False}},
    )

    # Signature images.
    taken("image_new", "upload_image", {"status": "success", "message": "Image uploaded", "details": {"image_uid": UID}}, "UploadedImage", {"image_uid": UID}, "N5")
    taken("image_old", "upload_image", old("200 OK", UID), "UploadedImage", {"image_uid": UID})
    refused("image_type", "upload_image", 415, old("415 Unsupported Media Type", "Only PNG"), "unsupported_type", "415")
    taken("images", "list_images", old("200 OK", [UID, UID_2]), "ImageList", {"images": [UID, UID_2]})
    done("image_deleted", "delete_image", "Image deleted", "INFERRED")
    done("images_deleted", "delete_images", "Images deleted", "INFERRED")

    # What stands in front of an Optimizer.
    refused("gateway", "create_videoid", 502, "<html>Bad Gateway</html>", "ambiguous", source="INFERRED", wire="may_be_processed")
    refused("bare_500", "sign", 500, old("500 Internal Server Error", "Internal Server Error"), "ambiguous", "500", source="INFERRED", wire="may_be_processed")
