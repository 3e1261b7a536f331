"""Forks, signals and the end of a process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from support import Sandbox, eventually
from support import sandbox as sandbox_with

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")


def run(program: str, sandbox: Sandbox, *, interrupt_when: Any = None, code: int = 0) -> str:
    """Runs a program; it finds `settings` and `one_shot` made. Anything on stderr is a failure."""
    head = f"import json, os, sys, videoid\nfrom videoid import *\nsettings = json.loads({json.dumps(sandbox.settings)!r})\n"
    head += f"one_shot = json.loads({json.dumps(sandbox.one_shot_settings)!r})\n"
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", head + program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who starts the tests in the background ignores Ctrl-C, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if interrupt_when is not None:
        assert eventually(interrupt_when)
        child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode == code, err
    assert not err, err
    return out


def test_a_client_works_on_both_sides_of_a_fork(sandbox: Sandbox) -> None:
    out = run(
        """
heard = []
ra = RegistrationAuthority(**settings, hooks=lambda e: heard.append(e.kind))
flow = ExternalVideoId(ra)
ra.get_first_unused_scratchcard()
pids = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        heard.clear()
        ra.get_first_unused_scratchcard()
        ra.get_first_unused_scratchcard()
        flow.state
        videoid._native.flush_callbacks()
        assert heard.count('outcome') == 2, heard
        # A grandchild too.
        inner = os.fork()
        if inner == 0:
            ra.get_first_unused_scratchcard()
            os._exit(0)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]))
    pids.append(pid)
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids])
ra.get_first_unused_scratchcard()
""",
        sandbox,
    )
    assert out.strip() == "[0, 0, 0]"
    assert len(sandbox.received("get_first_unused_scratchcard")) == 2 + 3 * 3


def test_fork_in_the_middle_of_other_threads_calls(sandbox: Sandbox) -> None:
    out = run(
        """
import threading
ra = RegistrationAuthority(**settings, hooks=lambda e: None)
stop = False
def busy():
    while not stop:
        ra.get_first_unused_scratchcard()
threads = [threading.Thread(target=busy) for _ in range(4)]
for t in threads: t.start()
codes = []
for _ in range(10):
    pid = os.fork()
    if pid == 0:
        ra.get_first_unused_scratchcard()
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
stop = True
for t in threads: t.join()
print(codes)
""",
        sandbox,
    )
    assert out.strip() == str([0] * 10)


def test_multiprocessing_with_fork(sandbox: Sandbox) -> None:
    out = run(
        """
import multiprocessing
ra = RegistrationAuthority(**settings)
ra.get_first_unused_scratchcard()
def work(_):
    try:
        ra.get_request(RequestPk(1))
    except VideoIdError as error:
        raise
with multiprocessing.get_context('fork').Pool(2) as pool:
    try:
        pool.map(work, range(4))
    except NotFoundError as error:
        print(error.code, error.http_status)
""",
        sandbox,
    )
    assert out.strip() == "not_found 404"


def test_a_closed_client_stays_closed_in_the_child(sandbox: Sandbox) -> None:
    run(
        """
ra = RegistrationAuthority(**settings)
ra.close()
if os.fork() == 0:
    try:
        ra.get_first_unused_scratchcard()
    except ConfigError as error:
        os._exit(0 if error.code == 'client_closed' else 2)
    os._exit(1)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
""",
        sandbox,
    )


@pytest.mark.parametrize("operation", ["get_request", "upload_video"])
def test_ctrl_c_ends_a_sync_call(sandbox: Sandbox, operation: str) -> None:
    sandbox.control("POST", "/faults", [{"operation": operation, "kind": "stall_reading" if operation == "upload_video" else "delay", "ms": 30000}])
    call = {
        "get_request": "ra.get_request(RequestPk(1))",
        "upload_video": "ra.upload_video(VideoIdentifier('0a70a1d0-aecb-47f5-b162-5cdb038969d0'), Source.stream((b'x' * 65536 for _ in range(1000)), 65536000))",
    }[operation]
    began = time.monotonic()
    out = run(
        f"""
ra = RegistrationAuthority(**settings)
try:
    {call}
except KeyboardInterrupt:
    print('interrupted')
ra.get_first_unused_scratchcard()
""",
        sandbox,
        interrupt_when=lambda: sandbox.received(operation),
    )
    assert out.strip() == "interrupted"
    # Far below what the service would have taken; not a measure of speed.
    assert time.monotonic() - began < 25


def test_ctrl_c_in_asyncio_leaves_quietly(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_request", "kind": "delay", "ms": 30000}])
    out = run(
        """
import asyncio
async def main():
    async with AsyncRegistrationAuthority(**settings) as ra:
        await ra.get_request(RequestPk(1))
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print('interrupted')
""",
        sandbox,
        interrupt_when=lambda: sandbox.received("get_request"),
    )
    assert out.strip() == "interrupted"


def test_a_loop_that_is_closed_under_a_call_is_no_trouble(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_first_unused_scratchcard", "kind": "delay", "ms": 200, "times": 50}])
    run(
        """
import asyncio, time
ra = AsyncRegistrationAuthority(**settings, hooks=lambda e: None)
async def main():
    for _ in range(20):
        asyncio.ensure_future(ra.get_first_unused_scratchcard())
    await asyncio.sleep(0.05)
for _ in range(2):
    asyncio.run(main())
loop = asyncio.new_event_loop()
future = loop.create_task(ra.get_first_unused_scratchcard())
future._log_destroy_pending = False
loop.run_until_complete(asyncio.sleep(0.05))
loop.close()
time.sleep(0.4)
""",
        sandbox,
    )


def test_an_end_in_the_middle_of_everything(sandbox: Sandbox) -> None:
    sandbox.control("POST", "/faults", [{"operation": "get_first_unused_scratchcard", "kind": "delay", "ms": 30000, "times": 4}])
    run(
        """
import threading, time
ra = RegistrationAuthority(**settings, hooks=lambda e: time.sleep(0.001))
for _ in range(4):
    threading.Thread(target=ra.get_first_unused_scratchcard, daemon=True).start()
for _ in range(50):
    try: ra.get_request(RequestPk(1))
    except NotFoundError: pass
""",
        sandbox,
    )


def test_ssl_cert_file_counts_as_the_systems_roots(monkeypatch: pytest.MonkeyPatch) -> None:
    found = sandbox_with("--tls")
    found.reset()
    program = """
try:
    print(RegistrationAuthority(**settings, retry={'max_attempts': 1}).get_first_unused_scratchcard().sn)
except TransportError as error:
    print(error.code)
"""
    assert run(program, found).strip() == "server_certificate_invalid"
    monkeypatch.setenv("SSL_CERT_FILE", found.ready["pki_dir"] + "/ca.pem")
    assert run(program, found).strip().isdigit()


def test_inboxes_lists_and_loops_after_a_fork(sandbox: Sandbox) -> None:
    out = run(
        """
import asyncio, json
async def reads(ra):
    async with ra:
        return (await ra.get_first_unused_scratchcard()).sn
assert asyncio.run(reads(AsyncRegistrationAuthority(**settings)))
ra = RegistrationAuthority(**settings)
pk = ra.create_request({'profile': 'p', 'email': 'anna@example.com', 'scratchcard': ra.get_first_unused_scratchcard().sn, 'videoid_mode': 1}).pk
inbox, listing, eidas, classic = WebhookInbox(), ra.requests(), EidasVideoId(ra), ClassicRequest(ra)
next(listing)
pid = os.fork()
if pid == 0:
    try:
        next(listing)
    except RuntimeError as error:
        assert 'fork' in str(error), error
    else:
        os._exit(3)
    assert [one.pk for one in ra.requests()] == [pk]
    import threading
    threading.Timer(0.2, inbox.receive, [json.dumps({'request': pk})]).start()
    try:
        ra.wait_for(pk, 'ISSUED', deadline=0.6, poll=20, inbox=inbox)
    except TimeoutError:
        pass
    assert 'eidas_videoid' in eidas.state and 'classic' in classic.state and eidas.ways_on() == []
    assert asyncio.run(reads(AsyncRegistrationAuthority(**settings)))
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), next(listing, 'end'), len(list(ra.scratchcards())) > 0)
""",
        sandbox,
    )
    assert out.split() == ["0", "end", "True"]


def test_many_loops_leave_nothing_open(sandbox: Sandbox) -> None:
    out = run(
        """
import asyncio, gc
async def reads():
    async with AsyncRegistrationAuthority(**settings) as ra:
        await asyncio.gather(*(ra.get_first_unused_scratchcard() for _ in range(5)))
def handles():
    gc.collect()
    return len(os.listdir('/dev/fd'))
asyncio.run(reads())
before = handles()
for _ in range(20):
    asyncio.run(reads())
print(handles() - before)
""",
        sandbox,
    )
    assert int(out) < 5
