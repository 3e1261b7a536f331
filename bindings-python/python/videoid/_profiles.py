"""The certificate profiles of the documents, and what a request lacks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from videoid import _native as native

if TYPE_CHECKING:
    from videoid._models import NewRequest, Profile, RequestReport
    from videoid._words import Flow

__all__ = ["check_request", "profile", "profiles"]


def profiles() -> list[Profile]:
    """All certificate profiles that the documents describe. Sends nothing; safe to repeat."""
    return native.profiles()


def profile(name: str) -> Profile | None:
    """The certificate profile of that name. `None` where the documents describe none, which is no error: registration
    authorities can have profiles of their own. Sends nothing; safe to repeat."""
    return native.profile(name)


def check_request(request: NewRequest | dict[str, Any], flow: Flow | str) -> RequestReport:
    """Compares a request with the table of its profile: what is missing, and which values the profile does not take. In a
    VideoID flow the holder's identity comes from the video and is not asked for.

    All findings are advice, the service decides; with the setting `strict`, `create_request` refuses what is found. A profile
    that the documents do not describe gives none. Sends nothing; safe to repeat.
    """
    return native.check_request(request, flow)
