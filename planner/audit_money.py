"""Audit of money 资金审计: the ledger of what was found; cost parts, investment, discounting and carbon in plain arithmetic.

Real MCNY of the base year, kt of CO2. Nothing is shared with the model or with planner.money but the horizon's numbers.
Amounts traded are (markets, years), k-unit, in the order of the plant's markets.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.money import Horizon
from planner.plant import Asset, Plant

Array = npt.NDArray[np.float64]
Axes = Sequence[Sequence[object]]

TOLERANCE = 1e-6  # of a balance's throughput, and never less than 1e-6 of a canonical unit
WHOLE = 1e-5  # of one unit
MOST_FAULTS = 5  # told of one check; the rest is counted


class Ledger:
    """Collects what each check found: how many comparisons, the largest residual, whether all held; a sentence a fault."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[int, float, bool]]] = {}
        self.faults: list[str] = []

    def refuse(self, check: str, what: str) -> None:
        """A fault that is not a number."""
        self.found.setdefault(check, []).append((1, float("inf"), False))
        self.faults.append(f"{check}: {what}")

    def equal(self, check: str, axes: Axes, found: Array, expected: Array, scale: Array | float = 0.0, unit: str = "") -> None:
        """``found`` is ``expected``, to the tolerance of ``scale``, the throughput (or of the larger of the two)."""
        through = np.maximum(np.abs(found), np.abs(expected)) if np.ndim(scale) == 0 else np.asarray(scale)
        self._note(check, axes, np.abs(found - expected), through, "is {:.9g} instead of {:.9g}, off by {:.3g} " + unit, found, expected)

    def at_most(self, check: str, axes: Axes, found: Array, limit: Array | float, unit: str = "", scale: Array | float = 0.0) -> None:
        """``found`` is no more than ``limit``."""
        limit = np.asarray(np.broadcast_to(limit, found.shape), dtype=np.float64)
        through = np.asarray(np.maximum(scale, np.abs(limit)))
        self._note(check, axes, np.maximum(found - limit, 0.0), through, "is {:.9g}, above its limit of {:.9g} by {:.3g} " + unit, found, limit)

    def _note(self, check: str, axes: Axes, off: Array, scale: Array, sentence: str, found: Array, other: Array) -> None:
        relative = np.where(np.isfinite(off), off / np.maximum(np.nan_to_num(scale, nan=1.0), 1.0), np.inf)
        bad = relative > (WHOLE if check == "whole units" else TOLERANCE)
        self.found.setdefault(check, []).append((int(np.isfinite(other).sum()), float(relative.max(initial=0.0)), not bad.any()))
        for place in np.argsort(-relative, axis=None)[: min(int(bad.sum()), MOST_FAULTS)]:
            index = np.unravel_index(place, relative.shape)
            where = " ".join(str(axis[i]) for axis, i in zip(axes, index, strict=True)).strip()
            told = sentence.format(found[index], other[index], off[index]).rstrip()
            self.faults.append(f"{check}: {where} {told} ({relative[index]:.1e} relative)")
        if bad.sum() > MOST_FAULTS:
            self.faults.append(f"{check}: {int(bad.sum()) - MOST_FAULTS} more like these")

    def checks(self) -> pd.DataFrame:
        """One row a check: check, count, largest_residual, passed."""
        rows = [
            (check, sum(n for n, _, _ in parts), max(r for _, r, _ in parts), all(ok for _, _, ok in parts)) for check, parts in self.found.items()
        ]
        return pd.DataFrame(rows, columns=["check", "count", "largest_residual", "passed"])


def discounts(horizon: Horizon) -> tuple[Array, Array]:
    """Today's value of 1 paid at the start and at the end of each year, [-]; the last end also pays for the tail."""
    age = np.arange(horizon.last - horizon.first + 1, dtype=float)
    start, end = np.power(1 + horizon.rate, -age), np.power(1 + horizon.rate, -age - 1)
    end[-1] = np.power(1 + horizon.rate, -age[-1] - 1 - np.arange(horizon.tail_years + 1.0)).sum()
    return np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)


def investments(plant: Plant, built: Array, renewed: Array) -> Array:
    """(assets, years): MCNY paid at the start of each year: in equal parts over the lead time, renewals at their outage.

    built: (assets, years) sizes by year of first service; renewed: (assets,) sizes.
    """
    years = plant.horizon.years
    paid = np.zeros(built.shape)
    for a, asset in enumerate(plant.assets.values()):
        parts = max(asset.lead_years, 1)
        for v in map(int, np.flatnonzero(built[a])):
            for n in range(max(v - parts + 1, 0), v + 1):
                paid[a, n] += spent(asset, years[v], built[a, v]) / parts
        if renewed[a] and asset.end_year is not None and asset.end_year + 1 in years:
            paid[a, years.index(asset.end_year + 1)] += renewed[a] * (asset.renewal_investment or 0.0)
    return paid


def spent(asset: Asset, year: int, size: float) -> float:
    """MCNY for building ``size`` at once: on its cost curve, or its price times the size, and what a project costs at all."""
    price = asset.investment.get(year, 0.0)
    if asset.curve:
        sizes, cost = np.array([s for s, _ in asset.curve]), np.array([s * share * price for s, share in asset.curve])
        money = float(np.interp(size, sizes, cost))
    else:
        money = size * price
    begun = 1.0 if size > WHOLE * max(asset.max_size, 1e-9) else 0.0
    return begun * (money + asset.project_investment.get(year, 0.0)) if asset.curve or asset.project_investment else money


def left_at_the_end(plant: Plant, built: Array, renewed: Array) -> Array:
    """(assets,): today's MCNY of what was bought in the horizon and outlives it, by the horizon's rule; not of retrofits."""
    years, value = plant.horizon.years, np.zeros(len(plant.assets))
    for a, asset in enumerate(plant.assets.values()):
        for v in np.flatnonzero(built[a]):
            year = years[v]
            if not asset.hosts:
                value[a] += spent(asset, year, built[a, v]) * share_left(plant.horizon, year, asset.lifetime)
        if renewed[a] and asset.end_year is not None:
            cost = renewed[a] * (asset.renewal_investment or 0.0)
            value[a] += cost * share_left(plant.horizon, asset.end_year + 1, asset.renewal_lifetime)
    return value


def share_left(horizon: Horizon, year: int, life: float) -> float:
    """Today's value, per 1 paid for service from ``year``, of the life that is left after the horizon and its tail, [-].

    annuity: 1 is r / (1 - (1+r)^-life) a year; the years left are worth (1 - (1+r)^-left) / r of it; straight line: left/life.
    """
    over = horizon.last + horizon.tail_years + 1
    left = max(year + life - over, 0.0)
    if horizon.rule == "straight_line" or horizon.rate == 0:
        share = left / life
    else:
        growth = math.log1p(horizon.rate)
        share = math.expm1(-left * growth) / math.expm1(-life * growth)
    return share / (1 + horizon.rate) ** (over - horizon.first)


def running(plant: Plant, size: Array, done: Array, priced: Array) -> dict[str, Array]:
    """Cost part -> (years,) MCNY paid at the year's end, of what stands and runs; see planner.audit_trade for what is traded.

    size: (assets, years); done: (assets, years) activity, or amount discharged, k-unit; priced: (years,) emissions under the internal
    carbon price, kt.
    """
    years, assets = plant.horizon.years, list(plant.assets.values())
    return {
        "fixed": (_by_year([a.fixed_cost for a in assets], years) * size).sum(axis=0),
        "variable": (_by_year([a.variable_cost for a in assets], years) * done).sum(axis=0),
        "carbon price": plant.carbon_price * priced,
    }


def drawn(plant: Plant, traded: Array) -> Array:
    """(years,): power that comes through the grid, with or without its own proof, GWh."""
    return of_role(plant, traded, "grid") + of_role(plant, traded, "green_power")


def proven(plant: Plant, traded: Array) -> Array:
    """(years,): power that is proven green by a certificate or by its contract, GWh."""
    return of_role(plant, traded, "certificate") + of_role(plant, traded, "green_power")


def of_role(plant: Plant, traded: Array, role: str) -> Array:
    """(years,): amount traded on all markets of one role, k-unit."""
    return np.asarray(traded[[k.role == role for k in plant.markets.values()]].sum(axis=0))


def carbon_boundary(plant: Plant, traded: Array) -> tuple[Array, Array]:
    """(years,): fossil carbon bought, less sold (captured carbon too) and delivered, is let out here, kt; and all that crosses."""
    years, balanced = plant.horizon.years, ("step", "year")
    markets = [(1 if k.buys else -1) * plant.carbon.get(k.carrier, 0.0) * (plant.carriers[k.carrier] in balanced) for k in plant.markets.values()]
    crossing = np.array(markets).reshape(-1, 1) * traded
    products = np.array([sum(v * plant.carbon.get(c, 0.0) for (c, d), v in plant.demand.items() if d == y) for y in years])
    return crossing.sum(axis=0) - products, np.abs(crossing).sum(axis=0) + np.abs(products)


def _by_year(values: list[Mapping[int, float]], years: tuple[int, ...]) -> Array:
    return np.array([[v.get(y, 0.0) for y in years] for v in values]).reshape(len(values), len(years))
