"""Nothing waits for the locks of `logging`, and nothing is lost in them."""

from __future__ import annotations

from support import Sandbox
from test_process import pytestmark, run

__all__ = ["pytestmark"]

LISTENS = """
import logging, threading
kept = []
class Keep(logging.Handler):
    def emit(self, record):
        kept.append((record.name, record.getMessage()))
handler = Keep()
logging.getLogger().addHandler(handler)
logging.getLogger('videoid').setLevel(1)
assert enable_logging(level=5) and not enable_logging()
hook = logging_hook()
def calls(count):
    with RegistrationAuthority(**settings, hooks=hook) as ra:
        for _ in range(count):
            ra.get_first_unused_scratchcard()
def outcomes():
    assert videoid._native.flush_callbacks()
    return sum(name == 'videoid.calls' and text.startswith('outcome') for name, text in kept)
"""


def test_calls_go_on_while_somebody_holds_the_locks_of_logging(sandbox: Sandbox) -> None:
    # A deadlock would be the end of the program's time.
    out = run(
        LISTENS
        + """
logging._lock.acquire()
handler.acquire()
threads = [threading.Thread(target=calls, args=(10,)) for _ in range(4)]
for thread in threads: thread.start()
# Makes a client, too, in the thread that holds them.
calls(10)
for thread in threads: thread.join()
handler.release()
logging._lock.release()
print(outcomes(), any(name == 'videoid' for name, _ in kept))
""",
        sandbox,
    )
    assert out.split() == ["50", "True"]


def test_a_handler_may_call_the_library(sandbox: Sandbox) -> None:
    out = run(
        LISTENS
        + """
class Calls(Keep):
    once = True
    def emit(self, record):
        if self.once:
            self.once = False
            calls(1)
logging.getLogger('videoid').addHandler(Calls())
calls(3)
# The events of the handler's own call come after those that it was called for.
while outcomes() < 4: pass
print(outcomes())
""",
        sandbox,
    )
    assert out.strip() == "4"


def test_logging_goes_on_in_a_forked_child(sandbox: Sandbox) -> None:
    out = run(
        LISTENS
        + """
stop = False
def busy():
    while not stop: logging.getLogger('other').warning('busy')
thread = threading.Thread(target=busy)
thread.start()
calls(2)
pids = []
for _ in range(5):
    pid = os.fork()
    if pid == 0:
        kept.clear()
        calls(2)
        os._exit(0 if outcomes() == 2 else 1)
    pids.append(pid)
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids])
stop = True
thread.join()
""",
        sandbox,
    )
    assert out.strip() == str([0] * 5)
