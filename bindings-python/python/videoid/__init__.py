"""Remote video identification on the Registration Authority API: native, streamed, sync and asyncio.

    from videoid import Evidence, ExternalVideoId, NewRequest, RegistrationAuthority

    with RegistrationAuthority.from_env() as ra:
        evidence = Evidence.build(document_front="front.jpg", document_rear="rear.jpg", document_owner="selfie.jpg")
        request = NewRequest(profile="PFnubeQAFCiudadano", email="anna@example.com")
        submission = ExternalVideoId(ra).submit(request, evidence, "video.mp4")
        print(submission.status)

It films nothing, recognises no text and judges no face: it takes what was collected safely to where an officer decides.
"""

import atexit as _atexit

from videoid import _native
from videoid._ids import *
from videoid._models import *
from videoid._native import CancelToken, Source, WebhookInbox
from videoid._native import __version__ as __version__
from videoid._one_shot_operations import ONE_SHOT_OPERATIONS
from videoid._operations import OPERATIONS
from videoid._profiles import check_request, profile, profiles
from videoid._webhooks import parse_webhook
from videoid._words import *
from videoid.client import AsyncRegistrationAuthority, RegistrationAuthority
from videoid.errors import *
from videoid.evidence import Bundle, Evidence, check_video, check_video_async
from videoid.logs import enable_logging, logging_hook
from videoid.one_shot import AsyncOneShot, OneShot
from videoid.workflow import *

from videoid import _ids, _models, _words, errors, workflow  # isort: skip

__all__ = [
    *_ids.__all__,
    *_models.__all__,
    *_words.__all__,
    *errors.__all__,
    *workflow.__all__,
    "ONE_SHOT_OPERATIONS",
    "OPERATIONS",
    "AsyncOneShot",
    "AsyncRegistrationAuthority",
    "Bundle",
    "CancelToken",
    "Evidence",
    "OneShot",
    "RegistrationAuthority",
    "Source",
    "WebhookInbox",
    "check_request",
    "check_video",
    "check_video_async",
    "enable_logging",
    "logging_hook",
    "parse_webhook",
    "profile",
    "profiles",
]

# After it no thread of the library enters an interpreter that is going down.
_atexit.register(_native.shut_down)
