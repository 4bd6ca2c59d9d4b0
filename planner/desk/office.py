"""Office 文书: workbooks and reports written and read in a process of its own, each asked for once, so that no page waits.

Writing a deck or checking an uploaded workbook takes seconds of a processor; beside the pages it would slow everybody. What
is asked for has a key: whoever asks again gets the same answer, and sees how it stands after a reload.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Any

from planner.desk.jobs import Busy
from planner.process import begin, context

LIMIT = 20  # papers that may wait
REMEMBERED = 200  # papers whose ending is remembered
USUAL = 10.0  # s until half of the bar
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Paper:
    """Something being written or read."""

    future: "Future[Any]"
    started: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> bool:
        """It will not change any more."""
        return self.future.done()

    @property
    def fraction(self) -> float:
        """For the bar: nobody knows how long it takes, so it creeps."""
        return float(1 - 0.5 ** ((time.monotonic() - self.started) / USUAL))

    @property
    def error(self) -> BaseException | None:
        """Why there is none."""
        return self.future.exception() if self.done else None

    def result(self, seconds: float | None = None) -> Any:
        """What came of it. Raises what went wrong, and TimeoutError."""
        return self.future.result(seconds)


class Office:
    """One process for all papers; one that died is replaced."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.papers: dict[str, Paper] = {}
        self.pool: ProcessPoolExecutor | None = None

    def ask(self, key: str, work: Callable[..., Any], *args: Any) -> Paper:
        """The paper of ``key``: the one that is there or being made, else a new one. Raises Busy."""
        with self.lock:
            known = self.papers.get(key)
            if known is not None and not (known.done and known.error):
                return known
            waiting = sum(not p.done for p in self.papers.values())
            if waiting >= LIMIT:
                raise Busy(waiting)
            self.papers[key] = Paper(self._submit(work, *args))
            for old in [k for k, p in self.papers.items() if p.done][:-REMEMBERED]:
                del self.papers[old]
            return self.papers[key]

    def get(self, key: str) -> Paper | None:
        """The paper of ``key``, if it was asked for."""
        return self.papers.get(key)

    def forget(self, key: str) -> None:
        """Let it be made anew when asked for again."""
        self.papers.pop(key, None)

    def end(self) -> None:
        """End the process."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None

    def _submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]":
        for _ in range(2):
            if self.pool is None:
                self.pool = ProcessPoolExecutor(1, context(), begin)
                atexit.unregister(self.end)
                atexit.register(self.end)
            try:
                return self.pool.submit(work, *args)
            except BrokenProcessPool:
                log.warning("the process for workbooks and reports ended early; another is started")
                self.pool = None
        raise RuntimeError("no process for workbooks and reports can be started")
