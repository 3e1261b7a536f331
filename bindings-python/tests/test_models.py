"""Models: made, shown, compared, converted, pickled."""

from __future__ import annotations

import copy
import pickle

import pytest
import videoid
from videoid import NewRequest, OcrData, RaConfig, RaoCredentials, RequestPk, SecurityCheck, SecurityChecks, Status, ValidationError


def test_keyword_arguments_and_wire_names() -> None:
    acceptance = videoid.Acceptance(user_agent="Firefox", date=1622823879708, extra={"url-more": "https://example.com"})
    assert acceptance.to_dict() == {"user-agent": "Firefox", "date": 1622823879708, "url-more": "https://example.com"}
    assert videoid.Acceptance.from_dict(acceptance.to_dict()) == acceptance
    assert videoid.Acceptance.from_json(acceptance.to_json()) == acceptance
    assert acceptance.extra == {"url-more": "https://example.com"}
    assert acceptance.description is None


def test_what_is_needed_is_needed() -> None:
    with pytest.raises(TypeError):
        RaoCredentials(username="a", password="b", pin="c")  # type: ignore[call-arg]
    rao = RaoCredentials(username="a", password="b", pin="c", rao_id="1400")
    assert (rao.username, rao.password, rao.pin, rao.rao_id) == ("a", "b", "c", "1400")


def test_nested_models_and_dicts() -> None:
    check = SecurityCheck(passed=True, provenance="attested", by="a laboratory")
    checks = SecurityChecks(liveliness=check, otp_validation={"passed": False, "provenance": "asserted"})
    assert checks.liveliness == check
    assert checks.otp_validation is not None and checks.otp_validation.passed is False
    assert check.provenance == videoid.Provenance.ATTESTED == "attested"


def test_repr_hides_what_is_sensitive() -> None:
    request = NewRequest(profile="PFnubeQAFCiudadano", email="anna@example.com", given_name="ANNA MARIA", extra={"nickname": "ANNI"})
    assert repr(request) == "NewRequest(profile='PFnubeQAFCiudadano', email=***, given_name=***, extra=<1 fields>)"
    assert "4711" not in repr(RaoCredentials(username="u4711", password="p4711", pin="4711", rao_id="1400"))
    assert "secret" not in repr(RaConfig(proxy="http://user:secret@localhost:1"))


def test_words_are_str() -> None:
    assert Status.VIDEOREVIEW == "VIDEOREVIEW" and Status("VIDEOREVIEW") == Status.VIDEOREVIEW
    assert Status("NEVER_HEARD_OF") == "NEVER_HEARD_OF" and Status("NEVER_HEARD_OF").next_steps() == []
    assert Status.VIDEOREVIEW.next_steps()[:2] == ["validate_videoid", "refuse_videoid"]
    assert Status.ISSUED.is_final and not Status.CREATED.is_final
    assert {Status.CREATED: 1}["CREATED"] == 1
    assert Status.CREATED in Status.KNOWN
    assert pickle.loads(pickle.dumps(Status.CREATED)) is not None


def test_pickle_and_copy() -> None:
    for value in (NewRequest(profile="p", email="anna@example.com"), OcrData(given_name="ANNA"), RaConfig(video_pk="request_pk")):
        assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value)
        assert value != object()


def test_models_do_not_change() -> None:
    request = NewRequest(profile="p", email="anna@example.com")
    with pytest.raises(AttributeError):
        request.profile = "q"  # type: ignore[misc]
    with pytest.raises(TypeError):
        hash(request)


def test_answers_are_read_in_every_form() -> None:
    card = videoid.Scratchcard.from_dict({"sn": 1256948, "pk": "12", "secrets": '{"pin": 1234}', "registration_authority": 121, "x": [1, None]})
    assert (card.sn, card.pk, card.registration_authority) == ("1256948", 12, "121")
    assert card.secrets is not None and card.secrets.pin == "1234"
    assert card.extra == {"x": [1, None]}
    request = videoid.Request.from_dict({"pk": "46760", "status": "NEW_WORD"})
    assert request.pk == RequestPk(46760) and request.status == "NEW_WORD"


def test_bad_input_names_the_argument_and_not_the_value() -> None:
    with pytest.raises(TypeError, match="^email: expected str$"):
        NewRequest(profile="p", email=4711)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="extra"):
        NewRequest(profile="p", email="e", extra={"a": object()})
    circle: dict[str, object] = {}
    circle["self"] = circle
    with pytest.raises(TypeError, match="extra"):
        NewRequest(profile="p", email="e", extra=circle)
    with pytest.raises(TypeError, match="64 bits"):
        videoid.Acceptance(date=1 << 70)
    with pytest.raises(ValidationError) as caught:
        videoid.Request.from_dict({"pk": "ANNA", "status": 1})
    assert "ANNA" not in str(caught.value) and caught.value.fields[0].field == "Request"
    with pytest.raises(ValidationError):
        videoid.Request.from_json("{")
