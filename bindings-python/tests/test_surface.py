"""What the package exposes is whole and hangs together."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import surface
import videoid
from support import REPO


def test_every_public_name_is_documented() -> None:
    for name in videoid.__all__:
        value = getattr(videoid, name)
        if not inspect.isclass(value) and not inspect.isfunction(value):
            continue
        assert value.__doc__, name
        for member, inner in vars(value).items() if inspect.isclass(value) else ():
            if not member.startswith("_") and (inspect.isfunction(inner) or isinstance(inner, property) or inspect.isgetsetdescriptor(inner)):
                assert inner.__doc__, f"{name}.{member}"


def test_surface_is_that_of_the_core() -> None:
    text = subprocess.run([sys.executable, str(Path(surface.__file__))], check=True, capture_output=True, text=True).stdout
    found = json.loads(text)
    table = (REPO / "core" / "src" / "operations.rs").read_text()
    named = set(re.findall(r'ra\("([a-z_]+)"', table))
    assert set(found["operations"]) == named == set(videoid.OPERATIONS) and named
    of_one_shot = set(re.findall(r'\bone\(\s*"([a-z_]+)"', table))
    assert set(found["one_shot_operations"]) == of_one_shot == set(videoid.ONE_SHOT_OPERATIONS) and len(of_one_shot) == 33
    assert found["options"] == ["cancel", "progress", "timeout"]
    assert {"profile", "email", "extra"} <= set(found["models"]["NewRequest"])
    # `cargo xtask parity` compares it with what every language must expose.
    folder = REPO / "target" / "surface"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "python.json").write_text(text)


def test_error_codes_are_those_of_the_core() -> None:
    codes = (REPO / "core" / "src" / "error" / "codes.rs").read_text()
    assert dict(re.findall(r'\w+ = "([a-z_]+)", (\w+);', codes)) == {
        code: category.capitalize() for code, (category, _) in videoid.ERROR_CODES.items()
    }


def test_generated_docs_are_those_of_the_core() -> None:
    assert "consumes its scratchcard" in (videoid.RegistrationAuthority.create_request.__doc__ or "")
    assert videoid.NewRequest.email.__doc__ == "E-mail address of the holder."


def test_native_classes_cannot_be_made_by_hand() -> None:
    with pytest.raises(TypeError):
        videoid.Evidence()
    with pytest.raises(TypeError):
        videoid.Scratchcard()
