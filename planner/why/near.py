"""Near 近优: plans that cost little more than the best and differ most from it, and how much of each thing they may use.

One more row says that a plan may cost so much. Under it each size in service in the last year is made as small and as
large as it can be; every plan found on the way is kept. Alternatives are then taken one by one: a plan is sought that is
as far as can be from those taken already - each size moved to the end of its range that is farther from them, the sizes
weighted by their ranges (modelling to generate alternatives; Brill, Chang and Hopkins 1982, SPORES of Lombardi et al.
2020) - and of all that were found the farthest is taken. Its sizes held, all else is decided anew at least cost, whole hours and all. While sizes are moved, hours that a plan
would decide in whole numbers are taken in parts: under an aim that is no cost nothing else decides them.
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

NODES = 12  # given to each size and each alternative; the bound is proven all the same
SIZED = ("capacity", "scale", "choice")  # blocks whose whole numbers are about sizes
CLOSE = 0.01  # of the largest size: nearer than this to its bound a size is known
ROOM = 1e-9  # of the cost: room for rounding
MOVED = 1e-6  # of the largest size that a held size may move


@dataclass(frozen=True)
class Range:
    """What plans nearly as good may use of an asset in the last year, canonical size: the least and most found, and the bounds that
    no such plan passes."""

    least: float
    most: float
    never_below: float
    never_above: float

    @property
    def width(self) -> float:
        """How far the least and the most found lie apart."""
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
    """The model under a limit of cost, and every plan found in it."""

    def __init__(self, plans: Plans, best: Found, limit: float) -> None:
        p = plans.problem
        self.plans, self.best, self.limit = plans, best, limit
        sized = np.array([name.partition(".")[0] in SIZED for name in p.columns])
        self.problem = replace(variants.costing_at_most(p, limit + ROOM * abs(limit)), whole=p.whole & sized)
        self.sizes = decided_sizes(plans.x, p)
        self.largest = {a: max(float(plans.x.existing.get(a, 0.0)), plans.x.max_size.get(a, 0.0)) for a in self.sizes}
        self.found: list[Vector] = [best.values]
        self.hot: highs.Relaxation | None = None

    def ranges(self) -> dict[str, Range]:
        """Least and most of every size; those that no plan leaves open included."""
        made = {}
        for asset, j in self.sizes.items():
            if self.largest[asset] > 0:
                least, below = self._end(j, 1.0, self.largest[asset])
                most, above = self._end(j, -1.0, self.largest[asset])
                made[asset] = Range(least, -most, max(0.0, below), -above)
        return made

    def farthest(self, ranges: Mapping[str, Range], number: int) -> tuple[list[Found], list[float]]:
        """Alternatives, each as far as was found from the best and from those before it."""
        open_ = {a: r for a, r in ranges.items() if r.width > CLOSE * self.largest[a]}
        taken: list[Found] = []
        distances: list[float] = []
        values = [self.best.values]
        for _ in range(number if open_ else 0):
            cost = np.zeros_like(self.problem.cost)
            for a, r in open_.items():
                middle = (r.least + r.most) / 2
                cost[self.sizes[a]] = sum(-1.0 if v[self.sizes[a]] <= middle else 1.0 for v in values) / r.width
            self._seek(cost, 0.0)
            apart = [round(min(self._distance(open_, v, other) for other in values), 9) for v in self.found]
            for at in sorted(range(len(apart)), key=lambda n: -apart[n]):
                if apart[at] <= CLOSE:
                    return taken, distances
                if (made := self._at_least_cost(self.found[at])) is not None:
                    taken.append(made)
                    values.append(self.found[at])
                    distances.append(apart[at])
                    break
        return taken, distances

    def _distance(self, open_: Mapping[str, Range], one: Vector, other: Vector) -> float:
        return sum(abs(float(one[self.sizes[a]] - other[self.sizes[a]])) / r.width for a, r in open_.items()) / len(open_)

    def _end(self, j: int, sign: float, largest: float) -> tuple[float, float]:
        """The least of ``sign`` times a size: found and proven."""
        known = min(sign * float(v[j]) for v in self.found)
        edge = 0.0 if sign > 0 else -largest
        if known - edge <= CLOSE * largest:  # a plan found before is there already
            return known, edge
        cost = np.zeros_like(self.problem.cost)
        cost[j] = sign
        bound = self._seek(cost, CLOSE * largest)
        return min(sign * float(v[j]) for v in self.found), max(edge, bound)

    def _seek(self, cost: Vector, close: float) -> float:
        """Look for plans of least ``cost``, begun at the best of those found; what is proven of it."""
        if not self.plans.report("alternatives"):
            raise Stopped("stopped before all plans nearly as good were looked for")
        if self.hot is None or self.hot.ended:
            self.hot = highs.Relaxation(self.problem, lambda *_: self.plans.report("alternatives"))
        start = min(self.found, key=lambda v: float(cost @ v))
        known = highs.Answer("feasible", float(cost @ start), None, start, None, 0.0, 0)
        answer, bound = branch(self.hot, replace(self.problem, cost=cost, offset=0.0), lambda c, b: c - b <= close, NODES, known)
        if answer is not None and answer is not known and answer.values is not None:
            self.found.append(answer.values)
        return -np.inf if bound is None else bound

    def _at_least_cost(self, values: Vector) -> Found | None:
        """The cheapest plan with the sizes of ``values`` in the last year; None where none was found within the limit of cost and the gap."""
        p = self.plans.problem
        lower, upper = p.lower.copy(), p.upper.copy()
        for a, j in self.sizes.items():
            room = MOVED * max(self.largest[a], 1e-3)
            lower[j], upper[j] = max(lower[j], values[j] - room), min(upper[j], values[j] + room)
        answer = self.plans.work.best(replace(p, lower=lower, upper=upper), "alternatives", lambda c, b: c - b <= self.plans.aim, self.plans.seconds)
        if answer.cost is None or answer.values is None or answer.cost > self.limit + self.plans.aim:
            return None
        return Found(answer.cost, self.best.bound, answer.values, True)


def decided_sizes(x: Inputs, p: Compiled) -> dict[str, int]:
    """Assets about which a plan decides -> the column of their size in service in the last year."""
    decided = dict.fromkeys([*(a for a, _ in x.builds), *(a for a, _ in x.retirements), *x.renewals])
    at = {name.replace("'", ""): j for j, name in enumerate(p.columns)}
    places = {a: at.get(f"capacity.size[{a},{x.years[-1]}]") for a in decided}
    return {a: j for a, j in places.items() if j is not None}
