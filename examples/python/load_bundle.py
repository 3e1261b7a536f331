"""Evidence that a device saved as a bundle: looked at, and handed to an officer's request.

    python load_bundle.py DIR                # checks the bundle and says what is in it; sends nothing
    python load_bundle.py DIR --submit EMAIL PHONE

The folder came from a phone or another program (`Bundle.save`, in any language). Loading it checks every file against the
manifest, so that what was cut short or changed on its way is noticed before anything is sent. Settings are read from the
environment, as `RaConfig` documents them. Prints no personal data.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from videoid import Bundle, ExternalVideoId, NewRequest, RegistrationAuthority, VideoIdError, check_video


def show(bundle: Bundle) -> None:
    for image in bundle.evidence.report.images:
        print(f"{image.name}: {image.format}, {image.width} x {image.height}, {image.bytes} bytes")
    if bundle.video is not None:
        print(f"video: {check_video(bundle.video).bytes} bytes")
    for finding in bundle.evidence.report.findings:
        print(f"{finding.severity}: {finding.field}: {finding.rule}")
    print(f"{len(bundle.manifest.files)} files as the manifest says; upload of {bundle.evidence.content_length} bytes")


def submit(bundle: Bundle, email: str, phone: str) -> None:
    if bundle.video is None:
        sys.exit("the bundle holds no video")
    with RegistrationAuthority.from_env() as ra:
        request = NewRequest(profile="PFnubeQAFCiudadano", email=email, mobile_phone_number=phone)
        # `True`: a bar, where tqdm is installed.
        submission = ExternalVideoId(ra).submit(request, bundle.evidence, bundle.video, progress=True)
        print(f"request {submission.request_pk}: {submission.status}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Evidence that a device saved as a bundle")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--submit", nargs=2, metavar=("EMAIL", "PHONE"))
    given = parser.parse_args()
    try:
        bundle = Bundle.load(given.folder)
        show(bundle)
        if given.submit is not None:
            submit(bundle, *given.submit)
    except VideoIdError as error:
        # `bundle_altered` for example. The text is one line without personal data.
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
