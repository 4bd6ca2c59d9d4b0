"""Hot 热: the search for one kind of plan - the free plan, the plan under caps - with all that is kept of it from problem to problem.

Kept are the relaxations where they stood, at the root of the search and with whole decisions held; the answers; the cuts;
what rounding has cost; and what has been proven. So a search that comes after a change of numbers has little left to do.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.compiled import Compiled, Vector
from planner import gomory, highs
from planner.branch import PseudoCosts, branch, held
from planner.proof import Proof

NODES = 400  # given to branching on the hot relaxation before the solver's own search
BESIDE = 5  # nodes, the known ends solved again, before a cheaper plan is looked for
AROUND = 16  # nodes given to finding a cheaper plan nearby
AWAY = 0.5  # from the relaxation: a whole column is decided anew where a cheaper plan is looked for nearby
REPAIR_NODES = 30  # given to making the plan before a change possible again
DEEPER, PIECE = 1 / 3, 8  # of the gap of the case's own plan, to which it is proven while nobody waits; nodes at a time
REMEMBERED = 6  # answers that are kept
Own = Callable[[float, highs.Enough, Vector | None], highs.Answer]  # the solver's own search: seconds, when to stop, where to start


@dataclass(frozen=True, eq=False)
class Known:
    """The answer to a problem, and where its relaxations stood: at the root of the search, and with its whole numbers held.

    proof: what a search has proven; cuts, tight: those of its search, and the problem with them.
    """

    problem: Compiled
    answer: highs.Answer
    root: highs.Stand | None = None
    held: highs.Stand | None = None
    proof: Proof | None = None
    cuts: gomory.Cuts | None = None
    tight: Compiled | None = None


@dataclass
class _Enough:
    """Whether a plan is near enough to what is proven: as ``near`` says, or by ``aim``, MCNY, which is known only once there is a plan."""

    near: highs.Enough
    aim_of: Callable[[highs.Answer], float]
    aim: float = 0.0

    def __call__(self, cost: float | None, bound: float | None) -> bool:
        return cost is not None and bound is not None and (cost - bound <= self.aim or self.near(cost, bound))

    def for_plan(self, plan: highs.Answer, most: float = math.inf) -> None:
        """Aim at what this plan decides about, and at no more than ``most``."""
        self.aim = min(most, self.aim_of(plan))


@dataclass(frozen=True, eq=False)
class _Start:
    """Where the search of a problem begins. tight: the problem with the cuts; relaxed: the relaxation of that; stand: where it stood."""

    problem: Compiled
    tight: Compiled
    relaxed: highs.Answer
    stand: highs.Stand


class Hot:
    """One search kept hot. model: a problem of its rows and columns; report: hears what it does; others: those that stand beside it."""

    def __init__(self, model: Compiled, report: highs.Report, others: Callable[[], "Sequence[Hot]"], known: Known | None = None) -> None:
        self._model, self._report, self._others = model, report, others
        self._root: highs.Relaxation | None = None
        self._held: highs.Relaxation | None = None
        self.known: deque[Known] = deque([known] if known else [], maxlen=REMEMBERED)  # the latest last
        self.proof = replace(known.proof) if known and known.proof else Proof()  # others begin with the same one
        self.cuts = known.cuts if known else None
        self.own: Known | None = None  # the case's own plan: proven deeper, and tried beside the plan before
        self._deep = False
        self._learned: tuple[tuple[str, ...], PseudoCosts] = ((), PseudoCosts(0))  # what rounding the columns has cost

    @property
    def relaxations(self) -> list[highs.Relaxation]:
        """Those that have been used."""
        return [r for r in (self._root, self._held) if r is not None]

    @property
    def root(self) -> highs.Relaxation:
        """The relaxation at the root of the search."""
        self._root = self._root or self._relaxation(trying=False)
        return self._root

    @property
    def held(self) -> highs.Relaxation:
        """The relaxation with the whole decisions of a plan held."""
        self._held = self._held or self._relaxation(trying=True)
        return self._held

    def _relaxation(self, trying: bool) -> highs.Relaxation:
        patience = min((r.patience for one in (self, *self._others()) for r in one.relaxations), default=math.inf)  # it starts from one's basis
        return highs.Relaxation(self._model, self._report, patience, trying=trying)

    def wake(self) -> None:
        """Forget that it was stopped."""
        for relaxation in self.relaxations:
            relaxation.stopped = relaxation.late = relaxation.lost = False

    def settle(self) -> None:
        """The latest plan is the case's own."""
        self.own, self._deep = (self.known[-1] if self.known else None), False

    def answered(self, problem: Compiled) -> Known | None:
        """What is known of this very problem."""
        return next((known for known in self.known if same(known.problem, problem)), None)

    def remember(self, known: Known) -> None:
        """Keep an answer as the latest."""
        if known in self.known:
            self.known.remove(known)
        self.known.append(known)

    def best(
        self, problem: Compiled, near: highs.Enough, seconds: float, aim_of: Callable[[highs.Answer], float], search: Own, last: Known | None
    ) -> highs.Answer:
        """A plan of ``problem`` near enough to its bound: by branching on the hot relaxation, else by the solver's own ``search``.

        The plan before a change, ``last``, is priced under the new data, repaired where it is no longer possible, and kept while
        nothing is proven to be better by more than ``near`` allows, or than ``aim_of`` that plan, MCNY, which is known only once there is a plan.
        """
        began, enough = time.perf_counter(), _Enough(near, aim_of)
        if known := self.answered(problem):
            enough.for_plan(known.answer)
            if enough(known.answer.cost, known.answer.bound):
                self.remember(known)
                return known.answer
        self.root.until = began + seconds
        tight, relaxed = self._tight(problem, last)
        if relaxed.ending == "infeasible":  # what the relaxation cannot do, no plan can; the solver's own search may not see it for hours
            return relaxed
        start = _Start(problem, tight, relaxed, self.root.here())
        before, at_plan = self._repaired(start, last)
        found, bound = self._branched(start, before, last, enough)
        left = began + seconds - time.perf_counter()
        over = self.root.stopped or left <= 0
        if found is not None and enough(found.cost, bound):
            answer = replace(found, ending="optimal", bound=bound)
        elif found is not None and over:  # what was found stands, with what is proven of it
            answer = replace(found, ending="feasible", bound=-np.inf if bound is None else bound)
        elif over:
            answer = highs.Answer("timed out", None, None, None, None, time.perf_counter() - began, 0)
        else:
            answer = search(left, enough, found.values if found else None)
        if before is not None and enough(before.cost, answer.bound):
            answer = replace(before, ending="optimal", bound=answer.bound, nodes=answer.nodes)
        if answer.values is not None:
            if before is None or answer.values is not before.values:
                answer, at_plan = self._priced(start, answer)
            self.remember(Known(problem, answer, start.stand, at_plan, cuts=self.cuts, tight=tight))
        return answer

    def _branched(self, start: _Start, before: highs.Answer | None, last: Known | None, enough: _Enough) -> tuple[highs.Answer | None, float | None]:
        """The best plan that branching finds, and what it proves; both None without one."""
        if before is None or last is None:  # straight down to a first plan, which every search after it needs
            first, bound = self._searched(start.tight, start.stand, lambda *_: True)
            if first is None:
                return None, bound
            enough.for_plan(first)
        else:
            enough.for_plan(before)
            dearer = not np.array_equal(last.problem.cost, start.problem.cost)
            first, bound = self._proven(start, before, dearer, enough)
            if bound is not None and not enough(first.cost, bound):
                first = self._cheaper(start, first, bound, enough)
            if first is not before:
                enough.for_plan(first)
            if enough(first.cost, bound):
                return first, bound
        found, below = self._searched(start.tight, start.stand, enough, first, self.proof)
        bound = bound if below is None else below
        if found is not None and found is not first and enough(found.cost, bound):  # another plan, which may decide about less
            enough.for_plan(found, enough.aim)
            if not enough(found.cost, bound):
                found, bound = self._searched(start.tight, start.stand, enough, found, self.proof)
        return found, bound

    def _proven(self, start: _Start, before: highs.Answer, dearer: bool, enough: _Enough) -> tuple[highs.Answer, float | None]:
        """What the ends of an earlier search prove of the plan before the change, or of a better one met there.

        Under other limits their duals prove nearly all they can. Under other costs, ``dearer``, they prove little, and the ends are
        solved again first.
        """
        if not dearer:
            return before, max(start.relaxed.cost or -np.inf, self.proof.bound(start.tight, lambda bound: enough(before.cost, bound)))
        found, bound = self._searched(start.tight, start.stand, enough, before, self.proof, BESIDE)
        assert found is not None
        return found, bound

    def deepen(self) -> bool:
        """Prove a little more of the case's own plan; False once it is proven ``DEEPER``, or as far as it can be and is worth keeping.

        A search ends when its plan is proven just well enough, so that after any change all that it takes from the bounds has to be
        proven again, node by node. Proven deeper, a plan can lose some and needs nothing.
        """
        if self._deep or self.own is None or self.own.tight is None:
            return False
        self._deep = self._deepened(self.own, self.own.tight)
        return True

    def _deepened(self, own: Known, tight: Compiled) -> bool:
        """Prove a piece more of a plan; whether nothing is left, or worth it."""
        begin, first = self.proof.deep or self.proof.search(tight), own.answer
        assert first.cost is not None and first.bound is not None
        open_still = DEEPER * (first.cost - first.bound)

        def enough(cost: float, bound: float) -> bool:
            return cost - bound <= open_still

        def proven(cost: float) -> float:
            return self.proof.bound(tight, lambda bound: enough(cost, bound))

        before = proven(first.cost)
        if enough(first.cost, before):
            return True
        trial = Proof((begin,) if begin else ())
        self.root.until = math.inf
        found, bound = self._searched(tight, own.root, enough, first, trial, PIECE)
        after = trial.search(tight)
        if after is None or after is begin:  # it has more ends than are kept
            return True
        self.proof.deep = after
        as_many = begin is not None and len(after.ends) == len(begin.ends)
        stuck = as_many and proven(first.cost) <= before + highs.EXACT  # MCNY; duals are only so exact
        return stuck or bound is None or found is None or found.cost is None or enough(found.cost, bound)

    def _searched(
        self,
        tight: Compiled,
        at_root: highs.Stand | None,
        enough: highs.Enough,
        first: highs.Answer | None = None,
        proof: Proof | None = None,
        nodes: int = NODES,
    ) -> tuple[highs.Answer | None, float | None]:
        """Branching on the hot relaxation, from where it stood at the root, with what rounding has cost before."""
        if at_root is not None:
            self.root.solve(tight, tight.lower, tight.upper, at_root)
        return branch(self.root, tight, enough, nodes, first, self._rounding(tight), proof)

    def _rounding(self, problem: Compiled) -> PseudoCosts:
        if self._learned[0] != problem.columns:
            self._learned = problem.columns, PseudoCosts(len(problem.columns))
        return self._learned[1]

    def _tight(self, problem: Compiled, last: Known | None) -> tuple[Compiled, highs.Answer]:
        """A problem with the cuts, and its relaxation at the root of the search; the first problem is where the cuts are found."""
        tight = problem if self.cuts is None else gomory.tightened(problem, self.cuts)
        relaxed = self.root.solve(tight, tight.lower, tight.upper, self._nearest(tight, last))
        if self.cuts is None and relaxed.cost is not None and not self.root.ended:
            at = self.root.here()
            self.cuts = gomory.found(self.root, problem, relaxed)
            tight = gomory.tightened(problem, self.cuts)
            relaxed = self.root.solve(tight, tight.lower, tight.upper, at)
        if relaxed.ending == "infeasible" and tight is not problem:  # only the problem itself can say so
            return problem, self.root.solve(problem, problem.lower, problem.upper)
        return tight, relaxed

    def _nearest(self, problem: Compiled, last: Known | None) -> highs.Stand | None:
        """The basis to start from at the root."""
        others = [other.known[-1].root if other.known else other.root.here() for other in self._others() if other.known or other.relaxations]
        return _near(problem, [known.root for known in (*self.known, last) if known], others)

    def _run(self, problem: Compiled, last: Known) -> tuple[highs.Answer, highs.Stand]:
        """A known plan's whole decisions, run at least cost under the new data, and where that stands.

        It resumes from where the same whole decisions were run under the most similar data.
        """
        whole = last.problem.whole
        alike = [
            k.held for k in (*self.known, last)
            if k.held and k.problem.columns == last.problem.columns and np.array_equal(np.round(_values(k)[whole]), np.round(_values(last)[whole]))
        ]  # fmt: skip
        stand = _near(problem, alike or [last.root], [other.known[-1].held for other in self._others() if other.known])
        self.held.until = self.root.until
        answer = self.held.solve(problem, *held(problem, _decisions(last, problem)), stand)
        return answer, self.held.here()

    def _repaired(self, start: _Start, last: Known | None) -> tuple[highs.Answer | None, highs.Stand | None]:
        """The plan before the change, run under the new data, and where that stands.

        Where that is impossible, those whole decisions stay that the relaxation of the new data moves by less than one.
        """
        if last is None or start.relaxed.values is None or self.root.ended:
            return None, None
        answer, stand = self._run(start.problem, last)
        if self.held.ended or answer.cost is not None:
            return (None, None) if self.held.ended else (answer, stand)
        decisions = _decisions(last, start.problem)
        around = _around(start.problem, decisions, np.abs(start.relaxed.values - decisions) >= 1)
        found, _ = branch(self.held, around, lambda *_: True, REPAIR_NODES)
        return (found, self.held.here()) if found is not None and found.duals is not None else (None, None)

    def _cheaper(self, start: _Start, before: highs.Answer, proven: float, enough: _Enough) -> highs.Answer:
        """A cheaper plan than the one before the change, if it comes easily, so that less has to be ``proven``; else that one.

        That is the case's own plan, or one of those that decide as that plan does wherever the relaxation does so too (Danna,
        Rothberg and Le Pape 2005).
        """
        assert start.relaxed.values is not None and before.cost is not None
        found, cost = before, before.cost
        if self.own is not None:
            own, _ = self._run(start.problem, self.own)
            if own.cost is not None and own.cost < cost and not self.held.ended:
                found, cost = own, own.cost
        if not enough(cost, proven):
            assert found.values is not None
            around = _around(start.tight, found.values, np.abs(start.relaxed.values - found.values) > AWAY)
            better, _ = branch(self.root, around, lambda cost, bound: enough(cost, proven) or cost - bound <= enough.aim / 4, AROUND, found)
            found = better or found
        return found

    def _priced(self, start: _Start, answer: highs.Answer) -> tuple[highs.Answer, highs.Stand | None]:
        """A plan with the duals of the problem's own rows at its whole decisions, and where that stands; the cuts say nothing there."""
        assert answer.values is not None
        self.root.until = math.inf
        priced = self.root.solve(gomory.loosened(start.tight, start.problem), *held(start.problem, answer.values))
        if self.root.ended or priced.values is None or priced.duals is None:
            return replace(answer, duals=None), None
        return replace(answer, values=priced.values, duals=priced.duals[: len(start.problem.rows)]), self.root.here().onto(start.problem)


def _near(problem: Compiled, own: Iterable[highs.Stand | None], others: Iterable[highs.Stand | None]) -> highs.Stand | None:
    """Of the stands of a search that of the most similar problem; one of another search where that one is of no use."""
    best = min((stand for stand in own if stand), key=lambda stand: stand.distance(problem), default=None)
    if best is not None and not best.strays(problem):
        return best
    return min((stand for stand in (best, *others) if stand), key=lambda stand: stand.distance(problem), default=None)


def same(a: Compiled, b: Compiled) -> bool:
    """Whether two problems are one and the same."""
    if a is b:
        return True
    if a.rows != b.rows or a.columns != b.columns or a.offset != b.offset:
        return False
    vectors = ("cost", "row_lower", "row_upper", "lower", "upper", "whole")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in vectors) and abs(a.matrix - b.matrix).max() == 0


def _around(problem: Compiled, values: Vector, free: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Compiled:
    """The problem in which whole columns keep their values, but for those that are ``free``."""
    lower, upper = held(problem, values)
    return replace(problem, lower=np.where(free, problem.lower, lower), upper=np.where(free, problem.upper, upper))


def _decisions(known: Known, problem: Compiled) -> Vector:
    """The values of a known plan for the columns of a problem; 0 for those it does not have."""
    of = known.problem.columns
    if of is problem.columns or of == problem.columns:
        return _values(known)
    at = np.array(highs.places(of, problem.columns))
    return np.where(at >= 0, _values(known)[np.maximum(at, 0)], 0.0)


def _values(known: Known) -> Vector:
    assert known.answer.values is not None
    return known.answer.values
