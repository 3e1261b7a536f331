#!/usr/bin/env python3
"""Writes the vendor vectors: the bodies that the service's documents show for the calls of the RA API that the library makes,
with the quirks of each source, and what the library must make of them.

Shapes, key names, types, ids and error texts are those of the documents; persons and secrets are invented. Run it after a
change; the files are committed.
"""

import base64
import json
from pathlib import Path

import one_shot_vectors

HERE = Path(__file__).parent
VECTORS = []

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
PDF_BASE64 = base64.b64encode(PDF).decode()
SECRETS = {"puk": "83920175", "enrollment_code": "4Q7X2M", "pin": "60417283", "erc": "5571930248"}

# Every key that the documents show in a request, most of them null.
NULLS = [
    "secure_element", "identification_rao", "smartcard_sn", "country_name", "id_document_number", "id_document_description",
    "id_document_issuer", "fix_phone_number", "sex", "birth_date", "birth_city", "birth_province", "birth_state", "birth_district",
    "birth_canton", "citizen_tax_number", "residence", "residence_address", "residence_city", "residence_province",
    "residence_postal_code", "residence_state", "residence_district", "residence_canton", "title", "professional_id_number",
    "organization_name", "organization_identifier", "organization_tax_number", "organization_rol", "organization_email",
    "organization_url", "organization_country", "organization_address", "organization_city", "organization_province",
    "organization_postal_code", "organization_state", "organizational_unit_1", "organizational_unit_2", "organizational_unit_3",
    "organizational_unit_4", "responsible_name", "responsible_first_surname", "responsible_second_surname", "responsible_email",
    "responsible_position", "responsible_serial", "empowerment", "representation", "description", "approving_rao", "webhook_url",
]


def request(**own):
    flat = dict.fromkeys(NULLS)
    flat.update(
        pk=45013, status="CREATED", profile="PFnubeQAFCiudadano", scratchcard="1256948", registration_authority=121,
        email="anna@example.com", mobile_phone_number="+34600000000", given_name="ANNA MARIA", surname_1="ERIKSSON", surname_2="",
        serial_number="X123456781234", id_document_type="IDC", id_document_country="ES", validity_time="1095",
        paperless_mode=False, videoid_mode=False, videoid_data=None, configuration_data={}, certificate_set=[],
        request_set=[], creation_date="2021-06-28T09:29:27.147000",
    )
    flat.update(own)
    return flat


def read_back(status="VALIDATED"):
    return {
        "pk": 36, "status": status, "provider": 2, "videoid_link": "", "requests": [45013], "refusal_reason": "",
        "data": {
            "images": {name: "/9j/4AAQSkZJRgABAQ==" for name in ["document_front", "document_rear", "document_photo", "document_owner"]},
            "security_checks": [
                ["OTP validation", True], ["Documents match", True], ["Data integrity", True], ["Document not copy", True],
                ["Document not expired", True], ["Document not underage", True], ["Liveliness", False],
            ],
            "similarity_level": "Medium",
            "ocr_data": {
                "given_name": "ANNA MARIA", "surname_1": "ERIKSSON", "serial_number": "X123456781234", "birth_date": "02/01/1985",
                "id_document_validity": "05/04/2031",
            },
        },
        "video_identifier": "0f6a2b7e-7d6e-4c0b-9a55-3a1d8a0c1f42", "validation_services": {},
        "acceptance": {
            "description": "I accept", "url-doc-privacypolicy": "https://example.com/p", "url-doc-termsconditions": "https://example.com/t",
            "url-web-videoid": "https://example.com/v", "ip": "192.0.2.17", "user-agent": "Mozilla/5.0", "date": 1624872567147,
        },
        "validation_operator": {"pk": 1400, "given_name": "OFFICER", "is_identificator": True},
    }


def write(name, source, kind, operation, status, body, expect, content_type="application/json"):
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    VECTORS.append({
        "name": name, "source": source, "kind": kind, "operation": operation, "http_status": status, "content_type": content_type,
        "body": text, "expect": expect,
    })


def answer(name, source, operation, body, model, subset, status=200, content_type="application/json"):
    write(name, source, "answer", operation, status, body, {"model": model, "json": subset}, content_type)


def error(name, source, operation, status, body, code, server_code=None, server_id=None, wire="answered", text=None):
    expect = {"code": code, "http_status": status, "server_code": server_code, "server_id": server_id, "wire": wire, "retryable": False}
    if text is not None:
        expect["server_text"] = text
    write(name, source, "error", operation, status, body, {"error": expect})


# Scratchcards.
answer(
    "first_unused_new", "N21", "get_first_unused_scratchcard",
    {"pk": 1193, "sn": 1256948, "secrets": {"pin": SECRETS["pin"], "erc": SECRETS["erc"]}, "registration_authority": 121},
    "Scratchcard", {"pk": 1193, "sn": "1256948", "registration_authority": "121", "secrets": {"pin": SECRETS["pin"], "erc": SECRETS["erc"]}},
)
answer(
    "first_unused_old", "O1", "get_first_unused_scratchcard",
    {"pk": 1193, "sn": "1256948", "secrets": json.dumps({"erc": "5571930248", "enrollment_code": "4Q7X2M", "puk": 83920175}), "registration_authority": 121},
    "Scratchcard", {"sn": "1256948", "secrets": {"erc": "5571930248", "enrollment_code": "4Q7X2M", "puk": "83920175"}},
)
error(
    "first_unused_body_not_json", "O1", "get_first_unused_scratchcard", 400,
    {"detail": "JSON parse error - Expecting ',' delimiter: line 3 column 2 (char 30)"}, "bad_request",
    text="JSON parse error - Expecting ',' delimiter: line 3 column 2 (char 30)",
)

# Requests.
answer(
    "create_videoid", "N20", "create_request", request(status="VIDEOPENDING", videoid_mode=True, videoid_data=read_back("PENDING")), "Request",
    {
        "pk": 45013, "status": "VIDEOPENDING", "scratchcard": "1256948", "registration_authority": "121", "videoid_mode": True,
        "paperless_mode": False, "validity_time": 1095, "videoid_data": {"pk": 36, "requests": [45013]},
    },
    status=201,
)
answer(
    "create_classic", "O1", "create_request", request(paperless_mode=True), "Request",
    {"pk": 45013, "status": "CREATED", "paperless_mode": True, "videoid_mode": False, "email": "anna@example.com", "configuration_data": {}, "certificate_set": []},
    status=201,
)
error(
    "create_invalid_scratchcard", "N25", "create_request", 500, {"code": "500", "id": "8e782cdcdb600a90", "error": "Invalid ScratchCard"},
    "scratchcard_invalid", "500", "8e782cdcdb600a90", text="Invalid ScratchCard",
)
error(
    "create_no_number", "O1", "create_request", 500,
    {"code": "500", "id": "7f1d3c5b9a0e2468", "error": "invalid literal for int() with base 10: 'PFnube'"}, "rejected", "500", "7f1d3c5b9a0e2468",
)
error(
    "create_dict_as_text", "O1", "create_request", 500,
    {"code": "500", "id": "0123456789abcdef", "error": "{'email': [u'Enter a valid email address.']}"}, "rejected", "500", "0123456789abcdef",
)
error(
    "create_body_not_json", "N25", "create_request", 400, {"detail": "JSON parse error - Expecting ',' delimiter: line 3 column 2 (char 30)"},
    "bad_request",
)
error(
    "create_forbidden", "O2", "create_request", 403, {"detail": "You do not have permission to perform this action."}, "forbidden",
    text="You do not have permission to perform this action.",
)
answer(
    "get_videoid", "O1", "get_request", request(status="ENROLLREADY", videoid_mode=True, videoid_data=read_back()), "Request",
    {
        "pk": 45013, "status": "ENROLLREADY",
        "videoid_data": {
            "pk": 36, "status": "VALIDATED", "provider": 2, "requests": [45013], "video_identifier": "0f6a2b7e-7d6e-4c0b-9a55-3a1d8a0c1f42",
            "acceptance": {"date": 1624872567147, "user-agent": "Mozilla/5.0"}, "validation_operator": {"pk": 1400, "is_identificator": True},
            "data": {
                "similarity_level": "Medium", "ocr_data": {"birth_date": "02/01/1985", "id_document_validity": "05/04/2031"},
                "security_checks": [
                    {"label": "OTP validation", "value": True}, {"label": "Documents match", "value": True}, {"label": "Data integrity", "value": True},
                    {"label": "Document not copy", "value": True}, {"label": "Document not expired", "value": True},
                    {"label": "Document not underage", "value": True}, {"label": "Liveliness", "value": False},
                ],
                "images": [
                    {"name": name, "base64_length": 20} for name in ["document_front", "document_owner", "document_photo", "document_rear"]
                ],
            },
        },
    },
)
answer(
    "get_without_videoid", "C2", "get_request",
    request(status="ENROLLREADY", scratchcard="1144247", paperless_mode=True, validity_time="1", approving_rao={"pk": 1400, "certificate": {"status": 1}}),
    "Request", {"status": "ENROLLREADY", "scratchcard": "1144247", "validity_time": 1},
)
answer(
    "get_status_in_the_wikis_spelling", "W1", "get_request", request(status="RENOVATED"), "Request", {"status": "RENEWED"},
)
answer("get_status_never_heard_of", "INFERRED", "get_request", request(status="ON_HOLD"), "Request", {"status": "ON_HOLD"})
error(
    "get_not_found", "O1", "get_request", 404, {"code": "400", "id": "5d2c8e7f90a1b3c4", "error": "Request matching query does not exist."},
    "not_found", "400", "5d2c8e7f90a1b3c4",
)
answer(
    "list_old", "O1", "list_requests",
    {"count": 12, "next": "https://access.bit4id.org:13035/api/v1/requests/?page=2", "previous": None, "results": [request(), request(pk=45014)]},
    "RequestPage", {"count": 12, "next_page": 2, "results": [{"pk": 45013}, {"pk": 45014}]},
)
answer(
    "list_new", "N20", "list_requests", {"count": "550", "next": "null", "previous": "null", "results": request()}, "RequestPage",
    {"count": 550, "results": [{"pk": 45013, "status": "CREATED"}]},
)
answer(
    "list_of_the_table", "O2", "list_requests", {"count": 1, "next": None, "previous": None, "result": [request(status="CANCELLED")]}, "RequestPage",
    {"count": 1, "results": [{"status": "CANCELLED"}]},
)
answer("list_empty", "O1", "list_requests", {"count": 0, "next": None, "previous": None, "results": []}, "RequestPage", {"count": 0, "results": []})
answer("cancel", "O1", "cancel_request", {"status": "Request cancelled"}, "Acknowledgement", {"status": "Request cancelled"})
error(
    "cancel_too_late", "O1", "cancel_request", 412, {"code": "412", "id": "9c8b7a6f5e4d3c2b", "error": "Invalid request status"}, "invalid_status",
    "412", "9c8b7a6f5e4d3c2b",
)

# Evidence and video.
answer("upload_evidence", "N22", "upload_evidence", {"status": "200 OK"}, "Acknowledgement", {"status": "200 OK"})
answer("upload_evidence_without_body", "O1", "upload_evidence", "", "Acknowledgement", {})
answer("upload_video", "N22", "upload_video", {"status": "200 OK"}, "Acknowledgement", {"status": "200 OK"})
error(
    "upload_video_without_file", "O2", "upload_video", 400, {"title": "Upload Video Error", "description": "No video file provided"}, "bad_request",
    text="No video file provided",
)

# The officer's steps.
answer(
    "validate", "O1", "validate_videoid", {"secrets": SECRETS, "request": request(status="ENROLLREADY", videoid_mode=True, videoid_data=read_back())},
    "Approval", {"secrets": SECRETS, "request": {"pk": 45013, "status": "ENROLLREADY", "videoid_data": {"pk": 36, "status": "VALIDATED"}}},
)
error("validate_body_not_json", "O1", "validate_videoid", 400, {"detail": "JSON parse error - Expecting value: line 1 column 1 (char 0)"}, "bad_request")
error(
    "validate_wrong_status", "O1", "validate_videoid", 412, {"code": "412", "id": "1a2b3c4d5e6f7081", "error": "Invalid request status"},
    "invalid_status", "412", "1a2b3c4d5e6f7081",
)
error(
    "validate_unknown_officer", "O1", "validate_videoid", 500, {"code": "500", "id": "a1b2c3d4e5f60718", "error": "Rao matching query does not exist."},
    "rao_rejected", "500", "a1b2c3d4e5f60718",
)
answer(
    "refuse", "O1", "refuse_videoid", {"videoid_status": "REFUSED", "reason": "blurred"}, "Refusal", {"videoid_status": "REFUSED", "reason": "blurred"},
)
error(
    "refuse_wrong_status", "O1", "refuse_videoid", 412, {"code": "412", "id": "1a2b3c4d5e6f7082", "error": "Invalid request status"},
    "invalid_status", "412", "1a2b3c4d5e6f7082",
)
error("refuse_body_not_json", "O1", "refuse_videoid", 400, {"detail": "JSON parse error - Expecting value: line 1 column 1 (char 0)"}, "bad_request")
error(
    "refuse_unknown_officer", "O1", "refuse_videoid", 500, {"code": "500", "id": "a1b2c3d4e5f60719", "error": "Rao matching query does not exist."},
    "rao_rejected", "500", "a1b2c3d4e5f60719",
)
answer(
    "declaration", "O1", "generate_declaration",
    {"serial_number": "45013-1400", "receipt": "Declaraci\u00f3n del operador\r\n\r\nD. OFFICER declara haber identificado a ANNA MARIA ERIKSSON.\r\n"},
    "Declaration",
    {"serial_number": "45013-1400", "receipt": "Declaraci\u00f3n del operador\r\n\r\nD. OFFICER declara haber identificado a ANNA MARIA ERIKSSON.\r\n"},
)
answer("contract_old", "O1", "get_request_document", [{"document": PDF_BASE64, "type": "contract"}], "Document", {"type": "contract", "content": list(PDF)})
answer("contract_new", "N20", "get_request_document", {"document": PDF_BASE64, "type": "contract"}, "Document", {"type": "contract", "content": list(PDF)})
answer(
    "contract_with_line_breaks", "C4", "get_request_document",
    [{"document": "\n".join(PDF_BASE64[i : i + 16] for i in range(0, len(PDF_BASE64), 16)) + "\n", "type": "contract"}],
    "Document", {"type": "contract", "content": list(PDF)},
)
answer(
    "contract_with_escaped_line_breaks", "O2", "get_request_document", [{"document": PDF_BASE64[:20] + "\\n" + PDF_BASE64[20:] + "\\n", "type": "contract"}],
    "Document", {"type": "contract", "content": list(PDF)},
)
answer("contract_as_text", "O1", "generate_document", {"document": PDF.decode()}, "Document", {"content": list(PDF)})
answer("approve", "O1", "approve_request", {"secrets": SECRETS, "request": request(status="ENROLLREADY")}, "Approval", {"secrets": SECRETS, "request": {"status": "ENROLLREADY"}})
answer(
    "approve_secrets_as_text", "C3", "approve_request", {"secrets": json.dumps(SECRETS), "request": request(status="ENROLLREADY")}, "Approval",
    {"secrets": SECRETS},
)
error("approve_missing_documents", "O1", "approve_request", 400, {"error": "Missing required docs"}, "missing_documents", text="Missing required docs")
error("approve_impossible_id", "O1", "approve_request", 404, {"code": "400", "id": "3f2e1d0c9b8a7965", "error": ""}, "not_found", "400", "3f2e1d0c9b8a7965", text="")
error(
    "approve_invalid_fields", "O1", "approve_request", 412, {"code": "415", "id": "66778899aabbccdd", "error": "Invalid request fields: mobile_phone_number"},
    "fields_rejected", "415", "66778899aabbccdd", text="Invalid request fields: mobile_phone_number",
)
error(
    "approve_code_with_comma", "O1", "approve_request", 412, {"code": "415,", "id": "66778899aabbccde", "error": "Invalid request fields: email"},
    "fields_rejected", "415", "66778899aabbccde",
)
error(
    "approve_code_as_number", "O1", "approve_request", 412, {"code": 412, "id": "66778899aabbccdf", "error": "Invalid request status"},
    "invalid_status", "412", "66778899aabbccdf",
)
error(
    "approve_unknown_officer", "O1", "approve_request", 500, {"code": "500", "id": "b1b2c3d4e5f60718", "error": "Rao matching query does not exist."},
    "rao_rejected", "500", "b1b2c3d4e5f60718",
)
answer(
    "preauth_link", "O1", "get_preauth_link", {"preauthenticatedlink": "https://api.uanataca.com/lcmpl/enrollment/auth/8f14e45fceea167a"}, "PreauthLink",
    {"preauthenticatedlink": "https://api.uanataca.com/lcmpl/enrollment/auth/8f14e45fceea167a"},
)
error(
    "preauth_link_forbidden", "O1", "get_preauth_link", 403, {"detail": "You do not have permission to perform this action."}, "forbidden",
)

# More of the scratchcards.
CARD_NEW = {"pk": 1193, "sn": 1256948, "secrets": SECRETS, "registration_authority": 121}
CARD_OLD = {"pk": 1194, "sn": "1256949", "secrets": json.dumps(SECRETS), "registration_authority": 121}
answer(
    "list_scratchcards_new", "N21", "list_scratchcards", {"count": "550", "next": "null", "previous": "null", "results": [CARD_NEW]}, "ScratchcardPage",
    {"count": 550, "results": [{"pk": 1193, "sn": "1256948", "registration_authority": "121", "secrets": SECRETS}]},
)
answer(
    "list_scratchcards_old", "O1", "list_scratchcards",
    {"count": 550, "next": "https://access.bit4id.org:13035/api/v1/scratchcards/?page=2", "previous": None, "results": [CARD_OLD]}, "ScratchcardPage",
    {"count": 550, "next_page": 2, "results": [{"pk": 1194, "sn": "1256949", "secrets": SECRETS}]},
)
answer(
    "list_scratchcards_of_the_table", "O2", "list_scratchcards", {"count": 1, "next": None, "previous": None, "result": CARD_OLD}, "ScratchcardPage",
    {"count": 1, "results": [{"sn": "1256949"}]},
)
answer("get_scratchcard_new", "N21", "get_scratchcard", CARD_NEW, "Scratchcard", {"pk": 1193, "sn": "1256948", "secrets": SECRETS})
answer("get_scratchcard_old", "O1", "get_scratchcard", CARD_OLD, "Scratchcard", {"pk": 1194, "sn": "1256949", "secrets": SECRETS})
answer("scratchcard_used", "O1", "is_scratchcard_used", "true", "ScratchcardUse", {"used": True}, content_type="text/plain")
answer("scratchcard_used_in_capitals", "INFERRED", "is_scratchcard_used", "True", "ScratchcardUse", {"used": True}, content_type="text/plain")
answer("scratchcard_unused", "INFERRED", "is_scratchcard_used", "false", "ScratchcardUse", {"used": False}, content_type="text/plain")

# Updating and checking a request.
answer(
    "update", "O1", "update_request", request(status="CREATED", country_name="ES", organization_name="Example S.L."), "Request",
    {"pk": 45013, "status": "CREATED", "country_name": "ES", "organization_name": "Example S.L."},
)
error(
    "update_body_not_json", "O1", "update_request", 400, {"detail": "JSON parse error - Expecting ',' delimiter: line 3 column 2 (char 30)"},
    "bad_request",
)
error(
    "update_not_found", "O1", "update_request", 404, {"code": "400", "id": "5d2c8e7f90a1b3c5", "error": "Request matching query does not exist."},
    "not_found", "400", "5d2c8e7f90a1b3c5",
)
error(
    "update_wrong_status", "O1", "update_request", 412, {"code": "412", "id": "1a2b3c4d5e6f7083", "error": "Invalid request status"},
    "invalid_status", "412", "1a2b3c4d5e6f7083",
)
error(
    "update_invalid_scratchcard", "O1", "update_request", 500, {"code": "500", "id": "8e782cdcdb600a91", "error": "Invalid ScratchCard"},
    "rejected", "500", "8e782cdcdb600a91",
)
error(
    "update_dict_as_text", "N25", "update_request", 500,
    {"code": "500", "id": "0123456789abcdee", "error": "{'name': [u'Registration Authority with this RA Name already exists.']}"}, "rejected", "500",
    "0123456789abcdee", text="{'name': [u'Registration Authority with this RA Name already exists.']}",
)
answer(
    "validate_fields", "O1", "validate_request", [["serial_number", "missing"], ["mobile_phone_number", "missing"]], "RequestFieldCheck",
    {"issues": [{"field": "serial_number", "problem": "missing"}, {"field": "mobile_phone_number", "problem": "missing"}]},
)
answer(
    "validate_fields_one", "O1", "validate_request", [["serial_number", "missing"]], "RequestFieldCheck",
    {"issues": [{"field": "serial_number", "problem": "missing"}]},
)
answer("validate_fields_none", "INFERRED", "validate_request", [], "RequestFieldCheck", {"issues": []})
answer(
    "contact_data_ok", "O1", "check_contact_data", {"result": "ok", "reason": "", "registration_authority": 1}, "ContactDataCheck",
    {"result": "ok", "reason": "", "registration_authority": "1"},
)
answer(
    "contact_data_ko", "O1", "check_contact_data", {"result": "ko", "reason": "Limit reached for email", "registration_authority": 1}, "ContactDataCheck",
    {"result": "ko", "reason": "Limit reached for email", "registration_authority": "1"}, content_type="*/*",
)

# Documents of a request.
answer(
    "upload_document", "O1", "upload_request_document", {"pk": 48312, "type": "document_front"}, "UploadedDocument", {"pk": 48312, "type": "document_front"},
    status=201,
)
error(
    "upload_document_invalid_parameters", "O1", "upload_request_document", 412, {"code": "418", "id": "42b1a0c9d8e7f605", "error": "Invalid paramiters"},
    "bad_request", "418", "42b1a0c9d8e7f605", text="Invalid paramiters",
)
error(
    "upload_document_wrong_type", "O1", "upload_request_document", 500, {"code": "500", "id": "42b1a0c9d8e7f606", "error": "Invalid content_type"},
    "rejected", "500", "42b1a0c9d8e7f606", text="Invalid content_type",
)
error(
    "upload_document_wrong_type_bare", "INFERRED", "upload_request_document", 500, {"error": "Invalid content_type"}, "rejected",
    text="Invalid content_type",
)
answer("delete_document", "INFERRED", "delete_request_document", "", "Acknowledgement", {})
error(
    "delete_document_not_found", "N25", "delete_request_document", 404, {"error": "No documents found with id 616026"}, "not_found",
    text="No documents found with id 616026",
)
answer(
    "list_documents", "O1", "list_request_documents",
    [{"pk": 48312, "document": PDF_BASE64, "type": "extra_document"}, {"pk": "48313", "document": None, "type": "document_rear"}], "RequestDocuments",
    {"documents": [{"pk": 48312, "type": "extra_document", "content": list(PDF)}, {"pk": 48313, "type": "document_rear"}]},
)
answer(
    "list_documents_one", "O1", "list_request_documents", [{"pk": 48312, "document": PDF_BASE64[:20] + "\n" + PDF_BASE64[20:] + "\n", "type": "contract"}],
    "RequestDocuments", {"documents": [{"pk": 48312, "type": "contract", "content": list(PDF)}]},
)
answer("list_documents_none", "INFERRED", "list_request_documents", [], "RequestDocuments", {"documents": []})
answer(
    "upload_videoid_evidence_document", "O1", "upload_videoid_evidence_document", {"pk": 48312, "type": "videoid_evidence"}, "UploadedDocument",
    {"pk": 48312, "type": "videoid_evidence"}, status=201,
)

# Renewal and PIN.
answer(
    "renewal_status", "O1", "get_renewal_status", {"request_is_renewable": True, "renewal_enabled": True, "reason": None}, "RenewalStatus",
    {"request_is_renewable": True, "renewal_enabled": True},
)
answer(
    "renewal_status_not_renewable", "O1", "get_renewal_status", {"request_is_renewable": False, "renewal_enabled": False, "reason": "Certificate revoked"},
    "RenewalStatus", {"request_is_renewable": False, "renewal_enabled": False, "reason": "Certificate revoked"},
)
answer(
    "enable_renewal", "O1", "enable_renewal", {"status": "Renewal enabled for request"}, "Acknowledgement", {"status": "Renewal enabled for request"},
)
error("enable_renewal_impossible_id", "O1", "enable_renewal", 404, {"code": "400", "id": "3f2e1d0c9b8a7966", "error": ""}, "not_found", "400", "3f2e1d0c9b8a7966", text="")
answer(
    "disable_renewal", "O1", "disable_renewal", {"status": "Renewal disabled for request"}, "Acknowledgement", {"status": "Renewal disabled for request"},
)
answer("renewable_without_body", "INFERRED", "is_renewable", "", "Renewability", {"renewable": True})
answer("renewable", "INFERRED", "is_renewable", {"status": "success"}, "Renewability", {"renewable": True, "status": "success"})
for number, name, said in [
    ("418,", "invalid_parameters", "Invalid parameters"),
    ("419,", "revoked", "Certificate revoked"),
    ("420,", "expired", "Certificate expired"),
    ("421", "disabled_by_rao", "Renewal disabled by rao"),
    (422, "disabled_by_ra", "Renewal disabled by ra"),
    ("423", "not_available", "Renewal not available"),
    ("424", "maximum_renewals", "Maximum renewals reached"),
    ("425", "maximum_age", "Maximum age reached"),
    ("426", "not_enabled_by_rao", "Renewal not enabled by rao"),
    ("427", "suspended", "Certificate suspended"),
]:
    plain = str(number).rstrip(",")
    error(
        f"not_renewable_{name}", "O1", "is_renewable", 412, {"code": number, "id": f"aa00bb11cc22d{plain}", "error": said},
        "bad_request" if plain == "418" else "not_renewable", plain, f"aa00bb11cc22d{plain}", text=said,
    )
answer(
    "otp_for_unlock", "O1", "generate_otp_for_unlock", {"status": "success", "message": "OTP sent via SMS"}, "Acknowledgement",
    {"status": "success", "message": "OTP sent via SMS"},
)
answer(
    "otp_for_unlock_message_as_number", "O1", "generate_otp_for_unlock", {"status": "success", "message": 1}, "Acknowledgement",
    {"status": "success", "message": "1"},
)
answer(
    "unlock_pin", "O1", "unlock_pin", {"status": "success", "message": "Pin unlocked successfully"}, "Acknowledgement",
    {"status": "success", "message": "Pin unlocked successfully"},
)
error(
    "unlock_pin_invalid", "O1", "unlock_pin", 412, {"code": "412", "id": "bb00cc11dd22ee33", "error": "Invalid Request"}, "rejected", "412",
    "bb00cc11dd22ee33", text="Invalid Request",
)
error(
    "unlock_pin_refused", "O1", "unlock_pin", 500, {"code": "500", "id": "bb00cc11dd22ee34", "error": "Invalid ScratchCard"}, "rejected", "500",
    "bb00cc11dd22ee34",
)
error(
    "approve_not_permitted", "N25", "approve_request", 500,
    {"code": "500", "id": "b1b2c3d4e5f60719", "error": "You do not have permission to perform this action."}, "rao_rejected", "500", "b1b2c3d4e5f60719",
)

# What stands in front of the service, and what is cut.
write(
    "error_page_of_a_gateway", "INFERRED", "error", "get_request", 502, "<html><body>502 Bad Gateway</body></html>",
    {"error": {"code": "server_error", "http_status": 502, "server_code": None, "server_id": None, "wire": "answered", "retryable": True}}, "text/html",
)
write(
    "error_page_after_a_mutation", "INFERRED", "error", "create_request", 502, "<html><body>502 Bad Gateway</body></html>",
    {"error": {"code": "ambiguous", "http_status": 502, "server_code": None, "server_id": None, "wire": "may_be_processed", "retryable": False}}, "text/html",
)
write(
    "answer_that_is_no_json", "INFERRED", "error", "get_request", 200, "<html><body>maintenance</body></html>",
    {"error": {"code": "unexpected_answer", "http_status": 200, "wire": "answered", "retryable": False}}, "text/html",
)
write(
    "answer_without_what_is_needed", "INFERRED", "error", "get_first_unused_scratchcard", 200, "{\"registration_authority\": 121}",
    {"error": {"code": "unexpected_answer", "http_status": 200, "wire": "answered", "retryable": False}},
)
write(
    "too_many_calls", "O2", "error", "get_request", 429, "{\"detail\": \"Request was throttled.\"}",
    {"error": {"code": "rate_limited", "http_status": 429, "wire": "answered", "retryable": True}},
)

one_shot_vectors.add(answer, error, write, request, read_back)


def main():
    for old in HERE.glob("*.json"):
        old.unlink()
    assert len({v["name"] for v in VECTORS}) == len(VECTORS)
    for vector in VECTORS:
        (HERE / f"{vector['name']}.json").write_text(json.dumps(vector, ensure_ascii=True, indent=2) + "\n")
    print(len(VECTORS), "vectors")


if __name__ == "__main__":
    main()
