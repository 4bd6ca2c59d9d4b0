"""Book value 账面净值: what is written off when a unit goes before its end. Nobody is paid: it moves tax alone, and the plan counts money before tax.

The value falls in equal parts until the end of the unit's life, to nothing: from the ``book_value`` that is given for the start
of the first planned year, or else from the price of a new one, since it first ran.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from planner.case import Case
from planner.plant import MILLION, Asset, Plant

if TYPE_CHECKING:  # whoever only reads results need not load the solver
    from models.solution import Solution

COLUMNS = ["year", "asset", "en", "zh", "size", "unit", "cny", "basis"]
SMALL = 1e-6  # of an asset's size: below this nothing was decided


def per_size(a: Asset, year: int, first: int) -> tuple[float, str]:
    """MCNY of a size that are still in the books at the start of ``year``, and what that rests on: book, new (price of a new one), or unknown (0)."""
    end = a.end_year + 1 if a.end_year is not None else None if a.in_service is None else a.in_service + a.lifetime
    if a.book_value is not None and end is not None:
        return (a.book_value * max(0.0, end - year) / (end - first) if end > first else 0.0), "book"
    new = a.investment.get(first, 0.0)
    if end is None or a.in_service is None or not new:
        return 0.0, "unknown"
    return new * max(0.0, end - year) / (end - a.in_service), "new"


def losses(case: Case, plant: Plant, plan: Solution) -> pd.DataFrame:
    """One row a retirement, whether for nothing or for what becomes of it: year, size, unit, CNY written off, and what that rests on."""
    rows = []
    for (name, y), size in plan.value("capacity.retired").items():
        a = plant.assets[name]
        if size > SMALL * max(a.size, 1e-3):
            each, basis = per_size(a, y, plant.horizon.first)
            rows.append((y, name, case.label(name, "en"), case.label(name, "zh"), size * a.scale, a.unit, size * each * MILLION, basis))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["year", "asset"], ignore_index=True)
