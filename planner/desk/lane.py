"""Lane 求解通道: pieces of work done one after the other by a thread and a process of their own; lanes work side by side."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from planner.desk.worker import Worker


@dataclass(eq=False)
class Lane:
    """worker: its process; at: the case that is being opened; opening: set once a plan is waited for, for a case can be opened later."""

    worker: Worker
    at: str = ""
    opening: threading.Event | None = None
    waiting: queue.PriorityQueue[tuple[bool, int, Callable[[], None]]] = field(default_factory=queue.PriorityQueue)
    order: "count[int]" = field(default_factory=count)
    thread: threading.Thread | None = None

    def put(self, work: Callable[[], None], later: bool = False) -> None:
        """One more piece of work, which must not raise; ``later``: after all that is waited for."""
        self.waiting.put((later, next(self.order), work))
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(target=self._work, name="planner-jobs", daemon=True)
            self.thread.start()

    def _work(self) -> None:
        while True:
            *_, work = self.waiting.get()
            work()
