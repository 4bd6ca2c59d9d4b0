"""Audit of backup 保供复算: what goes unserved keeps to its share and is paid, and after every loss what is critical is carried.

``plan`` is a plan as arrays by axes (see planner.audit); r reserve.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from planner.audit_money import Array
from planner.calendar import HOURS
from planner.plant import Plant

TABLES = {"shed.shed": "acys", "shed.cut": "cys", "shed.waived": "cy", "reserve.ready": "rays", "reserve.stands": "ay"}  # letters: see planner.audit
MISSED = {"reserve.covered": "rxys"}  # x what is lost
UNSERVED, CONNECTION, POWER = "unserved", "connection", "electricity"


def axes(plant: Plant) -> dict[str, Sequence[object]]:
    """Reserves, and what may be lost."""
    reserves = plant.standby.reserves
    return {"r": tuple(reserves), "x": (CONNECTION, *plant.assets) if reserves else ()}


def parts(plant: Plant) -> tuple[str, ...]:
    """The cost part of what goes unserved."""
    shed = any(v for a in plant.assets.values() if any(a.sheddable.values()) for v in a.shed_cost.values())
    return (UNSERVED,) if shed or any(v for (c, _), v in plant.standby.price.items() if plant.standby.share.get(c)) else ()


def unserved(plan: Any) -> Array:
    """(carriers, years, steps): use that is not served, unit/h."""
    return np.asarray(plan["shed.shed"].sum(axis=0) + plan["shed.cut"])


def costs(plan: Any) -> dict[str, Array]:
    """Cost part -> (years,), MCNY: every amount that goes unserved."""
    if not parts(plan.plant):
        return {}
    price = np.array([[a.shed_cost.get(y, 0.0) for y in plan.axes["y"]] for a in plan.assets])
    of_carrier = np.array([[plan.plant.standby.price.get((c, y), 0.0) for y in plan.axes["y"]] for c in plan.axes["c"]])
    shed = np.einsum("ay,acys,s->y", price, plan["shed.shed"], plan.kilohours)
    return {UNSERVED: shed + (of_carrier * (plan["shed.cut"] @ plan.kilohours + plan["shed.waived"])).sum(axis=0)}


def used(plan: Any, a: int, c: int) -> Array:
    """(years, steps): what a flat process uses of a carrier after savings, unit/h."""
    mine = plan.host == a
    return np.asarray(-plan.ratio[a, c] * plan.hourly[a] - np.einsum("jy,jys->ys", plan["measure.saved"][mine, c], plan.host_shape[mine]))


def check(plan: Any, ledger: Any) -> None:
    """Shares of what goes unserved, and every reserve after every loss."""
    standby, years = plan.plant.standby, plan.axes["y"]
    sheds = plan["shed.shed"].any(axis=(2, 3))
    for c, carrier in enumerate(plan.axes["c"]):
        here = [[f"{carrier} in {y}" for y in years], plan.axes["s"]]
        load = fixed(plan, carrier)
        stepped = plan.plant.carriers[carrier] == "step"
        ledger.at_most("use unserved", here, plan["shed.cut"][c], standby.share.get(carrier, 0.0) * load * stepped, "unit/h", load)
        due = np.array([plan.plant.demand.get((carrier, y), 0.0) for y in years])
        ledger.at_most("use unserved", here[:1], plan["shed.waived"][c], standby.share.get(carrier, 0.0) * due * (not stepped), "k-unit", due)
        for a, asset in enumerate(plan.assets):
            share, shed = asset.sheddable.get(carrier, 0.0), plan["shed.shed"][a, c]
            if share or sheds[a, c]:
                use = used(plan, a, c)
                ledger.at_most(
                    "use unserved", [[f"{carrier} of {asset.name} in {y}" for y in years], plan.axes["s"]], shed, share * use, "unit/h", np.abs(use)
                )
    for r in range(len(standby.reserves)):
        _reserve(plan, r, ledger)


def fixed(plan: Any, carrier: str) -> Array:
    """(years, steps): fixed use of a carrier in the shape of its profile, unit/h."""
    profile, steps = plan.plant.demand_profile.get(carrier), len(plan.kilohours)
    shape = plan.year.days.profiles[profile] if profile and profile != "flat" else np.ones(steps)
    return np.outer([plan.plant.demand.get((carrier, y), 0.0) for y in plan.axes["y"]], shape / (shape @ plan.kilohours))


def power(plan: Any, a: int) -> Array:
    """(years,): the power of a store - that of the assets that are its power, or what empties it in its full hours."""
    own = [n for n, other in enumerate(plan.assets) if other.power_of == plan.assets[a].name]
    size = plan["capacity.size"]
    return np.asarray(size[own].sum(axis=0) if own else size[a] / plan.assets[a].duration)


def connected(plan: Any) -> Array:
    """(steps,): 1 while the connection is there, 0 on the island's hours of the island's days."""
    days, there = plan.year.days, np.ones(len(plan.kilohours))
    for n, name in enumerate(days.day):
        first = days.day.index(name)
        start = float(days.hours[first:n].sum())
        for island in plan.plant.standby.islands:
            alone = np.array([start <= hour < start + days.hours[n] for hour in np.arange(HOURS) if island.hours[0] <= hour < island.hours[1]])
            if days.days[name] == (island.day,) and alone.any():
                there[n] = 0.0
    return there


def _reserve(plan: Any, r: int, ledger: Any) -> None:
    """In every step: what is there after the loss carries what is critical."""
    (name, rule), plant, days = list(plan.plant.standby.reserves.items())[r], plan.plant, plan.year.days
    c, before = list(plan.axes["c"]).index(rule.carrier), [days.steps.index(s) for s in days.previous]
    gives, unit = np.zeros(plan["converter.output"].shape), np.zeros(plan["converter.output"].shape)  # what each stands ready with, and loses at once
    for a, asset in enumerate(plan.assets):
        here = [[f"{name}: {asset.name} in {y}" for y in plan.axes["y"]], plan.axes["s"]]
        ready = plan["reserve.ready"][r, a]
        backs = asset.firm > 0 and asset.operation == "flexible" and plan.ratio[a, c] != 0
        if asset.kind == "store" and backs:
            held = asset.discharge_efficiency * plan["store.level"][a][:, before]
            ledger.at_most("reserves", here, ready, np.outer(asset.firm * power(plan, a), np.ones(len(before))), "unit/h")
            ledger.at_most("reserves", here, rule.hours * ready, held, "unit", np.maximum(held, 1.0))
            gives[a] = unit[a] = ready
        else:
            ledger.at_most("reserves", here, ready, 0.0, "unit/h")
        if asset.kind == "converter" and backs and plan.ratio[a, c] > 0:
            each = asset.firm * plan.ratio[a, c] * asset.availability * plan.shape[a] * plan.runs[a]
            size = plan["capacity.size"][a]
            gives[a] = size[:, None] * each
            unit[a] = (np.where(size > 1e-9, np.maximum(asset.module, 0.0), 0.0) if asset.module else size)[:, None] * each
    need = plant.standby.critical.get(rule.carrier, 0.0) * fixed(plan, rule.carrier)
    for a, asset in enumerate(plan.assets):
        if asset.critical.get(rule.carrier):
            need = need + asset.critical[rule.carrier] * used(plan, a, c)
    through = (plant.connection or 0.0) * connected(plan) * (rule.carrier == POWER)
    losses = [0] if rule.loss == CONNECTION else [1 + a for a in range(len(plan.assets)) if unit[a].any()]
    for x in losses:
        left = gives.sum(axis=0) + (through - unit[x - 1] if x else 0.0) + plan.missed["reserve.covered"][r, x]
        here = [[f"{name} without {plan.axes['x'][x]} in {y}" for y in plan.axes["y"]], plan.axes["s"]]
        ledger.at_most("reserves", here, need, left, "unit/h", np.maximum(need, gives.sum(axis=0)))
