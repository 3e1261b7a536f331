"""The evidence vectors: the same input gives the same bytes, report or error in every language."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import videoid
from compare import differences
from runner import IMAGES, MODELS, error_json
from support import FIXTURES, REPO
from videoid import errors

FOLDER = REPO / "tests" / "vectors" / "evidence"
VECTORS = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
VENDOR = [json.loads(path.read_text()) for path in sorted((REPO / "tests" / "vectors" / "vendor").glob("*.json"))]


def _pieces(given: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, value in given.items():
        if name in IMAGES:
            path = FIXTURES / value["fixture"]
            out[name] = {"path": lambda p: p, "bytes": Path.read_bytes}[value.get("as", "path")](path)
        else:
            assert name in MODELS or name in ("similarity_level", "extra", "strict"), name
            out[name] = MODELS[name].from_dict(value) if name in MODELS else value
    return out


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["name"])
def test_vector(vector: dict[str, Any], tmp_path: Path) -> None:
    pieces, expect = _pieces(vector["input"]), vector["expect"]
    if "report" in expect:
        assert videoid.Evidence.check(**pieces).to_dict() == expect["report"]
    if "error" in expect:
        with pytest.raises(errors.ValidationError) as caught:
            videoid.Evidence.build(**pieces)
        found = error_json(caught.value)
        assert {key: found[key] for key in expect["error"]} == expect["error"]
        return
    evidence = videoid.Evidence.build(**pieces)
    assert evidence.content_length == expect["length"]
    assert evidence.sha256() == expect["sha256"]
    body = tmp_path / "body.json"
    evidence.write_json(body)
    assert body.stat().st_size == expect["length"]
    assert body.stat().st_mode & 0o777 == 0o600
    if "body_file" in expect:
        assert body.read_bytes() == (FOLDER / expect["body_file"]).read_bytes()


@pytest.mark.parametrize("vector", VENDOR, ids=lambda v: v["name"])
def test_vendor_vector(vector: dict[str, Any]) -> None:
    """What the service's documents show becomes a model of this package, or an exception of it."""
    call = (vector["operation"], vector["http_status"], vector["body"])
    if vector["kind"] == "error":
        with pytest.raises(errors.VideoIdError) as caught:
            videoid._native.parse_answer(*call)
        found = error_json(caught.value) | {"server_text": caught.value.server_text, "fields": [issue.field for issue in caught.value.fields]}
        assert {key: found[key] for key in vector["expect"]["error"]} == vector["expect"]["error"]
        assert pickle.loads(pickle.dumps(caught.value)).code == caught.value.code
        return
    kind = getattr(videoid, vector["expect"]["model"])
    model = kind.from_dict(videoid._native.parse_answer(*call))
    found = differences(vector["expect"]["json"], model.to_dict())
    assert not found, "\n".join(found)
    assert kind.from_json(model.to_json()) == model == pickle.loads(pickle.dumps(model))


def test_there_are_vectors() -> None:
    assert len(VECTORS) >= 12 and len(VENDOR) >= 70
