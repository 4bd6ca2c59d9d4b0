"""Elastic 弹性模型: the model in which limits give way at a price, and the questions asked of it.

One column is added a requirement (Chinneck and Dravnieks 1991). A requirement is hard when its column is held at
nothing; so every question - can these be met together? - is a change of bounds on one hot relaxation.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import coo_matrix, hstack

from models.compiled import Compiled, Vector
from planner import highs
from planner.branch import branch
from planner.why.reasons import Requirement
from planner.why.requirement import UNIT, Elastic

STEP = 1e-6  # a relative step below this is none
NODES = 30  # branching on the hot relaxation before the solver's own search
EXACT = 1e-5  # relative gap of what can be reached
TOLERANCE = 1e-6  # of a row's throughput, by which a plan is checked


@dataclass(frozen=True)
class Met:
    """Whether requirements can be met together: True with the steps of the others, False proven, None not known in time."""

    possible: bool | None
    steps: Mapping[Requirement, float] = field(default_factory=dict)
    values: Vector | None = None  # of the problem's own columns


class Loose:
    """A problem whose requirements may give way; ``until`` is the clock's time at which it gives up.

    Whether requirements can be met is asked by making their own steps as small as can be: nothing, or they cannot. So no
    problem without a solution is ever solved - simplex can lose its way in those.
    """

    def __init__(self, problem: Compiled, elastics: Sequence[Elastic], report: Callable[[], bool], until: float) -> None:
        self.elastics, self.until, self.report = tuple(elastics), until, report
        self.problem = with_steps(problem, self.elastics)
        self.first = len(problem.columns)
        self.hot = highs.Relaxation(self.problem, lambda *_: report() and not self.late)

    @property
    def late(self) -> bool:
        """Time is over."""
        return time.monotonic() >= self.until

    def shortfall(self, hard: Collection[Requirement]) -> Compiled:
        """The problem that aims at the smallest steps of ``hard`` alone; all else gives way freely."""
        return replace(self.problem, cost=self._prices(lambda r: r in hard), upper=self._opened(hard))

    def holding(self, hard: Collection[Requirement]) -> Compiled:
        """The problem in which ``hard`` hold, and the smallest steps of all else are aimed at."""
        upper = self._opened(hard)
        upper[[self.first + n for n, e in enumerate(self.elastics) if e.requirement in hard]] = 0.0
        return replace(self.problem, upper=upper)

    def relaxed(self, hard: Collection[Requirement]) -> Met:
        """Can ``hard`` be met together in the relaxation? With the smallest steps of all else."""
        short = self._relax(self.shortfall(hard)) if hard else None
        if short is not None and (short.cost is None or short.cost > STEP):
            return Met(False if short.cost is not None else None)
        return self._met(self._relax(self.holding(hard)))

    def met(self, hard: Collection[Requirement]) -> Met:
        """Can ``hard`` be met together by a plan? The first plan found is enough."""
        problem = self.shortfall(hard)
        root = self._relax(problem)
        if root.cost is None or root.cost > STEP:
            return Met(False if root.cost is not None or root.ending == "infeasible" else None)
        found, bound = branch(self.hot, problem, _told, NODES)
        if found is None or found.cost is None or bound is None or not _told(found.cost, bound):
            found = self._search(problem, _told, found.values if found else None)
            bound = found.bound
        if found.cost is not None and found.cost <= STEP:
            return Met(True, {}, found.values)
        return Met(False if (bound is not None and bound > STEP) or found.ending == "infeasible" else None)

    def smallest(self, hard: Collection[Requirement], gap: float = 1e-3) -> Met:
        """The smallest steps of all that is not ``hard`` (which can be met); what was found when time is over."""
        met = self.met(hard) if hard else Met(True)
        if not met.possible:
            return met
        return self._met(self._search(self.holding(hard), lambda cost, bound: cost - bound <= gap * max(cost, STEP)))

    def refuted(self, hard: Collection[Requirement]) -> bool:
        """Asked anew of a cold solver, with nothing carried over: no plan meets ``hard``."""
        answer = highs.solve(self.shortfall(hard), seconds=self._left(), enough=_told)
        return answer.ending == "infeasible" or (answer.bound is not None and answer.bound > STEP)

    def lowest(self, e: Elastic, kept: Mapping[Requirement, float]) -> tuple[float, float] | None:
        """The least (proven bound, attained) that limit ``e`` could be, while ``kept`` hold, moved by so much; all others are dropped.

        Its limit is set below anything, so that its step is the amount itself.
        """
        floor = -max(abs(other.requirement.limit) for other in self.elastics) - UNIT
        lower, upper = self.problem.row_lower.copy(), self.problem.row_upper.copy()
        for other in self.elastics:
            moved = np.inf if other.requirement not in kept else other.requirement.limit + kept[other.requirement]
            upper[list(other.rows)] = floor if other is e else moved
        problem = replace(self.holding([q.requirement for q in self.elastics if q is not e]), row_lower=lower, row_upper=upper)

        def near(cost: float, bound: float) -> bool:
            return cost - bound <= EXACT * cost

        found, bound = branch(self.hot, problem, near, NODES)
        if found is None or found.cost is None or bound is None or not near(found.cost, bound):
            found = self._search(problem, near, found.values if found else None)
            bound = found.bound
        if found.cost is None or bound is None:
            return None
        return bound / e.price + floor, found.cost / e.price + floor

    def _relax(self, problem: Compiled) -> highs.Answer:
        return self.hot.solve(problem, problem.lower, problem.upper)

    def _prices(self, wanted: Callable[[Requirement], bool]) -> Vector:
        """Costs of the columns when only the steps of ``wanted`` are aimed at."""
        prices = [e.price if wanted(e.requirement) else 0.0 for e in self.elastics]
        return np.concatenate([np.zeros(self.first), prices])

    def _opened(self, hard: Collection[Requirement]) -> Vector:
        """Upper bounds of the columns without those that are part of a limit which gives way."""
        upper: Vector = self.problem.upper.copy()
        for e in self.elastics:
            if e.requirement not in hard:
                upper[list(e.opens)] = np.inf
        return upper

    def _search(self, problem: Compiled, enough: highs.Enough, start: Vector | None = None) -> highs.Answer:
        return highs.solve(problem, seconds=self._left(), enough=enough, report=lambda *_: self.report(), start=start)

    def _left(self) -> float:
        return max(0.05, self.until - time.monotonic())

    def _met(self, answer: highs.Answer) -> Met:
        if answer.values is None:
            return Met(False if answer.ending == "infeasible" else None)
        own, steps = answer.values[: self.first], answer.values[self.first :]
        return Met(True, {e.requirement: float(s) for e, s in zip(self.elastics, steps, strict=True) if s * e.price > STEP}, own)


def _told(cost: float, bound: float) -> bool:
    """A search for what can be met is over: it can, or it cannot."""
    return cost <= STEP or bound > STEP


def with_steps(p: Compiled, elastics: Sequence[Elastic]) -> Compiled:
    """The problem with one more column a requirement, and the weighed sum of the steps for its aim."""
    rows = [i for e in elastics for i in e.rows]
    columns = [n for n, e in enumerate(elastics) for _ in e.rows]
    values = [c for e in elastics for c in e.coefficients]
    steps = coo_matrix(
        (np.array(values, dtype=float), (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))), shape=(len(p.rows), len(elastics))
    )
    prices = np.array([e.price for e in elastics])
    return replace(
        p,
        columns=p.columns + tuple(f"step[{n}]" for n in range(len(elastics))),
        matrix=hstack([p.matrix, steps], format="csc"),
        cost=np.concatenate([np.zeros_like(p.cost), prices]), offset=0.0,
        lower=np.concatenate([p.lower, np.zeros(len(elastics))]), upper=np.concatenate([p.upper, [e.most for e in elastics]]),
        whole=np.concatenate([p.whole, np.zeros(len(elastics), dtype=bool)]),
    )  # fmt: skip


def eased(p: Compiled, elastics: Sequence[Elastic], steps: dict[Requirement, float]) -> Compiled:
    """The problem itself with the limits moved by ``steps``: eased, or tightened where a step is negative."""
    lower, upper, columns = p.row_lower.copy(), p.row_upper.copy(), p.upper.copy()
    for e in elastics:
        step = steps.get(e.requirement)
        if not step:
            continue
        for i, c in zip(e.rows, e.coefficients, strict=True):
            if np.isfinite(upper[i]) and c < 0:
                upper[i] += -c * step
            if np.isfinite(lower[i]) and c > 0:
                lower[i] -= c * step
        if step > 0:
            columns[list(e.opens)] = np.inf
    return replace(p, row_lower=lower, row_upper=upper, upper=columns)


def residual(p: Compiled, values: Vector) -> float:
    """Largest violation of a row or bound by ``values``, relative to what passes the row."""
    rows = highs.missed(p, values) / np.maximum(abs(p.matrix) @ np.abs(values), 1.0)
    bounds = np.maximum(p.lower - values, values - p.upper) / np.maximum(np.abs(values), 1.0)
    whole = np.abs(values - np.round(values))[p.whole]
    return float(max(rows.max(initial=0.0), bounds.max(initial=0.0), whole.max(initial=0.0)))
