"""Solver 求解: the one place that knows how a plan is made for a page: on cases kept hot, the latest used.

A case is opened once, by the plan of its own numbers; every later question about it, whoever asks, resumes from there.
What the open cases hold in memory is limited, and a case nobody asks about is closed after a while.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from planner import process, run
from planner.desk.levers import Changes
from planner.errors import CaseError
from planner.process import Listen
from planner.run import Run
from planner.stored import RUNS
from planner.studies import start
from planner.warm import Session
from planner.why import forced

OPEN = 3  # cases kept hot
SHARE = 0.5  # of the machine's memory that those of all workers may hold together
REST = 900.0  # s without a question after which a case is closed
SECONDS = 300.0  # s for a single search


def start_of(starts: Path, fingerprint: str) -> Path:
    """Where it is kept what opens a case in seconds."""
    return starts / f"{fingerprint}.npz"


class Solver:
    """The cases that are open. starts: a folder for what is known of their own plans, so that they open in seconds the next time; workers: that share the machine."""

    def __init__(self, starts: Path | None = None, workers: int = 1) -> None:
        self.starts, self.workers = starts, workers
        self.sessions: OrderedDict[str, Session] = OrderedDict()  # the latest used last
        self.used: dict[str, float] = {}

    def open(self, case: str, listen: Listen) -> Session:
        """The session of a case, begun. Raises PlannerError."""
        session = self.sessions.get(case)
        if session is None:
            session = self.sessions[case] = Session(run.prepare(case))
        self.sessions.move_to_end(case)
        self.used[case] = time.monotonic()
        self._make_room()
        if not session.begun:
            kept = start_of(self.starts, session.ready.case.fingerprint) if self.starts else None
            shipped = RUNS / case / start.NAME if case.isidentifier() else None
            session.begin(kept, shipped, seconds=SECONDS, listen=listen)
        return session

    def plan(self, case: str, changes: Changes, before: str, listen: Listen, wanted: Callable[[], bool] = lambda: True) -> Run:
        """The audited plan of a case with changes, compared with the plan of the fingerprint ``before``, while it is ``wanted``. Raises PlannerError."""
        ready = run.prepare(case, changes)
        try:
            session = self.open(case, listen)
        except CaseError:  # only its changes make it one that can be planned
            return run.solve(ready, seconds=SECONDS, listen=listen)
        try:
            return session.answer(ready, before=before, seconds=SECONDS, listen=listen, wanted=wanted)
        finally:
            self.used[case] = time.monotonic()
            self._make_room()

    def forced(self, case: str, changes: Changes, wanted: tuple[str, float], listen: Listen) -> Run:
        """The audited plan of a case with changes that has at least so much of an option, everyday units. Raises PlannerError."""
        return forced.evaluate(run.prepare(case, changes), *wanted, seconds=SECONDS, listen=listen)

    def rest(self) -> None:
        """Close what nobody asked about for long."""
        for case in [c for c, used in self.used.items() if time.monotonic() - used > REST]:
            self._close(case)

    def close(self) -> None:
        """Close all."""
        for case in list(self.sessions):
            self._close(case)

    def _make_room(self) -> None:
        """Close the cases used longest ago until number and memory are within bounds; the last one, too, where it alone is too large."""
        while self.sessions and (
            len(self.sessions) > OPEN or sum(s.memory for s in self.sessions.values()) > SHARE * process.memory() / self.workers
        ):
            self._close(next(iter(self.sessions)))

    def _close(self, case: str) -> None:
        self.sessions.pop(case).close()
        del self.used[case]
