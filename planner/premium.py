"""Premium 溢价: what a premium for low-carbon products would have to be to pay for the plan, and what published or assumed ones are worth.

A sensitivity beside the plan: no premium is in its cost, and none decides anything. Money is today's (the plan's discounting, output
paid for at the end of its year), over the planned years and the whole output; a share of it earns that share.
"""

from collections.abc import Mapping

import pandas as pd

from planner.dictionary import DATA
from planner.footprint import footprint
from planner.results import Results
from planner.tables import read_table
from planner.units import factor

BREAK_EVEN = ["reference", "extra_cny", "output", "premium"]
STATED = ["premium", "value", "unit", "below", "years", "worth_cny", "left_cny", "status", "title", "url", "confidence", "note"]


def output(results: Results, made: Mapping[int, float]) -> dict[int, float]:
    """Year -> units delivered, each worth what money at the end of that year is worth today. made: units by year."""
    rate, first = float(results.summary["discount_rate_real"]), int(results.summary["first_year"])
    return {y: v / (1 + rate) ** (y - first + 1) for y, v in made.items()}


def break_even(results: Results, made: Mapping[int, float]) -> pd.DataFrame:
    """The premium, CNY per unit of product in every year, at which the plan costs no more than `frozen` (operation as today) and `free` (the
    plan without caps): extra cost over the output. Below 0: it is cheaper without any."""
    whole = sum(output(results, made).values())
    cost = float(results.summary["objective_cny"])
    rows = [(name, extra := cost - float(results.summary[f"{name}_cny"]), whole, extra / whole if whole else None) for name in ("frozen", "free")]
    return pd.DataFrame(rows, columns=BREAK_EVEN)


def stated(results: Results, made: Mapping[int, float], product: str, unit: str) -> pd.DataFrame:
    """The premiums of data/premiums.csv for a product: in which years the plan's footprint (cradle to gate, location view, as far as factors
    are known) is low enough, what they bring (CNY of today), and what is left of the extra cost over operation as today."""
    said = [r for r in read_table("premiums", [DATA / "premiums.csv"], []) if r["carrier"] == product]
    worth = output(results, made)
    extra = float(results.summary["objective_cny"] - results.summary["frozen_cny"])
    per: dict[int, float] = {}
    if "account" in results.tables:
        found = footprint(results.tables, product)
        whole = found[(found["part"] == "total") & (found["view"] == "location")]
        per = {int(y): float(v) for y, v in zip(whole["year"], whole["per_unit"], strict=True)}
    rows = []
    for r in said:
        value = r["value"] * factor(r["unit"], f"CNY/{unit}")
        years = [y for y in worth if r["below"] is None or (y in per and per[y] <= r["below"] * (1 + 1e-9))]
        brings = value * sum(worth[y] for y in years)
        rows.append((
            r["premium"], value, f"CNY/{unit}", r["below"], " ".join(map(str, years)), brings, extra - brings, r["status"], r["title"], r["url"], r["confidence"], r["note"],
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=STATED)
