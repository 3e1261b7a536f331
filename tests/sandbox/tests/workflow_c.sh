#!/usr/bin/env bash
# Workflows C (eIDAS) and D (External) of the One-Shot API, typed by hand with curl as the vendor's guides show them,
# in both dialects, from create to the signed PDF that pdfsig accepts.
# Usage: bash workflow_c.sh path/to/videoid-sandbox
# Needs curl, jq, and the packages poppler-utils and libnss3-tools.
set -euo pipefail

sandbox=${1:?usage: workflow_c.sh path/to/videoid-sandbox}
here=$(cd "$(dirname "$0")" && pwd)
fixtures=$(cd "$here/../../fixtures" && pwd)
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
  echo "ok $checks - $dialect: $1"
}
call() { status=$(curl -sS -o "$work/answer" -w '%{http_code}' "$@"); }
# bytes WHAT FILE MAGIC: the last answer is a file that begins so.
bytes() {
  [ "$status" = 200 ] || fail "$1: HTTP $status"
  head -c ${#3} "$work/answer" | grep -qF "$3" || fail "$1: it does not begin with $3"
  cp "$work/answer" "$2"
  checks=$((checks + 1))
  echo "ok $checks - $dialect: $1"
}

"$sandbox" --pki-dir "$work/pki" >"$work/ready" &
pid=$!
for _ in $(seq 100); do [ -s "$work/ready" ] && break; sleep 0.05; done
[ -s "$work/ready" ] || fail "the sandbox is not ready after 5 seconds"
origin=$(jq -r .one_shot_url "$work/ready")
control=$(jq -r .control_url "$work/ready")
token=$(jq -r .one_shot.token "$work/ready")
rao=$(jq -c '.rao | {username, password, pin, rao: .rao_id}' "$work/ready")
billing_username=$(jq -r .one_shot.billing.username "$work/ready")
billing_password=$(jq -rj .one_shot.billing.password "$work/ready" | base64)
json=(-H 'Content-Type: application/json')

create_body() {
  jq -n --arg ra "$1" --arg user "$billing_username" --arg password "$billing_password" \
    '{mobile_phone_number: "+34600000000", email: "anna@example.com", registration_authority: $ra, profile: "PFnubeQAFCiudadano",
      billing_username: $user, billing_password: $password, env: "sandbox"}'
}
# Base64 of large files does not fit into an argument: it goes through files.
for name in document_front document_rear document_photo document_owner; do
  base64 -w0 "$fixtures/specimen/$name.jpg" >"$work/$name.b64"
done
jq -n --rawfile front "$work/document_front.b64" --rawfile rear "$work/document_rear.b64" \
  --rawfile photo "$work/document_photo.b64" --rawfile owner "$work/document_owner.b64" '{
  acceptance: {description: "User accepts", "url-doc-privacypolicy": "https://example.com/privacy",
    "url-doc-termsconditions": "https://example.com/terms", "url-web-videoid": "https://example.com", ip: "192.0.2.1",
    "user-agent": "curl", date: 1622823879708},
  videoid_data: {
    images: {document_front: $front, document_rear: $rear, document_photo: $photo, document_owner: $owner},
    ocr_data: {given_name: "ANNA MARIA", surname_1: "ERIKSSON", serial_number: "L898902C3", mobile_phone_number: "+34600000000",
      email: "anna@example.com", id_document_type: "IDC", id_document_country: "ES"},
    security_checks: {otp_validation: true, documents_match: true, data_integrity: true, document_notcopy: true,
      document_notexpired: true, document_notunderage: true, liveliness: true},
    similarity_level: "high"}}' >"$work/evidence.json"

# pdfsig trusts whom this database trusts.
mkdir "$work/nss"
certutil -N --empty-password -d "sql:$work/nss"
certutil -A -n sandbox -t CT,C,C -d "sql:$work/nss" -i "$work/pki/signing-ca.pem"

# From VIDEOREVIEW to the signed document. $1: request_pk, $2: path of approve, $3: its body.
finish() {
  local request=$1
  call -X POST "$api/$2" "${json[@]}" -d "$3"
  check "approve" 200 "$text == \"Request approved successfully\""
  call "$api/request/$request"
  check "the request is ready" 200 "$data.status == \"ENROLLREADY\""
  if [ "$dialect" = current ]; then call "$api/contract/$request"; else call "$api/document/$request/contract"; fi
  bytes "the contract" "$work/contract.pdf" %PDF-
  pdftotext "$work/contract.pdf" - | grep -q "Request: $request" || fail "the contract does not name the request"
  call -X POST "$api/document/$request" -F "file=@$work/contract.pdf;type=application/pdf"
  if [ "$dialect" = current ]; then
    check "a document" 200 '.detail.name == "file" and .detail.uid'
    uid=$(jq -r .detail.uid "$work/answer")
  else
    check "a document" 200 '.details | test("^[0-9a-f]{32}$")'
    uid=$(jq -r .details "$work/answer")
  fi
  call -X POST "$api/document/$request" -F "file=@$work/evidence.json;filename=text.pdf"
  check "a text is no PDF" 415 ".status != \"success\""
  call -X POST "$api/otp/$request"
  check "a password is sent" 200 "$text == \"OTP generated\""
  call -X POST "$api/otp/$request"
  check "once a minute" 412 "$error | endswith(\"Otp generated less than a minute ago\")"
  call -X POST "$api/sign/$request" "${json[@]}" -d '{"secret":"wrong"}'
  check "a wrong password" 403 "$error == \"Confirmation Code invalid\""
  secret=$(curl -sS "$control/one-shot/requests/$request/otp" | jq -r .otp)
  call -X POST "$api/sign/$request" "${json[@]}" \
    -d "{\"secret\":\"$secret\",\"use_signature_text\":true,\"options\":{\"$uid\":{\"position\":\"350,60,550,120\",\"page\":0}}}"
  check "sign" 200 "$text == \"Documents correctly signed\""
  call -X POST "$api/sign/$request" "${json[@]}" -d "{\"secret\":\"$secret\"}"
  check "not twice" 412 "$error == \"Request already in ISSUED status\""
  if [ "$dialect" = current ]; then
    call "$api/document/$request/$uid?document_type=signed"
  else
    call "$api/document/$request/signed/$uid"
  fi
  bytes "the signed document" "$work/signed.pdf" %PDF-
  pdfsig -nssdir "sql:$work/nss" "$work/signed.pdf" >"$work/said"
  for wanted in 'Signature is Valid' 'Certificate is Trusted' 'Total document signed' 'ETSI.CAdES.detached'; do
    grep -q "$wanted" "$work/said" || { cat "$work/said" >&2; fail "pdfsig does not say: $wanted"; }
  done
  pdftotext "$work/signed.pdf" - | grep -q "ANNA MARIA ERIKSSON" || fail "the signature is not seen"
  # One byte of the page changed: the digest no longer fits.
  at=$(grep -abo 'Request: ' "$work/signed.pdf" | head -1 | cut -d: -f1)
  cp "$work/signed.pdf" "$work/changed.pdf"
  printf 'X' | dd of="$work/changed.pdf" bs=1 seek="$at" conv=notrunc status=none
  pdfsig -nssdir "sql:$work/nss" "$work/changed.pdf" >"$work/said" 2>&1 || true
  if grep -q 'Signature is Valid' "$work/said"; then fail "a changed document passes"; fi
  if [ "$dialect" = current ]; then call -X DELETE "$api/document/$request"; else call -X DELETE "$api/documents/$request"; fi
  check "documents are deleted" 200 "$text"
  call "$api/documents/$request"
  check "none is left" 200 "$data == {}"
  call "$api/request/$request"
  check "issued" 200 "$data.status == \"ISSUED\""
}

for dialect in current legacy; do
  if [ "$dialect" = current ]; then
    api="$origin/oneshot/api/v1" data=.detail text=.message error=.message created=.detail
  else
    api="$origin/api/v1" data=.details text=.details error=.details created=.details
  fi
  call "$api/hello"
  check "hello" 200 "$text == \"Hello\""

  # C. eIDAS VideoID: the user identifies on the page.
  call -X POST "$api/videoid" "${json[@]}" -d "$(create_body 123)"
  check "an authority without VideoID" 400 "$error == \"Videoid not enabled for Registration Authority 123\""
  call -X POST "$api/videoid" "${json[@]}" -d "$(create_body 121 | jq '.billing_password = "in clear"')"
  check "a billing password in clear" 500 "$error | startswith(\"Billing credentials not valid\")"
  call -X POST "$api/videoid" "${json[@]}" -d "$(create_body 121)"
  check "create" 200 "$created.videoid_pk and $created.request_pk and $created.videoid_link"
  request=$(jq -r "$created.request_pk" "$work/answer") videoid=$(jq -r "$created.videoid_pk" "$work/answer")
  link=$(jq -r "$created.videoid_link" "$work/answer")
  curl -sS "$link" | grep -q 'value="finish"' || fail "the page has no button to finish"
  curl -sS -o /dev/null -d outcome=leave "$link"
  call "$api/request/$request"
  check "the user left" 200 "$data.status == \"VIDEOINCOMPLETE\""
  curl -sS -o /dev/null -d outcome=finish "$link"
  call "$api/request/$request"
  check "the user finished" 200 "$data.status == \"VIDEOREVIEW\""
  if [ "$dialect" = current ]; then approve="videoid/$videoid/approve"; else approve="request/$request/approve"; fi
  finish "$request" "$approve" "{\"token\":\"$token\",\"rao\":\"1400\"}"

  # D. External VideoID: the evidence is the caller's.
  call -X POST "$api/videoid" "${json[@]}" -d "$(create_body 122)"
  check "create" 200 "$created.videoid_link == \"\""
  request=$(jq -r "$created.request_pk" "$work/answer") videoid=$(jq -r "$created.videoid_pk" "$work/answer")
  if [ "$dialect" = current ]; then
    evidences="videoid/$videoid/evidences" video="videoid/$videoid/video" download=$video approve="videoid/$videoid/approve"
  else
    evidences="videoid/$request/evidences" video="$evidences/video" download="videoid/$request/download/video" approve="request/$request/approve"
  fi
  call -X POST "$api/$evidences" "${json[@]}" -d '{"acceptance": ES}'
  if [ "$dialect" = current ]; then
    check "broken JSON" 422 '.detail[0].type == "json_invalid"'
  else
    check "broken JSON" 400 '.status == "Invalid JSON"'
  fi
  call -X POST "$api/$evidences" "${json[@]}" --data-binary "@$work/evidence.json"
  check "data evidence" 200 "$text == \"Videoid evidences uploaded\""
  call -X POST "$api/$video" -F "video=@$work/evidence.json;type=video/mp4"
  check "not a video" 400 "$error"
  call "$api/request/$request"
  check "a failed upload" 200 "$data.status == \"VIDEOERROR\""
  call -X POST "$api/$video" -F "video=@$fixtures/specimen.mp4;type=video/mp4"
  check "video" 200 "$text == \"Videoid video upload completed\""
  call "$api/$download"
  [ "$status" = 200 ] && cmp "$work/answer" "$fixtures/specimen.mp4" || fail "the video read back differs"
  call "$api/request/$request"
  check "all evidence is there" 200 "$data.status == \"VIDEOREVIEW\""
  jq -r "$data.videoid_data.data.images.document_front" "$work/answer" | base64 -d | cmp - "$fixtures/specimen/document_front.jpg" ||
    fail "the image read back differs"
  call -X POST "$api/$approve" "${json[@]}" -d '{"username":"x","password":"x","pin":"x","rao":"1400"}'
  check "wrong officer" 403 "$error == \"Invalid RAO credentials\""
  finish "$request" "$approve" "$rao"
done

call "$control/received"
check "nothing personal is shown" 200 'tostring | (contains("ERIKSSON") or contains("anna@") or contains("3DPTm")) | not'
echo "workflows C and D end at the signed document in both dialects: $checks checks passed"
