"""The types: a typed program passes `mypy --strict`, a wrong one does not, and the stubs say what the module has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TYPED = Path(__file__).parent / "typed_example.py"


def mypy(path: Path, cache: Path) -> str:
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), str(path)], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


def test_typed_example(cache: Path) -> None:
    assert mypy(TYPED, cache) == ""


def test_the_program_of_the_examples(cache: Path) -> None:
    assert mypy(TYPED.parents[2] / "examples" / "python" / "external_videoid.py", cache) == ""


@pytest.mark.parametrize(
    "line",
    [
        "ra.get_request(5)",
        "ra.get_request(request.videoid_data.pk)",
        "ra.upload_video('0a70a1d0', 'video.mp4')",
        "ra.create_request('x')",
        "NewRequest(profil='x')",
        "request.pk + 'x'",
        "RegistrationAuthority(videopk='request_pk')",
        "ra.wait_for(request.pk, 'ISSUED', deadline='soon')",
        "EidasVideoId(ra).wait_for_user()",
        "ClassicRequest(ra).submit({}, ['x.jpg'])",
        "[found async for found in ra.requests()]",
        "parse_webhook({})",
    ],
)
def test_mistakes_are_seen(line: str, cache: Path, tmp_path: Path) -> None:
    program = tmp_path / "wrong.py"
    program.write_text(f"from videoid import *\n\ndef f(ra: RegistrationAuthority, request: Request) -> None:\n    {line}\n")
    assert "error" in mypy(program, cache)


def test_stubs_equal_the_module(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "mypy.stubtest", "videoid._native"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
