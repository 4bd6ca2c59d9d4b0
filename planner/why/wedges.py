"""Wedges 减排楔形: from the base year's emissions to the plan's, part by part, adding up exactly; what is purchased stands below the line.

First what is not the factory's doing or no reduction at all: its output, today's works in that year (what does not follow
output, renewals and their standstill, the remainder of the base year's figure), the cleaner grid on what the plan draws,
and what is let out at suppliers beyond what was in the first year as today. Then its own: how what stands is run and
retired, and each measure by its mean over sequences (see partial). Own parts count what is let out for the site alone,
with power at the base year's grid factor as in the own reduction of planner.reduction.
"""

from collections.abc import Mapping

import pandas as pd

from models.solution import Solution
from planner.account.factors import latest
from planner.plant import THOUSAND
from planner.run import Ready
from planner.why.partial import Apart

BASE, OUTPUT, STANDING, GRID, MOVED, RUNNING, MEASURE, LEFT = "base", "output", "standing", "grid", "moved", "running", "measure", "left"
VIEW, INSTRUMENTS, MARKET, OFFSET, REMAINS = "view", "instruments", "market", "offset", "remains"  # below the line
CHANGES = (OUTPUT, STANDING, GRID, MOVED, RUNNING, MEASURE)  # base + changes = left
COLUMNS = ["year", "part", "item", "en", "zh", "lever", "t", "base_year", "factor", "factor_year", "factor_source"]


def table(ready: Ready, plan: Solution, apart: Apart, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a year and part, t, signed as they change emissions; ``tables``: of the run, reduction and, where there is one, offset_years.

    Empty without a base year.
    """
    case, plant = ready.case, ready.plant
    base_year = int(case.settings.get("base_year.year") or 0) or None
    known = latest(plant.grid_rows.get("location", ()), base_year or plant.horizon.first)
    vintage = (base_year, plant.base_factor, known["year"] if known else None, known["source"] if known else "")
    made = plan.value("emissions.outsourced")
    rows: list[tuple[object, ...]] = []
    for cut in tables["reduction"].to_dict("records"):
        y = int(cut["year"])
        base, left = float(cut["base_t"]), float(cut["left_t"])
        grown = base * (_growth(ready, y) - 1)
        bought_before = apart.today.elsewhere[plant.horizon.first] * THOUSAND
        changes = {
            OUTPUT: grown, STANDING: apart.today.here[y] * THOUSAND + bought_before - base - grown, GRID: -float(cut["grid_t"]),
            MOVED: made[(y,)] * THOUSAND - bought_before,
        }  # fmt: skip
        saved = {m: -apart.attributed[m, y] * THOUSAND for m in apart.measures}
        changes[RUNNING] = left - base - sum(changes.values()) - sum(saved.values())
        rows += [(y, part, "", "", "", "", t) for part, t in {BASE: base, **changes}.items()]
        rows += [(y, MEASURE, m, case.label(m, "en"), case.label(m, "zh"), plant.assets[m].lever, t) for m, t in saved.items()]
        bought, market = float(cut["instruments_t"]), float(cut["market_left_t"])
        below = {LEFT: left, VIEW: market + bought - left, INSTRUMENTS: -bought, MARKET: market} | _offsets(tables, y)
        rows += [(y, part, "", "", "", "", t) for part, t in below.items()]
    return pd.DataFrame([(*row, *vintage) for row in rows], columns=COLUMNS)


def _growth(ready: Ready, year: int) -> float:
    """Output of a year over that of the base year; 1 where the case does not say what was made then."""
    before = float(ready.case.settings.get("base_year.output") or 0.0)
    made = ready.plant.demand.get((str(ready.case["product.carrier"]), year), 0.0) * THOUSAND
    return made / before if before else 1.0


def _offsets(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, float]:
    if "offset_years" not in tables:
        return {}
    of = tables["offset_years"]
    mine = of[of["year"] == year]
    return {OFFSET: -float(mine["offset_t"].sum()), REMAINS: float(mine["remains_t"].sum())}
