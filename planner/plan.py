"""Plan 规划: from inputs to the least-cost plan, its proven gap and what it is compared with.

A plan is made by branching on a linear relaxation that is kept hot. When prices, caps or options change, the relaxation
resumes from its last basis, and the plan before the change is priced again and kept as long as nothing better is proven.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from models.solution import Solution
from planner import gomory, highs, variants
from planner.branch import branch, held
from planner.errors import NoPlanExists, SolverFailed, Stopped
from planner.hot import NODES, Hot, Known
from planner.levers import Levers
from planner.process import Listen as Listen
from planner.process import Phase as Phase
from planner.process import Progress as Progress
from planner.process import in_own_process as in_own_process
from planner.process import limit_memory as limit_memory
from planner.why.none import explained, no_plan

EDGE = 10.0  # s for the cheapest of the nearest plans, where no plan exists
CLOSE = 1e-9  # of a cap: what passes it by less keeps it
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


class Work:
    """A factory's compiled problem and the solves made on it, kept hot while its inputs change; lives in the solver's process."""

    def __init__(self, x: Inputs, report: Listen, start: "Mapping[Phase, Known] | None" = None, levers: Levers | None = None) -> None:
        self.levers = levers or Levers()
        self.phase: Phase = "build"
        self.hots: dict[Phase, Hot] = {}  # the searches, by what they search for
        self.begun: Mapping[Phase, Known] = {}  # where they begin
        self.before: Mapping[Phase, Known] | None = None  # the plans that new ones are compared with; None: the latest
        self.recall(start or {})
        highs.trust()
        self.take(x, report)

    def recall(self, known: Mapping[Phase, Known]) -> None:
        """Begin from what is known of the problem at hand."""
        self.hots, self.begun = {}, known

    def take(self, x: Inputs, report: Listen) -> None:
        """Turn to other inputs; what was learned from those before stays."""
        self.began, self.report, self.x, self.phase, self.stopped = time.perf_counter(), report, x, "build", False
        for hot in self.hots.values():
            hot.wake()
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
    def start(self) -> Mapping[Phase, Known]:
        """The latest answer of every phase, from which other work can begin."""
        return {**self.begun, **{phase: hot.known[-1] for phase, hot in self.hots.items() if hot.known}}

    def hot(self, phase: Phase) -> Hot:
        """The search of a phase."""
        self.phase = phase
        if phase not in self.hots:
            self.hots[phase] = Hot(
                self.compiled, lambda _, cost, bound: self.tell(self.phase, cost, bound),
                lambda: [other for name, other in self.hots.items() if name != phase], self.begun.get(phase),
            )  # fmt: skip
        return self.hots[phase]

    def settle(self) -> None:
        """The latest plans are the case's own, which later ones are measured beside."""
        for phase in self.start:
            self.hot(phase).settle()

    @property
    def own(self) -> Mapping[Phase, Known]:
        """The case's own plans, once they are settled."""
        return {phase: hot.own for phase, hot in self.hots.items() if hot.own}

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
        if free.values is not None and self._kept(free.values):  # it is the plan under caps as well
            known = self.hot("free plan").known[-1]
            tight = gomory.tightened(self.compiled, known.cuts) if known.cuts else None
            self.hot("plan").remember(replace(known, problem=self.compiled, proof=None, tight=tight))
        elif x.cap_limit and free.cost is not None:
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
        c = self.compiled
        statistics = {
            "rows": len(c.rows), "columns": len(c.columns), "nonzeros": c.matrix.nnz, "whole": int(c.whole.sum()), "nodes": answer.nodes,
            "recompiled": int(self.opened.recompiled), "restarts": sum(r.restarts for hot in self.hots.values() for r in hot.relaxations),
        }  # fmt: skip
        plan = self.read(self.priced(c, answer))
        return Planned(plan, today_plan, free_plan, max(saved, newly_spent(x, plan, today_plan)), dict(self.seconds), statistics)

    def _kept(self, values: Vector) -> bool:
        """Whether a plan made without caps keeps them all."""
        rows = list(self.compiled.row("cap.cap_limit"))
        limits = self.compiled.row_upper[rows]
        return bool(((self.compiled.matrix @ values)[rows] <= limits + CLOSE * np.abs(limits)).all())

    def deepen(self) -> bool:
        """Prove a little more of the case's own plans; False once that is done."""
        self.report = lambda _: True
        return any(hot.deepen() for hot in self.hots.values())

    def _frozen(self, uncapped: Compiled, seconds: float, explain: bool) -> highs.Answer:
        """Operation as today."""
        problem = frozen_problem(self.x, self.compiled)
        hot = self.hot("frozen operation")
        known = hot.answered(problem)
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
        hot.remember(known or Known(problem, frozen))
        return frozen

    def best(
        self, problem: Compiled, phase: Phase, near: highs.Enough, seconds: float, aim_of: Callable[[highs.Answer], float] = lambda _: 0.0
    ) -> highs.Answer:
        """A plan of ``problem`` near enough to its bound, compared with that of the same phase before the change; see Hot.best."""
        began, hot = time.perf_counter(), self.hot(phase)
        last = (hot.known[-1] if hot.known else None) if self.before is None else self.before.get(phase)

        def search(left: float, enough: highs.Enough, start: Vector | None) -> highs.Answer:
            return self.solve(problem, phase, seconds=left, enough=enough, start=start)

        answer = hot.best(problem, near, seconds, aim_of, search, last)
        self.seconds[phase] = time.perf_counter() - began
        return answer

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


def _no_plan(work: Work, near: highs.Enough) -> NoPlanExists:
    """Why there is none, with the cheapest of the nearest plans that exist (as cheap as was found in time: it is at the edge of what can be done)."""

    def cheapest(problem: Compiled, start: Vector) -> tuple[float, float] | None:
        root = work.hot("plan").root
        root.until = time.perf_counter() + EDGE
        known = root.solve(problem, *held(problem, start))
        found, bound = branch(root, problem, near, NODES, known)
        return (found.cost, bound) if found is not None and found.cost is not None and bound is not None else None

    return no_plan(work.x, work.compiled, work.still_wanted, cheapest)
