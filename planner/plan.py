"""Plan 规划: from inputs to the least-cost plan, its proven gap and what it is compared with.

A plan is made by branching on a linear relaxation that is kept hot. When prices, caps or options change, the relaxation
resumes from its last basis, and the plan before the change is priced again and kept as long as nothing better is proven.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from models.solution import Solution
from planner import gomory, highs, variants
from planner.branch import PseudoCosts, branch, held
from planner.errors import NoPlanExists, SolverFailed, Stopped
from planner.levers import Levers
from planner.process import Listen as Listen
from planner.process import Phase as Phase
from planner.process import Progress as Progress
from planner.process import in_own_process as in_own_process
from planner.process import limit_memory as limit_memory
from planner.proof import Proof
from planner.why.none import explained, no_plan

NODES = 400  # given to branching on the hot relaxation before the solver's own search
EDGE = 10.0  # s for the cheapest of the nearest plans, where no plan exists
DEEPER, PIECE = 1 / 3, 8  # of the gap asked for, to which plans are proven while nobody waits; nodes at a time
AROUND = 16  # nodes given to finding a cheaper plan nearby
AWAY = 0.5  # from the relaxation: a whole column is decided anew where a cheaper plan is looked for nearby
REPAIR_NODES = 30  # given to making the plan before a change possible again
REMEMBERED = 6  # answers of a phase that are kept
NOTHING = 1e-6  # share of the bill below which nothing is decided


@dataclass(frozen=True)
class Planned:
    """A plan and what it is measured against.

    frozen: operation as today with only the renewals that cannot be avoided, no caps; free: the cheapest plan without
    caps; decided: MCNY that the plan decides about - what the free plan saves, or what this plan newly spends if that is
    more, in today's money.
    """

    plan: Solution
    frozen: Solution
    free: Solution
    decided: float
    seconds: Mapping[str, float]
    statistics: Mapping[str, float] = field(default_factory=dict)

    @property
    def gap_cny(self) -> float:
        """How much cheaper a plan could still be, MCNY."""
        assert self.plan.cost is not None and self.plan.bound is not None
        return max(0.0, self.plan.cost - self.plan.bound)

    @property
    def gap(self) -> float:
        """Proven gap as a share of what the plan decides; 0 when nothing is open."""
        return self.gap_cny / self.decided if self.decided > 0 else 0.0


def newly_spent(x: Inputs, plan: Solution, frozen: Solution) -> float:
    """Today's value of investment and of every cost part that is higher than in frozen operation, MCNY.

    What more is sold of goods pays for what more is used to make it: of more output, the plan decides about no more than its margin.
    """
    if not frozen.tables:
        return 0.0
    now, before = plan.value("cost.running"), frozen.value("cost.running")
    running = sum(max(0.0, now[p, y] - before.get((p, y), 0.0)) * x.discount_end[y] for p, y in now)
    goods = {k for k in x.sells if x.markets[k] in x.year_carriers}
    running -= sum(max(0.0, before.get((p, y), 0.0) - now[p, y]) * x.discount_end[y] for p, y in now if p in goods)
    invested = sum(v * x.discount_start[y] for (_, y), v in plan.value("cost.investing").items())
    return max(0.0, running) + max(0.0, invested - sum(plan.value("cost.credited").values()))


@dataclass(frozen=True, eq=False)
class Known:
    """The answer to a problem, and where its relaxations stood: at the root of the search, and with its whole numbers held; what a search proved, with which cuts."""

    problem: Compiled
    answer: highs.Answer
    root: highs.Stand | None = None
    held: highs.Stand | None = None
    proof: Proof | None = None
    cuts: gomory.Cuts | None = None
    tight: Compiled | None = None  # the problem with these cuts


class Work:
    """A factory's compiled problem and the solves made on it, kept hot while its inputs change; lives in the solver's process."""

    def __init__(self, x: Inputs, report: Listen, start: "Mapping[Phase, Known] | None" = None) -> None:
        self.levers = Levers()
        self._roots: dict[Phase, highs.Relaxation] = {}  # hot at the root of the search
        self._held: dict[Phase, highs.Relaxation] = {}  # hot at the last plan, its whole numbers held
        self.phase: Phase = "build"
        self._known: dict[Phase, deque[Known]] = {}  # the latest last
        self._learned: dict[Phase, tuple[tuple[str, ...], PseudoCosts]] = {}  # what rounding the columns has cost in the searches of a phase
        self.proofs: dict[Phase, Proof] = {}  # what the searches of a phase have proven
        self.cuts: dict[Phase, gomory.Cuts] = {}  # what makes the relaxations of a phase tighter
        self.before: Mapping[Phase, Known] | None = None  # the plans that new ones are compared with; None: the latest
        self.own: Mapping[Phase, Known] = {}  # the case's own plans: proven deeper, and tried beside the plan before
        self._aim, self._deep = 0.0, dict[Phase, Known]()  # MCNY that may stay open; what needs no deeper proof
        self.recall(start or {})
        highs.trust()
        self.take(x, report)

    def recall(self, known: "Mapping[Phase, Known]") -> None:
        """Begin from what is known of the problem at hand."""
        self._known = {phase: deque([one], maxlen=REMEMBERED) for phase, one in known.items()}
        self.proofs = {phase: replace(one.proof) for phase, one in known.items() if one.proof}  # others begin with the same one
        self.cuts = {phase: one.cuts for phase, one in known.items() if one.cuts}

    def take(self, x: Inputs, report: Listen) -> None:
        """Turn to other inputs; what was learned from those before stays."""
        self.began, self.report, self.x, self.phase, self.stopped = time.perf_counter(), report, x, "build", False
        for relaxation in (*self._roots.values(), *self._held.values()):
            relaxation.stopped = relaxation.late = relaxation.lost = False
        self.tell("build")
        self.opened = self.levers.open(x)
        self.compiled, self.layout = self.opened.compiled, self.opened.layout
        self.seconds = dict(self.opened.seconds)

    def tell(self, phase: Phase, cost: float | None = None, bound: float | None = None) -> bool:
        """Report where the work stands; False, and for good, once somebody wants it to stop."""
        self.phase = phase
        self.stopped = not self.report(Progress(phase, time.perf_counter() - self.began, cost, bound)) or self.stopped
        return not self.stopped

    def solve(self, problem: Compiled, phase: Phase, **options: Any) -> highs.Answer:
        """Solve a variant and report its progress under the name of its phase."""
        answer = highs.solve(problem, report=lambda _, cost, bound: self.tell(phase, cost, bound), **options)
        self.seconds[phase] = self.seconds.get(phase, 0.0) + answer.seconds
        return answer

    @property
    def start(self) -> "Mapping[Phase, Known]":
        """The latest answer of every phase, from which other work can begin."""
        return {phase: known[-1] for phase, known in self._known.items()}

    def plan(self, gap: float, seconds: float, explain: bool = True) -> Planned:
        """The least-cost plan under all caps, with frozen operation and the free plan beside it; see ``make``. explain: say why there is none."""
        x, uncapped = self.x, variants.without_caps(self.compiled)
        frozen = self._frozen(uncapped, seconds, explain)
        today = frozen.cost or 0.0
        nothing = abs(today) * NOTHING

        def near(cost: float, bound: float) -> bool:
            return cost - bound <= gap * max(today - cost, nothing)

        def aim_of(answer: highs.Answer) -> float:
            assert answer.values is not None
            costs = Solution(answer.ending, tables=self.layout.named_sums(self.compiled, answer.values))
            return gap * newly_spent(x, costs, today_plan)

        today_plan = self.read(frozen)
        free = answer = self.best(uncapped, "free plan", near, seconds, aim_of)
        if free.values is None and free.ending == "infeasible" and not explain:
            raise NoPlanExists("no plan exists even without caps")
        if free.values is None and free.ending == "infeasible":
            raise NoPlanExists("no plan exists even without caps", reasons=explained(self.x, uncapped, self.still_wanted)[1])
        free_plan = self.read(free)
        saved = today - free.cost if free.cost is not None else 0.0
        if x.cap_limit and free.cost is not None:
            self._unless_stopped(f"the cheapest plan without caps was found to cost {free.cost:,.1f} million CNY")
            aim = gap * max(saved, newly_spent(x, free_plan, today_plan), nothing)
            answer = self.best(self.compiled, "plan", lambda cost, bound: cost - bound <= aim, seconds, aim_of)
        if answer.values is None:
            if answer.ending == "infeasible" and not explain:
                raise NoPlanExists("no plan keeps the caps")
            if answer.ending == "infeasible":
                raise _no_plan(self, lambda cost, bound: cost - bound <= gap * max(abs(today - cost), nothing))
            self._unless_stopped("no plan under the caps was found")
            raise SolverFailed(f"the solver ended without a plan ({answer.ending}) after {answer.seconds:.0f} s; give it more time or a wider gap")
        c, warm = self.compiled, (*self._roots.values(), *self._held.values())
        statistics = {
            "rows": len(c.rows), "columns": len(c.columns), "nonzeros": c.matrix.nnz, "whole": int(c.whole.sum()), "nodes": answer.nodes,
            "recompiled": int(self.opened.recompiled), "restarts": sum(r.restarts for r in warm),
        }  # fmt: skip
        plan = self.read(self.priced(c, answer))
        decided = max(saved, newly_spent(x, plan, today_plan))
        self._aim = gap * decided
        return Planned(plan, today_plan, free_plan, decided, dict(self.seconds), statistics)

    def deepen(self) -> bool:
        """Prove a little more of the case's own plans; False once that is done.

        A search ends when its plan is proven just well enough, so that after any change all that it takes from the bounds has to be
        proven again, node by node. Proven deeper, a plan can lose some and needs nothing.
        """
        self.report = lambda _: True

        def enough(cost: float, bound: float) -> bool:
            return cost - bound <= DEEPER * self._aim

        for phase, known in self.own.items():
            proof, tight = self.proofs.get(phase), known.tight
            if proof is None or tight is None or self._deep.get(phase) is known:
                continue
            root, begin = self.hot(phase), proof.deep or proof.search(tight)
            root.until = math.inf
            trial = Proof((begin,) if begin else ())
            found, bound = branch(root, tight, enough, PIECE, known.answer, self._rounding(phase, tight), trial)
            assert found is not None and found.cost is not None
            if (after := trial.search(tight)) is not None and after is not begin:
                proof.deep = after
            else:  # more ends than are kept
                self._deep[phase] = known
            if bound is None or enough(found.cost, bound):
                self._deep[phase] = known
            return True
        return False

    def _frozen(self, uncapped: Compiled, seconds: float, explain: bool) -> highs.Answer:
        """Operation as today."""
        problem = frozen_problem(self.x, self.compiled)
        known = self._answered(problem, "frozen operation")
        frozen = known.answer if known else self.solve(problem, "frozen operation", seconds=seconds)
        self._unless_stopped("nothing was decided yet")
        if frozen.values is None and frozen.ending != "infeasible":
            raise SolverFailed(
                f"the solver ended frozen operation without an answer ({frozen.ending}) after {frozen.seconds:.1f} s; give it more time"
            )
        if frozen.values is None:
            said = f"the factory cannot even run as today: frozen operation is {frozen.ending}; see `planner check`"
            if not explain:
                raise NoPlanExists(said)
            raise NoPlanExists(said, reasons=explained(self.x, problem, self.still_wanted)[1])
        self._remember("frozen operation", known or Known(problem, frozen))
        return frozen

    def best(
        self, problem: Compiled, phase: Phase, near: highs.Enough, seconds: float, aim_of: Callable[[highs.Answer], float] = lambda _: 0.0
    ) -> highs.Answer:
        """A plan of ``problem`` near enough to its bound: by branching on the hot relaxation, else by the solver's own search.

        The plan of the same phase before a change (that of ``before``, else the latest) is priced under the new data, repaired
        where it is no longer possible, and kept while nothing is proven to be better by more than ``near`` allows, or than
        ``aim_of`` that plan, MCNY, which is known only once there is a plan.
        """
        began = time.perf_counter()
        known = self._answered(problem, phase)
        if known and known.answer.cost is not None and known.answer.bound is not None:
            proven = known.answer.cost - known.answer.bound
            if near(known.answer.cost, known.answer.bound) or proven <= aim_of(known.answer):
                self._remember(phase, known)
                return known.answer
        root = self.hot(phase)
        root.until = began + seconds
        tight, relaxed = self._root(root, problem, phase)
        if relaxed.ending == "infeasible":  # what the relaxation cannot do, no plan can; the solver's own search may not see it for hours
            return relaxed
        at_root = root.here()
        before, at_plan = self._repaired(problem, phase, relaxed, root.until)
        learned, proof = self._rounding(phase, problem), self.proofs.setdefault(phase, Proof())
        aim = aim_of(before) if before is not None else 0.0

        def enough(cost: float, bound: float) -> bool:
            return cost - bound <= aim or near(cost, bound)

        found, bound = before, None
        if before is not None and relaxed.cost is not None:
            proven = max(relaxed.cost, proof.bound(tight, lambda bound: enough(before.cost or 0.0, bound)))
            found = self._cheaper(root, problem, tight, phase, relaxed, before, lambda cost: enough(cost, proven), aim)
        if found is None:  # straight down to a first plan, which every search after it needs
            found, bound = branch(root, tight, lambda *_: True, NODES, learned=learned)
        if found is not None and found is not before:
            aim = aim_of(found)
        if (first := found) is not None:
            found, below = branch(root, tight, enough, NODES, first, learned, proof)
            bound = bound if below is None else below
        if found is not first and found is not None and found.cost is not None and bound is not None and enough(found.cost, bound):
            aim = min(aim, aim_of(found))  # another plan, which decides about less
            if not enough(found.cost, bound):
                found, bound = branch(root, tight, enough, NODES, found, learned, proof)
        left = began + seconds - time.perf_counter()
        if found is not None and found.cost is not None and bound is not None and enough(found.cost, bound):
            answer = replace(found, ending="optimal", bound=bound)
        elif found is not None and (root.stopped or left <= 0):  # what was found stands, with what is proven of it
            answer = replace(found, ending="feasible", bound=-np.inf if bound is None else bound)
        elif root.stopped or left <= 0:
            answer = highs.Answer("timed out", None, None, None, None, time.perf_counter() - began, 0)
        else:
            answer = self.solve(problem, phase, seconds=left, enough=enough, start=found.values if found else None)
        if before is not None and before.cost is not None and answer.bound is not None and enough(before.cost, answer.bound):
            answer = replace(before, ending="optimal", bound=answer.bound, nodes=answer.nodes)
        if answer.values is not None:
            if before is None or answer.values is not before.values:
                answer, at_plan = self._priced(root, problem, tight, answer)
            self._remember(phase, Known(problem, answer, at_root, at_plan, cuts=self.cuts.get(phase), tight=tight))
        self.seconds[phase] = time.perf_counter() - began
        return answer

    def _rounding(self, phase: Phase, problem: Compiled) -> PseudoCosts:
        if phase not in self._learned or self._learned[phase][0] != problem.columns:
            self._learned[phase] = problem.columns, PseudoCosts(len(problem.columns))
        return self._learned[phase][1]

    def _root(self, root: highs.Relaxation, problem: Compiled, phase: Phase) -> tuple[Compiled, highs.Answer]:
        """A problem with the cuts of its phase, and its relaxation at the root of the search; the first problem of a phase is where they are found."""
        cuts = self.cuts.get(phase)
        tight = problem if cuts is None else gomory.tightened(problem, cuts)
        relaxed = root.solve(tight, tight.lower, tight.upper, self._nearest(phase, tight))
        if cuts is None and relaxed.cost is not None and not root.ended:
            at = root.here()
            self.cuts[phase] = gomory.found(root, problem, relaxed)
            tight = gomory.tightened(problem, self.cuts[phase])
            relaxed = root.solve(tight, tight.lower, tight.upper, at)
        if relaxed.ending == "infeasible" and tight is not problem:  # only the problem itself can say so
            return problem, root.solve(problem, problem.lower, problem.upper)
        return tight, relaxed

    def _priced(self, root: highs.Relaxation, problem: Compiled, tight: Compiled, answer: highs.Answer) -> tuple[highs.Answer, highs.Stand | None]:
        """A plan with the duals of the problem's own rows at its whole decisions, and where that stands; the cuts say nothing there."""
        assert answer.values is not None
        root.until = math.inf
        priced = root.solve(gomory.loosened(tight, problem), *held(problem, answer.values))
        if root.ended or priced.values is None or priced.duals is None:
            return replace(answer, duals=None), None
        return replace(answer, values=priced.values, duals=priced.duals[: len(problem.rows)]), root.here().onto(problem)

    def _remember(self, phase: Phase, known: Known) -> None:
        kept = self._known.setdefault(phase, deque(maxlen=REMEMBERED))
        if known in kept:
            kept.remove(known)
        kept.append(known)

    def _answered(self, problem: Compiled, phase: Phase) -> Known | None:
        """What is known of this very problem."""
        return next((known for known in self._known.get(phase, ()) if same(known.problem, problem)), None)

    def _nearest(self, phase: Phase, problem: Compiled) -> highs.Stand | None:
        """The basis to start from: that of the most similar problem known; of another phase when this one is new."""
        known = [*self._known.get(phase, ()), *(k for p, k in (self.before or {}).items() if p == phase)]
        if known:
            return min((k.root for k in known if k.root), key=lambda stand: stand.distance(problem), default=None)
        return next((r.here() for other, r in self._roots.items() if other != phase), None)

    def _run(self, problem: Compiled, phase: Phase, last: Known, until: float) -> tuple[highs.Answer, highs.Stand]:
        """A known plan's whole decisions, run at least cost under the new data, and where that stands."""
        relaxation = self._relaxation(self._held, phase)
        relaxation.until = until
        answer = relaxation.solve(problem, *held(problem, _decisions(last, problem)), self._nearest_held(phase, problem, last))
        return answer, relaxation.here()

    def _repaired(self, problem: Compiled, phase: Phase, relaxed: highs.Answer, until: float) -> tuple[highs.Answer | None, highs.Stand | None]:
        """The plan of this phase before the change, run under the new data.

        Where that is impossible, those whole decisions stay that the relaxation of the new data moves by less than one.
        """
        last = self._known[phase][-1] if self.before is None and phase in self._known else (self.before or {}).get(phase)
        if last is None or relaxed.values is None or self.hot(phase).ended:
            return None, None
        answer, stand = self._run(problem, phase, last, until)
        relaxation = self._held[phase]
        if relaxation.ended or answer.cost is not None:
            return (None, None) if relaxation.ended else (answer, stand)
        values = _decisions(last, problem)
        free = np.abs(relaxed.values - values) >= 1
        lower, upper = held(problem, values)
        freed = replace(problem, lower=np.where(free, problem.lower, lower), upper=np.where(free, problem.upper, upper))
        found, _ = branch(relaxation, freed, lambda *_: True, REPAIR_NODES)
        return (found, relaxation.here()) if found is not None and found.duals is not None else (None, None)

    def _cheaper(
        self, root: highs.Relaxation, problem: Compiled, tight: Compiled, phase: Phase, relaxed: highs.Answer, before: highs.Answer, enough: Callable[[float], bool], aim: float
    ) -> highs.Answer:
        """That plan where it is near ``enough`` to what is proven; else a cheaper one, if it comes easily, so that less has to be proven: the case's own
        decisions, or the best of those that decide like it wherever the relaxation does so too (Danna, Rothberg and Le Pape 2005)."""
        found = before
        if not enough(found.cost or 0.0) and phase in self.own:
            own, _ = self._run(problem, phase, self.own[phase], root.until)
            found = own if own.cost is not None and own.cost < (found.cost or 0.0) and not self._held[phase].ended else found
        if not enough(found.cost or 0.0):
            assert relaxed.values is not None and found.values is not None
            free = np.abs(relaxed.values - found.values) > AWAY
            lower, upper = held(tight, found.values)
            around = replace(tight, lower=np.where(free, tight.lower, lower), upper=np.where(free, tight.upper, upper))
            better, _ = branch(root, around, lambda cost, bound: enough(cost) or cost - bound <= aim / 4, AROUND, found)
            found = better or found
        return found

    def _nearest_held(self, phase: Phase, problem: Compiled, last: Known) -> highs.Stand | None:
        """The basis to run the last plan from: where the same whole decisions were run under the most similar data."""
        whole = last.problem.whole
        same = [
            k.held for k in (*self._known.get(phase, ()), last)
            if k.held and k.problem.columns == last.problem.columns and np.array_equal(np.round(_values(k)[whole]), np.round(_values(last)[whole]))
        ]  # fmt: skip
        return min(same, key=lambda stand: stand.distance(problem), default=last.root)

    def hot(self, phase: Phase) -> highs.Relaxation:
        """The relaxation at the root of a phase's search, resumed from where that of another phase stands."""
        return self._relaxation(self._roots, phase)

    def _relaxation(self, of: dict[Phase, highs.Relaxation], phase: Phase) -> highs.Relaxation:
        self.phase = phase
        if phase not in of:
            patience = min((r.patience for r in (*self._roots.values(), *self._held.values())), default=math.inf)  # it starts from one's basis
            of[phase] = highs.Relaxation(self.compiled, lambda _, cost, bound: self.tell(self.phase, cost, bound), patience)
        return of[phase]

    def read(self, answer: highs.Answer) -> Solution:
        """An answer as tables, with the prices at its fixed whole decisions where it came with duals."""
        if answer.values is None:
            return Solution(status=answer.ending, statistics={"nodes": answer.nodes})
        prices = self.layout.prices_at(answer.duals) if answer.duals is not None else {}
        tables = self.layout.tables(self.compiled, answer.values)
        return Solution(answer.ending, answer.cost, answer.bound, tables, prices, {"nodes": answer.nodes})

    def priced(self, problem: Compiled, answer: highs.Answer) -> highs.Answer:
        """The answer with the duals of its linear problem."""
        if answer.duals is not None or answer.values is None:
            return answer
        fixed = self.solve(highs.with_fixed_wholes(problem, answer.values), "prices")
        return replace(answer, duals=fixed.duals)

    def still_wanted(self) -> bool:
        """Whether the reasons for having no plan are still waited for."""
        return self.report(Progress("lowest reachable", time.perf_counter() - self.began))

    def _unless_stopped(self, reached: str) -> None:
        if self.stopped:
            raise Stopped(f"stopped before a plan was found; {reached}")


def frozen_problem(x: Inputs, p: Compiled) -> Compiled:
    """Operation as today: no caps, nothing built but what must be renewed, no certificates."""
    return variants.without_certificates(variants.with_only(variants.without_caps(p), ()), x.certificates)


def make(x: Inputs, *, gap: float, seconds: float, report: Listen) -> Planned:
    """The least-cost plan under all caps, with frozen operation and the free plan beside it.

    gap: proven share of what the plan decides at which the search stops; seconds: the longest a single search may take.
    Raises NoPlanExists, SolverFailed when the time was too short for any plan, and Stopped when ``report`` wanted that.
    """
    return Work(x, report).plan(gap, seconds)


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


def same(a: Compiled, b: Compiled) -> bool:
    """Whether two problems are one and the same."""
    if a is b:
        return True
    if a.rows != b.rows or a.columns != b.columns or a.offset != b.offset:
        return False
    vectors = ("cost", "row_lower", "row_upper", "lower", "upper", "whole")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in vectors) and abs(a.matrix - b.matrix).max() == 0


def _no_plan(work: Work, near: highs.Enough) -> NoPlanExists:
    """Why there is none, with the cheapest of the nearest plans that exist (as cheap as was found in time: it is at the edge of what can be done)."""

    def cheapest(problem: Compiled, start: Vector) -> tuple[float, float] | None:
        root = work.hot("plan")
        root.until = time.perf_counter() + EDGE
        known = root.solve(problem, *held(problem, start))
        found, bound = branch(root, problem, near, NODES, known)
        return (found.cost, bound) if found is not None and found.cost is not None and bound is not None else None

    return no_plan(work.x, work.compiled, work.still_wanted, cheapest)
