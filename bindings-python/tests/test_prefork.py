"""gunicorn with its program loaded before it forks, and multiprocessing with fork."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from support import Sandbox
from test_process import pytestmark, run

__all__ = ["pytestmark"]


def ask(url: str) -> dict[str, Any]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=60) as answer:
        said: dict[str, Any] = json.loads(answer.read())
    return said


def test_gunicorn(sandbox: Sandbox, tmp_path: Path) -> None:
    """Workers that end after a few requests, so that the master forks again and again."""
    options = ["--preload", "--workers", "2", "--max-requests", "4", "--bind", "127.0.0.1:0", "--no-control-socket"]
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "gunicorn", *options, "--chdir", str(Path(__file__).parent), "prefork_app:app"],
        env={**os.environ, "SETTINGS": json.dumps(sandbox.settings), "HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    said = ""
    try:
        while (line := child.stderr.readline()) and "Listening at" not in line:
            said += line
        address = re.search(r"http://[\d.:]+", line)
        assert address is not None, said
        answers = [ask(address[0] + path) for _ in range(12) for path in ("/", "/asyncio")]
    finally:
        child.terminate()
        said += child.communicate(timeout=60)[1]
    assert child.returncode == 0 and "Traceback" not in said, said
    assert all(answer["sn"] and answer["pid"] != answer["master"] for answer in answers)
    assert len({answer["pid"] for answer in answers}) >= 3, answers
    assert len(sandbox.received("get_first_unused_scratchcard")) == 1 + len(answers)


def test_multiprocessing_gives_results_and_errors_back(sandbox: Sandbox) -> None:
    out = run(
        """
import concurrent.futures, multiprocessing
ra = RegistrationAuthority(**settings)
ra.get_first_unused_scratchcard()
def card(_):
    return ra.get_first_unused_scratchcard()
def fails(pk):
    return ra.get_request(RequestPk(pk))
with concurrent.futures.ProcessPoolExecutor(3, multiprocessing.get_context('fork')) as pool:
    cards = list(pool.map(card, range(9)))
    error = pool.submit(fails, 1).exception()
print(all(isinstance(one, Scratchcard) and one == cards[0] for one in cards), type(error).__name__, error.operation)
def alone():
    sys.exit(0 if card(0) == cards[0] else 3)
process = multiprocessing.get_context('fork').Process(target=alone)
process.start()
process.join()
print(process.exitcode)
""",
        sandbox,
    )
    assert out.split() == ["True", "NotFoundError", "get_request", "0"]
