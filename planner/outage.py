"""Outage 停产: the days on which a unit stands still for its renewal, or while something is built on it, and what they leave of its year.

A typical day that stands for days of the outage and for others runs for the share of the others; where all days are told
apart, a unit runs or stands still for the whole of a day.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from planner.calendar import DAYS, TypicalDays
from planner.plant import THOUSAND, Asset, Plant
from planner.year import shape_of

Array = npt.NDArray[np.float64]
RUNS, AND = "runs", " and "  # the part of a host that does not stand still; between the days on which another one does


def days(a: Asset, y: int) -> range:
    """The days of year ``y``, 0 to 364, on which a unit stands still; an outage that begins late runs on in the next year."""
    if a.end_year is None or a.renewal_investment is None:
        return range(0)
    begins = a.renewal_begins + DAYS * (a.end_year + 1 - y)
    return range(max(begins, 0), min(begins + a.renewal_outage, DAYS))


def running(a: Asset, y: int, typical: TypicalDays, windows: Iterable[str] = ()) -> Array:
    """(steps,): share of the days that each step's day stands for on which a unit does not stand still in year ``y``, for its renewal or in ``windows``."""
    still = set(days(a, y)).union(*(range(*map(int, w.split("-"))) for w in windows))
    share = {name: sum(d not in still for d in members) / len(members) for name, members in typical.days.items()} if still else {}
    return np.array([share.get(name, 1.0) for name in typical.day])


def left(a: Asset, y: int, typical: TypicalDays, windows: Iterable[str] = ()) -> tuple[float, Array]:
    """Of a flat unit in year ``y``: the usable share of its size, and (steps,) its flow per yearly activity, 1/kh, all in the days that are left."""
    duration = typical.hours * typical.weight / THOUSAND
    whole = shape_of(a.profile, typical.profiles)
    rest = whole * running(a, y, typical, windows)
    made = float(rest @ duration)
    return a.availability * made / float(whole @ duration), rest / made if made else rest


def inputs(plant: Plant, typical: TypicalDays) -> dict[str, Any]:
    """The fields of Inputs that say what renewals leave: of what a flat unit makes in a year, of its shape, of what a flexible one can give."""
    usable, shape, availability = dict[tuple[str, int], float](), dict[tuple[str, int, str], float](), dict[tuple[str, int, str], float]()
    for a in plant.assets.values():
        if a.kind != "converter" or not any(days(a, y) for y in plant.horizon.years):
            continue
        for y in plant.horizon.years:
            if a.operation == "flexible":
                given = a.availability * shape_of(a.profile, typical.profiles) * running(a, y, typical)
                availability |= {(a.name, y, s): float(v) for s, v in zip(typical.steps, given, strict=True)}
                continue
            usable[a.name, y], flow = left(a, y, typical)
            shape |= {(a.name, y, s): float(v) for s, v in zip(typical.steps, flow, strict=True)}
    return {"dated_usable": usable, "dated_shape": shape, "dated_availability": availability}


# While something is built on a unit ------------------------------------------------------------------------------------------


def rebuilds(plant: Plant, typical: TypicalDays, projects: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """The fields of Inputs that say which part of a host stands still in the year before a project on it runs."""
    per_size = {name: stopped for name, a in plant.assets.items() for stopped in plant.stopped_by(a)}
    stops = {
        (a, v): (per_size[a][0], v - 1, f"{plant.assets[a].rebuild_begins}-{plant.assets[a].rebuild_begins + plant.assets[a].rebuild_outage}")
        for a, v in projects if a in per_size and v - 1 in plant.horizon.years
    }  # fmt: skip
    windows: dict[tuple[str, int], dict[str, None]] = {}
    for h, y, w in stops.values():
        windows.setdefault((h, y), {})[w] = None
    parts = {
        (h, y, AND.join(o) or RUNS): o
        for (h, y), named in windows.items() for n in range(len(named) + 1) for o in combinations(sorted(named), n)
    }  # fmt: skip
    usable, shape = dict[tuple[str, int, str], float](), dict[tuple[str, int, str, str], float]()
    for h, o in {(h, o): None for h, _, o in parts if o != RUNS}:
        for y in plant.horizon.years:
            _, runs = left(plant.assets[h], y, typical)
            usable[h, y, o], rest = left(plant.assets[h], y, typical, o.split(AND))
            shape |= {(h, y, o, s): float(v) for s, v in zip(typical.steps, rest - runs, strict=True)}
    usable = {q: usable[q] for q in parts if q in usable}
    return {"stops": stops, "stopped": {a: per_size[a][1] for a, _ in stops}, "parts": parts, "part_usable": usable, "part_shape": shape}
