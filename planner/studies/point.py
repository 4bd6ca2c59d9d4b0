"""Point 点: one plan of a study, made in a process that plans point after point, each from the same start."""

import json
import tempfile
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from planner import highs, run, translate, variants
from planner.errors import CaseError, NoPlanExists, PlanRefused, SolverFailed, Stopped
from planner.hot import Known, same
from planner.levers import Levers
from planner.plan import Phase, Planned, Work
from planner.plant import MILLION, THOUSAND
from planner.process import Listen
from planner.run import Ready, Run
from planner.stored import RUNS
from planner.studies import start
from planner.studies.start import Arrays

Changes = tuple[tuple[str, str], ...]
Record = Mapping[str, Any]
SMALL = 1e-9  # of a limit: passed by less is not passed
LEAST = 1e-3  # relative gap of the lowest that can be reached
UNCAPPED: set[Phase] = {"frozen operation", "free plan"}  # what a point is measured against
SHARED = 12  # of them that are kept for other points
FINAL = ("optimal", "feasible", "infeasible", "wrong case", "refused", "timed out")  # ends that another try would not change


@dataclass(frozen=True)
class Base:
    """What all points of a study share; plain, and able to reach another machine.

    files: the texts of the case's folder; changes: on top of them, of every point; gap, seconds: of every plan; start:
    where every point begins, None where the base case has no plan; mapped: points are reached by differences and not compiled.
    """

    name: str
    files: Mapping[str, str]
    changes: Changes
    gap: float
    seconds: float
    start: Arrays | None = None
    mapped: bool = False


@dataclass(frozen=True)
class _Open:
    """A base that is open: where its points begin, and its map where it has one."""

    base: Base
    known: Mapping[Phase, Known]
    levers: Levers | None


@dataclass(frozen=True)
class Point:
    """A point as it is kept: its record for the tables, and the files of its run (none where there is no plan)."""

    record: Record
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Lowest:
    """The question how little a cap could count in a year, those of ``dropped`` not asked for."""

    cap: str
    year: int
    dropped: tuple[str, ...]


class Map:
    """The wish that the levers of a base be mapped."""


class Desk:
    """Opens a base once and plans its points; sits in a process of its own."""

    def __init__(self) -> None:
        highs.steady()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._open: _Open | None = None
        self._levers: tuple[Base, Levers] | None = None
        self._uncapped: deque[Mapping[Phase, Known]] = deque(maxlen=SHARED)

    def answer(self, report: Listen, request: Any) -> Any:
        """The start of a base (no changes given), its map, the lowest that can be reached, or the point of its changes."""
        base, changes = request
        if isinstance(changes, Lowest):
            return self.lowest(base, changes, report)
        if isinstance(changes, Map):
            return self._work(base).levers.settle()
        return self.begin(base, report) if changes is None else self.point(base, changes, report)

    def idle(self) -> bool:
        """Nothing is prepared between points."""
        return False

    def begin(self, base: Base, report: Listen) -> Arrays | None:
        """Plan the base case itself, where it is a shipped one from what is shipped of its plan. Raises CaseError, SolverFailed."""
        work = self._work(base, report)
        shipped = start.found(RUNS / base.name / start.NAME)
        if shipped is not None and start.fits(shipped, work.compiled):
            work.recall(start.known(work.x, work.compiled, shipped))
        try:
            work.plan(base.gap, base.seconds, explain=False)
        except NoPlanExists:
            return None
        work.settle()
        while work.deepen():
            pass
        return start.of(work)

    def lowest(self, base: Base, asked: Lowest, report: Listen) -> tuple[float, float]:
        """The least that a cap could count in a year, t: proven bound and attained. Raises SolverFailed."""
        ready = self._prepared(base, ())
        work = Work(translate.inputs(ready.plant, ready.year), report, self._opened(base).known)
        x = work.x
        kept = [(cap, y) for cap, y in x.cap_limit if cap not in asked.dropped]
        problem = variants.least(variants.without_caps(work.compiled, kept), asked.cap, asked.year)
        answer = work.best(problem, "lowest reachable", lambda cost, bound: cost - bound <= LEAST * max(abs(cost), 1.0), base.seconds)
        if answer.cost is None or answer.bound is None:
            raise SolverFailed(f"the lowest reachable emissions were not found ({answer.ending}); give it more time")
        return answer.bound * THOUSAND, answer.cost * THOUSAND

    def point(self, base: Base, changes: Changes, report: Listen) -> Point:
        """The audited plan of one point with all its results, or why there is none. Raises Stopped."""
        opened = self._opened(base)
        known = opened.known
        try:
            ready = self._prepared(base, changes)
        except CaseError as error:
            return Point({"status": "wrong case", "reason": str(error)}, {})

        def make() -> Planned:
            work = Work(translate.inputs(ready.plant, ready.year), report, known, opened.levers)
            if known:
                work.recall({**known, **self._shared(work)})
            try:
                return work.plan(base.gap, base.seconds, explain=False)
            finally:
                if known:
                    self._share(work)

        try:
            done = run.evaluated(ready, make)
        except Stopped:
            raise
        except NoPlanExists as error:
            return Point({"status": "infeasible", "reason": str(error)}, {})
        except PlanRefused as error:
            return Point({"status": "refused", "reason": str(error)}, {})
        except SolverFailed as error:
            return Point({"status": "timed out", "stopped": True, "reason": str(error)}, {})
        return Point(_record(done), _files(done))

    def _shared(self, work: Work) -> Mapping[Phase, Known]:
        """Operation as today and the plan without caps, where a point that differs in nothing but caps had them made.

        They would come out the same: they begin at the start of the study, and nothing else that is learned passes from point to point.
        """
        problem = variants.without_caps(work.compiled)
        return next((known for known in self._uncapped if same(known["free plan"].problem, problem)), {})

    def _share(self, work: Work) -> None:
        found = {phase: known for phase, known in work.start.items() if phase in UNCAPPED and known.answer.ending == "optimal"}
        if found.keys() == UNCAPPED and not self._shared(work):
            self._uncapped.append(found)

    def _work(self, base: Base, report: Listen = lambda _: True) -> Work:
        """The work on the base itself, whose problem is compiled once."""
        plain = replace(base, start=None)
        if self._levers is None or self._levers[0] != plain:
            self._levers = plain, Levers()
        ready = self._prepared(base, ())
        return Work(translate.inputs(ready.plant, ready.year), report, levers=self._levers[1])

    def _prepared(self, base: Base, changes: Changes) -> Ready:
        return run.prepare(self._written(base), (*base.changes, *changes))

    def _written(self, base: Base) -> Path:
        """The case's folder, written down once for each base."""
        if self._folder is None or not (Path(self._folder.name) / _mark(base)).is_dir():
            self._folder = self._folder or tempfile.TemporaryDirectory(prefix="study-", ignore_cleanup_errors=True)
            for name, text in base.files.items():
                target = Path(self._folder.name) / _mark(base) / base.name / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return Path(self._folder.name) / _mark(base) / base.name

    def _opened(self, base: Base) -> _Open:
        """A base, opened once."""
        if base.start is None:
            return _Open(base, {}, None)
        if self._open is None or (self._open.base is not base and not _same(self._open.base, base)):
            work = self._work(base)
            if base.mapped:
                work.levers.settle()
            self._open = _Open(base, start.known(work.x, work.compiled, base.start), work.levers if base.mapped else None)
            self._uncapped.clear()
        return self._open


def _mark(base: Base) -> str:
    return format(abs(hash((base.name, tuple(base.files.items())))), "x")


def _same(a: Base, b: Base) -> bool:
    """Whether two bases, read from different messages, are one."""
    assert a.start is not None and b.start is not None
    plain = replace(a, start=None) == replace(b, start=None)
    return plain and a.start.keys() == b.start.keys() and all((a.start[k] == b.start[k]).all() for k in a.start)


Asked = Changes | Lowest | Map | None  # what a desk can be asked: a point, the lowest that can be reached, the map of the levers, the start
_LOCK, _DESKS = Lock(), []  # type: ignore[var-annotated]


def on_cluster(base: Base, changes: Asked) -> Any:
    """The same work in the process of a cluster's worker: one solve at a time."""
    with _LOCK:
        if not _DESKS:
            _DESKS.append(Desk())
        return _DESKS[0].answer(lambda _: True, (base, changes))


def _record(done: Run) -> dict[str, Any]:
    planned, summary = done.planned, done.results.summary
    assert planned.free.cost is not None and planned.free.bound is not None
    table = done.results["emissions"]
    total = table[(table["scope"] == "total") & (table["view"] == "location")]
    late = [s.status for s in (planned.frozen, planned.free, planned.plan) if s.status not in ("optimal", "infeasible")]
    return {
        "status": planned.plan.status,
        "reason": "",
        "stopped": bool(late),
        **{k: summary[k] for k in ("objective_cny", "bound_cny", "gap_cny", "decided_cny", "frozen_cny", "free_cny")},
        "free_bound_cny": planned.free.bound * MILLION,
        "investment_cny": summary["investment_cny"],
        "emissions_t": {str(y): float(t) for y, t in zip(total["year"], total["t"], strict=True)},
        "counted_t": {f"{cap}.{y}": float(t) for cap, y, t in done.results["caps"][["name", "year", "value"]].itertuples(index=False)},
        **_passed(done),
        "seconds": round(done.seconds["total"], 3),
    }


def _passed(done: Run) -> dict[str, Any]:
    """By how much targets at a price are passed (amount, unit), and what of the objective that is, CNY in today's money."""
    over = done.results["targets"]
    over = over[(over["over"] > SMALL * over["limit"].abs().clip(lower=1.0)) & (over["price"] > 0)]
    paid = done.results["cash_flow"]
    steering = paid["item"].isin([f"{g} passed" for g in done.ready.plant.targets])
    return {
        "over": {f"{g}.{y}": [float(v), unit] for g, y, v, unit in over[["name", "year", "over", "over_unit"]].itertuples(index=False)},
        "over_cny": float(paid.loc[steering, "today_cny"].sum()),
    }


def _files(done: Run) -> dict[str, bytes]:
    """The files of a run's folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = run.write(done, Path(place) / "run")
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def told(record: Record) -> str:
    """A record as it is kept."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
