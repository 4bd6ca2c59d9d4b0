"""Plans 方案: many plans of one compiled model; the one place that knows how a changed problem is planned again."""

import time
from dataclasses import dataclass
from functools import cached_property

from models.compiled import Compiled, Vector
from models.inputs import Inputs
from models.solution import Solution
from planner import highs, variants
from planner.errors import SolverFailed
from planner.plan import NOTHING, Listen, Phase, Progress, Work, newly_spent


@dataclass(frozen=True)
class Found:
    """A plan: cost and proven bound in MCNY, the value of every column, and whether the clock ended it."""

    cost: float
    bound: float
    values: Vector
    stopped: bool


class Plans:
    """One model and the plans made of it, each to ``gap`` of what a plan decides; lives in the solver's process."""

    def __init__(self, x: Inputs, report: Listen, gap: float, seconds: float) -> None:
        self.x, self.gap, self.seconds, self.listen = x, gap, seconds, report
        self.work = Work(x, report)
        self.problem = self.work.compiled

    def report(self, phase: Phase = "prices") -> bool:
        """Say that there is work; False when it is to stop."""
        return self.listen(Progress(phase, time.perf_counter() - self.work.began))

    @cached_property
    def frozen(self) -> Solution:
        """Operation as today with the renewals that cannot be avoided. Raises SolverFailed."""
        as_today = variants.without_certificates(variants.with_only(variants.without_caps(self.problem), ()), self.x.certificates)
        answer = self.work.solve(as_today, "frozen operation", seconds=self.seconds)
        if answer.cost is None:
            raise SolverFailed(f"the solver ended frozen operation without an answer ({answer.ending}); give it more time")
        return self.work.read(answer)

    @cached_property
    def free(self) -> Found:
        """The cheapest plan without caps. Raises SolverFailed."""
        today = self.frozen.cost or 0.0
        nothing = abs(today) * NOTHING
        found = self._found(
            self.work.best(
                variants.without_caps(self.problem),
                "free plan",
                lambda cost, bound: cost - bound <= self.gap * max(today - cost, nothing),
                self.seconds,
            )
        )
        if found is None:
            raise SolverFailed("the solver found no plan even without caps; see `planner check`, or give it more time")
        return found

    @cached_property
    def aim(self) -> float:
        """MCNY between a plan and its bound that are near enough."""
        today = self.frozen.cost or 0.0
        return self.gap * max(today - self.free.cost, newly_spent(self.x, self.read(self.free), self.frozen), abs(today) * NOTHING)

    def plan(self, problem: Compiled | None = None) -> Found | None:
        """The cheapest plan of ``problem`` (the model itself if none is given); None when there is none, or none was found in time."""
        return self._found(self.work.best(problem or self.problem, "plan", lambda cost, bound: cost - bound <= self.aim, self.seconds))

    def read(self, found: Found) -> Solution:
        """A plan as tables."""
        return self.work.read(highs.Answer("optimal", found.cost, found.bound, found.values, None, 0.0, 0))

    @staticmethod
    def _found(answer: highs.Answer) -> Found | None:
        if answer.cost is None or answer.bound is None or answer.values is None:
            return None
        return Found(answer.cost, min(answer.bound, answer.cost), answer.values, answer.ending != "optimal")
