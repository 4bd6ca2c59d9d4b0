"""Futures 多未来: one plan for several futures - their compiled problems side by side, the first decisions the same columns.

Nothing of the formulation is written a second time: every future is a whole problem of its own, compiled from the same
blocks. The objective weighs the futures by their chances, and on top of that what the dearest of them cost: the conditional
value at risk, in the linear form of Rockafellar and Uryasev (2000).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, coo_matrix, csc_matrix, hstack, vstack

from models.compiled import Compiled, Vector

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Risk:
    """How much the dearest futures weigh: (1 - weight) expected cost + weight CVaR at ``level``, the mean of the dearest 1 - level.

    weight 0: expected cost alone; level at least 1 less the smallest chance: the worst case.
    """

    weight: float = 0.0
    level: float = 0.9


EXPECTED = Risk()


@dataclass(frozen=True)
class Joined:
    """The problem of all futures. places: of each future's own columns among those of ``problem``."""

    problem: Compiled
    places: tuple[Places, ...]

    def of(self, future: int, values: Vector) -> Vector:
        """What ``values`` of the joined problem are in one future's own."""
        return values[self.places[future]]


def joined(problems: Sequence[Compiled], chances: Sequence[float], common: Collection[str], risk: Risk = EXPECTED) -> Joined:
    r"""The problem of all futures $f$ with chances $\pi_f$; columns named in ``common`` are one of all of them.

    $$\min\; (1-w)\sum_f \pi_f C_f + w\Big(t + \tfrac{1}{1-\alpha}\sum_f \pi_f u_f\Big),\quad u_f \ge C_f - t,\; u_f \ge 0$$

    A common column keeps the tightest of its bounds; a future that does not have it cannot do what it decides.
    """
    first = {name: n for n, name in enumerate(dict.fromkeys(c for p in problems for c in p.columns if c in common))}
    places, start = [], len(first)
    for p in problems:
        own = np.array([name not in first for name in p.columns])
        at = np.array([first.get(name, 0) for name in p.columns], dtype=np.intp)
        at[own] = start + np.arange(own.sum())
        places.append(at)
        start += int(own.sum())
    count = start
    spread = [_spread(at, count) for at in places]
    lower, upper, whole = np.full(count, -np.inf), np.full(count, np.inf), np.zeros(count, dtype=bool)
    seen = np.zeros(count, dtype=int)
    columns = [""] * count
    for n, (p, at) in enumerate(zip(problems, places, strict=True)):
        lower[at], upper[at] = np.maximum(lower[at], p.lower), np.minimum(upper[at], p.upper)
        whole[at] |= p.whole
        seen[at] += 1
        for j, name in zip(at.tolist(), p.columns, strict=True):
            columns[j] = name if name in first else f"{name}@{n}"
    absent = (seen < len(problems)) & (np.arange(count) < len(first))
    lower[absent], upper[absent] = np.maximum(lower[absent], 0.0), np.minimum(upper[absent], 0.0)
    costs = [s @ p.cost for s, p in zip(spread, problems, strict=True)]
    done = Compiled(
        rows=tuple(f"{row}@{n}" for n, p in enumerate(problems) for row in p.rows),
        columns=tuple(columns),
        matrix=csc_matrix(block_diag([p.matrix for p in problems]) @ vstack([s.T for s in spread])),
        cost=(1.0 - risk.weight) * np.sum([chance * cost for chance, cost in zip(chances, costs, strict=True)], axis=0),
        offset=(1.0 - risk.weight) * float(sum(chance * p.offset for chance, p in zip(chances, problems, strict=True))),
        row_lower=np.concatenate([p.row_lower for p in problems]), row_upper=np.concatenate([p.row_upper for p in problems]),
        lower=lower, upper=upper, whole=whole, variables=(),
    )  # fmt: skip
    return Joined(_with_risk(done, costs, [p.offset for p in problems], chances, risk) if risk.weight else done, tuple(places))


def at_risk(costs: Sequence[float], chances: Sequence[float], level: float) -> float:
    """CVaR of costs by its definition, not as a linear problem: the mean of the dearest futures that make up 1 - level."""
    left, total = 1.0 - level, 0.0
    for cost, chance in sorted(zip(costs, chances, strict=True), reverse=True):
        taken = min(chance, left)
        total, left = total + taken * cost, left - taken
    return total / (1.0 - level)


def _with_risk(p: Compiled, costs: Sequence[Vector], offsets: Sequence[float], chances: Sequence[float], risk: Risk) -> Compiled:
    """The problem with the cost beyond which a future is dear (t), what each costs more (u), and a row for each."""
    count, rows = len(costs), len(p.rows)
    dear = hstack([csc_matrix(np.array(costs)), csc_matrix(-np.ones((count, 1))), csc_matrix(-np.eye(count))])
    kept = hstack([p.matrix, csc_matrix((rows, 1 + count))])
    return Compiled(
        rows=(*p.rows, *(f"risk.excess[{n}]" for n in range(count))),
        columns=(*p.columns, "risk.threshold", *(f"risk.over[{n}]" for n in range(count))),
        matrix=csc_matrix(vstack([kept, dear])),
        cost=np.concatenate([p.cost, [risk.weight], risk.weight / (1.0 - risk.level) * np.array(chances)]),
        offset=p.offset,
        row_lower=np.concatenate([p.row_lower, np.full(count, -np.inf)]), row_upper=np.concatenate([p.row_upper, -np.array(offsets)]),
        lower=np.concatenate([p.lower, [-np.inf], np.zeros(count)]), upper=np.concatenate([p.upper, np.full(1 + count, np.inf)]),
        whole=np.concatenate([p.whole, np.zeros(1 + count, dtype=bool)]), variables=(),
    )  # fmt: skip


def _spread(at: Places, count: int) -> csc_matrix:
    """Where the numbers of a future's columns stand among all."""
    return csc_matrix(coo_matrix((np.ones(len(at)), (at, np.arange(len(at)))), shape=(count, len(at))))
