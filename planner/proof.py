"""Proof 证明: what a search has proven of its parts, and what that is still worth once the problem has changed.

The ends of a search tree hold all whole decisions between them. The duals an end was solved with bound it from below under
any other costs and limits, without a solve (weak duality: Geoffrion and Nauss 1977 for such changes in whole numbers); only
an end for which that does not suffice is solved again. So a change costs the few ends it concerns and not the whole tree.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.compiled import Compiled, Vector
from planner.highs import Stand, alike, places
from planner.reach import reach

MOST = 120  # ends; a search that leaves more is not worth keeping
KEPT = 4  # searches
DUALS = 3  # of an end that are kept, the latest first
TOLERANCE = 1e-7  # MCNY per unit: what the solver itself takes for no reduced cost


@dataclass(frozen=True, eq=False)
class End:
    """One end of a search: the bounds of its whole columns, where its relaxation stood, and duals it was solved with; none if it had no solution."""

    lower: Vector
    upper: Vector
    stand: Stand
    duals: tuple[Vector, ...] = ()


@dataclass(frozen=True, eq=False)
class Search:
    """The ends that a search of a problem came to."""

    problem: Compiled
    ends: Sequence[End]


@dataclass
class Proof:
    """What searches of problems with the same whole columns have proven: the first of them, and the latest. deep: one that went on where it could have ended."""

    searches: Sequence[Search] = ()
    deep: Search | None = None
    _far: tuple[Compiled, tuple[Vector, Vector]] | None = field(default=None, init=False, repr=False)  # of the problem asked about last

    def of(self, problem: Compiled, enough: Callable[[float], bool] = lambda _: False) -> list[tuple[float, End]]:
        """Ends that ``problem`` still allows, each with what is known to be the least it costs, MCNY; none where no search covers it.

        Of the searches known that one is taken which leaves the fewest ends whose bounds are not ``enough``.
        """
        best, fewest, far = list[tuple[float, End]](), math.inf, self._reach(problem)
        for one in (self.deep, *self.searches):
            found = _of(one, problem, far, enough) if one and fewest else []
            left = sum(not enough(bound) for bound, _ in found)
            if found and left < fewest:
                best, fewest = found, left
        return best

    def bound(self, problem: Compiled, enough: Callable[[float], bool]) -> float:
        """What the ends of one search prove of the problem without a solve, MCNY."""
        return min((bound for bound, _ in self.of(problem, enough)), default=-np.inf)

    def by(self, duals: Vector, problem: Compiled, ends: Sequence[End]) -> Vector:
        """What the duals of one part of ``problem`` prove of other parts, MCNY: under other costs often more than their own from before."""
        low, high = self._reach(problem)
        paid, rest = _priced(problem, duals)
        at, flat = problem.whole, ~problem.whole
        lower, upper = np.array([end.lower for end in ends]), np.array([end.upper for end in ends])
        lower, upper = np.where(np.isfinite(lower), lower, low[at]), np.where(np.isfinite(upper), upper, high[at])
        return np.asarray(paid + _cheapest(rest[flat], low[flat], high[flat]).sum() + _cheapest(rest[at], lower, upper).sum(axis=1))

    def _reach(self, problem: Compiled) -> tuple[Vector, Vector]:
        """How far the columns of a problem can go; costs have no say in it."""
        if self._far is None or self._far[0] is not problem:
            self._far = problem, self._far[1] if self._far and _as_free(self._far[0], problem) else reach(problem)
        return self._far[1]

    def keep(self, problem: Compiled, ends: Sequence[End]) -> None:
        """Remember the ends of a search."""
        if len(ends) > MOST:
            return
        known = {id(one.problem): one for one in self.searches if _kin(one.problem, problem)} | {id(problem): Search(problem, tuple(ends))}
        first, *latest = known.values()
        self.searches = (first, *latest[1 - KEPT :])

    def search(self, problem: Compiled) -> Search | None:
        """The search of this very problem."""
        return next((one for one in self.searches if one.problem is problem), None)


def _of(search: Search, problem: Compiled, far: tuple[Vector, Vector], enough: Callable[[float], bool]) -> list[tuple[float, End]]:
    """The ends of one search for another problem; none where they are not all of it."""
    if not _kin(search.problem, problem) or not _inside(problem, search.problem):
        return []
    at, carry, found = problem.whole, _carry(search.problem, problem), []
    for end in search.ends:
        lower, upper = np.maximum(end.lower, problem.lower[at]), np.minimum(end.upper, problem.upper[at])
        if (lower <= upper).all():
            here = replace(end, lower=lower, upper=upper, duals=tuple(map(carry, end.duals)))
            low, high = (np.where(np.isfinite(own), own, reached) for own, reached in zip(within(problem, here), far, strict=True))
            bound = -np.inf
            for y in here.duals:
                bound = max(bound, least(problem, low, high, y))
                if enough(bound):
                    break
            found.append((bound, here))
    return found


def within(problem: Compiled, end: End) -> tuple[Vector, Vector]:
    """Bounds of all columns at an end."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole], upper[problem.whole] = end.lower, end.upper
    return lower, upper


def least(problem: Compiled, lower: Vector, upper: Vector, duals: Vector) -> float:
    """What any values between ``lower`` and ``upper`` cost at least, by ``duals`` of the rows, whatever problem they come from; MCNY.

    $$\\sum_i \\min(y_i b_i) + \\sum_j \\min\\big((c_j - A_j^T y)\\,x_j\\big)$$
    """
    paid, rest = _priced(problem, duals)
    return float(paid + _cheapest(rest, lower, upper).sum())


def _priced(problem: Compiled, duals: Vector) -> tuple[float, Vector]:
    """What the limits of the rows cost by their duals, and the reduced costs of the columns."""
    row = np.where(duals > 0, problem.row_lower, problem.row_upper)
    y = np.where(np.isfinite(row), duals, 0.0)  # any duals bound; those of a side without limit would bound by nothing
    used = y != 0
    paid = (y[used] * row[used]).sum()  # and not @, whose last digit depends on how many threads add up
    return float(problem.offset + paid), np.asarray(problem.cost - problem.matrix.T @ y)


def _cheapest(rest: Vector, lower: Vector, upper: Vector) -> Vector:
    """What each column costs at the better of its bounds; a reduced cost that is none, at no bound, costs nothing."""
    best = np.where(rest > 0, lower, upper)
    return np.asarray(rest * np.where(~np.isfinite(best) & (np.abs(rest) <= TOLERANCE), 0.0, best))


def _as_free(a: Compiled, b: Compiled) -> bool:
    """Whether two problems differ in nothing but costs."""
    vectors = ("row_lower", "row_upper", "lower", "upper", "whole")
    parts = ("shape", "indptr", "indices", "data")
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for one, other, names in ((a, b, vectors), (a.matrix, b.matrix, parts))
        for name in names
    )


def _kin(a: Compiled, b: Compiled) -> bool:
    """Whether two problems decide about the same whole columns, whatever rows and other columns they have."""
    return alike(a, b) or _whole(a) == _whole(b)


def _whole(p: Compiled) -> list[str]:
    return [p.columns[j] for j in np.flatnonzero(p.whole)]


def _carry(old: Compiled, new: Compiled) -> Callable[[Vector], Vector]:
    """Turns duals of one problem into duals of another, by the names of their rows; a new row has none, and any duals bound."""
    if old.rows is new.rows or old.rows == new.rows:
        return lambda duals: duals
    place = np.array(places(old.rows, new.rows))
    return lambda duals: np.asarray(np.where(place >= 0, duals[place], 0.0))


def _inside(inner: Compiled, outer: Compiled) -> bool:
    """Whether all whole decisions of one problem are among those of another."""
    return bool((inner.lower[inner.whole] >= outer.lower[outer.whole]).all() and (inner.upper[inner.whole] <= outer.upper[outer.whole]).all())
