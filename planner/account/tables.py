"""Tables 核算表: an account as plain tables for people, files and pages."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from planner.account import remarks
from planner.account.activity import read
from planner.account.ledger import Account, account, totals
from planner.case import Case
from planner.errors import CaseError, Finding
from planner.plant import Plant

GREEN = ["year", "used", "drawn", "physical", "traded", "certified", "apportioned", "unrecognised", "rest", "physical_share", "share"]


def of_activity(case: Case, plant: Plant) -> Account | None:
    """The account of the case's own activity data; None where it has none. Raises CaseError."""
    if not case.tables["activity"]:
        return None
    findings: list[Finding] = []
    rows = read(plant, case.tables["activity"], findings)
    if findings:
        raise CaseError(findings)
    return account(plant, rows)


def tables(plant: Plant, *accounts: Account | None) -> dict[str, pd.DataFrame]:
    """account: every line; account_totals: sums by boundary; green_power: electricity by year, MWh; delivered: products.

    factor_year 0: the factor belongs to no year. Several accounts (the base year's, the plan's) stand in the same tables; no year is in two of them.
    """
    given = [a for a in accounts if a is not None]
    lines = pd.concat([a.lines for a in given], ignore_index=True)
    lines["factor_year"] = [int(y) if y == y and y is not None else 0 for y in lines["factor_year"]]
    green = [asdict(g) | {"physical_share": g.physical_share, "share": g.share} for a in given for g in a.green]
    delivered = [(c, y, v, plant.units.get(c, "")) for a in given for (c, y), v in a.delivered.items()]
    return {
        "account": lines,
        "account_totals": pd.concat([totals(plant, a) for a in given], ignore_index=True),
        "green_power": pd.DataFrame(green, columns=GREEN),
        "delivered": pd.DataFrame(delivered, columns=["carrier", "year", "amount", "unit"]),
    }


def told(
    plant: Plant, settings: Mapping[str, Any], base: Account | None, plan: Account | None = None, frozen: Account | None = None
) -> list[remarks.Remark]:
    """All remarks on the accounts of a case and its plan."""
    found: list[remarks.Remark] = []
    for one in (base, plan):
        found += remarks.of_one(one) if one is not None else []
    stated, year = settings.get("base_year.emissions"), settings.get("base_year.year")
    if base is not None and stated and year in {g.year for g in base.green}:
        found += remarks.base_differs(base, int(year), float(stated))
    if plan is not None:
        found += remarks.caps_on_paper(plant, plan)
        if frozen is not None:
            found += remarks.compare(frozen, plan, {y: y for y in plant.horizon.years})
    return found
