"""Warm 热规划: a case opened once and asked many times, each answer resumed from the ones before.

The hot problem lives in a process of its own, one for each session. Between two questions it maps what its levers move.
A session may begin with the plan of the case itself; what that plan knows can be kept in a file, so that the next process
begins there in seconds. Who asks says which plan the new one is compared with, so that several people can share a session:
a plan depends on the case and on the plan before it, and not on what others asked in between.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.inputs import Inputs
from planner import run, translate
from planner.errors import NoPlanExists, PlanRefused, SolverFailed, Stopped
from planner.hot import Known
from planner.plan import Phase, Planned, Work
from planner.process import Listen, Worker
from planner.run import Ready, Run
from planner.studies import start
from planner.studies.start import Arrays

Changes = Sequence[tuple[str, str]]
REMEMBERED = 16  # plans that new ones can be compared with, the latest used; the case's own besides


@dataclass(frozen=True)
class _Asked:
    """One question: inputs, proven gap, seconds a search may take, the name of the plan and that of the plan before it."""

    x: Inputs
    gap: float
    seconds: float
    name: str = ""
    before: str | None = None


@dataclass(frozen=True)
class _Begun:
    """The first question: the case itself, and what is known of its plan from an earlier process."""

    asked: _Asked
    known: Arrays | None
    deep: bool = False


class Session:
    """One case kept hot. Changes are those of ``--set``, always counted from the case as it was opened.

    Raises what ``run.prepare`` and ``plan.make`` raise; the session stays usable, and starts its process again where that
    died. ``close`` it, or use it in a ``with``.
    """

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self._worker = Worker(_Desk)
        self._begun = False

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._worker.close()

    @property
    def begun(self) -> bool:
        """The case itself was planned in the process that is there."""
        return self._begun and self._worker.alive

    @property
    def memory(self) -> int:
        """Bytes the process holds; 0 where that is not told."""
        return self._worker.memory

    def begin(
        self,
        kept: Path | None = None,
        shipped: Path | None = None,
        *,
        gap: float = 0.01,
        seconds: float = 600.0,
        listen: Listen = lambda _: True,
        deep: bool = False,
    ) -> None:
        """Plan the case itself, from what ``kept``, else ``shipped``, says of it; where that is missing, or of another problem, ``kept`` is written.

        deep: prove first what is else proven between questions, so that it is kept too. A case without a plan begins all the same. Raises Stopped.
        """
        asked = _Asked(translate.inputs(self.ready.plant, self.ready.year), gap, seconds, self.ready.case.fingerprint)
        made: Arrays | None = self._worker.ask(_Begun(asked, start.found(kept, shipped), deep), patience=4 * seconds + 60, listen=listen)
        self._begun = True
        if kept is not None and made is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            start.write(made, kept)

    def map(self, *, listen: Listen = lambda _: True) -> None:
        """Map all levers now, and not between questions."""
        self._worker.ask(None, patience=600.0, listen=listen)

    def changed(self, changes: Changes) -> Ready:
        """The case with ``changes`` on top of its own. Raises CaseError."""
        return run.prepare(self.ready.case.folder, [*self.ready.case.changes, *changes]) if changes else self.ready

    def plan(self, changes: Changes = (), *, gap: float = 0.01, seconds: float = 600.0, listen: Listen = lambda _: True) -> Planned:
        """The plan of the case with ``changes``, as ``plan.make`` gives it."""
        return self.make(self.changed(changes), gap, seconds, listen)

    def solve(self, changes: Changes = (), *, gap: float = 0.01, seconds: float = 600.0, listen: Listen = lambda _: True) -> Run:
        """The audited plan of the case with ``changes`` and all its results, as ``run.solve`` gives it."""
        return self.answer(self.changed(changes), gap=gap, seconds=seconds, listen=listen)

    def answer(
        self,
        ready: Ready,
        *,
        before: str | None = None,
        gap: float = 0.01,
        seconds: float = 600.0,
        listen: Listen = lambda _: True,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Run:
        """The audited plan of ``ready``, the session's case with other numbers.

        before: the fingerprint of the case whose plan it is compared with, and keeps the decisions of while nothing is proven
        better by more than the gap; where that plan is no longer known the case's own, where none is named the latest. A plan
        that was reached by differences and does not pass its audit is made once more from nothing. Raises Stopped where by then
        the plan is not ``wanted`` any more.
        """

        def made() -> Planned:
            planned = self.make(ready, gap, seconds, listen, before)
            if not wanted():
                raise Stopped("nobody waits for this plan any more")
            return planned

        try:
            return run.evaluated(ready, made)
        except PlanRefused:
            self.close()
            return run.evaluated(ready, made)

    def make(self, ready: Ready, gap: float, seconds: float, listen: Listen, before: str | None = None) -> Planned:
        """The plan of ``ready``, whatever case it is."""
        asked = _Asked(translate.inputs(ready.plant, ready.year), gap, seconds, ready.case.fingerprint, before)
        planned: Planned = self._worker.ask(asked, patience=4 * seconds + 60, listen=listen)
        return planned


class _Desk:
    """Plans one case after the other on the same hot problem."""

    def __init__(self) -> None:
        self.work: Work | None = None
        self.plans: OrderedDict[str, Mapping[Phase, Known]] = OrderedDict()

    def answer(self, report: Listen, request: Any) -> Any:
        """The plan that is asked for; of a beginning what it knows, where that is news; None: the map of all levers, and nothing to say."""
        if isinstance(request, _Begun):
            return self.begin(report, request)
        if request is None:
            while self.idle():
                pass
            return None
        work = self.turn(request.x, report)
        work.before = None if request.before is None else self.compared(request.before, work)
        planned = work.plan(request.gap, request.seconds)
        self.plans[request.name] = dict(work.start)
        self.plans.move_to_end(request.name)
        while len(self.plans) > REMEMBERED:
            self.plans.popitem(last=False)
        return planned

    def begin(self, report: Listen, request: _Begun) -> Arrays | None:
        """Plan the case itself. None where it was known, is not finished, or where there is no plan."""
        asked, known = request.asked, request.known
        work = self.turn(asked.x, report)
        usable = known is not None and start.fits(known, work.compiled)
        if usable and known is not None:
            work.recall(start.known(work.x, work.compiled, known))
        try:
            planned = work.plan(asked.gap, asked.seconds, explain=False)
        except (NoPlanExists, SolverFailed):
            return None
        work.settle()
        while request.deep and work.deepen():
            pass
        early = "feasible" in (planned.plan.status, planned.free.status)
        return None if usable or early else start.of(work)

    def turn(self, x: Inputs, report: Listen) -> Work:
        """The work, turned to ``x``."""
        if self.work is None:
            self.work = Work(x, report)
        else:
            self.work.take(x, report)
        return self.work

    def compared(self, name: str, work: Work) -> Mapping[Phase, Known] | None:
        """The plan of that name, else the one the session began with; None: the latest."""
        if name in self.plans:
            self.plans.move_to_end(name)
            return self.plans[name]
        return work.own or None

    def idle(self) -> bool:
        """Map one more group of levers, then prove more of the case's own plans."""
        return self.work is not None and (self.work.levers.learn() or self.work.deepen())
