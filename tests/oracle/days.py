"""Days: the year of the oracle's random factories - two typical days, and one of the calendar's own where something happens on it."""

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd

from planner.calendar import TypicalDays
from planner.year import Year

APART = 100  # day of the year, from 0


def year_of(draw: Random, apart: bool) -> Year:
    """Two days of two steps; the second is dear and sunny on one of them. apart: the 101st day beside them, as it is."""
    days = TypicalDays(
        steps=("w0", "w1", "s0", "s1"), day=("w", "w", "s", "s"), group=("winter", "winter", "summer", "summer"), hours=np.array([10.0, 14.0, 8.0, 16.0]),
        weight=np.array([200.0, 200.0, 165.0, 165.0]), previous=("w1", "w0", "s1", "s0"),
        profiles={
            "price": np.array([round(draw.uniform(0.2, 0.9), 2) for _ in range(4)]), "pv": np.array([0.0, 0.3, 0.1, 0.5]),
            "shift": np.array([1.4, 0.8, 1.1, 0.9]),
        },
        days={"w": tuple(range(200)), "s": tuple(range(200, 365))}, months={"winter": 6, "summer": 6},
    )  # fmt: skip
    if apart:
        days = replace(
            days, steps=(*days.steps, "i0", "i1"), day=(*days.day, "i", "i"), group=(*days.group, "winter", "winter"), hours=np.append(days.hours, [9.0, 15.0]),
            weight=np.array([199.0, 199.0, 165.0, 165.0, 1.0, 1.0]), previous=(*days.previous, "i1", "i0"),
            profiles={name: np.append(values, values[:2]) for name, values in days.profiles.items()},
            days={"w": tuple(day for day in range(200) if day != APART), "s": tuple(range(200, 365)), "i": (APART,)},
        )  # fmt: skip
    return Year(hourly=pd.DataFrame(), days=days, demand_charge=draw.choice((0.0, 0.03)), notes=())
