"""Limits 约束情况: every limit a case sets on its investments, and every reserve - what it allows, what the plan takes of it, and whether it binds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pandas as pd

from planner.plant import MILLION, Plant

if TYPE_CHECKING:  # whoever only reads results need not load the solver
    from models.solution import Solution

COLUMNS = ["name", "kind", "year", "limit", "value", "unit", "binding"]
NEAR = 1e-6  # of the limit: nearer than this it binds
Entry = tuple[str, str, int, float, float, str]


def limits(plant: Plant, plan: Solution, others: Iterable[Entry] = ()) -> pd.DataFrame:
    """One row a limit and year: budgets in CNY, the rest in units of the tables, and ``others``; ``binding`` when nothing of it is left."""
    entries = (*_budgets(plant, plan), *_paces(plant, plan), *_choices(plant, plan), *others)
    rows = [(*row, row[3] - row[4] <= NEAR * max(abs(row[3]), 1e-3)) for row in entries]
    return pd.DataFrame(rows, columns=COLUMNS)


def _budgets(plant: Plant, plan: Solution) -> Iterator[Entry]:
    paid = dict.fromkeys(plant.horizon.years, 0.0)
    for (_, y), cost in plan.value("cost.investing").items():
        paid[y] += cost
    for b in plant.rules.budgets:
        counted = {y: cost * b.level[y] * (plant.horizon.at_start(y) if b.counts == "discounted" else 1.0) for y, cost in paid.items()}
        for y, limit in b.limit.items():
            spent = counted[y] if b.counts == "yearly" else sum(cost for d, cost in counted.items() if d <= y)
            yield b.name, f"{b.counts} budget", y, limit * MILLION, spent * MILLION, "CNY"


def _paces(plant: Plant, plan: Solution) -> Iterator[Entry]:
    built, size = plan.value("capacity.built"), plan.value("capacity.size")
    for p in plant.rules.paces:
        kind = [a for a in plant.assets.values() if a.technology == p.technology]
        for y, limit in p.limit.items():
            each = [(a, 1 / (a.module or 1.0) if p.in_units else a.scale) for a in kind]
            stood = sum(per * (size[a.name, y - 1] if y > plant.horizon.first else a.size) for a, per in each)
            per_size = 1.0 if p.in_units else kind[0].scale
            added = sum(per * built.get((a.name, y), 0.0) for a, per in each)
            yield p.technology, "pace", y, limit * per_size + p.growth * stood, added, "unit" if p.in_units else kind[0].unit


def _choices(plant: Plant, plan: Solution) -> Iterator[Entry]:
    last, chosen = plant.horizon.last, plan.value("choice.chosen")
    for name, (members, count) in plant.rules.at_most.items():
        yield name, "choice", last, float(count), round(sum(chosen[(a,)] for a in members), 6), "option"
    size = plan.value("capacity.size")
    for name, (members, most) in plant.rules.together.items():
        first = plant.assets[members[0]]
        yield (
            name,
            "shared size",
            last,
            most * first.scale,
            max(sum(size[a, y] for a in members) for y in plant.horizon.years) * first.scale,
            first.unit,
        )
