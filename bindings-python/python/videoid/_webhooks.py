"""The reading of webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from videoid import _native as native

if TYPE_CHECKING:
    from videoid._models import Webhook

__all__ = ["parse_webhook"]


def parse_webhook(body: bytes | bytearray | memoryview | str) -> Webhook:
    """Reads the body of a webhook as it came: both documented forms and mixtures of them, at most 64 KiB.

    Webhooks are not signed, so what one claims counts once the request shows it: see `WebhookInbox` and `wait_for`. Dates come
    without a zone, and none is invented. Safe to repeat.

    Errors: `webhook_invalid` for a body that is too long, no JSON or no object.
    """
    return native.parse_webhook(body)
