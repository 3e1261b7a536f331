#!/usr/bin/env bash
# Makes the small images of the evidence vectors out of tests/fixtures/specimen: real JPEG and PNG files of a few kilobytes, and
# broken ones. Needs ffmpeg and python3. The files are committed; nothing in the build or the tests needs this script.
set -euo pipefail
cd "$(dirname "$0")"
specimen=../../../fixtures/specimen
small() { ffmpeg -v error -y -i "$specimen/$1" -vf "scale=$2" -pix_fmt "$3" -q:v 12 -bitexact -fflags +bitexact -flags +bitexact "$4"; }
small document_front.jpg 160:100 yuvj420p front.jpg
small document_rear.jpg 160:100 yuvj420p rear.jpg
small document_photo.jpg 72:90 yuvj420p photo.jpg
small document_owner.jpg 160:90 yuvj420p owner.jpg
small document_front.png 64:40 rgb24 front.png
python3 - <<'PY'
from pathlib import Path

jpeg, png = Path("front.jpg").read_bytes(), Path("front.png").read_bytes()
heic = bytes.fromhex("00000018") + b"ftypheic" + bytes(4) + b"mif1heic" + bytes.fromhex("00000018") + b"mdat" + bytes(range(16))
flipped = bytearray(png)
flipped[len(png) // 2] ^= 0x10
files = {
    # Each remainder of the length by three gives another padding of Base64. Zeros after the end are no fault.
    "padded0.jpg": jpeg + bytes(3 - len(jpeg) % 3),
    "padded1.jpg": jpeg + bytes(4 - len(jpeg) % 3),
    "padded2.jpg": jpeg + bytes(5 - len(jpeg) % 3),
    "trailing.jpg": jpeg + b"appended by a camera",
    "cut.jpg": jpeg[: len(jpeg) * 2 // 3],
    "noend.jpg": jpeg[:-2],
    "cut.png": png[: len(png) * 2 // 3],
    "flipped.png": bytes(flipped),
    "photo.heic": heic,
    "text.jpg": b"no image at all\n",
    "empty.jpg": b"",
}
for name, data in files.items():
    Path(name).write_bytes(data)
PY
