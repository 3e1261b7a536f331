"""Forks, Ctrl-C and the end of a process with the One-Shot classes."""

from __future__ import annotations

import os

import pytest
from support import Sandbox
from test_process import run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on this system")

NEW = "new = {'profile': 'PFnubeQAFCiudadano', 'email': 'anna@example.com', 'mobile_phone_number': '+34600000000'}\n"


def test_a_client_and_a_workflow_work_on_both_sides_of_a_fork(sandbox: Sandbox) -> None:
    out = run(
        NEW
        + """
heard, kept = [], []
client = OneShot(**one_shot, hooks=lambda e: heard.append(e.kind))
flow = OneShotEidas(client, store=kept.append)
pk = flow.start(new).handle.request_pk
for _ in range(3):
    child = os.fork()
    if child == 0:
        heard.clear()
        before = len(kept)
        assert flow.look().handle.request_pk == pk and client.hello().status
        videoid._native.flush_callbacks()
        assert heard.count('outcome') == 2, heard
        flow.cancel()
        assert len(kept) > before
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    flow = OneShotEidas(client, store=kept.append)
    pk = flow.start(new).handle.request_pk
""",
        sandbox,
    )
    assert out.split() == ["0", "0", "0"]
    assert len(sandbox.received("create_videoid")) == 4 and len(sandbox.received("cancel_oneshot_request")) == 3


@pytest.mark.parametrize(
    ("program", "operation"),
    [
        ("OneShotEidas.resume(client, state).wait_for_user(600, poll=0.05)", "get_oneshot_request"),
        ("client.hello()", "hello"),
    ],
)
def test_ctrl_c_ends_it(sandbox: Sandbox, program: str, operation: str) -> None:
    sandbox.control("POST", "/faults", [{"operation": "hello", "kind": "delay", "ms": 30000}])
    out = run(
        NEW
        + f"""
with OneShot(**one_shot) as client:
    flow = OneShotEidas(client)
    flow.start(new)
    state = flow.state
    try:
        {program}
    except KeyboardInterrupt:
        print('interrupted')
    # The client and the workflow go on.
    flow.look()
""",
        sandbox,
        interrupt_when=lambda: sandbox.received(operation),
    )
    assert out.strip() == "interrupted"


def test_the_end_is_quiet(sandbox: Sandbox) -> None:
    run(
        NEW
        + """
import asyncio
client = OneShot(**one_shot, hooks=lambda e: None)
flow = OneShotEidas(client, on_event=lambda e: None)
flow.start(new)

async def main():
    waiting = AsyncOneShotEidas.resume(AsyncOneShot(**one_shot), flow.state)
    asyncio.ensure_future(waiting.wait_for_user(600, poll=0.05))
    await asyncio.sleep(0.1)

# The loop ends under the wait, and the program with an open client.
asyncio.run(main())
""",
        sandbox,
    )
