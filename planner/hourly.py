"""Hourly 逐时规划: the plan decided on all 8,760 hours of every year, recomputed and told like any other.

It starts from the plan on representative days, whose frozen operation, free plan and decided part it is measured against.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from models.solution import Solution
from models.tiles import Yearly, split
from planner import all_hours, audit, calendar, holds, results, translate, whole_year
from planner import run as runs
from planner.errors import CaseError, Finding, PlanRefused
from planner.plan import Listen, Planned, Progress, newly_spent
from planner.plant import MILLION, Plant
from planner.results import Results
from planner.run import Ready, Run

SECONDS = 1800.0  # for the search


def solve(ready: Ready, *, gap: float = 0.01, seconds: float = SECONDS, processes: int = 2, listen: Listen = lambda _: True) -> Run:
    """Plan on representative days, then decide on all hours until the gap is proven or ``seconds`` are over; the best found is kept.

    Raises what ``run.solve`` and ``possible`` raise, and PlanRefused where a year or the whole does not add up.
    """
    began = time.perf_counter()
    possible(ready.plant)
    start = runs.solve(ready, gap=gap, listen=listen)
    planned, begun = start.planned, time.perf_counter()
    jobs = list(whole_year.jobs(ready.plant, ready.year, planned.plan))
    found = all_hours.decide(jobs, gap * planned.decided, seconds, processes=processes, listen=listen)
    searched = time.perf_counter()

    def told() -> bool:
        listen(Progress("whole year", time.perf_counter() - searched))
        return True  # a plan is told whole

    ran = whole_year.ran([replace(job, planned=found.point.columns, prices=found.point.prices[job.number]) for job in jobs], processes, told)
    hourly = replace(ready, year=replace(ready.year, days=calendar.every_day(ready.year.hourly)))
    plan = solution(jobs[0].yearly, planned.plan, found, ran, hourly.year.days.steps, ready.year.days)
    decided = max(planned.decided, newly_spent(translate.inputs(ready.plant, ready.year), plan, planned.frozen))
    statistics = {**_size(jobs, planned.statistics), "nodes": 0, "steps": len(found.steps), "cuts": found.steps[-1]["cuts"] if found.steps else 0}
    made = Planned(plan, planned.frozen, planned.free, decided, {"all hours": searched - begun}, statistics)
    audited = audit.audit(hourly.plant, hourly.year, plan)
    if not audited.passed:
        raise PlanRefused(audited.faults)
    evaluated = results.of(ready.case, ready.plant, hourly.year, made, before=ready.year)
    verdict = holds.verdict(ready.plant, hourly.year, plan, ran)
    steps = pd.DataFrame(found.steps, columns=["whole", "cost", "best", "bound", "cuts", "seconds"])
    money = ["cost", "best", "bound"]
    steps[money] *= MILLION
    summary = {
        **evaluated.summary, **verdict.summary, "all_hours_steps": len(steps), "all_hours_reached": found.reached,
        "representative_cny": (planned.plan.cost or 0.0) * MILLION, "representative_bound_cny": (planned.plan.bound or 0.0) * MILLION,
    }  # fmt: skip
    done = time.perf_counter()
    spent = {
        "read": ready.seconds,
        "start": begun - began,
        "solve": searched - begun,
        "whole_year": done - searched,
        "total": ready.seconds + done - began,
    }
    return Run(hourly, made, Results(summary, {**evaluated.tables, **verdict.tables, "all_hours": steps}), audited, spent)


def possible(plant: Plant) -> None:
    """Raises CaseError for what the whole year cannot be run with, and for what it only runs as planned: stores linked over the year, bills unlike each
    other, sums of years."""
    whole_year.possible(plant)
    if linked := [a.name for a in plant.assets.values() if a.linked]:
        what = f"sizes cannot be decided on all hours with {linked[0]!r}, a store linked over the year: months are planned one by one"
        raise CaseError([Finding("assets.csv", what, "no seasonal store where sizes are decided on all hours")])
    if plant.tie.rules:
        what = "sizes cannot be decided on all hours with rates by month, ratchets or system peaks"
        raise CaseError([Finding("demand_charges.csv", what, "no rows there")])
    if summed := [g for g, t in plant.targets.items() if t.sums]:
        what = f"sizes cannot be decided on all hours with {', '.join(summed)}, which sums several years"
        raise CaseError([Finding("caps.csv", what, "targets counted yearly")])


def solution(
    yearly: Yearly,
    typical: Solution,
    found: all_hours.Decided,
    ran: Sequence[whole_year.Hours],
    steps: Sequence[str],
    days: calendar.TypicalDays,
) -> Solution:
    """The years run (of hours ``steps``) as one solution, its tables those of the plan on representative days (``typical``, on ``days``)."""
    values = {split(name): float(v) for name, v in zip(yearly.columns, found.point.columns, strict=True)}
    for hours in ran:
        values |= hours.values
    columns = np.array([values[split(name)] for name in yearly.columns])
    parts = [whole_year.of_hours(hours.flows, hours.billed, hours.year, steps) for hours in ran]
    hourly = {
        name: pd.concat([part[name] for part in parts if name in part], ignore_index=True) for name in dict.fromkeys(n for p in parts for n in p)
    }
    sums = yearly.sums @ columns + yearly.constants
    running = {(part, hours.year): cost for hours in ran for part, cost in hours.costs.items()}
    gone = {*days.steps, *days.months}  # steps and months of the representative days

    def table(name: str, old: pd.DataFrame) -> pd.DataFrame:
        if name in hourly:
            return hourly[name].set_axis(old.columns, axis=1)
        if name == "cost.running":
            return old.assign(value=[running.get(tuple(key), 0.0) for key in _keys(old)])
        if name in yearly.named:
            index, places = yearly.named[name]
            return index.assign(value=sums[places])
        kept = _without(old, gone)
        return kept.assign(value=[values.get((name, tuple(map(str, key))), 0.0) for key in _keys(kept)])

    tables = {name: table(name, old) for name, old in typical.tables.items()}
    priced = {split(name): float(v) for name, v in zip(yearly.rows, found.duals, strict=True)}
    prices = {
        name: kept.assign(value=[priced.get((name, tuple(map(str, key))), 0.0) for key in _keys(kept)])
        for name, old in typical.prices.items()
        if len(kept := _without(old, gone))
    }
    cost = float(yearly.offset + yearly.cost @ columns) + sum(hours.of_months for hours in ran)
    return Solution("optimal" if found.reached else "feasible", cost, min(found.bound, cost), tables, prices)


def _keys(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The index of a table, one tuple a row."""
    return list(table.drop(columns="value").itertuples(index=False, name=None))


def _without(table: pd.DataFrame, gone: set[str]) -> pd.DataFrame:
    """A table without the rows of steps and months that are ``gone``."""
    return table[np.array([not key or key[-1] not in gone for key in _keys(table)], dtype=bool)]


def _size(jobs: Sequence[whole_year.Job], statistics: Mapping[str, float]) -> dict[str, float]:
    """Rows, columns, nonzeros and whole numbers of the problem that was decided: all hours of all years at once."""
    days, size = jobs[0].entries.shape[1], dict.fromkeys(("rows", "columns"), 0.0)
    for job in jobs:
        for axis, hours, names in (("rows", job.tile.row_hours, job.tile.rows), ("columns", job.tile.column_hours, job.tile.columns)):
            size[axis] += days * len(hours) + 12 * (len(names) - len(hours))
    yearly = jobs[0].yearly
    size["rows"] += len(yearly.rows)
    size["columns"] += len(yearly.columns)
    return {**{k: v for k, v in statistics.items() if k not in ("nonzeros", "nodes")}, **size, "whole": float(yearly.whole.sum())}
