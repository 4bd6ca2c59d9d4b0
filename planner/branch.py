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
from planner.highs import Answer, Relaxation, Stand
from planner.proof import DUALS, End, Proof, within

WHOLE = 1e-6  # how near a whole number counts as whole
DIVE = 8  # of so many nodes one is followed down to a whole plan, once there is one
CROWD = 12  # known parts; where there are more, at other costs the one solved last is nearer than where each stood
_Best = tuple[float, Vector, Vector, Answer]  # cost, the bounds of its node, and the plan itself


@dataclass
class PseudoCosts:
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
        """The place in ``columns`` of the one whose two sides move the bound most; unknown sides count as the average."""
        mean = self.total.sum() / max(self.count.sum(), 1) or 1.0
        known = np.where(self.count[:, columns] > 0, self.total[:, columns] / np.maximum(self.count[:, columns], 1), mean)
        score = np.maximum(known[1] * (1 - part), WHOLE) * np.maximum(known[0] * part, WHOLE)
        return int(np.argmax(score))


@dataclass(frozen=True, eq=False)
class _Node:
    """A part of the search that was solved: its bounds, where its relaxation stood and at what duals, which columns are not whole there and by how much."""

    lower: Vector
    upper: Vector
    stand: Stand
    duals: tuple[Vector, ...]
    columns: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    values: Vector


_Open = tuple[float, int, _Node | End]  # bound, a number that settles ties, and a part of the search, solved or only known


def branch(
    relaxation: Relaxation,
    problem: Compiled,
    near: Callable[[float, float], bool],
    nodes: int,
    known: Answer | None = None,
    learned: PseudoCosts | None = None,
    proof: Proof | None = None,
) -> tuple[Answer | None, float | None]:
    """The best plan found (with duals at its fixed decisions) and the proven bound; (None, None) without any solution.

    Without a plan, depth first to the cheaper side until a node is whole or too dear; with one, from the lowest bound, and
    depth first now and then. ``near`` (cost, bound) says when to stop; ``nodes`` when to give up (a count, so that machines
    in no hurry agree), and so does the relaxation's clock. ``known``: a plan of this problem to start from; ``learned``:
    what rounding cost in earlier searches; ``proof``: the ends of an earlier search, where this one begins (they do not
    count as nodes), and then its own.
    """
    root = relaxation.solve(problem, problem.lower, problem.upper)
    if root.cost is None or root.values is None or relaxation.ended:
        return known, None
    learned = learned if learned is not None else PseudoCosts(len(problem.cost))
    best: _Best | None = (known.cost, *held(problem, known.values), known) if known and known.cost is not None and known.values is not None else None

    def enough(bound: float) -> bool:
        """What is below this bound need not be looked at."""
        return best is not None and near(best[0], bound)

    def node(answer: Answer, lower: Vector, upper: Vector, before: tuple[Vector, ...] = ()) -> _Node:
        assert answer.values is not None and answer.duals is not None
        columns = _fractional(problem, answer.values)
        return _Node(lower, upper, relaxation.here(), (answer.duals, *before)[:DUALS], columns, answer.values[columns])

    ends = proof.of(problem, enough) if proof else []
    # a heap by bound; the number only settles ties
    open_nodes: list[_Open] = [(max(root.cost, bound), n, end) for n, (bound, end) in enumerate(ends)]
    closed: list[_Node | End] = []
    made, solved, turns = len(open_nodes), 0, 0

    def reached(answer: Answer, child: _Node) -> None:
        """A part that is solved: open while it may hold a better plan."""
        nonlocal best, made
        assert answer.cost is not None
        if best is not None and answer.cost >= best[0]:
            closed.append(child)
        elif len(child.columns):
            heapq.heappush(open_nodes, (answer.cost, made := made + 1, child))
        else:
            best = (answer.cost, child.lower, child.upper, answer)
            closed.append(child)

    if open_nodes:
        heapq.heapify(open_nodes)
    else:
        reached(root, node(root, problem.lower, problem.upper))
    while open_nodes and solved < nodes and not enough(open_nodes[0][0]):
        bound, _, now = heapq.heappop(open_nodes)
        if isinstance(now, End):  # known from an earlier search, and not solved for this problem
            lower, upper = within(problem, now)
            crowded = len(ends) > CROWD and not np.array_equal(now.stand.problem.cost, problem.cost)
            answer = relaxation.solve(problem, lower, upper, None if crowded else now.stand)
            if relaxation.ended:
                heapq.heappush(open_nodes, (bound, made + 1, now))
                break
            if answer.cost is None:
                closed.append(replace(now, duals=()))
            else:
                reached(answer, node(answer, lower, upper, now.duals))
                if proof is not None and best is not None and answer.duals is not None:
                    open_nodes = _raised(open_nodes, proof, problem, answer.duals, enough)
            continue
        down, turns = best is None or turns % DIVE == DIVE - 1, turns + 1
        while len(now.columns):
            if enough(bound):
                heapq.heappush(open_nodes, (bound, made := made + 1, now))
                break
            at = learned.best(now.columns, now.values - np.floor(now.values))
            sides = _sides(int(now.columns[at]), float(now.values[at]), now.lower, now.upper)
            alive: list[tuple[float, int, _Node]] = []
            for lower, upper, up, far in sides:
                answer = relaxation.solve(problem, lower, upper, now.stand)
                solved += 1
                if relaxation.ended:
                    break
                if answer.cost is None:
                    closed.append(_end(problem, replace(now, lower=lower, upper=upper, duals=())))
                    continue
                learned.learn(int(now.columns[at]), up, (answer.cost - bound) / far)
                child = node(answer, lower, upper)
                if len(child.columns):
                    alive.append((answer.cost, made := made + 1, child))
                else:
                    reached(answer, child)
            if relaxation.ended:
                heapq.heappush(open_nodes, (bound, made + 1, now))
                break
            closed += [child for cost, _, child in alive if best is not None and cost >= best[0]]
            alive = [one for one in alive if best is None or one[0] < best[0]]
            deeper = alive.pop(alive.index(min(alive))) if down and alive else None
            for one in alive:
                heapq.heappush(open_nodes, one)
            if deeper is None:
                break
            bound, _, now = deeper
        if relaxation.ended:
            break
    if proof is not None:
        proof.keep(problem, [end if isinstance(end, End) else _end(problem, end) for end in (*closed, *(end for _, _, end in open_nodes))])
    return _stopped(relaxation, problem, best, open_nodes, known)


def _raised(open_nodes: list[_Open], proof: Proof, problem: Compiled, duals: Vector, enough: Callable[[float], bool]) -> list[_Open]:
    """The heap with known parts that wait for a solve bounded by the duals of one that was solved, too: for some that is ``enough``."""
    known = [(bound, n, end) for bound, n, end in open_nodes if isinstance(end, End) and not enough(bound)]
    if not known:
        return open_nodes
    raised = {n: by for (_, n, _), by in zip(known, proof.by(duals, problem, [end for _, _, end in known]).tolist(), strict=True)}
    heap: list[_Open] = []
    for bound, n, part in open_nodes:
        by = raised.get(n, bound)
        if by > bound and isinstance(part, End) and enough(by):
            part = replace(part, duals=(duals, *part.duals)[:DUALS])
        heap.append((max(bound, by), n, part))
    heapq.heapify(heap)
    return heap


def _end(problem: Compiled, node: _Node) -> End:
    """What is kept of a part of the search; its stand shares the numbers of the whole problem."""
    return End(node.lower[problem.whole], node.upper[problem.whole], replace(node.stand, problem=problem), node.duals)


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


def _fractional(problem: Compiled, values: Vector) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    columns = np.flatnonzero(problem.whole)
    return columns[np.abs(values[columns] - np.round(values[columns])) > WHOLE]


def _with_duals(relaxation: Relaxation, problem: Compiled, lower: Vector, upper: Vector, values: Vector) -> Answer:
    """The plan again with every whole number held exactly, so that its prices are those at fixed decisions."""
    return relaxation.solve(problem, *held(replace(problem, lower=lower, upper=upper), values))


def held(problem: Compiled, values: Vector) -> tuple[Vector, Vector]:
    """Bounds of ``problem`` with every whole number held at its value in ``values``."""
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[problem.whole] = upper[problem.whole] = np.round(values[problem.whole])
    return lower, upper
