"""Outage 停产: the days on which a unit stands still for its renewal, and what they leave of its year.

A typical day that stands for days of the outage and for others runs for the share of the others; where all days are told
apart, a unit runs or stands still for the whole of a day.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.calendar import DAYS, TypicalDays
from planner.plant import THOUSAND, Asset, Plant
from planner.year import shape_of

Array = npt.NDArray[np.float64]


def days(a: Asset, y: int) -> range:
    """The days of year ``y``, 0 to 364, on which a unit stands still; an outage that begins late runs on in the next year."""
    if a.end_year is None or a.renewal_investment is None:
        return range(0)
    begins = a.renewal_begins + DAYS * (a.end_year + 1 - y)
    return range(max(begins, 0), min(begins + a.renewal_outage, DAYS))


def running(a: Asset, y: int, typical: TypicalDays) -> Array:
    """(steps,): share of the days that each step's day stands for on which a unit does not stand still in year ``y``."""
    still = days(a, y)
    share = {name: sum(d not in still for d in members) / len(members) for name, members in typical.days.items()} if still else {}
    return np.array([share.get(name, 1.0) for name in typical.day])


def inputs(plant: Plant, typical: TypicalDays) -> dict[str, Any]:
    """The fields of Inputs that say what outages leave: of what a flat unit makes in a year, of its shape, of what a flexible one can give."""
    usable, shape, availability = dict[tuple[str, int], float](), dict[tuple[str, int, str], float](), dict[tuple[str, int, str], float]()
    duration = typical.hours * typical.weight / THOUSAND
    for a in plant.assets.values():
        if a.kind != "converter" or not any(days(a, y) for y in plant.horizon.years):
            continue
        whole = shape_of(a.profile, typical.profiles)
        for y in plant.horizon.years:
            left = whole * running(a, y, typical)
            if a.operation == "flexible":
                availability |= {(a.name, y, s): float(v) for s, v in zip(typical.steps, a.availability * left, strict=True)}
                continue
            made = float(left @ duration)  # in the days that are left
            usable[a.name, y] = a.availability * made / float(whole @ duration)
            shape |= {(a.name, y, s): float(v) / made if made else 0.0 for s, v in zip(typical.steps, left, strict=True)}
    return {"dated_usable": usable, "dated_shape": shape, "dated_availability": availability}
