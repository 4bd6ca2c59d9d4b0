"""Memory of a process and of all it started, pages shared by several counted once in all."""

import os
import re
import threading
from pathlib import Path

EVERY = 0.5  # s between looks


def held(root: int) -> dict[int, float]:
    """MiB of a process and of each that it, or one of those, started. Linux."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(place.parent.name)] = int(place.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {root}
    while more := {p for p, above in parents.items() if above in found} - found:
        found |= more
    return {pid: _held(pid) for pid in found}


def _held(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"), re.M)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


class Peak:
    """The most that this process and all it starts hold at once while the block runs: ``most``, MiB, looked at twice a second."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Peak":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while True:
            self.most = max(self.most, sum(held(os.getpid()).values()))
            if self._over.wait(EVERY):
                return
