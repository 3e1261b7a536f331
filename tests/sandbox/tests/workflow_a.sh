#!/usr/bin/env bash
# Workflow A of the RA API, typed by hand with curl as the vendor's guide shows it, against the sandbox program.
# Usage: bash workflow_a.sh path/to/videoid-sandbox
set -euo pipefail

sandbox=${1:?usage: workflow_a.sh path/to/videoid-sandbox}
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$(cd "$here/../../fixtures" 2>/dev/null && pwd || true)
work=$(mktemp -d)
pid=
checks=0
cleanup() {
  if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

fail() { echo "FAILED: $1" >&2; [ -f "$work/answer" ] && head -c 600 "$work/answer" >&2; exit 1; }
# check WHAT STATUS JQ-EXPRESSION: the last answer has this HTTP status, and the expression is true for its body.
check() {
  [ "$status" = "$2" ] || fail "$1: HTTP $status instead of $2"
  jq -e "$3" "$work/answer" >/dev/null || fail "$1: $3"
  checks=$((checks + 1))
  echo "ok $checks - $1"
}
call() { status=$(curl -sS -o "$work/answer" -w '%{http_code}' "$@"); }

# The specimen evidence of the fixtures, or pictures of our own where they are missing.
for name in document_front document_rear document_photo document_owner; do
  if [ -f "$fixtures/specimen/$name.jpg" ]; then
    cp "$fixtures/specimen/$name.jpg" "$work/$name.jpg"
  else
    ffmpeg -v error -f lavfi -i testsrc=size=320x200 -frames:v 1 "$work/$name.jpg"
  fi
done
if [ -f "$fixtures/specimen.mp4" ]; then
  cp "$fixtures/specimen.mp4" "$work/file.mp4"
else
  ffmpeg -v error -f lavfi -i testsrc=size=320x200:rate=5 -t 1 "$work/file.mp4"
fi

"$sandbox" --pki-dir "$work/pki" --mutual-tls >"$work/ready" &
pid=$!
for _ in $(seq 100); do [ -s "$work/ready" ] && break; sleep 0.05; done
[ -s "$work/ready" ] || fail "the sandbox is not ready after 5 seconds"
api=$(jq -r .ra_url "$work/ready")
lima=$(jq -r .upload_url "$work/ready")
control=$(jq -r .control_url "$work/ready")
ra=$(jq -r .ra.id "$work/ready")
credentials=$(jq -c .rao "$work/ready")
tls=(--cacert "$work/pki/ca.pem" --cert "$work/pki/client.pem" --key "$work/pki/client.key")
json=(-H 'Content-Type: application/json')

if curl -sS --cacert "$work/pki/ca.pem" "$api/requests/" >/dev/null 2>&1; then fail "a caller without certificate was let in"; fi
checks=$((checks + 1)); echo "ok $checks - without a client certificate the door is shut"

# 1. The first unused scratchcard: a GET with a JSON body.
call "${tls[@]}" -X GET "$api/scratchcards/get_first_unused/" "${json[@]}" -d "{\"ra\":\"$ra\"}"
check "scratchcard" 200 '.sn and .pk and (.secrets | fromjson | .erc) and .registration_authority == 121'
sn=$(jq -r .sn "$work/answer")

# 2. Create the request.
call "${tls[@]}" -X POST "$api/requests/" "${json[@]}" -d "{
  \"profile\": \"PFnubeQAFCiudadano\", \"scratchcard\": \"$sn\", \"registration_authority\": \"$ra\",
  \"secure_element\": \"2\", \"validity_time\": 1825, \"country_name\": \"UT\", \"id_document_type\": \"IDC\",
  \"id_document_country\": \"UT\", \"serial_number\": \"L898902C3\", \"given_name\": \"ANNA MARIA\", \"surname_1\": \"ERIKSSON\",
  \"email\": \"anna@example.com\", \"mobile_phone_number\": \"+34600000000\", \"videoid_mode\": 1}"
check "create" 201 '.status == "VIDEOPENDING" and .videoid_mode == true and (keys | length) >= 80'
request=$(jq -r .pk "$work/answer")

call "${tls[@]}" -X POST "$api/requests/" "${json[@]}" -d "{\"profile\":\"PFnubeNC\",\"scratchcard\":\"$sn\",\"registration_authority\":\"$ra\",\"email\":\"anna@example.com\"}"
check "a card is used once" 500 '.code == "500" and .error == "Invalid ScratchCard" and (.id | test("^[0-9a-f]{16}$"))'

call "${tls[@]}" "$api/requests/$request/"
check "the identifier of the video" 200 '.videoid_data.video_identifier | test("^[0-9a-f-]{36}$")'
video=$(jq -r .videoid_data.video_identifier "$work/answer")

# 3. Data evidence.
for name in document_front document_rear document_photo document_owner; do base64 -w0 "$work/$name.jpg" >"$work/$name.b64"; done
jq -n --rawfile front "$work/document_front.b64" --rawfile rear "$work/document_rear.b64" \
  --rawfile photo "$work/document_photo.b64" --rawfile owner "$work/document_owner.b64" '{
  acceptance: {description: "User accepts", "url-doc-privacypolicy": "https://example.com/privacy", "url-doc-termsconditions": "https://example.com/terms",
    "url-web-videoid": "https://example.com/videoid", ip: "192.0.2.1", "user-agent": "curl", date: 1622823879708},
  videoid_data: {
    images: {document_front: $front, document_rear: $rear, document_photo: $photo, document_owner: $owner},
    ocr_data: {given_name: "ANNA MARIA", surname_1: "ERIKSSON", serial_number: "L898902C3", id_document_type: "IDC", id_document_country: "UT"},
    security_checks: {otp_validation: true, documents_match: true, data_integrity: true, document_notcopy: true,
      document_notexpired: true, document_notunderage: true, liveliness: true},
    similarity_level: "high"}}' >"$work/evidence.json"
call "${tls[@]}" -X PUT "$api/videoid/$request" "${json[@]}" --data-binary "@$work/evidence.json"
check "data evidence" 200 '.status == "200 OK"'

# 4. The video, on its own host.
call --cacert "$work/pki/ca.pem" -X POST "$lima/v1/upload/video/$video/" -F other=x
check "no video" 400 '.title == "Upload Video Error" and .description == "No video file provided"'
call --cacert "$work/pki/ca.pem" -X POST "$lima/v1/upload/video/${video//-/}/" -F "video=@$work/file.mp4"
check "video" 200 '.status == "200 OK"'
call "${tls[@]}" "$api/requests/$request/"
check "all evidence is there" 200 '.status == "VIDEOREVIEW" and (.videoid_data.data.security_checks[0] == ["OTP validation", true])'
jq -r .videoid_data.data.images.document_front "$work/answer" | base64 -d | cmp - "$work/document_front.jpg" || fail "the image read back differs"
curl -sS "${tls[@]}" "$api/download/video/$video/" | cmp - "$work/file.mp4" || fail "the video read back differs"

# 5. Validate.
call "${tls[@]}" -X POST "$api/requests/$request/validate_videoid/" "${json[@]}" -d '{"username":"x","password":"x","pin":"x","rao_id":"1400"}'
check "wrong officer" 500 '.error == "Rao matching query does not exist."'
call "${tls[@]}" -X POST "$api/requests/$request/validate_videoid/" "${json[@]}" -d "$credentials"
check "validate" 200 '.request.status == "CREATED" and .request.videoid_data.status == "VALIDATED" and .secrets.pin'

# 6. Declaration, contract, approve.
call "${tls[@]}" -X POST "$api/requests/$request/generates_tbs_receipt/" "${json[@]}" -d '{"rao":"1400","type":"APPROVE"}'
check "declaration" 200 '.serial_number == "L898902C3" and (.receipt | contains("\r\n"))'
call "${tls[@]}" -X POST "$api/requests/$request/pl_get_document/" "${json[@]}" -d '{"type":"contract","rao_id":"1400"}'
check "contract" 200 '.[0].type == "contract" and (.[0].document | contains("\n"))'
jq -r '.[0].document' "$work/answer" | base64 -d >"$work/contract.pdf"
if command -v pdftotext >/dev/null; then
  pdfinfo "$work/contract.pdf" >/dev/null
  pdftotext "$work/contract.pdf" - | grep -q "Request: $request" || fail "the contract does not name the request"
fi
call "${tls[@]}" -X POST "$api/requests/$request/generate_document/" "${json[@]}" -d '{"doctype":"contract"}'
check "contract as text" 200 '.document | startswith("%PDF-1.4")'
call "${tls[@]}" -X POST "$api/requests/$request/pl_approve/" "${json[@]}" -d "$(jq -c '. + {lang: "es"}' <<<"$credentials")"
check "approve" 200 '.request.status == "ENROLLREADY" and .secrets.puk and .secrets.enrollment_code and .secrets.erc'

# 7. The link for the user.
call "${tls[@]}" -X POST "$api/requests/$request/preauthlink/"
check "pre-authenticated link" 200 '.preauthenticatedlink | test("/lcmpl/enrollment/auth/[0-9a-f]{32}$")'
call "${tls[@]}" "$api/requests/?scratchcard=$sn"
check "the request is found by its card" 200 ".count == 1 and .results[0].pk == $request and .results[0].status == \"ENROLLREADY\""
call "${tls[@]}" -X DELETE "$api/requests/$request/cancel/"
check "too late to cancel" 412 '.code == "412" and .error == "Invalid request status"'
call "$control/received"
check "nothing personal is shown" 200 'tostring | contains("ERIKSSON") | not'

echo "workflow A ends at ENROLLREADY: $checks checks passed"
