"""The peak of this process's private memory, for the programs that measure."""

from __future__ import annotations

import threading
from pathlib import Path


def private() -> int:
    text = Path("/proc/self/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private_"))


class Peak:
    """Samples on a thread of its own, in the control process too."""

    def __init__(self) -> None:
        self.highest = private()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.sample)
        self.thread.start()

    def sample(self) -> None:
        while not self.ended.wait(0.005):
            self.highest = max(self.highest, private())

    def end(self) -> int:
        self.ended.set()
        self.thread.join()
        return max(self.highest, private())
