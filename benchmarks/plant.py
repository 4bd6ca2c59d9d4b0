"""The plant that every contender plans: utilities of a factory over some years, as the planner and its peers can all say it.

Power, hot water, steam and cold are served in every hour of some days of a real tariff and weather year (the battery
case's); boilers, chillers and connections stand, eight kinds of equipment may be built for any year, all emissions
together stay below a cap. Sizes and prices are plausible and made up: they weigh the same for everybody. What only the
planner has - retrofits, demand charges, renewals, several targets - is left out.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.inputs import Inputs

DAYS_OF_YEAR, HOURS_OF_DAY, THOUSAND = 365, 24, 1000.0
CARRIERS = ("power", "steam", "hot_water", "cold")


@dataclass(frozen=True)
class Converter:
    """made: output -> per MW of the first output; used: input likewise (``gas`` is bought); stands: MW at the start; price: MCNY/MW, None: not built."""

    made: dict[str, float]
    used: dict[str, float]
    stands: float = 0.0
    price: float | None = None
    profile: str = ""


@dataclass(frozen=True)
class Store:
    """hours: at full power; efficiency: one way; price: MCNY/MWh."""

    carrier: str
    hours: float
    efficiency: float
    price: float


CONVERTERS = {
    "gas_boiler": Converter({"steam": 1.0}, {"gas": 1 / 0.925}, stands=70.0),
    "chiller": Converter({"cold": 1.0}, {"power": 0.2}, stands=60.0),
    "letdown": Converter({"hot_water": 1.0}, {"steam": 1.0}, stands=60.0),
    "electrode_boiler": Converter({"steam": 1.0}, {"power": 1.0101}, price=0.41),
    "heat_pump": Converter({"hot_water": 1.0, "cold": 0.7}, {"power": 0.2985}, price=3.7),
    "engine": Converter({"power": 1.0, "hot_water": 0.9}, {"gas": 2.3}, price=4.5),
    "solar": Converter({"power": 1.0}, {}, price=2.8, profile="pv"),
    "wind": Converter({"power": 1.0}, {}, price=7.0, profile="wind"),
}
STORES = {
    "battery": Store("power", 2.0, 0.93, 0.63),
    "tank": Store("hot_water", 6.0, 0.98, 0.032),
    "cold_store": Store("cold", 6.0, 0.97, 0.137),
}
LOADS = {"power": 38.0, "steam": 30.0, "hot_water": 20.0, "cold": 25.0}  # MW, mean
LARGEST = 1000.0  # MW or MWh a kind: more than is ever of use
UNIT = 20.0  # MW or MWh, where only whole units are built
GAS_PRICE, GAS_FACTOR, GRID_FACTOR = 0.30, 0.202, 0.53  # MCNY/GWh, t/MWh, t/MWh
RATE, LIFE = 0.08, 15  # a year, years: what outlives the horizon is not paid for


@dataclass(frozen=True)
class Plant:
    """hours: one row an hour of the days shown (price MCNY/GWh; pv, wind -; one column a load, MW); weight: days a year each stands for.

    copies: how often every kind that may be built stands in the catalogue, each a little dearer than the one before; cap: kt in all years.
    """

    years: tuple[int, ...]
    days: int
    weight: float
    hours: dict[str, NDArray[np.float64]]
    copies: int
    cap: float | None
    whole: bool

    @property
    def steps(self) -> int:
        """Hours shown of a year."""
        return self.days * HOURS_OF_DAY

    def discount(self, year: int) -> float:
        """Today's value of 1 paid at the end of ``year``."""
        return float((1 + RATE) ** -(year - self.years[0] + 1))

    def investment(self, price: float, year: int) -> float:
        """MCNY of today's money per size built for ``year``: the annuities of the years in which it runs."""
        annuity = price * RATE / (1 - (1 + RATE) ** -LIFE)
        return sum(annuity * self.discount(y) for y in self.years if year <= y < year + LIFE)

    def catalogue(self) -> dict[str, float]:
        """Everything that may be built, with its price; ``kind.n`` is the n-th copy."""
        of_kind = {name: c.price for name, c in CONVERTERS.items() if c.price is not None} | {name: s.price for name, s in STORES.items()}
        return {f"{name}.{n}": price * (1 + 0.01 * n) for n in range(self.copies) for name, price in of_kind.items()}


def plant(*, days: int = 12, years: int = 5, copies: int = 1, cut: float = 0.4, whole: bool = False) -> Plant:
    """The plant on ``days`` days spread over the year; the cap is 1 - ``cut`` of what it emits as it stands."""
    from planner import run

    hourly = run.prepare("battery").year.hourly
    shown = [round(n * DAYS_OF_YEAR / days) for n in range(days)]
    at = np.concatenate([np.arange(d * HOURS_OF_DAY, (d + 1) * HOURS_OF_DAY) for d in shown])
    day = np.arange(len(at)) % HOURS_OF_DAY
    swing = {"power": 0.1, "steam": 0.15, "hot_water": 0.1, "cold": 0.25}  # of the mean, highest at noon
    hours = {name: hourly[name].to_numpy()[at] for name in ("price", "pv", "wind")}
    hours |= {c: LOADS[c] * (1 + swing[c] * np.sin((day - 6) / HOURS_OF_DAY * 2 * np.pi)) for c in CARRIERS}
    horizon = tuple(range(2026, 2026 + years))
    bare = Plant(horizon, days, DAYS_OF_YEAR / days, hours, copies, None, whole)
    return replace(bare, cap=(1 - cut) * _as_it_stands(bare))


def _as_it_stands(p: Plant) -> float:
    """Emissions of all years with what stands at the start, kt."""
    gas = (p.hours["steam"] + p.hours["hot_water"]) / 0.925
    power = p.hours["power"] + 0.2 * p.hours["cold"]
    return float(len(p.years) * p.weight * (GAS_FACTOR * gas + GRID_FACTOR * power).sum() / THOUSAND)


def inputs(p: Plant) -> Inputs:
    """The plant as the planner's mathematics takes it."""
    steps = tuple(f"d{d:03d}h{h:02d}" for d in range(p.days) for h in range(HOURS_OF_DAY))
    kind = {name: name.split(".")[0] for name in p.catalogue()}
    stands = {name: c.stands for name, c in CONVERTERS.items() if c.stands}
    converters = {**{n: CONVERTERS[n] for n in stands}, **{n: CONVERTERS[k] for n, k in kind.items() if k in CONVERTERS}}
    stores = {n: STORES[k] for n, k in kind.items() if k in STORES}
    builds = tuple((n, v) for n in kind for v in p.years)
    given: dict[str, Any] = {
        "name": "plant", "years": p.years, "steps": steps,
        "previous": {s: steps[n - 1] if n % HOURS_OF_DAY else steps[n + HOURS_OF_DAY - 1] for n, s in enumerate(steps)},
        "hours": dict.fromkeys(steps, 1.0), "duration": dict.fromkeys(steps, p.weight / THOUSAND), "billing": dict.fromkeys(steps, "all"), "months": {"all": 12.0},
        "step_carriers": CARRIERS, "year_carriers": ("gas",), "carbon": {"gas": GAS_FACTOR},
        "load": {(c, y, s): float(p.hours[c][n]) for c in CARRIERS for y in p.years for n, s in enumerate(steps)},
        "assets": (*stands, *kind), "existing": stands, "alive": {(n, y): 1.0 for n in stands for y in p.years},
        "builds": builds, "vintages": {(n, y): tuple(v for v in p.years if v <= y < v + LIFE) for n in kind for y in p.years},
        "max_size": dict.fromkeys(kind, LARGEST), "module": dict.fromkeys(kind, UNIT) if p.whole else {},
        "flexible": tuple(converters), "ratio": {(n, carrier): amount for n, c in converters.items() for carrier, amount in (*c.made.items(), *((u, -v) for u, v in c.used.items()))},
        "availability": {(n, s): float(p.hours[c.profile][t]) for n, c in converters.items() if c.profile for t, s in enumerate(steps)},
        "stores": {n: s.carrier for n, s in stores.items()}, "store_hours": {n: s.hours for n, s in stores.items()},
        "charge_efficiency": {n: s.efficiency for n, s in stores.items()}, "discharge_efficiency": {n: s.efficiency for n, s in stores.items()},
        "markets": {"grid": "power", "fuel": "gas"}, "buys": ("grid", "fuel"), "grid": ("grid",),
        "price": {("fuel", y): GAS_PRICE for y in p.years}, "step_price": {("grid", y, s): float(p.hours["price"][n]) for y in p.years for n, s in enumerate(steps)},
        "grid_factor": {(view, y): GRID_FACTOR for view in ("location", "market") for y in p.years},
        "cap_counts": {"all": ("direct_energy", "location")} if p.cap else {}, "cap_limit": {("all", p.years[-1]): p.cap} if p.cap else {}, "cap_sums": ("all",) if p.cap else (),
        "investment": {(n, v): p.investment(price, v) for n, price in p.catalogue().items() for v in p.years}, "paid": {(n, v, v): 1.0 for n, v in builds}, "credit": dict.fromkeys(builds, 0.0),
        "discount_start": dict.fromkeys(p.years, 1.0), "discount_end": {y: p.discount(y) for y in p.years},
    }  # fmt: skip
    annotations = {name: str(f.type) for name, f in Inputs.__dataclass_fields__.items()}
    empty = {name: () if kind.startswith(("tuple", "Names", "Years")) else {} for name, kind in annotations.items()}
    return Inputs(**(empty | given))
