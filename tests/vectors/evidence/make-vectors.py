#!/usr/bin/env python3
"""Writes the evidence vectors: inputs, and what must come of them.

The expected bodies are written here with Python's own JSON and Base64, not with the library, so that the vectors do not
repeat a mistake of it. The expected reports and errors are written out by hand. Run it after a change; the files are
committed.
"""

import base64
import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
IMAGES = HERE / "images"
# As in a scenario: a name below tests/fixtures.
BELOW_FIXTURES = "../vectors/evidence/images/"

NAMES = ["document_front", "document_rear", "document_photo", "document_owner"]
ACCEPTANCE = ["description", "url-doc-privacypolicy", "url-doc-termsconditions", "url-web-videoid", "ip", "user-agent", "date"]
OCR = ["given_name", "surname_1", "surname_2", "serial_number", "mobile_phone_number", "email", "id_document_type", "id_document_country"]
CHECKS = [
    "otp_validation", "documents_match", "data_integrity", "document_notcopy", "document_notexpired", "document_notunderage", "liveliness",
]

FULL_ACCEPTANCE = {
    "description": "I accept the terms and conditions and the privacy policy",
    "url-doc-privacypolicy": "https://example.com/privacy",
    "url-doc-termsconditions": "https://example.com/terms",
    "url-web-videoid": "https://example.com/identify",
    "ip": "192.0.2.17",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64)",
    "date": 1622823879708,
}
FULL_OCR = {
    "given_name": "ANNA MARIA",
    "surname_1": "ERIKSSON",
    "surname_2": "LIND",
    "serial_number": "X123456781234",
    "mobile_phone_number": "+34600000000",
    "email": "anna@example.com",
    "id_document_type": "IDC",
    "id_document_country": "ES",
}
ASSERTED = {name: {"passed": True, "provenance": "asserted"} for name in CHECKS}


def image(name, how="path"):
    return {"fixture": BELOW_FIXTURES + name, "as": how}


def ordered(given, documented):
    """Documented keys in their order, then the others by name, at every level of the others."""

    def by_name(value):
        if isinstance(value, dict):
            return {key: by_name(value[key]) for key in sorted(value)}
        if isinstance(value, list):
            return [by_name(item) for item in value]
        return value

    out = {key: given[key] for key in documented if key in given}
    out.update({key: by_name(given[key]) for key in sorted(given) if key not in documented})
    return out


def body(given):
    def text(source):
        return base64.b64encode((IMAGES / source["fixture"].removeprefix(BELOW_FIXTURES)).read_bytes()).decode()

    checks = {}
    for key, value in given.get("security_checks", {}).items():
        known = key in CHECKS and isinstance(value, dict)
        checks[key] = value["passed"] if known else value
    data = {
        "images": {name: text(given[name]) for name in NAMES if name in given},
        "ocr_data": ordered(given.get("ocr_data", {}), OCR),
        "security_checks": ordered(checks, CHECKS),
    }
    if "similarity_level" in given:
        data["similarity_level"] = given["similarity_level"]
    data.update(ordered(given.get("extra", {}), []))
    whole = {"acceptance": ordered(given.get("acceptance", {}), ACCEPTANCE), "videoid_data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def info(name, file, form, width, height):
    return {"name": name, "format": form, "width": width, "height": height, "bytes": (IMAGES / file).stat().st_size}


def warning(code, field, rule):
    return {"severity": "warning", "code": code, "field": field, "rule": rule}


def error_finding(code, field, rule):
    return {"severity": "error", "code": code, "field": field, "rule": rule}


FRONT = "videoid_data.images.document_front"
REAR = "videoid_data.images.document_rear"
PHOTO = "videoid_data.images.document_photo"
OWNER = "videoid_data.images.document_owner"
NO_FRONT = ("field_missing", FRONT, "the front of the document")
NO_REAR = ("field_missing", REAR, "the rear of the document, unless it is a passport (PAS)")
NO_OWNER = ("field_missing", OWNER, "the person who identifies")
NO_ACCEPTANCE = ("field_missing", "acceptance", "what the person accepted, where and when")
NO_DATE = ("field_missing", "acceptance.date", "when the person accepted, in milliseconds since 1970")
NO_OCR = ("field_missing", "videoid_data.ocr_data", "what was read from the document")
NO_CHECKS = ("field_missing", "videoid_data.security_checks", "the results of the security checks")
SIMILARITY = "videoid_data.similarity_level"
SIMILARITY_RULE = "a whole number from 0 to 100, or a word"
NO_SIMILARITY = ("field_missing", SIMILARITY, SIMILARITY_RULE)
ALL_MISSING = [NO_ACCEPTANCE, NO_DATE, NO_FRONT, NO_REAR, NO_OWNER, NO_OCR, NO_CHECKS, NO_SIMILARITY]

THREE = {"document_front": image("front.jpg"), "document_rear": image("rear.jpg"), "document_owner": image("owner.jpg")}
THREE_INFO = [
    info("document_front", "front.jpg", "jpeg", 160, 100),
    info("document_rear", "rear.jpg", "jpeg", 160, 100),
    info("document_owner", "owner.jpg", "jpeg", 160, 90),
]
REST = {"acceptance": FULL_ACCEPTANCE, "ocr_data": FULL_OCR, "security_checks": ASSERTED, "similarity_level": 87}
SOUND = {**THREE, **REST}

VECTORS = []


def built(name, about, given, report=None, file=False):
    expected = body(given)
    expect = {"sha256": hashlib.sha256(expected).hexdigest(), "length": len(expected)}
    if file:
        expect["body_file"] = f"bodies/{name}.json"
        (HERE / "bodies").mkdir(exist_ok=True)
        (HERE / expect["body_file"]).write_bytes(expected)
    if report is not None:
        findings, images = report
        expect["report"] = {"findings": findings, "images": images}
    VECTORS.append({"name": name, "about": about, "input": given, "expect": expect})


def refused(name, about, given, faults, report=None):
    """`faults`: (code, field, rule) in the order of the body; the error has the code of the first."""
    expect = {"error": {"code": faults[0][0], "category": "validation", "wire": "not_sent", "fields": [f[1] for f in faults]}}
    if report is not None:
        findings, images = report
        expect["report"] = {"findings": findings, "images": images}
    VECTORS.append({"name": name, "about": about, "input": given, "expect": expect})


def broken(name, about, file, code, rule, at="document_front", how="path"):
    """One image of three is at fault."""
    source = image(file, how) if isinstance(file, str) else file
    field = f"videoid_data.images.{at}"
    images = [i for i in THREE_INFO if i["name"] != at]
    given = {**SOUND, at: source}
    refused(name, about, given, [(code, field, rule)], ([error_finding(code, field, rule)], images))


built("minimal", "nothing given: every object is there and empty, and all is advised", {}, ([warning(*f) for f in ALL_MISSING], []), True)
built(
    "all_fields", "every documented field, four images", {**SOUND, "document_photo": image("photo.jpg")},
    ([], [THREE_INFO[0], THREE_INFO[1], info("document_photo", "photo.jpg", "jpeg", 72, 90), THREE_INFO[2]]), True,
)
built("from_bytes", "the same body from bytes as from paths", {**SOUND, **{n: {**THREE[n], "as": "bytes"} for n in THREE}}, ([], THREE_INFO))
built(
    "passport", "a passport has no rear",
    {**{k: v for k, v in SOUND.items() if k != "document_rear"}, "ocr_data": {**FULL_OCR, "id_document_type": "PAS"}},
    ([], [THREE_INFO[0], THREE_INFO[2]]), True,
)
built(
    "identity_card_without_rear", "advice, not refusal", {k: v for k, v in SOUND.items() if k != "document_rear"},
    ([warning(*NO_REAR)], [THREE_INFO[0], THREE_INFO[2]]),
)
built("similarity_word", "a word is sent as given", {**SOUND, "similarity_level": "high"}, ([], THREE_INFO))
built("similarity_zero", "the lowest number", {**SOUND, "similarity_level": 0}, ([], THREE_INFO))
built("similarity_hundred", "the highest number", {**SOUND, "similarity_level": 100}, ([], THREE_INFO))
built(
    "unicode_and_escapes", "text of other alphabets stays as it is; only what JSON wants is escaped",
    {
        "acceptance": {"description": "Zgoda \"A\" \\ \u00e9\u4e2d\U0001f600 </script> \u2028", "date": 1622823879708},
        "ocr_data": {"given_name": "\u00c5SA \u0141UCJA", "surname_1": "\u0395\u03a1\u0399\u039a\u03a3\u039f\u039d", "surname_2": "\u0420\u0418\u041a"},
    },
    ([warning(*f) for f in [NO_FRONT, NO_REAR, NO_OWNER, NO_CHECKS, NO_SIMILARITY]], []), True,
)
built(
    "control_characters", "sent escaped, and advised against",
    {**SOUND, "ocr_data": {**FULL_OCR, "given_name": "ANNA\tMARIA\n\u0001\u001f\u007f"}},
    ([warning("field_invalid", "videoid_data.ocr_data.given_name", "no control characters")], THREE_INFO),
)
built(
    "further_keys", "the service calls four objects customizable: further keys are kept, in the order of their names",
    {
        **THREE,
        "acceptance": {**FULL_ACCEPTANCE, "zz-version": "3", "consent": {"b": [1, {"z": None, "a": True}], "a": -5}},
        "ocr_data": {**FULL_OCR, "sex": "F", "birth_date": "02/01/1985"},
        "security_checks": {"liveliness": {"passed": True, "provenance": "asserted"}, "screen_replay": False, "area": {"y": 1, "x": 2}},
        "similarity_level": 87,
        "extra": {"session": "b-7", "device": {"os": "x", "model": "y"}, "attempts": 2},
    },
    ([], THREE_INFO), True,
)
built(
    "png", "the format is that of the bytes", {**SOUND, "document_front": image("front.png")},
    ([], [info("document_front", "front.png", "png", 64, 40), *THREE_INFO[1:]]),
)
built(
    "padding", "images of each remainder by three",
    {**SOUND, "document_front": image("padded0.jpg"), "document_rear": image("padded1.jpg"), "document_owner": image("padded2.jpg")},
    ([], [
        info("document_front", "padded0.jpg", "jpeg", 160, 100),
        info("document_rear", "padded1.jpg", "jpeg", 160, 100),
        info("document_owner", "padded2.jpg", "jpeg", 160, 100),
    ]),
)
built(
    "trailing_bytes", "bytes after the end of an image are advised against",
    {**SOUND, "document_front": image("trailing.jpg")},
    ([warning("field_invalid", FRONT, "no bytes after the end of the image")],
     [info("document_front", "trailing.jpg", "jpeg", 160, 100), *THREE_INFO[1:]]),
)
built(
    "provenance", "only booleans are sent, wherever they come from",
    {
        **SOUND,
        "security_checks": {
            "otp_validation": {"passed": True, "provenance": "asserted"},
            "documents_match": {"passed": True, "provenance": "attested", "by": "a vendor"},
            "data_integrity": {"passed": True, "provenance": "computed", "by": "icao-9303-check-digits"},
            "document_notcopy": {"passed": False, "provenance": "asserted"},
            "document_notexpired": {"passed": False, "provenance": "computed"},
            "liveliness": {"passed": True, "provenance": "attested"},
        },
    },
    ([
        warning("field_missing", "videoid_data.security_checks.document_notexpired", "by which rule it was computed"),
        warning("field_missing", "videoid_data.security_checks.liveliness", "by whom it is attested"),
    ], THREE_INFO),
)
built(
    "front_as_rear", "the same bytes for both sides", {**SOUND, "document_rear": image("front.jpg", "bytes")},
    ([warning("field_invalid", REAR, "another image than the front")],
     [THREE_INFO[0], info("document_rear", "front.jpg", "jpeg", 160, 100), THREE_INFO[2]]),
)
built(
    "advice_on_data", "what looks wrong is advised against, and sent",
    {
        **SOUND,
        "acceptance": {**FULL_ACCEPTANCE, "date": 1622823879},
        "ocr_data": {**FULL_OCR, "email": "anna", "id_document_type": "DNI", "id_document_country": "UTO"},
    },
    ([
        warning("field_invalid", "acceptance.date", "milliseconds since 1970, not seconds or another unit"),
        warning("field_invalid", "videoid_data.ocr_data.email", "an e-mail address"),
        warning("field_invalid", "videoid_data.ocr_data.id_document_type", "one of IDC, PAS, PNO, TIN"),
        warning("field_invalid", "videoid_data.ocr_data.id_document_country", "two letters, ISO 3166-1 alpha-2"),
    ], THREE_INFO),
)
built(
    "phone_forms", "a prefix with zeros, and signs between the digits, are sent as given",
    {**SOUND, "ocr_data": {**FULL_OCR, "mobile_phone_number": "0034 (600) 00-00.00"}}, ([], THREE_INFO),
)

refused("strict_and_missing", "strict turns all advice into refusal", {"strict": True}, ALL_MISSING, ([error_finding(*f) for f in ALL_MISSING], []))
refused(
    "similarity_101", "above the highest number", {**SOUND, "similarity_level": 101}, [("field_invalid", SIMILARITY, SIMILARITY_RULE)],
    ([error_finding("field_invalid", SIMILARITY, SIMILARITY_RULE)], THREE_INFO),
)
refused("similarity_negative", "below the lowest number", {**SOUND, "similarity_level": -1}, [("field_invalid", SIMILARITY, SIMILARITY_RULE)])
refused("similarity_empty_word", "no word at all", {**SOUND, "similarity_level": ""}, [("field_invalid", SIMILARITY, SIMILARITY_RULE)])
refused(
    "phone_without_prefix", "the service wants the international prefix",
    {**SOUND, "ocr_data": {**FULL_OCR, "mobile_phone_number": "600000000"}},
    [("field_invalid", "videoid_data.ocr_data.mobile_phone_number", "")],
    ([error_finding("field_invalid", "videoid_data.ocr_data.mobile_phone_number", "international prefix: + or 00 and the country code")], THREE_INFO),
)
refused(
    "key_given_twice", "a further key must not stand for a field", {**SOUND, "extra": {"images": {}, "similarity_level": 3}},
    [("field_invalid", "videoid_data.images", ""), ("field_invalid", SIMILARITY, "")],
)
broken("file_missing", "there is no such file", "there-is-no-such-file.jpg", "source_unreadable", "the file does not exist")
broken("file_empty", "no bytes", "empty.jpg", "source_empty", "no bytes")
broken("bytes_empty", "no bytes, in memory", "empty.jpg", "source_empty", "no bytes", how="bytes")
broken("no_image", "text under the name of an image", "text.jpg", "image_unrecognised", "a JPEG or PNG image")
broken("heic", "said so", "photo.heic", "image_heic", "a JPEG or PNG image; this is HEIC or HEIF, convert it to JPEG")
broken("jpeg_cut", "cut short", "cut.jpg", "image_damaged", "cut short", "document_rear")
broken("jpeg_without_end", "only the end marker is missing", "noend.jpg", "image_damaged", "cut short", "document_owner")
broken("png_cut", "cut short", "cut.png", "image_damaged", "cut short")
broken("png_flipped_bit", "a checksum does not match", "flipped.png", "image_damaged", "damaged: a chunk whose checksum does not match", how="bytes")
refused(
    "several_faults", "one error names every field at fault, in the order of the body",
    {
        **SOUND,
        "document_front": image("photo.heic"),
        "document_rear": image("empty.jpg"),
        "ocr_data": {**FULL_OCR, "mobile_phone_number": "6"},
        "similarity_level": 101,
    },
    [("image_heic", FRONT, ""), ("source_empty", REAR, ""), ("field_invalid", "videoid_data.ocr_data.mobile_phone_number", ""), ("field_invalid", SIMILARITY, "")],
)


def main():
    for old in HERE.glob("*.json"):
        old.unlink()
    for vector in VECTORS:
        text = json.dumps(vector, ensure_ascii=True, indent=2) + "\n"
        (HERE / f"{vector['name']}.json").write_text(text)
    print(len(VECTORS), "vectors")


if __name__ == "__main__":
    main()
