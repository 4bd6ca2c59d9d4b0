"""Tornado 敏感性: one assumption at a time at the ends of its range, with the plan fixed and made anew."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planner.risk.plans import Plans
from planner.risk.ranges import Assumption, table
from planner.studies.front import sizes
from planner.studies.point import Changes, Record

COLUMNS = [
    "assumption", "kind", "en", "zh", "unit", "base", "low", "high", "confidence", "range_source", "range_confidence",
    "plan", "end", "value", "status", "stopped", "change_cny", "least_cny", "most_cny", "missed_cny", "missed", "emissions_change_t", "entered", "left", "folder",
]  # fmt: skip


def of(plans: Plans, assumptions: Sequence[Assumption], ways: Sequence[str] = ("fixed", "anew")) -> pd.DataFrame:
    """One row an assumption, way and end, the widest swing first, before it what leaves no plan at all; see COLUMNS.

    change, least, most: of the cost in today's money against the case as it is, as found and as the proven gaps of both
    plans bracket it, what is missed at its price included; missed: targets and by how much; emissions: of all years.
    Raises NoPlanExists where the case itself has no plan, CaseError.
    """
    here = plans.base()
    asked = [(a, end, value) for a in assumptions for end, value in (("low", a.low), ("high", a.high)) if value != a.base]
    rows: list[dict[str, Any]] = []
    plain = {row["assumption"]: row for row in table(assumptions)}
    for way in ways:
        many = plans.fixed(here) if way == "fixed" else plans.anew()
        points: list[Changes] = [(), *(a.changes(value) for a, _, value in asked)]
        (base, place), *found = plans.ask(many, points)
        for (a, end, value), (record, folder) in zip(asked, found, strict=True):
            rows.append({**plain[a.code], "plan": way, "end": end, "value": value, **against(base, record, place, folder)})
    return ordered(pd.DataFrame(rows, columns=COLUMNS))


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows, the assumption with the widest swing first; where no plan exists at an end, there is no wider one."""
    swing = frame["change_cny"].astype(float).abs().where(frame["status"] != "infeasible", math.inf)
    order = -swing.groupby(frame["assumption"]).transform("max")
    return frame.assign(order=order).sort_values(["order", "assumption", "plan", "end"], kind="stable", ignore_index=True).drop(columns="order")


def against(base: Record, record: Record, place: Path, folder: Path) -> dict[str, Any]:
    """What a point costs and emits more than the base, and what of its plan is another."""
    said: dict[str, Any] = {
        "status": record["status"], "stopped": bool(record.get("stopped", False)), "missed": missed(record), "missed_cny": record.get("over_cny"),
    }  # fmt: skip
    if "objective_cny" not in record:
        return said
    built, before = sizes(folder), sizes(place)
    return said | {
        "change_cny": record["objective_cny"] - base["objective_cny"],
        "least_cny": record["bound_cny"] - base["objective_cny"],
        "most_cny": record["objective_cny"] - base["bound_cny"],
        "emissions_change_t": sum(record["emissions_t"].values()) - sum(base["emissions_t"].values()),
        "entered": " ".join(sorted(built.keys() - before.keys())),
        "left": " ".join(sorted(before.keys() - built.keys())),
        "folder": f"points/{folder.name}",
    }


def missed(record: Mapping[str, Any]) -> str:
    """Targets that are missed and by how much, as text: ``total.2030 1200 t``."""
    return ", ".join(f"{target} {amount:.4g} {unit}" for target, (amount, unit) in record.get("over", {}).items())
