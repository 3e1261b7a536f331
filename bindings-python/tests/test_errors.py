"""The exceptions: classes, attributes, pickling."""

from __future__ import annotations

import builtins
import pickle

import pytest
import videoid
from support import REQUEST, Sandbox
from videoid import RegistrationAuthority, RequestPk, errors


def test_one_base_class_and_builtin_timeout() -> None:
    for name in errors.__all__:
        value = getattr(errors, name)
        if isinstance(value, type) and issubclass(value, BaseException):
            assert issubclass(value, videoid.VideoIdError), name
    assert issubclass(videoid.RequestTimeoutError, builtins.TimeoutError)
    assert issubclass(videoid.RequestTimeoutError, videoid.TransportError)


@pytest.mark.parametrize("code", sorted(videoid.ERROR_CODES))
def test_each_code_has_a_class_of_its_category(code: str) -> None:
    category, meaning = videoid.ERROR_CODES[code]
    error = errors._from_native(text=f"{code}: x", code=code, category=category, detail="x", wire="not_sent")
    bases = {
        "config": videoid.ConfigError, "validation": videoid.ValidationError, "transport": videoid.TransportError,
        "api": videoid.ApiError, "ambiguous": videoid.AmbiguousError, "cancelled": videoid.OperationCancelledError,
        "internal": videoid.InternalError,
    }
    assert isinstance(error, bases[category]) and error.category == category and meaning


def test_attributes_and_pickling(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(videoid.NotFoundError) as caught:
        ra.get_request(RequestPk(1))
    error = caught.value
    assert (error.code, error.category, error.operation, error.wire) == ("not_found", "api", "get_request", "answered")
    assert (error.http_status, error.server_code, error.retryable) == (404, "400", False)
    assert error.server_id and error.server_text and error.correlation_id
    assert error.server_text not in str(error) and "\n" not in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is videoid.NotFoundError and str(again) == str(error) and again._facts() == error._facts()


def test_cause_and_its_pickling(sandbox: Sandbox) -> None:
    settings = {**sandbox.settings, "api_url": "http://127.0.0.1:9/api/v1"}
    with RegistrationAuthority(**settings, retry={"max_attempts": 1}) as ra, pytest.raises(videoid.TransportError) as caught:
        ra.get_request(RequestPk(1))
    error = caught.value
    assert error.code == "connect_failed" and error.retryable
    assert isinstance(error.__cause__, errors.NativeCause)
    again = pickle.loads(pickle.dumps(error))
    assert str(again.__cause__) == str(error.__cause__)


def test_retry_after(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_request", "kind": "status", "status": 429, "retry_after": 7}])
    with RegistrationAuthority(**sandbox.settings, retry={"max_attempts": 1}) as ra, pytest.raises(videoid.RateLimitedError) as caught:
        ra.get_request(RequestPk(1))
    assert caught.value.retry_after == 7.0


def test_timeout_is_the_builtin(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_request", "kind": "delay", "ms": 3000}])
    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(builtins.TimeoutError) as caught:
        ra.get_request(RequestPk(1), timeout=0.2)
    assert isinstance(caught.value, videoid.RequestTimeoutError)


def test_fields_are_named(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra, pytest.raises(videoid.ValidationError) as caught:
        ra.create_request({**REQUEST, "scratchcard": "1", "mobile_phone_number": "600000000"})
    assert [issue.field for issue in caught.value.fields] == ["mobile_phone_number"]
    assert "600000000" not in str(caught.value)


def test_config_errors() -> None:
    with pytest.raises(videoid.ConfigError) as caught:
        RegistrationAuthority(environment="custom")
    assert caught.value.fields[0].field == "api_url"
    with pytest.raises(videoid.ConfigError):
        RegistrationAuthority(environment="nowhere")
    with pytest.raises(TypeError):
        RegistrationAuthority(no_such_setting=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        RegistrationAuthority(hooks=1)  # type: ignore[arg-type]


def test_closed_client(sandbox: Sandbox) -> None:
    ra = RegistrationAuthority(**sandbox.settings)
    ra.close()
    ra.close()
    with pytest.raises(videoid.ConfigError) as caught:
        ra.get_request(RequestPk(1))
    assert caught.value.code == "client_closed" and ra.closed


def test_panics_can_be_caught(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(videoid.InternalError) as caught:
        videoid._native.provoke_panic()
    assert "provoked" not in str(caught.value) and "bindings-python/src/lib.rs:" in str(caught.value)
    assert capfd.readouterr().err == ""
