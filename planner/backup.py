"""Backup 保供: hours without the grid, reserves and what may go unserved, as numbers of the mathematics."""

from typing import Any

import numpy as np
import numpy.typing as npt

from planner.calendar import TypicalDays
from planner.plant import Asset, Plant

Array = npt.NDArray[np.float64]
CONNECTION = "connection"


def inputs(plant: Plant) -> dict[str, Any]:
    """The fields of Inputs that say what may go unserved, what must not, and who stands ready."""
    assets, standby, years = tuple(plant.assets.values()), plant.standby, plant.horizon.years
    backing = {(r, a.name): a.firm for r, reserve in standby.reserves.items() for a in assets if stands_ready(a, reserve.carrier)}
    lost = {r: ([CONNECTION] if reserve.loss == CONNECTION else [a for q, a in backing if q == r]) for r, reserve in standby.reserves.items()}
    return {
        "sheddable": {(a.name, c): v for a in assets for c, v in a.sheddable.items() if v},
        "shed_cost": {(a.name, y): v for a in assets if any(a.sheddable.values()) for y, v in a.shed_cost.items() if v},
        "unserved_share": {c: v for c, v in standby.share.items() if v},
        "unserved_cost": {(c, y): v for (c, y), v in standby.price.items() if standby.share.get(c) and y in years},
        "reserves": {r: reserve.carrier for r, reserve in standby.reserves.items()},
        "reserve_hours": {r: reserve.hours for r, reserve in standby.reserves.items()},
        "losses": tuple((r, what) for r, names in lost.items() for what in names),
        "critical": {(a.name, c): v for a in assets for c, v in a.critical.items() if v and c in {r.carrier for r in standby.reserves.values()}},
        "critical_load": {c: v for c, v in standby.critical.items() if v}, "firm": backing,
        "store_power": {s: names for s in plant.assets if (names := plant.powers.get(s))},
    }  # fmt: skip


def stands_ready(a: Asset, carrier: str) -> bool:
    """Whether an asset backs up a carrier: it makes it when asked, or keeps it."""
    if a.firm <= 0 or a.operation != "flexible":
        return False
    return a.ratio.get(carrier, 0.0) > 0 if a.kind == "converter" else a.kind == "store" and carrier in a.ratio


def tied(plant: Plant, days: TypicalDays) -> Array:
    """(steps,): 1, and 0 in the hours in which the site is an island; their days are shown as they are, hour by hour."""
    here = np.ones(len(days.steps))
    end, before = 0.0, ""
    for n, (day, length) in enumerate(zip(days.day, days.hours, strict=True)):
        start = end if day == before else 0.0
        end, before = start + float(length), day
        if any(set(days.days[day]) == {i.day} and start < i.hours[1] and end > i.hours[0] for i in plant.standby.islands):
            here[n] = 0.0
    return here
