"""Plan 规划: from inputs to the least-cost plan, its proven gap and what it is compared with - in a process of its own.

A solver in a process of its own can be stopped at any moment, cannot take the caller down with it, and never shares a
process with another solve. It is told what to do with inputs and sends back progress, then one result.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from typing import Any, Literal, TypeVar

from models.build import build
from models.compiled import Compiled, Vector, compile_matrix
from models.inputs import Inputs
from models.solution import Solution, prices_of, tables_of
from planner import conflicts, highs, variants
from planner.branch import branch
from planner.errors import NoPlanExists, SolverFailed
from planner.why.none import explained, no_plan

Phase = Literal["build", "frozen operation", "free plan", "plan", "prices", "lowest reachable", "options", "whole year"]
Answered = TypeVar("Answered")
MEMORY_LIMIT = 8 * 2**30  # bytes of address space for the solver's process
NODES = 80  # given to branching on the hot relaxation before the solver's own search
EDGE = 30.0  # s for the cheapest of the nearest plans, where no plan exists
NOTHING = 1e-6  # share of the bill below which nothing is decided


@dataclass(frozen=True)
class Progress:
    """Where a solve stands: cost and bound in MCNY, where known."""

    phase: Phase
    seconds: float
    cost: float | None = None
    bound: float | None = None


Listen = Callable[[Progress], bool]


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
    """Today's value of investment and of every cost part that is higher than in frozen operation, MCNY."""
    if not frozen.tables:
        return 0.0
    now, before = plan.value("cost.running"), frozen.value("cost.running")
    running = sum(max(0.0, now[p, y] - before.get((p, y), 0.0)) * x.discount_end[y] for p, y in now)
    invested = sum(v * x.discount_start[y] for (_, y), v in plan.value("cost.investing").items())
    return running + max(0.0, invested - sum(plan.value("cost.credited").values()))


class Work:
    """One compiled model and the solves made on it; lives in the solver's process."""

    def __init__(self, x: Inputs, report: Listen) -> None:
        began = time.perf_counter()
        report(Progress("build", 0.0))
        highs.trust()
        self.began, self.report, self.x = began, report, x
        self.phase: Phase = "build"
        self._hot: highs.Relaxation | None = None
        self.model = build(x)
        built = time.perf_counter()
        self.compiled = compile_matrix(self.model)
        self.seconds = {"build": built - began, "compile": time.perf_counter() - built}

    def solve(self, problem: Compiled, phase: Phase, **options: Any) -> highs.Answer:
        """Solve a variant and report its progress under the name of its phase."""

        def report(seconds: float, cost: float | None, bound: float | None) -> bool:
            return self.report(Progress(phase, time.perf_counter() - self.began, cost, bound))

        answer = highs.solve(problem, report=report, **options)
        self.seconds[phase] = self.seconds.get(phase, 0.0) + answer.seconds
        return answer

    def best(self, problem: Compiled, phase: Phase, near: highs.Enough, seconds: float) -> highs.Answer:
        """A plan of ``problem`` near enough to its bound: by branching on the hot relaxation, else by the solver's own search."""
        began = time.perf_counter()
        root = self.hot(phase).solve(problem, problem.lower, problem.upper)
        if root.ending == "infeasible":  # what the relaxation cannot do, no plan can; the solver's own search may not see it for hours
            return root
        found, bound = branch(self.hot(phase), problem, near, NODES)
        if found is not None and found.cost is not None and bound is not None and near(found.cost, bound):
            answer = replace(found, ending="optimal", bound=bound)
        elif found is not None and self.hot(phase).stopped:  # what was found stands, with what is proven of it
            answer = replace(found, ending="feasible", bound=bound)
        else:
            answer = self.solve(problem, phase, seconds=seconds, enough=near, start=found.values if found else None)
        self.seconds[phase] = time.perf_counter() - began
        return answer

    def hot(self, phase: Phase) -> highs.Relaxation:
        """The relaxation all plans of this model resume from."""
        self.phase = phase
        if self._hot is None:
            self._hot = highs.Relaxation(
                self.compiled, lambda _, cost, bound: self.report(Progress(self.phase, time.perf_counter() - self.began, cost, bound))
            )
        return self._hot

    def read(self, answer: highs.Answer) -> Solution:
        """An answer as tables, with the prices at its fixed whole decisions where it came with duals."""
        if answer.values is None:
            return Solution(status=answer.ending, statistics={"nodes": answer.nodes})
        prices = prices_of(self.compiled, answer.duals, self.model) if answer.duals is not None else {}
        tables = tables_of(self.model, self.compiled, answer.values)
        return Solution(answer.ending, answer.cost, answer.bound, tables, prices, {"nodes": answer.nodes})

    def priced(self, problem: Compiled, answer: highs.Answer) -> highs.Answer:
        """The answer with the duals of its linear problem."""
        if answer.duals is not None or answer.values is None:
            return answer
        fixed = self.solve(highs.with_fixed_wholes(problem, answer.values), "prices")
        return replace(answer, duals=fixed.duals)


def make(x: Inputs, *, gap: float, seconds: float, report: Listen) -> Planned:
    """The least-cost plan under all caps, with frozen operation and the free plan beside it. Raises NoPlanExists."""
    work = Work(x, report)
    uncapped = variants.without_caps(work.compiled)
    as_today = variants.without_certificates(variants.with_only(uncapped, ()), x.certificates)
    frozen = work.solve(as_today, "frozen operation", seconds=seconds)
    if frozen.values is None and frozen.ending != "infeasible":
        raise SolverFailed(f"the solver ended frozen operation without an answer ({frozen.ending}) after {frozen.seconds:.1f} s; give it more time")
    if frozen.values is None:
        said = f"the factory cannot even run as today: frozen operation is {frozen.ending}; see `planner check`"
        raise NoPlanExists(said, reasons=explained(x, as_today, lambda: report(Progress("lowest reachable", 0.0)))[1])
    today = frozen.cost or 0.0
    nothing = abs(today) * NOTHING

    def near(cost: float, bound: float) -> bool:
        return cost - bound <= gap * max(today - cost, nothing)

    free = answer = work.best(uncapped, "free plan", near, seconds)
    if free.values is None and free.ending == "infeasible":
        reason = conflicts.named(uncapped, lambda p: work.solve(variants.only_feasible(p), "lowest reachable", seconds=60).values is not None)
        raise NoPlanExists("no plan exists even without caps: " + (reason or "what is to be delivered cannot be made or bought"))
    today_plan, free_plan = work.read(frozen), work.read(free)
    saved = today - free.cost if free.cost is not None else 0.0
    capped = work.compiled
    if x.cap_limit and free.cost is not None:
        aim = gap * max(saved, newly_spent(x, free_plan, today_plan), nothing)
        answer = work.best(capped, "plan", lambda cost, bound: cost - bound <= aim, seconds)
    if answer.values is None:
        if answer.ending == "infeasible":
            raise _no_plan(work, lambda cost, bound: cost - bound <= gap * max(abs(today - cost), nothing))
        raise SolverFailed(f"the solver ended without a plan ({answer.ending}) after {answer.seconds:.0f} s; give it more time or a wider gap")
    statistics = {
        "rows": len(capped.rows), "columns": len(capped.columns), "nonzeros": capped.matrix.nnz, "whole": int(capped.whole.sum()), "nodes": answer.nodes,
    }  # fmt: skip
    plan = work.read(work.priced(capped, answer))
    return Planned(plan, today_plan, free_plan, max(saved, newly_spent(x, plan, today_plan)), dict(work.seconds), statistics)


def _no_plan(work: Work, near: highs.Enough) -> NoPlanExists:
    """Why there is none, with the cheapest of the nearest plans that exist (as cheap as was found in time: it is at the edge of what can be done)."""

    def report() -> bool:
        return work.report(Progress("lowest reachable", time.perf_counter() - work.began))

    def cheapest(problem: Compiled, start: Vector) -> tuple[float, float] | None:
        found = work.solve(problem, "plan", seconds=EDGE, enough=near, start=start)
        return (found.cost, found.bound) if found.cost is not None and found.bound is not None else None

    return no_plan(work.x, work.compiled, report, cheapest)


# -- the process ---------------------------------------------------------------------------------------------------


def in_own_process(job: Callable[..., Answered], x: Inputs, *, patience: float, listen: Listen = lambda _: True, **arguments: Any) -> Answered:
    """Run ``job(x, report=..., **arguments)`` in a process of its own; ``listen`` hears every progress and stops it by False.

    Raises what the job raises of NoPlanExists and SolverFailed, and SolverFailed when the process dies or is not done
    after ``patience`` seconds. A stopped job keeps the best plan it has.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, job, x, arguments), daemon=True)
    process.start()
    there.close()
    try:
        return _converse(here, process, listen, patience)  # type: ignore[no-any-return]
    finally:
        if process.is_alive():
            process.terminate()
        process.join()


def _converse(here: Connection, process: Any, listen: Listen, patience: float) -> Any:
    began = time.monotonic()
    while True:
        try:
            if not here.poll(0.2):
                if time.monotonic() - began > patience:
                    raise SolverFailed(f"the solver did not stop within {patience:.0f} s and was ended")
                continue
            kind, content = here.recv()
            if kind == "progress" and not listen(content):
                _stop(here)
        except KeyboardInterrupt:  # Ctrl-C keeps the best plan found
            _stop(here)
            continue
        except (EOFError, ConnectionError):
            process.join(5)
            raise SolverFailed(f"the solver's process ended early (exit code {process.exitcode}); it may have run out of memory") from None
        if kind == "done":
            return content
        if kind == "failed":
            raise content


def _stop(here: Connection) -> None:
    with suppress(OSError):  # a worker that is gone already may have left its answer behind
        here.send("stop")


def _serve(pipe: Connection, job: Callable[..., Any], x: Inputs, arguments: dict[str, Any]) -> None:
    limit_memory()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's to hear; it then asks for the best plan
    stopped = False

    def report(progress: Progress) -> bool:
        nonlocal stopped
        stopped = stopped or (pipe.poll() and pipe.recv() == "stop")
        pipe.send(("progress", progress))
        return not stopped

    try:
        pipe.send(("done", job(x, report=report, **arguments)))
    except (NoPlanExists, SolverFailed) as error:
        pipe.send(("failed", error))


def limit_memory() -> None:
    """Keep this process below MEMORY_LIMIT, where the system can."""
    try:
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except (ImportError, ValueError, OSError):
        pass
