"""Rule curve 储量指示线: what a plan keeps in stores linked over the year when a month begins, and what its hours then kept each night.

As reservoirs are run: the year's plan says what is to be in the store at the turn of every month, the month decides its hours within that.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from models.compiled import Vector
from models.solution import Solution
from planner import calendar
from planner.calendar import TypicalDays
from planner.plant import Plant

MONTHS = [int((month > calendar.MONTH_OF_DAY).sum()) for month in range(1, 13)]  # days of the year, 0..364, that begin a month


def rule_curve(plant: Plant, days: TypicalDays, plan: Solution) -> dict[tuple[str, int], Vector]:
    """Store linked over the year, year -> (12,) what ``plan``, made on ``days``, keeps in it when each month begins, in its own unit."""
    linked = [a for a in plant.assets.values() if a.linked]
    if not linked:
        return {}
    begin, swing, size = (plan.value(table) for table in ("season.begin", "season.swing", "capacity.size"))
    of_day = {day: name for name, members in days.days.items() for day in members}
    last = dict(zip(days.day, days.steps, strict=True))
    hours = {name: float(sum(h for h, day in zip(days.hours, days.day, strict=True) if day == name)) for name in days.days}
    found = {}
    for asset in linked:
        for y in plant.horizon.years:
            level, levels = 0.0, []
            for day in sorted(of_day):
                level = begin.get((asset.name, y, day + 1), level)  # given where other days begin than the one before
                levels.append(level)
                name = of_day[day]
                level = (1 - asset.standing_loss) ** hours[name] * level + swing[asset.name, y, last[name]]
            found[asset.name, y] = np.clip(np.array(levels)[MONTHS], 0.0, size[asset.name, y])
    return found


def nightly(levels: Mapping[str, Vector], y: int) -> Iterator[pd.DataFrame]:
    """What stores hold when each day of a year begins, of their hourly ``levels`` (8760,): what the day before left."""
    for a, hourly in levels.items():
        begun = np.roll(hourly.reshape(calendar.DAYS, -1)[:, -1], 1)
        yield pd.DataFrame({"i0": a, "i1": pd.Series([y] * len(begun), dtype=object), "i2": range(1, len(begun) + 1), "value": begun})
