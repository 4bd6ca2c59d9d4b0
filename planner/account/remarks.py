"""Remarks 提示: what a reader of an account must not miss, as facts with numbers; the sentences stand in the locale."""

from collections.abc import Mapping
from typing import Any

from planner.account.ledger import Account
from planner.plant import THOUSAND, Plant

DIRECT = ("fuel", "carbonate", "electrode", "carbon_material", "other_gas", "product_carbon", "captured")
ENERGY = ("power_bought", "heat_bought")
PLANNING = (*DIRECT, *ENERGY, "intermediate")
SMALL = 1e-6  # of the larger amount: below this nothing changed

Remark = dict[str, Any]


def compare(before: Account, after: Account, years: Mapping[int, int]) -> list[Remark]:
    """What changed from ``before`` to ``after``; years: year of ``after`` -> year of ``before`` it is held against.

    electrified: what is bought rises by more than what is let out here falls, in the location view;
    paper: the market view falls by trades and certificates alone.
    """
    found: list[Remark] = []
    for y, earlier in years.items():
        change = {v: after.total(y, PLANNING, v) - before.total(earlier, PLANNING, v) for v in ("location", "market")}
        here = after.total(y, DIRECT) - before.total(earlier, DIRECT)
        bought = after.total(y, ENERGY) - before.total(earlier, ENERGY)
        least = SMALL * max(abs(after.total(y, PLANNING)), abs(before.total(earlier, PLANNING)))
        if here < -least and bought > -here + least:
            found.append({"year": y, "remark": "electrified", "saved_t": -here, "added_t": bought})
        proven = proven_t(after, y) - proven_t(before, earlier)
        if change["market"] < -least and change["market"] + proven > -least:
            location = change["location"] if abs(change["location"]) > least else 0.0
            found.append({"year": y, "remark": "paper", "proven_t": proven, "location_t": location, "physical_share": physical(after, y)})
    return found


def caps_on_paper(plant: Plant, made: Account) -> list[Remark]:
    """Caps of the market view that hold only because of trades and certificates."""
    found: list[Remark] = []
    for (cap, y), limit in plant.cap_limit.items():
        scope, view = plant.caps[cap]
        if scope == "direct_energy" and view == "market":
            counted, proven = made.total(y, PLANNING, "market"), proven_t(made, y)
            if proven > 0 and counted + proven > limit * THOUSAND * (1 + SMALL):
                found.append({"year": y, "remark": "cap_on_paper", "cap": cap, "proven_t": proven, "physical_share": physical(made, y)})
    return found


def of_one(made: Account) -> list[Remark]:
    """What stands in one account alone: claims that were not recognised."""
    return [{"year": g.year, "remark": "unrecognised", "mwh": g.unrecognised} for g in made.green if g.unrecognised > SMALL * max(g.drawn, 1.0)]


def base_differs(made: Account, year: int, stated: float) -> list[Remark]:
    """The base year's amount that the caps use is not the account of its activity, by more than a thousandth."""
    counted = made.total(year, PLANNING)
    return [{"year": year, "remark": "base_differs", "stated_t": stated, "account_t": counted}] if abs(counted - stated) > 1e-3 * stated else []


def proven_t(made: Account, year: int) -> float:
    """t that trades and certificates take out of the market view."""
    t = made.lines
    mine = (t["year"] == year) & (t["view"] == "market") & t["quantity"].isin(["traded", "certificate"])
    return -float(t.loc[mine, "t"].sum())


def physical(made: Account, year: int) -> float:
    """Share of physically supplied non-fossil power."""
    return next((g.physical_share for g in made.green if g.year == year), 0.0)
