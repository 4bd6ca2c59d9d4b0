"""Translate 翻译: a plant and its year become the numbers of the mathematics."""

from math import isfinite
from typing import Any

import numpy as np

from models.inputs import Inputs
from planner import backup, caps, investing, outage, trade
from planner.calendar import TypicalDays
from planner.plant import THOUSAND, Asset, Plant
from planner.year import Year, shape_of


def inputs(plant: Plant, year: Year) -> Inputs:
    """Everything the mathematics may know about ``plant`` in ``year``; see Inputs for units."""
    days, years, horizon = year.days, plant.horizon.years, plant.horizon
    assets = tuple(plant.assets.values())
    converters = [a for a in assets if a.kind == "converter"]
    measures = [a for a in assets if a.kind == "measure"]
    stores = [a for a in assets if a.kind == "store"]
    duration = days.hours * days.weight / THOUSAND
    builds = investing.builds(plant)
    known = set(builds)
    buildable = {a for a, _ in builds}
    new = [a for a in assets if a.name in buildable]
    return Inputs(
        name=plant.name, years=years, steps=days.steps,
        previous=dict(zip(days.steps, days.previous, strict=True)), hours=_by_step(days, days.hours), duration=_by_step(days, duration),
        billing=dict(zip(days.steps, days.group, strict=True)), months={g: float(n) for g, n in days.months.items()},
        step_carriers=_balanced(plant, "step"), year_carriers=_balanced(plant, "year"),
        load=_loads(plant, days), demand={(c, y): v for (c, y), v in plant.demand.items() if plant.carriers[c] == "year" and y in years},
        carbon=plant.carbon, embodied=plant.embodied,
        assets=tuple(a.name for a in assets), existing={a.name: a.size for a in assets if a.size}, alive=_alive(assets, years),
        builds=builds, vintages={(a.name, y): tuple(v for v in years if (a.name, v) in known and v <= y < v + a.lifetime) for a in new for y in years},
        module={a.name: a.module for a in assets if a.module}, max_size={a.name: a.max_size for a in new},
        retirements=investing.retirements(plant, builds),
        renewals={a.name: a.end_year + 1 for a in assets if investing.renewable(a, years) and a.end_year},
        renewed_alive={(a.name, y): 1.0 for a in assets if investing.renewable(a, years) for y in years if _renewed(a, y)},
        replaces={a.name: a.replaces for a in assets if a.replaces}, area={a.name: a.area for a in assets if a.area},
        area_per_size={a.name: a.area_per_size for a in assets if a.area}, area_limit=plant.areas,
        flat=tuple(a.name for a in converters if a.operation == "flat"), flexible=tuple(a.name for a in converters if a.operation == "flexible"),
        ratio={(a.name, c): r for a in (*converters, *measures) for c, r in a.ratio.items() if r},
        usable={a.name: a.availability for a in converters if a.operation == "flat"}, availability=_availability(converters, days),
        shape=_shapes(converters, days, duration), **outage.inputs(plant, days), **outage.rebuilds(plant, days, builds),
        minimum_load={a.name: a.minimum_load for a in converters if a.minimum_load}, ramp={a.name: a.ramp for a in converters if isfinite(a.ramp)},
        start_cost={(a.name, y): v for a in converters for y, v in a.start_cost.items() if v},
        hosted=tuple((a.name, h) for a in measures for h in a.hosts),
        coverage={(a.name, h): _reach(plant.assets[h]) if a.per_site else 1.0 for a in measures for h in a.hosts},
        uptake={a.name: a.uptake for a in measures}, saving=_savings(plant, measures), before=_before(plant, measures), replaceable=_replaceable(plant, measures), potential=_potentials(measures),
        shiftable={(a.name, c): v for a in converters for c, v in a.shiftable.items() if v}, shift_window={a.name: a.shift_window for a in converters if a.shiftable},
        shift_cost={(a.name, y): v for a in converters if a.shiftable for y, v in a.shift_cost.items() if v},
        stores={a.name: next(iter(a.ratio)) for a in stores},
        charge_efficiency={a.name: a.charge_efficiency for a in stores}, discharge_efficiency={a.name: a.discharge_efficiency for a in stores},
        standing_loss={a.name: a.standing_loss for a in stores}, store_hours={a.name: a.duration for a in stores if a.name not in plant.powers},
        **_seasons(stores, days),
        **trade.inputs(plant, year), **backup.inputs(plant),
        grid_factor={(view, y): v for (view, y), v in plant.grid_factor.items() if y in years}, **caps.inputs(plant),
        carbon_price=dict.fromkeys(years, plant.carbon_price),
        renewal_investment={a.name: a.renewal_investment or 0.0 for a in assets if investing.renewable(a, years)},
        paid={(a, v, y): share for a, v in builds for y, share in horizon.payments(v, plant.assets[a].lead_years).items()},
        renewal_credit={
            a.name: (a.renewal_investment or 0.0) * horizon.credit(a.end_year + 1, a.renewal_lifetime) for a in assets if investing.renewable(a, years) and a.end_year
        },
        fixed_cost={(a.name, y): v for a in assets for y, v in a.fixed_cost.items() if v}, variable_cost={(a.name, y): v for a in assets for y, v in a.variable_cost.items() if v},
        **investing.inputs(plant, builds),
        discount_start={y: horizon.at_start(y) for y in years}, discount_end={y: horizon.at_end(y) for y in years},
    )  # fmt: skip


def _by_step(days: TypicalDays, values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> dict[str, float]:
    return dict(zip(days.steps, map(float, values), strict=True))


def _balanced(plant: Plant, kind: str) -> tuple[str, ...]:
    """Carriers of one kind of balance that this plant touches at all."""
    touched = {c for a in plant.assets.values() for c in a.ratio} | {m.carrier for m in plant.markets.values()} | {c for c, _ in plant.demand}
    return tuple(c for c, balance in plant.carriers.items() if balance == kind and c in touched)


def _loads(plant: Plant, days: TypicalDays) -> dict[tuple[str, int, str], float]:
    loads: dict[tuple[str, int, str], float] = {}
    for (c, y), amount in plant.demand.items():
        if plant.carriers[c] == "step":
            shape = shape_of(plant.demand_profile[c], days.profiles)
            hourly = amount * shape / float((shape * days.hours * days.weight).sum() / THOUSAND)
            loads |= {(c, y, s): float(v) for s, v in zip(days.steps, hourly, strict=True)}
    return loads


def _alive(assets: tuple[Asset, ...], years: tuple[int, ...]) -> dict[tuple[str, int], float]:
    return {(a.name, y): 1.0 for a in assets if a.size for y in years if (a.in_service or y) <= y <= (a.end_year or y)}


def _renewed(a: Asset, y: int) -> bool:
    """Whether what was renewed at its end of life may run in a year."""
    first = (a.end_year or y) + 1
    return first <= y < first + a.renewal_lifetime


def _availability(converters: list[Asset], days: TypicalDays) -> dict[tuple[str, str], float]:
    return {
        (a.name, s): float(v)
        for a in converters
        if a.operation == "flexible"
        for s, v in zip(days.steps, a.availability * shape_of(a.profile, days.profiles), strict=True)
    }


def _shapes(converters: list[Asset], days: TypicalDays, duration: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> dict[tuple[str, str], float]:
    """Hourly flow per thousand units of yearly activity; sums to one over the year."""
    shapes: dict[tuple[str, str], float] = {}
    for a in converters:
        if a.operation == "flat":
            shape = shape_of(a.profile, days.profiles)
            shapes |= {(a.name, s): float(v) for s, v in zip(days.steps, shape / float((shape * duration).sum()), strict=True)}
    return shapes


def _seasons(stores: list[Asset], days: TypicalDays) -> dict[str, Any]:
    """Stores linked over the year, and the typical day of every day of it; nothing where none is."""
    seasonal = tuple(a.name for a in stores if a.linked)
    typical = {day: name for name, members in days.days.items() for day in members}
    order = tuple(typical[day] for day in sorted(typical)) if seasonal else ()
    return {"seasonal": seasonal, "day_order": order, "day_of": dict(zip(days.steps, days.day, strict=True)) if seasonal else {}}


def _reach(host: Asset) -> float:
    """Most a host can ever do in a year: what a site-wide measure covers of it."""
    return host.size + host.max_size


def _savings(plant: Plant, measures: list[Asset]) -> dict[tuple[str, str, str], float]:
    return {(a.name, h, c): s for a in measures for c, s in a.saving.items() for h in a.hosts if plant.assets[h].ratio.get(c, 0.0) < 0}


def _before(plant: Plant, measures: list[Asset]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Savings act in the order of the assets, site-wide ones last: they save what is left."""
    rank = sorted(measures, key=lambda a: a.per_site)
    order = {a.name: n for n, a in enumerate(rank)}
    savings = _savings(plant, measures)
    return {(m, h, c): tuple(q for q, g, d in savings if g == h and d == c and order[q] < order[m]) for m, h, c in savings}


def _replaceable(plant: Plant, measures: list[Asset]) -> tuple[tuple[str, str], ...]:
    """What a host uses and measures may give back. Power is left out: a measure may well make more of it than its host uses."""
    hosts = dict.fromkeys(h for a in measures for h in a.hosts)
    return tuple((h, c) for h in hosts for c, r in plant.assets[h].ratio.items() if r < 0 and c != "electricity")


def _potentials(measures: list[Asset]) -> dict[str, tuple[tuple[str, str], ...]]:
    shared: dict[str, list[tuple[str, str]]] = {}
    for a in measures:
        for h in a.hosts if a.potential else ():
            shared.setdefault(f"{a.potential} of {h}", []).append((a.name, h))
    return {name: tuple(pairs) for name, pairs in shared.items()}
