"""Shapes 曲线: how what runs flat is spread over the year - bands of hours from a shift plan, or every hour as it was measured.

Three names mean something: `load` is the shape of everything that would run flat; `pv` and `wind` replace the
synthetic year of a province. A shape of use counts relative to its mean, so kW may stand there as the meter showed them.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from planner.calendar import DAYS, HOURS, MONTH_OF_DAY
from planner.case import Case
from planner.errors import Finding

Array = npt.NDArray[np.float64]
LOAD, FLAT, RENEWABLE = "load", "flat", ("pv", "wind")
COLUMNS = tuple(f"h{h:02d}" for h in range(HOURS))


def names(case: Case) -> set[str]:
    """Every shape a process, a demand or a contract may name."""
    return {row["profile"] for table in ("profiles", "hours") for row in case.tables[table]} | {FLAT, *RENEWABLE}


def own(case: Case, name: str | None) -> str | None:
    """The shape a process or demand follows: the one it names; what is flat, or names none, follows the works' where the case gives it."""
    given = any(row["profile"] == LOAD for table in ("profiles", "hours") for row in case.tables[table])
    return LOAD if given and name in (None, FLAT) else name


def hourly(case: Case) -> dict[str, Array]:
    """Shapes that are given hour by hour, (8760,) as they stand; days that are not given are 0."""
    found: dict[str, Array] = {}
    for row in case.tables["hours"]:
        found.setdefault(row["profile"], np.zeros((DAYS, HOURS)))[row["day"] - 1] = [row[c] for c in COLUMNS]
    return {name: values.ravel() for name, values in found.items()}


def of_use(case: Case) -> dict[str, Array]:
    """All shapes of use, mean 1: by bands of hours, and hour by hour."""
    month, hour = np.repeat(MONTH_OF_DAY, HOURS), np.tile(np.arange(HOURS), DAYS)
    shapes: dict[str, Array] = {}
    for row in case.tables["profiles"]:
        shape = shapes.setdefault(row["profile"], np.zeros(DAYS * HOURS))
        here = (hour >= row["hour_from"]) & (hour < row["hour_to"])
        if row["month"] is not None:
            here &= month == row["month"]
        shape[here] = row["value"]
    shapes |= {name: values for name, values in hourly(case).items() if name not in RENEWABLE}
    return {name: shape / shape.mean() for name, shape in shapes.items() if shape.any()}


def measured(case: Case, name: str) -> bool:
    """Whether somebody measured a shape: every day of it, and nothing of it an estimate."""
    rows = [row for row in case.tables["hours"] if row["profile"] == name]
    return bool(rows) and all(row["confidence"] != "estimate" for row in rows)


def incomplete(case: Case) -> Iterator[Finding]:
    """A shape by hours has all 365 days, is not nothing, and has no second shape of its name; shares of rated power end at 1."""
    where, bands = f"{case.folder.name}/hours.csv", {row["profile"] for row in case.tables["profiles"]}
    days: dict[str, set[int]] = {}
    for row in case.tables["hours"]:
        days.setdefault(row["profile"], set()).add(row["day"])
        if row["profile"] in RENEWABLE and (largest := max(row[c] for c in COLUMNS)) > 1:
            yield Finding(row["where"], f"{row['profile']} is {largest:g} of its rated power", "a share from 0 to 1")
    for name, there in days.items():
        lost = [day for day in range(1, DAYS + 1) if day not in there]
        if lost:
            yield Finding(where, f"{len(lost)} days of {name!r} are missing, the first is day {lost[0]}", f"days 1 to {DAYS}")
        elif not hourly(case)[name].any():
            yield Finding(where, f"every hour of {name!r} is 0", "a shape with hours above 0")
        if name in bands:
            yield Finding(where, f"profile {name!r} stands in profiles.csv too", "one shape of each name")
