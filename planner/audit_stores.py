"""Audit of stores over the year 跨日储能复算: every day of the year is lived through in its order, step by step, from the plan's flows alone."""

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.calendar import TypicalDays
from planner.plant import Plant
from planner.year import Year

Array = npt.NDArray[np.float64]
TABLES = {"season.begin": "ayd"}  # letters: see planner.audit; d day of the year that begins a stretch of alike days


def axes(plant: Plant, year: Year) -> dict[str, tuple[int, ...]]:
    """Days of the year; none where no store is linked over it."""
    return {"d": tuple(range(1, 366)) if linked(plant).any() else ()}


def linked(plant: Plant) -> npt.NDArray[np.bool_]:
    """(assets,): whether it is a store linked over the year."""
    return np.array([a.linked for a in plant.assets.values()], dtype=bool)


def order(days: TypicalDays) -> tuple[str, ...]:
    """Day of the year -> the representative day that stands for it."""
    of = {day: name for name, members in days.days.items() for day in members}
    return tuple(of[day] for day in sorted(of))


def check(plan: Any, ledger: Any) -> None:
    """Through all days in their order, no step holds more than the size or less than nothing; a stretch of alike days begins with what the
    one before it left, and the year with what its last day left."""
    days: TypicalDays = plan.year.days
    steps = {name: [n for n, day in enumerate(days.day) if day == name] for name in days.days}
    calendar = order(days)
    for a in np.flatnonzero(linked(plan.plant)):
        asset, size, begin = plan.assets[a], plan["capacity.size"][a], plan["season.begin"][a]
        gained = asset.charge_efficiency * plan["store.charge"][a] - plan["store.discharge"][a] / asset.discharge_efficiency
        through = days.hours * (asset.charge_efficiency * plan["store.charge"][a] + plan["store.discharge"][a] / asset.discharge_efficiency)
        ends, begun, highest, lowest = (np.zeros(begin.shape) for _ in range(4))
        for day, name in enumerate(calendar):
            first = day == 0 or calendar[day - 1] != name
            level = begin[:, day] if first else ends[:, day - 1]
            begun[:, day] = high = low = level
            for n in steps[name]:
                level = level * (1 - asset.standing_loss) ** days.hours[n] + days.hours[n] * gained[:, n]
                high, low = np.maximum(high, level), np.minimum(low, level)
            ends[:, day], highest[:, day], lowest[:, day] = level, high, low
        here = [[f"{asset.name} in {y}" for y in plan.axes["y"]], plan.axes["d"]]
        ledger.equal("days of the year", here, np.roll(begun, -1, axis=1), ends, np.maximum(begun, through.max(initial=0.0)), "unit")
        ledger.at_most("days of the year", here, highest, np.broadcast_to(size[:, None], highest.shape), "unit")
        ledger.at_most("days of the year", here, -lowest, np.zeros(lowest.shape), "unit", np.maximum(begun, 1.0))
