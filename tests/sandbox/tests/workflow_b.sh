#!/usr/bin/env bash
# Workflow B of the RA API (eIDAS VideoID for an organisation's profile) and the classic workflow, typed by hand with curl as the
# vendor's guide shows them, against the sandbox program.
# Usage: bash workflow_b.sh path/to/videoid-sandbox
set -euo pipefail

sandbox=${1:?usage: workflow_b.sh path/to/videoid-sandbox}
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
for name in document_front document_rear document_owner; do
  if [ -f "$fixtures/specimen/$name.jpg" ]; then
    cp "$fixtures/specimen/$name.jpg" "$work/$name.jpg"
  else
    ffmpeg -v error -f lavfi -i testsrc=size=320x200 -frames:v 1 "$work/$name.jpg"
  fi
done
printf '%%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%%%EOF\n' >"$work/deed.pdf"

"$sandbox" --pki-dir "$work/pki" --tls >"$work/ready" &
pid=$!
for _ in $(seq 100); do [ -s "$work/ready" ] && break; sleep 0.05; done
[ -s "$work/ready" ] || fail "the sandbox is not ready after 5 seconds"
api=$(jq -r .ra_url "$work/ready")
control=$(jq -r .control_url "$work/ready")
ra=$(jq -r .ra.id "$work/ready")
credentials=$(jq -c .rao "$work/ready")
tls=(--cacert "$work/pki/ca.pem")
json=(-H 'Content-Type: application/json')

card() {
  call "${tls[@]}" -X GET "$api/scratchcards/get_first_unused/" "${json[@]}" -d "{\"ra\":\"$ra\"}"
  check "scratchcard" 200 '.sn and .pk'
  sn=$(jq -r .sn "$work/answer")
}
isused() { curl -sS "${tls[@]}" -X POST "$api/scratchcards/isused/" "${json[@]}" -d "{\"sn\":\"$sn\"}"; }
# papers_and_approve: declaration, contract, approve and link, as both workflows end.
papers_and_approve() {
  call "${tls[@]}" -X POST "$api/requests/$request/generates_tbs_receipt/" "${json[@]}" -d '{"rao":"1400","type":"APPROVE"}'
  check "declaration" 200 '.serial_number == "L898902C3" and (.receipt | contains("\r\n"))'
  call "${tls[@]}" -X POST "$api/requests/$request/pl_get_document/" "${json[@]}" -d '{"type":"contract","rao_id":"1400"}'
  check "contract" 200 '.[0].type == "contract"'
  jq -r '.[0].document' "$work/answer" | base64 -d | head -c 5 | grep -q '%PDF-' || fail "the contract is no PDF"
  call "${tls[@]}" -X POST "$api/requests/$request/pl_approve/" "${json[@]}" -d "$(jq -c '. + {lang: "es"}' <<<"$credentials")"
  check "approve" 200 '.request.status == "ENROLLREADY" and .secrets.pin'
  call "${tls[@]}" -X POST "$api/requests/$request/preauthlink/"
  check "pre-authenticated link" 200 '.preauthenticatedlink | test("/lcmpl/enrollment/auth/")'
}

# --- eIDAS VideoID: the user identifies on the vendor's page. ---
call -X PUT "$control/settings" "${json[@]}" -d '{"external_auth": false}'
check "the RA has no external identification" 200 '.external_auth == false'
card
[ "$(isused)" = false ] || fail "a fresh card counts as used"
call "${tls[@]}" -X POST "$api/requests/" "${json[@]}" -d "{
  \"profile\": \"PFnubeQAFEmpresa\", \"scratchcard\": \"$sn\", \"registration_authority\": \"$ra\", \"secure_element\": \"2\",
  \"validity_time\": 1825, \"email\": \"anna@example.com\", \"mobile_phone_number\": \"+34600000000\", \"videoid_mode\": 1}"
check "create" 201 '.status == "VIDEOPENDING" and (.videoid_data.videoid_link | test("/lcmpl/videoid/[0-9a-f]{32}$"))'
request=$(jq -r .pk "$work/answer")
link=$(jq -r .videoid_data.videoid_link "$work/answer")
[ "$(isused)" = true ] || fail "a used card counts as fresh"
call "${tls[@]}" -X PUT "$api/videoid/$request" "${json[@]}" -d '{"acceptance":{},"videoid_data":{"images":{},"ocr_data":{},"security_checks":{}}}'
check "evidence is not the caller's to bring" 403 '.detail'
curl -sS "${tls[@]}" "$link" | grep -q 'value="finish"' || fail "the page has no form"
curl -sS "${tls[@]}" "$link" -d action=leave | grep -q VIDEOINCOMPLETE || fail "leaving the page does not show"
curl -sS "${tls[@]}" "$link" -d action=finish | grep -q VIDEOREVIEW || fail "finishing on the page does not show"
call "${tls[@]}" -X POST "$api/requests/$request/validate_videoid/" "${json[@]}" -d "$credentials"
check "the vendor's operator validates, not ours" 403 '.detail'
call -X POST "$control/requests/$request/operator" "${json[@]}" -d '{"action":"validate"}'
check "validated, and not a natural person" 200 '.status == "CREATED" and .flow == "eidas_videoid"'

# What an organisation adds: fields, and papers.
call "${tls[@]}" "$api/requests/$request/validate/"
check "fields are missing" 200 'index([["organization_name", "missing"]]) != null and index([["given_name", "missing"]]) == null'
update="{\"profile\": \"PFnubeQAFEmpresa\", \"scratchcard\": \"$sn\", \"registration_authority\": \"$ra\", \"email\": \"anna@example.com\",
  \"country_name\": \"UT\", \"title\": \"Engineer\", \"responsible_name\": \"ANNA MARIA\", \"responsible_first_surname\": \"ERIKSSON\",
  \"responsible_serial\": \"L898902C3\", \"organization_email\": \"anna@example.com\", \"organization_country\": \"UT\",
  \"organization_tax_number\": \"U0000000\", \"organization_name\": \"UTOPIA EXAMPLE\"}"
call "${tls[@]}" -X PUT "$api/requests/$request/" "${json[@]}" -d "$(jq -c 'del(.country_name)' <<<"$update")"
check "an update names five fields" 400 '.detail | contains("country_name")'
call "${tls[@]}" -X PUT "$api/requests/$request/" "${json[@]}" -d "$(jq -c '. + {given_name: "BERTA"}' <<<"$update")"
check "what the video showed stays" 412 '.code == "415" and (.error | contains("given_name"))'
call "${tls[@]}" -X PUT "$api/requests/$request/" "${json[@]}" -d "$update"
check "update" 200 '.organization_name == "UTOPIA EXAMPLE" and .status == "CREATED"'
call "${tls[@]}" "$api/requests/$request/validate/"
check "nothing is missing" 200 '. == []'
call "${tls[@]}" -X POST "$api/requests/$request/pl_approve/" "${json[@]}" -d "$credentials"
check "papers are missing" 400 '. == {"error": "Missing required docs"}'
# The old guide's method; the description says POST.
call "${tls[@]}" -X PUT "$api/requests/$request/upload_videoid_evidence/" -F "document=@$work/deed.pdf" -F label=deed
check "evidence document" 201 '.type == "videoid_evidence" and .pk'
papers_and_approve
call -X POST "$control/requests/$request/user" "${json[@]}" -d '{"action":"enrol"}'
check "the user enrols" 200 '.status == "ISSUED" and .certificate.serial_number'
call "${tls[@]}" "$api/requests/$request/renewal_status/"
check "renewal" 200 '.request_is_renewable == true'
call "${tls[@]}" -X POST "$api/requests/$request/disable_renewal/"
check "no renewal" 200 '.status == "Renewal disabled for request"'

# --- Classic: documents, and no video. ---
card
call "${tls[@]}" -X POST "$api/requests/check_contact_data_limits/" "${json[@]}" -d '{"registration_authority": 121,
  "serial_number": "L898902C3", "email": "anna@example.com", "mobile_phone_number": "+34600000000"}'
check "contact data" 200 '.result == "ok"'
call "${tls[@]}" -X POST "$api/requests/" "${json[@]}" -d "{
  \"profile\": \"PFnubeQAFCiudadano\", \"scratchcard\": \"$sn\", \"registration_authority\": \"$ra\", \"secure_element\": \"2\",
  \"validity_time\": 1825, \"country_name\": \"UT\", \"id_document_type\": \"IDC\", \"id_document_country\": \"UT\",
  \"serial_number\": \"L898902C3\", \"given_name\": \"ANNA MARIA\", \"surname_1\": \"ERIKSSON\", \"email\": \"anna@example.com\",
  \"mobile_phone_number\": \"+34600000000\", \"paperless_mode\": 1}"
check "create" 201 '.status == "CREATED" and .paperless_mode == true and .videoid_data == null'
request=$(jq -r .pk "$work/answer")
for name in document_front document_rear document_owner; do
  call "${tls[@]}" -X POST "$api/requests/$request/pl_approve/" "${json[@]}" -d "$credentials"
  check "not yet" 400 '. == {"error": "Missing required docs"}'
  call "${tls[@]}" -X POST "$api/requests/$request/pl_upload_document/" -F "document=@$work/$name.jpg" -F "type=$name"
  check "$name" 201 ".type == \"$name\" and .pk"
done
call "${tls[@]}" -X POST "$api/requests/$request/pl_upload_document/" -F "document=@$work/ready;type=text/plain" -F type=extra_document
check "a text is no document" 500 '.error == "Invalid content_type"'
call "${tls[@]}" -X POST "$api/requests/$request/pl_upload_document/" -F "document=@$work/deed.pdf" -F type=passport
check "an unknown type" 412 '.code == "418" and .error == "Invalid paramiters"'
call "${tls[@]}" -X POST "$api/requests/$request/pl_upload_document/" -F "document=@$work/deed.pdf" -F type=extra_document
check "extra document" 201 '.type == "extra_document"'
document=$(jq -r .pk "$work/answer")
call "${tls[@]}" "$api/requests/$request/pl_get_documents/"
check "list of documents" 200 'map(.type) == ["document_front", "document_rear", "document_owner", "extra_document"]'
jq -r '.[0].document' "$work/answer" | base64 -d | cmp - "$work/document_front.jpg" || fail "the document read back differs"
call "${tls[@]}" -X POST "$api/requests/$request/pl_delete_document/" -F "docpk=$document"
check "delete" 200 '.status'
call "${tls[@]}" -X POST "$api/requests/$request/pl_delete_document/" -F "docpk=$document"
check "delete again" 404 ". == {\"error\": \"No documents found with id $document\"}"
papers_and_approve
call "$control/received"
check "nothing personal is shown" 200 'tostring | contains("ERIKSSON") | not'

echo "eIDAS and classic end at ENROLLREADY and beyond: $checks checks passed"
