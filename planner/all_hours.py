"""All hours 全时: what to build, decided on all 8,760 hours of every year, with a proven gap.

Given the decisions of the year, months are separate but for the sums of the year, which have prices. So the decisions of
the year (planner.sizing) and the months of all years (planner.cuts) are solved in turn: every answer of a month proves a cut
that holds for all decisions (Benders 1962), every set of decisions is run on all hours as a whole-year run would do it
(planner.mixing). The bound is the optimum of the decisions under the cuts, hours in whole numbers relaxed; the cost is that
of decisions in whole numbers, run. The first steps ignore whole numbers, until little is left to gain but by these; each
goes from the best decisions known to the nearest that promise half of what is open (levels, Lemaréchal, Nemirovskii and
Nesterov 1995): the optimum of few cuts is far off and serves nobody.
"""

import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from models.compiled import Vector
from models.tiles import HOURS, Laid, Places
from planner import highs, mixing
from planner.audit_money import TOLERANCE
from planner.cuts import Cut, Proving
from planner.errors import SolverFailed, Stopped
from planner.mixing import Answer
from planner.process import Listen, Progress, begin, context
from planner.sizing import Sizing
from planner.whole_year import BEYOND, UNSERVED, Job, missing

PROMISED = 0.5  # of what is open between the best decisions and the bound: what the next ones save if the cuts are right
NEAR = 0.02  # of what is open, and at least of the gap asked for: how near the years' mixes of months must be
RELAXED = 0.3  # of the gap asked for: what may be left open before whole numbers are decided
SEARCHED = 0.2  # of the gap asked for: what the search among whole numbers may leave open
ROUNDS = 12  # of mixing in one step
IDLE, NOTHING = 3, 1e-9  # steps in a row that gain nothing, in parts of the cost, before whole numbers are decided, or the search is over

Heard = tuple[Answer, float, tuple[Cut, ...]]
Asked = Mapping[int, Vector]  # year -> prices of the yearly rows


@dataclass(frozen=True)
class Point:
    """Decisions of the year run on all hours. columns: all yearly columns; cost: MCNY of today with the price of what is missed;
    kept: whether nothing is missed; prices: year -> of the yearly rows."""

    columns: Vector
    cost: float
    kept: bool
    prices: Asked


@dataclass(frozen=True)
class Decided:
    """point: the best decisions found; bound: no plan costs less, MCNY of today; duals: of the yearly rows with its whole numbers
    held; steps: one row a step: cost, bound, cuts, seconds; ended: optimal within the gap, or stopped before."""

    point: Point
    bound: float
    duals: Vector
    steps: tuple[Mapping[str, float], ...]
    reached: bool


def decide(jobs: Sequence[Job], near: float, seconds: float, *, processes: int = 2, listen: Listen = lambda _: True) -> Decided:
    """Decide on all hours of ``jobs`` until the cost is within ``near`` (MCNY of today) of the bound, from what they plan.

    Stops after ``seconds``, or when ``listen`` says so or Ctrl-C comes, with the best found. Raises SolverFailed, or Stopped, where
    nothing was found that serves everything.
    """
    search = _Search(jobs, near, time.perf_counter() + seconds, listen, Months(jobs, processes))
    try:
        with _interrupts(search):
            search.begin()
            while not search.done():
                search.step()
            return search.result()
    finally:
        search.months.close()


@contextmanager
def _interrupts(search: "_Search") -> Iterator[None]:
    """Ctrl-C lets the step at hand end; raised inside the solver it would take the process along."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        search.stopped = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Search:
    """Where the search stands: the cuts, the best decisions relaxed and in whole numbers, and what is proven."""

    def __init__(self, jobs: Sequence[Job], near: float, until: float, listen: Listen, months: "Months") -> None:
        self.jobs, self.near, self.until, self.listen, self.months = jobs, near, until, listen, months
        self.began, self.stopped, self.steps = time.perf_counter(), False, list[Mapping[str, float]]()
        self.yearly = jobs[0].yearly
        self.held = {job.number: mixing.held_columns(job.tile, job.yearly, job.number) for job in jobs}
        self.sizing = Sizing(self.yearly, {job.number: job.tile for job in jobs}, len(months.days))
        self.bound, self.relaxed_bound = -np.inf, -np.inf
        self.best: Point | None = None
        self.whole, self.idle = False, 0

    def begin(self) -> None:
        """Run what the plan on representative days decided."""
        self.centre = self.run(self.jobs[0].planned, {job.number: job.prices for job in self.jobs}, self.near)
        self.take(self.centre)

    def done(self) -> bool:
        """Near enough, or told to stop."""
        self.tell()
        over = self.stopped or time.perf_counter() > self.until or (self.whole and self.idle >= IDLE)
        return over or (self.best is not None and self.best.cost - self.bound <= self.near)

    def tell(self) -> None:
        """Say where the search stands, and hear whether it is still wanted."""
        cost, bound = self.best.cost if self.best else None, self.bound if np.isfinite(self.bound) else None
        self.stopped = not self.listen(Progress("all hours", time.perf_counter() - self.began, cost, bound)) or self.stopped

    def step(self) -> None:
        """One more set of decisions: nearer to the optimum of the cuts, or in whole numbers where little is open between it and the best."""
        began, before = time.perf_counter(), self.stands
        found = self.sizing.relaxed()
        assert found.values is not None and found.cost is not None
        self.relaxed_bound = max(self.relaxed_bound, found.cost)
        self.bound = max(self.bound, self.relaxed_bound)
        left = self.centre.cost - self.relaxed_bound
        if not self.whole and (left <= RELAXED * self.near or self.idle >= IDLE):
            self.whole, self.idle = True, 0
        values = self.in_whole_numbers() if self.whole else self.sizing.nearest(self.centre.columns, self.centre.cost, found, PROMISED)
        if values is None:
            return
        known = self.best if self.whole else self.centre
        values = np.clip(values, self.yearly.lower, self.yearly.upper)
        point = self.run(values, self.centre.prices, max(self.near, left), known.cost if known else np.inf)
        if point.cost < self.centre.cost:
            self.centre = point
        if self.whole:
            self.take(point)
        gained = any(a != b and abs(a - b) > NOTHING * abs(point.cost) for a, b in zip(before, self.stands, strict=True))
        self.idle = 0 if gained else self.idle + 1
        self.steps.append({
            "whole": self.whole, "cost": point.cost, "best": self.best.cost if self.best else np.nan, "bound": self.bound,
            "cuts": len(self.sizing.cuts), "seconds": time.perf_counter() - began,
        })  # fmt: skip

    @property
    def stands(self) -> tuple[float, float, float]:
        """The least costs, relaxed and in whole numbers, and the bound, MCNY."""
        return self.centre.cost, self.best.cost if self.best else np.inf, self.bound

    def in_whole_numbers(self) -> Vector | None:
        """The best decisions in whole numbers under the cuts, None where it ended before there were any; raises the bound."""
        left = max(self.until - time.perf_counter(), 1.0)
        found = highs.solve(
            self.sizing.problem(True),
            relative_gap=0.0,
            seconds=left,
            enough=lambda cost, bound: cost - bound <= SEARCHED * self.near,
            report=self.heard,
        )
        if found.bound is not None:
            self.bound = max(self.bound, found.bound)
        if found.values is None and (self.stopped or time.perf_counter() > self.until):
            return None
        if found.values is None:
            raise SolverFailed(f"the decisions in whole numbers ended {found.ending}")
        values = found.values[: len(self.yearly.columns)]
        return np.where(self.yearly.whole, np.round(values), values)

    def heard(self, seconds: float, cost: float | None, bound: float | None) -> bool:
        """Pass on that the search among whole numbers is under way."""
        self.tell()
        return not self.stopped

    def take(self, point: Point) -> None:
        """Keep decisions in whole numbers that are the best so far."""
        if point.kept and (self.best is None or point.cost < self.best.cost):
            self.best = point

    def run(self, values: Vector, prices: Asked, left: float, worst: float = np.inf) -> Point:
        """Run decisions on all hours, beginning at ``prices``, until mixes could save little of the MCNY ``left`` or are known to cost more than
        ``worst``; every answer on the way proves a cut."""
        masters = {
            job.number: mixing.Master(self.yearly, job.number, values, self.held[job.number], prices[job.number], (UNSERVED * job.bill, UNSERVED * job.bill))
            for job in self.jobs
        }  # fmt: skip
        open_years, near, asked = list(masters), NEAR * left / len(masters), dict(prices)
        known = self.yearly.offset + float((self.yearly.cost * np.all(list(self.held.values()), axis=0)) @ values)
        turn: Vector | None = values
        while open_years and known + sum(master.least for master in masters.values()) <= worst:
            asked |= {y: masters[y].prices for y in open_years}
            heard = self.months.answers(turn, {y: asked[y] for y in open_years})
            turn = None
            self.tell()
            for y, answers in heard.items():
                for month, (_, _, proven) in enumerate(answers):
                    for cut in proven:
                        self.sizing.learn((y, month), cut)
            open_years = [
                y for y in open_years if not masters[y].near([(answer, value) for answer, value, _ in heard[y]], near) and masters[y].rounds < ROUNDS
            ]
        full, cost, kept = values.copy(), self.yearly.offset, True
        for job in self.jobs:
            master, free = masters[job.number], ~self.held[job.number]
            full[free] = master.columns[free]
            mixed = [master.mix(month)[0] for month in range(len(self.months.days))]
            missed = sum(answer.priced - answer.cost for answer in mixed) + master.price_of_missed
            cost += sum(answer.cost for answer in mixed) + missed
            kept = kept and missed <= TOLERANCE * BEYOND * job.bill
        return Point(full, float(cost + self.yearly.cost @ full), kept, asked)

    def result(self) -> Decided:
        """What was found, with the prices of the yearly rows at its whole numbers."""
        if self.best is None and self.stopped:
            raise Stopped("stopped before a plan was found that serves every hour")
        if self.best is None:
            late = time.perf_counter() > self.until
            way = "give it more time" if late else "more of the same would find none; --whole-year plans again with what the hours miss"
            raise SolverFailed(f"no decisions were found that serve every hour; {way}")
        if not np.isfinite(self.bound):  # stopped before the first step: what was run has proven cuts all the same
            self.bound = self.sizing.relaxed().cost or self.bound
        values = np.concatenate([self.best.columns, np.zeros(self.sizing.columns - len(self.best.columns))])
        priced = highs.solve(highs.with_fixed_wholes(self.sizing.problem(True), values))
        duals = priced.duals[: len(self.yearly.rows)] if priced.duals is not None else np.zeros(len(self.yearly.rows))
        return Decided(self.best, min(self.bound, self.best.cost), duals, tuple(self.steps), self.best.cost - self.bound <= self.near)


# -- months in processes -------------------------------------------------------------------------------------------


class Months:
    """The months of all years, kept hot in processes of their own; with 0 processes in this one. days: of every month."""

    def __init__(self, jobs: Sequence[Job], processes: int) -> None:
        group = np.array(jobs[0].year.days.group[::HOURS])
        self.days = [np.flatnonzero(group == name) for name in dict.fromkeys(group)]
        count = max(processes, 1)
        shares = [list(range(n, len(self.days), count)) for n in range(count)]
        names = list(dict.fromkeys(group))
        work = [[_month(job, month, names[month], self.days[month]) for job in jobs for month in share] for share in shares]
        self._here = None if processes else _Hot(work[0])
        self._pools = [ProcessPoolExecutor(1, context(), _open, (part,)) for part in work] if processes else []

    def answers(self, turn: Vector | None, prices: Asked) -> dict[int, list[Heard]]:
        """Year -> its months' answers, with the yearly columns at ``turn`` where that is given. Raises SolverFailed."""
        if self._here is not None:
            parts = [self._here.answers(turn, prices)]
        else:
            try:
                parts = [one.result() for one in [pool.submit(_answer, turn, prices) for pool in self._pools]]
            except BrokenProcessPool:
                raise SolverFailed("the process of some months ended early; it may have run out of memory") from None
        found = {key: heard for part in parts for key, heard in part.items()}
        return {y: [found[y, month] for month in range(len(self.days))] for y in prices}

    def close(self) -> None:
        """End the processes."""
        for pool in self._pools:
            for process in list((pool._processes or {}).values()):
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)


Work = tuple[int, int, Laid, Vector, Vector]  # year, month, its problem, what is planned, prices of what is missed


def _month(job: Job, month: int, name: str, days: Places) -> Work:
    """All that a process needs of a month."""
    return job.number, month, job.tile.lay(job.entries[:, days], name), job.planned, missing(job, len(days))


class _Hot:
    """Some months of all years."""

    def __init__(self, work: Sequence[Work]) -> None:
        self.months = {(y, month): Proving(laid, planned, miss) for y, month, laid, planned, miss in work}

    def answers(self, turn: Vector | None, prices: Asked) -> dict[tuple[int, int], Heard]:
        if turn is not None:
            for month in self.months.values():
                month.turn(turn)
        found, none = {}, np.zeros(0)
        for (y, number), month in self.months.items():
            if y in prices:
                answer, value = month.answer(prices[y])
                found[y, number] = (replace(answer, values=none, short=none), value, month.cuts)
        return found


_HOT: _Hot | None = None


def _open(work: Sequence[Work]) -> None:
    global _HOT
    begin()
    _HOT = _Hot(work)


def _answer(turn: Vector | None, prices: Asked) -> dict[tuple[int, int], Heard]:
    assert _HOT is not None
    return _HOT.answers(turn, prices)
