"""Reduction 减排构成: how much of the cut against the base year is the plant's own, how much the grid's, and what was purchased.

All in the boundary of the default caps and the location view; what certificates and traded green power take away shows in the
market view alone and stands beside. Emissions of the base year at its own output: a larger output eats reduction.
"""

import pandas as pd

from planner.account import remarks
from planner.account.ledger import Account
from planner.plant import Plant

COLUMNS = ["year", "base_t", "left_t", "left_share", "cut_t", "own_t", "grid_t", "instruments_t", "market_left_t", "physical_share", "green_share"]


def reduction(plant: Plant, made: Account, base: float | None) -> pd.DataFrame:
    """One row a year, t. own: what is left at the base year's grid factor; grid: what its change brings on what is drawn; instruments:
    traded green power and certificates, in the market view. Empty without a base year."""
    if not base:
        return pd.DataFrame(columns=COLUMNS)
    bought = made.lines[(made.lines["item"] == "power_bought") & (made.lines["view"] == "location")].groupby("year")["amount"].sum()
    green = {g.year: g for g in made.green}
    rows = []
    for y in plant.horizon.years:
        left = made.total(y, remarks.PLANNING)
        grid = (plant.base_factor - plant.grid_factor["location", y]) * float(bought.get(y, 0.0))
        shares = (green[y].physical_share, green[y].share) if y in green else (0.0, 0.0)
        rows.append(
            (
                y,
                base,
                left,
                left / base,
                base - left,
                base - left - grid,
                grid,
                remarks.proven_t(made, y),
                made.total(y, remarks.PLANNING, "market"),
                *shares,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)
