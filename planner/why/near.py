"""Near 近优: plans that cost little more than the best and differ most from it, and how much of each thing they may use.

One more row says that a plan may cost so much. Under it each size in service in the last year is made as small and as
large as the relaxation lets it be: no plan lies outside, and what is built in whole units is rounded to them. Alternatives
are then taken one by one: each size is moved to the end of its range that is farther from the plans taken already, the sizes
weighted by their ranges (modelling to generate alternatives; Brill, Chang and Hopkins 1982, SPORES of Lombardi et al. 2020).
That direction is paid for, the more the better, as far as the plan that then is best keeps the limit: so an alternative is
a plan like any other, decided by its cost and by how far it goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from planner import highs, variants
from planner.branch import branch
from planner.errors import NoPlanExists, Stopped
from planner.plan import Listen, Planned, newly_spent
from planner.why.plans import Found, Plans

NODES = 40  # given to planning an alternative
CLOSE = 0.01  # of the largest size: ranges and distances below are none
ROOM = 1e-9  # of the cost: room for rounding
PAID = (4.0, 2.0, 1.0, 0.5, 0.25, 0.1)  # times what the limit leaves for the whole way to the farthest point of the relaxation


@dataclass(frozen=True)
class Range:
    """The least and the most size of an asset in the last year of any plan nearly as good, canonical; proven."""

    least: float
    most: float

    @property
    def width(self) -> float:
        """How far they lie apart."""
        return self.most - self.least


@dataclass(frozen=True)
class Near:
    """limit: what a plan may cost; decided: what the best plan decides about, MCNY. plans: the best, then the alternatives in the order
    taken; distance: of each to the nearest taken before it, the mean share of a range by which sizes differ."""

    limit: float
    decided: float
    ranges: Mapping[str, Range]
    plans: tuple[Planned, ...]
    distance: tuple[float, ...]


def near(x: Inputs, *, report: Listen, within: float, number: int, gap: float, seconds: float) -> Near:
    """The job: ``number`` plans within ``within`` of what the best plan decides about. Raises NoPlanExists, SolverFailed, Stopped."""
    plans = Plans(x, report, gap, seconds)
    best = plans.plan()
    if best is None:
        raise NoPlanExists("there is no plan that others could be near to; `planner solve` says why")
    frozen, free = plans.frozen, plans.read(plans.free)
    today = frozen.cost or 0.0
    decided = max(today - plans.free.cost, newly_spent(x, plans.read(best), frozen))
    limit = best.cost + within * decided
    search = _Search(plans, best, limit)
    ranges = search.ranges()
    taken, distance = search.farthest(ranges, number)
    made = [Planned(plans.read(f), frozen, free, decided, {}) for f in (best, *taken)]
    return Near(limit, decided, ranges, tuple(made), (0.0, *distance))


class _Search:
    """The model under a limit of cost: what its sizes may be, and plans far apart."""

    def __init__(self, plans: Plans, best: Found, limit: float) -> None:
        p, x = plans.problem, plans.x
        self.plans, self.best, self.limit = plans, best, limit
        self.problem = variants.costing_at_most(p, limit + ROOM * abs(limit))
        self.sizes = decided_sizes(x, p)
        self.largest = {a: max(float(x.existing.get(a, 0.0)), x.max_size.get(a, 0.0)) for a in self.sizes}
        self.unit = {a: u for a, u in x.module.items() if u > 0 and not x.existing.get(a)}
        self.hot = highs.Relaxation(self.problem, lambda *_: plans.report("alternatives"))

    def ranges(self) -> dict[str, Range]:
        """Least and most of every size; those that no plan leaves open included."""
        made = {}
        for a, j in self.sizes.items():
            if self.largest[a] > 0:
                ends = []
                for sign in (1.0, -1.0):
                    cost = np.zeros_like(self.problem.cost)
                    cost[j] = sign
                    bound = self._least(cost)
                    ends.append(sign * max(bound, 0.0 if sign > 0 else -self.largest[a]))
                least, most = ends
                if unit := self.unit.get(a):
                    least, most = unit * np.ceil(least / unit - CLOSE), unit * np.floor(most / unit + CLOSE)
                taken = float(self.best.values[j])  # within rounding the best plan is in its own range
                made[a] = Range(min(float(least), taken), max(float(most), taken))
        return made

    def farthest(self, ranges: Mapping[str, Range], number: int) -> tuple[list[Found], list[float]]:
        """Alternatives, each far from the best and from those before it."""
        open_ = {a: r for a, r in ranges.items() if r.width > CLOSE * self.largest[a]}
        taken: list[Found] = []
        distances: list[float] = []
        for _ in range(number if open_ else 0):
            before = [self.best.values, *(f.values for f in taken)]
            cost = np.zeros_like(self.problem.cost)
            for a, r in open_.items():
                middle = (r.least + r.most) / 2
                cost[self.sizes[a]] = sum(-1.0 if v[self.sizes[a]] <= middle else 1.0 for v in before) / r.width
            found = self._paid(cost, self._least(cost))
            if found is None:
                break
            apart = min(sum(abs(float(found.values[j] - v[j])) / open_[a].width for a, j in self.sizes.items() if a in open_) for v in before) / len(
                open_
            )
            if apart <= CLOSE:
                break
            taken.append(found)
            distances.append(apart)
        return taken, distances

    def _least(self, cost: Vector) -> float:
        """The relaxation's least of ``cost`` within the limit; proven."""
        if not self.plans.report("alternatives"):
            raise Stopped("stopped before all plans nearly as good were looked for")
        if self.hot.ended:
            self.hot = highs.Relaxation(self.problem, lambda *_: self.plans.report("alternatives"))
        answer = self.hot.solve(replace(self.problem, cost=cost, offset=0.0), self.problem.lower, self.problem.upper)
        return -np.inf if answer.cost is None or self.hot.ended else answer.cost

    def _paid(self, direction: Vector, least: float) -> Found | None:
        """The plan that is best when ``direction`` is paid for, as much as keeps it within the limit; None where none does."""
        p = self.plans.problem
        way = float(direction @ self.best.values) - least
        if not 0 < way < np.inf:
            return None
        for times in PAID:
            cost = p.cost + times * (self.limit - self.best.cost) / way * direction
            answer, _ = branch(
                self.plans.work.hot("alternatives").root, replace(p, cost=cost), lambda cost, bound: cost - bound <= self.plans.aim, NODES
            )
            if answer is not None and answer.values is not None:
                found = float(p.cost @ answer.values) + p.offset
                if found <= self.limit + ROOM * abs(self.limit):
                    return Found(found, self.best.bound, answer.values, True)
        return None


def decided_sizes(x: Inputs, p: Compiled) -> dict[str, int]:
    """Assets about which a plan decides -> the column of their size in service in the last year."""
    decided = dict.fromkeys([*(a for a, _ in x.builds), *(a for a, _ in x.retirements), *x.renewals])
    at = {name.replace("'", ""): j for j, name in enumerate(p.columns)}
    places = {a: at.get(f"capacity.size[{a},{x.years[-1]}]") for a in decided}
    return {a: j for a, j in places.items() if j is not None}
