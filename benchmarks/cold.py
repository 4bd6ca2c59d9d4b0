"""The shipped cases from a cold start: against HiGHS alone on the exported matrix, what is spent outside of it, and how large they are."""

import time
from dataclasses import dataclass

import numpy as np

from benchmarks import apart
from benchmarks.apart import Row
from planner import highs, plan, run, translate
from planner.plan import Work

CASES, QUICK, GAP, LONGEST = ("battery", "steel"), "computing", 0.01, 600.0
ROWS = 10_000.0


@dataclass(frozen=True)
class Cold:
    """Seconds of three plans (frozen, free, under caps) and of everything around them; aim: MCNY at which the search stopped."""

    plans: float
    outside: float
    rows: int
    columns: int
    nonzeros: int
    smallest: float
    largest: float
    aim: float
    gap: float


def measure(quick: bool) -> list[Row]:
    """One line a case and figure; quick: once, on the case that takes least."""
    rows = []
    for case in (QUICK,) if quick else CASES:
        found = [apart.run(cold, case) for _ in range(1 if quick else 3)]
        alone = [apart.run(highs_alone, case, found[0][0].aim)[0] for _ in range(1 if quick else 3)]
        first, plans = found[0][0], apart.median([c.plans for c, _ in found])
        size = f"{first.rows} rows, {first.columns} columns, {first.nonzeros} nonzeros, coefficients {first.smallest:.1e} to {first.largest:.1e}"
        rows += [
            Row(f"{case}: cold plan / HiGHS alone on its matrix, same gap", plans / apart.median(alone), "-", 1.2, 0.7, f"{plans:.1f} s; {size}"),
            Row(f"{case}: outside the solver, per 10,000 rows", apart.median([c.outside for c, _ in found]) / first.rows * ROWS, "s", 0.6, 0.3),
            Row(f"{case}: proven gap of what is decided", 100 * first.gap, "%", 100 * GAP),
            Row(f"{case}: peak memory", max(memory for _, memory in found), "GiB"),
        ]
    return rows


def cold(case: str) -> Cold:
    """The case planned in this process, with nothing known before."""
    began = time.perf_counter()
    ready = run.prepare(case)
    made: list[float] = []

    def planned() -> plan.Planned:
        start = time.perf_counter()
        done = plan.make(translate.inputs(ready.plant, ready.year), gap=GAP, seconds=LONGEST, report=lambda _: True)
        made.append(time.perf_counter() - start)
        return done

    done = run.evaluated(ready, planned)
    ended = time.perf_counter()
    compiled = Work(translate.inputs(ready.plant, ready.year), lambda _: True).compiled
    sizes = np.abs(compiled.matrix.data)
    solving = made[0] - sum(done.planned.seconds.get(part, 0.0) for part in ("build", "compile"))
    return Cold(
        plans=made[0], outside=ended - began - solving, rows=len(compiled.rows), columns=len(compiled.columns), nonzeros=compiled.matrix.nnz,
        smallest=sizes.min(), largest=sizes.max(), aim=GAP * done.planned.decided, gap=done.planned.gap,
    )  # fmt: skip


def highs_alone(case: str, aim: float) -> float:
    """Seconds of the solver by itself on the matrix under all caps, until cost and bound are ``aim`` MCNY apart."""
    ready = run.prepare(case)
    problem = Work(translate.inputs(ready.plant, ready.year), lambda _: True).compiled
    return highs.solve(problem, enough=lambda cost, bound: cost - bound <= aim, seconds=LONGEST).seconds
