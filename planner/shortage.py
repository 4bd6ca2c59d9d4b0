"""Shortage 缺供: what of a plan goes unserved and what that costs, and how much stands ready after every loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.plant import MILLION, THOUSAND, Plant

if TYPE_CHECKING:  # whoever only reads results need not load the solver
    from models.solution import Solution
    from planner.year import Year

COLUMNS = ["year", "item", "carrier", "unit", "amount", "hours", "largest", "cny"]
SMALL = 1e-9  # unit/h


def unserved(plant: Plant, year: Year, plan: Solution) -> pd.DataFrame:
    """One row a year and process (or carrier, of fixed use and deliveries): amount, hours a year, largest per hour, CNY."""
    length = dict(zip(year.days.steps, map(float, year.days.hours * year.days.weight), strict=True))
    found: dict[tuple[int, str, str], list[tuple[float, float]]] = {}
    for table in ("shed.shed", "shed.cut"):
        for (*names, y, s), flow in plan.value(table).items():
            if flow > SMALL:
                found.setdefault((y, names[0], names[-1]), []).append((length[s], flow))
    for (c, y), amount in plan.value("shed.waived").items():
        if amount > SMALL:
            found.setdefault((y, c, c), []).append((0.0, amount * THOUSAND))
    rows = []
    for (y, item, c), flows in sorted(found.items()):
        price = plant.assets[item].shed_cost.get(y, 0.0) if item in plant.assets else plant.standby.price.get((c, y), 0.0)
        amount = sum(hours * flow if hours else flow for hours, flow in flows)
        rows.append(
            (
                y,
                item,
                c,
                plant.units[c],
                amount,
                sum(h for h, _ in flows),
                max((f for h, f in flows if h), default=0.0),
                amount * price * MILLION / THOUSAND,
            )
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def margins(plant: Plant, year: Year, plan: Solution) -> Iterator[tuple[str, str, int, float, float, str]]:
    """Of every reserve and year the step that leaves least: name, kind, year, what is there after the loss, what is critical, unit an hour."""
    if not plant.standby.reserves:
        return
    from planner import translate  # numbers of the mathematics; a page that only shows a stored plan does not need them

    x = translate.inputs(plant, year)
    size, ready, activity, saved = (plan.value(t) for t in ("capacity.size", "reserve.ready", "converter.activity", "measure.saved"))
    lost = {r: [what for q, what in x.losses if q == r] for r in x.reserves}

    def gives(r: str, a: str, y: int, s: str, of: float) -> float:
        c = x.reserves[r]
        return x.firm[r, a] * x.ratio[a, c] * x.dated_availability.get((a, y, s), x.availability.get((a, s), 1.0)) * of

    def left(r: str, y: int, s: str, what: str) -> tuple[float, float]:
        c, there = x.reserves[r], dict[str, float]()
        for a in (a for q, a in x.firm if q == r):
            there[a] = ready[r, a, y, s] if a in x.stores else gives(r, a, y, s, size[a, y])
        gone = there.get(what, 0.0) if what not in x.module or what in x.stores else gives(r, what, y, s, min(x.module[what], size[what, y]))
        fence = (
            0.0
            if what == "connection"
            else sum(v for (f, t), v in x.connection.items() if t == s and any(x.markets[k] == c and k in x.buys for k in x.fence[f]))
        )
        use = x.critical_load.get(c, 0.0) * x.load.get((c, y, s), 0.0)
        for (i, d), share in x.critical.items():
            spared = sum(v for (_, h, e, of), v in saved.items() if (h, e, of) == (i, c, y))
            use += (d == c) * share * x.dated_shape.get((i, y, s), x.shape[i, s]) * (-x.ratio[i, c] * activity[i, y] - spared)
        return sum(there.values()) - gone + fence, use

    for r, c in x.reserves.items():
        for y in x.years if lost[r] else ():
            there, use = min((left(r, y, s, what) for s in x.steps for what in lost[r]), key=lambda both: both[0] - both[1])
            yield r, "reserve", y, there, use, f"{plant.units[c]}/h".replace("MWh/h", "MW")


def islands(plant: Plant, year: Year, plan: Solution, operation: pd.DataFrame) -> pd.DataFrame:
    """Of electricity in the hours without the grid, year and item of ``operation`` (see planner.results): MWh, hours a year. What processes
    do not use of it, as it is shed or cut, is the item ``unserved``."""
    from planner import backup

    length = dict(zip(year.days.steps, map(float, year.days.hours * year.days.weight), strict=True))
    alone = {s for s, there in zip(year.days.steps, backup.tied(plant, year.days), strict=True) if not there}
    here = operation[operation["step"].isin(alone)]
    rows = {key: float((part["mw"] * part["step"].map(length)).sum()) for key, part in here.groupby(["year", "item"], sort=False)}
    for table in ("shed.shed", "shed.cut"):
        for (*names, y, s), flow in plan.value(table).items():
            if s in alone and names[-1] == "electricity":
                rows[y, "unserved"] = rows.get((y, "unserved"), 0.0) + flow * length[s]
    hours = sum(length[s] for s in alone)
    found = [(y, item, amount, hours) for (y, item), amount in rows.items() if abs(amount) > SMALL]
    return pd.DataFrame(found, columns=["year", "item", "mwh", "hours"])


def tables(plant: Plant, year: Year, plan: Solution, operation: pd.DataFrame) -> dict[str, Any]:
    """``unserved``, of a plant in which anything may go unserved; ``islands``, of one that is an island for hours."""
    may = any(plant.standby.share.values()) or any(v for a in plant.assets.values() for v in a.sheddable.values())
    alone = {"islands": islands(plant, year, plan, operation)} if plant.standby.islands else {}
    return ({"unserved": unserved(plant, year, plan)} if may else {}) | alone
