"""Warm 热规划: a case opened once and asked many times, each answer resumed from the one before.

The hot problem lives in a process of its own, one for each session. Between two questions it maps what its levers move.
"""

from collections.abc import Sequence
from typing import Any

from planner import run, translate
from planner.errors import PlanRefused
from planner.plan import Planned, Work
from planner.process import Listen, Worker
from planner.run import Ready, Run

Changes = Sequence[tuple[str, str]]


class Session:
    """One case kept hot. Changes are those of ``--set``, always counted from the case as it was opened.

    Raises what ``run.prepare`` and ``plan.make`` raise; the session stays usable, and starts its process again where that
    died. ``close`` it, or use it in a ``with``.
    """

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self._worker = Worker(_Desk)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._worker.close()

    def changed(self, changes: Changes) -> Ready:
        """The case with ``changes`` on top of its own. Raises CaseError."""
        return run.prepare(self.ready.case.folder, [*self.ready.case.changes, *changes]) if changes else self.ready

    def plan(self, changes: Changes = (), *, gap: float = 0.01, seconds: float = 600.0, listen: Listen = lambda _: True) -> Planned:
        """The plan of the case with ``changes``, as ``plan.make`` gives it."""
        return self.make(self.changed(changes), gap, seconds, listen)

    def solve(self, changes: Changes = (), *, gap: float = 0.01, seconds: float = 600.0, listen: Listen = lambda _: True) -> Run:
        """The audited plan of the case with ``changes`` and all its results, as ``run.solve`` gives it.

        A plan that was reached by differences and does not pass its audit is made once more from nothing.
        """
        ready = self.changed(changes)
        try:
            return run.evaluated(ready, lambda: self.make(ready, gap, seconds, listen))
        except PlanRefused:
            self.close()
            return run.evaluated(ready, lambda: self.make(ready, gap, seconds, listen))

    def make(self, ready: Ready, gap: float, seconds: float, listen: Listen) -> Planned:
        """The plan of ``ready``, whatever case it is."""
        x = translate.inputs(ready.plant, ready.year)
        planned: Planned = self._worker.ask((x, gap, seconds), patience=4 * seconds + 60, listen=listen)
        return planned


class _Desk:
    """Plans one case after the other on the same hot problem."""

    def __init__(self) -> None:
        self.work: Work | None = None

    def answer(self, report: Listen, request: Any) -> Planned:
        x, gap, seconds = request
        if self.work is None:
            self.work = Work(x, report)
        else:
            self.work.take(x, report)
        return self.work.plan(gap, seconds)

    def idle(self) -> bool:
        return self.work is not None and self.work.levers.learn()
