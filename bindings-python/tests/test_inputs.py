"""What Python programs have in their hands: points in time, the files of web frameworks, results that are compared."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta, timezone

import pytest
import videoid
from support import REQUEST, SPECIMEN, Sandbox
from videoid import Acceptance, Evidence, RegistrationAuthority, Request

MOMENT = 1622823879708


def test_a_datetime_with_a_zone_is_a_point_in_time() -> None:
    moment = datetime.fromtimestamp(MOMENT / 1000, timezone.utc)
    assert Acceptance(date=moment).date == MOMENT
    assert Acceptance(date=moment.astimezone(timezone(timedelta(hours=5, minutes=30)))).date == MOMENT
    assert Acceptance(date=datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc)).date == -1000
    # Back again, as the README says.
    assert datetime.fromtimestamp(MOMENT / 1000, timezone.utc) == moment
    with pytest.raises(ValueError, match="^date: a datetime without a zone"):
        Acceptance(date=moment.replace(tzinfo=None))
    for bad in (date(2026, 1, 1), "2026-01-01", 1.5):
        with pytest.raises(TypeError, match="^date: "):
            Acceptance(date=bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("in_memory", [True, False])
def test_the_files_of_web_frameworks(in_memory: bool) -> None:
    front = (SPECIMEN / "document_front.jpg").read_bytes()
    with tempfile.SpooledTemporaryFile(max_size=len(front) + 1 if in_memory else 10) as file:
        file.write(front)
        file.seek(0)
        built = Evidence.build(document_front=file)  # type: ignore[arg-type]
        assert built.sha256() == Evidence.build(document_front=front).sha256()
        assert file.tell() == 0 and not file.closed


def test_results_are_equal_frozen_and_whole(sandbox: Sandbox) -> None:
    with RegistrationAuthority(**sandbox.settings) as ra:
        made = ra.create_request({**REQUEST, "scratchcard": ra.get_first_unused_scratchcard().sn, "videoid_mode": 1})
        one, other = ra.get_request(made.pk), ra.get_request(made.pk)
    assert one == other and one is not other
    assert one != Request.from_dict({**one.to_dict(), "status": "ISSUED"}) and one != "a request"
    for name in ("status", "brand_new"):
        with pytest.raises(AttributeError):
            setattr(one, name, "x")
    with pytest.raises(AttributeError):
        del one.status  # type: ignore[misc]
    # All that the service said, in its own names: as values, as JSON, and back.
    told = one.to_dict()
    assert told["pk"] == made.pk and told["videoid_data"]["pk"] and "email" in told
    assert Request.from_dict(told) == one == Request.from_json(one.to_json())
    assert REQUEST["email"] not in repr(one)


def test_what_no_document_names_is_reachable() -> None:
    said = {"pk": 1, "status": "CREATED", "brand_new": {"deep": [1, {"x": None}]}, "videoid_data": {"pk": 2, "also_new": "y"}}
    request = Request.from_dict(said)
    assert request.extra == {"brand_new": {"deep": [1, {"x": None}]}}
    assert request.videoid_data is not None and request.videoid_data.extra == {"also_new": "y"}
    told = request.to_dict()
    assert told["brand_new"] == said["brand_new"] and told["videoid_data"]["also_new"] == "y"
    assert videoid.Request.from_json(request.to_json()).extra == request.extra
