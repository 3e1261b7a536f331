"""Remote video identification on the Registration Authority API and the One-Shot API: native, streamed, sync and asyncio.

    from videoid import Evidence, ExternalVideoId, NewRequest, RegistrationAuthority

    with RegistrationAuthority.from_env() as ra:
        evidence = Evidence.build(document_front="front.jpg", document_rear="rear.jpg", document_owner="selfie.jpg")
        request = NewRequest(profile="PFnubeQAFCiudadano", email="anna@example.com")
        submission = ExternalVideoId(ra).submit(request, evidence, "video.mp4")
        print(submission.status)

`OneShot` with `OneShotExternal` or `OneShotEidas` leads to a signed document in the same way.

It films nothing, recognises no text and judges no face: it takes what was collected safely to where an officer decides.
"""

import atexit as _atexit
from types import ModuleType as _Module

from videoid import _native
from videoid._ids import *
from videoid._models import *
from videoid._native import CancelToken as CancelToken
from videoid._native import Source as Source
from videoid._native import WebhookInbox as WebhookInbox
from videoid._native import __version__ as __version__
from videoid._one_shot_operations import ONE_SHOT_OPERATIONS as ONE_SHOT_OPERATIONS
from videoid._operations import OPERATIONS as OPERATIONS
from videoid._profiles import *
from videoid._webhooks import *
from videoid._words import *
from videoid.client import *
from videoid.errors import *
from videoid.evidence import *
from videoid.logs import *
from videoid.one_shot import *
from videoid.workflow import *

# What was imported above. Type checkers see that too; a list that is put together from those of other modules, as a plain
# `__all__` would be, mypy does not follow, and `from videoid import *` would miss names.
globals()["__all__"] = sorted(name for name, value in globals().items() if not name.startswith("_") and not isinstance(value, _Module))

# After it no thread of the library enters an interpreter that is going down.
_atexit.register(_native.shut_down)
