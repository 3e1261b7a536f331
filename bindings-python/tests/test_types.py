"""The types: a typed program passes `mypy --strict`, and a wrong one does not. That the stubs say what the module has is a step of its own."""

from __future__ import annotations

import re
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


@pytest.mark.parametrize("program", ["external_videoid.py", "load_bundle.py"])
def test_the_programs_of_the_examples(program: str, cache: Path) -> None:
    assert mypy(TYPED.parents[2] / "examples" / "python" / program, cache) == ""


MISTAKES = [
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
    "one_shot.get_oneshot_request(5)",
    "one_shot.approve_oneshot_videoid(request.pk, OneShotRao(rao='1'))",
    "one_shot.upload_documents(request.pk, 5)",
    "one_shot.create_request({})",
    "ra.create_videoid({})",
    "OneShot(dialekt='legacy')",
    "OneShotExternal(ra)",
    "EidasVideoId(one_shot)",
    "OneShotEidas(one_shot).submit({}, Evidence.build(), 'video.mp4')",
    "OneShotExternal(one_shot).wait_for_user(5)",
    "OneShotEidas(one_shot).contract_shown(timeout=5)",
    "ra.upload_video(VideoIdentifier('x'), 'video.mp4', progress='yes')",
    "Acceptance(date='2026-01-01')",
]


def test_mistakes_are_seen(cache: Path, tmp_path: Path) -> None:
    """Each in a function of its own, and each has to be seen for itself."""
    heading = "async def f{}(ra: RegistrationAuthority, one_shot: OneShot, request: Request) -> object:\n    return {}\n"
    program = tmp_path / "wrong.py"
    program.write_text("from videoid import *\n" + "".join(heading.format(at, line) for at, line in enumerate(MISTAKES)))
    said = mypy(program, cache)
    # A name that is not there would be a mistake of this test.
    assert "[name-defined]" not in said, said
    seen = {int(found) for found in re.findall(r"wrong\.py:(\d+): error", said)}
    assert seen == {3 + 2 * at for at in range(len(MISTAKES))}, said
