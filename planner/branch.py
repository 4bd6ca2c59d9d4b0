"""Branch 分支: branch and bound on a linear relaxation kept hot, stopped as soon as the proven gap is small enough.

Finding the first basis is nearly all of the cost of a plan; a node resumed from the last basis answers in hundredths of
a second. That beats a general solver while few whole numbers matter; where many do, it gives up after some nodes and hands
its best plan over as a start.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.compiled import Compiled, Vector
from planner.highs import Answer, Relaxation

WHOLE = 1e-6  # how near a whole number counts as whole
_Best = tuple[float, Vector, Vector, Answer]  # cost, the bounds of its node, and the plan itself


@dataclass
class _PseudoCosts:
    """What rounding a column up or down has cost so far per unit, MCNY (Achterberg, Koch and Martin 2005)."""

    columns: int
    total: Vector = field(init=False)
    count: Vector = field(init=False)

    def __post_init__(self) -> None:
        self.total, self.count = np.zeros((2, self.columns)), np.zeros((2, self.columns))

    def learn(self, column: int, up: int, per_unit: float) -> None:
        """One more observation."""
        self.total[up, column] += max(per_unit, 0.0)
        self.count[up, column] += 1

    def best(self, columns: "np.ndarray[tuple[int], np.dtype[np.intp]]", part: Vector) -> int:
        """The column whose two sides move the bound most; unknown sides count as the average."""
        mean = self.total.sum() / max(self.count.sum(), 1) or 1.0
        known = np.where(self.count[:, columns] > 0, self.total[:, columns] / np.maximum(self.count[:, columns], 1), mean)
        score = np.maximum(known[1] * (1 - part), WHOLE) * np.maximum(known[0] * part, WHOLE)
        return int(columns[np.argmax(score)])


def branch(
    relaxation: Relaxation, problem: Compiled, near: Callable[[float, float], bool], nodes: int, known: Answer | None = None
) -> tuple[Answer | None, float | None]:
    """The best plan found (with duals at its fixed decisions) and the proven bound; (None, None) without any solution.

    Depth first to the cheaper side until a node is whole or too dear, then from the lowest bound. ``near``
    (cost, bound) says when to stop; ``nodes`` when to give up (a count, so that machines in no hurry agree), and so does
    the relaxation's clock. ``known``: a plan of this problem to start from.
    """
    root = relaxation.solve(problem, problem.lower, problem.upper)
    if root.cost is None or relaxation.ended:
        return known, None
    learned = _PseudoCosts(len(problem.cost))
    best: _Best | None = (known.cost, *held(problem, known.values), known) if known and known.cost is not None and known.values is not None else None
    open_nodes = [(root.cost, 0, problem.lower, problem.upper)]  # a heap by bound; the number only settles ties
    made, solved = 0, 0
    while open_nodes and solved < nodes and not (best and near(best[0], open_nodes[0][0])):
        bound, _, lower, upper = heapq.heappop(open_nodes)
        now = relaxation.solve(problem, lower, upper)
        solved += 1
        while now.cost is not None and now.values is not None and not relaxation.ended:
            bound = now.cost
            if best and near(best[0], bound):
                heapq.heappush(open_nodes, (bound, made := made + 1, lower, upper))
                break
            columns, part = _fractional(problem, now.values)
            if not len(columns):
                best = (bound, lower, upper, now) if best is None or bound < best[0] else best
                break
            column = learned.best(columns, part)
            sides = _sides(column, now.values[column], lower, upper)
            tried = [relaxation.solve(problem, *side[:2]) for side in sides]
            solved += len(tried)
            for (_, _, up, far), answer in zip(sides, tried, strict=True):
                if answer.cost is not None:
                    learned.learn(column, up, (answer.cost - bound) / far)
            if relaxation.ended:
                break
            alive = [(answer.cost, n) for n, answer in enumerate(tried) if answer.cost is not None]
            if not alive:
                break
            cheap = min(alive)[1]
            for cost, n in alive:
                if n != cheap:
                    heapq.heappush(open_nodes, (cost, made := made + 1, *sides[n][:2]))
            lower, upper, now = *sides[cheap][:2], tried[cheap]
        if relaxation.ended:
            heapq.heappush(open_nodes, (bound, 0, lower, upper))
            break
    return _stopped(relaxation, problem, best, open_nodes, known)


def _sides(column: int, value: float, lower: Vector, upper: Vector) -> list[tuple[Vector, Vector, int, float]]:
    """The two problems in which a column is rounded down or up: bounds, 1 if up, how far; the nearer side last, so that it is hot."""
    below, above = upper.copy(), lower.copy()
    below[column], above[column] = np.floor(value), np.ceil(value)
    part = float(value - np.floor(value))
    down, up = (lower, below, 0, part), (above, upper, 1, 1 - part)
    return [down, up] if part >= 0.5 else [up, down]


def _stopped(
    relaxation: Relaxation, problem: Compiled, best: _Best | None, open_nodes: list[Any], known: Answer | None
) -> tuple[Answer | None, float]:
    """The best plan and what is proven of it: no open node can be better than the lowest of their bounds."""
    bound = min([node[0] for node in open_nodes] + ([best[0]] if best else []), default=-np.inf)
    if best is None:
        return None, bound
    _, lower, upper, plan = best
    assert plan.values is not None
    priced = plan if relaxation.ended or plan is known else _with_duals(relaxation, problem, lower, upper, plan.values)
    if plan is known or (priced.values is not None and not relaxation.ended):
        return priced, bound
    return replace(plan, duals=None), bound


def _fractional(problem: Compiled, values: Vector) -> "tuple[np.ndarray[tuple[int], np.dtype[np.intp]], Vector]":
    columns = np.flatnonzero(problem.whole)
    columns = columns[np.abs(values[columns] - np.round(values[columns])) > WHOLE]
    return columns, values[columns] - np.floor(values[columns])


def _with_duals(relaxation: Relaxation, problem: Compiled, lower: Vector, upper: Vector, values: Vector) -> Answer:
    """The plan again with every whole number held exactly, so that its prices are those at fixed decisions."""
    return relaxation.solve(problem, *held(replace(problem, lower=lower, upper=upper), values))


def held(problem: Compiled, values: Vector) -> tuple[Vector, Vector]:
    """Bounds of ``problem`` with every whole number held at its value in ``values``."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole] = upper[problem.whole] = np.round(values[problem.whole])
    return lower, upper
