"""Caps 上限: the targets of a plant, and what it owes for its emissions, as numbers of the mathematics."""

from typing import Any

from planner.plant import Plant
from planner.targets import SHARES

POWER = "electricity"


def inputs(plant: Plant) -> dict[str, Any]:
    """The fields of Inputs that say what is to be reached."""
    wanted, years = plant.targets, plant.horizon.years
    shares = {g: t for g, t in wanted.items() if t.measure in SHARES}
    weight: dict[tuple[str, str, int], float] = {}
    for g, t in wanted.items():
        for k, m in plant.markets.items():
            for y in years:
                if w := _weight(plant, g, k, y):
                    weight[g, k, y] = w if m.buys or t.measure in SHARES else -w
    asked = dict.fromkeys(y for t in shares.values() for y in t.share)
    return {
        "cap_counts": {g: ("direct_energy", "location") if c[0] == "own_reduction" else c for g, c in plant.caps.items()}, "cap_limit": plant.cap_limit,
        "cap_output": {
            (g, k, y): per for (g, y) in plant.cap_limit for k, m in plant.markets.items()
            if g in wanted and not m.buys and m.carrier == wanted[g].product and (per := wanted[g].per_sold(y))
        },
        "cap_market": weight, "cap_share": {(g, y): v for g, t in shares.items() for y, v in t.share.items()},
        "cap_sums": tuple(g for g, t in wanted.items() if t.sums), "cap_price": {(g, y): v for g, t in wanted.items() for y, v in t.price.items()},
        **_dues(plant),
        "physical": tuple((POWER, y) for y in asked), "clean": tuple(a.name for a in plant.assets.values() if asked and plant.without_fossil(a)),
    }  # fmt: skip


def _dues(plant: Plant) -> dict[str, Any]:
    """What the national market and a border ask for direct emissions, in the years in which they ask."""
    market, border, years = plant.market, plant.border, plant.horizon.years
    actual = [y for y in years if border and border.price.get(y) and border.exported.get(y) and y not in border.default]
    return {
        "allowance_price": {y: market.price[y] for y in years if market and market.price.get(y)},
        "allowance": {y: market.free.get(y, 0.0) for y in years if market and market.price.get(y)},
        "credit_gain": {y: gain for y in years if market and (gain := market.gain(y))},
        "border_share": {y: border.exported[y] / border.delivered[y] for y in actual if border},
        "border_free": {y: border.free.get(y, 0.0) * border.exported[y] for y in actual if border},
        "border_price": {y: border.price[y] for y in actual if border},
        "border_fixed": {y: border.price.get(y, 0.0) * border.fixed(y) for y in years if border and y in border.default},
    }


def _weight(plant: Plant, g: str, k: str, y: int) -> float:
    """What a target counts per unit traded beside the emissions of its scope: energy; what proves a share; what the grid alone brought."""
    t, m = plant.targets[g], plant.markets[k]
    if t.measure in ("energy", "fossil_energy"):
        return t.weight.get(m.carrier, 0.0)
    drawn = m.role in ("grid", "green_power")
    if t.measure == "own_reduction":
        return t.base_factor - plant.grid_factor["location", y] if drawn else 0.0
    if t.measure == "green_share" and y in t.share:
        proof, shared = m.role in ("certificate", "green_power"), plant.shared
        return -shared * drawn - (1.0 - shared) * proof
    return 0.0
