"""Audit of caps 上限审计: what every target counts, that it is met or paid for, and what is supplied physically.

``plan`` is a plan as arrays by axes (see planner.audit): a asset, y year, s step, k market, c carrier, q view, g cap.
"""

from typing import Any

import numpy as np

from planner import audit_money
from planner.audit_money import Array, Ledger
from planner.plant import Plant
from planner.targets import SHARES, Target

POWER = "electricity"
SCOPES = ("direct", "direct_energy", "purchased", "own_reduction")


def check(plan: Any, ledger: Ledger) -> None:
    """Every cap counts what its target says, recomputed; it is met, or what passes it has a price."""
    views, years, plant = list(plan.axes["q"]), plan.axes["y"], plan.plant
    direct, through = audit_money.carbon_boundary(plant, plan.traded)
    physical = _physical(plan, ledger)
    for g, (name, (scope, view)) in enumerate(plant.caps.items()):
        target, here = plant.targets.get(name), [[f"{name} in {y}" for y in years]]
        seen = "location" if scope == "own_reduction" else view
        if (target is None or target.measure in ("emissions", "own_reduction")) and (
            scope not in SCOPES or (scope != "direct" and seen not in views)
        ):
            ledger.refuse("caps counted", f"{name} has the scope {scope!r} in the view {view!r}, which nobody can count")
            continue
        if target is not None and target.measure in SHARES:
            counted, moved = _missing(plan, target, physical)
        elif target is not None and target.weight:
            counted, moved = _energy(plan, target)
        else:
            energy = plan.energy[views.index(seen)] if scope != "direct" else 0.0 * direct
            counted = {"direct": direct, "purchased": energy}.get(scope, direct + energy + plan.outsourced)
            moved = through + np.abs(counted)
            if target is not None and target.measure == "own_reduction":
                counted = counted + _at_base(plan, target)
        if target is not None and target.sums:
            counted, moved = counted.cumsum(), moved.cumsum()
        ledger.equal("caps counted", here, plan["cap.counted"][g], counted, moved, "kt, ktce or GWh")
        limit = np.array([plant.cap_limit.get((name, y), np.inf) for y in plant.horizon.years])
        if target is not None and target.per != "site":  # what is sold of the product may emit as much as what is delivered
            each = np.array([target.wanted.get(y, 0.0) * target.worth for y in years])
            limit = limit + each * sum((plan.traded[k] for k, m in enumerate(plan.markets) if m.carrier == target.product and not m.buys), 0.0 * each)
        priced = np.array([target is not None and y in target.price for y in plant.horizon.years], dtype=bool)
        ledger.at_most("caps passed", here, np.where(priced, 0.0, plan["cap.over"][g]), 0.0, "kt, ktce or GWh")
        ledger.at_most("caps met", here, counted, limit + plan["cap.over"][g] - plan.missed["cap.cap_limit"][g], "kt, ktce or GWh", moved)
    for name in dict.fromkeys(g for g, _ in plant.cap_limit if g not in plant.caps):
        ledger.refuse("caps met", f"{name} has a limit but is no cap of the plant")


def parts(plant: Plant) -> tuple[str, ...]:
    """Cost parts of targets that may be passed, and of what is owed for direct emissions."""
    dues = (["carbon market"] if plant.market and any(plant.market.price.values()) else []) + (["border"] if _asks(plant) else [])
    return (*(f"{g} passed" for g, t in plant.targets.items() if t.price), *dues)


def _asks(plant: Plant) -> bool:
    """Whether a border asks for anything in the horizon, by actual emissions or by default values."""
    border = plant.border
    return border is not None and any(y in border.default or (border.price.get(y) and border.exported.get(y)) for y in plant.horizon.years)


def costs(plan: Any) -> dict[str, Array]:
    """Cost part -> (years,): what passes a limit at its price, and what is owed for direct emissions, MCNY."""
    over, years, known = dict(zip(plan.plant.caps, plan["cap.over"], strict=True)), plan.plant.horizon.years, parts(plan.plant)
    found = {f"{g} passed": np.array([t.price.get(y, 0.0) for y in years]) * over[g] for g, t in plan.plant.targets.items() if t.price}
    direct, _ = audit_money.carbon_boundary(plan.plant, plan.traded)
    dues = {"carbon market": _on_the_market, "border": _at_the_border}
    for name, due in dues.items():
        if name in known:
            found[name] = np.array([due(plan.plant, y, float(t)) for y, t in zip(years, direct, strict=True)])
    return found


def _on_the_market(plant: Plant, y: int, direct: float) -> float:
    """Allowances missing, at their price; credits where they are cheaper, up to their part of what is surrendered. MCNY."""
    market = plant.market
    price = market.price.get(y, 0.0) if market else 0.0
    if market is None or not price:
        return 0.0
    credit = market.credit_price.get(y, price)
    surrendered = direct * market.credit_limit.get(y, 0.0) if credit < price else 0.0
    return price * (direct - surrendered - market.free.get(y, 0.0)) + credit * surrendered


def _at_the_border(plant: Plant, y: int, direct: float) -> float:
    """What is exported times what a unit of it emits above its free part, at least nothing. MCNY."""
    border = plant.border
    exported = border.exported.get(y, 0.0) if border else 0.0
    if border is None or not exported:
        return 0.0
    embedded = border.default[y] if y in border.default else direct / border.delivered[y]
    return border.price.get(y, 0.0) * exported * max(embedded - border.free.get(y, 0.0), 0.0)


def _energy(plan: Any, target: Target) -> tuple[Array, Array]:
    """ktce bought less sold, and all that crosses the fence."""
    crossing = np.array([s * target.weight.get(k.carrier, 0.0) for k, s in zip(plan.markets, plan.sign, strict=True)])[:, None] * plan.traded
    return np.asarray(crossing.sum(axis=0)), np.asarray(np.abs(crossing).sum(axis=0))


def _at_base(plan: Any, target: Target) -> Array:
    """kt more at the base year's grid factor."""
    now = np.array([plan.plant.grid_factor["location", y] for y in plan.plant.horizon.years])
    return np.asarray((target.base_factor - now) * audit_money.drawn(plan.plant, plan.traded))


def _used(plan: Any) -> Array:
    """(years,): power made here and bought, less sold, GWh."""
    power = np.array([max(a.ratio.get(POWER, 0.0), 0.0) * (a.kind != "store") for a in plan.assets])
    made = power @ (plan.yearly * (plan.flat | plan.flexible)[:, None])
    changed = power[plan.measure] @ plan["measure.activity"] if len(plan.pairs) else 0.0
    trade = np.array([s * (k.carrier == POWER) for k, s in zip(plan.markets, plan.sign, strict=True)])
    return np.asarray(made + changed + trade @ plan.traded)


def _missing(plan: Any, target: Target, physical: Array) -> tuple[Array, Array]:
    """GWh missing to a share of the power used (less than nothing: above it), in the years that have one."""
    plant, years = plan.plant, plan.plant.horizon.years
    share, used = np.array([target.share.get(y, 0.0) for y in years]), _used(plan)
    proven = 0.0 * used
    if target.measure == "green_share":
        drawn, proof = audit_money.drawn(plant, plan.traded), audit_money.proven(plant, plan.traded)
        proven = proof + plant.shared * (drawn - proof)
    asked = np.array([y in target.share for y in years], dtype=bool)
    return np.where(asked, share * used - physical - proven, 0.0), np.where(asked, used + proven, 0.0)


def _physical(plan: Any, ledger: Ledger) -> Array:
    """(years,): GWh supplied physically as the plan says, made here less what the plan says is left, after checking that the load used it in the step."""
    if POWER not in plan.axes["c"]:
        return np.zeros(len(plan.axes["y"]))
    beside = plan["physical.beside"][list(plan.axes["c"]).index(POWER)]
    clean = np.array([max(a.ratio.get(POWER, 0.0), 0.0) * plan.plant.without_fossil(a) for a in plan.assets])
    all_made = np.array([max(a.ratio.get(POWER, 0.0), 0.0) * (a.kind == "converter") for a in plan.assets])
    trade = np.array([s * (k.carrier == POWER) for k, s in zip(plan.markets, plan.sign, strict=True)])
    stores = np.array([float(a.kind == "store" and POWER in a.ratio) for a in plan.assets])
    load = np.einsum("a,ays->ys", all_made, plan.hourly) + np.einsum("k,kys->ys", trade, plan["market.flow"])
    load = load + np.einsum("a,ays->ys", stores, plan["store.discharge"] - plan["store.charge"])
    if len(plan.pairs):
        power = np.array([max(plan.assets[m].ratio.get(POWER, 0.0), 0.0) for m in plan.measure])
        load = load + np.einsum("j,jys->ys", power, plan.covered)
    made = np.einsum("a,ays->ys", clean, plan.hourly)
    asked = np.array([[any(y in t.share for t in plan.plant.targets.values())] for y in plan.axes["y"]])
    supplied = np.where(asked, made - beside, 0.0)
    names = [[f"power supplied physically in {y}" for y in plan.axes["y"]], plan.axes["s"]]
    ledger.at_most("physical supply", names, supplied, np.maximum(load, 0.0), "MW")
    return np.asarray(supplied @ plan.kilohours)
