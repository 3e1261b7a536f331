"""The exceptions. All come from `VideoIdError`; the class says the kind of trouble, `code` says which."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from videoid._codes import ERROR_CODES
from videoid._words import ErrorCategory, Wire

__all__ = [
    "ERROR_CODES",
    "AmbiguousError",
    "ApiError",
    "AuthError",
    "ConfigError",
    "ConflictError",
    "FieldIssue",
    "InternalError",
    "NotFoundError",
    "OperationCancelledError",
    "RateLimitedError",
    "RequestTimeoutError",
    "ServerError",
    "TransportError",
    "ValidationError",
    "VideoIdError",
]


@dataclass(frozen=True)
class FieldIssue:
    """A field and the rule that it breaks. Never the value."""

    field: str
    """The field in dotted wire names, for example `videoid_data.images.document_front`."""
    rule: str
    """The rule, in words."""


class VideoIdError(Exception):
    """A call failed. `str()` is one line without personal data."""

    code: str
    """What went wrong, as a stable name: see `ERROR_CODES`. New ones may come with any version."""
    category: ErrorCategory
    """The kind of trouble."""
    detail: str
    """One sentence that says what went wrong, without personal data."""
    operation: str | None
    """The operation that failed, where one was called."""
    wire: Wire
    """What may have happened on the wire."""
    retryable: bool
    """Whether the same call may be repeated as it is, without looking first and without doing anything twice."""
    http_status: int | None
    """The HTTP status of the answer, where there was one."""
    server_code: str | None
    """The service's own code, which often differs from the HTTP status."""
    server_id: str | None
    """The service's reference of the error, to be quoted to its support."""
    server_text: str | None
    """What the service wrote. It may repeat what was sent: show it to a person, do not log it."""
    retry_after: float | None
    """How long the service asks to wait, in seconds."""
    correlation_id: str | None
    """Id of the call, the same as in its hook events."""
    fields: tuple[FieldIssue, ...]
    """The fields at fault."""

    def __init__(
        self,
        text: str = "",
        *,
        code: str = "internal",
        category: str | None = None,
        detail: str = "",
        operation: str | None = None,
        wire: str = "not_sent",
        retryable: bool = False,
        http_status: int | None = None,
        server_code: str | None = None,
        server_id: str | None = None,
        server_text: str | None = None,
        retry_after: float | None = None,
        correlation_id: str | None = None,
        fields: tuple[FieldIssue, ...] = (),
    ) -> None:
        super().__init__(text)
        self.code = code
        self.category = ErrorCategory(category or ERROR_CODES.get(code, ("internal", ""))[0])
        self.detail = detail or text
        self.operation = operation
        self.wire = Wire(wire)
        self.retryable = retryable
        self.http_status = http_status
        self.server_code = server_code
        self.server_id = server_id
        self.server_text = server_text
        self.retry_after = retry_after
        self.correlation_id = correlation_id
        self.fields = tuple(fields)

    def _facts(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "category": self.category,
            "detail": self.detail,
            "operation": self.operation,
            "wire": self.wire,
            "retryable": self.retryable,
            "http_status": self.http_status,
            "server_code": self.server_code,
            "server_id": self.server_id,
            "server_text": self.server_text,
            "retry_after": self.retry_after,
            "correlation_id": self.correlation_id,
            "fields": self.fields,
        }

    def __reduce__(self) -> tuple[Callable[..., VideoIdError], tuple[Any, ...]]:
        return _rebuild, (type(self), str(self), self._facts(), self.__cause__)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class ConfigError(VideoIdError):
    """The client is not set up so that the call could be made."""


class ValidationError(VideoIdError):
    """What was given breaks a rule; `fields` says which. Nothing was sent, except with `source_changed`."""


class TransportError(VideoIdError):
    """The network, TLS or a time limit."""


class RequestTimeoutError(TransportError, builtins.TimeoutError):
    """The call took longer than a time limit, or a wait reached its deadline. Also the builtin `TimeoutError`."""


class ApiError(VideoIdError):
    """The service answered, and the answer is not the one asked for."""


class AuthError(ApiError):
    """The officer's credentials are wrong, or the caller may not do this."""


class NotFoundError(ApiError):
    """There is no such object, or no such address."""


class ConflictError(ApiError):
    """The request is not in a status that allows this or leads on, the scratchcard is used already, or the certificate cannot
    be renewed."""


class RateLimitedError(ApiError):
    """The service cannot take so many calls; `retry_after` says how long to wait."""


class ServerError(ApiError):
    """The service failed."""


class AmbiguousError(VideoIdError):
    """The answer was lost, and what was asked for may have been done. Do not repeat: look first, as the text says."""


class OperationCancelledError(VideoIdError):
    """A `CancelToken` ended the call. A mutation that was under way may have been processed: see `wire`."""


class InternalError(VideoIdError):
    """A defect of this library: please report it."""


class NativeCause(Exception):
    """What lies under an error, for example what the operating system said. Only ever a `__cause__`."""


_BY_CODE: dict[str, type[VideoIdError]] = {
    "timeout": RequestTimeoutError,
    "connect_timeout": RequestTimeoutError,
    "upload_stalled": RequestTimeoutError,
    "wait_deadline": RequestTimeoutError,
    "rao_rejected": AuthError,
    "forbidden": AuthError,
    "not_found": NotFoundError,
    "invalid_status": ConflictError,
    "scratchcard_invalid": ConflictError,
    "not_renewable": ConflictError,
    "unexpected_status": ConflictError,
    "rate_limited": RateLimitedError,
    "server_error": ServerError,
}

_BY_CATEGORY: dict[str, type[VideoIdError]] = {
    "config": ConfigError,
    "validation": ValidationError,
    "transport": TransportError,
    "api": ApiError,
    "ambiguous": AmbiguousError,
    "cancelled": OperationCancelledError,
    "internal": InternalError,
}


def _rebuild(kind: type[VideoIdError], text: str, facts: dict[str, Any], cause: BaseException | None) -> VideoIdError:
    error = kind(text, **facts)
    error.__cause__ = cause
    return error


def _from_native(*, text: str, causes: list[str] | None = None, fields: list[tuple[str, str]] | None = None, **facts: Any) -> VideoIdError:
    """The exception for what the native module says of an error."""
    kind = _BY_CODE.get(facts["code"]) or _BY_CATEGORY.get(facts["category"], VideoIdError)
    error = kind(text, fields=tuple(FieldIssue(field, rule) for field, rule in fields or ()), **facts)
    inner: BaseException | None = None
    for line in reversed(causes or ()):
        cause = NativeCause(line)
        cause.__cause__ = inner
        inner = cause
    error.__cause__ = inner
    return error
